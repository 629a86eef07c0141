//! The page around an embed: its ground tells whether the embed is light or dark, and a frame is told its theme by its
//! parent, whom it tells its height. Nothing of that page is changed.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    CanvasRenderingContext2d, Document, Element, HtmlCanvasElement, HtmlElement, MessageEvent,
    MutationObserver, MutationObserverInit, Window,
};

use super::dom;
use super::gate::Callback;
use super::listener::Listener;
use super::media;
use super::queue::Alive;
use super::sight::Sizes;
use crate::app::embed::{self, Embed, Tone};

/// Light or dark: as asked for, or as the page around it is.
pub(super) struct Dress {
    window: Window,
    root: HtmlElement,
    framed: bool,
    /// As asked for, first by the link, then by whoever has a say.
    tone: Cell<Tone>,
    /// Whether what was put on last is dark.
    worn: Cell<Option<bool>>,
}

impl Dress {
    /// Of an embed in `root`; `framed` says that the document is the embed's own.
    pub(super) fn new(window: &Window, root: &HtmlElement, what: &Embed, framed: bool) -> Rc<Self> {
        let (window, root) = (window.clone(), root.clone());
        Rc::new(Self { window, root, framed, tone: Cell::new(what.tone), worn: Cell::new(None) })
    }

    /// Puts on what fits; whether it is another dress than before. The reader's own choice stays until then.
    pub(super) fn put_on(&self) -> bool {
        let dark = self.is_to_be_dark();
        if self.worn.replace(Some(dark)) == Some(dark) {
            return false;
        }
        let tone = if dark { "dark" } else { "light" };
        match self.root.owner_document().and_then(|document| document.document_element()) {
            // The document is the embed's own: its ground changes with it.
            Some(html) if self.framed => dom::mark(&html, "data-theme", tone),
            _ => dom::mark(&self.root, "data-theme", tone),
        }
        true
    }

    fn is_to_be_dark(&self) -> bool {
        match self.tone.get() {
            Tone::Light => false,
            Tone::Dark => true,
            Tone::Auto => {
                let ground = if self.framed { None } else { self.ground() };
                let dark = || media::is(&self.window, media::DARK);
                ground.map_or_else(dark, |light| light < 0.5)
            }
        }
    }

    /// How light the ground is on which an element stands, 0 to 1: of the nearest one around it that has a colour.
    fn ground(&self) -> Option<f64> {
        let shadow = self.root.get_root_node().dyn_into::<web_sys::ShadowRoot>().ok();
        let mut around = shadow.map_or_else(|| self.root.parent_element(), |shadow| Some(shadow.host()));
        while let Some(element) = around {
            let style = self.window.get_computed_style(&element).ok().flatten()?;
            let color = style.get_property_value("background-color").unwrap_or_default();
            let plain = if embed::is_plain(&color) { Some(color) } else { plainly(&element, &color) };
            if let Some(light) = plain.and_then(|color| embed::lightness(&color)) {
                return Some(light);
            }
            around = element.parent_element();
        }
        None
    }
}

/// A colour of any kind ("oklch(0.98 0.01 100)") in red, green and blue, by painting with it.
fn plainly(element: &Element, color: &str) -> Option<String> {
    const NEVER: &str = "#010203";
    let canvas: HtmlCanvasElement = dom::make(&element.owner_document()?, "canvas", "").ok()?;
    canvas.set_width(1);
    canvas.set_height(1);
    let ink: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    ink.set_fill_style_str(NEVER);
    ink.set_fill_style_str(color);
    if ink.fill_style().as_string().as_deref() == Some(NEVER) {
        // Canvases here do not know this kind.
        return None;
    }
    ink.fill_rect(0.0, 0.0, 1.0, 1.0);
    let pixel = ink.get_image_data(0.0, 0.0, 1.0, 1.0).ok()?.data();
    let [red, green, blue, alpha] = *pixel.first_chunk()?;
    Some(format!("rgba({red}, {green}, {blue}, {})", f64::from(alpha) / 255.0))
}

/// Dresses the embed anew when the page around it changes its clothes, for as long as it lives.
pub(super) struct Around {
    observer: Option<MutationObserver>,
    _callback: Option<Callback>,
    _listeners: Vec<Listener>,
    _sizes: Option<Sizes>,
}

impl Around {
    /// Watches on behalf of `alive`; `id` is echoed in messages.
    pub(super) fn watch(dress: Rc<Dress>, alive: &Rc<Alive>, id: &str) -> Result<Self, JsValue> {
        let (window, root, framed) = (dress.window.clone(), dress.root.clone(), dress.framed);
        let document = window.document().ok_or("no document")?;
        let asked_for = dress.tone.get();
        let again = {
            let (dress, alive) = (dress, Rc::downgrade(alive));
            move |told: Option<Tone>| {
                if let Some(tone) = told {
                    dress.tone.set(tone);
                }
                if let Some(alive) = alive.upgrade()
                    && dress.put_on()
                {
                    alive.restyle();
                }
            }
        };
        let mut around = Self { observer: None, _callback: None, _listeners: Vec::new(), _sizes: None };
        let darker = again.clone();
        around._listeners.extend(media::on_change(&window, media::DARK, move || darker(None))?);
        if framed {
            around._listeners.push(hear_parent(&window, again)?);
            around._sizes = Some(tell_height(&window, &root, id)?);
        } else if asked_for == Tone::Auto {
            // A theme that fades into another one has its colour at the end.
            let faded = again.clone();
            around._listeners.push(Listener::new(&document, "transitionend", move |_| faded(None))?);
            around.observe(&document, move || again(None))?;
        }
        Ok(around)
    }

    /// Themes are mostly chosen by a class or an attribute of the document or its body.
    fn observe(&mut self, document: &Document, again: impl Fn() + 'static) -> Result<(), JsValue> {
        let callback = Callback::new(move |_| again());
        let observer = MutationObserver::new(callback.function())?;
        let how = MutationObserverInit::new();
        how.set_attributes(true);
        for element in [document.document_element(), document.body().map(Into::into)].into_iter().flatten() {
            observer.observe_with_options(&element, &how)?;
        }
        (self.observer, self._callback) = (Some(observer), Some(callback));
        Ok(())
    }
}

impl Drop for Around {
    fn drop(&mut self) {
        self.observer.iter().for_each(MutationObserver::disconnect);
    }
}

/// Only the page around this frame has a say in its colours.
fn hear_parent(window: &Window, told: impl Fn(Option<Tone>) + 'static) -> Result<Listener, JsValue> {
    let parent = window.parent()?;
    Listener::new(window, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let from_parent =
            event.source().is_some_and(|from| parent.as_ref().is_some_and(|p| from.loose_eq(p)));
        let field = |name: &str| Reflect::get(&event.data(), &name.into()).ok()?.as_string();
        if from_parent && field("type").as_deref() == Some("bnp:theme") {
            let tone = field("theme").and_then(|word| Tone::of_word(&word));
            if tone.is_some() {
                told(tone);
            }
        }
    })
}

/// Tells the page around the frame how high the embed wants to be, now and whenever its width changes.
fn tell_height(window: &Window, root: &HtmlElement, id: &str) -> Result<Sizes, JsValue> {
    let (host, root, id) = (window.clone(), root.clone(), id.to_owned());
    let sizes = {
        let root = root.clone();
        Sizes::new(move |_| {
            let Ok(Some(parent)) = host.parent() else { return };
            let message = Object::new();
            let height = embed::height(root.client_width().max(0) as u32);
            let fields: [(&str, JsValue); 3] =
                [("type", "bnp:height".into()), ("id", id.as_str().into()), ("height", height.into())];
            for (name, value) in fields {
                // Setting a plain object's field cannot fail.
                let _ = Reflect::set(&message, &name.into(), &value);
            }
            // A height is no secret: whoever frames this may know it.
            let _ = parent.post_message(&message, "*");
        })?
    };
    sizes.add(&root);
    Ok(sizes)
}
