//! The playground in real browsers: one small interface over WebDriver for the end-to-end tests and the
//! screenshots.
//!
//! A [`Session`] is one running browser of some [`Engine`]; a [`Page`] is one tab in it with a server of its
//! own, hence with an origin of its own. Nothing here knows what the playground shows: that is in the tests.

mod driver;
mod engine;
mod options;
mod page;
mod session;
pub mod suite;
mod view;

pub use anyhow::{Context, Error, Result, bail, ensure};
pub use engine::Engine;
pub use options::Options;
pub use page::Page;
pub use session::Session;
pub use site_server::{Reply, Site};
pub use view::View;

/// The project's worker's script, but for an end after thirty messages to its trainer, the module not counted.
pub const FAILING_WORKER: &str = concat!(
    "let left = 30;
    addEventListener('message', event => {
        if (!(event.data instanceof Uint8Array)) return;
        left -= 1;
        if (left >= 0) return;
        event.stopImmediatePropagation();
        throw new RangeError('out of memory');
    });
    ",
    include_str!("../../../www/worker.js")
);

/// The bytes a page has sent as base64.
///
/// # Errors
/// It is not base64.
pub fn base64(text: &str) -> Result<Vec<u8>> {
    use ::base64::Engine as _;
    Ok(::base64::engine::general_purpose::STANDARD.decode(text)?)
}
