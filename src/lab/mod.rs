//! The experiment and its two arms: nothing of pictures or browsers.

pub mod check;
pub mod claim;
pub mod comparison;
pub mod effect;
pub mod experiment;
pub mod frame;
pub mod history;
pub mod knob;
pub mod link;
pub mod look;
pub mod names;
pub mod number;
pub mod plain;
pub mod preset;
pub mod probe;
pub mod run;
pub mod sentence;
pub mod series;
pub mod speed;
pub mod sweep;
pub mod unit;
pub mod view;
pub mod wire;
