//! The rule at its edges: noise that costs as much as it may, and gradients that turn just more or less.

use super::noise::failed;
use super::*;
use crate::lab::claim::outcome::Shift;
use crate::lab::claim::view::{NoiseCurve, ShiftArm};
use crate::lab::claim::{Claim, made_up};
use crate::lab::frame::Evaluation;
use crate::lab::probe::Scaled;

const TWO_POINTS: f32 = 0.02;

fn curve(end: Option<f32>) -> NoiseCurve {
    NoiseCurve { end, seeds: 1, ..NoiseCurve::default() }
}

fn turned(cosine: f32, end: f32) -> ShiftArm {
    ShiftArm { cosine: Some(cosine), end: Some(end), ..ShiftArm::default() }
}

/// Of batch norm's accuracy and that with noise, and of the linear networks' cosine and loss: without, with.
fn view(noise: [Option<f32>; 2], shift: [[f32; 2]; 2]) -> WhyView {
    let [quiet, noisy] = noise.map(curve);
    WhyView {
        noise: [NoiseCurve::default(), quiet, NoiseCurve::default(), noisy],
        shift: shift.map(|[cosine, end]| turned(cosine, end)),
        ..WhyView::default()
    }
}

/// Batch norm's gradient turns more and its loss is lower: against the claim.
const CONTRARY: [[f32; 2]; 2] = [[0.9, 1.0], [0.8, 0.5]];
/// The one that turns more learns less: for it.
const AS_CLAIMED: [[f32; 2]; 2] = [[0.8, 1.0], [0.9, 0.5]];

#[test]
fn noise_costs_nothing_up_to_two_points() {
    assert!(rule().contains("within 2 points of batch norm without noise"));
    let cases = [
        (Some(TWO_POINTS.next_down()), Some(0.0), true),
        (Some(TWO_POINTS), Some(0.0), true),
        (Some(TWO_POINTS.next_up()), Some(0.0), false),
        (Some(0.5), Some(0.9), true),
        (Some(0.5), None, false),
    ];
    for (quiet, noisy, unharmed) in cases {
        let view = view([quiet, noisy], AS_CLAIMED);
        assert_eq!(came_out(&view), Some([unharmed, false]), "{quiet:?} {noisy:?}");
        // What is said beside the verdict agrees with it.
        assert_eq!(failed(&view).is_none(), unharmed, "{:?}", failed(&view));
    }
}

#[test]
fn the_plain_network_is_stopped_by_more_than_two_points() {
    let told = |quiet| {
        let mut view = view([Some(0.9), Some(0.9)], CONTRARY);
        (view.noise[0], view.noise[2]) = (curve(Some(quiet)), curve(Some(0.0)));
        failed(&view).is_some_and(|said| said.starts_with("The noise did not stop the plain network"))
    };
    assert!(told(TWO_POINTS) && told(TWO_POINTS.next_down()) && !told(TWO_POINTS.next_up()));
}

#[test]
fn the_lower_cosine_has_to_end_with_the_lower_loss() {
    let cases = [
        ([[0.5, 1.0], [0.5_f32.next_down(), 1.0_f32.next_down()]], true),
        ([[0.5_f32.next_down(), 1.0_f32.next_down()], [0.5, 1.0]], true),
        // As low, or as much learnt: it speaks for neither.
        ([[0.5, 1.0], [0.5, 0.5]], false),
        ([[0.5, 1.0], [0.4, 1.0]], false),
        ([[0.4, 1.0], [0.5, 1.0]], false),
        ([[0.5, 1.0], [0.4, 1.0_f32.next_up()]], false),
        (AS_CLAIMED, false),
        // A loss that overflowed is the higher one.
        ([[0.5, f32::INFINITY], [0.4, 1.0]], true),
    ];
    for (shift, contrary) in cases {
        assert_eq!(came_out(&view([Some(0.9); 2], shift)), Some([true, contrary]), "{shift:?}");
    }
}

#[test]
fn both_tests_against_it_refute_the_claim_and_one_leaves_it_mixed() {
    let (unharmed, harmed) = ([Some(0.9); 2], [Some(0.9), Some(0.5)]);
    assert_eq!(grade(&view(unharmed, CONTRARY)), Some(Grade::NotHere));
    assert_eq!(grade(&view(unharmed, AS_CLAIMED)), Some(Grade::Mixed));
    assert_eq!(grade(&view(harmed, CONTRARY)), Some(Grade::Mixed));
    assert_eq!(grade(&view(harmed, AS_CLAIMED)), Some(Grade::Holds));
    assert_eq!(grade(&WhyView::default()), None);
}

/// What the jobs of one seed gave: batch norm's accuracy with noise, and its loss in the linear network.
fn outcome(place: usize, job: &Job, noisy: f32, loss: f32) -> Outcome {
    let with = job.arm == Norm::Batch;
    match job.measure {
        Measure::Noisy { .. } | Measure::Training { .. } => {
            let accuracy = if with && matches!(job.measure, Measure::Noisy { .. }) { noisy } else { 0.9 };
            let evaluations = vec![(job.steps, Evaluation { loss: Some(1.0), accuracy })];
            Outcome::Training(Training { evaluations, ..Training::default() })
        }
        Measure::Shift => {
            let (cosine, loss) = if with { (0.4, loss) } else { (0.5, 1.0) };
            let (losses, probes) = (vec![(job.steps, loss)], vec![(job.steps, cosine, 1.0)]);
            Outcome::Shift(Shift { losses, probes, diverged_at: None })
        }
        _ => Outcome::Scaled(Scaled { losses: [place as f32; 2], ..Scaled::default() }),
    }
}

#[test]
fn the_verdict_reads_the_runs_that_it_names() {
    let found = |noisy, loss| made_up::grade(Claim::Why, |place, job| Some(outcome(place, job, noisy, loss)));
    assert_eq!(found(0.9, 0.5), Some(Grade::NotHere));
    assert_eq!(found(0.5, 0.5), Some(Grade::Mixed));
    assert_eq!(found(0.9, 2.0), Some(Grade::Mixed));
    assert_eq!(found(0.5, 2.0), Some(Grade::Holds));
}
