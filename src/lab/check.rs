//! "Check the arithmetic": the gradients of a network on screen, checked there and then by central differences.
//!
//! The engine's f32 backpropagation of one mini-batch (batch norm with its own statistics) is compared with
//! differences of the loss of [`super::plain`], an f64 forward pass that shares nothing with it:
//! ```text
//! D(h) = (L(p + h) - L(p - h)) / 2h        dL/dp = (4 D(h) - D(2h)) / 3        (error of order h^4)
//! ```
//! An error is the difference divided by the largest gradient of the tensor. Some gradients are zero but for rounding
//! (that of a bias under a mean; nearly all below a batch norm of two examples), so that dividing by the largest would
//! compare noise with noise. Where the largest has fewer than four digits above what can be resolved, the difference
//! is compared with that instead and reported apart. What can be resolved is the larger of two: how far the engine's
//! gradient moves when every parameter moves by up to its last bit, and what rounding of the loss makes of `D(h)`.
//!
//! Looks, never touches: the network is read, all buffers are its own. It knows no clock; [`Check::advance`] takes
//! a budget of losses.

mod engine;

use serde::{Deserialize, Serialize};

use engine::Engine;

use super::plain::{AtKinks, Pass, Plain, has_kink};
use crate::data::sampler::Batch;
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};
use crate::nn::mlp::Mlp;
use crate::nn::parameters::{Grads, Kind, ParameterName};

/// At most so many parameters of each tensor.
const PER_TENSOR: usize = 16;
/// Multiply-adds after which a large network is checked at fewer parameters: a few seconds.
const MOST_WORK: f64 = 4e9;
/// Losses per parameter, without retries.
const LOSSES: usize = 4;
/// A difference's step, of the tensor's typical size.
const STEP: f64 = 1e-3;
/// The same for tensors with gradients below `SMALL`, which rounding of the loss would drown.
const LONG_STEP: f64 = 1e-2;
const SMALL: f64 = 1e-6;
/// The same where the activation has a kink that a long step would cross.
const STEP_AT_KINKS: f64 = 1e-4;
/// How often a step that crossed a kink, or over which the loss bends, is made ten times shorter.
const RETRIES: u32 = 2;
/// `D(2h) - D(h)` in units of the largest gradient. It is of order h^2: what is left after its removal is its square.
const MOST_BEND: f64 = 1e-4;
/// A gradient counts as noise if the largest of its tensor is less than so many times what can be resolved.
const FOUR_DIGITS: f64 = 1e4;
/// Rounding of an f64 loss, in units of its largest logit.
const LOSS_ROUNDING: f64 = 4.0 * f64::EPSILON;

/// What came out for one kind of parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindError {
    /// W, b, gamma, beta or alpha.
    pub kind: Kind,
    /// The largest error met.
    pub error: f64,
    /// Parameters it was met among: those checked, but for the ones that are noise.
    pub parameters: u32,
}

/// What came out so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// One entry per kind that the network has, in the order W, b, gamma, beta, alpha.
    pub kinds: Vec<KindError>,
    /// Parameters checked, and how many there will be in the end.
    pub parameters: (u32, u32),
    /// Losses evaluated.
    pub losses: u32,
    /// Parameters whose step was made shorter: it crossed a kink of the activation, or the loss bent on its way.
    pub retried: u32,
    /// Of these, how many stand on a kink itself; there the side that the engine took was held.
    pub held: u32,
    /// Activation inputs that f64 puts on the other side of a kink than the engine's f32: next to 0 all of them.
    pub flipped: u32,
    /// Parameters in tensors whose gradients are so small that fewer than four digits can be resolved.
    pub noise: u32,
    /// The largest difference among these, in units of what can be resolved: a few.
    pub noise_error: f64,
    /// Difference of the two losses, relative to the loss or to 1 if that is smaller.
    pub loss_error: f64,
}

impl Report {
    /// The largest error of all kinds.
    pub fn worst(&self) -> f64 {
        self.kinds.iter().fold(0.0, |worst, kind| larger(worst, kind.error))
    }
}

/// One tensor to check.
#[derive(Debug)]
struct Tensor {
    name: ParameterName,
    /// Which numbers, and the engine's gradient of each.
    chosen: Vec<(usize, f64)>,
    /// The largest gradient.
    largest: f64,
    /// How far rounding moves the engine's gradient.
    noise: f64,
    /// A difference's step.
    step: f64,
}

/// A check under way.
#[derive(Debug)]
pub struct Check {
    plain: Plain,
    base: Pass,
    labels: Vec<u8>,
    tensors: Vec<Tensor>,
    /// The tensor and its parameter to come.
    next: (usize, usize),
    report: Report,
}

impl Check {
    /// Prepares the check of `network` on `batch`; `seed` and `step` choose the parameters.
    ///
    /// # Errors
    /// One sentence if the loss or a gradient is beyond what an f32 can hold.
    pub fn new(network: &Mlp, batch: &Batch, seed: u64, step: u32) -> Result<Self, String> {
        let mut engine = Engine::new(network, batch);
        let loss = engine.pass(network, batch);
        let grads = engine.grads.clone();
        Self::of_gradients(
            network,
            batch,
            Rng::stream(seed, Purpose::Probe, u64::from(step)),
            engine,
            loss,
            &grads,
        )
    }

    /// The check of these gradients, which should be the engine's.
    fn of_gradients(
        network: &Mlp,
        batch: &Batch,
        mut rng: Rng,
        mut engine: Engine,
        loss: f32,
        grads: &Grads,
    ) -> Result<Self, String> {
        let finite = |(_, matrix): (_, &Matrix)| matrix.values().all(f32::is_finite);
        if !loss.is_finite() || !grads.iter().all(finite) {
            return Err("There is no gradient to check: it is not finite.".to_owned());
        }
        let plain = Plain::of(network);
        let flipped = plain.forward(batch, &[]).flipped_by(&engine.tape);
        let base = plain.forward(batch, &flipped);
        let noise = engine.noise(network, batch, &mut rng);
        let mut check = Self {
            labels: batch.y.clone(),
            tensors: Vec::new(),
            next: (0, 0),
            report: Report {
                flipped: flipped.len() as u32,
                loss_error: (base.loss - f64::from(loss)).abs() / base.loss.max(1.0),
                ..Report::default()
            },
            plain,
            base,
        };
        check.choose(network, grads, &noise, &mut rng);
        Ok(check)
    }

    /// Picks the parameters of every tensor.
    fn choose(&mut self, network: &Mlp, grads: &Grads, noise: &[f64], rng: &mut Rng) {
        let work = (network.parameters().count() * self.labels.len()) as f64;
        let per_tensor = (MOST_WORK / (work * (LOSSES * noise.len()) as f64)) as usize;
        let per_tensor = per_tensor.clamp(1, PER_TENSOR);
        let has_kink = has_kink(network.config().activation);
        for ((name, gradient), noise) in grads.iter().zip(noise) {
            let values = gradient.to_dense();
            let largest = values.iter().fold(0.0_f64, |largest, g| largest.max(f64::from(g.abs())));
            let mut places: Vec<usize> = (0..values.len()).collect();
            rng.shuffle(&mut places);
            places.truncate(per_tensor);
            self.report.parameters.1 += places.len() as u32;
            let chosen = places.into_iter().map(|i| (i, f64::from(values[i]))).collect();
            let step = match has_kink {
                true => STEP_AT_KINKS,
                false if largest < SMALL => LONG_STEP,
                false => STEP,
            };
            let step = step * self.typical_size(name);
            self.tensors.push(Tensor { name, chosen, largest, noise: *noise, step });
        }
        for kind in [Kind::Weight, Kind::Bias, Kind::Gamma, Kind::Beta, Kind::Alpha] {
            if self.tensors.iter().any(|tensor| tensor.name.kind == kind) {
                self.report.kinds.push(KindError { kind, error: 0.0, parameters: 0 });
            }
        }
    }

    /// How large a change of a tensor's numbers is natural.
    fn typical_size(&mut self, name: ParameterName) -> f64 {
        let size = match name.kind {
            Kind::Bias => self.base.linear_rms(name.layer),
            Kind::Beta => rms(self.plain.tensor_mut(ParameterName { kind: Kind::Gamma, ..name })),
            _ => rms(self.plain.tensor_mut(name)),
        };
        if size > 0.0 && size.is_finite() { size } else { 1.0 }
    }

    /// Goes on until about `losses` more losses have been evaluated. Whether there is nothing left to do.
    pub fn advance(&mut self, losses: u32) -> bool {
        let until = self.report.losses.saturating_add(losses);
        while self.report.losses < until && self.next.0 < self.tensors.len() {
            let (t, i) = self.next;
            self.check_parameter(t, i);
            self.next = if i + 1 < self.tensors[t].chosen.len() { (t, i + 1) } else { (t + 1, 0) };
        }
        self.next.0 == self.tensors.len()
    }

    /// What came out so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn check_parameter(&mut self, t: usize, i: usize) {
        let Tensor { name, largest, noise, step, .. } = self.tensors[t];
        let (place, engine) = self.tensors[t].chosen[i];
        let slope = self.careful_slope(name, place, step, MOST_BEND * largest.max(FOUR_DIGITS * noise));
        let resolved = noise.max(LOSS_ROUNDING * self.base.largest_logit.max(1.0) / slope.step);
        let difference = (slope.value - engine).abs();
        // A gradient that is not small, which the engine says is, is no noise but an error.
        let largest = largest.max(slope.value.abs());
        self.report.parameters.0 += 1;
        if largest < FOUR_DIGITS * resolved {
            self.report.noise += 1;
            self.report.noise_error = larger(self.report.noise_error, difference / resolved);
        } else if let Some(kind) = self.report.kinds.iter_mut().find(|kind| kind.kind == name.kind) {
            kind.parameters += 1;
            kind.error = larger(kind.error, difference / largest);
        }
    }

    /// The central difference of one parameter, its step made shorter where it crosses a kink or the loss bends.
    fn careful_slope(&mut self, name: ParameterName, place: usize, step: f64, most_bend: f64) -> Slope {
        let mut slope = self.slope(name, place, step, AtKinks::Cross);
        for retry in 0..RETRIES {
            if slope.crossed || slope.bend > most_bend {
                self.report.retried += u32::from(retry == 0);
                slope = self.slope(name, place, 0.1 * slope.step, AtKinks::Cross);
            }
        }
        if slope.crossed {
            self.report.held += 1;
            slope = self.slope(name, place, step, AtKinks::Hold);
        }
        slope
    }

    /// The central difference of one parameter.
    fn slope(&mut self, name: ParameterName, place: usize, step: f64, kinks: AtKinks) -> Slope {
        let value = self.plain.tensor_mut(name)[place];
        let mut crossed = false;
        let mut loss_at = |steps: f64| {
            self.plain.tensor_mut(name)[place] = value + steps * step;
            let (loss, crosses) = self.plain.loss_from(name.layer, &self.base, &self.labels, kinks);
            crossed |= crosses;
            loss
        };
        let near = (loss_at(1.0) - loss_at(-1.0)) / (2.0 * step);
        let far = (loss_at(2.0) - loss_at(-2.0)) / (4.0 * step);
        self.plain.tensor_mut(name)[place] = value;
        self.report.losses += LOSSES as u32;
        Slope { value: (4.0 * near - far) / 3.0, step, bend: (near - far).abs(), crossed }
    }
}

/// A central difference.
struct Slope {
    value: f64,
    /// The step it was found with.
    step: f64,
    /// How much a step of twice the length changes it, before the term of order h^2 is removed.
    bend: f64,
    /// Whether a step crossed a kink.
    crossed: bool,
}

/// The larger of two; NaN counts as larger than any number.
fn larger(a: f64, b: f64) -> f64 {
    if b <= a { a } else { b }
}

fn rms(values: &[f64]) -> f64 {
    libm::sqrt(values.iter().map(|v| v * v).sum::<f64>() / values.len().max(1) as f64)
}

#[cfg(test)]
mod tests;
