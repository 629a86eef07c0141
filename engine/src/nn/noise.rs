//! Noise on what a norm hands on, as in Santurkar et al. 2018 (arXiv 1805.11604), section 2.1: `y <- s y + m`.
//!
//! ```text
//! per layer and step    mu ~ U(-0.5, 0.5)           sigma ~ U(1, 1.25)
//! per element           m ~ U(mu - 0.1, mu + 0.1)   s ~ N(sigma, 0.1), a standard deviation
//! ```
//! So the distribution of every layer's input shifts at every step, on purpose. In a plain block the noise falls on
//! the linear output. Drawn from the seed, the step and the layer alone; part of training only, never of evaluation.

use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};
use crate::nn::mlp::MOST_LAYERS;

/// One layer's noise at one step.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    /// `[batch, width]`: m.
    shift: Matrix,
    /// `[batch, width]`: s.
    scale: Matrix,
}

impl Noise {
    /// For a layer of `width` units and a batch of `rows`.
    pub(crate) fn draw(seed: u64, step: u64, layer: u64, rows: usize, width: usize) -> Self {
        // No two layers of a run share a stream.
        let mut rng = Rng::stream(seed, Purpose::Noise, step * MOST_LAYERS as u64 + layer);
        let (mu, sigma) = (rng.range(-0.5, 0.5), rng.range(1.0, 1.25));
        let (mut shift, mut scale) = (Matrix::zeros(rows, width), Matrix::zeros(rows, width));
        for r in 0..rows {
            for (m, s) in shift.row_mut(r).iter_mut().zip(scale.row_mut(r)) {
                *m = rng.range(mu - 0.1, mu + 0.1) as f32;
                *s = (sigma + 0.1 * rng.normal()) as f32;
            }
        }
        Self { shift, scale }
    }

    /// `y <- s y + m`.
    ///
    /// # Panics
    /// If `y` has another shape than the noise was drawn for.
    pub(crate) fn forward(&self, y: &mut Matrix) {
        assert_eq!((y.rows(), y.cols()), (self.scale.rows(), self.scale.cols()), "the shape of the noise");
        let noise = self.scale.padded_values().iter().zip(self.shift.padded_values());
        y.padded_values_mut().iter_mut().zip(noise).for_each(|(y, (s, m))| *y = s * *y + m);
    }

    /// `d <- s d`.
    pub(crate) fn backward(&self, d: &mut Matrix) {
        d.padded_values_mut().iter_mut().zip(self.scale.padded_values()).for_each(|(d, s)| *d *= s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_stated_moments_and_changes_with_step_and_layer() {
        let column = |matrix: &Matrix| matrix.values().map(f64::from).collect::<Vec<_>>();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let mut means = Vec::new();
        for step in 0..200 {
            let noise = Noise::draw(3, step, 1, 30, 30);
            let (shift, scale) = (column(&noise.shift), column(&noise.scale));
            let (mu, sigma) = (mean(&shift), mean(&scale));
            assert!(mu.abs() < 0.52 && (0.98..1.27).contains(&sigma), "{mu} {sigma}");
            assert!(shift.iter().all(|m| (m - mu).abs() < 0.12));
            let deviation = mean(&scale.iter().map(|s| (s - sigma).powi(2)).collect::<Vec<_>>()).sqrt();
            assert!((deviation - 0.1).abs() < 0.02, "{deviation}");
            means.push(mu);
        }
        assert!(
            mean(&means).abs() < 0.08
                && means.iter().any(|mu| *mu > 0.4)
                && means.iter().any(|mu| *mu < -0.4)
        );
        let at = |step, layer| Noise::draw(3, step, layer, 2, 2).shift.get(0, 0);
        assert!(at(0, 0) != at(0, 1) && at(0, 0) != at(1, 0) && at(5, 2) == at(5, 2));
    }
}
