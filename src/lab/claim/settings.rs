//! Data and networks that several claims share. They are those of the measurements that each claim is compared with.

use crate::data::DataKind;
use crate::lab::experiment::Experiment;
use crate::nn::activation::Activation;
use crate::nn::init::Init;

/// The short spiral, mini-batches of 64 at a rate that both networks take.
pub(super) fn short_spiral(hidden_layers: u32, width: u32) -> Experiment {
    Experiment {
        data: DataKind::ShortSpiral,
        points: 1000,
        hidden_layers,
        width,
        learning_rate: 0.1,
        batch_size: 64,
        ..Experiment::default()
    }
}

/// So easy a task that both networks learn it alike: two rings, two layers of 16 tanh units.
pub(super) fn rings() -> Experiment {
    Experiment {
        data: DataKind::Rings,
        points: 1000,
        hidden_layers: 2,
        activation: Activation::Tanh,
        init: Init::Xavier,
        learning_rate: 0.3,
        batch_size: 64,
        ..Experiment::default()
    }
}

/// The digits, mini-batches of 64 at a rate that both networks take.
pub(super) fn digits(hidden_layers: u32, width: u32) -> Experiment {
    Experiment {
        data: DataKind::Digits,
        hidden_layers,
        width,
        learning_rate: 0.1,
        batch_size: 64,
        ..Experiment::default()
    }
}

/// The 2015 paper's network on the digits.
pub(super) fn network_of_2015() -> Experiment {
    Experiment {
        activation: Activation::Sigmoid,
        init: Init::Xavier,
        learning_rate: 0.5,
        batch_size: 60,
        ..digits(3, 100)
    }
}
