//! The marks of a figure that stand for a run: a ring and a word for the one pointed at, and a hidden list of
//! buttons that reaches them all by keyboard.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::place::Maker;
use crate::app::experiments::label;
use crate::figure::Spot;
use crate::web::dom;

/// The marks of one figure.
pub(super) struct Spots {
    /// The hidden buttons.
    pub(super) list: HtmlElement,
    document: Document,
    buttons: Vec<HtmlElement>,
    ring: HtmlElement,
    tip: HtmlElement,
    host: HtmlElement,
}

impl Spots {
    pub(super) fn build(make: &Maker<'_>, figure: &Element, host: &HtmlElement) -> Result<Self, JsValue> {
        let ring = make.add(host, "span", "ring", "")?;
        let tip = make.add(host, "span", "tip", "")?;
        ring.set_hidden(true);
        tip.set_hidden(true);
        ring.set_attribute("aria-hidden", "true")?;
        tip.set_attribute("aria-hidden", "true")?;
        let list = make.add(figure, "div", "sr", "")?;
        list.set_attribute("role", "group")?;
        list.set_attribute("aria-label", label::RUNS)?;
        list.set_hidden(true);
        Ok(Self { list, document: make.0.clone(), buttons: Vec::new(), ring, tip, host: host.clone() })
    }

    /// These are the marks now. One button alone is in the order of the tab key; arrows reach the others.
    pub(super) fn list(&mut self, spots: &[Spot]) {
        while self.buttons.len() < spots.len() {
            let made = Maker(&self.document).button(&self.list, "spot", "");
            let Ok(button) = made else { return };
            let first = self.buttons.is_empty();
            dom::mark(&button, "tabindex", if first { "0" } else { "-1" });
            self.buttons.push(button);
        }
        for button in self.buttons.drain(spots.len()..) {
            button.remove();
        }
        for (button, spot) in self.buttons.iter().zip(spots) {
            dom::write(button, &spot.says);
            dom::mark(button, "data-job", &spot.job.to_string());
        }
        dom::show(&self.list, !spots.is_empty());
    }

    /// Moves the focus by so many buttons, or to an end.
    pub(super) fn step(&self, from: &Element, by: isize) {
        let Some(at) = self.buttons.iter().position(|button| **button == *from) else { return };
        let last = self.buttons.len() - 1;
        let to = at.saturating_add_signed(by).min(last);
        for (k, button) in self.buttons.iter().enumerate() {
            dom::mark(button, "tabindex", if k == to { "0" } else { "-1" });
        }
        // Refused only for an element that cannot have the focus; a button can.
        let _ = self.buttons[to].focus();
    }

    /// Rings this mark, or none.
    pub(super) fn ring(&self, spot: Option<&Spot>) {
        dom::show(&self.ring, spot.is_some());
        dom::show(&self.tip, spot.is_some());
        let Some(spot) = spot else { return };
        let [left, top, right, bottom] = spot.bounds;
        let put = |element: &HtmlElement, name: &str, value: f32| {
            // Only a malformed property can fail, and these are ours.
            let _ = element.style().set_property(name, &format!("{value:.1}px"));
        };
        for (name, value) in [
            ("left", left - 3.0),
            ("top", top - 3.0),
            ("width", right - left + 6.0),
            ("height", bottom - top + 6.0),
        ] {
            put(&self.ring, name, value);
        }
        dom::write(&self.tip, &spot.says);
        let (width, half) = (self.host.client_width() as f32, self.tip.offset_width() as f32 / 2.0);
        put(&self.tip, "left", ((left + right) / 2.0).clamp(half, (width - half).max(half)));
        let below = top < 40.0;
        dom::mark(&self.tip, "data-below", if below { "yes" } else { "no" });
        put(&self.tip, "top", if below { bottom + 8.0 } else { top - 8.0 });
    }
}
