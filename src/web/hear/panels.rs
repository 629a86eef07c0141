//! Hears the reader on the panels: what opens and shuts them, and what copies from them.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

use crate::app::{Msg, broken};
use crate::web::offer::field_of;
use crate::web::page::Page;
use crate::web::{copy, dom};

impl Page {
    pub(super) fn listen_to_panels(self: &Rc<Self>) -> Result<(), JsValue> {
        for button in dom::all(&self.root, "[data-panel]") {
            let name = button.get_attribute("data-panel").unwrap_or_default();
            self.on(&button, "click", move |page, _| page.toggle_panel(&name))?;
        }
        for button in dom::all(&self.root, "[data-role=close]") {
            self.on(&button, "click", |page, _| page.shut_panels())?;
        }
        for button in dom::all(&self.root, "[data-preset]") {
            let index =
                button.get_attribute("data-preset").and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
            self.on(&button, "click", move |page, _| page.tell(Msg::Preset(index)))?;
        }
        if let Some(button) = dom::role(&self.root, "copy-link") {
            self.on(&button, "click", |page, _| page.copy("link", "copied"))?;
        }
        if let Some(button) = dom::role(&self.root, "copy-details") {
            self.on(&button, "click", |page, _| page.copy_details())?;
        }
        if let Some(switch) =
            dom::role(&self.root, "single-keys").and_then(|s| s.dyn_into::<HtmlInputElement>().ok())
        {
            let read = switch.clone();
            self.on(&switch, "change", move |page, _| page.tell(Msg::SingleKeys(read.checked())))?;
        }
        for fold in dom::all(&self.root, "[data-numbers]") {
            self.on(&fold, "toggle", |page, _| page.redraw())?;
        }
        Ok(())
    }

    pub(in crate::web) fn toggle_panel(self: &Rc<Self>, name: &str) {
        for button in dom::all(&self.root, "[data-panel]") {
            let this = button.get_attribute("data-panel").unwrap_or_default();
            let Some(panel) = dom::role(&self.root, &format!("panel-{this}")) else { continue };
            let open = this == name && panel.hidden();
            dom::show(&panel, open);
            if open && panel.get_bounding_client_rect().top() < 0.0 {
                panel.scroll_into_view();
            }
            dom::mark(&button, "aria-expanded", if open { "true" } else { "false" });
            if open && name == "check" && self.app.borrow().checked.is_none() {
                self.tell(Msg::Check);
            }
        }
        self.offer();
        self.redraw();
    }

    /// What is drawn may have changed without the state's doing.
    pub(in crate::web) fn redraw(&self) {
        self.renderer.borrow_mut().forget();
        self.dirty.set(true);
        self.wake();
    }

    /// Shuts the open panel and gives the focus back to the button that opened it.
    pub(in crate::web) fn shut_panels(self: &Rc<Self>) {
        let opener = dom::all(&self.root, "[data-panel][aria-expanded=true]").into_iter().next();
        self.toggle_panel("");
        if let Some(opener) = opener {
            let _ = opener.focus();
        }
    }

    /// What happened, for who may mend it: settings, step, reason, browser.
    fn copy_details(self: &Rc<Self>) {
        let browser = self.window.navigator().user_agent().unwrap_or_default();
        let details = format!("{}\n{browser}", self.app.borrow().details());
        let Some(place) = dom::role(&self.root, "details-copied") else { return };
        let page = Rc::downgrade(self);
        copy::copy(&details, &place, move |copied| {
            if let Some(page) = page.upgrade() {
                page.say_selected("details-copied", copied);
            }
        });
    }

    /// Copies what stands in a field; where the browser does not let a page copy, it is left selected.
    pub(in crate::web) fn copy(self: &Rc<Self>, field: &str, told: &'static str) {
        let Some(element) = dom::role(&self.root, field) else { return };
        let field = field_of(&element);
        field.select();
        let page = Rc::downgrade(self);
        copy::to_clipboard(&field.value(), move |copied| {
            if let Some(page) = page.upgrade() {
                page.say_selected(told, copied);
            }
        });
    }

    fn say_selected(&self, name: &str, copied: bool) {
        let words = if copied { broken::COPIED } else { broken::SELECTED };
        self.renderer.borrow().set(name, words);
    }
}
