//! A naive twin of the whole network: f64, plain vectors, one number at a time, written for reading.
//!
//! It is the witness the engine is checked against, so it shares nothing with the engine: no code, no layout, no
//! trick, no compact form of a gradient. The formulas stand here as the papers print them. It is slow on purpose.
//! The twin itself is checked by central differences in `gradients.rs`.
//!
//! Letters: a block is linear -> norm -> activation (or linear -> activation -> norm), numbered from 0; the output
//! layer is linear alone and has the last number. Rows are examples, columns are features.

#![allow(dead_code, unreachable_pub, reason = "each test file is a crate that uses its own part of the twin")]

pub mod activation;
pub mod agree;
pub mod bridge;
pub mod compare;
pub mod draw;
pub mod linear;
pub mod loss;
pub mod network;
pub mod norm;
pub mod optim;

use std::collections::BTreeMap;

use activation::Activation;
use norm::Norm;

pub use network::Network;

/// `rows[example][feature]`.
pub type Rows = Vec<Vec<f64>>;

/// Parameters, gradients or running statistics by name: `"2.weight"` is `[outputs][inputs]` of layer 2, row by row.
pub type Tensors = BTreeMap<String, Vec<f64>>;

/// Where the norm stands in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the output of the linear map, before the activation.
    Before,
    /// On the output of the activation.
    After,
}

/// Statistics of the batch, or the running ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Train,
    Eval,
}

/// Everything that fixes the shape of the network and its formulas.
#[derive(Clone, Debug)]
pub struct Spec {
    pub inputs: usize,
    pub hidden: Vec<usize>,
    pub classes: usize,
    pub activation: Activation,
    pub norm: Norm,
    pub place: Place,
    pub affine: bool,
    pub eps: f64,
    pub stat_momentum: f64,
}

impl Spec {
    /// Inputs of layer 0, outputs of layer 0 = inputs of layer 1, ..., classes.
    pub fn widths(&self) -> Vec<usize> {
        let mut widths = vec![self.inputs];
        widths.extend(&self.hidden);
        widths.push(self.classes);
        widths
    }

    /// A constant before a batch mean is removed by it, so that layer has no bias. Every other layer has one.
    pub fn has_bias(&self, layer: usize) -> bool {
        let hidden = layer < self.hidden.len();
        !(hidden && self.norm == Norm::Batch && self.place == Place::Before)
    }

    /// Name and number of elements of every parameter.
    pub fn shapes(&self) -> BTreeMap<String, usize> {
        let widths = self.widths();
        let mut shapes = BTreeMap::new();
        for layer in 0..widths.len() - 1 {
            let (inputs, outputs) = (widths[layer], widths[layer + 1]);
            shapes.insert(format!("{layer}.weight"), outputs * inputs);
            if self.has_bias(layer) {
                shapes.insert(format!("{layer}.bias"), outputs);
            }
            if layer < self.hidden.len() && self.norm != Norm::None {
                if self.affine {
                    shapes.insert(format!("{layer}.gamma"), outputs);
                    shapes.insert(format!("{layer}.beta"), outputs);
                }
                if self.norm == Norm::DyT {
                    shapes.insert(format!("{layer}.alpha"), 1);
                }
            }
        }
        shapes
    }
}

/// A new matrix from `f(example, feature, value)`.
pub fn each<T>(rows: &Rows, f: impl Fn(usize, usize, f64) -> T) -> Vec<Vec<T>> {
    let row = |(example, row): (usize, &Vec<f64>)| {
        row.iter().enumerate().map(|(feature, &value)| f(example, feature, value)).collect()
    };
    rows.iter().enumerate().map(row).collect()
}

/// A number as it is, or rounded to f32 after multiplying by a factor, which is divided out again. Negative numbers
/// have their own grid: two opposite numbers (a batch of two under batch norm) must not lose the same.
pub fn keep(rounding: Option<f64>, value: f64) -> f64 {
    match rounding {
        None => value,
        Some(factor) => {
            let factor = if value < 0.0 { 1.21 * factor } else { factor };
            f64::from((value * factor) as f32) / factor
        }
    }
}
