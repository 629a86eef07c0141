//! The plotters backend for a canvas, with two savings: lines of one style that follow each other become one path, and
//! a font is told only when it is another one.
//!
//! A dashed line is many short lines; a browser takes one path with many parts far more quickly than many paths. And
//! for every font it is told, it first works out whatever styles of the page have changed.

use std::cell::RefCell;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
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
    font: Font,
}

/// The font a canvas has; empty for one that has never been told any, or has just been given its size.
pub(super) type Font = Rc<RefCell<String>>;

/// Colour, opacity and width of a line.
#[derive(Clone, Copy, PartialEq)]
struct Line {
    rgb: (u8, u8, u8),
    alpha: f64,
    width: u32,
}

impl Brush {
    /// Draws on the canvas of this context, which has this font.
    pub(super) fn new(inner: CanvasBackend, context: CanvasRenderingContext2d, font: Font) -> Self {
        Self { inner, context, open: None, font }
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
        let Line { rgb, alpha, width } = line;
        self.context.set_stroke_style_str(&rgba(rgb, alpha));
        self.context.set_line_width(f64::from(width));
        self.context.begin_path();
        self.open = Some(line);
    }
}

fn rgba((red, green, blue): (u8, u8, u8), alpha: f64) -> String {
    format!("rgba({red},{green},{blue},{alpha})")
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
        self.close();
        let BackendColor { rgb, alpha } = style.color();
        if alpha == 0.0 {
            return Ok(());
        }
        if !matches!(style.transform(), FontTransform::None) {
            return self.inner.draw_text(text, style, at);
        }
        let font = format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str());
        let known = *self.font.borrow() == font;
        if !known {
            self.context.set_font(&font);
            self.font.replace(font);
        }
        let anchor = style.anchor();
        self.context.set_text_baseline(match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.context.set_text_align(match anchor.h_pos {
            HPos::Left => "start",
            HPos::Right => "end",
            HPos::Center => "center",
        });
        self.context.set_fill_style_str(&rgba(rgb, alpha));
        // A word that cannot be drawn is missing; everything else is still drawn.
        let _ = self.context.fill_text(text, f64::from(at.0), f64::from(at.1));
        Ok(())
    }
}
