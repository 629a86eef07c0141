//! Animation frames: one is asked for at a time, as long as something moves.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::Window;

use super::gate::Callback;

/// Asks for frames. What the browser was asked for is taken back when this is dropped.
pub(super) struct Frames {
    window: Window,
    hear: RefCell<Option<Callback>>,
    /// One is on its way: its number, unless it was refused.
    wanted: Rc<Cell<bool>>,
    asked: Cell<Option<i32>>,
    last: Cell<Option<f64>>,
}

impl Frames {
    pub(super) fn new(window: &Window) -> Self {
        Self {
            window: window.clone(),
            hear: RefCell::default(),
            wanted: Rc::default(),
            asked: Cell::default(),
            last: Cell::default(),
        }
    }

    /// Calls `hear` in every frame that was asked for, with its time in seconds.
    pub(super) fn start(&self, mut hear: impl FnMut(f64) + 'static) {
        let wanted = self.wanted.clone();
        self.hear.replace(Some(Callback::new(move |now| {
            wanted.set(false);
            if let Some(now) = now.as_f64() {
                hear(now / 1000.0);
            }
        })));
    }

    /// Asks for one frame, if none is on its way.
    pub(super) fn wake(&self) {
        if !self.wanted.replace(true)
            && let Some(hear) = &*self.hear.borrow()
        {
            // Refused only where there is no screen; then there is nothing to draw either.
            self.asked.set(self.window.request_animation_frame(hear.function()).ok());
        }
    }

    /// The seconds from the last frame to this one; none after a [pause](Self::pause).
    pub(super) fn passed(&self, now: f64) -> f64 {
        self.last.replace(Some(now)).map_or(0.0, |last| now - last)
    }

    /// When the last frame was, in seconds; zero before the first.
    pub(super) fn last(&self) -> f64 {
        self.last.get().unwrap_or(0.0)
    }

    /// Nothing moves any more: the time until the next frame is nobody's.
    pub(super) fn pause(&self) {
        self.last.set(None);
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(frame) = self.asked.take() {
            let _ = self.window.cancel_animation_frame(frame);
        }
    }
}
