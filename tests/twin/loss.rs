//! Softmax cross-entropy, the mean over the examples, with its gradient.

use super::{Rows, keep};

/// `(loss, d_logits)`: `loss = mean(-ln p[label])`, `d_logits = (p - onehot(label)) / examples`. With `rounding` the
/// numbers near 1, from which little is left when an example is all but certain, are rounded to f32.
pub fn softmax_cross_entropy(logits: &Rows, labels: &[usize], rounding: Option<f64>) -> (f64, Rows) {
    assert_eq!(logits.len(), labels.len());
    let examples = labels.len() as f64;
    let mut loss = 0.0;
    let mut d_logits = Vec::new();
    for (row, &label) in logits.iter().zip(labels) {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total = row.iter().fold(0.0, |sum, v| keep(rounding, sum + (v - largest).exp()));
        loss += (total.ln() + largest - row[label]) / examples;
        let share = |(class, v): (usize, &f64)| {
            let onehot = if class == label { 1.0 } else { 0.0 };
            (keep(rounding, (v - largest).exp() / total) - onehot) / examples
        };
        d_logits.push(row.iter().enumerate().map(share).collect());
    }
    (loss, d_logits)
}
