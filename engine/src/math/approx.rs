//! exp, tanh, sigmoid, with the same bits natively and in every browser: only + - x / and bit moves, four at a time.
//!
//! std's functions differ from platform to platform, and one call per number would cost more than the matrix
//! products. The polynomials are our own minimax fits (relative error, found by reweighted least squares). Each
//! of these states its worst error in units in the last place of the exact result (ulp); the tests check it on a
//! thousandth of all f32. NaN stays NaN. The normal distribution function goes through `libm`.

use super::lanes::F32x4;

/// 1.5 * 2^23: added to a small number, it leaves the nearest whole number in the low bits.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts, the first short enough for its product with any exponent to be exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// `e^r = 1 + r (E1 + E2 r + ..)` for |r| <= ln 2 / 2, to 9.1e-8.
const EXP: [f32; 5] = [0.999_999_7, 0.499_991_5, 0.166_676_36, 0.041_897_93, 0.008_290_315];
/// `tanh x = x P(x^2) / Q(x^2)` for |x| <= 9.02, to 2.1e-8, lowest power first.
const TANH_P: [f32; 5] = [1.0, 0.133_797_11, 0.003_494_026_1, 2.058_333_4e-5, 1.331_885_8e-8];
const TANH_Q: [f32; 5] = [1.0, 0.467_130_26, 0.025_871_042, 0.000_328_307_86, 7.761_933_7e-7];
/// Beyond this, tanh is 1 in f32.
const TANH_END: f32 = 9.02;

/// `c[0] + c[1] x + ..`
#[inline(always)]
fn polynomial<const N: usize>(coefficients: [f32; N], x: F32x4) -> F32x4 {
    let [rest @ .., highest] = coefficients.as_slice() else { return F32x4::ZERO };
    rest.iter().rev().fold(F32x4::splat(*highest), |sum, c| sum * x + F32x4::splat(*c))
}

/// Below this a value that only adds to larger ones counts as 0. Its products with gradients would be denormal
/// numbers, which some processors handle a hundred times more slowly: 2^-100.
pub const TINY: f32 = 7.888_609e-31;

/// e^x, within 2.5 ulp; 0 where it would be below 2^-100, and never above 1.7e38 = e^88.
#[inline(always)]
pub fn exp4(x: F32x4) -> F32x4 {
    let x = x.at_least(F32x4::splat(-87.0)).at_most(F32x4::splat(88.0));
    let shifted = x * F32x4::splat(core::f32::consts::LOG2_E) + F32x4::splat(ROUNDER);
    let n = shifted - F32x4::splat(ROUNDER);
    let r = x - n * F32x4::splat(LN_2_HIGH) - n * F32x4::splat(LN_2_LOW);
    let e = (F32x4::splat(1.0) + r * polynomial(EXP, r)) * shifted.power_of_two();
    e.zero_within(F32x4::splat(TINY))
}

/// Hyperbolic tangent, within 6 ulp (3.4e-7), and never beyond -1 and 1.
#[inline(always)]
pub fn tanh4(x: F32x4) -> F32x4 {
    let x = x.at_least(F32x4::splat(-TANH_END)).at_most(F32x4::splat(TANH_END));
    let square = x * x;
    let t = x * polynomial(TANH_P, square) / polynomial(TANH_Q, square);
    t.at_least(F32x4::splat(-1.0)).at_most(F32x4::splat(1.0))
}

/// 1 / (1 + e^-x), within 4 ulp; 0 where it would be below 2^-100.
#[inline(always)]
pub fn sigmoid4(x: F32x4) -> F32x4 {
    let e = exp4(x);
    e / (F32x4::splat(1.0) + e)
}

/// e^x of one number; see [`exp4`].
pub fn exp(x: f32) -> f32 {
    exp4(F32x4::splat(x)).to_array()[0]
}

/// `values = e^values`; what does not fill four at the end is left alone, so give it padded rows.
pub fn exp_all(values: &mut [f32]) {
    values.as_chunks_mut().0.iter_mut().for_each(|four| exp4(F32x4::load(four)).store(four));
}

/// tanh of one number; see [`tanh4`].
pub fn tanh(x: f32) -> f32 {
    tanh4(F32x4::splat(x)).to_array()[0]
}

/// Sigmoid of one number; see [`sigmoid4`].
pub fn sigmoid(x: f32) -> f32 {
    sigmoid4(F32x4::splat(x)).to_array()[0]
}

/// The normal distribution function, the probability that a standard normal number is below x, by `libm::erff`:
/// within 1e-7.
pub fn normal_cdf4(x: F32x4) -> F32x4 {
    let one = |x: f32| 0.5 * (1.0 + libm::erff(x * core::f32::consts::FRAC_1_SQRT_2));
    F32x4::load(&x.to_array().map(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worst error in ulp of the exact result, over every 997th float within the limits, both signs.
    fn worst(f: fn(f32) -> f32, exact: fn(f64) -> f64, limit: f32) -> f64 {
        let mut worst = (0.0, 0.0);
        for bits in (0..limit.to_bits()).step_by(997) {
            // What is 0 by definition has no relative error.
            let in_range = |x: &f32| exact(f64::from(*x)) >= 1.01 * f64::from(TINY) || f(-1.0) < 0.0;
            for x in [f32::from_bits(bits), -f32::from_bits(bits)].into_iter().filter(in_range) {
                let (found, expected) = (f64::from(f(x)), exact(f64::from(x)));
                let exponent = expected.abs().max(1.2e-38).log2().floor() as i32;
                let error = (found - expected).abs() / 2.0_f64.powi(exponent - 23);
                if error > worst.0 {
                    worst = (error, x);
                }
            }
        }
        println!("worst error {} ulp at {}", worst.0, worst.1);
        worst.0
    }

    #[test]
    fn exp_is_within_its_stated_error() {
        assert!(worst(exp, f64::exp, 87.0) < 2.5);
        assert!(exp(-70.0) == 0.0 && exp(-1e30) == 0.0 && exp(1e30).is_finite() && exp(f32::NAN).is_nan());
    }

    #[test]
    fn tanh_is_within_its_stated_error_odd_and_bounded() {
        assert!(worst(tanh, f64::tanh, f32::INFINITY) < 6.0);
        for bits in (0..f32::INFINITY.to_bits()).step_by(101) {
            let t = tanh(f32::from_bits(bits));
            assert!(t <= 1.0 && tanh(-f32::from_bits(bits)) == -t, "{}", f32::from_bits(bits));
        }
        assert!(tanh(f32::NAN).is_nan());
    }

    #[test]
    fn sigmoid_is_within_its_stated_error() {
        assert!(worst(sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 87.0) < 4.0);
        assert!(sigmoid(-70.0) == 0.0 && sigmoid(1e30) == 1.0 && sigmoid(f32::NAN).is_nan());
    }
}
