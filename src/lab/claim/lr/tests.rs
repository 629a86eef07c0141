//! The rule at its edges: rates just twice as high, one more rate that trains, and accuracies just at the target.

use super::*;
use crate::lab::claim::{Claim, made_up};

/// The largest rate that trains, and how many do: without, with.
fn view(largest: [Option<f32>; 2], counts: [usize; 2]) -> RatesView {
    RatesView {
        reached: largest.map(|rate| rate.map(|rate| [0.01, rate])),
        counts,
        arms: [0.5, 0.5].map(|accuracy| vec![made_up::cell(Some(accuracy))]),
        rates: vec![1.0],
        ..RatesView::default()
    }
}

#[test]
fn the_claim_holds_if_the_largest_rate_is_more_than_twice_as_high_and_more_rates_train() {
    let twice = 2.0_f32;
    assert!(HIGHER == twice && rule().contains("more than twice as high"));
    let cases = [
        (twice.next_down(), [3, 3], Grade::NotHere),
        (twice, [3, 3], Grade::NotHere),
        (twice.next_up(), [3, 3], Grade::Mixed),
        (twice.next_up(), [3, 2], Grade::Mixed),
        (twice, [3, 4], Grade::Mixed),
        (twice.next_up(), [3, 4], Grade::Holds),
    ];
    for (with, counts, expected) in cases {
        assert_eq!(grade(&view([Some(1.0), Some(with)], counts)), Some(expected), "{with} {counts:?}");
    }
}

#[test]
fn any_rate_is_higher_than_none() {
    assert_eq!(grade(&view([None, Some(0.01)], [0, 1])), Some(Grade::Holds));
    assert_eq!(grade(&view([Some(0.01), None], [1, 0])), Some(Grade::NotHere));
    assert_eq!(grade(&view([None, None], [0, 0])), Some(Grade::NotHere));
}

#[test]
fn runs_at_the_target_make_the_verdict_and_runs_just_below_it_do_not() {
    // Without batch norm one rate trains, with it all: or none does, for as little as can be.
    let found = |accuracy| {
        made_up::grade(Claim::Lr, |place, job| match job.arm {
            Norm::None => Some(made_up::ended(if place == 0 { TARGET } else { 0.5 })),
            _ => Some(made_up::ended(accuracy)),
        })
    };
    assert_eq!(found(TARGET), Some(Grade::Holds));
    assert_eq!(found(TARGET.next_down()), Some(Grade::NotHere));
    // Before both networks have run there is no verdict.
    let plain = |_, job: &Job| (job.arm == Norm::None).then(made_up::diverged);
    assert_eq!(made_up::grade(Claim::Lr, plain), None);
}

#[test]
fn higher_is_not_needed_where_the_plain_network_trains_and_is_within_a_point() {
    let needless = |plain: f32, normed: f32| {
        let arms = [plain, normed].map(|accuracy| vec![made_up::cell(Some(accuracy))]);
        but(&RatesView { arms, ..view([None, None], [0, 0]) }).starts_with("Higher is not needed")
    };
    assert!(needless(TARGET, TARGET) && !needless(TARGET.next_down(), TARGET.next_down()));
    assert!(needless(0.9401, 0.95) && !needless(0.9399, 0.95));
}
