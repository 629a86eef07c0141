//! Single settings, one arm at a time: how soon they learn and how well they end.

use batchnorm_playground::lab::claim::cell;
use batchnorm_playground::lab::claim::job::{Measure, Outcome, Training};
use batchnorm_playground::lab::frame::Evaluation;
use batchnorm_playground::nn::norm::Norm;

use crate::{measured, trained};

const FIG_1: &str = "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60";
const DEEP_SIGMOID: &str = "d=digits&l=10&w=32&a=sigmoid&i=xavier&lr=0.5&b=64";
const FAST_DIGITS: &str = "d=digits&l=3&w=64&lr=1&b=64";
const RINGS_SIGMOID: &str = "d=rings&dp=1000&l=8&w=16&a=sigmoid&i=xavier&lr=0.5&b=64";
const EXPLODING: &str = "d=short-spiral&dp=1000&l=6&w=32&s=2&lr=0.1&b=64";
const RATE_2: &str = "d=short-spiral&dp=1000&l=4&w=32&lr=2&b=64";
const RATE_01: &str = "d=short-spiral&dp=1000&l=4&w=32&lr=0.1&b=64";
const SCALE_01: &str = "d=short-spiral&dp=1000&l=4&w=32&s=0.1&lr=0.1&b=64";
const SCALE_3: &str = "d=short-spiral&dp=1000&l=4&w=32&s=3&lr=0.1&b=64";
const BATCH_32: &str = "d=short-spiral&dp=1000&l=3&w=32&lr=0.1&b=32";
const BATCH_128: &str = "d=short-spiral&dp=1000&l=3&w=32&lr=0.1&b=128";
const TIE: &str = "d=rings&dp=1000&l=2&w=16&a=tanh&i=xavier&lr=0.3&b=64";

/// Steps between two looks for the first step at a target.
const LOOK: u32 = 5;

/// Median accuracy at the end over the seeds, 0 for a run that diverged.
fn median_accuracy(keys: &str, arm: Norm, steps: u32) -> f32 {
    let ends = trained(keys, arm, steps, steps);
    let accuracies = ends.iter().map(|training| training.ending(1).map_or(0.0, |end| end.accuracy));
    cell::median(accuracies.collect()).expect("some seeds")
}

#[test]
fn single_settings_come_out_as_elsewhere_in_both_arms() {
    // Settings, steps, then over ten seeds elsewhere: the best run without, the worst with. One bound for all of
    // them: the median here is no further than three points on the wrong side of that (other draws).
    let cases = [
        (FIG_1, 300, 0.242, 0.956),
        (DEEP_SIGMOID, 300, 0.114, 0.91),
        (FAST_DIGITS, 200, 0.28, 0.95),
        (RINGS_SIGMOID, 500, 0.52, 0.83),
        (EXPLODING, 300, 0.52, 0.994),
        (RATE_2, 300, 0.52, 0.94),
        (SCALE_01, 300, 0.51, 0.994),
        (SCALE_3, 300, 0.60, 0.998),
        // Medians of five seeds elsewhere: scales far below eps, and far above.
        ("d=short-spiral&dp=1000&l=4&w=32&s=0.001&lr=0.1&b=64", 1000, 0.49, 0.998),
        ("d=short-spiral&dp=1000&l=4&w=32&s=30&lr=0.1&b=64", 1000, 0.0, 1.0),
    ];
    for (keys, steps, most, least) in cases {
        let without = median_accuracy(keys, Norm::None, steps);
        let with = median_accuracy(keys, Norm::Batch, steps);
        assert!(without <= most + 0.03, "{keys} without: {without}");
        assert!(with >= least - 0.03, "{keys} with: {with}");
    }
    // And where there is nothing to win: both arms learn the rings alike.
    let [without, with] = [Norm::None, Norm::Batch].map(|arm| median_accuracy(TIE, arm, 300));
    assert!(without >= 0.98 && with >= 0.98 && (without - with).abs() <= 0.01, "{without} {with}");
}

/// The first look of two in a row at or above the target.
fn first_step(training: &Training, target: f32) -> Option<u32> {
    let holds = |pair: &&[(u32, Evaluation)]| pair.iter().all(|(_, seen)| seen.accuracy >= target);
    training.evaluations.windows(2).find(holds).map(|pair| pair[0].0)
}

/// Median over the seeds of the first step, `u32::MAX` for one that is not reached within `steps`.
fn median_first_step(keys: &str, arm: Norm, target: f32, steps: u32) -> u32 {
    let mut firsts: Vec<u32> = trained(keys, arm, steps, LOOK)
        .iter()
        .map(|training| first_step(training, target).unwrap_or(u32::MAX))
        .collect();
    firsts.sort_unstable();
    firsts[firsts.len() / 2]
}

#[test]
fn the_first_steps_at_a_target_lie_in_the_ranges_found_elsewhere() {
    // Setting, arm, target, and the range over ten seeds elsewhere, who looked every five or six steps: the median of
    // three fresh seeds lies within it, give or take one look.
    let ranges = [
        (FIG_1, Norm::Batch, 0.95, 42, 126),
        (RINGS_SIGMOID, Norm::Batch, 0.95, 90, 220),
        (DEEP_SIGMOID, Norm::Batch, 0.90, 48, 144),
        (EXPLODING, Norm::Batch, 0.95, 24, 42),
        (RATE_2, Norm::Batch, 0.95, 35, 95),
        (FAST_DIGITS, Norm::Batch, 0.95, 20, 40),
        (RATE_01, Norm::None, 0.95, 195, 430),
        (RATE_01, Norm::Batch, 0.95, 30, 50),
        (SCALE_01, Norm::Batch, 0.95, 60, 126),
        (SCALE_3, Norm::Batch, 0.95, 24, 60),
        (TIE, Norm::None, 0.98, 105, 195),
        (TIE, Norm::Batch, 0.98, 90, 140),
    ];
    for (keys, arm, target, low, high) in ranges {
        let first = median_first_step(keys, arm, target, high + 4 * LOOK);
        println!("{keys} {arm:?}: {target} at step {first}, elsewhere {low} to {high}");
        assert!(
            (low - LOOK..=high + LOOK).contains(&first),
            "{keys} {arm:?}: step {first}, elsewhere {low} to {high}"
        );
    }
    // Of larger batches only medians are told: 367 and 360 without, which is held to two thirds and one and a half times;
    // 90 and 45 with, "4x and 8x sooner". At 32 batch norm is sooner here, at step 50: that it is four and eight times
    // sooner is held, but for a third.
    for (keys, elsewhere, sooner) in [(BATCH_32, 367, 4), (BATCH_128, 360, 8)] {
        let without = median_first_step(keys, Norm::None, 0.95, 600);
        let with = median_first_step(keys, Norm::Batch, 0.95, 200);
        println!("{keys}: {without} without, {with} with, elsewhere {elsewhere} and {sooner} times sooner");
        assert!(3 * without >= 2 * elsewhere && 2 * without <= 3 * elsewhere, "{keys} without: {without}");
        assert!(3 * without >= 2 * sooner * with, "{keys}: {without} without, {with} with");
    }
    // Elsewhere the network of 2015 is at 71 % without batch norm at step 600, and at 95 % in no run before.
    for run in trained(FIG_1, Norm::None, 600, LOOK) {
        assert_eq!(first_step(&run, 0.95), None);
    }
}

#[test]
fn every_norm_learns_the_digits_of_2015_as_fast_as_elsewhere() {
    // Accuracy at step 500, medians of six seeds elsewhere: 97.4, 95.8, 96.2 and 96.1 % at the level end of the curve,
    // within two points; 51.8 and 9.7 % on its steep part and before it, where half of the seeds are far from the median.
    for (arm, elsewhere) in
        [(Norm::Batch, 0.974), (Norm::Layer, 0.958), (Norm::Rms, 0.962), (Norm::Group, 0.961)]
    {
        let found = median_accuracy(FIG_1, arm, 500);
        println!("{arm:?}: {found}, elsewhere {elsewhere}");
        assert!((found - elsewhere).abs() < 0.02, "{arm:?}: {found}, elsewhere {elsewhere}");
    }
    let [none, dyt] = [Norm::None, Norm::DyT].map(|arm| median_accuracy(FIG_1, arm, 500));
    assert!((0.3..0.8).contains(&none) && dyt < 0.2, "{none} {dyt}");
    // At step 100 batch norm alone has learned: 95.8 % [93..97] against 10.0, 40.6, 53.3, 40.0 and 10.0 %.
    assert!(median_accuracy(FIG_1, Norm::Batch, 100) > 0.93 - 0.01);
    for arm in [Norm::None, Norm::Layer, Norm::Rms, Norm::Group, Norm::DyT] {
        let found = median_accuracy(FIG_1, arm, 100);
        assert!(found < 0.8, "{arm:?}: {found}");
    }
}

#[test]
fn layer_norm_is_not_immune_to_small_batches() {
    // Elsewhere 67 % [50..78] at batch size 2 and 84 % [63..94] at 4 over ten seeds.
    for (size, low, high) in [(2, 0.50, 0.78), (4, 0.63, 0.94)] {
        let keys = format!("d=short-spiral&dp=1000&l=3&w=32&lr=0.1&b={size}");
        let found = median_accuracy(&keys, Norm::Layer, 1000);
        println!("LayerNorm at {size}: {found}");
        assert!((low - 0.03..=high + 0.03).contains(&found), "LayerNorm at {size}: {found}");
    }
}

#[test]
fn gamma_and_beta_stay_where_they_went_elsewhere() {
    // After 1000 steps elsewhere gamma lies in 0.90 to 1.26 and beta within 0.3 of 0 with ReLU. Here every layer's middle
    // unit does; single units of the digits go from 0.85 to 1.40. To undo the norm the first layer would need 0.2 to 0.5.
    for keys in ["d=digits&l=3&w=64&lr=0.1&b=64", RATE_01] {
        for outcome in measured(keys, Norm::Batch, 1000, &Measure::Affine { every: 500 }) {
            let Outcome::Affine(affine) = outcome else { panic!("{outcome:?}") };
            let (step, layers) = affine.moves.last().expect("some layers");
            assert_eq!(*step, 1000);
            for layer in layers {
                println!("{keys}: {layer:?}");
                assert!((0.90..=1.26).contains(&layer[1]) && layer[4].abs() <= 0.3, "{keys}: {layer:?}");
                assert!(layer[0] > 0.6, "{keys}: {layer:?}");
            }
        }
    }
}
