//! Claims: eight experiments that test what is said of batch norm, each with a rule fixed before it is run.
//!
//! A [`Plan`] names a claim, its controls and its seeds; it lists independent jobs ([`job`]) and turns whatever
//! has come back ([`crate::lab::sweep::Sweep`]) into tables, a verdict and a figure's view. One file per claim
//! holds its sentence, its settings, its rule and its words; numbers in any sentence come from the run.

pub mod affine;
pub mod batch;
pub mod cell;
pub mod depth;
pub mod gamma;
pub mod init;
pub mod job;
pub mod lr;
#[cfg(test)]
mod made_up;
pub mod norms;
pub mod outcome;
pub mod pair;
pub mod plate;
mod seen;
mod settings;
mod shift;
pub mod smooth;
mod trainer;
pub mod view;
pub mod why;
pub mod words;

use serde::{Deserialize, Serialize};

use super::experiment::Experiment;
use super::knob::LARGEST_SEED;
use super::sweep::Sweep;
use job::Job;
use plate::Plate;

/// Test accuracy at which a network counts as trained: the one whose first reaching the lab tells.
pub use super::history::TARGET;

/// Accuracies nearer than this are level: less means nothing on test sets of a few hundred.
pub const POINT: f32 = 0.01;

/// The claims: each one's name here and its file, in the order of the page. This is the only list of them; whatever else
/// names them all goes through [`Claim::ALL`] or is held to it by a test.
macro_rules! claims {
    ($($claim:ident = $file:ident,)+) => {
        /// Which claim.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Claim {
            $(
                #[doc = concat!("That of [`", stringify!($file), "`].")]
                $claim,
            )+
        }

        impl Claim {
            /// Every claim, in the order of the page.
            pub const ALL: [Self; [$(Self::$claim),+].len()] = [$(Self::$claim),+];

            /// What it says, and how it is tested and shown.
            pub fn about(self) -> &'static About {
                match self {
                    $(Self::$claim => &$file::ABOUT,)+
                }
            }
        }
    };
}

claims! {
    Gamma = gamma,
    Smooth = smooth,
    Depth = depth,
    Lr = lr,
    Init = init,
    Batch = batch,
    Why = why,
    Norms = norms,
}

/// What a claim says, in words, and how it is tested and shown: all that is to be known of it. One file each.
pub struct About {
    /// Its key in an embed's link and on the command line.
    pub key: &'static str,
    /// A short heading.
    pub heading: &'static str,
    /// The claim, one sentence.
    pub claim: &'static str,
    /// How it is graded, fixed before any run: in words, its numbers those that the file grades by.
    pub rule: fn() -> String,
    /// The papers behind it.
    pub source: &'static str,
    /// At most three.
    pub controls: &'static [Control],
    /// Seeds unless someone asks for more.
    pub seeds: u32,
    /// Whether all its runs together take so little that a page starts them as soon as they are seen.
    pub is_cheap: bool,
    /// Name of the plate that stands for it where there is room for one picture.
    pub picture: &'static str,
    /// Every job of a plan, one seed after the other.
    jobs: fn(&Plan) -> Vec<Job>,
    /// What comes of a sweep.
    finding: fn(&Sweep) -> Finding,
    /// The figures of a sweep, in the order of the page: as many and of the same kind from the first run to the last.
    plates: fn(&Sweep) -> Vec<Plate>,
}

/// One choice the reader has.
pub struct Control {
    /// What it is called.
    pub label: &'static str,
    /// Its values, in words.
    pub choices: &'static [&'static str],
    /// Position of the usual one.
    pub usual: u8,
}

impl Control {
    /// Whether its choices are numbers, so that a slider suits them.
    pub fn is_scale(&self) -> bool {
        self.choices.iter().all(|words| words.parse::<f32>().is_ok())
    }
}

impl Claim {
    /// The claim with that key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.about().key == key)
    }
}

/// A claim with its controls set: everything its jobs follow from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Plan {
    /// Which claim.
    pub claim: Claim,
    /// Position of each control; those beyond a claim's controls are 0.
    pub choices: [u8; 3],
    /// The first seed; the others follow it.
    pub first_seed: u32,
    /// How many seeds.
    pub seeds: u32,
}

/// The seed `k` after this one, as a link can name it: 0 comes after the largest.
fn seed_after(seed: u32, k: u32) -> u32 {
    ((u64::from(seed) + u64::from(k)) % (LARGEST_SEED as u64 + 1)) as u32
}

impl Plan {
    /// The claim as it is first shown.
    pub fn usual(claim: Claim) -> Self {
        let mut choices = [0; 3];
        for (choice, control) in choices.iter_mut().zip(claim.about().controls) {
            *choice = control.usual;
        }
        Self { claim, choices, first_seed: 1, seeds: claim.about().seeds }
    }

    /// The same with one control set, or left alone where there is no such choice.
    #[must_use]
    pub fn with(mut self, control: usize, choice: u8) -> Self {
        let known = self.claim.about().controls.get(control);
        if known.is_some_and(|control| usize::from(choice) < control.choices.len()) {
            self.choices[control] = choice;
        }
        self
    }

    /// "Run again": as many seeds, none of them used before.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.first_seed = seed_after(self.first_seed, self.seeds.max(1));
        self
    }

    /// The seeds, in order.
    pub fn seed_list(&self) -> impl Iterator<Item = u32> + use<> {
        let first = self.first_seed;
        (0..self.seeds).map(move |k| seed_after(first, k))
    }

    /// Which seeds they are: "seed 1", "seeds 1 to 10".
    pub fn seed_words(&self) -> String {
        let (first, last) = (self.first_seed, seed_after(self.first_seed, self.seeds.saturating_sub(1)));
        if first == last { format!("seed {first}") } else { format!("seeds {first} to {last}") }
    }

    /// Every job, one seed after the other.
    pub fn jobs(&self) -> Vec<Job> {
        (self.claim.about().jobs)(self)
    }

    /// Tables and verdict of a sweep of this plan.
    pub(super) fn report(&self, sweep: &Sweep) -> Report {
        let about = self.claim.about();
        let finding = (about.finding)(sweep);
        Report {
            claim: about.claim.to_owned(),
            setting: self.setting(),
            verdict: Verdict {
                grade: finding.grade,
                so_far: !sweep.is_complete(),
                measured: finding.measured,
                rule: (about.rule)(),
                but: finding.but,
                basis: words::basis(self.seeds),
            },
            tables: finding.tables,
        }
    }

    /// The controls in words: "network: spiral, 8 × 16 ReLU; ...".
    pub fn setting(&self) -> String {
        let controls = self.claim.about().controls.iter().zip(self.choices);
        let words: Vec<String> = controls
            .map(|(control, choice)| {
                format!("{}: {}", control.label, control.choices.get(usize::from(choice)).unwrap_or(&"?"))
            })
            .collect();
        words.join("; ")
    }
}

/// `experiment` with the weights and mini-batches of `seed`. The lab's own spiral stays one fixed data set, as in
/// the lab; with every other setting the seed draws the data as well, so that the spread is not of one data set.
pub(crate) fn seeded(experiment: &Experiment, seed: u32) -> Experiment {
    let lab = Experiment::default();
    let is_lab = (experiment.data, experiment.hidden_layers, experiment.width)
        == (lab.data, lab.hidden_layers, lab.width);
    let data_seed = if is_lab { lab.data_seed } else { seed };
    Experiment { seed, data_seed, ..experiment.clone() }
}

/// How a claim did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Grade {
    /// As claimed, in this setting.
    Holds,
    /// In part.
    Mixed,
    /// Not in this setting.
    NotHere,
}

impl Grade {
    /// As a verdict starts.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "Holds here",
            Self::Mixed => "Mixed",
            Self::NotHere => "Not here",
        }
    }
}

/// What a claim's file makes of a sweep.
pub(crate) struct Finding {
    pub(crate) grade: Option<Grade>,
    pub(crate) measured: String,
    pub(crate) but: String,
    pub(crate) tables: Vec<Table>,
}

/// A grade and the sentences beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// None before there is enough to judge by.
    pub grade: Option<Grade>,
    /// Whether jobs are still to come.
    pub so_far: bool,
    /// What was measured.
    pub measured: String,
    /// How the grade follows from it, fixed beforehand.
    pub rule: String,
    /// Where the claim fails, or what it costs: measured as well.
    pub but: String,
    /// "one run" or "medians over 3 seeds".
    pub basis: String,
}

impl Verdict {
    /// "So far: Holds here: ..."
    pub fn text(&self) -> String {
        let so_far = if self.so_far { "So far: " } else { "" };
        match self.grade {
            Some(grade) => format!("{so_far}{}: {}", grade.words(), self.measured),
            None => format!("{so_far}{}", self.measured),
        }
    }
}

/// Everything measured, as text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The claim.
    pub claim: String,
    /// The controls in words.
    pub setting: String,
    /// What came of it.
    pub verdict: Verdict,
    /// The numbers.
    pub tables: Vec<Table>,
}

/// Rows of text under a caption.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What the rows hold.
    pub caption: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// As wide as the heads.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// No rows yet.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }
}
