//! What a network is made from, and which settings can be built and trained at all.

use crate::nn::Placement;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::norm::{Norm, NormConfig};

/// Everything that defines an untrained network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MlpConfig {
    /// Features of one example.
    pub inputs: usize,
    /// Logits: classes, or numbers to regress; up to 256.
    pub outputs: usize,
    /// 1 to 64.
    pub hidden_layers: usize,
    /// Units of each hidden layer, 1 to 256.
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
        within("outputs", self.outputs, 256)?;
        within("hidden layers", self.hidden_layers, 64)?;
        within("units per layer", self.width, 256)?;
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

    /// Whether hidden layers add a bias: all but those directly under a batch norm, whose mean would remove it.
    pub fn has_hidden_bias(&self) -> bool {
        !(self.norm.norm == Norm::Batch && self.placement == Placement::Before)
    }
}
