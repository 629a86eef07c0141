//! What stands in the columns of Fig. 3. Every scale is shared by all rows and both arms.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::headings::head_and_foot;
use super::ink::hair;
use super::layers::{Column, Table, units_apart};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::scale;
use super::text;
use crate::lab::frame::HISTOGRAM_REACH;
use crate::lab::view::LayerArmView;

/// Density that fills half a row: the peak of a normal with standard deviation one half.
const FULL: f32 = 0.8;
/// Percentiles shown in a row lie within this.
const PERCENTILE: f32 = 2.0;
/// Room for a count beside a full bar.
const COUNT: f32 = 22.0;
/// Circles in a row of gamma or beta, at most.
pub(super) const MOST: usize = 32;

/// The two halves of the column over time, without and with.
pub(super) fn halves(left: f32, right: f32) -> [[f32; 2]; 2] {
    let half = (right - left - 14.0) / 2.0;
    [[left, left + half], [left + half + 14.0, right]]
}

/// Heading, axis and grid of a column.
pub(super) fn backdrop<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    column: Column,
    edges: [f32; 2],
) -> Drawn<B> {
    match column {
        Column::Input => {
            let axis = Axis::Linear(-HISTOGRAM_REACH, HISTOGRAM_REACH);
            let ticks = axis.ticks(4);
            reference(pen, table, axis.between(edges, 0.0))?;
            foot(pen, table, column, edges, axis, &ticks)
        }
        Column::OverTime => over_time_backdrop(pen, table, edges),
        Column::Gradient => {
            let ticks = scale::gradient_ticks(table.view, edges[1] - edges[0]);
            let axis = scale::gradient_axis(table.view);
            for (value, _) in &ticks {
                let x = axis.between(edges, *value);
                pen.down(x, table.top(0) + 1.0, table.foot(), Stroke::solid(pen.theme.rule, 1.0))?;
            }
            foot(pen, table, column, edges, axis, &ticks)
        }
        Column::Silent => head_and_foot(pen, table, column, edges, &[]),
        Column::Gamma | Column::Beta => {
            let (centre, reach) = learned(table, column);
            let (axis, ticks) = (scale::learned_axis(centre, reach), scale::learned_ticks(centre, reach));
            reference(pen, table, axis.between(edges, ticks[1].0))?;
            foot(pen, table, column, edges, axis, &ticks)
        }
    }
}

/// A dotted line down all rows.
fn reference<B: DrawingBackend>(pen: &Pen<'_, B>, table: &Table<'_>, x: f32) -> Drawn<B> {
    pen.down(x, table.top(0) + 1.0, table.foot(), Stroke::dotted(pen.theme.quiet))
}

fn foot<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    column: Column,
    edges: [f32; 2],
    axis: Axis,
    ticks: &[(f32, String)],
) -> Drawn<B> {
    let place = |t: &(f32, String)| (axis.between(edges, t.0), t.1.clone(), Side::Middle);
    head_and_foot(pen, table, column, edges, &ticks.iter().map(place).collect::<Vec<_>>())
}

/// Centre and reach of a column's axis.
fn learned(table: &Table<'_>, column: Column) -> (f32, f32) {
    let [gamma, beta] = scale::learned_reach(table.view);
    if column == Column::Gamma { (1.0, gamma) } else { (0.0, beta) }
}

fn over_time_backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, table: &Table<'_>, edges: [f32; 2]) -> Drawn<B> {
    let mut ticks = Vec::new();
    for (arm, half) in halves(edges[0], edges[1]).into_iter().enumerate() {
        let name = table.view.names[arm].as_str();
        let word = Word::tick(name, (half[0], 23.0), pen.theme.arms[arm].line);
        let fits = word.width() < half[1] - half[0] + 10.0;
        let first = name.split(' ').next().unwrap_or_default().to_string();
        pen.word(&if fits { word } else { Word { text: first, ..word } })?;
        for row in 0..table.rows() {
            pen.across(half[0], half[1], table.middle(row), Stroke::solid(pen.theme.rule, 1.0))?;
        }
        ticks.push((half[0], "0".to_string(), Side::Left));
        ticks.push((half[1], text::whole(table.view.last_step), Side::Right));
    }
    head_and_foot(pen, table, Column::OverTime, edges, &ticks)
}

/// What was measured, in every row of a column.
pub(super) fn marks<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    column: Column,
    edges: [f32; 2],
) -> Drawn<B> {
    if column == Column::Gradient {
        return gradients(pen, table, edges);
    }
    for row in 0..table.rows() {
        for arm in 0..2 {
            match column {
                Column::Input => input(pen, table, row, arm, edges)?,
                Column::OverTime => over_time(pen, table, row, arm, edges)?,
                Column::Silent => silent(pen, table, row, arm, edges)?,
                Column::Gamma | Column::Beta if arm == 1 => units(pen, table, row, column, edges)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The mean share of every bin over the layers of a row.
fn pooled(layers: &[[LayerArmView; 2]], arm: usize) -> Vec<f32> {
    let bins = layers.iter().map(|l| l[arm].histogram.len()).max().unwrap_or(0);
    let full: Vec<_> = layers.iter().filter(|l| l[arm].histogram.len() == bins).collect();
    let mean = |bin: usize| full.iter().map(|l| l[arm].histogram[bin]).sum::<f32>() / full.len() as f32;
    (0..bins).map(mean).collect()
}

/// A step histogram, upwards without and downwards with; a bin that does not fit is marked.
fn input<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    row: usize,
    arm: usize,
    [left, right]: [f32; 2],
) -> Drawn<B> {
    let shares = pooled(table.layers(row), arm);
    if shares.is_empty() {
        return Ok(());
    }
    let base = hair(table.middle(row));
    let up = if arm == 0 { -1.0 } else { 1.0 };
    let (width, most) = ((right - left) / shares.len() as f32, table.row / 2.0 - 3.0);
    let scale = most / (FULL * 2.0 * HISTOGRAM_REACH / shares.len() as f32);
    let mut steps = vec![(left, base)];
    let mut tallest = (0, 0.0);
    for (i, &share) in shares.iter().enumerate() {
        let height = if share > 0.0 { share * scale } else { 0.0 };
        if height > tallest.1 {
            tallest = (i, height);
        }
        let y = base + up * height.min(most);
        steps.push((left + i as f32 * width, y));
        steps.push((left + (i + 1) as f32 * width, y));
    }
    steps.push((right, base));
    let tones = pen.theme.arms[arm];
    pen.polygon(&steps, tones.wash)?;
    pen.line(&steps, Stroke::solid(tones.line, 1.0))?;
    pen.line(&[(left, base), (right, base)], Stroke::solid(tones.line, 1.0))?;
    if tallest.1 <= 1.02 * most {
        return Ok(());
    }
    let (x, y) = (left + (tallest.0 as f32 + 0.5) * width, base + up * (most + 2.5));
    pen.polygon(&[(x - 3.0, y - 3.5 * up), (x, y), (x + 3.0, y - 3.5 * up)], tones.line)
}

/// The watched unit's percentile band and median in one row; of a row of two layers, the selected one or the first.
fn over_time<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    row: usize,
    arm: usize,
    edges: [f32; 2],
) -> Drawn<B> {
    let half = halves(edges[0], edges[1])[arm];
    let (view, room) = (table.view, table.row / 2.0 - 3.0);
    let middle = hair(table.middle(row));
    let plot = Plot::new(
        [half[0], middle - room, half[1], middle + room],
        Axis::steps(view.last_step),
        Axis::Linear(-PERCENTILE, PERCENTILE),
    );
    let layers = table.layers(row);
    let chosen = view.selected.checked_sub(row * table.group).filter(|i| *i < layers.len()).unwrap_or(0);
    let series = &layers[chosen][arm].percentiles;
    let tones = pen.theme.arms[arm];
    // A row is too low for more.
    let band = plot.widest(2.0, &mut series.iter().map(|(step, [low, _, high])| (*step, *low, *high)));
    pen.band(&plot, &band, tones.wash)?;
    let inside = |v: f32| if v.is_nan() { v } else { v.clamp(-PERCENTILE, PERCENTILE) };
    let median = series.iter().map(|(step, [_, mid, _])| (*step, inside(*mid)));
    pen.curve(&plot, median, Stroke::solid(tones.line, 1.0))?;
    match view.cursor {
        Some(step) if step <= view.last_step => {
            let x = plot.x_at(step as f32);
            pen.down(x, table.top(row) + 1.0, table.top(row + 1), Stroke::solid(pen.theme.muted, 1.0))
        }
        _ => Ok(()),
    }
}

/// Circles joined down the rows. A gradient of exactly 0 has no logarithm: a 0 stands at the left end.
fn gradients<B: DrawingBackend>(pen: &Pen<'_, B>, table: &Table<'_>, edges: [f32; 2]) -> Drawn<B> {
    let axis = scale::gradient_axis(table.view);
    let y_of = |layer: usize| {
        let (row, within) = (layer / table.group, layer % table.group);
        table.top(row) + table.row * (within as f32 + 0.5) / table.group as f32
    };
    let radius = if table.row < 30.0 { 2.0 } else { 3.0 };
    for arm in 0..2 {
        let at = |layer: usize| {
            let value = table.view.layers[layer][arm].gradient?;
            (value.is_finite() && value > 0.0).then(|| (axis.between(edges, value), y_of(layer)))
        };
        let places: Vec<_> = (0..table.view.layers.len()).map(at).collect();
        for part in places.split(Option::is_none).filter(|part| part.len() > 1) {
            let line: Vec<_> = part.iter().flatten().copied().collect();
            pen.line(&line, Stroke::arm(pen.theme, arm, 1.0))?;
        }
        for place in places.iter().flatten() {
            pen.mark(arm, *place, radius)?;
        }
        for (layer, _) in places.iter().enumerate().filter(|p| p.1.is_none()) {
            if table.view.layers[layer][arm].gradient == Some(0.0) {
                let at = (edges[0] - 10.0 + 12.0 * arm as f32, y_of(layer));
                pen.word_on_paper(&Word::tick("0", at, pen.theme.arms[arm].line).bold())?;
            }
        }
    }
    Ok(())
}

/// A bar and its count; in low rows the two counts alone, side by side.
fn silent<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    row: usize,
    arm: usize,
    [left, right]: [f32; 2],
) -> Drawn<B> {
    let layers = table.layers(row);
    let counts: Vec<u32> = layers.iter().filter_map(|l| l[arm].silent).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let count = counts.iter().fold(0_u32, |sum, c| sum.saturating_add(*c));
    let of = (table.view.units as f32 * layers.len() as f32).max(1.0);
    let low = table.row < 30.0;
    let y = hair(table.middle(row)) + if low { 0.0 } else { [-7.5, 7.5][arm] };
    let from = if low { left + 28.0 * arm as f32 } else { left };
    let long = if low { 0.0 } else { (right - left - COUNT).max(0.0) * (count as f32 / of).min(1.0) };
    if count > 0 && long > 0.0 {
        pen.bar(arm, [from, y - 3.5, (from + long.max(2.0)).round(), y + 3.5])?;
    }
    let x = from + if long > 0.0 { long.max(2.0).round() + 5.0 } else { 0.0 };
    pen.word(&Word::tick(text::whole(count), (x, y), pen.theme.arms[arm].line))
}

/// One translucent circle per unit.
fn units<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    row: usize,
    column: Column,
    edges: [f32; 2],
) -> Drawn<B> {
    let (centre, reach) = learned(table, column);
    let axis = scale::learned_axis(centre, reach);
    let layers = table.layers(row);
    let of =
        |l: &[LayerArmView; 2]| if column == Column::Gamma { l[1].gamma.clone() } else { l[1].beta.clone() };
    let values: Vec<f32> = layers.iter().flat_map(of).filter(|v| v.is_finite()).collect();
    let every = units_apart(table.view.layers.len(), table.view.units as usize);
    let color = pen.theme.arms[1].line.mix(0.35);
    for value in values.iter().step_by(every) {
        pen.disc((axis.between(edges, *value), hair(table.middle(row))), 3.0, color)?;
    }
    Ok(())
}
