//! Fig. 11c: the hidden weights alone get the rate on the axis, far beyond the usual: test accuracy, and the size the
//! second layer's weights have grown to. With batch norm they grow, and so lower their own effective rate.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, percents};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::place::{First, Label, Room, along};
use super::plot::Plot;
use super::runs::{NAMES, Of, Row, Spot, draw_rows, end_values, still_to_run};
use super::text;
use super::theme::{NARROW, TEXT};
use crate::lab::claim::view::{ScaleView, WhyView};
use crate::lab::claim::words;

/// Room for the numbers at the right.
const RIGHT: f32 = 44.0;

fn x_axis(view: &ScaleView) -> Axis {
    Axis::around(&view.rates, 1.4).unwrap_or(Axis::Log(0.07, 14_000.0))
}

/// Whole decades that hold every size, at least two and at most eight.
fn size_axis(view: &ScaleView) -> Axis {
    let sizes = view.arms.iter().flat_map(|arm| &arm.second_weights).flatten().filter(|v| **v > 0.0);
    let (low, high) = sizes.fold((1.0_f32, 1.0_f32), |(a, b), v| (a.min(*v), b.max(*v)));
    let (low, high) = (libm::log10f(low).floor() as i32, libm::log10f(high.min(f32::MAX)).ceil() as i32);
    let low = low.max(-4);
    Axis::decades(low, high.clamp(low + 2, low + 8))
}

fn plots(view: &ScaleView, width: f32, height: f32) -> [Plot; 2] {
    let middle = (0.58 * (height - 36.0)).round();
    let (left, right, x) = (42.0, width - RIGHT, x_axis(view));
    [
        Plot::new([left, 25.0, right, middle - 8.0], x, Axis::Linear(0.0, 1.0)),
        Plot::new([left, middle + 24.0, right, height - 36.0], x, size_axis(view)),
    ]
}

fn row<'v>(view: &'v ScaleView, plot: &'v Plot, arm: usize) -> Row<'v> {
    let narrow = plot.width() < NARROW - 90.0;
    let (aside, radius) = if narrow { (1.5, 2.3) } else { (2.5, 2.8) };
    let cells = &view.arms[arm].cells;
    Row { plot, xs: &view.rates, cells, arm, of: Of::Accuracy, edge: plot.bottom - 5.0, aside, radius }
}

/// What can be picked.
#[must_use]
pub fn spots(view: &WhyView, size: (u32, u32)) -> Vec<Spot> {
    let view = &view.scale;
    let [accuracy, _] = plots(view, size.0 as f32, size.1 as f32);
    let at = |i: usize| format!("learning rate of the hidden weights {}", words::rate(view.rates[i]));
    (0..2).flat_map(|arm| row(view, &accuracy, arm).spots(at)).collect()
}

/// Axes and titles of both.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let [accuracy, sizes] = plots(&view.scale, pen.width, pen.height);
    let narrow = pen.width < NARROW;
    pen.y_axis(&accuracy, &percents(&[0.0, 0.5, 1.0]), "test accuracy")?;
    pen.foot(&accuracy)?;
    pen.guessing(&accuracy, view.chance)?;
    pen.y_axis(&sizes, &sizes.y.ticks(3), "")?;
    let title = if narrow { "size of W2, RMS" } else { "size of the weights W2, RMS" };
    pen.word(&Word::new(title, (0.0, sizes.top - 15.0), pen.theme.muted))?;
    pen.x_axis(
        &sizes,
        &sizes.x.ticks(3),
        // What is still to run is told beside it.
        if narrow { "rate" } else { "rate of the hidden weights" },
    )
}

/// Accuracy above, sizes below.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &WhyView) -> Drawn<B> {
    let view = &view.scale;
    let [accuracy, sizes] = plots(view, pen.width, pen.height);
    let rows = [0, 1].map(|arm| row(view, &accuracy, arm));
    draw_rows(pen, &rows)?;
    names(pen, &accuracy, &rows)?;
    let last = rows.each_ref().map(|row| {
        let share = row.last()?;
        Some((share, format!("{} %", text::fixed(100.0 * share, 0))))
    });
    end_values(pen, &accuracy, &last)?;
    draw_sizes(pen, view, &sizes)?;
    still_to_run(pen, &sizes, &rows)
}

/// The arms' names beside their lines.
fn names<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, rows: &[Row<'_>; 2]) -> Drawn<B> {
    let mut room = Room::new([plot.left + 2.0, plot.top, plot.right + 2.0, plot.bottom - 2.0]);
    let inked = rows.each_ref().map(|row| plot.places(row.parts().into_iter().flatten()));
    inked.iter().for_each(|line| room.avoid(line));
    rows.iter().flat_map(Row::seed_places).for_each(|at| room.avoid(&[at]));
    for arm in [1, 0] {
        let label = Label::new(NAMES[arm], pen.theme.arms[arm].line);
        // In the right half the arms are apart.
        let middle = (plot.left + plot.right) / 2.0;
        let upper = inked[arm].last().map(|p| p.1) < Some((plot.top + plot.bottom) / 2.0);
        let first = if upper { First::Below } else { First::Above };
        if let Some(label) =
            room.place(along([&inked[arm]; 2].map(|l| &l[..]), &label, [middle, plot.right], first))
        {
            label.draw(pen, false)?;
        }
    }
    Ok(())
}

/// Lines of sizes; a cross at the top where a median is not finite.
fn draw_sizes<B: DrawingBackend>(pen: &Pen<'_, B>, view: &ScaleView, plot: &Plot) -> Drawn<B> {
    let mut last: [Option<(f32, String)>; 2] = [None, None];
    for (arm, hidden) in view.arms.iter().enumerate() {
        let all = || view.rates.iter().copied().zip(&hidden.second_weights);
        let finite: Vec<(f32, f32)> = all().map_while(|(rate, size)| Some((rate, (*size)?))).collect();
        pen.curve(plot, finite.iter().copied(), Stroke::arm(pen.theme, arm, 2.0))?;
        for (rate, size) in finite.iter().filter(|p| p.1 <= plot.y.ends().1) {
            pen.mark(arm, plot.at(*rate, *size), if pen.width < NARROW { 2.0 } else { 2.4 })?;
        }
        let over = finite.len();
        let run = hidden.cells.get(over).is_some_and(|cell| !cell.ends.is_empty());
        match (view.rates.get(over), finite.last()) {
            (Some(rate), _) if run => overflow(pen, plot, arm, *rate)?,
            (None, Some((_, size))) => last[arm] = Some((*size, size_words(*size))),
            _ => {}
        }
    }
    end_values(pen, plot, &last)
}

/// A size, as the nearest power of ten where more has no room at the right.
fn size_words(size: f32) -> String {
    let full = words::number(size);
    if text::width(&full, TEXT, true) <= RIGHT - 6.0 || !(size > 0.0 && size.is_finite()) {
        return full;
    }
    format!("≈{}", text::power_of_ten(libm::log10f(size).round() as i32))
}

/// "× overflows", where the weights did, in the arm's colour; the arms one below the other.
fn overflow<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, arm: usize, rate: f32) -> Drawn<B> {
    let color = pen.theme.arms[arm].line;
    let at = (plot.x_at(rate), plot.top + 2.0 + 14.0 * arm as f32);
    pen.cross(at, 8.0, 1.6, color)?;
    let word = Word::new("overflows", (at.0 + 8.0, at.1), color);
    let over = word.bounds()[2] > pen.width;
    pen.word(&if over { Word { at: (at.0 - 8.0, at.1), ..word }.side(Side::Right) } else { word })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_without_room_is_told_as_the_nearest_power_of_ten() {
        assert_eq!(size_words(190.0), words::number(190.0));
        assert_eq!(size_words(3.1e28), "≈10²⁸");
        assert_eq!(size_words(9.7e28), "≈10²⁹");
        for size in [1e5, 3.2e28, f32::MAX] {
            assert!(text::width(&size_words(size), TEXT, true) <= RIGHT - 6.0, "{}", size_words(size));
        }
    }
}
