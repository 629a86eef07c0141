//! One experiment alone on somebody's page, in a frame or in an element's shadow: builds it, and ends without a trace.
//! What is shown and how is [`crate::app::embed`]'s to say; what it has to do with the page around it is in `around`.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlAnchorElement, HtmlElement};

use super::around::{Around, Dress};
use super::experiments::{Board, Parts};
use super::listener::Listener;
use super::media;
use super::page::{self, Addresses, Opening};
use super::panic::Watchdog;
use super::queue::{Alive, Queue};
use super::{dom, live};
use crate::app::embed::{Embed, Subject};
use crate::app::experiments::Start;

/// An embed that is alive for as long as this handle is kept.
#[wasm_bindgen]
pub struct Embedded {
    root: HtmlElement,
    _alive: Rc<Alive>,
    _queue: Option<Rc<Queue>>,
    _around: Around,
    _on_leaving: Listener,
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
    let dress = Dress::new(&window, &root, &what, framed);
    dress.put_on();
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
    let to_lab = {
        let (lab, what) = (lab.to_owned(), what.clone());
        move |settings: &str| format!("{lab}#{}", what.lab_link(settings))
    };
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
            let calm = media::is(&window, media::CALM);
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
    link_to_lab.set_href(&to_lab(link));
    link_to_lab.set_target(if framed { "_top" } else { "_self" });
    // A page that stands alone has no lab to lead to.
    if !lab.is_empty() {
        foot.append_child(&link_to_lab)?;
    }
    // What the reader has set goes along.
    let (leaving, gone_on) = (link_to_lab.clone(), Rc::downgrade(&alive));
    let on_leaving = Listener::new(&link_to_lab, "click", move |_| {
        if let Some(alive) = gone_on.upgrade() {
            leaving.set_href(&to_lab(&alive.settings()));
        }
    })?;
    if let Some(queue) = &queue {
        queue.listen(&window, &alive)?;
    }
    let around = Around::watch(dress, &alive, &what.id)?;
    Ok(Embedded {
        root,
        _alive: alive,
        _queue: queue,
        _around: around,
        _on_leaving: on_leaving,
        _watchdog: watchdog,
    })
}

fn heading(document: &Document, root: &Element, text: &str) -> Result<(), JsValue> {
    let line: HtmlElement = dom::make(document, "p", "claim")?;
    line.set_text_content(Some(text));
    root.append_child(&line)?;
    Ok(())
}
