//! The plotters backend for a canvas, with a saving: lines of one style that follow each other become one path.
//!
//! A dashed line is many short lines; a browser takes one path with many parts far more quickly than many paths.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use web_sys::CanvasRenderingContext2d;

/// The canvas backend's own, which it does not name.
type Failed = <CanvasBackend as DrawingBackend>::ErrorType;
type Done = Result<(), DrawingErrorKind<Failed>>;

/// A canvas, and the lines that are not yet on it.
pub(super) struct Brush {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// Style of the path that is open.
    open: Option<Line>,
}

/// Colour, opacity and width of a line.
#[derive(Clone, Copy, PartialEq)]
struct Line {
    rgb: (u8, u8, u8),
    alpha: f64,
    width: u32,
}

impl Brush {
    /// Draws on the canvas of this context.
    pub(super) fn new(inner: CanvasBackend, context: CanvasRenderingContext2d) -> Self {
        Self { inner, context, open: None }
    }

    /// Puts the open path onto the canvas; whatever comes next lies above it.
    fn close(&mut self) -> &mut CanvasBackend {
        if self.open.take().is_some() {
            self.context.stroke();
        }
        &mut self.inner
    }

    fn open(&mut self, line: Line) {
        if self.open == Some(line) {
            return;
        }
        self.close();
        let Line { rgb: (red, green, blue), alpha, width } = line;
        self.context.set_stroke_style_str(&format!("rgba({red},{green},{blue},{alpha})"));
        self.context.set_line_width(f64::from(width));
        self.context.begin_path();
        self.open = Some(line);
    }
}

impl Drop for Brush {
    fn drop(&mut self) {
        self.close();
    }
}

impl DrawingBackend for Brush {
    type ErrorType = Failed;

    fn get_size(&self) -> (u32, u32) {
        self.inner.get_size()
    }

    fn ensure_prepared(&mut self) -> Done {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Done {
        self.close().present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.close().draw_pixel(at, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.close().draw_rect(a, b, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        let BackendColor { rgb, alpha } = style.color();
        let line = Line { rgb, alpha, width: style.stroke_width() };
        if alpha == 0.0 {
            return Ok(());
        }
        self.open(line);
        for (k, (x, y)) in path.into_iter().enumerate() {
            let (x, y) = (f64::from(x), f64::from(y));
            if k == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Done {
        self.close().fill_polygon(corners, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        self.close().draw_circle(at, radius, style, fill)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        self.close().draw_text(text, style, at)
    }
}
