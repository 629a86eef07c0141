//! Two arms in lock-step: the same initial weights where shapes agree, the same mini-batch at every step.
//!
//! Knows no clock: whoever calls decides how many steps to make, and the numbers do not depend on it.

use super::experiment::{Experiment, Picture};
use super::frame::{Evaluation, Frame, LayerStats, Snapshot};
use super::look;
use super::run::{Run, Watch};
use crate::data::Dataset;
use crate::data::sampler::{Batch, BatchSampler};
use crate::math::matrix::Matrix;

/// With more test examples than this, testing is spaced so that it takes its share of the time and no more.
const MANY_TESTS: usize = 1000;
/// Steps between two evaluations of many test examples: numbers that a reader expects on an axis.
const ROUND_INTERVALS: [usize; 4] = [10, 20, 50, 100];
/// The same for still more.
const MOST_RARELY: usize = 200;

/// How often what is measured, in steps.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Test loss and accuracy.
    pub evaluate_every: u32,
    /// Layer statistics.
    pub sample_every: u32,
}

impl Schedule {
    /// The page's: every 5 steps, more rarely for data that is costly to evaluate.
    pub fn of(experiment: &Experiment) -> Self {
        let (train, test) = experiment.examples();
        let batch = (experiment.batch_size as usize).min(train);
        let every = if test > MANY_TESTS {
            // A test example costs half a training example: a sixth of the time goes into them, or less.
            let wanted = 5 * test / (2 * batch);
            ROUND_INTERVALS.into_iter().find(|&every| every >= wanted).unwrap_or(MOST_RARELY)
        } else {
            (test / (4 * batch)).clamp(1, 10) * 5
        };
        Self { evaluate_every: every as u32, sample_every: 5 }
    }
}

/// A paired run.
///
/// ```
/// use batchnorm_playground::lab::comparison::Comparison;
/// use batchnorm_playground::lab::experiment::Experiment;
///
/// let experiment = Experiment { hidden_layers: 3, ..Experiment::default() };
/// let data = experiment.dataset(None)?;
/// let mut pair = Comparison::new(experiment, data, 0)?;
/// let first_weights = |arm: usize| pair.arms()[arm].network().parameters().layers[0].weight.to_dense();
/// assert_eq!(first_weights(0), first_weights(1));
///
/// (0..50).for_each(|_| pair.advance());
/// let frame = pair.frame(false);
/// assert_eq!((frame.step, frame.losses.map(|losses| losses.len())), (50, [50, 50]));
/// # Ok::<(), String>(())
/// ```
pub struct Comparison {
    experiment: Experiment,
    data: Dataset,
    schedule: Schedule,
    watch: Watch,
    sampler: BatchSampler,
    batch: Batch,
    arms: [Run; 2],
    step: u32,
    scratch: Vec<LayerStats>,
    /// What happened since the last frame was taken.
    pending: Frame,
}

impl Comparison {
    /// Both arms, untrained, on `data`, following `unit` in every layer.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself.
    pub fn new(experiment: Experiment, data: Dataset, unit: usize) -> Result<Self, String> {
        experiment.check()?;
        let seed = u64::from(experiment.seed);
        let sampler = BatchSampler::new(seed, data.train.len(), experiment.batch_size as usize);
        let batch = Batch { x: Matrix::zeros(sampler.batch_size(), data.features), y: Vec::new() };
        let arms = experiment.arms().map(|arm| Run::new(&experiment, &arm));
        let mut comparison = Self {
            schedule: Schedule::of(&experiment),
            watch: Watch { unit: unit.min(experiment.width as usize - 1) },
            experiment,
            data,
            sampler,
            batch,
            arms,
            step: 0,
            scratch: Vec::new(),
            pending: Frame::default(),
        };
        comparison.evaluate();
        Ok(comparison)
    }

    /// Measures on another schedule from here on. The numbers trained do not depend on it.
    pub fn set_schedule(&mut self, schedule: Schedule) {
        self.schedule = schedule;
    }

    /// Takes `experiment` in place of the old one, from which it differs in live knobs and changes of the learning rate
    /// alone.
    pub fn retune(&mut self, experiment: Experiment) {
        self.experiment = experiment;
    }

    /// Updates made.
    pub fn step_count(&self) -> u32 {
        self.step
    }

    /// The two arms, without and with.
    pub fn arms(&self) -> &[Run; 2] {
        &self.arms
    }

    /// What it trains on.
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// The experiment as it stands.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The examples of the step to come.
    pub fn next_batch(&mut self) -> &Batch {
        self.sampler.fill(u64::from(self.step), &self.data.train, &mut self.batch);
        &self.batch
    }

    /// Whether both arms have diverged: then no step changes anything any more.
    pub fn is_over(&self) -> bool {
        self.arms.iter().all(|arm| arm.diverged_at().is_some())
    }

    /// One step of both arms on the same mini-batch.
    pub fn advance(&mut self) {
        if self.is_over() || self.step == u32::MAX {
            return;
        }
        self.sampler.fill(u64::from(self.step), &self.data.train, &mut self.batch);
        let rates = (self.experiment.rate_at(self.step), self.experiment.hidden_rate);
        let watch = self.step.is_multiple_of(self.schedule.sample_every).then_some(self.watch);
        let mut sampled: [Vec<LayerStats>; 2] = [Vec::new(), Vec::new()];
        for (a, arm) in self.arms.iter_mut().enumerate() {
            let loss = arm.step(self.step, &self.batch, rates, watch, &mut self.scratch);
            self.pending.losses[a].extend(loss);
            self.pending.diverged_at[a] = arm.diverged_at();
            if watch.is_some() {
                sampled[a].clone_from(&self.scratch);
            }
        }
        if watch.is_some() {
            self.pending.layers.push((self.step, sampled));
        }
        self.step += 1;
        if self.step.is_multiple_of(self.schedule.evaluate_every) {
            self.evaluate();
        }
    }

    /// Evaluates both arms on the test set now. Moves nothing.
    pub fn evaluate(&mut self) {
        let evaluations = [0, 1].map(|a| self.evaluate_arm(a));
        self.pending.evaluations.push((self.step, evaluations));
    }

    fn evaluate_arm(&mut self, a: usize) -> Option<Evaluation> {
        let statistics = self.experiment.test_statistics;
        let (arm, data) = (&mut self.arms[a], &self.data);
        let going = arm.diverged_at().is_none();
        going.then(|| arm.evaluate(&data.test, statistics, self.sampler.batch_size(), &data.train))
    }

    /// Loss of both arms on the whole training set in evaluation mode. Moves nothing.
    pub fn training_set_loss(&mut self) -> [Option<f32>; 2] {
        let statistics = self.experiment.test_statistics;
        let chunk = self.sampler.batch_size();
        let data = &self.data;
        self.arms.each_mut().map(|arm| match arm.diverged_at() {
            None => arm.evaluate(&data.train, statistics, chunk, &data.train).loss,
            Some(_) => None,
        })
    }

    /// Everything since the last frame, with a snapshot of this moment if asked for.
    pub fn frame(&mut self, with_snapshot: bool) -> Frame {
        let snapshot = with_snapshot.then(|| self.snapshot());
        let next = Frame { first_step: self.step, diverged_at: self.pending.diverged_at, ..Frame::default() };
        let mut frame = core::mem::replace(&mut self.pending, next);
        frame.step = self.step;
        frame.snapshot = snapshot;
        frame
    }

    fn snapshot(&mut self) -> Snapshot {
        self.sampler.fill(u64::from(self.step), &self.data.train, &mut self.batch);
        let (experiment, batch, data, watch) = (&self.experiment, &self.batch, &self.data, self.watch);
        let arms = self.arms.each_mut().map(|arm| look::snapshot(arm, experiment, batch, data, watch));
        let fingerprints = self.arms.each_ref().map(|arm| arm.network().fingerprint());
        let images = experiment.picture() == Picture::Images;
        let mistakes = images.then(|| look::mistakes(&mut self.arms, &self.data));
        Snapshot { step: self.step, fingerprints, arms, mistakes }
    }
}
