//! Initial weights: normal numbers whose variance depends on a layer's size.
//!
//! A layer's numbers come from its own stream of the seed, drawn row by row of `[inputs, outputs]`, so two networks
//! of equal shapes start bit-equal whatever their norm. Biases and beta start at 0, gamma at 1.

use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};

/// The scheme; `fan_in` and `fan_out` are a layer's numbers of inputs and outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Init {
    /// Variance 2 / fan_in (He et al. 2015).
    #[default]
    He,
    /// Variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010).
    Xavier,
    /// Variance 1 / fan_in (LeCun et al. 1998).
    LeCun,
    /// Variance 1: the weight scale alone is the standard deviation.
    Normal,
}

impl Init {
    /// Every scheme.
    pub const ALL: [Self; 4] = [Self::He, Self::Xavier, Self::LeCun, Self::Normal];

    /// The variance of one weight, before the weight scale.
    pub fn variance(self, fan_in: usize, fan_out: usize) -> f64 {
        match self {
            Self::He => 2.0 / fan_in as f64,
            Self::Xavier => 2.0 / (fan_in + fan_out) as f64,
            Self::LeCun => 1.0 / fan_in as f64,
            Self::Normal => 1.0,
        }
    }

    /// Fills `weight`, `[inputs, outputs]`, of layer `layer`; `weight_scale` multiplies the standard deviation.
    pub fn fill(self, weight: &mut Matrix, weight_scale: f32, seed: u64, layer: usize) {
        let deviation = libm::sqrt(self.variance(weight.rows(), weight.cols())) * f64::from(weight_scale);
        let mut rng = Rng::stream(seed, Purpose::Init, layer as u64);
        for r in 0..weight.rows() {
            weight.row_mut(r).iter_mut().for_each(|w| *w = (rng.normal() * deviation) as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_the_schemes_variance() {
        for init in Init::ALL {
            let mut weight = Matrix::zeros(100, 200);
            init.fill(&mut weight, 0.5, 3, 1);
            let n = 20_000.0;
            let mean = weight.values().map(f64::from).sum::<f64>() / n;
            let variance = weight.values().map(|w| (f64::from(w) - mean).powi(2)).sum::<f64>() / n;
            let expected = 0.25 * init.variance(100, 200);
            assert!((variance / expected - 1.0).abs() < 0.04, "{init:?}: {variance} for {expected}");
            assert!(mean.abs() < 4.0 * (expected / n).sqrt());
        }
    }
}
