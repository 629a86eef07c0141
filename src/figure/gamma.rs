//! Fig. 5a: one unit's values before and after normalising, and after scale and shift. A diamond and a bar say mean
//! and standard deviation; in the third row both can be dragged: the diamond is beta, an end of the bar gamma.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::ink::hair;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::text;
use super::theme::{SMALL, TICK, WIDE};
use crate::lab::claim::view::{GammaView, ValuesView};

/// The density, per unit of the axis, that fills a row's height.
const FULL: f32 = 0.85;
/// How near y is to x when x's outline is laid over it: RMS of the difference over x's standard deviation.
const NEAR: f32 = 0.25;

/// What can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handle {
    /// The diamond: the mean of y.
    Beta,
    /// An end of the bar: the standard deviation of y.
    Gamma,
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(width: u32) -> u32 {
    if (width as f32) < SMALL { 262 } else { 292 }
}

/// Where the rows are.
struct Layout {
    small: bool,
    plot: Plot,
    row: f32,
}

impl Layout {
    fn new(view: &GammaView, width: f32, height: f32) -> Self {
        let small = width < SMALL;
        let sides = match width {
            w if small => [2.0, w - 2.0],
            w if w < WIDE => [124.0, w - 82.0],
            w => [132.0, w - 96.0],
        };
        let top = if small { 4.0 } else { 14.0 };
        let [from, to] = view.reach;
        let reach = if to > from && (to - from).is_finite() { [from, to] } else { [-4.5, 8.5] };
        let x = Axis::Linear(reach[0], reach[1]);
        let plot = Plot::new([sides[0], top, sides[1], height - 24.0], x, Axis::Linear(0.0, 1.0));
        let row = plot.height() / 3.0;
        Self { small, plot, row }
    }

    /// Where a row's histogram stands.
    fn base(&self, row: usize) -> f32 {
        hair(self.plot.top + self.row * (row as f32 + 1.0) - if self.small { 8.0 } else { 10.0 })
    }

    /// Height of a row's diamond and bar.
    fn bar(&self, row: usize) -> f32 {
        let above = if self.small { 25.0 } else { 12.0 };
        hair(self.plot.top + self.row * row as f32 + above)
    }

    /// The highest a histogram may rise above its base: to below the bar, or behind it where rows are too low for both.
    fn rise(&self) -> f32 {
        (self.base(0) - self.bar(0) - 8.0).max(0.45 * self.row)
    }

    /// Whether a value is on the axis.
    fn holds(&self, value: f32) -> bool {
        let (from, to) = self.plot.x.ends();
        value >= from && value <= to
    }

    fn x(&self, value: f32) -> f32 {
        self.plot.x_at(value).clamp(self.plot.left, self.plot.right)
    }
}

/// What is at a place: the diamond or a bar's end of y's row.
#[must_use]
pub fn grab(view: &GammaView, size: (u32, u32), x: f32, y: f32) -> Option<Handle> {
    let layout = Layout::new(view, size.0 as f32, size.1 as f32);
    if (y - layout.bar(2)).abs() > 22.0 {
        return None;
    }
    let reach = 16.0;
    let ValuesView { mean, deviation: std, .. } = view.rows[2];
    let beta = (layout.x(mean) - x).abs();
    let ends = [mean - std, mean + std];
    let gamma = ends.iter().map(|e| (layout.x(*e) - x).abs()).fold(f32::INFINITY, f32::min);
    match (beta, gamma) {
        // With the ends on the diamond, a finger above moves beta and one below opens gamma.
        (b, g) if b <= reach && (b < g || (b == g && y <= layout.bar(2))) => Some(Handle::Beta),
        (_, g) if g <= reach => Some(Handle::Gamma),
        _ => None,
    }
}

/// The value that puts a handle at a horizontal place: beta, or gamma (never below 0) for the beta shown.
#[must_use]
pub fn dragged(view: &GammaView, size: (u32, u32), handle: Handle, x: f32) -> Option<f32> {
    let plot = Layout::new(view, size.0 as f32, size.1 as f32).plot;
    if !x.is_finite() {
        return None;
    }
    let share = ((x - plot.left) / plot.width()).clamp(0.0, 1.0);
    let (from, to) = plot.x.ends();
    let value = from + share * (to - from);
    Some(match handle {
        Handle::Beta => value,
        Handle::Gamma => (value - view.pair[1]).abs(),
    })
}

/// Grid, zero line, x axis.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &GammaView) -> Drawn<B> {
    let Layout { plot, .. } = Layout::new(view, pen.width, pen.height);
    let ticks = plot.x.ticks(7);
    for (value, _) in &ticks {
        let stroke =
            if *value == 0.0 { Stroke::dotted(pen.theme.quiet) } else { Stroke::solid(pen.theme.rule, 1.0) };
        pen.down(plot.x_at(*value), plot.top, plot.bottom, stroke)?;
    }
    pen.x_axis(&plot, &ticks, "")
}

/// Histograms, means and standard deviations, the worked example, words.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &GammaView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    for (r, row) in view.rows.iter().enumerate() {
        let tones = pen.theme.arms[usize::from(r > 0)];
        let outline = outline(&layout, r, &row.histogram);
        pen.polygon(&outline, tones.wash)?;
        pen.line(&outline, Stroke::solid(tones.line, 1.0))?;
        if r == 2 && view.distance < NEAR {
            let x_again = self::outline(&layout, r, &view.rows[0].histogram);
            pen.line(&x_again, Stroke::arm(pen.theme, 0, 1.0))?;
        }
        beyond(pen, &layout, r, &row.histogram, &outline)?;
        if r > 0 && !row.histogram.is_empty() {
            let example = if r == 1 { view.example } else { view.example_after };
            for value in example.into_iter().filter(|v| layout.holds(*v)) {
                pen.hollow((layout.x(value), layout.base(r)), 4.5, 1.5, pen.theme.ink)?;
            }
        }
        mean_and_std(pen, &layout, r, row)?;
        words(pen, &layout, view, r, row)?;
    }
    Ok(())
}

/// The outline of a histogram, from the left end of its base to the right end.
fn outline(layout: &Layout, row: usize, counts: &[u32]) -> Vec<(f32, f32)> {
    let (from, to) = layout.plot.x.ends();
    let width = (to - from) / counts.len().max(1) as f32;
    let all: f32 = counts.iter().map(|c| *c as f32).sum();
    let base = layout.base(row);
    let per = layout.rise() / (FULL * width * all.max(1.0));
    let mut line = vec![(layout.plot.left, base)];
    for (bin, count) in counts.iter().enumerate() {
        let top = base - (*count as f32 * per).min(layout.rise());
        let at = |bin: usize| layout.plot.x_at(from + bin as f32 * width);
        line.extend([(at(bin), top), (at(bin + 1), top)]);
    }
    line.push((layout.plot.right, base));
    line
}

/// An end bin also holds what lies beyond it: where it towers over its neighbour, its share is written on it.
fn beyond<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    layout: &Layout,
    r: usize,
    counts: &[u32],
    outline: &[(f32, f32)],
) -> Drawn<B> {
    let [first, second, .., last_but_one, last] = counts[..] else { return Ok(()) };
    let all: f32 = counts.iter().map(|c| *c as f32).sum();
    let width = layout.plot.width() / counts.len() as f32;
    let sides = [
        (first, second, layout.plot.left + width + 4.0, Side::Left),
        (last, last_but_one, layout.plot.right - width - 4.0, Side::Right),
    ];
    for (count, next, x, side) in sides {
        if count as f32 >= 0.01 * all && count / 2 > next {
            let share = text::fixed(100.0 * count as f32 / all, 0);
            let says = if side == Side::Left { format!("◂ {share} %") } else { format!("{share} % ▸") };
            // Beside the bin's upper end, below the bar of mean and standard deviation.
            let top = if side == Side::Left { outline.get(1) } else { outline.iter().rev().nth(1) };
            let y =
                top.map_or(layout.base(r), |p| p.1 + 7.0).min(layout.base(r) - 9.0).max(layout.bar(r) + 14.0);
            pen.word_on_paper(&Word::tick(says, (x, y), pen.theme.muted).side(side))?;
        }
    }
    Ok(())
}

/// A diamond at the mean and a bar of one standard deviation to either side, cut off at the edges.
fn mean_and_std<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    layout: &Layout,
    r: usize,
    row: &ValuesView,
) -> Drawn<B> {
    let (mean, std) = (row.mean, row.deviation);
    if row.histogram.is_empty() || !(mean.is_finite() && std.is_finite()) {
        return Ok(());
    }
    let (y, ink) = (layout.bar(r), Stroke::solid(pen.theme.ink, 1.0));
    let ends = [mean - std, mean + std];
    pen.line(&[(layout.x(ends[0]), y), (layout.x(ends[1]), y)], ink)?;
    for end in ends.into_iter().filter(|e| layout.holds(*e)) {
        let (long, stroke) = if r == 2 { (6.0, Stroke::solid(pen.theme.ink, 2.0)) } else { (4.0, ink) };
        pen.down(layout.x(end), y - long, y + long, stroke)?;
    }
    if !layout.holds(mean) {
        return Ok(());
    }
    let x = hair(layout.x(mean));
    let big = if r == 2 { 6.0 } else { 5.0 };
    pen.polygon(&[(x, y - big), (x + big - 1.0, y), (x, y + big), (x - big + 1.0, y)], pen.theme.ink)
}

/// "y = 2 x̂ + 3", as short as the numbers allow.
fn formula([gamma, beta]: [f32; 2]) -> String {
    if !(gamma.is_finite() && beta.is_finite()) {
        return "y = γ x\u{302} + β".into();
    }
    let two = |v: f32| text::plain((100.0 * v).round() / 100.0);
    let sign = if beta < 0.0 { '\u{2212}' } else { '+' };
    format!("y = {} x\u{302} {sign} {}", two(gamma), two(beta.abs()))
}

fn words<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    layout: &Layout,
    view: &GammaView,
    r: usize,
    row: &ValuesView,
) -> Drawn<B> {
    let name = match r {
        0 => "x".into(),
        1 => "x\u{302}".into(),
        _ => formula(view.pair),
    };
    let what = ["as the layer made it", "mean 0, variance 1", "what the next step sees"][r];
    let told = |v: f32| text::fixed_or_not(v, 2);
    let (mean, std) = (format!("mean {}", told(row.mean)), format!("std {}", told(row.deviation)));
    let (ink, muted) = (pen.theme.ink, pen.theme.muted);
    let empty = row.histogram.is_empty();
    if layout.small {
        let y = layout.plot.top + layout.row * r as f32 + 9.0;
        pen.word_on_paper(&Word { size: TICK, ..Word::new(name, (0.0, y), ink) }.bold())?;
        let says = Word::tick(format!("{mean}\u{2002}{std}"), (pen.width, y), muted).side(Side::Right);
        return if empty { Ok(()) } else { pen.word_on_paper(&says) };
    }
    let y = layout.base(r);
    pen.word(&Word::new(name, (0.0, y - 26.0), ink).bold())?;
    pen.word(&Word::tick(what, (0.0, y - 11.0), muted))?;
    if empty {
        return Ok(());
    }
    pen.word(&Word::new(mean, (pen.width, y - 26.0), ink).side(Side::Right))?;
    pen.word(&Word::new(std, (pen.width, y - 11.0), ink).side(Side::Right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_seen_in_low_rows_and_keeps_below_the_bar_in_others() {
        let layout =
            |width: u32, height: u32| Layout::new(&GammaView::default(), width as f32, height as f32);
        for (width, height) in [(328, 130), (668, 120)] {
            let low = layout(width, height);
            assert!(low.rise() > 10.0, "{width} x {height}: {}", low.rise());
            // Never into the row above.
            assert!(low.base(0) - low.rise() > 0.0 && low.rise() < low.row, "{width} x {height}");
        }
        for width in [328, 668, 920] {
            let natural = layout(width, natural_height(width));
            assert!(natural.base(0) - natural.rise() >= natural.bar(0) + 8.0, "{width}");
        }
    }
}
