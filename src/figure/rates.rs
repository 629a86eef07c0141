//! Fig. 8: the final test loss over the learning rate, both arms; on top, as bars, the rates that train.
//! The bars are in `range_bars`.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::range_bars;
use super::runs::{Of, Row, Spot, draw_rows, still_to_run};
use super::text;
use super::theme::SMALL;
use crate::lab::claim::view::RatesView;
use crate::lab::claim::words;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 306 } else { 336 }
}

/// The upper end of the axis: losses above it are marked, not drawn.
const TOP: f32 = 12.0;

/// Whole decades from the smallest median down, at least to 0.004.
fn y_axis(view: &RatesView) -> Axis {
    let medians = view.arms.iter().flatten().filter_map(|cell| cell.loss().value());
    let least = medians.filter(|v| *v > 0.0).fold(1.0, f32::min);
    let mut low = 0.004;
    while low > least && low > 1e-6 {
        low /= 10.0;
    }
    Axis::Log(low, TOP)
}

fn x_axis(view: &RatesView) -> Axis {
    Axis::around(&view.rates, 1.25).unwrap_or(Axis::Log(8e-4, 40.0))
}

fn plot(view: &RatesView, width: f32, height: f32) -> Plot {
    let edges = if width < SMALL {
        [38.0, 92.0, width - 10.0, height - 36.0]
    } else {
        [40.0, 76.0, width - 104.0, height - 38.0]
    };
    Plot::new(edges, x_axis(view), y_axis(view))
}

fn row<'v>(view: &'v RatesView, plot: &'v Plot, small: bool, arm: usize) -> Row<'v> {
    let (aside, radius) = if small { (2.0, 2.4) } else { (3.5, 3.2) };
    Row {
        plot,
        xs: &view.rates,
        cells: &view.arms[arm],
        arm,
        of: Of::Loss,
        edge: plot.top - if small { 7.0 } else { 9.0 },
        aside,
        radius,
    }
}

/// What can be picked.
#[must_use]
pub fn spots(view: &RatesView, size: (u32, u32)) -> Vec<Spot> {
    let plot = plot(view, size.0 as f32, size.1 as f32);
    let at = |i: usize| format!("{} {}", view.axis, words::rate(view.rates[i]));
    (0..2).flat_map(|arm| row(view, &plot, (size.0 as f32) < SMALL, arm).spots(at)).collect()
}

/// Axes, grid, titles, guessing.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &RatesView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let small = pen.width < SMALL;
    pen.y_axis(&plot, &plot.y.ticks(6), "")?;
    let title = if small { "test loss" } else { "final test loss" };
    let title = Word::new(title, (0.0, plot.top - if small { 21.0 } else { 24.0 }), pen.theme.muted);
    pen.word(&title)?;
    // Room for "still to run" at the left of a long title.
    let axis = if small { view.axis.replace("learning rate of", "rate of") } else { view.axis.into() };
    pen.x_axis(&plot, &plot.x.ticks(if small { 5 } else { 8 }), &axis)?;
    if view.guessing.is_nan() || view.guessing <= 0.0 {
        return Ok(());
    }
    pen.guessing(&plot, view.guessing)?;
    if !small {
        let at = (pen.width, plot.y_at(view.guessing));
        return pen
            .word(&Word::tick(text::guessing_loss(view.guessing), at, pen.theme.muted).side(Side::Right));
    }
    // No room beside the line: a sample of it in the row of the title.
    let (left, y) = (title.width() + 16.0, title.at.1);
    pen.across(left, left + 18.0, y, Stroke::dotted(pen.theme.quiet))?;
    pen.word(&Word::tick("guessing", (left + 22.0, y), pen.theme.muted))
}

/// Lines, marks, bars, what is still to run.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &RatesView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let small = pen.width < SMALL;
    let rows = [0, 1].map(|arm| row(view, &plot, small, arm));
    draw_rows(pen, &rows)?;
    beyond(pen, &plot, &rows)?;
    range_bars::draw(pen, view, &plot)?;
    still_to_run(pen, &plot, &rows)
}

/// What the marks above the plot mean, where there are any.
fn beyond<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, rows: &[Row<'_>; 2]) -> Drawn<B> {
    let beyond = rows.each_ref().map(Row::beyond);
    let says = [
        (beyond.iter().any(|b| b.0), "× diverged".to_string()),
        (beyond.iter().any(|b| b.1), format!("▲ above {}", text::plain(TOP))),
    ];
    let mut at = match pen.width < SMALL {
        true => (plot.right, plot.top - 21.0),
        false => (pen.width, rows[0].edge),
    };
    for (_, says) in says.into_iter().filter(|(any, _)| *any) {
        let word = Word::tick(says, at, pen.theme.muted).side(Side::Right);
        pen.word(&word)?;
        // On a phone one beside the other, else one above the other.
        at = if pen.width < SMALL { (word.bounds()[0] - 10.0, at.1) } else { (at.0, at.1 - 14.0) };
    }
    Ok(())
}
