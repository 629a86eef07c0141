//! Writes the panels that report: the check of the arithmetic, a file being written, the list of keys and controls.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlSelectElement};

use super::dom;
use super::roles::Roles;
use crate::app::keys::KEYS;
use crate::app::{App, verdict};
use crate::lab::knob;
use crate::lab::wire::Format;

/// What is being written, if anything; what there is to choose from, and under which names.
pub(super) fn write_export(document: &Document, roles: &Roles, app: &App) {
    roles.write("exporting", &app.export_words());
    let open = roles.get("panel-export").is_some_and(|panel| !panel.hidden());
    let Some(select) = roles.get("picture").and_then(|s| s.dyn_ref::<HtmlSelectElement>()) else { return };
    if !open {
        return;
    }
    let choices = app.pictures();
    // A list that cannot be made is made anew with the next drawing.
    let _ = dom::options(document, select, choices.iter().map(|(key, words)| (*key, words.as_str())));
    let figure = app.file_stem(&select.value());
    roles.write("file-png", &format!("{figure}.png"));
    roles.write("file-svg", &format!("{figure}.svg"));
    for format in [Format::Csv, Format::Json, Format::PyTorch] {
        roles.write(&format!("file-{}", format.ending()), &app.file_name(format));
    }
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
