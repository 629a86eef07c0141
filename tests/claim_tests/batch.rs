//! Small batches: where batch norm loses to no norm, by how much, and from which size on it does not.

use batchnorm_playground::lab::claim::{Claim, Grade, batch};

use crate::{at, carried_out, graded, plan};

#[test]
fn small_batches_are_where_batch_norm_loses() {
    let sweep = carried_out(plan(Claim::Batch, 2), |job| job.experiment.batch_size != 256);
    let view = batch::view(&sweep);
    graded(&sweep, Grade::Holds);
    // Elsewhere at 2, 4 and 8, medians of ten seeds: 95.1, 98.9 and 99.6 % without, 58.4, 69.9 and 90.3 % with.
    for (k, without, with) in [(0, 0.951, 0.584), (1, 0.989, 0.699), (2, 0.996, 0.903)] {
        assert!((at(&view.without, k) - without).abs() < 0.06, "{k} without: {}", at(&view.without, k));
        assert!((at(&view.with[0], k) - with).abs() < 0.09, "{k} with: {}", at(&view.with[0], k));
    }
    // From 32 on as good as right.
    assert!(at(&view.with[0], 5) > 0.97);
    // Nor do other statistics rescue batches of two.
    assert!(at(&view.with[1], 0) < 0.72 && at(&view.with[2], 0) < 0.72);
    let large = carried_out(plan(Claim::Batch, 2).with(2, 1), |job| job.experiment.batch_size <= 32);
    graded(&large, Grade::NotHere);
}

#[test]
fn as_many_examples_do_not_mend_small_batches() {
    let sizes = [2, 4, 8, 16, 64];
    let sweep =
        carried_out(plan(Claim::Batch, 2).with(1, 1), |job| sizes.contains(&job.experiment.batch_size));
    graded(&sweep, Grade::Holds);
    let view = batch::view(&sweep);
    // Place of the size, then medians of six seeds elsewhere: without; with running statistics; with those of batches as
    // small as in training. The bounds are those of as many steps: 6 points without and 9 with.
    let cases = [
        (0, 1.0, 0.59, 0.61),
        (1, 0.999, 0.73, 0.66),
        (2, 0.998, 0.946, 0.76),
        (3, 0.997, 0.994, 0.86),
        (5, 0.844, 0.996, 0.96),
    ];
    for (k, without, running, batch) in cases {
        let found = [at(&view.without, k), at(&view.with[0], k), at(&view.with[1], k)];
        println!("batch size {}: {found:?}, elsewhere {without} {running} {batch}", view.sizes[k]);
        assert!((found[0] - without).abs() < 0.06, "{k} without: {}", found[0]);
        assert!((found[1] - running).abs() < 0.09, "{k} running: {}", found[1]);
        assert!((found[2] - batch).abs() < 0.09, "{k} batch: {}", found[2]);
    }
}
