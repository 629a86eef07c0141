//! What is at a place of a figure: a step, a layer, a handle, or the mark of a run. What is done with it is the page's
//! business.

use super::gamma::Handle;
use super::runs::Spot;
use super::{
    Figure, batches, detail, gamma, hidden_rates, init_map, layers, loss_curve, norm_table, rates, runs,
};

impl Figure<'_> {
    /// The step under a horizontal place in CSS pixels, in figures with a time axis.
    #[must_use]
    pub fn step_at(&self, size: (u32, u32), x: f32) -> Option<u32> {
        match self {
            Self::Loss(view) => loss_curve::step_at(view, size, x),
            Self::Layers(view, columns) => layers::step_at(view, *columns, size.0, x),
            Self::Band(view, _) => detail::step_at(view, false, size, x),
            Self::Gradient(view) => detail::step_at(view, true, size, x),
            _ => None,
        }
    }

    /// The layer whose row is at a height in CSS pixels, in Fig. 3.
    #[must_use]
    pub fn layer_at(&self, size: (u32, u32), y: f32) -> Option<usize> {
        match self {
            Self::Layers(view, columns) => layers::layer_at(view, *columns, size.0, y),
            _ => None,
        }
    }

    /// What a finger at a place would drag, in Fig. 5a.
    #[must_use]
    pub fn grab(&self, size: (u32, u32), x: f32, y: f32) -> Option<Handle> {
        match self {
            Self::Gamma(view) => gamma::grab(view, size, x, y),
            _ => None,
        }
    }

    /// The gamma or beta that puts a handle at a horizontal place, in Fig. 5a.
    #[must_use]
    pub fn dragged(&self, size: (u32, u32), handle: Handle, x: f32) -> Option<f32> {
        match self {
            Self::Gamma(view) => gamma::dragged(view, size, handle, x),
            _ => None,
        }
    }

    /// The marks that stand for one run each, in reading order: for hidden buttons, and to ring the chosen one.
    #[must_use]
    pub fn spots(&self, size: (u32, u32)) -> Vec<Spot> {
        match self {
            Self::Rates(view) => rates::spots(view, size),
            Self::InitMap(view) => init_map::spots(view, size),
            Self::Batches(view) => batches::spots(view, size),
            Self::HiddenRates(view) => hidden_rates::spots(view, size),
            Self::Norms(view) => norm_table::spots(view, size),
            // Named one by one: a new figure is asked whether its marks are runs.
            Self::Loss(_)
            | Self::Boundary(_)
            | Self::Counts(_)
            | Self::Painting(_)
            | Self::Images(_)
            | Self::Layers(..)
            | Self::Band(..)
            | Self::Gradient(_)
            | Self::Learned(_)
            | Self::Gamma(_)
            | Self::Affine(_)
            | Self::Inputs(_)
            | Self::Smoother(_)
            | Self::Probes(_)
            | Self::Depth(_)
            | Self::Noise(_)
            | Self::Turn(_)
            | Self::Thumbnail(..)
            | Self::Legend(_) => Vec::new(),
        }
    }

    /// The job, by its place in the sweep, whose mark is at or near a place in CSS pixels.
    #[must_use]
    pub fn hit(&self, size: (u32, u32), x: f32, y: f32) -> Option<usize> {
        runs::hit(&self.spots(size), x, y)
    }
}
