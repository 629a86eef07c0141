//! The read-out under a cursor, in figures over the steps: a line down the plot, and a note with the step and the
//! values there. Which values those are is the figure's business.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Stroke, Word};
use super::plot::Plot;
use super::text;
use super::theme::TICK;

/// The line at a place.
pub(super) fn line<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, x: f32) -> Drawn<B> {
    pen.down(x, plot.top - 2.0, plot.bottom, Stroke::solid(pen.theme.muted, 1.0))
}

/// The step and what is said of it, beside the line, where they hide the fewest of the places to `avoid`.
pub(super) fn note<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    plot: &Plot,
    (step, x): (u32, f32),
    values: Vec<Word>,
    avoid: &[(f32, f32)],
) -> Drawn<B> {
    let head = Word::tick(format!("step {}", text::whole(step)), (0.0, 0.0), pen.theme.ink).bold();
    let lines: Vec<Word> = std::iter::once(head).chain(values).collect();
    let apart = TICK + 3.0;
    let wide = lines.iter().map(Word::width).fold(0.0, f32::max) + 8.0;
    let high = apart * lines.len() as f32 + 4.0;
    let (right, left) = (x + 5.0, (x - 5.0 - wide).max(0.0));
    let right = right.min((pen.width - wide).max(0.0));
    let sides = if x + 5.0 + wide > plot.right { [left, right] } else { [right, left] };
    let (top, bottom) = (plot.top + 2.0, (plot.bottom - 3.0 - high).max(0.0));
    let hidden = |&(l, t): &(f32, f32)| {
        let over = |p: &&(f32, f32)| p.0 > l && p.0 < l + wide && p.1 > t && p.1 < t + high;
        avoid.iter().filter(over).count()
    };
    let corners = [(sides[0], top), (sides[1], top), (sides[0], bottom), (sides[1], bottom)];
    let Some((l, t)) = corners.into_iter().min_by_key(hidden) else { return Ok(()) };
    pen.block([l, t, l + wide, t + high], pen.theme.paper.mix(0.9))?;
    for (i, line) in lines.iter().enumerate() {
        pen.word(&Word { at: (l + 4.0, t + 2.0 + apart * (i as f32 + 0.5)), ..line.clone() })?;
    }
    Ok(())
}
