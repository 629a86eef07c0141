//! Points painted by hand: two brushes, an eraser, a history to undo. Coordinates are those of the plane.

use crate::data::own::MOST_ROWS;
use crate::data::own::PAINTED_REACH;
use crate::lab::view::PaintingView;
use crate::math::rng::{Purpose, Rng};

/// Largest brush.
pub const LARGEST: u32 = 10;
/// Radius of the brush per size.
const RADIUS: f32 = 0.06;
/// The eraser is at least so wide, to be of use.
const LEAST_ERASER: f32 = 0.12;
/// What an arrow key moves the cursor by.
const NUDGE: f32 = 0.1;
/// States that can be gone back to.
const MOST_UNDO: usize = 50;

/// What the pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tool {
    /// Puts points of the solid class.
    #[default]
    Solid,
    /// Puts points of the hollow class.
    Hollow,
    /// Takes points away.
    Eraser,
}

/// One thing done to the painting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// Another tool is taken up.
    Tool(Tool),
    /// The brush gets another size, from 1.
    Size(u32),
    /// The pointer is pressed here.
    Down((f32, f32)),
    /// The pointer moves here, or leaves.
    Move(Option<(f32, f32)>),
    /// The pointer is let go.
    Up,
    /// The cursor moves by so many places to the right and up.
    Nudge(i32, i32),
    /// One dab at the cursor.
    Place,
    /// The last stroke is taken back.
    Undo,
    /// All points are taken away.
    Clear,
}

/// The painted points and the brush.
#[derive(Clone, Debug)]
pub struct Painting {
    /// Feature 1, feature 2, class (0 hollow, 1 solid).
    pub points: Vec<(f32, f32, u8)>,
    /// In hand.
    pub tool: Tool,
    /// From 1.
    pub size: u32,
    /// Why they cannot be trained on; a sentence, or empty.
    pub note: String,
    cursor: Option<(f32, f32)>,
    /// Where the last dab of the stroke under way was.
    last_dab: Option<(f32, f32)>,
    undo: Vec<Vec<(f32, f32, u8)>>,
    rng: Rng,
}

impl Default for Painting {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            tool: Tool::Solid,
            size: 5,
            note: String::new(),
            cursor: None,
            last_dab: None,
            undo: Vec::new(),
            rng: Rng::stream(0, Purpose::Brush, 0),
        }
    }
}

impl Painting {
    /// Does it.
    pub fn take(&mut self, stroke: Stroke) {
        match stroke {
            Stroke::Tool(tool) => self.tool = tool,
            Stroke::Size(size) => self.size = size.clamp(1, LARGEST),
            Stroke::Down(at) => {
                self.remember();
                self.cursor = Some(inside(at));
                self.dab(inside(at));
            }
            Stroke::Move(at) => {
                self.cursor = at.map(inside);
                match self.cursor {
                    Some(at) => self.drag(at),
                    None => self.last_dab = None,
                }
            }
            Stroke::Up => self.last_dab = None,
            Stroke::Nudge(right, up) => {
                let (x, y) = self.cursor.unwrap_or_default();
                self.cursor = Some(inside((x + NUDGE * right as f32, y + NUDGE * up as f32)));
            }
            Stroke::Place => {
                let at = self.cursor.unwrap_or_default();
                self.take(Stroke::Down(at));
                self.take(Stroke::Up);
            }
            Stroke::Undo => {
                if let Some(points) = self.undo.pop() {
                    self.points = points;
                }
            }
            Stroke::Clear => {
                self.remember();
                self.points.clear();
            }
        }
    }

    /// The place on the plane at shares of its square, from the left and from the top.
    pub fn place(right: f32, down: f32) -> (f32, f32) {
        (PAINTED_REACH * (2.0 * right - 1.0), PAINTED_REACH * (1.0 - 2.0 * down))
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Points of the hollow and of the solid class.
    pub fn counts(&self) -> [usize; 2] {
        let solid = self.points.iter().filter(|point| point.2 == 1).count();
        [self.points.len() - solid, solid]
    }

    /// For the figure.
    pub fn view(&self) -> PaintingView {
        let cursor = self.cursor.map(|(x, y)| (x, y, self.reach()));
        PaintingView { points: self.points.clone(), extent: PAINTED_REACH, cursor }
    }

    fn reach(&self) -> f32 {
        let radius = RADIUS * self.size as f32;
        if self.tool == Tool::Eraser { radius.max(LEAST_ERASER) } else { radius }
    }

    fn remember(&mut self) {
        if self.undo.len() == MOST_UNDO {
            self.undo.remove(0);
        }
        self.undo.push(self.points.clone());
    }

    /// Dabs along the way from the last one.
    fn drag(&mut self, to: (f32, f32)) {
        let Some(from) = self.last_dab else { return };
        let spacing = (0.7 * self.reach()).max(0.08);
        let (across, up) = (to.0 - from.0, to.1 - from.1);
        let steps = libm::floorf(libm::hypotf(across, up) / spacing);
        for k in 1..=steps as u32 {
            let share = k as f32 * spacing / libm::hypotf(across, up);
            self.dab((from.0 + share * across, from.1 + share * up));
        }
    }

    fn dab(&mut self, at: (f32, f32)) {
        self.last_dab = Some(at);
        let reach = self.reach();
        let class = match self.tool {
            Tool::Eraser => {
                self.points.retain(|point| libm::hypotf(point.0 - at.0, point.1 - at.1) > reach);
                return;
            }
            Tool::Hollow => 0,
            Tool::Solid => 1,
        };
        // The finest brush puts one point where it stands; a wide one scatters some over its disc.
        for k in 0..self.size.div_ceil(3) {
            let (angle, radius) =
                (self.rng.range(0.0, core::f64::consts::TAU), libm::sqrt(self.rng.uniform()));
            let radius = if self.size == 1 && k == 0 { 0.0 } else { radius as f32 * reach };
            let offset = (libm::cos(angle) as f32 * radius, libm::sin(angle) as f32 * radius);
            let (x, y) = inside((at.0 + offset.0, at.1 + offset.1));
            if self.points.len() < MOST_ROWS {
                self.points.push((x, y, class));
            }
        }
    }
}

/// The nearest place on the plane that is painted on.
fn inside((x, y): (f32, f32)) -> (f32, f32) {
    let keep = |v: f32| if v.is_finite() { v.clamp(-PAINTED_REACH, PAINTED_REACH) } else { 0.0 };
    (keep(x), keep(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_a_stroke(size: u32) -> Painting {
        let mut painting = Painting::default();
        painting.take(Stroke::Size(size));
        painting.take(Stroke::Down((-1.0, 0.0)));
        painting.take(Stroke::Move(Some((1.0, 0.0))));
        painting.take(Stroke::Up);
        painting
    }

    #[test]
    fn a_stroke_leaves_points_along_it_and_none_after_the_pointer_is_up() {
        let mut painting = with_a_stroke(1);
        assert_eq!(painting.points.len(), 26, "one, and one each 0.08 over a way of 2");
        assert!(painting.points.iter().all(|p| p.1 == 0.0 && (-1.0..=1.0).contains(&p.0) && p.2 == 1));
        painting.take(Stroke::Move(Some((0.0, 1.0))));
        assert_eq!(painting.points.len(), 26);
        let wide = with_a_stroke(10);
        assert!(
            wide.points.iter().any(|p| p.1.abs() > 0.2) && wide.points.iter().all(|p| p.1.abs() <= 0.601)
        );
    }

    #[test]
    fn hollow_is_the_other_class_and_the_eraser_takes_only_what_it_touches() {
        let mut painting = with_a_stroke(1);
        painting.take(Stroke::Tool(Tool::Hollow));
        painting.take(Stroke::Down((0.0, 1.5)));
        assert_eq!(painting.counts(), [1, 26]);
        painting.take(Stroke::Up);
        painting.take(Stroke::Tool(Tool::Eraser));
        painting.take(Stroke::Down((0.0, 1.5)));
        assert_eq!(painting.counts(), [0, 26]);
    }

    #[test]
    fn undo_goes_back_stroke_by_stroke_and_clear_can_be_undone() {
        let mut painting = with_a_stroke(4);
        let before = painting.points.clone();
        painting.take(Stroke::Down((1.5, 1.5)));
        painting.take(Stroke::Up);
        painting.take(Stroke::Clear);
        assert!(painting.points.is_empty());
        painting.take(Stroke::Undo);
        painting.take(Stroke::Undo);
        assert_eq!(painting.points, before);
        painting.take(Stroke::Undo);
        assert!(painting.points.is_empty() && !painting.can_undo());
        painting.take(Stroke::Undo);
    }

    #[test]
    fn the_keyboard_alone_can_paint() {
        let mut painting = Painting::default();
        painting.take(Stroke::Size(1));
        painting.take(Stroke::Nudge(3, -2));
        painting.take(Stroke::Place);
        let (x, y, class) = painting.points[0];
        assert!((x - 0.3).abs() < 1e-6 && (y + 0.2).abs() < 1e-6 && class == 1);
        (0..100).for_each(|_| painting.take(Stroke::Nudge(1, 1)));
        painting.take(Stroke::Place);
        assert_eq!(painting.points[1], (2.0, 2.0, 1));
        assert_eq!((Painting::place(0.0, 0.0), Painting::place(0.5, 0.75)), ((-2.0, 2.0), (0.0, -1.0)));
    }

    #[test]
    fn neither_points_nor_states_grow_without_end() {
        let mut painting = Painting::default();
        painting.take(Stroke::Size(10));
        for _ in 0..3000 {
            painting.take(Stroke::Place);
        }
        assert_eq!(painting.points.len(), MOST_ROWS);
        assert_eq!(painting.undo.len(), MOST_UNDO);
        painting.take(Stroke::Down((f32::NAN, f32::INFINITY)));
    }
}
