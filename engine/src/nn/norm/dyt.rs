//! Dynamic tanh (Zhu et al. 2025, arXiv 2503.10622): a bounded activation in a norm's place, without statistics.
//!
//! ```text
//! t = tanh(alpha x)        y = gamma t + beta         (one alpha per layer)
//! d_t = gamma d_y          d_x = alpha d_t (1 - t^2)          d_alpha = sum d_t (1 - t^2) x
//! ```

use super::{NormParameters, lane_sum};
use crate::math::approx;
use crate::math::matrix::Matrix;

/// Where alpha starts, the paper's default.
pub const ALPHA_START: f32 = 0.5;

/// `x` and `y` are `[batch, width]`.
pub(super) fn forward(parameters: &NormParameters, x: &Matrix, y: &mut Matrix) {
    let alpha = alpha(parameters);
    let (gamma, beta) = (parameters.gamma.row(0), parameters.beta.row(0));
    for r in 0..x.rows() {
        let x = x.row(r);
        for (i, y) in y.row_mut(r).iter_mut().enumerate() {
            *y = gamma[i] * approx::tanh(alpha * x[i]) + beta[i];
        }
    }
}

/// `d` is `[batch, width]`: d_y on entry, d_x on return.
pub(super) fn backward(parameters: &NormParameters, x: &Matrix, d: &mut Matrix, grads: &mut NormParameters) {
    grads.gamma.clear();
    grads.beta.clear();
    let (d_gamma, d_beta) = (grads.gamma.row_mut(0), grads.beta.row_mut(0));
    let alpha = alpha(parameters);
    let gamma = parameters.gamma.row(0);
    let mut d_alpha = 0.0;
    for r in 0..x.rows() {
        let (x, d) = (x.row(r), d.row_mut(r));
        for i in 0..x.len() {
            let t = approx::tanh(alpha * x[i]);
            d_beta[i] += d[i];
            d_gamma[i] += d[i] * t;
            d[i] *= gamma[i] * (1.0 - t * t);
        }
        d_alpha += lane_sum(d.iter().zip(x).map(|(d, x)| d * x));
        d.iter_mut().for_each(|d| *d *= alpha);
    }
    if let Some(grad) = &mut grads.alpha {
        grad.set(0, 0, d_alpha);
    }
}

fn alpha(parameters: &NormParameters) -> f32 {
    parameters.alpha.as_ref().map_or(ALPHA_START, |alpha| alpha.get(0, 0))
}
