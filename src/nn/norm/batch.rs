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
use crate::math::lanes::F32x4;
use crate::math::matrix::Matrix;
use core::array::from_fn;

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
        let vectors = x.stride() / 4;
        let mut c = 0;
        while c + 4 <= vectors {
            self.measure_band::<4>(x, c);
            c += 4;
        }
        (c..vectors).for_each(|c| self.measure_band::<1>(x, c));
    }

    /// `4 * N` columns at once, so that their sums stay in registers: from vector `c` of the rows on.
    #[inline(always)]
    fn measure_band<const N: usize>(&mut self, x: &Matrix, c: usize) {
        let per_example = F32x4::splat(1.0 / x.rows() as f32);
        let first = load::<N>(x.fours(0), c);
        let mut sums = [F32x4::ZERO; N];
        for row in x.rows_of_fours() {
            let row = load::<N>(row, c);
            (0..N).for_each(|v| sums[v] += row[v] - first[v]);
        }
        let mean: [F32x4; N] = from_fn(|v| first[v] + sums[v] * per_example);
        let mut squares = [F32x4::ZERO; N];
        for row in x.rows_of_fours() {
            let row = load::<N>(row, c);
            for v in 0..N {
                let centred = row[v] - mean[v];
                squares[v] += centred * centred;
            }
        }
        store(mean, self.mean.fours_mut(0), c);
        store(squares.map(|sum| sum * per_example), self.variance.fours_mut(0), c);
    }
}

/// `N` vectors of a row from vector `c` on.
#[inline(always)]
fn load<const N: usize>(row: &[[f32; 4]], c: usize) -> [F32x4; N] {
    let part = &row[c..c + N];
    from_fn(|v| F32x4::load(&part[v]))
}

#[inline(always)]
fn store<const N: usize>(values: [F32x4; N], row: &mut [[f32; 4]], c: usize) {
    let part = &mut row[c..c + N];
    (0..N).for_each(|v| values[v].store(&mut part[v]));
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
    let (mean, inverse) = (cache.moments.mean.fours(0), cache.inverse_std.fours(0));
    let (gamma, beta) = (parameters.gamma.fours(0), parameters.beta.fours(0));
    for (x, y) in x.rows_of_fours().zip(y.rows_of_fours_mut()) {
        let settings = mean.iter().zip(inverse).zip(gamma.iter().zip(beta));
        for ((x, y), ((mean, inverse), (gamma, beta))) in x.iter().zip(y).zip(settings) {
            let normalised = (F32x4::load(x) - F32x4::load(mean)) * F32x4::load(inverse);
            (normalised * F32x4::load(gamma) + F32x4::load(beta)).store(y);
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
    let vectors = x.stride() / 4;
    let mut c = 0;
    while c + 2 <= vectors {
        backward_band::<2>(parameters, x, cache, d, grads, c);
        c += 2;
    }
    (c..vectors).for_each(|c| backward_band::<1>(parameters, x, cache, d, grads, c));
}

#[inline(always)]
fn backward_band<const N: usize>(
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    d: &mut Matrix,
    grads: &mut NormParameters,
    c: usize,
) {
    let mean = load::<N>(cache.moments.mean.fours(0), c);
    let inverse = load::<N>(cache.inverse_std.fours(0), c);
    let (mut sums, mut products) = ([F32x4::ZERO; N], [F32x4::ZERO; N]);
    for (x, d) in x.rows_of_fours().zip(d.rows_of_fours()) {
        let (x, d) = (load::<N>(x, c), load::<N>(d, c));
        for v in 0..N {
            sums[v] += d[v];
            products[v] += d[v] * (x[v] - mean[v]);
        }
    }
    let d_gamma: [F32x4; N] = from_fn(|v| products[v] * inverse[v]);
    store(sums, grads.beta.fours_mut(0), c);
    store(d_gamma, grads.gamma.fours_mut(0), c);
    // d_x = scale (d_y - shift - (x - mean) slope)
    let per_example = F32x4::splat(if cache.from_batch { 1.0 / x.rows() as f32 } else { 0.0 });
    let gamma = load::<N>(parameters.gamma.fours(0), c);
    let scale: [F32x4; N] = from_fn(|v| gamma[v] * inverse[v]);
    let shift: [F32x4; N] = from_fn(|v| sums[v] * per_example);
    let slope: [F32x4; N] = from_fn(|v| d_gamma[v] * per_example * inverse[v]);
    for (x, d) in x.rows_of_fours().zip(d.rows_of_fours_mut()) {
        let (x, d_y) = (load::<N>(x, c), load::<N>(d, c));
        store::<N>(from_fn(|v| scale[v] * (d_y[v] - shift[v] - (x[v] - mean[v]) * slope[v])), d, c);
    }
}
