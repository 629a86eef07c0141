//! The only module that names a browser: the page's handle, and the worker's trainer. It performs what
//! [`crate::app`] decides and decides nothing itself.

mod bench;
mod canvas;
mod controls;
mod dom;
mod experiments;
mod hear;
mod listener;
mod look;
mod own;
mod page;
mod panels;
mod render;
mod sight;
mod tables;
mod texts;
mod thread;
mod worker;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::Element;

/// A page that is alive for as long as this handle is kept; [`Playground::destroy`] (or freeing it) ends it.
#[wasm_bindgen]
pub struct Playground {
    page: Rc<page::Page>,
}

#[wasm_bindgen]
impl Playground {
    /// Ends the worker and unregisters every listener.
    pub fn destroy(self) {
        drop(self.page);
    }
}

/// Brings the page below `root` to life. `module` is the compiled module, for the workers; the addresses are those
/// of the worker's script and of the file of digits.
///
/// # Errors
/// The browser's own, where it lacks something the page is built from.
#[wasm_bindgen]
pub fn mount(root: Element, module: JsValue, worker: String, digits: String) -> Result<Playground, JsValue> {
    page::open(root, module, page::Addresses { worker, digits }).map(|page| Playground { page })
}
