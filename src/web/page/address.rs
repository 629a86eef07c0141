//! The run on screen as the page's address.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::Page;
use crate::web::gate::Callback;

impl Page {
    /// Writes the link into the address, a moment after the last change, without adding to the history.
    pub(super) fn write_link_soon(self: &Rc<Self>) {
        if let Some(timer) = self.link_timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
        let page = Rc::downgrade(self);
        let writer = self.link_writer.replace(Some(Callback::new(move |_| {
            if let Some(page) = page.upgrade() {
                page.write_link();
            }
        })));
        drop(writer);
        if let Some(writer) = &*self.link_writer.borrow() {
            let timer =
                self.window.set_timeout_with_callback_and_timeout_and_arguments_0(writer.function(), 250);
            self.link_timer.set(timer.ok());
        }
    }

    fn write_link(&self) {
        self.offer();
        // An address that the reader has changed is about to be heard of; it must not be written over.
        if self.address() != *self.last_link.borrow() {
            return;
        }
        let hash = format!("#{}", self.app.borrow().link());
        let Ok(history) = self.window.history() else { return };
        // Some frames may not touch their address; the Share panel still has the link.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&hash));
        *self.last_link.borrow_mut() = self.address();
    }

    /// The part of the address after `#`, and that sign, as the browser spells it.
    pub(in crate::web) fn address(&self) -> String {
        self.window.location().hash().unwrap_or_default()
    }
}
