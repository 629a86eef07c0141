//! A run repeats to the bit: twice, in any slicing, alone or beside its twin, watched or not; and it is fair: equal
//! initial weights, the same mini-batches.

use batchnorm_playground::data::digits;
use batchnorm_playground::data::sampler::{Batch, BatchSampler};
use batchnorm_playground::lab::comparison::{Comparison, Schedule};
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::run::Run;
use batchnorm_playground::math::matrix::Matrix;
use batchnorm_playground::nn::norm::Norm;

const LINKS: [&str; 6] = [
    "",
    "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60",
    "d=xor&l=3&w=17&a=gelu&n=rms&o=adam&lr=0.003&b=50",
    "l=5&w=24&a=tanh&n=dyt&o=nesterov&lr=0.02",
    "l=3&w=32&p=after&lr=0.1&b=64&n=gn",
    "lrs=10:0.1,30:0.5&hlr=2&n=ln&wd=0.001",
];
const STEPS: u32 = 60;

fn experiment(link: &str) -> Experiment {
    let (experiment, notes) = link::read(link);
    assert_eq!(notes, Vec::<String>::new(), "{link}");
    experiment
}

fn comparison(link: &str) -> Comparison {
    let experiment = experiment(link);
    let data = experiment.dataset(Some(digits::PACKED)).unwrap();
    Comparison::new(experiment, data, 0).unwrap()
}

fn fingerprints(comparison: &Comparison) -> [u64; 2] {
    comparison.arms().each_ref().map(|arm| arm.network().fingerprint())
}

#[test]
fn the_same_experiment_gives_the_same_losses_however_it_is_sliced_and_watched() {
    for link in LINKS {
        let mut at_once = comparison(link);
        (0..STEPS).for_each(|_| at_once.advance());
        let losses = at_once.frame(false).losses;

        let mut sliced = comparison(link);
        sliced.set_schedule(Schedule { evaluate_every: 3, sample_every: 1 });
        let mut pieces: [Vec<f32>; 2] = Default::default();
        for slice in [1, 2, 30, 7, 20] {
            (0..slice).for_each(|_| sliced.advance());
            let frame = sliced.frame(slice != 7);
            pieces.iter_mut().zip(frame.losses).for_each(|(all, part)| all.extend(part));
        }
        let bits = |losses: &[Vec<f32>; 2]| {
            losses.each_ref().map(|l| l.iter().map(|v| v.to_bits()).collect::<Vec<_>>())
        };
        assert_eq!(bits(&losses), bits(&pieces), "{link}");
        assert_eq!(fingerprints(&at_once), fingerprints(&sliced), "{link}");
        assert!(
            losses[0].len() == STEPS as usize && losses[0] != losses[1],
            "{link}: the arms do not differ"
        );
    }
}

#[test]
fn an_arm_alone_is_the_arm_beside_its_twin() {
    for link in LINKS {
        let mut pair = comparison(link);
        (0..STEPS).for_each(|_| pair.advance());
        let experiment = experiment(link);
        let data = experiment.dataset(Some(digits::PACKED)).unwrap();
        for (a, arm) in experiment.arms().iter().enumerate() {
            let mut alone = Run::new(&experiment, arm);
            let size = experiment.batch_size as usize;
            let mut sampler = BatchSampler::new(u64::from(experiment.seed), data.train.len(), size);
            let mut batch = Batch { x: Matrix::zeros(size, data.features), y: Vec::new() };
            for step in 0..STEPS {
                sampler.fill(u64::from(step), &data.train, &mut batch);
                let rates = (experiment.rate_at(step), experiment.hidden_rate);
                alone.step(step, &batch, rates, None, &mut Vec::new());
            }
            assert_eq!(alone.network().fingerprint(), fingerprints(&pair)[a], "{link}, {}", arm.name);
        }
    }
}

#[test]
fn both_arms_start_from_the_same_weights() {
    for link in LINKS {
        let pair = comparison(link);
        let [without, with] = pair.arms().each_ref().map(|arm| &arm.network().parameters().layers);
        for (a, b) in without.iter().zip(with.iter()) {
            assert_eq!(a.weight.to_dense(), b.weight.to_dense(), "{link}");
        }
        assert_ne!(
            without[0].weight.to_dense(),
            comparison("seed=1").arms()[0].network().parameters().layers[0].weight.to_dense()
        );
    }
}

#[test]
fn two_equal_arms_stay_equal_and_so_nothing_but_the_norm_sets_them_apart() {
    let mut pair = comparison("n=none");
    assert_eq!(pair.experiment().norm, Norm::None);
    (0..STEPS).for_each(|_| pair.advance());
    let [one, other] = fingerprints(&pair);
    assert_eq!(one, other);
}

#[test]
fn looking_touches_nothing() {
    let mut looked = comparison("");
    let mut plain = comparison("");
    for _ in 0..STEPS {
        looked.frame(true);
        looked.evaluate();
        looked.training_set_loss();
        looked.advance();
        plain.advance();
    }
    assert_eq!(fingerprints(&looked), fingerprints(&plain));
}

#[test]
fn the_2015_figure_is_over_90_percent_with_batch_norm_and_at_chance_without_on_five_seeds() {
    for seed in 1..=5 {
        let mut pair = comparison(&format!("d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60&seed={seed}"));
        (0..100).for_each(|_| pair.advance());
        let frame = pair.frame(false);
        let (_, last) = frame.evaluations.last().unwrap();
        let [without, with] = last.map(|evaluation| evaluation.unwrap().accuracy);
        assert!(with > 0.9, "seed {seed}: {with} with");
        assert!(without < 0.2, "seed {seed}: {without} without");
    }
}
