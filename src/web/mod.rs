//! The only module that names a browser: the page's handle, and the workers' trainer and painter. It performs what
//! [`crate::app`] decides and decides nothing itself.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic here ends the page or the post's element: what can be missing is asked for"
)]

mod around;
mod bench;
mod brush;
mod canvas;
mod contents;
mod controls;
mod copy;
mod dom;
mod easel;
mod embed;
mod experiments;
mod files;
mod frames;
mod gate;
mod hear;
mod hired;
mod in_page;
mod keep;
mod listener;
mod live;
mod look;
mod media;
mod offer;
mod own;
mod page;
mod painter;
mod panels;
mod panic;
mod queue;
mod render;
mod roles;
mod sight;
mod surface;
mod tables;
mod texts;
mod thread;
mod worker;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Worker};

/// A page that is alive for as long as this handle is kept; [`Playground::destroy`] (or freeing it) ends it.
#[wasm_bindgen]
pub struct Playground {
    page: Rc<page::Page>,
    _watchdog: panic::Watchdog,
}

#[wasm_bindgen]
impl Playground {
    /// Ends the worker and unregisters every listener.
    pub fn destroy(self) {
        drop(self.page);
    }
}

/// Brings the page below `root` to life. `module` is the compiled module, `first_worker` a worker just started that
/// will be handed it, as later ones will, unless none could be; the addresses are those of the worker's script and of the file of digits.
///
/// # Errors
/// The browser's own, where it lacks something the page is built from.
#[wasm_bindgen]
pub fn mount(
    root: Element,
    module: JsValue,
    first_worker: Option<Worker>,
    worker: String,
    digits: String,
) -> Result<Playground, JsValue> {
    panic::tell_of_panics();
    let gate = gate::Gate::new();
    let watchdog = panic::Watchdog::new(&gate, &root)?;
    let wants = Box::new(|_, _| false);
    let opening = page::Opening { link: None, first_worker, wants };
    let page = gate.within(|| page::open(root, module, page::Addresses { worker, digits }, opening))?;
    Ok(Playground { page, _watchdog: watchdog })
}

/// Brings the embed of a link to life in `root`. `lab` is the address of the page with everything; the other
/// addresses are as for [`mount`]. `framed` says that the document is the embed's own.
///
/// # Errors
/// The browser's own, where it lacks something an embed is built from.
#[wasm_bindgen]
pub fn mount_embed(
    root: HtmlElement,
    link: &str,
    framed: bool,
    lab: &str,
    module: JsValue,
    worker: String,
    digits: String,
) -> Result<embed::Embedded, JsValue> {
    panic::tell_of_panics();
    let gate = gate::Gate::new();
    let addresses = page::Addresses { worker, digits };
    let watchdog = panic::Watchdog::new(&gate, &root)?;
    gate.within(|| embed::open(root, link, embed::Site { framed, lab, module, addresses, watchdog }))
}

/// The link that an element's attributes stand for: name, value, name, value.
#[wasm_bindgen]
pub fn link_of_attributes(names_and_values: Vec<String>) -> String {
    let pairs = names_and_values.as_chunks().0.iter();
    crate::app::embed::of_attributes(pairs.map(|[name, value]| (name.as_str(), value.as_str())))
}
