//! One setting of one arm, over its seeds: the cell of every sweep's table and the mark of its figure.

use super::outcome::Outcome;
use super::{TARGET, words};
use crate::lab::sentence::target;
use crate::lab::sweep::Sweep;

/// Steps between the tests of a run whose end is judged.
pub(super) const EVERY: u32 = 50;
/// The end of a run is the mean of so many of its last tests.
pub(super) const LAST: usize = 3;

/// What [`Cell::trains`] asks for, as a rule says it of a rate or a setting.
pub(super) fn trains_words() -> String {
    format!(
        "trains if the median test accuracy over the seeds is at least {} at the end (its last {} tests)",
        target(),
        words::spelled(LAST)
    )
}

/// How one seed ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Place of its job in the sweep: what a click on the mark loads.
    pub job: usize,
    /// Test loss; none if it diverged.
    pub loss: Option<f32>,
    /// Test accuracy, 0 to 1; none if it diverged.
    pub accuracy: Option<f32>,
}

/// A median over seeds, of which some may have diverged: those count as worse than any number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Median {
    /// No seed has come back.
    ToRun,
    /// At least half of them diverged.
    Diverged,
    /// This.
    At(f32),
}

impl Median {
    /// The number, if it is one.
    pub fn value(self) -> Option<f32> {
        if let Self::At(value) = self { Some(value) } else { None }
    }
}

/// One setting of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The seeds that have come back, in order.
    pub ends: Vec<End>,
    /// How many seeds there are in all.
    pub seeds: usize,
}

impl Cell {
    /// Gathers training jobs at these places of the sweep: the mean of each run's last `count` evaluations.
    pub(crate) fn gather(sweep: &Sweep, jobs: impl Iterator<Item = usize>, count: usize) -> Self {
        let mut cell = Self::default();
        for job in jobs {
            cell.seeds += 1;
            if let Some(Outcome::Training(training)) = sweep.outcome(job) {
                let ending = training.ending(count);
                cell.ends.push(End {
                    job,
                    loss: ending.map(|ending| ending.loss),
                    accuracy: ending.map(|ending| ending.accuracy),
                });
            }
        }
        cell
    }

    /// Whether any seed is still to come.
    pub fn is_partial(&self) -> bool {
        self.ends.len() < self.seeds
    }

    /// Seeds that diverged.
    pub fn diverged(&self) -> usize {
        self.ends.iter().filter(|end| end.accuracy.is_none()).count()
    }

    /// Median test accuracy.
    pub fn accuracy(&self) -> Median {
        // The worst first: a run that diverged is worse than any accuracy.
        let worth = |end: &End| end.accuracy.unwrap_or(f32::NEG_INFINITY);
        middle(self.ends.iter().map(worth).collect())
    }

    /// Median test loss.
    pub fn loss(&self) -> Median {
        middle(self.ends.iter().map(|end| end.loss.unwrap_or(f32::INFINITY)).collect())
    }

    /// Whether the median accuracy is at the target.
    pub fn trains(&self) -> bool {
        self.accuracy().value().is_some_and(|accuracy| accuracy >= TARGET)
    }

    /// "99.1 % [98.2..99.5]", "diverged", "to run"; with the number of those that diverged.
    pub fn accuracy_text(&self) -> String {
        let known: Vec<f32> = self.ends.iter().filter_map(|end| end.accuracy).collect();
        let text = match self.accuracy() {
            Median::ToRun => return "to run".to_owned(),
            Median::Diverged => return "diverged".to_owned(),
            Median::At(median) => {
                let [low, high] = range(&known);
                words::percents(median, low, high)
            }
        };
        match self.diverged() {
            0 => text,
            n => format!("{text}, {n} diverged"),
        }
    }
}

/// The middle value; of an even number, the mean of the two in the middle. `None` if there is none.
pub fn median(mut values: Vec<f32>) -> Option<f32> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f32::total_cmp);
    let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    Some(if low == high { low } else { 0.5 * (low + high) })
}

fn middle(values: Vec<f32>) -> Median {
    match median(values) {
        None => Median::ToRun,
        Some(value) if value.is_finite() => Median::At(value),
        Some(_) => Median::Diverged,
    }
}

/// Smallest and largest; `[0, 0]` of nothing.
pub fn range(values: &[f32]) -> [f32; 2] {
    let Some(&first) = values.first() else { return [0.0; 2] };
    values.iter().fold([first; 2], |[low, high], &value| [low.min(value), high.max(value)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::{Claim, made_up};

    fn cell(accuracies: &[Option<f32>]) -> Cell {
        let ends = accuracies.iter().map(|&accuracy| End { job: 0, loss: accuracy, accuracy }).collect();
        Cell { ends, seeds: accuracies.len() }
    }

    #[test]
    fn a_run_that_diverged_is_worse_than_any_number() {
        assert_eq!(cell(&[]).accuracy(), Median::ToRun);
        assert_eq!(cell(&[None, Some(0.95), Some(0.5)]).accuracy(), Median::At(0.5));
        assert_eq!(cell(&[None, Some(0.95), None]).accuracy(), Median::Diverged);
        assert_eq!(cell(&[None, Some(0.95), Some(0.5)]).loss(), Median::At(0.95));
        assert_eq!(cell(&[Some(0.8), Some(1.0)]).accuracy(), Median::At(0.9));
        assert_eq!(cell(&[Some(0.8), None]).accuracy(), Median::Diverged);
        assert!(cell(&[Some(0.91), Some(0.95), None]).trains());
        assert!(!cell(&[Some(0.91), None, None]).trains());
    }

    #[test]
    fn a_setting_trains_from_the_target_on() {
        assert!(cell(&[Some(TARGET)]).trains() && cell(&[Some(TARGET.next_up())]).trains());
        assert!(!cell(&[Some(TARGET.next_down())]).trains());
        // As a run's last tests too: their mean must not fall below what each of them is.
        let trains = |accuracy| {
            let sweep = made_up::sweep(Claim::Lr, |_, _| Some(made_up::ended(accuracy)));
            Cell::gather(&sweep, [0].into_iter(), LAST).trains()
        };
        assert!(trains(TARGET) && !trains(TARGET.next_down()));
    }

    #[test]
    fn a_rule_says_the_target_and_the_tests_that_count() {
        let words = trains_words();
        assert!(words.contains("is at least 90 % at the end (its last three tests)"), "{words}");
        for claim in [Claim::Lr, Claim::Init, Claim::Norms] {
            assert!((claim.about().rule)().contains(&words), "{claim:?}");
        }
    }
}
