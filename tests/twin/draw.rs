//! Numbers by a formula of integers, the same here and in `reference/make.py`, exact in f32 and f64 alike.

use super::{Network, Rows};

/// Number `index` of a stream: a multiple of 2^-15 in [-1, 1).
pub fn number(stream: u32, index: u32) -> f64 {
    let mut h =
        stream.wrapping_mul(0x9e37_79b1).wrapping_add(index.wrapping_mul(0x85eb_ca6b)).wrapping_add(12345);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    f64::from(h >> 16) / 32768.0 - 1.0
}

/// `[examples][features]` from one stream, row by row.
pub fn rows(stream: u32, examples: usize, features: usize) -> Rows {
    let at = |example: usize, feature: usize| number(stream, (example * features + feature) as u32);
    (0..examples).map(|e| (0..features).map(|f| at(e, f)).collect()).collect()
}

/// Labels in `0..classes`.
pub fn labels(stream: u32, examples: usize, classes: usize) -> Vec<usize> {
    (0..examples).map(|e| (((number(stream, e as u32) + 1.0) / 2.0) * classes as f64) as usize).collect()
}

/// Random parameters of every kind: weights near He's spread, biases and betas in [-1/4, 1/4),
/// gammas in [3/4, 5/4), alphas in [3/8, 5/8). Layer and kind choose the stream.
pub fn fill(network: &mut Network, stream: u32) {
    let widths = network.spec.widths();
    for (name, values) in &mut network.parameters {
        let (layer, kind) = name.split_once('.').unwrap();
        let layer: usize = layer.parse().unwrap();
        let (centre, spread, index) = match kind {
            "weight" => (0.0, weight_spread(widths[layer]), 0),
            "bias" => (0.0, 0.25, 1),
            "gamma" => (1.0, 0.25, 2),
            "beta" => (0.0, 0.25, 3),
            "alpha" => (0.5, 0.125, 4),
            other => panic!("a new kind of parameter: {other}"),
        };
        let stream = stream + 8 * layer as u32 + index;
        for (i, value) in values.iter_mut().enumerate() {
            *value = centre + spread * number(stream, i as u32);
        }
    }
}

/// The largest power of two that keeps the standard deviation at or below He's `sqrt(2 / inputs)`: a uniform number
/// in [-s, s) has the variance `s^2 / 3`.
fn weight_spread(inputs: usize) -> f64 {
    let mut spread = 2.0;
    while spread * spread * inputs as f64 > 6.0 {
        spread /= 2.0;
    }
    spread
}
