//! A run as a PyTorch script that repeats it and checks the playground's arithmetic with a tool the reader trusts.
//!
//! The script holds the training set, both arms' initial parameters, and at a few steps the playground's own
//! parameters, loss, gradients and running statistics. It draws the same mini-batches from the same generator. The
//! test set plays no part in it, and initial weights are given rather than drawn.

mod norm;
mod record;
mod script;

use crate::data::Dataset;
use crate::lab::experiment::Experiment;
use record::Replay;

/// The steps that are checked unless somebody asks for others.
const CHECK_AT: [u32; 4] = [0, 10, 50, 100];

/// A script larger than this checks fewer steps unless somebody asks for more: in bytes.
const LARGEST: usize = 40 << 20;

/// The steps to check if nobody says which: 0, 10, 50 and 100, as many as the run has and as fit a reasonable file.
pub fn default_checks(experiment: &Experiment, steps: u32) -> Vec<u32> {
    let weights = experiment.arms().map(|arm| experiment.network(&arm).weights()).iter().sum::<usize>();
    // Parameters, most of which are weights, and gradients, 4 bytes each, as base64.
    let fit = LARGEST / (weights * 2 * 4 * 4 / 3).max(1);
    CHECK_AT.into_iter().filter(|step| *step <= steps).take(fit.max(1)).collect()
}

/// An export under way: it replays the run up to the last step checked.
pub struct Export {
    experiment: Experiment,
    steps: u32,
    replay: Replay,
}

impl Export {
    /// Prepares the script of `steps` steps, checked at the steps `check_at`.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself, or a check lies beyond the end.
    pub fn new(experiment: &Experiment, data: Dataset, steps: u32, check_at: &[u32]) -> Result<Self, String> {
        if let Some(late) = check_at.iter().find(|step| **step > steps) {
            return Err(format!("A check at step {late} lies beyond the last step, {steps}."));
        }
        let replay = Replay::new(experiment, data, check_at)?;
        Ok(Self { experiment: experiment.clone(), steps, replay })
    }

    /// Makes at most `steps` more steps. Whether the script is ready.
    pub fn advance(&mut self, steps: u32) -> bool {
        self.replay.advance(steps)
    }

    /// Updates repeated so far.
    pub fn step(&self) -> u32 {
        self.replay.step()
    }

    /// The script; complete once [`Self::advance`] has said so.
    pub fn text(&self) -> String {
        script::text(&self.experiment, self.steps, self.replay.data(), &self.replay.states)
    }
}

/// The whole script at once.
///
/// ```
/// use batchnorm_playground::export::pytorch;
/// use batchnorm_playground::lab::experiment::Experiment;
///
/// let experiment = Experiment { hidden_layers: 2, ..Experiment::default() };
/// let script = pytorch::write(&experiment, experiment.dataset(None)?, 10, &[0, 10])?;
/// assert!(script.contains("import torch"));
/// assert!(pytorch::write(&experiment, experiment.dataset(None)?, 10, &[11]).is_err());
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// See [`Export::new`].
pub fn write(experiment: &Experiment, data: Dataset, steps: u32, check_at: &[u32]) -> Result<String, String> {
    let mut export = Export::new(experiment, data, steps, check_at)?;
    while !export.advance(u32::MAX) {}
    Ok(export.text())
}
