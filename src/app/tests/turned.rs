//! Knobs turned: what starts a run, what goes on with it, what changes nothing.

use super::*;
use crate::lab::experiment::{RateChange, TestStatistics};

#[test]
fn a_restart_keeps_the_seed_and_a_new_seed_changes_only_that() {
    let mut app = opened();
    let before = app.experiment.clone();
    app.update(Msg::Reset);
    assert_eq!(app.experiment, before);
    app.update(Msg::NewSeed);
    assert_eq!(app.experiment, Experiment { seed: before.seed + 1, ..before });
}

#[test]
fn a_live_rate_is_noted_at_the_step_it_takes_effect() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    app.update(Msg::Tick(0.1)); // under way to step 24
    let effects = app.update(Msg::Turn("lr", "0.1".into()));
    assert_eq!(posted(&effects).len(), 0, "not while steps are under way");
    let effects = answer(&mut app, 24);
    assert!(matches!(posted(&effects)[0], Command::Retune { .. }));
    assert_eq!(app.experiment.rate_changes, vec![RateChange { step: 24, rate: 0.1 }]);
    assert_eq!((app.experiment.learning_rate, app.rate_now()), (0.3, 0.1));
}

#[test]
fn a_restart_starts_with_the_rate_in_force() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    app.update(Msg::Turn("lr", "0.1".into()));
    app.update(Msg::Turn("w", "32".into()));
    assert_eq!((app.experiment.learning_rate, app.experiment.rate_changes.len()), (0.1, 0));
}

#[test]
fn a_bad_value_is_a_note_and_nothing_restarts() {
    let mut app = opened();
    let (generation, before) = (app.generation, app.experiment.clone());
    app.update(Msg::Turn("l", "1000".into()));
    assert_eq!((app.generation, &app.experiment), (generation, &before));
    assert_eq!(app.notes.len(), 1);
    app.update(Msg::Turn("b", "1".into()));
    assert!(app.notes[0].contains("Batch norm cannot"), "{}", app.notes[0]);
    assert_eq!(app.experiment, before);
}

#[test]
fn a_slider_that_is_dragged_starts_one_run_per_frame_and_none_while_the_worker_is_busy() {
    let mut app = opened();
    for width in ["2", "4", "8", "16", "32"] {
        assert_eq!(posted(&app.update(Msg::Turn("w", width.into()))).len(), 0);
    }
    let effects = app.update(Msg::Tick(0.016));
    let [Command::Start { experiment, .. }, Command::Advance { steps: 0, .. }] = posted(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(experiment.width, 32);
    app.update(Msg::Turn("w", "64".into()));
    assert_eq!(posted(&app.update(Msg::Tick(0.016))).len(), 0, "the last start is not answered");
    // The answer is to the run before: not shown, but the worker is free again.
    let frame = Box::new(Frame { step: 9, ..Frame::default() });
    app.update(Msg::Report(Report::Frame { generation: app.generation - 1, frame }));
    assert_eq!(app.history.step(), 0);
    let effects = app.update(Msg::Tick(0.016));
    assert!(matches!(posted(&effects)[..], [Command::Start { .. }, _]), "{effects:?}");
}

#[test]
fn another_live_knob_leaves_a_changed_rate_alone() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    app.update(Msg::Turn("lr", "0.1".into()));
    answer(&mut app, 12);
    app.update(Msg::Turn("t", "exact".into()));
    answer(&mut app, 12);
    assert_eq!(app.experiment.rate_changes, vec![RateChange { step: 12, rate: 0.1 }]);
    assert_eq!((app.rate_now(), app.experiment.test_statistics), (0.1, TestStatistics::Exact));
}

#[test]
fn a_rate_turned_there_and_back_before_a_step_changes_nothing() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    app.update(Msg::Turn("lr", "0.1".into()));
    app.update(Msg::Turn("lr", "0.3".into()));
    answer(&mut app, 12);
    assert_eq!(app.experiment.rate_changes, vec![]);
}

#[test]
fn another_unit_replays_the_run_and_then_is_as_before() {
    for (pause, then) in [(false, Phase::Running), (true, Phase::Paused)] {
        let mut app = opened();
        app.update(Msg::Tick(0.1));
        answer(&mut app, 700);
        if pause {
            app.update(Msg::TrainOrPause);
        }
        let choices = Choices { unit: 7, ..app.choices };
        told(&mut app, Msg::Choose(choices));
        answer(&mut app, 0);
        let effects = app.update(Msg::Tick(0.016));
        assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 700, .. }]), "{effects:?}");
        answer(&mut app, 700);
        assert_eq!(app.phase, then);
    }
}

#[test]
fn a_rate_turned_while_nothing_trains_is_not_lost() {
    // Before the worker is ready.
    let mut app = App::new("", false);
    assert!(app.update(Msg::Turn("lr", "0.1".into())).contains(&Effect::WriteLink));
    assert_eq!((app.link(), app.rate_now()), ("v=1&lr=0.1".into(), 0.1));
    let effects = told(&mut app, Msg::Report(Report::Ready));
    let Command::Start { experiment, .. } = posted(&effects)[0] else { panic!("{effects:?}") };
    assert_eq!((experiment.learning_rate, &experiment.rate_changes[..]), (0.1, &[][..]));

    // After the trainer has stopped: the run is repeated to there and goes on with the new rate.
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 260);
    app.update(Msg::WorkerStopped("gone".into()));
    app.update(Msg::Turn("lr", "0.2".into()));
    app.update(Msg::Turn("lr", "0.1".into()));
    assert_eq!((app.link(), app.rate_now()), ("v=1&lrs=260:0.1".into(), 0.1));
    app.update(Msg::TrainOrPause);
    let effects = told(&mut app, Msg::Report(Report::Ready));
    let Command::Start { experiment, .. } = posted(&effects)[0] else { panic!("{effects:?}") };
    assert_eq!(experiment.rate_changes, vec![RateChange { step: 260, rate: 0.1 }]);

    // While steps are under way that are never reported.
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    app.update(Msg::Tick(0.1));
    app.update(Msg::Turn("lr", "0.1".into()));
    app.update(Msg::WorkerStopped("gone".into()));
    assert_eq!(app.link(), "v=1&lrs=12:0.1");

    // While steps are under way of a run that is repeated for another unit.
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    app.update(Msg::Tick(0.1));
    app.update(Msg::Turn("lr", "0.1".into()));
    let choices = Choices { unit: 7, ..app.choices };
    app.update(Msg::Choose(choices));
    assert_eq!(app.experiment.rate_changes, vec![RateChange { step: 12, rate: 0.1 }]);

    // But a link that is loaded meanwhile has its own.
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    app.update(Msg::Turn("lr", "0.1".into()));
    app.update(Msg::Load("l=2".into()));
    assert_eq!((app.link(), app.rate_now()), ("v=1&l=2".into(), 0.3));
}

#[test]
fn a_knob_without_effect_is_kept_and_so_is_the_run() {
    for (link, key, text) in [
        ("", "om", "0.5"),
        ("n=ln", "m", "0.5"),
        ("n=none", "p", "after"),
        ("n=dyt", "e", "0.001"),
        ("dp=50&b=64", "b", "256"),
    ] {
        let mut app = opened_with(link);
        app.update(Msg::Tick(0.1));
        answer(&mut app, 12);
        let (generation, before) = (app.generation, app.link());
        let effects = app.update(Msg::Turn(key, text.into()));
        assert!(effects.contains(&Effect::WriteLink), "{effects:?}");
        assert_eq!((app.generation, app.history.step()), (generation, 12), "{key} has begun another run");
        assert!(app.link() != before && app.link().contains(&format!("{key}={text}")), "{}", app.link());
        // The worker is told: what it writes into files is what the link says.
        let [Command::Retune { experiment, .. }, ..] = posted(&effects)[..] else { panic!("{effects:?}") };
        assert_eq!(experiment, &app.experiment);
    }
    // Where it has an effect it begins another run, and what was set before counts.
    let mut app = opened();
    app.update(Msg::Turn("om", "0.5".into()));
    let generation = app.generation;
    app.update(Msg::Turn("o", "momentum".into()));
    assert_eq!((app.generation, app.experiment.momentum), (generation + 1, 0.5));
    app.update(Msg::Turn("om", "0.8".into()));
    assert_eq!(app.generation, generation + 2);
}

#[test]
fn a_knob_turned_in_a_hurry_ends_the_hurry() {
    let mut app = opened_with("pause=420");
    told(&mut app, Msg::Turn("w", "32".into()));
    answer(&mut app, 0);
    let effects = app.update(Msg::Tick(0.05));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 6, .. }]), "{effects:?}");
}
