//! What is done about an error in this program itself: it is written on the console with its place, and the element
//! it happened in says so and offers to start again. Other elements of the page go on.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, ShadowRoot, Window};

use super::gate::{Callback, Gate};
use super::listener::Listener;
use super::{copy, dom};
use crate::app::broken;

thread_local! {
    /// The last panic, with its place.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What starts an element anew that has said it stopped; without one, its document is loaded again.
const AGAIN: &str = "bnp:again";

/// Has panics written on the console; a browser by itself tells neither words nor place. Once: after a panic that ended
/// one element nothing may be changed about it any more, and the next element would panic in its turn.
pub(super) fn tell_of_panics() {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let words = info.to_string();
            web_sys::console::error_1(&JsValue::from(&words));
            LAST.set(Some(words));
        }));
    });
}

/// Looks after one gate for as long as it lives.
pub(super) struct Watchdog {
    _on_error: Listener,
}

impl Watchdog {
    /// Tells the reader, in `root`, once a call through `gate` has not come to its end.
    pub(super) fn new(gate: &Rc<Gate>, root: &Element) -> Result<Self, JsValue> {
        // Behind a gate of its own.
        Gate::new().within(|| Self::watch(gate, root))
    }

    fn watch(gate: &Rc<Gate>, root: &Element) -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let (gate, root, host) = (Rc::downgrade(gate), root.clone(), window.clone());
        let failed = Rc::new(RefCell::new(String::new()));
        let told = failed.clone();
        let look = Callback::new(move |_| {
            if gate.upgrade().is_some_and(|gate| gate.shut_if_stuck()) {
                let told = Some(told.borrow().clone()).filter(|words| !words.is_empty());
                let words = LAST.take().or(told).unwrap_or_else(|| caught(&root));
                // Where even this fails, the console has been told.
                let _ = say(&root, &words);
            }
        });
        // Once the call that builds the element is over, or was cut off: then its caller has caught the error, and no
        // event tells of it.
        window.set_timeout_with_callback_and_timeout_and_arguments_0(look.function(), 0)?;
        // The error may be another element's, or the page's around it; what is under way then still comes to its end.
        let on_error = Listener::new(&window, "error", move |event: Event| {
            let words = Reflect::get(&event, &"message".into()).ok().and_then(|words| words.as_string());
            failed.replace(words.unwrap_or_default());
            let _ = host.set_timeout_with_callback_and_timeout_and_arguments_0(look.function(), 0);
        })?;
        Ok(Self { _on_error: on_error })
    }
}

/// Why an element could not be built, as its caller has written it down.
fn caught(root: &Element) -> String {
    if let Ok(shadow) = root.get_root_node().dyn_into::<ShadowRoot>() {
        return shadow.host().get_attribute("data-failed").unwrap_or_default();
    }
    let why =
        root.owner_document().and_then(|document| document.query_selector("[data-role=failed-why]").ok()?);
    why.and_then(|why| why.text_content()).unwrap_or_default()
}

/// The note that stands instead of a page that could not be built, and has a way on of its own.
fn note_instead(root: &Element) -> Option<Element> {
    let document = root.owner_document().filter(|_| !root.get_root_node().is_instance_of::<ShadowRoot>())?;
    document.query_selector("[data-role=failed]:not([hidden])").ok()?
}

/// A sentence and two buttons, where the buttons were that now do nothing; what is drawn is left as it was.
fn say(root: &Element, words: &str) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = root.owner_document().ok_or("no document")?;
    dom::all(root, "button, input, select").iter().for_each(|dead| dom::enable(dead, false));
    let notes: HtmlElement = dom::make(&document, "div", "notes")?;
    notes.set_attribute("role", "alert")?;
    notes.set_attribute("data-role", "broken")?;
    let instead = note_instead(root);
    if instead.is_none() {
        let sentence: HtmlElement = dom::make(&document, "p", "")?;
        sentence.set_text_content(Some(broken::SENTENCE));
        notes.append_child(&sentence)?;
        let (around, browser) = (root.clone(), window.clone());
        button(&document, &notes, broken::AGAIN, move |_| start_again(&browser, &around))?;
    }
    let here = window.location().href().unwrap_or_default();
    let agent = window.navigator().user_agent().unwrap_or_default();
    let details = broken::details(&here, words, &agent);
    button(&document, &notes, broken::COPY, move |button| {
        let told = button.clone();
        copy::copy(&details, button, move |copied| {
            told.set_text_content(Some(if copied { broken::COPIED } else { broken::SELECTED }));
        });
    })?;
    if let Some(instead) = instead {
        return instead.append_child(&notes).map(|_| ());
    }
    let bar =
        dom::role(root, "train").or_else(|| dom::role(root, "main")).and_then(|main| main.parent_element());
    match bar.and_then(|bar| bar.dyn_into::<HtmlElement>().ok()) {
        Some(bar) => {
            dom::show(&bar, false);
            bar.before_with_node_1(&notes)
        }
        None => root.append_child(&notes).map(|_| ()),
    }
}

fn button(
    document: &Document,
    parent: &Element,
    words: &str,
    press: impl Fn(&HtmlElement) + 'static,
) -> Result<(), JsValue> {
    let button: HtmlElement = dom::make(document, "button", "")?;
    button.set_attribute("type", "button")?;
    button.set_text_content(Some(words));
    parent.append_child(&button)?;
    let pressed = button.clone();
    let listener = Listener::new(&button, "click", move |_| press(&pressed))?;
    // Nothing is left that could hold it: it ends with its button.
    core::mem::forget(listener);
    Ok(())
}

fn start_again(window: &Window, root: &Element) {
    keep_plan(root);
    let in_element = root.get_root_node().is_instance_of::<ShadowRoot>();
    if !in_element || Event::new(AGAIN).is_ok_and(|event| root.dispatch_event(&event).is_err()) {
        // Refused in some sandboxes; the reader's own key for it is left.
        let _ = window.location().reload();
    }
}

/// What the reader has turned of an experiment is what its element begins with.
fn keep_plan(root: &Element) {
    let Ok(shadow) = root.get_root_node().dyn_into::<ShadowRoot>() else { return };
    let section = root.query_selector("[data-settings]").ok().flatten();
    let Some(settings) = section.and_then(|section| section.get_attribute("data-settings")) else { return };
    for key in ["plan", "seed"] {
        let value =
            settings.split('&').filter_map(|pair| pair.split_once('=')).find(|(named, _)| *named == key);
        match value {
            Some((_, value)) => dom::mark(&shadow.host(), key, value),
            // As usual: whatever the element said before.
            None => {
                let _ = shadow.host().remove_attribute(key);
            }
        }
    }
}
