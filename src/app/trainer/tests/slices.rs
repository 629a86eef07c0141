//! What takes several slices: checks and files. In many it gives the same as in one.

use super::*;
use crate::lab::wire::Checked;

fn check(trainer: &mut Trainer, fresh: bool, clock: Clock<'_>) -> Checked {
    match trainer.obey(Command::Check { generation: 1, fresh }, clock) {
        Some(Report::Checked { generation: 1, checked }) => checked,
        other => panic!("{other:?}"),
    }
}

/// Parameters checked so far, of the second network.
fn parameters(checked: &Checked) -> u32 {
    checked.arms[1].as_ref().unwrap().parameters.0
}

#[test]
fn a_check_in_slices_finds_what_one_finds_at_once() {
    let whole = check(&mut started(1, LINK), true, &ample);
    assert!(whole.done && parameters(&whole) > 50);
    let (mut trainer, hasty) = (started(1, LINK), passing(10.0));
    let (mut checked, mut slices) = (check(&mut trainer, true, &hasty), 1);
    while !checked.done {
        let before = parameters(&checked);
        checked = check(&mut trainer, false, &hasty);
        assert!(parameters(&checked) >= before, "it goes on where it was");
        slices += 1;
    }
    assert!(slices > 10, "{slices}");
    assert_eq!(checked, whole);
}

#[test]
fn a_check_is_of_the_step_it_began_at_until_it_is_begun_anew() {
    let (mut trainer, hasty) = (started(1, LINK), passing(10.0));
    let first = check(&mut trainer, false, &hasty);
    assert_eq!((first.step, first.done), (0, false), "the first begins by itself");
    advance(&mut trainer, 5, false, &ample);
    assert_eq!(check(&mut trainer, false, &hasty).step, 0);
    // What is late must not take the place of what is under way.
    assert_eq!(trainer.obey(Command::Check { generation: 2, fresh: true }, &ample), None);
    let gone_on = check(&mut trainer, false, &hasty);
    assert_eq!((gone_on.step, parameters(&gone_on)), (0, 3 * parameters(&first)));
    let anew = check(&mut trainer, true, &hasty);
    assert_eq!((anew.step, parameters(&anew)), (5, parameters(&first)));
    assert_eq!(trainer.obey(start(1, LINK), &ample), None);
    assert_eq!(check(&mut trainer, false, &ample).step, 0, "another run has another check");
}

#[test]
fn of_a_network_that_diverged_nothing_is_checked_and_it_is_said_when() {
    let mut trainer = started(1, "l=6&lr=1000&s=3&i=he");
    let at = advance(&mut trainer, 40, false, &ample).diverged_at[0].unwrap();
    let checked = check(&mut trainer, true, &ample);
    assert_eq!(checked.arms[0], Err(format!("It diverged at step {at}.")));
    assert!(checked.done && checked.arms[1].is_ok());
}

/// One slice of a file: its text, or how far the run has been repeated.
fn export(trainer: &mut Trainer, format: Format, fresh: bool, clock: Clock<'_>) -> Result<String, u32> {
    match trainer.obey(Command::Export { generation: 1, format, fresh }, clock) {
        Some(Report::Exporting { generation: 1, step }) => Err(step),
        Some(Report::Exported { generation: 1, format: of, text }) if of == format => Ok(text.unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_written_in_slices_says_what_one_says_that_is_written_at_once() {
    for (format, mark) in
        [(Format::Csv, "# BatchNorm Playground"), (Format::Json, "{"), (Format::PyTorch, "import torch")]
    {
        let mut trainer = started(1, LINK);
        advance(&mut trainer, 12, false, &ample);
        let whole = export(&mut trainer, format, true, &ample).unwrap();
        assert!(whole.contains(mark), "{whole}");
        let (hasty, mut steps) = (passing(5.0), Vec::new());
        let mut part = export(&mut trainer, format, true, &hasty);
        while let Err(step) = part {
            steps.push(step);
            part = export(&mut trainer, format, false, &hasty);
        }
        assert_eq!(part.as_ref(), Ok(&whole));
        assert!(steps.len() > 2 && steps.is_sorted_by(|a, b| a < b), "{steps:?}");
    }
}

#[test]
fn a_file_begun_anew_is_of_the_run_as_it_is_now() {
    let (mut trainer, hasty) = (started(1, LINK), passing(5.0));
    advance(&mut trainer, 12, false, &ample);
    assert_eq!(export(&mut trainer, Format::Json, true, &hasty), Err(3));
    // What is late must not take the place of what is under way.
    let late = Command::Export { generation: 2, format: Format::Csv, fresh: true };
    assert_eq!(trainer.obey(late, &ample), None);
    assert_eq!(export(&mut trainer, Format::Json, false, &hasty), Err(6));
    advance(&mut trainer, 8, false, &ample);
    let text = export(&mut trainer, Format::Csv, true, &ample).unwrap();
    assert!(text.contains("step 20"), "{text}");
    assert_eq!(export(&mut trainer, Format::Json, false, &hasty), Err(3), "what is written is done with");
    assert_eq!(trainer.obey(start(1, LINK), &ample), None);
    let text = export(&mut trainer, Format::Json, false, &ample).unwrap();
    assert!(text.contains("step 0"), "another run has another file: {text}");
}
