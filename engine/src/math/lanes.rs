//! Four f32 lanes, and the register tile of the matrix product: with what is below, the only place where `unsafe` is
//! allowed.
//!
//! The lanes are one register where wasm has simd128 and on x86-64, and elsewhere a plain array of four; all do the
//! same operations in the same order and give the same bits, which a test compares. There is no fused multiply-add and
//! no relaxed SIMD: both would round differently from computer to computer.

#![allow(
    unsafe_code,
    reason = "the product's inner loop and four-lane loads and stores go through raw pointers, and processors are asked by name"
)]

use core::ops::{Add, AddAssign, Deref, DerefMut, Div, Mul, Neg, Sub};
use core::slice::{from_raw_parts, from_raw_parts_mut};

#[cfg(any(test, not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128")))))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod sse2;
mod tile;

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
use portable as register;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128 as register;
#[cfg(target_arch = "x86_64")]
use sse2 as register;
pub(super) use tile::{Rows, Sum, band};

/// Four numbers treated alike.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F32x4(register::Four);

impl F32x4 {
    /// Four zeros.
    pub const ZERO: Self = Self(register::ZERO);

    /// The same number four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(register::splat(value))
    }

    /// From memory.
    #[inline(always)]
    pub fn load(from: &[f32; 4]) -> Self {
        // SAFETY: four numbers are there; no alignment is asked for.
        Self(unsafe { register::load(from.as_ptr()) })
    }

    /// To memory.
    #[inline(always)]
    pub fn store(self, to: &mut [f32; 4]) {
        // SAFETY: four numbers are there; no alignment is asked for.
        unsafe { register::store(self.0, to.as_mut_ptr()) }
    }

    /// The four numbers.
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut array = [0.0; 4];
        self.store(&mut array);
        array
    }

    /// The sum of the four, as (0 + 1) + (2 + 3).
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        (a + b) + (c + d)
    }

    /// Square roots, correctly rounded.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(register::sqrt(self.0))
    }

    /// `limit` where a lane is less, else the lane: NaN stays.
    #[inline(always)]
    pub fn at_least(self, limit: Self) -> Self {
        Self(register::at_least(self.0, limit.0))
    }

    /// `limit` where a lane is more, else the lane: NaN stays.
    #[inline(always)]
    pub fn at_most(self, limit: Self) -> Self {
        Self(register::at_most(self.0, limit.0))
    }

    /// `yes` where a lane is more than 0, else `no` (also for NaN).
    #[inline(always)]
    pub fn if_positive(self, yes: Self, no: Self) -> Self {
        Self(register::if_positive(self.0, yes.0, no.0))
    }

    /// 0 where a lane is nearer to 0 than `limit`, else the lane: NaN stays.
    #[inline(always)]
    pub fn zero_within(self, limit: Self) -> Self {
        Self(register::zero_within(self.0, limit.0))
    }

    /// 2^n for lanes that hold `n + 1.5 * 2^23`, n whole, -126 to 127: their low bits, moved to the exponent.
    #[inline(always)]
    pub fn power_of_two(self) -> Self {
        Self(register::power_of_two(self.0))
    }
}

/// A multiple of four numbers, so placed that no four straddle two of the lines in which memory is fetched.
#[derive(Debug, Default)]
pub(super) struct Aligned(Vec<F32x4>);

impl Clone for Aligned {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }

    /// Without allocating when there is room, which a derived copy would not care for.
    fn clone_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }
}

impl Aligned {
    /// Zeros, for the fours that were not there before.
    pub(super) fn resize(&mut self, numbers: usize) {
        self.0.resize(numbers / 4, F32x4::ZERO);
    }
}

impl Deref for Aligned {
    type Target = [f32];

    #[inline(always)]
    fn deref(&self) -> &[f32] {
        // SAFETY: four lanes are four numbers one after another.
        unsafe { from_raw_parts(self.0.as_ptr().cast(), 4 * self.0.len()) }
    }
}

impl DerefMut for Aligned {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: four lanes are four numbers one after another, and any bits are lanes.
        unsafe { from_raw_parts_mut(self.0.as_mut_ptr().cast(), 4 * self.0.len()) }
    }
}

/// Four rows of four numbers, with rows and columns exchanged.
#[inline(always)]
pub fn transposed(rows: [F32x4; 4]) -> [F32x4; 4] {
    register::transposed(rows.map(|row| row.0)).map(F32x4)
}

macro_rules! operator {
    ($trait:ident, $name:ident) => {
        impl $trait for F32x4 {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Self(register::$name(self.0, other.0))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl AddAssign for F32x4 {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Neg for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::splat(-0.0) - self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{Purpose, Rng};

    /// Bits alike, or both not a number: processors differ in which.
    fn alike(register: register::Four, portable: portable::Four) -> bool {
        let (mut a, mut b) = ([0.0_f32; 4], [0.0_f32; 4]);
        // SAFETY: there is room for four.
        unsafe {
            register::store(register, a.as_mut_ptr());
            portable::store(portable, b.as_mut_ptr());
        }
        a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
    }

    #[test]
    fn a_register_and_an_array_give_the_same_bits() {
        const SPECIAL: [f32; 8] =
            [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MIN_POSITIVE, 1e-40, f32::MAX];
        assert!(alike(register::ZERO, portable::ZERO));
        let mut rng = Rng::stream(1, Purpose::Probe, 0);
        for _ in 0..20_000 {
            let mut any = || match rng.below(24) as usize {
                special if special < SPECIAL.len() => SPECIAL[special],
                random if random < 16 => f32::from_bits(rng.next_u32()),
                _ => rng.range(-100.0, 100.0) as f32,
            };
            let numbers = [0; 4].map(|_| [0; 4].map(|_| any()));
            // SAFETY: four numbers are there.
            let [a, b, c, d] = numbers.map(|four| unsafe { register::load(four.as_ptr()) });
            let [p, q, r, s] = numbers.map(|four| unsafe { portable::load(four.as_ptr()) });
            assert!(alike(register::add(a, b), portable::add(p, q)), "add {numbers:?}");
            assert!(alike(register::sub(a, b), portable::sub(p, q)), "sub {numbers:?}");
            assert!(alike(register::mul(a, b), portable::mul(p, q)), "mul {numbers:?}");
            assert!(alike(register::div(a, b), portable::div(p, q)), "div {numbers:?}");
            assert!(alike(register::sqrt(a), portable::sqrt(p)), "sqrt {numbers:?}");
            assert!(alike(register::at_least(a, b), portable::at_least(p, q)), "at least {numbers:?}");
            assert!(alike(register::at_most(a, b), portable::at_most(p, q)), "at most {numbers:?}");
            assert!(alike(register::if_positive(a, b, c), portable::if_positive(p, q, r)), "if {numbers:?}");
            assert!(alike(register::zero_within(a, b), portable::zero_within(p, q)), "zero {numbers:?}");
            assert!(alike(register::power_of_two(a), portable::power_of_two(p)), "2^n {numbers:?}");
            let rows = register::transposed([a, b, c, d]).into_iter().zip(portable::transposed([p, q, r, s]));
            assert!(rows.into_iter().all(|(a, b)| alike(a, b)), "transposed {numbers:?}");
            // SAFETY: a number is there.
            let splats =
                unsafe { (register::load_splat(&numbers[0][1]), portable::load_splat(&numbers[0][1])) };
            assert!(
                alike(splats.0, splats.1)
                    && alike(register::splat(numbers[0][2]), portable::splat(numbers[0][2]))
            );
        }
    }

    #[test]
    fn lanes_do_what_numbers_do() {
        let (a, b) = (F32x4::load(&[1.0, -2.0, 3.5, 9.0]), F32x4::load(&[0.5, 4.0, -7.0, 3.0]));
        assert_eq!((a + b).to_array(), [1.5, 2.0, -3.5, 12.0]);
        assert_eq!((a - b).to_array(), [0.5, -6.0, 10.5, 6.0]);
        assert_eq!((a * b).to_array(), [0.5, -8.0, -24.5, 27.0]);
        assert_eq!((a / b).to_array(), [2.0, -0.5, -0.5, 3.0]);
        assert_eq!(a.at_least(b).to_array(), [1.0, 4.0, 3.5, 9.0]);
        assert_eq!(a.at_most(b).to_array(), [0.5, -2.0, -7.0, 3.0]);
        assert_eq!(a.if_positive(b, a).to_array(), [0.5, -2.0, -7.0, 3.0]);
        assert_eq!(a.zero_within(F32x4::splat(3.0)).to_array(), [0.0, 0.0, 3.5, 9.0]);
        assert_eq!((-a).to_array(), [-1.0, 2.0, -3.5, -9.0]);
        assert_eq!(a.sum(), 11.5);
        assert_eq!(F32x4::splat(9.0).sqrt().to_array(), [3.0; 4]);
    }

    #[test]
    fn rows_become_columns() {
        let rows =
            [0.0, 4.0, 8.0, 12.0].map(|first| F32x4::load(&[first, first + 1.0, first + 2.0, first + 3.0]));
        let columns = [0.0, 1.0, 2.0, 3.0].map(|first| [first, first + 4.0, first + 8.0, first + 12.0]);
        assert_eq!(transposed(rows).map(F32x4::to_array), columns);
    }

    #[test]
    fn limits_let_nan_through() {
        let nan = F32x4::splat(f32::NAN);
        assert!(nan.at_least(F32x4::ZERO).to_array()[0].is_nan());
        assert!(nan.at_most(F32x4::ZERO).to_array()[0].is_nan());
        assert!(nan.zero_within(F32x4::splat(1.0)).to_array()[0].is_nan());
    }

    #[test]
    fn powers_of_two_are_exact() {
        for n in -126..=127 {
            let shifted = F32x4::splat(n as f32 + 12_582_912.0);
            assert_eq!(shifted.power_of_two().to_array(), [2.0_f32.powi(n); 4]);
        }
    }
}
