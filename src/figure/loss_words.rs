//! The words of Fig. 1: labels at the line ends, guessing, divergence, changed rates, the read-out.

use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

use super::cursor;
use super::ink::{hair, spread};
use super::loss_curve::{finite, guessing, line_of};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::text;
use super::theme::SMALL;
use crate::lab::view::{ArmState, CurveView, LossView, Measure, Point};

/// "guessing, 0.69" at the dotted line's right end, or where it hides no line; nowhere rather than on a word.
pub(super) fn guess_label<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let guess = guessing(view);
    let label = match view.measure {
        _ if pen.width < SMALL => "guessing".into(),
        Measure::Loss => text::guessing_loss(guess),
        Measure::Accuracy => text::guessing_share(guess),
    };
    let y = plot.y_at(guess);
    let mut places = Vec::new();
    // Where there is no room for the number, the word alone may have it.
    for label in [label, "guessing".into()] {
        let word = Word::tick(label, (0.0, 0.0), pen.theme.muted).side(Side::Right);
        let rights = [plot.right, plot.right - 0.25 * plot.width(), plot.left + 2.0 + word.width()];
        for right in rights {
            places.extend([(right, y - 9.0), (right, y + 9.0)].map(|at| Word { at, ..word.clone() }));
        }
    }
    let taken: Vec<[f32; 4]> = ends_in_words(view, plot, pen.width).iter().map(|e| e.word.bounds()).collect();
    places.retain(|w| {
        let [left, top, right, bottom] = w.bounds();
        let meets = |t: &[f32; 4]| left < t[2] && t[0] < right && top < t[3] && t[1] < bottom;
        bottom < plot.bottom && top > plot.top - 10.0 && left >= plot.left && !taken.iter().any(meets)
    });
    let inked = |arm: usize| finite(line_of(view, arm)).chain(finite(&view.arms[arm].test));
    let lines: Vec<(f32, f32)> =
        (0..2).flat_map(|arm| inked(arm).map(|p| plot.at(p.step, p.value))).collect();
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

/// The crosses and sentences of arms that diverged.
pub(super) fn diverged<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
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
pub(super) fn end_labels<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
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
pub(super) fn rate_changes<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let mut free = f32::INFINITY;
    let crowded = view.arms.iter().any(|a| matches!(a.state, ArmState::Diverged(_)));
    for change in view.rate_changes.iter().rev().filter(|c| c.step.is_finite() && c.value.is_finite()) {
        let x = plot.x_at(change.step);
        pen.down(x, plot.top, plot.bottom, Stroke::dotted(pen.theme.quiet))?;
        let rate = format!("rate {}", text::short(change.value));
        let at = (hair(x) - 1.0, plot.top - 6.0);
        let word = Word::tick(rate, at, pen.theme.muted).ending_by(pen.width);
        let [left, _, right, _] = word.bounds();
        if !crowded && right + 8.0 <= free {
            free = left;
            pen.word(&word)?;
        }
    }
    Ok(())
}

/// The value of a line at a step: its last point not after it.
fn value_at(points: &[Point], step: f32) -> Option<Point> {
    finite(points).take_while(|p| p.step <= step).last().copied()
}

/// Under a cursor: the step and each line's value there.
pub(super) fn read_out<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LossView, plot: &Plot) -> Drawn<B> {
    let Some(step) = view.cursor else { return Ok(()) };
    let x = plot.x_at(step as f32);
    cursor::line(pen, plot, x)?;
    let mut values = Vec::new();
    for (arm, curve) in view.arms.iter().enumerate() {
        let Some(p) = value_at(line_of(view, arm), step as f32) else { continue };
        pen.mark(arm, (hair(x), plot.y_at(p.value)), 3.0)?;
        let value = if view.measure == Measure::Loss { text::loss(p.value) } else { text::percent(p.value) };
        values.push(Word::tick(format!("{} {value}", curve.name), (0.0, 0.0), pen.theme.arms[arm].line));
    }
    let places = |arm: usize| finite(line_of(view, arm)).map(|p| plot.at(p.step, p.value));
    let avoid: Vec<_> = places(0).chain(places(1)).collect();
    cursor::note(pen, plot, (step, x), values, &avoid)
}
