//! The PyTorch script, as far as it can be tested without PyTorch: complete, bounded, right numbers in the right
//! places; and, where there is a Python, that it compiles and deals the same mini-batches.

mod python;

use batchnorm_playground::data::digits;
use batchnorm_playground::data::sampler::BatchSampler;
use batchnorm_playground::export::pytorch;
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::{knob, link};
use batchnorm_playground::nn::norm::Norm;
use batchnorm_playground::nn::parameters::Kind;

/// Every norm, activation, optimiser and special case of the text.
const LINKS: [&str; 14] = [
    "l=2&w=8",
    "l=2&w=8&n=ln&a=tanh&o=momentum&p=after",
    "l=2&w=8&n=rms&a=sigmoid&o=nesterov&g=0",
    "l=2&w=8&n=gn&a=gelu&o=adam&wd=0.01",
    "l=2&w=8&n=dyt&a=leaky&hlr=2&lrs=3:0.1,9:0.05",
    "l=2&w=8&n=none&a=linear&o=nesterov&om=0&hlr=2",
    "l=3&w=6&e=0",
    "l=3&w=6&e=0&n=ln",
    "l=3&w=1&n=gn&b=1",
    "l=1&w=1&n=ln&d=xor",
    "d=digits&l=2&w=10&seed=9999999",
    "d=blobs&b=2048&dp=9",
    "l=6&w=32&s=2&lr=1000",
    "n=dyt&g=0&m=1&e=1e-12&s=0.0001&i=normal",
];

fn experiment(share_link: &str) -> Experiment {
    let (experiment, notes) = link::read(share_link);
    assert!(notes.is_empty(), "{share_link}: {notes:?}");
    experiment
}

fn script(share_link: &str, steps: u32, check_at: &[u32]) -> String {
    let experiment = experiment(share_link);
    let data = experiment.dataset(Some(digits::PACKED)).unwrap();
    pytorch::write(&experiment, data, steps, check_at).unwrap()
}

/// The text between `name = """` and the next `"""`, decoded to 32-bit floats.
fn floats(script: &str, name: &str) -> Vec<f32> {
    let (_, rest) = script.split_once(&format!("{name} = \"\"\"\n")).unwrap_or_else(|| panic!("no {name}"));
    let text = rest.split_once("\"\"\"").unwrap().0;
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|c| !b"\n=".contains(c)).map(value).collect();
    let bits = digits.iter().flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |b, bit| b << 1 | bit)).collect();
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

#[test]
fn every_script_is_complete_bounded_and_names_every_setting() {
    for norm in Norm::ALL {
        assert!(LINKS.iter().any(|link| experiment(link).norm == norm), "{norm:?} is exported by no link");
    }
    for share_link in LINKS {
        let script = script(share_link, 12, &[0, 10]);
        let (code, numbers) = script.split_once("# The training set, and what").unwrap();
        for line in script.lines() {
            assert!(line.len() <= 200 && line.trim_end() == line, "{share_link}: {line}");
        }
        assert!(code.len() < 14_000, "{share_link}: {} bytes of code", code.len());
        let number_like = |word: &&str| ["nan", "inf", "-inf"].contains(word);
        let words = script.split(|c: char| !c.is_alphanumeric() && c != '-').map(|word| word.to_lowercase());
        assert!(!words.collect::<Vec<_>>().iter().any(|word| number_like(&word.as_str())), "{share_link}");
        assert!(
            !code.contains("@ABOUT@") && code.matches('@').count() == 1,
            "{share_link}: a placeholder is left"
        );
        for knob in knob::all() {
            let row = format!("{}: {}\n", knob.label, knob.text(&experiment(share_link)));
            assert!(code.contains(&row), "{share_link} does not say {row}");
        }
        for arm in ["without", "with"] {
            assert!(numbers.contains(&format!("STATE[\"{arm}\", 0]")), "{share_link}: {arm}");
        }
    }
}

#[test]
fn each_setting_becomes_the_module_that_means_it() {
    for (share_link, expected) in [
        ("m=0.2&e=0.001", "nn.BatchNorm1d(WIDTH, eps=0.001, momentum=0.2, affine=True)"),
        ("n=ln&g=0", "nn.LayerNorm(WIDTH, eps=1e-5, elementwise_affine=False)"),
        ("n=gn", "nn.GroupNorm(3, WIDTH, eps=1e-5, affine=True)"),
        ("n=rms", "class RMSNorm(nn.Module)"),
        ("n=dyt", "torch.tensor([0.5])"),
        ("n=bn", "nn.Linear(inputs, WIDTH, bias=False), norm(), activation()"),
        ("n=bn&p=after", "nn.Linear(inputs, WIDTH), activation(), norm()"),
        (
            "o=nesterov&om=0.8",
            "torch.optim.SGD(groups, lr=RATE, momentum=0.8, nesterov=True, weight_decay=0.0)",
        ),
        (
            "o=adam&wd=0.01",
            "torch.optim.Adam(groups, lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)",
        ),
        ("a=leaky", "nn.LeakyReLU(0.01)"),
        ("lrs=3:0.1,9:0.05", "RATE_CHANGES = {3: 0.1, 9: 0.05}"),
        ("hlr=20", "HIDDEN_RATE = 20.0"),
        ("b=2048", "EXAMPLES, BATCH = 800, 800"),
    ] {
        let script = script(&format!("l=2&w=6&{share_link}"), 1, &[]);
        assert!(script.contains(expected), "{share_link}: no {expected}");
    }
}

#[test]
fn the_numbers_are_the_runs_own_in_pytorchs_layout() {
    let share_link = "d=circle&l=2&w=5&b=16&dp=64&n=bn";
    let script = script(share_link, 12, &[10]);
    let experiment = experiment(share_link);
    let mut run = Comparison::new(experiment.clone(), experiment.dataset(None).unwrap(), 0).unwrap();
    (0..10).for_each(|_| run.advance());
    for (a, arm) in ["without", "with"].into_iter().enumerate() {
        let network = run.arms()[a].network();
        let state = floats(&script, &format!("STATE[\"{arm}\", 10]"));
        let first = &network.parameters().layers[0].weight;
        // PyTorch keeps a weight as [outputs, inputs].
        assert_eq!(state[..4], [first.get(0, 0), first.get(1, 0), first.get(0, 1), first.get(1, 1)]);
        let running = network.running().iter().map(|m| m.mean.to_dense().len() + m.variance.to_dense().len());
        assert_eq!(state.len(), network.parameters().count() + running.sum::<usize>());
        assert!(state != floats(&script, &format!("STATE[\"{arm}\", 0]")), "{arm} has not moved");
    }
    run.frame(false);
    run.advance();
    let losses = run.frame(false).losses;
    for (a, arm) in ["without", "with"].into_iter().enumerate() {
        let result = floats(&script, &format!("RESULT[\"{arm}\", 10]"));
        assert_eq!(result[0], losses[a][0]);
        let (name, tensor) = run.arms()[a].gradients().iter().last().unwrap();
        let statistics = if arm == "with" { 2 * 2 * 5 } else { 0 };
        assert_eq!(name.kind, Kind::Bias);
        let end = result.len() - statistics;
        assert_eq!(result[end - 2..end], tensor.to_dense());
        if let Some(last) = run.arms()[a].network().running().last() {
            assert_eq!(result[result.len() - 5..], last.variance.to_dense());
        }
    }
}

#[test]
fn an_arm_that_diverged_is_not_checked_and_the_script_says_so() {
    let script = script("l=6&w=32&s=2&lr=1000&b=64", 12, &[0, 10]);
    assert!(script.contains("# without: no check at step 10"));
    assert!(!script.contains("RESULT[\"without\", 10]") && script.contains("STATE[\"without\", 0]"));
}

#[test]
fn checks_fit_the_run_and_the_file() {
    let checks = |share_link: &str, steps| pytorch::default_checks(&experiment(share_link), steps);
    assert_eq!(checks("", 600), [0, 10, 50, 100]);
    assert_eq!(checks("", 20), [0, 10]);
    assert_eq!(checks("l=20&w=128", 600), [0, 10, 50, 100]);
    assert_eq!(checks("l=64&w=256", 600), [0]);
    let small = experiment("l=1&w=2");
    let refused = pytorch::write(&small, small.dataset(None).unwrap(), 10, &[0, 11]).unwrap_err();
    assert!(refused.contains("step 11"), "{refused}");
}

#[test]
fn in_slices_or_at_once_the_script_is_the_same() {
    let experiment = experiment("l=2&w=4&b=16&dp=64&n=gn");
    let data = experiment.dataset(None).unwrap();
    let mut sliced = pytorch::Export::new(&experiment, data.clone(), 20, &[0, 3, 10]).unwrap();
    let mut slices = 0;
    while !sliced.advance(1) {
        slices += 1;
    }
    assert_eq!(slices, 11);
    assert!(sliced.text() == pytorch::write(&experiment, data, 20, &[0, 3, 10]).unwrap());
}

#[test]
fn python_compiles_every_script() {
    let Some(python) = python::find("the scripts were not compiled") else { return };
    for (i, share_link) in LINKS.iter().enumerate() {
        let path = python::write(&format!("compiled{i}.py"), &script(share_link, 12, &[0, 10]));
        python::run(&python, &["-m".as_ref(), "py_compile".as_ref(), path.as_ref()]);
    }
}

#[test]
fn the_scripts_mini_batches_are_the_playgrounds() {
    let Some(python) = python::find("the scripts' mini-batches were not compared") else { return };
    for (share_link, seed, examples) in
        [("l=1&w=2&dp=50&seed=0", 0, 50), ("l=1&w=2&dp=333&seed=9999999", 9_999_999, 333)]
    {
        let script = script(share_link, 1, &[]);
        // What needs neither numpy nor torch.
        let (_, rest) = script.split_once("# The mini-batches").unwrap();
        let dealing = rest.split_once("def batch(step)").unwrap().0;
        let text = format!(
            "import functools\nSEED, EXAMPLES = {seed}, {examples}\n# The mini-batches{dealing}\n\
             print(*(shuffled(0) + shuffled(7)))\n"
        );
        let found = python::run(&python, &[python::write(&format!("deal{seed}.py"), &text).as_ref()]);
        let found: Vec<u32> = found.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let mut sampler = BatchSampler::new(seed, examples, examples);
        let expected = [sampler.indices(0).to_vec(), sampler.indices(7).to_vec()].concat();
        assert_eq!(found, expected, "{share_link}");
    }
}
