//! The network's forward and backward pass, block by block, and its training step.

use super::norm::{self, Norm, Normed};
use super::{Mode, Place, Rows, Spec, Tensors, each, keep, linear, loss, optim};

/// A network: its shape, its parameters, and the running statistics of its batch norms.
#[derive(Clone, Debug)]
pub struct Network {
    pub spec: Spec,
    pub parameters: Tensors,
    /// `"0.running_mean"` starts at 0, `"0.running_variance"` at 1; empty without batch norm.
    pub running: Tensors,
    /// How intermediate matrices are kept: as they are, or rounded to f32 after multiplying by this factor (which is
    /// divided out again: every factor is another draw of rounding errors). The rounded twin is no oracle; its
    /// distance from the exact one says how much of this network's answer rounding alone can change.
    pub rounding: Option<f64>,
}

/// What the backward pass needs to know about one block's forward pass.
#[derive(Clone, Debug)]
pub struct BlockTrace {
    /// What the linear map was given.
    pub x: Rows,
    /// What it returned.
    pub z: Rows,
    /// What the activation was given: the pre-activations.
    pub activation_input: Rows,
    /// What the norm returned, with its statistics.
    pub normed: Normed,
    /// On which side of its kink each unit was taken to be.
    pub positive: Vec<Vec<bool>>,
}

/// One forward pass.
#[derive(Clone, Debug)]
pub struct Trace {
    pub mode: Mode,
    pub blocks: Vec<BlockTrace>,
    /// What the output layer was given, and what it returned.
    pub last_activation: Rows,
    pub logits: Rows,
}

/// Gradients of one backward pass.
#[derive(Clone, Debug)]
pub struct Gradients {
    pub parameters: Tensors,
    /// With respect to each block's linear output, and to its activation's output.
    pub d_linear: Vec<Rows>,
    pub d_activation: Vec<Rows>,
    /// With respect to the network's input.
    pub d_x: Rows,
}

/// Chooses the side of a kink for a pre-activation: `(block, example, unit, value) -> value > 0`.
/// The engine's own choice may be passed in for values that rounding alone decides.
pub type Side<'a> = &'a dyn Fn(usize, usize, usize, f64) -> bool;

/// The plain rule: the derivative at exactly 0 is that of the negative side, as in PyTorch.
pub fn plain_side(_block: usize, _example: usize, _unit: usize, value: f64) -> bool {
    value > 0.0
}

impl Network {
    /// A network with all parameters zero but gamma 1 and alpha 0.5.
    pub fn new(spec: Spec) -> Self {
        let parameters = spec.shapes().into_iter().map(|(name, length)| {
            let start = match name.split('.').next_back() {
                Some("gamma") => 1.0,
                Some("alpha") => 0.5,
                _ => 0.0,
            };
            (name, vec![start; length])
        });
        let parameters = parameters.collect();
        let mut running = Tensors::new();
        if spec.norm == Norm::Batch {
            for (layer, &width) in spec.hidden.iter().enumerate() {
                running.insert(format!("{layer}.running_mean"), vec![0.0; width]);
                running.insert(format!("{layer}.running_variance"), vec![1.0; width]);
            }
        }
        Self { spec, parameters, running, rounding: None }
    }

    fn parameter(&self, layer: usize, kind: &str) -> Option<&Vec<f64>> {
        self.parameters.get(&format!("{layer}.{kind}"))
    }

    fn running_statistics(&self, layer: usize) -> Option<(&[f64], &[f64])> {
        let mean = self.running.get(&format!("{layer}.running_mean"))?;
        let variance = self.running.get(&format!("{layer}.running_variance"))?;
        Some((mean, variance))
    }

    /// The forward pass. It moves no running statistic: see [`Network::track`].
    pub fn forward(&self, x: &Rows, mode: Mode, side: Side) -> Trace {
        let mut a = x.clone();
        let mut blocks = Vec::new();
        for layer in 0..self.spec.hidden.len() {
            let (output, block) = self.forward_block(layer, a, mode, side);
            blocks.push(block);
            a = output;
        }
        let last = self.spec.hidden.len();
        let logits = self.forward_linear(last, &a);
        Trace { mode, blocks, last_activation: a, logits }
    }

    fn forward_block(&self, layer: usize, x: Rows, mode: Mode, side: Side) -> (Rows, BlockTrace) {
        let z = self.forward_linear(layer, &x);
        let activate = |input: &Rows| -> (Rows, Vec<Vec<bool>>) {
            let positive: Vec<Vec<bool>> = each(input, |example, unit, v| side(layer, example, unit, v));
            let output =
                each(input, |example, unit, v| self.spec.activation.value(v, positive[example][unit]));
            (self.keep(output), positive)
        };
        match self.spec.place {
            Place::Before => {
                let normed = self.forward_norm(layer, &z, mode);
                let (output, positive) = activate(&normed.output);
                let activation_input = normed.output.clone();
                (output, BlockTrace { x, z, activation_input, normed, positive })
            }
            Place::After => {
                let (activated, positive) = activate(&z);
                let normed = self.forward_norm(layer, &activated, mode);
                (normed.output.clone(), BlockTrace { x, activation_input: z.clone(), z, normed, positive })
            }
        }
    }

    fn forward_linear(&self, layer: usize, x: &Rows) -> Rows {
        let weight = &self.parameters[&format!("{layer}.weight")];
        linear::forward(x, weight, self.parameter(layer, "bias"), &|sum| self.keep_number(sum))
    }

    fn forward_norm(&self, layer: usize, x: &Rows, mode: Mode) -> Normed {
        let running = match mode {
            Mode::Train => None,
            Mode::Eval => self.running_statistics(layer),
        };
        let scale = norm::Scale {
            gamma: self.parameter(layer, "gamma"),
            beta: self.parameter(layer, "beta"),
            alpha: self.parameter(layer, "alpha").map(|alpha| alpha[0]),
        };
        let keep = |value: f64| self.keep_number(value);
        let mut normed = norm::forward(self.spec.norm, x, self.spec.eps, &scale, running, &keep);
        normed.output = self.keep(normed.output);
        normed.normalised = self.keep(normed.normalised);
        normed
    }

    /// An intermediate matrix as this network keeps it.
    fn keep(&self, rows: Rows) -> Rows {
        each(&rows, |_, _, value| self.keep_number(value))
    }

    fn keep_number(&self, value: f64) -> f64 {
        keep(self.rounding, value)
    }

    /// The backward pass from any gradient with respect to the logits.
    pub fn backward(&self, trace: &Trace, d_logits: &Rows) -> Gradients {
        let last = self.spec.hidden.len();
        let mut parameters = Tensors::new();
        let weight = &self.parameters[&format!("{last}.weight")];
        let mut d_a = self.backward_linear(last, &trace.last_activation, weight, d_logits, &mut parameters);
        let (mut d_linear, mut d_activations) = (Vec::new(), Vec::new());
        for layer in (0..last).rev() {
            let block = &trace.blocks[layer];
            let through_activation = |d_output: &Rows| -> Rows {
                self.keep(each(d_output, |example, unit, d| {
                    let input = block.activation_input[example][unit];
                    d * self
                        .spec
                        .activation
                        .slope(input, block.positive[example][unit], &|v| self.keep_number(v))
                }))
            };
            let (d_activation, d_z) = match self.spec.place {
                Place::Before => {
                    let d_z = self.backward_norm(layer, block, &through_activation(&d_a), &mut parameters);
                    (d_a, d_z)
                }
                Place::After => {
                    let d_activation = self.backward_norm(layer, block, &d_a, &mut parameters);
                    let d_z = through_activation(&d_activation);
                    (d_activation, d_z)
                }
            };
            let weight = &self.parameters[&format!("{layer}.weight")];
            d_a = self.backward_linear(layer, &block.x, weight, &d_z, &mut parameters);
            d_linear.push(d_z);
            d_activations.push(d_activation);
        }
        d_linear.reverse();
        d_activations.reverse();
        Gradients { parameters, d_linear, d_activation: d_activations, d_x: d_a }
    }

    fn backward_linear(
        &self,
        layer: usize,
        x: &Rows,
        weight: &[f64],
        d_z: &Rows,
        into: &mut Tensors,
    ) -> Rows {
        let (d_x, d_weight, d_bias) = linear::backward(x, weight, d_z, &|sum| self.keep_number(sum));
        into.insert(format!("{layer}.weight"), d_weight);
        if self.spec.has_bias(layer) {
            into.insert(format!("{layer}.bias"), d_bias);
        }
        d_x
    }

    fn backward_norm(&self, layer: usize, block: &BlockTrace, d_y: &Rows, into: &mut Tensors) -> Rows {
        let keep = |value: f64| self.keep_number(value);
        let gradients = norm::backward(self.spec.norm, self.spec.eps, &block.normed, d_y, &keep);
        let kinds = [("gamma", gradients.d_gamma), ("beta", gradients.d_beta), ("alpha", gradients.d_alpha)];
        for (kind, values) in kinds {
            let name = format!("{layer}.{kind}");
            if self.parameters.contains_key(&name) {
                into.insert(name, values);
            }
        }
        self.keep(gradients.d_x)
    }

    /// Moves the running statistics towards those of a training-mode pass:
    /// `new = (1 - rate) * old + rate * batch`, the variance taken unbiased (m / (m - 1)).
    pub fn track(&mut self, trace: &Trace) {
        assert_eq!(trace.mode, Mode::Train, "running statistics follow training batches only");
        let rate = self.spec.stat_momentum;
        for (layer, block) in trace.blocks.iter().enumerate() {
            if self.spec.norm != Norm::Batch {
                continue;
            }
            let m = block.x.len() as f64;
            let mut follow = |kind: &str, batch: &dyn Fn(usize) -> f64| {
                let running = self.running.get_mut(&format!("{layer}.{kind}")).unwrap();
                for (unit, value) in running.iter_mut().enumerate() {
                    *value = (1.0 - rate) * *value + rate * batch(unit);
                }
            };
            follow("running_mean", &|unit| block.normed.mean[unit]);
            follow("running_variance", &|unit| block.normed.variance[unit] * m / (m - 1.0));
        }
    }

    /// One whole training step; returns the loss before the update and its gradients.
    pub fn step(&mut self, x: &Rows, labels: &[usize], optimizer: &mut optim::Optimizer) -> (f64, Gradients) {
        let trace = self.forward(x, Mode::Train, &plain_side);
        self.track(&trace);
        let (loss, d_logits) = loss::softmax_cross_entropy(&trace.logits, labels, self.rounding);
        let gradients = self.backward(&trace, &d_logits);
        optimizer.step(&mut self.parameters, &gradients.parameters);
        (loss, gradients)
    }
}
