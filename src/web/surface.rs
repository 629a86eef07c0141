//! What shapes are drawn on: a canvas of the page, or one that a worker was handed. And a figure as a file of pixels.
//!
//! The device pixel ratio enters here and nowhere else: the contexts are scaled so that figures draw in sub-units.

use std::cell::RefCell;
use std::rc::Rc;

use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Document, HtmlCanvasElement, ImageData, OffscreenCanvas, Window};

use super::brush::{Brush, Font};
use super::dom;
use crate::figure::{Bitmap, Figure, Paper, SUB, Theme};

/// Pixels of a saved picture per CSS pixel.
const PNG_RATIO: f64 = 2.0;

/// A canvas to draw on.
pub(super) struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// Where images become what a canvas can stretch: a canvas as fine as they are, kept for the next of that size.
    stamp: Rc<RefCell<Option<Stamp>>>,
    font: Font,
}

/// A canvas of an image's own size.
struct Stamp {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Surface {
    /// Of a canvas that nothing else draws on.
    pub(super) fn of(canvas: HtmlCanvasElement) -> Result<Self, JsValue> {
        let context = canvas.get_context("2d")?.ok_or("this browser draws no canvas")?.dyn_into()?;
        Ok(Self { canvas, context, stamp: Rc::default(), font: Font::default() })
    }

    /// A clean sheet of `size` CSS pixels in sub-units, at this many device pixels per CSS pixel.
    pub(super) fn paper(&self, size: (u32, u32), ratio: f64) -> Option<Paper<Brush>> {
        let context = &self.context;
        self.fit(size, ratio);
        context.reset_transform().ok()?;
        context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let scale = ratio / f64::from(SUB);
        context.scale(scale, scale).ok()?;
        context.set_line_join("round");
        let backend = CanvasBackend::with_canvas_object(self.canvas.clone())?;
        let backend = Brush::new(backend, context.clone(), self.font.clone());
        let (onto, stamp) = (context.clone(), self.stamp.clone());
        let draw = Box::new(move |bitmap: &Bitmap<'_>| {
            // A picture that cannot be made leaves its place empty; everything else is still drawn.
            let _ = draw_bitmap(&onto, &mut stamp.borrow_mut(), bitmap);
        });
        Some(Paper::with_bitmaps(backend, size, draw))
    }

    /// Gives the canvas its size in device pixels.
    fn fit(&self, (width, height): (u32, u32), ratio: f64) {
        let pixels = |length: u32| (f64::from(length) * ratio).round() as u32;
        if (self.canvas.width(), self.canvas.height()) != (pixels(width), pixels(height)) {
            self.canvas.set_width(pixels(width));
            self.canvas.set_height(pixels(height));
            self.forget_font();
        }
    }

    /// A canvas that has another size, or was taken away and given back, has its first font again.
    pub(super) fn forget_font(&self) {
        self.font.borrow_mut().clear();
    }
}

impl Stamp {
    /// In a worker there is no document to make one.
    fn new(document: Option<Document>, (columns, rows): (u32, u32)) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = match document {
            Some(document) => dom::make(&document, "canvas", "")?,
            None => OffscreenCanvas::new(columns, rows)?.unchecked_into(),
        };
        canvas.set_width(columns);
        canvas.set_height(rows);
        let context = canvas.get_context("2d")?.ok_or("no canvas")?.dyn_into()?;
        Ok(Self { canvas, context })
    }
}

/// Draws an image by way of a canvas of its own size, which the browser stretches.
fn draw_bitmap(
    onto: &CanvasRenderingContext2d,
    stamp: &mut Option<Stamp>,
    bitmap: &Bitmap<'_>,
) -> Result<(), JsValue> {
    let size @ (columns, rows) = (bitmap.pixels.0 as u32, bitmap.pixels.1 as u32);
    let rgba: Vec<u8> =
        bitmap.rgb.as_chunks().0.iter().flat_map(|&[red, green, blue]| [red, green, blue, 255]).collect();
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), columns, rows)?;
    let kept = stamp.take().filter(|stamp| (stamp.canvas.width(), stamp.canvas.height()) == size);
    let made = match kept {
        Some(kept) => kept,
        None => {
            let document = onto.canvas().and_then(|canvas| canvas.owner_document());
            Stamp::new(document, size)?
        }
    };
    let Stamp { canvas, context } = stamp.insert(made);
    context.put_image_data(&image, 0.0, 0.0)?;
    onto.set_image_smoothing_enabled(bitmap.smooth);
    let ((x, y), (width, height)) = (bitmap.at, bitmap.size);
    onto.draw_image_with_html_canvas_element_and_dw_and_dh(
        canvas,
        f64::from(x),
        f64::from(y),
        f64::from(width),
        f64::from(height),
    )
}

/// A figure with its caption as a PNG file at twice its size.
pub(super) fn png(
    window: &Window,
    figure: &Figure<'_>,
    width: u32,
    theme: &Theme,
    caption: &str,
) -> Result<Vec<u8>, JsValue> {
    let document = window.document().ok_or("no document")?;
    let surface = Surface::of(dom::make(&document, "canvas", "")?)?;
    let size = figure.picture_size(width, caption);
    let paper = surface.paper(size, PNG_RATIO).ok_or("no canvas")?;
    figure.picture(paper, theme, caption).map_err(|error| error.to_string())?;
    let address = surface.canvas.to_data_url()?;
    let (_, coded) = address.split_once(',').ok_or("no picture")?;
    // One character per byte.
    Ok(window.atob(coded)?.chars().map(|byte| byte as u8).collect())
}
