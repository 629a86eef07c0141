//! Pictures: from a view (plain numbers) to ink on any plotters backend. Nothing of training or browsers.
//!
//! Here stands which figures there are, and how high each is; `draw` draws them, `pick` says what is at a place of one.
//!
//! One figure is drawn in two passes so that a page can stack two canvases: the *backdrop* (axes, grid, titles)
//! changes only with ranges, theme and size, the *marks* with every frame. A static picture draws both.

pub mod affine;
pub mod axis;
pub mod batches;
pub mod boundary;
mod cells;
mod columns;
pub mod contour;
pub mod counts;
mod cursor;
pub mod depth;
mod describe;
pub mod detail;
mod digest;
pub mod display_list;
mod draw;
pub mod gamma;
mod headings;
pub mod hidden_rates;
pub mod images;
pub mod init_map;
pub mod ink;
pub mod inputs;
pub mod layers;
pub mod loss_curve;
mod loss_words;
pub mod mark;
pub mod noise;
pub mod norm_table;
mod of_claim;
pub mod paper;
pub mod pen;
mod pick;
mod picture;
pub mod place;
pub mod plot;
pub mod probes;
mod range_bars;
pub mod rates;
pub mod runs;
pub mod scale;
mod sheet;
pub mod smoother;
pub mod svg;
pub mod text;
pub mod theme;
pub mod turn;

pub use display_list::DisplayList;
pub use gamma::Handle;
pub use layers::{Column, Columns};
pub use paper::{Bitmap, DrawBitmap, Paper, SUB};
pub use pen::Drawn;
pub use runs::Spot;
pub use theme::Theme;

use crate::lab::claim::view::{
    AffineView, BatchView, DepthView, GammaView, MapView, NormsView, RatesView, SmoothView, WhyView,
};
use crate::lab::view::{BoundaryView, CountsView, ImagesView, LayersView, LossView, PaintingView};

/// A figure and what it shows.
///
/// ```
/// use batchnorm_playground::figure::{Figure, Theme};
///
/// let points = [(-1.0, 0.5, 0), (1.0, -0.5, 1)];
/// let figure = Figure::Thumbnail(&points, 2.0);
/// let svg = figure.svg((64, figure.natural_height(64)), &Theme::dark());
/// assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Figure<'v> {
    /// Fig. 1: loss or accuracy over the steps.
    Loss(&'v LossView),
    /// Fig. 2: what one arm has learned of two features.
    Boundary(&'v BoundaryView),
    /// Fig. 2 with any other table: what one arm takes each class for.
    Counts(&'v CountsView),
    /// The plane that is painted on.
    Painting(&'v PaintingView),
    /// Fig. 2 with images: the same test images, read by both arms.
    Images(&'v ImagesView),
    /// Fig. 3: one row per layer.
    Layers(&'v LayersView, Columns),
    /// Fig. 4: one unit of the selected layer over the steps, for one arm.
    Band(&'v LayersView, usize),
    /// Fig. 4: the gradient of the selected layer over the steps, both arms.
    Gradient(&'v LayersView),
    /// Fig. 4: the selected layer's gamma and beta.
    Learned(&'v LayersView),
    /// Fig. 5a: one unit, normalised, scaled and shifted.
    Gamma(&'v GammaView),
    /// Fig. 5b: the run with gamma and beta trained and frozen.
    Affine(&'v AffineView),
    /// Fig. 6a: the inputs of the activations over the steps.
    Inputs(&'v SmoothView),
    /// Fig. 6b: losses met along the gradient.
    Smoother(&'v SmoothView),
    /// Fig. 6c: how far the gradient changes along itself.
    Probes(&'v SmoothView),
    /// Fig. 7: size of the gradient by layer.
    Depth(&'v DepthView),
    /// Fig. 8: final test loss over the learning rate.
    Rates(&'v RatesView),
    /// Fig. 9: which pairs of learning rate and weight scale train.
    InitMap(&'v MapView),
    /// Fig. 10: test accuracy over the batch size.
    Batches(&'v BatchView),
    /// Fig. 11a: noise after the norm.
    Noise(&'v WhyView),
    /// Fig. 11b: how far a gradient turns when the layers below move.
    Turn(&'v WhyView),
    /// Fig. 11c: the hidden weights' own learning rate.
    HiddenRates(&'v WhyView),
    /// Fig. 12: accuracy by norm.
    Norms(&'v NormsView),
    /// A data set's points in a square of [-extent, extent].
    Thumbnail(&'v [(f32, f32, u8)], f32),
    /// The line sample of an arm in the score table: 0 without, 1 with.
    Legend(usize),
}

impl Figure<'_> {
    /// The height that suits a width, in CSS pixels.
    #[must_use]
    pub fn natural_height(&self, width: u32) -> u32 {
        match self {
            Self::Loss(_) => loss_curve::natural_height(width),
            Self::Boundary(_) | Self::Counts(_) | Self::Painting(_) | Self::Thumbnail(..) => width,
            Self::Images(view) => images::natural_height(view, width),
            Self::Layers(view, columns) => layers::natural_height(view, *columns, width),
            Self::Band(..) | Self::Gradient(_) | Self::Learned(_) => detail::HEIGHT,
            Self::Gamma(_) => gamma::natural_height(width),
            Self::Affine(view) => affine::natural_height(view, width),
            Self::Inputs(view) => inputs::natural_height(view, width),
            Self::Probes(_) => probes::natural_height(width),
            Self::Smoother(_) => smoother::natural_height(width),
            Self::Depth(_) => depth::natural_height(width),
            Self::Rates(_) => rates::natural_height(width),
            Self::InitMap(view) => init_map::natural_height(view, width),
            Self::Batches(_) => batches::natural_height(width),
            Self::Noise(_) | Self::Turn(_) | Self::HiddenRates(_) => noise::HEIGHT,
            Self::Norms(view) => norm_table::natural_height(view, width),
            Self::Legend(_) => 12,
        }
    }

    /// Whether the backdrop has images in it, which are no lines and words.
    #[must_use]
    pub fn has_images_behind(&self) -> bool {
        matches!(self, Self::Images(_))
    }

    /// Whether the backdrop is all there is.
    #[must_use]
    pub fn is_still(&self) -> bool {
        matches!(self, Self::Thumbnail(..) | Self::Legend(_))
    }
}
