//! Four f32 lanes, and the register tile of the matrix product: the only file where `unsafe` is allowed.
//!
//! With wasm's simd128 the lanes are one 128-bit register; elsewhere a plain array of four, which does the same
//! operations in the same order and gives the same bits. There is no fused multiply-add and no relaxed SIMD: both
//! would round differently from computer to computer.

#![allow(
    unsafe_code,
    reason = "the product's inner loop and four-lane loads and stores go through raw pointers"
)]

use core::array::from_fn;
use core::ops::{Add, AddAssign, Deref, DerefMut, Div, Mul, Neg, Sub};
use core::ptr::with_exposed_provenance;
use core::slice::{from_raw_parts, from_raw_parts_mut};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128 as lanes;

/// Four numbers treated alike.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
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
    lanes::transposed(rows.map(|row| row.0)).map(F32x4)
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

/// A matrix of rows `step` apart.
#[derive(Clone, Copy)]
pub(super) struct Rows<T> {
    pub(super) data: T,
    pub(super) step: usize,
}

/// What is summed up in one go: k = 0 .. `depth`, on top of zero or, to `resume`, of what the result holds; and in the
/// end `bias` on every row, of which this is the part that belongs to the band.
#[derive(Clone, Copy)]
pub(super) struct Sum<'a> {
    pub(super) depth: usize,
    pub(super) resume: bool,
    pub(super) bias: Option<&'a [[f32; 4]]>,
}

/// Rows `first` to `last` (excluded), or as many as `ROWS` goes into, of a band of `4 * VECTORS` columns of
/// `out = A B`, or `A^T B` if `TRANSPOSED`, from `column` on. Returns the first row not done. Per k a tile of `ROWS`
/// rows takes `VECTORS` loads of B and `ROWS` splat loads of A.
///
/// # Panics
/// If the band is not inside all three matrices.
#[inline(always)]
pub(super) fn band<const ROWS: usize, const VECTORS: usize, const TRANSPOSED: bool>(
    a: Rows<&[f32]>,
    b: Rows<&[f32]>,
    out: &mut Rows<&mut [f32]>,
    column: usize,
    (first, last): (usize, usize),
    sum: Sum<'_>,
) -> usize {
    let tiles = (last - first) / ROWS;
    if tiles == 0 {
        return first;
    }
    let (end, width) = (first + tiles * ROWS, 4 * VECTORS);
    assert!((end - 1) * out.step + column + width <= out.data.len(), "a band outside the result");
    if let Some(depth) = sum.depth.checked_sub(1) {
        let (row_step, k_step) = steps::<TRANSPOSED>(a.step);
        assert!((end - 1) * row_step + depth * k_step < a.data.len(), "a band outside A");
        assert!(depth * b.step + column + width <= b.data.len(), "a band outside B");
    }
    // SAFETY: the furthest element of each matrix was just found to be inside it, and all others precede it.
    unsafe { tiles_of_band::<ROWS, VECTORS, TRANSPOSED>(a, b, out, column, (first, end), sum) };
    end
}

/// From one row to the next, and from one k to the next.
#[inline(always)]
fn steps<const TRANSPOSED: bool>(step: usize) -> (usize, usize) {
    if TRANSPOSED { (1, step) } else { (step, 1) }
}

/// All tiles of a band, which must be inside the matrices. A function of its own, so that no loop around it takes
/// registers from the loops in it.
#[inline(never)]
unsafe fn tiles_of_band<const ROWS: usize, const VECTORS: usize, const TRANSPOSED: bool>(
    a: Rows<&[f32]>,
    b: Rows<&[f32]>,
    out: &mut Rows<&mut [f32]>,
    column: usize,
    (first, end): (usize, usize),
    Sum { depth, resume, bias }: Sum<'_>,
) {
    let (row_step, k_step) = steps::<TRANSPOSED>(a.step);
    let bias: Option<[F32x4; VECTORS]> = bias.map(|bias| from_fn(|v| F32x4::load(&bias[v])));
    let (a_from, b_from) = (address(a.data), address(b.data) + FLOAT * column);
    for row in (first..end).step_by(ROWS) {
        // SAFETY: as our caller promises.
        unsafe {
            let target = out.data.as_mut_ptr().add(row * out.step + column);
            let at = |r: usize, v: usize| target.add(r * out.step + 4 * v);
            let mut sums = [[F32x4::ZERO; VECTORS]; ROWS];
            if resume {
                sums = from_fn(|r| from_fn(|v| F32x4(lanes::load(at(r, v)))));
            }
            let a = (a_from + FLOAT * row * row_step, row_step, k_step);
            sums = tile(sums, a, (b_from, b.step), depth);
            if let Some(bias) = bias {
                sums = sums.map(|sums| from_fn(|v| sums[v] + bias[v]));
            }
            for (r, sums) in sums.into_iter().enumerate() {
                sums.into_iter().enumerate().for_each(|(v, sum)| lanes::store(sum.0, at(r, v)));
            }
        }
    }
}

/// Bytes of a number.
const FLOAT: usize = size_of::<f32>();

/// Where a slice begins.
#[inline(always)]
fn address(data: &[f32]) -> usize {
    data.as_ptr().expose_provenance()
}

/// One tile in registers. Its rows of A from `a_at` on, and `4 * VECTORS` numbers from `b_at` on for each k, must be
/// there. Both walk as numbers and not as pointers: of a sum of numbers the compiler knows that it does not wrap, and
/// writes what is constant in it into the loads, which makes the product a fifth faster in Chromium.
#[inline(always)]
unsafe fn tile<const ROWS: usize, const VECTORS: usize>(
    mut sums: [[F32x4; VECTORS]; ROWS],
    (mut a_at, row_step, k_step): (usize, usize, usize),
    (mut b_at, b_step): (usize, usize),
    depth: usize,
) -> [[F32x4; VECTORS]; ROWS] {
    for _ in 0..depth {
        let b_row = with_exposed_provenance::<f32>(b_at);
        let mut values = [F32x4::ZERO; VECTORS];
        for (v, value) in values.iter_mut().enumerate() {
            *value = F32x4(unsafe { lanes::load(b_row.add(4 * v)) });
        }
        let a_column = with_exposed_provenance::<f32>(a_at);
        for (r, sums) in sums.iter_mut().enumerate() {
            let factor = F32x4(unsafe { lanes::load_splat(a_column.add(r * row_step)) });
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += factor * value;
            }
        }
        a_at = a_at.wrapping_add(FLOAT * k_step);
        b_at = b_at.wrapping_add(FLOAT * b_step);
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
    pub(super) fn transposed([a, b, c, d]: [Four; 4]) -> [Four; 4] {
        // a0 b0 a1 b1, a2 b2 a3 b3, and the same of c and d; then their halves.
        let (ab, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let (cd, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        let halves = |ab, cd| [i64x2_shuffle::<0, 2>(ab, cd), i64x2_shuffle::<1, 3>(ab, cd)];
        let ([first, second], [third, fourth]) = (halves(ab, cd), halves(ab_high, cd_high));
        [first, second, third, fourth]
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
    #[repr(C, align(16))]
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
    pub(super) fn transposed(rows: [Four; 4]) -> [Four; 4] {
        [0, 1, 2, 3].map(|i| Four(rows.map(|row| row.0[i])))
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
