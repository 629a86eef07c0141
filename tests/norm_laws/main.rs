//! What the papers promise of a norm, as tests of the engine: the laws of its statistics, what its output and gradient
//! must not depend on, and the edges where a statistic does not exist.
//!
//! Where a law says that something stays the same, a control shows that it would not without the norm (or on another
//! batch): a network that returned zeros would keep every invariance.

#[path = "../twin/mod.rs"]
mod twin;

mod edges;
mod invariance;
mod statistics;

use twin::activation::Activation;
use twin::norm::Norm;
use twin::{Network, Place, Rows, Spec, draw};

/// A network of equal layers under one norm before the activation, with random parameters of every kind.
fn network(norm: Norm, activation: Activation, inputs: usize, hidden: &[usize]) -> Network {
    let spec = Spec {
        inputs,
        hidden: hidden.to_vec(),
        classes: 4,
        activation,
        norm,
        place: Place::Before,
        affine: true,
        eps: f64::from(1e-5_f32),
        stat_momentum: f64::from(0.1_f32),
    };
    let mut network = Network::new(spec);
    draw::fill(&mut network, 300);
    network
}

/// Gamma 1 and beta 0 everywhere, as at the start of training.
fn without_scale_and_shift(mut network: Network) -> Network {
    for (name, values) in &mut network.parameters {
        match name.rsplit_once('.') {
            Some((_, "gamma")) => values.fill(1.0),
            Some((_, "beta")) => values.fill(0.0),
            _ => {}
        }
    }
    network
}

/// `(mean, biased variance)` of column `feature`.
fn moments(rows: &Rows, feature: usize) -> (f64, f64) {
    let m = rows.len() as f64;
    let mean = rows.iter().map(|row| row[feature]).sum::<f64>() / m;
    (mean, rows.iter().map(|row| (row[feature] - mean).powi(2)).sum::<f64>() / m)
}

/// The largest difference relative to the largest element of `expected`.
fn relative_difference(found: &[f64], expected: &[f64]) -> f64 {
    twin::compare::largest_difference(found, expected) / twin::compare::largest(expected)
}
