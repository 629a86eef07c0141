//! SGD, momentum, Nesterov and Adam as PyTorch defines them, weight decay added to every gradient.

use super::{Tensors, keep};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Sgd,
    Momentum,
    Nesterov,
    Adam,
}

impl Rule {
    pub const ALL: [Self; 4] = [Self::Sgd, Self::Momentum, Self::Nesterov, Self::Adam];
}

/// A rule with its settings and memory.
#[derive(Clone, Debug)]
pub struct Optimizer {
    pub rule: Rule,
    pub learning_rate: f64,
    pub weight_decay: f64,
    /// Of momentum and Nesterov.
    pub momentum: f64,
    /// Of Adam: how fast the two averages forget, and what keeps the division finite.
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    /// As `Network::rounding`: Adam divides by the size of a sum (gradient and decay) that may nearly vanish.
    pub rounding: Option<f64>,
    velocity: Tensors,
    squares: Tensors,
    steps: i32,
}

impl Optimizer {
    /// Momentum 0.9; Adam with 0.9, 0.999, 1e-8.
    pub fn new(rule: Rule, learning_rate: f64, weight_decay: f64) -> Self {
        let (velocity, squares) = (Tensors::new(), Tensors::new());
        let (momentum, beta1, beta2, eps, steps) = (0.9, 0.9, 0.999, 1e-8, 0);
        let rounding = None;
        Self {
            rule,
            learning_rate,
            weight_decay,
            momentum,
            beta1,
            beta2,
            eps,
            rounding,
            velocity,
            squares,
            steps,
        }
    }

    /// Moves every parameter once.
    pub fn step(&mut self, parameters: &mut Tensors, gradients: &Tensors) {
        self.steps += 1;
        assert!(parameters.keys().eq(gradients.keys()), "every parameter has a gradient");
        for (name, values) in parameters {
            let velocity = self.velocity.entry(name.clone()).or_insert(vec![0.0; values.len()]);
            let squares = self.squares.entry(name.clone()).or_insert(vec![0.0; values.len()]);
            for i in 0..values.len() {
                let decay = keep(self.rounding, self.weight_decay * values[i]);
                let g = keep(self.rounding, gradients[name][i] + decay);
                let (v, s) = (&mut velocity[i], &mut squares[i]);
                values[i] -= self.learning_rate
                    * match self.rule {
                        Rule::Sgd => g,
                        Rule::Momentum => {
                            *v = self.momentum * *v + g;
                            *v
                        }
                        Rule::Nesterov => {
                            *v = self.momentum * *v + g;
                            g + self.momentum * *v
                        }
                        Rule::Adam => {
                            *v = self.beta1 * *v + (1.0 - self.beta1) * g;
                            *s = self.beta2 * *s + (1.0 - self.beta2) * g * g;
                            let mean = *v / (1.0 - self.beta1.powi(self.steps));
                            let square = *s / (1.0 - self.beta2.powi(self.steps));
                            mean / (square.sqrt() + self.eps)
                        }
                    };
            }
        }
    }
}
