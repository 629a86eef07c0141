//! What a drawing does at once, what it leaves for frames of their own, and in which order these come.

use super::*;
use crate::app::Msg;
use crate::lab::frame::{ArmSnapshot, Frame, Snapshot};
use crate::lab::history::Choices;
use crate::lab::view::Scale;

/// The rest of a drawing's work, each in its frame.
fn frames(due: &mut Due, now: f64) -> Vec<Next> {
    std::iter::from_fn(|| due.next(now)).collect()
}

fn each(parts: &[Part]) -> Vec<Next> {
    parts.iter().copied().map(Next::Draw).collect()
}

fn look(app: &mut App, step: u32) {
    let arm = || ArmSnapshot { layers: Vec::new(), learned: None };
    let snapshot = Some(Snapshot { step, fingerprints: [0; 2], arms: [arm(), arm()], mistakes: None });
    app.history.push(Frame { step, snapshot, ..Frame::default() });
}

/// A run that moves and has been looked at at step 5; all of it is drawn and written, at 0 seconds.
fn drawn() -> (App, Due) {
    let (mut app, mut due) = (App::new("", false), Due::default());
    look(&mut app, 5);
    let now = due.draw(&app, false, 0.0);
    assert_eq!(now, Now { parts: PARTS, write: Some(Write::Words) }, "the first drawing is of everything");
    assert!(!due.is_unfinished());
    (app, due)
}

#[test]
fn while_it_moves_words_come_every_six_tenths_of_a_second_and_the_count_more_often() {
    let (app, mut due) = drawn();
    let mut written = Vec::new();
    for now in [0.1, 0.25, 0.3, 0.46, 0.59, 0.61, 0.7, 0.82, 1.0, 1.22] {
        assert_eq!(due.draw(&app, false, now), Now { parts: &[], write: None });
        written.extend(frames(&mut due, now).into_iter().map(|next| (now, next)));
    }
    let (count, words) = (Next::Write(Write::Count), Next::Write(Write::Words));
    assert_eq!(written, [(0.25, count), (0.46, count), (0.61, words), (0.82, count), (1.22, words)]);
}

#[test]
fn at_rest_words_are_written_with_every_drawing() {
    let (mut app, mut due) = drawn();
    app.update(Msg::TrainOrPause);
    for now in [0.01, 0.02] {
        assert_eq!(due.draw(&app, false, now).write, Some(Write::Words));
    }
}

#[test]
fn words_that_wait_come_before_the_parts_of_a_snapshot() {
    let (mut app, mut due) = drawn();
    look(&mut app, 10);
    due.draw(&app, false, 0.1);
    due.write_soon();
    assert_eq!(due.next(0.1), Some(Next::Write(Write::Words)));
    assert_eq!(frames(&mut due, 0.1), each(PARTS));
}

#[test]
fn each_part_of_a_snapshot_has_a_frame_of_its_own_and_is_drawn_once() {
    let (mut app, mut due) = drawn();
    look(&mut app, 10);
    assert_eq!(due.draw(&app, false, 0.1).parts, []);
    assert!(due.is_unfinished());
    assert_eq!(frames(&mut due, 0.1), each(PARTS));
    assert!(!due.is_unfinished());
    due.draw(&app, false, 0.15);
    assert_eq!(frames(&mut due, 0.15), []);
}

#[test]
fn a_snapshot_waits_for_the_last_one() {
    let (mut app, mut due) = drawn();
    look(&mut app, 10);
    due.draw(&app, false, 0.05);
    assert_eq!(due.next(0.06), Some(Next::Draw(Part::Learned(0))));
    assert_eq!(due.next(0.07), Some(Next::Draw(Part::Learned(1))));
    look(&mut app, 15);
    due.draw(&app, false, 0.1);
    assert_eq!(frames(&mut due, 0.1), each(&PARTS[2..]), "what is left of step 10");
    due.draw(&app, false, 0.15);
    assert_eq!(frames(&mut due, 0.15), each(PARTS), "step 15");
}

#[test]
fn a_choice_shows_at_once_in_the_figures_that_it_concerns() {
    let (usual, of_layers) = (drawn().0.choices, &PARTS[OF_EXAMPLES..]);
    let choices = [
        (Choices { layer: 1, ..usual }, of_layers),
        (Choices { unit: 1, ..usual }, of_layers),
        (Choices { gradient: GradientOf::Weights, ..usual }, of_layers),
        (Choices { cursor: Some(3), ..usual }, of_layers),
        (Choices { pick: Pick::Mistakes, ..usual }, PARTS),
        (Choices { scale: Scale::Linear, ..usual }, &[]),
    ];
    for (k, (choice, concerned)) in choices.into_iter().enumerate() {
        let (mut app, mut due) = drawn();
        app.choices = choice;
        assert_eq!(due.draw(&app, false, 0.1).parts, concerned, "{k}");
        assert_eq!(frames(&mut due, 0.1), [], "{k}: nothing is left for later");
    }
}

#[test]
fn with_a_choice_a_new_snapshot_shows_at_once_too() {
    let (mut app, mut due) = drawn();
    look(&mut app, 10);
    app.choices.layer = 1;
    assert_eq!(due.draw(&app, false, 0.1).parts, PARTS);
}

#[test]
fn at_rest_every_drawing_is_of_all_parts_as_it_may_be_another_network() {
    let (mut app, mut due) = drawn();
    app.update(Msg::TrainOrPause);
    for now in [0.1, 0.2] {
        assert_eq!(due.draw(&app, false, now).parts, []);
        assert_eq!(frames(&mut due, now), each(PARTS));
    }
}

#[test]
fn anew_or_for_who_wants_less_motion_all_is_drawn_and_written_in_one_frame() {
    let all = Now { parts: PARTS, write: Some(Write::Words) };
    let (mut app, mut due) = drawn();
    assert_eq!(due.draw(&app, true, 0.1), all);
    due.forget();
    assert_eq!(due.draw(&app, false, 0.1), all);
    app.calm = true;
    assert_eq!(due.draw(&app, false, 0.1), all);
    assert!(!due.is_unfinished());
}

#[test]
fn a_choice_made_while_a_snapshot_is_being_drawn_leaves_none_of_it_out() {
    let (mut app, mut due) = drawn();
    look(&mut app, 10);
    due.draw(&app, false, 0.1);
    assert_eq!(due.next(0.1), Some(Next::Draw(Part::Learned(0))));
    app.choices.cursor = Some(3);
    assert_eq!(due.draw(&app, false, 0.15).parts, PARTS, "the second network's examples waited");
    app.choices.cursor = Some(4);
    assert_eq!(due.draw(&app, false, 0.2).parts, &PARTS[OF_EXAMPLES..]);
}
