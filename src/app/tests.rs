//! Messages in, effects out.

use super::*;
use crate::lab::experiment::{RateChange, TestStatistics};
use crate::lab::frame::{ArmSnapshot, Frame, Snapshot};
use crate::lab::wire::Command;

fn opened() -> App {
    opened_with("")
}

/// The page with this link, its worker ready and step 0 shown.
fn opened_with(link: &str) -> App {
    let mut app = App::new(link, false);
    told(&mut app, Msg::Report(Report::Ready));
    answer(&mut app, 0);
    app
}

/// The page is told something, and the next frame comes at once.
fn told(app: &mut App, message: Msg) -> Vec<Effect> {
    let mut effects = app.update(message);
    effects.extend(app.update(Msg::Tick(0.0)));
    effects
}

/// The worker answers the outstanding request, having reached `step`.
fn answer(app: &mut App, step: u32) -> Vec<Effect> {
    let arm = || ArmSnapshot { layers: Vec::new(), learned: None };
    let snapshot = Some(Snapshot { step, fingerprints: [0; 2], arms: [arm(), arm()], mistakes: None });
    let frame = Box::new(Frame { step, snapshot, ..Frame::default() });
    app.update(Msg::Report(Report::Frame { generation: app.generation, frame }))
}

fn posted(effects: &[Effect]) -> Vec<&Command> {
    effects.iter().filter_map(|e| if let Effect::Post(command) = e { Some(command) } else { None }).collect()
}

#[test]
fn the_page_opens_training_by_itself() {
    let mut app = opened();
    assert_eq!(app.phase, Phase::Running);
    let effects = app.update(Msg::Tick(0.05));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 6, .. }]), "{effects:?}");
}

#[test]
fn with_less_motion_it_opens_paused() {
    let mut app = App::new("", true);
    told(&mut app, Msg::Report(Report::Ready));
    answer(&mut app, 0);
    assert_eq!(app.phase, Phase::Paused);
    assert_eq!(posted(&app.update(Msg::Tick(1.0))).len(), 0);
}

#[test]
fn out_of_sight_nothing_is_trained_and_it_goes_on_only_if_it_was_running() {
    let mut app = opened();
    app.update(Msg::Seen(false));
    assert_eq!((app.phase.clone(), app.is_moving()), (Phase::Running, false));
    assert_eq!(posted(&app.update(Msg::Tick(0.1))).len(), 0);
    app.update(Msg::Seen(true));
    assert!(matches!(posted(&app.update(Msg::Tick(0.05)))[..], [Command::Advance { steps: 6, .. }]));
    answer(&mut app, 6);
    app.update(Msg::TrainOrPause);
    answer(&mut app, 6);
    app.update(Msg::Seen(false));
    app.update(Msg::Seen(true));
    assert_eq!((app.phase.clone(), posted(&app.update(Msg::Tick(0.1))).len()), (Phase::Paused, 0));
}

#[test]
fn it_never_asks_twice_before_an_answer() {
    let mut app = opened();
    assert_eq!(posted(&app.update(Msg::Tick(0.1))).len(), 1);
    assert_eq!(posted(&app.update(Msg::Tick(0.1))).len(), 0);
    answer(&mut app, 12);
    assert_eq!(posted(&app.update(Msg::Tick(0.1))).len(), 1);
}

#[test]
fn a_late_frame_of_an_old_run_is_dropped() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    let old = app.generation;
    app.update(Msg::Turn("w", "32".into()));
    let frame = Box::new(Frame { step: 77, ..Frame::default() });
    assert_eq!(app.update(Msg::Report(Report::Frame { generation: old, frame })), vec![]);
    assert_eq!(app.history.step(), 0);
}

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
fn it_stops_at_two_thousand_steps_and_goes_on_when_told() {
    let mut app = opened();
    app.speed = Speed::Flat;
    app.update(Msg::Tick(0.1));
    answer(&mut app, 2000);
    assert_eq!(app.phase, Phase::Finished);
    app.update(Msg::TrainOrPause);
    let effects = app.update(Msg::Tick(0.1));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: u32::MAX, .. }]), "{effects:?}");
}

#[test]
fn pause_at_a_step_is_exact() {
    let mut app = opened_with("pause=420");
    let effects = app.update(Msg::Tick(0.016));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 420, .. }]));
    answer(&mut app, 300);
    let effects = app.update(Msg::Tick(0.016));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 120, .. }]));
    answer(&mut app, 420);
    assert_eq!(app.phase, Phase::Paused);
}

#[test]
fn digits_are_fetched_only_when_chosen() {
    let mut app = opened();
    let effects = told(&mut app, Msg::Turn("d", "digits".into()));
    assert!(effects.contains(&Effect::FetchDigits));
    assert_eq!(posted(&effects).len(), 0);
    let effects = told(&mut app, Msg::Digits(Ok(crate::data::digits::PACKED.to_vec())));
    assert!(matches!(posted(&effects)[0], Command::Start { file: Some(_), .. }));
    assert_eq!(app.shown.images.len(), 20);
    answer(&mut app, 0);
    let effects = told(&mut app, Msg::Turn("d", "xor".into()));
    assert!(matches!(posted(&effects)[0], Command::Start { file: None, .. }));
    answer(&mut app, 0);
    let effects = told(&mut app, Msg::Turn("d", "digits".into()));
    assert!(matches!(posted(&effects)[0], Command::Start { file: None, .. }), "the worker has it already");
    app.update(Msg::WorkerStopped("gone".into()));
    let effects = told(&mut app, Msg::Report(Report::Ready));
    assert!(matches!(posted(&effects)[0], Command::Start { file: Some(_), .. }), "a new worker has not");
}

#[test]
fn a_lost_worker_keeps_settings_and_curves() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 260);
    let link = app.link();
    app.update(Msg::WorkerStopped("gone".into()));
    assert_eq!(app.phase, Phase::Stopped("gone".into()));
    assert_eq!((app.history.step(), app.link()), (260, link));
    assert!(app.update(Msg::TrainOrPause).contains(&Effect::NewWorker));
}

#[test]
fn a_worker_that_falls_silent_is_taken_for_dead_but_not_after_a_sleep() {
    let mut app = opened();
    assert_eq!(posted(&app.update(Msg::Tick(0.1))).len(), 1);
    app.update(Msg::Tick(3600.0));
    assert_eq!(app.phase, Phase::Running, "the page was asleep, not the worker");
    answer(&mut app, 12);
    app.update(Msg::Tick(0.1));
    for _ in 0..121 {
        app.update(Msg::Tick(0.25));
    }
    assert!(matches!(app.phase, Phase::Stopped(_)), "{:?}", app.phase);
    assert!(app.update(Msg::TrainOrPause).contains(&Effect::NewWorker));
    // The new one has its own time.
    told(&mut app, Msg::Report(Report::Ready));
    answer(&mut app, 12);
    app.update(Msg::Tick(0.25));
    assert_eq!(app.phase, Phase::Running);
}

#[test]
fn a_check_goes_on_until_it_is_done_and_waits_for_steps_under_way() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    assert_eq!(posted(&app.update(Msg::Check)).len(), 0, "steps are under way");
    let effects = answer(&mut app, 12);
    assert!(matches!(posted(&effects)[..], [Command::Check { fresh: true, .. }]), "{effects:?}");
    let none = || [Err(String::new()), Err(String::new())];
    let generation = app.generation;
    let checked = Checked { step: 12, arms: none(), done: false };
    let effects = app.update(Msg::Report(Report::Checked { generation, checked }));
    assert!(matches!(posted(&effects)[..], [Command::Check { fresh: false, .. }]));
    let checked = Checked { step: 12, arms: none(), done: true };
    let effects = app.update(Msg::Report(Report::Checked { generation, checked }));
    assert_eq!(posted(&effects).len(), 0);
    assert!(app.checked.as_ref().is_some_and(|checked| checked.done));
}

#[test]
fn a_file_is_made_slice_by_slice_and_a_new_run_gives_it_up() {
    let mut app = opened();
    app.update(Msg::TrainOrPause);
    let effects = app.update(Msg::Export(Format::Csv));
    assert!(matches!(posted(&effects)[..], [Command::Export { fresh: true, .. }]), "{effects:?}");
    let generation = app.generation;
    let effects = app.update(Msg::Report(Report::Exporting { generation, step: 77 }));
    assert!(matches!(posted(&effects)[..], [Command::Export { fresh: false, .. }]), "{effects:?}");
    assert!(app.export_words().contains("step 77 of 0"), "{}", app.export_words());
    app.update(Msg::Reset);
    let effects = app.update(Msg::Report(Report::Exporting { generation, step: 99 }));
    assert_eq!((posted(&effects).len(), app.export_words()), (0, String::new()));
    assert!(matches!(posted(&app.update(Msg::Tick(0.0)))[..], [Command::Start { .. }, _]));
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
fn a_preset_is_named_and_called_changed_until_another_link_is_loaded() {
    let mut app = opened();
    assert_eq!(app.preset_words(), "");
    let index = PRESETS.iter().position(|preset| preset.name == "High rate").unwrap();
    app.update(Msg::Preset(index));
    assert_eq!(app.preset_words(), "High rate");
    app.update(Msg::NewSeed);
    assert_eq!(app.preset_words(), "High rate");
    app.update(Msg::Turn("w", "32".into()));
    assert_eq!(app.preset_words(), "High rate, changed");
    app.update(Msg::Turn("w", "64".into()));
    assert_eq!(app.preset_words(), "High rate");
    app.update(Msg::Load("l=2".into()));
    assert_eq!(app.preset_words(), "");
}

#[test]
fn the_bar_says_what_each_state_is() {
    let bar = |app: &App| {
        let Bar { state, main, main_on, others_on, .. } = app.bar();
        (state, main, main_on, others_on)
    };
    let mut app = App::new("", false);
    assert_eq!(bar(&app), ("loading", "Train", false, false));
    assert_eq!(app.empty_words(), Some("Loading the trainer"));
    let mut app_ready = opened();
    assert_eq!(bar(&app_ready), ("running", "Pause", true, true));
    assert_eq!(app_ready.empty_words(), None);
    app_ready.update(Msg::TrainOrPause);
    assert_eq!(bar(&app_ready), ("paused", "Train", true, true));
    assert_eq!(app_ready.empty_words(), Some("Press Train, or the space bar"));
    app_ready.update(Msg::TrainOrPause);
    app_ready.update(Msg::Tick(0.1));
    answer(&mut app_ready, 2000);
    assert_eq!(bar(&app_ready), ("finished", "Go on", true, true));
    app.update(Msg::WorkerStopped("out of memory".into()));
    assert_eq!(bar(&app), ("stopped", "Restart", true, false));
    assert!(app.notes_words().starts_with("The trainer stopped at step 0. Settings and curves are kept."));
    assert_eq!(app.details(), "#v=1\nstep 0\nout of memory");
}

#[test]
fn a_link_is_told_in_words() {
    let told = |link: &str| App::new(link, true).differences();
    assert_eq!(told(""), "Nothing differs from the default.");
    assert_eq!(told("lr=0.1"), "One value differs from the default: learning rate 0.1.");
    assert_eq!(
        told("lr=0.1&n=ln&seed=7&lrs=20:0.1"),
        "3 values differ from the default: learning rate 0.1, normalisation LayerNorm, seed 7; and the learning rate \
         was changed once on the way."
    );
}

#[test]
fn an_export_is_saved_under_a_name_that_says_what_is_inside() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    let effects = app.update(Msg::Export(Format::Csv));
    assert!(matches!(posted(&effects)[..], [Command::Export { format: Format::Csv, .. }]));
    let generation = app.generation;
    let text = Ok("step,arm".to_owned());
    let effects = app.update(Msg::Report(Report::Exported { generation, format: Format::Csv, text }));
    assert!(
        effects.contains(&Effect::Save(
            format!("batchnorm-run-spiral-seed{}-step12.csv", app.experiment.seed),
            "step,arm".into()
        )),
        "{effects:?}"
    );
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
    app.update(Msg::RestartTrainer);
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
fn a_stopped_trainer_keeps_its_curves_from_a_key_and_its_step_from_a_knob() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 260);
    app.update(Msg::WorkerStopped("gone".into()));
    let (generation, details) = (app.generation, app.details());
    assert_eq!(app.update(Msg::Key(keys::Deed::Reset)), vec![]);
    assert_eq!((app.generation, app.history.step(), app.bar().standing), (generation, 260, "stopped at"));
    app.update(Msg::Turn("w", "32".into()));
    assert_eq!((app.history.step(), app.bar().standing, app.bar().main), (0, "", "Restart"));
    assert!(app.notes_words().starts_with("The trainer stopped at step 260."), "{}", app.notes_words());
    assert_eq!(app.details(), details, "what is to be mended is the run that stopped");
    assert!(details.starts_with("#v=1\nstep 260\ngone"), "{details}");
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
fn it_finishes_once_both_have_been_right_for_a_hundred_steps() {
    use crate::lab::frame::Evaluation;
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    let right = |app: &mut App, step: u32, accuracy: [f32; 2]| {
        let evaluation = accuracy.map(|accuracy| Some(Evaluation { loss: Some(0.01), accuracy }));
        let frame = Frame { step, evaluations: vec![(step, evaluation)], ..Frame::default() };
        app.update(Msg::Report(Report::Frame { generation: app.generation, frame: Box::new(frame) }));
        app.update(Msg::Tick(0.1));
    };
    for step in (100..200).step_by(10) {
        right(&mut app, step, [0.996, 0.995]);
        assert_eq!(app.phase, Phase::Running, "step {step}");
    }
    right(&mut app, 200, [1.0, 0.99]);
    for step in (210..320).step_by(10) {
        right(&mut app, step, [0.996, 0.995]);
        assert_eq!(app.phase, if step < 310 { Phase::Running } else { Phase::Finished }, "step {step}");
    }
    assert_eq!((app.bar().main, app.bar().standing), ("Go on", "finished at"));
    app.update(Msg::TrainOrPause);
    right(&mut app, 320, [1.0, 1.0]);
    assert_eq!(app.phase, Phase::Running, "told to go on, it does");
}

#[test]
fn a_late_file_of_digits_leaves_another_run_alone() {
    let mut app = opened();
    told(&mut app, Msg::Turn("d", "digits".into()));
    told(&mut app, Msg::Turn("d", "spiral".into()));
    answer(&mut app, 0);
    let generation = app.generation;
    assert_eq!(app.update(Msg::Digits(Err("gone".into()))), vec![]);
    assert_eq!(app.update(Msg::Digits(Ok(vec![1]))), vec![]);
    assert_eq!((app.generation, &app.phase), (generation, &Phase::Running));
}

#[test]
fn digits_that_cannot_be_fetched_are_a_note_and_can_be_tried_again() {
    let mut app = opened();
    app.update(Msg::Turn("d", "digits".into()));
    app.update(Msg::Digits(Err("offline".into())));
    assert_eq!((&app.phase, app.notes.len()), (&Phase::Paused, 1));
    assert!(app.update(Msg::TrainOrPause).contains(&Effect::FetchDigits));
}

#[test]
fn every_step_asked_for_is_made() {
    let mut app = opened();
    app.update(Msg::TrainOrPause);
    app.update(Msg::Tick(0.1));
    app.update(Msg::Step);
    app.update(Msg::Step);
    app.update(Msg::Step);
    let effects = answer(&mut app, 1);
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 2, .. }]), "{effects:?}");
}

#[test]
fn a_file_waits_for_a_check_and_is_not_forgotten() {
    let mut app = opened();
    app.update(Msg::TrainOrPause);
    let effects = app.update(Msg::Check);
    assert!(matches!(posted(&effects)[..], [Command::Check { fresh: true, .. }]), "{effects:?}");
    assert_eq!(posted(&app.update(Msg::Export(Format::Json))).len(), 0);
    let generation = app.generation;
    let checked = Checked { step: 0, arms: [Err(String::new()), Err(String::new())], done: true };
    let effects = app.update(Msg::Report(Report::Checked { generation, checked }));
    assert!(matches!(posted(&effects)[..], [Command::Export { .. }]), "{effects:?}");
}

#[test]
fn a_knob_turned_in_a_hurry_ends_the_hurry() {
    let mut app = opened_with("pause=420");
    told(&mut app, Msg::Turn("w", "32".into()));
    answer(&mut app, 0);
    let effects = app.update(Msg::Tick(0.05));
    assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 6, .. }]), "{effects:?}");
}

/// Thirty rows of four numbers and three classes.
fn flowers() -> Vec<u8> {
    let row = |i: usize| format!("{}.1,{},{},{},{}\n", i % 5, i % 7, i % 3, i, ["a", "b", "c"][i % 3]);
    (0..30).map(row).collect::<String>().into_bytes()
}

fn drop_files(app: &mut App, files: &[(&str, &[u8])]) -> Vec<Effect> {
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    app.update(Msg::Own(own::OwnMsg::Files(files)))
}

#[test]
fn a_dropped_table_trains_at_once_and_goes_to_the_worker_once() {
    let mut app = opened();
    app.update(Msg::TrainOrPause);
    drop_files(&mut app, &[("flowers.csv", &flowers())]);
    let effects = app.update(Msg::Tick(0.0));
    let Command::Start { experiment, file: Some(file), .. } = posted(&effects)[0] else {
        panic!("{effects:?}");
    };
    let data = experiment.dataset(Some(file)).unwrap();
    assert_eq!((data.features, data.classes, data.train.len(), data.test.len()), (4, 3, 20, 10));
    assert_eq!((app.phase.clone(), app.experiment.examples()), (Phase::Running, (20, 10)));
    assert!(
        app.own.told.contains("flowers.csv: 30 rows × 4 columns × 3 classes, 20 to train on"),
        "{}",
        app.own.told
    );
    answer(&mut app, 0);
    let effects = told(&mut app, Msg::Turn("w", "32".into()));
    assert!(matches!(posted(&effects)[0], Command::Start { file: None, .. }));
    // The data seed deals them anew, and shape and examples still agree.
    let before = app.experiment.own;
    app.update(Msg::Turn("ds", "2".into()));
    assert!(app.experiment.own.is_some() && app.experiment.data_seed == 2 && before.is_some());
    assert!(app.experiment.dataset(Some(file)).is_ok());
}

#[test]
fn of_a_long_table_the_data_seed_draws_rows_and_it_is_said() {
    let mut app = opened();
    drop_files(&mut app, &[("flowers.csv", &flowers().repeat(100))]);
    assert_eq!((app.experiment.examples(), &app.own.complaint), ((1334, 666), &None));
    let told = &app.own.told;
    assert!(told.contains("flowers.csv: 3000 rows × 4 columns × 3 classes, "), "{told}");
    let used = crate::figure::text::whole(2000);
    assert!(
        told.ends_with(&format!("Of its rows {used} are used, drawn at random by the data seed.")),
        "{told}"
    );
    let drawn = |app: &App| app.own.examples().unwrap().deal(u64::from(app.experiment.data_seed));
    let before = drawn(&app);
    app.update(Msg::Turn("ds", "2".into()));
    assert_ne!(drawn(&app), before);
    assert_eq!(app.experiment.examples(), (1334, 666));
}

#[test]
fn a_malformed_file_is_a_sentence_and_leaves_the_run_alone() {
    let mut app = opened();
    app.update(Msg::Tick(0.1));
    answer(&mut app, 12);
    let (generation, before) = (app.generation, app.experiment.clone());
    let mut bad = flowers();
    bad[2] = b'x';
    let effects = drop_files(&mut app, &[("seeds.csv", &bad)]);
    assert_eq!(posted(&effects).len(), 0);
    assert_eq!((app.generation, &app.experiment, app.history.step()), (generation, &before, 12));
    assert_eq!(app.phase, Phase::Running);
    let complaint = app.own.complaint.as_ref().unwrap();
    assert!(complaint.sentence.starts_with("seeds.csv, row 1, column 1: “0.x”"), "{}", complaint.sentence);
    assert_eq!(complaint.place.as_ref().unwrap().around.len(), 2);
}

#[test]
fn built_in_data_and_own_data_can_be_had_in_turn_and_a_link_finds_what_is_here() {
    let mut app = opened();
    app.update(Msg::Turn("d", "own".into()));
    assert!(app.notes[0].contains("no data of your own"), "{:?}", app.notes);
    assert_eq!(app.experiment.data, DataKind::Spiral);
    drop_files(&mut app, &[("flowers.csv", &flowers())]);
    let (link, experiment) = (app.link(), app.experiment.clone());
    app.update(Msg::Turn("d", "xor".into()));
    assert_eq!((app.experiment.own, app.experiment.features()), (None, 2));
    app.update(Msg::Load(link.clone()));
    assert_eq!((&app.experiment, app.notes.len()), (&experiment, 0));
    // Another reader has the link and not the file.
    let other = App::new(&link, false);
    assert_eq!((other.experiment.data, other.notes.len()), (DataKind::Spiral, 1));
}

/// A pair of IDX files of `count` images of 2 x 2.
fn idx_pair(count: u32) -> (Vec<u8>, Vec<u8>) {
    let images = [&[0, 0, 8, 3][..], &count.to_be_bytes(), &[0, 0, 0, 2, 0, 0, 0, 2]].concat();
    let labels = [&[0, 0, 8, 1][..], &count.to_be_bytes()].concat();
    let pixels = (0..count).flat_map(|i| [i as u8; 4]);
    (
        images.into_iter().chain(pixels).collect(),
        labels.into_iter().chain((0..count).map(|i| i as u8 % 3)).collect(),
    )
}

#[test]
fn a_pair_of_image_files_is_read_frame_by_frame_together_or_one_after_the_other() {
    let (images, labels) = idx_pair(200_000);
    let mut app = opened();
    assert_eq!(posted(&drop_files(&mut app, &[("labels", &labels)])).len(), 0);
    assert!(app.own.told.contains("labels: 200"), "{}", app.own.told);
    drop_files(&mut app, &[("images", &images)]);
    let mut frames = 0;
    while app.own.is_reading() {
        frames += 1;
        assert!(frames < 10);
        app.update(Msg::Tick(0.02));
    }
    assert!(frames > 1, "a large file is not read in one frame");
    assert_eq!((app.experiment.data, app.experiment.examples()), (DataKind::Own, (8000, 2000)));
    assert!(app.own.told.contains("drawn at random by data seed 1:"), "{}", app.own.told);
    answer(&mut app, 6);
    app.update(Msg::Tick(0.0));
    assert_eq!((app.shown.images.len(), app.shown.side), (18, 2));
    let (images, labels) = idx_pair(100);
    drop_files(&mut app, &[("l", &labels), ("i", &images)]);
    app.update(Msg::Tick(0.02));
    assert_eq!(app.experiment.examples(), (80, 20));
    drop_files(&mut app, &[("l", &labels), ("i", &images[..200])]);
    app.update(Msg::Tick(0.02));
    assert_eq!(app.own.complaint.as_ref().unwrap().sentence.split(':').next(), Some("i, at byte 200"));
    assert_eq!(app.experiment.examples(), (80, 20));
}

#[test]
fn painted_points_are_trained_on_or_a_sentence_says_why_not() {
    use painting::{Stroke, Tool};
    let mut app = opened();
    let paint = |app: &mut App, stroke| app.update(Msg::Own(own::OwnMsg::Paint(stroke)));
    answer(&mut app, 0);
    paint(&mut app, Stroke::Down((-1.0, 0.0)));
    paint(&mut app, Stroke::Move(Some((1.0, 0.0))));
    paint(&mut app, Stroke::Up);
    assert_eq!(posted(&app.update(Msg::Own(own::OwnMsg::TrainOnPainted))).len(), 0);
    assert!(app.own.painting.note.contains("“solid”"), "{}", app.own.painting.note);
    paint(&mut app, Stroke::Tool(Tool::Hollow));
    paint(&mut app, Stroke::Down((0.0, 1.5)));
    let effects = told(&mut app, Msg::Own(own::OwnMsg::TrainOnPainted));
    assert!(matches!(posted(&effects)[0], Command::Start { file: Some(_), .. }));
    assert_eq!((app.experiment.features(), app.experiment.reach()), (2, 2.0));
    assert!(!app.shown.points.is_empty() && app.own.painting.note.is_empty());
}

#[test]
fn a_unit_is_looked_at_while_somebody_shows_it() {
    let looked = |app: &mut App| {
        let [layer, unit] = [app.choices.layer as u32, app.choices.unit as u32];
        let looked = Looked { step: app.history.step(), layer, unit, seen: None };
        app.update(Msg::Report(Report::Looked { generation: app.generation, looked }))
    };
    let looks = |effects: &[Effect]| {
        posted(effects).iter().filter(|c| matches!(c, Command::Look { which: [2, 3], .. })).count()
    };
    let mut app = opened();
    app.update(Msg::TrainOrPause);
    assert_eq!(looks(&app.update(Msg::Tick(1.0))), 0, "nobody shows one");
    assert_eq!(looks(&app.update(Msg::Look(true))), 1);
    assert_eq!(looks(&app.update(Msg::Tick(1.0))), 0, "one answer at a time");
    assert!(looked(&mut app).contains(&Effect::Looked));
    assert_eq!(looks(&app.update(Msg::Tick(1.0))), 0, "it stands still and was seen");
    // A step, asked for by the reader: the picture first, then the unit.
    app.update(Msg::Step);
    assert_eq!(looks(&answer(&mut app, 1)), 1);
    looked(&mut app);
    // Training: not at every frame, but every so often.
    app.update(Msg::TrainOrPause);
    let (mut seen, mut step) = (0, 1);
    for _ in 0..60 {
        let effects = app.update(Msg::Tick(0.05));
        seen += looks(&effects);
        if looks(&effects) > 0 {
            looked(&mut app);
        } else {
            step += 6;
            seen += looks(&answer(&mut app, step));
        }
    }
    assert!((3..=8).contains(&seen), "{seen} looks in three seconds");
    app.update(Msg::Reset);
    assert_eq!(app.looked, None, "that network is gone");
    app.update(Msg::Look(false));
    assert_eq!(looks(&answer(&mut app, 0)), 0);
}

#[test]
fn a_link_that_would_train_for_ever_stands_still_and_says_so() {
    for pause in ["4294967295", "99999999999999", "2001"] {
        let link = format!("pause={pause}");
        let mut opened = App::new(&link, true);
        let mut changed = App::new("", false);
        changed.update(Msg::Load(link));
        for app in [&mut opened, &mut changed] {
            told(app, Msg::Report(Report::Ready));
            answer(app, 0);
            let effects = app.update(Msg::Tick(0.02));
            assert!(matches!(posted(&effects)[..], [Command::Advance { steps: 2000, .. }]), "{effects:?}");
            answer(app, 2000);
            assert_eq!((app.phase.clone(), app.notes.len()), (Phase::Paused, 1));
        }
    }
}

#[test]
fn a_worker_that_never_loads_is_missed_and_restart_tries_another() {
    for link in ["", "run=click"] {
        let mut app = App::new(link, false);
        let before = app.phase.clone();
        for _ in 0..119 {
            app.update(Msg::Tick(0.25));
        }
        assert_eq!(app.phase, before, "a slow start");
        assert!(app.is_waiting_for_frames());
        (0..3).for_each(|_| drop(app.update(Msg::Tick(0.25))));
        assert!(
            matches!(&app.phase, Phase::Stopped(why) if why.contains("does not load")),
            "{:?}",
            app.phase
        );
        assert!(!app.is_waiting_for_frames());
        assert!(app.update(Msg::TrainOrPause).contains(&Effect::NewWorker));
    }
}

#[test]
fn a_report_that_contradicts_itself_stops_the_trainer() {
    let mut app = opened();
    app.update(Msg::Tick(0.05));
    let frame = Box::new(Frame { step: 3, losses: [vec![0.5; 9], Vec::new()], ..Frame::default() });
    app.update(Msg::Report(Report::Frame { generation: app.generation, frame }));
    assert!(matches!(app.phase, Phase::Stopped(_)), "nine losses in three steps");
}

#[test]
fn where_the_page_trains_by_itself_a_large_network_is_warned_of() {
    for (link, warned) in [("l=3", false), ("l=64&w=128&b=128", true)] {
        let mut app = App::new(link, false);
        app.update(Msg::InPage);
        app.update(Msg::InPage);
        assert_eq!(app.notes.len(), 1, "{:?}", app.notes);
        assert_eq!(app.notes_words().contains("answer late"), warned, "{link}");
    }
}
