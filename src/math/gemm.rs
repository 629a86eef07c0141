//! The three matrix products a dense layer needs: `A B`, `A^T B` and `A B^T`.
//!
//! Every element is the sum over k = 0, 1, 2, ... of products rounded one by one, added in that order to zero.
//! The order does not depend on shapes or on the computer, so neither do the bits.

use super::matrix::Matrix;

/// `out = A B (+ bias on every row)`: `A` is `[m, k]`, `B` is `[k, n]`, `bias` is `[1, n]`, `out` becomes `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply(a: &Matrix, b: &Matrix, bias: Option<&Matrix>, out: &mut Matrix) {
    assert_eq!(a.cols(), b.rows(), "the inner sizes of A B");
    out.resize(a.rows(), b.cols());
    for r in 0..a.rows() {
        let target = out.padded_row_mut(r);
        target.fill(0.0);
        for (k, &factor) in a.row(r).iter().enumerate() {
            add_scaled(factor, b.padded_row(k), target);
        }
        if let Some(bias) = bias {
            add_scaled(1.0, bias.padded_row(0), target);
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
    out.clear();
    for k in 0..a.rows() {
        for (r, &factor) in a.row(k).iter().enumerate() {
            add_scaled(factor, b.padded_row(k), out.padded_row_mut(r));
        }
    }
}

/// `out = A B^T`: `A` is `[m, k]`, `B` is `[n, k]`, `out` becomes `[m, n]`; `scratch` receives `B^T`.
///
/// # Panics
/// If the shapes do not fit.
pub fn multiply_bt(a: &Matrix, b: &Matrix, scratch: &mut Matrix, out: &mut Matrix) {
    transpose(b, scratch);
    multiply(a, scratch, None, out);
}

/// `out = A^T`.
pub fn transpose(a: &Matrix, out: &mut Matrix) {
    out.resize(a.cols(), a.rows());
    for r in 0..a.rows() {
        for (c, &value) in a.row(r).iter().enumerate() {
            out.row_mut(c)[r] = value;
        }
    }
}

#[inline]
fn add_scaled(factor: f32, from: &[f32], to: &mut [f32]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += factor * f;
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
