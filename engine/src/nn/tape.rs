//! What a forward pass leaves behind: every block's intermediate values, the logits, and room for the backward pass.
//!
//! All buffers a step needs live here and are made once; a batch of another size reuses them.

use super::Placement;
use super::mlp::MlpConfig;
use super::noise::Noise;
use super::norm::{Norm, NormCache};
use crate::math::matrix::Matrix;

/// One block's buffers. Which of the three matrices exist depends on the norm, its placement, and on whether
/// pre-activations are kept; [`LayerView`] hides that.
#[derive(Clone, Debug, Default)]
pub(crate) struct LayerTape {
    /// `x W + b`.
    pub(crate) linear: Matrix,
    /// The norm's output.
    pub(crate) normed: Matrix,
    /// The activation's output.
    pub(crate) activated: Matrix,
    /// What the norm remembers.
    pub(crate) cache: NormCache,
    /// Noise on the norm's output, where a step is to be disturbed.
    pub(crate) noise: Option<Noise>,
}

/// The shape of a block: which buffers stand for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// linear -> activation.
    Plain,
    /// linear -> norm -> activation.
    NormFirst,
    /// linear -> activation -> norm.
    NormLast,
}

impl Block {
    pub(crate) fn of(config: &MlpConfig) -> Self {
        match (config.norm.norm, config.placement) {
            (Norm::None, _) => Self::Plain,
            (_, Placement::Before) => Self::NormFirst,
            (_, Placement::After) => Self::NormLast,
        }
    }
}

impl LayerTape {
    /// What the next layer reads.
    pub(crate) fn output(&self, block: Block) -> &Matrix {
        if block == Block::NormLast { &self.normed } else { &self.activated }
    }

    /// The activation's input, where kept.
    pub(crate) fn pre_activation(&self, block: Block) -> &Matrix {
        if block == Block::NormFirst { &self.normed } else { &self.linear }
    }
}

/// Everything a forward pass leaves for its backward pass and for whoever looks.
#[derive(Clone, Debug)]
pub struct Tape {
    pub(crate) layers: Vec<LayerTape>,
    pub(crate) logits: Matrix,
    /// The gradient of the values between layers, and of those one layer further down: two buffers for all layers.
    pub(crate) d_values: Matrix,
    pub(crate) d_below: Matrix,
    /// Room for one transposed weight matrix.
    pub(crate) transposed: Matrix,
    pub(crate) block: Block,
    pub(crate) keeps_pre_activations: bool,
    pub(crate) kept_pre_activations: bool,
}

impl Tape {
    /// Room for batches of `batch` examples through a network of this shape (others work too, after growing once).
    pub fn new(config: &MlpConfig, batch: usize) -> Self {
        let hidden = LayerTape {
            linear: Matrix::zeros(batch, config.width),
            normed: Matrix::zeros(batch, config.width),
            activated: Matrix::zeros(batch, config.width),
            cache: NormCache::default(),
            noise: None,
        };
        let widest = config.width.max(config.outputs);
        Self {
            layers: vec![hidden; config.hidden_layers],
            logits: Matrix::zeros(batch, config.outputs),
            d_values: Matrix::zeros(batch, widest),
            d_below: Matrix::zeros(batch, widest),
            transposed: Matrix::zeros(widest, config.width),
            block: Block::of(config),
            keeps_pre_activations: true,
            kept_pre_activations: false,
        }
    }

    /// Whether forward passes from now on keep every pre-activation for looking at (as they do at first). Without,
    /// they run a little faster and [`LayerView::pre_activation`] must not be asked for. Results do not change.
    pub fn keep_pre_activations(&mut self, keep: bool) {
        self.keeps_pre_activations = keep;
    }

    /// Disturbs the forward passes from here on: noise (Santurkar et al. 2018) drawn for this seed and step falls on every
    /// norm's output (in a plain block, on the linear output), for batches of `rows` examples.
    pub fn disturb(&mut self, seed: u64, step: u64, rows: usize) {
        for (l, layer) in self.layers.iter_mut().enumerate() {
            let width = layer.activated.cols();
            layer.noise = Some(Noise::draw(seed, step, l as u64, rows, width));
        }
    }

    /// The output layer's values, `[batch, outputs]`.
    pub fn logits(&self) -> &Matrix {
        &self.logits
    }

    /// The logits beside the place for the loss's gradient, from which the backward pass starts.
    pub fn logits_and_gradient(&mut self) -> (&Matrix, &mut Matrix) {
        (&self.logits, &mut self.d_values)
    }

    /// How many hidden layers there are to look at.
    pub fn hidden_layers(&self) -> usize {
        self.layers.len()
    }

    /// Hidden layer `layer` after a forward pass.
    pub fn layer(&self, layer: usize) -> LayerView<'_> {
        LayerView { layer: &self.layers[layer], block: self.block, kept: self.kept_pre_activations }
    }
}

/// One hidden layer's values after a forward pass, `[batch, width]` each. They stay until the next forward pass.
#[derive(Clone, Copy, Debug)]
pub struct LayerView<'a> {
    layer: &'a LayerTape,
    block: Block,
    kept: bool,
}

impl<'a> LayerView<'a> {
    /// The linear output `x W + b`.
    ///
    /// # Panics
    /// Where the block is not linear -> norm -> activation: if the forward pass kept no pre-activations.
    pub fn linear(&self) -> &'a Matrix {
        assert!(self.kept || self.block == Block::NormFirst, "this forward pass kept no pre-activations");
        &self.layer.linear
    }

    /// The activation's input: the norm's output where the norm comes first, else the linear output.
    ///
    /// # Panics
    /// If the forward pass kept no pre-activations.
    pub fn pre_activation(&self) -> &'a Matrix {
        assert!(self.kept, "this forward pass kept no pre-activations");
        self.layer.pre_activation(self.block)
    }

    /// The activation's output.
    pub fn activation(&self) -> &'a Matrix {
        &self.layer.activated
    }

    /// What the next layer reads: the norm's output where the norm comes last, else the activation.
    pub fn output(&self) -> &'a Matrix {
        self.layer.output(self.block)
    }

    /// The statistics the norm used.
    pub fn norm(&self) -> &'a NormCache {
        &self.layer.cache
    }
}

/// Gradient sizes of one hidden layer: root mean square over the elements of a gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GradientRms {
    /// Of the activation's output, over examples and units.
    pub d_activation: f32,
    /// Of the linear output (before the norm), over examples and units.
    pub d_linear: f32,
    /// Of the weights.
    pub d_weight: f32,
}

/// Filled by a backward pass, which alone sees every layer's gradients: their buffers are shared.
#[derive(Clone, Debug, Default)]
pub struct GradientWatch {
    /// One per hidden layer, the first layer first.
    pub layers: Vec<GradientRms>,
}

/// Root mean square of a matrix' real elements (0 if there are none).
pub fn rms(matrix: &Matrix) -> f32 {
    let squares: f64 = matrix.values().map(|v| f64::from(v) * f64::from(v)).sum();
    let count = (matrix.rows() * matrix.cols()).max(1);
    (squares / count as f64).sqrt() as f32
}
