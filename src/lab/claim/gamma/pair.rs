//! What a pair of gamma and beta does to one unit: the special cases the reader can choose, and the sentences beside
//! the figure. Every number in them comes from the values shown.

use crate::lab::claim::gamma;
use crate::lab::claim::outcome::Unit;
use crate::lab::claim::view::GammaView;
use crate::lab::claim::words;
use crate::lab::number::fixed;
use crate::lab::sentence::percent;

/// A case with a button of its own: what it leaves open stays as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Special {
    /// On the button.
    pub label: &'static str,
    /// gamma, if it sets it.
    pub gamma: Option<f32>,
    /// beta, if it sets it.
    pub beta: Option<f32>,
}

const fn gamma_of(label: &'static str, gamma: f32) -> Special {
    Special { label, gamma: Some(gamma), beta: None }
}

const fn beta_of(label: &'static str, beta: f32) -> Special {
    Special { label, gamma: None, beta: Some(beta) }
}

const fn both(label: &'static str, gamma: f32, beta: f32) -> Special {
    Special { label, gamma: Some(gamma), beta: Some(beta) }
}

/// The special cases, in the order of their buttons. The last two are the worked example's.
pub const SPECIAL: [Special; 8] = [
    gamma_of("\u{3b3} > 1", 2.0),
    gamma_of("\u{3b3} < 1", 0.5),
    gamma_of("\u{3b3} = 0", 0.0),
    beta_of("\u{3b2} > 0", 3.0),
    beta_of("\u{3b2} < 0", -1.0),
    both("\u{3b3} 1, \u{3b2} 0", 1.0, 0.0),
    both("\u{3b3} 2, \u{3b2} 3", 2.0, 3.0),
    both("\u{3b3} 0.5, \u{3b2} \u{2212}1", 0.5, -1.0),
];

/// The button after them.
pub const UNDO: &str = "Undo: \u{3b3} = \u{221a}(variance + \u{3b5}), \u{3b2} = mean";

/// The values a pair is applied to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// The training set, which the undoing pair is computed from.
    #[default]
    Training,
    /// The mini-batch to come.
    NextBatch,
}

impl Over {
    /// Both, in the order of their buttons.
    pub const ALL: [Self; 2] = [Self::Training, Self::NextBatch];

    /// On the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Training => "training set",
            Self::NextBatch => "next mini-batch",
        }
    }
}

/// What the figure shows of a unit for a pair. Over the next mini-batch, x-hat is normalised by that batch.
pub fn view(unit: &Unit, [gamma, beta]: [f32; 2], over: Over) -> GammaView {
    match over {
        Over::Training => gamma::view(unit, gamma, beta),
        Over::NextBatch => {
            let undo = gamma::undoing(unit);
            let swapped = Unit { x: unit.next.clone(), next: Vec::new(), eps: unit.eps, ..Unit::default() };
            let shown = gamma::view(&swapped, gamma, beta);
            let residual = gamma::residual(&unit.x, unit.eps, undo);
            let residual_next = gamma::residual(&unit.next, unit.eps, undo);
            GammaView { undo, residual, residual_next, ..shown }
        }
    }
}

/// The sentences beside the figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What y is.
    pub lead: String,
    /// What the pair does, and what becomes of the worked example.
    pub rest: String,
    /// What is not as it seems.
    pub but: String,
}

/// "2.00", "−0.62".
fn two(value: f32) -> String {
    fixed(value, 2)
}

/// As short as it is exact to two decimals: "2", "0.5", "−1".
fn short(value: f32) -> String {
    let text = two(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Whether a pair is the one that undoes, up to the rounding of a slider.
fn is_undoing(shown: &GammaView) -> bool {
    shown.pair.iter().zip(shown.undo).all(|(set, undo)| (set - undo).abs() <= 1e-6 * undo.abs().max(1.0))
}

/// What gamma does to the spread and beta to the mean.
fn effect([gamma, beta]: [f32; 2]) -> String {
    let spread = match gamma.abs() {
        0.0 => "\u{3b3} = 0 collapses all values to one point",
        g if g > 1.0 => "\u{3b3} above 1 widens the spread",
        g if g < 1.0 => "\u{3b3} below 1 narrows the spread",
        _ => "\u{3b3} = 1 keeps the spread",
    };
    let mean = match beta {
        b if b > 0.0 => "\u{3b2} above 0 moves all values up",
        b if b < 0.0 => "\u{3b2} below 0 moves all values down",
        _ => "\u{3b2} = 0 keeps the mean at 0",
    };
    format!("{spread}, {mean}.")
}

/// What stands beside the figure.
pub fn told(shown: &GammaView, over: Over) -> Told {
    let (y, normalised) = (&shown.rows[2], &shown.rows[1]);
    let lead = format!("y has mean {} and standard deviation {}.", two(y.mean), two(y.deviation));
    let rest = if is_undoing(shown) {
        let pair = format!("\u{3b3} = {} and \u{3b2} = {}", two(shown.undo[0]), two(shown.undo[1]));
        match over {
            Over::Training => format!(
                "{pair} undo batch norm: y is x again, but for {} of its spread. On the next mini-batch the same pair is \
                 off by {}.",
                words::number(shown.residual),
                percent(shown.residual_next)
            ),
            Over::NextBatch => format!(
                "{pair} undid the training set but for {} of its spread. This mini-batch has another mean and another \
                 spread: here y is off by {} of it.",
                words::number(shown.residual),
                percent(shown.distance)
            ),
        }
    } else {
        let after: Vec<String> = shown.example_after.iter().map(|value| short(*value)).collect();
        format!("{} The worked example becomes [{}].", effect(shown.pair), after.join(", "))
    };
    Told { lead, rest, but: but(shown, normalised.deviation) }
}

/// The example's spread is not 1; and with a variance near eps neither is that of x-hat.
fn but(shown: &GammaView, normalised: f32) -> String {
    let [_, before] = shown.example_moments;
    let [_, after] = shown.example_after_moments;
    let exact = [1.5, 0.5].map(|value| value / before);
    let mut text = format!(
        "The example\u{2019}s four numbers have standard deviation {before:.3}, not 1, so with \u{3b3} = {} they end up at \
         {after:.3}. To have exactly 1 they would be \u{b1}{:.3} and \u{b1}{:.3}.",
        short(shown.pair[0]),
        exact[0],
        exact[1]
    );
    if (normalised - 1.0).abs() > 0.005 {
        text += &format!(
            " Nor has x\u{302} here: its standard deviation is {normalised:.3}, because \u{3b5} is not small beside the \
             variance of x."
        );
    }
    text
}

/// Whose unit is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of the experiment's own network, untrained.
    Own,
    /// Of the network in the lab, as it was at a step.
    Lab {
        /// Updates made.
        step: u32,
    },
}

/// What stands below the figure, after its number; layer and unit count from 0, `count` is how many values there are.
pub fn caption(whose: Whose, [layer, unit]: [u32; 2], count: usize, over: Over) -> String {
    let network = match whose {
        Whose::Own => "the network untrained".to_owned(),
        Whose::Lab { step } => format!("the lab\u{2019}s network with BN at step {step}"),
    };
    let examples = match over {
        _ if count == 0 => String::new(),
        Over::Training => format!(", {count} training examples"),
        Over::NextBatch => format!(", the next mini-batch of {count}"),
    };
    format!(
        "One real unit of {network}: layer {}, unit {}{examples}. Diamond and bar: mean \u{b1} one standard \
         deviation. Open circles: the four numbers of the worked example, carried along.",
        layer + 1,
        unit + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit() -> Unit {
        let x: Vec<f32> = (0..200).map(|i| 0.6 + 0.7 * libm::sinf(1.7 * i as f32)).collect();
        let next = (0..40).map(|i| 0.9 + 0.5 * libm::sinf(2.3 * i as f32)).collect();
        Unit { x, next, eps: 1e-5, ..Unit::default() }
    }

    #[test]
    fn the_words_say_what_the_pair_does() {
        let cases = [
            (
                [2.0, 3.0],
                "mean 3.00 and standard deviation 2.00",
                "above 1 widens",
                "above 0 moves",
                "[0, 2, 4, 6]",
            ),
            (
                [0.5, -1.0],
                "mean \u{2212}1.00 and standard deviation 0.50",
                "below 1 narrows",
                "below 0 moves",
                "[\u{2212}1.75, \u{2212}1.25, \u{2212}0.75, \u{2212}0.25]",
            ),
            (
                [0.0, 0.0],
                "mean 0.00 and standard deviation 0.00",
                "collapses",
                "keeps the mean",
                "[0, 0, 0, 0]",
            ),
            (
                [1.0, 0.0],
                "standard deviation 1.00",
                "= 1 keeps",
                "keeps the mean",
                "[\u{2212}1.5, \u{2212}0.5, 0.5, 1.5]",
            ),
        ];
        for (pair, lead, spread, mean, example) in cases {
            let told = told(&view(&unit(), pair, Over::Training), Over::Training);
            assert!(told.lead.contains(lead), "{}", told.lead);
            for part in [spread, mean, example] {
                assert!(told.rest.contains(part), "{part} in {}", told.rest);
            }
        }
        let told = told(&view(&unit(), [2.0, 3.0], Over::Training), Over::Training);
        assert!(told.but.contains("deviation 1.118, not 1") && told.but.contains("at 2.236"), "{}", told.but);
        assert!(
            told.but.contains("\u{b1}1.342 and \u{b1}0.447") && !told.but.contains("Nor has"),
            "{}",
            told.but
        );
    }

    #[test]
    fn what_undoes_the_training_set_does_not_undo_the_next_batch() {
        let unit = unit();
        let pair = gamma::undoing(&unit);
        let here = view(&unit, pair, Over::Training);
        let there = view(&unit, pair, Over::NextBatch);
        assert!(here.distance < 1e-6 && there.distance > 0.1, "{} {}", here.distance, there.distance);
        assert_eq!((here.undo, here.residual_next), (there.undo, there.distance));
        assert_eq!(there.rows[0].histogram.iter().sum::<u32>(), 40);
        assert!((there.rows[1].mean).abs() < 1e-5, "normalised by itself");
        assert!(told(&here, Over::Training).rest.contains("y is x again"));
        assert!(told(&there, Over::NextBatch).rest.contains("here y is off by"));
    }

    #[test]
    fn a_variance_near_eps_is_told() {
        let unit = Unit { x: unit().x.iter().map(|v| 0.004 * v).collect(), ..unit() };
        let told = told(&view(&unit, [1.0, 0.0], Over::Training), Over::Training);
        assert!(told.but.contains("Nor has x\u{302} here"), "{}", told.but);
    }

    #[test]
    fn captions_count_as_people_do() {
        let caption = caption(Whose::Lab { step: 420 }, [2, 3], 128, Over::NextBatch);
        assert!(caption.contains("at step 420: layer 3, unit 4, the next mini-batch of 128."), "{caption}");
    }
}
