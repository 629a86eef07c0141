//! The register tile of the matrix product, and the bands of a result that are made of such tiles.

use core::array::from_fn;
use core::ptr::with_exposed_provenance;

use super::{F32x4, register};

/// A matrix of rows `step` apart.
#[derive(Clone, Copy)]
pub(in crate::math) struct Rows<T> {
    pub(in crate::math) data: T,
    pub(in crate::math) step: usize,
}

/// What is summed up in one go: k = 0 .. `depth`, on top of zero or, to `resume`, of what the result holds; and in the
/// end `bias` on every row, of which this is the part that belongs to the band.
#[derive(Clone, Copy)]
pub(in crate::math) struct Sum<'a> {
    pub(in crate::math) depth: usize,
    pub(in crate::math) resume: bool,
    pub(in crate::math) bias: Option<&'a [[f32; 4]]>,
}

/// Rows `first` to `last` (excluded), or as many as `ROWS` goes into, of a band of `4 * VECTORS` columns of
/// `out = A B`, or `A^T B` if `TRANSPOSED`, from `column` on. Returns the first row not done. Per k a tile of `ROWS`
/// rows takes `VECTORS` loads of B and `ROWS` splat loads of A.
///
/// # Panics
/// If the band is not inside all three matrices.
#[inline(always)]
pub(in crate::math) fn band<const ROWS: usize, const VECTORS: usize, const TRANSPOSED: bool>(
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
                sums = from_fn(|r| from_fn(|v| F32x4(register::load(at(r, v)))));
            }
            let a = (a_from + FLOAT * row * row_step, row_step, k_step);
            sums = tile(sums, a, (b_from, b.step), depth);
            if let Some(bias) = bias {
                sums = sums.map(|sums| from_fn(|v| sums[v] + bias[v]));
            }
            for (r, sums) in sums.into_iter().enumerate() {
                sums.into_iter().enumerate().for_each(|(v, sum)| register::store(sum.0, at(r, v)));
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
/// there. Both walk as numbers and not as pointers: then the compiler writes what is constant in an address into the
/// load, instead of adding it first.
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
            *value = F32x4(unsafe { register::load(b_row.add(4 * v)) });
        }
        let a_column = with_exposed_provenance::<f32>(a_at);
        for (r, sums) in sums.iter_mut().enumerate() {
            let factor = F32x4(unsafe { register::load_splat(a_column.add(r * row_step)) });
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += factor * value;
            }
        }
        a_at = a_at.wrapping_add(FLOAT * k_step);
        b_at = b_at.wrapping_add(FLOAT * b_step);
    }
    sums
}
