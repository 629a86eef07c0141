//! A backend that draws nothing and remembers one number: what would have been drawn.
//!
//! A backdrop needs a new drawing exactly when this number changes, so no figure has to list its own reasons.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash};

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend};

use super::sheet::Done;

/// Hashes every call into the hasher it borrows.
pub(super) struct Digest<'h> {
    hasher: &'h mut DefaultHasher,
}

impl<'h> Digest<'h> {
    /// Starts from what the hasher has seen.
    pub(super) fn new(hasher: &'h mut DefaultHasher) -> Self {
        Self { hasher }
    }

    fn note<S: BackendStyle>(&mut self, shape: u8, fill: bool, style: &S) {
        let color = style.color();
        (shape, fill, color.rgb, color.alpha.to_bits(), style.stroke_width()).hash(self.hasher);
    }
}

impl DrawingBackend for Digest<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (0, 0)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.note(0, true, &color);
        at.hash(self.hasher);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.note(1, fill, style);
        (a, b).hash(self.hasher);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.note(2, false, style);
        path.into_iter().for_each(|p| p.hash(self.hasher));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        self.note(3, fill, style);
        (at, radius).hash(self.hasher);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.note(4, true, style);
        path.into_iter().for_each(|p| p.hash(self.hasher));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        self.note(5, true, &style.color());
        let anchor = style.anchor();
        let sides = (anchor.h_pos as u8, anchor.v_pos as u8);
        (text, at, sides, style.size().to_bits(), style.style().as_str()).hash(self.hasher);
        Ok(())
    }
}
