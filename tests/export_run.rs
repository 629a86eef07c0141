//! The exported script under real PyTorch, where there is one: every check holds, and the losses are the playground's.
//!
//! Where there is none the test says so, and `cargo xtask test` counts it as not run: PyTorch is no tool of this
//! project. `PYTHON=... cargo test --test export_run` names the Python to use.

mod python;

use batchnorm_playground::data::digits;
use batchnorm_playground::export::pytorch;
use batchnorm_playground::export::record::Record;
use batchnorm_playground::lab::link;
use batchnorm_playground::nn::norm::Norm;

/// Shallow enough, and at rates low enough, for two programs to stay together for 50 steps.
const LINKS: [&str; 15] = [
    "l=3&w=17&lr=0.1&seed=41&b=100",
    "l=2&w=33&lr=0.1&seed=42&n=ln&a=tanh&o=momentum&om=0.5&p=after&d=circle",
    "l=4&w=16&lr=0.05&seed=43&n=rms&a=sigmoid&o=nesterov&g=0&i=xavier&d=xor",
    "l=3&w=24&lr=0.1&seed=44&n=gn&a=gelu&wd=0.01&e=0.001",
    "l=2&w=20&lr=0.003&seed=45&n=dyt&a=leaky&o=adam&d=blobs&lrs=10:0.001,20:0.002",
    "l=2&w=64&lr=0.1&seed=46&d=digits&a=sigmoid&b=60&m=0.3",
    "l=3&w=12&lr=0.05&seed=47&n=bn&p=after&a=tanh&hlr=0.03&dp=200&b=512",
    "l=2&w=7&lr=0.05&seed=48&n=none&a=linear&hlr=0.1&b=1",
    "l=2&w=9&lr=0.05&seed=49&n=bn&e=0&a=relu&i=lecun&s=2",
    "l=1&w=1&lr=0.1&seed=50&n=ln&a=relu&d=circle",
    "l=4&w=24&lr=0.1&seed=8141392&n=bn&a=tanh&o=nesterov",
    "l=2&w=2&lr=0.01&seed=8515173&n=bn&a=leaky&o=adam&d=short-spiral&i=normal&s=0.1&p=after&g=0&wd=0.0001&b=8&lrs=7:0.01",
    "l=3&w=37&lr=0.1&seed=3127604&n=ln&a=sigmoid&o=adam&d=short-spiral&i=lecun&g=0&b=16&dn=0.1&dp=77&ds=25",
    "l=4&w=3&lr=0.03&seed=1495512&n=gn&a=sigmoid&o=momentum&om=0.95&d=blobs&b=5&lrs=7:0.01",
    "l=1&w=32&lr=0.001&seed=4509744&n=rms&a=linear&o=adam&s=0.7&p=after&e=0&b=32&lrs=5:0.001,12:0.01,40:0.02",
];

/// Losses compared.
const STEPS: usize = 50;

#[test]
fn pytorch_agrees_with_every_gradient_and_every_loss() {
    for norm in Norm::ALL {
        assert!(
            LINKS.iter().any(|share_link| link::read(share_link).0.norm == norm),
            "{norm:?} is never run"
        );
    }
    let Some(python) = python::find_with_torch("the exported scripts were only read, not run") else {
        return;
    };
    let (mut worst_check, mut worst_loss) = (0.0_f64, 0.0_f64);
    for (i, share_link) in LINKS.iter().enumerate() {
        let (experiment, notes) = link::read(share_link);
        assert!(notes.is_empty(), "{share_link}: {notes:?}");
        let data = experiment.dataset(Some(digits::PACKED)).unwrap();
        let script = pytorch::write(&experiment, data.clone(), STEPS as u32, &[0, 10, 50]).unwrap();
        let path = python::write(&format!("run{i}.py"), &script);
        let output = python::run(&python, &[path.as_ref()]);
        let record = Record::replay(&experiment, data, STEPS as u32, u32::MAX, |_| {}).unwrap();
        let checks = words(&output).filter(|words| words[0] == "check").map(|words| number(words[3]));
        let checks: Vec<f64> = checks.collect();
        assert_eq!(checks.len(), 6, "{share_link}: {output}");
        // 1e-3 is what is promised of any network; these are well behaved.
        assert!(checks.iter().all(|error| *error < 1e-4), "{share_link}: {checks:?}");
        worst_check = checks.into_iter().fold(worst_check, f64::max);
        for (arm, ours) in ["without", "with"].into_iter().zip(&record.arms) {
            let theirs: Vec<f64> =
                words(&output).filter(|words| words[0] == arm).map(|words| number(words[2])).collect();
            assert_eq!((theirs.len(), ours.loss.len()), (STEPS, STEPS), "{share_link}: {arm}");
            for (step, (ours, theirs)) in ours.loss.iter().zip(theirs).enumerate() {
                let error = (f64::from(*ours) / theirs - 1.0).abs();
                assert!(error < 1e-3, "{share_link}: {arm} at {step}: {ours} and {theirs}");
                worst_loss = worst_loss.max(error);
            }
        }
    }
    println!("worst check {worst_check:.1e}, worst loss {worst_loss:.1e}");
}

#[test]
fn pytorch_finds_a_planted_error() {
    let Some(python) = python::find_with_torch("a planted error was not looked for") else { return };
    let (experiment, _) = link::read("l=2&w=6&b=32&dp=100&a=tanh");
    let data = experiment.dataset(None).unwrap();
    let script = pytorch::write(&experiment, data, 1, &[0]).unwrap();
    let spoilt = script.replace("norm(), activation()", "activation(), norm()");
    assert_ne!(script, spoilt);
    let output = python::run(&python, &[python::write("spoilt.py", &spoilt).as_ref()]);
    let errors: Vec<f64> =
        words(&output).filter(|words| words[0] == "check").map(|words| number(words[3])).collect();
    assert!(errors[0] < 1e-4 && errors[1] > 1e-2, "{errors:?}");
}

fn words(output: &str) -> impl Iterator<Item = Vec<&str>> {
    output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|words| words.len() > 1)
}

fn number(word: &str) -> f64 {
    word.parse().unwrap_or_else(|_| panic!("not a number: {word}"))
}
