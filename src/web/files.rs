//! Files: fetched, chosen by the reader, and made here for the reader or a worker to load.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response, Url, Window};

use super::gate;
use crate::app::own::MOST_FILE_BYTES;

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
}

impl Drop for Made {
    fn drop(&mut self) {
        // An address that is gone already is what is wanted.
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// Fetches a file, and hands over its bytes, or why there are none, in the browser's words.
pub(super) fn fetch(window: &Window, address: &str, hear: impl FnOnce(Result<Vec<u8>, String>) + 'static) {
    let promise = window.fetch_with_str(address);
    gate::after(bytes(promise), |fetched| hear(fetched.map_err(|error| words(&error))));
}

async fn bytes(promise: js_sys::Promise) -> Result<Vec<u8>, JsValue> {
    let response: Response = JsFuture::from(promise).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("status {}", response.status()).into());
    }
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The names and bytes of files the reader has chosen, or a sentence why not.
pub(super) async fn read(files: Vec<File>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let too_many = files.len() > 2;
    let mut read = Vec::new();
    for file in files {
        let bytes = part(&file, too_many).await.map_err(|error| words(&error))?;
        read.push((file.name(), bytes));
    }
    Ok(read)
}

/// A file's bytes, one more than can be used at most; none where only its name will be needed.
async fn part(file: &File, only_name: bool) -> Result<Vec<u8>, JsValue> {
    let end = if only_name { 0.0 } else { (MOST_FILE_BYTES + 1) as f64 };
    let part = file.slice_with_f64_and_f64(0.0, end)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// An error of the browser, in its own words.
pub(super) fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown".to_owned())
}
