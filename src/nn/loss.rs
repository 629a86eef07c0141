//! Losses: mean softmax cross-entropy for classes, mean squared distance for regression.
//!
//! The mean is over the examples of the batch, and the gradient is already divided by their number.

use crate::math::approx;
use crate::math::lanes::F32x4;
use crate::math::matrix::Matrix;

/// Loss and right answers of a set of examples.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Evaluation {
    /// Mean loss over the examples.
    pub loss: f32,
    /// How many examples were classified correctly.
    pub correct: usize,
}

/// Mean cross-entropy of `softmax(logits)`, `[batch, classes]`, against `labels`; writes its gradient to `d_logits`.
/// Not finite when a logit is not.
///
/// # Panics
/// If there is not one label per row, or a label is not a class.
pub fn softmax_cross_entropy(logits: &Matrix, labels: &[u8], d_logits: &mut Matrix) -> f32 {
    assert_eq!(logits.rows(), labels.len(), "one label per example");
    d_logits.resize(logits.rows(), logits.cols());
    let per_example = 1.0 / logits.rows() as f32;
    let mut loss = LogSum::default();
    for ((z, d), &label) in logits.rows_of_fours().zip(d_logits.rows_of_fours_mut()).zip(labels) {
        let largest = maximum(&z.as_flattened()[..logits.cols()]);
        for (z, d) in z.iter().zip(&mut *d) {
            (F32x4::load(z) - F32x4::splat(largest)).store(d);
        }
        loss.subtract(d.as_flattened()[..logits.cols()][usize::from(label)]);
        // The padding must carry no gradient.
        d.as_flattened_mut()[logits.cols()..].fill(f32::NEG_INFINITY);
    }
    approx::exp_all(d_logits.padded_values_mut());
    for (d, &label) in d_logits.rows_of_fours_mut().zip(labels) {
        let sum = sum_of_fours(d);
        let scale = F32x4::splat(per_example / sum);
        d.iter_mut().for_each(|d| (F32x4::load(d) * scale).store(d));
        d.as_flattened_mut()[usize::from(label)] -= per_example;
        loss.add_log(sum);
    }
    loss.mean(labels.len())
}

/// The same loss without a gradient, and how many rows' largest logit is the label's.
///
/// # Panics
/// If there is not one label per row, or a label is not a class.
pub fn evaluate(logits: &Matrix, labels: &[u8]) -> Evaluation {
    assert_eq!(logits.rows(), labels.len(), "one label per example");
    let (mut loss, mut correct) = (LogSum::default(), 0);
    for (r, &label) in labels.iter().enumerate() {
        let z = logits.row(r);
        let largest = maximum(z);
        let spread = F32x4::splat(largest);
        let mut sums = F32x4::ZERO;
        let (whole, rest) = z.as_chunks::<4>();
        whole.iter().for_each(|z| sums += approx::exp4(F32x4::load(z) - spread));
        if !rest.is_empty() {
            let mut last = [0.0; 4];
            last[..rest.len()].copy_from_slice(rest);
            last = approx::exp4(F32x4::load(&last) - spread).to_array();
            last[rest.len()..].fill(0.0);
            sums += F32x4::load(&last);
        }
        loss.subtract(z[usize::from(label)] - largest);
        loss.add_log(sums.sum());
        correct += usize::from(prediction(z) == usize::from(label));
    }
    Evaluation { loss: loss.mean(labels.len()), correct }
}

/// Adds up `ln(sum) - z` over the examples, with one logarithm for sixteen of them: that of the sums' product, which
/// f64 holds, since each sum of at most 256 exponentials, none above 1, is at most 256.
#[derive(Default)]
struct LogSum {
    total: f64,
    product: f64,
    count: u32,
}

impl LogSum {
    fn subtract(&mut self, z: f32) {
        self.total -= f64::from(z);
    }

    fn add_log(&mut self, sum: f32) {
        self.product = if self.count == 0 { f64::from(sum) } else { self.product * f64::from(sum) };
        self.count += 1;
        if self.count == 16 {
            self.total += libm::log(self.product);
            self.count = 0;
        }
    }

    fn mean(mut self, examples: usize) -> f32 {
        if self.count > 0 {
            self.total += libm::log(self.product);
        }
        (self.total / examples as f64) as f32
    }
}

/// The sum in four lanes, joined as (0 + 1) + (2 + 3).
fn sum_of_fours(values: &[[f32; 4]]) -> f32 {
    values.iter().fold(F32x4::ZERO, |sum, four| sum + F32x4::load(four)).sum()
}

/// The class with the largest logit; the first of equals; 0 if none is a number.
pub fn prediction(logits: &[f32]) -> usize {
    let mut best = 0;
    for (class, z) in logits.iter().enumerate() {
        // A NaN in front must not win against every number.
        if *z > logits[best] || logits[best].is_nan() && !z.is_nan() {
            best = class;
        }
    }
    best
}

/// Mean over the examples of `|output - target|^2` (the sum over the outputs, not their mean); writes its gradient.
///
/// # Panics
/// If the shapes differ.
pub fn squared_loss(output: &Matrix, target: &Matrix, d_output: &mut Matrix) -> f32 {
    assert_eq!((output.rows(), output.cols()), (target.rows(), target.cols()), "shapes of output and target");
    d_output.resize(output.rows(), output.cols());
    let scale = 2.0 / output.rows() as f32;
    let mut loss = 0.0_f64;
    for r in 0..output.rows() {
        for ((d, o), t) in d_output.row_mut(r).iter_mut().zip(output.row(r)).zip(target.row(r)) {
            let difference = o - t;
            loss += f64::from(difference) * f64::from(difference);
            *d = scale * difference;
        }
    }
    (loss / output.rows() as f64) as f32
}

fn maximum(values: &[f32]) -> f32 {
    values.iter().fold(f32::NEG_INFINITY, |largest, &v| if v > largest { v } else { largest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_entropy_of_equal_logits_is_the_log_of_the_classes() {
        let logits = Matrix::from_rows(2, 3, &[0.0, 0.0, 0.0, 5.0, 5.0, 5.0]);
        let mut d = Matrix::default();
        let loss = softmax_cross_entropy(&logits, &[0, 2], &mut d);
        assert!((loss - 3.0_f32.ln()).abs() < 1e-6);
        let third = 1.0 / 6.0;
        let expected = [third - 0.5, third, third, third, third, third - 0.5];
        assert!(d.values().zip(expected).all(|(d, e)| (d - e).abs() < 1e-7), "{:?}", d.to_dense());
        assert_eq!(evaluate(&logits, &[0, 2]).loss, loss);
        assert_eq!(evaluate(&logits, &[0, 2]).correct, 1);
    }

    #[test]
    fn gradients_match_central_differences() {
        let values = [0.3, -1.2, 2.0, 0.1, 0.7, -0.4];
        let target = Matrix::from_rows(2, 3, &[1.0, 0.0, -0.5, 0.2, 0.3, 0.4]);
        let mut d = Matrix::default();
        let mut scratch = Matrix::default();
        for squared in [false, true] {
            let loss = |logits: &Matrix, d: &mut Matrix| {
                if squared {
                    squared_loss(logits, &target, d)
                } else {
                    softmax_cross_entropy(logits, &[1, 2], d)
                }
            };
            loss(&Matrix::from_rows(2, 3, &values), &mut d);
            for i in 0..6 {
                let mut at = |step: f32| {
                    let mut moved = values;
                    moved[i] += step;
                    loss(&Matrix::from_rows(2, 3, &moved), &mut scratch)
                };
                let numeric = (at(0.01) - at(-0.01)) / 0.02;
                assert!((numeric - d.get(i / 3, i % 3)).abs() < 1e-4, "{squared} {i}");
            }
        }
    }

    #[test]
    fn a_logit_that_is_not_finite_shows_in_the_loss() {
        let mut d = Matrix::default();
        for bad in [f32::NAN, f32::INFINITY] {
            let logits = Matrix::from_rows(1, 3, &[0.0, bad, 1.0]);
            assert!(!softmax_cross_entropy(&logits, &[0], &mut d).is_finite());
            assert!(!evaluate(&logits, &[0]).loss.is_finite());
        }
        assert_eq!(prediction(&[f32::NAN, 1.0, 2.0]), 2);
    }
}
