//! Cells of a map or a table: a neutral tone for the median accuracy, a diagonal for what diverged, a hollow mark
//! for what is still to run. Where the cells are, and what is written on them, is their figure's business.

use plotters::drawing::DrawingAreaErrorKind;
use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::Bounds;
use super::runs::{Of, Spot, says, still_words, typical, waiting};
use super::theme::{Theme, mix};
use crate::lab::claim::cell::{Cell, Median};

/// A cell's rectangle among equal ones: whole pixels, one free between neighbours.
pub(super) fn bounds([left, top]: [f32; 2], [wide, high]: [f32; 2], column: usize, row: usize) -> Bounds {
    let edge = |from: f32, size: f32, k: usize| (from + size * k as f32).round();
    let (x, y) = (edge(left, wide, column), edge(top, high, row));
    [x, y, edge(left, wide, column + 1) - 1.0, edge(top, high, row + 1) - 1.0]
}

/// The tone of an accuracy: the light end up to guessing, the dark end at 100 %.
pub(super) fn tone(theme: &Theme, accuracy: f32, chance: f32) -> RGBColor {
    let share = ((accuracy - chance) / (1.0 - chance)).clamp(0.0, 1.0);
    mix(theme.ramp[0], theme.ramp[1], libm::powf(share, 1.1))
}

/// Tone, frame and state of one cell.
pub(super) fn paint<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    at: Bounds,
    cell: Option<&Cell>,
    chance: f32,
) -> Drawn<B> {
    let [left, top, right, bottom] = at;
    let median = cell.map_or(Median::ToRun, Cell::accuracy);
    if let Median::At(accuracy) = median {
        pen.block(at, tone(pen.theme, accuracy, chance))?;
    }
    if right - left > 2.0 && bottom - top > 2.0 {
        pen.frame(at, pen.theme.rule)?;
    }
    match median {
        Median::At(_) => Ok(()),
        Median::Diverged => diagonal(pen, at),
        Median::ToRun => waiting(pen, ((left + right) / 2.0, (top + bottom) / 2.0)),
    }
}

/// From corner to corner of a cell whose median diverged.
fn diagonal<B: DrawingBackend>(pen: &Pen<'_, B>, [left, top, right, bottom]: Bounds) -> Drawn<B> {
    let line = [(left + 1.0, bottom - 1.0), (right - 1.0, top + 1.0)];
    pen.line(&line, Stroke::solid(pen.theme.quiet, 1.0))
}

/// The median accuracy of a cell in whole per cent, black or white as the tone demands; bold where it trains.
pub(super) fn number<B: DrawingBackend>(pen: &Pen<'_, B>, at: Bounds, cell: &Cell, chance: f32) -> Drawn<B> {
    let Median::At(accuracy) = cell.accuracy() else { return Ok(()) };
    let color = on(tone(pen.theme, accuracy, chance));
    let middle = ((at[0] + at[2]) / 2.0, (at[1] + at[3]) / 2.0 + 0.5);
    let word =
        Word::new(format!("{:.0}", 100.0 * accuracy.clamp(0.0, 1.0)), middle, color).side(Side::Middle);
    pen.word(&if cell.trains() { word.bold() } else { word })
}

/// Black or white, whichever contrasts more with a colour (WCAG's relative luminance).
fn on(ground: RGBColor) -> RGBColor {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { libm::powf((v + 0.055) / 1.055, 2.4) }
    };
    let light = 0.2126 * linear(ground.0) + 0.7152 * linear(ground.1) + 0.0722 * linear(ground.2);
    if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 { RGBColor(255, 255, 255) } else { RGBColor(0, 0, 0) }
}

/// A cell as a spot: the whole of it stands for its median run.
pub(super) fn spot(at: Bounds, cell: &Cell, place: &str) -> Option<Spot> {
    let end = typical(cell, Of::Accuracy)?;
    Some(Spot { job: end.job, bounds: at, says: format!("{place}: {}", says(end, Of::Accuracy)) })
}

/// Which of the cells' states are there to be explained: diverged, still to run.
pub(super) fn states<'c>(cells: impl Iterator<Item = Option<&'c Cell>>) -> [bool; 2] {
    cells.fold([false; 2], |[diverged, to_run], cell| match cell.map_or(Median::ToRun, Cell::accuracy) {
        Median::Diverged => [true, to_run],
        Median::ToRun => [diverged, true],
        Median::At(_) => [diverged, to_run],
    })
}

/// The ramp between its two ends, from a place on; returns where it ends.
pub(super) fn ramp<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    (left, y): (f32, f32),
    chance: f32,
) -> Result<f32, DrawingAreaErrorKind<B::ErrorType>> {
    let chance = if (0.0..1.0).contains(&chance) { chance } else { 0.0 };
    let low = Word::tick(format!("{:.0} %", 100.0 * chance), (left, y), pen.theme.muted);
    pen.word(&low)?;
    let (from, wide, steps) = ((left + low.width() + 5.0).round(), 6.0, 8);
    let (top, bottom) = (y.round() - 5.0, y.round() + 5.0);
    for k in 0..steps {
        let share = chance + (1.0 - chance) * k as f32 / (steps - 1) as f32;
        let x = from + wide * k as f32;
        pen.block([x, top, x + wide, bottom], tone(pen.theme, share, chance))?;
    }
    let to = from + wide * steps as f32;
    pen.frame([from - 1.0, top - 1.0, to + 1.0, bottom + 1.0], pen.theme.rule)?;
    let high = Word::tick("100 %", (to + 5.0, y), pen.theme.muted);
    pen.word(&high)?;
    Ok(high.bounds()[2])
}

/// What the marks of such cells mean, from a place on.
pub(super) fn state_key<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    (left, y): (f32, f32),
    [diverged, to_run]: [bool; 2],
) -> Drawn<B> {
    let mut x = left;
    if diverged {
        let at = [x.round(), y.round() - 5.0, x.round() + 15.0, y.round() + 5.0];
        pen.frame(at, pen.theme.rule)?;
        diagonal(pen, at)?;
        let word = Word::tick("diverged", (x + 20.0, y), pen.theme.muted);
        pen.word(&word)?;
        x = word.bounds()[2] + 12.0;
    }
    if to_run { still_words(pen, (x, y)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_run_from_guessing_to_certain() {
        let theme = Theme::light();
        assert_eq!(tone(&theme, 0.5, 0.5), theme.ramp[0]);
        assert_eq!(tone(&theme, 0.1, 0.5), theme.ramp[0]);
        assert_eq!(tone(&theme, 1.0, 0.1), theme.ramp[1]);
        assert_eq!(tone(&theme, f32::NAN, 0.5), theme.ramp[0]);
    }

    #[test]
    fn numbers_on_cells_contrast_at_least_four_and_a_half_to_one() {
        assert_eq!(on(RGBColor(255, 255, 255)), RGBColor(0, 0, 0));
        assert_eq!(on(RGBColor(0x5b, 0x61, 0x68)), RGBColor(255, 255, 255));
        assert_eq!(on(RGBColor(0xa2, 0xa9, 0xb0)), RGBColor(0, 0, 0));
    }

    #[test]
    fn cells_tile_without_gaps_or_overlap() {
        let at = |c, r| bounds([46.0, 22.0], [13.7, 25.2], c, r);
        assert_eq!(at(0, 0)[2] + 1.0, at(1, 0)[0]);
        assert_eq!(at(3, 4)[3] + 1.0, at(3, 5)[1]);
    }
}
