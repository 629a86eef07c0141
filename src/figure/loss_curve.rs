//! Fig. 1: loss or accuracy over the steps, both arms.
//!
//! Line: training loss, smoothed in the scale shown; behind it the raw mini-batch loss; marks: the test set. With
//! accuracy the line is the test set. The axes move in whole steps only: never while a run creeps along.

use plotters::style::{Color, RGBColor};
use plotters_backend::DrawingBackend;

use super::axis::{Axis, Plot};
use super::ink::{hair, spread};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::text;
use super::theme::{TEXT, TICK};
use crate::lab::view::{ArmState, CurveView, LossView, Measure, Point, Scale};

/// Figures narrower than this leave out what a phone has no room for.
pub const SMALL: f32 = 480.0;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 260 } else { 276 }
}

/// The loss of guessing, or its accuracy.
fn guessing(view: &LossView) -> f32 {
    let classes = view.classes.max(2) as f32;
    match view.measure {
        Measure::Loss => libm::logf(classes),
        Measure::Accuracy => 1.0 / classes,
    }
}

/// The curve an arm is judged by.
fn line_of(view: &LossView, arm: usize) -> &[Point] {
    let arm = &view.arms[arm];
    if view.measure == Measure::Accuracy { &arm.test } else { &arm.smooth }
}

fn finite(points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().take_while(|p| p.step.is_finite() && p.value.is_finite())
}

/// All values that should fit on the axis: lines and test marks, not the raw trace; sorted.
fn values(view: &LossView) -> Vec<f32> {
    let mut all: Vec<f32> =
        view.arms.iter().flat_map(|a| finite(&a.smooth).chain(finite(&a.test))).map(|p| p.value).collect();
    all.sort_by(f32::total_cmp);
    all
}

/// The smallest of `steps` that is at least `floor` and has room for all but 1 in 30 of the values.
fn ceiling(sorted: &[f32], floor: f32, steps: &[f32]) -> f32 {
    let high =
        sorted.get((sorted.len() * 29 / 30).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0);
    let last = steps.last().copied().unwrap_or(1.0);
    steps.iter().copied().find(|&s| s >= floor && s >= high).unwrap_or(last)
}

fn y_axis(view: &LossView) -> Axis {
    let sorted = values(view);
    let guess = guessing(view);
    match (view.measure, view.scale) {
        (Measure::Accuracy, _) => {
            let low = sorted.first().copied().unwrap_or(1.0);
            Axis::Linear(if view.classes <= 2 && low >= 0.4 { 0.4 } else { 0.0 }, 1.0)
        }
        (Measure::Loss, Scale::Linear) => {
            let steps = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
            Axis::Linear(0.0, ceiling(&sorted, 1.1 * guess, &steps))
        }
        (Measure::Loss, Scale::Log) => {
            let top = ceiling(&sorted, 2.5 * guess, &[3.0, 10.0, 100.0, 1e3, 1e4]);
            let low = sorted.iter().copied().find(|&v| v > 0.0).unwrap_or(1.0);
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
    let edges = [40.0, 24.0, width - right, height - bottom];
    Plot::new(edges, Axis::steps(view.last_step), y_axis(view))
}

/// The step under a horizontal place, for the linked read-out.
#[must_use]
pub fn step_at(view: &LossView, size: (u32, u32), x: f32) -> Option<u32> {
    plot(view, size.0 as f32, size.1 as f32).step_at(x, view.step)
}

/// Steps between two test marks at this width: the same multiple of the measuring interval for both arms.
#[must_use]
pub fn mark_every(view: &LossView, width: u32) -> Option<u32> {
    let interval = view.arms.iter().find_map(|arm| {
        let [.., a, b] = arm.test.as_slice() else { return None };
        Some(b.step - a.step).filter(|d| *d >= 1.0)
    })?;
    let plot = plot(view, width as f32, 200.0);
    let per_step = (plot.right - plot.left) / view.last_step.max(1) as f32;
    let apart = if (width as f32) < SMALL { 15.0 } else { 11.0 };
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
    let label = text::width(&text::whole(view.last_step), TICK, false);
    let fit = (((plot.right - plot.left) / (label + 14.0)) as usize).clamp(1, 5);
    pen.x_axis(&plot, &plot.x.ticks(fit), if small { "" } else { "step" })?;
    if view.message.is_some() {
        return Ok(());
    }
    pen.across(plot.left, plot.right, plot.y_at(guessing(view)), Stroke::dotted(pen.theme.quiet))
}

fn y_ticks(view: &LossView, plot: &Plot) -> Vec<(f32, String)> {
    let fit = (((plot.bottom - plot.top) / 22.0) as usize).max(2);
    if view.measure == Measure::Loss {
        return plot.y.ticks(fit.min(7));
    }
    let from_zero = plot.y.ends().0 == 0.0;
    let shares: &[f32] = if from_zero { &[0.0, 0.25, 0.5, 0.75, 1.0] } else { &[0.5, 0.75, 1.0] };
    let label = |s: f32| if s == 0.0 { "0".into() } else { text::whole_percent(s) };
    shares.iter().map(|&s| (s, label(s))).collect()
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
    let Some(every) = mark_every(view, pen.width as u32) else { return Ok(()) };
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

/// "guessing, 0.69" at the dotted line's right end, or where it hides no line; nowhere rather than on a word.
fn guess_label<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let guess = guessing(view);
    let label = match view.measure {
        _ if pen.width < SMALL => "guessing".into(),
        Measure::Loss => format!("guessing, {}", text::fixed(guess, 2)),
        Measure::Accuracy => format!("guessing, {} %", text::plain(libm::roundf(1000.0 * guess) / 10.0)),
    };
    let word = Word::tick(label, (0.0, 0.0), pen.theme.muted).side(Side::Right);
    let y = plot.y_at(guess);
    let mut places = Vec::new();
    for right in [plot.right, plot.right - 0.25 * (plot.right - plot.left), plot.left + 2.0 + word.width()] {
        places.extend([(right, y - 9.0), (right, y + 9.0)].map(|at| Word { at, ..word.clone() }));
    }
    let taken: Vec<[f32; 4]> = ends_in_words(view, plot, pen.width).iter().map(|e| e.word.bounds()).collect();
    places.retain(|w| {
        let [left, top, right, bottom] = w.bounds();
        let meets = |t: &[f32; 4]| left < t[2] && t[0] < right && top < t[3] && t[1] < bottom;
        bottom < plot.bottom && top > plot.top - 10.0 && left >= plot.left && !taken.iter().any(meets)
    });
    let lines: Vec<(f32, f32)> =
        (0..2).flat_map(|arm| finite(line_of(view, arm)).map(|p| plot.at(p.step, p.value))).collect();
    let hides = |w: &Word| {
        let [left, top, right, bottom] = w.bounds();
        let hit =
            |p: &(f32, f32)| p.0 > left - 4.0 && p.0 < right + 4.0 && p.1 > top - 2.0 && p.1 < bottom + 2.0;
        lines.iter().any(hit)
    };
    let best = places.iter().find(|w| !hides(w)).or(places.first());
    best.map_or(Ok(()), |word| pen.word_on_paper(word))
}

/// How an arm's line ends in words: a cross at the top edge and a sentence beside it.
struct End {
    cross: (f32, f32),
    word: Word,
}

fn ends_in_words(view: &LossView, plot: &Plot, width: f32) -> Vec<End> {
    let mut ends: Vec<End> = Vec::new();
    for arm in &view.arms {
        let ArmState::Diverged(step) = arm.state else { continue };
        let cross = (plot.x_at(step as f32).clamp(plot.left, plot.right), plot.top - 4.0);
        // A second sentence stands below the first.
        let y = cross.1 + 15.0 * ends.len() as f32;
        let says = |text: String| Word::new(text, (cross.0 + 10.0, y), RGBColor(0, 0, 0)).bold();
        let long = says(format!("{} diverged at step {}", arm.name, text::whole(step)));
        let fits = long.width() + 10.0 < cross.0.max(width - cross.0);
        let word = if fits { long } else { says(format!("diverged, step {}", text::whole(step))) };
        let over = word.bounds()[2] - width;
        let word =
            if over <= 0.0 { word } else { Word { at: (cross.0 - 10.0, y), ..word }.side(Side::Right) };
        ends.push(End { cross, word });
    }
    ends
}

fn diverged<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    for End { cross, word } in ends_in_words(view, plot, pen.width) {
        pen.word_on_paper(&Word { color: pen.theme.alert, ..word })?;
        pen.cross(cross, 9.0, 2.0, pen.theme.alert)?;
    }
    Ok(())
}

/// What stands under an arm's name.
fn second_line(view: &LossView, arm: &CurveView) -> String {
    if arm.state == ArmState::StuckAtGuessing {
        return "at guessing".into();
    }
    match (finite(&arm.test).last(), view.measure) {
        (None, _) => String::new(),
        (Some(p), Measure::Loss) => format!("test {}", text::loss(p.value)),
        (Some(p), Measure::Accuracy) => text::percent(p.value),
    }
}

/// The arm's name at the end of its line, tied to it by a hairline.
fn end_labels<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let ends: Vec<(usize, &Point)> = (0..2)
        .filter(|&a| !matches!(view.arms[a].state, ArmState::Diverged(_)))
        .filter_map(|a| finite(line_of(view, a)).last().map(|p| (a, p)))
        .collect();
    if pen.width < 200.0 {
        return Ok(());
    }
    let wanted: Vec<f32> = ends.iter().map(|(_, p)| plot.y_at(p.value)).collect();
    let gap = if pen.width < SMALL { 30.0 } else { 34.0 };
    let placed = spread(&wanted, gap, plot.top + 4.0, plot.bottom - 24.0);
    let x = plot.right + 8.0;
    for (((arm, end), &from), &y) in ends.iter().zip(&wanted).zip(&placed) {
        let tones = pen.theme.arms[*arm];
        let start = plot.x_at(end.step) + 4.0;
        let tie = [(start.min(plot.right), hair(from)), (plot.right - 2.0, hair(from)), (x - 3.0, y)];
        pen.line(&tie, Stroke::solid(tones.raw, 1.0))?;
        pen.word(&Word::new(view.arms[*arm].name.as_str(), (x, y), tones.line).bold())?;
        pen.word(&Word::new(second_line(view, &view.arms[*arm]), (x, y + 14.0), tones.line))?;
    }
    Ok(())
}

/// A dotted line where the rate was changed by hand, with the new rate above it where there is room.
fn rate_changes<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let mut free = f32::INFINITY;
    let crowded = view.arms.iter().any(|a| matches!(a.state, ArmState::Diverged(_)));
    for change in view.rate_changes.iter().rev().filter(|c| c.step.is_finite() && c.value.is_finite()) {
        let x = plot.x_at(change.step);
        pen.down(x, plot.top, plot.bottom, Stroke::dotted(pen.theme.quiet))?;
        let rate = format!("rate {}", text::short(change.value));
        let word = Word::tick(rate, (hair(x) - 1.0, plot.top - 6.0), pen.theme.muted);
        let [left, _, right, _] = word.bounds();
        let shift = (right - pen.width).max(0.0);
        if !crowded && right - shift + 8.0 <= free {
            free = left - shift;
            pen.word(&Word { at: (word.at.0 - shift, word.at.1), ..word })?;
        }
    }
    Ok(())
}

/// The value of a line at a step: its last point not after it.
fn value_at(points: &[Point], step: f32) -> Option<Point> {
    finite(points).take_while(|p| p.step <= step).last().copied()
}

fn read_out<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let Some(step) = view.cursor else { return Ok(()) };
    let x = plot.x_at(step as f32);
    pen.down(x, plot.top - 2.0, plot.bottom, Stroke::solid(pen.theme.muted, 1.0))?;
    let mut lines = vec![Word::tick(format!("step {}", text::whole(step)), (0.0, 0.0), pen.theme.ink).bold()];
    for (arm, curve) in view.arms.iter().enumerate() {
        let Some(p) = value_at(line_of(view, arm), step as f32) else { continue };
        pen.mark(arm, (hair(x), plot.y_at(p.value)), 3.0)?;
        let value = if view.measure == Measure::Loss { text::loss(p.value) } else { text::percent(p.value) };
        lines.push(Word::tick(format!("{} {value}", curve.name), (0.0, 0.0), pen.theme.arms[arm].line));
    }
    let places = |arm: usize| finite(line_of(view, arm)).map(|p| plot.at(p.step, p.value));
    let avoid: Vec<_> = places(0).chain(places(1)).collect();
    note(pen, plot, x, &lines, &avoid)
}

/// A few lines of text beside a vertical line, where they hide the fewest of the places to `avoid`.
pub(super) fn note<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    x: f32,
    lines: &[Word],
    avoid: &[(f32, f32)],
) -> Drawn<B> {
    let step = TICK + 3.0;
    let wide = lines.iter().map(Word::width).fold(0.0, f32::max) + 8.0;
    let high = step * lines.len() as f32 + 4.0;
    let (right, left) = (x + 5.0, (x - 5.0 - wide).max(0.0));
    let right = right.min((pen.width - wide).max(0.0));
    let sides = if x + 5.0 + wide > plot.right { [left, right] } else { [right, left] };
    let (top, bottom) = (plot.top + 2.0, (plot.bottom - 3.0 - high).max(0.0));
    let hidden = |&(l, t): &(f32, f32)| {
        let over = |p: &&(f32, f32)| p.0 > l && p.0 < l + wide && p.1 > t && p.1 < t + high;
        avoid.iter().filter(over).count()
    };
    let corners = [(sides[0], top), (sides[1], top), (sides[0], bottom), (sides[1], bottom)];
    let Some((l, t)) = corners.into_iter().min_by_key(hidden) else { return Ok(()) };
    pen.block([l, t, l + wide, t + high], pen.theme.paper.mix(0.9))?;
    for (i, line) in lines.iter().enumerate() {
        pen.word(&Word { at: (l + 4.0, t + 2.0 + step * (i as f32 + 0.5)), ..line.clone() })?;
    }
    Ok(())
}

/// The line sample and mark of an arm, 38 by 12 pixels, for the score table.
pub fn legend<B: DrawingBackend>(pen: &Pen<'_, B>, arm: usize) -> Drawn<B> {
    let y = hair(pen.height / 2.0) - 0.5;
    pen.line(&[(0.0, y), (pen.width, y)], Stroke::arm(pen.theme, arm, 2.0))?;
    pen.mark(arm, (pen.width / 2.0, y), 3.6)
}
