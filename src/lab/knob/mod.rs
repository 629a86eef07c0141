//! The table of knobs: one row per setting, and the only place that knows its key, label, range and cost.
//!
//! The link, the controls, validation and help are all read from it. Every value passes through as an `f64`:
//! a number itself, or the position of a choice in its list.

mod spoken;
mod table;

pub use super::names::{data_name, data_word, init_name, norm_word};
pub use table::{KNOBS, LARGEST_SEED, SEED};

use super::experiment::{Experiment, Picture};
use crate::data::complaint;
use crate::nn::Placement;
use crate::nn::init::Init;

/// What a change of a knob costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Takes effect at the next step of both arms.
    Live,
    /// Both arms start again from step 0.
    Restart,
}

/// Where a control stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The data set's own row of pictures.
    Data,
    /// Always in sight.
    Both,
    /// What the second arm adds.
    Second,
    /// The fold about the norm.
    Norm,
    /// The fold about the optimiser.
    Optimiser,
    /// The fold about the initial weights.
    Weights,
    /// The fold about the data set.
    Examples,
    /// The fold about the seed.
    Seed,
}

/// How a number moves along its slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// In equal steps of one.
    Whole,
    /// In hundredths.
    Even,
    /// In equal ratios.
    Log,
    /// In powers of two.
    Doubling,
}

/// What values a knob takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of a list: the word in a link, then the word on the page.
    Choice(&'static [(&'static str, &'static str)]),
    /// A number.
    Number {
        /// Ends of the slider.
        slider: (f64, f64),
        /// Ends of what a link may ask for.
        link: (f64, f64),
        /// How the slider moves.
        travel: Travel,
        /// Whether 0 stands for "off" whatever the ends say.
        zero_is_off: bool,
    },
}

/// One row of the table.
pub struct Knob {
    /// Its key in a link.
    pub key: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// One sentence for who wonders.
    pub help: &'static str,
    /// Where it stands.
    pub group: Group,
    /// Its values.
    pub kind: Kind,
    /// What a change costs.
    pub cost: Cost,
    /// Reads it.
    pub get: fn(&Experiment) -> f64,
    /// Writes a value already found to be good.
    pub set: fn(&mut Experiment, f64),
}

/// All rows, the seed last.
pub fn all() -> impl Iterator<Item = &'static Knob> {
    KNOBS.iter().chain(core::iter::once(&SEED))
}

/// The knob with this key.
pub fn by_key(key: &str) -> Option<&'static Knob> {
    all().find(|knob| knob.key == key)
}

impl Knob {
    /// The value as a link writes it: shortest digits that read back the same, or the choice's word.
    pub fn text(&self, experiment: &Experiment) -> String {
        let value = (self.get)(experiment);
        match self.kind {
            Kind::Choice(words) => words[value as usize].0.to_owned(),
            Kind::Number { .. } => format!("{}", value as f32),
        }
    }

    /// Reads a link's text into the experiment.
    ///
    /// # Errors
    /// One sentence naming the knob, the text and what is allowed; the experiment is unchanged.
    pub fn read(&self, experiment: &mut Experiment, text: &str) -> Result<(), String> {
        let value = self.parse(text)?;
        (self.set)(experiment, value);
        Ok(())
    }

    /// Positions of the slider, 0 to this; `None` for a choice.
    pub fn last_position(&self) -> Option<u32> {
        let Kind::Number { slider: (low, high), travel, zero_is_off, .. } = self.kind else { return None };
        let off = u32::from(zero_is_off);
        let numbers = match travel {
            Travel::Whole => (high - low) as u32,
            Travel::Even => libm::round((high - low) * 100.0) as u32,
            Travel::Doubling => libm::round(libm::log2(high / low)) as u32,
            Travel::Log => {
                let decades = libm::log10(high / low);
                libm::round(decades * PREFERRED.len() as f64) as u32
            }
        };
        Some(off + numbers)
    }

    /// The value at a position of the slider: one that is read easily.
    pub fn value_at(&self, position: u32) -> f64 {
        let Kind::Number { slider: (low, high), travel, zero_is_off, .. } = self.kind else {
            return f64::from(position);
        };
        // Where 0 is a value of its own, it stands at the left end, before the smallest number.
        if zero_is_off && position == 0 {
            return 0.0;
        }
        let position = position - u32::from(zero_is_off);
        let position = f64::from(position.min(self.last_position().unwrap_or(0)));
        let value = match travel {
            Travel::Whole => low + position,
            Travel::Even => low + position / 100.0,
            Travel::Doubling => low * libm::exp2(position),
            Travel::Log => {
                let count = PREFERRED.len();
                let (decade, place) = (position as usize / count, position as usize % count);
                low * libm::pow(10.0, decade as f64) * PREFERRED[place]
            }
        };
        rounded(value).min(high)
    }

    /// The position nearest to the experiment's value.
    pub fn position(&self, experiment: &Experiment) -> u32 {
        let value = (self.get)(experiment);
        let Some(last) = self.last_position() else { return value as u32 };
        let in_ratio = matches!(self.kind, Kind::Number { travel: Travel::Log | Travel::Doubling, .. });
        let measure = |v: f64| if in_ratio { libm::log(v.max(1e-30)) } else { v };
        let distance = |position: &u32| libm::fabs(measure(self.value_at(*position)) - measure(value));
        (0..=last).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
    }

    /// The text, as a link has it, of a position of the slider or a place in the list.
    pub fn text_at(&self, position: u32) -> String {
        match self.kind {
            Kind::Choice(words) => words[(position as usize).min(words.len() - 1)].0.to_owned(),
            Kind::Number { .. } => format!("{}", self.value_at(position) as f32),
        }
    }

    /// The value as a reader sees it.
    pub fn shown(&self, experiment: &Experiment) -> String {
        let value = (self.get)(experiment);
        match (self.kind, self.key) {
            (Kind::Choice(words), _) => words[value as usize].1.to_owned(),
            (Kind::Number { zero_is_off: true, .. }, key) if value == 0.0 && key != "e" => "off".to_owned(),
            (_, "s") => match experiment.init {
                Init::Normal => format!("σ {}", value as f32),
                init => format!("{} × {}", value as f32, init_name(init)),
            },
            _ => format!("{}", value as f32),
        }
    }

    fn parse(&self, text: &str) -> Result<f64, String> {
        let (label, key) = (self.label, self.key);
        match self.kind {
            Kind::Choice(words) => {
                words.iter().position(|(word, _)| *word == text).map(|i| i as f64).ok_or_else(|| {
                    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                    format!(
                        "{label} ({key}) cannot be “{}”; it can be {}.",
                        shortened(text),
                        known.join(", ")
                    )
                })
            }
            Kind::Number { link: (low, high), travel, zero_is_off, .. } => {
                let value: f32 = text
                    .parse()
                    .map_err(|_| format!("{label} ({key}) needs a number, not “{}”.", shortened(text)))?;
                let value = f64::from(value);
                let whole = matches!(travel, Travel::Whole | Travel::Doubling);
                if whole && value != libm::trunc(value) {
                    return Err(format!("{label} ({key}) needs a whole number, not {value}."));
                }
                let (low_bound, high_bound) = (f64::from(low as f32), f64::from(high as f32));
                let in_range = (low_bound..=high_bound).contains(&value) || (zero_is_off && value == 0.0);
                let off = if zero_is_off { ", or 0" } else { "" };
                if in_range {
                    Ok(value)
                } else {
                    Err(format!(
                        "{label} ({key}) must be from {low} to {high}{off}, not {}.",
                        shortened(text)
                    ))
                }
            }
        }
    }
}

/// The mantissas of a logarithmic slider.
const PREFERRED: [f64; 10] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];

/// Without the dust of binary fractions.
fn rounded(value: f64) -> f64 {
    let scale = libm::pow(10.0, 4.0 - libm::floor(libm::log10(value.max(1e-30))));
    libm::round(value * scale) / scale
}

/// What a folded group says of itself.
pub fn summary(group: Group, experiment: &Experiment) -> String {
    let shown = |key| by_key(key).map_or(String::new(), |knob| knob.shown(experiment));
    match group {
        Group::Norm => match experiment.placement {
            Placement::Before => format!("before {}", shown("a")),
            Placement::After => format!("after {}", shown("a")),
        },
        Group::Optimiser => shown("o"),
        Group::Weights => match experiment.init {
            Init::Normal => "normal".to_owned(),
            init => format!("{} normal", init_name(init)),
        },
        Group::Examples => {
            let (train, test) = experiment.examples();
            match (experiment.data.is_planar(), experiment.picture()) {
                (true, _) => format!("{train} + {test} points, noise {}", shown("dn")),
                (false, Picture::Images) => format!("{train} + {test} images"),
                (false, Picture::Plane | Picture::Counts) => format!("{train} + {test} rows"),
            }
        }
        Group::Seed => shown("seed"),
        Group::Data | Group::Both | Group::Second => String::new(),
    }
}

/// Text from outside, cut so that a message stays one line.
pub(crate) fn shortened(text: &str) -> String {
    complaint::shortened(text, 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slider_position_reads_back_as_itself() {
        for knob in all() {
            let Some(last) = knob.last_position() else { continue };
            for position in 0..=last {
                let mut experiment = Experiment::default();
                knob.read(&mut experiment, &knob.text_at(position)).unwrap();
                assert_eq!(knob.position(&experiment), position, "{} {}", knob.key, knob.text_at(position));
            }
        }
    }

    #[test]
    fn the_default_stands_on_every_slider() {
        let default = Experiment::default();
        for knob in all().filter(|knob| knob.last_position().is_some()) {
            assert_eq!(knob.text_at(knob.position(&default)), knob.text(&default), "{}", knob.key);
        }
    }

    #[test]
    fn what_can_be_off_is_off_at_the_left_end_and_a_number_beside_it() {
        for key in ["wd", "hlr"] {
            let knob = by_key(key).unwrap();
            let mut experiment = Experiment::default();
            assert_eq!((knob.position(&experiment), knob.shown(&experiment)), (0, "off".to_owned()));
            knob.read(&mut experiment, &knob.text_at(1)).unwrap();
            let Kind::Number { slider: (low, high), .. } = knob.kind else { panic!() };
            assert_eq!((knob.get)(&experiment) as f32, low as f32, "{key}");
            assert_eq!(knob.value_at(knob.last_position().unwrap()), high, "{key}");
        }
    }

    #[test]
    fn keys_and_labels_are_distinct() {
        for of in [|knob: &Knob| knob.key, |knob: &Knob| knob.label] {
            let mut words: Vec<&str> = all().map(of).collect();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), all().count());
        }
    }
}
