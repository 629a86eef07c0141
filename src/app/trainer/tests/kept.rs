//! Jobs of a sweep, and files that are sent once.

use super::*;
use crate::data::digits;
use crate::data::own::Own;
use crate::lab::claim::job::{self, Measure};
use crate::nn::norm::Norm;

fn job(link: &str, steps: u32) -> Job {
    Job { experiment: experiment(link), arm: Norm::Batch, steps, measure: Measure::Training { every: 20 } }
}

fn begin(generation: u32, index: u32, job: &Job) -> Command {
    Command::Job { generation, index, job: Box::new(job.clone()), file: None }
}

fn outcome(generation: u32, index: u32, job: &Job) -> Option<Report> {
    Some(Report::Outcome { generation, index, outcome: job::run(job, None) })
}

/// With the looks at a clock of 50 ms a look that a slice takes.
fn ends_as_at_once(mut trainer: Trainer, looks: usize) {
    let (job, hasty) = (job(LINK, 200), passing(50.0));
    let mut answer = trainer.obey(begin(3, 1, &job), &hasty);
    let mut slices = 1;
    while answer == Some(Report::Working { generation: 3, index: 1 }) {
        answer = trainer.obey(Command::GoOn { generation: 3, index: 1 }, &hasty);
        slices += 1;
    }
    assert_eq!(answer, outcome(3, 1, &job));
    assert_eq!(slices, 200_usize.div_ceil(looks * 8));
    assert_eq!(trainer.obey(Command::GoOn { generation: 3, index: 1 }, &hasty), None, "it is over");
}

#[test]
fn a_job_in_slices_ends_as_one_that_is_done_at_once() {
    // 150 ms are over at the fourth look; in a page, which has frames to draw, a slice is over at the first.
    ends_as_at_once(Trainer::in_worker(), 4);
    ends_as_at_once(Trainer::in_page(), 1);
}

#[test]
fn a_job_is_given_up_for_another_and_only_that_one_goes_on() {
    let (first, second) = (job(LINK, 200), job("d=xor&l=2&w=8&b=16", 100));
    let (mut trainer, hasty) = (Trainer::in_worker(), passing(50.0));
    assert_eq!(trainer.obey(begin(3, 1, &first), &hasty), Some(Report::Working { generation: 3, index: 1 }));
    assert_eq!(trainer.obey(begin(4, 2, &second), &hasty), Some(Report::Working { generation: 4, index: 2 }));
    for (generation, index) in [(3, 1), (4, 1), (3, 2)] {
        assert_eq!(trainer.obey(Command::GoOn { generation, index }, &ample), None, "{generation}, {index}");
    }
    assert_eq!(trainer.obey(Command::GoOn { generation: 4, index: 2 }, &ample), outcome(4, 2, &second));
}

#[test]
fn a_job_that_cannot_be_done_is_a_sentence_and_the_one_before_it_is_given_up() {
    let mut trainer = Trainer::in_worker();
    trainer.obey(begin(3, 0, &job(LINK, 200)), &passing(50.0));
    let refused = trainer.obey(begin(3, 1, &job("d=digits", 10)), &ample);
    let reason = Err("The digits have not been loaded.".to_owned());
    assert_eq!(refused, Some(Report::Outcome { generation: 3, index: 1, outcome: reason }));
    for index in [0, 1] {
        assert_eq!(trainer.obey(Command::GoOn { generation: 3, index }, &ample), None);
    }
}

/// A run on examples of the reader's own.
fn own() -> (Experiment, Vec<u8>) {
    let points: Vec<_> = (0..40).map(|i| (i as f32 / 40.0, (i % 7) as f32 / 7.0, (i % 2) as u8)).collect();
    let own = Own::from_points(&points).unwrap();
    let run = experiment("l=2&w=8&b=8");
    let shape = own.shape(u64::from(run.data_seed));
    (Experiment { data: DataKind::Own, own: Some(shape), ..run }, own.to_bytes())
}

#[test]
fn files_of_either_kind_are_kept_from_start_to_start() {
    let on_digits = experiment("d=digits&l=1&w=8&b=16");
    let (on_own, examples) = own();
    let mut trainer = Trainer::in_worker();
    let mut start = |experiment: &Experiment, file: Option<&[u8]>| {
        let (experiment, file) = (experiment.clone(), file.map(<[u8]>::to_vec));
        trainer.obey(Command::Start { generation: 1, experiment, unit: 0, file }, &ample)
    };
    for experiment in [&on_digits, &on_own] {
        assert!(matches!(start(experiment, None), Some(Report::Refused { .. })), "there is no file yet");
    }
    assert_eq!(start(&on_digits, Some(digits::PACKED)), None);
    assert_eq!(start(&on_own, Some(&examples)), None);
    assert_eq!(start(&experiment(LINK), None), None);
    assert_eq!(start(&on_digits, None), None);
    assert_eq!(start(&on_own, None), None);
}

#[test]
fn a_job_has_the_digits_that_were_sent_with_another() {
    let job = job("d=digits&l=1&w=8&b=16", 2);
    let mut trainer = Trainer::in_worker();
    let done =
        Some(Report::Outcome { generation: 1, index: 0, outcome: job::run(&job, Some(digits::PACKED)) });
    let file = Some(digits::PACKED.to_vec());
    let with_file = Command::Job { generation: 1, index: 0, job: Box::new(job.clone()), file };
    assert_eq!(trainer.obey(with_file, &ample), done);
    assert_eq!(trainer.obey(begin(1, 0, &job), &ample), done);
}
