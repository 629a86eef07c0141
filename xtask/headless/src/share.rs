//! An experiment from the part of a share link after `#`, its data, and how many steps to make.

use anyhow::Result;
use batchnorm_playground::data::{Dataset, digits};
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::link;

use crate::misuse::misuse;

/// Updates made if nobody says how many.
pub(crate) const STEPS: u32 = 600;
/// More updates than this are surely a slip of the finger.
const MOST_STEPS: u32 = 1_000_000;

/// The experiment of a link. What the page would replace by a default and a note is refused here.
pub(crate) fn experiment(keys: &str) -> Result<Experiment> {
    // A whole link is as good as its keys.
    let keys = keys.rsplit_once('#').map_or(keys, |(_, keys)| keys);
    let (experiment, notes) = link::read(keys);
    if notes.is_empty() { Ok(experiment) } else { Err(misuse(notes.join("\n       "))) }
}

/// What to say to someone who named no experiment.
pub(crate) fn no_keys() -> anyhow::Error {
    misuse(
        "name the experiment: the part of a share link after #, such as 'd=digits&l=3' ('' for the default)",
    )
}

/// The experiment's examples.
pub(crate) fn dataset(experiment: &Experiment) -> Result<Dataset> {
    experiment.dataset(Some(digits::PACKED)).map_err(anyhow::Error::msg)
}

/// The number of updates to make.
pub(crate) fn steps(text: &str) -> Result<u32> {
    let steps = text.parse().ok().filter(|steps| (1..=MOST_STEPS).contains(steps));
    steps
        .ok_or_else(|| misuse(format!("--steps must be a whole number from 1 to {MOST_STEPS}, not `{text}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_or_its_keys_and_nothing_that_would_be_replaced() {
        for keys in ["l=3&n=ln", "#l=3&n=ln", "https://example.org/lab/#v=1&l=3&n=ln"] {
            assert_eq!(experiment(keys).unwrap().hidden_layers, 3, "{keys}");
        }
        for (keys, named) in [("l=x", "(l)"), ("colour=3", "colour"), ("lr=0.1&b=1", "cannot train")] {
            let sentence = experiment(keys).unwrap_err().to_string();
            assert!(sentence.contains(named), "{sentence}");
        }
    }

    #[test]
    fn steps_are_counted_from_one() {
        assert_eq!(steps("600").unwrap(), 600);
        for bad in ["0", "-1", "2.5", "many", "", "99999999999"] {
            assert!(steps(bad).unwrap_err().to_string().contains("--steps"), "{bad}");
        }
    }
}
