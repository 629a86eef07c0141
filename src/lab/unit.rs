//! One unit under batch norm over many examples, as the experiment on gamma and beta shows it. Looks, never touches.

use serde::{Deserialize, Serialize};

use super::claim::outcome::Unit;
use super::comparison::Comparison;
use super::look::examples_looked_at;
use crate::math::matrix::Matrix;
use crate::nn::Placement;
use crate::nn::mlp::{Mlp, Statistics};
use crate::nn::norm::Norm;
use crate::nn::tape::Tape;

/// A unit of the lab's second network, now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// Updates made.
    pub step: u32,
    /// From 0.
    pub layer: u32,
    /// From 0.
    pub unit: u32,
    /// What the norm was given; none without batch norm, or once the network has diverged.
    pub seen: Option<Unit>,
}

/// What the norm of one unit is given by `examples`, and by the mini-batch `next`, each normalised by itself in the
/// layers below as in training. `layer` and `unit` count from 0 and end at the last there is.
pub(super) fn look(mlp: &Mlp, examples: &Matrix, next: &Matrix, [layer, unit]: [u32; 2]) -> Unit {
    let config = mlp.config();
    let (layer, unit) =
        ((layer as usize).min(config.hidden_layers - 1), (unit as usize).min(config.width - 1));
    let mut tape = Tape::new(config, examples.rows());
    let mut given = |x: &Matrix| {
        mlp.forward_with(x, Statistics::Batch, &mut tape);
        let values = match config.placement {
            Placement::Before => tape.layer(layer).linear(),
            Placement::After => tape.layer(layer).activation(),
        };
        (0..values.rows()).map(|r| values.get(r, unit)).collect::<Vec<f32>>()
    };
    Unit { next: given(next), x: given(examples), eps: config.norm.eps, ..Unit::default() }
}

impl Comparison {
    /// A unit of the second network over the training set (over its first examples, if it is large) and over the
    /// mini-batch to come.
    pub fn look_at(&mut self, [layer, unit]: [u32; 2]) -> Looked {
        let (step, examples) = (self.step_count(), examples_looked_at(self.experiment()));
        let next = self.next_batch().x.clone();
        let rows: Vec<u32> = (0..examples as u32).collect();
        let mut train = Matrix::zeros(1, self.data().features);
        self.data().train.x.select_rows(&rows, &mut train);
        let [_, arm] = self.arms();
        let is_batch_norm = arm.network().config().norm.norm == Norm::Batch && arm.diverged_at().is_none();
        let look = || look(arm.network(), &train, &next, [layer, unit]);
        let seen =
            is_batch_norm.then(look).filter(|unit| unit.x.iter().chain(&unit.next).all(|v| v.is_finite()));
        Looked { step, layer, unit, seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::experiment::Experiment;

    fn at(experiment: Experiment) -> Comparison {
        let data = experiment.dataset(None).unwrap();
        Comparison::new(experiment, data, 0).unwrap()
    }

    #[test]
    fn the_unit_is_the_one_asked_for_and_looking_moves_nothing() {
        let mut lab = at(Experiment::default());
        let mut alone = at(Experiment::default());
        let first = lab.look_at([2, 3]).seen.unwrap();
        assert_eq!((first.x.len(), first.next.len()), (800, 128));
        assert_ne!(first.x, lab.look_at([2, 4]).seen.unwrap().x);
        assert_ne!(first.x, lab.look_at([3, 3]).seen.unwrap().x);
        for _ in 0..5 {
            lab.advance();
            alone.advance();
        }
        assert_eq!(lab.arms()[1].network().fingerprint(), alone.arms()[1].network().fingerprint());
        let later = lab.look_at([2, 3]);
        assert_eq!((later.step, later.layer, later.unit), (5, 2, 3));
        assert_ne!(first.x, later.seen.unwrap().x, "it has been trained");
    }

    #[test]
    fn after_the_activation_it_is_the_activations_output() {
        let mut lab = at(Experiment { placement: Placement::After, ..Experiment::default() });
        assert!(lab.look_at([1, 0]).seen.unwrap().x.iter().all(|v| *v >= 0.0), "ReLU");
        let mut lab = at(Experiment::default());
        assert!(lab.look_at([1, 0]).seen.unwrap().x.iter().any(|v| *v < 0.0));
    }

    #[test]
    fn without_batch_norm_there_is_nothing_to_see() {
        assert_eq!(at(Experiment { norm: Norm::Layer, ..Experiment::default() }).look_at([0, 0]).seen, None);
    }
}
