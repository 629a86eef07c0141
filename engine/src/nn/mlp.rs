//! The network: hidden blocks of linear map, norm and activation, then a linear output layer.
//!
//! [`Mlp::forward`] fills a [`Tape`], [`Mlp::backward`] reads it. The output layer never has a norm. No convolutions,
//! skip connections, dropout or learning-rate schedules.

use super::activation::Activation;
use super::linear;
use super::norm::batch::Moments;
use super::norm::{self, Norm, NormParameters};
use super::parameters::{Grads, LayerParameters, Parameters};
use super::tape::{Block, GradientRms, GradientWatch, LayerTape, Tape, rms};
use super::{Mode, Placement};
use crate::math::matrix::Matrix;

mod config;
pub use config::{MOST_LAYERS, MOST_OUTPUTS, MOST_WIDTH, MlpConfig};

/// Which mean and variance batch norm uses in a forward pass that only looks. Other norms have no choice.
#[derive(Clone, Copy, Debug)]
pub enum Statistics<'a> {
    /// Those of the examples given, as in training.
    Batch,
    /// The running ones, as in evaluation.
    Running,
    /// Those given, one per hidden layer, as from [`Mlp::exact_statistics`].
    Fixed(&'a [Moments]),
}

/// A network's parameters and running statistics.
///
/// ```
/// use batchnorm_engine::math::matrix::Matrix;
/// use batchnorm_engine::nn::activation::Activation;
/// use batchnorm_engine::nn::init::Init;
/// use batchnorm_engine::nn::loss::softmax_cross_entropy;
/// use batchnorm_engine::nn::mlp::{Mlp, MlpConfig};
/// use batchnorm_engine::nn::norm::{Norm, NormConfig};
/// use batchnorm_engine::nn::optim::{OptimConfig, OptimState};
/// use batchnorm_engine::nn::tape::Tape;
/// use batchnorm_engine::nn::{Mode, Placement};
///
/// let config = MlpConfig {
///     inputs: 2,
///     outputs: 2,
///     hidden_layers: 2,
///     width: 8,
///     activation: Activation::Relu,
///     norm: NormConfig::of(Norm::Batch),
///     placement: Placement::Before,
///     init: Init::He,
///     weight_scale: 1.0,
///     seed: 1,
/// };
/// config.check(4)?;
/// let (x, y) = (Matrix::from_rows(4, 2, &[0., 0., 0., 1., 1., 0., 1., 1.]), [0, 1, 1, 0]);
/// let mut network = Mlp::new(&config);
/// let (mut tape, mut grads) = (Tape::new(&config, 4), network.new_grads());
/// let mut rule = OptimState::new(&OptimConfig::default(), &network);
/// let mut losses = Vec::new();
/// for _ in 0..100 {
///     network.forward(&x, Mode::Train, &mut tape);
///     let (logits, d_logits) = tape.logits_and_gradient();
///     losses.push(softmax_cross_entropy(logits, &y, d_logits));
///     network.backward(&x, &mut tape, &mut grads, None);
///     rule.step(&mut network, &grads, 0.1, None);
/// }
/// assert!(losses[99] < 0.1 * losses[0], "{} of {}", losses[99], losses[0]);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mlp {
    config: MlpConfig,
    parameters: Parameters,
    running: Vec<Moments>,
}

impl Mlp {
    /// The untrained network. Equal seeds and shapes give bit-equal weights, whatever the norm.
    ///
    /// # Panics
    /// If a size is 0; ask [`MlpConfig::check`] first.
    pub fn new(config: &MlpConfig) -> Self {
        assert!(config.inputs * config.outputs * config.hidden_layers * config.width > 0, "an empty network");
        let layer = |layer: usize| {
            let hidden = layer < config.hidden_layers;
            let inputs = if layer == 0 { config.inputs } else { config.width };
            let outputs = if hidden { config.width } else { config.outputs };
            let mut weight = Matrix::zeros(inputs, outputs);
            config.init.fill(&mut weight, config.weight_scale, config.seed, layer);
            let bias = (!hidden || config.has_hidden_bias()).then(|| Matrix::zeros(1, outputs));
            let norm = NormParameters::new(&config.norm, outputs).filter(|_| hidden);
            LayerParameters { weight, bias, norm }
        };
        let normed_layers = if config.norm.norm == Norm::Batch { config.hidden_layers } else { 0 };
        Self {
            config: *config,
            parameters: Parameters { layers: (0..=config.hidden_layers).map(layer).collect() },
            running: vec![Moments::start(config.width); normed_layers],
        }
    }

    /// What the network was made from.
    pub fn config(&self) -> &MlpConfig {
        &self.config
    }

    /// Every parameter by name.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Every parameter by name, to change.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Room for the gradients: every parameter's shape, filled with zeros.
    pub fn new_grads(&self) -> Grads {
        self.parameters.zeros_like()
    }

    /// Batch norm's running moments, one per hidden layer; empty for other norms.
    pub fn running(&self) -> &[Moments] {
        &self.running
    }

    /// Batch norm's running moments, to change.
    pub fn running_mut(&mut self) -> &mut [Moments] {
        &mut self.running
    }

    /// Fills `tape` from the examples `x`, `[batch, inputs]`. In [`Mode::Train`] batch norm uses the batch's own
    /// moments and moves its running ones.
    ///
    /// # Panics
    /// If `x` has another number of features, or `tape` belongs to a network of another shape.
    pub fn forward(&mut self, x: &Matrix, mode: Mode, tape: &mut Tape) {
        match mode {
            Mode::Eval => self.forward_with(x, Statistics::Running, tape),
            Mode::Train => {
                self.forward_with(x, Statistics::Batch, tape);
                for (running, layer) in self.running.iter_mut().zip(&tape.layers) {
                    running.follow(&layer.cache.moments, x.rows(), self.config.norm.stat_momentum);
                }
            }
        }
    }

    /// The forward pass that only looks: nothing of the network moves.
    ///
    /// # Panics
    /// As [`Self::forward`]; also if there is not one fixed moment per hidden layer.
    pub fn forward_with(&self, x: &Matrix, statistics: Statistics<'_>, tape: &mut Tape) {
        assert_eq!(x.cols(), self.config.inputs, "features of an example");
        assert_eq!(tape.layers.len(), self.config.hidden_layers, "a tape of another network");
        tape.block = Block::of(&self.config);
        tape.kept_pre_activations = tape.keeps_pre_activations;
        let keep = tape.keeps_pre_activations || self.config.activation.needs_pre_activation();
        for l in 0..self.config.hidden_layers {
            let fixed = match statistics {
                Statistics::Batch => None,
                Statistics::Running => self.running.get(l),
                Statistics::Fixed(moments) if self.config.norm.norm == Norm::Batch => Some(&moments[l]),
                Statistics::Fixed(_) => None,
            };
            let (below, layer) = tape.layers.split_at_mut(l);
            let input = below.last().map_or(x, |layer| layer.output(tape.block));
            self.forward_block(l, input, fixed, keep, &mut layer[0]);
        }
        let top = tape.layers[self.config.hidden_layers - 1].output(tape.block);
        linear::forward(&self.parameters.layers[self.config.hidden_layers], top, &mut tape.logits);
    }

    /// One hidden block. Where pre-activations are not kept, the activation works in place.
    fn forward_block(&self, l: usize, x: &Matrix, fixed: Option<&Moments>, keep: bool, tape: &mut LayerTape) {
        let parameters = &self.parameters.layers[l];
        let LayerTape { linear, normed, activated, cache, noise } = tape;
        let activation = self.config.activation;
        let disturb = |values: &mut Matrix| noise.iter().for_each(|noise| noise.forward(values));
        let Some(norm) = &parameters.norm else {
            let target = if keep { &mut *linear } else { &mut *activated };
            linear::forward(parameters, x, target);
            disturb(target);
            return activate(activation, keep.then_some(&*linear), activated);
        };
        if self.config.placement == Placement::Before {
            linear::forward(parameters, x, linear);
            if keep || noise.is_some() {
                norm::forward(&self.config.norm, norm, fixed, linear, cache, normed);
                disturb(normed);
                activate(activation, Some(normed), activated);
            } else {
                norm::forward_then(&self.config.norm, norm, fixed, linear, cache, activated, activation);
            }
        } else {
            linear::forward(parameters, x, if keep { &mut *linear } else { &mut *activated });
            activate(activation, keep.then_some(&*linear), activated);
            norm::forward(&self.config.norm, norm, fixed, activated, cache, normed);
            disturb(normed);
        }
    }

    /// Fills `grads` from the gradient of the loss that [`Tape::logits_and_gradient`] holds, for the examples and the
    /// tape of the last forward pass; `watch` receives the gradients' sizes on the way.
    ///
    /// After a forward pass with fixed or running moments, these count as constants.
    ///
    /// # Panics
    /// If `x` or the gradient has another shape than in the forward pass.
    pub fn backward(
        &self,
        x: &Matrix,
        tape: &mut Tape,
        grads: &mut Grads,
        mut watch: Option<&mut GradientWatch>,
    ) {
        let hidden = self.config.hidden_layers;
        assert_eq!((tape.d_values.rows(), tape.d_values.cols()), (x.rows(), self.config.outputs), "d_logits");
        if let Some(watch) = &mut watch {
            watch.layers.clear();
            watch.layers.resize(hidden, GradientRms::default());
        }
        let Tape { layers, d_values, d_below, transposed, block, .. } = tape;
        for l in (0..=hidden).rev() {
            if l < hidden {
                let watch = watch.as_mut().map(|watch| &mut watch.layers[l]);
                self.backward_through_block(l, &layers[l], d_values, &mut grads.layers[l], watch);
            }
            let input = if l == 0 { x } else { layers[l - 1].output(*block) };
            linear::backward(input, d_values, &mut grads.layers[l]);
            if let Some(watch) = watch.as_mut().filter(|_| l < hidden) {
                watch.layers[l].d_weight = rms(&grads.layers[l].weight);
            }
            if l > 0 {
                linear::backward_input(&self.parameters.layers[l], d_values, transposed, d_below);
                core::mem::swap(d_values, d_below);
            }
        }
    }

    /// The gradient with respect to the examples themselves, right after [`Self::backward`]: `[batch, inputs]`.
    pub fn input_gradient(&self, tape: &mut Tape, d_x: &mut Matrix) {
        linear::backward_input(&self.parameters.layers[0], &tape.d_values, &mut tape.transposed, d_x);
    }

    /// `d` turns from the gradient of a block's output into that of its linear output.
    fn backward_through_block(
        &self,
        l: usize,
        tape: &LayerTape,
        d: &mut Matrix,
        grads: &mut LayerParameters,
        mut watch: Option<&mut GradientRms>,
    ) {
        let norm = self.parameters.layers[l].norm.as_ref().zip(grads.norm.as_mut());
        let block = Block::of(&self.config);
        let activation = self.config.activation;
        let look_at_activation = |watch: &mut Option<&mut GradientRms>, d: &Matrix| {
            if let Some(watch) = watch {
                watch.d_activation = rms(d);
            }
        };
        let through_activation = |d: &mut Matrix| {
            let a = &tape.activated;
            let y = if activation.needs_pre_activation() { tape.pre_activation(block) } else { a };
            activation.backward(y.padded_values(), a.padded_values(), d.padded_values_mut());
        };
        let a = &tape.activated;
        let through_noise = |d: &mut Matrix| tape.noise.iter().for_each(|noise| noise.backward(d));
        match norm {
            Some((norm, grads)) if block == Block::NormLast => {
                through_noise(d);
                norm::backward(&self.config.norm, norm, a, &tape.cache, d, grads);
                look_at_activation(&mut watch, d);
                through_activation(d);
            }
            Some((norm, grads)) => {
                look_at_activation(&mut watch, d);
                let mut then = activation;
                if activation.needs_pre_activation() || tape.noise.is_some() {
                    through_activation(d);
                    through_noise(d);
                    then = Activation::Linear;
                }
                norm::backward_from(&self.config.norm, norm, &tape.linear, &tape.cache, (then, a), d, grads);
            }
            None => {
                look_at_activation(&mut watch, d);
                through_activation(d);
                through_noise(d);
            }
        }
        if let Some(watch) = watch {
            watch.d_linear = rms(d);
        }
    }

    /// Mean and biased variance of every normalised unit over all the examples of `x`, layer by layer, each layer fed
    /// with values normalised by the exact moments below it; empty unless the norm is batch norm. `tape` must have
    /// room for `x` or will grow.
    pub fn exact_statistics(&self, x: &Matrix, tape: &mut Tape) -> Vec<Moments> {
        if self.config.norm.norm != Norm::Batch {
            return Vec::new();
        }
        self.forward_with(x, Statistics::Batch, tape);
        tape.layers.iter().map(|layer| layer.cache.moments.clone()).collect()
    }

    /// A hash (FNV-1a, 64 bits) of the bits of all parameters, then all running means and variances, without
    /// padding. Every NaN counts as the same number: engines differ in their bits.
    pub fn fingerprint(&self) -> u64 {
        let running = self.running.iter().flat_map(|moments| [&moments.mean, &moments.variance]);
        let matrices = self.parameters.iter().map(|(_, matrix)| matrix).chain(running);
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for value in matrices.flat_map(Matrix::values) {
            let bits = if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() };
            for byte in bits.to_le_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        hash
    }
}

/// `activated = f(kept)`, or `f(activated)` in place where nothing was kept.
fn activate(activation: Activation, kept: Option<&Matrix>, activated: &mut Matrix) {
    if let Some(kept) = kept {
        activated.copy_from(kept);
    }
    activation.forward(activated.padded_values_mut());
}

#[cfg(test)]
mod tests;
