//! Copies text for the reader; where the browser does not let a page copy, the text stands selected in a box, for the
//! reader's own hand.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::offer::field_of;
use super::{dom, gate};

/// Copies a text, or shows it after `place`. Tells whether it was copied.
pub(super) fn copy(text: &str, place: &HtmlElement, told: impl FnOnce(bool) + 'static) {
    let (kept, place) = (text.to_owned(), place.clone());
    let end = move |copied: bool| {
        if !copied {
            // Without the box nothing is worse than it was.
            let _ = lay_out(&kept, &place);
        }
        told(copied);
    };
    to_clipboard(text, end);
}

/// Copies a text, if the browser lets it, and tells whether it did.
pub(super) fn to_clipboard(text: &str, told: impl FnOnce(bool) + 'static) {
    let Some(window) = web_sys::window() else { return };
    if !window.is_secure_context() {
        return told(false);
    }
    let promise = window.navigator().clipboard().write_text(text);
    gate::after(JsFuture::from(promise), move |copied| told(copied.is_ok()));
}

/// The text in a box of its own after `place`, selected.
fn lay_out(text: &str, place: &HtmlElement) -> Result<(), JsValue> {
    let document = place.owner_document().ok_or("no document")?;
    let known = place.next_element_sibling().filter(|next| next.has_attribute("data-to-copy"));
    let area = match known {
        Some(known) => known.unchecked_into(),
        None => {
            let area: HtmlElement = dom::make(&document, "textarea", "code")?;
            for (name, value) in
                [("data-to-copy", ""), ("readonly", ""), ("rows", "4"), ("aria-label", "To copy")]
            {
                area.set_attribute(name, value)?;
            }
            place.after_with_node_1(&area)?;
            area
        }
    };
    let field = field_of(&area);
    field.set_value(text);
    field.select();
    Ok(())
}
