//! The engine driven by the twin's words: the same network, parameters by name, matrices as rows.
//!
//! Nothing is computed here; numbers are only converted and put in the other's order (the engine's weights are
//! `[inputs][outputs]`, the twin's `[outputs][inputs]`).

use batchnorm_playground::math::matrix::Matrix;
use batchnorm_playground::nn::mlp::{Mlp, MlpConfig};
use batchnorm_playground::nn::norm::NormConfig;
use batchnorm_playground::nn::optim::{OptimConfig, OptimState};
use batchnorm_playground::nn::parameters::{Grads, Kind, ParameterName, Parameters};
use batchnorm_playground::nn::tape::{GradientWatch, Tape};
use batchnorm_playground::nn::{self as engine, loss};

use super::activation::Activation;
use super::optim::Rule;
use super::{Mode, Network, Place, Rows, Spec, Tensors};

/// The engine's network with the room its passes need.
pub struct Engine {
    pub mlp: Mlp,
    pub tape: Tape,
    pub grads: Grads,
}

/// What one pass of the engine found, in the twin's order.
pub struct Pass {
    pub loss: f64,
    pub logits: Vec<f64>,
    pub gradients: Tensors,
    pub d_x: Vec<f64>,
    /// Root mean square of each block's gradients: of its linear output, its activation's output, its weights.
    pub watched: Vec<[f64; 3]>,
    /// What each block's activation was given, `[block][example][unit]`.
    pub pre_activations: Vec<Rows>,
}

impl Engine {
    /// The engine's network of the twin's shape, with the twin's parameters and running statistics.
    pub fn like(network: &Network) -> Self {
        let config = config(&network.spec);
        let mut mlp = Mlp::new(&config);
        write(mlp.parameters_mut(), &network.parameters);
        for (layer, moments) in mlp.running_mut().iter_mut().enumerate() {
            let mean = &network.running[&format!("{layer}.running_mean")];
            let variance = &network.running[&format!("{layer}.running_variance")];
            moments.mean = matrix(&vec![mean.clone()]);
            moments.variance = matrix(&vec![variance.clone()]);
        }
        let (tape, grads) = (Tape::new(&config, 1), mlp.new_grads());
        Self { mlp, tape, grads }
    }

    /// Forward, loss and backward. In training mode the running statistics move.
    pub fn pass(&mut self, x: &Rows, labels: &[usize], mode: Mode) -> Pass {
        let x = matrix(x);
        let labels: Vec<u8> = labels.iter().map(|&label| label as u8).collect();
        let mode = match mode {
            Mode::Train => engine::Mode::Train,
            Mode::Eval => engine::Mode::Eval,
        };
        self.mlp.forward(&x, mode, &mut self.tape);
        let (logits, d_logits) = self.tape.logits_and_gradient();
        let loss = f64::from(loss::softmax_cross_entropy(logits, &labels, d_logits));
        let mut watch = GradientWatch::default();
        self.mlp.backward(&x, &mut self.tape, &mut self.grads, Some(&mut watch));
        let mut d_x = Matrix::default();
        self.mlp.input_gradient(&mut self.tape, &mut d_x);
        let pre_activations =
            (0..self.tape.hidden_layers()).map(|block| rows(self.tape.layer(block).pre_activation()));
        Pass {
            loss,
            logits: numbers(self.tape.logits()),
            gradients: read(&self.grads),
            d_x: numbers(&d_x),
            watched: watch
                .layers
                .iter()
                .map(|rms| [rms.d_linear, rms.d_activation, rms.d_weight].map(f64::from))
                .collect(),
            pre_activations: pre_activations.collect(),
        }
    }

    pub fn parameters(&self) -> Tensors {
        read(self.mlp.parameters())
    }

    pub fn running(&self) -> Tensors {
        let named = |(layer, moments): (usize, &engine::norm::batch::Moments)| {
            let mean = (format!("{layer}.running_mean"), numbers(&moments.mean));
            [mean, (format!("{layer}.running_variance"), numbers(&moments.variance))]
        };
        self.mlp.running().iter().enumerate().flat_map(named).collect()
    }

    /// The engine's optimiser of the twin's rule.
    pub fn optimizer(&self, rule: Rule, momentum: f64, weight_decay: f64) -> OptimState {
        let optimizer = match rule {
            Rule::Sgd => engine::optim::Optimizer::Sgd,
            Rule::Momentum => engine::optim::Optimizer::Momentum,
            Rule::Nesterov => engine::optim::Optimizer::Nesterov,
            Rule::Adam => engine::optim::Optimizer::Adam,
        };
        let (momentum, weight_decay) = (momentum as f32, weight_decay as f32);
        OptimState::new(&OptimConfig { optimizer, momentum, weight_decay }, &self.mlp)
    }
}

/// The engine's words for the twin's shape. The engine's hidden layers are all equally wide.
pub fn config(spec: &Spec) -> MlpConfig {
    let width = spec.hidden[0];
    assert!(spec.hidden.iter().all(|other| *other == width), "the engine knows one width");
    let activation = match spec.activation {
        Activation::Sigmoid => engine::activation::Activation::Sigmoid,
        Activation::Tanh => engine::activation::Activation::Tanh,
        Activation::Relu => engine::activation::Activation::Relu,
        Activation::LeakyRelu => engine::activation::Activation::LeakyRelu,
        Activation::Gelu => engine::activation::Activation::Gelu,
        Activation::Linear => engine::activation::Activation::Linear,
    };
    MlpConfig {
        inputs: spec.inputs,
        outputs: spec.classes,
        hidden_layers: spec.hidden.len(),
        width,
        activation,
        norm: NormConfig {
            norm: spec.norm,
            eps: spec.eps as f32,
            stat_momentum: spec.stat_momentum as f32,
            affine: spec.affine,
            groups: 4,
        },
        placement: match spec.place {
            Place::Before => engine::Placement::Before,
            Place::After => engine::Placement::After,
        },
        init: engine::init::Init::He,
        weight_scale: 1.0,
        seed: 1,
    }
}

fn name(name: ParameterName) -> String {
    let kind = match name.kind {
        Kind::Weight => "weight",
        Kind::Bias => "bias",
        Kind::Gamma => "gamma",
        Kind::Beta => "beta",
        Kind::Alpha => "alpha",
    };
    format!("{}.{kind}", name.layer)
}

/// The engine's tensors in the twin's order.
pub fn read(parameters: &Parameters) -> Tensors {
    let dense = |(named, matrix): (ParameterName, &Matrix)| {
        let values =
            if named.kind == Kind::Weight { transposed(&rows(matrix)).concat() } else { numbers(matrix) };
        (name(named), values)
    };
    parameters.iter().map(dense).collect()
}

/// Sets every parameter of the engine; the two sides must know the same names.
pub fn write(parameters: &mut Parameters, tensors: &Tensors) {
    let ours: Vec<String> = read(parameters).into_keys().collect();
    let theirs: Vec<String> = tensors.keys().cloned().collect();
    assert_eq!(ours, theirs, "engine and twin have the same parameters");
    for (named, into) in parameters.iter_mut() {
        let values = &tensors[&name(named)];
        assert_eq!(values.len(), into.rows() * into.cols(), "elements of {}", name(named));
        *into = if named.kind == Kind::Weight {
            let by_output: Rows = values.chunks(into.rows()).map(<[f64]>::to_vec).collect();
            matrix(&transposed(&by_output))
        } else {
            matrix(&vec![values.clone()])
        };
    }
}

pub fn matrix(rows: &Rows) -> Matrix {
    let values: Vec<f32> = rows.iter().flatten().map(|&value| value as f32).collect();
    Matrix::from_rows(rows.len(), rows[0].len(), &values)
}

pub fn rows(matrix: &Matrix) -> Rows {
    (0..matrix.rows()).map(|r| matrix.row(r).iter().map(|&value| f64::from(value)).collect()).collect()
}

pub fn numbers(matrix: &Matrix) -> Vec<f64> {
    matrix.values().map(f64::from).collect()
}

fn transposed(rows: &Rows) -> Rows {
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}
