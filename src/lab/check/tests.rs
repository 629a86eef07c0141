//! The check agrees with a right engine and finds a wrong one.

use super::*;
use crate::lab::comparison::Comparison;
use crate::lab::link;
use crate::lab::names::{ACTIVATIONS, NORMS};
use crate::nn::activation::Activation;

/// The second arm of `link` after `steps` steps, and the mini-batch to come.
fn trained(link: &str, steps: u32) -> (Mlp, Batch) {
    let (experiment, notes) = link::read(link);
    assert_eq!(notes, Vec::<String>::new());
    let data = experiment.dataset(None).unwrap();
    let mut comparison = Comparison::new(experiment, data, 0).unwrap();
    (0..steps).for_each(|_| comparison.advance());
    let batch = comparison.next_batch().clone();
    (comparison.arms()[1].network().clone(), batch)
}

fn report(link: &str, steps: u32) -> Report {
    let (network, batch) = trained(link, steps);
    let mut check = Check::new(&network, &batch, 1, steps).unwrap();
    assert!(check.advance(u32::MAX));
    check.report().clone()
}

#[test]
fn the_engine_agrees_with_the_plain_network_on_every_norm_activation_and_placement() {
    let (mut worst, mut noisiest, mut noise) = (0.0_f64, 0.0_f64, 0);
    for (_, norm, _) in NORMS {
        for (_, activation, _) in ACTIVATIONS {
            for rest in ["p=before", "p=after&g=0"] {
                let link = format!("l=3&w=12&b=32&dp=200&lr=0.1&n={norm}&a={activation}&{rest}");
                let report = report(&link, 5);
                assert!(report.worst() < 1e-4 && report.loss_error < 1e-6, "{link}: {report:?}");
                assert!(report.parameters.0 == report.parameters.1 && report.parameters.0 > 60);
                assert!(report.noise_error < 20.0, "{link}: {report:?}");
                worst = worst.max(report.worst());
                noisiest = noisiest.max(report.noise_error);
                noise += report.noise;
            }
        }
    }
    println!("worst error {worst:.1e}; {noise} gradients are noise, off by at most {noisiest:.1} times that");
}

/// What comes out if the gradients of one tensor are not the engine's own, but spoilt.
fn spoilt(network: &Mlp, batch: &Batch, name: ParameterName, spoil: impl Fn(&mut f32)) -> Report {
    let mut engine = Engine::new(network, batch);
    let loss = engine.pass(network, batch);
    let mut grads = engine.grads.clone();
    // Every gradient, as the largest may not be among the parameters chosen.
    grads.get_mut(name).unwrap().padded_values_mut().iter_mut().for_each(spoil);
    let rng = Rng::stream(1, Purpose::Probe, 0);
    let mut check = Check::of_gradients(network, batch, rng, engine, loss, &grads).unwrap();
    check.advance(u32::MAX);
    check.report().clone()
}

#[test]
fn a_planted_error_of_one_percent_and_planted_zeros_are_found_in_every_kind_of_parameter() {
    for (norm, kinds) in [("bn", 4), ("dyt", 5)] {
        let (network, batch) = trained(&format!("l=2&w=8&b=32&dp=200&a=tanh&n={norm}"), 3);
        let mut engine = Engine::new(&network, &batch);
        engine.pass(&network, &batch);
        let names: Vec<_> = engine.grads.iter().map(|(name, _)| name).collect();
        let mut found = Vec::new();
        for name in names {
            let report = spoilt(&network, &batch, name, |g| *g *= 1.01);
            assert!(report.worst() > 2e-3 && report.worst() < 0.011, "{norm} {name:?}: {report:?}");
            for kind in &report.kinds {
                assert_eq!(kind.error > 2e-3, kind.kind == name.kind, "{norm} {name:?}");
            }
            let report = spoilt(&network, &batch, name, |g| *g = 0.0);
            for kind in &report.kinds {
                assert_eq!(kind.error > 0.5, kind.kind == name.kind, "{norm} {name:?} of zeros: {report:?}");
            }
            found.push(name.kind);
        }
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), kinds);
    }
}

#[test]
fn a_gradient_that_all_but_cancels_is_measured_against_the_noise_and_counted() {
    // Two examples: each normalised feature is +1 or -1 but for eps, so nearly nothing passes below a batch norm.
    let report = report("l=4&w=16&b=2&a=tanh&lr=0.1", 0);
    assert!(report.noise > 0 && report.worst() < 1e-3 && report.noise_error < 20.0, "{report:?}");
    assert_eq!(self::report("l=4&w=16&b=64&a=tanh&lr=0.1", 0).noise, 0);
}

#[test]
fn any_slicing_gives_the_same_report_and_the_network_is_only_read() {
    let (network, batch) = trained("l=2&w=6&b=16&n=gn", 2);
    let before = network.fingerprint();
    let mut at_once = Check::new(&network, &batch, 7, 2).unwrap();
    let mut sliced = Check::new(&network, &batch, 7, 2).unwrap();
    assert!(!sliced.advance(8) && sliced.report().parameters.0 == 2);
    while !sliced.advance(1) {}
    at_once.advance(u32::MAX);
    assert_eq!(at_once.report(), sliced.report());
    assert_eq!(network.fingerprint(), before);
}

#[test]
fn a_network_on_its_kinks_is_checked_all_the_same() {
    // All units of the second layer are off, so every activation input above is exactly the bias: 0.
    let (mut network, batch) = trained("l=3&w=6&b=16&n=none", 0);
    let off = network.parameters_mut().get_mut(ParameterName { layer: 1, kind: Kind::Bias }).unwrap();
    off.row_mut(0).fill(-100.0);
    let mut check = Check::new(&network, &batch, 1, 0).unwrap();
    check.advance(u32::MAX);
    let report = check.report();
    assert!(report.held > 0 && report.worst() < 1e-4, "{report:?}");
    assert_eq!(network.config().activation, Activation::Relu);
}

#[test]
fn what_is_not_finite_is_refused_in_words() {
    let (mut network, batch) = trained("l=2&w=4&n=none", 0);
    network.parameters_mut().layers[0].weight.set(0, 0, f32::INFINITY);
    assert!(Check::new(&network, &batch, 1, 0).unwrap_err().contains("not finite"));
}
