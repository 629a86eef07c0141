//! Writes the panels that report: the check of the arithmetic, a file being written, the list of keys and controls.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::dom;
use super::roles::Roles;
use crate::app::keys::KEYS;
use crate::app::{App, verdict};
use crate::lab::knob;

/// What is being written, if anything.
pub(super) fn write_export(roles: &Roles, app: &App) {
    roles.write("exporting", &app.export_words());
}

/// The verdict, a row per kind of parameter, and how many were checked.
pub(super) fn write_check(document: &Document, roles: &Roles, app: &App) {
    let checked = app.checked.as_ref();
    let (words, alert) = verdict::verdict(checked);
    let Some(place) = roles.get("check-verdict") else { return };
    if place.text_content().as_deref() == Some(&words) {
        return;
    }
    roles.write("check-verdict", &words);
    dom::mark(place, "data-state", if alert { "alert" } else { "plain" });
    roles.write("check-count", &checked.map_or(String::new(), verdict::counted));
    if let Some(place) = roles.get("check-rows") {
        place.set_text_content(None);
        for (name, errors) in checked.map_or(Vec::new(), verdict::rows) {
            let cells = core::iter::once(name.to_owned()).chain(errors).collect::<Vec<_>>();
            // A row that cannot be made is left out; the next report writes it anew.
            let _ = dom::table_row(document, place, &cells);
        }
    }
}

/// The list of keys, and what every control does.
pub(super) fn build_help(document: &Document, root: &Element) -> Result<(), JsValue> {
    if let Some(list) = dom::role(root, "keys") {
        for key in &KEYS {
            define(document, &list, key.shown, key.words, None)?;
        }
    }
    if let Some(list) = dom::role(root, "knobs") {
        for knob in knob::all() {
            define(document, &list, knob.label, knob.help, Some(&help_id(knob.key)))?;
        }
    }
    Ok(())
}

/// The element that says what a control does.
pub(super) fn help_id(key: &str) -> String {
    format!("help-{key}")
}

fn define(
    document: &Document,
    list: &Element,
    term: &str,
    words: &str,
    id: Option<&str>,
) -> Result<(), JsValue> {
    let name: HtmlElement = dom::make(document, "dt", "")?;
    name.set_text_content(Some(term));
    let told: HtmlElement = dom::make(document, "dd", "")?;
    told.set_text_content(Some(words));
    if let Some(id) = id {
        told.set_id(id);
    }
    list.append_child(&name)?;
    list.append_child(&told)?;
    Ok(())
}
