//! The worker that draws for the page: canvases are lent to it, and lists of shapes sent. Its other end is
//! [`super::painter`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlCanvasElement, MessageEvent, Window};

use super::hired::Hired;
use super::listener::Listener;
use super::{dom, gate};
use crate::figure::DisplayList;

/// What is heard of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It can be lent canvases.
    Ready,
    /// It was sent something to draw.
    Sent,
    /// A drawing is done.
    Drawn,
    /// A canvas was taken away and given back empty.
    Restored,
    /// It has failed, and with it every canvas it was lent.
    Failed,
}

/// A worker to draw; it ends when this is dropped.
pub(super) struct Easel {
    /// Until it has failed.
    hired: RefCell<Option<Hired>>,
    ready: Rc<Cell<bool>>,
    /// How many canvases it was lent so far.
    lent: Cell<u32>,
    /// What it is still to be sent, and what of that is handed over.
    outbox: RefCell<(Array, Array)>,
    /// Whether a drawing is among it.
    draws: Cell<bool>,
    /// Messages with drawings that were sent and not yet done.
    waiting: Rc<Cell<u32>>,
    hear: Box<dyn Fn(News)>,
}

impl Easel {
    /// Starts the script and hands it the compiled module.
    pub(super) fn start(
        script: &str,
        module: &JsValue,
        hear: impl Fn(News) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let mut hired = Hired::start(script, module)?;
        let waiting = Rc::new(Cell::new(0_u32));
        let ready = Rc::new(Cell::new(false));
        let (left, known, tell, fail) = (waiting.clone(), ready.clone(), hear.clone(), hear.clone());
        let on_message = Listener::new(hired.worker(), "message", move |event: Event| {
            let answer = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
            if answer.is_null() {
                return tell(News::Restored);
            }
            if !known.replace(true) {
                return tell(News::Ready);
            }
            left.set(left.get().saturating_sub(1));
            // Whatever says more than that it is done is no painter.
            let done = answer.dyn_ref::<Uint8Array>().is_some_and(|bytes| bytes.length() == 0);
            tell(if done { News::Drawn } else { News::Failed });
        })?;
        let on_error = Listener::new(hired.worker(), "error", move |event: Event| {
            event.prevent_default();
            fail(News::Failed);
        })?;
        hired.keep(on_message);
        hired.keep(on_error);
        Ok(Self {
            hired: RefCell::new(Some(hired)),
            ready,
            lent: Cell::new(0),
            outbox: RefCell::default(),
            draws: Cell::new(false),
            waiting,
            hear: Box::new(hear),
        })
    }

    /// Whether canvases of this browser can be lent, and it goes on all the same: WebKit's page (seen in 2.50) now and
    /// then never comes back from a frame in which one is drawn.
    pub(super) fn can_lend(window: &Window) -> bool {
        let vendor =
            Reflect::get(&window.navigator(), &"vendor".into()).ok().and_then(|name| name.as_string());
        let canvas = window.document().map(|page| dom::make::<HtmlCanvasElement>(&page, "canvas", ""));
        let lends = canvas.and_then(Result::ok).is_some_and(|canvas| {
            Reflect::has(&canvas, &"transferControlToOffscreen".into()).unwrap_or(false)
        });
        lends && !vendor.is_some_and(|name| name.starts_with("Apple"))
    }

    /// Whether it has said that it is.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.get()
    }

    /// Whether something that it was given is still to be drawn.
    pub(super) fn is_behind(&self) -> bool {
        self.draws.get() || self.waiting.get() > 0
    }

    /// Whether there is more of it than what was sent with the last frame.
    pub(super) fn is_far_behind(&self) -> bool {
        self.waiting.get() + u32::from(self.draws.get()) > 1
    }

    /// It has failed, and ends. Nothing is sent to it or heard of it any more.
    pub(super) fn end(&self) {
        self.hired.take();
        self.outbox.take();
        self.draws.set(false);
        self.waiting.set(0);
    }

    /// Lends it a canvas that has never been drawn on. Nobody else can draw on it from then on.
    pub(super) fn lend(self: &Rc<Self>, canvas: &HtmlCanvasElement) -> Result<Lent, JsValue> {
        let number = self.lent.replace(self.lent.get() + 1);
        let canvas = canvas.transfer_control_to_offscreen().inspect_err(|_| {
            // Not now: the figures are being drawn.
            self.later(|easel| (easel.hear)(News::Failed));
        })?;
        self.put(&Array::of2(&number.into(), &canvas), Some(&canvas));
        Ok(Lent { easel: self.clone(), number })
    }

    /// Sends it this once the page has done what it is at, all at once: every message wakes the worker, which has the page
    /// wait where there are few cores.
    fn put(self: &Rc<Self>, message: &Array, to_hand_over: Option<&JsValue>) {
        if self.hired.borrow().is_none() {
            return;
        }
        let outbox = self.outbox.borrow();
        if outbox.0.length() == 0 {
            self.later(Self::send);
        }
        outbox.0.push(message);
        to_hand_over.iter().for_each(|object| {
            outbox.1.push(object);
        });
    }

    fn later(self: &Rc<Self>, job: impl FnOnce(&Self) + 'static) {
        let easel = Rc::downgrade(self);
        gate::after(async {}, move |()| {
            if let Some(easel) = easel.upgrade() {
                job(&easel);
            }
        });
    }

    fn send(&self) {
        let (messages, to_hand_over) = self.outbox.take();
        let draws = self.draws.replace(false);
        self.waiting.set(self.waiting.get() + u32::from(draws));
        let sent = match &*self.hired.borrow() {
            Some(hired) => hired.worker().post_message_with_transfer(&messages, &to_hand_over).is_ok(),
            None => return,
        };
        match sent {
            true if draws => (self.hear)(News::Sent),
            true => {}
            false => (self.hear)(News::Failed),
        }
    }
}

/// A canvas that was lent; it is given up when this is dropped.
pub(super) struct Lent {
    easel: Rc<Easel>,
    number: u32,
}

impl Lent {
    /// Sends it what to draw.
    pub(super) fn draw(&self, list: &DisplayList, (width, height): (u32, u32), ratio: f64) {
        let bytes = Uint8Array::from(&list.bytes()[..]);
        let message = Array::of5(&self.number.into(), &width.into(), &height.into(), &ratio.into(), &bytes);
        self.easel.put(&message, Some(&bytes.buffer()));
        self.easel.draws.set(self.easel.hired.borrow().is_some());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.easel.put(&Array::of1(&self.number.into()), None);
    }
}
