//! The eight experiments: what was measured elsewhere is measured again here, within stated bounds and on fresh
//! seeds; a setting in which a claim fails is told as such; tables do not depend on who ran what when.

use batchnorm_playground::data::digits;
use batchnorm_playground::lab::claim::job::{self, JobRun, Outcome};
use batchnorm_playground::lab::claim::{Claim, Grade, Plan, lr};
use batchnorm_playground::lab::sweep::Sweep;

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

#[test]
fn a_higher_rate_trains_with_batch_norm() {
    let sweep = carried_out(plan(Claim::Lr, 2), |_| true);
    let view = lr::view(&sweep);
    let verdict = sweep.report().verdict;
    assert_eq!(verdict.grade, Some(Grade::Holds), "{}", verdict.text());
    // Elsewhere: 1.8 with, 0.10 without; 13 of 19 rates against 2.
    let with = view.reached[1].expect("rates that train with it");
    assert!((0.5..=3.2).contains(&with[1]), "{with:?}");
    assert!((10..=15).contains(&view.counts[1]) && view.counts[0] <= 4, "{:?}", view.counts);
}
