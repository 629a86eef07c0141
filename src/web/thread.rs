//! A worker and what listens to it: both end together. And the bytes of a file.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, MessageEvent, Response, Url, Worker};

use super::listener::Listener;
use crate::lab::wire::{self, Command, Report};

/// What a worker has to say.
pub(super) enum Heard {
    /// A report, or a sentence why it cannot be read.
    Report(Result<Report, String>),
    /// It could not be loaded or has failed.
    Failed,
}

/// A worker; it ends when this is dropped.
pub(super) struct Thread {
    worker: Worker,
    /// A script of its own, for one that comes from elsewhere.
    _script: Option<Made>,
    _listeners: [Listener; 2],
}

impl Thread {
    /// Starts the script and hands it the compiled module.
    pub(super) fn start(
        script: &str,
        module: &JsValue,
        hear: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let made = if is_from_elsewhere(script) { Some(Made::importing(script)?) } else { None };
        let worker = Worker::new(made.as_ref().map_or(script, |made| &made.address))?;
        worker.post_message(module)?;
        let mut thread = Self::of(worker, hear)?;
        thread._script = made;
        Ok(thread)
    }

    /// Listens to a worker that has been handed its module; it must not have answered yet.
    pub(super) fn of(worker: Worker, hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, JsValue> {
        let tell = hear.clone();
        let on_message = Listener::new(&worker, "message", move |event: Event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                let bytes = event.data().dyn_into::<Uint8Array>();
                let report = bytes.map_err(|_| "the worker has sent no bytes".to_owned());
                tell(Heard::Report(report.and_then(|bytes| wire::decode(&bytes.to_vec()))));
            }
        })?;
        let on_error = Listener::new(&worker, "error", move |event: Event| {
            event.prevent_default();
            hear(Heard::Failed);
        })?;
        Ok(Self { worker, _script: None, _listeners: [on_message, on_error] })
    }

    /// Sends it a command.
    pub(super) fn post(&self, command: &Command) {
        let bytes = Uint8Array::from(&wire::encode(command)[..]);
        // A worker that cannot be posted to reports an error of its own.
        let _ = self.worker.post_message(&bytes);
    }
}

/// Whether a script's site is not this page's: browsers start no worker from there.
fn is_from_elsewhere(script: &str) -> bool {
    let here = web_sys::window().and_then(|window| window.location().origin().ok());
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

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
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
