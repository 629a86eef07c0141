//! Lanes as an array: what they do, in plain numbers. For processors with no file of their own, and wasm without simd128.

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
