//! The non-linearities: each function beside its derivative.
//!
//! All but GELU find their derivative from their own output, so a pre-activation need not be kept for them.

use crate::math::approx;

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

impl Activation {
    /// Every activation, in the order of a menu.
    pub const ALL: [Self; 6] =
        [Self::Sigmoid, Self::Tanh, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Linear];

    /// `a = f(y)`. NaN stays NaN.
    #[inline]
    pub fn value(self, y: f32) -> f32 {
        match self {
            Self::Sigmoid => approx::sigmoid(y),
            Self::Tanh => approx::tanh(y),
            Self::Relu => {
                if y < 0.0 {
                    0.0
                } else {
                    y
                }
            }
            Self::LeakyRelu => {
                if y < 0.0 {
                    LEAKY_SLOPE * y
                } else {
                    y
                }
            }
            Self::Gelu => y * approx::normal_cdf(y),
            Self::Linear => y,
        }
    }

    /// `f'(y)`, given y and `a = f(y)`. At the kink of the two ReLUs it is the slope below zero.
    #[inline]
    pub fn derivative(self, y: f32, a: f32) -> f32 {
        match self {
            Self::Sigmoid => a * (1.0 - a),
            Self::Tanh => 1.0 - a * a,
            Self::Relu => {
                if a > 0.0 {
                    1.0
                } else {
                    0.0
                }
            }
            Self::LeakyRelu => {
                if a > 0.0 {
                    1.0
                } else {
                    LEAKY_SLOPE
                }
            }
            Self::Gelu => {
                let density = NORMAL_DENSITY_AT_0 * approx::exp(-0.5 * y * y);
                approx::normal_cdf(y) + y * density
            }
            Self::Linear => 1.0,
        }
    }

    /// Whether [`Self::derivative`] reads the pre-activation.
    pub fn needs_pre_activation(self) -> bool {
        self == Self::Gelu
    }

    /// `values = f(values)`.
    pub fn forward(self, values: &mut [f32]) {
        values.iter_mut().for_each(|v| *v = self.value(*v));
    }

    /// `d = d f'(y)`: from the gradient of the activation to that of the pre-activation. `y` may be anything of the
    /// right length unless [`Self::needs_pre_activation`].
    pub fn backward(self, y: &[f32], a: &[f32], d: &mut [f32]) {
        for ((d, y), a) in d.iter_mut().zip(y).zip(a) {
            *d *= self.derivative(*y, *a);
        }
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
                let exact = activation.derivative(y, activation.value(y));
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
