//! Facts of the whole network: gradients by differences, statistics, what looking leaves alone, fingerprints.

use super::*;
use crate::math::rng::{Purpose, Rng};
use crate::nn::init::Init;
use crate::nn::loss;
use crate::nn::norm::NormConfig;
use crate::nn::optim::{OptimConfig, OptimState, Optimizer};

fn config(norm: Norm, placement: Placement, activation: Activation) -> MlpConfig {
    MlpConfig {
        inputs: 3,
        outputs: 4,
        hidden_layers: 3,
        width: 6,
        activation,
        // Groups of two would make x-hat nearly a sign, too steep for differences.
        norm: NormConfig { groups: 2, ..NormConfig::of(norm) },
        placement,
        init: Init::Xavier,
        weight_scale: 1.0,
        seed: 5,
    }
}

fn examples(rows: usize, cols: usize) -> (Matrix, Vec<u8>) {
    let mut rng = Rng::stream(11, Purpose::Probe, 0);
    let mut x = Matrix::zeros(rows, cols);
    for r in 0..rows {
        x.row_mut(r).iter_mut().for_each(|v| *v = rng.normal() as f32);
    }
    (x, (0..rows).map(|_| rng.below(4) as u8).collect())
}

fn loss_of(mlp: &Mlp, x: &Matrix, labels: &[u8], tape: &mut Tape) -> f32 {
    mlp.forward_with(x, Statistics::Batch, tape);
    let (logits, d_logits) = tape.logits_and_gradient();
    loss::softmax_cross_entropy(logits, labels, d_logits)
}

fn every_block() -> impl Iterator<Item = MlpConfig> {
    let activations = [Activation::Sigmoid, Activation::Tanh, Activation::Gelu, Activation::Linear];
    let placed = Norm::ALL.into_iter().flat_map(|n| [(n, Placement::Before), (n, Placement::After)]);
    placed.flat_map(move |(n, p)| activations.map(|a| config(n, p, a)))
}

#[test]
fn gradients_match_central_differences() {
    let (x, labels) = examples(9, 3);
    for config in every_block() {
        let mut mlp = Mlp::new(&config);
        let mut rng = Rng::stream(1, Purpose::Probe, 1);
        for (_, matrix) in mlp.parameters_mut().iter_mut() {
            let moved: Vec<f32> = matrix.values().map(|v| v + 0.2 * rng.normal() as f32).collect();
            *matrix = Matrix::from_rows(matrix.rows(), matrix.cols(), &moved);
        }
        let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
        loss_of(&mlp, &x, &labels, &mut tape);
        mlp.backward(&x, &mut tape, &mut grads, None);
        let names: Vec<_> = grads.iter().map(|(name, _)| name).collect();
        for name in names {
            let gradient = grads.get(name).expect("named").clone();
            let largest = gradient.values().fold(1e-3_f32, |most, g| most.max(g.abs()));
            for (r, c) in [(0, 0), (gradient.rows() - 1, gradient.cols() - 1)] {
                let mut at = |step: f32| {
                    let mut moved = mlp.clone();
                    let parameter = moved.parameters_mut().get_mut(name).expect("named");
                    parameter.set(r, c, parameter.get(r, c) + step);
                    loss_of(&moved, &x, &labels, &mut tape)
                };
                // Fourth order: second differences are too coarse where a norm divides by little.
                let numeric = (8.0 * (at(0.003) - at(-0.003)) - (at(0.006) - at(-0.006))) / 0.036;
                let error = (numeric - gradient.get(r, c)).abs();
                assert!(
                    error < 0.005 * largest + 2e-4,
                    "{config:?} {name:?} {numeric} {}",
                    gradient.get(r, c)
                );
            }
        }
    }
}

#[test]
fn the_gradient_of_the_examples_matches_central_differences() {
    let (x, labels) = examples(9, 3);
    let mlp = Mlp::new(&config(Norm::Batch, Placement::Before, Activation::Tanh));
    let (mut tape, mut grads, mut d_x) = (Tape::new(mlp.config(), 9), mlp.new_grads(), Matrix::default());
    loss_of(&mlp, &x, &labels, &mut tape);
    mlp.backward(&x, &mut tape, &mut grads, None);
    mlp.input_gradient(&mut tape, &mut d_x);
    for (r, c) in [(0, 0), (4, 1), (8, 2)] {
        let mut at = |step: f32| {
            let mut moved = x.clone();
            moved.set(r, c, x.get(r, c) + step);
            loss_of(&mlp, &moved, &labels, &mut tape)
        };
        let numeric = (at(0.01) - at(-0.01)) / 0.02;
        assert!((numeric - d_x.get(r, c)).abs() < 5e-4, "{numeric} {}", d_x.get(r, c));
    }
}

#[test]
fn keeping_pre_activations_changes_no_bit() {
    let (x, labels) = examples(9, 3);
    for config in every_block() {
        let run = |keep: bool| {
            let mut mlp = Mlp::new(&config);
            let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
            tape.keep_pre_activations(keep);
            let mut optimizer = OptimState::new(&OptimConfig::default(), &mlp);
            for _ in 0..3 {
                mlp.forward(&x, Mode::Train, &mut tape);
                let (logits, d_logits) = tape.logits_and_gradient();
                loss::softmax_cross_entropy(logits, &labels, d_logits);
                mlp.backward(&x, &mut tape, &mut grads, None);
                optimizer.step(&mut mlp, &grads, 0.1, None);
            }
            mlp.fingerprint()
        };
        assert_eq!(run(true), run(false), "{config:?}");
    }
}

#[test]
fn views_show_the_activations_input_and_output() {
    let (x, _) = examples(9, 3);
    for config in every_block() {
        let mut mlp = Mlp::new(&config);
        let mut tape = Tape::new(&config, 9);
        mlp.forward(&x, Mode::Train, &mut tape);
        for l in 0..3 {
            let view = tape.layer(l);
            let input = if l == 0 { &x } else { tape.layer(l - 1).output() };
            let mut z = Matrix::default();
            linear::forward(&mlp.parameters().layers[l], input, &mut z);
            assert_eq!(view.linear().to_dense(), z.to_dense(), "{config:?}");
            let expected: Vec<f32> =
                view.pre_activation().values().map(|y| config.activation.value(y)).collect();
            assert_eq!(view.activation().to_dense(), expected, "{config:?}");
        }
    }
}

#[test]
fn running_values_follow_the_unbiased_variance_and_looking_moves_nothing() {
    let (x, labels) = examples(9, 3);
    let config = config(Norm::Batch, Placement::Before, Activation::Relu);
    let mut mlp = Mlp::new(&config);
    let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
    let untouched = mlp.fingerprint();
    loss_of(&mlp, &x, &labels, &mut tape);
    mlp.backward(&x, &mut tape, &mut grads, Some(&mut GradientWatch::default()));
    mlp.exact_statistics(&x, &mut tape);
    mlp.forward(&x, Mode::Eval, &mut tape);
    assert_eq!(mlp.fingerprint(), untouched);
    mlp.forward(&x, Mode::Train, &mut tape);
    let z = tape.layer(0).linear();
    for c in 0..6 {
        let column: Vec<f64> = (0..9).map(|r| f64::from(z.get(r, c))).collect();
        let mean = column.iter().sum::<f64>() / 9.0;
        let unbiased = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 8.0;
        assert!((f64::from(mlp.running()[0].mean.get(0, c)) - 0.1 * mean).abs() < 1e-7);
        assert!((f64::from(mlp.running()[0].variance.get(0, c)) - (0.9 + 0.1 * unbiased)).abs() < 1e-6);
    }
}

#[test]
fn exact_statistics_reproduce_the_batch_pass_over_everything() {
    let (x, _) = examples(50, 3);
    let config = config(Norm::Batch, Placement::After, Activation::Tanh);
    let mlp = Mlp::new(&config);
    let mut tape = Tape::new(&config, 8);
    let exact = mlp.exact_statistics(&x, &mut tape);
    let whole = tape.logits().to_dense();
    mlp.forward_with(&x, Statistics::Fixed(&exact), &mut tape);
    assert_eq!(tape.logits().to_dense(), whole);
    mlp.forward_with(&x, Statistics::Running, &mut tape);
    assert_ne!(tape.logits().to_dense(), whole);
}

#[test]
fn no_nan_by_accident() {
    let (mut x, labels) = examples(9, 3);
    (0..9).for_each(|r| x.row_mut(r).fill(0.1));
    for norm in Norm::ALL {
        for placement in [Placement::Before, Placement::After] {
            for width in [1, 6] {
                let mut config = config(norm, placement, Activation::Relu);
                config.norm.eps = 0.0;
                config.width = width;
                let mut mlp = Mlp::new(&config);
                let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
                assert!(loss_of(&mlp, &x, &labels, &mut tape).is_finite(), "{config:?}");
                mlp.backward(&x, &mut tape, &mut grads, None);
                assert!(grads.iter().all(|(_, g)| g.values().all(f32::is_finite)), "{config:?}");
                let (one, _) = examples(1, 3);
                mlp.forward(&one, Mode::Train, &mut tape);
                assert!(tape.logits().values().all(f32::is_finite));
                assert_eq!(mlp.config().check(1).is_err(), norm == Norm::Batch);
                assert!(mlp.running().iter().all(|m| m.variance.values().all(f32::is_finite)));
            }
        }
    }
}

#[test]
fn equal_shapes_start_bit_equal_and_the_bias_is_dropped_only_under_batch_norm() {
    let plain = Mlp::new(&config(Norm::None, Placement::Before, Activation::Relu));
    for norm in Norm::ALL {
        for placement in [Placement::Before, Placement::After] {
            let other = Mlp::new(&config(norm, placement, Activation::Relu));
            for (a, b) in plain.parameters().layers.iter().zip(&other.parameters().layers) {
                assert_eq!(a.weight.to_dense(), b.weight.to_dense());
            }
            let dropped = norm == Norm::Batch && placement == Placement::Before;
            assert_eq!(other.parameters().layers[0].bias.is_none(), dropped);
            assert!(
                other.parameters().layers[3].bias.is_some() && other.parameters().layers[3].norm.is_none()
            );
        }
    }
}

#[test]
fn the_fingerprint_sees_every_parameter_and_running_value() {
    for norm in Norm::ALL {
        let mlp = Mlp::new(&config(norm, Placement::Before, Activation::Relu));
        let before = mlp.fingerprint();
        assert_eq!(before, mlp.clone().fingerprint());
        let names: Vec<_> = mlp.parameters().iter().map(|(name, _)| name).collect();
        for name in names {
            let mut moved = mlp.clone();
            let matrix = moved.parameters_mut().get_mut(name).expect("named");
            let (r, c) = (matrix.rows() - 1, matrix.cols() - 1);
            matrix.set(r, c, matrix.get(r, c) + 0.5);
            assert_ne!(before, moved.fingerprint(), "{name:?}");
        }
        let mut moved = mlp.clone();
        if let Some(moments) = moved.running_mut().last_mut() {
            moments.variance.set(0, 5, 3.0);
            assert_ne!(before, moved.fingerprint());
        }
    }
}

#[test]
fn frozen_gamma_and_beta_stay_at_1_and_0_and_are_no_parameters() {
    let (x, labels) = examples(9, 3);
    for norm in [Norm::Batch, Norm::Layer, Norm::DyT] {
        let mut config = config(norm, Placement::Before, Activation::Tanh);
        config.norm.affine = false;
        let mut mlp = Mlp::new(&config);
        let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
        loss_of(&mlp, &x, &labels, &mut tape);
        mlp.backward(&x, &mut tape, &mut grads, None);
        let settings =
            OptimConfig { optimizer: Optimizer::Adam, weight_decay: 0.1, ..OptimConfig::default() };
        OptimState::new(&settings, &mlp).step(&mut mlp, &grads, 0.1, None);
        let learnt = mlp.parameters().layers[0].norm.as_ref().expect("a norm");
        assert!(learnt.gamma.values().all(|g| g == 1.0) && learnt.beta.values().all(|b| b == 0.0));
        assert_eq!(learnt.alpha.as_ref().is_some_and(|alpha| alpha.get(0, 0) != 0.5), norm == Norm::DyT);
    }
}

#[test]
fn the_hidden_rate_moves_hidden_weights_alone() {
    let (x, labels) = examples(9, 3);
    let mut mlp = Mlp::new(&config(Norm::Layer, Placement::Before, Activation::Tanh));
    let (mut tape, mut grads) = (Tape::new(mlp.config(), 9), mlp.new_grads());
    loss_of(&mlp, &x, &labels, &mut tape);
    mlp.backward(&x, &mut tape, &mut grads, None);
    let before = mlp.clone();
    OptimState::new(&OptimConfig::default(), &mlp).step(&mut mlp, &grads, 0.0, Some(0.1));
    for ((name, new), (_, old)) in mlp.parameters().iter().zip(before.parameters().iter()) {
        let is_hidden_weight = name.layer < 3 && name.kind == crate::nn::parameters::Kind::Weight;
        assert_eq!(new.to_dense() != old.to_dense(), is_hidden_weight, "{name:?}");
    }
}

#[test]
fn every_optimiser_learns() {
    let (x, labels) = examples(32, 3);
    for optimizer in Optimizer::ALL {
        let mut mlp = Mlp::new(&config(Norm::Batch, Placement::Before, Activation::Tanh));
        let (mut tape, mut grads) = (Tape::new(mlp.config(), 32), mlp.new_grads());
        let mut state = OptimState::new(&OptimConfig { optimizer, ..OptimConfig::default() }, &mlp);
        let rate = if optimizer == Optimizer::Sgd { 0.5 } else { 0.05 };
        let start = loss_of(&mlp, &x, &labels, &mut tape);
        for _ in 0..100 {
            mlp.forward(&x, Mode::Train, &mut tape);
            let (logits, d_logits) = tape.logits_and_gradient();
            loss::softmax_cross_entropy(logits, &labels, d_logits);
            mlp.backward(&x, &mut tape, &mut grads, None);
            state.step(&mut mlp, &grads, rate, None);
        }
        assert!(loss_of(&mlp, &x, &labels, &mut tape) < 0.7 * start, "{optimizer:?}");
    }
}

#[test]
fn gradients_through_noise_match_central_differences() {
    let (x, labels) = examples(9, 3);
    for config in every_block() {
        let mlp = Mlp::new(&config);
        let (mut tape, mut grads) = (Tape::new(&config, 9), mlp.new_grads());
        let undisturbed = loss_of(&mlp, &x, &labels, &mut tape);
        tape.disturb(7, 2, 9);
        assert_ne!(loss_of(&mlp, &x, &labels, &mut tape), undisturbed);
        mlp.backward(&x, &mut tape, &mut grads, None);
        let weight = |mlp: &mut Mlp, step: f32| {
            let weight = &mut mlp.parameters_mut().layers[0].weight;
            weight.set(1, 2, weight.get(1, 2) + step);
        };
        let mut at = |step: f32| {
            let mut moved = mlp.clone();
            weight(&mut moved, step);
            loss_of(&moved, &x, &labels, &mut tape)
        };
        let numeric = (8.0 * (at(0.003) - at(-0.003)) - (at(0.006) - at(-0.006))) / 0.036;
        let exact = grads.layers[0].weight.get(1, 2);
        let largest = grads.layers[0].weight.values().fold(1e-3_f32, |most, g| most.max(g.abs()));
        assert!((numeric - exact).abs() < 0.005 * largest + 2e-4, "{config:?}: {numeric} {exact}");
    }
}
