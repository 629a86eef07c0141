//! One arm's live state: a network, its optimiser, and the buffers of a step. Knows no other arm and no clock.

use super::experiment::{Arm, Experiment, TestStatistics};
use super::frame::{Evaluation, LayerStats};
use super::look;
use crate::data::Split;
use crate::data::sampler::Batch;
use crate::math::matrix::Matrix;
use crate::nn::Mode;
use crate::nn::loss;
use crate::nn::mlp::{Mlp, Statistics};
use crate::nn::optim::OptimState;
use crate::nn::parameters::Grads;
use crate::nn::tape::{GradientWatch, Tape};

/// Examples per forward pass when a whole set is evaluated.
const CHUNK: usize = 256;

/// One arm, training.
pub struct Run {
    pub(super) mlp: Mlp,
    pub(super) tape: Tape,
    pub(super) grads: Grads,
    optim: OptimState,
    /// For looking: never the buffers of a step, so looking touches nothing.
    side: Side,
    diverged_at: Option<u32>,
}

/// Buffers of whatever looks without training.
struct Side {
    tape: Tape,
    x: Matrix,
}

/// What a step is asked to measure on its way.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// The unit whose activation input is followed, in every layer.
    pub unit: usize,
}

impl Run {
    /// The untrained network of one arm.
    pub fn new(experiment: &Experiment, arm: &Arm) -> Self {
        let config = experiment.network(arm);
        let mlp = Mlp::new(&config);
        Self {
            tape: Tape::new(&config, experiment.batch_size as usize),
            grads: mlp.new_grads(),
            optim: OptimState::new(&experiment.update_rule(), &mlp),
            side: Side { tape: Tape::new(&config, CHUNK), x: Matrix::zeros(CHUNK, config.inputs) },
            diverged_at: None,
            mlp,
        }
    }

    /// The network as it stands.
    pub fn network(&self) -> &Mlp {
        &self.mlp
    }

    /// The gradients of the last step.
    pub fn gradients(&self) -> &Grads {
        &self.grads
    }

    /// The step whose loss was not finite. The arm makes no step from there on.
    pub fn diverged_at(&self) -> Option<u32> {
        self.diverged_at
    }

    /// One step on `batch`: forward, loss, backward, update. Returns the loss before the update, or `None` if the
    /// arm has diverged, now or before. `rates`: the learning rate, and the hidden weights' own if they have one.
    /// `layers` receives the layers' statistics, taken after the backward pass and before the update.
    pub fn step(
        &mut self,
        step: u32,
        batch: &Batch,
        rates: (f32, Option<f32>),
        watch: Option<Watch>,
        layers: &mut Vec<LayerStats>,
    ) -> Option<f32> {
        layers.clear();
        if self.diverged_at.is_some() {
            return None;
        }
        self.tape.keep_pre_activations(watch.is_some());
        self.mlp.forward(&batch.x, Mode::Train, &mut self.tape);
        let (logits, d_logits) = self.tape.logits_and_gradient();
        let loss = loss::softmax_cross_entropy(logits, &batch.y, d_logits);
        if !loss.is_finite() {
            self.diverged_at = Some(step);
            return None;
        }
        let mut sizes = watch.map(|_| GradientWatch::default());
        self.mlp.backward(&batch.x, &mut self.tape, &mut self.grads, sizes.as_mut());
        if let (Some(watch), Some(sizes)) = (watch, &sizes) {
            look::layer_stats(&self.tape, sizes, watch.unit, layers);
        }
        self.optim.step(&mut self.mlp, &self.grads, rates.0, rates.1);
        Some(loss)
    }

    /// Loss and accuracy on `split` in evaluation mode. Moves nothing. `chunk` is the batch size that
    /// [`TestStatistics::Batch`] stands for; `train` is what [`TestStatistics::Exact`] is computed over.
    pub fn evaluate(
        &mut self,
        split: &Split,
        statistics: TestStatistics,
        chunk: usize,
        train: &Split,
    ) -> Evaluation {
        let exact = match statistics {
            TestStatistics::Exact => self.mlp.exact_statistics(&train.x, &mut self.side.tape),
            _ => Vec::new(),
        };
        let (statistics, chunk) = match statistics {
            TestStatistics::Running => (Statistics::Running, CHUNK),
            TestStatistics::Exact => (Statistics::Fixed(&exact), CHUNK),
            TestStatistics::Batch => (Statistics::Batch, chunk.max(2)),
        };
        let (mut total, mut correct) = (0.0_f64, 0);
        for (first, last) in chunks(split.len(), chunk) {
            self.side.look(&self.mlp, &split.x, first, last, statistics);
            let part = loss::evaluate(self.side.tape.logits(), &split.y[first..last]);
            total += f64::from(part.loss) * (last - first) as f64;
            correct += part.correct;
        }
        let loss = (total / split.len() as f64) as f32;
        Evaluation { loss: loss.is_finite().then_some(loss), accuracy: correct as f32 / split.len() as f32 }
    }

    /// Runs the first `rows` rows of `x` through the network in evaluation mode (running statistics), chunk by chunk,
    /// and shows each chunk's tape, with the row it starts at. Moves nothing.
    pub fn for_each_chunk(&mut self, x: &Matrix, rows: usize, mut see: impl FnMut(usize, &Tape)) {
        for (first, last) in chunks(rows, CHUNK) {
            self.side.look(&self.mlp, x, first, last, Statistics::Running);
            see(first, &self.side.tape);
        }
    }

    /// The layers' statistics on a batch not yet trained on, as the next step would see it; and the tape it filled.
    pub fn look_ahead(&mut self, batch: &Batch, watch: Watch, layers: &mut Vec<LayerStats>) -> &Tape {
        let Side { tape, .. } = &mut self.side;
        self.mlp.forward_with(&batch.x, Statistics::Batch, tape);
        let (logits, d_logits) = tape.logits_and_gradient();
        loss::softmax_cross_entropy(logits, &batch.y, d_logits);
        let mut sizes = GradientWatch::default();
        let mut grads = self.mlp.new_grads();
        self.mlp.backward(&batch.x, tape, &mut grads, Some(&mut sizes));
        look::layer_stats(tape, &sizes, watch.unit, layers);
        tape
    }
}

impl Side {
    /// Rows `first..last` of `x` through the network.
    fn look(&mut self, mlp: &Mlp, x: &Matrix, first: usize, last: usize, statistics: Statistics<'_>) {
        self.x.resize(last - first, x.cols());
        for r in first..last {
            self.x.row_mut(r - first).copy_from_slice(x.row(r));
        }
        mlp.forward_with(&self.x, statistics, &mut self.tape);
    }
}

/// Cuts `rows` into chunks of `size`; what is left over goes to the last one, so none is smaller than `size`
/// unless all are.
fn chunks(rows: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = (rows / size).max(1);
    (0..count).map(move |k| (k * size, if k + 1 == count { rows } else { (k + 1) * size }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_every_row_once_and_none_is_too_small() {
        assert_eq!(chunks(10, 4).collect::<Vec<_>>(), [(0, 4), (4, 10)]);
        assert_eq!(chunks(3, 4).collect::<Vec<_>>(), [(0, 3)]);
        assert_eq!(chunks(8, 4).collect::<Vec<_>>(), [(0, 4), (4, 8)]);
    }
}
