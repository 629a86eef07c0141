//! The digits, which are fetched, and the reader's own tables, images and points.

use super::*;

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
    assert!(told.contains("flowers.csv: 3\u{2009}000 rows × 4 columns × 3 classes, "), "{told}");
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
