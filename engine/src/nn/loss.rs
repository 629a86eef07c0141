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
    d_logits.reshape(logits.rows(), logits.cols());
    let per_example = 1.0 / logits.rows() as f32;
    let mut loss = LogSum::default();
    for ((z, d), &label) in logits.rows_of_fours().zip(d_logits.rows_of_fours_mut()).zip(labels) {
        loss.subtract(below_largest(z, logits.cols(), d)[usize::from(label)]);
        // The padding must carry no gradient.
        d.as_flattened_mut()[logits.cols()..].fill(f32::NEG_INFINITY);
    }
    approx::exp_all(d_logits.padded_values_mut());
    for (d, &label) in d_logits.rows_of_fours_mut().zip(labels) {
        let (own, others) = take_own(d, label);
        let scale = per_example / (own + others);
        d.iter_mut().for_each(|d| (F32x4::load(d) * F32x4::splat(scale)).store(d));
        d.as_flattened_mut()[usize::from(label)] = -(others * scale);
        loss.add_log(own, others);
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
    let mut row = vec![[0.0; 4]; logits.stride() / 4];
    for ((r, z), &label) in logits.rows_of_fours().enumerate().zip(labels) {
        loss.subtract(below_largest(z, logits.cols(), &mut row)[usize::from(label)]);
        row.as_flattened_mut()[logits.cols()..].fill(f32::NEG_INFINITY);
        approx::exp_all(row.as_flattened_mut());
        let (own, others) = take_own(&mut row, label);
        loss.add_log(own, others);
        correct += usize::from(prediction(logits.row(r)) == usize::from(label));
    }
    Evaluation { loss: loss.mean(labels.len()), correct }
}

/// `below = z - max(z)`, of which the first `classes` are real and returned.
fn below_largest<'a>(z: &[[f32; 4]], classes: usize, below: &'a mut [[f32; 4]]) -> &'a [f32] {
    let largest = F32x4::splat(maximum(&z.as_flattened()[..classes]));
    z.iter().zip(&mut *below).for_each(|(z, below)| (F32x4::load(z) - largest).store(below));
    &below.as_flattened()[..classes]
}

/// The exponential of the label's logit, which becomes 0, and the sum of the others. The two are kept apart because
/// of an example that is fitted well: its loss is log(1 + others), its gradient -others / (1 + others), and a float
/// next to 1 knows nothing of numbers below 6e-8.
fn take_own(exponentials: &mut [[f32; 4]], label: u8) -> (f32, f32) {
    let (four, lane) = (usize::from(label / 4), usize::from(label % 4));
    let own = exponentials[four][lane];
    // As a product of lanes: to read four numbers back, one of which was just written alone, would be waiting.
    let others = F32x4::load(&exponentials[four]) * F32x4::load(&OTHERS[lane]);
    others.store(&mut exponentials[four]);
    (own, sum_of_fours(exponentials))
}

/// 0 in the lane it is indexed by, and 1 in the others.
const OTHERS: [[f32; 4]; 4] =
    [[0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]];

/// Adds up `ln(sum) - z` over the examples, with one logarithm for sixteen of them: that of the sums' product, which
/// f64 holds, since each sum of at most 256 exponentials (`MOST_OUTPUTS`), none above 1, is at most 256. Sums and
/// product are kept as what exceeds 1, so that no digit of a small loss is lost.
#[derive(Default)]
struct LogSum {
    total: f64,
    /// The product of the sums, less 1.
    excess: f64,
    count: u32,
}

impl LogSum {
    fn subtract(&mut self, z: f32) {
        self.total -= f64::from(z);
    }

    fn add_log(&mut self, own: f32, others: f32) {
        let excess = (f64::from(own) - 1.0) + f64::from(others);
        self.excess += excess + self.excess * excess;
        self.count += 1;
        if self.count == 16 {
            self.total += libm::log1p(self.excess);
            (self.excess, self.count) = (0.0, 0);
        }
    }

    fn mean(self, examples: usize) -> f32 {
        ((self.total + libm::log1p(self.excess)) / examples as f64) as f32
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
    fn an_example_fitted_well_keeps_the_digits_of_its_loss_and_gradient() {
        for gap in [12.0_f32, 20.0, 30.0] {
            let logits = Matrix::from_rows(1, 3, &[-gap, 0.0, -gap]);
            let mut d = Matrix::default();
            let loss = softmax_cross_entropy(&logits, &[1], &mut d);
            let others = 2.0 * (-f64::from(gap)).exp();
            for (found, exact) in [
                (loss, others.ln_1p()),
                (evaluate(&logits, &[1]).loss, others.ln_1p()),
                (d.get(0, 1), -others / (1.0 + others)),
                (d.get(0, 0), 0.5 * others / (1.0 + others)),
            ] {
                assert!((f64::from(found) / exact - 1.0).abs() < 1e-6, "{gap}: {found} {exact}");
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
