//! A worker and what listens to it: both end together. And the bytes of a file.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, Response, Worker};

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
    _listeners: [Listener; 2],
}

impl Thread {
    /// Starts the script and hands it the compiled module.
    pub(super) fn start(
        script: &str,
        module: &JsValue,
        hear: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let worker = Worker::new(script)?;
        worker.post_message(module)?;
        Self::of(worker, hear)
    }

    /// Listens to a worker that has been handed its module; it must not have answered yet.
    pub(super) fn of(worker: Worker, hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, JsValue> {
        let tell = hear.clone();
        let on_message = Listener::new(&worker, "message", move |event: Event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                tell(Heard::Report(wire::decode(&Uint8Array::new(&event.data()).to_vec())));
            }
        })?;
        let on_error = Listener::new(&worker, "error", move |event: Event| {
            event.prevent_default();
            hear(Heard::Failed);
        })?;
        Ok(Self { worker, _listeners: [on_message, on_error] })
    }

    /// Sends it a command.
    pub(super) fn post(&self, command: &Command) {
        let bytes = Uint8Array::from(&wire::encode(command)[..]);
        // A worker that cannot be posted to reports an error of its own.
        let _ = self.worker.post_message(&bytes);
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
