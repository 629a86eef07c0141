//! Group norm (Wu & He 2018, arXiv 1803.08494): layer norm within groups of neighbouring features.
//!
//! The groups have equal size; [`super::NormConfig::groups_for`] says how many a width gets.

use super::{NormCache, NormParameters, layer};
use crate::math::matrix::Matrix;

/// `x` and `y` are `[batch, width]`; `groups` divides the width.
pub(super) fn forward(
    eps: f32,
    groups: usize,
    parameters: &NormParameters,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
) {
    let size = x.cols() / groups;
    cache.group_mean.resize(x.rows(), groups);
    cache.group_inverse_std.resize(x.rows(), groups);
    let (gamma, beta) = (parameters.gamma.row(0), parameters.beta.row(0));
    for r in 0..x.rows() {
        for g in 0..groups {
            let part = g * size..(g + 1) * size;
            let slice = &x.row(r)[part.clone()];
            let (mean, inverse) = layer::measure(slice, eps);
            cache.group_mean.set(r, g, mean);
            cache.group_inverse_std.set(r, g, inverse);
            let target = &mut y.row_mut(r)[part.clone()];
            layer::forward(slice, mean, inverse, &gamma[part.clone()], &beta[part], target);
        }
    }
}

/// `d` is `[batch, width]`: d_y on entry, d_x on return.
pub(super) fn backward(
    groups: usize,
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    d: &mut Matrix,
    grads: &mut NormParameters,
) {
    let size = x.cols() / groups;
    grads.gamma.clear();
    grads.beta.clear();
    let (d_gamma, d_beta) = (grads.gamma.row_mut(0), grads.beta.row_mut(0));
    let gamma = parameters.gamma.row(0);
    for r in 0..x.rows() {
        for g in 0..groups {
            let part = g * size..(g + 1) * size;
            let moments = (cache.group_mean.get(r, g), cache.group_inverse_std.get(r, g));
            layer::backward(
                &x.row(r)[part.clone()],
                moments,
                &gamma[part.clone()],
                &mut d.row_mut(r)[part.clone()],
                &mut d_gamma[part.clone()],
                &mut d_beta[part],
            );
        }
    }
}
