//! What is asked of the reader's system and screen, each question written once.

use wasm_bindgen::JsValue;
use web_sys::{MediaQueryList, Window};

use super::listener::Listener;

/// Dark paper.
pub(super) const DARK: &str = "(prefers-color-scheme: dark)";
/// The system's own two colours, whatever a page would have.
pub(super) const FORCED_COLOURS: &str = "(forced-colors: active)";
/// Nothing is to move by itself.
pub(super) const CALM: &str = "(prefers-reduced-motion: reduce)";
/// The style sheet's layout for phones.
pub(super) const PHONE: &str = "(max-width: 720px)";

/// Whether it is so.
pub(super) fn is(window: &Window, query: &str) -> bool {
    list(window, query).is_some_and(|list| list.matches())
}

/// Calls `hear` whenever that changes; never in a browser that does not know the question.
pub(super) fn on_change(
    window: &Window,
    query: &str,
    hear: impl Fn() + 'static,
) -> Result<Option<Listener>, JsValue> {
    list(window, query).map(|list| Listener::new(&list, "change", move |_| hear())).transpose()
}

fn list(window: &Window, query: &str) -> Option<MediaQueryList> {
    window.match_media(query).ok().flatten()
}
