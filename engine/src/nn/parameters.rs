//! Every number a network learns, by name: the network's own, their gradients, an optimiser's memory.
//!
//! All of these have the same shape, so each is a [`Parameters`], and an update walks them side by side.

use super::norm::NormParameters;
use crate::math::matrix::Matrix;

/// What a parameter does in its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// `[inputs, outputs]` of the linear map.
    Weight,
    /// `[1, outputs]` of the linear map.
    Bias,
    /// `[1, width]`, the norm's scale.
    Gamma,
    /// `[1, width]`, the norm's shift.
    Beta,
    /// `[1, 1]`, the slope inside DyT's tanh.
    Alpha,
}

/// One tensor's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterName {
    /// 0 for the first hidden layer; the number of hidden layers for the output layer.
    pub layer: usize,
    /// Its part in the layer.
    pub kind: Kind,
}

/// One layer's parameters.
#[derive(Clone, Debug)]
pub struct LayerParameters {
    /// `[inputs, outputs]`.
    pub weight: Matrix,
    /// `[1, outputs]`; none directly under a batch norm, whose mean would remove it.
    pub bias: Option<Matrix>,
    /// The norm's, where the layer has one.
    pub norm: Option<NormParameters>,
}

impl LayerParameters {
    /// In the order of [`Parameters::iter`], with a gap where there is none.
    pub(super) fn tensors(&self) -> [Option<(Kind, &Matrix)>; 5] {
        let norm = self.norm.as_ref();
        let affine = norm.filter(|norm| norm.learns_affine);
        [
            Some((Kind::Weight, &self.weight)),
            self.bias.as_ref().map(|bias| (Kind::Bias, bias)),
            affine.map(|norm| (Kind::Gamma, &norm.gamma)),
            affine.map(|norm| (Kind::Beta, &norm.beta)),
            norm.and_then(|norm| norm.alpha.as_ref()).map(|alpha| (Kind::Alpha, alpha)),
        ]
    }

    /// The same, to change.
    pub(super) fn tensors_mut(&mut self) -> [Option<(Kind, &mut Matrix)>; 5] {
        let (mut gamma, mut beta, mut alpha) = (None, None, None);
        if let Some(norm) = &mut self.norm {
            if norm.learns_affine {
                gamma = Some((Kind::Gamma, &mut norm.gamma));
                beta = Some((Kind::Beta, &mut norm.beta));
            }
            alpha = norm.alpha.as_mut().map(|alpha| (Kind::Alpha, alpha));
        }
        let bias = self.bias.as_mut().map(|bias| (Kind::Bias, bias));
        [Some((Kind::Weight, &mut self.weight)), bias, gamma, beta, alpha]
    }
}

/// All layers' parameters (or gradients, or an optimiser's memory of the same shapes), output layer last.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// One per hidden layer, then the output layer.
    pub layers: Vec<LayerParameters>,
}

/// Gradients of the loss: the same shapes and names as the parameters.
pub type Grads = Parameters;

impl Parameters {
    /// The same shapes, filled with zeros.
    pub fn zeros_like(&self) -> Self {
        let mut zeros = self.clone();
        for layer in &mut zeros.layers {
            layer.weight.clear();
            layer.bias.iter_mut().for_each(Matrix::clear);
            if let Some(norm) = &mut layer.norm {
                norm.gamma.clear();
                norm.beta.clear();
                norm.alpha.iter_mut().for_each(Matrix::clear);
            }
        }
        zeros
    }

    /// Every learnable tensor: by layer, and within a layer weight, bias, gamma, beta, alpha where they exist.
    pub fn iter(&self) -> impl Iterator<Item = (ParameterName, &Matrix)> {
        self.layers.iter().enumerate().flat_map(|(layer, parameters)| {
            let tensors = parameters.tensors().into_iter().flatten();
            tensors.map(move |(kind, matrix)| (ParameterName { layer, kind }, matrix))
        })
    }

    /// The same, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (ParameterName, &mut Matrix)> {
        self.layers.iter_mut().enumerate().flat_map(|(layer, parameters)| {
            let tensors = parameters.tensors_mut().into_iter().flatten();
            tensors.map(move |(kind, matrix)| (ParameterName { layer, kind }, matrix))
        })
    }

    /// The tensor of that name, if the network has it.
    pub fn get(&self, name: ParameterName) -> Option<&Matrix> {
        self.iter().find_map(|(other, matrix)| (other == name).then_some(matrix))
    }

    /// The tensor of that name, if the network has it, to change.
    pub fn get_mut(&mut self, name: ParameterName) -> Option<&mut Matrix> {
        self.iter_mut().find_map(|(other, matrix)| (other == name).then_some(matrix))
    }

    /// How many numbers there are in all.
    pub fn count(&self) -> usize {
        self.iter().map(|(_, matrix)| matrix.rows() * matrix.cols()).sum()
    }
}
