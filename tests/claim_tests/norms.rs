//! What came after 2015: where other norms stand in for batch norm, and where they do not.

use batchnorm_playground::lab::claim::{Claim, Grade, norms};

use crate::{at, carried_out, graded, plan};

#[test]
fn other_norms_stand_in_on_digits_and_not_on_the_deep_spiral() {
    let spiral = carried_out(plan(Claim::Norms, 1).with(0, 2), |_| true);
    graded(&spiral, Grade::NotHere);
    let view = norms::view(&spiral);
    assert!((4..=6).contains(&view.counts[1]), "{:?}", view.counts);
    let digits = carried_out(plan(Claim::Norms, 1), |_| true);
    graded(&digits, Grade::Holds);
    let counts = norms::view(&digits).counts;
    assert!(counts[1] > counts[0] && counts[2..].iter().all(|count| *count <= counts[1]), "{counts:?}");
}

#[test]
fn on_the_short_spiral_batch_norm_alone_trains_at_high_rates() {
    // Elsewhere, on 16 rates: 10 train with batch norm and 4 or 5 with none, LayerNorm, RMSNorm and GroupNorm, all of which
    // end between 0.22 and 0.46. Here in halves of a decade: 0.32 trains, 1 does not.
    let sweep = carried_out(plan(Claim::Norms, 1).with(0, 1), |job| job.experiment.learning_rate > 0.05);
    let view = norms::view(&sweep);
    println!("{:?}", view.counts);
    let highest = |arm: usize| {
        let trains = view.columns.iter().zip(&view.arms[arm].1).filter(|(_, cell)| cell.trains());
        trains.map(|(rate, _)| *rate).fold(0.0, f32::max)
    };
    assert!(highest(1) > 0.9, "{}", highest(1));
    for arm in [0, 2, 3, 4, 5] {
        assert!((0.09..0.4).contains(&highest(arm)), "{}: {}", view.arms[arm].0, highest(arm));
    }
}

#[test]
fn on_the_rings_no_norm_does_better_than_another() {
    let sweep = carried_out(plan(Claim::Norms, 3).with(0, 3), |job| {
        (0.3..0.4).contains(&job.experiment.learning_rate)
    });
    for (name, cells) in &norms::view(&sweep).arms {
        assert!(cells[3].accuracy().value().is_some_and(|accuracy| accuracy > 0.97), "{name}");
    }
}

#[test]
fn with_two_examples_batch_norm_is_the_worst_of_the_norms() {
    let sweep = carried_out(plan(Claim::Norms, 3).with(1, 1), |job| job.experiment.batch_size == 2);
    let view = norms::view(&sweep);
    let found: Vec<f32> = view.arms.iter().map(|(_, cells)| at(cells, 0)).collect();
    println!("{found:?}");
    assert!((0..6).all(|arm| arm == 1 || found[arm] > found[1] + 0.1), "{found:?}");
}
