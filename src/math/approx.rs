//! exp, tanh, sigmoid and erf with the same bits natively and in every browser.
//!
//! Only + - x / and bit moves, or `libm`; never std's, which differ from platform to platform.
//! NaN stays NaN.

/// e^x.
#[inline]
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// Hyperbolic tangent.
#[inline]
pub fn tanh(x: f32) -> f32 {
    libm::tanhf(x)
}

/// 1 / (1 + e^-x).
#[inline]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The normal distribution function: the probability that a standard normal number is below x.
#[inline]
pub fn normal_cdf(x: f32) -> f32 {
    0.5 * (1.0 + libm::erff(x * core::f32::consts::FRAC_1_SQRT_2))
}
