//! What a network is made from, and which settings can be built and trained at all.

use crate::nn::Placement;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::norm::{Norm, NormConfig};

/// A network has at most so many hidden layers.
pub const MOST_LAYERS: usize = 64;
/// A hidden layer has at most so many units.
pub const MOST_WIDTH: usize = 256;
/// A network has at most so many logits.
pub const MOST_OUTPUTS: usize = 256;

/// Everything that defines an untrained network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MlpConfig {
    /// Features of one example.
    pub inputs: usize,
    /// Logits: classes, or numbers to regress; up to [`MOST_OUTPUTS`].
    pub outputs: usize,
    /// 1 to [`MOST_LAYERS`].
    pub hidden_layers: usize,
    /// Units of each hidden layer, 1 to [`MOST_WIDTH`].
    pub width: usize,
    /// The hidden layers' non-linearity.
    pub activation: Activation,
    /// The hidden layers' norm.
    pub norm: NormConfig,
    /// Where the norm stands in a block.
    pub placement: Placement,
    /// The scheme of the initial weights.
    pub init: Init,
    /// Multiplies the standard deviation of every layer's initial weights, the output layer's too.
    pub weight_scale: f32,
    /// Seed of the initial weights.
    pub seed: u64,
}

impl MlpConfig {
    /// Whether the network can be built, and trained on mini-batches of `batch` examples.
    ///
    /// # Errors
    /// One sentence saying which setting is out of range, or why it cannot go with the batch.
    pub fn check(&self, batch: usize) -> Result<(), String> {
        let within = |name: &str, value: usize, most: usize| match value {
            0 => Err(format!("The number of {name} must be at least 1.")),
            value if value > most => {
                Err(format!("The number of {name} must be at most {most}, not {value}."))
            }
            _ => Ok(()),
        };
        within("inputs", self.inputs, 1 << 20)?;
        within("outputs", self.outputs, MOST_OUTPUTS)?;
        within("hidden layers", self.hidden_layers, MOST_LAYERS)?;
        within("units per layer", self.width, MOST_WIDTH)?;
        within("examples in a mini-batch", batch, 1 << 24)?;
        if !(self.weight_scale >= 0.0 && self.weight_scale.is_finite()) {
            return Err(format!("The weight scale must be 0 or more, not {}.", self.weight_scale));
        }
        self.norm.check()?;
        if self.norm.norm == Norm::Batch && batch == 1 {
            return Err("Batch norm cannot train on mini-batches of one example: \
                        its mean is the example itself, so nothing of the example is left."
                .to_owned());
        }
        Ok(())
    }

    /// How many weights there are, of all layers; biases, gamma and beta not counted.
    pub fn weights(&self) -> usize {
        let hidden = self.hidden_layers.saturating_sub(1) * self.width * self.width;
        self.inputs * self.width + hidden + self.width * self.outputs
    }

    /// Whether hidden layers add a bias: all but those directly under a batch norm, whose mean would remove it.
    pub fn has_hidden_bias(&self) -> bool {
        !(self.norm.norm == Norm::Batch && self.placement == Placement::Before)
    }
}
