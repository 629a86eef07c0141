//! The one sentence under the score table, made from what was measured and from nothing else.

use super::experiment::{Experiment, long_name};
use super::history::{History, Score, TARGET, silent_word};
use super::view::ArmState;
use crate::nn::norm::Norm;

/// What just happened: the point, and an aside in a quieter voice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// The point.
    pub point: String,
    /// The aside; may be empty.
    pub aside: String,
}

/// A share as "98.8 %".
pub fn percent(share: f32) -> String {
    let tenths = libm::roundf(share * 1000.0) / 10.0;
    // 100 % is only said of a perfect score.
    let tenths = if share < 1.0 { tenths.min(99.9) } else { tenths };
    if tenths == 100.0 { "100 %".to_owned() } else { format!("{tenths:.1} %") }
}

/// [`TARGET`] as it is said: "90 %".
pub fn target() -> String {
    threshold(TARGET)
}

/// A share that something is judged by, as short as it is: "90 %".
pub fn threshold(share: f32) -> String {
    format!("{} %", libm::roundf(share * 1000.0) / 10.0)
}

/// The sentence of this moment.
pub fn sentence(experiment: &Experiment, history: &History) -> Sentence {
    if experiment.norm == Norm::None {
        let point = "Both networks are the same, without a norm: their curves must coincide.".to_owned();
        return Sentence { point, aside: String::new() };
    }
    let name = long_name(experiment.norm);
    let [without, with] = history.scores();
    let point = match (without.state, with.state) {
        (ArmState::Diverged(a), ArmState::Diverged(b)) => {
            format!("Both diverged: without {name} at step {a}, with it at step {b}.")
        }
        (ArmState::Diverged(step), _) => {
            format!("Without {name} the loss overflowed at step {step}; {}.", goes_on("with it", &with))
        }
        (_, ArmState::Diverged(step)) => {
            format!("With {name} the loss overflowed at step {step}; {}.", goes_on("without it", &without))
        }
        _ => race(name, &without, &with),
    };
    Sentence { point, aside: aside(history, [&without, &with], silent_word(experiment.activation)) }
}

fn goes_on(who: &str, score: &Score) -> String {
    match (score.first_at_target, score.accuracy) {
        (Some(step), _) => format!("{who} the test set was first {} right at step {step}", target()),
        (None, Some(accuracy)) => format!("{who} {} of the test set is right", percent(accuracy)),
        (None, None) => format!("{who} training goes on"),
    }
}

/// Who reached the target, and when.
fn race(name: &str, without: &Score, with: &Score) -> String {
    let target = target();
    match (without.first_at_target, with.first_at_target) {
        (Some(a), Some(b)) if a < b => {
            format!("Both reached {target}, the one without {name} first, at step {a}; with it at step {b}.")
        }
        (Some(a), Some(b)) if a == b => format!("Both were first {target} right at step {a}."),
        (Some(a), Some(b)) => {
            format!("With {name} the test set was first {target} right at step {b}, without it at step {a}.")
        }
        (None, Some(b)) => {
            format!("With {name} the test set was first {target} right at step {b}, without it not yet.")
        }
        (Some(a), None) => {
            format!("Without {name} the test set was first {target} right at step {a}, with it not yet.")
        }
        (None, None) => match (without.accuracy, with.accuracy) {
            (Some(a), Some(b)) => {
                format!("Neither is at {target} yet; with {name} {}, without {}.", percent(b), percent(a))
            }
            _ => "Both networks start from the same weights.".to_owned(),
        },
    }
}

/// What else is worth a glance: guessing, silence, swinging.
fn aside(history: &History, scores: [&Score; 2], silent_word: Option<&str>) -> String {
    for (score, who) in scores.iter().zip(["The plain network", "The normalised network"]) {
        if score.state == ArmState::StuckAtGuessing {
            let guess = percent(history.chance());
            let silent = match silent_word {
                Some(word) if score.has_many_silent() => {
                    format!("; {} of its {} units are {word}", score.silent, score.units)
                }
                _ => String::new(),
            };
            return format!("{who} is stuck at guessing, which gives {guess}{silent}.");
        }
    }
    [silent_word.and_then(|word| silent_units(scores, word)), swinging(history, scores)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Silent or saturated units, once a network has many.
fn silent_units(scores: [&Score; 2], word: &str) -> Option<String> {
    let many = |arm: usize| {
        let Score { silent, units, .. } = scores[arm];
        let goes_on = !matches!(scores[arm].state, ArmState::Diverged(_));
        (goes_on && scores[arm].has_many_silent()).then_some((*silent, *units))
    };
    match (many(0), many(1)) {
        (Some((a, units)), Some((b, _))) => {
            Some(format!("In the plain network {a} of {units} units are {word}, in the normalised one {b}."))
        }
        (Some((a, units)), None) => Some(format!("In the plain network {a} of {units} units are {word}.")),
        (None, Some((b, units))) => {
            Some(format!("In the normalised network {b} of {units} units are {word}."))
        }
        (None, None) => None,
    }
}

/// An accuracy that goes up and down.
fn swinging(history: &History, scores: [&Score; 2]) -> Option<String> {
    for (arm, who) in [(0, "The plain network"), (1, "The normalised network")] {
        if matches!(scores[arm].state, ArmState::Diverged(_)) {
            continue;
        }
        if let Some((low, high)) = history.accuracy_range(arm, 100)
            && history.step() >= 200
            && high - low > 0.08
        {
            return Some(format!("{who} is still swinging between {} and {}.", whole(low), percent(high)));
        }
    }
    None
}

/// The lower end of a range: "79" of "79 and 90 %".
fn whole(share: f32) -> String {
    percent(share).trim_end_matches(" %").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::frame::{ArmSnapshot, BINS, Evaluation, Frame, LayerSnapshot, Snapshot};
    use crate::nn::activation::Activation;

    fn after(accuracies: &[[f32; 2]], diverged_at: [Option<u32>; 2]) -> String {
        let experiment = Experiment::default();
        let mut history = History::new(&experiment, None);
        for (k, pair) in accuracies.iter().enumerate() {
            let step = 5 * k as u32;
            let evaluations = pair.map(|accuracy| Some(Evaluation { loss: Some(0.3), accuracy }));
            history.push(Frame {
                step,
                evaluations: vec![(step, evaluations)],
                diverged_at,
                ..Frame::default()
            });
        }
        sentence(&experiment, &history).point
    }

    #[test]
    fn it_names_who_was_first_whoever_that_is() {
        let none = [None, None];
        assert_eq!(
            after(&[[0.5, 0.6]], none),
            "Neither is at 90 % yet; with batch norm 60.0 %, without 50.0 %."
        );
        assert_eq!(
            after(&[[0.5, 0.6], [0.5, 0.95]], none),
            "With batch norm the test set was first 90 % right at step 5, without it not yet."
        );
        assert_eq!(
            after(&[[0.5, 0.6], [0.5, 0.95], [0.9, 0.95]], none),
            "With batch norm the test set was first 90 % right at step 5, without it at step 10."
        );
        assert_eq!(
            after(&[[0.5, 0.6], [0.95, 0.5], [0.9, 0.95]], none),
            "Both reached 90 %, the one without batch norm first, at step 5; with it at step 10."
        );
        assert_eq!(
            after(&[[0.5, 0.6], [0.95, 0.5]], none),
            "Without batch norm the test set was first 90 % right at step 5, with it not yet."
        );
    }

    #[test]
    fn a_divergence_is_told_with_its_step() {
        let told = after(&[[0.5, 0.95]], [Some(199), None]);
        assert_eq!(
            told,
            "Without batch norm the loss overflowed at step 199; with it the test set was first 90 % right at step 0."
        );
        assert_eq!(
            after(&[[0.5, 0.5]], [Some(3), Some(4)]),
            "Both diverged: without batch norm at step 3, with it at step 4."
        );
    }

    /// The aside where so many of four units are silent, after one step.
    fn aside_with(silent: [u32; 2], diverged_at: [Option<u32>; 2], activation: Activation) -> String {
        let experiment = Experiment { hidden_layers: 2, width: 2, activation, ..Experiment::default() };
        let mut history = History::new(&experiment, None);
        let arm = |silent: u32| {
            let layer =
                |silent| LayerSnapshot { silent, histogram: vec![0; BINS], ..LayerSnapshot::default() };
            ArmSnapshot { layers: vec![layer(silent / 2), layer(silent - silent / 2)], learned: None }
        };
        let snapshot = Snapshot { step: 1, fingerprints: [0; 2], arms: silent.map(arm), mistakes: None };
        history.push(Frame { step: 1, diverged_at, snapshot: Some(snapshot), ..Frame::default() });
        sentence(&experiment, &history).aside
    }

    #[test]
    fn silent_units_are_told_from_a_quarter_of_all_units_on() {
        let (none, relu) = ([None; 2], Activation::Relu);
        assert_eq!(aside_with([0, 0], none, relu), "");
        assert_eq!(aside_with([1, 0], none, relu), "In the plain network 1 of 4 units are silent.");
        assert_eq!(aside_with([0, 2], none, relu), "In the normalised network 2 of 4 units are silent.");
        assert_eq!(
            aside_with([3, 2], none, Activation::Tanh),
            "In the plain network 3 of 4 units are saturated, in the normalised one 2."
        );
        assert_eq!(aside_with([4, 0], none, Activation::Gelu), "");
        assert_eq!(aside_with([4, 0], [Some(1), None], relu), "", "it has diverged: that is told");
    }

    #[test]
    fn numbers_are_rounded_honestly() {
        assert_eq!(
            ["0.9996", "1", "0.988"].map(|s| percent(s.parse().unwrap())),
            ["99.9 %", "100 %", "98.8 %"]
        );
    }
}
