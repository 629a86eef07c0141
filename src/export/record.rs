//! What a run measured, kept whole for an export: every loss, every evaluation, every look at the layers.
//!
//! The page's history thins its series as they grow; a record does not, so it is made by replaying the run.

use crate::VERSION;
use crate::data::Dataset;
use crate::lab::comparison::{Comparison, Schedule};
use crate::lab::experiment::Experiment;
use crate::lab::frame::{Frame, LayerStats};
use crate::lab::knob::norm_word;
use crate::lab::link;

/// The whole training set and the whole test set are evaluated every so many steps, and at the last one.
pub const EVALUATE_EVERY: u32 = 5;

/// One arm in evaluation mode after `step` updates.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct EvalPoint {
    /// Updates made.
    pub step: u32,
    /// Mean cross-entropy over the training set; none where it is not finite or was not measured.
    pub train_loss: Option<f32>,
    /// Mean cross-entropy over the test set; none where it is not finite.
    pub test_loss: Option<f32>,
    /// Share of the test set classified correctly, 0 to 1.
    pub test_accuracy: f32,
}

/// One arm's series.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ArmRecord {
    /// As on the page: "with BN".
    pub name: String,
    /// As in a link: none, bn, ln, rms, gn, dyt.
    pub norm: &'static str,
    /// Loss of each step's mini-batch before its update, step 0 first; fewer if the arm diverged.
    pub loss: Vec<f32>,
    /// In evaluation mode.
    pub eval: Vec<EvalPoint>,
    /// The step whose loss was not finite.
    pub diverged_at: Option<u32>,
    /// Per sampled step, the hidden layers.
    #[serde(skip)]
    pub layers: Vec<(u32, Vec<LayerStats>)>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Record {
    /// The share link's keys, without the `#`.
    pub experiment: String,
    /// Version of the link.
    pub version: u32,
    /// Draws the initial weights and the mini-batches.
    pub seed: u32,
    /// Program, version, settings, seed and steps in one line.
    pub written_by: String,
    /// Updates asked for.
    pub steps: u32,
    /// Each arm's parameters and running statistics at the end, hashed: "8c41 09fe 5d27 b3a0".
    pub fingerprints: [String; 2],
    /// Without, with.
    pub arms: [ArmRecord; 2],
}

/// Program and version, as every file says them.
pub fn program() -> String {
    format!("BatchNorm Playground {VERSION}")
}

/// What every file says of its run: "BatchNorm Playground 0.1.0; v=1&lr=0.1; seed 24; step 300".
pub fn signed(experiment: &Experiment, steps: u32) -> String {
    let (link, seed) = (link::write(experiment), experiment.seed);
    format!("{}; {link}; seed {seed}; step {steps}", program())
}

/// Sixteen hexadecimal digits in four groups, as two readers would compare them.
pub fn fingerprint(hash: u64) -> String {
    let digits = format!("{hash:016x}");
    [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join(" ")
}

impl Record {
    /// An empty record.
    pub fn new(experiment: &Experiment, steps: u32) -> Self {
        let arms = experiment.arms().map(|arm| ArmRecord {
            name: arm.name,
            norm: norm_word(arm.norm),
            loss: Vec::new(),
            eval: Vec::new(),
            diverged_at: None,
            layers: Vec::new(),
        });
        let (seed, written_by) = (experiment.seed, signed(experiment, steps));
        let (experiment, version) = (link::write(experiment), link::VERSION);
        Self { experiment, version, seed, written_by, steps, fingerprints: Default::default(), arms }
    }

    /// Trains both arms for `steps` steps and keeps everything; the layers are looked at every `sample_every` steps.
    /// `progress` is told the number of updates made after each.
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself.
    pub fn replay(
        experiment: &Experiment,
        data: Dataset,
        steps: u32,
        sample_every: u32,
        mut progress: impl FnMut(u32),
    ) -> Result<Self, String> {
        let mut replay = Replay::new(experiment, data, steps, sample_every)?;
        while !replay.advance(1) {
            progress(replay.step());
        }
        Ok(replay.finish())
    }

    /// Takes over what a frame tells.
    pub fn add(&mut self, frame: &Frame) {
        for (a, arm) in self.arms.iter_mut().enumerate() {
            arm.loss.extend(&frame.losses[a]);
            arm.diverged_at = frame.diverged_at[a];
            let evaluations = frame.evaluations.iter();
            arm.eval.extend(evaluations.filter_map(|(step, arms)| {
                let evaluation = arms[a]?;
                let (test_loss, test_accuracy) = (evaluation.loss, evaluation.accuracy);
                Some(EvalPoint { step: *step, train_loss: None, test_loss, test_accuracy })
            }));
            let layers = frame.layers.iter().filter(|(_, arms)| !arms[a].is_empty());
            arm.layers.extend(layers.map(|(step, arms)| (*step, arms[a].clone())));
        }
    }

    /// Takes over everything up to now, with the training set's loss at this step's evaluation.
    fn look(&mut self, comparison: &mut Comparison) {
        self.add(&comparison.frame(false));
        let losses = comparison.training_set_loss();
        for (arm, loss) in self.arms.iter_mut().zip(losses) {
            if let Some(last) = arm.eval.last_mut().filter(|last| last.step == comparison.step_count()) {
                last.train_loss = loss;
            }
        }
    }
}

/// A record in the making: the run is repeated a few steps at a time.
pub struct Replay {
    comparison: Comparison,
    record: Record,
}

impl Replay {
    /// Prepares the record of [`Record::replay`].
    ///
    /// # Errors
    /// One sentence if the experiment contradicts itself.
    pub fn new(
        experiment: &Experiment,
        data: Dataset,
        steps: u32,
        sample_every: u32,
    ) -> Result<Self, String> {
        let mut comparison = Comparison::new(experiment.clone(), data, 0)?;
        // Evaluations are asked for one by one, so that both sets are evaluated at the same steps.
        comparison.set_schedule(Schedule { evaluate_every: u32::MAX, sample_every });
        let mut record = Record::new(experiment, steps);
        record.look(&mut comparison);
        Ok(Self { comparison, record })
    }

    /// Updates made.
    pub fn step(&self) -> u32 {
        self.comparison.step_count()
    }

    /// Makes at most `steps` more steps. Whether that was all.
    pub fn advance(&mut self, steps: u32) -> bool {
        let end = self.record.steps;
        for _ in 0..steps {
            if self.step() >= end || self.comparison.is_over() {
                return true;
            }
            self.comparison.advance();
            if self.step().is_multiple_of(EVALUATE_EVERY) || self.step() == end {
                self.comparison.evaluate();
                self.record.look(&mut self.comparison);
            }
        }
        self.step() >= end || self.comparison.is_over()
    }

    /// The record; complete once [`Self::advance`] has said so.
    pub fn finish(mut self) -> Record {
        self.record.add(&self.comparison.frame(false));
        let hashes = self.comparison.arms().each_ref().map(|arm| arm.network().fingerprint());
        self.record.fingerprints = hashes.map(fingerprint);
        self.record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(link: &str, steps: u32) -> Record {
        let (experiment, notes) = link::read(link);
        assert_eq!(notes, Vec::<String>::new());
        let data = experiment.dataset(None).unwrap();
        Record::replay(&experiment, data, steps, 10, |_| {}).unwrap()
    }

    #[test]
    fn fingerprints_are_sixteen_digits_in_four_groups() {
        assert_eq!(fingerprint(0x8c41_09fe_5d27_b3a0), "8c41 09fe 5d27 b3a0");
        assert_eq!(fingerprint(0x1f), "0000 0000 0000 001f");
    }

    #[test]
    fn a_record_holds_every_loss_and_both_sets_at_the_same_steps() {
        let record = record("d=circle&l=2&w=8&lr=0.1", 12);
        for arm in &record.arms {
            assert_eq!((arm.loss.len(), arm.diverged_at), (12, None));
            assert_eq!(arm.eval.iter().map(|point| point.step).collect::<Vec<_>>(), [0, 5, 10, 12]);
            assert!(arm.eval.iter().all(|point| point.train_loss.is_some() && point.test_loss.is_some()));
            assert_eq!(arm.layers.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [0, 10]);
        }
        let [without, with] = &record.arms;
        assert_eq!((without.norm, with.norm), ("none", "bn"));
        assert!(without.loss != with.loss && record.fingerprints[0] != record.fingerprints[1]);
        assert_ne!(without.eval[0].train_loss, without.eval[0].test_loss);
    }

    #[test]
    fn the_record_is_the_run_of_the_page() {
        let (experiment, _) = link::read("d=xor&l=3&w=8&seed=3");
        let mut page = Comparison::new(experiment.clone(), experiment.dataset(None).unwrap(), 0).unwrap();
        (0..10).for_each(|_| page.advance());
        let frame = page.frame(false);
        let record = record("d=xor&l=3&w=8&seed=3", 10);
        for a in 0..2 {
            assert_eq!(record.arms[a].loss, frame.losses[a]);
            let (step, evaluations) = frame.evaluations[1];
            let point = record.arms[a].eval.iter().find(|point| point.step == step).unwrap();
            assert_eq!(point.test_loss, evaluations[a].unwrap().loss);
            assert_eq!(record.fingerprints[a], fingerprint(page.arms()[a].network().fingerprint()));
        }
    }

    #[test]
    fn a_record_made_in_slices_is_the_same() {
        let (experiment, _) = link::read("d=xor&l=3&w=8&seed=3");
        let mut replay = Replay::new(&experiment, experiment.dataset(None).unwrap(), 23, 10).unwrap();
        let mut slices = 0;
        while !replay.advance(4) {
            slices += 1;
        }
        assert_eq!((slices, replay.step()), (5, 23));
        assert_eq!(replay.finish(), record("d=xor&l=3&w=8&seed=3", 23));
    }

    #[test]
    fn an_arm_that_diverged_has_only_its_finite_losses() {
        let record = record("l=6&lr=1000&s=3&i=he", 40);
        let arm = &record.arms[0];
        let step = arm.diverged_at.expect("the plain network diverges");
        assert_eq!(arm.loss.len(), step as usize);
        assert!(arm.loss.iter().all(|loss| loss.is_finite()));
        assert!(arm.eval.iter().all(|point| point.step <= step));
    }
}
