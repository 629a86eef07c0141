//! The drawing hand: lines, marks and words in CSS pixels or in a plot's own values, put down as plotters elements.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle};
use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::ink::{hair, spread, sub};
use super::mark::Picture;
pub use super::mark::{Curve, Side, Stroke, Word};
use super::paper::{Bitmap, Paper};
use super::plot::Plot;
use super::theme::{SANS, Theme};

/// What drawing returns.
pub type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

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
        let mut finite = points.take_while(|p| p.0.is_finite() && p.1.is_finite());
        // What is narrower than the line itself is hidden in it.
        self.curve_through(plot, plot.extremes(stroke.width.max(1.0), &mut finite), stroke)
    }

    fn curve_through(&self, plot: &Plot, points: Vec<(f32, f32)>, stroke: Stroke) -> Drawn<B> {
        let area = self.area.apply_coord_spec(plot.coord());
        area.draw(&Curve { points, stroke, clip: Some(plot.clip()) })
    }

    /// The area between two curves in a plot's values: x, low, high; values beyond the axis lie on its edge.
    pub fn band(&self, plot: &Plot, points: &[(f32, f32, f32)], color: RGBColor) -> Drawn<B> {
        let (low, high) = plot.y.ends();
        let inside = |v: f32| v.max(low).min(high);
        let finite = |p: &&(f32, f32, f32)| p.0.is_finite() && p.1.is_finite() && p.2.is_finite();
        let ok = plot.widest(1.0, &mut points.iter().take_while(finite).copied());
        if ok.len() < 2 {
            return Ok(());
        }
        let mut corners: Vec<(f32, f32)> = ok.iter().map(|p| (p.0, inside(p.2))).collect();
        corners.extend(ok.iter().rev().map(|p| (p.0, inside(p.1))));
        let area: DrawingArea<_, plotters::coord::cartesian::Cartesian2d<Axis, Axis>> =
            self.area.apply_coord_spec(plot.coord());
        area.draw(&Polygon::new(corners, color))
    }

    /// Low, middle and high over the steps: a band, its two edges, and the line in the middle.
    pub(super) fn percentiles(
        &self,
        plot: &Plot,
        points: &[(f32, [f32; 3])],
        wash: RGBColor,
        [edge, middle]: [Stroke; 2],
    ) -> Drawn<B> {
        let band: Vec<_> = points.iter().map(|(step, [low, _, high])| (*step, *low, *high)).collect();
        self.band(plot, &band, wash)?;
        for (which, stroke) in [(0, edge), (2, edge), (1, middle)] {
            self.curve(plot, points.iter().map(|(step, values)| (*step, values[which])), stroke)?;
        }
        Ok(())
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

    /// A bar of an arm's: its wash in a frame of its line.
    pub(super) fn bar(&self, arm: usize, edges: [f32; 4]) -> Drawn<B> {
        let tones = self.theme.arms[arm];
        self.block(edges, tones.wash)?;
        self.frame(edges, tones.line)
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

    /// A circle's line around paper, over whatever lies there.
    pub(super) fn hollow(&self, at: (f32, f32), radius: f32, width: f32, color: impl Color) -> Drawn<B> {
        self.disc(at, radius, self.theme.paper)?;
        self.ring(at, radius, width, color)
    }

    /// An arm's mark: a hollow circle without, a filled one with.
    pub fn mark(&self, arm: usize, at: (f32, f32), radius: f32) -> Drawn<B> {
        let line = self.theme.arms[arm].line;
        if arm == 0 {
            return self.hollow(at, radius, 1.5, line);
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

    /// Words one below the other: each at its own height, or as near as `gap` between any two and the ends allow.
    pub(super) fn words_apart(&self, words: Vec<Word>, gap: f32, [low, high]: [f32; 2]) -> Drawn<B> {
        let wanted: Vec<f32> = words.iter().map(|word| word.at.1).collect();
        for (word, y) in words.into_iter().zip(spread(&wanted, gap, low, high)) {
            self.word(&Word { at: (word.at.0, y), ..word })?;
        }
        Ok(())
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

    /// The dotted line of what guessing gets.
    pub(super) fn guessing(&self, plot: &Plot, value: f32) -> Drawn<B> {
        self.across(plot.left, plot.right, plot.y_at(value), Stroke::dotted(self.theme.quiet))
    }

    /// A quiet line along the bottom, where the x axis is that of another plot below.
    pub(super) fn foot(&self, plot: &Plot) -> Drawn<B> {
        self.across(plot.left, plot.right, plot.bottom, Stroke::solid(self.theme.rule, 1.0))
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
