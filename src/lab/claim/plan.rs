//! A claim with its controls set, and the seeds and jobs that follow from it.

use serde::{Deserialize, Serialize};

use super::job::Job;
use super::report::{Report, Verdict};
use super::{Claim, words};
use crate::lab::experiment::Experiment;
use crate::lab::knob::LARGEST_SEED;
use crate::lab::sweep::Sweep;

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
    pub(in crate::lab) fn report(&self, sweep: &Sweep) -> Report {
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
