//! Where a statistic does not exist or says nothing: one example, a constant feature with eps 0, one unit. Each is
//! computed, or refused with a sentence; never NaN.

use batchnorm_playground::nn;
use batchnorm_playground::nn::mlp::Mlp;
use batchnorm_playground::nn::norm::NormConfig;
use batchnorm_playground::nn::tape::Tape;

use crate::network;
use crate::twin::activation::Activation;
use crate::twin::bridge::{self, Engine, Pass};
use crate::twin::norm::Norm;
use crate::twin::{Mode, Place, draw};

fn assert_finite(pass: &Pass, what: &str) {
    let numbers = pass.logits.iter().chain(&pass.d_x).chain(pass.gradients.values().flatten());
    assert!(pass.loss.is_finite() && numbers.clone().all(|value| value.is_finite()), "{what}");
}

#[test]
fn batch_norm_refuses_to_train_on_one_example_in_a_sentence() {
    for norm in Norm::ALL {
        let config = bridge::config(&network(norm, Activation::Relu, 5, &[8; 2]).spec);
        assert_eq!(config.check(2), Ok(()), "{norm:?}");
        let alone = config.check(1);
        if norm == Norm::Batch {
            let sentence = alone.expect_err("refused");
            assert!(sentence.contains("one example") && sentence.ends_with('.'), "{sentence}");
        } else {
            assert_eq!(alone, Ok(()), "{norm:?}");
        }
    }
}

#[test]
fn one_example_can_be_evaluated() {
    let network = network(Norm::Batch, Activation::Relu, 5, &[8; 2]);
    let pass = Engine::like(&network).pass(&draw::rows(1, 1, 5), &[3], Mode::Eval);
    assert_finite(&pass, "one example in eval mode");
    assert!(pass.d_x.iter().any(|d| *d != 0.0), "something of it passes");
}

#[test]
fn a_constant_feature_with_eps_0_becomes_beta_and_passes_no_gradient() {
    let mut network = network(Norm::Batch, Activation::Tanh, 5, &[8]);
    network.spec.eps = 0.0;
    // Unit 2 sees nothing: the same 0 for every example. The others are as ever.
    network.parameters.get_mut("0.weight").expect("a weight")[2 * 5..3 * 5].fill(0.0);
    let (x, labels) = (draw::rows(1, 16, 5), draw::labels(2, 16, 4));
    let pass = Engine::like(&network).pass(&x, &labels, Mode::Train);
    assert_finite(&pass, "eps 0 with a constant feature");
    let beta = network.parameters["0.beta"][2];
    assert!(pass.pre_activations[0].iter().all(|row| row[2] == beta), "beta alone");
    let rows: Vec<&[f64]> = pass.gradients["0.weight"].chunks(5).collect();
    assert!(rows[2].iter().all(|d| *d == 0.0), "no gradient through a constant");
    assert_eq!(pass.gradients["0.gamma"][2], 0.0);
    assert!(pass.gradients["0.beta"][2] != 0.0, "beta still learns");
    assert!(rows[3].iter().any(|d| d.abs() > 1e-4), "the other units learn");
}

#[test]
fn a_constant_feature_is_recognised_whatever_its_value() {
    // 0.1 has no exact f32, and 130 of them sum to something that is not 130 times it.
    let mut network = network(Norm::Batch, Activation::Tanh, 2, &[4]);
    network.spec.eps = 0.0;
    let x: Vec<Vec<f64>> = (0..130).map(|_| vec![0.1, 0.7]).collect();
    let pass = Engine::like(&network).pass(&x, &draw::labels(2, 130, 4), Mode::Train);
    assert_finite(&pass, "a batch of equal examples");
    let beta = &network.parameters["0.beta"];
    assert!(
        pass.pre_activations[0].iter().all(|row| row == beta),
        "beta alone: {:?}",
        pass.pre_activations[0][0]
    );
}

#[test]
fn no_norm_makes_nan_of_a_constant_or_zero_example_with_eps_0() {
    for norm in Norm::ALL {
        for place in [Place::Before, Place::After] {
            let mut network = network(norm, Activation::Relu, 3, &[6; 2]);
            (network.spec.eps, network.spec.place) = (0.0, place);
            let mut network = crate::twin::Network::new(network.spec);
            draw::fill(&mut network, 300);
            // Zero weights and biases: every example is zero before the first norm.
            for name in ["0.weight", "0.bias"] {
                if let Some(values) = network.parameters.get_mut(name) {
                    values.fill(0.0);
                }
            }
            let mut engine = Engine::like(&network);
            let (x, labels) = (draw::rows(1, 4, 3), draw::labels(2, 4, 4));
            assert_finite(&engine.pass(&x, &labels, Mode::Train), &format!("{norm:?} {place:?}"));
            assert_finite(&engine.pass(&x, &labels, Mode::Eval), &format!("{norm:?} {place:?} evaluated"));
        }
    }
}

#[test]
fn a_constant_example_with_eps_0_becomes_beta_and_passes_no_gradient_under_layer_and_group_norm() {
    for norm in [Norm::Layer, Norm::Group] {
        let mut network = network(norm, Activation::Tanh, 3, &[8]);
        network.spec.eps = 0.0;
        network.parameters.get_mut("0.weight").unwrap().fill(0.0);
        // 0.1 has no exact f32, and the mean of many need not be it.
        network.parameters.get_mut("0.bias").unwrap().fill(0.1);
        let pass = Engine::like(&network).pass(&draw::rows(1, 5, 3), &draw::labels(2, 5, 4), Mode::Train);
        let beta = &network.parameters["0.beta"];
        assert!(pass.pre_activations[0].iter().all(|row| row == beta), "{norm:?}: beta alone");
        for name in ["0.weight", "0.bias", "0.gamma"] {
            assert!(pass.gradients[name].iter().all(|d| *d == 0.0), "{norm:?}: {name}");
        }
        assert!(pass.gradients["0.beta"].iter().any(|d| d.abs() > 1e-6), "{norm:?}: beta still learns");
    }
}

#[test]
fn group_norm_leaves_each_group_two_units_where_there_are_two() {
    let groups = |width| NormConfig::of(nn::norm::Norm::Group).groups_for(width);
    assert_eq!([1, 2, 3, 4, 5, 6, 8, 9, 32].map(groups), [1, 1, 1, 2, 1, 3, 4, 3, 4]);
    for width in [2, 3, 4] {
        let network = network(Norm::Group, Activation::Tanh, 3, &[width]);
        let pass = Engine::like(&network).pass(&draw::rows(1, 8, 3), &draw::labels(2, 8, 4), Mode::Train);
        let d_weight = &pass.gradients["0.weight"];
        assert!(d_weight.iter().any(|d| d.abs() > 1e-6), "a width of {width} learns: {d_weight:?}");
    }
}

#[test]
fn one_unit_works_under_every_norm() {
    for norm in Norm::ALL {
        let network = network(norm, Activation::Tanh, 3, &[1; 2]);
        let pass = Engine::like(&network).pass(&draw::rows(1, 8, 3), &draw::labels(2, 8, 4), Mode::Train);
        assert_finite(&pass, &format!("{norm:?} of width 1"));
        let (gamma, beta) = (network.parameters.get("0.gamma"), network.parameters.get("0.beta"));
        for row in &pass.pre_activations[0] {
            match (norm, gamma, beta) {
                // The mean over one feature is the feature itself: nothing but beta is left.
                (Norm::Layer | Norm::Group, _, Some(beta)) => assert_eq!(row[0], beta[0], "{norm:?}"),
                // Of a number divided by its size the sign is left.
                (Norm::Rms, Some(gamma), Some(beta)) => {
                    assert!(((row[0] - beta[0]).abs() - gamma[0]).abs() < 1e-3, "{norm:?}: {}", row[0]);
                }
                _ => assert!(pass.gradients["0.weight"].iter().any(|d| d.abs() > 1e-6), "{norm:?} learns"),
            }
        }
    }
}

#[test]
fn a_rate_of_their_own_moves_the_hidden_weights_alone() {
    for norm in [Norm::None, Norm::Batch] {
        let network = network(norm, Activation::Relu, 3, &[6; 2]);
        let mut engine = Engine::like(&network);
        let pass = engine.pass(&draw::rows(1, 8, 3), &draw::labels(2, 8, 4), Mode::Train);
        let mut optimizer = engine.optimizer(crate::twin::optim::Rule::Sgd, 0.9, 0.0);
        optimizer.step(&mut engine.mlp, &engine.grads, 0.125, Some(2.0));
        for (name, after) in engine.parameters() {
            let hidden = !name.starts_with("2.");
            let plain_bias = name.ends_with("bias") && norm == Norm::None;
            let rate = if hidden && (name.ends_with("weight") || plain_bias) { 2.0 } else { 0.125 };
            let moved =
                network.parameters[&name].iter().zip(&pass.gradients[&name]).map(|(p, d)| p - rate * d);
            let moved: Vec<f64> = moved.collect();
            assert!(crate::relative_difference(&after, &moved) < 1e-6, "{norm:?} {name}");
        }
    }
}

#[test]
fn an_untrained_network_starts_from_the_papers_values() {
    for norm in Norm::ALL {
        // The twin's network starts with gamma 1, alpha 0.5, all else 0; weights are drawn.
        let network = crate::twin::Network::new(network(norm, Activation::Relu, 3, &[6; 2]).spec);
        let mlp = Mlp::new(&bridge::config(&network.spec));
        let mut start = bridge::read(mlp.parameters());
        for (name, values) in &mut start {
            if name.ends_with("weight") {
                assert!(values.iter().any(|w| *w != 0.0), "{norm:?} {name} is drawn");
                values.fill(0.0);
            }
        }
        assert_eq!(start, network.parameters, "{norm:?}");
        assert_eq!(
            Engine { tape: Tape::new(mlp.config(), 1), grads: mlp.new_grads(), mlp }.running(),
            network.running
        );
    }
}

#[test]
fn buffers_of_another_batch_and_kept_pre_activations_change_no_bit() {
    for norm in Norm::ALL {
        for activation in Activation::ALL {
            for place in [Place::Before, Place::After] {
                let mut network = network(norm, activation, 3, &[7; 3]);
                network.spec.place = place;
                let mut network = crate::twin::Network::new(network.spec);
                draw::fill(&mut network, 300);
                check_buffers(&network, &format!("{norm:?} {activation:?} {place:?}"));
            }
        }
    }
}

/// Five examples through new buffers, through ones that held 33, and without keeping pre-activations.
fn check_buffers(network: &crate::twin::Network, what: &str) {
    let (x, labels) = (draw::rows(1, 5, 3), draw::labels(2, 5, 4));
    let fresh = Engine::like(network).pass(&x, &labels, Mode::Train);
    let mut used = Engine::like(network);
    used.pass(&draw::rows(5, 33, 3), &draw::labels(6, 33, 4), Mode::Train);
    assert_same(&used.pass(&x, &labels, Mode::Train), &fresh, &format!("{what} after 33"));
    used.tape.keep_pre_activations(false);
    let x = bridge::matrix(&x);
    used.mlp.forward(&x, nn::Mode::Train, &mut used.tape);
    assert_eq!(bridge::numbers(used.tape.logits()), fresh.logits, "{what} kept nothing");
    let labels: Vec<u8> = labels.iter().map(|label| *label as u8).collect();
    let (logits, d_logits) = used.tape.logits_and_gradient();
    nn::loss::softmax_cross_entropy(logits, &labels, d_logits);
    used.mlp.backward(&x, &mut used.tape, &mut used.grads, None);
    assert_eq!(bridge::read(&used.grads), fresh.gradients, "{what} kept nothing");
}

fn assert_same(found: &Pass, expected: &Pass, what: &str) {
    assert_eq!(
        (found.loss, &found.logits, &found.d_x),
        (expected.loss, &expected.logits, &expected.d_x),
        "{what}"
    );
    assert_eq!(found.gradients, expected.gradients, "{what}");
}
