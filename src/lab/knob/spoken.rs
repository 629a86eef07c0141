//! A knob's value as it is read aloud: signs and small numbers become words.

use super::{Knob, init_name};
use crate::lab::experiment::Experiment;
use crate::nn::init::Init;

/// Smaller numbers are read by their power of ten: nobody counts the noughts of 0.00001.
const SMALL: f64 = 0.001;

impl Knob {
    /// The value in words, for who does not see it: "1 times He".
    pub fn spoken(&self, experiment: &Experiment) -> String {
        let value = (self.get)(experiment);
        match (self.key, experiment.init) {
            ("s", Init::Normal) => format!("standard deviation {}", aloud(value)),
            ("s", init) => format!("{} times {}", aloud(value), init_name(init)),
            _ if self.last_position().is_some() && value != 0.0 => aloud(value),
            _ => self.shown(experiment),
        }
    }
}

/// "0.3"; "5 times ten to the minus 4".
fn aloud(value: f64) -> String {
    if value == 0.0 || libm::fabs(value) >= SMALL {
        return format!("{}", value as f32);
    }
    let shortest = format!("{:e}", value as f32);
    match shortest.split_once("e-") {
        Some(("1", power)) => format!("ten to the minus {power}"),
        Some((digits, power)) => format!("{digits} times ten to the minus {power}"),
        None => shortest,
    }
}

#[cfg(test)]
mod tests {
    use crate::lab::knob::by_key;
    use crate::lab::link;

    fn spoken(key: &str, link: &str) -> String {
        by_key(key).unwrap().spoken(&link::read(link).0)
    }

    #[test]
    fn values_are_read_in_words() {
        for (key, link, words) in [
            ("s", "", "1 times He"),
            ("s", "s=0.5&i=xavier", "0.5 times Xavier"),
            ("s", "i=normal&s=0.0005", "standard deviation 5 times ten to the minus 4"),
            ("lr", "lr=0.3", "0.3"),
            ("e", "", "ten to the minus 5"),
            ("e", "e=0", "0"),
            ("wd", "", "off"),
            ("b", "b=64", "64"),
            ("n", "n=ln", "LayerNorm"),
        ] {
            assert_eq!(spoken(key, link), words, "{key} in {link:?}");
        }
    }
}
