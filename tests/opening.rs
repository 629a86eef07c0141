//! The run that the lab opens with tells its story with both arms, and it is one of the kinder seeds: said and measured.

use batchnorm_playground::export::record::Record;
use batchnorm_playground::lab::experiment::Experiment;

const STEPS: u32 = 600;

/// The first step at which each arm had at least 90 % of the test set right.
fn first_90(experiment: &Experiment) -> [Option<u32>; 2] {
    let data = experiment.dataset(None).unwrap();
    let record = Record::replay(experiment, data, STEPS, u32::MAX, |_| ()).unwrap();
    record.arms.map(|arm| arm.eval.iter().find(|point| point.test_accuracy >= 0.9).map(|point| point.step))
}

#[test]
fn both_arms_of_the_opening_run_get_there_and_batch_norm_much_sooner() {
    let [without, with] =
        first_90(&Experiment::default()).map(|step| step.expect("an arm does not get there"));
    assert!(with <= 60 && without >= 4 * with && without <= 500, "without {without}, with {with}");
}

#[test]
fn with_seven_of_the_first_ten_seeds_the_plain_network_does_not_get_there() {
    let firsts: Vec<_> =
        (1..=10).map(|seed| first_90(&Experiment { seed, ..Experiment::default() })).collect();
    assert_eq!(firsts.iter().filter(|[without, _]| without.is_none()).count(), 7, "{firsts:?}");
    assert!(firsts.iter().all(|[_, with]| with.is_some_and(|step| step <= 70)), "{firsts:?}");
}
