//! Messages in, effects out: how a page opens, trains, pauses and ends; the rest by what it is about.

mod beside;
mod data;
mod lost;
mod turned;

use super::*;
use crate::lab::frame::{ArmSnapshot, Frame, Snapshot};
use crate::lab::wire::{Command, Report};

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
fn where_the_page_trains_by_itself_a_large_network_is_warned_of() {
    for (link, warned) in [("l=3", false), ("l=64&w=128&b=128", true)] {
        let mut app = App::new(link, false);
        app.update(Msg::InPage);
        app.update(Msg::InPage);
        assert_eq!(app.notes.len(), 1, "{:?}", app.notes);
        assert_eq!(app.notes_words().contains("answer late"), warned, "{link}");
    }
}
