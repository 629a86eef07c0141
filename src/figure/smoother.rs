//! Fig. 6b: per arm, the mini-batch loss over the steps and the losses met along the current gradient. A narrow band
//! means that the gradient can be trusted. Losses above the axis are marked and counted.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::runs::NAMES;
use super::text;
use super::theme::SMALL;
use crate::lab::claim::view::SmoothView;
use crate::lab::probe::Walk;

/// Between two panels side by side.
const GAP: f32 = 28.0;

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 270 } else { 236 }
}

/// The smallest of a few tops with room for all but 1 in 20 of the losses, and for where training starts.
fn top(view: &SmoothView) -> f32 {
    let losses = || view.arms.iter().flat_map(|arm| &arm.walks).map(|w| w.loss).filter(|l| l.is_finite());
    let start = view.arms.iter().filter_map(|arm| arm.walks.first()).map(|w| w.loss).fold(0.0, f32::max);
    let mut sorted: Vec<f32> = losses().collect();
    sorted.sort_by(f32::total_cmp);
    let high = sorted.get(sorted.len() * 19 / 20).copied().unwrap_or(0.0).max(1.1 * start);
    [2.0, 4.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0].into_iter().find(|t| *t >= high).unwrap_or(1000.0)
}

fn plot(view: &SmoothView, arm: usize, width: f32, height: f32) -> Plot {
    let edges = match width < SMALL {
        true => {
            let half = height / 2.0;
            let foot = half * (arm as f32 + 1.0);
            [30.0, foot - half + 22.0, width - 12.0, foot - 22.0]
        }
        false => {
            let half = (width - GAP) / 2.0;
            let left = arm as f32 * (half + GAP);
            [left + 30.0, 24.0, left + half - 12.0, height - 36.0]
        }
    };
    Plot::new(edges, Axis::steps(view.steps), Axis::Linear(0.0, top(view)))
}

/// Axes, names, titles.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    for (arm, name) in NAMES.into_iter().enumerate() {
        let plot = plot(view, arm, pen.width, pen.height);
        let small = pen.width < SMALL;
        pen.y_axis(&plot, &plot.y.ticks(2), "")?;
        pen.x_axis(&plot, &plot.step_ticks(view.steps, 16.0, 5), if small { "" } else { "step" })?;
        let name = Word::new(name, (plot.left, plot.top - 15.0), pen.theme.arms[arm].line).bold();
        pen.word(&name)?;
        // What peaks there are is said at the right.
        let what = if plot.width() < 250.0 { "loss" } else { "mini-batch loss" };
        let what = Word::tick(what, (name.bounds()[2] + 8.0, name.at.1), pen.theme.muted);
        pen.word(&what)?;
    }
    Ok(())
}

/// Bands, lines, marks of what lies above.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &SmoothView) -> Drawn<B> {
    for arm in 0..2 {
        let plot = plot(view, arm, pen.width, pen.height);
        let tones = pen.theme.arms[arm];
        let walks: Vec<&Walk> = view.arms[arm].walks.iter().take_while(|w| w.loss.is_finite()).collect();
        let band: Vec<_> =
            walks.iter().map(|w| (w.step as f32, w.low.min(w.loss), w.high.max(w.loss))).collect();
        pen.band(&plot, &band, tones.wash)?;
        pen.curve(&plot, band.iter().map(|b| (b.0, b.2)), Stroke::solid(tones.line, 1.0))?;
        let loss = walks.iter().map(|w| (w.step as f32, w.loss));
        pen.curve(&plot, loss, Stroke::arm(pen.theme, arm, 2.0))?;
        peaks(pen, &plot, arm, &band)?;
    }
    Ok(())
}

/// A triangle on every stretch above the axis, and how many there are.
fn peaks<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, arm: usize, band: &[(f32, f32, f32)]) -> Drawn<B> {
    let top = plot.y.ends().1;
    let above: Vec<bool> = band.iter().map(|b| b.2.is_nan() || b.2 > top).collect();
    let mut count = 0;
    for stretch in band.iter().zip(&above).collect::<Vec<_>>().chunk_by(|a, b| a.1 == b.1) {
        let highest = stretch.iter().filter(|(_, above)| **above).max_by(|a, b| a.0.2.total_cmp(&b.0.2));
        if let Some((walk, _)) = highest {
            count += 1;
            pen.above(arm, (plot.x_at(walk.0), plot.top - 4.0))?;
        }
    }
    if count == 0 {
        return Ok(());
    }
    let says = format!("{count} {} above {}", if count == 1 { "peak" } else { "peaks" }, text::plain(top));
    let at = (plot.right, plot.top - 15.0);
    pen.word(&Word::tick(says, at, pen.theme.muted).side(Side::Right))
}
