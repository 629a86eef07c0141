//! Mini-batches: batch k is a pure function of seed and k, so every arm and every replay sees the same one.
//!
//! The examples are reshuffled each epoch and the last partial batch is dropped. A batch at least as large as the
//! training set is the whole set, in shuffled order.

use super::Split;
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};

/// The examples of one step.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `[batch, features]`.
    pub x: Matrix,
    /// The class of each example.
    pub y: Vec<u8>,
}

/// Batches of `batch_size` in one pass over `examples`, both at least 1.
pub fn steps_per_epoch(examples: usize, batch_size: usize) -> u64 {
    (examples / batch_size.clamp(1, examples.max(1))) as u64
}

/// Deals mini-batches of one size from one training set.
#[derive(Clone, Debug)]
pub struct BatchSampler {
    seed: u64,
    examples: usize,
    batch_size: usize,
    /// The epoch that `order` belongs to.
    epoch: Option<u64>,
    order: Vec<u32>,
}

impl BatchSampler {
    /// A sampler of `batch_size` out of `examples`, both at least 1.
    pub fn new(seed: u64, examples: usize, batch_size: usize) -> Self {
        Self { seed, examples, batch_size: batch_size.min(examples), epoch: None, order: Vec::new() }
    }

    /// Examples in each batch: the size asked for, or the whole set if that is smaller.
    pub fn batch_size(&self) -> usize {
        self.batch_size
    }

    /// Batches in one epoch.
    pub fn batches_per_epoch(&self) -> u64 {
        steps_per_epoch(self.examples, self.batch_size)
    }

    /// Which examples batch `step` holds.
    pub fn indices(&mut self, step: u64) -> &[u32] {
        let epoch = step / self.batches_per_epoch();
        if self.epoch != Some(epoch) {
            self.order.clear();
            self.order.extend(0..self.examples as u32);
            Rng::stream(self.seed, Purpose::Batches, epoch).shuffle(&mut self.order);
            self.epoch = Some(epoch);
        }
        let first = (step % self.batches_per_epoch()) as usize * self.batch_size;
        &self.order[first..first + self.batch_size]
    }

    /// Gathers batch `step` of `split` into `batch`, without allocating once its buffers are that large.
    pub fn fill(&mut self, step: u64, split: &Split, batch: &mut Batch) {
        let indices = self.indices(step);
        split.x.select_rows(indices, &mut batch.x);
        batch.y.clear();
        batch.y.extend(indices.iter().map(|&i| split.y[i as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_k_does_not_depend_on_what_was_asked_before() {
        let mut in_order = BatchSampler::new(7, 100, 30);
        let batches: Vec<Vec<u32>> = (0..9).map(|k| in_order.indices(k).to_vec()).collect();
        let mut jumping = BatchSampler::new(7, 100, 30);
        for k in [8, 0, 4, 3] {
            assert_eq!(jumping.indices(k), batches[k as usize]);
        }
    }

    #[test]
    fn an_epoch_uses_no_example_twice_and_the_next_has_another_order() {
        let mut sampler = BatchSampler::new(1, 100, 25);
        let mut seen: Vec<u32> = (0..4).flat_map(|k| sampler.indices(k).to_vec()).collect();
        let first = sampler.indices(0).to_vec();
        seen.sort_unstable();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
        assert_ne!(first, sampler.indices(4));
    }

    #[test]
    fn a_batch_larger_than_the_data_is_the_whole_set() {
        let mut sampler = BatchSampler::new(1, 10, 64);
        assert_eq!((sampler.batch_size(), sampler.indices(5).len()), (10, 10));
    }
}
