//! Gradients through many layers: where they vanish or explode without batch norm, and grow with it.

use batchnorm_playground::lab::claim::job::{Job, Measure};
use batchnorm_playground::lab::claim::{Claim, Grade, depth};

use crate::{carried_out, graded, near, plan};

#[test]
fn gradients_vanish_without_batch_norm_and_grow_with_it() {
    let sweep = carried_out(plan(Claim::Depth, 3), |_| true);
    graded(&sweep, Grade::Mixed);
    let [without, with] = depth::view(&sweep).arms;
    let (shrinks, grows) = (without.first_over_last.expect("run"), with.first_over_last.expect("run"));
    // Elsewhere, over five seeds: 1.1 million times smaller without, 96 times larger with. Twenty layers of sixteen units
    // multiply the luck of the draw: ten times either way without, four times with.
    near(shrinks, 9e-7, 10.0, "first over last without");
    near(grows, 96.0, 4.0, "first over last with");
    // 50 ReLU layers of 128 units, elsewhere 1.463 [1.458..1.471] with and 1.00 without.
    assert!((with.growth.expect("run") - 1.463).abs() < 0.05, "{:?}", with.growth);
    assert!((without.growth.expect("run") - 1.0).abs() < 0.05, "{:?}", without.growth);
    // Per layer of this network, narrower: 1.27 of the gradient elsewhere, 1.61 of its square.
    let per_layer = with.per_layer[0].expect("run");
    assert!((1.4..1.8).contains(&per_layer) && without.per_layer[0].expect("run") < 0.4, "{per_layer}");
    // The weights' gradients hide it: 1.2 times elsewhere.
    near(without.weights_first_over_last.expect("run"), 1.2, 4.0, "weights without");
    let dotted = depth::view(&sweep).by_theory;
    assert!((dotted[19] - with.start[19]).abs() < 1e-9 && dotted[0] > 30.0 * dotted[19], "{dotted:?}");
    // Too large a start, ten layers: what explodes without is in range with it.
    let exploding = carried_out(plan(Claim::Depth, 3).with(0, 1).with(1, 3), |_| true);
    assert!(depth::view(&exploding).arms[0].first_over_last.expect("run") > 100.0);
    // A few layers well started: nothing to mend.
    graded(&carried_out(plan(Claim::Depth, 3).with(0, 0).with(1, 2).with(2, 1), |_| true), Grade::NotHere);
}

#[test]
fn sigmoid_gradients_vanish_without_batch_norm_and_not_with_it() {
    // Elsewhere the digits' ten layers of 32 keep the gradient with batch norm (0.94, held in `probes`). Ten layers of 16 on
    // two inputs make it grow 10 to 13 times, at the edge of what counts as in range: holds on some seeds, mixed on others.
    let untrained = |job: &Job| job.measure == Measure::Gradients;
    let sweep = carried_out(plan(Claim::Depth, 3).with(0, 1).with(1, 2).with(2, 2), untrained);
    let [without, with] = depth::view(&sweep).arms.map(|arm| arm.first_over_last.expect("run"));
    assert!(without < 1e-5 && (1.0..30.0).contains(&with), "{without} {with}");
    assert_ne!(sweep.report().verdict.grade, Some(Grade::NotHere));
}
