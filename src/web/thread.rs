//! What trains for the page: a worker, or the page itself where no worker can be had.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent};

use super::hired::Hired;
use super::in_page::InPage;
use super::listener::Listener;
use crate::lab::wire::{self, Command, Report};

/// What is heard of a trainer.
pub(super) enum Heard {
    /// A report, or a sentence why it cannot be read.
    Report(Result<Report, String>),
    /// No worker can be had: the page trains itself.
    InPage,
    /// It has failed.
    Failed,
}

/// A trainer; it ends when this is dropped.
pub(super) struct Thread {
    means: Rc<RefCell<Means>>,
}

enum Means {
    Worker(Hired),
    Page(Rc<InPage>),
}

impl Thread {
    /// Starts the script and hands it the compiled module.
    pub(super) fn start(
        script: &str,
        module: &JsValue,
        hear: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        match Hired::start(script, module) {
            Ok(hired) => Self::of(hired, hear),
            // There are no workers here, or it is known at once that none may be started.
            Err(_) => {
                hear(Heard::InPage);
                Ok(Self { means: Rc::new(RefCell::new(Means::Page(InPage::start(hear)?))) })
            }
        }
    }

    /// Listens to a worker that has been handed its module; it must not have answered yet. If it fails before its first
    /// answer (its script is missing, or a policy of the site forbids it), the page takes its place.
    pub(super) fn of(mut hired: Hired, hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, JsValue> {
        let answered = Rc::new(Cell::new(false));
        let (answers, tell) = (answered.clone(), hear.clone());
        let on_message = Listener::new(hired.worker(), "message", move |event: Event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                answers.set(true);
                let bytes = event.data().dyn_into::<Uint8Array>();
                let report = bytes.map_err(|_| "the worker has sent no bytes".to_owned());
                tell(Heard::Report(report.and_then(|bytes| wire::decode(&bytes.to_vec()))));
            }
        })?;
        let worker = hired.worker().clone();
        hired.keep(on_message);
        let means = Rc::new(RefCell::new(Means::Worker(hired)));
        let failed = Rc::downgrade(&means);
        let on_error = Listener::new(&worker, "error", move |event: Event| {
            event.prevent_default();
            let own = if answered.get() { None } else { InPage::start(hear.clone()).ok() };
            match own.zip(failed.upgrade()) {
                Some((own, means)) => {
                    means.replace(Means::Page(own));
                    hear(Heard::InPage);
                }
                None => hear(Heard::Failed),
            }
        })?;
        if let Means::Worker(hired) = &mut *means.borrow_mut() {
            hired.keep(on_error);
        }
        Ok(Self { means })
    }

    /// Sends it a command.
    pub(super) fn post(&self, command: Command) {
        match &*self.means.borrow() {
            Means::Worker(hired) => {
                let bytes = Uint8Array::from(&wire::encode(&command)[..]);
                // A worker that cannot be posted to reports an error of its own.
                let _ = hired.worker().post_message(&bytes);
            }
            Means::Page(own) => own.post(command),
        }
    }
}
