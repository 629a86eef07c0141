//! What the script needs from the playground: parameters, losses and gradients of both arms at a few steps.

use crate::data::Dataset;
use crate::data::sampler::Batch;
use crate::lab::comparison::{Comparison, Schedule};
use crate::lab::experiment::Experiment;
use crate::lab::plain::{Place, Plain, has_kink};
use crate::math::matrix::Matrix;
use crate::nn::mlp::{Mlp, Statistics};
use crate::nn::norm::batch::Moments;
use crate::nn::parameters::{Kind, Parameters};
use crate::nn::tape::Tape;

/// One arm at one step.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Parameters, then running statistics, before the step, in PyTorch's order and layout.
    pub(super) before: Vec<f32>,
    /// What the step found, where it is checked.
    pub(super) outcome: Outcome,
}

/// What a step found.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Nobody asked.
    Unchecked,
    /// The arm had diverged by then, or a gradient went beyond what an f32 holds.
    NotFinite,
    /// Loss, gradients, running statistics after the step; and where rounding chose the side of a kink.
    Found { results: Vec<f32>, flipped: Vec<Place> },
}

/// A replay that stops at the steps to check.
pub(super) struct Replay {
    comparison: Comparison,
    check_at: Vec<u32>,
    /// The steps recorded, in order; step 0 among them always.
    pub(super) states: Vec<(u32, [State; 2])>,
}

impl Replay {
    pub(super) fn new(experiment: &Experiment, data: Dataset, check_at: &[u32]) -> Result<Self, String> {
        let mut comparison = Comparison::new(experiment.clone(), data, 0)?;
        comparison.set_schedule(Schedule { evaluate_every: u32::MAX, sample_every: u32::MAX });
        let mut check_at = check_at.to_vec();
        check_at.sort_unstable();
        check_at.dedup();
        Ok(Self { comparison, check_at, states: Vec::new() })
    }

    pub(super) fn data(&self) -> &Dataset {
        self.comparison.data()
    }

    pub(super) fn step(&self) -> u32 {
        self.comparison.step_count()
    }

    /// At most `steps` more steps. Whether everything has been recorded.
    pub(super) fn advance(&mut self, steps: u32) -> bool {
        let last = self.check_at.last().copied().unwrap_or(0);
        for _ in 0..steps {
            let step = self.comparison.step_count();
            if step > last || self.comparison.is_over() {
                self.leave_out_the_rest();
                return true;
            }
            let checked = self.check_at.binary_search(&step).is_ok();
            if checked || step == 0 {
                self.record(step, checked);
            } else {
                self.comparison.advance();
            }
        }
        false
    }

    /// Checks that were never reached: both arms had diverged.
    fn leave_out_the_rest(&mut self) {
        let reached = self.states.last().map_or(0, |(step, _)| *step);
        for step in self.check_at.iter().filter(|step| **step > reached) {
            let nothing = State { before: Vec::new(), outcome: Outcome::NotFinite };
            self.states.push((*step, [nothing.clone(), nothing]));
        }
    }

    fn record(&mut self, step: u32, checked: bool) {
        let batch = self.comparison.next_batch().clone();
        let before = self.comparison.arms().each_ref().map(|arm| arm.network().clone());
        self.comparison.frame(false);
        self.comparison.advance();
        let losses = self.comparison.frame(false).losses;
        let states = [0, 1].map(|a| {
            let arm = &self.comparison.arms()[a];
            let outcome = match (checked, losses[a].last()) {
                (false, _) => Outcome::Unchecked,
                (true, None) => Outcome::NotFinite,
                (true, Some(loss)) => {
                    let mut results = vec![*loss];
                    results.extend(flat(arm.gradients(), arm.network().running()));
                    let finite = results.iter().all(|value| value.is_finite());
                    let found = || Outcome::Found { flipped: flipped(&before[a], &batch), results };
                    if finite { found() } else { Outcome::NotFinite }
                }
            };
            State { before: flat(before[a].parameters(), before[a].running()), outcome }
        });
        self.states.push((step, states));
    }
}

/// Every tensor in the order of PyTorch's `parameters()`, weights transposed to `[outputs, inputs]`; then running
/// mean and variance of each layer.
fn flat(parameters: &Parameters, running: &[Moments]) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(parameters.count());
    for (name, matrix) in parameters.iter() {
        match name.kind {
            Kind::Weight => (0..matrix.cols())
                .for_each(|output| numbers.extend((0..matrix.rows()).map(|input| matrix.get(input, output)))),
            _ => numbers.extend(matrix.values()),
        }
    }
    numbers.extend(
        running.iter().flat_map(|moments| [&moments.mean, &moments.variance]).flat_map(Matrix::values),
    );
    numbers
}

/// Where the engine's activation inputs lie on another side of the kink than in f64.
fn flipped(network: &Mlp, batch: &Batch) -> Vec<Place> {
    if !has_kink(network.config().activation) {
        return Vec::new();
    }
    let mut tape = Tape::new(network.config(), batch.y.len());
    network.forward_with(&batch.x, Statistics::Batch, &mut tape);
    Plain::of(network).forward(batch, &[]).flipped_by(&tape)
}
