//! Fig. 12: one row per norm, one column per learning rate or batch size; tone and number are the median test
//! accuracy, bold where it trains.

use plotters_backend::DrawingBackend;

use super::cells;
use super::pen::{Drawn, Pen, Side, Word};
use super::place::Bounds;
use super::runs::{NAMES, Spot};
use super::text;
use super::theme::SMALL;
use crate::lab::claim::view::NormsView;
use crate::lab::sentence::target;

/// Room above and below the cells.
const TOP: f32 = 20.0;
const FOOT: f32 = 38.0;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &NormsView, width: u32) -> u32 {
    let row = if (width as f32) < SMALL { 36.0 } else { 32.0 };
    (TOP + row * view.arms.len().clamp(1, 20) as f32 + FOOT) as u32
}

/// Where the cells are.
struct Layout {
    left: f32,
    cell: [f32; 2],
    bottom: f32,
}

impl Layout {
    fn new(view: &NormsView, width: f32, height: f32) -> Self {
        let left = if width < SMALL { 78.0 } else { 110.0 };
        let (columns, rows) = (view.columns.len().max(1) as f32, view.arms.len().max(1) as f32);
        let high = ((height - TOP - FOOT) / rows).max(1.0);
        let cell = [((width - left + 1.0) / columns).max(1.0), high];
        Self { left, cell, bottom: (TOP + high * rows).round() }
    }

    fn bounds(&self, column: usize, row: usize) -> Bounds {
        cells::bounds([self.left, TOP], self.cell, column, row)
    }
}

/// How a row is called: the two arms of every figure by their names.
fn name(of: &'static str) -> (&'static str, Option<usize>) {
    match of {
        "none" => (NAMES[0], Some(0)),
        "BN" => (NAMES[1], Some(1)),
        other => (other, None),
    }
}

/// What can be picked.
#[must_use]
pub fn spots(view: &NormsView, size: (u32, u32)) -> Vec<Spot> {
    let layout = Layout::new(view, size.0 as f32, size.1 as f32);
    let mut spots = Vec::new();
    for (row, (arm, cells)) in view.arms.iter().enumerate() {
        for (column, (cell, value)) in cells.iter().zip(&view.columns).enumerate() {
            let place = format!("{}, {} {}", name(arm).0, view.axis, view.column_words(*value));
            spots.extend(cells::spot(layout.bounds(column, row), cell, &place));
        }
    }
    spots
}

/// A rate or a size to one digit that counts, as half decades are called: 0.03, 0.3, 3; whole numbers in full.
fn column_label(value: f32) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if value >= 1.0 && (value - value.round()).abs() < 1e-3 {
        return text::whole(value as u32);
    }
    if !(value > 0.0 && value.is_finite()) {
        return "–".into();
    }
    let power = libm::powf(10.0, libm::log10f(value).floor());
    text::short((value / power).round() * power)
}

/// Names of rows and columns, titles.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &NormsView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    let muted = pen.theme.muted;
    pen.word(&Word::new("median test accuracy, %", (0.0, 7.0), muted))?;
    let bold =
        Word::tick(format!("bold: {} or more", target().trim_end_matches(" %")), (pen.width, 7.0), muted)
            .bold()
            .side(Side::Right);
    pen.word(&bold)?;
    for (row, (arm, _)) in view.arms.iter().enumerate() {
        let [_, top, _, bottom] = layout.bounds(0, row);
        let (name, arm) = name(arm);
        let word = Word::new(
            name,
            (0.0, (top + bottom) / 2.0),
            arm.map_or(pen.theme.ink, |a| pen.theme.arms[a].line),
        );
        pen.word(&if arm.is_some() { word.bold() } else { word })?;
    }
    for (column, value) in view.columns.iter().enumerate() {
        let [left, _, right, _] = layout.bounds(column, 0);
        let at = ((left + right) / 2.0, layout.bottom + 11.0);
        pen.word(&Word::tick(column_label(*value), at, muted).side(Side::Middle))?;
    }
    pen.word(&Word::new(view.axis, (pen.width, layout.bottom + 28.0), muted).side(Side::Right))
}

/// Cells with their numbers.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &NormsView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    for (row, (_, cells)) in view.arms.iter().enumerate() {
        for column in 0..view.columns.len() {
            let (at, cell) = (layout.bounds(column, row), cells.get(column));
            cells::paint(pen, at, cell, view.chance)?;
            cell.map_or(Ok(()), |cell| cells::number(pen, at, cell, view.chance))?;
        }
    }
    let all = view.arms.iter().flat_map(|(_, cells)| (0..view.columns.len()).map(|c| cells.get(c)));
    cells::state_key(pen, (0.0, layout.bottom + 28.0), cells::states(all))
}
