//! What trains for the page: a worker, or the page itself where no worker can be had; how a worker is hired; the bytes of
//! a file.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, MessageEvent, Response, Url, Worker};

use super::gate::Kept;
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
        let on_message = Listener::new(&hired.worker, "message", move |event: Event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                answers.set(true);
                let bytes = event.data().dyn_into::<Uint8Array>();
                let report = bytes.map_err(|_| "the worker has sent no bytes".to_owned());
                tell(Heard::Report(report.and_then(|bytes| wire::decode(&bytes.to_vec()))));
            }
        })?;
        let worker = hired.worker.clone();
        hired.listeners.push(on_message);
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
            hired.listeners.push(on_error);
        }
        Ok(Self { means })
    }

    /// Sends it a command.
    pub(super) fn post(&self, command: Command) {
        match &*self.means.borrow() {
            Means::Worker(hired) => {
                let bytes = Uint8Array::from(&wire::encode(&command)[..]);
                // A worker that cannot be posted to reports an error of its own.
                let _ = hired.worker.post_message(&bytes);
            }
            Means::Page(own) => own.post(command),
        }
    }
}

/// A worker that has been handed its module, and what listens to it; it ends when this is dropped.
pub(super) struct Hired {
    worker: Worker,
    _kept: Kept,
    /// A script of its own, for one that comes from elsewhere.
    _script: Option<Made>,
    listeners: Vec<Listener>,
}

impl Hired {
    pub(super) fn start(script: &str, module: &JsValue) -> Result<Self, JsValue> {
        let made = if is_from_elsewhere(script) { Some(Made::importing(script)?) } else { None };
        let worker = Worker::new(made.as_ref().map_or(script, |made| &made.address))?;
        worker.post_message(module)?;
        Ok(Self { _kept: Kept::new(&worker), worker, _script: made, listeners: Vec::new() })
    }

    /// Listens for as long as it works.
    pub(super) fn keep(&mut self, listener: Listener) {
        self.listeners.push(listener);
    }

    /// The worker itself.
    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    /// One that was started by the page's own script.
    pub(super) fn started(worker: Worker) -> Self {
        Self { _kept: Kept::new(&worker), worker, _script: None, listeners: Vec::new() }
    }
}

/// Whether a script's site is not this page's: browsers start no worker from there. In some sandboxes a page is of no
/// site, whatever its address.
fn is_from_elsewhere(script: &str) -> bool {
    let here = web_sys::window().map(|window| window.origin());
    let there = Url::new(script).ok().filter(|there| there.protocol().starts_with("http"));
    there.is_some_and(|there| here.is_none_or(|here| here != there.origin()))
}

/// A file made here, at an address that lives as long as this.
pub(super) struct Made {
    pub(super) address: String,
}

impl Made {
    /// With this content: text or bytes.
    pub(super) fn of(content: &JsValue) -> Result<Self, JsValue> {
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(content))?;
        Ok(Self { address: Url::create_object_url_with_blob(&blob)? })
    }

    /// A script that does what another one does, wherever that is from. `script` tells it where.
    fn importing(script: &str) -> Result<Self, JsValue> {
        Self::of(&format!("self.script = {script:?}; importScripts(self.script);").into())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // An address that is gone already is what is wanted.
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// The bytes of a file that is being fetched.
pub(super) async fn fetch_bytes(promise: js_sys::Promise) -> Result<Vec<u8>, JsValue> {
    let response: Response = JsFuture::from(promise).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("status {}", response.status()).into());
    }
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// An error of the browser, in its own words.
pub(super) fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown".to_owned())
}
