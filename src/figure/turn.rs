//! Fig. 11b: the loss of a deep linear network, and how far a middle layer's gradient turns when the layers below
//! it take their step: the cosine between before and after. Bands and dots are the seeds, lines their medians.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::pen::{Drawn, Pen, Stroke, Word};
use super::place::{First, Label, Room, along};
use super::plot::Plot;
use super::runs::{NAMES, end_values};
use super::text;
use super::theme::NARROW;
use crate::lab::claim::cell::median;
use crate::lab::claim::view::WhyView;
use crate::lab::claim::words;

/// Room for the numbers at the right.
const RIGHT: f32 = 42.0;

/// Per step: the step, and the median and range over the seeds.
type Medians = Vec<(f32, f32, [f32; 2])>;

/// Over seeds, step by step as the longest has them; a step without a finite value ends the line.
fn medians(seeds: &[Vec<(u32, f32)>]) -> Medians {
    let steps = seeds.iter().max_by_key(|seed| seed.len()).into_iter().flatten();
    let at = |(i, (step, _)): (usize, &(u32, f32))| {
        let values: Vec<f32> = seeds.iter().map(|s| s.get(i).map_or(f32::INFINITY, |p| p.1)).collect();
        let known = || values.iter().copied().filter(|v| v.is_finite());
        let range = [known().fold(f32::INFINITY, f32::min), known().fold(f32::NEG_INFINITY, f32::max)];
        Some((*step as f32, median(values.clone()).filter(|v| v.is_finite())?, range))
    };
    steps.enumerate().map_while(at).collect()
}

fn last_step(view: &WhyView) -> u32 {
    let all = view.shift.iter().flat_map(|arm| arm.losses.iter().chain(&arm.probes));
    all.filter_map(|seed| seed.last()).map(|p| p.0).max().filter(|s| *s > 0).unwrap_or(2000)
}

/// A round number with room for the medians of both arms and most of their bands at the start.
fn top(losses: &[Medians; 2]) -> f32 {
    let high = losses.iter().flatten().map(|p| p.1).fold(0.0, f32::max);
    if high <= 0.0 {
        // Nothing has been run.
        return 1.0;
    }
    let power = libm::powf(10.0, libm::log10f(high.clamp(1e-6, 1e6)).floor());
    let round = [1.25, 1.5, 2.0, 2.5, 4.0, 5.0, 8.0, 10.0, 12.5];
    power * round.into_iter().find(|r| r * power >= 1.05 * high).unwrap_or(12.5)
}

fn plots(view: &WhyView, losses: &[Medians; 2], width: f32, height: f32) -> [Plot; 2] {
    let steps = Axis::steps(last_step(view));
    let middle = (0.54 * (height - 36.0)).round();
    let (left, right) = (42.0, width - RIGHT);
    [
        Plot::new([left, 25.0, right, middle - 8.0], steps, Axis::Linear(0.0, top(losses))),
        Plot::new([left, middle + 24.0, right, height - 36.0], steps, Axis::Linear(-1.0, 1.0)),
    ]
}

fn all_losses(view: &WhyView) -> [Medians; 2] {
    view.shift.each_ref().map(|arm| medians(&arm.losses))
}

/// Axes and titles of both.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let [loss, cosine] = plots(view, &all_losses(view), pen.width, pen.height);
    pen.y_axis(&loss, &loss.y.ticks(3), "loss")?;
    pen.foot(&loss)?;
    pen.y_axis(&cosine, &[(-1.0, "−1".into()), (0.0, "0".into()), (1.0, "1".into())], "")?;
    let title = match pen.width < NARROW {
        true => "cosine, before and after",
        false => "cosine of the gradient, before and after",
    };
    pen.word(&Word::new(title, (0.0, cosine.top - 15.0), pen.theme.muted))?;
    pen.x_axis(&cosine, &cosine.x.ticks(2), "step")
}

/// Losses above, cosines below.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let losses = all_losses(view);
    let [loss, cosine] = plots(view, &losses, pen.width, pen.height);
    draw_losses(pen, view, &loss, &losses)?;
    let lines = view.shift.each_ref().map(|arm| medians(&arm.probes));
    for (arm, line) in lines.iter().enumerate() {
        let color = pen.theme.arms[arm].line;
        // Where it hardly turns the line is the message, where it does the dots are.
        let calm = view.shift[arm].cosine.is_some_and(|c| c > 0.98);
        for (step, value) in view.shift[arm].probes.iter().flatten().filter(|p| p.1.is_finite()) {
            let far = line.iter().find(|p| p.0 == *step as f32).is_none_or(|p| (p.1 - value).abs() > 0.05);
            if far || !calm {
                pen.disc(cosine.at(*step as f32, value.clamp(-1.0, 1.0)), 1.5, color.mix(0.35))?;
            }
        }
        let stroke = Stroke::arm(pen.theme, arm, if calm { 2.0 } else { 1.0 });
        pen.curve(&cosine, line.iter().map(|p| (p.0, p.1)), stroke)?;
    }
    let told = |c: f32| text::fixed(c, if c.abs() > 0.99 { 3 } else { 2 });
    let values = view.shift.each_ref().map(|arm| arm.cosine.filter(|c| c.is_finite()).map(|c| (c, told(c))));
    end_values(pen, &cosine, &values)
}

fn draw_losses<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &WhyView,
    plot: &Plot,
    losses: &[Medians; 2],
) -> Drawn<B> {
    let top = plot.y.ends().1;
    let bands = losses.each_ref().map(|line| {
        line.iter().map(|(step, _, [low, high])| (*step, low.min(top), high.min(top))).collect::<Vec<_>>()
    });
    for (arm, band) in bands.iter().enumerate() {
        pen.band(plot, band, pen.theme.arms[arm].wash)?;
    }
    let mut room = Room::new([plot.left + 2.0, plot.top - 4.0, plot.right, plot.bottom - 2.0]);
    for (arm, line) in losses.iter().enumerate() {
        pen.curve(plot, line.iter().map(|p| (p.0, p.1)), Stroke::arm(pen.theme, arm, 2.0))?;
        room.avoid(&plot.places(line.iter().map(|p| (p.0, p.1))));
    }
    // Without stands above the lines if it is the upper one, with below, or the other way round.
    for arm in 0..2 {
        let inked = plot.places(losses[arm].iter().map(|p| (p.0, p.1)));
        let label = Label::new(NAMES[arm], pen.theme.arms[arm].line);
        let upper = losses[arm].last().map(|p| p.1) >= losses[1 - arm].last().map(|p| p.1);
        let first = if upper { First::Above } else { First::Below };
        let mut places = along([&inked, &inked], &label, [plot.left, plot.right], first);
        // Never on the other arm's side: rather no name, the number at the right has the colour.
        places.truncate(places.len() / 2);
        if let Some(label) = room.place_free(places) {
            label.draw(pen, false)?;
        }
    }
    let values = view.shift.each_ref().map(|arm| {
        let end = arm.end?;
        Some(if end.is_finite() { (end, words::number(end)) } else { (f32::MAX, "∞".into()) })
    });
    end_values(pen, plot, &values)
}
