//! The trainer's side of a worker: bytes in, bytes out, by the worker's clock. What they mean is decided in
//! [`crate::app::trainer`].

use wasm_bindgen::prelude::*;

use crate::app::trainer;
use crate::lab::wire::{self, Report};

#[wasm_bindgen]
extern "C" {
    /// The clock of a page or a worker, in milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    pub(super) fn now() -> f64;
}

/// Trains whatever the page asks for.
#[wasm_bindgen]
pub struct Trainer(trainer::Trainer);

#[wasm_bindgen]
impl Trainer {
    /// A trainer with nothing to do.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        super::panic::tell_of_panics();
        Self(trainer::Trainer::in_worker())
    }

    /// What to say first.
    pub fn ready(&self) -> Vec<u8> {
        wire::encode(&Report::Ready)
    }

    /// Takes a message and returns the answer, if it calls for one.
    pub fn handle(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        self.0.handle(message, &now)
    }
}
