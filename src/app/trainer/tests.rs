//! Commands in, reports out, under clocks of our own: runs, and what is done in slices. What is asked for in one slice
//! is compared with the same in many.

mod kept;
mod slices;

use std::cell::Cell;

use super::*;
use crate::lab::frame::Frame;
use crate::lab::link;

/// A small run.
const LINK: &str = "d=circle&l=2&w=8&b=16&dp=60&lr=0.1";

/// This clock stands still: a slice has time for everything.
fn ample() -> f64 {
    0.0
}

/// With every look at it, so many milliseconds have passed.
fn passing(milliseconds: f64) -> impl Fn() -> f64 {
    let time = Cell::new(0.0);
    move || time.replace(time.get() + milliseconds)
}

fn experiment(link: &str) -> Experiment {
    let (experiment, notes) = link::read(link);
    assert_eq!(notes, Vec::<String>::new());
    experiment
}

fn start(generation: u32, link: &str) -> Command {
    Command::Start { generation, experiment: experiment(link), unit: 0, file: None }
}

/// A trainer with this run under this number.
fn started(generation: u32, link: &str) -> Trainer {
    let mut trainer = Trainer::in_worker();
    assert_eq!(trainer.obey(start(generation, link), &ample), None);
    trainer
}

/// At most so many steps of run 1, and what they tell.
fn advance(trainer: &mut Trainer, steps: u32, snapshot: bool, clock: Clock<'_>) -> Frame {
    match trainer.obey(Command::Advance { generation: 1, steps, snapshot }, clock) {
        Some(Report::Frame { generation: 1, frame }) => *frame,
        other => panic!("{other:?}"),
    }
}

/// Everything that can be asked of a run.
fn all_of(generation: u32) -> Vec<Command> {
    vec![
        Command::Advance { generation, steps: 5, snapshot: true },
        Command::Retune { generation, experiment: experiment("d=circle&l=2&w=8&b=16&dp=60&lr=10") },
        Command::Check { generation, fresh: true },
        Command::Export { generation, format: Format::Json, fresh: true },
        Command::Look { generation, which: [0, 0] },
    ]
}

#[test]
fn what_is_asked_of_a_run_that_is_gone_is_dropped_in_silence_and_disturbs_nothing() {
    let mut trainer = started(0, "d=xor");
    assert_eq!(trainer.obey(start(1, LINK), &ample), None);
    for command in all_of(0).into_iter().chain(all_of(2)) {
        assert_eq!(trainer.obey(command.clone(), &ample), None, "{command:?}");
    }
    let undisturbed = advance(&mut started(1, LINK), 10, true, &ample);
    assert_eq!(advance(&mut trainer, 10, true, &ample), undisturbed);
}

#[test]
fn a_refused_start_is_one_sentence_and_leaves_nothing_running() {
    let mut trainer = started(1, LINK);
    let of_one_example = Experiment { batch_size: 1, ..experiment(LINK) };
    let command = Command::Start { generation: 2, experiment: of_one_example, unit: 0, file: None };
    let refused = trainer.obey(command, &ample);
    let Some(Report::Refused { generation: 2, reason }) = refused else { panic!("{refused:?}") };
    assert_eq!((reason.matches(". ").count(), reason.ends_with('.')), (0, true), "{reason}");
    for command in all_of(1).into_iter().chain(all_of(2)) {
        assert_eq!(trainer.obey(command.clone(), &ample), None, "{command:?}");
    }
}

#[test]
fn a_time_limit_ends_a_slice_and_changes_no_number() {
    let (mut at_once, mut bit_by_bit) = (started(1, LINK), started(1, LINK));
    let whole = advance(&mut at_once, 25, false, &ample);
    assert_eq!(whole.step, 25, "no more than were asked for");
    let (hasty, mut parts) = (passing(5.0), Frame::default());
    while parts.step < 25 {
        let frame = advance(&mut bit_by_bit, 25 - parts.step, false, &hasty);
        assert_eq!((frame.first_step, frame.step), (parts.step, (parts.step + 3).min(25)), "12 ms are over");
        (0..2).for_each(|arm| parts.losses[arm].extend(&frame.losses[arm]));
        parts.evaluations.extend(frame.evaluations);
        parts.layers.extend(frame.layers);
        parts.step = frame.step;
    }
    assert_eq!(wire::encode(&parts), wire::encode(&whole));
    let last = [(at_once, &ample as Clock<'_>), (bit_by_bit, &hasty)]
        .map(|(mut trainer, clock)| wire::encode(&advance(&mut trainer, 0, true, clock)));
    assert_eq!(last[0], last[1]);
}

#[test]
fn every_slice_makes_a_step_however_late_it_is() {
    let mut trainer = started(1, LINK);
    assert_eq!(advance(&mut trainer, 25, false, &passing(1000.0)).step, 1);
}

#[test]
fn a_page_that_trains_by_itself_waits_for_less_than_a_worker_may_take() {
    let mut in_page = Trainer::in_page();
    in_page.obey(start(1, LINK), &ample);
    assert_eq!(advance(&mut in_page, 25, false, &passing(5.0)).step, 2, "6 ms are over");
}

#[test]
fn a_live_change_is_measured_at_once_and_counts_from_the_next_step_on() {
    let changed = experiment(&format!("{LINK}&lrs=4:0.5"));
    let mut trainer = started(1, LINK);
    let mut frame = advance(&mut trainer, 4, false, &ample);
    assert_eq!(trainer.obey(Command::Retune { generation: 1, experiment: changed.clone() }, &ample), None);
    let rest = advance(&mut trainer, 6, false, &ample);
    assert_eq!(rest.evaluations[0].0, 4, "where it was changed");
    (0..2).for_each(|arm| frame.losses[arm].extend(&rest.losses[arm]));
    let known_before = advance(&mut started(1, &link::write(&changed)), 10, false, &ample);
    assert_eq!(frame.losses, known_before.losses);
}

#[test]
fn once_both_networks_have_diverged_no_step_is_made() {
    let mut trainer = started(1, "l=6&lr=1000&s=3&i=he&n=none");
    let frame = advance(&mut trainer, 400, false, &ample);
    let diverged = frame.diverged_at.map(Option::unwrap);
    assert_eq!(frame.step, diverged[0].max(diverged[1]) + 1);
    assert_eq!(advance(&mut trainer, 5, false, &ample).step, frame.step);
}

#[test]
fn a_look_tells_of_the_unit_it_was_asked_for() {
    let looked = started(1, LINK).obey(Command::Look { generation: 1, which: [1, 3] }, &ample);
    let Some(Report::Looked { generation: 1, looked }) = looked else { panic!("{looked:?}") };
    assert_eq!((looked.step, looked.layer, looked.unit, looked.seen.is_some()), (0, 1, 3, true));
}

#[test]
fn bytes_are_answered_with_bytes_and_those_that_cannot_be_read_with_a_sentence() {
    let mut trainer = Trainer::in_worker();
    let mut tell = |bytes: &[u8]| trainer.handle(bytes, &ample);
    assert_eq!(tell(&wire::encode(&start(1, LINK))), None);
    let advanced =
        tell(&wire::encode(&Command::Advance { generation: 1, steps: 2, snapshot: false })).unwrap();
    assert!(matches!(wire::decode(&advanced), Ok(Report::Frame { generation: 1, frame }) if frame.step == 2));
    let refused = wire::decode(&tell(&[0, 1, 2]).unwrap());
    assert!(matches!(refused, Ok(Report::Refused { generation: 0, .. })), "{refused:?}");
}
