//! Presets: named settings, one for each thing worth seeing, including those where batch norm does not help.
//!
//! A preset only writes settings; a link never names one, so links keep their meaning when presets change.

use super::experiment::Experiment;
use super::link;

/// What a preset shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Batch norm ahead.
    Helps,
    /// Batch norm level or behind.
    DoesNot,
    /// The opening run.
    Start,
}

/// One row.
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Its settings in words.
    pub words: &'static str,
    /// Which list it stands in.
    pub shows: Shows,
    /// Its settings as a link.
    pub link: &'static str,
}

const fn row(name: &'static str, words: &'static str, shows: Shows, link: &'static str) -> Preset {
    Preset { name, words, shows, link }
}

/// Every preset, in the order of the page.
pub static PRESETS: [Preset; 13] = [
    row(
        "The 2015 figure",
        "digits, 3 × 100 sigmoid, rate 0.5",
        Shows::Helps,
        "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60",
    ),
    row(
        "Vanishing, two inputs",
        "rings, 8 × 16 sigmoid, rate 0.5",
        Shows::Helps,
        "d=rings&dp=1000&l=8&w=16&a=sigmoid&i=xavier&lr=0.5&b=64",
    ),
    row(
        "Vanishing, digits",
        "digits, 10 × 32 sigmoid, rate 0.5",
        Shows::Helps,
        "d=digits&l=10&w=32&a=sigmoid&i=xavier&lr=0.5&b=64",
    ),
    row(
        "Exploding",
        "short spiral, 6 × 32 ReLU, weights 2 × He",
        Shows::Helps,
        "d=short-spiral&dp=1000&l=6&w=32&s=2&lr=0.1&b=64",
    ),
    row("High rate", "digits, 3 × 64 ReLU, rate 1", Shows::Helps, "d=digits&l=3&w=64&lr=1&b=64"),
    row(
        "Higher: hidden weights only",
        "digits, 3 × 64 ReLU, rate 10 000",
        Shows::Helps,
        "d=digits&l=3&w=64&lr=0.1&hlr=10000&b=64",
    ),
    row(
        "Weights too small",
        "short spiral, 4 × 32 ReLU, weights 0.1 × He",
        Shows::Helps,
        "d=short-spiral&dp=1000&l=4&w=32&s=0.1&lr=0.1&b=64",
    ),
    row(
        "Weights too large",
        "short spiral, 4 × 32 ReLU, weights 3 × He",
        Shows::Helps,
        "d=short-spiral&dp=1000&l=4&w=32&s=3&lr=0.1&b=64",
    ),
    row(
        "Small batch",
        "short spiral, 3 × 32 ReLU, batch 4",
        Shows::DoesNot,
        "d=short-spiral&dp=1000&l=3&w=32&lr=0.1&b=4",
    ),
    row(
        "An honest tie",
        "rings, 2 × 16 tanh, rate 0.3",
        Shows::DoesNot,
        "d=rings&dp=1000&l=2&w=16&a=tanh&i=xavier&lr=0.3&b=64",
    ),
    row("No gap to close", "xor, 3 × 32 ReLU, rate 0.1", Shows::DoesNot, "d=xor&l=3&w=32&lr=0.1&b=64"),
    row(
        "With Adam, nearly none",
        "digits, 3 × 64 ReLU, Adam, rate 0.001",
        Shows::DoesNot,
        "d=digits&l=3&w=64&o=adam&lr=0.001&b=64",
    ),
    row("Default", "spiral, 8 × 16 ReLU, rate 0.3", Shows::Start, ""),
];

impl Preset {
    /// Its settings as an experiment.
    pub fn experiment(&self) -> Experiment {
        link::read(self.link).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_without_a_note_and_no_two_are_the_same() {
        for (k, preset) in PRESETS.iter().enumerate() {
            assert_eq!(link::read(preset.link).1, Vec::<String>::new(), "{}", preset.name);
            assert!(
                PRESETS[..k].iter().all(|other| other.experiment() != preset.experiment()),
                "{}",
                preset.name
            );
        }
    }

    #[test]
    fn the_words_name_the_settings() {
        for preset in &PRESETS {
            let e = preset.experiment();
            let size = format!("{} × {}", e.hidden_layers, e.width);
            assert!(preset.words.contains(&size), "{}", preset.name);
        }
    }
}
