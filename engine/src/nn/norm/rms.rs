//! RMS norm (Zhang & Sennrich 2019, arXiv 1910.07467): each example divided by its root mean square.
//!
//! ```text
//! xhat = x / sqrt(mean(x^2) + eps)        y = gamma xhat + beta
//! d_xhat = gamma d_y
//! d_x = (d_xhat - xhat mean(d_xhat xhat)) / sqrt(mean(x^2) + eps)
//! ```
//! The means run over the features of one example. The paper has no beta; here there is one, as in every other norm.

use super::{NormCache, NormParameters, inverse_root, lane_sum};
use crate::math::matrix::Matrix;

/// `x` and `y` are `[batch, width]`.
pub(super) fn forward(
    eps: f32,
    parameters: &NormParameters,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
) {
    cache.group_inverse_std.resize(x.rows(), 1);
    let per_feature = 1.0 / x.cols() as f32;
    let (gamma, beta) = (parameters.gamma.row(0), parameters.beta.row(0));
    for r in 0..x.rows() {
        let x = x.row(r);
        let inverse = inverse_root(lane_sum(x.iter().map(|v| v * v)) * per_feature, eps);
        cache.group_inverse_std.set(r, 0, inverse);
        for (i, y) in y.row_mut(r).iter_mut().enumerate() {
            *y = x[i] * inverse * gamma[i] + beta[i];
        }
    }
}

/// `d` is `[batch, width]`: d_y on entry, d_x on return.
pub(super) fn backward(
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    d: &mut Matrix,
    grads: &mut NormParameters,
) {
    grads.gamma.clear();
    grads.beta.clear();
    let (d_gamma, d_beta) = (grads.gamma.row_mut(0), grads.beta.row_mut(0));
    let per_feature = 1.0 / x.cols() as f32;
    let gamma = parameters.gamma.row(0);
    for r in 0..x.rows() {
        let (x, d) = (x.row(r), d.row_mut(r));
        let inverse = cache.group_inverse_std.get(r, 0);
        for i in 0..x.len() {
            d_beta[i] += d[i];
            d_gamma[i] += d[i] * (x[i] * inverse);
            d[i] *= gamma[i];
        }
        let along_xhat = lane_sum(d.iter().zip(x).map(|(d, x)| d * (x * inverse))) * per_feature;
        for (d, x) in d.iter_mut().zip(x) {
            *d = (*d - x * inverse * along_xhat) * inverse;
        }
    }
}
