//! Gamma and beta: what they do to a unit, what undoes it, and what is learned of them.

use batchnorm_playground::lab::claim::gamma::{self, affine, pair};
use batchnorm_playground::lab::claim::job::{Job, Measure};
use batchnorm_playground::lab::claim::{Claim, Grade, Plan};
use batchnorm_playground::lab::sweep::Sweep;

use crate::{carried_out, graded, plan};

#[test]
fn gamma_sets_the_spread_beta_the_mean_and_the_right_pair_undoes_it() {
    let sweep = carried_out(plan(Claim::Gamma, 2), |_| true);
    graded(&sweep, Grade::Holds);
    let unit = gamma::unit(&sweep).expect("run");
    assert_eq!(unit.x.len(), 800);
    assert!(unit.worst[0] < 1e-5 && unit.worst[1] > 0.98, "{:?}", unit.worst);
    let [before, naive, right] = unit.undone;
    assert!(right < 1e-6 && naive > 10.0 * right && before > 0.3, "{:?}", unit.undone);
    let shown = gamma::view(unit, 2.0, 3.0);
    assert_eq!(shown.example_after, [0.0, 2.0, 4.0, 6.0]);
    assert!(
        (shown.example_moments[1] - 1.118).abs() < 1e-3
            && (shown.example_after_moments[1] - 2.236).abs() < 1e-3
    );
    assert!(
        shown.residual < 1e-6 && shown.residual_next > 0.005,
        "{} {}",
        shown.residual,
        shown.residual_next
    );
    assert_eq!(gamma::view(unit, 0.0, 0.0).rows[2].deviation, 0.0);
    // What undoes the training set leaves the next mini-batch as far off as told.
    let next = pair::view(unit, shown.undo, pair::Over::NextBatch);
    assert!((next.distance - shown.residual_next).abs() < 1e-6 && next.rows[0].mean != shown.rows[0].mean);
    // Trained and frozen both learn the spiral, and training stays far from undoing.
    let learned = affine::view(&sweep);
    for cell in [&learned.trained, &learned.frozen] {
        assert!(cell.trains() && !cell.is_partial(), "{}", cell.accuracy_text());
    }
    let (first, last) = (&learned.moves[0], learned.moves.last().expect("run"));
    assert!(first.1.iter().all(|layer| *layer == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]), "{first:?}");
    assert_eq!((first.0, last.0, last.1.len()), (0, 600, 8));
    for layer in &last.1 {
        assert!(layer[0] > 0.5 && layer[2] < 2.5 && layer[3] > -1.5 && layer[5] < 1.5, "{layer:?}");
        assert!(layer[2] > layer[0] && layer[5] > layer[3], "something was learned: {layer:?}");
    }
    // Weights so small that eps is no longer small beside the variance.
    let units = |job: &Job| matches!(job.measure, Measure::Unit { .. });
    graded(&carried_out(plan(Claim::Gamma, 1).with(0, 0), units), Grade::Mixed);
}

#[test]
fn one_units_verdict_is_the_median_over_the_seeds() {
    let units = |job: &Job| matches!(job.measure, Measure::Unit { .. });
    let seeds: Vec<_> = (0..3).map(|k| carried_out(plan_of(1, k), units)).collect();
    let all = carried_out(plan_of(3, 0), units);
    // What undoing leaves of the spread, as the sentence says it, is the middle one of the three.
    let left = |sweep: &Sweep| {
        let unit = gamma::unit(sweep).expect("run");
        gamma::view(unit, 1.0, 0.0).residual_next
    };
    let mut each: Vec<f32> = seeds.iter().map(left).collect();
    each.sort_by(f32::total_cmp);
    let but = all.report().verdict.but;
    let middle = format!("off by {:.1} % of the spread", 100.0 * each[1]);
    assert!(but.contains(&middle), "{middle} in {but}");
    // With the first seed still to come nothing is said of it.
    let late =
        carried_out(plan_of(3, 0), |job| units(job) && job.experiment.seed != plan_of(3, 0).first_seed);
    assert!(gamma::unit(&late).is_none() && late.report().verdict.grade.is_none());
}

/// So many seeds of the experiment on gamma and beta, from the `k`th fresh one.
fn plan_of(seeds: u32, k: u32) -> Plan {
    let plan = plan(Claim::Gamma, seeds);
    Plan { first_seed: plan.first_seed + k, ..plan }
}
