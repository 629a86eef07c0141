//! A figure's place on the page: the backdrop, a drawing the browser keeps, and a canvas for the marks above it.
//!
//! Whenever one canvas of a page changes, a browser without a graphics processor copies every canvas in sight. So
//! only what moves is a canvas. A worker's canvases cost the page nothing: where there is one, it draws the backdrops
//! too.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Document, HtmlCanvasElement, HtmlElement};

use super::dom;
use super::easel::{Easel, Lent};
use super::surface::Surface;
use crate::figure::{DisplayList, Figure, Theme};

/// One layer of ink.
struct Sheet {
    canvas: HtmlCanvasElement,
    ink: Ink,
}

/// Who draws on it.
enum Ink {
    Page(Surface),
    Worker(Lent),
}

impl Sheet {
    fn new(document: &Document, easel: Option<&Rc<Easel>>) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = dom::make(document, "canvas", "")?;
        canvas.set_attribute("aria-hidden", "true")?;
        let ink = match easel {
            Some(easel) => Ink::Worker(easel.lend(&canvas)?),
            None => Ink::Page(Surface::of(canvas.clone())?),
        };
        Ok(Self { canvas, ink })
    }

    /// Draws one of a figure's two layers; whether it could.
    fn draw(&self, layer: Layer, figure: &Figure<'_>, theme: &Theme, size: (u32, u32), ratio: f64) -> bool {
        self.keep_room(size);
        match (&self.ink, layer) {
            (Ink::Page(surface), Layer::Backdrop) => {
                surface.paper(size, ratio).is_some_and(|paper| figure.backdrop(paper, theme).is_ok())
            }
            (Ink::Page(surface), Layer::Marks) => {
                surface.paper(size, ratio).is_some_and(|paper| figure.marks(paper, theme).is_ok())
            }
            (Ink::Worker(lent), Layer::Backdrop) => {
                lent.draw(&DisplayList::of(size, |paper| figure.backdrop(paper, theme)), size, ratio);
                true
            }
            (Ink::Worker(lent), Layer::Marks) => {
                lent.draw(&DisplayList::of(size, |paper| figure.marks(paper, theme)), size, ratio);
                true
            }
        }
    }

    /// Gives the canvas its size on the page.
    fn keep_room(&self, (width, height): (u32, u32)) {
        let style = self.canvas.style();
        for (side, length) in [("width", width), ("height", height)] {
            let length = format!("{length}px");
            if style.get_property_value(side).ok().as_ref() != Some(&length) {
                let _ = style.set_property(side, &length);
            }
        }
    }
}

/// What of a figure is drawn.
#[derive(Clone, Copy)]
enum Layer {
    Backdrop,
    Marks,
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.canvas.remove();
    }
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
    /// The worker that draws, where there is one.
    easel: Option<Rc<Easel>>,
    /// What is to go as soon as others have drawn the same.
    outgoing: Vec<Sheet>,
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
            easel: None,
            outgoing: Vec::new(),
        })
    }

    /// From now on this worker draws it, or the page. A canvas that was lent never comes back, and one that was drawn on
    /// cannot be lent: there are new ones, and until they are drawn the old ones stay.
    pub(super) fn draw_by(&mut self, easel: Option<&Rc<Easel>>) {
        self.outgoing.extend(self.pixels.take().into_iter().chain(self.front.take()));
        self.backdrop_key = None;
        self.easel = easel.cloned();
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
        for sheet in self.front.iter().chain(&self.pixels) {
            if let Ink::Page(surface) = &sheet.ink {
                surface.forget_font();
            }
        }
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
            // What could not be drawn is drawn again the next time.
            sheet.draw(Layer::Marks, figure, theme, size, ratio);
        }
        self.front = sheet;
        if self.easel.is_none() {
            self.settle();
        }
    }

    /// Draws the backdrop; whether it could.
    fn draw_back(&mut self, figure: &Figure<'_>, theme: &Theme) -> bool {
        let (size, ratio) = (self.size, self.ratio);
        let by_worker = self.easel.is_some() && !figure.is_still();
        if !by_worker && !figure.has_images_behind() {
            self.pixels = None;
            self.back.set_inner_html(&figure.backdrop_svg(size, theme));
            return true;
        }
        if self.pixels.is_none() {
            self.pixels = self.new_sheet();
            if let Some(sheet) = &self.pixels {
                let _ = self.back.append_child(&sheet.canvas);
            }
        }
        self.pixels.as_ref().is_some_and(|sheet| sheet.draw(Layer::Backdrop, figure, theme, size, ratio))
    }

    /// What was asked for is drawn: what stood in for it goes.
    pub(super) fn settle(&mut self) {
        if self.front.is_some() {
            self.outgoing.clear();
        }
        let Some(sheet) = &self.pixels else { return };
        while let Some(old) =
            self.back.first_element_child().filter(|old| !old.is_same_node(Some(&sheet.canvas)))
        {
            old.remove();
        }
    }

    /// A canvas above the backdrop, and below whatever else is in its place.
    fn lay_above(&self) -> Option<Sheet> {
        let sheet = self.new_sheet()?;
        self.host.insert_before(&sheet.canvas, self.back.next_sibling().as_ref()).ok()?;
        Some(sheet)
    }

    fn new_sheet(&self) -> Option<Sheet> {
        Sheet::new(&self.back.owner_document()?, self.easel.as_ref()).ok()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.back.remove();
    }
}
