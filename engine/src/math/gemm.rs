//! The three matrix products a dense layer needs, `A B`, `A^T B` and `A B^T`, and the sum of rows.
//!
//! Idea: a processor multiplies and adds faster than it loads, so each number loaded must be used several times. A
//! tile of the result, 2 rows by 16 columns, stays in eight 4-lane registers while k runs; each step of k loads four
//! vectors of B and two numbers of A and does eight multiply-adds with them:
//! ```text
//! for every 16 columns, for every 100 of k, for every 2 rows:
//!     tile = 0 (or what the result holds, from the second 100 on)
//!     for each k of them:
//!         tile[0..2][0..16] += A[row .. row + 2][k] (as a column) * B[k][column .. column + 16] (as a row)
//!     result[row .. row + 2][column .. column + 16] = tile (+ bias, after the last k)
//! ```
//! A is read by rows or by columns, so the same loop serves `A^T`; B is always read along its rows, so `A B^T` turns
//! B first, by shuffles. What 16 columns leave over is done by 8 columns and 4 rows, then by 4 (to which rows are
//! padded) and 8; rows left over go one by one.
//!
//! Tried in Chromium, and no faster: tiles of 4 by 8, 3 by 12 and 5 by 8, A packed first. Tiles of 4 by 12 and 2 by 20
//! spill, and so does k taken two at a time.
//!
//! Every element is the sum over k = 0, 1, 2, ... of products rounded one by one, added in that order to zero, and
//! the bias last. The order depends neither on shapes nor on the computer, so neither do the bits.

use super::lanes::{F32x4, Rows, Sum, band, transposed};
use super::matrix::Matrix;

/// How much of k is summed up before the next rows have their turn: 16 columns of B, this deep, stay in the
/// processor's first cache.
const BLOCK: usize = 100;

/// `out = A B (+ bias on every row)`: `A` is `[m, k]`, `B` is `[k, n]`, `bias` is `[1, n]`, `out` becomes `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply(a: &Matrix, b: &Matrix, bias: Option<&Matrix>, out: &mut Matrix) {
    assert_eq!(a.cols(), b.rows(), "the inner sizes of A B");
    out.reshape(a.rows(), b.cols());
    if let Some(bias) = bias {
        assert_eq!(bias.cols(), b.cols(), "one bias per column");
    }
    product::<false>(a, b, bias, out);
}

/// `out = A^T B`: `A` is `[k, m]`, `B` is `[k, n]`, `out` becomes `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply_at(a: &Matrix, b: &Matrix, out: &mut Matrix) {
    assert_eq!(a.rows(), b.rows(), "the inner sizes of A^T B");
    out.reshape(a.cols(), b.cols());
    product::<true>(a, b, None, out);
}

/// `out = A B^T`: `A` is `[m, k]`, `B` is `[n, k]`, `out` becomes `[m, n]`; `scratch` receives `B^T`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply_bt(a: &Matrix, b: &Matrix, scratch: &mut Matrix, out: &mut Matrix) {
    transpose(b, scratch);
    multiply(a, scratch, None, out);
}

/// `out = A^T`, four rows by four columns at a time.
pub fn transpose(a: &Matrix, out: &mut Matrix) {
    out.resize(a.cols(), a.rows());
    let (whole, out_step) = (a.rows() / 4 * 4, out.stride() / 4);
    let out_fours = out.padded_values_mut().as_chunks_mut().0;
    for r in (0..whole).step_by(4) {
        let rows = [a.fours(r), a.fours(r + 1), a.fours(r + 2), a.fours(r + 3)];
        for c in 0..a.stride() / 4 {
            let columns = transposed(rows.map(|row| F32x4::load(&row[c])));
            for (i, column) in columns.into_iter().enumerate().take(a.cols() - 4 * c) {
                column.store(&mut out_fours[(4 * c + i) * out_step + r / 4]);
            }
        }
    }
    for r in whole..a.rows() {
        for (c, &value) in a.row(r).iter().enumerate() {
            out.row_mut(c)[r] = value;
        }
    }
}

/// `into = ` the sum of the rows of `a`, row 0 first: `[1, cols]`.
pub fn sum_rows(a: &Matrix, into: &mut Matrix) {
    into.resize(1, a.cols());
    let sums = into.fours_mut(0);
    let mut c = 0;
    while c + 4 <= sums.len() {
        sum_band::<4>(a, c, sums);
        c += 4;
    }
    (c..sums.len()).for_each(|c| sum_band::<1>(a, c, sums));
}

#[inline(always)]
fn sum_band<const N: usize>(a: &Matrix, c: usize, into: &mut [[f32; 4]]) {
    let mut sums = [F32x4::ZERO; N];
    for row in a.rows_of_fours() {
        sums.iter_mut().zip(&row[c..c + N]).for_each(|(sum, four)| *sum += F32x4::load(four));
    }
    sums.into_iter().zip(&mut into[c..c + N]).for_each(|(sum, four)| sum.store(four));
}

/// `out = A B (+ bias on every row)`, or `A^T B` if `TRANSPOSED`.
#[inline(always)]
fn product<const TRANSPOSED: bool>(a: &Matrix, b: &Matrix, bias: Option<&Matrix>, out: &mut Matrix) {
    let (step, rows, depth) = (out.stride(), out.rows(), b.rows());
    let k_step = if TRANSPOSED { a.stride() } else { 1 };
    let mut out = Rows { data: out.padded_values_mut(), step };
    let mut column = 0;
    while column < step {
        let width = [16, 8].into_iter().find(|width| column + width <= step).unwrap_or(4);
        for k in (0..depth.max(1)).step_by(BLOCK) {
            let a = Rows { data: &a.padded_values()[k * k_step..], step: a.stride() };
            let b = Rows { data: &b.padded_values()[k * step..], step };
            let bias = bias.filter(|_| k + BLOCK >= depth).map(|bias| &bias.fours(0)[column / 4..]);
            let sum = Sum { depth: BLOCK.min(depth - k), resume: k > 0, bias };
            match width {
                16 => {
                    let done = band::<2, 4, TRANSPOSED>(a, b, &mut out, column, (0, rows), sum);
                    band::<1, 4, TRANSPOSED>(a, b, &mut out, column, (done, rows), sum);
                }
                8 => {
                    let done = band::<4, 2, TRANSPOSED>(a, b, &mut out, column, (0, rows), sum);
                    band::<1, 2, TRANSPOSED>(a, b, &mut out, column, (done, rows), sum);
                }
                _ => {
                    let done = band::<8, 1, TRANSPOSED>(a, b, &mut out, column, (0, rows), sum);
                    band::<1, 1, TRANSPOSED>(a, b, &mut out, column, (done, rows), sum);
                }
            }
        }
        column += width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{Purpose, Rng};

    fn random(rows: usize, cols: usize, rng: &mut Rng) -> Matrix {
        let mut m = Matrix::zeros(rows, cols);
        // Poisoned padding: whatever reads it shows.
        m.padded_values_mut().fill(f32::NAN);
        for r in 0..rows {
            m.row_mut(r).iter_mut().for_each(|v| *v = rng.normal() as f32);
        }
        m
    }

    /// The definition, in the stated order: equal to the bit.
    fn naive(
        m: usize,
        n: usize,
        k: usize,
        a: impl Fn(usize, usize) -> f32,
        b: impl Fn(usize, usize) -> f32,
    ) -> Vec<f32> {
        let mut out = Vec::new();
        for i in 0..m {
            for j in 0..n {
                out.push((0..k).fold(0.0, |sum, l| sum + a(i, l) * b(l, j)));
            }
        }
        out
    }

    const SHAPES: [(usize, usize, usize); 15] = [
        (1, 1, 1),
        (1, 7, 3),
        (3, 1, 17),
        (5, 12, 2),
        (4, 8, 16),
        (17, 9, 1),
        (2, 100, 33),
        (60, 10, 100),
        (13, 20, 60),
        (127, 33, 5),
        (6, 4, 130),
        (31, 257, 3),
        // Every width of a band and rows left over, k in three parts; and k that is parts without a rest.
        (7, 27, 2 * BLOCK + 1),
        (5, 44, BLOCK + 7),
        (3, 16, 2 * BLOCK),
    ];

    #[test]
    fn products_equal_the_definition_to_the_bit_and_never_read_padding() {
        let mut rng = Rng::stream(7, Purpose::Probe, 0);
        let (mut out, mut scratch) = (Matrix::default(), Matrix::default());
        for (m, n, k) in SHAPES {
            let (a, b, bias) = (random(m, k, &mut rng), random(k, n, &mut rng), random(1, n, &mut rng));
            let expected = naive(m, n, k, |i, l| a.get(i, l), |l, j| b.get(l, j));
            multiply(&a, &b, None, &mut out);
            assert_eq!(out.to_dense(), expected, "A B {m} {n} {k}");
            multiply(&a, &b, Some(&bias), &mut out);
            let with_bias: Vec<f32> =
                expected.iter().enumerate().map(|(i, v)| v + bias.get(0, i % n)).collect();
            assert_eq!(out.to_dense(), with_bias, "A B + bias {m} {n} {k}");

            let (a, b) = (random(k, m, &mut rng), random(k, n, &mut rng));
            multiply_at(&a, &b, &mut out);
            assert_eq!(
                out.to_dense(),
                naive(m, n, k, |i, l| a.get(l, i), |l, j| b.get(l, j)),
                "A^T B {m} {n} {k}"
            );

            let (a, b) = (random(m, k, &mut rng), random(n, k, &mut rng));
            multiply_bt(&a, &b, &mut scratch, &mut out);
            assert_eq!(
                out.to_dense(),
                naive(m, n, k, |i, l| a.get(i, l), |l, j| b.get(j, l)),
                "A B^T {m} {n} {k}"
            );
        }
    }
}
