//! What the figures of sweeps share: a median line over cells with a mark per seed, crosses for runs that
//! diverged, and the spots that can be picked.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Stroke, Word};
use super::place::Bounds;
use super::plot::Plot;
use super::text;
use crate::lab::claim::cell::{Cell, End, Median};
use crate::lab::claim::words;

/// The arms of every sweep.
pub const NAMES: [&str; 2] = ["without BN", "with BN"];

/// A mark that stands for one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Place of its job in the sweep.
    pub job: usize,
    /// Where it is, in CSS pixels.
    pub bounds: Bounds,
    /// What it says, for a button of its own.
    pub says: String,
}

/// How far from a mark a finger may come down, in CSS pixels.
const REACH: f32 = 14.0;

/// The job of the spot under or nearest to a place.
#[must_use]
pub fn hit(spots: &[Spot], x: f32, y: f32) -> Option<usize> {
    let middle = |s: &Spot| {
        (((s.bounds[0] + s.bounds[2]) / 2.0 - x).powi(2) + ((s.bounds[1] + s.bounds[3]) / 2.0 - y).powi(2))
            .sqrt()
    };
    let out = |s: &Spot| {
        let [left, top, right, bottom] = s.bounds;
        let dx = (left - x).max(x - right).max(0.0);
        let dy = (top - y).max(y - bottom).max(0.0);
        (dx * dx + dy * dy).sqrt()
    };
    if !(x.is_finite() && y.is_finite()) {
        return None;
    }
    let near = spots.iter().filter(|s| out(s) <= REACH);
    near.min_by(|a, b| out(a).total_cmp(&out(b)).then(middle(a).total_cmp(&middle(b)))).map(|s| s.job)
}

/// Which number of a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Test loss.
    Loss,
    /// Test accuracy.
    Accuracy,
}

impl Of {
    fn end(self, end: &End) -> Option<f32> {
        let value = if self == Self::Loss { end.loss } else { end.accuracy };
        value.filter(|v| v.is_finite())
    }

    pub(super) fn cell(self, cell: &Cell) -> Median {
        if self == Self::Loss { cell.loss() } else { cell.accuracy() }
    }
}

/// A run's number in words.
pub(super) fn says(end: &End, of: Of) -> String {
    match (of, of.end(end)) {
        (_, None) => "diverged".into(),
        (Of::Loss, Some(loss)) => format!("test loss {}", words::number(loss)),
        (Of::Accuracy, Some(share)) => format!("test accuracy {}", text::percent(share)),
    }
}

/// The run that stands for a cell: its median, or the nearest to it.
pub(super) fn typical(cell: &Cell, of: Of) -> Option<&End> {
    let median = of.cell(cell).value();
    let off = |end: &&End| match (median, of.end(end)) {
        (Some(m), Some(v)) => (v - m).abs(),
        (None, None) => 0.0,
        _ => f32::INFINITY,
    };
    cell.ends.iter().min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// A row of cells over a plot's x axis.
pub(super) struct Row<'v> {
    pub(super) plot: &'v Plot,
    /// Where each cell stands.
    pub(super) xs: &'v [f32],
    pub(super) cells: &'v [Cell],
    /// 0 without, 1 with.
    pub(super) arm: usize,
    pub(super) of: Of,
    /// Height of the crosses of diverged runs: the bad end of the plot.
    pub(super) edge: f32,
    /// How far the seeds stand to the side, so that the arms do not hide each other.
    pub(super) aside: f32,
    /// Radius of the medians' marks.
    pub(super) radius: f32,
}

impl Row<'_> {
    fn each(&self) -> impl Iterator<Item = (f32, &Cell)> {
        self.xs.iter().copied().zip(self.cells)
    }

    fn aside(&self) -> f32 {
        if self.arm == 0 { -self.aside } else { self.aside }
    }

    /// The medians' places on the axis and their values, in the parts that lie between gaps (to run, diverged).
    pub(super) fn parts(&self) -> Vec<Vec<(f32, f32)>> {
        let mut parts = vec![Vec::new()];
        for (x, cell) in self.each() {
            match (self.of.cell(cell), parts.last_mut()) {
                (Median::At(value), Some(part)) => part.push((x, value)),
                (_, Some(part)) if !part.is_empty() => parts.push(Vec::new()),
                _ => {}
            }
        }
        parts
    }

    /// The last of the medians.
    pub(super) fn last(&self) -> Option<f32> {
        Some(self.parts().into_iter().flatten().next_back()?.1)
    }

    /// The line through the medians.
    pub(super) fn line<B: DrawingBackend>(&self, pen: &Pen<'_, B>, stroke: Stroke) -> Drawn<B> {
        self.parts().into_iter().try_for_each(|part| pen.curve(self.plot, part.into_iter(), stroke))
    }

    /// One faint mark per seed; a small cross for a seed that diverged where the median did not.
    pub(super) fn seeds<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
        let tones = pen.theme.arms[self.arm];
        for (x, cell) in self.each() {
            for end in &cell.ends {
                let at = self.place(x, end);
                match self.of.end(end) {
                    None if self.of.cell(cell) == Median::Diverged => {}
                    None => pen.cross(at, 4.0, 1.0, tones.line)?,
                    Some(_) if at.1 == self.edge => {}
                    Some(_) if self.arm == 0 => pen.ring(at, 2.2, 1.0, tones.line.mix(0.55))?,
                    Some(_) => pen.disc(at, 2.2, tones.line.mix(0.4))?,
                }
            }
        }
        Ok(())
    }

    /// The arm's mark at every median; a cross where it diverged, a triangle where it is off the axis.
    pub(super) fn medians<B: DrawingBackend>(&self, pen: &Pen<'_, B>) -> Drawn<B> {
        for (x, cell) in self.each() {
            let at = self.plot.at(x, 1.0);
            let beside = (at.0 + self.aside(), self.edge);
            match self.of.cell(cell) {
                Median::ToRun => {}
                Median::Diverged => pen.cross(beside, 7.0, 1.6, pen.theme.arms[self.arm].line)?,
                Median::At(value) if self.is_off(value) => {
                    pen.above(self.arm, (beside.0, self.edge - 3.0))?;
                }
                Median::At(value) => pen.mark(self.arm, self.plot.at(x, value), self.radius)?,
            }
        }
        Ok(())
    }

    fn is_off(&self, value: f32) -> bool {
        let (low, high) = self.plot.y.ends();
        !(value >= low && value <= high)
    }

    /// Whether any median diverged, and whether any is off the axis.
    pub(super) fn beyond(&self) -> (bool, bool) {
        let medians = || self.cells.iter().map(|cell| self.of.cell(cell));
        let off = |m: Median| m.value().is_some_and(|v| self.is_off(v));
        (medians().any(|m| m == Median::Diverged), medians().any(off))
    }

    /// Where a seed's mark is.
    fn place(&self, x: f32, end: &End) -> (f32, f32) {
        let value = self.of.end(end).filter(|v| !self.is_off(*v));
        let (px, py) = self.plot.at(x, value.unwrap_or(1.0));
        (px + self.aside(), if value.is_some() { py } else { self.edge })
    }

    /// Where the seeds' marks are.
    pub(super) fn seed_places(&self) -> Vec<(f32, f32)> {
        self.each().flat_map(|(x, cell)| cell.ends.iter().map(move |end| self.place(x, end))).collect()
    }

    /// What can be picked: every seed's mark. `at` names a cell's place on the axis.
    pub(super) fn spots(&self, at: impl Fn(usize) -> String) -> Vec<Spot> {
        let mut spots = Vec::new();
        for (i, (x, cell)) in self.each().enumerate() {
            for end in &cell.ends {
                let (x, y) = self.place(x, end);
                let says = format!("{}, {}: {}", NAMES[self.arm], at(i), says(end, self.of));
                spots.push(Spot { job: end.job, bounds: [x - 4.0, y - 4.0, x + 4.0, y + 4.0], says });
            }
        }
        spots
    }
}

/// Both arms' rows: the seeds, over them the lines, over them the medians.
pub(super) fn draw_rows<B: DrawingBackend>(pen: &Pen<'_, B>, rows: &[Row<'_>; 2]) -> Drawn<B> {
    rows.iter().try_for_each(|row| row.seeds(pen))?;
    rows.iter().try_for_each(|row| row.line(pen, Stroke::arm(pen.theme, row.arm, 2.0)))?;
    rows.iter().try_for_each(|row| row.medians(pen))
}

/// Two numbers at the right of a plot, each in its arm's colour: where they belong, and what they say.
pub(super) fn end_values<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    values: &[Option<(f32, String)>; 2],
) -> Drawn<B> {
    let word = |(arm, value): (usize, &Option<(f32, String)>)| {
        let (value, says) = value.as_ref()?;
        let at = (plot.right + 6.0, plot.y_at(*value));
        Some(Word::new(says.as_str(), at, pen.theme.arms[arm].line).bold())
    };
    let words = values.iter().enumerate().filter_map(word).collect();
    pen.words_apart(words, 14.0, [plot.top, plot.bottom])
}

/// Hollow grey marks on a plot's x axis where runs of any row are still to come, and the words for them under its
/// left end.
pub(super) fn still_to_run<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    rows: &[Row<'_>; 2],
) -> Drawn<B> {
    let partial = |i: usize| rows.iter().any(|row| row.cells.get(i).is_none_or(Cell::is_partial));
    let mut any = false;
    for (_, x) in rows[0].xs.iter().enumerate().filter(|(i, _)| partial(*i)) {
        waiting(pen, (plot.x_at(*x), plot.bottom + 0.5))?;
        any = true;
    }
    if any { still_words(pen, (plot.left, plot.bottom + 28.0)) } else { Ok(()) }
}

/// One hollow grey mark.
pub(super) fn waiting<B: DrawingBackend>(pen: &Pen<'_, B>, at: (f32, f32)) -> Drawn<B> {
    pen.hollow(at, 3.0, 1.0, pen.theme.quiet)
}

/// "○ still to run", the mark drawn.
pub(super) fn still_words<B: DrawingBackend>(pen: &Pen<'_, B>, (x, y): (f32, f32)) -> Drawn<B> {
    waiting(pen, (x + 3.5, y))?;
    pen.word(&Word::tick("still to run", (x + 11.0, y), pen.theme.muted))
}
