//! The rows of the table: every knob, in the order of the page.

use super::{Cost, Group, Kind, Knob, Travel};
use crate::lab::names::{
    ACTIVATIONS, DATA, INITS, NORMS, Named, OPTIMIZERS, PLACEMENTS, STATISTICS, position, words,
};
use crate::nn::mlp::{MOST_LAYERS, MOST_WIDTH};

/// The row of a kind, as a knob's value.
fn place<T: PartialEq>(table: &[Named<T>], kind: &T) -> f64 {
    position(table, kind) as f64
}

/// The kind at a knob's value.
fn pick<T: Copy>(table: &[Named<T>], value: f64) -> T {
    table[(value as usize).min(table.len() - 1)].0
}

const YES_NO: Kind = Kind::Choice(&[("0", "no"), ("1", "yes")]);

const fn number(slider: (f64, f64), link: (f64, f64), travel: Travel) -> Kind {
    Kind::Number { slider, link, travel, zero_is_off: false }
}

const fn number_or_off(slider: (f64, f64), link: (f64, f64), travel: Travel) -> Kind {
    Kind::Number { slider, link, travel, zero_is_off: true }
}

/// Largest seed: any whole number up to here passes through an `f32` unharmed.
pub const LARGEST_SEED: f64 = 9_999_999.0;

/// Every knob, in the order of the page.
pub static KNOBS: [Knob; 21] = [
    Knob {
        key: "d",
        label: "Data set",
        help: "What both networks learn to tell apart.",
        group: Group::Data,
        kind: Kind::Choice(&const { words(&DATA) }),
        cost: Cost::Restart,
        get: |e| place(&DATA, &e.data),
        set: |e, v| e.data = pick(&DATA, v),
    },
    Knob {
        key: "l",
        label: "Hidden layers",
        help: "Layers between input and output.",
        group: Group::Both,
        kind: number((1.0, 20.0), (1.0, MOST_LAYERS as f64), Travel::Whole),
        cost: Cost::Restart,
        get: |e| f64::from(e.hidden_layers),
        set: |e, v| e.hidden_layers = v as u32,
    },
    Knob {
        key: "w",
        label: "Units per layer",
        help: "Width of every hidden layer.",
        group: Group::Both,
        kind: number((2.0, 128.0), (1.0, MOST_WIDTH as f64), Travel::Doubling),
        cost: Cost::Restart,
        get: |e| f64::from(e.width),
        set: |e, v| e.width = v as u32,
    },
    Knob {
        key: "a",
        label: "Activation",
        help: "The non-linearity of the hidden layers.",
        group: Group::Both,
        kind: Kind::Choice(&const { words(&ACTIVATIONS) }),
        cost: Cost::Restart,
        get: |e| place(&ACTIVATIONS, &e.activation),
        set: |e, v| e.activation = pick(&ACTIVATIONS, v),
    },
    Knob {
        key: "lr",
        label: "Learning rate",
        help: "Size of an update. Takes effect at the next step of both networks.",
        group: Group::Both,
        kind: number((1e-3, 10.0), (1e-6, 1e5), Travel::Log),
        cost: Cost::Live,
        get: |e| f64::from(e.learning_rate),
        set: |e, v| e.learning_rate = v as f32,
    },
    Knob {
        key: "s",
        label: "Weight scale",
        help: "Factor on the standard deviation of all initial weights.",
        group: Group::Both,
        kind: number((0.01, 10.0), (1e-4, 1e3), Travel::Log),
        cost: Cost::Restart,
        get: |e| f64::from(e.weight_scale),
        set: |e, v| e.weight_scale = v as f32,
    },
    Knob {
        key: "b",
        label: "Batch size",
        help: "Examples per step, the same ones for both networks.",
        group: Group::Both,
        kind: number((2.0, 512.0), (1.0, 2048.0), Travel::Doubling),
        cost: Cost::Restart,
        get: |e| f64::from(e.batch_size),
        set: |e, v| e.batch_size = v as u32,
    },
    Knob {
        key: "n",
        label: "Normalisation",
        help: "What the second network has in every hidden layer and the first has not.",
        group: Group::Second,
        kind: Kind::Choice(&const { words(&NORMS) }),
        cost: Cost::Restart,
        get: |e| place(&NORMS, &e.norm),
        set: |e, v| e.norm = pick(&NORMS, v),
    },
    Knob {
        key: "p",
        label: "Placement",
        help: "The 2015 paper normalises before the activation; many do it after.",
        group: Group::Norm,
        kind: Kind::Choice(&const { words(&PLACEMENTS) }),
        cost: Cost::Restart,
        get: |e| place(&PLACEMENTS, &e.placement),
        set: |e, v| e.placement = pick(&PLACEMENTS, v),
    },
    Knob {
        key: "m",
        label: "Momentum",
        help: "Share of each new batch in the running mean and variance.",
        group: Group::Norm,
        kind: number((0.001, 1.0), (1e-5, 1.0), Travel::Log),
        cost: Cost::Restart,
        get: |e| f64::from(e.stat_momentum),
        set: |e, v| e.stat_momentum = v as f32,
    },
    Knob {
        key: "e",
        label: "ε",
        help: "Added to the variance, inside the root.",
        group: Group::Norm,
        kind: number_or_off((1e-8, 0.1), (1e-12, 10.0), Travel::Log),
        cost: Cost::Restart,
        get: |e| f64::from(e.eps),
        set: |e, v| e.eps = v as f32,
    },
    Knob {
        key: "t",
        label: "At test time",
        help: "The statistics batch norm is tested with.",
        group: Group::Norm,
        kind: Kind::Choice(&const { words(&STATISTICS) }),
        cost: Cost::Live,
        get: |e| place(&STATISTICS, &e.test_statistics),
        set: |e, v| e.test_statistics = pick(&STATISTICS, v),
    },
    Knob {
        key: "g",
        label: "Train γ and β",
        help: "If not, γ stays 1 and β stays 0.",
        group: Group::Norm,
        kind: YES_NO,
        cost: Cost::Restart,
        get: |e| f64::from(u8::from(e.affine)),
        set: |e, v| e.affine = v > 0.0,
    },
    Knob {
        key: "o",
        label: "Method",
        help: "The rule that turns a gradient into an update.",
        group: Group::Optimiser,
        kind: Kind::Choice(&const { words(&OPTIMIZERS) }),
        cost: Cost::Restart,
        get: |e| place(&OPTIMIZERS, &e.optimizer),
        set: |e, v| e.optimizer = pick(&OPTIMIZERS, v),
    },
    Knob {
        key: "om",
        label: "Its momentum",
        help: "Share of the last update that is kept, for momentum and Nesterov.",
        group: Group::Optimiser,
        kind: number((0.0, 0.99), (0.0, 0.9999), Travel::Even),
        cost: Cost::Restart,
        get: |e| f64::from(e.momentum),
        set: |e, v| e.momentum = v as f32,
    },
    Knob {
        key: "wd",
        label: "Weight decay",
        help: "L2 penalty on every parameter, added to the gradient.",
        group: Group::Optimiser,
        kind: number_or_off((1e-6, 0.1), (1e-8, 1.0), Travel::Log),
        cost: Cost::Restart,
        get: |e| f64::from(e.weight_decay),
        set: |e, v| e.weight_decay = v as f32,
    },
    Knob {
        key: "hlr",
        label: "Hidden weights’ own rate",
        help: "Learning rate of the hidden weights alone; the output layer, γ and β keep the other.",
        group: Group::Optimiser,
        kind: number_or_off((1e-2, 1e4), (1e-6, 1e6), Travel::Log),
        cost: Cost::Restart,
        get: |e| e.hidden_rate.map_or(0.0, f64::from),
        set: |e, v| e.hidden_rate = (v > 0.0).then_some(v as f32),
    },
    Knob {
        key: "i",
        label: "Scheme",
        help: "Variance of the initial weights: He 2/in, Xavier 2/(in+out), LeCun 1/in, normal 1.",
        group: Group::Weights,
        kind: Kind::Choice(&const { words(&INITS) }),
        cost: Cost::Restart,
        get: |e| place(&INITS, &e.init),
        set: |e, v| e.init = pick(&INITS, v),
    },
    Knob {
        key: "dn",
        label: "Noise",
        help: "How far the points of a plane are scattered.",
        group: Group::Examples,
        kind: number((0.0, 0.5), (0.0, 2.0), Travel::Even),
        cost: Cost::Restart,
        get: |e| f64::from(e.noise),
        set: |e, v| e.noise = v as f32,
    },
    Knob {
        key: "dp",
        label: "Training points",
        help: "Points of a plane to train on; half as many more test.",
        group: Group::Examples,
        kind: number((50.0, 3200.0), (8.0, 20_000.0), Travel::Doubling),
        cost: Cost::Restart,
        get: |e| f64::from(e.points),
        set: |e, v| e.points = v as u32,
    },
    Knob {
        key: "ds",
        label: "Data seed",
        help: "Draws the points, or deals the images to training and test.",
        group: Group::Examples,
        kind: number((0.0, 99.0), (0.0, LARGEST_SEED), Travel::Whole),
        cost: Cost::Restart,
        get: |e| f64::from(e.data_seed),
        set: |e, v| e.data_seed = v as u32,
    },
];

/// The seed's own row: the page shows it as a button, "New seed", and not as a slider.
pub static SEED: Knob = Knob {
    key: "seed",
    label: "Seed",
    help: "Draws the initial weights and the order of the examples.",
    group: Group::Seed,
    kind: number((0.0, 99.0), (0.0, LARGEST_SEED), Travel::Whole),
    cost: Cost::Restart,
    get: |e| f64::from(e.seed),
    set: |e, v| e.seed = v as u32,
};
