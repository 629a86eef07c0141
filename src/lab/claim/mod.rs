//! Claims: eight experiments that test what is said of batch norm, each with a rule fixed before it is run.
//!
//! A [`Plan`] names a claim, its controls and its seeds; it lists independent jobs ([`job`]) and turns whatever
//! has come back ([`crate::lab::sweep::Sweep`]) into tables, a verdict and a figure's view. One file per claim
//! holds its sentence, its settings, its rule and its words; numbers in any sentence come from the run.

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
mod one_arm;
pub mod outcome;
mod plan;
pub mod plate;
mod report;
mod seen;
mod settings;
pub mod smooth;
pub mod view;
pub mod why;
pub mod words;

use serde::{Deserialize, Serialize};

use super::sweep::Sweep;
use job::Job;
pub use plan::Plan;
pub(crate) use plan::seeded;
use plate::Plate;
pub(crate) use report::Finding;
pub use report::{Grade, Report, Table, Verdict};

/// Test accuracy at which a network counts as trained: the one whose first reaching the lab tells.
pub use super::history::TARGET;

/// Accuracies nearer than this are level: less means nothing on test sets of a few hundred.
pub const POINT: f32 = 0.01;

/// Whether one accuracy is behind another by more than that.
fn is_behind(accuracy: f32, other: f32) -> bool {
    other - accuracy > POINT
}

/// Figures that stand above the claims on the page.
const FIGURES_OF_THE_LAB: usize = 4;

/// The claims: each one's name here and its file, in the order of the page, which numbers their figures as well. This
/// is the only list of them; whatever else names them all goes through [`Claim::ALL`] or is held to it by a test.
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

    /// The number of its figures, counted on from the lab's in the order of the page.
    pub fn figure(self) -> usize {
        FIGURES_OF_THE_LAB + 1 + self as usize
    }
}
