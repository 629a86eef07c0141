//! Fig. 2 with a table that is no plane: a row per class, a column per class it is taken for, test examples counted.
//! What is right stands on the diagonal, framed in the arm's colour; tone is the share of the row.

use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Side, Word};
use super::text;
use super::theme::{TICK, mix};
use crate::lab::view::CountsView;

/// Room for the classes' names on the left, where there is enough width for any.
const NAMES: f32 = 46.0;
/// Narrower sheets go without names.
const LEAST_FOR_NAMES: f32 = 130.0;
/// Room for the names below.
const FOOT: f32 = 18.0;
/// Narrower cells have no number.
const LEAST_FOR_NUMBER: f32 = 17.0;

/// Left, top and width of the cells, given how many in a row.
fn grid<B: DrawingBackend>(pen: &Pen<'_, B>, classes: usize) -> (f32, f32, f32) {
    let side = pen.width.min(pen.height);
    let named = side >= LEAST_FOR_NAMES;
    let left = if named { NAMES } else { 0.0 };
    let foot = if named { FOOT } else { 0.0 };
    let cell = ((side - left).min(side - foot) / classes.max(1) as f32).floor();
    (left, 0.0, cell)
}

/// The classes' names and an empty grid.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &CountsView) -> Drawn<B> {
    let classes = view.classes.len();
    let (left, top, cell) = grid(pen, classes);
    let end = classes as f32 * cell;
    pen.frame([left, top, left + end, top + end], pen.theme.rule)?;
    if left == 0.0 {
        return Ok(());
    }
    for (i, name) in view.classes.iter().enumerate() {
        let middle = (i as f32 + 0.5) * cell;
        let at = (left - 6.0, top + middle);
        let beside = Word::tick(fitting(name, left - 8.0), at, pen.theme.muted).side(Side::Right);
        pen.word(&beside)?;
        let at = (left + middle, top + end + 9.0);
        let below = Word::tick(fitting(name, cell - 2.0), at, pen.theme.muted).side(Side::Middle);
        pen.word(&below)?;
    }
    Ok(())
}

/// As many of the first letters as fit.
fn fitting(name: &str, width: f32) -> String {
    let fits = |text: &str| text::width(text, TICK, false) <= width;
    if fits(name) {
        return name.to_owned();
    }
    let mut letters: Vec<char> = name.chars().collect();
    while letters.pop().is_some() {
        let short: String = letters.iter().chain(['…'].iter()).collect();
        if fits(&short) {
            return short;
        }
    }
    String::new()
}

/// The counts.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &CountsView) -> Drawn<B> {
    let classes = view.classes.len();
    if classes == 0 || view.counts.len() < classes * classes {
        return Ok(());
    }
    let (left, top, cell) = grid(pen, classes);
    let [none, all] = pen.theme.field;
    for (row, counts) in view.counts.chunks_exact(classes).take(classes).enumerate() {
        let total = counts.iter().map(|&count| count as f32).sum::<f32>().max(1.0);
        for (column, &count) in counts.iter().enumerate() {
            let (x, y) = (left + column as f32 * cell, top + row as f32 * cell);
            pen.block([x, y, x + cell, y + cell], mix(none, all, count as f32 / total))?;
            if count > 0 && cell >= LEAST_FOR_NUMBER {
                let at = (x + cell / 2.0, y + cell / 2.0);
                let word = Word::tick(count.to_string(), at, pen.theme.ink).side(Side::Middle);
                pen.word(&Word { bold: row == column, ..word })?;
            }
        }
    }
    let line = pen.theme.arms[view.arm.min(1)].line;
    for i in 0..classes {
        let (x, y) = (left + i as f32 * cell, top + i as f32 * cell);
        pen.frame([x, y, x + cell, y + cell], line)?;
    }
    Ok(())
}
