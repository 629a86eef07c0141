//! Fig. 6a: what one unit of each layer feeds its activation over the steps, both arms side by side, as in the 2015
//! paper's Fig. 1 b, c: median and 15th to 85th percentile. The number says how far the medians of the layer drift.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::runs::NAMES;
use super::theme::SMALL;
use crate::lab::claim::view::{InputsView, SmoothView};
use crate::lab::claim::words;

/// Between the arms.
const GAP: f32 = 28.0;
/// Names above, axis below, and the words above each row.
const HEAD: f32 = 20.0;
const FOOT: f32 = 38.0;
const LINE: f32 = 17.0;
/// From a tick's number to the next.
const LETTERS: f32 = 12.0;

fn inputs(view: &SmoothView, arm: usize) -> &InputsView {
    &view.arms[arm].inputs
}

fn layers(view: &SmoothView) -> usize {
    view.arms.iter().map(|arm| arm.inputs.layers.len()).max().filter(|n| *n > 0).unwrap_or(3).min(40)
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &SmoothView, width: u32) -> u32 {
    let row = if (width as f32) < SMALL { 84.0 } else { 92.0 };
    (HEAD + row * layers(view) as f32 + FOOT) as u32
}

/// One axis for all: whole numbers, at least −2 to 2, that hold all but 1 in 50 of the percentiles.
fn y_axis(view: &SmoothView) -> Axis {
    let of = |which: usize| {
        let all = (0..2).flat_map(|arm| inputs(view, arm).layers.iter().flatten());
        let mut values: Vec<f32> = all.map(|p| p[which]).filter(|v| v.is_finite()).collect();
        values.sort_by(f32::total_cmp);
        values
    };
    let (low, high) = (of(0), of(2));
    let low = low.get(low.len() / 50).map_or(-2.0, |v| v.floor().clamp(-1e4, -2.0));
    let high = high.iter().rev().nth(high.len() / 50).map_or(2.0, |v| v.ceil().clamp(2.0, 1e4));
    Axis::Linear(low, high)
}

fn plot(view: &SmoothView, arm: usize, layer: usize, width: f32, height: f32) -> Plot {
    let half = (width - GAP) / 2.0;
    let left = arm as f32 * (half + GAP);
    let row = ((height - HEAD - FOOT) / layers(view) as f32).max(1.0);
    let top = HEAD + row * layer as f32;
    let edges = [left + 26.0, top + LINE, left + half - 10.0, top + row - 5.0];
    Plot::new(edges, Axis::steps(view.input_steps), y_axis(view))
}

/// Axes, names, layers.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    let small = pen.width < SMALL;
    for (arm, name) in NAMES.into_iter().enumerate() {
        let last = layers(view) - 1;
        for layer in 0..=last {
            let plot = plot(view, arm, layer, pen.width, pen.height);
            let mut ticks = plot.y.ticks(3);
            let mut last_at = f32::INFINITY;
            ticks.retain(|(value, _)| {
                let fits = (plot.y_at(*value) - last_at).abs() >= LETTERS;
                last_at = if fits { plot.y_at(*value) } else { last_at };
                fits
            });
            pen.y_axis(&plot, &ticks, "")?;
            pen.foot(&plot)?;
            let says =
                format!("layer {}{}", layer + 1, if layer == last && !small { ", the last" } else { "" });
            pen.word(&Word::tick(says, (plot.left, plot.top - 9.0), pen.theme.muted))?;
        }
        let plot = plot(view, arm, last, pen.width, pen.height);
        pen.x_axis(&plot, &plot.step_ticks(view.input_steps, 16.0, 5), "step")?;
        let name = Word::new(name, (plot.left, 7.0), pen.theme.arms[arm].line).bold();
        pen.word(&name)?;
        if !small {
            let at = (name.bounds()[2] + 8.0, name.at.1);
            pen.word(&Word::tick("input of the activation", at, pen.theme.muted))?;
        }
    }
    Ok(())
}

/// Bands, medians, drifts.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    for arm in 0..2 {
        let tones = pen.theme.arms[arm];
        for (layer, seen) in inputs(view, arm).layers.iter().enumerate().take(layers(view)) {
            let plot = plot(view, arm, layer, pen.width, pen.height);
            let way: Vec<(f32, [f32; 3])> = inputs(view, arm)
                .steps
                .iter()
                .zip(seen)
                .map(|(step, p)| (*step as f32, *p))
                .take_while(|(_, p)| p.iter().all(|v| v.is_finite()))
                .collect();
            let strokes = [Stroke::solid(tones.line, 1.0), Stroke::arm(pen.theme, arm, 2.0)];
            pen.percentiles(&plot, &way, tones.wash, strokes)?;
            drift(pen, &plot, arm, inputs(view, arm).drift.get(layer))?;
        }
    }
    Ok(())
}

/// "drift 1.1", at the right above a row.
fn drift<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, arm: usize, drift: Option<&f32>) -> Drawn<B> {
    let Some(drift) = drift else { return Ok(()) };
    let says =
        if drift.is_finite() && *drift < f32::MAX { words::number(*drift) } else { "not finite".into() };
    let at = (plot.right, plot.top - 9.0);
    pen.word(&Word::tick(format!("drift {says}"), at, pen.theme.arms[arm].line).side(Side::Right).bold())
}
