//! Hears the reader of the experiments: buttons, controls, marks, what is on screen.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlSelectElement, KeyboardEvent};

use super::Board;
use super::place::Place;
use crate::app::experiments::Msg;
use crate::web::dom;
use crate::web::keep::Kind;
use crate::web::listener::Listener;
use crate::web::media;
use crate::web::sight::{Sizes, Watch};

impl Board {
    pub(super) fn listen_to_place(self: &Rc<Self>, at: usize) -> Result<(), JsValue> {
        self.listen_to_buttons(at)?;
        self.listen_to_figures(at)?;
        self.listen_to_desk(at)
    }

    pub(super) fn on(
        self: &Rc<Self>,
        target: &EventTarget,
        kind: &'static str,
        mut hear: impl FnMut(&Rc<Self>, Event) + 'static,
    ) -> Result<(), JsValue> {
        let board = Rc::downgrade(self);
        let listener = Listener::new(target, kind, move |event| {
            if let Some(board) = board.upgrade() {
                hear(&board, event);
            }
        })?;
        self.listeners.borrow_mut().push(listener);
        Ok(())
    }

    /// Hands the reader a figure.
    fn save(&self, at: usize, plot: usize, kind: Kind) {
        let (places, state) = (self.places.borrow(), self.state.borrow());
        self.saved.replace(places[at].save(plot, kind, &self.window, &state.sections()[at]));
    }

    fn listen_to_buttons(self: &Rc<Self>, at: usize) -> Result<(), JsValue> {
        let places = self.places.borrow();
        let place = &places[at];
        self.on(&place.main, "click", move |board, _| board.tell(Msg::Main(at)))?;
        self.on(&place.start_over, "click", move |board, _| board.tell(Msg::StartOver(at)))?;
        for (k, input) in place.inputs.iter().enumerate() {
            let kind = if input.input.is_instance_of::<HtmlSelectElement>() { "change" } else { "input" };
            self.on(&input.input, kind, move |board, _| {
                let choice = board.places.borrow()[at].inputs[k].choice();
                board.tell(Msg::Choose(at, k, choice));
            })?;
        }
        self.on(&place.numbers, "toggle", move |board, _| {
            board.places.borrow_mut()[at].spoil();
            board.wake();
        })?;
        for (k, plot) in place.plots.iter().enumerate() {
            for (button, kind) in plot.keep.iter().zip(Kind::ALL) {
                self.on(button, "click", move |board, _| board.save(at, k, kind))?;
            }
        }
        for (k, tab) in place.tabs.iter().enumerate() {
            self.on(tab, "click", move |board, _| {
                let places = board.places.borrow();
                let place = &places[at];
                for (other, (tab, plot)) in place.tabs.iter().zip(&place.plots).enumerate() {
                    dom::press(tab, other == k);
                    dom::mark(&plot.figure, "data-on", if other == k { "yes" } else { "no" });
                }
            })?;
        }
        Ok(())
    }

    fn listen_to_figures(self: &Rc<Self>, at: usize) -> Result<(), JsValue> {
        let places = self.places.borrow();
        for (k, plot) in places[at].plots.iter().enumerate() {
            let host = &plot.slot.host;
            self.on(host, "pointermove", move |board, event| {
                let job = board.hit(at, k, &event);
                board.point(at, k, job);
            })?;
            self.on(host, "pointerleave", move |board, _| board.point(at, k, None))?;
            self.on(host, "click", move |board, event| {
                if let Some(job) = board.hit(at, k, &event) {
                    board.tell(Msg::Pick(at, job));
                }
            })?;
            let list = &plot.spots.list;
            self.on(list, "click", move |board, event| {
                if let Some(job) = job_of(&event) {
                    board.tell(Msg::Pick(at, job));
                }
            })?;
            self.on(list, "focusin", move |board, event| board.point(at, k, job_of(&event)))?;
            self.on(list, "focusout", move |board, _| board.point(at, k, None))?;
            self.on(list, "keydown", move |board, event| board.walk(at, k, &event))?;
        }
        Ok(())
    }

    /// The run under the pointer.
    fn hit(&self, at: usize, plot: usize, event: &Event) -> Option<usize> {
        let places = self.places.borrow();
        let (x, y) = dom::place_of(event, &places[at].plots.get(plot)?.slot.host)?;
        places[at].hit(plot, x, y)
    }

    fn point(&self, at: usize, plot: usize, job: Option<usize>) {
        self.places.borrow()[at].point(plot, job);
    }

    /// Arrows go from button to button.
    fn walk(&self, at: usize, plot: usize, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let by = match key.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            "PageDown" => 10,
            "PageUp" => -10,
            "End" => isize::MAX,
            "Home" => isize::MIN,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let from = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // The focus moves at once, and is heard of while the places are still borrowed: only to read.
        let places = self.places.borrow();
        if let Some(from) = from {
            places[at].plots[plot].spots.step(&from, by);
        }
    }

    pub(super) fn listen_to_window(self: &Rc<Self>) -> Result<(), JsValue> {
        let document = self.document.clone();
        self.on(&document, "visibilitychange", |board, _| {
            let hidden = board.document.hidden();
            board.frames.pause();
            board.tell(Msg::TabSeen(!hidden));
        })?;
        let board = Rc::downgrade(self);
        let restored = Listener::inside(&self.root, "contextrestored", move |_| {
            if let Some(board) = board.upgrade() {
                board.measure();
                board.restyle();
            }
        })?;
        self.listeners.borrow_mut().push(restored);
        let window = self.window.clone();
        self.on(&window, "resize", |board, _| board.restyle())?;
        let board = Rc::downgrade(self);
        let darker = media::on_change(&self.window, media::DARK, move || {
            if let Some(board) = board.upgrade() {
                board.restyle();
            }
        })?;
        self.listeners.borrow_mut().extend(darker);
        Ok(())
    }

    /// Who has begun to read or to choose is not taken elsewhere any more.
    pub(super) fn listen_for_readers(self: &Rc<Self>) -> Result<(), JsValue> {
        let window = self.window.clone();
        for act in ["pointerdown", "keydown", "wheel"] {
            self.on(&window, act, |board, _| board.awaited.set(None))?;
        }
        Ok(())
    }

    /// Watches what is on screen and how large it is; at first nothing.
    pub(super) fn watch(self: &Rc<Self>) -> Result<(), JsValue> {
        let board = Rc::downgrade(self);
        let seen = Watch::new(move |element, sight| {
            let Some(board) = board.upgrade() else { return };
            let at = board.places.borrow().iter().position(|place| *place.root == element);
            if let Some(at) = at {
                board.desk_is_seen(at, sight.share > 0.0);
                board.tell(Msg::Seen(at, sight));
            }
        })?;
        let board = Rc::downgrade(self);
        let sizes = Sizes::new(move |element| {
            let Some(board) = board.upgrade() else { return };
            let _ = board.places.borrow_mut().iter_mut().any(|place| place.resized(&element));
            board.wake();
        })?;
        *self.watchers.borrow_mut() = Some((seen, sizes));
        Ok(())
    }

    pub(super) fn watch_place(&self, place: &Place) {
        if let Some((seen, sizes)) = &*self.watchers.borrow() {
            seen.add(&place.root);
            place.plots.iter().for_each(|plot| sizes.add(&plot.slot.host));
        }
    }
}

/// The run of the button an event comes from.
fn job_of(event: &Event) -> Option<usize> {
    event.target()?.dyn_into::<HtmlElement>().ok()?.get_attribute("data-job")?.parse().ok()
}
