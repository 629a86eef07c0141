//! What a pen puts down: strokes, curves and images as plotters elements, and words with their place.

use plotters::element::{Drawable, PointCollection};
use plotters::style::{Color, RGBAColor, RGBColor};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

use super::ink::{self, Clip, sub};
use super::paper::{Bitmap, Paper};
use super::text;
use super::theme::{TEXT, TICK, Theme};

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    /// Colour, maybe translucent.
    pub color: RGBAColor,
    /// Width in CSS pixels.
    pub width: f32,
    /// Dash and gap in CSS pixels.
    pub dash: Option<(f32, f32)>,
}

impl Stroke {
    /// A solid line.
    pub fn solid(color: RGBColor, width: f32) -> Self {
        Self { color: color.to_rgba(), width, dash: None }
    }

    /// Dotted, for references.
    pub fn dotted(color: RGBColor) -> Self {
        Self { color: color.to_rgba(), width: 1.0, dash: Some((1.0, 3.0)) }
    }

    /// An arm's line: dashed without, solid with.
    pub fn arm(theme: &Theme, arm: usize, width: f32) -> Self {
        let dash = if width < 1.5 { (4.0, 3.0) } else { (6.0, 4.0) };
        let dash = (arm == 0).then_some(dash);
        Self { dash, ..Self::solid(theme.arms[arm].line, width) }
    }
}

/// A polyline in any coordinates, clipped and dashed after mapping.
pub struct Curve<C> {
    /// Its corners.
    pub points: Vec<C>,
    /// How it is drawn.
    pub stroke: Stroke,
    /// What it is cut to.
    pub clip: Option<Clip>,
}

impl<'a, C: 'a> PointCollection<'a, C> for &'a Curve<C> {
    type Point = &'a C;
    type IntoIter = &'a [C];
    fn point_iter(self) -> &'a [C] {
        &self.points
    }
}

impl<C, B: DrawingBackend> Drawable<B> for Curve<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        backend: &mut B,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let mut line: Vec<BackendCoord> = points.collect();
        line.dedup();
        let parts = match self.clip {
            Some(to) => ink::clip(&line, to),
            None => vec![line],
        };
        let style = self.stroke.color.stroke_width(sub(self.stroke.width).unsigned_abs().max(1));
        for part in parts.iter().filter(|part| part.len() > 1) {
            match self.stroke.dash {
                None => backend.draw_path(part.iter().copied(), &style)?,
                Some((on, off)) => {
                    for dash in ink::dash(part, f64::from(sub(on)), f64::from(sub(off))) {
                        backend.draw_path(dash, &style)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// An image as a plotters element; its one point is the top left corner in sub-units.
pub(super) struct Picture<'a> {
    pub(super) at: [BackendCoord; 1],
    pub(super) image: Bitmap<'a>,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Picture<'_> {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];
    fn point_iter(self) -> &'a [BackendCoord] {
        &self.at
    }
}

impl<B: DrawingBackend> Drawable<Paper<B>> for Picture<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        paper: &mut Paper<B>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let at = points.next().unwrap_or(self.image.at);
        paper.bitmap(&Bitmap { at, ..self.image })
    }
}

/// Which side of a word its place names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The word stands to the right of its place.
    Left,
    /// Centred.
    Middle,
    /// The word ends at its place.
    Right,
}

/// A word and where it goes: `at` is the side named, at half the height of a capital, in CSS pixels.
#[derive(Clone, Debug)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Place.
    pub at: (f32, f32),
    /// Which side of the word is at the place.
    pub side: Side,
    /// Colour.
    pub color: RGBColor,
    /// Size in CSS pixels.
    pub size: f32,
    /// Weight.
    pub bold: bool,
}

impl Word {
    /// At figure text size, starting at `at`.
    pub fn new(text: impl Into<String>, at: (f32, f32), color: RGBColor) -> Self {
        Self { text: text.into(), at, side: Side::Left, color, size: TEXT, bold: false }
    }

    /// At tick size.
    pub fn tick(text: impl Into<String>, at: (f32, f32), color: RGBColor) -> Self {
        Self { size: TICK, ..Self::new(text, at, color) }
    }

    /// Placed by another side.
    pub fn side(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    /// In bold.
    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    /// Moved to the left as far as it would end beyond a place.
    pub(super) fn ending_by(self, right: f32) -> Self {
        let over = (self.bounds()[2] - right).max(0.0);
        Self { at: (self.at.0 - over, self.at.1), ..self }
    }

    /// Width by the fixed rule.
    pub fn width(&self) -> f32 {
        text::width(&self.text, self.size, self.bold)
    }

    /// Left, top, right, bottom by the fixed rule.
    pub fn bounds(&self) -> [f32; 4] {
        let width = self.width();
        let left = match self.side {
            Side::Left => self.at.0,
            Side::Middle => self.at.0 - width / 2.0,
            Side::Right => self.at.0 - width,
        };
        [left, self.at.1 - 0.58 * self.size, left + width, self.at.1 + 0.58 * self.size]
    }
}
