//! Mean, variance, gamma and beta; batch, running and exact statistics; undoing the norm.

use batchnorm_playground::math::matrix::Matrix;
use batchnorm_playground::nn;
use batchnorm_playground::nn::mlp::Statistics;
use batchnorm_playground::nn::norm::{NormCache, NormConfig, NormParameters};

use crate::twin::activation::Activation;
use crate::twin::bridge::{self, Engine};
use crate::twin::norm::Norm;
use crate::twin::{Mode, Network, Rows, draw};
use crate::{moments, network, relative_difference, without_scale_and_shift};

/// The linear output of `layer` in the engine's last pass.
fn linear(engine: &Engine, layer: usize) -> Rows {
    bridge::rows(engine.tape.layer(layer).linear())
}

#[test]
fn every_feature_has_mean_0_and_variance_var_over_var_plus_eps() {
    // With eps 0.1 the variance is visibly below 1: a division by the plain deviation would show.
    for eps in [1e-5_f32, 0.1] {
        let mut network = without_scale_and_shift(network(Norm::Batch, Activation::Relu, 5, &[17; 3]));
        network.spec.eps = f64::from(eps);
        let mut engine = Engine::like(&network);
        let pass = engine.pass(&draw::rows(1, 64, 5), &draw::labels(2, 64, 4), Mode::Train);
        for layer in 0..3 {
            let z = linear(&engine, layer);
            for feature in 0..17 {
                let (_, before) = moments(&z, feature);
                let (mean, variance) = moments(&pass.pre_activations[layer], feature);
                let expected = before / (before + network.spec.eps);
                assert!(mean.abs() < 1e-6, "layer {layer}, feature {feature}: mean {mean}");
                assert!((variance - expected).abs() < 2e-6, "variance {variance}, not {expected}");
            }
        }
    }
}

#[test]
fn gamma_sets_the_standard_deviation_and_beta_the_mean() {
    let network = network(Norm::Batch, Activation::Tanh, 5, &[17]);
    let mut engine = Engine::like(&network);
    let pass = engine.pass(&draw::rows(1, 64, 5), &draw::labels(2, 64, 4), Mode::Train);
    let (gamma, beta) = (&network.parameters["0.gamma"], &network.parameters["0.beta"]);
    let z = linear(&engine, 0);
    for feature in 0..17 {
        let (_, before) = moments(&z, feature);
        let (mean, variance) = moments(&pass.pre_activations[0], feature);
        let deviation = gamma[feature] * (before / (before + 1e-5)).sqrt();
        assert!((mean - beta[feature]).abs() < 1e-6, "mean {mean}, beta {}", beta[feature]);
        assert!((variance.sqrt() - deviation).abs() < 2e-6, "deviation {variance}^1/2, not {deviation}");
    }
}

#[test]
fn four_equally_spaced_numbers_by_hand() {
    // Mean 0, variance 1.25: xhat is not the numbers themselves but +-1.342 and +-0.447.
    let config = NormConfig { eps: 0.0, ..NormConfig::of(nn::norm::Norm::Batch) };
    let mut parameters = NormParameters::new(&config, 1).expect("batch norm has parameters");
    parameters.gamma.set(0, 0, 2.0);
    parameters.beta.set(0, 0, 3.0);
    let x = Matrix::from_rows(4, 1, &[-1.5, -0.5, 0.5, 1.5]);
    let (mut cache, mut y) = (NormCache::default(), Matrix::default());
    nn::norm::forward(&config, &parameters, None, &x, &mut cache, &mut y);
    let expected = [0.316_718_43, 2.105_572_8, 3.894_427_2, 5.683_281_6];
    assert!(y.values().zip(expected).all(|(y, e)| (y - e).abs() < 1e-6), "{:?}", y.to_dense());
    assert_eq!((cache.moments.mean.get(0, 0), cache.moments.variance.get(0, 0)), (0.0, 1.25));
}

#[test]
fn two_examples_keep_their_order_and_nothing_else() {
    let network = without_scale_and_shift(network(Norm::Batch, Activation::Linear, 3, &[8]));
    let mut engine = Engine::like(&network);
    let pass = engine.pass(&draw::rows(1, 2, 3), &[0, 1], Mode::Train);
    let z = linear(&engine, 0);
    for feature in 0..8 {
        let sign = (z[0][feature] - z[1][feature]).signum();
        let (_, variance) = moments(&z, feature);
        let expected = sign * (variance / (variance + 1e-5)).sqrt();
        let found = [pass.pre_activations[0][0][feature], pass.pre_activations[0][1][feature]];
        assert!((found[0] - expected).abs() < 1e-6 && (found[1] + expected).abs() < 1e-6, "{found:?}");
    }
}

/// The plain network of the same weights, all biases 0.
fn plain(network: &Network) -> Network {
    let mut plain = Network::new(crate::twin::Spec { norm: Norm::None, ..network.spec.clone() });
    for (name, values) in &mut plain.parameters {
        if let Some(same) = network.parameters.get(name) {
            values.clone_from(same);
        }
    }
    plain
}

#[test]
fn gamma_sqrt_var_plus_eps_and_beta_mean_give_the_plain_network_back_on_that_batch_only() {
    let network = without_scale_and_shift(network(Norm::Batch, Activation::Relu, 5, &[32; 3]));
    let (x, other, labels) = (draw::rows(1, 128, 5), draw::rows(3, 128, 5), draw::labels(2, 128, 4));
    let mut plain = Engine::like(&plain(&network));
    let mut engine = Engine::like(&network);
    let wanted = plain.pass(&x, &labels, Mode::Train).logits;
    assert!(
        relative_difference(&engine.pass(&x, &labels, Mode::Train).logits, &wanted) > 0.1,
        "already plain"
    );
    // Layer by layer: the input of a layer changes when the one below is undone.
    for layer in 0..3 {
        engine.pass(&x, &labels, Mode::Train);
        let z = linear(&engine, layer);
        let norm = engine.mlp.parameters_mut().layers[layer].norm.as_mut().expect("a norm");
        for feature in 0..32 {
            let (mean, variance) = moments(&z, feature);
            norm.gamma.set(0, feature, (variance + 1e-5).sqrt() as f32);
            norm.beta.set(0, feature, mean as f32);
        }
    }
    let undone = relative_difference(&engine.pass(&x, &labels, Mode::Train).logits, &wanted);
    assert!(undone < 1e-6, "off by {undone:.1e} on the batch it was made for");
    let wanted = plain.pass(&other, &labels, Mode::Train).logits;
    let elsewhere = relative_difference(&engine.pass(&other, &labels, Mode::Train).logits, &wanted);
    println!("undone: {undone:.1e} on that batch, {elsewhere:.2} on another");
    assert!(elsewhere > 0.01, "on another batch it is not undone: {elsewhere:.1e}");
}

#[test]
fn running_statistics_follow_the_batch_mean_and_the_unbiased_variance() {
    // m = 6, where m / (m - 1) is 1.2.
    let network = network(Norm::Batch, Activation::Relu, 5, &[7]);
    let mut engine = Engine::like(&network);
    let mut expected = [(0.0, 1.0); 7];
    for step in 0..5 {
        engine.pass(&draw::rows(10 + step, 6, 5), &draw::labels(2, 6, 4), Mode::Train);
        let z = linear(&engine, 0);
        for (feature, (mean, variance)) in expected.iter_mut().enumerate() {
            let batch = moments(&z, feature);
            *mean = 0.9 * *mean + 0.1 * batch.0;
            *variance = 0.9 * *variance + 0.1 * 1.2 * batch.1;
        }
        let running = engine.running();
        for (feature, (mean, variance)) in expected.iter().enumerate() {
            assert!((running["0.running_mean"][feature] - mean).abs() < 1e-6);
            assert!((running["0.running_variance"][feature] - variance).abs() < 1e-6);
        }
    }
    let before = engine.running();
    engine.pass(&draw::rows(20, 6, 5), &draw::labels(2, 6, 4), Mode::Eval);
    assert_eq!(engine.running(), before, "evaluation moves nothing");
}

#[test]
fn training_uses_the_batch_and_evaluation_the_running_statistics() {
    let mut network = without_scale_and_shift(network(Norm::Batch, Activation::Linear, 5, &[7]));
    network.running.insert("0.running_mean".to_owned(), vec![0.25; 7]);
    network.running.insert("0.running_variance".to_owned(), vec![4.0; 7]);
    let mut engine = Engine::like(&network);
    let (x, labels) = (draw::rows(1, 6, 5), draw::labels(2, 6, 4));
    let evaluated = engine.pass(&x, &labels, Mode::Eval).pre_activations.remove(0);
    let z = linear(&engine, 0);
    let trained = engine.pass(&x, &labels, Mode::Train).pre_activations.remove(0);
    for feature in 0..7 {
        let (mean, variance) = moments(&z, feature);
        for example in 0..6 {
            let z = z[example][feature];
            assert!((evaluated[example][feature] - (z - 0.25) / (4.0_f64 + 1e-5).sqrt()).abs() < 1e-6);
            assert!((trained[example][feature] - (z - mean) / (variance + 1e-5).sqrt()).abs() < 1e-5);
        }
    }
}

#[test]
fn the_exact_statistics_of_a_set_are_its_batch_statistics() {
    let network = network(Norm::Batch, Activation::Relu, 5, &[12; 3]);
    let mut engine = Engine::like(&network);
    let x = bridge::matrix(&draw::rows(1, 90, 5));
    let before = engine.mlp.fingerprint();
    let exact = engine.mlp.exact_statistics(&x, &mut engine.tape);
    let mut logits = |statistics: Statistics<'_>| {
        engine.mlp.forward_with(&x, statistics, &mut engine.tape);
        bridge::numbers(engine.tape.logits())
    };
    let batch = logits(Statistics::Batch);
    assert!(relative_difference(&logits(Statistics::Fixed(&exact)), &batch) < 1e-6);
    assert!(
        relative_difference(&logits(Statistics::Running), &batch) > 0.01,
        "the running ones are not warm"
    );
    assert_eq!(engine.mlp.fingerprint(), before, "looking moves nothing");
}
