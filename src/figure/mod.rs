//! Pictures: from a view (plain numbers) to ink on any plotters backend. Nothing of training or browsers.
//!
//! One figure is drawn in two passes so that a page can stack two canvases: the *backdrop* (axes, grid, titles)
//! changes only with ranges, theme and size, the *marks* with every frame. A static picture draws both.

use std::hash::{DefaultHasher, Hasher};

use plotters_backend::DrawingBackend;

pub mod axis;
mod digest;
pub mod ink;
pub mod loss_curve;
pub mod paper;
pub mod pen;
pub mod svg;
pub mod text;
pub mod theme;

pub use paper::{Bitmap, Paper, SUB};
pub use pen::Drawn;
use pen::Pen;
pub use theme::Theme;

use crate::lab::view::LossView;

/// A figure and what it shows.
#[derive(Clone, Copy, Debug)]
pub enum Figure<'v> {
    /// Fig. 1: loss or accuracy over the steps.
    Loss(&'v LossView),
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

    /// A number that changes exactly when [`backdrop`](Self::backdrop) would draw something else.
    #[must_use]
    pub fn backdrop_key(&self, size: (u32, u32), theme: &Theme) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(u64::from(size.0) << 32 | u64::from(size.1));
        let drawn = self.backdrop(Paper::new(digest::Digest::new(&mut hasher), size), theme);
        hasher.write_u8(u8::from(drawn.is_ok()));
        hasher.finish()
    }

    /// The whole figure as an SVG document.
    #[must_use]
    pub fn svg(&self, size: (u32, u32), theme: &Theme) -> String {
        svg::document(size, |paper| self.whole(paper, theme)).unwrap_or_default()
    }

    /// The step under a horizontal place in CSS pixels, in figures with a time axis.
    #[must_use]
    pub fn step_at(&self, size: (u32, u32), x: f32) -> Option<u32> {
        match self {
            Self::Loss(view) => loss_curve::step_at(view, size, x),
            Self::Legend(_) => None,
        }
    }

    fn draw<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme, back: bool, front: bool) -> Drawn<B> {
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
            Self::Legend(_) => Ok(()),
        }
    }

    fn front<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
        match self {
            Self::Loss(view) => loss_curve::marks(pen, view),
            Self::Legend(arm) => loss_curve::legend(pen, (*arm).min(1)),
        }
    }
}
