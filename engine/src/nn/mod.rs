//! A network, its gradients and its update; nothing of experiments, pictures or comparisons.
//!
//! A multilayer perceptron of blocks `linear -> norm -> activation` (or the norm after the activation) and a linear
//! output layer. Letters: `x` a layer's input, `z` its linear output, `y` a norm's output, `a` an activation,
//! `d_x` the gradient of the loss with respect to x. All matrices are `[batch, features]`.

pub mod parameters;

pub mod init;

pub mod linear;

pub mod activation;

pub mod norm;

pub mod loss;

mod noise;

pub mod mlp;

pub mod tape;

pub mod optim;

/// Which statistics a batch norm uses, and whether it moves its running ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Mean and variance of the mini-batch; the running values move.
    Train,
    /// The running values, unmoved.
    Eval,
}

/// Where the norm stands in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Placement {
    /// Between the linear map and the activation, as in Ioffe & Szegedy 2015.
    #[default]
    Before,
    /// After the activation.
    After,
}
