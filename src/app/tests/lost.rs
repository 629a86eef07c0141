//! A worker that is lost, silent, late or wrong.

use super::*;

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
