//! Poor initial weights: how many pairs of scale and rate train either way.

use batchnorm_playground::lab::claim::{Claim, Grade, init};

use crate::{carried_out, graded, plan};

#[test]
fn batch_norm_forgives_poor_initial_weights() {
    let sweep = carried_out(plan(Claim::Init, 1), |_| true);
    graded(&sweep, Grade::Holds);
    // Elsewhere: 48 of 81 with, none without.
    let [without, with] = init::view(&sweep).counts;
    assert!((36..=60).contains(&with) && without <= 6, "{with} with, {without} without");
}
