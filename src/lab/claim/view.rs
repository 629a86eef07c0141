//! What the figures of the eight experiments read: plain numbers, arms in the order without, with.
//!
//! Marks carry the place of their job in the sweep (`End::job`), so that a click can load that very run. A cell
//! whose `ends` are fewer than its `seeds` is still to run in part; an end without a loss has diverged.

use super::cell::Cell;
use super::words;
use crate::lab::probe::{Scaled, Walk};

/// Fig. 8: final test loss over the learning rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RatesView {
    /// The rates tried, rising.
    pub rates: Vec<f32>,
    /// Without, with: one cell per rate.
    pub arms: [Vec<Cell>; 2],
    /// Per arm, the smallest and the largest rate whose median run trains: the bars on top.
    pub reached: [Option<[f32; 2]>; 2],
    /// How many rates train, per arm.
    pub counts: [usize; 2],
    /// Largest rate that trains with over largest without: the arrow, "18 × higher".
    pub factor: Option<f32>,
    /// Loss of guessing, ln(classes).
    pub guessing: f32,
    /// "learning rate" or "learning rate of the hidden weights".
    pub axis: &'static str,
}

/// Fig. 9: which pairs of learning rate and weight scale train.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapView {
    /// Across, rising.
    pub rates: Vec<f32>,
    /// Upwards, rising.
    pub scales: Vec<f32>,
    /// Without, with: `scales * rates` cells, row by row from the smallest scale.
    pub arms: [Vec<Cell>; 2],
    /// How many cells train ([`Cell::trains`], the outlined ones), per arm.
    pub counts: [usize; 2],
    /// Accuracy of guessing: the light end of the ramp.
    pub chance: f32,
}

/// Fig. 10: test accuracy over the batch size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchView {
    /// The sizes, rising by doubling.
    pub sizes: Vec<u32>,
    /// Without batch norm, one cell per size.
    pub without: Vec<Cell>,
    /// With batch norm, tested with running, batch and exact statistics.
    pub with: [Vec<Cell>; 3],
    /// Where batch norm (running statistics) is more than a point behind: the tint.
    pub worse: Vec<bool>,
    /// Accuracy of guessing.
    pub chance: f32,
}

/// Fig. 12: accuracy by norm and learning rate, or batch size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NormsView {
    /// The rates or sizes, rising.
    pub columns: Vec<f32>,
    /// "learning rate" or "batch size".
    pub axis: &'static str,
    /// Rows: "none", "BN", "LayerNorm", "RMSNorm", "GroupNorm", "DyT"; one cell per column.
    pub arms: Vec<(&'static str, Vec<Cell>)>,
    /// How many cells train, per row.
    pub counts: Vec<usize>,
    /// Accuracy of guessing: the light end of the ramp.
    pub chance: f32,
}

impl NormsView {
    /// A column in words: a size in full, a rate to two digits.
    pub fn column_words(&self, column: f32) -> String {
        if self.axis == SIZE_AXIS { (column as u32).to_string() } else { words::rate(column) }
    }
}

/// What [`NormsView::axis`] is called over batch sizes.
pub const SIZE_AXIS: &str = "batch size";

/// Values of one unit: a row of Fig. 5a.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValuesView {
    /// Mean: the diamond.
    pub mean: f32,
    /// Standard deviation (population): half the bar.
    pub deviation: f32,
    /// Counts in equal bins over [`GammaView::reach`]; values beyond are in the end bins.
    pub histogram: Vec<u32>,
}

/// Fig. 5a: what gamma and beta do to one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GammaView {
    /// x, x-hat, y.
    pub rows: [ValuesView; 3],
    /// Ends of the axis.
    pub reach: [f32; 2],
    /// The worked example as x-hat: open circles.
    pub example: [f32; 4],
    /// Its mean and standard deviation.
    pub example_moments: [f32; 2],
    /// The example as y.
    pub example_after: [f32; 4],
    /// Mean and standard deviation of that.
    pub example_after_moments: [f32; 2],
    /// gamma and beta shown.
    pub pair: [f32; 2],
    /// gamma and beta that undo the norm on this training set.
    pub undo: [f32; 2],
    /// What undoing leaves: RMS of y - x over the standard deviation of x.
    pub residual: f32,
    /// The same pair on the next mini-batch.
    pub residual_next: f32,
    /// The same distance for the pair shown.
    pub distance: f32,
}

/// Step and median test accuracy over the seeds.
pub type AffineCurve = Vec<(u32, f32)>;

/// Fig. 5b: the run with gamma and beta trained and frozen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AffineView {
    /// Both learnt.
    pub trained: Cell,
    /// Fixed at 1 and 0.
    pub frozen: Cell,
    /// Over the steps: both learnt, both fixed.
    pub curves: [AffineCurve; 2],
    /// Of the first seed: step; per hidden layer smallest, median, largest gamma, then beta.
    pub moves: Vec<(u32, Vec<[f32; 6]>)>,
}

/// The inputs of one unit per layer over time, as in the 2015 paper's Fig. 1 b, c.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InputsView {
    /// Steps.
    pub steps: Vec<u32>,
    /// Per hidden layer and step: 15th, 50th and 85th percentile over the test set.
    pub layers: Vec<Vec<[f32; 3]>>,
    /// Per hidden layer: range of the median, its first steps left out, over its mean width, median over units.
    pub drift: Vec<f32>,
}

/// One arm of Fig. 6a to 6c. Numbers are medians over seeds; curves are the first seed's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SmoothArm {
    /// The first seed's walks: line = loss, band = low to high. The largest number stands for "not finite".
    pub walks: Vec<Walk>,
    /// Width of the band.
    pub width: Option<f32>,
    /// Over the early steps.
    pub early_width: Option<f32>,
    /// Over the loss.
    pub relative_width: Option<f32>,
    /// Of the worst probe.
    pub worst_width: Option<f32>,
    /// How far the worst probe rose.
    pub worst_rise: Option<f32>,
    /// Share of probes that rose at all, 0 to 1.
    pub rising: Option<f32>,
    /// Change of the gradient over its norm.
    pub change: Option<f32>,
    /// Effective beta-smoothness.
    pub smoothness: Option<f32>,
    /// Drift of the last layer's inputs on the 2015 network.
    pub drift: Option<f32>,
    /// The same, seed by seed.
    pub drifts: Vec<f32>,
    /// The first seed's inputs on the 2015 network.
    pub inputs: InputsView,
    /// Seeds that diverged.
    pub diverged: usize,
    /// Test accuracy of the 2015 network at the end.
    pub accuracy: Option<f32>,
}

/// Fig. 6a to 6c: losses met along the gradient, and steadier inputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SmoothView {
    /// Without, with.
    pub arms: [SmoothArm; 2],
    /// Steps that count as early.
    pub early: u32,
    /// Right end of the axis of the walks.
    pub steps: u32,
    /// Right end of the axis of the inputs.
    pub input_steps: u32,
}

/// One arm of Fig. 7. Profiles are RMS of dL/da per hidden layer, the first layer first, medians over seeds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DepthArm {
    /// Untrained.
    pub start: Vec<f32>,
    /// After training; empty if no seed stayed finite.
    pub end: Vec<f32>,
    /// Untrained, seed by seed.
    pub seeds: Vec<Vec<f32>>,
    /// First over last layer, untrained: below 1 it shrinks on its way back.
    pub first_over_last: Option<f32>,
    /// The same of the weights' gradients.
    pub weights_first_over_last: Option<f32>,
    /// Factor per layer of the squared gradient in 50 ReLU layers of 128 units.
    pub growth: Option<f32>,
    /// Factor per layer of the squared gradient in this network: untrained, after training.
    pub per_layer: [Option<f32>; 2],
    /// Seeds that diverged in training.
    pub diverged: usize,
    /// Test accuracy after training; none if the median run diverged.
    pub accuracy: Option<f32>,
}

/// Fig. 7: the gradient by layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DepthView {
    /// Without, with.
    pub arms: [DepthArm; 2],
    /// pi / (pi - 1): what mean field theory says of the growth with batch norm, per layer and squared.
    pub theory: f32,
    /// The gradient if it grew by just that from the last layer back, with batch norm, untrained; empty if there is
    /// nothing yet or the theory speaks of another activation.
    pub by_theory: Vec<f32>,
    /// Steps between untrained and trained.
    pub trained_steps: u32,
    /// Hidden layers.
    pub layers: u32,
}

/// One curve of Fig. 11a: median test accuracy over the steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoiseCurve {
    /// Step and accuracy.
    pub points: Vec<(u32, f32)>,
    /// At the last step, if the median run got there.
    pub end: Option<f32>,
    /// Seeds that have come back.
    pub seeds: usize,
}

/// One arm of Fig. 11b.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShiftArm {
    /// Per seed: step and loss.
    pub losses: Vec<Vec<(u32, f32)>>,
    /// Per seed: step and cosine.
    pub probes: Vec<Vec<(u32, f32)>>,
    /// Median over seeds of each seed's median cosine.
    pub cosine: Option<f32>,
    /// Each seed's median cosine: the small dots.
    pub cosines: Vec<f32>,
    /// Median change of the gradient over its norm.
    pub change: Option<f32>,
    /// Median loss at the end; infinite if it overflowed.
    pub end: Option<f32>,
    /// The same, seed by seed.
    pub ends: Vec<f32>,
}

/// One arm of Fig. 11c.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HiddenArm {
    /// Per rate; an end without an accuracy is the cross "overflows".
    pub cells: Vec<Cell>,
    /// Per rate: RMS of the second layer's weights at the end, median over seeds; none if not finite.
    pub second_weights: Vec<Option<f32>>,
}

/// Fig. 11c: scale invariance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleView {
    /// Rates of the hidden weights, rising.
    pub rates: Vec<f32>,
    /// Without, with.
    pub arms: [HiddenArm; 2],
    /// The second layer's weights times ten, without and with: medians over the seeds.
    pub scaled: [Option<Scaled>; 2],
}

/// The arms of the noise after a norm, as they are called.
pub const NOISE_ARMS: [&str; 4] = ["without BN", "with BN", "without BN, with noise", "with BN, with noise"];

/// Fig. 11: why it works.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WhyView {
    /// By [`NOISE_ARMS`].
    pub noise: [NoiseCurve; 4],
    /// Without, with.
    pub shift: [ShiftArm; 2],
    /// Hidden rates.
    pub scale: ScaleView,
    /// Accuracy of guessing in 11a.
    pub chance: f32,
}
