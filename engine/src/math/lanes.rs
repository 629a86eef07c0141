//! Four f32 lanes, and the register tile of the matrix product: the only file where `unsafe` is allowed.
//!
//! With wasm's simd128 the lanes are one 128-bit register; elsewhere a plain array of four, which does the same
//! operations in the same order and gives the same bits. There is no fused multiply-add and no relaxed SIMD: both
//! would round differently from computer to computer.

#![allow(
    unsafe_code,
    reason = "the product's inner loop and four-lane loads and stores go through raw pointers"
)]

use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128 as lanes;

/// Four numbers treated alike.
#[derive(Clone, Copy, Debug)]
pub struct F32x4(lanes::Four);

impl F32x4 {
    /// Four zeros.
    pub const ZERO: Self = Self(lanes::ZERO);

    /// The same number four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(lanes::splat(value))
    }

    /// From memory.
    #[inline(always)]
    pub fn load(from: &[f32; 4]) -> Self {
        // SAFETY: four numbers are there; no alignment is asked for.
        Self(unsafe { lanes::load(from.as_ptr()) })
    }

    /// To memory.
    #[inline(always)]
    pub fn store(self, to: &mut [f32; 4]) {
        // SAFETY: four numbers are there; no alignment is asked for.
        unsafe { lanes::store(self.0, to.as_mut_ptr()) }
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
        Self(lanes::sqrt(self.0))
    }

    /// `limit` where a lane is less, else the lane: NaN stays.
    #[inline(always)]
    pub fn at_least(self, limit: Self) -> Self {
        Self(lanes::at_least(self.0, limit.0))
    }

    /// `limit` where a lane is more, else the lane: NaN stays.
    #[inline(always)]
    pub fn at_most(self, limit: Self) -> Self {
        Self(lanes::at_most(self.0, limit.0))
    }

    /// `yes` where a lane is more than 0, else `no` (also for NaN).
    #[inline(always)]
    pub fn if_positive(self, yes: Self, no: Self) -> Self {
        Self(lanes::if_positive(self.0, yes.0, no.0))
    }

    /// 0 where a lane is nearer to 0 than `limit`, else the lane: NaN stays.
    #[inline(always)]
    pub fn zero_within(self, limit: Self) -> Self {
        Self(lanes::zero_within(self.0, limit.0))
    }

    /// 2^n for lanes that hold `n + 1.5 * 2^23`, n whole, -126 to 127: their low bits, moved to the exponent.
    #[inline(always)]
    pub fn power_of_two(self) -> Self {
        Self(lanes::power_of_two(self.0))
    }
}

macro_rules! operator {
    ($trait:ident, $name:ident) => {
        impl $trait for F32x4 {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Self(lanes::$name(self.0, other.0))
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

/// A matrix read at `data[row * row_step + k * k_step]`: by rows, or, with the steps exchanged, its transpose.
#[derive(Clone, Copy)]
pub(super) struct Strided<'a> {
    pub(super) data: &'a [f32],
    pub(super) row_step: usize,
    pub(super) k_step: usize,
}

/// A matrix of rows `step` apart.
pub(super) struct Rows<T> {
    pub(super) data: T,
    pub(super) step: usize,
}

/// Rows `first` to `last` (excluded), or as many as `ROWS` goes into, of a band of `4 * VECTORS` columns of
/// `out = A B`, from `column` on, summed over k = 0 .. `depth`, with `finish(vector, sum)` written in the sum's place.
/// Returns the first row not done. Per k a tile of `ROWS` rows takes `VECTORS` loads of B and `ROWS` splat loads of A.
///
/// # Panics
/// If the band is not inside all three matrices.
#[inline(always)]
pub(super) fn band<const ROWS: usize, const VECTORS: usize>(
    a: Strided<'_>,
    b: Rows<&[f32]>,
    out: &mut Rows<&mut [f32]>,
    column: usize,
    depth: usize,
    (first, last): (usize, usize),
    finish: impl Fn(usize, F32x4) -> F32x4,
) -> usize {
    let tiles = (last - first) / ROWS;
    if tiles == 0 {
        return first;
    }
    let (end, width) = (first + tiles * ROWS, 4 * VECTORS);
    assert!((end - 1) * out.step + column + width <= out.data.len(), "a band outside the result");
    if depth > 0 {
        assert!((end - 1) * a.row_step + (depth - 1) * a.k_step < a.data.len(), "a band outside A");
        assert!((depth - 1) * b.step + column + width <= b.data.len(), "a band outside B");
    }
    for row in (first..end).step_by(ROWS) {
        // SAFETY: the furthest element of each matrix was just found to be inside it, and all others precede it.
        unsafe {
            let sums = tile::<ROWS, VECTORS>(a, row, b.data.as_ptr().add(column), b.step, depth);
            for (r, sums) in sums.into_iter().enumerate() {
                let target = out.data.as_mut_ptr().add((row + r) * out.step + column);
                for (v, sum) in sums.into_iter().enumerate() {
                    lanes::store(finish(v, sum).0, target.add(4 * v));
                }
            }
        }
    }
    end
}

/// One tile in registers. Its rows of A, and `4 * VECTORS` numbers from `b` on for each k, must be there.
#[inline(always)]
unsafe fn tile<const ROWS: usize, const VECTORS: usize>(
    a: Strided<'_>,
    row: usize,
    b: *const f32,
    b_step: usize,
    depth: usize,
) -> [[F32x4; VECTORS]; ROWS] {
    let mut sums = [[F32x4::ZERO; VECTORS]; ROWS];
    let mut a_at = a.data.as_ptr().wrapping_add(row * a.row_step);
    let mut b_at = b;
    for _ in 0..depth {
        let mut values = [F32x4::ZERO; VECTORS];
        for (v, value) in values.iter_mut().enumerate() {
            *value = F32x4(unsafe { lanes::load(b_at.add(4 * v)) });
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            let factor = F32x4(unsafe { lanes::load_splat(a_at.add(r * a.row_step)) });
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += factor * value;
            }
        }
        a_at = a_at.wrapping_add(a.k_step);
        b_at = b_at.wrapping_add(b_step);
    }
    sums
}

/// Lanes as one wasm register.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use core::arch::wasm32::*;

    pub(super) type Four = v128;
    pub(super) const ZERO: Four = f32x4(0.0, 0.0, 0.0, 0.0);
    pub(super) use core::arch::wasm32::{
        f32x4_add as add, f32x4_div as div, f32x4_mul as mul, f32x4_splat as splat, f32x4_sqrt as sqrt,
        f32x4_sub as sub,
    };

    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> Four {
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    pub(super) unsafe fn load_splat(from: *const f32) -> Four {
        unsafe { v128_load32_splat(from.cast()) }
    }

    #[inline(always)]
    pub(super) unsafe fn store(value: Four, to: *mut f32) {
        unsafe { v128_store(to.cast(), value) }
    }

    #[inline(always)]
    pub(super) fn at_least(value: Four, limit: Four) -> Four {
        f32x4_pmax(value, limit)
    }

    #[inline(always)]
    pub(super) fn at_most(value: Four, limit: Four) -> Four {
        f32x4_pmin(value, limit)
    }

    #[inline(always)]
    pub(super) fn if_positive(value: Four, yes: Four, no: Four) -> Four {
        v128_bitselect(yes, no, f32x4_gt(value, ZERO))
    }

    #[inline(always)]
    pub(super) fn zero_within(value: Four, limit: Four) -> Four {
        v128_andnot(value, f32x4_lt(f32x4_abs(value), limit))
    }

    #[inline(always)]
    pub(super) fn power_of_two(value: Four) -> Four {
        i32x4_add(i32x4_shl(value, 23), i32x4_splat(127 << 23))
    }
}

/// Lanes as an array: the twin for native code and for wasm without simd128.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    #[derive(Clone, Copy, Debug)]
    #[repr(align(16))]
    pub(super) struct Four([f32; 4]);
    pub(super) const ZERO: Four = Four([0.0; 4]);

    #[inline(always)]
    fn zip(a: Four, b: Four, f: impl Fn(f32, f32) -> f32) -> Four {
        Four([f(a.0[0], b.0[0]), f(a.0[1], b.0[1]), f(a.0[2], b.0[2]), f(a.0[3], b.0[3])])
    }

    #[inline(always)]
    pub(super) fn splat(value: f32) -> Four {
        Four([value; 4])
    }

    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> Four {
        Four(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    pub(super) unsafe fn load_splat(from: *const f32) -> Four {
        splat(unsafe { *from })
    }

    #[inline(always)]
    pub(super) unsafe fn store(value: Four, to: *mut f32) {
        unsafe { to.cast::<[f32; 4]>().write_unaligned(value.0) }
    }

    #[inline(always)]
    pub(super) fn add(a: Four, b: Four) -> Four {
        zip(a, b, |a, b| a + b)
    }

    #[inline(always)]
    pub(super) fn sub(a: Four, b: Four) -> Four {
        zip(a, b, |a, b| a - b)
    }

    #[inline(always)]
    pub(super) fn mul(a: Four, b: Four) -> Four {
        zip(a, b, |a, b| a * b)
    }

    #[inline(always)]
    pub(super) fn div(a: Four, b: Four) -> Four {
        zip(a, b, |a, b| a / b)
    }

    #[inline(always)]
    pub(super) fn sqrt(a: Four) -> Four {
        Four(a.0.map(f32::sqrt))
    }

    #[inline(always)]
    pub(super) fn at_least(value: Four, limit: Four) -> Four {
        zip(value, limit, |v, limit| if v < limit { limit } else { v })
    }

    #[inline(always)]
    pub(super) fn at_most(value: Four, limit: Four) -> Four {
        zip(value, limit, |v, limit| if limit < v { limit } else { v })
    }

    #[inline(always)]
    pub(super) fn if_positive(value: Four, yes: Four, no: Four) -> Four {
        let pick = |i: usize| if value.0[i] > 0.0 { yes.0[i] } else { no.0[i] };
        Four([pick(0), pick(1), pick(2), pick(3)])
    }

    #[inline(always)]
    pub(super) fn zero_within(value: Four, limit: Four) -> Four {
        zip(value, limit, |v, limit| if v.abs() < limit { 0.0 } else { v })
    }

    #[inline(always)]
    pub(super) fn power_of_two(value: Four) -> Four {
        Four(value.0.map(|v| f32::from_bits((v.to_bits() << 23).wrapping_add(127 << 23))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
