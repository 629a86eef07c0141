//! What a job has seen of its arm so far: before steps, after steps, and at the end.

use super::cell::{median, range};
use super::job::Measure;
use super::one_arm::OneArm;
use super::outcome::{Affine, Gradients, Inputs, Outcome, Training, Unit, Walks};
use crate::lab::experiment::TestStatistics;
use crate::lab::frame::LayerStats;
use crate::lab::look::percentiles;
use crate::lab::probe;
use crate::lab::run::Watch;
use crate::lab::unit;
use crate::math::matrix::Matrix;
use crate::nn::mlp::Statistics;
use crate::nn::tape::Tape;

/// The first step whose median counts for the drift: before it everything moves.
pub(super) const DRIFT_FROM: u32 = 50;
/// Lengths of a walk, as multiples of the learning rate: eight in equal ratios (Santurkar et al. 2018).
pub(super) const SHORTEST: f64 = 0.5;
pub(super) const LONGEST: f64 = 4.0;
const LENGTHS: usize = 8;

/// So far.
pub(super) struct Seen {
    measure: Measure,
    steps: u32,
    outcome: Outcome,
    /// Per hidden layer and unit: medians and widths of the activation's input, for the drift.
    wander: Vec<Vec<(Vec<f32>, f32)>>,
}

impl Seen {
    pub(super) fn new(measure: &Measure, steps: u32) -> Self {
        let outcome = match measure {
            Measure::Gradients => Outcome::Gradients(Gradients::default()),
            Measure::Walks { .. } => Outcome::Walks(Walks::default()),
            Measure::Inputs { .. } => Outcome::Inputs(Inputs::default()),
            Measure::Unit { .. } => Outcome::Unit(Unit::default()),
            Measure::Affine { .. } => Outcome::Affine(Affine::default()),
            _ => Outcome::Training(Training::default()),
        };
        Self { measure: measure.clone(), steps, outcome, wander: Vec::new() }
    }

    /// Looks at the arm before its next update.
    pub(super) fn before_step(&mut self, arm: &mut OneArm) {
        let step = arm.step_count();
        match (&self.measure, &mut self.outcome) {
            (Measure::Gradients, Outcome::Gradients(seen)) if step == 0 => seen.start = gradients(arm),
            (Measure::Walks { every }, Outcome::Walks(seen)) if step.is_multiple_of(*every) => {
                let rate = f64::from(arm.rate());
                let ratio = LONGEST / SHORTEST;
                let length = |k: usize| rate * SHORTEST * libm::pow(ratio, k as f64 / (LENGTHS - 1) as f64);
                let lengths: [f32; LENGTHS] = core::array::from_fn(|k| length(k) as f32);
                let (batch, run) = arm.next_batch();
                seen.walks.push(probe::walk(run.network(), batch, &lengths, step));
            }
            (Measure::Affine { .. }, Outcome::Affine(seen)) if step == 0 => {
                seen.moves.push((0, affine(arm)));
            }
            _ => {}
        }
    }

    /// Looks at the arm after an update.
    pub(super) fn after_step(&mut self, arm: &mut OneArm) {
        let step = arm.step_count();
        let last = step == self.steps;
        match (&self.measure, &mut self.outcome) {
            (Measure::Training { every } | Measure::Noisy { every }, Outcome::Training(seen))
                if step.is_multiple_of(*every) || last =>
            {
                seen.evaluations.push((step, arm.evaluate(TestStatistics::Running)));
            }
            (Measure::Affine { every }, Outcome::Affine(seen)) if step.is_multiple_of(*every) || last => {
                seen.training.evaluations.push((step, arm.evaluate(TestStatistics::Running)));
                seen.moves.push((step, affine(arm)));
            }
            (Measure::Inputs { every }, Outcome::Inputs(seen)) if step.is_multiple_of(*every) || last => {
                inputs(arm, seen, &mut self.wander);
            }
            _ => {}
        }
    }

    /// Everything seen.
    pub(super) fn finish(&mut self, arm: &mut OneArm) -> Outcome {
        let alive = arm.diverged_at().is_none();
        match (&self.measure, &mut self.outcome) {
            (_, Outcome::Training(seen)) => finish(seen, arm),
            (_, Outcome::Affine(seen)) => finish(&mut seen.training, arm),
            (_, Outcome::Gradients(seen)) if alive => {
                seen.end = gradients(arm);
                seen.accuracy = Some(arm.evaluate(TestStatistics::Running).accuracy);
            }
            (_, Outcome::Walks(seen)) => seen.diverged_at = arm.diverged_at(),
            (_, Outcome::Inputs(seen)) => {
                seen.accuracy = alive.then(|| arm.evaluate(TestStatistics::Running).accuracy);
                seen.drift = self.wander.iter().map(|units| drift(units)).collect();
            }
            (Measure::Unit { layer, unit }, Outcome::Unit(seen)) => {
                look_at_unit(arm, [*layer, *unit], seen);
            }
            _ => {}
        }
        if self.measure == Measure::Scaled {
            let (batch, run) = arm.next_batch();
            return Outcome::Scaled(probe::scaled(run.network(), batch));
        }
        self.outcome.clone()
    }
}

fn finish(seen: &mut Training, arm: &mut OneArm) {
    seen.diverged_at = arm.diverged_at();
    if seen.diverged_at.is_none() {
        let statistics = [TestStatistics::Running, TestStatistics::Batch, TestStatistics::Exact];
        seen.at_end = Some(statistics.map(|statistics| arm.evaluate(statistics)));
    }
    seen.second_weights = arm.second_weights();
}

/// Gradient RMS of every layer on the mini-batch to come.
fn gradients(arm: &mut OneArm) -> Vec<[f32; 3]> {
    let mut layers: Vec<LayerStats> = Vec::new();
    let (batch, run) = arm.next_batch();
    run.look_ahead(batch, Watch { unit: 0 }, &mut layers);
    layers.iter().map(|layer| layer.gradients).collect()
}

/// Smallest, median and largest gamma and beta of every layer.
fn affine(arm: &mut OneArm) -> Vec<[f32; 6]> {
    let (_, run) = arm.next_batch();
    let layers = &run.network().parameters().layers;
    let spread = |values: &Matrix| {
        let values = values.to_dense();
        let [low, high] = range(&values);
        [low, median(values).unwrap_or(0.0), high]
    };
    let norms = layers.iter().filter_map(|layer| layer.norm.as_ref());
    norms
        .map(|norm| {
            let ([a, b, c], [d, e, f]) = (spread(&norm.gamma), spread(&norm.beta));
            [a, b, c, d, e, f]
        })
        .collect()
}

fn inputs(arm: &mut OneArm, seen: &mut Inputs, wander: &mut Vec<Vec<(Vec<f32>, f32)>>) {
    let step = arm.step_count();
    seen.steps.push(step);
    // The test set is one chunk: it is smaller than two.
    arm.look_at_test_set(|tape| {
        seen.layers.resize(tape.hidden_layers(), Vec::new());
        wander.resize(tape.hidden_layers(), Vec::new());
        for (l, units) in wander.iter_mut().enumerate() {
            let values = tape.layer(l).pre_activation();
            units.resize(values.cols(), (Vec::new(), 0.0));
            for (u, (medians, widths)) in units.iter_mut().enumerate() {
                let [low, middle, high] = percentiles(values, u);
                if u == 0 {
                    seen.layers[l].push([low, middle, high]);
                }
                if step >= DRIFT_FROM {
                    medians.push(middle);
                    *widths += high - low;
                }
            }
        }
    });
}

/// Median over units of the range of their median over their mean width.
fn drift(units: &[(Vec<f32>, f32)]) -> f32 {
    let one = |(medians, widths): &(Vec<f32>, f32)| {
        let [low, high] = range(medians);
        let drift = (high - low) / (widths / medians.len().max(1) as f32);
        if drift.is_finite() { drift } else { f32::MAX }
    };
    median(units.iter().map(one).collect()).unwrap_or(0.0)
}

/// Mean and biased variance.
pub(super) fn moments(values: &[f32]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let variance = values.iter().map(|&v| (f64::from(v) - mean) * (f64::from(v) - mean)).sum::<f64>() / n;
    (mean, variance)
}

fn column(values: &Matrix, c: usize) -> Vec<f32> {
    (0..values.rows()).map(|r| values.get(r, c)).collect()
}

fn look_at_unit(arm: &mut OneArm, which: [u32; 2], seen: &mut Unit) {
    let examples = arm.data().train.x.clone();
    let (batch, run) = arm.next_batch();
    let mlp = run.network();
    *seen = unit::look(mlp, &examples, &batch.x, which);
    let mut tape = Tape::new(mlp.config(), examples.rows());
    mlp.forward_with(&examples, Statistics::Batch, &mut tape);
    seen.worst = [0.0, f32::MAX];
    for l in 0..mlp.config().hidden_layers {
        let used = tape.layer(l).norm();
        for c in 0..mlp.config().width {
            let (mean, inverse) = (used.moments.mean.get(0, c), used.inverse_std.get(0, c));
            let normalised: Vec<f32> =
                column(tape.layer(l).linear(), c).iter().map(|x| (x - mean) * inverse).collect();
            let (mean, variance) = moments(&normalised);
            seen.worst[0] = seen.worst[0].max(mean.abs() as f32);
            seen.worst[1] = seen.worst[1].min(variance as f32);
        }
    }
    let undo = [probe::Undo::Nothing, probe::Undo::Variance, probe::Undo::VarianceAndEps];
    seen.undone = undo.map(|undo| probe::undone(mlp, &examples, undo));
}
