//! Pictures: from a view (plain numbers) to ink on any plotters backend. Nothing of training or browsers.
//!
//! One figure is drawn in two passes so that a page can stack two canvases: the *backdrop* (axes, grid, titles)
//! changes only with ranges, theme and size, the *marks* with every frame. A static picture draws both.

use std::hash::{DefaultHasher, Hasher};

use plotters_backend::DrawingBackend;

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
use pen::Pen;
pub use runs::Spot;
use sheet::Sheet;
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

/// The smallest width or height drawn; below it nothing is.
const LEAST: u32 = 12;

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

    /// Draws what changes only with ranges, theme and size.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn backdrop<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme) -> Drawn<B> {
        self.draw(paper, theme, true, false)
    }

    /// The same as an SVG document, see-through where nothing is drawn.
    #[must_use]
    pub fn backdrop_svg(&self, size: (u32, u32), theme: &Theme) -> String {
        svg::document(size, |paper| self.backdrop(paper, theme)).unwrap_or_default()
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

    /// Draws what changes with every frame.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn marks<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme) -> Drawn<B> {
        self.draw(paper, theme, false, true)
    }

    /// Draws backdrop and marks on a sheet filled with the theme's paper.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn whole<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme) -> Drawn<B> {
        self.draw(paper, theme, true, true)
    }

    /// A number that changes when [`backdrop`](Self::backdrop) would draw something else; of a smooth image,
    /// something that the eye can tell apart.
    #[must_use]
    pub fn backdrop_key(&self, size: (u32, u32), theme: &Theme) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(u64::from(size.0) << 32 | u64::from(size.1));
        let drawn = self.backdrop(Paper::new(digest::Digest::new(&mut hasher), size), theme);
        hasher.write_u8(u8::from(drawn.is_ok()));
        hasher.finish()
    }

    /// The whole figure as an SVG document; empty if it could not be drawn.
    #[must_use]
    pub fn svg(&self, size: (u32, u32), theme: &Theme) -> String {
        svg::document(size, |paper| self.whole(paper, theme)).unwrap_or_default()
    }

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

    /// What a finger at a place would drag, in Fig. 5.
    #[must_use]
    pub fn grab(&self, size: (u32, u32), x: f32, y: f32) -> Option<Handle> {
        match self {
            Self::Gamma(view) => gamma::grab(view, size, x, y),
            _ => None,
        }
    }

    /// The gamma or beta that puts a handle at a horizontal place, in Fig. 5.
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

    fn draw<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme, back: bool, front: bool) -> Drawn<B> {
        paper.by_sheet(|paper| self.draw_on(paper, theme, back, front))
    }

    fn draw_on<'s>(
        &self,
        paper: Paper<Sheet<'s>>,
        theme: &Theme,
        back: bool,
        front: bool,
    ) -> Drawn<Sheet<'s>> {
        let (width, height) = paper.size();
        let pen = Pen::new(paper, theme);
        if width < LEAST || height < LEAST {
            return pen.present();
        }
        if back && front {
            pen.block([0.0, 0.0, pen.width, pen.height], theme.paper)?;
        }
        if back {
            self.back(&pen)?;
        }
        if front {
            self.front(&pen)?;
        }
        pen.present()
    }

    fn back<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
        match self {
            Self::Loss(view) => loss_curve::backdrop(pen, view),
            Self::Boundary(_) | Self::Painting(_) => boundary::backdrop(pen),
            Self::Counts(view) => counts::backdrop(pen, view),
            Self::Images(view) => images::backdrop(pen, view),
            Self::Layers(view, columns) => layers::backdrop(pen, view, *columns),
            Self::Band(view, arm) => detail::band_backdrop(pen, view, (*arm).min(1)),
            Self::Gradient(view) => detail::gradient_backdrop(pen, view),
            Self::Learned(view) => detail::learned_backdrop(pen, view),
            Self::Gamma(view) => gamma::backdrop(pen, view),
            Self::Affine(view) => affine::backdrop(pen, view),
            Self::Inputs(view) => inputs::backdrop(pen, view),
            Self::Probes(view) => probes::backdrop(pen, view),
            Self::Smoother(view) => smoother::backdrop(pen, view),
            Self::Depth(view) => depth::backdrop(pen, view),
            Self::Rates(view) => rates::backdrop(pen, view),
            Self::InitMap(view) => init_map::backdrop(pen, view),
            Self::Batches(view) => batches::backdrop(pen, view),
            Self::Noise(view) => noise::backdrop(pen, view),
            Self::Turn(view) => turn::backdrop(pen, view),
            Self::HiddenRates(view) => hidden_rates::backdrop(pen, view),
            Self::Norms(view) => norm_table::backdrop(pen, view),
            Self::Thumbnail(points, extent) => boundary::thumbnail(pen, points, *extent),
            Self::Legend(arm) => loss_curve::legend(pen, (*arm).min(1)),
        }
    }

    fn front<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
        match self {
            Self::Loss(view) => loss_curve::marks(pen, view),
            Self::Boundary(view) => boundary::marks(pen, view),
            Self::Counts(view) => counts::marks(pen, view),
            Self::Painting(view) => boundary::painting(pen, view),
            Self::Images(view) => images::marks(pen, view),
            Self::Layers(view, columns) => layers::marks(pen, view, *columns),
            Self::Band(view, arm) => detail::band_marks(pen, view, (*arm).min(1)),
            Self::Gradient(view) => detail::gradient_marks(pen, view),
            Self::Learned(view) => detail::learned_marks(pen, view),
            Self::Gamma(view) => gamma::marks(pen, view),
            Self::Affine(view) => affine::marks(pen, view),
            Self::Inputs(view) => inputs::marks(pen, view),
            Self::Probes(view) => probes::marks(pen, view),
            Self::Smoother(view) => smoother::marks(pen, view),
            Self::Depth(view) => depth::marks(pen, view),
            Self::Rates(view) => rates::marks(pen, view),
            Self::InitMap(view) => init_map::marks(pen, view),
            Self::Batches(view) => batches::marks(pen, view),
            Self::Noise(view) => noise::marks(pen, view),
            Self::Turn(view) => turn::marks(pen, view),
            Self::HiddenRates(view) => hidden_rates::marks(pen, view),
            Self::Norms(view) => norm_table::marks(pen, view),
            Self::Thumbnail(..) | Self::Legend(_) => Ok(()),
        }
    }
}
