//! What the figures of the eight experiments read: plain numbers, arms in the order without, with.
//!
//! Marks carry the place of their job in the sweep (`End::job`), so that a click can load that very run. A cell
//! whose `ends` are fewer than its `seeds` is still to run in part; an end without a loss has diverged.

use super::cell::Cell;

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
