//! The activations and their derivatives, each written as its definition.

/// The non-linearity of the hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Sigmoid,
    Tanh,
    Relu,
    /// Slope 0.01 for negative input.
    LeakyRelu,
    /// `x * Phi(x)` with the exact normal distribution function, no tanh approximation.
    Gelu,
    Linear,
}

impl Activation {
    pub const ALL: [Self; 6] =
        [Self::Sigmoid, Self::Tanh, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Linear];

    /// Whether the derivative jumps at 0.
    pub fn has_kink(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu)
    }

    /// The activation of `x`; `positive` says on which side of a kink it counts.
    pub fn value(self, x: f64, positive: bool) -> f64 {
        match self {
            Self::Sigmoid => sigmoid(x),
            Self::Tanh => x.tanh(),
            Self::Relu => {
                if positive {
                    x
                } else {
                    0.0
                }
            }
            Self::LeakyRelu => {
                if positive {
                    x
                } else {
                    0.01 * x
                }
            }
            Self::Gelu => x * normal_cdf(x),
            Self::Linear => x,
        }
    }

    /// Its derivative at `x`. `keep` is how the network keeps a number: where a unit saturates, what f32 keeps of
    /// its output decides the derivative.
    pub fn slope(self, x: f64, positive: bool, keep: &impl Fn(f64) -> f64) -> f64 {
        match self {
            Self::Sigmoid => {
                let a = keep(sigmoid(x));
                a * (1.0 - a)
            }
            Self::Tanh => {
                let a = keep(x.tanh());
                1.0 - keep(a * a)
            }
            Self::Relu => {
                if positive {
                    1.0
                } else {
                    0.0
                }
            }
            Self::LeakyRelu => {
                if positive {
                    1.0
                } else {
                    0.01
                }
            }
            Self::Gelu => keep(normal_cdf(x)) + keep(x * normal_density(x)),
            Self::Linear => 1.0,
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * (1.0 + libm::erf(x / 2.0_f64.sqrt()))
}

fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}
