//! Softmax cross-entropy, the mean over the examples, with its gradient.

use super::Rows;

/// `(loss, d_logits)`: `loss = mean(-ln p[label])`, `d_logits = (p - onehot(label)) / examples`.
pub fn softmax_cross_entropy(logits: &Rows, labels: &[usize]) -> (f64, Rows) {
    assert_eq!(logits.len(), labels.len());
    let examples = labels.len() as f64;
    let mut loss = 0.0;
    let mut d_logits = Vec::new();
    for (row, &label) in logits.iter().zip(labels) {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = row.iter().map(|v| (v - largest).exp()).sum();
        loss += (total.ln() + largest - row[label]) / examples;
        let share = |(class, v): (usize, &f64)| {
            let onehot = if class == label { 1.0 } else { 0.0 };
            ((v - largest).exp() / total - onehot) / examples
        };
        d_logits.push(row.iter().enumerate().map(share).collect());
    }
    (loss, d_logits)
}
