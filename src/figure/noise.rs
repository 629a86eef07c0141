//! Fig. 11a: test accuracy over the steps, both arms with and without noise after the norm. Thick lines are without
//! noise; thin ones with a hollow circle are with it.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, quarters};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::{First, Label, Room, along};
use super::plot::Plot;
use super::text;
use super::theme::NARROW;
use crate::lab::claim::view::{NOISE_ARMS, WhyView};

/// Height of each of the three, in CSS pixels.
pub const HEIGHT: u32 = 250;

/// The four curves in the order of the view: arm and whether with noise.
const CURVES: [(usize, bool); 4] = [(0, false), (1, false), (0, true), (1, true)];

fn last_step(view: &WhyView) -> u32 {
    let steps = view.noise.iter().filter_map(|curve| curve.points.last()).map(|p| p.0);
    steps.max().filter(|s| *s > 0).unwrap_or(600)
}

fn plot(view: &WhyView, width: f32, height: f32) -> Plot {
    let edges = [42.0, 25.0, width - 12.0, height - 36.0];
    Plot::new(edges, Axis::steps(last_step(view)), Axis::Linear(0.0, 1.0))
}

/// Axes, guessing.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    pen.y_axis(&plot, &quarters(0.0), "test accuracy")?;
    pen.x_axis(&plot, &plot.x.ticks(if pen.width < NARROW { 3 } else { 4 }), "step")?;
    pen.guessing(&plot, view.chance)
}

/// Curves, marks, labels.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let plot = plot(view, pen.width, pen.height);
    let lines = view.noise.each_ref().map(|curve| {
        curve.points.iter().map(|(step, share)| (*step as f32, *share)).collect::<Vec<(f32, f32)>>()
    });
    // Thin ones last: they must not vanish under the thick.
    for ((arm, noisy), line) in CURVES.into_iter().zip(&lines) {
        let stroke = Stroke::arm(pen.theme, arm, if noisy { 1.0 } else { 2.0 });
        pen.curve(&plot, line.iter().copied(), stroke)?;
        if noisy {
            for (step, share) in line.iter().filter(|p| plot.has_mark(p.0, 6)) {
                let at = plot.at(*step, *share);
                pen.hollow(at, 2.6, 1.4, pen.theme.arms[arm].line)?;
            }
        }
    }
    labels(pen, view, &plot, &lines)
}

fn labels<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &WhyView,
    plot: &Plot,
    lines: &[Vec<(f32, f32)>; 4],
) -> Drawn<B> {
    let mut room = Room::new([plot.left + 2.0, plot.top - 4.0, plot.right + 2.0, plot.bottom - 2.0]);
    let inked = lines.each_ref().map(|l| plot.places(l.iter().copied()));
    inked.iter().for_each(|line| room.avoid(line));
    let muted = pen.theme.muted;
    let says = text::guessing_share(view.chance);
    let word = Word::tick(says, (plot.right, plot.y_at(view.chance) + 9.0), muted).side(Side::Right);
    if pen.width >= NARROW && word.bounds()[3] < plot.bottom {
        room.take(word.bounds());
        pen.word(&word)?;
    }
    room.avoid(&[plot.at(0.0, view.chance), plot.at(plot.x.ends().1, view.chance)]);
    for k in [1, 3, 0, 2] {
        if inked[k].is_empty() {
            continue;
        }
        let (arm, is_noisy) = CURVES[k];
        let color = pen.theme.arms[arm].line;
        let says = match is_noisy {
            true if pen.width < NARROW => "○ with noise".to_owned(),
            true => format!("○ {}", NOISE_ARMS[k]),
            false => NOISE_ARMS[k].to_owned(),
        };
        let label = if is_noisy { Label::plain(says, color) } else { Label::new(says, color) };
        if let Some(label) =
            room.place(along([&inked[k], &inked[k]], &label, [plot.left, plot.right], First::Below))
        {
            label.draw(pen, true)?;
        }
    }
    Ok(())
}
