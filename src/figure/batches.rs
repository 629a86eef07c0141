//! Fig. 10: test accuracy over the batch size, both arms, and where batch norm is the worse of the two. Thin lines:
//! the same networks tested with other statistics than the running ones; a phone has no room for them.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, quarters};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::{Label, Room};
use super::plot::Plot;
use super::runs::{NAMES, Of, Row, Spot, draw_rows, still_to_run};
use super::text;
use super::theme::SMALL;
use crate::lab::claim::cell::Cell;
use crate::lab::claim::view::BatchView;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 270 } else { 272 }
}

fn cells(view: &BatchView) -> [&[Cell]; 2] {
    [&view.without, &view.with[0]]
}

/// From 40 % with two classes, from 0 with more or if a median is lower.
fn y_axis(view: &BatchView) -> Axis {
    let medians = cells(view).into_iter().flatten().filter_map(|cell| cell.accuracy().value());
    let least = medians.fold(1.0, f32::min);
    Axis::Linear(if view.chance >= 0.5 && least >= 0.4 { 0.4 } else { 0.0 }, 1.0)
}

fn plot(view: &BatchView, width: f32, height: f32) -> Plot {
    let right = if width < SMALL { 78.0 } else { 104.0 };
    let x = Axis::around(&xs(view), 1.3).unwrap_or(Axis::Log(1.5, 330.0));
    Plot::new([42.0, 25.0, width - right, height - 36.0], x, y_axis(view))
}

fn xs(view: &BatchView) -> Vec<f32> {
    view.sizes.iter().map(|s| *s as f32).collect()
}

fn row<'v>(cells: &'v [Cell], plot: &'v Plot, xs: &'v [f32], arm: usize) -> Row<'v> {
    let (aside, radius) = if plot.width() < 300.0 { (2.5, 2.6) } else { (5.0, 3.2) };
    Row { plot, xs, cells, arm, of: Of::Accuracy, edge: plot.bottom - 7.0, aside, radius }
}

/// What can be picked.
#[must_use]
pub fn spots(view: &BatchView, size: (u32, u32)) -> Vec<Spot> {
    let (plot, xs) = (plot(view, size.0 as f32, size.1 as f32), xs(view));
    let at = |i: usize| format!("batch size {}", view.sizes[i]);
    let spots = |arm: usize| row(cells(view)[arm], &plot, &xs, arm).spots(at);
    [spots(0), spots(1)].concat()
}

/// The stretches, left and right, where batch norm is the worse of the two.
fn worse(view: &BatchView, plot: &Plot) -> Vec<[f32; 2]> {
    let places: Vec<f32> = view.sizes.iter().map(|s| plot.x_at(*s as f32)).collect();
    let middle = |i: usize| (places[i] + places[i + 1]) / 2.0;
    let mut stretches: Vec<[f32; 2]> = Vec::new();
    for i in (0..places.len()).filter(|i| view.worse.get(*i) == Some(&true)) {
        let left = if i == 0 { plot.left } else { middle(i - 1) };
        let right = if i + 1 == places.len() { plot.right } else { middle(i) };
        match stretches.last_mut() {
            Some(last) if last[1] == left => last[1] = right,
            _ => stretches.push([left, right]),
        }
    }
    stretches
}

/// Tint, axes, grid, titles.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &BatchView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    for [left, right] in worse(view, &plot) {
        pen.block([left, plot.top - 3.0, right, plot.bottom], pen.theme.wash)?;
    }
    pen.y_axis(&plot, &quarters(plot.y.ends().0), "test accuracy at the end")?;
    let ticks: Vec<_> = view.sizes.iter().map(|s| (*s as f32, text::whole(*s))).collect();
    pen.x_axis(&plot, &ticks, "batch size")
}

/// The thin lines: dash and name.
const OTHERS: [(Option<(f32, f32)>, &str); 2] =
    [(None, "batch statistics"), (Some((2.0, 2.0)), "exact statistics")];

/// Lines, marks, labels, what is still to run.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &BatchView) -> Drawn<B> {
    let (plot, xs) = (plot(view, pen.width, pen.height), xs(view));
    let rows = [0, 1].map(|arm| row(cells(view)[arm], &plot, &xs, arm));
    let others = match pen.width < SMALL {
        true => Vec::new(),
        false => [1, 2].map(|statistics| row(&view.with[statistics], &plot, &xs, 1)).into(),
    };
    for (row, (dash, _)) in others.iter().zip(OTHERS) {
        row.line(pen, Stroke { dash, ..Stroke::solid(pen.theme.arms[1].line, 1.0) })?;
    }
    draw_rows(pen, &rows)?;
    end_labels(pen, &plot, &rows, &others)?;
    tint_label(pen, view, &plot, &rows)?;
    still_to_run(pen, &plot, &rows)
}

/// The names of the lines at their ends, and what the crosses mean.
fn end_labels<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    rows: &[Row<'_>; 2],
    others: &[Row<'_>],
) -> Drawn<B> {
    let x = plot.right + 6.0;
    let end = |row: &Row<'_>| row.last().map(|share| plot.y_at(share));
    let arm = |row: &Row<'_>| {
        let word = Word::new(NAMES[row.arm], (x, end(row)?), pen.theme.arms[row.arm].line);
        Some(word.bold())
    };
    let other = |(row, (_, name)): (&Row<'_>, (_, &str))| {
        Some(Word::tick(name, (x, end(row)?), pen.theme.arms[1].line))
    };
    let mut labels: Vec<Word> = rows.iter().filter_map(arm).collect();
    labels.extend(others.iter().zip(OTHERS).filter_map(other));
    let crosses = rows.iter().any(|row| row.beyond().0);
    if crosses {
        pen.word(&Word::tick("× diverged", (x, rows[0].edge), pen.theme.muted))?;
    }
    pen.words_apart(labels, 14.0, [plot.top, plot.bottom - if crosses { 23.0 } else { 6.0 }])
}

/// What the tint means, where saying it hides nothing.
fn tint_label<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &BatchView,
    plot: &Plot,
    rows: &[Row<'_>; 2],
) -> Drawn<B> {
    let mut room = Room::new([plot.left + 2.0, plot.top - 2.0, plot.right, plot.bottom - 2.0]);
    for part in rows.iter().flat_map(Row::parts) {
        room.avoid(&plot.places(part));
    }
    rows.iter().flat_map(Row::seed_places).for_each(|at| room.avoid(&[at]));
    for [left, right] in worse(view, plot) {
        let says = ["BN is the worse of the two", "BN is worse", "BN worse"]
            .map(|says| Label::plain(says, pen.theme.muted));
        let fits = says.iter().filter(|l| l.bounds()[2] - l.bounds()[0] + 10.0 <= right - left);
        let heights = [plot.top + 11.0, plot.bottom - 12.0];
        let places = fits.flat_map(|l| heights.map(|y| l.moved((left + 6.0, y), Side::Left)));
        if let Some(label) = room.place_free(places) {
            label.draw(pen, false)?;
        }
    }
    Ok(())
}
