//! The trainer where no worker can be had: in the page itself, a slice of time now and then. The page stays as quick
//! as it was to the hand; training takes longer.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Window;

use super::gate::Callback;
use super::thread::Heard;
use super::worker::now;
use crate::app::trainer::Trainer;
use crate::lab::wire::{Command, Report};

/// A trainer of the page's own; it ends when this is dropped.
pub(super) struct InPage {
    window: Window,
    trainer: RefCell<Trainer>,
    waiting: RefCell<VecDeque<Command>>,
    /// Whether it has said that it is ready.
    ready: Cell<bool>,
    /// What the browser is to call at the next turn, and the number of its timer.
    turn: RefCell<Option<Callback>>,
    timer: Cell<Option<i32>>,
}

impl InPage {
    /// It says that it is ready at its first turn.
    pub(super) fn start(hear: impl Fn(Heard) + 'static) -> Result<Rc<Self>, JsValue> {
        let own = Rc::new(Self {
            window: web_sys::window().ok_or("no window")?,
            trainer: RefCell::new(Trainer::in_page()),
            waiting: RefCell::default(),
            ready: Cell::new(false),
            turn: RefCell::new(None),
            timer: Cell::new(None),
        });
        let weak = Rc::downgrade(&own);
        *own.turn.borrow_mut() = Some(Callback::new(move |_| {
            if let Some(own) = weak.upgrade() {
                own.work(&hear);
            }
        }));
        own.ask_for_a_turn();
        Ok(own)
    }

    /// Takes a command; it is obeyed in its turn.
    pub(super) fn post(&self, command: Command) {
        self.waiting.borrow_mut().push_back(command);
        self.ask_for_a_turn();
    }

    /// One turn: one command, and the answer to it.
    fn work(&self, hear: &impl Fn(Heard)) {
        self.timer.set(None);
        let report = if self.ready.replace(true) {
            let command = self.waiting.borrow_mut().pop_front();
            command.and_then(|command| self.trainer.borrow_mut().obey(command, &now))
        } else {
            Some(Report::Ready)
        };
        if !self.waiting.borrow().is_empty() {
            self.ask_for_a_turn();
        }
        if let Some(report) = report {
            hear(Heard::Report(Ok(report)));
        }
    }

    /// A timer, if none runs: whatever else the page has to do comes in between.
    fn ask_for_a_turn(&self) {
        if let (None, Some(turn)) = (self.timer.get(), &*self.turn.borrow()) {
            let timer = self.window.set_timeout_with_callback_and_timeout_and_arguments_0(turn.function(), 0);
            self.timer.set(timer.ok());
        }
    }
}

impl Drop for InPage {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
    }
}
