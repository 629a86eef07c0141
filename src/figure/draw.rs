//! How a figure is drawn: backdrop, marks, or both, on any plotters backend or as SVG text. Each figure's own file
//! does it; a match sends it there.

use std::hash::{DefaultHasher, Hasher};

use plotters_backend::DrawingBackend;

use super::paper::Paper;
use super::pen::{Drawn, Pen};
use super::sheet::Sheet;
use super::theme::Theme;
use super::{
    Figure, affine, batches, boundary, counts, depth, detail, digest, gamma, hidden_rates, images, init_map,
    inputs, layers, loss_curve, noise, norm_table, probes, rates, smoother, svg, turn,
};

/// The smallest width or height drawn; below it nothing is.
const LEAST: u32 = 12;

impl Figure<'_> {
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

    pub(super) fn back<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
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

    pub(super) fn front<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
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
