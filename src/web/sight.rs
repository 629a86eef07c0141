//! What the browser says of elements: how much of them is on screen, and that their size has changed.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver,
    ResizeObserverEntry,
};

use super::gate::Callback;
use crate::app::experiments::Sight;

/// Watches how much of elements is on screen, for as long as it lives.
pub(super) struct Watch {
    observer: IntersectionObserver,
    _callback: Callback,
}

impl Watch {
    /// Calls `hear` whenever an element's visible share passes a tenth.
    pub(super) fn new(mut hear: impl FnMut(Element, Sight) + 'static) -> Result<Self, JsValue> {
        let callback = Callback::new(move |entries| {
            for entry in entries
                .unchecked_into::<Array>()
                .iter()
                .filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
            {
                hear(entry.target(), sight(&entry));
            }
        });
        let how = IntersectionObserverInit::new();
        let tenths: Array = (0..=10).map(|k| JsValue::from(f64::from(k) / 10.0)).collect();
        how.set_threshold(&tenths);
        let observer = IntersectionObserver::new_with_options(callback.function(), &how)?;
        Ok(Self { observer, _callback: callback })
    }

    /// Watches this one too.
    pub(super) fn add(&self, element: &Element) {
        self.observer.observe(element);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn sight(entry: &IntersectionObserverEntry) -> Sight {
    let window = entry.root_bounds().map_or(0.0, |bounds| bounds.height());
    // An element just touching the edge of the window is not seen.
    let share = if entry.is_intersecting() { entry.intersection_ratio() } else { 0.0 };
    let of_window = if window > 0.0 { entry.intersection_rect().height() / window } else { 0.0 };
    Sight { share, of_window }
}

/// Hears of changes of elements' sizes, for as long as it lives.
pub(super) struct Sizes {
    observer: ResizeObserver,
    _callback: Callback,
}

impl Sizes {
    /// Calls `hear` whenever an element has another size.
    pub(super) fn new(mut hear: impl FnMut(Element) + 'static) -> Result<Self, JsValue> {
        let callback = Callback::new(move |entries| {
            for entry in entries
                .unchecked_into::<Array>()
                .iter()
                .filter_map(|entry| entry.dyn_into::<ResizeObserverEntry>().ok())
            {
                hear(entry.target());
            }
        });
        let observer = ResizeObserver::new(callback.function())?;
        Ok(Self { observer, _callback: callback })
    }

    /// Listens to this one too.
    pub(super) fn add(&self, element: &Element) {
        self.observer.observe(element);
    }
}

impl Drop for Sizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
