//! Small helpers over the document: find, make, and write only what has changed.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlSelectElement, PointerEvent};

/// The element below `root` whose `data-role` is this.
pub(super) fn role(root: &Element, name: &str) -> Option<HtmlElement> {
    root.query_selector(&format!("[data-role=\"{name}\"]")).ok().flatten()?.dyn_into().ok()
}

/// All elements below `root` that match.
pub(super) fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// A new element with a class (may be empty).
pub(super) fn make<T: JsCast>(document: &Document, tag: &str, class: &str) -> Result<T, JsValue> {
    let element = document.create_element(tag)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element
        .dyn_into()
        .map_err(|element| JsValue::from(format!("{tag} is not what it should be: {element:?}")))
}

/// A row at the end of a table's body: the first cell heads it.
pub(super) fn table_row(document: &Document, body: &Element, cells: &[String]) -> Result<(), JsValue> {
    let row: HtmlElement = make(document, "tr", "")?;
    for (k, words) in cells.iter().enumerate() {
        let cell: HtmlElement = make(document, if k == 0 { "th" } else { "td" }, "")?;
        if k == 0 {
            cell.set_attribute("scope", "row")?;
        }
        cell.set_text_content(Some(words));
        row.append_child(&cell)?;
    }
    body.append_child(&row)?;
    Ok(())
}

/// Fills a list to choose from, if its words are others; what was chosen stays chosen where it still exists.
pub(super) fn options<'c>(
    document: &Document,
    select: &HtmlSelectElement,
    choices: impl Iterator<Item = (&'c str, &'c str)> + Clone,
) -> Result<(), JsValue> {
    let words: String = choices.clone().map(|(_, words)| words).collect();
    if select.text_content().as_deref() == Some(&words) {
        return Ok(());
    }
    let chosen = select.value();
    select.set_text_content(None);
    for (value, words) in choices {
        let option: HtmlElement = make(document, "option", "")?;
        option.set_attribute("value", value)?;
        option.set_text_content(Some(words));
        select.append_child(&option)?;
    }
    select.set_value(&chosen);
    if select.selected_index() < 0 {
        select.set_selected_index(0);
    }
    Ok(())
}

/// Sets the text if it is another one: the document is left alone where nothing changed.
pub(super) fn write(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute if it is another one.
pub(super) fn mark(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // Only a malformed name can fail, and names are ours.
        let _ = element.set_attribute(name, value);
    }
}

/// Shows or hides.
pub(super) fn show(element: &HtmlElement, visible: bool) {
    if element.hidden() == visible {
        element.set_hidden(!visible);
    }
}

/// Takes everything out of the element with this role.
pub(super) fn clear(root: &Element, name: &str) {
    if let Some(place) = role(root, name) {
        place.set_text_content(None);
    }
}

/// Lets a button be pressed, or not.
pub(super) fn enable(element: &Element, on: bool) {
    if on == element.has_attribute("disabled") {
        let _ = element.toggle_attribute_with_force("disabled", !on);
    }
}

/// Whether a button that stays down is.
pub(super) fn press(button: &Element, on: bool) {
    mark(button, "aria-pressed", if on { "true" } else { "false" });
}

/// Where a pointer is, in CSS pixels from the upper left corner of `host`.
pub(super) fn place_of(event: &Event, host: &Element) -> Option<(f32, f32)> {
    let event = event.dyn_ref::<PointerEvent>()?;
    let bounds = host.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
    Some((x as f32, y as f32))
}
