//! How a worker is hired: started, handed the module, listened to, ended.

use wasm_bindgen::JsValue;
use web_sys::{Url, Worker};

use super::files::Made;
use super::gate::Kept;
use super::listener::Listener;

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
        let made = if is_from_elsewhere(script) { Some(importing(script)?) } else { None };
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

/// A script that does what another one does, wherever that is from. `script` tells it where.
fn importing(script: &str) -> Result<Made, JsValue> {
    Made::of(&format!("self.script = {script:?}; importScripts(self.script);").into())
}
