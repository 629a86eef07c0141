//! How fast a training step is: four workloads, trained as the playground trains, on made-up examples.
//!
//! A step gathers a mini-batch, runs forward, loss and backward, and updates. Only the matrix products are counted
//! as work, `2 n i o` for a layer from i to o on n examples: three products per layer, two for the first, whose
//! input needs no gradient. Knows no clock; [`measure`] is told the time.

mod measure;
mod table;

pub use measure::{Measured, WARM_UP, measure};
pub use table::{HEADS, Spread, table};

use crate::data::Split;
use crate::data::sampler::{Batch, BatchSampler};
use crate::lab::names::{ACTIVATIONS, position};
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::mlp::{Mlp, MlpConfig};
use crate::nn::norm::{Norm, NormConfig};
use crate::nn::optim::{OptimConfig, OptimState};
use crate::nn::parameters::Grads;
use crate::nn::tape::Tape;
use crate::nn::{Mode, Placement, loss};

/// Repeats of every measurement, unless somebody asks for another number.
pub const REPEATS: usize = 7;
/// Examples drawn for every workload.
const EXAMPLES: usize = 1024;
/// Small enough that no workload diverges on labels that mean little.
const RATE: f32 = 0.01;

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// The small lab of points in a plane.
    T,
    /// The 2015 paper's figure on digits of 8 x 8.
    P,
    /// The same at the size of MNIST.
    M,
    /// Depth.
    D,
}

impl Workload {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 4] = [Self::T, Self::P, Self::M, Self::D];

    /// Its letter.
    pub fn name(self) -> &'static str {
        ["T", "P", "M", "D"][self as usize]
    }

    /// Its layers, activation and batch.
    pub fn words(self) -> String {
        let MlpConfig { inputs, outputs, hidden_layers, width, activation, .. } = self.network(Norm::None);
        let hidden = match hidden_layers {
            1..6 => vec![width.to_string(); hidden_layers].join("-"),
            _ => format!("{width} ({hidden_layers} layers)"),
        };
        format!(
            "{inputs}-{hidden}-{outputs}, {}, batch {}",
            ACTIVATIONS[position(&ACTIVATIONS, &activation)].2,
            self.batch()
        )
    }

    /// By its letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|workload| workload.name() == name)
    }

    /// Examples in a mini-batch.
    pub fn batch(self) -> usize {
        [32, 60, 60, 128][self as usize]
    }

    /// The network.
    pub fn network(self, norm: Norm) -> MlpConfig {
        let (inputs, outputs, hidden_layers, width, activation) = match self {
            Self::T => (2, 2, 3, 16, Activation::Relu),
            Self::P => (64, 10, 3, 100, Activation::Sigmoid),
            Self::M => (784, 10, 3, 100, Activation::Sigmoid),
            Self::D => (2, 2, 20, 32, Activation::Tanh),
        };
        MlpConfig {
            inputs,
            outputs,
            hidden_layers,
            width,
            activation,
            norm: NormConfig::of(norm),
            placement: Placement::Before,
            init: Init::LeCun,
            weight_scale: 1.0,
            seed: 1,
        }
    }

    /// Multiplications and additions of one step.
    pub fn flop(self) -> f64 {
        // Forward, to the weights, to the inputs: which the first layer's gradient does not go on to.
        let network = self.network(Norm::None);
        (2 * self.batch() * (3 * network.weights() - network.inputs * network.width)) as f64
    }
}

/// The norms compared: none and batch norm.
pub const NORMS: [(&str, Norm); 2] = [("none", Norm::None), ("batch", Norm::Batch)];

/// A network being trained on a workload.
pub struct Training {
    mlp: Mlp,
    tape: Tape,
    grads: Grads,
    optim: OptimState,
    examples: Split,
    sampler: BatchSampler,
    batch: Batch,
    step: u64,
}

impl Training {
    /// Untrained, with or without a norm.
    pub fn new(workload: Workload, norm: Norm) -> Self {
        let config = workload.network(norm);
        let mlp = Mlp::new(&config);
        let mut tape = Tape::new(&config, workload.batch());
        tape.keep_pre_activations(false);
        let mut rng = Rng::stream(1, Purpose::Data, 0);
        let mut x = Matrix::zeros(EXAMPLES, config.inputs);
        for r in 0..EXAMPLES {
            x.row_mut(r).iter_mut().for_each(|value| *value = rng.normal() as f32);
        }
        let y = (0..EXAMPLES).map(|r| u8::from(x.get(r, 0) * x.get(r, 1) > 0.0)).collect();
        Self {
            tape,
            grads: mlp.new_grads(),
            optim: OptimState::new(&OptimConfig::default(), &mlp),
            mlp,
            examples: Split { x, y },
            sampler: BatchSampler::new(1, EXAMPLES, workload.batch()),
            batch: Batch { x: Matrix::zeros(workload.batch(), config.inputs), y: Vec::new() },
            step: 0,
        }
    }

    /// One step of training. Returns the loss before its update.
    pub fn step(&mut self) -> f32 {
        self.sampler.fill(self.step, &self.examples, &mut self.batch);
        self.step += 1;
        self.mlp.forward(&self.batch.x, Mode::Train, &mut self.tape);
        let (logits, d_logits) = self.tape.logits_and_gradient();
        let loss = loss::softmax_cross_entropy(logits, &self.batch.y, d_logits);
        self.mlp.backward(&self.batch.x, &mut self.tape, &mut self.grads, None);
        self.optim.step(&mut self.mlp, &self.grads, RATE, None);
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_counted_as_documented() {
        let mega = Workload::ALL.map(|workload| (workload.flop() / 1e3).round() / 1e3);
        assert_eq!(mega, [0.109, 9.096, 26.376, 15.024]);
    }

    #[test]
    fn every_workload_learns_with_and_without_the_norm() {
        for (_, norm) in NORMS {
            for workload in [Workload::T, Workload::D] {
                let mut training = Training::new(workload, norm);
                let mut mean = |steps: u32| (0..steps).map(|_| training.step()).sum::<f32>() / steps as f32;
                let (early, late) = (mean(20), {
                    mean(400);
                    mean(20)
                });
                assert!(late.is_finite() && late < early, "{workload:?} {norm:?}: {early} to {late}");
            }
        }
    }
}
