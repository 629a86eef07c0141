//! Deals the examples to training and test by seed, and makes them what a network takes.

use super::{Form, MOST_CLASSES, MOST_ROWS, Own};
use crate::data::{DataKind, Dataset, Split};
use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};

/// A table's numbers are standard deviations from the mean; beyond so many, so many.
const FARTHEST: f64 = 1e6;

impl Own {
    /// How many examples are used at once.
    fn used(&self) -> usize {
        let most = if self.form == Form::Table { MOST_ROWS } else { usize::MAX };
        self.labels.len().min(most)
    }

    /// Whether there are more examples than are used at once, so that the data seed draws some.
    pub fn is_drawn_from(&self) -> bool {
        self.used() < self.labels.len()
    }

    /// Which examples are trained on and which test, two to one (images: four to one). Of a long table they are
    /// drawn. Every class that has an example has one to train on.
    pub fn deal(&self, seed: u64) -> (Vec<u32>, Vec<u32>) {
        let examples = self.used();
        let tests = if self.form == Form::Images { examples / 5 } else { examples / 3 };
        let mut order: Vec<u32> = (0..self.labels.len() as u32).collect();
        Rng::stream(seed, Purpose::Data, DataKind::Own as u64).shuffle(&mut order);
        // With at least 12 examples of at most 10 classes this leaves some to test with.
        let trained = (examples - tests).max(self.classes.len()).min(examples - 1);
        self.train_every_class(&mut order, trained);
        order.truncate(examples);
        let test = order.split_off(trained);
        (order, test)
    }

    /// Swaps so that the first `trained` of `order` have an example of every class.
    fn train_every_class(&self, order: &mut [u32], trained: usize) {
        let label = |i: u32| usize::from(self.labels[i as usize]);
        let mut counts = [0_usize; MOST_CLASSES];
        order[..trained].iter().for_each(|&i| counts[label(i)] += 1);
        for k in trained..order.len() {
            let class = label(order[k]);
            if counts[class] == 0
                && let Some(spare) = (0..trained).find(|&j| counts[label(order[j])] > 1)
            {
                counts[label(order[spare])] -= 1;
                counts[class] += 1;
                order.swap(spare, k);
            }
        }
    }

    /// The examples, dealt by `seed`. A table's features have mean 0 and variance 1 (the biased estimator) over the
    /// training part; a feature that is constant there becomes 0.
    pub fn dataset(&self, seed: u64) -> Dataset {
        let (train, test) = self.deal(seed);
        let features = self.features as usize;
        let scales = if self.form == Form::Table { self.scales(&train) } else { vec![(0.0, 1.0); features] };
        let split = |indices: &[u32]| {
            let mut x = Matrix::zeros(indices.len(), features);
            for (r, &i) in indices.iter().enumerate() {
                self.write_features(i as usize, &scales, x.row_mut(r));
            }
            Split { x, y: self.labels_of(indices) }
        };
        Dataset { features, classes: self.classes.len(), train: split(&train), test: split(&test) }
    }

    /// The classes of these examples.
    pub fn labels_of(&self, indices: &[u32]) -> Vec<u8> {
        indices.iter().map(|&i| self.labels[i as usize]).collect()
    }

    /// One image, 1 is ink.
    pub fn image(&self, index: u32) -> Vec<f32> {
        let mut image = vec![0.0; self.features as usize];
        if self.form == Form::Images {
            self.write_features(index as usize, &[], &mut image);
        }
        image
    }

    fn write_features(&self, example: usize, scales: &[(f64, f64)], into: &mut [f32]) {
        let first = example * into.len();
        if self.form == Form::Images {
            for (value, &pixel) in into.iter_mut().zip(&self.pixels[first..]) {
                *value = f32::from(pixel) / 255.0;
            }
            return;
        }
        for ((value, number), (mean, factor)) in into.iter_mut().zip(&self.numbers[first..]).zip(scales) {
            *value = ((number - mean) * factor).clamp(-FARTHEST, FARTHEST) as f32;
        }
    }

    /// Per feature, the mean over these examples and one over the standard deviation.
    fn scales(&self, indices: &[u32]) -> Vec<(f64, f64)> {
        let features = self.features as usize;
        let count = indices.len() as f64;
        (0..features)
            .map(|f| {
                let column = || indices.iter().map(|&i| self.numbers[i as usize * features + f]);
                let mean = column().sum::<f64>() / count;
                let variance = column().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count;
                // What rounding leaves of a constant column is no spread.
                let constant = variance <= (1e-14 * mean) * (1e-14 * mean);
                (mean, if constant { 0.0 } else { 1.0 / libm::sqrt(variance) })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    #[test]
    fn a_table_is_dealt_two_to_one_and_standardised_over_the_training_part() {
        let own = table(90, |i| (i % 2) as u8);
        let set = own.dataset(1);
        assert_eq!((set.train.len(), set.test.len(), set.features, set.classes), (60, 30, 2, 2));
        for f in 0..2 {
            let column: Vec<f64> = (0..60).map(|r| f64::from(set.train.x.get(r, f))).collect();
            let mean = column.iter().sum::<f64>() / 60.0;
            let variance = column.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 60.0;
            assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-5, "{mean} {variance}");
        }
        assert_eq!(set.train.x.row(7), own.dataset(1).train.x.row(7));
        assert_ne!(own.deal(1), own.deal(2));
        let shape = own.shape(1);
        assert_eq!((shape.train, shape.test, shape.features, shape.classes), (60, 30, 2, 2));
        assert!(shape.reach > 1.2 && shape.reach < 2.5, "{}", shape.reach);
    }

    #[test]
    fn of_a_long_table_two_thousand_rows_are_drawn_by_the_seed() {
        // One row of the fourth class in five thousand.
        let own = table(5000, |i| if i == 4321 { 3 } else { (i % 3) as u8 });
        let drawn = |seed: u64| {
            let (train, test) = own.deal(seed);
            assert_eq!((train.len(), test.len()), (1334, 666));
            assert!(train.contains(&4321), "a class is not trained on");
            let mut all = [train, test].concat();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), MOST_ROWS, "no row twice");
            // From all over the table: its second half has half of them, within five standard deviations.
            let late = all.iter().filter(|&&i| i >= 2500).count() as f64;
            assert!((late - 1000.0).abs() < 5.0 * 17.4, "{late}");
            all
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let set = own.dataset(7);
        assert_eq!((set.train.len(), set.test.len(), set.classes), (1334, 666, 4));
        assert!(own.is_drawn_from() && !table(2000, |i| (i % 2) as u8).is_drawn_from());
    }

    #[test]
    fn every_class_is_trained_on_even_if_it_has_one_example() {
        for seed in 0..50 {
            // Ten classes, nine of them with a single example.
            let own = table(12, |i| if i < 9 { i as u8 + 1 } else { 0 });
            let (train, test) = own.deal(seed);
            let mut seen: Vec<u8> = own.labels_of(&train);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 10, "seed {seed}");
            assert!(!test.is_empty());
            let mut all = [train, test].concat();
            all.sort_unstable();
            assert_eq!(all, (0..12).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_constant_feature_becomes_zero_and_wild_numbers_stay_finite() {
        let numbers = (0..30).flat_map(|i| [0.1, if i == 29 { 1e30 } else { 1e-300 * i as f64 }]).collect();
        let labels = (0..30).map(|i| i % 2).collect();
        let names = vec!["a".to_owned(), "b".to_owned()];
        let own = Own::from_numbers(Form::Table, 2, numbers, names, labels).unwrap();
        for seed in 0..6 {
            let set = own.dataset(seed);
            assert!((0..20).all(|r| set.train.x.get(r, 0) == 0.0));
            assert!(set.train.x.values().chain(set.test.x.values()).all(f32::is_finite));
        }
    }
}
