//! The non-linearities: each function beside its derivative.
//!
//! All but GELU find their derivative from their own output, so a pre-activation need not be kept for them.

use crate::math::approx;
use crate::math::lanes::F32x4;

/// The activation of the hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Activation {
    /// 1 / (1 + e^-y).
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// max(0, y).
    #[default]
    Relu,
    /// y, or 0.01 y below zero.
    LeakyRelu,
    /// y Phi(y), Phi the normal distribution function: the exact form (Hendrycks & Gimpel 2016).
    Gelu,
    /// y itself.
    Linear,
}

/// Leaky ReLU's slope below zero.
pub const LEAKY_SLOPE: f32 = 0.01;

/// 1 / sqrt(2 pi).
const NORMAL_DENSITY_AT_0: f32 = 0.398_942_3;

/// Evaluates an expression once for each activation, as a constant: the choice is made once, outside of the loops.
macro_rules! for_activation {
    ($activation:expr, $constant:ident => $body:expr) => {
        match $activation {
            Activation::Sigmoid => {
                const $constant: Activation = Activation::Sigmoid;
                $body
            }
            Activation::Tanh => {
                const $constant: Activation = Activation::Tanh;
                $body
            }
            Activation::Relu => {
                const $constant: Activation = Activation::Relu;
                $body
            }
            Activation::LeakyRelu => {
                const $constant: Activation = Activation::LeakyRelu;
                $body
            }
            Activation::Gelu => {
                const $constant: Activation = Activation::Gelu;
                $body
            }
            Activation::Linear => {
                const $constant: Activation = Activation::Linear;
                $body
            }
        }
    };
}

impl Activation {
    /// Every activation.
    pub const ALL: [Self; 6] =
        [Self::Sigmoid, Self::Tanh, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Linear];

    /// `a = f(y)`. NaN stays NaN.
    #[inline(always)]
    pub(super) fn value4(self, y: F32x4) -> F32x4 {
        match self {
            Self::Sigmoid => approx::sigmoid4(y),
            Self::Tanh => approx::tanh4(y),
            Self::Relu => y.at_least(F32x4::ZERO),
            Self::LeakyRelu => y.at_least(F32x4::splat(LEAKY_SLOPE) * y),
            Self::Gelu => y * approx::normal_cdf4(y),
            Self::Linear => y,
        }
    }

    /// `f'(y)`, given y and `a = f(y)`. At the kink of the two ReLUs it is the slope below zero.
    #[inline(always)]
    pub(super) fn derivative4(self, y: F32x4, a: F32x4) -> F32x4 {
        let one = F32x4::splat(1.0);
        match self {
            Self::Sigmoid => a * (one - a),
            Self::Tanh => one - a * a,
            Self::Relu => a.if_positive(one, F32x4::ZERO),
            Self::LeakyRelu => a.if_positive(one, F32x4::splat(LEAKY_SLOPE)),
            Self::Gelu => {
                let density = F32x4::splat(NORMAL_DENSITY_AT_0) * approx::exp4(F32x4::splat(-0.5) * y * y);
                approx::normal_cdf4(y) + y * density
            }
            Self::Linear => one,
        }
    }

    /// `f(y)` of one number: the same bits as in [`Self::forward`].
    pub fn value(self, y: f32) -> f32 {
        self.value4(F32x4::splat(y)).to_array()[0]
    }

    /// Whether the derivative reads the pre-activation.
    pub fn needs_pre_activation(self) -> bool {
        self == Self::Gelu
    }

    /// `values = f(values)`, padded rows and all.
    ///
    /// # Panics
    /// If the length is not a multiple of 4.
    pub fn forward(self, values: &mut [f32]) {
        for_activation!(self, SELF => each(values, |y| SELF.value4(y)));
    }

    /// `d = d f'(y)`: from the gradient of the activation to that of the pre-activation, padded rows and all. `y` may
    /// be anything of the right length unless [`Self::needs_pre_activation`].
    ///
    /// # Panics
    /// If the lengths differ or are not a multiple of 4.
    pub fn backward(self, y: &[f32], a: &[f32], d: &mut [f32]) {
        for_activation!(self, SELF => each_slope(y, a, d, |y, a| SELF.derivative4(y, a)));
    }
}

#[inline(always)]
fn each(values: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    let (fours, rest) = values.as_chunks_mut::<4>();
    assert!(rest.is_empty(), "rows are padded to four");
    for four in fours {
        f(F32x4::load(four)).store(four);
    }
}

#[inline(always)]
fn each_slope(y: &[f32], a: &[f32], d: &mut [f32], slope: impl Fn(F32x4, F32x4) -> F32x4) {
    let (fours, rest) = d.as_chunks_mut::<4>();
    assert!(rest.is_empty() && y.len() == a.len() && a.len() == 4 * fours.len(), "rows are padded to four");
    let read = y.as_chunks::<4>().0.iter().zip(a.as_chunks::<4>().0);
    for (four, (y, a)) in fours.iter_mut().zip(read) {
        (F32x4::load(four) * slope(F32x4::load(y), F32x4::load(a))).store(four);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_match_central_differences() {
        for activation in Activation::ALL {
            for i in -40..=40 {
                let y = i as f32 * 0.173 + 0.01;
                let h = 0.01_f32;
                let numeric = (activation.value(y + h) - activation.value(y - h)) / (2.0 * h);
                let [y4, a4] = [y, activation.value(y)].map(F32x4::splat);
                let exact = activation.derivative4(y4, a4).to_array()[0];
                assert!((numeric - exact).abs() < 1e-4, "{activation:?} at {y}: {numeric} {exact}");
            }
        }
    }

    #[test]
    fn nan_is_never_hidden() {
        for activation in Activation::ALL {
            assert!(activation.value(f32::NAN).is_nan(), "{activation:?}");
        }
    }
}
