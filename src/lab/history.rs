//! All that is known of the run on screen, bounded in size; the views that figures read from it are in `views`.
//!
//! A history is fed with frames and knows neither the network nor the page.

mod choices;
mod views;

use super::experiment::{Experiment, RateChange, TestStatistics};
use super::frame::{Evaluation, Frame, LayerStats, Mistakes, Snapshot};
use super::series::{Samples, StepSeries};
use super::view::ArmState;
use crate::nn::activation::Activation;
pub use choices::Choices;

/// The accuracy whose first reaching is told.
pub const TARGET: f32 = 0.9;
/// Steps over which an arm must have done no better than guessing to count as stuck.
const STUCK_OVER: u32 = 100;
/// Evaluations remembered for judging the state of an arm.
const RECENT: usize = 32;

/// One arm's past.
#[derive(Clone, Debug, Default)]
struct ArmHistory {
    loss: StepSeries,
    evaluations: Samples<Evaluation>,
    layers: Samples<Vec<LayerStats>>,
    /// The last evaluations, oldest first.
    recent: Vec<(u32, Evaluation)>,
    first_at_target: Option<u32>,
    diverged_at: Option<u32>,
}

/// The numbers of one row of the score table.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The arm's name.
    pub name: String,
    /// Smoothed mini-batch loss.
    pub train_loss: Option<f32>,
    /// On the whole test set.
    pub test_loss: Option<f32>,
    /// On the whole test set, 0 to 1.
    pub accuracy: Option<f32>,
    /// The first evaluation at [`TARGET`].
    pub first_at_target: Option<u32>,
    /// What the arm is doing.
    pub state: ArmState,
    /// Silent or saturated units of all hidden units.
    pub silent: u32,
    /// All hidden units.
    pub units: u32,
}

impl Score {
    /// Whether so many units are silent or saturated that it is worth telling: a quarter.
    pub fn has_many_silent(&self) -> bool {
        self.units > 0 && 4 * self.silent >= self.units
    }
}

/// The run on screen.
///
/// ```
/// use batchnorm_playground::lab::comparison::Comparison;
/// use batchnorm_playground::lab::experiment::Experiment;
/// use batchnorm_playground::lab::history::{Choices, History};
///
/// let experiment = Experiment { hidden_layers: 3, ..Experiment::default() };
/// let mut history = History::new(&experiment, None);
/// let mut pair = Comparison::new(experiment.clone(), experiment.dataset(None)?, 0)?;
/// for _ in 0..4 {
///     (0..25).for_each(|_| pair.advance());
///     history.push(pair.frame(true));
/// }
/// assert_eq!(history.step(), 100);
/// assert_eq!(history.scores().map(|score| score.name), ["without BN", "with BN"]);
/// // A figure reads a view: plain numbers.
/// assert_eq!(history.loss_view(&Choices::default()).arms.len(), 2);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct History {
    names: [String; 2],
    classes: u32,
    reach: f32,
    units: u32,
    hidden_layers: usize,
    activation: Activation,
    statistics: TestStatistics,
    rate_changes: Vec<RateChange>,
    arms: [ArmHistory; 2],
    step: u32,
    snapshot: Option<Snapshot>,
    ghost: Option<[StepSeries; 2]>,
}

/// The ghost of the last run fades when the new one has this many steps.
const GHOST_UNTIL: u32 = 20;

impl History {
    /// The empty history of `experiment`, keeping the `last` run as a ghost.
    pub fn new(experiment: &Experiment, last: Option<&Self>) -> Self {
        Self {
            names: experiment.arms().map(|arm| arm.name),
            classes: experiment.classes() as u32,
            reach: experiment.reach(),
            units: experiment.width,
            hidden_layers: experiment.hidden_layers as usize,
            activation: experiment.activation,
            statistics: experiment.test_statistics,
            rate_changes: experiment.rate_changes.clone(),
            arms: Default::default(),
            step: 0,
            snapshot: None,
            ghost: last.and_then(Self::as_ghost),
        }
    }

    /// What stays of this run behind the next; a run too short to be seen hands on the one behind itself.
    fn as_ghost(&self) -> Option<[StepSeries; 2]> {
        if self.step < GHOST_UNTIL {
            return self.ghost.clone();
        }
        Some(self.arms.each_ref().map(|arm| arm.loss.clone()))
    }

    /// Takes in a frame.
    pub fn push(&mut self, frame: Frame) {
        self.step = frame.step;
        for (a, arm) in self.arms.iter_mut().enumerate() {
            for (k, &loss) in frame.losses[a].iter().enumerate() {
                arm.loss.push(frame.first_step + k as u32, loss);
            }
            arm.diverged_at = frame.diverged_at[a];
            for (step, evaluations) in &frame.evaluations {
                if let Some(evaluation) = evaluations[a] {
                    arm.evaluated(*step, evaluation);
                }
            }
        }
        for (step, layers) in frame.layers {
            for (arm, stats) in self.arms.iter_mut().zip(layers) {
                if !stats.is_empty() {
                    arm.layers.push(step, stats);
                }
            }
        }
        if frame.snapshot.is_some() {
            self.snapshot = frame.snapshot;
        }
    }

    /// A live knob was turned.
    pub fn retuned(&mut self, experiment: &Experiment) {
        self.rate_changes.clone_from(&experiment.rate_changes);
        self.statistics = experiment.test_statistics;
    }

    /// Updates made.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// The arms' names.
    pub fn names(&self) -> &[String; 2] {
        &self.names
    }

    /// Statistics batch norm is tested with.
    pub fn statistics(&self) -> TestStatistics {
        self.statistics
    }

    /// Accuracy of guessing.
    pub fn chance(&self) -> f32 {
        1.0 / self.classes as f32
    }

    /// Whether both arms have diverged.
    pub fn is_over(&self) -> bool {
        self.arms.iter().all(|arm| arm.diverged_at.is_some())
    }

    /// Whether both arms have held at least `accuracy` over the last `steps` steps.
    pub fn both_hold(&self, accuracy: f32, steps: u32) -> bool {
        self.arms.iter().all(|arm| {
            let window = arm.recent.iter().rev().take_while(|(step, _)| *step + steps >= self.step);
            arm.recent.first().is_some_and(|(step, _)| *step + steps <= self.step)
                && window.fold((true, 0), |(all, n), (_, e)| (all && e.accuracy >= accuracy, n + 1))
                    >= (true, 2)
        })
    }

    /// Lowest and highest test accuracy of an arm over the last `steps` steps.
    pub fn accuracy_range(&self, arm: usize, steps: u32) -> Option<(f32, f32)> {
        let recent = self.arms[arm].recent.iter().filter(|(step, _)| *step + steps >= self.step);
        recent.map(|(_, e)| e.accuracy).fold(None, |range, accuracy| match range {
            None => Some((accuracy, accuracy)),
            Some((low, high)) => Some((low.min(accuracy), high.max(accuracy))),
        })
    }

    /// The last snapshot.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The images that either network gets wrong, once there is a picture of what they have learned.
    pub fn mistakes(&self) -> Option<&Mistakes> {
        self.snapshot.as_ref()?.mistakes.as_ref()
    }

    /// The rows of the score table.
    pub fn scores(&self) -> [Score; 2] {
        [0, 1].map(|a| {
            let arm = &self.arms[a];
            let last = arm.recent.last().map(|(_, evaluation)| evaluation);
            let silent =
                self.snapshot.as_ref().map_or(0, |s| s.arms[a].layers.iter().map(|l| l.silent).sum());
            Score {
                name: self.names[a].clone(),
                train_loss: arm.loss.last_smooth(true),
                test_loss: last.and_then(|evaluation| evaluation.loss),
                accuracy: last.map(|evaluation| evaluation.accuracy),
                first_at_target: arm.first_at_target,
                state: arm.state(self.classes),
                silent,
                units: self.units * self.hidden_layers as u32,
            }
        })
    }
}

impl ArmHistory {
    fn evaluated(&mut self, step: u32, evaluation: Evaluation) {
        self.evaluations.push(step, evaluation);
        if self.recent.last().is_some_and(|(last, _)| *last == step) {
            self.recent.pop();
        }
        self.recent.push((step, evaluation));
        if self.recent.len() > RECENT {
            self.recent.remove(0);
        }
        if evaluation.accuracy >= TARGET && self.first_at_target.is_none() {
            self.first_at_target = Some(step);
        }
    }

    /// Stuck: test loss within 5 % of ln(classes) and accuracy within 1.5 times chance, throughout.
    fn state(&self, classes: u32) -> ArmState {
        if let Some(step) = self.diverged_at {
            return ArmState::Diverged(step);
        }
        let Some(&(now, _)) = self.recent.last() else { return ArmState::Training };
        let (guess, chance) = (libm::logf(classes as f32), 1.0 / classes as f32);
        let mut window = self.recent.iter().filter(|(step, _)| step + STUCK_OVER >= now);
        let guessing = |e: &Evaluation| {
            e.loss.is_some_and(|loss| (loss / guess - 1.0).abs() < 0.05) && e.accuracy < 1.5 * chance
        };
        if now >= STUCK_OVER && window.all(|(_, evaluation)| guessing(evaluation)) {
            ArmState::StuckAtGuessing
        } else {
            ArmState::Training
        }
    }
}

/// What a unit is called that says nothing under this activation, if there is such a thing.
pub fn silent_word(activation: Activation) -> Option<&'static str> {
    match activation {
        Activation::Relu => Some("silent"),
        Activation::Tanh | Activation::Sigmoid => Some("saturated"),
        Activation::LeakyRelu | Activation::Gelu | Activation::Linear => None,
    }
}

/// Right end of a step axis: it widens in whole strides and never creeps.
pub fn last_step(step: u32) -> u32 {
    let mut end = 500_u32;
    for factor in [2.0, 2.0, 2.5].into_iter().cycle() {
        if end >= step || end > 1_000_000_000 {
            break;
        }
        end = (f64::from(end) * factor) as u32;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(step: u32, accuracy: [f32; 2], loss: f32) -> Frame {
        let evaluation = |accuracy| Some(Evaluation { loss: Some(loss), accuracy });
        Frame {
            step,
            first_step: step.saturating_sub(5),
            losses: [vec![0.5; 5], vec![0.25; 5]],
            evaluations: vec![(step, accuracy.map(evaluation))],
            ..Frame::default()
        }
    }

    #[test]
    fn the_axis_ends_at_500_then_1000_2000_5000() {
        assert_eq!([0, 500, 501, 1001, 2001, 5001].map(last_step), [500, 500, 1000, 2000, 5000, 10_000]);
        assert!(last_step(1_000_000) >= 1_000_000);
    }

    #[test]
    fn the_first_step_at_the_target_is_kept_per_arm() {
        let mut history = History::new(&Experiment::default(), None);
        for step in (5..60).step_by(5) {
            history.push(frame(step, [0.5, if step >= 40 { 0.95 } else { 0.8 }], 0.4));
        }
        let [without, with] = history.scores();
        assert_eq!((without.first_at_target, with.first_at_target), (None, Some(40)));
        assert_eq!((with.accuracy, with.name.as_str()), (Some(0.95), "with BN"));
    }

    #[test]
    fn stuck_needs_a_hundred_steps_of_guessing() {
        let mut history = History::new(&Experiment::default(), None);
        let guess = core::f32::consts::LN_2;
        for step in (5..=95).step_by(5) {
            history.push(frame(step, [0.5, 0.5], guess));
        }
        assert_eq!(history.scores()[0].state, ArmState::Training);
        history.push(frame(100, [0.5, 0.5], guess));
        assert_eq!(history.scores()[0].state, ArmState::StuckAtGuessing);
        history.push(frame(105, [0.5, 0.8], guess));
        assert_eq!(history.scores().map(|s| s.state), [ArmState::StuckAtGuessing, ArmState::Training]);
    }

    #[test]
    fn both_hold_needs_the_whole_window() {
        let mut history = History::new(&Experiment::default(), None);
        for step in (0..=80).step_by(5) {
            history.push(frame(step, [1.0, 1.0], 0.01));
        }
        assert!(!history.both_hold(0.995, 100));
        for step in (85..=100).step_by(5) {
            history.push(frame(step, [1.0, 1.0], 0.01));
        }
        assert!(history.both_hold(0.995, 100));
        history.push(frame(105, [0.9, 1.0], 0.01));
        assert!(!history.both_hold(0.995, 100));
    }

    #[test]
    fn the_last_run_stays_as_a_ghost_for_twenty_steps() {
        let mut old = History::new(&Experiment::default(), None);
        (5..=50).step_by(5).for_each(|step| old.push(frame(step, [0.5, 0.5], 0.7)));
        let mut new = History::new(&Experiment::default(), Some(&old));
        assert!(new.loss_view(&Choices::default()).ghost.is_some());
        (5..=20).step_by(5).for_each(|step| new.push(frame(step, [0.5, 0.5], 0.7)));
        assert!(new.loss_view(&Choices::default()).ghost.is_none());
    }
}
