//! The norms of the hidden layers: which there are, their settings, and the dispatch to one file each.

pub mod batch;
pub mod dyt;
pub mod group;
pub mod layer;
pub mod rms;

use super::activation::Activation;
use crate::math::lanes::F32x4;
use crate::math::matrix::Matrix;
use batch::Moments;

/// The kind of norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Norm {
    /// No norm.
    #[default]
    None,
    /// Batch norm: mean and variance of each feature over the mini-batch.
    Batch,
    /// Layer norm: mean and variance of each example over its features.
    Layer,
    /// RMS norm: root mean square of each example over its features.
    Rms,
    /// Group norm: layer norm within groups of features.
    Group,
    /// Dynamic tanh: no statistics at all.
    DyT,
}

impl Norm {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::None, Self::Batch, Self::Layer, Self::Rms, Self::Group, Self::DyT];
}

/// A norm's settings; a setting that its kind does not use has no effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormConfig {
    /// The kind.
    pub norm: Norm,
    /// Added to the variance, inside the root. May be 0: where the variance is 0 too, x-hat and its gradient are 0.
    pub eps: f32,
    /// How fast batch norm's running values move: `new = (1 - rate) old + rate batch`.
    pub stat_momentum: f32,
    /// Whether gamma and beta are learnt; otherwise they stay 1 and 0. DyT's alpha is learnt either way.
    pub affine: bool,
    /// Group norm's number of groups, at most; see [`Self::groups_for`].
    pub groups: usize,
}

impl Default for NormConfig {
    fn default() -> Self {
        Self { norm: Norm::None, eps: 1e-5, stat_momentum: 0.1, affine: true, groups: 4 }
    }
}

impl NormConfig {
    /// The usual settings of one kind.
    pub fn of(norm: Norm) -> Self {
        Self { norm, ..Self::default() }
    }

    /// # Errors
    /// One sentence saying which setting is out of range.
    pub fn check(&self) -> Result<(), String> {
        if !(self.eps >= 0.0 && self.eps.is_finite()) {
            return Err(format!("The norm's eps must be 0 or more, not {}.", self.eps));
        }
        if !(0.0..=1.0).contains(&self.stat_momentum) {
            return Err(format!("The norm's momentum must lie between 0 and 1, not {}.", self.stat_momentum));
        }
        if self.groups == 0 {
            return Err("Group norm needs at least one group.".to_owned());
        }
        Ok(())
    }

    /// Group norm's number of groups for this width: the largest that divides it, is at most `groups`, and leaves
    /// each group two units. A unit alone is its own mean: nothing of it would be left.
    pub fn groups_for(&self, width: usize) -> usize {
        let most = self.groups.min(width / 2).max(1);
        (1..=most).rev().find(|groups| width.is_multiple_of(*groups)).unwrap_or(1)
    }
}

/// A norm's learnable numbers, or their gradients.
#[derive(Clone, Debug)]
pub struct NormParameters {
    /// `[1, width]`, the scale; starts at 1.
    pub gamma: Matrix,
    /// `[1, width]`, the shift; starts at 0.
    pub beta: Matrix,
    /// `[1, 1]`, DyT only; starts at 0.5.
    pub alpha: Option<Matrix>,
    /// Whether gamma and beta count as parameters; otherwise they stay as they started.
    pub(crate) learns_affine: bool,
}

impl NormParameters {
    /// The initial values, or none where there is no norm.
    pub fn new(config: &NormConfig, width: usize) -> Option<Self> {
        (config.norm != Norm::None).then(|| Self {
            gamma: Matrix::filled_row(width, 1.0),
            beta: Matrix::zeros(1, width),
            alpha: (config.norm == Norm::DyT).then(|| Matrix::filled_row(1, dyt::ALPHA_START)),
            learns_affine: config.affine,
        })
    }
}

/// What a norm's forward pass leaves for its backward pass.
#[derive(Clone, Debug, Default)]
pub struct NormCache {
    /// Batch norm: the mean and biased variance it normalised with.
    pub moments: Moments,
    /// Batch norm: whether those came from this very batch (their gradient then flows).
    pub from_batch: bool,
    /// Batch norm: `[1, width]`, `1 / sqrt(variance + eps)`.
    pub inverse_std: Matrix,
    /// Layer, RMS and group norm: `[batch, groups]`, the mean of each group (RMS: unused).
    pub group_mean: Matrix,
    /// Layer, RMS and group norm: `[batch, groups]`, `1 / sqrt(variance + eps)` (RMS: of the mean square).
    pub group_inverse_std: Matrix,
}

/// `y = norm(x)`, both `[batch, width]`. Batch norm takes its moments from the batch, or the `fixed` ones if given.
pub fn forward(
    config: &NormConfig,
    parameters: &NormParameters,
    fixed: Option<&Moments>,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
) {
    forward_then(config, parameters, fixed, x, cache, y, Activation::Linear);
}

/// Turns `d` from the gradient of `norm(x)` into that of `x`, and writes the gradients of gamma, beta and alpha (also
/// where they are not learnt: nobody reads them then).
pub fn backward(
    config: &NormConfig,
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    d: &mut Matrix,
    grads: &mut NormParameters,
) {
    backward_from(config, parameters, x, cache, (Activation::Linear, x), d, grads);
}

/// [`forward`] and the activation after it in one go: `y = then(norm(x))`.
pub(super) fn forward_then(
    config: &NormConfig,
    parameters: &NormParameters,
    fixed: Option<&Moments>,
    x: &Matrix,
    cache: &mut NormCache,
    y: &mut Matrix,
    then: Activation,
) {
    y.resize(x.rows(), x.cols());
    match config.norm {
        Norm::None => y.copy_from(x),
        // ReLU goes along in the same pass; what needs more registers is faster in a pass of its own.
        Norm::Batch if then == Activation::Relu => {
            return batch::forward(config.eps, parameters, fixed, x, cache, y, |y| {
                Activation::Relu.value4(y)
            });
        }
        Norm::Batch => batch::forward(config.eps, parameters, fixed, x, cache, y, |y| y),
        Norm::Layer => group::forward(config.eps, 1, parameters, x, cache, y),
        Norm::Group => group::forward(config.eps, config.groups_for(x.cols()), parameters, x, cache, y),
        Norm::Rms => rms::forward(config.eps, parameters, x, cache, y),
        Norm::DyT => dyt::forward(parameters, x, y),
    }
    then.forward(y.padded_values_mut());
}

/// [`backward`] and the activation's step before it: `d` starts as the gradient of `a = then(norm(x))`.
///
/// # Panics
/// If `then` needs its own input for its derivative: take that step first, and pass [`Activation::Linear`].
pub(super) fn backward_from(
    config: &NormConfig,
    parameters: &NormParameters,
    x: &Matrix,
    cache: &NormCache,
    (then, a): (Activation, &Matrix),
    d: &mut Matrix,
    grads: &mut NormParameters,
) {
    assert!(!then.needs_pre_activation(), "{then:?} is not differentiated from its output");
    if config.norm == Norm::Batch {
        // The usual activations go along in the first of its two passes.
        macro_rules! with {
            ($then:expr) => {
                return batch::backward(parameters, x, cache, a, d, grads, |a| $then.derivative4(a, a))
            };
        }
        match then {
            Activation::Sigmoid => with!(Activation::Sigmoid),
            Activation::Tanh => with!(Activation::Tanh),
            Activation::Relu => with!(Activation::Relu),
            _ => {}
        }
    }
    if then != Activation::Linear {
        then.backward(a.padded_values(), a.padded_values(), d.padded_values_mut());
    }
    match config.norm {
        Norm::None => {}
        Norm::Batch => {
            batch::backward(parameters, x, cache, a, d, grads, |a| Activation::Linear.derivative4(a, a));
        }
        Norm::Layer => group::backward(1, parameters, x, cache, d, grads),
        Norm::Group => group::backward(config.groups_for(x.cols()), parameters, x, cache, d, grads),
        Norm::Rms => rms::backward(parameters, x, cache, d, grads),
        Norm::DyT => dyt::backward(parameters, x, d, grads),
    }
}

/// `1 / sqrt(variance + eps)`, or 0 where that root is 0 (a constant feature with eps 0): x-hat and its gradient are
/// then 0. NaN stays NaN.
#[inline(always)]
fn inverse_root4(variance: F32x4, eps: F32x4) -> F32x4 {
    let sum = variance + eps;
    sum.if_positive(F32x4::splat(1.0) / sum.sqrt(), sum)
}

/// The same of one number.
#[inline(always)]
fn inverse_root(variance: f32, eps: f32) -> f32 {
    inverse_root4(F32x4::splat(variance), F32x4::splat(eps)).to_array()[0]
}

/// The sum in four interleaved lanes, joined as (0 + 1) + (2 + 3); what is left over starts at lane 0.
#[inline]
fn lane_sum(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let mut lanes = [0.0_f32; 4];
    for (i, value) in values.enumerate() {
        lanes[i % 4] += value;
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
