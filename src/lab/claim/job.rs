//! Jobs: small values that say what to train and what to measure, and the runner that carries one out in slices.
//!
//! A job depends on nothing but itself: the same job gives the same outcome, to the bit, wherever it runs.

use serde::{Deserialize, Serialize};

use super::one_arm::OneArm;
pub use super::outcome::{Ending, Outcome, Training};
use super::seen::Seen;
use super::why::shift::LinearNet;
use crate::lab::experiment::Experiment;
use crate::lab::probe;
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
    /// The same, every step disturbed by noise after the norm.
    Noisy {
        /// In steps.
        every: u32,
    },
    /// Every layer's gradient, untrained and after the last step.
    Gradients,
    /// Growth of the gradient in a deep network of its own, for this arm and seed.
    Growth,
    /// Walks along the gradient, every so many steps, by eight lengths from half to four times the rate.
    Walks {
        /// In steps.
        every: u32,
    },
    /// The inputs of the activations, every so many steps.
    Inputs {
        /// In steps.
        every: u32,
    },
    /// A deep linear network of its own, at the experiment's rate.
    Shift,
    /// The second layer's weights times ten, untrained.
    Scaled,
    /// One unit over the training set, after the last step.
    Unit {
        /// From 0.
        layer: u32,
        /// From 0.
        unit: u32,
    },
    /// The test set, gamma and beta, every so many steps.
    Affine {
        /// In steps.
        every: u32,
    },
}

impl Job {
    /// The same run as the lab shows it, beside its other arm: a plain one beside the same with batch norm.
    pub fn shown(&self) -> Experiment {
        let norms = [self.arm, self.experiment.norm, Norm::Batch];
        let norm = norms.into_iter().find(|&norm| norm != Norm::None).unwrap_or(Norm::Batch);
        Experiment { norm, ..self.experiment.clone() }
    }

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
        let probes = match self.measure {
            Measure::Growth => return 4e8,
            Measure::Shift => return f64::from(self.steps) * 1.5e6,
            Measure::Walks { every } => 1.0 + 9.0 / f64::from(every.max(1)),
            _ => 1.0,
        };
        f64::from(self.steps) * step * probes + 1_000_000.0
    }
}

/// A job under way.
pub struct JobRun {
    job: Job,
    state: State,
}

enum State {
    /// One arm in training, with what has been seen so far.
    Arm(Box<OneArm>, Box<Seen>),
    /// The deep linear network.
    Linear(Box<LinearNet>),
    /// Nothing to train.
    Once,
}

impl JobRun {
    /// Ready to start; `packed` is the file of digits, needed only for those.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself or its data are missing.
    pub fn new(job: &Job, packed: Option<&[u8]>) -> Result<Self, String> {
        let seed = u64::from(job.experiment.seed);
        let state = match job.measure {
            Measure::Shift => {
                let rate = job.experiment.learning_rate;
                State::Linear(Box::new(LinearNet::new(job.arm, rate, seed, job.steps)))
            }
            Measure::Growth => State::Once,
            _ => {
                let arm = Box::new(OneArm::new(&job.experiment, job.arm, packed)?);
                State::Arm(arm, Box::new(Seen::new(&job.measure, job.steps)))
            }
        };
        Ok(Self { job: job.clone(), state })
    }

    /// At most `steps` more updates; the outcome once the job is over. How a job is sliced changes nothing.
    pub fn advance(&mut self, steps: u32) -> Option<Outcome> {
        match &mut self.state {
            State::Once => {
                Some(Outcome::Growth(probe::growth(self.job.arm, u64::from(self.job.experiment.seed))))
            }
            State::Linear(net) => net.advance(steps).map(Outcome::Shift),
            State::Arm(arm, seen) => {
                let until = self.job.steps.min(arm.step_count().saturating_add(steps));
                while arm.step_count() < until && arm.diverged_at().is_none() {
                    seen.before_step(arm);
                    if matches!(self.job.measure, Measure::Noisy { .. }) {
                        arm.disturb();
                    }
                    arm.advance();
                    if arm.diverged_at().is_none() {
                        seen.after_step(arm);
                    }
                }
                let over = arm.diverged_at().is_some() || arm.step_count() >= self.job.steps;
                over.then(|| seen.finish(arm))
            }
        }
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
