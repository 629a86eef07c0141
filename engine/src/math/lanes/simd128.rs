//! Lanes as one wasm register.

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
