//! The sheet a figure is drawn on: any plotters backend, seen through a grid of sub-units.
//!
//! plotters addresses whole pixels, which turns gentle slopes into stairs and blurs hairlines. A [`Paper`] reports
//! [`SUB`] sub-units per CSS pixel, and the surface below is scaled back by the same factor: a canvas context by
//! device pixel ratio / [`SUB`], an SVG by its view box. No figure knows the device pixel ratio.
//! What it leaves out: measuring text. Sizes come from a fixed rule, so no document is ever touched.

use plotters::drawing::DrawingAreaErrorKind;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle, FontTransform, text_anchor,
};

use super::pen::Drawn;
use super::sheet::{Held, Sheet};
use super::text;

/// Sub-units per CSS pixel.
pub const SUB: i32 = 8;

/// An image to be stretched over a rectangle.
#[derive(Clone, Copy, Debug)]
pub struct Bitmap<'a> {
    /// Top left corner, in sub-units.
    pub at: BackendCoord,
    /// Width and height on the sheet, in sub-units.
    pub size: (i32, i32),
    /// Columns and rows of the image.
    pub pixels: (usize, usize),
    /// Red, green, blue of every pixel, row by row from the top: `3 * columns * rows` bytes.
    pub rgb: &'a [u8],
    /// Whether to interpolate between pixels (a field) or to keep their edges (a digit).
    pub smooth: bool,
}

/// Draws a [`Bitmap`] in the same sub-units as everything else.
pub type DrawBitmap = Box<dyn FnMut(&Bitmap<'_>)>;

/// A drawing backend of a given size in CSS pixels, addressed in sub-units.
pub struct Paper<B> {
    inner: B,
    size: (u32, u32),
    draw_bitmap: Option<DrawBitmap>,
    text_scale: f64,
}

impl<B: DrawingBackend> Paper<B> {
    /// A sheet of `size` CSS pixels on a backend that is already scaled down by [`SUB`]. Images become rectangles.
    pub fn new(inner: B, size: (u32, u32)) -> Self {
        Self { inner, size, draw_bitmap: None, text_scale: 1.0 }
    }

    /// The same, with a quicker way to draw images than one rectangle after the other.
    pub fn with_bitmaps(inner: B, size: (u32, u32), draw: DrawBitmap) -> Self {
        Self { draw_bitmap: Some(draw), ..Self::new(inner, size) }
    }

    /// Undoes a factor that the backend divides text sizes by (the SVG backend: 1.24).
    pub(super) fn scale_text(mut self, factor: f64) -> Self {
        self.text_scale = factor;
        self
    }

    /// Width and height in CSS pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Has `draw` draw on this paper by way of a [`Sheet`], so that it is compiled once for all backends.
    ///
    /// # Errors
    /// The backend's first one, or that of `draw`.
    pub(super) fn by_sheet(self, draw: impl FnOnce(Paper<Sheet<'_>>) -> Drawn<Sheet<'_>>) -> Drawn<B> {
        let mut held = Held::new(self.inner);
        let Self { size, draw_bitmap, text_scale, .. } = self;
        let drawn = draw(Paper { inner: held.sheet(), size, draw_bitmap, text_scale });
        held.end().map_err(DrawingAreaErrorKind::BackendError)?;
        drawn.map_err(|_| DrawingAreaErrorKind::SharingError)
    }

    /// Draws an image, as itself or as merged rectangles. Nothing is drawn if `rgb` is too short.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn bitmap(&mut self, image: &Bitmap<'_>) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let (columns, rows) = image.pixels;
        if columns == 0 || rows == 0 || image.rgb.len() / 3 < columns.saturating_mul(rows) {
            return Ok(());
        }
        if let Some(draw) = &mut self.draw_bitmap {
            draw(image);
            return Ok(());
        }
        for (cells, rgb) in merge(image) {
            let across = |c: usize| image.at.0 + (c as i64 * i64::from(image.size.0) / columns as i64) as i32;
            let down = |r: usize| image.at.1 + (r as i64 * i64::from(image.size.1) / rows as i64) as i32;
            // Half a pixel of overlap, which the next rectangle covers: no seams between neighbours.
            let lap = |cell: usize, of: usize| if cell < of { SUB / 2 } else { 0 };
            let far = (across(cells[2]) + lap(cells[2], columns), down(cells[3]) + lap(cells[3], rows));
            let color = BackendColor { alpha: 1.0, rgb };
            self.inner.draw_rect((across(cells[0]), down(cells[1])), far, &color, true)?;
        }
        Ok(())
    }
}

type Cells = ([usize; 4], (u8, u8, u8));

/// Rectangles of equal colour: left, top, right, bottom in cells. Runs in a row, then equal runs below each other.
fn merge(image: &Bitmap<'_>) -> Vec<Cells> {
    let (columns, rows) = image.pixels;
    // A smooth field has a tone per cell: rounded to 64 tones, neighbours merge and the eye sees no difference.
    let round = |v: u8| if image.smooth { (v & 0xfc) | (v >> 6) } else { v };
    let at = |c: usize, r: usize| {
        let i = 3 * (r * columns + c);
        (round(image.rgb[i]), round(image.rgb[i + 1]), round(image.rgb[i + 2]))
    };
    let mut done: Vec<Cells> = Vec::new();
    let mut open: Vec<Cells> = Vec::new();
    for row in 0..rows {
        let mut runs: Vec<Cells> = Vec::new();
        for column in 0..columns {
            match runs.last_mut() {
                Some((cells, rgb)) if *rgb == at(column, row) => cells[2] = column + 1,
                _ => runs.push(([column, row, column + 1, row + 1], at(column, row))),
            }
        }
        let mut kept = Vec::new();
        for (above, rgb) in open {
            let same = runs.iter_mut().find(|(c, r)| c[0] == above[0] && c[2] == above[2] && *r == rgb);
            match same {
                Some((cells, _)) => cells[1] = above[1],
                None => kept.push((above, rgb)),
            }
        }
        done.append(&mut kept);
        open = runs;
    }
    done.append(&mut open);
    done.sort_unstable_by_key(|(cells, _)| (cells[1], cells[0]));
    done
}

/// A text style at another size.
struct Resized<'s, S> {
    style: &'s S,
    factor: f64,
}

impl<S: BackendTextStyle> BackendTextStyle for Resized<'_, S> {
    type FontError = S::FontError;
    fn color(&self) -> BackendColor {
        self.style.color()
    }
    fn size(&self) -> f64 {
        self.style.size() * self.factor
    }
    fn transform(&self) -> FontTransform {
        self.style.transform()
    }
    fn style(&self) -> FontStyle {
        self.style.style()
    }
    fn anchor(&self) -> text_anchor::Pos {
        self.style.anchor()
    }
    fn family(&self) -> FontFamily<'_> {
        self.style.family()
    }
    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), S::FontError> {
        self.style.layout_box(text)
    }
    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        at: BackendCoord,
        draw: D,
    ) -> Result<Result<(), E>, S::FontError> {
        self.style.draw(text, at, draw)
    }
}

impl<B: DrawingBackend> DrawingBackend for Paper<B> {
    type ErrorType = B::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 * SUB.unsigned_abs(), self.size.1 * SUB.unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.present()
    }

    fn draw_pixel(
        &mut self,
        at: BackendCoord,
        c: BackendColor,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_pixel(at, c)
    }

    /// As a path: the canvas backend would move a line by half a unit.
    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_path([from, to], style)
    }

    /// An outline as a path: the SVG backend forgets the width of a rectangle's stroke.
    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        if fill {
            return self.inner.draw_rect(a, b, style, true);
        }
        self.inner.draw_path([a, (b.0, a.1), b, (a.0, b.1), a], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_text(text, &Resized { style, factor: self.text_scale }, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<B::ErrorType>> {
        let size = style.size() as f32;
        let bold = matches!(style.style(), FontStyle::Bold);
        Ok((text::width(text, size, bold).ceil() as u32, (1.2 * size).ceil() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_merge_and_cover_the_image_once() {
        let (columns, rows) = (4, 3);
        let tones = [1, 1, 2, 2, 1, 1, 2, 3, 1, 1, 2, 3];
        let rgb: Vec<u8> = tones.iter().flat_map(|&t| [t; 3]).collect();
        let image = Bitmap { at: (0, 0), size: (32, 24), pixels: (columns, rows), rgb: &rgb, smooth: false };
        let merged = merge(&image);
        let mut seen = [0; 12];
        for (cells, (tone, _, _)) in &merged {
            for row in cells[1]..cells[3] {
                for column in cells[0]..cells[2] {
                    seen[row * columns + column] += 1;
                    assert_eq!(tones[row * columns + column], *tone);
                }
            }
        }
        assert_eq!(seen, [1; 12]);
        assert_eq!(merged.len(), 4);
    }
}
