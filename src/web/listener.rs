//! An event listener that unregisters itself when dropped.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget};

use super::gate::Callback;

/// Keeps a listener registered for as long as it lives.
pub(super) struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Callback,
}

impl Listener {
    /// Calls `hear` for every event of this kind on `target`.
    pub(super) fn new(
        target: &EventTarget,
        kind: &'static str,
        mut hear: impl FnMut(Event) + 'static,
    ) -> Result<Self, JsValue> {
        let callback = Callback::new(move |event| hear(event.unchecked_into()));
        target.add_event_listener_with_callback(kind, callback.function())?;
        Ok(Self { target: target.clone(), kind, callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Nothing can be done about a target that is already gone.
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.callback.function());
    }
}
