//! Jobs: small values that say what to train and what to measure, and the runner that carries one out in slices.
//!
//! A job depends on nothing but itself: the same job gives the same outcome, to the bit, wherever it runs.

use serde::{Deserialize, Serialize};

use super::trainer::Trainer;
use crate::lab::experiment::{Experiment, TestStatistics};
use crate::lab::frame::Evaluation;
use crate::nn::norm::Norm;

/// One piece of work: one arm of one experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Every setting, the seed among them.
    pub experiment: Experiment,
    /// What this arm normalises with.
    pub arm: Norm,
    /// Updates to make.
    pub steps: u32,
    /// What to look at.
    pub measure: Measure,
}

/// What a job looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// The test set, every so many steps.
    Training {
        /// In steps.
        every: u32,
    },
}

/// What a job gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Of [`Measure::Training`].
    Training(Training),
}

/// A training run as the test set saw it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Step and evaluation, in order; none once the run has diverged.
    pub evaluations: Vec<(u32, Evaluation)>,
    /// The step whose loss was not finite.
    pub diverged_at: Option<u32>,
    /// At the end, with running, batch and exact statistics (all alike without batch norm); none if diverged.
    pub at_end: Option<[Evaluation; 3]>,
    /// Root mean square of the second layer's weights at the end; none if not finite.
    pub second_weights: Option<f32>,
}

impl Training {
    /// Loss and accuracy, the mean of the last `count` evaluations; `None` if it diverged.
    pub fn ending(&self, count: usize) -> Option<Ending> {
        if self.diverged_at.is_some() || self.evaluations.is_empty() {
            return None;
        }
        let last = &self.evaluations[self.evaluations.len().saturating_sub(count)..];
        let n = last.len() as f32;
        let losses: Option<Vec<f32>> = last.iter().map(|(_, evaluation)| evaluation.loss).collect();
        let loss = losses?.iter().sum::<f32>() / n;
        let accuracy = last.iter().map(|(_, evaluation)| evaluation.accuracy).sum::<f32>() / n;
        loss.is_finite().then_some(Ending { loss, accuracy })
    }
}

/// Where a run that stayed finite ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    /// Test loss.
    pub loss: f32,
    /// Test accuracy, 0 to 1.
    pub accuracy: f32,
}

impl Job {
    /// About how much arithmetic it is, in multiply-adds: for the share of a sweep that is done.
    pub fn work(&self) -> f64 {
        let e = &self.experiment;
        let (inputs, width, outputs) = (e.features() as f64, f64::from(e.width), e.classes() as f64);
        let weights =
            inputs * width + f64::from(e.hidden_layers.max(1) - 1) * width * width + width * outputs;
        // Element-wise work counts as ten more multiply-adds per unit.
        let units = 10.0 * f64::from(e.hidden_layers) * width;
        let batch = f64::from(e.batch_size.min(e.examples().0 as u32));
        // What a step costs whatever its size, and the setting up.
        let step = 3.0 * batch * (weights + units) + 20_000.0;
        f64::from(self.steps) * step + 1_000_000.0
    }
}

/// A job under way.
pub struct JobRun {
    job: Job,
    trainer: Trainer,
    outcome: Training,
}

impl JobRun {
    /// Ready to start; `packed` is the file of digits, needed only for those.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself or its data are missing.
    pub fn new(job: &Job, packed: Option<&[u8]>) -> Result<Self, String> {
        let trainer = Trainer::new(&job.experiment, job.arm, packed)?;
        Ok(Self { job: job.clone(), trainer, outcome: Training::default() })
    }

    /// At most `steps` more updates; the outcome once the job is over. How a job is sliced changes nothing.
    pub fn advance(&mut self, steps: u32) -> Option<Outcome> {
        let Measure::Training { every } = self.job.measure;
        let until = self.job.steps.min(self.trainer.step_count().saturating_add(steps));
        while self.trainer.step_count() < until && self.trainer.advance().is_some() {
            let step = self.trainer.step_count();
            if step.is_multiple_of(every) || step == self.job.steps {
                self.outcome.evaluations.push((step, self.trainer.evaluate(TestStatistics::Running)));
            }
        }
        let over = self.trainer.diverged_at().is_some() || self.trainer.step_count() >= self.job.steps;
        over.then(|| self.finish())
    }

    fn finish(&mut self) -> Outcome {
        self.outcome.diverged_at = self.trainer.diverged_at();
        if self.outcome.diverged_at.is_none() {
            let statistics = [TestStatistics::Running, TestStatistics::Batch, TestStatistics::Exact];
            self.outcome.at_end = Some(statistics.map(|statistics| self.trainer.evaluate(statistics)));
        }
        self.outcome.second_weights = self.trainer.second_weights();
        Outcome::Training(core::mem::take(&mut self.outcome))
    }
}

/// Carries out a whole job.
///
/// # Errors
/// As [`JobRun::new`].
pub fn run(job: &Job, packed: Option<&[u8]>) -> Result<Outcome, String> {
    let mut run = JobRun::new(job, packed)?;
    loop {
        if let Some(outcome) = run.advance(u32::MAX) {
            return Ok(outcome);
        }
    }
}
