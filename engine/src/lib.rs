//! The arithmetic of the playground: [`math`], and a network that trains, [`nn`]. Compiled for speed in every profile.
//!
//! Knows no data set, experiment, picture or browser.

pub mod math;

pub mod nn;
