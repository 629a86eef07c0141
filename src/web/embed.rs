//! One experiment alone on somebody's page, in a frame or in an element's shadow: builds it, dresses it like the page
//! around it, and ends without a trace. What is shown and how is [`crate::app::embed`]'s to say.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, HtmlAnchorElement, HtmlElement, MessageEvent, MutationObserver, MutationObserverInit,
    Window,
};

use super::experiments::{Board, Parts};
use super::gate::Callback;
use super::listener::Listener;
use super::page::{self, Addresses, Opening, matches_media};
use super::panic::Watchdog;
use super::queue::{Alive, Queue};
use super::sight::Sizes;
use super::{dom, live};
use crate::app::embed::{self, Embed, Subject, Tone};
use crate::app::experiments::Start;

/// An embed that is alive for as long as this handle is kept.
#[wasm_bindgen]
pub struct Embedded {
    root: HtmlElement,
    _alive: Rc<Alive>,
    _queue: Option<Rc<Queue>>,
    _listeners: Vec<Listener>,
    _around: Option<Around>,
    _sizes: Option<Sizes>,
    _watchdog: Watchdog,
}

#[wasm_bindgen]
impl Embedded {
    /// Ends its workers, unregisters every listener and takes away what was built.
    pub fn destroy(self) {}
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.root.set_text_content(None);
    }
}

/// Where an embed is and what it is made from.
pub(super) struct Site<'a> {
    /// Whether the document is the embed's own.
    pub(super) framed: bool,
    /// Address of the page with everything; empty where it has none.
    pub(super) lab: &'a str,
    pub(super) module: JsValue,
    pub(super) addresses: Addresses,
    pub(super) watchdog: Watchdog,
}

/// Brings the embed of a link to life in `root`.
pub(super) fn open(root: HtmlElement, link: &str, site: Site<'_>) -> Result<Embedded, JsValue> {
    let Site { framed, lab, module, addresses, watchdog } = site;
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let (what, notes) = Embed::read(link);
    root.set_text_content(None);
    dom::mark(&root, "class", "embed");
    dom::mark(&root, "data-embed", what.subject.key());
    dom::mark(&root, "data-bg", if what.transparent { "none" } else { "paper" });
    dom::mark(&root, "data-controls", if what.controls { "few" } else { "none" });
    dress(&window, &root, &what, framed);
    for note in notes {
        let line: HtmlElement = dom::make(&document, "p", "notes")?;
        line.set_text_content(Some(&note));
        root.append_child(&line)?;
    }
    // Without a channel (in some sandboxes) nobody can be asked to wait.
    let queue = Queue::join(&window).ok();
    let speaker = queue.clone();
    let wants =
        Box::new(move |wants, by_reader| speaker.as_ref().is_some_and(|queue| queue.want(wants, by_reader)));
    let to_lab = format!("{lab}#{}", what.lab_link(link));
    let alive = Rc::new(match what.subject {
        Subject::Live => {
            heading(&document, &root, what.subject.claim())?;
            live::build(&document, &root)?;
            let opening = Opening { link: Some(link.to_owned()), first_worker: None, wants };
            Alive::Live(page::open(root.clone().into(), module, addresses, opening)?)
        }
        Subject::Claim(claim) => {
            let place: HtmlElement = dom::make(&document, "section", "sec")?;
            dom::mark(&place, "data-experiment", claim.about().key);
            root.append_child(&place)?;
            let calm = matches_media(&window, "(prefers-reduced-motion: reduce)");
            let (alone, start) = (what.plan(link), Start::of_link(link, calm));
            let (top, lab) = (window.clone(), lab.to_owned());
            let show = Box::new(move |link: &str, _: &HtmlElement| {
                if !lab.is_empty() {
                    // A blocked window leaves the link at the foot.
                    let _ = top.open_with_url_and_target(&format!("{lab}#{link}"), "_blank");
                }
            });
            let parts = Parts { module, addresses, start, show, look: None, alone, wants };
            Alive::Claim(Board::open(&root, parts)?.ok_or("no experiment")?)
        }
    });
    let foot = dom::all(&root, ".runs").into_iter().next_back().unwrap_or_else(|| root.clone());
    let link_to_lab: HtmlAnchorElement = dom::make(&document, "a", "to-lab")?;
    let lead: HtmlElement = dom::make(&document, "span", "")?;
    lead.set_text_content(Some("Open in the "));
    link_to_lab.append_child(&lead)?;
    link_to_lab.append_with_str_1("lab")?;
    link_to_lab.set_href(&to_lab);
    link_to_lab.set_target(if framed { "_top" } else { "_self" });
    if !lab.is_empty() {
        foot.append_child(&link_to_lab)?;
    }
    let mut listeners = Vec::new();
    if let Some(queue) = &queue {
        queue.listen(&window, &alive)?;
    }
    let sizes = if framed { Some(tell_height(&window, &root, &what)?) } else { None };
    let around = Around::watch(&window, &document, &root, &what, framed, &alive, &mut listeners)?;
    Ok(Embedded {
        root,
        _alive: alive,
        _queue: queue,
        _listeners: listeners,
        _around: around,
        _sizes: sizes,
        _watchdog: watchdog,
    })
}

fn heading(document: &Document, root: &Element, text: &str) -> Result<(), JsValue> {
    let line: HtmlElement = dom::make(document, "p", "claim")?;
    line.set_text_content(Some(text));
    root.append_child(&line)?;
    Ok(())
}

// The page around it

/// Light or dark: as asked for, or as the page around it is.
fn dress(window: &Window, root: &HtmlElement, what: &Embed, framed: bool) {
    let dark = match what.tone {
        Tone::Light => false,
        Tone::Dark => true,
        Tone::Auto => {
            let host = if framed { None } else { background_behind(window, root) };
            host.map_or_else(|| matches_media(window, "(prefers-color-scheme: dark)"), |light| light < 0.5)
        }
    };
    let chosen = root.owner_document().and_then(|document| document.document_element());
    let tone = if dark { "dark" } else { "light" };
    match chosen {
        // The document is the embed's own: its ground changes with it.
        Some(html) if framed => dom::mark(&html, "data-theme", tone),
        _ => dom::mark(root, "data-theme", tone),
    }
}

/// How light the ground is on which an element stands, 0 to 1: of the nearest one around it that has a colour.
fn background_behind(window: &Window, root: &HtmlElement) -> Option<f64> {
    let shadow = root.get_root_node().dyn_into::<web_sys::ShadowRoot>().ok();
    let mut around = shadow.map_or_else(|| root.parent_element(), |shadow| Some(shadow.host()));
    while let Some(element) = around {
        let style = window.get_computed_style(&element).ok().flatten()?;
        let color = style.get_property_value("background-color").unwrap_or_default();
        if let Some(light) = embed::lightness(&color) {
            return Some(light);
        }
        around = element.parent_element();
    }
    None
}

/// Dresses the embed anew when the page around it changes its clothes.
struct Around {
    observer: MutationObserver,
    _callback: Callback,
}

impl Around {
    fn watch(
        window: &Window,
        document: &Document,
        root: &HtmlElement,
        what: &Embed,
        framed: bool,
        alive: &Rc<Alive>,
        listeners: &mut Vec<Listener>,
    ) -> Result<Option<Self>, JsValue> {
        let again = {
            let (window, root, what, alive) =
                (window.clone(), root.clone(), what.clone(), Rc::downgrade(alive));
            move |tone: Option<Tone>| {
                if let Some(alive) = alive.upgrade() {
                    let what = Embed { tone: tone.unwrap_or(what.tone), ..what.clone() };
                    dress(&window, &root, &what, framed);
                    alive.restyle();
                }
            }
        };
        if framed {
            let (told, parent) = (again.clone(), window.parent()?);
            listeners.push(Listener::new(window, "message", move |event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
                // Only the page around this frame has a say in its colours.
                let from_parent =
                    event.source().is_some_and(|from| parent.as_ref().is_some_and(|p| from.loose_eq(p)));
                let field = |name: &str| Reflect::get(&event.data(), &name.into()).ok()?.as_string();
                if from_parent && field("type").as_deref() == Some("bnp:theme") {
                    let tone = field("theme").and_then(|word| Tone::of_word(&word));
                    if tone.is_some() {
                        told(tone);
                    }
                }
            })?);
        }
        if what.tone != Tone::Auto {
            return Ok(None);
        }
        if let Ok(Some(list)) = window.match_media("(prefers-color-scheme: dark)") {
            let told = again.clone();
            listeners.push(Listener::new(&list, "change", move |_| told(None))?);
        }
        if framed {
            return Ok(None);
        }
        let callback = Callback::new(move |_| again(None));
        let observer = MutationObserver::new(callback.function())?;
        let how = MutationObserverInit::new();
        how.set_attributes(true);
        for element in [document.document_element(), document.body().map(Into::into)].into_iter().flatten() {
            observer.observe_with_options(&element, &how)?;
        }
        Ok(Some(Self { observer, _callback: callback }))
    }
}

impl Drop for Around {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Tells the page around the frame how high the embed wants to be, now and whenever its width changes.
fn tell_height(window: &Window, root: &HtmlElement, what: &Embed) -> Result<Sizes, JsValue> {
    let (host, root, id) = (window.clone(), root.clone(), what.id.clone());
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
