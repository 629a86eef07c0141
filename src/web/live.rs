//! The live embed's elements: the score table, the loss, what each network has learned, and the bar. The page that
//! brings them to life is the lab's own; what an embed has no room for it does without.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::dom;
use crate::lab::sentence::target;

/// Builds everything below `root`.
pub(super) fn build(document: &Document, root: &Element) -> Result<(), JsValue> {
    let add = |parent: &Element, tag: &str, class: &str, attributes: &[(&str, &str)], text: &str| {
        let element: HtmlElement = dom::make(document, tag, class)?;
        for (name, value) in attributes {
            element.set_attribute(name, value)?;
        }
        if !text.is_empty() {
            element.set_text_content(Some(text));
        }
        parent.append_child(&element)?;
        Ok::<HtmlElement, JsValue>(element)
    };
    let role = |parent: &Element, tag: &str, class: &str, name: &str| {
        add(parent, tag, class, &[("data-role", name)], "")
    };
    let figure = |parent: &Element, name: &str, label: &str, fill: bool| {
        let host =
            add(parent, "div", "fig", &[("data-fig", name), ("role", "img"), ("aria-label", label)], "")?;
        if fill {
            host.set_attribute("data-fill", "")?;
        }
        Ok::<HtmlElement, JsValue>(host)
    };

    let live = role(root, "div", "live", "lab")?;
    let first = format!("first {}", target().replace(' ', "\u{202f}"));
    let table = add(&live, "table", "score", &[], "")?;
    let head = add(&add(&table, "thead", "", &[], "")?.into(), "tr", "", &[], "")?;
    for (k, words) in ["network", "test loss", "accuracy", &first].into_iter().enumerate() {
        let cell = add(&head, "th", "", &[("scope", "col")], if k == 0 { "" } else { words })?;
        if k == 0 {
            add(&cell, "span", "sr", &[], words)?;
        }
    }
    let body = add(&table, "tbody", "", &[], "")?;
    for (arm, class) in ["no-t", "bn-t"].into_iter().enumerate() {
        let row = add(&body, "tr", "", &[], "")?;
        let name = add(&row, "th", class, &[("scope", "row")], "")?;
        add(&name, "span", "fig sample", &[("data-fig", &format!("legend-{arm}"))], "")?;
        role(&name, "span", "", &format!("name-{arm}"))?;
        for what in ["test-loss", "accuracy", "first"] {
            role(&row, "td", "", &format!("{what}-{arm}"))?;
        }
    }
    let figures = add(&live, "div", "egrid", &[], "")?;
    figure(&figures, "loss", "Loss of both networks over the steps", true)?;
    let pair = role(&figures, "div", "pair", "pair")?;
    figure(&pair, "boundary-0", "What the network without has learned", false)?;
    figure(&pair, "boundary-1", "What the network with has learned", false)?;
    let images = figure(&figures, "images", "Test digits with the reading of each network", false)?;
    images.set_attribute("data-role", "images")?;
    images.set_hidden(true);
    let now = add(&live, "p", "now", &[], "")?;
    role(&now, "span", "", "sentence")?;
    let spoken = role(&live, "p", "sr", "spoken")?;
    spoken.set_attribute("aria-live", "polite")?;
    let notes = add(&live, "div", "notes", &[("data-role", "notes"), ("role", "alert"), ("hidden", "")], "")?;
    role(&notes, "p", "", "notes-text")?;
    add(&notes, "button", "txt", &[("type", "button"), ("data-role", "notes-shut")], "Close")?;
    let bar = add(&live, "div", "runs", &[("role", "group"), ("aria-label", "Training")], "")?;
    let train = add(&bar, "button", "go", &[("type", "button"), ("data-role", "train")], "")?;
    train.set_attribute("disabled", "")?;
    role(&train, "span", "", "train-word")?;
    for (name, words) in [("step", "Step"), ("reset", "Reset")] {
        add(&bar, "button", "", &[("type", "button"), ("data-role", name)], words)?;
    }
    let at = add(&bar, "span", "at", &[], "")?;
    role(&at, "span", "", "at-step")?;
    Ok(())
}
