//! Axes: value ranges as plotters coordinates, their ticks, and the rectangle they span.

use std::ops::Range;

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use super::ink::{Clip, sub};
use super::paper::SUB;
use super::text;

/// A range of values on a linear or a logarithmic scale. It maps any number, finite or not, to a place not farther
/// away than eight times its length, so that nothing overflows; clipping is the curve's business.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    /// From, to.
    Linear(f32, f32),
    /// From, to; both more than 0.
    Log(f32, f32),
}

impl Axis {
    /// 0 to the last step.
    #[must_use]
    pub fn steps(last: u32) -> Self {
        Self::Linear(0.0, last.max(1) as f32)
    }

    /// Whole decades.
    #[must_use]
    pub fn decades(low: i32, high: i32) -> Self {
        Self::Log(libm::powf(10.0, low as f32), libm::powf(10.0, high as f32))
    }

    /// Where a value lies: 0 at the start, 1 at the end.
    #[must_use]
    pub fn share(&self, value: f32) -> f64 {
        let value = f64::from(value);
        let t = match *self {
            Self::Linear(a, b) => (value - f64::from(a)) / (f64::from(b) - f64::from(a)),
            Self::Log(a, b) => {
                let (a, b) = (libm::log(f64::from(a)), libm::log(f64::from(b)));
                if value > 0.0 { (libm::log(value) - a) / (b - a) } else { -8.0 }
            }
        };
        if t.is_nan() { 0.0 } else { t.clamp(-8.0, 9.0) }
    }

    /// The ends.
    #[must_use]
    pub fn ends(&self) -> (f32, f32) {
        match *self {
            Self::Linear(a, b) | Self::Log(a, b) => (a, b),
        }
    }

    /// Ticks with labels: at most about `most` of them, at round values.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<(f32, String)> {
        match *self {
            Self::Linear(a, b) => linear_ticks(a, b, most),
            Self::Log(a, b) => decade_ticks(a, b, most),
        }
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f32;

    fn map(&self, value: &f32, limit: (i32, i32)) -> i32 {
        let length = f64::from(limit.1) - f64::from(limit.0);
        (f64::from(limit.0) + self.share(*value) * length).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f32> {
        self.ticks(hint.max_num_points()).into_iter().map(|(value, _)| value).collect()
    }

    fn range(&self) -> Range<f32> {
        let (a, b) = self.ends();
        a..b
    }
}

fn linear_ticks(a: f32, b: f32, most: usize) -> Vec<(f32, String)> {
    let span = f64::from(b) - f64::from(a);
    if !(span > 0.0 && span.is_finite()) || most == 0 {
        return Vec::new();
    }
    let rough = span / most as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough) + 1e-9));
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * power).find(|s| *s >= 0.999 * rough);
    let Some(step) = step else { return Vec::new() };
    let (first, last) = (libm::ceil(f64::from(a) / step - 1e-6), libm::floor(f64::from(b) / step + 1e-6));
    (0..=(last - first).clamp(0.0, 100.0) as u32)
        .map(|i| (first + f64::from(i)) * step)
        .map(|v| (v as f32, if v >= 1000.0 { text::whole(v as u32) } else { text::plain(v as f32) }))
        .collect()
}

fn decade_ticks(a: f32, b: f32, most: usize) -> Vec<(f32, String)> {
    if !(a > 0.0 && b > a && b.is_finite()) || most == 0 {
        return Vec::new();
    }
    let first = libm::ceil(libm::log10(f64::from(a)) - 1e-6) as i32;
    let last = libm::floor(libm::log10(f64::from(b)) + 1e-6) as i32;
    let every = ((last - first).max(0) as usize + 1).div_ceil(most).max(1);
    (first..=last).step_by(every).map(|e| (libm::powf(10.0, e as f32), text::decade(e))).collect()
}

/// The rectangle two axes span, in CSS pixels, with plotters' coordinate system for it.
pub struct Plot {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Bottom edge, where the x axis is drawn.
    pub bottom: f32,
    /// Horizontal.
    pub x: Axis,
    /// Vertical, upwards.
    pub y: Axis,
}

impl Plot {
    /// Edges left, top, right, bottom; at least one pixel remains.
    #[must_use]
    pub fn new([left, top, right, bottom]: [f32; 4], x: Axis, y: Axis) -> Self {
        Self { left, top, right: right.max(left + 1.0), bottom: bottom.max(top + 1.0), x, y }
    }

    /// plotters' coordinate system from values to sub-units.
    #[must_use]
    pub fn coord(&self) -> Cartesian2d<Axis, Axis> {
        Cartesian2d::new(self.x, self.y, (sub(self.left)..sub(self.right), sub(self.bottom)..sub(self.top)))
    }

    /// A value's place in CSS pixels.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = self.coord().translate(&(x, y));
        (x as f32 / SUB as f32, y as f32 / SUB as f32)
    }

    /// Across, in CSS pixels.
    #[must_use]
    pub fn x_at(&self, x: f32) -> f32 {
        self.x.map(&x, (sub(self.left), sub(self.right))) as f32 / SUB as f32
    }

    /// Down, in CSS pixels, kept inside the plot.
    #[must_use]
    pub fn y_at(&self, y: f32) -> f32 {
        let y = self.y.map(&y, (sub(self.bottom), sub(self.top))) as f32 / SUB as f32;
        y.clamp(self.top, self.bottom)
    }

    /// Of a line to the right, at most the lowest and the highest point of each column of `grain` pixels, in the order
    /// they came, and its two ends: more of them side by side give the same ink at a multiple of the price.
    #[must_use]
    pub fn extremes(&self, grain: f32, points: &mut dyn Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
        let mut kept: Vec<(f32, f32)> = Vec::new();
        let (mut column, mut first, mut end) = (None, 1, None);
        for point in points {
            let this = Some(libm::floorf(self.x_at(point.0) / grain) as i32);
            if column != this {
                // The very first point stays, whatever comes in its column.
                (column, first) = (this, kept.len().max(1));
            }
            kept.push(point);
            end = Some(point);
            if kept.len() == first + 3 {
                // Of three, the one between the two others in height adds nothing.
                let [a, b, c] = [kept[first].1, kept[first + 1].1, kept[first + 2].1];
                let is_between = |v: f32, low: f32, high: f32| low <= v && v <= high || high <= v && v <= low;
                let between = if is_between(a, b, c) { 0 } else { 1 + usize::from(!is_between(b, a, c)) };
                kept.remove(first + between);
            }
        }
        if kept.last() != end.as_ref() {
            kept.extend(end);
        }
        kept
    }

    /// Of a band (x, low, high), one point for each column of `grain` pixels, as wide as the widest there.
    #[must_use]
    pub fn widest(
        &self,
        grain: f32,
        points: &mut dyn Iterator<Item = (f32, f32, f32)>,
    ) -> Vec<(f32, f32, f32)> {
        let mut kept: Vec<(f32, f32, f32)> = Vec::new();
        let mut column = None;
        for point in points {
            let this = Some(libm::floorf(self.x_at(point.0) / grain) as i32);
            match kept.last_mut() {
                Some(last) if column == this => {
                    *last = (last.0, last.1.min(point.1), last.2.max(point.2));
                }
                _ => kept.push(point),
            }
            column = this;
        }
        kept
    }

    /// The step under a pixel column, for linear axes; `None` outside (with some slack).
    #[must_use]
    pub fn step_at(&self, px: f32, now: u32) -> Option<u32> {
        let (a, b) = self.x.ends();
        if !(px >= self.left - 6.0 && px <= self.right + 6.0) {
            return None;
        }
        let step = a + (px - self.left) / (self.right - self.left) * (b - a);
        Some((step.round().max(0.0) as u32).min(now))
    }

    /// What curves are cut to: the plot, one line width wider so that a line along an edge keeps its width.
    #[must_use]
    pub fn clip(&self) -> Clip {
        Clip {
            left: sub(self.left - 1.0),
            top: sub(self.top - 1.0),
            right: sub(self.right + 1.0),
            bottom: sub(self.bottom + 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(Axis::steps(500), 5), ["0", "100", "200", "300", "400", "500"]);
        assert_eq!(labels(Axis::steps(2000), 5).len(), 5);
        assert_eq!(labels(Axis::Linear(-3.0, 2.0), 5), ["−3", "−2", "−1", "0", "1", "2"]);
        assert_eq!(labels(Axis::Log(0.001, 3.0), 8), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(
            labels(Axis::decades(-12, 3), 8),
            ["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100"]
        );
        assert!(labels(Axis::Linear(1.0, 1.0), 5).is_empty());
        assert!(labels(Axis::Log(0.0, f32::NAN), 5).is_empty());
    }

    #[test]
    fn every_number_has_a_place() {
        for axis in [Axis::Linear(0.0, 1.0), Axis::Log(1e-3, 3.0), Axis::Linear(0.0, 0.0)] {
            for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -1.0, f32::MAX, f32::MIN_POSITIVE]
            {
                assert!(axis.map(&value, (0, 8000)).abs() <= 72_000, "{axis:?} {value}");
            }
        }
        assert_eq!(Axis::Log(0.01, 1.0).map(&0.1, (0, 800)), 400);
        assert_eq!(Axis::Linear(0.0, 500.0).map(&125.0, (0, 800)), 200);
    }

    #[test]
    fn a_crowded_column_keeps_its_extremes_and_a_sparse_line_all_its_points() {
        let plot = Plot::new([40.0, 20.0, 140.0, 120.0], Axis::steps(1_000_000), Axis::Linear(-1.0, 1.0));
        let wave = |k: u32| (k as f32, if k == 777_777 { 1.0 } else { (k % 7) as f32 / 10.0 });
        let kept = plot.extremes(1.0, &mut (0..=1_000_000).step_by(11).map(wave));
        assert!(kept.len() <= 2 * 101 + 2, "{}", kept.len());
        assert!(kept.contains(&(777_777.0, 1.0)), "the spike is gone");
        assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let sparse: Vec<_> = (0..150).map(|k| wave(6667 * k)).collect();
        assert_eq!(plot.extremes(1.0, &mut sparse.iter().copied()), sparse);
        let band = plot.widest(1.0, &mut (0..1_000_000).map(|k| (k as f32, -wave(k).1, wave(k).1)));
        assert!(band.len() <= 101 && band.iter().any(|b| b.1 == -1.0 && b.2 == 1.0), "{}", band.len());
    }

    #[test]
    fn a_pixel_names_its_step() {
        let plot = Plot::new([40.0, 20.0, 140.0, 120.0], Axis::steps(500), Axis::Linear(0.0, 1.0));
        assert_eq!(plot.step_at(90.0, 500), Some(250));
        assert_eq!(plot.step_at(90.0, 100), Some(100));
        assert_eq!(plot.step_at(10.0, 500), None);
        assert_eq!(plot.step_at(f32::NAN, 500), None);
    }
}
