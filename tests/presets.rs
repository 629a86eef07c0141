//! What a preset's heading promises is what its run does, on the seed it opens with and on others.

use batchnorm_playground::data::digits;
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::history::{History, Score};
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::preset::{PRESETS, Preset, Shows};

/// The seed of every link that names none, and four fresh ones.
const SEEDS: [Option<u32>; 5] = [None, Some(1), Some(2), Some(3), Some(4)];
const STEPS: u32 = 600;

/// The scores of both arms after [`STEPS`] steps.
fn scores(preset: &Preset, seed: Option<u32>) -> [Score; 2] {
    let (mut experiment, notes) = link::read(preset.link);
    assert_eq!(notes, Vec::<String>::new());
    experiment.seed = seed.unwrap_or(experiment.seed);
    let mut history = History::new(&experiment, None);
    let data = experiment.dataset(Some(digits::PACKED)).unwrap();
    let mut run = Comparison::new(experiment, data, 0).unwrap();
    while run.step_count() < STEPS && !run.is_over() {
        run.advance();
    }
    history.push(run.frame(false));
    history.scores()
}

fn accuracy(score: &Score) -> f32 {
    score.accuracy.unwrap_or(0.0)
}

/// Batch norm gets to 90 %; without it the network does not within the run, or takes at least twice as long.
fn helps([without, with]: &[Score; 2]) -> bool {
    match (without.first_at_target, with.first_at_target) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => a >= 2 * b,
        _ => false,
    }
}

/// Batch norm ends at most two points ahead, and is not there in half the steps.
fn does_not_help([without, with]: &[Score; 2]) -> bool {
    let sooner = match (without.first_at_target, with.first_at_target) {
        (None, Some(_)) => true,
        // Both are tested every five steps: a difference of one look is none.
        (Some(a), Some(b)) => a >= 2 * b && a > b + 5,
        _ => false,
    };
    !sooner && accuracy(with) <= accuracy(without) + 0.02
}

/// The seed on the page and at least three of the four others do what the heading says.
fn hold(shows: Shows, judge: fn(&[Score; 2]) -> bool) {
    for preset in PRESETS.iter().filter(|preset| preset.shows == shows) {
        let held = SEEDS.map(|seed| judge(&scores(preset, seed)));
        let count = held.iter().filter(|held| **held).count();
        assert!(held[0] && count >= 4, "{}: {held:?}", preset.name);
    }
}

#[test]
fn where_it_is_said_to_help_it_helps() {
    hold(Shows::Helps, helps);
}

#[test]
fn where_it_is_said_not_to_it_does_not() {
    hold(Shows::DoesNot, does_not_help);
}

#[test]
fn the_opening_run_has_both_arms_get_there_the_one_with_batch_norm_much_sooner() {
    let opening = PRESETS.iter().find(|preset| preset.shows == Shows::Start).unwrap();
    let both = scores(opening, None);
    assert!(helps(&both) && both[0].first_at_target.is_some());
}
