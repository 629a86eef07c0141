//! Lanes as one register of an x86-64 processor.

use core::arch::x86_64::*;

pub(super) type Four = __m128;
// SAFETY: four numbers one after another are four lanes.
pub(super) const ZERO: Four = unsafe { core::mem::transmute([0.0_f32; 4]) };

/// What the processor does, as a function.
macro_rules! operations {
    ($(fn $name:ident($($given:ident),+) $done:block)+) => {$(
        #[inline(always)]
        pub(super) fn $name($($given: Four),+) -> Four {
            // SAFETY: SSE2 is part of x86-64.
            unsafe { $done }
        }
    )+};
}

operations! {
    fn add(a, b) { _mm_add_ps(a, b) }
    fn sub(a, b) { _mm_sub_ps(a, b) }
    fn mul(a, b) { _mm_mul_ps(a, b) }
    fn div(a, b) { _mm_div_ps(a, b) }
    fn sqrt(a) { _mm_sqrt_ps(a) }
    // Where one of two is NaN, or both are zeros, the processor takes the second.
    fn at_least(value, limit) { _mm_max_ps(limit, value) }
    fn at_most(value, limit) { _mm_min_ps(limit, value) }
    fn if_positive(value, yes, no) {
        let positive = _mm_cmpgt_ps(value, ZERO);
        _mm_or_ps(_mm_and_ps(positive, yes), _mm_andnot_ps(positive, no))
    }
    fn zero_within(value, limit) {
        let size = _mm_andnot_ps(splat(-0.0), value);
        _mm_andnot_ps(_mm_cmplt_ps(size, limit), value)
    }
    fn power_of_two(value) {
        let bits = _mm_slli_epi32::<23>(_mm_castps_si128(value));
        _mm_castsi128_ps(_mm_add_epi32(bits, _mm_set1_epi32(127 << 23)))
    }
}

#[inline(always)]
pub(super) fn splat(value: f32) -> Four {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_set1_ps(value) }
}

#[inline(always)]
pub(super) unsafe fn load(from: *const f32) -> Four {
    unsafe { _mm_loadu_ps(from) }
}

#[inline(always)]
pub(super) unsafe fn load_splat(from: *const f32) -> Four {
    unsafe { _mm_load1_ps(from) }
}

#[inline(always)]
pub(super) unsafe fn store(value: Four, to: *mut f32) {
    unsafe { _mm_storeu_ps(to, value) }
}

#[inline(always)]
pub(super) fn transposed([a, b, c, d]: [Four; 4]) -> [Four; 4] {
    // SAFETY: SSE2 is part of x86-64.
    unsafe {
        // a0 b0 a1 b1, a2 b2 a3 b3, and the same of c and d; then their halves.
        let (ab, ab_high) = (_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b));
        let (cd, cd_high) = (_mm_unpacklo_ps(c, d), _mm_unpackhi_ps(c, d));
        [
            _mm_movelh_ps(ab, cd),
            _mm_movehl_ps(cd, ab),
            _mm_movelh_ps(ab_high, cd_high),
            _mm_movehl_ps(cd_high, ab_high),
        ]
    }
}
