//! Fig. 2 with images: the same test images for both arms, above each what the arm reads. A mistake gets a cross.
//! Mistakes come and go; the figure keeps its size.

use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Side, Word};
use super::text;
use super::theme::mix;
use crate::lab::frame::SHOWN_IMAGES;
use crate::lab::view::{ImagesView, Pick};

const COLUMNS: usize = 10;
/// Height of an arm's heading.
const HEAD: f32 = 22.0;
/// Height of the reading above an image.
const READING: f32 = 18.0;
/// Space between two rows, and between the arms.
const GAP: f32 = 4.0;

/// Where the images stand: the same grid twice, one arm above the other.
struct Grid {
    columns: usize,
    rows: usize,
    cell: f32,
    side: f32,
}

impl Grid {
    fn new(view: &ImagesView, width: f32) -> Self {
        let places = match view.pick {
            Pick::Sample => view.images.len(),
            Pick::Mistakes => SHOWN_IMAGES,
        };
        let columns = places.clamp(1, COLUMNS);
        let cell = width / COLUMNS as f32;
        let room = (cell - 4.0).clamp(4.0, 32.0).floor();
        // Whole half pixels for every pixel of the image, where that costs little.
        let whole = (2.0 * room / view.side.max(1) as f32).floor() * view.side as f32 / 2.0;
        let side = if whole >= 0.8 * room { whole } else { room };
        Self { columns, rows: places.div_ceil(columns), cell, side }
    }

    fn block(&self) -> f32 {
        HEAD + self.rows as f32 * (READING + self.side + GAP)
    }

    fn height(&self) -> f32 {
        2.0 * self.block() + 2.0 * GAP
    }

    /// Top of an arm's block.
    fn top(&self, arm: usize) -> f32 {
        arm as f32 * (self.block() + 2.0 * GAP)
    }

    /// Top left corner of an image.
    fn corner(&self, arm: usize, i: usize) -> (f32, f32) {
        let (column, row) = ((i % self.columns) as f32, (i / self.columns) as f32);
        let x = column * self.cell + (self.cell - self.side) / 2.0;
        (x.floor(), self.top(arm) + HEAD + READING + row * (READING + self.side + GAP))
    }
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &ImagesView, width: u32) -> u32 {
    Grid::new(view, width as f32).height().ceil() as u32
}

/// The images and the arms' names.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &ImagesView) -> Drawn<B> {
    let grid = Grid::new(view, pen.width);
    let pixels: Vec<Vec<u8>> = view.images.iter().map(|image| tones(pen, image)).collect();
    for arm in 0..2 {
        let name = Word::new(view.names[arm].as_str(), (0.0, grid.top(arm) + 9.0), pen.theme.arms[arm].line);
        pen.word(&name.bold())?;
        for (i, rgb) in pixels.iter().enumerate() {
            let (x, y) = grid.corner(arm, i);
            pen.image([x, y, x + grid.side, y + grid.side], (view.side, view.side), rgb, false)?;
            pen.frame([x - 1.0, y - 1.0, x + grid.side + 1.0, y + grid.side + 1.0], pen.theme.rule)?;
        }
    }
    Ok(())
}

fn tones<B: DrawingBackend>(pen: &Pen<'_, B>, image: &[f32]) -> Vec<u8> {
    let [paper, ink] = pen.theme.class;
    image.iter().map(|&v| mix(paper, ink, v)).flat_map(|c| [c.0, c.1, c.2]).collect()
}

/// What each arm reads, and how much of the test set it gets right.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &ImagesView) -> Drawn<B> {
    let grid = Grid::new(view, pen.width);
    for arm in 0..2 {
        if let Some(share) = view.accuracy[arm] {
            let at = (pen.width, grid.top(arm) + 9.0);
            let right = format!("{} right", text::percent(share));
            pen.word(&Word::new(right, at, pen.theme.arms[arm].line).side(Side::Right))?;
        }
        if let (Pick::Mistakes, true, Some(_)) = (view.pick, view.images.is_empty(), view.accuracy[arm]) {
            let at = (0.0, grid.top(arm) + grid.block() / 2.0);
            pen.word(&Word::new("No test image is read wrong.", at, pen.theme.muted))?;
        }
        for i in 0..view.images.len() {
            let (Some(&read), Some(&label)) = (view.predictions[arm].get(i), view.labels.get(i)) else {
                continue;
            };
            let (x, y) = grid.corner(arm, i);
            let at = (x + grid.side / 2.0, y - 8.0);
            if read == label {
                pen.word(&Word::new(read.to_string(), at, pen.theme.muted).side(Side::Middle))?;
            } else {
                let word = Word::new(read.to_string(), (at.0 - 5.0, at.1), pen.theme.alert).bold();
                pen.word(&word.side(Side::Middle))?;
                pen.cross((at.0 + 6.0, at.1), 6.0, 1.6, pen.theme.alert)?;
            }
        }
    }
    Ok(())
}
