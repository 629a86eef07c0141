//! Fig. 1: loss or accuracy over the steps, both arms.
//!
//! Line: training loss, smoothed in the scale shown; behind it the raw mini-batch loss; marks: the test set. With
//! accuracy the line is the test set. The axes move in whole steps only: never while a run creeps along.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, quarters};
use super::ink::hair;
use super::loss_words::{diverged, end_labels, guess_label, rate_changes, read_out};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::text;
use super::theme::{SMALL, TEXT};
use crate::lab::view::{ArmState, LossView, Measure, Point, Scale};

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 260 } else { 276 }
}

/// The loss of guessing, or its accuracy.
pub(super) fn guessing(view: &LossView) -> f32 {
    let classes = view.classes.max(2) as f32;
    match view.measure {
        Measure::Loss => libm::logf(classes),
        Measure::Accuracy => 1.0 / classes,
    }
}

/// The curve an arm is judged by.
pub(super) fn line_of(view: &LossView, arm: usize) -> &[Point] {
    let arm = &view.arms[arm];
    if view.measure == Measure::Accuracy { &arm.test } else { &arm.smooth }
}

pub(super) fn finite(points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().take_while(|p| p.step.is_finite() && p.value.is_finite())
}

/// All values that should fit on the axis: lines and test marks, not the raw trace.
fn values(view: &LossView) -> Vec<f32> {
    view.arms.iter().flat_map(|a| finite(&a.smooth).chain(finite(&a.test))).map(|p| p.value).collect()
}

/// The smallest of `steps` that is at least `floor` and has room for all but 1 in 30 of the values, which are put in
/// another order.
fn ceiling(values: &mut [f32], floor: f32, steps: &[f32]) -> f32 {
    let high = match (values.len() * 29 / 30).min(values.len().saturating_sub(1)) {
        _ if values.is_empty() => 0.0,
        rank => *values.select_nth_unstable_by(rank, f32::total_cmp).1,
    };
    let last = steps.last().copied().unwrap_or(1.0);
    steps.iter().copied().find(|&s| s >= floor && s >= high).unwrap_or(last)
}

fn y_axis(view: &LossView) -> Axis {
    let mut values = values(view);
    let guess = guessing(view);
    match (view.measure, view.scale) {
        (Measure::Accuracy, _) => {
            let low = values.iter().copied().min_by(f32::total_cmp).unwrap_or(1.0);
            let floor = [0.4, 0.2].into_iter().find(|f| view.classes <= 2 && low >= *f);
            Axis::Linear(floor.unwrap_or(0.0), 1.0)
        }
        (Measure::Loss, Scale::Linear) => {
            let steps = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
            Axis::Linear(0.0, ceiling(&mut values, 1.1 * guess, &steps))
        }
        (Measure::Loss, Scale::Log) => {
            let top = ceiling(&mut values, 2.5 * guess, &[3.0, 10.0, 100.0, 1e3, 1e4]);
            let low = values.iter().copied().filter(|&v| v > 0.0).min_by(f32::total_cmp).unwrap_or(1.0);
            let decade = libm::floorf(libm::log10f(low)).clamp(-6.0, -3.0);
            Axis::Log(libm::powf(10.0, decade), top)
        }
    }
}

/// Where everything goes at a size.
fn plot(view: &LossView, width: f32, height: f32) -> Plot {
    let small = width < SMALL;
    let names = view.arms.iter().map(|a| text::width(&a.name, TEXT, true)).fold(0.0, f32::max);
    let right = if width < 200.0 {
        8.0
    } else {
        f32::max(if small { 74.0 } else { 96.0 }, names.min(0.4 * width) + 12.0)
    };
    let bottom = if small { 24.0 } else { 36.0 };
    let edges = [40.0, 27.0, width - right, height - bottom];
    Plot::new(edges, Axis::steps(view.last_step), y_axis(view))
}

/// The step under a horizontal place, for the linked read-out.
#[must_use]
pub fn step_at(view: &LossView, size: (u32, u32), x: f32) -> Option<u32> {
    plot(view, size.0 as f32, size.1 as f32).step_at(x, view.step)
}

/// Steps between two test marks: the same multiple of the measuring interval for both arms.
fn marks_apart(view: &LossView, plot: &Plot, width: f32) -> Option<u32> {
    let interval = view.arms.iter().find_map(|arm| {
        let [.., a, b] = arm.test.as_slice() else { return None };
        Some(b.step - a.step).filter(|d| *d >= 1.0)
    })?;
    let per_step = plot.width() / view.last_step.max(1) as f32;
    let apart = if width < SMALL { 15.0 } else { 11.0 };
    let times = [1.0_f32, 2.0, 4.0, 5.0, 10.0, 20.0, 40.0, 50.0, 100.0];
    let times = times.iter().copied().find(|t| t * interval * per_step >= apart).unwrap_or(200.0);
    Some((times * interval) as u32)
}

/// Axes, grid, titles, the guessing line.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let small = pen.width < SMALL;
    let title = match view.measure {
        Measure::Loss => "cross-entropy loss",
        Measure::Accuracy => "test accuracy",
    };
    pen.y_axis(&plot, &y_ticks(view, &plot), title)?;
    pen.x_axis(&plot, &plot.step_ticks(view.last_step, 14.0, 5), if small { "" } else { "step" })?;
    if view.message.is_some() {
        return Ok(());
    }
    pen.guessing(&plot, guessing(view))
}

fn y_ticks(view: &LossView, plot: &Plot) -> Vec<(f32, String)> {
    let fit = ((plot.height() / 22.0) as usize).max(2);
    if view.measure == Measure::Loss {
        return plot.y.ticks(fit.min(7));
    }
    quarters(plot.y.ends().0)
}

/// Curves, marks, labels, the read-out.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    if let Some(message) = &view.message {
        let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
        return pen.word_on_paper(&Word::new(message.as_str(), middle, pen.theme.muted).side(Side::Middle));
    }
    rate_changes(pen, view, &plot)?;
    if let Some(ghost) = &view.ghost {
        for (arm, points) in ghost.iter().enumerate() {
            let dash = (arm == 0).then_some((4.0, 3.0));
            let stroke = Stroke { dash, ..Stroke::solid(pen.theme.arms[arm].raw, 1.0) };
            pen.curve(&plot, finite(points).map(|p| (p.step, p.value)), stroke)?;
        }
    }
    if view.measure == Measure::Loss {
        for (arm, curve) in view.arms.iter().enumerate() {
            let stroke = Stroke::solid(pen.theme.arms[arm].raw, 1.0);
            pen.curve(&plot, finite(&curve.raw).map(|p| (p.step, p.value)), stroke)?;
        }
    }
    guess_label(pen, view, &plot)?;
    for arm in 0..2 {
        let stroke = Stroke::arm(pen.theme, arm, 2.0);
        pen.curve(&plot, way_out(view, arm, &plot).into_iter(), stroke)?;
    }
    for arm in 0..2 {
        test_marks(pen, view, arm, &plot)?;
    }
    diverged(pen, view, &plot)?;
    end_labels(pen, view, &plot)?;
    read_out(pen, view, &plot)
}

/// An arm's line; if it diverged, the line leaves through the top where it did.
fn way_out(view: &LossView, arm: usize, plot: &Plot) -> Vec<(f32, f32)> {
    let mut line: Vec<_> = finite(line_of(view, arm)).map(|p| (p.step, p.value)).collect();
    if let (ArmState::Diverged(step), Measure::Loss, Some(last)) =
        (view.arms[arm].state, view.measure, line.last())
    {
        let top = plot.y.ends().1;
        let beyond = if matches!(plot.y, Axis::Log(..)) { top * 10.0 } else { top * 2.0 };
        line.push((last.0.max(step as f32), beyond));
    }
    line
}

fn test_marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, arm: usize, plot: &Plot) -> Drawn<B> {
    let Some(every) = marks_apart(view, plot, pen.width) else { return Ok(()) };
    let radius = if pen.width < SMALL { 2.0 } else { 2.4 };
    for p in finite(&view.arms[arm].test) {
        if p.step < 1.0 || !(p.step as u32).is_multiple_of(every) {
            continue;
        }
        let (x, y) = plot.at(p.step, p.value);
        if y < plot.top - 2.0 {
            pen.above(arm, (x, plot.top - 1.0))?;
        } else {
            pen.mark(arm, (x, y.min(plot.bottom)), radius)?;
        }
    }
    Ok(())
}

/// The line sample and mark of an arm, 38 by 12 pixels, for the score table.
pub fn legend<B: DrawingBackend>(pen: &Pen<'_, B>, arm: usize) -> Drawn<B> {
    let y = hair(pen.height / 2.0) - 0.5;
    pen.line(&[(0.0, y), (pen.width, y)], Stroke::arm(pen.theme, arm, 2.0))?;
    pen.mark(arm, (pen.width / 2.0, y), 3.6)
}
