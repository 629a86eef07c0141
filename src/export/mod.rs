//! A run as text for other programs: JSON, a table of every series, and a PyTorch script that repeats it.
//!
//! Pure functions from an experiment and what was measured; no files, no browser.

pub mod base64;
pub mod csv;
pub mod json;
pub mod png;
pub mod pytorch;
pub mod record;
