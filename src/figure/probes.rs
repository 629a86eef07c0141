//! Fig. 6c: what a walk along the gradient says of the gradient, over the steps and for both arms: the range of losses
//! met, how far the gradient changes, that change per distance moved; and the share of walks on which the loss goes up.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, percents};
use super::ink::smoothed;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::runs::NAMES;
use super::text;
use super::theme::WIDE;
use crate::lab::claim::view::{SmoothArm, SmoothView};
use crate::lab::claim::words;
use crate::lab::probe::Walk;

/// Between two panels.
const GAP: f32 = 20.0;
/// Room for the numbers at the right of a panel.
const RIGHT: f32 = 40.0;
/// The decades an axis may show.
const WIDEST: [f32; 2] = [-9.0, 9.0];

/// One of the three over the steps: long and short title, a probe's number, an arm's median.
struct Panel {
    title: [&'static str; 2],
    of: fn(&Walk) -> f32,
    median: fn(&SmoothArm) -> Option<f32>,
}

const PANELS: [Panel; 3] = [
    Panel { title: ["range of the loss", "range of loss"], of: Walk::width, median: |arm| arm.width },
    Panel {
        title: ["gradient change / norm", "change / norm"],
        of: |walk| walk.change,
        median: |arm| arm.change,
    },
    Panel {
        title: ["gradient change / distance", "change / distance"],
        of: |walk| walk.smoothness,
        median: |arm| arm.smoothness,
    },
];

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < WIDE { 356 } else { 206 }
}

/// Left, top, right, bottom of one of the four.
fn cell(k: usize, width: f32, height: f32) -> [f32; 4] {
    let across = if width < WIDE { 2 } else { 4 };
    let down = 4 / across;
    let wide = (width - GAP * (across - 1) as f32) / across as f32;
    let high = height / down as f32;
    let (column, row) = ((k % across) as f32, (k / across) as f32);
    let left = column * (wide + GAP);
    [left, row * high, left + wide, (row + 1.0) * high]
}

/// Numbers that a logarithm has.
fn known(value: &f32) -> bool {
    value.is_finite() && *value > 0.0 && *value < f32::MAX
}

/// Whole decades that hold all but 1 in 50 of the probes of both arms.
fn y_axis(view: &SmoothView, of: fn(&Walk) -> f32) -> Axis {
    let walks = view.arms.iter().flat_map(|arm| &arm.walks);
    let mut values: Vec<f32> = walks.map(of).filter(known).map(libm::log10f).collect();
    values.sort_by(f32::total_cmp);
    let spare = values.len() / 50;
    let (Some(low), Some(high)) = (values.get(spare), values.iter().rev().nth(spare)) else {
        return Axis::decades(-2, 1);
    };
    let clamp = |v: f32| v.clamp(WIDEST[0], WIDEST[1]) as i32;
    let (low, high) = (clamp(low.floor()), clamp(high.ceil()));
    Axis::decades(low.min(high - 2), high)
}

fn plot(view: &SmoothView, k: usize, width: f32, height: f32) -> Plot {
    let [left, top, right, bottom] = cell(k, width, height);
    let edges = [left + 37.0, top + 25.0, right - RIGHT, bottom - 38.0];
    Plot::new(edges, Axis::steps(view.steps), y_axis(view, PANELS[k].of))
}

/// The bars: shares from 0 to 1, upwards.
fn bars(width: f32, height: f32) -> Plot {
    let [left, top, right, bottom] = cell(3, width, height);
    let edges = [left + 40.0, top + 25.0, right - 4.0, bottom - 38.0];
    Plot::new(edges, Axis::Linear(0.0, 2.0), Axis::Linear(0.0, 1.0))
}

fn title<B: DrawingBackend>(pen: &Pen<'_, B>, k: usize, [long, short]: [&str; 2]) -> Drawn<B> {
    let [left, top, right, _] = cell(k, pen.width, pen.height);
    let word = |says: &str| Word::new(says, (left, top + 7.0), pen.theme.muted);
    let long = word(long);
    pen.word(&if long.width() <= right - left { long } else { word(short) })
}

/// Axes and titles.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    for (k, panel) in PANELS.iter().enumerate() {
        let plot = plot(view, k, pen.width, pen.height);
        title(pen, k, panel.title)?;
        pen.y_axis(&plot, &plot.y.ticks(4), "")?;
        pen.x_axis(&plot, &plot.step_ticks(view.steps, 20.0, 3), "step")?;
    }
    let plot = bars(pen.width, pen.height);
    title(pen, 3, ["walks on which the loss rises", "walks that go up"])?;
    pen.y_axis(&plot, &percents(&[0.0, 0.5, 1.0]), "")?;
    pen.across(plot.left, plot.right, plot.bottom, Stroke::solid(pen.theme.ink, 1.0))
}

/// Lines with their medians, and the bars.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    for (k, panel) in PANELS.iter().enumerate() {
        let plot = plot(view, k, pen.width, pen.height);
        let points = view.arms.each_ref().map(|arm| {
            let values = arm.walks.iter().map(|walk| (walk.step as f32, (panel.of)(walk)));
            values.filter(|(_, value)| known(value)).collect::<Vec<_>>()
        });
        for (arm, points) in points.iter().enumerate() {
            pen.curve(&plot, points.iter().copied(), Stroke::solid(pen.theme.arms[arm].raw, 1.0))?;
        }
        for (arm, points) in points.iter().enumerate() {
            let line = smoothed(points.iter().copied());
            pen.curve(&plot, line.into_iter(), Stroke::arm(pen.theme, arm, 2.0))?;
        }
        medians(pen, &plot, view.arms.each_ref().map(panel.median))?;
    }
    rising(pen, view)
}

/// The arms' medians at the right, in their colours.
fn medians<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, values: [Option<f32>; 2]) -> Drawn<B> {
    let word = |(arm, value): (usize, Option<f32>)| {
        let value = value.filter(known)?;
        let at = (plot.right + 5.0, plot.y_at(value));
        Some(Word::tick(words::number(value), at, pen.theme.arms[arm].line).bold())
    };
    let words = values.into_iter().enumerate().filter_map(word).collect();
    pen.words_apart(words, 14.0, [plot.top, plot.bottom - 4.0])
}

/// A bar per arm with its share on it and its name below.
fn rising<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    let plot = bars(pen.width, pen.height);
    let half = plot.width() / 2.0;
    let names = if half < 70.0 { ["without", "with"] } else { NAMES };
    for (arm, name) in names.into_iter().enumerate() {
        let (tones, middle) = (pen.theme.arms[arm], plot.left + half * (arm as f32 + 0.5));
        let name = Word::tick(name, (middle, plot.bottom + 13.0), tones.line);
        pen.word(&name.side(Side::Middle))?;
        let Some(share) = view.arms[arm].rising.filter(|share| (0.0..=1.0).contains(share)) else { continue };
        let wide = (0.3 * half).min(26.0);
        let top = plot.y_at(share).min(plot.bottom - 1.0);
        let bar = [(middle - wide).round(), top.round(), (middle + wide).round(), plot.bottom];
        pen.bar(arm, bar)?;
        let says = Word::tick(text::percent(share), (middle, top - 9.0), tones.line).bold();
        pen.word_on_paper(&says.side(Side::Middle))?;
    }
    Ok(())
}
