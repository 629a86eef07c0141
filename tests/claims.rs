//! The eight experiments: what was measured elsewhere is measured again here, within stated bounds and on fresh
//! seeds; a setting in which a claim fails is told as such; tables do not depend on who ran what when.
//!
//! "Elsewhere" are two programs that were written before this one and independently of it, in Python with numpy and in
//! JavaScript. Only their numbers are kept: medians over seeds from 0 on, in f32, with other draws of data and weights.
//! So a number here may differ by the luck of the draw, within the bound beside it; beyond that one program is wrong.
//!
//! Left out on purpose, because no experiment shows it: the training-mode loss by learning rate, how far the loss of the
//! whole training set moves up in a run, steps until the mini-batch loss is small, how running statistics lag, mini-
//! batches of few classes, and the growth through 50 layers at other widths and batch sizes than 128 (the growth at 128
//! is held here and in `norm_laws`). Left out because the setting is not told exactly enough: how far the undoing pair is
//! off on another mini-batch of the presets' networks (held here for the lab's unit), and the drift of LayerNorm, RMSNorm
//! and GroupNorm. The accuracy of every norm at 2000 and 5000 steps would take a minute.

mod claim_tests;

use batchnorm_playground::data::digits;
use batchnorm_playground::lab::claim::job::{self, Job, JobRun, Measure, Outcome, Training};
use batchnorm_playground::lab::claim::{Claim, Grade, Plan, cell, lr};
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::sweep::Sweep;
use batchnorm_playground::nn::norm::Norm;

/// Seeds that no number in this file was chosen with.
const FRESH: u32 = 101;

fn outcome(sweep: &Sweep, index: usize) -> Outcome {
    job::run(&sweep.jobs()[index], Some(digits::PACKED)).expect("a job of a plan")
}

/// Carries out the jobs that `wanted` names, or all.
fn carried_out(plan: Plan, wanted: impl Fn(&job::Job) -> bool) -> Sweep {
    let mut sweep = Sweep::new(plan);
    let places: Vec<usize> = (0..sweep.total()).filter(|&i| wanted(&sweep.jobs()[i])).collect();
    for index in places {
        let outcome = outcome(&sweep, index);
        sweep.put(index, outcome);
    }
    sweep
}

fn plan(claim: Claim, seeds: u32) -> Plan {
    Plan { seeds, first_seed: FRESH, ..Plan::usual(claim) }
}

/// Checks a verdict and shows it if it is another.
fn graded(sweep: &Sweep, grade: Grade) {
    let verdict = sweep.report().verdict;
    assert_eq!(verdict.grade, Some(grade), "{}: {}", sweep.report().setting, verdict.text());
    let text = verdict.text();
    assert!(text.trim_start_matches("So far: ").starts_with(grade.words()), "{text}");
}

/// Accuracy at the `k`th place of a row.
fn at(cells: &[cell::Cell], k: usize) -> f32 {
    cells[k].accuracy().value().expect("it stayed finite")
}

/// What one job makes of the experiment in `keys`, on three seeds.
fn measured(keys: &str, arm: Norm, steps: u32, measure: &Measure) -> Vec<Outcome> {
    measured_over(3, keys, arm, steps, measure)
}

/// The same, on so many seeds.
fn measured_over(seeds: u32, keys: &str, arm: Norm, steps: u32, measure: &Measure) -> Vec<Outcome> {
    let run = |seed: u32| {
        let (base, notes) = link::read(keys);
        assert!(notes.is_empty(), "{notes:?}");
        let experiment = Experiment { seed, data_seed: seed, ..base };
        let job = Job { experiment, arm, steps, measure: measure.clone() };
        job::run(&job, Some(digits::PACKED)).expect("a job")
    };
    (FRESH..FRESH + seeds).map(run).collect()
}

/// The same of training runs.
fn trained(keys: &str, arm: Norm, steps: u32, every: u32) -> Vec<Training> {
    let training = |outcome| match outcome {
        Outcome::Training(training) => training,
        other => panic!("{other:?}"),
    };
    measured(keys, arm, steps, &Measure::Training { every }).into_iter().map(training).collect()
}

/// `found` lies within a factor of `room` of what was measured elsewhere.
fn near(found: f32, elsewhere: f32, room: f32, what: &str) {
    let factor = found / elsewhere;
    println!("{what}: {found:.3e}, elsewhere {elsewhere:.3e}");
    assert!(factor <= room && factor >= 1.0 / room, "{what}: {found:.3e}, elsewhere {elsewhere:.3e}");
}

/// A plan small enough to be run several times over: two inputs, two layers.
fn small() -> Plan {
    plan(Claim::Lr, 1).with(0, 2)
}

#[test]
fn the_table_does_not_depend_on_the_order_of_the_outcomes() {
    let forward = carried_out(small(), |_| true);
    let mut backward = Sweep::new(small());
    for index in (0..backward.total()).rev() {
        let outcome = outcome(&backward, index);
        backward.put(index, outcome.clone());
        // A run made twice, because a worker died, counts once.
        backward.put(index, outcome);
    }
    assert!(backward.is_complete() && backward.done() == backward.total());
    assert_eq!(forward.report(), backward.report());
    assert_eq!(lr::view(&forward), lr::view(&backward));
}

#[test]
fn slices_do_not_change_an_outcome() {
    let sweep = Sweep::new(small());
    for job in &sweep.jobs()[20..24] {
        let mut sliced = JobRun::new(job, None).expect("a job");
        let mut turns = 0;
        let outcome = loop {
            turns += 1;
            if let Some(outcome) = sliced.advance(7) {
                break outcome;
            }
        };
        assert!(turns > 50, "{turns} slices");
        assert_eq!(outcome, job::run(job, None).expect("a job"));
    }
}

#[test]
fn partial_results_say_so() {
    let nothing = Sweep::new(small()).report().verdict;
    assert!(nothing.grade.is_none() && nothing.text().starts_with("So far: "));
    let half = carried_out(small(), |job| job.experiment.learning_rate < 0.05);
    assert!(half.report().verdict.text().starts_with("So far: "));
    let whole = carried_out(small(), |_| true).report().verdict;
    assert!(!whole.so_far && !whole.text().contains("So far"));
}
