//! Looking at a network without touching it: layer statistics, histograms, silent units, and what it has learned.

use super::experiment::{Experiment, Picture};
use super::frame::{
    ArmSnapshot, BINS, GRID_SIDE, HISTOGRAM_REACH, LayerSnapshot, LayerStats, Learned, Mistakes, SHOWN_IMAGES,
};
use super::run::{Run, Watch};
use crate::data::Dataset;
use crate::data::sampler::Batch;
use crate::math::matrix::Matrix;
use crate::nn::activation::Activation;
use crate::nn::loss;
use crate::nn::tape::{GradientWatch, Tape};

/// Share of a bounded activation's range beyond which its value counts as saturated.
pub const SATURATED: f32 = 0.97;
/// Share of the training examples at which a saturated unit must be saturated.
pub const SATURATED_SHARE: f64 = 0.95;
/// Silent units are looked for in so many training examples that their features and activations are about so many
/// numbers: in all of them for the built-in data and networks of a usual size.
const NUMBERS_LOOKED_AT: usize = 600_000;
/// But in so many at least.
const LEAST_LOOKED_AT: usize = 200;
/// Test images looked at together when mistakes are looked for.
const IMAGES_AT_A_TIME: usize = 256;
/// The percentiles of the 2015 paper's Fig. 1.
const PERCENTILES: [f32; 3] = [0.15, 0.5, 0.85];

/// Statistics of every hidden layer from a tape and the gradient sizes of its backward pass.
pub(super) fn layer_stats(tape: &Tape, sizes: &GradientWatch, unit: usize, into: &mut Vec<LayerStats>) {
    into.clear();
    for (l, size) in sizes.layers.iter().enumerate() {
        let gradients = [size.d_activation, size.d_linear, size.d_weight];
        into.push(LayerStats {
            percentiles: percentiles(tape.layer(l).pre_activation(), unit).map(finite),
            gradients: gradients.map(finite),
        });
    }
}

/// What is not finite is told as the largest number there is: the viewer shows it as clipped, never as NaN.
pub(super) fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { f32::MAX }
}

/// The 15th, 50th and 85th percentile of one column, between neighbours as needed (linear).
pub(super) fn percentiles(values: &Matrix, column: usize) -> [f32; 3] {
    let column = column.min(values.cols() - 1);
    let mut sorted: Vec<f32> = (0..values.rows()).map(|r| values.get(r, column)).collect();
    sorted.sort_by(f32::total_cmp);
    PERCENTILES.map(|p| {
        let at = p * (sorted.len() - 1) as f32;
        let below = at as usize;
        let above = (below + 1).min(sorted.len() - 1);
        let share = at - below as f32;
        sorted[below] * (1.0 - share) + sorted[above] * share
    })
}

/// Counts of the values in the fixed bins; values beyond the ends are in the end bins, NaN in none.
fn histogram(values: &Matrix) -> Vec<u32> {
    let mut counts = vec![0; BINS];
    let per_unit = BINS as f32 / (2.0 * HISTOGRAM_REACH);
    for r in 0..values.rows() {
        for &value in values.row(r) {
            if !value.is_nan() {
                let bin = ((value + HISTOGRAM_REACH) * per_unit).clamp(0.0, (BINS - 1) as f32);
                counts[bin as usize] += 1;
            }
        }
    }
    counts
}

/// Whether a unit's output says nothing: 0 for ReLU, the end of its range for tanh and sigmoid.
fn is_silent(activation: Activation, output: f32) -> bool {
    match activation {
        Activation::Relu => output == 0.0,
        Activation::Tanh => output.abs() > SATURATED,
        Activation::Sigmoid => (2.0 * output - 1.0).abs() > SATURATED,
        Activation::LeakyRelu | Activation::Gelu | Activation::Linear => false,
    }
}

/// In how many training examples, the first of them, silent or saturated units are looked for.
pub fn examples_looked_at(experiment: &Experiment) -> usize {
    let per_example = experiment.features() + (experiment.hidden_layers * experiment.width) as usize;
    let (train, _) = experiment.examples();
    (NUMBERS_LOOKED_AT / per_example).max(LEAST_LOOKED_AT).min(train)
}

/// Silent units (0 for every training example) or saturated ones (beyond 97 % of their range for 95 % of them),
/// per layer, in evaluation mode.
fn silent_units(run: &mut Run, train: &Matrix, examples: usize) -> Vec<u32> {
    let (layers, width) = (run.network().config().hidden_layers, run.network().config().width);
    let activation = run.network().config().activation;
    let mut counts = vec![vec![0_usize; width]; layers];
    run.for_each_chunk(train, examples, |_, tape| {
        for (l, counts) in counts.iter_mut().enumerate() {
            let outputs = tape.layer(l).activation();
            for r in 0..outputs.rows() {
                for (count, &output) in counts.iter_mut().zip(outputs.row(r)) {
                    *count += usize::from(is_silent(activation, output));
                }
            }
        }
    });
    let share = if activation == Activation::Relu { 1.0 } else { SATURATED_SHARE };
    let enough = (share * examples as f64).ceil() as usize;
    counts.iter().map(|units| units.iter().filter(|&&count| count >= enough).count() as u32).collect()
}

/// The chance of class 1 in every cell of the plane's grid, row by row from the bottom left.
fn plane(run: &mut Run, reach: f32) -> Vec<f32> {
    let coordinate = |i: usize| reach * ((2 * i + 1) as f32 / GRID_SIDE as f32 - 1.0);
    let mut cells = Matrix::zeros(GRID_SIDE * GRID_SIDE, 2);
    for cell in 0..GRID_SIDE * GRID_SIDE {
        cells.set(cell, 0, coordinate(cell % GRID_SIDE));
        cells.set(cell, 1, coordinate(cell / GRID_SIDE));
    }
    let mut chance = Vec::with_capacity(GRID_SIDE * GRID_SIDE);
    run.for_each_chunk(&cells, cells.rows(), |_, tape| {
        let logits = tape.logits();
        chance.extend((0..logits.rows()).map(|r| {
            let odds = libm::expf(logits.get(r, 0) - logits.get(r, 1));
            if odds.is_nan() { 0.5 } else { 1.0 / (1.0 + odds) }
        }));
    });
    chance
}

/// Which test images are shown: two of each class, in the order of the test set.
pub fn shown_images(labels: &[u8], classes: usize) -> Vec<u32> {
    let per_class = (SHOWN_IMAGES / classes).max(1);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); per_class];
    for class in 0..classes as u8 {
        let members = (0..labels.len()).filter(|&i| labels[i] == class).take(per_class);
        for (row, member) in rows.iter_mut().zip(members) {
            row.push(member as u32);
        }
    }
    rows.into_iter().flatten().take(SHOWN_IMAGES).collect()
}

/// The predicted class of these test images.
fn readings(run: &mut Run, data: &Dataset, rows: &[u32]) -> Vec<u8> {
    let mut images = Matrix::zeros(1, data.features);
    data.test.x.select_rows(rows, &mut images);
    let mut predictions = Vec::new();
    run.for_each_chunk(&images, images.rows(), |_, tape| {
        let logits = tape.logits();
        predictions.extend((0..logits.rows()).map(|r| loss::prediction(logits.row(r)) as u8));
    });
    predictions
}

/// The first test images that either network gets wrong. No more are looked at than it takes to find them.
pub(super) fn mistakes(arms: &mut [Run; 2], data: &Dataset) -> Mistakes {
    let labels = &data.test.y;
    let mut found = Mistakes::default();
    let mut first = 0;
    while first < labels.len() && found.rows.len() <= SHOWN_IMAGES {
        let last = (first + IMAGES_AT_A_TIME).min(labels.len());
        let rows: Vec<u32> = (first as u32..last as u32).collect();
        let read = arms.each_mut().map(|arm| readings(arm, data, &rows));
        for (k, &row) in rows.iter().enumerate() {
            if read.iter().any(|read| read[k] != labels[row as usize]) {
                found.rows.push(row);
                (0..2).for_each(|arm| found.read[arm].push(read[arm][k]));
            }
        }
        first = last;
    }
    found.all = found.rows.len() <= SHOWN_IMAGES;
    found.rows.truncate(SHOWN_IMAGES);
    found.read.iter_mut().for_each(|read| read.truncate(SHOWN_IMAGES));
    found
}

/// How many test examples of each class are taken for each class.
fn confusions(run: &mut Run, data: &Dataset) -> Vec<u32> {
    let mut counts = vec![0; data.classes * data.classes];
    run.for_each_chunk(&data.test.x, data.test.len(), |first, tape| {
        let logits = tape.logits();
        for r in 0..logits.rows() {
            let class = usize::from(data.test.y[first + r]);
            counts[class * data.classes + loss::prediction(logits.row(r))] += 1;
        }
    });
    counts
}

/// Everything about one arm, now: statistics on the batch to come, silent units over the training set, what it has
/// learned. Moves nothing.
pub(super) fn snapshot(
    run: &mut Run,
    experiment: &Experiment,
    batch: &Batch,
    data: &Dataset,
    watch: Watch,
) -> ArmSnapshot {
    let mut stats = Vec::new();
    let tape = run.look_ahead(batch, watch, &mut stats);
    let histograms: Vec<Vec<u32>> =
        (0..stats.len()).map(|l| histogram(tape.layer(l).pre_activation())).collect();
    let silent = silent_units(run, &data.train.x, examples_looked_at(experiment));
    let parameters = &run.network().parameters().layers;
    let layers = histograms
        .into_iter()
        .zip(stats)
        .enumerate()
        .map(|(l, (histogram, stats))| {
            let norm = parameters[l].norm.as_ref();
            let dense = |values: Option<&Matrix>| {
                values.map_or(Vec::new(), |values| values.values().map(finite).collect())
            };
            LayerSnapshot {
                histogram,
                silent: silent[l],
                gamma: dense(norm.map(|norm| &norm.gamma)),
                beta: dense(norm.map(|norm| &norm.beta)),
                stats,
            }
        })
        .collect();
    let learned = match experiment.picture() {
        Picture::Plane => Learned::Plane(plane(run, experiment.reach())),
        Picture::Images => Learned::Images(readings(run, data, &shown_images(&data.test.y, data.classes))),
        Picture::Counts => Learned::Counts(confusions(run, data)),
    };
    ArmSnapshot { layers, learned: Some(learned) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::lab::comparison::Comparison;
    use crate::lab::link;
    use crate::nn::mlp::Statistics;

    #[test]
    fn percentiles_lie_between_neighbours() {
        let values = Matrix::from_rows(5, 2, &[0.0, 9.0, 1.0, 9.0, 2.0, 9.0, 3.0, 9.0, 4.0, 9.0]);
        let [low, middle, high] = percentiles(&values, 0);
        assert!((low - 0.6).abs() < 1e-6 && middle == 2.0 && (high - 3.4).abs() < 1e-6);
        assert_eq!(percentiles(&values, 1), [9.0; 3]);
    }

    #[test]
    fn every_value_is_in_one_bin_and_the_far_ones_in_the_end_bins() {
        let values = Matrix::from_rows(1, 6, &[-100.0, -4.0, 0.0, 3.99, 4.0, f32::INFINITY]);
        let counts = histogram(&values);
        assert_eq!(counts.iter().sum::<u32>(), 6);
        assert_eq!((counts[0], counts[BINS / 2], counts[BINS - 1]), (2, 1, 3));
    }

    /// Against a plain search through every image of the test set.
    #[test]
    fn mistakes_are_the_first_images_in_test_order_that_either_network_gets_wrong() {
        let (experiment, _) = link::read("d=digits&l=1&w=16&lr=0.5&b=60");
        let data = experiment.dataset(Some(digits::PACKED)).unwrap();
        let mut run = Comparison::new(experiment, data.clone(), 0).unwrap();
        let mut lengths = Vec::new();
        for step in 0..=600 {
            if step % 200 == 0 {
                let every: Vec<u32> = (0..data.test.len() as u32).collect();
                let read = run.arms().each_ref().map(|arm| {
                    let mut tape = Tape::new(arm.network().config(), data.test.len());
                    arm.network().forward_with(&data.test.x, Statistics::Running, &mut tape);
                    let logits = tape.logits();
                    (0..logits.rows()).map(|r| loss::prediction(logits.row(r)) as u8).collect::<Vec<u8>>()
                });
                let wrong: Vec<u32> = every
                    .into_iter()
                    .filter(|&i| read.iter().any(|read| read[i as usize] != data.test.y[i as usize]))
                    .collect();
                let found = run.frame(true).snapshot.unwrap().mistakes.unwrap();
                let shown = wrong.len().min(SHOWN_IMAGES);
                assert_eq!((&found.rows[..], found.all), (&wrong[..shown], wrong.len() <= SHOWN_IMAGES));
                for (read, told) in read.iter().zip(&found.read) {
                    let expected: Vec<u8> = found.rows.iter().map(|&i| read[i as usize]).collect();
                    assert_eq!(told, &expected);
                }
                lengths.push(wrong.len());
            }
            run.advance();
        }
        assert!(lengths[0] > 200 && lengths[3] < 60, "{lengths:?} mistakes: the test would see nothing");
    }

    #[test]
    fn shown_images_are_two_of_each_class_in_rows() {
        let y: Vec<u8> = (0..40).map(|i| (i % 10) as u8).collect();
        let shown = shown_images(&y, 10);
        assert_eq!(shown.len(), 20);
        assert!(shown.iter().enumerate().all(|(k, &i)| i as usize % 10 == k % 10));
    }
}
