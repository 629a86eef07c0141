//! The update of the parameters: SGD, momentum, Nesterov momentum and Adam, defined as in PyTorch's `torch.optim`.
//!
//! ```text
//! g = gradient + weight_decay p                        (L2 on every parameter, gamma, beta and biases too)
//! SGD        p = p - rate g
//! Momentum   v = momentum v + g                        p = p - rate v
//! Nesterov   v = momentum v + g                        p = p - rate (g + momentum v)
//! Adam       m = m + (1 - b1) (g - m)                  v = b2 v + (1 - b2) g^2
//!            p = p - rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + 1e-8)
//! ```
//! Memory starts at 0 and t at 1; what fades below 2^-100 in it becomes 0. Momentum: Polyak 1964, Sutskever et al. 2013; Adam: Kingma & Ba 2015. No schedules,
//! no dampening, no decoupled weight decay.

use super::mlp::Mlp;
use super::parameters::{Grads, Kind, Parameters};
use crate::math::approx::TINY;
use crate::math::lanes::F32x4;
use crate::math::matrix::Matrix;

/// The rule of the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Optimizer {
    /// Plain gradient descent.
    #[default]
    Sgd,
    /// With a velocity.
    Momentum,
    /// With a velocity, looking ahead.
    Nesterov,
    /// With two moments of the gradient.
    Adam,
}

impl Optimizer {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::Sgd, Self::Momentum, Self::Nesterov, Self::Adam];
}

/// The settings of the update, but for the learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimConfig {
    /// The rule.
    pub optimizer: Optimizer,
    /// Of the two momentum rules.
    pub momentum: f32,
    /// L2: this times the parameter is added to its gradient.
    pub weight_decay: f32,
}

impl Default for OptimConfig {
    fn default() -> Self {
        Self { optimizer: Optimizer::Sgd, momentum: 0.9, weight_decay: 0.0 }
    }
}

impl OptimConfig {
    /// # Errors
    /// One sentence saying which setting is out of range.
    pub fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.momentum) {
            return Err(format!("The optimiser's momentum must lie between 0 and 1, not {}.", self.momentum));
        }
        if !(self.weight_decay >= 0.0 && self.weight_decay.is_finite()) {
            return Err(format!("The weight decay must be 0 or more, not {}.", self.weight_decay));
        }
        Ok(())
    }
}

/// Adam's decay of the mean gradient.
pub const ADAM_BETA_1: f64 = 0.9;
/// Adam's decay of the mean squared gradient.
pub const ADAM_BETA_2: f64 = 0.999;
/// Adam's guard against division by zero.
pub const ADAM_EPS: f32 = 1e-8;

/// What the rule remembers between steps.
#[derive(Clone, Debug)]
pub struct OptimState {
    config: OptimConfig,
    /// Velocity, or Adam's mean gradient.
    first: Option<Parameters>,
    /// Adam's mean squared gradient.
    second: Option<Parameters>,
    /// b1^t and b2^t.
    adam_powers: (f64, f64),
}

impl OptimState {
    /// The memory before the first step of training `mlp`.
    pub fn new(config: &OptimConfig, mlp: &Mlp) -> Self {
        let zeros = || mlp.parameters().zeros_like();
        Self {
            config: *config,
            first: (config.optimizer != Optimizer::Sgd).then(zeros),
            second: (config.optimizer == Optimizer::Adam).then(zeros),
            adam_powers: (1.0, 1.0),
        }
    }

    /// One update of every parameter. `hidden_rate`, when given, is the rate of the hidden layers' weights, and of
    /// their biases where a layer has no norm; the output layer, gamma, beta and alpha keep `learning_rate`.
    pub fn step(&mut self, mlp: &mut Mlp, grads: &Grads, learning_rate: f32, hidden_rate: Option<f32>) {
        let output_layer = mlp.config().hidden_layers;
        let has_norm = mlp.parameters().layers[0].norm.is_some();
        self.adam_powers.0 *= ADAM_BETA_1;
        self.adam_powers.1 *= ADAM_BETA_2;
        for (l, (layer, gradients)) in mlp.parameters_mut().layers.iter_mut().zip(&grads.layers).enumerate() {
            let mut first = self.first.as_mut().map(|memory| memory.layers[l].tensors_mut());
            let mut second = self.second.as_mut().map(|memory| memory.layers[l].tensors_mut());
            for (i, tensors) in layer.tensors_mut().into_iter().zip(gradients.tensors()).enumerate() {
                let (Some((kind, parameter)), Some((_, gradient))) = tensors else { continue };
                let is_hidden = l < output_layer && (kind == Kind::Weight || kind == Kind::Bias && !has_norm);
                let tensor = Tensor {
                    parameter: parameter.padded_values_mut(),
                    gradient: gradient.padded_values(),
                    first: remembered(&mut first, i),
                    second: remembered(&mut second, i),
                };
                let rate = hidden_rate.filter(|_| is_hidden).unwrap_or(learning_rate);
                tensor.update(&self.config, rate, self.adam_powers);
            }
        }
    }
}

/// A layer's memory of its tensor number `i`, where the rule has one.
fn remembered<'a>(memory: &'a mut Option<[Option<(Kind, &mut Matrix)>; 5]>, i: usize) -> &'a mut [f32] {
    let tensor = memory.as_mut().and_then(|tensors| tensors[i].as_mut());
    tensor.map_or(&mut [], |(_, matrix)| matrix.padded_values_mut())
}

/// One tensor's numbers side by side; padding included, which stays 0.
struct Tensor<'a> {
    parameter: &'a mut [f32],
    gradient: &'a [f32],
    first: &'a mut [f32],
    second: &'a mut [f32],
}

impl Tensor<'_> {
    fn update(self, config: &OptimConfig, rate: f32, adam_powers: (f64, f64)) {
        match config.optimizer {
            Optimizer::Sgd => self.sgd(config.weight_decay, rate),
            Optimizer::Momentum => self.momentum(config, rate, |_, v| v),
            Optimizer::Nesterov => {
                let momentum = F32x4::splat(config.momentum);
                self.momentum(config, rate, |g, v| g + momentum * v);
            }
            Optimizer::Adam => self.adam(config.weight_decay, rate, adam_powers),
        }
    }

    fn sgd(self, weight_decay: f32, rate: f32) {
        let (rate, decay) = (F32x4::splat(rate), F32x4::splat(weight_decay));
        for (p, g) in fours(self.parameter).iter_mut().zip(self.gradient.as_chunks().0) {
            let value = F32x4::load(p);
            let g = if weight_decay == 0.0 { F32x4::load(g) } else { F32x4::load(g) + decay * value };
            (value - rate * g).store(p);
        }
    }

    #[inline(always)]
    fn momentum(self, config: &OptimConfig, rate: f32, direction: impl Fn(F32x4, F32x4) -> F32x4) {
        let (rate, decay) = (F32x4::splat(rate), F32x4::splat(config.weight_decay));
        let (momentum, tiny) = (F32x4::splat(config.momentum), F32x4::splat(TINY));
        let memory = fours(self.first).iter_mut();
        for ((p, g), v) in fours(self.parameter).iter_mut().zip(self.gradient.as_chunks().0).zip(memory) {
            let value = F32x4::load(p);
            let g = F32x4::load(g) + decay * value;
            // A unit that falls silent leaves its velocity to fade for ever: end it before it turns denormal.
            let velocity = (momentum * F32x4::load(v) + g).zero_within(tiny);
            velocity.store(v);
            (value - rate * direction(g, velocity)).store(p);
        }
    }

    fn adam(self, weight_decay: f32, rate: f32, (power_1, power_2): (f64, f64)) {
        let splat = |value: f64| F32x4::splat(value as f32);
        let (towards, keep, add) = (splat(1.0 - ADAM_BETA_1), splat(ADAM_BETA_2), splat(1.0 - ADAM_BETA_2));
        let (step, root) = (splat(f64::from(rate) / (1.0 - power_1)), splat((1.0 - power_2).sqrt()));
        let (decay, eps, tiny) = (F32x4::splat(weight_decay), F32x4::splat(ADAM_EPS), F32x4::splat(TINY));
        let root_of_tiny = tiny.sqrt();
        let memory = fours(self.first).iter_mut().zip(fours(self.second));
        for ((p, g), (m, v)) in fours(self.parameter).iter_mut().zip(self.gradient.as_chunks().0).zip(memory)
        {
            let value = F32x4::load(p);
            let g = F32x4::load(g) + decay * value;
            let mean = F32x4::load(m);
            let mean = (mean + towards * (g - mean)).zero_within(tiny);
            let large = g.zero_within(root_of_tiny);
            let square = (keep * F32x4::load(v) + add * (large * large)).zero_within(tiny);
            mean.store(m);
            square.store(v);
            (value - step * (mean / (square.sqrt() / root + eps))).store(p);
        }
    }
}

/// Four by four; the rows of a tensor are padded, so nothing is left over.
fn fours(values: &mut [f32]) -> &mut [[f32; 4]] {
    values.as_chunks_mut().0
}
