//! The three matrix products a dense layer needs, `A B`, `A^T B` and `A B^T`, and the sum of rows.
//!
//! Idea: a processor multiplies and adds faster than it loads, so each number loaded must be used several times. A
//! tile of the result, 4 rows by 8 columns, stays in eight 4-lane registers while k runs; each step of k loads two
//! vectors of B and four numbers of A and does eight multiply-adds with them:
//! ```text
//! for every 8 columns, for every 4 rows:
//!     tile = 0
//!     for k in 0 .. depth:
//!         tile[0..4][0..8] += A[row .. row + 4][k] (as a column) * B[k][column .. column + 8] (as a row)
//!     result[row .. row + 4][column .. column + 8] = tile (+ bias)
//! ```
//! A is read through two steps, so the same loop serves `A^T`; B is always read along its rows, so `A B^T` transposes
//! B first, which costs about a hundredth of the product. What 8 columns leave over is 4 columns (rows are padded to
//! 4), done 8 rows at a time; rows left over go by two and one. Nothing is packed or
//! unrolled by hand: in browsers both cost more than they gained when tried on a prototype.
//!
//! Every element is the sum over k = 0, 1, 2, ... of products rounded one by one, added in that order to zero, and
//! the bias last. The order depends neither on shapes nor on the computer, so neither do the bits.

use super::lanes::{F32x4, Rows, Strided, band};
use super::matrix::Matrix;

/// `out = A B (+ bias on every row)`: `A` is `[m, k]`, `B` is `[k, n]`, `bias` is `[1, n]`, `out` becomes `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply(a: &Matrix, b: &Matrix, bias: Option<&Matrix>, out: &mut Matrix) {
    assert_eq!(a.cols(), b.rows(), "the inner sizes of A B");
    out.resize(a.rows(), b.cols());
    let by_rows = Strided { data: a.padded_values(), row_step: a.stride(), k_step: 1 };
    match bias {
        None => product(by_rows, b, out, |_, sum| sum),
        Some(bias) => {
            assert_eq!(bias.cols(), b.cols(), "one bias per column");
            let bias = bias.fours(0);
            product(by_rows, b, out, |vector, sum| sum + F32x4::load(&bias[vector]));
        }
    }
}

/// `out = A^T B`: `A` is `[k, m]`, `B` is `[k, n]`, `out` becomes `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply_at(a: &Matrix, b: &Matrix, out: &mut Matrix) {
    assert_eq!(a.rows(), b.rows(), "the inner sizes of A^T B");
    out.resize(a.cols(), b.cols());
    let by_columns = Strided { data: a.padded_values(), row_step: 1, k_step: a.stride() };
    product(by_columns, b, out, |_, sum| sum);
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
    let whole = a.rows() / 4 * 4;
    for r in (0..whole).step_by(4) {
        let rows = [a.fours(r), a.fours(r + 1), a.fours(r + 2), a.fours(r + 3)];
        for c in 0..a.stride() / 4 {
            let block = rows.map(|row| row[c]);
            for i in 0..4.min(a.cols() - 4 * c) {
                out.fours_mut(4 * c + i)[r / 4] = block.map(|row| row[i]);
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

/// `out = A B`, each vector of a row passed through `finish(vector's number in the row, sum)`.
#[inline(always)]
fn product(a: Strided<'_>, b: &Matrix, out: &mut Matrix, finish: impl Fn(usize, F32x4) -> F32x4) {
    let (rows, step, depth) = (out.rows(), out.stride(), b.rows());
    let b = || Rows { data: b.padded_values(), step };
    let mut out = Rows { data: out.padded_values_mut(), step };
    let mut column = 0;
    while column + 8 <= step {
        let finish = |v: usize, sum| finish(column / 4 + v, sum);
        let done = band::<4, 2>(a, b(), &mut out, column, depth, (0, rows), finish);
        let done = band::<2, 2>(a, b(), &mut out, column, depth, (done, rows), finish);
        band::<1, 2>(a, b(), &mut out, column, depth, (done, rows), finish);
        column += 8;
    }
    if column < step {
        let finish = |v: usize, sum| finish(column / 4 + v, sum);
        let done = band::<8, 1>(a, b(), &mut out, column, depth, (0, rows), finish);
        band::<1, 1>(a, b(), &mut out, column, depth, (done, rows), finish);
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

    const SHAPES: [(usize, usize, usize); 12] = [
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
