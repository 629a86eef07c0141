//! What is done beside training: checks, files, a look at a unit.

use super::*;

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
