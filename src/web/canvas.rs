//! A figure's place on the page: the backdrop, a drawing the browser keeps, and a canvas for the marks above it.
//!
//! Whenever one canvas of a page changes, a browser without a graphics processor copies every canvas in sight. So
//! only what moves is a canvas. The device pixel ratio enters here and nowhere else: the contexts are scaled so that figures draw in sub-units.

use std::cell::RefCell;
use std::rc::Rc;

use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlElement, ImageData, Window};

use super::brush::{Brush, Font};
use super::dom;
use crate::figure::{Bitmap, Figure, Paper, SUB, Theme};

/// Pixels of a saved picture per CSS pixel.
const PNG_RATIO: f64 = 2.0;

/// One layer of ink.
struct Sheet {
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

impl Sheet {
    fn new(document: &Document) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = dom::make(document, "canvas", "")?;
        canvas.set_attribute("aria-hidden", "true")?;
        let context = canvas.get_context("2d")?.ok_or("this browser draws no canvas")?.dyn_into()?;
        Ok(Self { canvas, context, stamp: Rc::default(), font: Font::default() })
    }

    /// Gives the canvas its size on the page and its size in device pixels.
    fn resize(&self, (width, height): (u32, u32), ratio: f64) {
        self.canvas.set_width((f64::from(width) * ratio).round() as u32);
        self.canvas.set_height((f64::from(height) * ratio).round() as u32);
        // With another size it has its first font again.
        self.font.borrow_mut().clear();
        let style = self.canvas.style();
        let _ = style.set_property("width", &format!("{width}px"));
        let _ = style.set_property("height", &format!("{height}px"));
    }

    /// Whether it has never had a size.
    fn is_new(&self) -> bool {
        self.canvas.style().length() == 0
    }

    /// A clean sheet in sub-units.
    fn paper(&self, size: (u32, u32), ratio: f64) -> Option<Paper<Brush>> {
        let context = &self.context;
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
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.canvas.remove();
    }
}

impl Stamp {
    fn new(document: &Document, (columns, rows): (u32, u32)) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = dom::make(document, "canvas", "")?;
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
            Stamp::new(&document.ok_or("a canvas without a page")?, size)?
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

/// A figure's place.
pub(super) struct Slot {
    /// The element that holds it.
    pub(super) host: HtmlElement,
    /// The name it has from what it shows; none where the page names it.
    label: Option<String>,
    back: HtmlElement,
    /// Where the backdrop has images.
    pixels: Option<Sheet>,
    /// Where anything moves.
    front: Option<Sheet>,
    width: u32,
    /// The height of its place, where that is given and not the figure's to choose.
    room: Option<u32>,
    size: (u32, u32),
    ratio: f64,
    backdrop_key: Option<u64>,
}

impl Slot {
    /// The place inside `host`. Nothing is drawn before it is [measured](Self::measure), which is best done once
    /// all places are built: the browser then makes its layout once.
    pub(super) fn new(document: &Document, host: HtmlElement) -> Result<Self, JsValue> {
        // The page may have axes of its own until there are these.
        host.set_text_content(None);
        let back: HtmlElement = dom::make(document, "div", "back")?;
        back.set_attribute("aria-hidden", "true")?;
        host.append_child(&back)?;
        let label =
            host.get_attribute("aria-label").filter(|_| host.get_attribute("role").as_deref() == Some("img"));
        Ok(Self {
            host,
            label,
            back,
            pixels: None,
            front: None,
            width: 0,
            room: None,
            size: (0, 0),
            ratio: 0.0,
            backdrop_key: None,
        })
    }

    /// Size in CSS pixels as last drawn.
    pub(super) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Width of its place.
    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// Looks up how large its place is now. Asks the browser for a layout: for size changes, not for every frame.
    /// Whatever it shows is drawn anew after that.
    pub(super) fn measure(&mut self) {
        self.backdrop_key = None;
        // A canvas that was taken away and given back has its first font again.
        self.front.iter().chain(&self.pixels).for_each(|sheet| sheet.font.borrow_mut().clear());
        self.width = self.host.client_width().max(0) as u32;
        self.room = self.host.has_attribute("data-fill").then(|| self.host.client_height().max(0) as u32);
    }

    /// The same; whether it was another size before.
    pub(super) fn measure_anew(&mut self) -> bool {
        let before = (self.width, self.room);
        self.measure();
        before != (self.width, self.room)
    }

    fn height_of(&self, figure: &Figure<'_>) -> u32 {
        self.room.unwrap_or_else(|| figure.natural_height(self.width))
    }

    /// Gives its place the height the figure is going to have.
    pub(super) fn keep_room(&mut self, figure: &Figure<'_>) {
        if self.width > 0 && self.room.is_none() {
            let height = figure.natural_height(self.width);
            // Only a malformed property can fail, and this one is ours.
            let _ = self.host.style().set_property("height", &format!("{height}px"));
        }
    }

    /// Names the picture after what it shows.
    pub(super) fn name(&mut self, figure: &Figure<'_>) {
        let Some(label) = &mut self.label else { return };
        let words = figure.describe();
        if *label != words {
            dom::mark(&self.host, "aria-label", &words);
            *label = words;
        }
    }

    /// Draws the figure; the backdrop only if it would be another one.
    pub(super) fn draw(&mut self, figure: &Figure<'_>, theme: &Theme, ratio: f64) {
        if self.width == 0 {
            return;
        }
        let size = (self.width, self.height_of(figure));
        let resized = size != self.size || ratio != self.ratio;
        if resized {
            if self.room.is_none() {
                let _ = self.host.style().set_property("height", &format!("{}px", size.1));
            }
            (self.size, self.ratio, self.backdrop_key) = (size, ratio, None);
        }
        let key = figure.backdrop_key(size, theme);
        if self.backdrop_key != Some(key) {
            self.backdrop_key = self.draw_back(figure, theme).then_some(key);
        }
        if figure.is_still() {
            return;
        }
        let sheet = self.front.take().or_else(|| self.lay_above());
        if let Some(sheet) = &sheet {
            if resized || sheet.is_new() {
                sheet.resize(size, ratio);
            }
            if let Some(paper) = sheet.paper(size, ratio) {
                // The canvas backend reports no errors of its own; a figure half drawn is drawn again next frame.
                let _ = figure.marks(paper, theme);
            }
        }
        self.front = sheet;
    }

    /// Draws the backdrop; whether it could.
    fn draw_back(&mut self, figure: &Figure<'_>, theme: &Theme) -> bool {
        let (size, ratio) = (self.size, self.ratio);
        if !figure.has_images_behind() {
            self.pixels = None;
            self.back.set_inner_html(&figure.backdrop_svg(size, theme));
            return true;
        }
        if self.pixels.is_none() {
            self.back.set_text_content(None);
            self.pixels = self.back.owner_document().and_then(|document| {
                let sheet = Sheet::new(&document).ok()?;
                self.back.append_child(&sheet.canvas).ok()?;
                Some(sheet)
            });
        }
        let Some(sheet) = &self.pixels else { return false };
        sheet.resize(size, ratio);
        sheet.paper(size, ratio).is_some_and(|paper| figure.backdrop(paper, theme).is_ok())
    }

    /// A canvas above the backdrop, and below whatever else is in its place.
    fn lay_above(&self) -> Option<Sheet> {
        let sheet = Sheet::new(&self.back.owner_document()?).ok()?;
        self.host.insert_before(&sheet.canvas, self.back.next_sibling().as_ref()).ok()?;
        Some(sheet)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.back.remove();
    }
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
    let sheet = Sheet::new(&document)?;
    let size = figure.picture_size(width, caption);
    sheet.resize(size, PNG_RATIO);
    let paper = sheet.paper(size, PNG_RATIO).ok_or("no canvas")?;
    figure.picture(paper, theme, caption).map_err(|error| error.to_string())?;
    let address = sheet.canvas.to_data_url()?;
    let (_, coded) = address.split_once(',').ok_or("no picture")?;
    // One character per byte.
    Ok(window.atob(coded)?.chars().map(|byte| byte as u8).collect())
}
