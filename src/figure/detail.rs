//! Fig. 4: the selected layer enlarged: one unit's percentile band per arm, the gradient over the steps, and the
//! learned scales and shifts.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::cursor;
use super::ink::{hair, smoothed};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::scale;
use super::text;
use super::theme::TEXT;
use crate::lab::view::{LayerArmView, LayersView, Point};

/// Height of each of the four, in CSS pixels.
pub const HEIGHT: u32 = 170;

fn selected(view: &LayersView, arm: usize) -> Option<&LayerArmView> {
    view.layers.get(view.selected).map(|layer| &layer[arm])
}

fn time_ticks(plot: &Plot) -> Vec<(f32, String)> {
    let last = plot.x.ends().1;
    let half = (last / 2.0).floor();
    [0.0, half, last].map(|v| (v, text::whole(v as u32))).to_vec()
}

fn band_plot(view: &LayersView, width: f32, height: f32) -> Plot {
    let edges = [34.0, 22.0, width - 36.0, height - 22.0];
    Plot::new(edges, Axis::steps(view.last_step), scale::percentile_axis(view))
}

fn gradient_plot(view: &LayersView, width: f32, height: f32) -> Plot {
    let names = view.names.iter().map(|n| text::width(n, TEXT, true)).fold(0.0, f32::max);
    let edges = [34.0, 22.0, width - (names.min(0.4 * width) + 10.0).max(40.0), height - 22.0];
    Plot::new(edges, Axis::steps(view.last_step), scale::gradient_axis(view))
}

/// The step under a horizontal place: in the bands, or in the gradient.
#[must_use]
pub fn step_at(view: &LayersView, gradient: bool, size: (u32, u32), x: f32) -> Option<u32> {
    let plot = if gradient { gradient_plot } else { band_plot };
    plot(view, size.0 as f32, size.1 as f32).step_at(x, view.step)
}

/// Axes and name of an arm's band.
pub fn band_backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView, arm: usize) -> Drawn<B> {
    let plot = band_plot(view, pen.width, pen.height);
    pen.y_axis(&plot, &plot.y.ticks(3), "")?;
    pen.x_axis(&plot, &time_ticks(&plot), "")?;
    let name = Word::new(view.names[arm].as_str(), (plot.left, 7.0), pen.theme.arms[arm].line);
    pen.word(&name.bold())
}

/// An arm's band: 15th to 85th percentile, the median as the arm's line.
pub fn band_marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView, arm: usize) -> Drawn<B> {
    let plot = band_plot(view, pen.width, pen.height);
    let Some(layer) = selected(view, arm) else { return Ok(()) };
    let tones = pen.theme.arms[arm];
    let good = |p: &&(f32, [f32; 3])| p.0.is_finite() && p.1.iter().all(|v| v.is_finite());
    let series: Vec<_> = layer.percentiles.iter().take_while(good).copied().collect();
    let strokes = [Stroke::solid(tones.line, 1.0), Stroke::arm(pen.theme, arm, 2.0)];
    pen.percentiles(&plot, &series, tones.wash, strokes)?;
    let Some(step) = view.cursor else {
        return band_labels(pen, &plot, series.get(1..).and_then(|s| s.last()));
    };
    let Some((_, p)) = series.iter().rfind(|s| s.0 <= step as f32) else { return Ok(()) };
    let line = |label: &str, v: f32| {
        Word::tick(format!("{label} {}", text::fixed(v, 2)), (0.0, 0.0), pen.theme.arms[arm].line)
    };
    let lines = [line("85th", p[2]), line("50th", p[1]), line("15th", p[0])];
    let avoid: Vec<_> = series.iter().flat_map(|(s, p)| p.map(|v| plot.at(*s, v))).collect();
    read_out(pen, &plot, step, lines.to_vec(), &avoid)
}

/// Names the three lines at their ends; under a read-out it is the read-out that names them.
fn band_labels<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, last: Option<&(f32, [f32; 3])>) -> Drawn<B> {
    let Some((step, p)) = last else { return Ok(()) };
    let x = plot.x_at(*step) + 6.0;
    let word = |(label, k): (&str, usize)| Word::tick(label, (x, plot.y_at(p[k])), pen.theme.muted);
    let words = [("85th", 2), ("50th", 1), ("15th", 0)].map(word);
    pen.words_apart(words.into(), 13.0, [plot.top, plot.bottom - 6.0])
}

/// The values at a step.
fn read_out<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    step: u32,
    values: Vec<Word>,
    avoid: &[(f32, f32)],
) -> Drawn<B> {
    let x = plot.x_at(step as f32).min(plot.right);
    cursor::line(pen, plot, x)?;
    cursor::note(pen, plot, (step, x), values, avoid)
}

/// Axes of the gradient.
pub fn gradient_backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView) -> Drawn<B> {
    let plot = gradient_plot(view, pen.width, pen.height);
    pen.y_axis(&plot, &scale::gradient_ticks(view, 1.5 * plot.height()), "")?;
    pen.x_axis(&plot, &time_ticks(&plot), "")?;
    let title = Word::new(scale::gradient_name(view.gradient_of), (plot.left, 7.0), pen.theme.muted);
    pen.word(&title)
}

/// The smoothed line, up to the first number that is not finite.
fn smooth_line(history: &[Point]) -> Vec<(f32, f32)> {
    let ok = |p: &&Point| p.step.is_finite() && p.value.is_finite();
    let shown = history.iter().take_while(ok).filter(|p| p.value > 0.0);
    smoothed(shown.map(|p| (p.step, p.value)))
}

/// The gradient that reaches the layer, both arms.
pub fn gradient_marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView) -> Drawn<B> {
    let plot = gradient_plot(view, pen.width, pen.height);
    let lines =
        [0, 1].map(|arm| selected(view, arm).map_or_else(Vec::new, |l| smooth_line(&l.gradient_history)));
    for arm in 0..2 {
        let Some(layer) = selected(view, arm) else { continue };
        let raw = layer.gradient_history.iter().map(|p| (p.step, p.value));
        pen.curve(&plot, raw, Stroke::solid(pen.theme.arms[arm].raw, 1.0))?;
    }
    for (arm, line) in lines.iter().enumerate() {
        pen.curve(&plot, line.iter().copied(), Stroke::arm(pen.theme, arm, 2.0))?;
    }
    let Some(step) = view.cursor else { return gradient_labels(pen, view, &plot, &lines) };
    let value = |(arm, line): (usize, &Vec<(f32, f32)>)| {
        let (_, v) = line.iter().rfind(|p| p.0 <= step as f32)?;
        let says = format!("{} {}", view.names[arm], text::scientific(*v));
        Some(Word::tick(says, (0.0, 0.0), pen.theme.arms[arm].line))
    };
    let avoid = plot.places(lines.iter().flatten().copied());
    read_out(pen, &plot, step, lines.iter().enumerate().filter_map(value).collect(), &avoid)
}

fn gradient_labels<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &LayersView,
    plot: &Plot,
    lines: &[Vec<(f32, f32)>; 2],
) -> Drawn<B> {
    let word = |(arm, line): (usize, &Vec<(f32, f32)>)| {
        let (step, value) = line.get(1..)?.last()?;
        let at = (plot.x_at(*step) + 7.0, plot.y_at(*value));
        Some(Word::new(view.names[arm].as_str(), at, pen.theme.arms[arm].line).bold())
    };
    let words = lines.iter().enumerate().filter_map(word).collect();
    pen.words_apart(words, 14.0, [plot.top, plot.bottom - 6.0])
}

/// Gamma and beta: name, centre, height of their strip.
const STRIPS: [(&str, f32, f32); 2] = [("γ", 1.0, 58.0), ("β", 0.0, 122.0)];

fn strip_edges<B: DrawingBackend>(pen: &Pen<'_, B>) -> [f32; 2] {
    [34.0, (pen.width - 16.0).max(44.0)]
}

/// Axes of the selected layer's learned scales and shifts.
pub fn learned_backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView) -> Drawn<B> {
    let edges = strip_edges(pen);
    let title = format!("γ and β of layer {}", view.selected + 1);
    pen.word(&Word::new(title, (edges[0], 7.0), pen.theme.muted))?;
    let ink = Stroke::solid(pen.theme.ink, 1.0);
    for ((name, centre, y), reach) in STRIPS.into_iter().zip(scale::learned_reach(view)) {
        let axis = scale::learned_axis(centre, reach);
        pen.word(&Word::new(name, (0.0, y), pen.theme.arms[1].line).bold())?;
        pen.across(edges[0], edges[1], y + 20.0, ink)?;
        pen.down(axis.between(edges, centre), y - 22.0, y + 20.0, Stroke::dotted(pen.theme.quiet))?;
        for (value, label) in scale::learned_ticks(centre, reach) {
            let x = axis.between(edges, value);
            pen.down(x, y + 20.0, y + 25.0, ink)?;
            pen.word(&Word::tick(label, (hair(x), y + 33.0), pen.theme.muted).side(Side::Middle))?;
        }
    }
    Ok(())
}

/// One translucent circle per unit.
pub fn learned_marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView) -> Drawn<B> {
    let Some(layer) = selected(view, 1) else { return Ok(()) };
    let edges = strip_edges(pen);
    let color = pen.theme.arms[1].line.mix(0.35);
    let strips = STRIPS.into_iter().zip(scale::learned_reach(view)).zip([&layer.gamma, &layer.beta]);
    for (((_, centre, y), reach), values) in strips {
        let axis = scale::learned_axis(centre, reach);
        for value in values.iter().filter(|v| v.is_finite()) {
            pen.disc((axis.between(edges, *value), hair(y)), 4.0, color)?;
        }
    }
    Ok(())
}
