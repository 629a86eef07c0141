//! The Embed panel: shows the lines of what is chosen and a preview, which is there only while the panel is open.
//! What the lines are is [`crate::app::offer`]'s to say.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::dom;
use super::page::Page;
use crate::app::embed::height;
use crate::app::offer::{Home, NO_PREVIEW, subjects};

impl Page {
    pub(super) fn listen_to_offer(self: &Rc<Self>) -> Result<(), JsValue> {
        for (key, select) in self.choices_of_offer() {
            if key == "exp"
                && let Some(document) = self.window.document()
            {
                let subjects: Vec<_> = subjects().collect();
                dom::options(&document, &select, subjects.iter().map(|(key, words)| (*key, words.as_str())))?;
            }
            self.on(&select, "change", |page, _| page.offer())?;
        }
        self.listen_to_refusals()?;
        for what in ["element", "frame"] {
            if let Some(button) = dom::role(&self.root, &format!("copy-{what}")) {
                self.on(&button, "click", move |page, _| {
                    page.copy(&format!("embed-{what}"), "embed-copied");
                })?;
            }
        }
        Ok(())
    }

    fn choices_of_offer(&self) -> Vec<(String, HtmlSelectElement)> {
        let select = |select: HtmlElement| {
            Some((select.get_attribute("data-offer")?, select.dyn_into::<HtmlSelectElement>().ok()?))
        };
        dom::all(&self.root, "[data-offer]").into_iter().filter_map(select).collect()
    }

    /// Shows the lines and the preview of what is chosen; with the panel shut, neither.
    pub(super) fn offer(&self) {
        let role = |name: &str| dom::role(&self.root, name);
        let (Some(panel), Some(place)) = (role("panel-embed"), role("embed-preview")) else { return };
        if panel.hidden() {
            place.set_text_content(None);
            return;
        }
        let chosen: Vec<_> =
            self.choices_of_offer().into_iter().map(|(key, select)| (key, select.value())).collect();
        let subject = chosen.iter().find(|(key, _)| key == "exp").map_or("", |(_, word)| word);
        let place_of = dom::all(&self.root, "[data-experiment]")
            .into_iter()
            .find(|place| place.get_attribute("data-experiment").as_deref() == Some(subject));
        let plan = place_of.and_then(|place| place.get_attribute("data-settings")).unwrap_or_default();
        let here = self.window.location().href().unwrap_or_default();
        let home = if self.root.has_attribute("data-file") { Home::File(&here) } else { Home::Site(&here) };
        let offer = self.app.borrow().offer(home, &chosen, &plan);
        if let Some(part) = role("embed-as-element") {
            dom::show(&part, offer.element.is_some());
        }
        let element = offer.element.as_deref().unwrap_or_default();
        for (name, line) in [("embed-element", element), ("embed-frame", &offer.frame)] {
            if let Some(field) = role(name) {
                field_of(&field).set_value(line);
            }
        }
        let renderer = self.renderer.borrow();
        renderer.set("embed-note", offer.note);
        renderer.set("embed-copied", "");
        let width = place.client_width().max(0) as u32;
        renderer.set("embed-size", &format!("Preview, {width} × {}", height(width)));
        // A page without a preview is no worse otherwise.
        let _ = self.preview(&place, offer.preview.as_deref(), height(width));
    }

    /// In a new frame each time: one that is sent elsewhere adds to the history of the page.
    fn preview(&self, place: &HtmlElement, address: Option<&str>, height: u32) -> Result<(), JsValue> {
        let (shown, document) = (place.first_element_child(), self.window.document().ok_or("no document")?);
        if shown.and_then(|frame| frame.get_attribute("src")).as_deref() == address {
            return Ok(());
        }
        place.set_text_content(None);
        let Some(address) = address else { return Ok(()) };
        let frame: HtmlElement = dom::make(&document, "iframe", "")?;
        for (name, value) in
            [("title", "Preview of the embed"), ("loading", "lazy"), ("width", "100%"), ("src", address)]
        {
            frame.set_attribute(name, value)?;
        }
        frame.set_attribute("height", &height.to_string())?;
        place.append_child(&frame)?;
        Ok(())
    }

    /// A site's policy may forbid frames, and with them the preview.
    pub(super) fn listen_to_refusals(self: &Rc<Self>) -> Result<(), JsValue> {
        let Some(document) = self.window.document() else { return Ok(()) };
        self.on(&document, "securitypolicyviolation", |page, event| {
            let what = js_sys::Reflect::get(&event, &"effectiveDirective".into()).ok();
            let place = dom::role(&page.root, "embed-preview");
            if let Some(place) = place
                .filter(|_| what.and_then(|what| what.as_string()).is_some_and(|what| what == "frame-src"))
            {
                place.set_text_content(Some(NO_PREVIEW));
            }
        })
    }
}

/// A field of text, of one line or of many: they answer to the same names.
pub(super) fn field_of(element: &HtmlElement) -> &HtmlInputElement {
    element.unchecked_ref()
}
