//! Where examples come from: data sets, their split, and mini-batches that are a pure function of seed and step.
//!
//! Nothing here normalises a generated set; nothing here knows a network.

use crate::math::matrix::Matrix;
use crate::math::rng::{Purpose, Rng};

mod blobs;
mod circle;
pub mod complaint;
pub mod csv;
pub mod digits;
pub(crate) mod gzip;
pub mod idx;
pub mod own;
mod rings;
pub mod sampler;
mod spiral;
mod xor;

/// The built-in data sets, and the reader's own. The numbers choose the random streams of the points: a new one is added
/// with a new number, so that the others stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum DataKind {
    /// Two interleaved arms.
    #[default]
    Spiral = 0,
    /// A disc inside a ring.
    Circle = 1,
    /// Four quadrants, class by the sign of the product.
    Xor = 2,
    /// Two clouds.
    Blobs = 3,
    /// 1,797 handwritten digits of 8x8 pixels.
    Digits = 4,
    /// The reader's own: a table, painted points or images.
    Own = 5,
    /// Two interleaved arms of one and a half turns, in the unit circle.
    ShortSpiral = 6,
    /// Two rings, one in the other, in the unit circle.
    Rings = 7,
}

impl DataKind {
    /// Those that need nothing of the reader, in the order of the page.
    pub const BUILT_IN: [Self; 7] =
        [Self::Circle, Self::Rings, Self::Xor, Self::Blobs, Self::Spiral, Self::ShortSpiral, Self::Digits];

    /// How far its points are stretched beyond the unit circle; two sets are left in it, as in the measurements they
    /// are compared with.
    pub fn stretch(self) -> f64 {
        match self {
            Self::ShortSpiral | Self::Rings => 1.0,
            Self::Spiral | Self::Circle | Self::Xor | Self::Blobs | Self::Digits | Self::Own => 1.6,
        }
    }

    /// Whether its examples are points in the plane, drawn by one of the generators.
    pub fn is_planar(self) -> bool {
        !matches!(self, Self::Digits | Self::Own)
    }
}

/// Examples and their classes.
#[derive(Clone, Debug)]
pub struct Split {
    /// `[examples, features]`.
    pub x: Matrix,
    /// The class of each example.
    pub y: Vec<u8>,
}

impl Split {
    fn from_rows(features: usize, rows: &[f32], y: Vec<u8>) -> Self {
        Self { x: Matrix::from_rows(y.len(), features, rows), y }
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }
}

/// A data set, split once into examples to train on and examples to test with.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Features per example.
    pub features: usize,
    /// Number of classes.
    pub classes: usize,
    /// Trained on.
    pub train: Split,
    /// Only ever evaluated.
    pub test: Split,
}

/// A labelled point in the plane.
type LabelledPoint = ([f64; 2], u8);

/// Everything a planar generator needs.
struct Recipe {
    count: usize,
    noise: f64,
}

/// Half as many test points as training points, as the lab promises.
pub fn test_points(train_points: usize) -> usize {
    train_points / 2
}

/// A planar data set of `points` training and half as many test points, two classes.
///
/// `noise` is the lab's noise knob, 0.1 by default; each generator says what it moves. `seed` draws the points.
/// Coordinates are stretched by [`DataKind::stretch`], most so that the inputs have about unit variance.
///
/// # Panics
/// If the kind is not planar.
pub fn planar(kind: DataKind, points: usize, noise: f32, seed: u64) -> Dataset {
    let recipe = Recipe { count: points + test_points(points), noise: f64::from(noise) };
    let mut rng = Rng::stream(seed, Purpose::Data, kind as u64);
    let drawn = match kind {
        DataKind::Digits | DataKind::Own => panic!("{kind:?} is not drawn in the plane"),
        DataKind::Spiral => spiral::draw(&recipe, &mut rng),
        DataKind::Circle => circle::draw(&recipe, &mut rng),
        DataKind::Xor => xor::draw(&recipe, &mut rng),
        DataKind::Blobs => blobs::draw(&recipe, &mut rng),
        DataKind::ShortSpiral => spiral::draw_short(&recipe, &mut rng),
        DataKind::Rings => rings::draw(&recipe, &mut rng),
    };
    let (train, test) = drawn.split_at(points);
    let [train, test] = [train, test].map(|points| stretch(points, kind.stretch()));
    Dataset { features: 2, classes: 2, train, test }
}

fn stretch(points: &[LabelledPoint], factor: f64) -> Split {
    let rows: Vec<f32> =
        points.iter().flat_map(|(point, _)| point.map(|coordinate| (coordinate * factor) as f32)).collect();
    Split::from_rows(2, &rows, points.iter().map(|&(_, class)| class).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planar_kinds() -> impl Iterator<Item = DataKind> {
        DataKind::BUILT_IN.into_iter().filter(|kind| kind.is_planar())
    }

    #[test]
    fn planar_sets_have_the_promised_sizes_both_classes_and_repeat() {
        for kind in planar_kinds() {
            let set = planar(kind, 800, 0.1, 1);
            assert_eq!((set.train.len(), set.test.len()), (800, 400));
            let ones = set.train.y.iter().filter(|&&class| class == 1).count();
            assert!((300..=500).contains(&ones), "{kind:?}: {ones} of class 1");
            let again = planar(kind, 800, 0.1, 1);
            assert_eq!(set.train.x.row(799), again.train.x.row(799));
            assert_ne!(set.train.x.row(0), planar(kind, 800, 0.1, 2).train.x.row(0));
        }
    }

    #[test]
    fn coordinates_stay_on_the_plane_that_is_drawn() {
        for kind in planar_kinds() {
            let set = planar(kind, 400, 0.1, 3);
            let widest =
                (0..400).flat_map(|r| set.train.x.row(r).to_vec()).fold(0.0_f32, |a, v| a.max(v.abs()));
            assert!((0.9..2.6).contains(&widest), "{kind:?}: {widest}");
        }
    }

    #[test]
    fn noise_moves_the_points() {
        for kind in planar_kinds() {
            assert_ne!(planar(kind, 10, 0.0, 1).train.x.row(0), planar(kind, 10, 0.5, 1).train.x.row(0));
        }
    }
}
