//! The reader's own images at MNIST's size: 784-100-100-100-10 sigmoid, Xavier, rate 0.5, batch 60, as in the 2015
//! figure, on the built-in digits enlarged to 28 x 28 and dropped as a pair of IDX files.

mod digit_files;

use std::time::Instant;

use batchnorm_playground::app::own::OwnMsg;
use batchnorm_playground::app::{App, Effect, Msg};
use batchnorm_playground::data::own::Own;
use batchnorm_playground::lab::comparison::{Comparison, Schedule};
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::wire::{Command, Report};

const SETTINGS: &str = "l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60";

/// What the page sends its worker when the files are dropped.
fn dropped(count: usize) -> (Experiment, Own) {
    let (images, labels) = digit_files::pair(count);
    let mut app = App::new(SETTINGS, false);
    let mut effects = app.update(Msg::Report(Report::Ready));
    effects.extend(
        app.update(Msg::Own(OwnMsg::Files(vec![("images".into(), images), ("labels".into(), labels)]))),
    );
    for _ in 0..200 {
        while let Some(effect) = effects.pop() {
            match effect {
                Effect::Post(Command::Start { experiment, file: Some(file), .. }) => {
                    return (experiment, Own::from_bytes(&file).unwrap());
                }
                // A worker that answers at once.
                Effect::Post(Command::Advance { generation, .. }) => {
                    let frame = Report::Frame { generation, frame: Box::default() };
                    effects.extend(app.update(Msg::Report(frame)));
                }
                _ => {}
            }
        }
        effects = app.update(Msg::Tick(0.02));
    }
    panic!("the files were not read: {:?}", app.own.complaint);
}

/// Test accuracy of both arms now.
fn accuracies(comparison: &mut Comparison) -> [f32; 2] {
    comparison.evaluate();
    let (_, now) = comparison.frame(false).evaluations.pop().unwrap();
    now.map(|evaluation| evaluation.map_or(0.0, |e| e.accuracy))
}

#[test]
fn with_batch_norm_it_reads_most_images_at_step_100_and_without_it_hardly_any() {
    let (experiment, own) = dropped(10_000);
    let data = own.dataset(u64::from(experiment.data_seed));
    assert_eq!((data.train.len(), data.test.len(), data.features, data.classes), (8000, 2000, 784, 10));
    let mut comparison = Comparison::new(experiment, data, 0).unwrap();
    (0..100).for_each(|_| comparison.advance());
    let [without, with] = accuracies(&mut comparison);
    println!("step 100: {without} {with}");
    assert!(with > 0.8 && without < 0.2, "without {without}, with {with}");
    (100..1000).for_each(|_| comparison.advance());
    let [without, with] = accuracies(&mut comparison);
    println!("step 1000: {without} {with}");
    assert!(with > 0.91, "with {with}, without {without}");
}

/// The shortest of twelve times, in seconds: other work on the computer only ever adds to one.
fn shortest(mut work: impl FnMut()) -> f64 {
    let time = |_| {
        let begin = Instant::now();
        work();
        begin.elapsed().as_secs_f64()
    };
    (0..12).map(time).fold(f64::INFINITY, f64::min)
}

#[test]
fn looking_takes_less_than_three_tenths_of_the_time() {
    let (experiment, own) = dropped(10_000);
    let mut comparison = Comparison::new(experiment.clone(), own.dataset(1), 0).unwrap();
    let Schedule { evaluate_every, sample_every } = Schedule::of(&experiment);
    assert_eq!(evaluate_every, 100, "step 100 is looked at");
    comparison.set_schedule(Schedule { evaluate_every: u32::MAX, sample_every });
    let step = shortest(|| (0..10).for_each(|_| comparison.advance())) / 10.0;
    let evaluation = shortest(|| comparison.evaluate()) / f64::from(evaluate_every);
    // Flat out, the page asks for two snapshots a second.
    let snapshots = 2.0 * shortest(|| drop(comparison.frame(true)));
    let share = snapshots + (1.0 - snapshots) * evaluation / (step + evaluation);
    println!(
        "a step {step:.6} s, evaluation {evaluation:.6} s per step, snapshots {snapshots:.3}, share {share:.3}"
    );
    assert!(share < 0.3, "{share}");
}
