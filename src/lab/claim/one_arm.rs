//! One arm trained alone, for jobs: the same numbers as that arm of a [`crate::lab::comparison::Comparison`],
//! because weights, data and mini-batches come from the seed alone.

use crate::data::Dataset;
use crate::data::sampler::{Batch, BatchSampler};
use crate::lab::experiment::{Arm, Experiment, TestStatistics};
use crate::lab::frame::{Evaluation, LayerStats};
use crate::lab::run::Run;
use crate::math::matrix::Matrix;
use crate::nn::norm::Norm;
use crate::nn::tape::{Tape, rms};

/// One arm, its data and its mini-batches.
pub(crate) struct OneArm {
    experiment: Experiment,
    data: Dataset,
    sampler: BatchSampler,
    batch: Batch,
    pub(crate) run: Run,
    step: u32,
    layers: Vec<LayerStats>,
}

impl OneArm {
    /// The untrained arm; `packed` is the file of digits.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself or its data are missing.
    pub(crate) fn new(experiment: &Experiment, norm: Norm, packed: Option<&[u8]>) -> Result<Self, String> {
        let data = experiment.dataset(packed)?;
        let seed = u64::from(experiment.seed);
        let sampler = BatchSampler::new(seed, data.train.len(), experiment.batch_size as usize);
        let arm = Arm { name: String::new(), norm };
        experiment.network(&arm).check(sampler.batch_size())?;
        experiment.update_rule().check()?;
        Ok(Self {
            batch: Batch { x: Matrix::zeros(sampler.batch_size(), data.features), y: Vec::new() },
            run: Run::new(experiment, &arm),
            experiment: experiment.clone(),
            data,
            sampler,
            step: 0,
            layers: Vec::new(),
        })
    }

    /// Updates made.
    pub(crate) fn step_count(&self) -> u32 {
        self.step
    }

    /// The step whose loss was not finite.
    pub(crate) fn diverged_at(&self) -> Option<u32> {
        self.run.diverged_at()
    }

    /// One update; the mini-batch's loss before it, or `None` once the arm has diverged.
    pub(crate) fn advance(&mut self) -> Option<f32> {
        self.sampler.fill(u64::from(self.step), &self.data.train, &mut self.batch);
        let rates = (self.experiment.rate_at(self.step), self.experiment.hidden_rate);
        let loss = self.run.step(self.step, &self.batch, rates, None, &mut self.layers)?;
        self.step += 1;
        Some(loss)
    }

    /// Disturbs the step to come with noise after the norm.
    pub(crate) fn disturb(&mut self) {
        let (seed, step) = (u64::from(self.experiment.seed), u64::from(self.step));
        self.run.tape.disturb(seed, step, self.sampler.batch_size());
    }

    /// The examples of the step to come, and the arm.
    pub(crate) fn next_batch(&mut self) -> (&Batch, &mut Run) {
        self.sampler.fill(u64::from(self.step), &self.data.train, &mut self.batch);
        (&self.batch, &mut self.run)
    }

    /// The learning rate in force.
    pub(crate) fn rate(&self) -> f32 {
        self.experiment.rate_at(self.step)
    }

    /// Its data.
    pub(crate) fn data(&self) -> &Dataset {
        &self.data
    }

    /// Every row of the test set through the network in evaluation mode: chunk by chunk, its tape.
    pub(crate) fn look_at_test_set(&mut self, mut see: impl FnMut(&Tape)) {
        self.run.for_each_chunk(&self.data.test.x, self.data.test.len(), |_, tape| see(tape));
    }

    /// Loss and accuracy on the test set; moves nothing.
    pub(crate) fn evaluate(&mut self, statistics: TestStatistics) -> Evaluation {
        self.run.evaluate(&self.data.test, statistics, self.sampler.batch_size(), &self.data.train)
    }

    /// Root mean square of the second layer's weights, if finite.
    pub(crate) fn second_weights(&self) -> Option<f32> {
        Some(rms(&self.run.network().parameters().layers[1].weight)).filter(|size| size.is_finite())
    }
}
