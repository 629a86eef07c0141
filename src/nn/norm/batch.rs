//! Batch norm (Ioffe & Szegedy 2015, arXiv 1502.03167, algorithm 1): each feature over the mini-batch.
//!
//! ```text
//! mean = sum_i x_i / m              variance = sum_i (x_i - mean)^2 / m      (biased: 1/m)
//! xhat = (x - mean) / sqrt(variance + eps)        y = gamma xhat + beta
//! ```
//! Backward, with sums over the batch of m examples:
//! ```text
//! d_gamma = sum d_y xhat            d_beta = sum d_y
//! d_x = gamma / sqrt(variance + eps) (d_y - d_beta / m - xhat d_gamma / m)
//! ```
//! The running variance follows the *unbiased* batch variance, m / (m - 1) times the biased one, as the paper's
//! inference does. Sums run over rows, row 0 first, of the distance from row 0, so a constant feature has variance
//! exactly 0. With fixed moments (evaluation) mean and variance are constants and `d_x = gamma d_y / sqrt(..)`.

use super::{NormCache, NormParameters, inverse_root};
use crate::math::matrix::Matrix;

/// Mean and variance of each feature, `[1, width]` each.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    /// Mean.
    pub mean: Matrix,
    /// Variance: biased where it normalises, unbiased in the running values.
    pub variance: Matrix,
}

impl Moments {
    /// Where running values start: mean 0, variance 1.
    pub fn start(width: usize) -> Self {
        Self { mean: Matrix::zeros(1, width), variance: Matrix::filled_row(width, 1.0) }
    }

    /// Moves running values towards a batch of `m` examples: `new = (1 - rate) old + rate batch`, the batch's
    /// variance made unbiased. With one example there is no unbiased variance, and the old one stays.
    pub fn follow(&mut self, batch: &Self, m: usize, rate: f32) {
        let keep = 1.0 - rate;
        let unbiased = m as f32 / (m - 1).max(1) as f32;
        for (old, new) in self.mean.row_mut(0).iter_mut().zip(batch.mean.row(0)) {
            *old = keep * *old + rate * new;
        }
        if m > 1 {
            for (old, new) in self.variance.row_mut(0).iter_mut().zip(batch.variance.row(0)) {
                *old = keep * *old + rate * (unbiased * new);
            }
        }
    }

    /// Mean and biased variance of each column of `x`.
    fn measure(&mut self, x: &Matrix) {
        self.mean.resize(1, x.cols());
        self.variance.resize(1, x.cols());
        let (mean, variance) = (self.mean.padded_row_mut(0), self.variance.padded_row_mut(0));
        let per_example = 1.0 / x.rows() as f32;
        let first = x.padded_row(0);
        mean.fill(0.0);
        for r in 1..x.rows() {
            for ((sum, x), first) in mean.iter_mut().zip(x.padded_row(r)).zip(first) {
                *sum += x - first;
            }
        }
        mean.iter_mut().zip(first).for_each(|(mean, first)| *mean = first + *mean * per_example);
        variance.fill(0.0);
        for r in 0..x.rows() {
            for ((sum, x), mean) in variance.iter_mut().zip(x.padded_row(r)).zip(&*mean) {
                let centred = x - mean;
                *sum += centred * centred;
            }
        }
        variance.iter_mut().for_each(|variance| *variance *= per_example);
    }
}

/// `x` and `y` are `[batch, width]`.
pub(super) fn forward(
    eps: f32,
    parameters: &NormParameters,
    fixed: Option<&Moments>,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
) {
    cache.from_batch = fixed.is_none();
    match fixed {
        None => cache.moments.measure(x),
        Some(moments) => {
            cache.moments.mean.copy_from(&moments.mean);
            cache.moments.variance.copy_from(&moments.variance);
        }
    }
    cache.inverse_std.resize(1, x.cols());
    let variances = cache.moments.variance.padded_row(0);
    for (inverse, variance) in cache.inverse_std.padded_row_mut(0).iter_mut().zip(variances) {
        *inverse = inverse_root(*variance, eps);
    }
    let (mean, inverse) = (cache.moments.mean.padded_row(0), cache.inverse_std.padded_row(0));
    let (gamma, beta) = (parameters.gamma.padded_row(0), parameters.beta.padded_row(0));
    for r in 0..x.rows() {
        let (x, y) = (x.padded_row(r), y.padded_row_mut(r));
        for c in 0..y.len() {
            y[c] = (x[c] - mean[c]) * inverse[c] * gamma[c] + beta[c];
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
    let (mean, inverse) = (cache.moments.mean.padded_row(0), cache.inverse_std.padded_row(0));
    let (d_gamma, d_beta) = (grads.gamma.padded_row_mut(0), grads.beta.padded_row_mut(0));
    d_gamma.fill(0.0);
    d_beta.fill(0.0);
    for r in 0..x.rows() {
        let (x, d_y) = (x.padded_row(r), d.padded_row(r));
        for c in 0..x.len() {
            d_beta[c] += d_y[c];
            d_gamma[c] += d_y[c] * ((x[c] - mean[c]) * inverse[c]);
        }
    }
    let per_example = if cache.from_batch { 1.0 / x.rows() as f32 } else { 0.0 };
    let gamma = parameters.gamma.padded_row(0);
    for r in 0..x.rows() {
        let (x, d) = (x.padded_row(r), d.padded_row_mut(r));
        for c in 0..x.len() {
            let normalised = (x[c] - mean[c]) * inverse[c];
            let through_moments = d_beta[c] * per_example + normalised * (d_gamma[c] * per_example);
            d[c] = gamma[c] * inverse[c] * (d[c] - through_moments);
        }
    }
}
