//! Builds what the page makes from tables: the lists of presets and the buttons of the data sets.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::canvas::Slot;
use super::dom;
use super::render::Thumb;
use crate::data::{self, DataKind};
use crate::lab::knob::{data_name, data_word};
use crate::lab::preset::{PRESETS, Shows};

pub(super) fn build_presets(document: &Document, root: &Element) -> Result<(), JsValue> {
    for (index, preset) in PRESETS.iter().enumerate() {
        let place = match preset.shows {
            Shows::Helps => "presets-helps",
            Shows::DoesNot => "presets-not",
            Shows::Start => "presets-start",
        };
        let Some(list) = dom::role(root, place) else { continue };
        let item: HtmlElement = dom::make(document, "li", "")?;
        let button: HtmlElement = dom::make(document, "button", "")?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-preset", &index.to_string())?;
        let name: HtmlElement = dom::make(document, "b", "")?;
        name.set_text_content(Some(preset.name));
        let words: HtmlElement = dom::make(document, "span", "")?;
        words.set_text_content(Some(preset.words));
        button.append_child(&name)?;
        button.append_child(&words)?;
        item.append_child(&button)?;
        list.append_child(&item)?;
    }
    Ok(())
}

/// Buttons for the data sets, the planar ones with a picture of their points.
pub(super) fn build_thumbs(document: &Document, root: &Element) -> Result<Vec<Thumb>, JsValue> {
    let mut thumbs = Vec::new();
    let Some(place) = dom::role(root, "thumbs") else { return Ok(thumbs) };
    for kind in DataKind::BUILT_IN {
        let button: HtmlElement = dom::make(document, "button", if kind.is_planar() { "" } else { "wide" })?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-set", data_word(kind))?;
        place.append_child(&button)?;
        if kind.is_planar() {
            let host: HtmlElement = dom::make(document, "span", "fig")?;
            host.set_attribute("data-fig", "thumb")?;
            host.style().set_property("display", "block")?;
            button.append_child(&host)?;
            let set = data::planar(kind, 90, 0.05, 1).train;
            let points = (0..set.len()).map(|i| (set.x.get(i, 0), set.x.get(i, 1), set.y[i])).collect();
            thumbs.push((Slot::new(document, host)?, points));
        }
        let word: HtmlElement = dom::make(document, "span", "")?;
        word.set_text_content(Some(data_name(kind)));
        button.append_child(&word)?;
    }
    let own: HtmlElement = dom::make(document, "button", "wide")?;
    for (name, value) in [
        ("type", "button"),
        ("data-panel", "data"),
        ("aria-expanded", "false"),
        ("aria-controls", "panel-data"),
    ] {
        own.set_attribute(name, value)?;
    }
    own.set_text_content(Some("Your own data"));
    place.append_child(&own)?;
    Ok(thumbs)
}
