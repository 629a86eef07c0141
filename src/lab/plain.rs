//! The network's forward pass once more, plainly: f64, one loop after the other, sharing no kernel with the engine.
//!
//! The witness of the gradient check: central differences of this loss must be the engine's gradients. Batch norm
//! uses the mini-batch's own statistics, as in training. No backward pass, no running statistics, no speed.

use crate::data::sampler::Batch;
use crate::nn::Placement;
use crate::nn::activation::Activation;
use crate::nn::mlp::{Mlp, MlpConfig};
use crate::nn::norm::Norm;
use crate::nn::parameters::{Kind, ParameterName};
use crate::nn::tape::Tape;

/// A network's parameters in f64.
#[derive(Clone, Debug)]
pub struct Plain {
    config: MlpConfig,
    layers: Vec<Layer>,
}

/// One layer's: weight `[inputs, outputs]` row by row; what does not exist is empty, or 1, or 0.
#[derive(Clone, Debug)]
struct Layer {
    inputs: usize,
    outputs: usize,
    weight: Vec<f64>,
    bias: Vec<f64>,
    gamma: Vec<f64>,
    beta: Vec<f64>,
    alpha: Vec<f64>,
}

/// Everything one forward pass computed, all `[batch, units]` row by row.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// What each linear map read; the first is the mini-batch.
    inputs: Vec<Vec<f64>>,
    /// What each linear map gave.
    linear: Vec<Vec<f64>>,
    /// What each hidden layer's activation read.
    activation_inputs: Vec<Vec<f64>>,
    /// Above the kink, where the activation has one; otherwise empty.
    sides: Vec<Vec<bool>>,
    /// Mean cross-entropy.
    pub loss: f64,
    /// The size of the largest logit.
    pub largest_logit: f64,
}

/// One activation input: hidden layer, example of the mini-batch, unit, each from 0.
pub type Place = (usize, usize, usize);

/// What a pass does where an activation input lies on the other side of a kink than in the pass it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtKinks {
    /// Follows the activation, and says so.
    Cross,
    /// Stays on the side of the first pass, with that side's slope.
    Hold,
}

impl Plain {
    /// The network as it stands.
    pub fn of(network: &Mlp) -> Self {
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
        let layers = network.parameters().layers.iter().map(|layer| {
            let norm = layer.norm.as_ref();
            Layer {
                inputs: layer.weight.rows(),
                outputs: layer.weight.cols(),
                weight: wide(&layer.weight.to_dense()),
                bias: layer.bias.as_ref().map_or(Vec::new(), |bias| wide(bias.row(0))),
                gamma: norm.map_or(Vec::new(), |norm| wide(norm.gamma.row(0))),
                beta: norm.map_or(Vec::new(), |norm| wide(norm.beta.row(0))),
                alpha: norm
                    .and_then(|norm| norm.alpha.as_ref())
                    .map_or(Vec::new(), |alpha| wide(alpha.row(0))),
            }
        });
        Self { config: *network.config(), layers: layers.collect() }
    }

    /// All numbers of one tensor, weights row by row of `[inputs, outputs]`; empty if the network has it not.
    pub fn tensor_mut(&mut self, name: ParameterName) -> &mut [f64] {
        let layer = &mut self.layers[name.layer];
        match name.kind {
            Kind::Weight => &mut layer.weight,
            Kind::Bias => &mut layer.bias,
            Kind::Gamma => &mut layer.gamma,
            Kind::Beta => &mut layer.beta,
            Kind::Alpha => &mut layer.alpha,
        }
    }

    /// A whole pass. `flipped` names activation inputs that are put on the other side of the kink: those so close to
    /// it that rounding decided otherwise in the engine.
    pub fn forward(&self, batch: &Batch, flipped: &[Place]) -> Pass {
        let mut pass = Pass { inputs: vec![batch.x.values().map(f64::from).collect()], ..Pass::default() };
        for l in 0..self.config.hidden_layers {
            let z = self.linear(l, &pass.inputs[l]);
            let y = self.activation_input(l, z.clone());
            let mut sides = Vec::new();
            if has_kink(self.config.activation) {
                sides = y.iter().map(|y| *y > 0.0).collect();
                for (_, example, unit) in flipped.iter().filter(|place| place.0 == l) {
                    let side = &mut sides[example * self.config.width + unit];
                    *side = !*side;
                }
            }
            let (a, _) = self.activate(&y, &sides, AtKinks::Hold);
            pass.inputs.push(self.output(l, a));
            pass.linear.push(z);
            pass.activation_inputs.push(y);
            pass.sides.push(sides);
        }
        let logits = self.linear(self.config.hidden_layers, &pass.inputs[self.config.hidden_layers]);
        pass.loss = cross_entropy(&logits, self.config.outputs, &batch.y);
        pass.largest_logit = logits.iter().fold(0.0, |largest, z| z.abs().max(largest));
        pass.linear.push(logits);
        pass
    }

    /// The loss after a change in layer `first`, given the pass before the change, and whether an activation input
    /// has crossed a kink on the way.
    pub fn loss_from(&self, first: usize, before: &Pass, labels: &[u8], kinks: AtKinks) -> (f64, bool) {
        let mut x = before.inputs[first].clone();
        let mut crossed = false;
        for l in first..self.config.hidden_layers {
            let y = self.activation_input(l, self.linear(l, &x));
            let (a, crosses) = self.activate(&y, &before.sides[l], kinks);
            crossed |= crosses;
            x = self.output(l, a);
        }
        let logits = self.linear(self.config.hidden_layers, &x);
        (cross_entropy(&logits, self.config.outputs, labels), crossed)
    }

    /// `z = x W + b`.
    fn linear(&self, l: usize, x: &[f64]) -> Vec<f64> {
        let layer = &self.layers[l];
        let mut z = Vec::with_capacity(x.len() / layer.inputs * layer.outputs);
        for x in x.chunks_exact(layer.inputs) {
            let first = z.len();
            z.resize(first + layer.outputs, 0.0);
            let z = &mut z[first..];
            z[..layer.bias.len()].copy_from_slice(&layer.bias);
            for (x, weights) in x.iter().zip(layer.weight.chunks_exact(layer.outputs)) {
                z.iter_mut().zip(weights).for_each(|(z, w)| *z += x * w);
            }
        }
        z
    }

    /// What the activation reads: normalised already where the norm comes first.
    fn activation_input(&self, l: usize, mut z: Vec<f64>) -> Vec<f64> {
        if self.config.placement == Placement::Before {
            self.normalise(l, &mut z);
        }
        z
    }

    /// What the next layer reads: normalised here where the norm comes last.
    fn output(&self, l: usize, mut a: Vec<f64>) -> Vec<f64> {
        if self.config.placement == Placement::After {
            self.normalise(l, &mut a);
        }
        a
    }

    /// `f(y)`, and whether a kink lies between some `y` and its side in another pass.
    fn activate(&self, y: &[f64], sides: &[bool], kinks: AtKinks) -> (Vec<f64>, bool) {
        let activation = self.config.activation;
        if sides.is_empty() {
            return (y.iter().map(|y| smooth(activation, *y)).collect(), false);
        }
        let slope_below = if activation == Activation::Relu { 0.0 } else { 0.01 };
        let mut crossed = false;
        let values = y.iter().zip(sides).map(|(y, side)| {
            crossed |= (*y > 0.0) != *side;
            let above = if kinks == AtKinks::Hold { *side } else { *y > 0.0 };
            if above { *y } else { slope_below * y }
        });
        (values.collect(), crossed)
    }

    fn normalise(&self, l: usize, x: &mut [f64]) {
        let (layer, config) = (&self.layers[l], &self.config.norm);
        let (width, eps) = (layer.outputs, f64::from(config.eps));
        match config.norm {
            Norm::None => return,
            Norm::Batch => {
                for unit in 0..width {
                    standardise(&mut x.iter_mut().skip(unit).step_by(width).collect::<Vec<_>>(), eps);
                }
            }
            Norm::Layer | Norm::Group => {
                let groups = if config.norm == Norm::Layer { 1 } else { groups_of(config.groups, width) };
                for group in x.chunks_exact_mut(width / groups) {
                    standardise(&mut group.iter_mut().collect::<Vec<_>>(), eps);
                }
            }
            Norm::Rms => {
                for example in x.chunks_exact_mut(width) {
                    let square = example.iter().map(|x| x * x).sum::<f64>() / width as f64;
                    let inverse = inverse_root(square, eps);
                    example.iter_mut().for_each(|x| *x *= inverse);
                }
            }
            Norm::DyT => x.iter_mut().for_each(|x| *x = libm::tanh(layer.alpha[0] * *x)),
        }
        for example in x.chunks_exact_mut(width) {
            for ((x, gamma), beta) in example.iter_mut().zip(&layer.gamma).zip(&layer.beta) {
                *x = gamma * *x + beta;
            }
        }
    }
}

impl Pass {
    /// Root mean square of what layer `layer`'s linear map gave: the natural size of a change of its bias.
    pub fn linear_rms(&self, layer: usize) -> f64 {
        let z = &self.linear[layer];
        libm::sqrt(z.iter().map(|z| z * z).sum::<f64>() / z.len().max(1) as f64)
    }

    /// The activation inputs that the engine's f32 pass, still on `tape`, put on the other side of the kink: those
    /// next to 0, where rounding decides. What is farther off is no matter of rounding and not listed.
    pub fn flipped_by(&self, tape: &Tape) -> Vec<Place> {
        let mut flipped = Vec::new();
        for (l, (sides, values)) in self.sides.iter().zip(&self.activation_inputs).enumerate() {
            if sides.is_empty() {
                continue;
            }
            let next_to_0 = NEXT_TO_0 * values.iter().fold(0.0_f64, |largest, y| largest.max(y.abs()));
            let engine = tape.layer(l).pre_activation();
            for (i, (y, (side, value))) in engine.values().zip(sides.iter().zip(values)).enumerate() {
                if (y > 0.0) != *side && value.abs() <= next_to_0 {
                    flipped.push((l, i / engine.cols(), i % engine.cols()));
                }
            }
        }
        flipped
    }
}

/// How near a kink rounding decides, in units of the layer's largest activation input.
const NEXT_TO_0: f64 = 1e-4;

/// Whether the slope jumps at 0.
pub fn has_kink(activation: Activation) -> bool {
    matches!(activation, Activation::Relu | Activation::LeakyRelu)
}

fn smooth(activation: Activation, y: f64) -> f64 {
    match activation {
        Activation::Sigmoid => 1.0 / (1.0 + libm::exp(-y)),
        Activation::Tanh => libm::tanh(y),
        Activation::Gelu => 0.5 * y * (1.0 + libm::erf(y * core::f64::consts::FRAC_1_SQRT_2)),
        Activation::Linear | Activation::Relu | Activation::LeakyRelu => y,
    }
}

/// Group norm's groups, by the rule and not by the engine's function: the most that divide the width and leave each
/// two units.
fn groups_of(most: usize, width: usize) -> usize {
    let divides = |groups: &usize| width.is_multiple_of(*groups) && width >= 2 * groups;
    (1..=most).filter(divides).max().unwrap_or(1)
}

/// Mean 0, and variance 1 but for eps.
fn standardise(x: &mut [&mut f64], eps: f64) {
    let count = x.len() as f64;
    // From the first value on, so that equal values have variance exactly 0.
    let first = *x[0];
    let mean = first + x.iter().map(|x| **x - first).sum::<f64>() / count;
    let variance = x.iter().map(|x| (**x - mean) * (**x - mean)).sum::<f64>() / count;
    let inverse = inverse_root(variance, eps);
    x.iter_mut().for_each(|x| **x = (**x - mean) * inverse);
}

/// 0 where there is nothing to divide by: a constant feature with eps 0.
fn inverse_root(variance: f64, eps: f64) -> f64 {
    if variance + eps <= 0.0 { 0.0 } else { 1.0 / libm::sqrt(variance + eps) }
}

/// Mean over the examples of `log(sum(exp(logits))) - logit of the label`.
fn cross_entropy(logits: &[f64], classes: usize, labels: &[u8]) -> f64 {
    let losses = logits.chunks_exact(classes).zip(labels).map(|(z, label)| {
        let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| libm::exp(z - largest)).sum();
        libm::log(sum) + largest - z[usize::from(*label)]
    });
    losses.sum::<f64>() / labels.len() as f64
}
