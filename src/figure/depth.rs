//! Fig. 7: the size of the gradient that reaches each layer, both arms, on a log scale. Gradients travel from right
//! to left; what is said of an arm compares its first layer with its last.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::pen::{Drawn, Pen, Side, Stroke};
use super::place::{First, Label, Room, along};
use super::plot::Plot;
use super::runs::NAMES;
use super::text;
use super::theme::SMALL;
use crate::lab::claim::view::DepthView;
use crate::lab::claim::words;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 232 } else { 280 }
}

/// The widest the axis may be, as exponents of ten.
const WIDEST: (f32, f32) = (-38.0, 38.0);

fn layers(view: &DepthView) -> usize {
    view.arms
        .iter()
        .map(|arm| arm.start.len().max(arm.end.len()))
        .max()
        .unwrap_or(0)
        .max(view.layers as usize)
}

/// A profile's layers, counted from 1, as far as they are finite from the last one down: gradients travel that way.
fn line(profile: &[f32]) -> Vec<(f32, f32)> {
    let layers = profile.iter().enumerate().rev().map(|(l, size)| (l as f32 + 1.0, *size));
    let mut line: Vec<_> = layers.take_while(|(_, size)| size.is_finite() && *size > 0.0).collect();
    line.reverse();
    line
}

/// Smallest and largest over the seeds, where a line is.
fn band(seeds: &[Vec<f32>], line: &[(f32, f32)]) -> Vec<(f32, f32, f32)> {
    let range = |(layer, size): &(f32, f32)| {
        let values = seeds.iter().filter_map(|seed| seed.get(*layer as usize - 1));
        let ok = values.filter(|v| v.is_finite() && **v > 0.0);
        let (low, high) = ok.fold((*size, *size), |(a, b), v| (a.min(*v), b.max(*v)));
        (*layer, low, high)
    };
    line.iter().map(range).collect()
}

/// Whole decades, at least three, that hold every value.
fn y_axis(view: &DepthView) -> Axis {
    let profiles = view.arms.iter().flat_map(|arm| [&arm.start, &arm.end]).chain([&view.by_theory]);
    let values = profiles.flat_map(|profile| line(profile)).map(|(_, size)| libm::log10f(size));
    let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if low > high {
        return Axis::decades(-4, 0);
    }
    let (low, high) =
        (low.clamp(WIDEST.0, WIDEST.1).floor() as i32, high.clamp(WIDEST.0, WIDEST.1).ceil() as i32);
    Axis::decades(low.min(high - 3), high)
}

fn plot(view: &DepthView, width: f32, height: f32) -> Plot {
    let small = width < SMALL;
    let edges = [40.0, 24.0, width - 12.0, height - if small { 36.0 } else { 38.0 }];
    Plot::new(edges, Axis::Linear(1.0, layers(view).max(2) as f32), y_axis(view))
}

/// The first layer and round ones as far apart as their labels need, and the last where it keeps its distance.
fn layer_ticks(plot: &Plot, count: usize) -> Vec<(f32, String)> {
    let apart = plot.width() / (count.max(2) - 1) as f32;
    let room = if count > 12 { 48.0 } else { 24.0 };
    let every = [1, 2, 4, 5, 10, 20, 50].into_iter().find(|s| *s as f32 * apart >= room).unwrap_or(100);
    let far = |a: usize, b: usize| a.abs_diff(b) as f32 * apart >= 0.7 * room;
    let mut ticks = vec![1];
    ticks.extend((1..=count / every).map(|k| k * every).filter(|l| *l > 1 && far(*l, 1)));
    if ticks.last().is_some_and(|l| *l < count && far(*l, count)) {
        ticks.push(count);
    }
    ticks.into_iter().map(|l| (l as f32, l.to_string())).collect()
}

/// Powers of ten, "1" among them.
fn size_ticks(plot: &Plot) -> Vec<(f32, String)> {
    let most = ((plot.height() / 34.0) as i32).clamp(3, 8);
    let (low, high) = plot.y.ends();
    let (low, high) = (libm::log10f(low).round() as i32, libm::log10f(high).round() as i32);
    let span = high - low;
    let every = [1, 2, 3, 4, 6, 12].into_iter().find(|s| span / s < most).unwrap_or(24);
    let tick = |e: i32| (libm::powf(10.0, e as f32), if e == 0 { "1".into() } else { text::power_of_ten(e) });
    (low..=high).rev().filter(|e| e.rem_euclid(every) == 0).map(tick).collect()
}

/// Axes, grid, titles.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &DepthView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let small = pen.width < SMALL;
    let title =
        if small { "gradient reaching each layer" } else { "size of the gradient reaching each layer" };
    pen.y_axis(&plot, &size_ticks(&plot), &format!("{title}, ∂L/∂a"))?;
    let axis = if small {
        "layer (1 = first)"
    } else {
        "layer (1 is the first; gradients travel from right to left)"
    };
    pen.x_axis(&plot, &layer_ticks(&plot, layers(view)), axis)
}

/// Bands of the seeds, lines, marks, thin lines after training, and what happens on the way to layer 1.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &DepthView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let lines = view.arms.each_ref().map(|arm| line(&arm.start));
    let bands = [0, 1].map(|arm| band(&view.arms[arm].seeds, &lines[arm]));
    let theory = line(&view.by_theory);
    for (arm, band) in bands.iter().enumerate() {
        pen.band(&plot, band, pen.theme.arms[arm].wash)?;
    }
    pen.curve(&plot, theory.iter().copied(), Stroke { width: 1.5, ..Stroke::dotted(pen.theme.ink) })?;
    let ends = view.arms.each_ref().map(|arm| line(&arm.end));
    for (arm, end) in ends.iter().enumerate() {
        pen.curve(&plot, end.iter().copied(), Stroke::arm(pen.theme, arm, 1.0))?;
    }
    let apart = plot.width() / (layers(view).max(2) - 1) as f32;
    let radius = (0.24 * apart).clamp(1.2, if pen.width < SMALL { 2.2 } else { 3.0 });
    for (arm, line) in lines.iter().enumerate() {
        pen.curve(&plot, line.iter().copied(), Stroke::arm(pen.theme, arm, 2.0))?;
        line.iter().try_for_each(|(layer, size)| pen.mark(arm, plot.at(*layer, *size), radius))?;
    }
    labels(pen, view, &plot, [&lines, &ends], &bands, &theory)
}

/// "at layer 1: 96 × larger than at layer 20", long and short; `squared` is the growth of the
/// square per layer, as it is and by theory.
fn comparison(profile: &[f32], line: &[(f32, f32)], squared: Option<[f32; 2]>) -> [String; 3] {
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return if profile.is_empty() {
            Default::default()
        } else {
            ["not finite".into(), "not finite".into(), "not finite".into()]
        };
    };
    if first.0 > 1.0 {
        let says = format!("not finite before layer {}", first.0);
        return [says.clone(), says, "not finite".into()];
    }
    let factor = first.1 / last.1;
    let says = match factor {
        f if f > 1.05 => format!("{} × larger", words::number(f)),
        f if f < 1.0 / 1.05 => format!("{} × smaller", words::number(1.0 / f)),
        _ => {
            let says = format!("at layer 1 as large as at layer {}", last.0);
            return [says.clone(), says, "as large".into()];
        }
    };
    let whole = format!("at layer 1: {says} than at layer {}", last.0);
    let longest = match squared {
        Some([here, theory]) => {
            format!("{whole}; squared, {here:.2} × per layer (dotted: in theory {theory:.3} ×)")
        }
        None => whole.clone(),
    };
    [longest, whole, says]
}

/// Names and comparisons beside the lines; what the thin lines are, if that hides nothing.
fn labels<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &DepthView,
    plot: &Plot,
    [lines, ends]: [&[Vec<(f32, f32)>; 2]; 2],
    bands: &[Vec<(f32, f32, f32)>; 2],
    theory: &[(f32, f32)],
) -> Drawn<B> {
    let mut room = Room::new([plot.left + 2.0, plot.top - 8.0, plot.right, plot.bottom - 2.0]);
    let low = bands.each_ref().map(|band| plot.places(band.iter().map(|b| (b.0, b.1))));
    let high = bands.each_ref().map(|band| plot.places(band.iter().map(|b| (b.0, b.2))));
    let thin = ends.each_ref().map(|end| plot.places(end.iter().copied()));
    let dotted = plot.places(theory.iter().copied());
    low.iter().chain(&high).chain(&thin).chain([&dotted]).for_each(|edge| room.avoid(edge));
    for arm in [1, 0] {
        // The growth is told where theory has one to compare it with.
        let squared = view.arms[arm].per_layer[0].filter(|_| arm == 1 && !theory.is_empty());
        let squared = squared.map(|here| [here, view.theory]);
        let [longest, long, short] = comparison(&view.arms[arm].start, &lines[arm], squared);
        let tails = if pen.width < SMALL { vec![short] } else { vec![longest, long, short] };
        let mut places: Vec<Label> = Vec::new();
        for tail in &tails {
            let label = Label::new(NAMES[arm], pen.theme.arms[arm].line).tail(tail, pen.theme.muted);
            places.extend(along([&low[arm], &high[arm]], &label, [plot.left, plot.right], First::Near));
            places
                .extend([12.0, 28.0].map(|up| label.moved((plot.left + 4.0, plot.bottom - up), Side::Left)));
        }
        if let Some(label) = room.place(places) {
            label.draw(pen, true)?;
        }
    }
    for (arm, thin) in thin.iter().enumerate().filter(|(_, thin)| thin.len() > 1) {
        let says = format!("after {} steps", text::whole(view.trained_steps));
        let label = Label::plain(says, pen.theme.arms[arm].line);
        let places = along([thin, thin], &label, [plot.left, plot.right], First::Near);
        if let Some(label) = room.place_free(places) {
            label.draw(pen, true)?;
        }
    }
    for (arm, thin) in
        thin.iter().enumerate().filter(|(arm, thin)| thin.len() == 1 && !view.arms[*arm].end.is_empty())
    {
        // All but the last layer's are 0: there is nothing to draw, but something to say.
        let says = format!(
            "after {} steps none reaches layer {}",
            text::whole(view.trained_steps),
            ends[arm][0].0 - 1.0
        );
        let label = Label::plain(says, pen.theme.arms[arm].line);
        let places = along([thin, thin], &label, [plot.left, plot.right], First::Below).into_iter().chain(
            [12.0, 28.0, 44.0].map(|up| label.moved((plot.right - 4.0, plot.bottom - up), Side::Right)),
        );
        if let Some(label) = room.place_free(places) {
            label.draw(pen, true)?;
        }
    }
    Ok(())
}
