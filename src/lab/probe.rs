//! Probes: measurements that look at a network and never touch it. Everything here works on copies and uses the
//! batch's own statistics without moving the running ones.

use serde::{Deserialize, Serialize};

use super::look::finite;
use crate::data::sampler::Batch;
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::mlp::{Mlp, MlpConfig, Statistics};
use crate::nn::norm::{Norm, NormConfig};
use crate::nn::parameters::{Grads, Parameters};
use crate::nn::tape::{GradientWatch, Tape, rms};
use crate::nn::{Placement, loss};

/// A walk along the gradient (Santurkar et al. 2018, section 3.1): from theta to `theta - s g`, g the gradient of
/// one mini-batch's loss at theta, for several lengths s, on that same mini-batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// Updates made before it.
    pub step: u32,
    /// Loss at theta.
    pub loss: f32,
    /// Smallest loss met on the walk, theta itself left out.
    pub low: f32,
    /// Largest loss met on the walk, theta itself left out.
    pub high: f32,
    /// Largest `|g(theta) - g(theta - s g)| / |g(theta)|` (L2 norms over all parameters).
    pub change: f32,
    /// Largest `|g(theta) - g(theta - s g)| / (s |g(theta)|)`: the effective beta-smoothness.
    pub smoothness: f32,
}

impl Walk {
    /// Width of the band of losses, theta's own included.
    pub fn width(&self) -> f32 {
        finite(self.high.max(self.loss) - self.low.min(self.loss))
    }

    /// How far the loss rose above where it was; 0 if nowhere.
    pub fn rise(&self) -> f32 {
        finite((self.high - self.loss).max(0.0))
    }
}

/// Loss of `mlp` on `batch` with the batch's statistics, and its gradient.
fn gradient(mlp: &Mlp, batch: &Batch, tape: &mut Tape, grads: &mut Grads) -> f32 {
    mlp.forward_with(&batch.x, Statistics::Batch, tape);
    let (logits, d_logits) = tape.logits_and_gradient();
    let loss = loss::softmax_cross_entropy(logits, &batch.y, d_logits);
    mlp.backward(&batch.x, tape, grads, None);
    loss
}

/// L2 norm of a, and of a - b, over all parameters.
fn norms(a: &Parameters, b: &Parameters) -> (f64, f64) {
    let (mut size, mut apart) = (0.0_f64, 0.0_f64);
    for ((_, a), (_, b)) in a.iter().zip(b.iter()) {
        for (a, b) in a.values().zip(b.values()) {
            size += f64::from(a) * f64::from(a);
            apart += (f64::from(a) - f64::from(b)) * (f64::from(a) - f64::from(b));
        }
    }
    (libm::sqrt(size), libm::sqrt(apart))
}

/// Walks from `mlp` along the gradient of `batch` by each of `lengths`.
pub fn walk(mlp: &Mlp, batch: &Batch, lengths: &[f32], step: u32) -> Walk {
    let mut tape = Tape::new(mlp.config(), batch.y.len());
    let (mut here, mut there) = (mlp.new_grads(), mlp.new_grads());
    let loss = gradient(mlp, batch, &mut tape, &mut here);
    let mut walk = Walk { step, loss: finite(loss), low: f32::MAX, high: f32::MIN, ..Walk::default() };
    let mut moved = mlp.clone();
    for &length in lengths {
        let places = moved.parameters_mut().iter_mut().zip(mlp.parameters().iter());
        for (((_, moved), (_, start)), (_, g)) in places.zip(here.iter()) {
            let from = start.padded_values().iter().zip(g.padded_values());
            moved.padded_values_mut().iter_mut().zip(from).for_each(|(m, (p, g))| *m = p - length * g);
        }
        let met = finite(gradient(&moved, batch, &mut tape, &mut there));
        let (size, apart) = norms(&here, &there);
        walk.low = walk.low.min(met);
        walk.high = walk.high.max(met);
        walk.change = walk.change.max(finite((apart / size) as f32));
        walk.smoothness = walk.smoothness.max(finite((apart / (f64::from(length) * size)) as f32));
    }
    walk
}

/// Standard normal numbers, row by row.
pub(super) fn gaussian(rows: usize, cols: usize, rng: &mut Rng) -> Matrix {
    let mut matrix = Matrix::zeros(rows, cols);
    (0..rows).for_each(|r| matrix.row_mut(r).iter_mut().for_each(|v| *v = rng.normal() as f32));
    matrix
}

/// Units per layer of the network of [`growth`], and examples.
const WIDTH: usize = 128;
/// Its hidden layers.
const LAYERS: usize = 50;

/// The network of [`growth`]: "50 ReLU layers of 128 units".
pub fn deep_network() -> String {
    format!("{LAYERS} ReLU layers of {WIDTH} units")
}

/// How much the gradient grows on its way back through a deep ReLU network at its start, as mean field theory
/// describes it (Yang et al. 2019, arXiv 1902.08129): 50 layers of 128 units, a batch of 128 Gaussian examples, the
/// factor per layer of the mean square of dL/dz over the middle 40 layers. With batch norm it tends to
/// pi / (pi - 1) as batch and width grow.
pub fn growth(norm: Norm, seed: u64) -> f32 {
    const EDGE: usize = 5;
    const CLASSES: usize = 10;
    let config = MlpConfig {
        inputs: WIDTH,
        outputs: CLASSES,
        hidden_layers: LAYERS,
        width: WIDTH,
        activation: Activation::Relu,
        norm: NormConfig::of(norm),
        placement: Placement::Before,
        init: Init::He,
        weight_scale: 1.0,
        seed,
    };
    let mlp = Mlp::new(&config);
    let mut rng = Rng::stream(seed, Purpose::Probe, 0);
    let x = gaussian(WIDTH, WIDTH, &mut rng);
    let labels: Vec<u8> = (0..WIDTH).map(|_| rng.below(CLASSES as u32) as u8).collect();
    let (mut tape, mut grads) = (Tape::new(&config, WIDTH), mlp.new_grads());
    mlp.forward_with(&x, Statistics::Batch, &mut tape);
    let (logits, d_logits) = tape.logits_and_gradient();
    loss::softmax_cross_entropy(logits, &labels, d_logits);
    let mut sizes = GradientWatch::default();
    mlp.backward(&x, &mut tape, &mut grads, Some(&mut sizes));
    let (first, last) = (sizes.layers[EDGE].d_linear, sizes.layers[LAYERS - EDGE].d_linear);
    let layers = (LAYERS - 2 * EDGE) as f64;
    finite(libm::pow(f64::from(first) / f64::from(last), 2.0 / layers) as f32)
}

/// What multiplying the second layer's weights by ten does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scaled {
    /// RMS of the change of the logits, relative to their RMS.
    pub output_change: f32,
    /// Loss before and after.
    pub losses: [f32; 2],
    /// The gradient of those weights: RMS after over RMS before.
    pub gradient_ratio: f32,
    /// |cosine| between those weights and their gradient, before.
    pub cosine: f32,
}

/// Multiplies the second layer's weights of a copy of `mlp` by ten.
pub fn scaled(mlp: &Mlp, batch: &Batch) -> Scaled {
    let mut tape = Tape::new(mlp.config(), batch.y.len());
    let (mut before, mut after) = (mlp.new_grads(), mlp.new_grads());
    let first = gradient(mlp, batch, &mut tape, &mut before);
    let logits = tape.logits().clone();
    let mut larger = mlp.clone();
    let weight = &mut larger.parameters_mut().layers[1].weight;
    weight.padded_values_mut().iter_mut().for_each(|w| *w *= 10.0);
    let second = gradient(&larger, batch, &mut tape, &mut after);
    let (g, w) = (&before.layers[1].weight, &mlp.parameters().layers[1].weight);
    Scaled {
        output_change: finite(relative(tape.logits(), &logits)),
        losses: [finite(first), finite(second)],
        gradient_ratio: finite(rms(&after.layers[1].weight) / rms(g)),
        cosine: cosine(g, w).abs(),
    }
}

/// RMS of a - b, relative to the RMS of b.
pub fn relative(a: &Matrix, b: &Matrix) -> f32 {
    let apart: f64 = a.values().zip(b.values()).map(|(a, b)| f64::from(a - b) * f64::from(a - b)).sum();
    let size: f64 = b.values().map(|b| f64::from(b) * f64::from(b)).sum();
    libm::sqrt(apart / size) as f32
}

/// Cosine of the angle between two matrices taken as vectors; 0 where one of them is 0 or not finite.
pub fn cosine(a: &Matrix, b: &Matrix) -> f32 {
    let (mut product, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in a.values().zip(b.values()) {
        product += f64::from(a) * f64::from(b);
        aa += f64::from(a) * f64::from(a);
        bb += f64::from(b) * f64::from(b);
    }
    let cosine = product / libm::sqrt(aa * bb);
    if cosine.is_finite() { cosine as f32 } else { 0.0 }
}

/// What gamma is set to, to undo a batch norm; beta is set to the mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// Nothing is undone.
    Nothing,
    /// The root of the variance: what the 2015 paper says in section 3.
    Variance,
    /// The root of variance + eps: what the norm has divided by.
    VarianceAndEps,
}

/// How far the undone network's logits are from the plain network's on `x`, relative (RMS): undone layer by layer,
/// since a layer's input changes once the layers below are undone.
pub fn undone(mlp: &Mlp, x: &Matrix, undo: Undo) -> f32 {
    let config = *mlp.config();
    let mut plain = Mlp::new(&MlpConfig { norm: NormConfig::of(Norm::None), ..config });
    for (to, from) in plain.parameters_mut().layers.iter_mut().zip(&mlp.parameters().layers) {
        to.weight.copy_from(&from.weight);
        if let (Some(to), Some(from)) = (&mut to.bias, &from.bias) {
            to.copy_from(from);
        }
    }
    let mut tape = Tape::new(&config, x.rows());
    let mut undone = mlp.clone();
    let eps = if undo == Undo::VarianceAndEps { config.norm.eps } else { 0.0 };
    let to_undo = if undo == Undo::Nothing { 0 } else { config.hidden_layers };
    for l in 0..to_undo {
        undone.forward_with(x, Statistics::Batch, &mut tape);
        let moments = tape.layer(l).norm().moments.clone();
        if let Some(norm) = &mut undone.parameters_mut().layers[l].norm {
            let roots = moments.variance.row(0).iter().map(|variance| (variance + eps).sqrt());
            norm.gamma.row_mut(0).iter_mut().zip(roots).for_each(|(gamma, root)| *gamma = root);
            norm.beta.row_mut(0).copy_from_slice(moments.mean.row(0));
        }
    }
    undone.forward_with(x, Statistics::Batch, &mut tape);
    let logits = tape.logits().clone();
    let mut tape = Tape::new(plain.config(), x.rows());
    plain.forward_with(x, Statistics::Batch, &mut tape);
    finite(relative(&logits, tape.logits()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::experiment::{Arm, Experiment};

    fn net(norm: Norm) -> Mlp {
        let arm = Arm { name: String::new(), norm };
        Mlp::new(&Experiment { hidden_layers: 3, seed: 6, ..Experiment::default() }.network(&arm))
    }

    fn batch() -> Batch {
        let data = Experiment::default().dataset(None).expect("a planar set");
        let mut x = Matrix::default();
        data.train.x.select_rows(&(0..64).collect::<Vec<_>>(), &mut x);
        Batch { x, y: data.train.y[..64].to_vec() }
    }

    #[test]
    fn a_short_walk_goes_down_as_the_gradient_promises() {
        for norm in [Norm::None, Norm::Batch] {
            let mlp = net(norm);
            let before = mlp.fingerprint();
            let walk = walk(&mlp, &batch(), &[1e-3, 2e-3], 0);
            assert_eq!(mlp.fingerprint(), before);
            let mut grads = mlp.new_grads();
            let mut tape = Tape::new(mlp.config(), 64);
            assert_eq!(gradient(&mlp, &batch(), &mut tape, &mut grads), walk.loss);
            let (size, _) = norms(&grads, &grads);
            let promised = 2e-3 * (size * size) as f32;
            assert!(((walk.loss - walk.low) / promised - 1.0).abs() < 0.1, "{norm:?} {walk:?} {promised}");
            assert!(walk.rise() == 0.0 && walk.width() == walk.loss - walk.low);
            assert!(walk.change > 0.0 && walk.smoothness >= walk.change / 2e-3 * 0.99);
        }
    }

    #[test]
    fn batch_norm_alone_does_not_see_the_scale_of_its_weights() {
        let with = scaled(&net(Norm::Batch), &batch());
        assert!(with.output_change < 1e-3 && (with.gradient_ratio - 0.1).abs() < 1e-3, "{with:?}");
        assert!(with.cosine < 1e-4, "{with:?}");
        let without = scaled(&net(Norm::None), &batch());
        assert!(without.output_change > 1.0 && without.gradient_ratio > 0.5, "{without:?}");
    }

    #[test]
    fn the_right_gamma_and_beta_undo_everything() {
        let (mlp, batch) = (net(Norm::Batch), batch());
        let before = undone(&mlp, &batch.x, Undo::Nothing);
        let naive = undone(&mlp, &batch.x, Undo::Variance);
        let right = undone(&mlp, &batch.x, Undo::VarianceAndEps);
        assert!(right < 2e-6 && naive > 10.0 * right && before > 0.5, "{before} {naive} {right}");
    }
}
