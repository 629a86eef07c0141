//! What a stretch of training tells the viewer: plain owned measurements, for both arms, encodable, knowing no plot.
//!
//! "At step k" means after k updates and before the next one.

use serde::{Deserialize, Serialize};

/// Bins of every histogram, fixed, over [-`HISTOGRAM_REACH`, `HISTOGRAM_REACH`].
pub const BINS: usize = 40;
/// Ends of the histograms; values beyond are counted in the end bins.
pub const HISTOGRAM_REACH: f32 = 4.0;
/// Cells per side of the plane's grid.
pub const GRID_SIDE: usize = 64;
/// The plane shown of a built-in data set reaches so many times as far as its points are stretched.
pub const GRID_REACH: f64 = 1.25;
/// Images shown with their predictions.
pub const SHOWN_IMAGES: usize = 20;

/// An evaluation on the whole test set, nothing moved by it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Mean cross-entropy; `None` where it is not finite.
    pub loss: Option<f32>,
    /// Share classified correctly, 0 to 1.
    pub accuracy: f32,
}

/// What one hidden layer was seen to do in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerStats {
    /// 15th, 50th and 85th percentile, over the mini-batch, of the watched unit's activation input.
    pub percentiles: [f32; 3],
    /// RMS of dL/da, dL/dz and dL/dW.
    pub gradients: [f32; 3],
}

/// One arm's layers in detail, now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerSnapshot {
    /// Counts of the activation's inputs over a mini-batch in the fixed bins.
    pub histogram: Vec<u32>,
    /// Silent or saturated units, over the training set.
    pub silent: u32,
    /// gamma per unit; empty without a norm.
    pub gamma: Vec<f32>,
    /// beta per unit; empty without a norm.
    pub beta: Vec<f32>,
    /// Statistics of the mini-batch to come.
    pub stats: LayerStats,
}

/// What one arm has learned, as the second figure shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Learned {
    /// Chance of class 1 on the grid, row by row from the bottom left.
    Plane(Vec<f32>),
    /// The predicted class of each image of the sample shown.
    Images(Vec<u8>),
    /// Test examples by class and by predicted class: `classes * classes` counts, a row per class.
    Counts(Vec<u32>),
}

/// One arm, now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSnapshot {
    /// Per hidden layer.
    pub layers: Vec<LayerSnapshot>,
    /// What it has learned.
    pub learned: Option<Learned>,
}

/// The first test images, in their order, that either network gets wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mistakes {
    /// Their places in the test set.
    pub rows: Vec<u32>,
    /// The class each arm reads in each of them.
    pub read: [Vec<u8>; 2],
    /// Whether these are all there are.
    pub all: bool,
}

/// Both arms in detail, now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Updates made.
    pub step: u32,
    /// A hash of every parameter's bits, per arm.
    pub fingerprints: [u64; 2],
    /// Without, with.
    pub arms: [ArmSnapshot; 2],
    /// Of images.
    pub mistakes: Option<Mistakes>,
}

/// Everything since the last frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Updates made.
    pub step: u32,
    /// The step of the first loss in `losses`.
    pub first_step: u32,
    /// Mini-batch loss of each step, before its update; an arm that diverged has fewer.
    pub losses: [Vec<f32>; 2],
    /// Evaluations, with their steps; `None` for an arm that has stopped.
    pub evaluations: Vec<(u32, [Option<Evaluation>; 2])>,
    /// Per sampled step and arm, the layers; empty for an arm that has stopped.
    pub layers: Vec<(u32, [Vec<LayerStats>; 2])>,
    /// The step at which an arm's loss was no longer finite.
    pub diverged_at: [Option<u32>; 2],
    /// In detail, if it was asked for.
    pub snapshot: Option<Snapshot>,
}

/// No run is longer.
const MOST_STEPS: u32 = u32::MAX / 2;

impl Frame {
    /// Whether it can be of a run with so many hidden layers of so many units: steps come in order, and what is listed per
    /// layer, bin, cell of a plane or unit is as long as it must be, and no list of images is too long. The bytes of a damaged message may decode all the same.
    pub fn is_sound(&self, layers: usize, units: usize) -> bool {
        let lasts = |steps: usize| u64::from(self.first_step) + steps as u64 <= u64::from(self.step);
        self.step <= MOST_STEPS
            && self.losses.iter().all(|losses| losses.is_empty() || lasts(losses.len()))
            && self
                .evaluations
                .iter()
                .all(|(step, arms)| *step <= self.step && arms.iter().flatten().all(Evaluation::is_sound))
            && self.layers.iter().all(|(step, arms)| {
                *step <= self.step && arms.iter().all(|arm| arm.is_empty() || arm.len() == layers)
            })
            && self.diverged_at.iter().flatten().all(|step| *step <= self.step)
            && self.snapshot.as_ref().is_none_or(|snapshot| {
                snapshot.step <= self.step && snapshot.arms.iter().all(|arm| arm.is_sound(layers, units))
            })
    }
}

impl Evaluation {
    fn is_sound(&self) -> bool {
        self.loss.is_none_or(f32::is_finite) && (0.0..=1.0).contains(&self.accuracy)
    }
}

impl ArmSnapshot {
    fn is_sound(&self, layers: usize, units: usize) -> bool {
        (self.layers.is_empty() || self.layers.len() == layers)
            && self.layers.iter().all(|layer| layer.is_sound(units))
            && self.learned.as_ref().is_none_or(|learned| match learned {
                Learned::Plane(chances) => chances.len() == GRID_SIDE * GRID_SIDE,
                Learned::Images(predictions) => predictions.len() <= SHOWN_IMAGES,
                Learned::Counts(_) => true,
            })
    }
}

impl LayerSnapshot {
    fn is_sound(&self, units: usize) -> bool {
        let counted: u64 = self.histogram.iter().map(|&count| u64::from(count)).sum();
        let fits = |values: &[f32]| values.is_empty() || values.len() == units;
        self.histogram.len() == BINS
            && counted <= u64::from(u32::MAX)
            && self.silent as usize <= units
            && fits(&self.gamma)
            && fits(&self.beta)
    }
}
