//! An event listener that unregisters itself when dropped.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget};

use super::gate::Callback;

/// Keeps a listener registered for as long as it lives.
pub(super) struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Callback,
    /// Whether it hears what happens further in, before that hears it.
    early: bool,
}

impl Listener {
    /// Calls `hear` for every event of this kind on `target`.
    pub(super) fn new(
        target: &EventTarget,
        kind: &'static str,
        hear: impl FnMut(Event) + 'static,
    ) -> Result<Self, JsValue> {
        Self::at(target, kind, false, hear)
    }

    /// The same for events on anything inside `target` too, those that do not rise.
    pub(super) fn inside(
        target: &EventTarget,
        kind: &'static str,
        hear: impl FnMut(Event) + 'static,
    ) -> Result<Self, JsValue> {
        Self::at(target, kind, true, hear)
    }

    fn at(
        target: &EventTarget,
        kind: &'static str,
        early: bool,
        mut hear: impl FnMut(Event) + 'static,
    ) -> Result<Self, JsValue> {
        let callback = Callback::new(move |event| hear(event.unchecked_into()));
        target.add_event_listener_with_callback_and_bool(kind, callback.function(), early)?;
        Ok(Self { target: target.clone(), kind, callback, early })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Nothing can be done about a target that is already gone.
        let (target, function) = (&self.target, self.callback.function());
        let _ = target.remove_event_listener_with_callback_and_bool(self.kind, function, self.early);
    }
}
