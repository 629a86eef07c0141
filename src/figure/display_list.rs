//! What a figure draws, as a list of shapes that can be handed on as bytes and drawn elsewhere: in a worker, whose
//! canvases cost the page no time.
//!
//! The list says the same calls in the same order, so whatever it is drawn on looks as if the figure had drawn there.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::drawing::DrawingAreaErrorKind;
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle, FontTransform,
};
use serde::{Deserialize, Serialize};

use super::paper::{Bitmap, Paper};
use super::pen::Drawn;
use super::sheet::{Done, Ink, Type};

/// The shapes of one drawing, in the order in which they were drawn, in sub-units.
#[derive(Default, Serialize, Deserialize)]
pub struct DisplayList {
    shapes: Vec<Shape>,
}

/// One call of a backend.
#[derive(Serialize, Deserialize)]
enum Shape {
    Pixel(BackendCoord, Tone),
    /// Two corners; whether it is filled.
    Rectangle(BackendCoord, BackendCoord, Tone, bool),
    Path(Vec<BackendCoord>, Tone),
    /// Centre and radius; whether it is filled.
    Circle(BackendCoord, u32, Tone, bool),
    Polygon(Vec<BackendCoord>, Tone),
    Text(BackendCoord, Word),
    Image(Image),
}

/// Red, green, blue; opacity; width of a line.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Tone((u8, u8, u8), f64, u32);

#[derive(Serialize, Deserialize)]
struct Word {
    text: String,
    tone: Tone,
    size: f64,
    family: String,
    #[serde(with = "Face")]
    style: FontStyle,
    #[serde(with = "Turn")]
    transform: FontTransform,
    #[serde(with = "Across")]
    across: HPos,
    #[serde(with = "Down")]
    down: VPos,
}

#[derive(Serialize, Deserialize)]
struct Image {
    at: BackendCoord,
    size: (i32, i32),
    pixels: (usize, usize),
    #[serde(with = "serde_bytes")]
    rgb: Vec<u8>,
    smooth: bool,
}

// How the backend's own words are written down.

#[derive(Serialize, Deserialize)]
#[serde(remote = "FontStyle")]
enum Face {
    Normal,
    Oblique,
    Italic,
    Bold,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FontTransform")]
enum Turn {
    None,
    Rotate90,
    Rotate180,
    Rotate270,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "HPos")]
enum Across {
    Left,
    Right,
    Center,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "VPos")]
enum Down {
    Top,
    Center,
    Bottom,
}

impl DisplayList {
    /// What `draw` draws on a sheet of `size` CSS pixels; up to its first error.
    pub fn of(size: (u32, u32), draw: impl FnOnce(Paper<Recorder>) -> Drawn<Recorder>) -> Self {
        let recorder = Recorder::default();
        let shapes = recorder.shapes.clone();
        let keep = Box::new(move |bitmap: &Bitmap<'_>| shapes.borrow_mut().push(Shape::of_bitmap(bitmap)));
        let shapes = recorder.shapes.clone();
        // What was drawn before an error stands, as it would on a canvas.
        let _ = draw(Paper::with_bitmaps(recorder, size, keep));
        Self { shapes: shapes.take() }
    }

    /// As bytes, for [`read`](Self::read).
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Plain numbers and words: there is nothing that could not be written.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The list that these are the bytes of, if there is one.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// Draws it.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(&self, paper: Paper<B>) -> Drawn<B> {
        paper.by_sheet(|mut paper| {
            let drawn = self.shapes.iter().try_for_each(|shape| shape.draw(&mut paper));
            drawn.and_then(|()| paper.present()).map_err(DrawingAreaErrorKind::BackendError)
        })
    }
}

impl Shape {
    fn of_bitmap(&Bitmap { at, size, pixels, rgb, smooth }: &Bitmap<'_>) -> Self {
        Self::Image(Image { at, size, pixels, rgb: rgb.to_vec(), smooth })
    }

    fn draw<B: DrawingBackend>(&self, paper: &mut Paper<B>) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        match self {
            Self::Pixel(at, tone) => paper.draw_pixel(*at, tone.ink().color),
            Self::Rectangle(a, b, tone, fill) => paper.draw_rect(*a, *b, &tone.ink(), *fill),
            Self::Path(points, tone) => paper.draw_path(points.iter().copied(), &tone.ink()),
            Self::Circle(at, radius, tone, fill) => paper.draw_circle(*at, *radius, &tone.ink(), *fill),
            Self::Polygon(corners, tone) => paper.fill_polygon(corners.iter().copied(), &tone.ink()),
            Self::Text(at, word) => paper.draw_text(&word.text, &word.face(), *at),
            Self::Image(Image { at, size, pixels, rgb, smooth }) => {
                paper.bitmap(&Bitmap { at: *at, size: *size, pixels: *pixels, rgb, smooth: *smooth })
            }
        }
    }
}

impl Tone {
    fn of(style: &impl BackendStyle) -> Self {
        let BackendColor { rgb, alpha } = style.color();
        Self(rgb, alpha, style.stroke_width())
    }

    fn ink(self) -> Ink {
        let Self(rgb, alpha, width) = self;
        Ink { color: BackendColor { rgb, alpha }, width }
    }
}

impl Word {
    fn of(text: &str, style: &impl BackendTextStyle) -> Self {
        let Pos { h_pos, v_pos } = style.anchor();
        Self {
            text: text.to_owned(),
            tone: Tone::of(&style.color()),
            size: style.size(),
            family: style.family().as_str().to_owned(),
            style: style.style(),
            transform: style.transform(),
            across: h_pos,
            down: v_pos,
        }
    }

    fn face(&self) -> Type<'_> {
        Type {
            color: self.tone.ink().color,
            size: self.size,
            transform: self.transform.clone(),
            style: self.style,
            anchor: Pos::new(self.across, self.down),
            family: FontFamily::Name(&self.family),
        }
    }
}

/// A backend that draws nothing and keeps every call.
#[derive(Default)]
pub struct Recorder {
    shapes: Rc<RefCell<Vec<Shape>>>,
}

impl Recorder {
    fn keep(&self, shape: Shape) -> Done {
        self.shapes.borrow_mut().push(shape);
        Ok(())
    }
}

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (0, 0)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.keep(Shape::Pixel(at, Tone::of(&color)))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.keep(Shape::Rectangle(a, b, Tone::of(style), fill))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.keep(Shape::Path(path.into_iter().collect(), Tone::of(style)))
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        self.keep(Shape::Circle(at, radius, Tone::of(style), fill))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Done {
        self.keep(Shape::Polygon(corners.into_iter().collect(), Tone::of(style)))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        self.keep(Shape::Text(at, Word::of(text, style)))
    }
}
