//! The reader's own examples: a table, points painted by hand, or images. How they are dealt is in `deal`.
//!
//! Reading files is the business of [`super::csv`] and [`super::idx`]. Nothing here leaves the page: the bytes of
//! [`Own::to_bytes`] go to the page's own worker.

mod deal;

use serde::{Deserialize, Serialize};

use super::complaint::{Complaint, shortened};
use super::{Dataset, csv, idx};

/// At most so many classes can be told apart.
pub const MOST_CLASSES: usize = 10;
/// At most so many rows of a table are used at once; of more, so many are drawn.
pub const MOST_ROWS: usize = 2000;
/// Fewer examples could not be dealt so that every class is trained on and some are left to test with.
pub const LEAST_EXAMPLES: usize = 12;
/// The plane shown reaches at least and at most so far from the middle, in standard deviations.
const REACH: (f32, f32) = (1.0, 8.0);
/// The plane that is painted on reaches from -`PAINTED_REACH` to `PAINTED_REACH` in both features.
pub const PAINTED_REACH: f32 = 2.0;

/// What the examples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// Rows of numbers, standardised before training.
    Table,
    /// Points of a plane, taken as they are.
    Painted,
    /// Square images of bytes, divided by 255.
    Images,
}

/// What an experiment has to know of the reader's examples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnShape {
    /// What they are.
    pub form: Form,
    /// Features per example.
    pub features: u32,
    /// Classes.
    pub classes: u32,
    /// Examples to train on.
    pub train: u32,
    /// Examples to test with.
    pub test: u32,
    /// With two features: the plane shown is [-reach, reach] in both.
    pub reach: f32,
    /// A hash of the examples: another file is another experiment.
    pub print: u64,
}

/// The reader's examples, as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Own {
    form: Form,
    features: u32,
    /// The classes' names, by number.
    classes: Vec<String>,
    /// The class of each example.
    #[serde(with = "serde_bytes")]
    labels: Vec<u8>,
    /// Of a table or a plane, row by row.
    numbers: Vec<f64>,
    /// Of images, image by image.
    #[serde(with = "serde_bytes")]
    pixels: Vec<u8>,
    print: u64,
}

impl Own {
    /// A table (or a plane) of numbers, row by row.
    ///
    /// # Errors
    /// A sentence if there is nothing to learn from them.
    pub fn from_numbers(
        form: Form,
        features: usize,
        numbers: Vec<f64>,
        classes: Vec<String>,
        labels: Vec<u8>,
    ) -> Result<Self, Complaint> {
        let print = print(features, &labels, numbers.iter().map(|number| number.to_bits()));
        let features = features as u32;
        Self { form, features, classes, labels, numbers, pixels: Vec::new(), print }.checked()
    }

    /// Images of `side * side` bytes, one after the other; the classes are called 0, 1, 2, ...
    ///
    /// # Errors
    /// A sentence if there is nothing to learn from them.
    pub fn from_images(side: usize, pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self, Complaint> {
        let words =
            pixels.chunks(8).map(|bytes| bytes.iter().fold(0_u64, |word, &byte| word << 8 | u64::from(byte)));
        let print = print(side * side, &labels, words);
        let classes = labels.iter().max().map_or(0, |&last| usize::from(last) + 1);
        let classes = (0..classes).map(|class| class.to_string()).collect();
        let features = (side * side) as u32;
        Self { form: Form::Images, features, classes, labels, numbers: Vec::new(), pixels, print }.checked()
    }

    /// Points of two classes, painted: both coordinates in [-`PAINTED_REACH`, `PAINTED_REACH`].
    ///
    /// # Errors
    /// A sentence if there are too few.
    pub fn from_points(points: &[(f32, f32, u8)]) -> Result<Self, Complaint> {
        let numbers = points.iter().flat_map(|&(x, y, _)| [f64::from(x), f64::from(y)]).collect();
        let labels = points.iter().map(|&(.., class)| class).collect();
        let classes = ["hollow", "solid"].map(str::to_owned).to_vec();
        Self::from_numbers(Form::Painted, 2, numbers, classes, labels)
    }

    fn checked(self) -> Result<Self, Complaint> {
        let (examples, classes) = (self.labels.len(), self.classes.len());
        if examples < LEAST_EXAMPLES {
            let what = self.words();
            return Err(Complaint::new(format!(
                "There are {examples} {what}; at least {LEAST_EXAMPLES} are needed to train and to test."
            )));
        }
        let first = self.labels[0];
        if self.labels.iter().all(|&label| label == first) {
            let name = self.classes.get(usize::from(first)).map_or("", String::as_str);
            let (what, name) = (self.words(), shortened(name, 24));
            return Err(Complaint::new(format!(
                "All {examples} {what} have the class “{name}”; there is nothing to tell apart."
            )));
        }
        let fits =
            self.values().is_some_and(|values| examples.checked_mul(self.features as usize) == Some(values))
                && self.sizes_are_possible()
                && classes <= MOST_CLASSES
                && self.labels.iter().all(|&label| usize::from(label) < classes)
                && self.numbers.iter().all(|number| number.is_finite());
        if fits { Ok(self) } else { Err(Complaint::new("The examples contradict themselves.")) }
    }

    /// Numbers or bytes, of examples of only one kind of them.
    fn values(&self) -> Option<usize> {
        let (used, unused) = match self.form {
            Form::Images => (self.pixels.len(), self.numbers.len()),
            Form::Table | Form::Painted => (self.numbers.len(), self.pixels.len()),
        };
        (unused == 0).then_some(used)
    }

    /// No more examples, and no more features, than any reader of files hands over.
    fn sizes_are_possible(&self) -> bool {
        let (examples, features) = (self.labels.len(), self.features as usize);
        match self.form {
            Form::Table => examples <= csv::MOST_LINES && (1..=csv::MOST_COLUMNS).contains(&features),
            Form::Painted => features == 2 && self.numbers.iter().all(|at| at.abs() <= PAINTED_REACH.into()),
            Form::Images => {
                let side = features.isqrt();
                let square = side * side == features && (1..=idx::MOST_SIDE).contains(&side);
                square && examples <= idx::MOST_IMAGES
            }
        }
    }

    fn words(&self) -> &'static str {
        match self.form {
            Form::Table => "rows",
            Form::Painted => "points",
            Form::Images => "images",
        }
    }

    /// For the worker.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From the page.
    ///
    /// # Errors
    /// One sentence if the bytes are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let own: Self = postcard::from_bytes(bytes)
            .map_err(|error| format!("The examples could not be read: {error}."))?;
        own.checked().map_err(|complaint| complaint.sentence)
    }

    /// The classes' names, by number.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Pixels per side, of images.
    pub fn side(&self) -> usize {
        (self.features as usize).isqrt()
    }

    /// What they are.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Features per example.
    pub fn features(&self) -> u32 {
        self.features
    }

    /// Examples, to train on and to test with.
    pub fn examples(&self) -> u32 {
        self.labels.len() as u32
    }

    /// What an experiment has to know of them, dealt by `seed`.
    pub fn shape(&self, seed: u64) -> OwnShape {
        let (train, test) = self.deal(seed);
        let reach = match self.form {
            Form::Painted => PAINTED_REACH,
            Form::Table if self.features == 2 => {
                let Dataset { train, test, .. } = self.dataset(seed);
                let farthest = [&train, &test]
                    .into_iter()
                    .flat_map(|split| split.x.values())
                    .fold(0.0_f32, |far, value| far.max(value.abs()));
                (1.1 * farthest).clamp(REACH.0, REACH.1)
            }
            Form::Table | Form::Images => PAINTED_REACH,
        };
        OwnShape {
            form: self.form,
            features: self.features,
            classes: self.classes.len() as u32,
            train: train.len() as u32,
            test: test.len() as u32,
            reach,
            print: self.print,
        }
    }
}

/// FNV-1a over words.
fn print(features: usize, labels: &[u8], values: impl Iterator<Item = u64>) -> u64 {
    let labels = labels.iter().map(|&label| u64::from(label));
    core::iter::once(features as u64)
        .chain(labels)
        .chain(values)
        .fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `rows` rows of two numbers far from 0, the class of row i is `class(i)`.
    pub(super) fn table(rows: usize, class: impl Fn(usize) -> u8) -> Own {
        let numbers = (0..rows).flat_map(|i| [1e6 + (i % 7) as f64, -3.0 * (i % 5) as f64]).collect();
        let labels: Vec<u8> = (0..rows).map(class).collect();
        let names = (0..=*labels.iter().max().unwrap()).map(|c| format!("c{c}")).collect();
        Own::from_numbers(Form::Table, 2, numbers, names, labels).unwrap()
    }

    #[test]
    fn painted_points_are_taken_as_they_are() {
        let points: Vec<(f32, f32, u8)> = (0..30).map(|i| (i as f32 / 20.0, -0.5, (i % 2) as u8)).collect();
        let own = Own::from_points(&points).unwrap();
        let set = own.dataset(4);
        let (train, _) = own.deal(4);
        let (x, y, class) = points[train[3] as usize];
        assert_eq!((set.train.x.row(3), set.train.y[3]), (&[x, y][..], class));
        assert!(Own::from_points(&points[..11]).unwrap_err().sentence.contains("11 points; at least 12"));
        let one: Vec<_> = points.iter().map(|p| (p.0, p.1, 1)).collect();
        assert!(Own::from_points(&one).unwrap_err().sentence.contains("“solid”"));
    }

    #[test]
    fn the_bytes_for_the_worker_read_back_and_damage_is_a_sentence() {
        let own = table(40, |i| (i % 3) as u8);
        let bytes = own.to_bytes();
        assert_eq!(Own::from_bytes(&bytes), Ok(own.clone()));
        assert!(Own::from_bytes(&bytes[..bytes.len() / 2]).is_err());
        let mut wrong = own.clone();
        wrong.labels[3] = 9;
        assert!(Own::from_bytes(&wrong.to_bytes()).unwrap_err().contains("contradict"));
        let other = table(40, |i| (i % 2) as u8);
        assert_ne!(own.shape(1).print, other.shape(1).print);
    }
}
