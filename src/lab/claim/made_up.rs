//! Made-up outcomes, for tests of the rules: nothing is trained here.

use super::cell::{Cell, EVERY, End, LAST};
use super::job::{Job, Outcome, Training};
use super::{Claim, Grade, Plan};
use crate::lab::frame::Evaluation;
use crate::lab::sweep::Sweep;

/// The claim as first shown, on one seed, with what `of` says that each job, by its place, gave.
pub(super) fn sweep(claim: Claim, of: impl Fn(usize, &Job) -> Option<Outcome>) -> Sweep {
    let mut sweep = Sweep::new(Plan { seeds: 1, ..Plan::usual(claim) });
    for (place, job) in sweep.jobs().to_vec().iter().enumerate() {
        if let Some(outcome) = of(place, job) {
            sweep.put(place, outcome);
        }
    }
    sweep
}

/// How a claim does whose jobs gave this.
pub(super) fn grade(claim: Claim, of: impl Fn(usize, &Job) -> Option<Outcome>) -> Option<Grade> {
    sweep(claim, of).report().verdict.grade
}

/// A run with this test accuracy in each of the last tests, and none before them.
pub(super) fn ended(accuracy: f32) -> Outcome {
    let test = |accuracy| Evaluation { loss: Some(1.0), accuracy };
    let accuracies = [0.0].into_iter().chain([accuracy; LAST]);
    let evaluations = accuracies.zip(1..).map(|(accuracy, k)| (k * EVERY, test(accuracy))).collect();
    Outcome::Training(Training { evaluations, at_end: Some([test(accuracy); 3]), ..Training::default() })
}

/// A run that diverged.
pub(super) fn diverged() -> Outcome {
    Outcome::Training(Training { diverged_at: Some(7), ..Training::default() })
}

/// A setting of one seed that ended with this accuracy; `None` if it diverged.
pub(super) fn cell(accuracy: Option<f32>) -> Cell {
    Cell { ends: vec![End { job: 0, loss: accuracy.map(|_| 1.0), accuracy }], seeds: 1 }
}
