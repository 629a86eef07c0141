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
