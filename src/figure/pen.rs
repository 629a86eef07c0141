//! The drawing hand: lines, marks and words in CSS pixels or in a plot's own values, put down as plotters elements.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

use super::axis::{Axis, Plot};
use super::ink::{self, Clip, hair, sub};
use super::paper::{Bitmap, Paper};
use super::text;
use super::theme::{SANS, TEXT, TICK, Theme};

/// What drawing returns.
pub type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

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
    points: Vec<C>,
    stroke: Stroke,
    clip: Option<Clip>,
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
struct Picture<'a> {
    at: [BackendCoord; 1],
    image: Bitmap<'a>,
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

/// A sheet being drawn on.
pub struct Pen<'t, B: DrawingBackend> {
    area: DrawingArea<Paper<B>, Shift>,
    /// Colours.
    pub theme: &'t Theme,
    /// Width in CSS pixels.
    pub width: f32,
    /// Height in CSS pixels.
    pub height: f32,
}

impl<'t, B: DrawingBackend> Pen<'t, B> {
    /// Takes a sheet.
    pub fn new(paper: Paper<B>, theme: &'t Theme) -> Self {
        let (width, height) = paper.size();
        Self { area: paper.into_drawing_area(), theme, width: width as f32, height: height as f32 }
    }

    /// Ends the drawing.
    pub fn present(&self) -> Drawn<B> {
        self.area.present()
    }

    /// A polyline in CSS pixels.
    pub fn line(&self, points: &[(f32, f32)], stroke: Stroke) -> Drawn<B> {
        let points = points.iter().map(|p| (sub(p.0), sub(p.1))).collect();
        self.area.draw(&Curve { points, stroke, clip: None })
    }

    /// A crisp horizontal hairline.
    pub fn across(&self, left: f32, right: f32, y: f32, stroke: Stroke) -> Drawn<B> {
        self.line(&[(left, hair(y)), (right, hair(y))], stroke)
    }

    /// A crisp vertical hairline.
    pub fn down(&self, x: f32, top: f32, bottom: f32, stroke: Stroke) -> Drawn<B> {
        self.line(&[(hair(x), top), (hair(x), bottom)], stroke)
    }

    /// A polyline in a plot's values, clipped to it. It ends at the first value that is not finite.
    pub fn curve(&self, plot: &Plot, points: impl Iterator<Item = (f32, f32)>, stroke: Stroke) -> Drawn<B> {
        let points = points.take_while(|p| p.0.is_finite() && p.1.is_finite()).collect();
        let area = self.area.apply_coord_spec(plot.coord());
        area.draw(&Curve { points, stroke, clip: Some(plot.clip()) })
    }

    /// The area between two curves in a plot's values: x, low, high; values beyond the axis lie on its edge.
    pub fn band(&self, plot: &Plot, points: &[(f32, f32, f32)], color: RGBColor) -> Drawn<B> {
        let (low, high) = plot.y.ends();
        let inside = |v: f32| v.max(low).min(high);
        let ok: Vec<_> =
            points.iter().take_while(|p| p.0.is_finite() && p.1.is_finite() && p.2.is_finite()).collect();
        if ok.len() < 2 {
            return Ok(());
        }
        let mut corners: Vec<(f32, f32)> = ok.iter().map(|p| (p.0, inside(p.2))).collect();
        corners.extend(ok.iter().rev().map(|p| (p.0, inside(p.1))));
        let area: DrawingArea<_, plotters::coord::cartesian::Cartesian2d<Axis, Axis>> =
            self.area.apply_coord_spec(plot.coord());
        area.draw(&Polygon::new(corners, color))
    }

    /// A filled polygon in CSS pixels.
    pub fn polygon(&self, corners: &[(f32, f32)], color: impl Color) -> Drawn<B> {
        let corners: Vec<_> = corners.iter().map(|p| (sub(p.0), sub(p.1))).collect();
        self.area.draw(&Polygon::new(corners, ShapeStyle::from(&color).filled()))
    }

    /// A filled rectangle in CSS pixels: left, top, right, bottom.
    pub fn block(&self, [left, top, right, bottom]: [f32; 4], color: impl Color) -> Drawn<B> {
        if right <= left || bottom <= top {
            return Ok(());
        }
        let corners = [(sub(left), sub(top)), (sub(right), sub(bottom))];
        self.area.draw(&Rectangle::new(corners, ShapeStyle::from(&color).filled()))
    }

    /// The outline of a rectangle; its line runs inside the edges given.
    pub fn frame(&self, [left, top, right, bottom]: [f32; 4], color: RGBColor) -> Drawn<B> {
        let corners = [(sub(left + 0.5), sub(top + 0.5)), (sub(right - 0.5), sub(bottom - 0.5))];
        self.area.draw(&Rectangle::new(corners, color.stroke_width(sub(1.0).unsigned_abs())))
    }

    /// A filled circle.
    pub fn disc(&self, at: (f32, f32), radius: f32, color: impl Color) -> Drawn<B> {
        let style = ShapeStyle::from(&color).filled();
        self.area.draw(&Circle::new((sub(at.0), sub(at.1)), sub(radius).max(1), style))
    }

    /// A circle's line.
    pub fn ring(&self, at: (f32, f32), radius: f32, width: f32, color: impl Color) -> Drawn<B> {
        let style = ShapeStyle::from(&color).stroke_width(sub(width).unsigned_abs().max(1));
        self.area.draw(&Circle::new((sub(at.0), sub(at.1)), sub(radius).max(1), style))
    }

    /// An arm's mark: a hollow circle without, a filled one with.
    pub fn mark(&self, arm: usize, at: (f32, f32), radius: f32) -> Drawn<B> {
        let line = self.theme.arms[arm].line;
        if arm == 0 {
            self.disc(at, radius, self.theme.paper)?;
            return self.ring(at, radius, 1.5, line);
        }
        self.disc(at, radius + 0.75, line)
    }

    /// A small triangle pointing up: a value above the axis.
    pub fn above(&self, arm: usize, (x, y): (f32, f32)) -> Drawn<B> {
        self.polygon(&[(x - 3.5, y + 6.0), (x, y), (x + 3.5, y + 6.0)], self.theme.arms[arm].line)
    }

    /// A cross of `size` pixels around a point.
    pub fn cross(&self, (x, y): (f32, f32), size: f32, width: f32, color: RGBColor) -> Drawn<B> {
        let (h, stroke) = (size / 2.0, Stroke::solid(color, width));
        self.line(&[(x - h, y - h), (x + h, y + h)], stroke)?;
        self.line(&[(x - h, y + h), (x + h, y - h)], stroke)
    }

    /// A word.
    pub fn word(&self, word: &Word) -> Drawn<B> {
        let weight = if word.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(SANS), f64::from(sub(word.size)), weight);
        let across = match word.side {
            Side::Left => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Right,
        };
        let style = font.color(&word.color).pos(Pos::new(across, VPos::Center));
        self.area.draw(&Text::new(word.text.as_str(), (sub(word.at.0), sub(word.at.1)), style))
    }

    /// A word on a patch of paper, where it would cross a line.
    pub fn word_on_paper(&self, word: &Word) -> Drawn<B> {
        let [left, top, right, bottom] = word.bounds();
        self.block([left - 2.0, top, right + 2.0, bottom], self.theme.paper)?;
        self.word(word)
    }

    /// An image stretched over left, top, right, bottom.
    pub fn image(
        &self,
        [left, top, right, bottom]: [f32; 4],
        pixels: (usize, usize),
        rgb: &[u8],
        smooth: bool,
    ) -> Drawn<B> {
        let at = (sub(left), sub(top));
        let size = (sub(right) - at.0, sub(bottom) - at.1);
        self.area.draw(&Picture { at: [at], image: Bitmap { at, size, pixels, rgb, smooth } })
    }

    /// Horizontal grid lines with their labels; no axis line. The title stands above, never turned.
    pub fn y_axis(&self, plot: &Plot, ticks: &[(f32, String)], title: &str) -> Drawn<B> {
        for (value, label) in ticks {
            let y = plot.y_at(*value);
            if plot.bottom - y > 0.5 {
                self.across(plot.left, plot.right, y, Stroke::solid(self.theme.rule, 1.0))?;
            }
            let at = (plot.left - 7.0, hair(y));
            self.word(&Word::tick(label.as_str(), at, self.theme.muted).side(Side::Right))?;
        }
        if title.is_empty() { Ok(()) } else { self.word(&Word::new(title, (0.0, 7.0), self.theme.muted)) }
    }

    /// One ink line with outward ticks and labels below it; the outer labels stay on the sheet.
    pub fn x_axis(&self, plot: &Plot, ticks: &[(f32, String)], title: &str) -> Drawn<B> {
        let ink = Stroke::solid(self.theme.ink, 1.0);
        self.across(plot.left, plot.right, plot.bottom, ink)?;
        for (value, label) in ticks {
            let x = plot.x_at(*value).min(plot.right - 1.0);
            self.down(x, plot.bottom, plot.bottom + 5.0, ink)?;
            let word = Word::tick(label.as_str(), (hair(x), plot.bottom + 13.0), self.theme.muted);
            let half = word.width() / 2.0;
            let at = (hair(x).min(self.width - half).max(half), word.at.1);
            self.word(&Word { at, ..word }.side(Side::Middle))?;
        }
        if title.is_empty() {
            return Ok(());
        }
        let at = (plot.right, plot.bottom + 28.0);
        self.word(&Word::new(title, at, self.theme.muted).side(Side::Right))
    }
}
