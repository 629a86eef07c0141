//! Train a small network with and without batch norm, side by side.
//!
//! # Five ideas
//! 1. [`lab::experiment::Experiment`]: a plain value holding every knob. Same experiment, same numbers, to the bit.
//! 2. *Comparison*: two arms stepped in lock-step from the same initial weights on the same mini-batches.
//! 3. *Frame*: what a few steps tell the viewer: losses, per-layer statistics, histograms. It knows no plot.
//! 4. *Figure*: a function from a view of the history to ink, generic over the drawing backend.
//! 5. *Claim*: a row of data: an experiment, a sentence, what to look at, an expectation that a test runs.
//!
//! # Map and arrows
//! `web -> app -> {figure, export} -> lab -> {nn, data} -> math`. Everything but `web` compiles natively and
//! knows no browser, clock, thread or file. `nn` and `math` are the crate `batchnorm-engine`, compiled for speed;
//! the rest is compiled for size.

/// Version of this crate, as exports and pictures carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use batchnorm_engine::{math, nn};

pub mod data;

pub mod lab;

pub mod figure;

pub mod export;

pub mod app;

#[cfg(target_arch = "wasm32")]
pub mod web;
