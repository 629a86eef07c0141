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

use super::{NormCache, NormParameters, inverse_root4};
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
        let (keep, rate) = (F32x4::splat(1.0 - rate), F32x4::splat(rate));
        for (old, new) in self.mean.fours_mut(0).iter_mut().zip(batch.mean.fours(0)) {
            (keep * F32x4::load(old) + rate * F32x4::load(new)).store(old);
        }
        if m > 1 {
            let unbiased = F32x4::splat(m as f32 / (m - 1) as f32);
            for (old, new) in self.variance.fours_mut(0).iter_mut().zip(batch.variance.fours(0)) {
                (keep * F32x4::load(old) + rate * (unbiased * F32x4::load(new))).store(old);
            }
        }
    }
}

/// Mean and biased variance of `4 * N` columns of `x`, from vector `c` of the rows on.
#[inline(always)]
fn measure<const N: usize>(x: &Matrix, c: usize) -> ([F32x4; N], [F32x4; N]) {
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
    (mean, squares.map(|sum| sum * per_example))
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

/// `y = finish(norm(x))`, both `[batch, width]`: `finish` is the activation, or nothing.
#[inline(always)]
pub(super) fn forward(
    eps: f32,
    parameters: &NormParameters,
    fixed: Option<&Moments>,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
    finish: impl Fn(F32x4) -> F32x4,
) {
    cache.from_batch = fixed.is_none();
    cache.moments.mean.resize(1, x.cols());
    cache.moments.variance.resize(1, x.cols());
    cache.inverse_std.resize(1, x.cols());
    // Columns by the band, so that their sums stay in registers and their numbers near the processor.
    let vectors = x.stride() / 4;
    let mut c = 0;
    while c + 4 <= vectors {
        forward_band::<4>(eps, parameters, fixed, x, cache, y, c, &finish);
        c += 4;
    }
    (c..vectors).for_each(|c| forward_band::<1>(eps, parameters, fixed, x, cache, y, c, &finish));
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "one pass over one band, with everything the pass needs")]
fn forward_band<const N: usize>(
    eps: f32,
    parameters: &NormParameters,
    fixed: Option<&Moments>,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
    c: usize,
    finish: &impl Fn(F32x4) -> F32x4,
) {
    let (mean, variance) = match fixed {
        None => measure::<N>(x, c),
        Some(moments) => (load(moments.mean.fours(0), c), load(moments.variance.fours(0), c)),
    };
    let inverse = variance.map(|variance| inverse_root4(variance, F32x4::splat(eps)));
    store(mean, cache.moments.mean.fours_mut(0), c);
    store(variance, cache.moments.variance.fours_mut(0), c);
    store(inverse, cache.inverse_std.fours_mut(0), c);
    let gamma = load::<N>(parameters.gamma.fours(0), c);
    let beta = load::<N>(parameters.beta.fours(0), c);
    let scale: [F32x4; N] = from_fn(|v| inverse[v] * gamma[v]);
    for (x, y) in x.rows_of_fours().zip(y.rows_of_fours_mut()) {
        let x = load::<N>(x, c);
        store::<N>(from_fn(|v| finish((x[v] - mean[v]) * scale[v] + beta[v])), y, c);
    }
}

/// `d` is `[batch, width]`: on entry the gradient of what follows the norm, which `slope(a)` times turns into d_y; on
/// return d_x. `a` is the activation that follows, or anything of the right shape.
#[inline(always)]
pub(super) fn backward(
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    a: &Matrix,
    d: &mut Matrix,
    grads: &mut NormParameters,
    slope: impl Fn(F32x4) -> F32x4,
) {
    let vectors = x.stride() / 4;
    let mut c = 0;
    while c + 2 <= vectors {
        backward_band::<2>(parameters, x, cache, a, d, grads, c, &slope);
        c += 2;
    }
    (c..vectors).for_each(|c| backward_band::<1>(parameters, x, cache, a, d, grads, c, &slope));
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "two passes over one band, with everything the passes need")]
fn backward_band<const N: usize>(
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    a: &Matrix,
    d: &mut Matrix,
    grads: &mut NormParameters,
    c: usize,
    slope: &impl Fn(F32x4) -> F32x4,
) {
    let mean = load::<N>(cache.moments.mean.fours(0), c);
    let inverse = load::<N>(cache.inverse_std.fours(0), c);
    let (mut sums, mut products) = ([F32x4::ZERO; N], [F32x4::ZERO; N]);
    for ((x, a), d) in x.rows_of_fours().zip(a.rows_of_fours()).zip(d.rows_of_fours_mut()) {
        let (x, a, d_a) = (load::<N>(x, c), load::<N>(a, c), load::<N>(d, c));
        let d_y: [F32x4; N] = from_fn(|v| d_a[v] * slope(a[v]));
        for v in 0..N {
            sums[v] += d_y[v];
            products[v] += d_y[v] * (x[v] - mean[v]);
        }
        store(d_y, d, c);
    }
    let d_gamma: [F32x4; N] = from_fn(|v| products[v] * inverse[v]);
    store(sums, grads.beta.fours_mut(0), c);
    store(d_gamma, grads.gamma.fours_mut(0), c);
    // d_x = scale (d_y - shift - (x - mean) tilt)
    let per_example = F32x4::splat(if cache.from_batch { 1.0 / x.rows() as f32 } else { 0.0 });
    let gamma = load::<N>(parameters.gamma.fours(0), c);
    let scale: [F32x4; N] = from_fn(|v| gamma[v] * inverse[v]);
    let shift: [F32x4; N] = from_fn(|v| sums[v] * per_example);
    let tilt: [F32x4; N] = from_fn(|v| d_gamma[v] * per_example * inverse[v]);
    for (x, d) in x.rows_of_fours().zip(d.rows_of_fours_mut()) {
        let (x, d_y) = (load::<N>(x, c), load::<N>(d, c));
        store::<N>(from_fn(|v| scale[v] * (d_y[v] - shift[v] - (x[v] - mean[v]) * tilt[v])), d, c);
    }
}
