//! Layer norm (Ba, Kiros & Hinton 2016, arXiv 1607.06450): each example over its features.
//!
//! ```text
//! mean, variance over the features of one example (biased)
//! xhat = (x - mean) / sqrt(variance + eps)        y = gamma xhat + beta
//! d_xhat = gamma d_y
//! d_x = (d_xhat - mean(d_xhat) - xhat mean(d_xhat xhat)) / sqrt(variance + eps)
//! ```
//! The functions here treat one slice of one example; group norm calls them once per group, layer norm is one group.
//! Sums are of the distance from the slice's first value, so a constant slice has variance exactly 0.

use super::{inverse_root, lane_sum};

/// Mean and `1 / sqrt(variance + eps)` of one slice.
pub(super) fn measure(x: &[f32], eps: f32) -> (f32, f32) {
    let per_feature = 1.0 / x.len() as f32;
    let mean = x[0] + lane_sum(x.iter().map(|v| v - x[0])) * per_feature;
    let variance = lane_sum(x.iter().map(|v| (v - mean) * (v - mean))) * per_feature;
    (mean, inverse_root(variance, eps))
}

/// `y = gamma xhat + beta` on one slice.
pub(super) fn forward(x: &[f32], mean: f32, inverse: f32, gamma: &[f32], beta: &[f32], y: &mut [f32]) {
    for (i, y) in y.iter_mut().enumerate() {
        *y = (x[i] - mean) * inverse * gamma[i] + beta[i];
    }
}

/// One slice: `d` is d_y on entry, d_x on return; d_gamma and d_beta grow by this example's part.
pub(super) fn backward(
    x: &[f32],
    (mean, inverse): (f32, f32),
    gamma: &[f32],
    d: &mut [f32],
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
) {
    let per_feature = 1.0 / x.len() as f32;
    for i in 0..x.len() {
        d_beta[i] += d[i];
        d_gamma[i] += d[i] * ((x[i] - mean) * inverse);
        d[i] *= gamma[i];
    }
    let along_one = lane_sum(d.iter().copied()) * per_feature;
    let along_xhat = lane_sum(d.iter().zip(x).map(|(d, x)| d * ((x - mean) * inverse))) * per_feature;
    for (d, x) in d.iter_mut().zip(x) {
        *d = (*d - along_one - (x - mean) * inverse * along_xhat) * inverse;
    }
}
