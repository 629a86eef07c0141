//! The examples the second figure shows: some points of the plane, or the test images.

use crate::data::own::Own;
use crate::data::{DataKind, Dataset, digits};
use crate::lab::experiment::{Experiment, Picture};
use crate::lab::look::shown_images;

/// Points drawn over the plane.
const POINTS: usize = 200;

/// What is shown of the data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Feature 1, feature 2, class.
    pub points: Vec<(f32, f32, u8)>,
    /// Pixels per side of an image.
    pub side: usize,
    /// Intensities, 1 is ink.
    pub images: Vec<Vec<f32>>,
    /// Their classes.
    pub labels: Vec<u8>,
    /// The classes' names, of a table.
    pub classes: Vec<String>,
    /// The whole test set, of images.
    tests: Tests,
}

/// Where a test image is found by its place in the test set.
#[derive(Clone, Debug, Default, PartialEq)]
enum Tests {
    /// There are no images.
    #[default]
    None,
    /// All of them, and their classes.
    Unpacked(Vec<Vec<f32>>, Vec<u8>),
    /// Which of the reader's own they are.
    Own(Vec<u32>),
}

/// Which examples those are: everything they depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ShownOf {
    data: DataKind,
    /// Hash of the reader's own data.
    print: Option<u64>,
    noise: f32,
    points: u32,
    seed: u32,
}

impl ShownOf {
    pub(super) fn of(experiment: &Experiment) -> Self {
        let Experiment { data, noise, points, data_seed: seed, .. } = *experiment;
        Self { data, print: experiment.own.map(|own| own.print), noise, points, seed }
    }
}

impl Shown {
    /// Of the experiment's data set; empty where its file is not here yet.
    pub fn of(experiment: &Experiment, packed: Option<&[u8]>, own: Option<&Own>) -> Self {
        if experiment.data == DataKind::Own {
            return own.map_or_else(Self::default, |own| of_own(experiment, own));
        }
        match experiment.dataset(packed) {
            Ok(data) if experiment.data.is_planar() => Self { points: points(&data), ..Self::default() },
            Ok(data) => images(&data),
            Err(_) => Self::default(),
        }
    }

    /// These images of the test set and their classes; `own` are the reader's examples.
    pub fn test_images(&self, rows: &[u32], own: Option<&Own>) -> (Vec<Vec<f32>>, Vec<u8>) {
        let places = rows.iter().map(|&row| row as usize);
        match (&self.tests, own) {
            (Tests::Unpacked(images, labels), _) => {
                places.filter_map(|row| Some((images.get(row)?.clone(), *labels.get(row)?))).unzip()
            }
            (Tests::Own(test), Some(own)) => {
                let which: Vec<u32> = places.filter_map(|row| test.get(row).copied()).collect();
                (which.iter().map(|&i| own.image(i)).collect(), own.labels_of(&which))
            }
            _ => (Vec::new(), Vec::new()),
        }
    }
}

/// The first test points: what neither network has trained on.
fn points(data: &Dataset) -> Vec<(f32, f32, u8)> {
    let test = &data.test;
    (0..test.len().min(POINTS)).map(|i| (test.x.get(i, 0), test.x.get(i, 1), test.y[i])).collect()
}

/// Of the reader's own examples. All images are in the thousands, so only those shown are unpacked.
fn of_own(experiment: &Experiment, own: &Own) -> Shown {
    let (seed, classes) = (u64::from(experiment.data_seed), own.classes().to_vec());
    match experiment.picture() {
        Picture::Plane => Shown { points: points(&own.dataset(seed)), classes, ..Shown::default() },
        Picture::Counts => Shown { classes, ..Shown::default() },
        Picture::Images => {
            let (_, test) = own.deal(seed);
            let labels = own.labels_of(&test);
            let rows = shown_images(&labels, classes.len());
            Shown {
                side: own.side(),
                images: rows.iter().map(|&row| own.image(test[row as usize])).collect(),
                labels: rows.iter().map(|&row| labels[row as usize]).collect(),
                classes,
                points: Vec::new(),
                tests: Tests::Own(test),
            }
        }
    }
}

fn images(data: &Dataset) -> Shown {
    let indices = shown_images(&data.test.y, data.classes);
    let all = (0..data.test.len()).map(|i| data.test.x.row(i).to_vec()).collect();
    let tests = Tests::Unpacked(all, data.test.y.clone());
    let shown = Shown { side: digits::SIDE, tests, ..Shown::default() };
    let (images, labels) = shown.test_images(&indices, None);
    Shown { images, labels, ..shown }
}
