//! The engine under check, in buffers of its own: its gradients, and how much of them is rounding.

use crate::data::sampler::Batch;
use crate::lab::plain::has_kink;
use crate::math::matrix::Matrix;
use crate::math::rng::Rng;
use crate::nn::loss;
use crate::nn::mlp::{Mlp, Statistics};
use crate::nn::parameters::Grads;
use crate::nn::tape::Tape;

/// How often the noise is measured.
const NOISE_DRAWS: u64 = 5;

/// The engine's forward and backward pass in buffers of its own.
pub(super) struct Engine {
    pub(super) tape: Tape,
    pub(super) grads: Grads,
}

impl Engine {
    pub(super) fn new(network: &Mlp, batch: &Batch) -> Self {
        Self { tape: Tape::new(network.config(), batch.y.len()), grads: network.new_grads() }
    }

    /// The loss; gradients and tape stay.
    pub(super) fn pass(&mut self, network: &Mlp, batch: &Batch) -> f32 {
        let loss = self.forward(network, batch);
        network.backward(&batch.x, &mut self.tape, &mut self.grads, None);
        loss
    }

    fn forward(&mut self, network: &Mlp, batch: &Batch) -> f32 {
        network.forward_with(&batch.x, Statistics::Batch, &mut self.tape);
        let (logits, d_logits) = self.tape.logits_and_gradient();
        loss::softmax_cross_entropy(logits, &batch.y, d_logits)
    }

    /// Per tensor, how far its gradient moves when every parameter, and every logit's gradient, moves by up to its
    /// last bit. A draw that pushes an activation input over a kink says nothing of rounding and does not count.
    pub(super) fn noise(&mut self, network: &Mlp, batch: &Batch, rng: &mut Rng) -> Vec<f64> {
        let (grads, sides) = (self.grads.clone(), self.sides(network));
        let mut noise = vec![0.0_f64; grads.iter().count()];
        for _ in 0..NOISE_DRAWS {
            let mut moved = network.clone();
            moved.parameters_mut().iter_mut().for_each(|(_, matrix)| shake(matrix, rng));
            self.forward(&moved, batch);
            shake(self.tape.logits_and_gradient().1, rng);
            moved.backward(&batch.x, &mut self.tape, &mut self.grads, None);
            if self.sides(network) != sides {
                continue;
            }
            for (noise, ((_, before), (_, after))) in
                noise.iter_mut().zip(grads.iter().zip(self.grads.iter()))
            {
                let moved = before.values().zip(after.values()).map(|(b, a)| f64::from((b - a).abs()));
                *noise = moved.fold(*noise, f64::max);
            }
        }
        noise
    }

    fn sides(&self, network: &Mlp) -> Vec<bool> {
        if !has_kink(network.config().activation) {
            return Vec::new();
        }
        let layers = (0..self.tape.hidden_layers()).map(|l| self.tape.layer(l).pre_activation());
        layers.flat_map(Matrix::values).map(|y| y > 0.0).collect()
    }
}

/// Moves every number by up to its last bit, up or down.
fn shake(matrix: &mut Matrix, rng: &mut Rng) {
    for r in 0..matrix.rows() {
        for value in matrix.row_mut(r) {
            *value += *value * (f32::EPSILON * rng.range(-1.0, 1.0) as f32);
        }
    }
}
