//! The deep linear network of Santurkar et al. 2018, section 2.2: 25 matrices of 10 x 10 that learn a random map.
//!
//! ```text
//! loss = mean over 100 Gaussian examples of |W_25 ... W_1 x - A x|^2        full batch, plain SGD
//! ```
//! With batch norm after the first 24 matrices or without; no biases. Every so often the middle layer's gradient is
//! taken twice: now, and after only the layers below have taken their step. How much it changes is what the 2015
//! paper's covariate shift means, measured.

use crate::lab::claim::outcome::Shift;
use crate::lab::probe::cosine;
use crate::lab::probe::gaussian;
use crate::math::gemm;
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::mlp::{Mlp, MlpConfig, Statistics};
use crate::nn::norm::{Norm, NormConfig};
use crate::nn::optim::{OptimConfig, OptimState};
use crate::nn::parameters::Grads;
use crate::nn::tape::Tape;
use crate::nn::{Mode, Placement, loss};

/// Units per layer.
pub(super) const WIDTH: usize = 10;
const HIDDEN: usize = 24;
/// Layers, the output's among them.
pub(super) const LAYERS: usize = HIDDEN + 1;
const EXAMPLES: usize = 100;
/// The layer whose gradient is compared: the 13th of 25.
const MIDDLE: usize = 12;
/// Losses kept and probes made in a whole run.
const LOSSES: u32 = 100;
const PROBES: u32 = 50;

/// Under way.
pub(in crate::lab::claim) struct LinearNet {
    mlp: Mlp,
    tape: Tape,
    grads: Grads,
    optim: OptimState,
    x: Matrix,
    target: Matrix,
    rate: f32,
    steps: u32,
    step: u32,
    outcome: Shift,
}

impl LinearNet {
    pub(in crate::lab::claim) fn new(norm: Norm, rate: f32, seed: u64, steps: u32) -> Self {
        let config = MlpConfig {
            inputs: WIDTH,
            outputs: WIDTH,
            hidden_layers: HIDDEN,
            width: WIDTH,
            activation: Activation::Linear,
            norm: NormConfig::of(norm),
            placement: Placement::Before,
            init: Init::LeCun,
            weight_scale: 1.0,
            seed,
        };
        let mlp = Mlp::new(&config);
        let mut rng = Rng::stream(seed, Purpose::Data, 0);
        let (x, map) = (gaussian(EXAMPLES, WIDTH, &mut rng), gaussian(WIDTH, WIDTH, &mut rng));
        let mut target = Matrix::default();
        gemm::multiply(&x, &map, None, &mut target);
        Self {
            tape: Tape::new(&config, EXAMPLES),
            grads: mlp.new_grads(),
            optim: OptimState::new(&OptimConfig::default(), &mlp),
            mlp,
            x,
            target,
            rate,
            steps,
            step: 0,
            outcome: Shift::default(),
        }
    }

    /// At most `steps` more updates; the outcome once over.
    pub(in crate::lab::claim) fn advance(&mut self, steps: u32) -> Option<Shift> {
        let until = self.steps.min(self.step.saturating_add(steps));
        while self.step < until && self.outcome.diverged_at.is_none() {
            self.one();
        }
        let over = self.step >= self.steps || self.outcome.diverged_at.is_some();
        over.then(|| core::mem::take(&mut self.outcome))
    }

    fn one(&mut self) {
        self.mlp.forward(&self.x, Mode::Train, &mut self.tape);
        let (output, d_output) = self.tape.logits_and_gradient();
        let loss = loss::squared_loss(output, &self.target, d_output);
        if !loss.is_finite() {
            self.outcome.diverged_at = Some(self.step);
            return;
        }
        self.mlp.backward(&self.x, &mut self.tape, &mut self.grads, None);
        // The network of the paper has matrices alone: its biases never move from 0.
        self.grads.layers.iter_mut().filter_map(|layer| layer.bias.as_mut()).for_each(Matrix::clear);
        if self.step.is_multiple_of((self.steps / LOSSES).max(1)) || self.step + 1 == self.steps {
            self.outcome.losses.push((self.step, loss));
        }
        if self.step.is_multiple_of((self.steps / PROBES).max(1)) {
            let (cosine, change) = self.probe();
            self.outcome.probes.push((self.step, cosine, change));
        }
        self.optim.step(&mut self.mlp, &self.grads, self.rate, None);
        self.step += 1;
    }

    /// The middle layer's gradient now against that after the layers below have taken this step, same examples.
    fn probe(&self) -> (f32, f32) {
        let mut moved = self.mlp.clone();
        for ((name, p), (_, g)) in moved.parameters_mut().iter_mut().zip(self.grads.iter()) {
            if name.layer < MIDDLE {
                let step = g.padded_values();
                p.padded_values_mut().iter_mut().zip(step).for_each(|(p, g)| *p -= self.rate * g);
            }
        }
        let mut tape = Tape::new(moved.config(), EXAMPLES);
        let mut grads = moved.new_grads();
        moved.forward_with(&self.x, Statistics::Batch, &mut tape);
        let (output, d_output) = tape.logits_and_gradient();
        loss::squared_loss(output, &self.target, d_output);
        moved.backward(&self.x, &mut tape, &mut grads, None);
        let (now, then) = (&self.grads.layers[MIDDLE].weight, &grads.layers[MIDDLE].weight);
        let change = crate::lab::probe::relative(then, now);
        (cosine(now, then), if change.is_finite() { change } else { f32::MAX })
    }
}
