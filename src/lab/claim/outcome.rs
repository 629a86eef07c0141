//! What jobs give: plain numbers that survive the wire, `None` or the largest number where one was not finite.

use serde::{Deserialize, Serialize};

use crate::lab::frame::Evaluation;
use crate::lab::probe::{Scaled, Walk};

/// What a job gave, by what it was asked to measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Of `Measure::Training` and `Measure::Noisy`.
    Training(Training),
    /// Of `Measure::Gradients`.
    Gradients(Gradients),
    /// Of `Measure::Growth`: the factor per layer of the squared gradient.
    Growth(f32),
    /// Of `Measure::Walks`.
    Walks(Walks),
    /// Of `Measure::Inputs`.
    Inputs(Inputs),
    /// Of `Measure::Shift`.
    Shift(Shift),
    /// Of `Measure::Scaled`.
    Scaled(Scaled),
    /// Of `Measure::Unit`.
    Unit(Unit),
    /// Of `Measure::Affine`.
    Affine(Affine),
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

/// Where a run that stayed finite ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    /// Test loss.
    pub loss: f32,
    /// Test accuracy, 0 to 1.
    pub accuracy: f32,
}

impl Training {
    /// Loss and accuracy, the mean of the last `count` evaluations; `None` if it diverged.
    pub fn ending(&self, count: usize) -> Option<Ending> {
        if self.diverged_at.is_some() || self.evaluations.is_empty() {
            return None;
        }
        let last = &self.evaluations[self.evaluations.len().saturating_sub(count)..];
        // In f64: three times 0.9 has the mean 0.9, which it has not in f32, and so is not below a target of 0.9.
        let mean = |values: &[f32]| {
            (values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64) as f32
        };
        let losses: Option<Vec<f32>> = last.iter().map(|(_, evaluation)| evaluation.loss).collect();
        let loss = mean(&losses?);
        let accuracy = mean(&last.iter().map(|(_, evaluation)| evaluation.accuracy).collect::<Vec<_>>());
        loss.is_finite().then_some(Ending { loss, accuracy })
    }
}

/// Gradient RMS per hidden layer (dL/da, dL/dz, dL/dW), the first layer first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gradients {
    /// Untrained, on the first mini-batch.
    pub start: Vec<[f32; 3]>,
    /// After the last step, on the mini-batch to come; empty if the run diverged.
    pub end: Vec<[f32; 3]>,
    /// Test accuracy after the last step; none if the run diverged.
    pub accuracy: Option<f32>,
}

/// Walks along the gradient, in the order of the steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Walks {
    /// One per probe.
    pub walks: Vec<Walk>,
    /// The step whose loss was not finite.
    pub diverged_at: Option<u32>,
}

/// The inputs of the activations over time, in evaluation mode on the test set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Steps at which the layers were looked at.
    pub steps: Vec<u32>,
    /// Per hidden layer and such step: 15th, 50th and 85th percentile of the first unit.
    pub layers: Vec<Vec<[f32; 3]>>,
    /// Per hidden layer: how far a unit's median wandered from step 50 on, over its mean width between the 15th and
    /// the 85th percentile; the median over the layer's units.
    pub drift: Vec<f32>,
    /// Test accuracy at the end; none if it diverged.
    pub accuracy: Option<f32>,
}

/// A deep linear network: its loss, and how a layer's gradient changes when the layers below move.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Step and loss.
    pub losses: Vec<(u32, f32)>,
    /// Step, cosine between the middle layer's gradient before and after the layers below have taken their step, and
    /// the length of the difference over that of the gradient.
    pub probes: Vec<(u32, f32, f32)>,
    /// The step whose loss was not finite.
    pub diverged_at: Option<u32>,
}

/// One unit under batch norm, and what undoes its whole network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its linear outputs over the whole training set.
    pub x: Vec<f32>,
    /// Over the next mini-batch.
    pub next: Vec<f32>,
    /// Inside the root.
    pub eps: f32,
    /// Over all units of all layers: the largest |mean of x-hat|, and the smallest variance of x-hat.
    pub worst: [f32; 2],
    /// The network's output against the plain one's, relative: before undoing, undone with the root of the variance
    /// alone, undone with the root of variance + eps.
    pub undone: [f32; 3],
}

/// A run with gamma and beta trained or frozen, and where they went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Affine {
    /// The run.
    pub training: Training,
    /// Step; per hidden layer smallest, median and largest gamma, then beta.
    pub moves: Vec<(u32, Vec<[f32; 6]>)>,
}
