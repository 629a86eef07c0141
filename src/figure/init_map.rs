//! Fig. 9: a map of learning rates and weight scales per arm; the tone of a cell is its test accuracy, an outline
//! holds the cells that train.

use plotters_backend::DrawingBackend;

use super::cells;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::Bounds;
use super::runs::{NAMES, Spot};
use super::text;
use super::theme::{SMALL, TEXT, TICK};
use crate::lab::claim::cell::Cell;
use crate::lab::claim::view::MapView;
use crate::lab::claim::words;
use crate::lab::sentence::target;

/// Room above the cells.
const TOP: f32 = 22.0;

/// Whether the key gets a line of its own below the titles.
fn key_below(width: f32) -> bool {
    width < 860.0
}

fn foot(width: f32) -> f32 {
    if key_below(width) { 56.0 } else { 38.0 }
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &MapView, width: u32) -> u32 {
    let width = width as f32;
    let rows = view.scales.len().max(1) as f32;
    (TOP + (25.0 * rows).min(400.0) + foot(width)) as u32
}

/// Both panels.
struct Layout {
    lefts: [f32; 2],
    /// Width of a panel.
    wide: f32,
    /// Width and height of a cell.
    cell: [f32; 2],
    bottom: f32,
    columns: usize,
    rows: usize,
}

impl Layout {
    fn new(view: &MapView, width: f32, height: f32) -> Self {
        let (left, gap) = if width < SMALL { (30.0, 16.0) } else { (46.0, 44.0) };
        let wide = ((width - left - gap) / 2.0).max(2.0).floor();
        let (columns, rows) = (view.rates.len().max(1), view.scales.len().max(1));
        let high = ((height - TOP - foot(width)) / rows as f32).clamp(1.0, 60.0);
        let cell = [wide / columns as f32, high];
        Self {
            lefts: [left, left + wide + gap],
            wide,
            cell,
            bottom: (TOP + high * rows as f32).round(),
            columns,
            rows,
        }
    }

    /// The rectangle of a cell; row 0 is the smallest scale, at the bottom.
    fn bounds(&self, arm: usize, column: usize, row: usize) -> Bounds {
        cells::bounds([self.lefts[arm], TOP], self.cell, column, self.rows - 1 - row)
    }

    /// Column, row and place in the view of every cell.
    fn each(&self) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let columns = self.columns;
        (0..self.rows * columns).map(move |i| (i % columns, i / columns, i))
    }
}

/// What can be picked.
#[must_use]
pub fn spots(view: &MapView, size: (u32, u32)) -> Vec<Spot> {
    let layout = Layout::new(view, size.0 as f32, size.1 as f32);
    let mut spots = Vec::new();
    for (arm, name) in NAMES.into_iter().enumerate() {
        for (column, row, i) in layout.each() {
            let Some(cell) = view.arms[arm].get(i) else { continue };
            let (Some(rate), Some(scale)) = (view.rates.get(column), view.scales.get(row)) else { continue };
            let (rate, scale) = (words::rate(*rate), words::rate(*scale));
            let place = format!("{name}, weight scale {scale}, learning rate {rate}");
            spots.extend(cells::spot(layout.bounds(arm, column, row), cell, &place));
        }
    }
    spots
}

/// The place and label of every whole decade among the values, as many as fit `room` pixels per value.
fn decades(values: &[f32], room: f32, size: impl Fn(&str) -> f32) -> Vec<(usize, String)> {
    let decade = |(i, v): (usize, &f32)| {
        let exponent = libm::log10f(*v);
        let near = exponent.round();
        ((exponent - near).abs() < 0.02).then(|| (i, text::decade(near as i32)))
    };
    let all: Vec<_> = values.iter().enumerate().filter_map(decade).collect();
    let fits = |every: usize| {
        let kept: Vec<_> = all.iter().step_by(every).collect();
        kept.windows(2).all(|w| {
            let apart = (w[1].0 - w[0].0) as f32 * room;
            (size(&w[0].1) + size(&w[1].1)) / 2.0 + 6.0 <= apart
        })
    };
    let every = (1..=all.len().max(1)).find(|every| fits(*every)).unwrap_or(1);
    all.into_iter().step_by(every).collect()
}

/// Names, ticks, titles, the key.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &MapView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    let (small, muted) = (pen.width < SMALL, pen.theme.muted);
    for (arm, left) in layout.lefts.into_iter().enumerate() {
        pen.word(&Word::new(NAMES[arm], (left, 7.0), pen.theme.arms[arm].line).bold())?;
        for (column, label) in decades(&view.rates, layout.cell[0], |l| text::width(l, TICK, false)) {
            let x = left + (column as f32 + 0.5) * layout.cell[0];
            let word = Word::tick(label, (0.0, layout.bottom + 11.0), muted).side(Side::Middle);
            let x = x.min(pen.width - word.width() / 2.0);
            pen.word(&Word { at: (x, word.at.1), ..word })?;
        }
        if arm == 1 || !small {
            let at = (left + layout.wide, layout.bottom + 28.0);
            pen.word(&Word::new("learning rate", at, muted).side(Side::Right))?;
        }
    }
    for (row, label) in decades(&view.scales, layout.cell[1], |_| TICK) {
        let y = layout.bottom - (row as f32 + 0.5) * layout.cell[1];
        pen.word(&Word::tick(label, (layout.lefts[0] - 6.0, y), muted).side(Side::Right))?;
    }
    let title = if small { "↑ weight scale" } else { "↑ weight scale (1 = as usual)" };
    pen.word(&Word::new(title, (0.0, layout.bottom + 28.0), muted))
}

/// Cells, outlines, counts.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &MapView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    for arm in 0..2 {
        for (column, row, i) in layout.each() {
            cells::paint(pen, layout.bounds(arm, column, row), view.arms[arm].get(i), view.chance)?;
        }
        outline(pen, view, &layout, arm)?;
        count(pen, view, &layout, arm)?;
    }
    let at = match key_below(pen.width) {
        true => (0.0, layout.bottom + 46.0),
        false => (layout.lefts[1], layout.bottom + 28.0),
    };
    let end = cells::ramp(pen, at, view.chance)?;
    let all = (0..2).flat_map(|arm| layout.each().map(move |(_, _, i)| view.arms[arm].get(i)));
    cells::state_key(pen, (end + 12.0, at.1), cells::states(all))
}

/// Along the edges between a cell that trains and one that does not.
fn outline<B: DrawingBackend>(pen: &Pen<'_, B>, view: &MapView, layout: &Layout, arm: usize) -> Drawn<B> {
    let trains = |column: Option<usize>, row: Option<usize>| {
        let (Some(c), Some(r)) = (column, row) else { return false };
        c < layout.columns
            && r < layout.rows
            && view.arms[arm].get(r * layout.columns + c).is_some_and(Cell::trains)
    };
    let (stroke, over) = (Stroke::solid(pen.theme.arms[arm].line, 2.5), 1.25);
    for (c, r, _) in layout.each().filter(|(c, r, _)| trains(Some(*c), Some(*r))) {
        let [left, top, right, bottom] = layout.bounds(arm, c, r);
        let [left, top, right, bottom] = [left - 0.5, top - 0.5, right + 0.5, bottom + 0.5];
        for (column, row, from, to) in [
            (c.checked_sub(1), Some(r), (left, top - over), (left, bottom + over)),
            (Some(c + 1), Some(r), (right, top - over), (right, bottom + over)),
            (Some(c), Some(r + 1), (left - over, top), (right + over, top)),
            (Some(c), r.checked_sub(1), (left - over, bottom), (right + over, bottom)),
        ] {
            if !trains(column, row) {
                pen.line(&[from, to], stroke)?;
            }
        }
    }
    Ok(())
}

/// "48 of 81 reach 90 %", as long as there is room beside the name.
fn count<B: DrawingBackend>(pen: &Pen<'_, B>, view: &MapView, layout: &Layout, arm: usize) -> Drawn<B> {
    let tried = view.arms[arm].iter().filter(|cell| !cell.ends.is_empty()).count();
    if tried == 0 {
        return Ok(());
    }
    let count = match view.counts[arm] {
        0 => "none".into(),
        n => n.to_string(),
    };
    let at = (layout.lefts[arm] + layout.wide, 7.0);
    let room = layout.wide - text::width(NAMES[arm], TEXT, true) - 6.0;
    let says = [format!("{count} of {tried} reach {}", target()), format!("{count} of {tried}"), count];
    let words = says.map(|says| Word::tick(says, at, pen.theme.muted).side(Side::Right));
    words.iter().find(|word| word.width() <= room).map_or(Ok(()), |word| pen.word(word))
}
