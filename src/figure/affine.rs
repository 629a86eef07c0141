//! Fig. 5b: what learning gamma and beta changes. At the left the test accuracy of the same run with both trained and
//! with both frozen, at the right where training takes them: one row per layer, smallest, median and largest unit. On
//! a narrow sheet the accuracies stand above the rows; if it is low too, as in an embed on a phone, in words alone.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::axis::{Axis, quarters};
use super::ink::spread;
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::plot::Plot;
use super::text;
use super::theme::{TEXT, WIDE};
use crate::lab::claim::cell::Cell;
use crate::lab::claim::view::AffineView;

/// Height of a layer's row, of what stands above the rows and below them.
const ROW: f32 = 27.0;
const HEAD: f32 = 36.0;
const FOOT: f32 = 38.0;
/// Of the accuracies, where they stand above the rows; and of the line that tells them in words.
const ABOVE: f32 = 190.0;
const LINE: f32 = 18.0;
/// Lower rows leave no room for curves above them.
const LEAST_ROW: f32 = 14.0;
/// On a low sheet of this width they stand beside the rows all the same.
const BESIDE: f32 = 540.0;
/// Room at their right for each seed's end and the names.
const RIGHT: f32 = 102.0;
const ACCURACY: &str = "test accuracy";
/// Trained, frozen.
const NAMES: [&str; 2] = ["trained", "frozen"];

fn layers(view: &AffineView) -> usize {
    view.moves.last().map_or(8, |(_, layers)| layers.len()).clamp(1, 40)
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &AffineView, width: u32) -> u32 {
    let rows = HEAD + ROW * layers(view) as f32 + FOOT;
    (if (width as f32) < WIDE { ABOVE + rows } else { rows }) as u32
}

/// Where the accuracies stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Beside,
    Above,
    Words,
}

impl Form {
    fn of(view: &AffineView, width: f32, height: f32) -> Self {
        let row = (height - HEAD - FOOT - ABOVE) / layers(view) as f32;
        match width {
            w if w >= WIDE => Self::Beside,
            _ if row >= LEAST_ROW => Self::Above,
            w if w >= BESIDE => Self::Beside,
            _ => Self::Words,
        }
    }
}

/// Where the parts are.
struct Layout {
    form: Form,
    accuracy: Plot,
    /// Left and right of gamma's column and beta's.
    columns: [[f32; 2]; 2],
    top: f32,
    row: f32,
    last: u32,
}

impl Layout {
    fn new(view: &AffineView, width: f32, height: f32) -> Self {
        let form = Form::of(view, width, height);
        let (left, bottom, above) = match form {
            Form::Beside => ((0.42 * width).round(), height - FOOT, 0.0),
            Form::Above => (width, ABOVE - FOOT - 10.0, ABOVE),
            Form::Words => (width, LINE, LINE),
        };
        let steps = view.curves.iter().flatten().map(|(step, _)| *step);
        let last =
            view.moves.iter().map(|(step, _)| *step).chain(steps).max().filter(|s| *s > 0).unwrap_or(600);
        let low = if lowest(view) < 0.5 { 0.0 } else { 0.5 };
        let edges = [40.0, 25.0, left - RIGHT, bottom];
        let accuracy = Plot::new(edges, Axis::steps(last), Axis::Linear(low, 1.0));
        let from = if form == Form::Beside { left + 44.0 } else { 26.0 };
        let half = (width - 2.0 - from - 22.0) / 2.0;
        let columns = [[from, from + half], [width - 2.0 - half, width - 2.0]];
        let top = HEAD + above;
        let row = ((height - FOOT - top) / layers(view) as f32).max(1.0);
        Self { form, accuracy, columns, top, row, last }
    }

    /// A layer's row in gamma's column (0) or beta's (1).
    fn plot(&self, column: usize, layer: usize, reach: f32) -> Plot {
        let [left, right] = self.columns[column];
        let top = self.top + self.row * layer as f32;
        let y = Axis::Linear(CENTRES[column] - reach, CENTRES[column] + reach);
        Plot::new([left, top + 2.0, right, top + self.row - 2.0], Axis::steps(self.last), y)
    }
}

/// Where gamma and beta start.
const CENTRES: [f32; 2] = [1.0, 0.0];

/// The lowest accuracy drawn.
fn lowest(view: &AffineView) -> f32 {
    let curves = view.curves.iter().flatten().map(|(_, share)| *share);
    let ends =
        [&view.trained, &view.frozen].into_iter().flat_map(|cell| &cell.ends).filter_map(|end| end.accuracy);
    curves.chain(ends).filter(|share| share.is_finite()).fold(1.0, f32::min)
}

/// How far gamma and beta go to either side of where they start, in whole fifths: one axis for all rows.
fn reaches(view: &AffineView) -> [f32; 2] {
    [0, 1].map(|column| {
        let layers = view.moves.iter().flat_map(|(_, layers)| layers);
        let all = layers.flat_map(|layer| [layer[3 * column], layer[3 * column + 2]]);
        let far = all.filter(|v| v.is_finite()).map(|v| (v - CENTRES[column]).abs()).fold(0.2, f32::max);
        (5.0 * far.min(1e4) - 1e-3).ceil() / 5.0
    })
}

/// Axes, names of rows and columns, where gamma and beta start.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &AffineView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    let (plot, low) = (&layout.accuracy, layout.accuracy.y.ends().0);
    if layout.form == Form::Words {
        pen.word(&Word::new(ACCURACY, (0.0, 7.0), pen.theme.muted))?;
    } else {
        pen.y_axis(plot, &quarters(low), ACCURACY)?;
        pen.x_axis(plot, &plot.x.ticks(3), "step")?;
    }
    for (column, reach) in reaches(view).into_iter().enumerate() {
        let ([left, right], centre) = (layout.columns[column], CENTRES[column]);
        let y = layout.top - HEAD + 8.0;
        pen.word(&Word::new(["γ", "β"][column], (left, y), pen.theme.ink).bold())?;
        let says = format!("each row {} to {}", text::plain(centre - reach), text::plain(centre + reach));
        pen.word(&Word::tick(says, (left, y + 15.0), pen.theme.muted))?;
        for layer in 0..layers(view) {
            let row = layout.plot(column, layer, reach);
            pen.across(left, right, row.y_at(centre), Stroke::solid(pen.theme.rule, 1.0))?;
            if column == 0 {
                let at = (left - 8.0, (row.top + row.bottom) / 2.0);
                pen.word(&Word::tick((layer + 1).to_string(), at, pen.theme.muted).side(Side::Right))?;
            }
        }
        let foot =
            Plot { bottom: layout.top + layout.row * layers(view) as f32, ..layout.plot(column, 0, reach) };
        pen.x_axis(&foot, &foot.x.ticks(3), if column == 1 { "step" } else { "" })?;
    }
    let layer = Word::tick("layer", (layout.columns[0][0] - 8.0, layout.top - HEAD + 23.0), pen.theme.muted);
    if layout.form == Form::Beside { pen.word(&layer.side(Side::Right)) } else { Ok(()) }
}

/// Curves, every seed's end, and the way of gamma and beta.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &AffineView) -> Drawn<B> {
    let layout = Layout::new(view, pen.width, pen.height);
    if layout.form == Form::Words {
        told(pen, [&view.trained, &view.frozen])?;
    } else {
        accuracies(pen, view, &layout.accuracy)?;
    }
    let tones = pen.theme.arms[1];
    let reaches = reaches(view);
    for column in 0..2 {
        for layer in 0..layers(view) {
            let plot = layout.plot(column, layer, reaches[column]);
            let part = |all: &[f32; 6]| [0, 1, 2].map(|which| all[3 * column + which]);
            let of_layer =
                |(step, layers): &(u32, Vec<[f32; 6]>)| Some((*step as f32, part(layers.get(layer)?)));
            let way: Vec<_> = view.moves.iter().filter_map(of_layer).collect();
            let strokes = [Stroke::solid(tones.raw, 1.0), Stroke::solid(tones.line, 1.25)];
            pen.percentiles(&plot, &way, tones.wash, strokes)?;
        }
    }
    Ok(())
}

/// The medians at the end, after what the backdrop calls them.
fn told<B: DrawingBackend>(pen: &Pen<'_, B>, cells: [&Cell; 2]) -> Drawn<B> {
    let color = pen.theme.arms[1].line;
    let mut x = text::width(ACCURACY, TEXT, false) + 14.0;
    for (kind, cell) in cells.into_iter().enumerate() {
        let Some(share) = cell.accuracy().value() else { continue };
        if kind == 0 {
            pen.disc((x, 7.0), 2.8, color)?;
        } else {
            pen.hollow((x, 7.0), 2.8, 1.4, color)?;
        }
        let says = format!("{} {}", NAMES[kind], text::percent(share));
        let width = text::width(&says, TEXT, false);
        pen.word(&Word::new(says, (x + 8.0, 7.0), color))?;
        x += width + 24.0;
    }
    Ok(())
}

/// The curves, every seed's end and the medians.
fn accuracies<B: DrawingBackend>(pen: &Pen<'_, B>, view: &AffineView, plot: &Plot) -> Drawn<B> {
    let tones = pen.theme.arms[1];
    // The thin one last: it must not vanish under the thick.
    for (kind, curve) in view.curves.iter().enumerate() {
        let stroke = Stroke::solid(tones.line, if kind == 0 { 2.0 } else { 1.0 });
        pen.curve(plot, curve.iter().map(|(step, share)| (*step as f32, *share)), stroke)?;
        for (step, share) in curve.iter().filter(|p| p.1.is_finite() && plot.has_mark(p.0 as f32, 12)) {
            let at = plot.at(*step as f32, *share);
            if kind == 0 { pen.disc(at, 2.8, tones.line)? } else { pen.hollow(at, 2.8, 1.4, tones.line)? }
        }
    }
    for (kind, cell) in [&view.trained, &view.frozen].into_iter().enumerate() {
        ends(pen, plot, kind, cell)?;
    }
    names(pen, plot, [&view.trained, &view.frozen])
}

/// One faint mark per seed beside the axis; a cross at the foot for one that diverged.
fn ends<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, kind: usize, cell: &Cell) -> Drawn<B> {
    let (x, color) = (plot.right + 8.0 + 9.0 * kind as f32, pen.theme.arms[1].line);
    for end in &cell.ends {
        match end.accuracy.filter(|share| share.is_finite()) {
            None => pen.cross((x, plot.bottom - 4.0), 5.0, 1.2, color)?,
            Some(share) if kind == 0 => pen.disc((x, plot.y_at(share)), 2.4, color.mix(0.45))?,
            Some(share) => pen.ring((x, plot.y_at(share)), 2.4, 1.0, color.mix(0.6))?,
        }
    }
    Ok(())
}

/// Which is which, and the medians at the end.
fn names<B: DrawingBackend>(pen: &Pen<'_, B>, plot: &Plot, cells: [&Cell; 2]) -> Drawn<B> {
    let known: Vec<_> =
        cells.iter().enumerate().filter_map(|(kind, cell)| Some((kind, cell.accuracy().value()?))).collect();
    let wanted: Vec<f32> = known.iter().map(|(_, share)| plot.y_at(*share)).collect();
    for ((kind, share), y) in known.iter().zip(spread(&wanted, 30.0, plot.top + 2.0, plot.bottom - 18.0)) {
        let (x, color) = (plot.right + 28.0, pen.theme.arms[1].line);
        pen.word(&Word::new(NAMES[*kind], (x, y), color).bold())?;
        pen.word(&Word::tick(text::percent(*share), (x, y + 14.0), pen.theme.muted))?;
    }
    Ok(())
}
