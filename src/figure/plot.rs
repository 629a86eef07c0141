//! Plots: the rectangle that two axes span, where values are in it, and how much of a crowded line is worth drawing.
//! How anything is drawn there is the [`pen`](super::pen)'s.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::Ranged;

use super::axis::Axis;
use super::ink::{Clip, sub};
use super::paper::SUB;
use super::text;
use super::theme::TICK;

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

    /// From edge to edge, in CSS pixels.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    /// From edge to edge, in CSS pixels.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.bottom - self.top
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

    /// The places of a line's points in CSS pixels.
    pub(super) fn places(&self, points: impl IntoIterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
        points.into_iter().map(|(x, y)| self.at(x, y)).collect()
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
        let step = a + (px - self.left) / self.width() * (b - a);
        Some((step.round().max(0.0) as u32).min(now))
    }

    /// Ticks of a step axis: at most `most`, and no more than keep `gap` pixels between labels as wide as the last's.
    pub(super) fn step_ticks(&self, last: u32, gap: f32, most: usize) -> Vec<(f32, String)> {
        let label = text::width(&text::whole(last), TICK, false);
        self.x.ticks(((self.width() / (label + gap)) as usize).clamp(1, most))
    }

    /// Whether a step has a mark, with so many of them over the whole axis.
    pub(super) fn has_mark(&self, step: f32, marks: u32) -> bool {
        (step as u32).is_multiple_of((self.x.ends().1 as u32 / marks).max(1))
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

    #[test]
    fn marks_are_as_many_as_asked_for_over_the_whole_axis() {
        let marks = |last: u32, marks: u32| {
            let plot = Plot::new([0.0, 0.0, 100.0, 100.0], Axis::steps(last), Axis::Linear(0.0, 1.0));
            (1..=last).filter(|step| plot.has_mark(*step as f32, marks)).count()
        };
        assert_eq!([marks(600, 6), marks(600, 12), marks(5, 12)], [6, 12, 5]);
    }
}
