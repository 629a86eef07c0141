//! Fig. 2 with two features: what one arm has learned, as a neutral field with the line where it is undecided.
//! Also the thumbnails of the data sets. Names and accuracies stand below, in the page's own text.

use plotters::style::Color;
use plotters_backend::DrawingBackend;

use super::contour;
use super::pen::{Drawn, Pen, Stroke};
use super::theme::mix;
use crate::lab::view::{BoundaryView, PaintingView};

/// Only the frame: everything else changes while the network learns.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>) -> Drawn<B> {
    pen.frame(square(pen), pen.theme.rule)
}

/// Field, points, and the line at one half in the arm's colour.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &BoundaryView) -> Drawn<B> {
    let edges = square(pen);
    field(pen, view, edges)?;
    let (radius, most) = if edges[2] - edges[0] < 150.0 { (1.9, 120) } else { (2.4, 200) };
    points(pen, &view.points, view.extent, edges, (radius, most))?;
    let line = pen.theme.arms[view.arm.min(1)].line;
    let lines: Vec<Vec<(f32, f32)>> = contour::half(&view.chance, view.side)
        .into_iter()
        .map(|line| line.into_iter().map(|p| inside(edges, p)).collect())
        .collect();
    for part in &lines {
        let halo = Stroke { color: pen.theme.paper.mix(0.7), width: 4.0, dash: None };
        pen.line(part, halo)?;
    }
    for part in &lines {
        pen.line(part, Stroke::solid(line, 2.0))?;
    }
    pen.frame(edges, pen.theme.rule)
}

/// Left, top, right, bottom of the largest square on the sheet.
fn square<B: DrawingBackend>(pen: &Pen<'_, B>) -> [f32; 4] {
    let side = pen.width.min(pen.height);
    [0.0, 0.0, side, side]
}

/// A place given as shares from the bottom left, in CSS pixels.
fn inside([left, top, right, bottom]: [f32; 4], (x, y): (f32, f32)) -> (f32, f32) {
    (left + x * (right - left), bottom - y * (bottom - top))
}

fn field<B: DrawingBackend>(pen: &Pen<'_, B>, view: &BoundaryView, edges: [f32; 4]) -> Drawn<B> {
    let side = view.side;
    if side == 0 || view.chance.len() < side.saturating_mul(side) {
        return Ok(());
    }
    let [none, all] = pen.theme.field;
    let from_top = (0..side).rev().flat_map(|row| &view.chance[row * side..(row + 1) * side]);
    let rgb: Vec<u8> = from_top
        .flat_map(|&chance| {
            let tone = mix(none, all, chance);
            [tone.0, tone.1, tone.2]
        })
        .collect();
    pen.image(edges, (side, side), &rgb, true)
}

fn points<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    points: &[(f32, f32, u8)],
    extent: f32,
    edges: [f32; 4],
    (radius, most): (f32, usize),
) -> Drawn<B> {
    let [hollow, solid] = pen.theme.class;
    let share = |v: f32| 0.5 + 0.5 * v / extent;
    for &(x, y, class) in points.iter().take(most) {
        let (x, y) = (share(x), share(y));
        if !((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
            continue;
        }
        let at = inside(edges, (x, y));
        if class == 0 {
            pen.disc(at, radius, hollow)?;
            pen.ring(at, radius, 1.0, mix(solid, hollow, 0.2))?;
        } else {
            pen.disc(at, radius + 0.5, solid)?;
        }
    }
    Ok(())
}

/// The points painted so far, and the brush.
pub fn painting<B: DrawingBackend>(pen: &Pen<'_, B>, view: &PaintingView) -> Drawn<B> {
    let edges = square(pen);
    points(pen, &view.points, view.extent, edges, (2.6, usize::MAX))?;
    let Some((x, y, radius)) = view.cursor else { return Ok(()) };
    let share = |v: f32| 0.5 + 0.5 * v / view.extent;
    let (centre_x, centre_y) = inside(edges, (share(x), share(y)));
    let radius = 0.5 * radius / view.extent * (edges[2] - edges[0]);
    let turn = |k: u32| {
        let angle = core::f32::consts::TAU * k as f32 / 48.0;
        (centre_x + radius * libm::cosf(angle), centre_y + radius * libm::sinf(angle))
    };
    let circle: Vec<(f32, f32)> = (0..=48).map(turn).collect();
    pen.line(&circle, Stroke { dash: Some((3.0, 2.0)), ..Stroke::solid(pen.theme.muted, 1.0) })?;
    // A small brush would be hard to find.
    let cross = Stroke::solid(pen.theme.muted, 1.0);
    pen.line(&[(centre_x - 3.0, centre_y), (centre_x + 3.0, centre_y)], cross)?;
    pen.line(&[(centre_x, centre_y - 3.0), (centre_x, centre_y + 3.0)], cross)
}

/// A data set's points in a square.
pub fn thumbnail<B: DrawingBackend>(pen: &Pen<'_, B>, data: &[(f32, f32, u8)], extent: f32) -> Drawn<B> {
    let radius = (0.042 * pen.width.min(pen.height)).clamp(1.2, 4.0);
    points(pen, data, extent, square(pen), (radius, 400))
}
