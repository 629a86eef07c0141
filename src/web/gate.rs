//! The gate through which the browser calls what is alive in one element: one call at a time, none too late, and none
//! after a failure, which ends this element's life and no other's.
//!
//! A browser may call while it is being called: some tell of a lost focus or a new size in the middle of a change to the
//! document. Such a call waits for the one under way, so that nothing here is ever entered twice.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;

thread_local! {
    /// The gate behind which something is being done.
    static INSIDE: RefCell<Option<Rc<Gate>>> = const { RefCell::new(None) };
}

/// One element's gate.
#[derive(Default)]
pub(super) struct Gate {
    busy: Cell<bool>,
    broken: Cell<bool>,
    /// Calls that came during another.
    waiting: RefCell<VecDeque<Box<dyn FnOnce()>>>,
    /// The gate behind which this one was entered: that of another element of the same document.
    outer: RefCell<Option<Rc<Self>>>,
    /// The workers hired behind it.
    workers: RefCell<Vec<Worker>>,
}

impl Gate {
    /// Nothing is being done behind it.
    pub(super) fn new() -> Rc<Self> {
        Rc::default()
    }

    /// The one behind which this is being done.
    fn here() -> Rc<Self> {
        INSIDE.with_borrow(Clone::clone).unwrap_or_default()
    }

    /// Does something behind this gate, and then whatever came meanwhile.
    pub(super) fn within<T>(self: &Rc<Self>, job: impl FnOnce() -> T) -> T {
        self.busy.set(true);
        self.outer.replace(INSIDE.replace(Some(self.clone())));
        let done = job();
        while let Some(job) = self.next() {
            job();
        }
        INSIDE.set(self.outer.take());
        self.busy.set(false);
        done
    }

    fn next(&self) -> Option<Box<dyn FnOnce()>> {
        self.waiting.borrow_mut().pop_front()
    }

    /// Does something now, or right after what is being done; never, once something has failed.
    fn enter(self: &Rc<Self>, job: Box<dyn FnOnce()>) {
        if self.broken.get() {
            return;
        }
        if self.busy.get() {
            self.waiting.borrow_mut().push_back(job);
        } else {
            self.within(job);
        }
    }

    /// For a task of its own, when nothing can be under way: if something is, it has failed and never ends, and nothing
    /// more is done behind this gate. Whether this has just been found.
    pub(super) fn shut_if_stuck(self: &Rc<Self>) -> bool {
        if !self.busy.get() || self.broken.replace(true) {
            return false;
        }
        // Nobody will ever hear them again. What was cut off may hold the list; then they end with the page.
        if let Ok(workers) = self.workers.try_borrow() {
            workers.iter().for_each(Worker::terminate);
        }
        INSIDE.with_borrow_mut(|inside| {
            if inside.as_ref().is_some_and(|gate| Rc::ptr_eq(gate, self)) {
                *inside = self.outer.take();
            }
        });
        true
    }
}

/// A function for the browser to call, through the gate behind which it was made. Called after this was dropped it
/// does nothing: a browser may have a call on its way.
pub(super) struct Callback {
    function: Function,
    _hear: Rc<RefCell<dyn FnMut(JsValue)>>,
}

impl Callback {
    /// Calls `hear` with the first argument.
    pub(super) fn new(hear: impl FnMut(JsValue) + 'static) -> Self {
        let hear: Rc<RefCell<dyn FnMut(JsValue)>> = Rc::new(RefCell::new(hear));
        let (gate, hearer) = (Gate::here(), Rc::downgrade(&hear));
        let function = Closure::<dyn Fn(JsValue)>::new(move |given| {
            let hearer: Weak<RefCell<dyn FnMut(JsValue)>> = hearer.clone();
            gate.enter(Box::new(move || {
                if let Some(hear) = hearer.upgrade() {
                    hear.borrow_mut()(given);
                }
            }));
        });
        // The browser keeps it for as long as it may call it.
        Self { function: function.into_js_value().unchecked_into(), _hear: hear }
    }

    /// What the browser is to call.
    pub(super) fn function(&self) -> &Function {
        &self.function
    }
}

/// A worker that ends when the gate behind which this was made is shut, or this is dropped.
pub(super) struct Kept {
    gate: Rc<Gate>,
    worker: Worker,
}

impl Kept {
    pub(super) fn new(worker: &Worker) -> Self {
        let gate = Gate::here();
        gate.workers.borrow_mut().push(worker.clone());
        Self { gate, worker: worker.clone() }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.worker.terminate();
        self.gate.workers.borrow_mut().retain(|other| other != &self.worker);
    }
}

/// Goes on with `then`, behind this gate, when `work` is done.
pub(super) fn after<T: 'static>(work: impl Future<Output = T> + 'static, then: impl FnOnce(T) + 'static) {
    let gate = Gate::here();
    wasm_bindgen_futures::spawn_local(async move {
        let done = work.await;
        gate.enter(Box::new(move || then(done)));
    });
}
