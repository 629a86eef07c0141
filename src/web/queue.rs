//! The embeds of one site, in one page or in several frames, waiting for each other over a channel. Whose turn it is
//! is for [`crate::app::turns`] to say.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::{BroadcastChannel, MessageEvent, Window};

use super::experiments::Board;
use super::gate::Callback;
use super::listener::Listener;
use super::page::Page;
use crate::app::turns::{Say, Turns};

const CHANNEL: &str = "batchnorm-playground";
/// Milliseconds between two words of one that runs.
const PULSE: i32 = 1000;

/// A timer and what it calls.
type Pulse = (i32, Callback);

/// What brings an embed to life.
pub(super) enum Alive {
    Live(Rc<Page>),
    Claim(Rc<Board>),
}

impl Alive {
    fn hold(&self, held: bool) {
        match self {
            Self::Live(page) => page.hold(held),
            Self::Claim(board) => board.hold(held),
        }
    }

    /// The share keys of what it shows now.
    pub(super) fn settings(&self) -> String {
        match self {
            Self::Live(page) => page.app.borrow().link(),
            Self::Claim(board) => board.settings(),
        }
    }

    /// The theme around it is another one.
    pub(super) fn restyle(&self) {
        match self {
            Self::Live(page) => page.restyle(),
            Self::Claim(board) => board.restyle(),
        }
    }
}

/// An embed's place in the queue; it leaves when this is dropped.
pub(super) struct Queue {
    window: Window,
    channel: BroadcastChannel,
    turns: RefCell<Turns>,
    listener: RefCell<Option<Listener>>,
    pulse: RefCell<Option<Pulse>>,
}

impl Queue {
    pub(super) fn join(window: &Window) -> Result<Rc<Self>, JsValue> {
        Ok(Rc::new(Self {
            window: window.clone(),
            channel: BroadcastChannel::new(CHANNEL)?,
            turns: RefCell::new(Turns::new(js_sys::Math::random())),
            listener: RefCell::new(None),
            pulse: RefCell::new(None),
        }))
    }

    /// Hears the others and the clock, on behalf of `alive`.
    pub(super) fn listen(self: &Rc<Self>, window: &Window, alive: &Rc<Alive>) -> Result<(), JsValue> {
        let (queue, other) = (Rc::downgrade(self), Rc::downgrade(alive));
        let listener = Listener::new(&self.channel, "message", move |event| {
            let Some((queue, alive)) = queue.upgrade().zip(other.upgrade()) else { return };
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(said) = text.as_deref().and_then(Say::read) {
                let answer = queue.turns.borrow_mut().hear(said, now());
                queue.say(answer);
                queue.hold(&alive);
            }
        })?;
        *self.listener.borrow_mut() = Some(listener);
        let (queue, other) = (Rc::downgrade(self), Rc::downgrade(alive));
        let beat = Callback::new(move |_| {
            if let Some((queue, alive)) = queue.upgrade().zip(other.upgrade()) {
                let said = queue.turns.borrow_mut().pulse(now());
                queue.say(said);
                queue.hold(&alive);
            }
        });
        let handle = window.set_interval_with_callback_and_timeout_and_arguments_0(beat.function(), PULSE)?;
        *self.pulse.borrow_mut() = Some((handle, beat));
        Ok(())
    }

    /// This embed wants to run, or not, and a reader has just said so, or not; whether it must wait.
    pub(super) fn want(&self, wants: bool, by_reader: bool) -> bool {
        let said = self.turns.borrow_mut().want(wants, by_reader, now());
        self.say(said);
        self.turns.borrow().is_held()
    }

    fn say(&self, said: Option<Say>) {
        if let Some(said) = said {
            // A channel that is closed has nobody to tell.
            let _ = self.channel.post_message(&JsValue::from(said.text()));
        }
    }

    fn hold(&self, alive: &Alive) {
        let held = self.turns.borrow().is_held();
        alive.hold(held);
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // Held for ever where the embed has failed; the others then notice its silence.
        if self.turns.try_borrow_mut().is_ok() {
            self.want(false, false);
        }
        self.channel.close();
        if let Some((handle, _)) = self.pulse.borrow_mut().take() {
            self.window.clear_interval_with_handle(handle);
        }
    }
}

/// Seconds, on the clock that every frame of a computer shares.
fn now() -> f64 {
    js_sys::Date::now() / 1000.0
}
