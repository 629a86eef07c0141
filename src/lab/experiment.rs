//! An experiment: a plain value holding every knob. Same experiment, same numbers, to the bit.
//!
//! Knows defaults and what makes two knobs contradict each other; ranges of single knobs stand in
//! [`super::knob`], the two arms it describes in [`Experiment::arms`].

use serde::{Deserialize, Serialize};

use super::frame::GRID_REACH;
pub use super::names::{long_name, short_name};
use crate::data::digits;
use crate::data::own::{Form, Own, OwnShape};
use crate::data::{self, DataKind, Dataset};
use crate::nn::Placement;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::mlp::MlpConfig;
use crate::nn::norm::{Norm, NormConfig};
use crate::nn::optim::{OptimConfig, Optimizer};

/// What is said where the reader's own data is asked for and not there.
const NO_FILE: &str = "There is no data of your own yet: drop a file or paint some points.";

/// Which statistics batch norm uses when it is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TestStatistics {
    /// The running mean and variance.
    #[default]
    Running,
    /// Those of the test batch, in chunks of the training batch size.
    Batch,
    /// Those of the whole training set, computed layer by layer for the purpose.
    Exact,
}

/// The learning rate was changed by hand while training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// From this step on (the number of updates already made).
    pub step: u32,
    /// The new learning rate.
    pub rate: f32,
}

/// How what a network has learned is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Two features, two classes: the chance of class 1 over the plane.
    Plane,
    /// Some test images with the class read.
    Images,
    /// How many test examples of each class are taken for which.
    Counts,
}

/// Every knob of a paired run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The data set.
    pub data: DataKind,
    /// With `DataKind::Own`: what has to be known of the reader's examples, which are not in a link.
    pub own: Option<OwnShape>,
    /// Noise of a planar data set.
    pub noise: f32,
    /// Training points of a planar data set; half as many test points.
    pub points: u32,
    /// Draws the points, or deals the digits to training and test.
    pub data_seed: u32,
    /// Hidden layers.
    pub hidden_layers: u32,
    /// Units per hidden layer.
    pub width: u32,
    /// Of the hidden layers.
    pub activation: Activation,
    /// Scheme of the initial weights.
    pub init: Init,
    /// Factor on the standard deviation of all initial weights (the standard deviation itself with `Init::Normal`).
    pub weight_scale: f32,
    /// Size of an update.
    pub learning_rate: f32,
    /// If given, the rate of the hidden weights alone; the output layer, gamma and beta keep `learning_rate`.
    pub hidden_rate: Option<f32>,
    /// Examples per step.
    pub batch_size: u32,
    /// The update rule.
    pub optimizer: Optimizer,
    /// Of the optimiser, where it has one.
    pub momentum: f32,
    /// L2 penalty, added to the gradient.
    pub weight_decay: f32,
    /// What the second arm adds.
    pub norm: Norm,
    /// Before or after the activation.
    pub placement: Placement,
    /// Share of the new batch in the running statistics.
    pub stat_momentum: f32,
    /// Inside the root.
    pub eps: f32,
    /// Whether gamma and beta are trained.
    pub affine: bool,
    /// What batch norm is tested with.
    pub test_statistics: TestStatistics,
    /// Draws the initial weights and the mini-batches.
    pub seed: u32,
    /// Changes of the learning rate on the way, in order.
    pub rate_changes: Vec<RateChange>,
}

impl Default for Experiment {
    /// The lab's opening run: an ordinary setting and a seed with which both arms get there, one much sooner
    /// (with seven of the seeds 1 to 10 the plain network does not within 600 steps: `tests/opening.rs`).
    fn default() -> Self {
        Self {
            data: DataKind::Spiral,
            own: None,
            noise: 0.1,
            points: 800,
            data_seed: 1,
            hidden_layers: 8,
            width: 16,
            activation: Activation::Relu,
            init: Init::He,
            weight_scale: 1.0,
            learning_rate: 0.3,
            hidden_rate: None,
            batch_size: 128,
            optimizer: Optimizer::Sgd,
            momentum: 0.9,
            weight_decay: 0.0,
            norm: Norm::Batch,
            placement: Placement::Before,
            stat_momentum: 0.1,
            eps: 1e-5,
            affine: true,
            test_statistics: TestStatistics::Running,
            seed: 24,
            rate_changes: Vec::new(),
        }
    }
}

/// One side of the comparison: what it is called and what it normalises with.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// "without BN", "with BN", "with LayerNorm".
    pub name: String,
    /// `Norm::None` for the first arm.
    pub norm: Norm,
}

impl Experiment {
    /// The two arms, without and with, in this order everywhere.
    pub fn arms(&self) -> [Arm; 2] {
        let name = short_name(self.norm);
        let with = if self.norm == Norm::None { "the same again".to_owned() } else { format!("with {name}") };
        [Arm { name: format!("without {name}"), norm: Norm::None }, Arm { name: with, norm: self.norm }]
    }

    /// Features per example.
    pub fn features(&self) -> usize {
        match self.own_shape() {
            Some(own) => own.features as usize,
            None if self.data == DataKind::Digits => digits::SIDE * digits::SIDE,
            None => 2,
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        match self.own_shape() {
            Some(own) => own.classes as usize,
            None if self.data == DataKind::Digits => 10,
            None => 2,
        }
    }

    /// Training and test examples.
    pub fn examples(&self) -> (usize, usize) {
        match self.own_shape() {
            Some(own) => (own.train as usize, own.test as usize),
            None if self.data == DataKind::Digits => (digits::TRAIN, digits::IMAGES - digits::TRAIN),
            None => (self.points as usize, data::test_points(self.points as usize)),
        }
    }

    fn own_shape(&self) -> Option<&OwnShape> {
        self.own.as_ref().filter(|_| self.data == DataKind::Own)
    }

    /// How what the networks have learned is shown.
    pub fn picture(&self) -> Picture {
        match self.own_shape() {
            Some(OwnShape { form: Form::Images, .. }) => Picture::Images,
            Some(OwnShape { features: 2, classes: 2, .. }) => Picture::Plane,
            Some(_) => Picture::Counts,
            None if self.data == DataKind::Digits => Picture::Images,
            None => Picture::Plane,
        }
    }

    /// The plane shown is [-reach, reach] in both features.
    pub fn reach(&self) -> f32 {
        self.own_shape().map_or((GRID_REACH * self.data.stretch()) as f32, |own| own.reach)
    }

    /// The network of one arm.
    pub fn network(&self, arm: &Arm) -> MlpConfig {
        MlpConfig {
            inputs: self.features(),
            outputs: self.classes(),
            hidden_layers: self.hidden_layers as usize,
            width: self.width as usize,
            activation: self.activation,
            norm: NormConfig {
                norm: arm.norm,
                eps: self.eps,
                stat_momentum: self.stat_momentum,
                affine: self.affine,
                ..NormConfig::default()
            },
            placement: self.placement,
            init: self.init,
            weight_scale: self.weight_scale,
            seed: u64::from(self.seed),
        }
    }

    /// The update rule of both arms.
    pub fn update_rule(&self) -> OptimConfig {
        OptimConfig { optimizer: self.optimizer, momentum: self.momentum, weight_decay: self.weight_decay }
    }

    /// The learning rate in force at `step`.
    pub fn rate_at(&self, step: u32) -> f32 {
        let last = self.rate_changes.iter().rev().find(|change| change.step <= step);
        last.map_or(self.learning_rate, |change| change.rate)
    }

    /// The data set; `file` is the file of digits or the bytes of the reader's own examples, needed only for those.
    ///
    /// # Errors
    /// One sentence if the file is missing or damaged.
    pub fn dataset(&self, file: Option<&[u8]>) -> Result<Dataset, String> {
        let seed = u64::from(self.data_seed);
        match (self.data, file) {
            (DataKind::Digits, Some(bytes)) => digits::dataset(bytes, seed),
            (DataKind::Digits, None) => Err("The digits have not been loaded.".to_owned()),
            (DataKind::Own, Some(bytes)) => {
                let own = Own::from_bytes(bytes)?;
                if self.own == Some(own.shape(seed)) {
                    return Ok(own.dataset(seed));
                }
                Err("These are not the examples of this run.".to_owned())
            }
            (DataKind::Own, None) => Err(NO_FILE.to_owned()),
            (planar, _) => Ok(data::planar(planar, self.points as usize, self.noise, seed)),
        }
    }

    /// Says in one sentence why this experiment cannot run, if it cannot.
    ///
    /// # Errors
    /// Sizes and settings that one of the networks or the update rule refuses, such as batch norm over one example;
    /// and the reader's own data must be there.
    pub fn check(&self) -> Result<(), String> {
        if self.data == DataKind::Own && self.own.is_none() {
            return Err(NO_FILE.to_owned());
        }
        let batch = (self.batch_size as usize).min(self.examples().0);
        for arm in self.arms() {
            self.network(&arm).check(batch)?;
        }
        self.update_rule().check()
    }
}
