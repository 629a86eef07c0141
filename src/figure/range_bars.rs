//! The bars on top of Fig. 8: from the smallest to the largest rate that trains, per arm, and how many times
//! higher the largest is.

use plotters_backend::DrawingBackend;

use super::ink::hair;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::{Label, Room};
use super::plot::Plot;
use super::runs::NAMES;
use super::theme::{SMALL, WIDE};
use crate::lab::claim::view::RatesView;
use crate::lab::claim::words;
use crate::lab::sentence::target;

/// Half the height of a bar.
const HALF: f32 = 4.0;

/// One arm's bar: left, right and height of its middle.
#[derive(Clone, Copy)]
struct Bar {
    left: f32,
    right: f32,
    y: f32,
}

/// Height of an arm's bar.
fn height(small: bool, arm: usize) -> f32 {
    match (small, arm) {
        (false, 0) => 10.0,
        (false, _) => 30.0,
        (true, 0) => 8.0,
        (true, _) => 30.0,
    }
}

/// Bars, arrow and labels.
pub(super) fn draw<B: DrawingBackend>(pen: &Pen<'_, B>, view: &RatesView, plot: &Plot) -> Drawn<B> {
    let small = pen.width < SMALL;
    let bars = [0, 1].map(|arm| {
        view.reached[arm].map(|[low, high]| {
            let (left, right) = (plot.x_at(low) - 5.0, plot.x_at(high) + 5.0);
            Bar { left, right, y: height(small, arm) }
        })
    });
    for (arm, bar) in bars.iter().enumerate() {
        let Some(bar) = bar else { continue };
        let edges = [bar.left, bar.y - HALF, bar.right, bar.y + HALF];
        pen.bar(arm, edges)?;
    }
    let mut room = Room::new([0.0, 0.0, pen.width, height(small, 1) + 24.0]);
    for bar in bars.iter().flatten() {
        room.take([bar.left - 6.0, bar.y - HALF, bar.right + 6.0, bar.y + HALF]);
    }
    arrow(pen, view, &bars, &mut room)?;
    for (arm, bar) in bars.iter().enumerate() {
        let places = places(pen, view, plot, arm, *bar);
        if let Some(label) = room.place(places) {
            label.draw(pen, false)?;
        }
    }
    Ok(())
}

/// From the end of the shorter bar to below the end of the longer, with the factor on it.
fn arrow<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &RatesView,
    bars: &[Option<Bar>; 2],
    room: &mut Room,
) -> Drawn<B> {
    let (Some(without), Some(with), Some(factor)) = (bars[0], bars[1], view.factor) else { return Ok(()) };
    let (short, long, times) =
        if factor > 1.0 { (without, with, factor) } else { (with, without, 1.0 / factor) };
    let (from, to, y) = (short.right + 6.0, long.right, hair(short.y));
    let says = |tail: &str| {
        let at = ((from + to) / 2.0 - 3.0, y);
        Word::new(format!("{} ×{tail}", words::number(times)), at, pen.theme.ink).bold().side(Side::Middle)
    };
    let fits = |w: &Word| w.width() + 34.0 <= to - from;
    let Some(word) = [says(" higher"), says("")].into_iter().find(fits) else { return Ok(()) };
    pen.line(&[(from, y), (to, y)], Stroke::solid(pen.theme.ink, 1.0))?;
    pen.line(&[(to - 6.0, y - 4.0), (to, y), (to - 6.0, y + 4.0)], Stroke::solid(pen.theme.ink, 1.0))?;
    let [left, top, right, bottom] = word.bounds();
    pen.block([left - 6.0, top, right + 6.0, bottom], pen.theme.paper)?;
    room.take([from, y - 6.0, to + 4.0, y + 6.0]);
    pen.word(&word)
}

/// Where an arm's label may stand, best first.
fn places<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    view: &RatesView,
    plot: &Plot,
    arm: usize,
    bar: Option<Bar>,
) -> Vec<Label> {
    let small = pen.width < SMALL;
    let narrow = pen.width < WIDE;
    let tried = view.arms[arm].iter().filter(|cell| !cell.ends.is_empty()).count();
    let count = view.counts[arm];
    let tails = match (tried, count) {
        (0, _) => vec![String::new()],
        (_, 0) if narrow => vec![format!("none of {tried} rates")],
        (_, 0) => {
            vec![format!("none of {tried} rates reaches {}", target()), format!("none of {tried} rates")]
        }
        _ if narrow => vec![format!("{count} of {tried} rates"), format!("{count} of {tried}")],
        _ => vec![format!("{count} of {tried} rates reach {}", target()), format!("{count} of {tried}")],
    };
    let name = Label::new(NAMES[arm], pen.theme.arms[arm].line);
    let base = |tail: &String| name.clone().tail(tail, pen.theme.muted);
    let Some(bar) = bar else {
        let at = (plot.left, height(small, arm));
        return tails.iter().map(|tail| base(tail).moved(at, Side::Left)).collect();
    };
    let left = ((bar.left - 8.0, bar.y), Side::Right);
    let right = ((bar.right + 8.0, bar.y), Side::Left);
    let below = ((bar.left, bar.y + 15.0), Side::Left);
    let below_left = ((0.0, bar.y + 15.0), Side::Left);
    let mut sides = if arm == 0 { vec![left, right] } else { vec![right, left] };
    if small && arm == 1 {
        // One under the other reads better than a label squeezed between bar and edge.
        sides = vec![below, below_left];
    }
    let beside = sides.iter().flat_map(|&(at, side)| tails.iter().map(move |tail| (tail, at, side)));
    let mut places: Vec<Label> = beside.map(|(tail, at, side)| base(tail).moved(at, side)).collect();
    if let Some(shortest) = tails.last() {
        places.push(base(shortest).moved((bar.left, bar.y + 15.0), Side::Left));
        places.push(base(shortest).moved((0.0, bar.y + 15.0), Side::Left));
    }
    places
}
