//! What is chosen by name: every data set, norm, activation, initial weights, rule of the update and so on, with its
//! word in links and exports and its name on the page. One table each, in the order of the page.
//!
//! Links, controls, sentences and exports read these tables; no other place knows the words.

use crate::data::DataKind;
use crate::lab::experiment::TestStatistics;
use crate::nn::Placement;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::norm::Norm;
use crate::nn::optim::Optimizer;

/// A thing to choose, its word in a link, its name on the page.
pub(super) type Named<T> = (T, &'static str, &'static str);

/// A table of names, with one row per kind: a kind without a row does not compile.
macro_rules! named {
    ($table:ident: $kind:ident, $($which:ident: $word:literal, $name:literal;)+) => {
        pub(in crate::lab) const $table: [Named<$kind>; [$($word),+].len()] = [$(($kind::$which, $word, $name)),+];
        const _: fn($kind) = |kind| match kind {
            $($kind::$which => {})+
        };
    };
}

named! {DATA: DataKind,
    Circle: "circle", "circle";
    Rings: "rings", "rings";
    Xor: "xor", "xor";
    Blobs: "blobs", "blobs";
    Spiral: "spiral", "spiral";
    ShortSpiral: "short-spiral", "short spiral";
    Digits: "digits", "8×8 digits";
    Own: "own", "your own";
}

named! {ACTIVATIONS: Activation,
    Relu: "relu", "ReLU";
    Tanh: "tanh", "tanh";
    Sigmoid: "sigmoid", "sigmoid";
    LeakyRelu: "leaky", "leaky ReLU";
    Gelu: "gelu", "GELU";
    Linear: "linear", "linear";
}

named! {NORMS: Norm,
    Batch: "bn", "batch norm";
    Layer: "ln", "LayerNorm";
    Rms: "rms", "RMSNorm";
    Group: "gn", "GroupNorm";
    DyT: "dyt", "DyT";
    None: "none", "nothing";
}

named! {OPTIMIZERS: Optimizer,
    Sgd: "sgd", "SGD";
    Momentum: "momentum", "momentum";
    Nesterov: "nesterov", "Nesterov";
    Adam: "adam", "Adam";
}

named! {INITS: Init,
    He: "he", "He";
    Xavier: "xavier", "Xavier";
    LeCun: "lecun", "LeCun";
    Normal: "normal", "normal";
}

named! {PLACEMENTS: Placement,
    Before: "before", "before the activation";
    After: "after", "after the activation";
}

named! {STATISTICS: TestStatistics,
    Running: "running", "running average";
    Batch: "batch", "each test batch";
    Exact: "exact", "whole training set";
}

/// Words and names alone.
pub(super) const fn words<T: Copy, const N: usize>(
    table: &[Named<T>; N],
) -> [(&'static str, &'static str); N] {
    let mut words = [("", ""); N];
    let mut row = 0;
    while row < N {
        words[row] = (table[row].1, table[row].2);
        row += 1;
    }
    words
}

/// The row of `wanted`, from 0. Every kind has one.
pub(super) fn position<T: PartialEq>(table: &[Named<T>], wanted: &T) -> usize {
    table.iter().position(|(kind, ..)| kind == wanted).unwrap_or(0)
}

/// A norm's word in links and exports.
pub fn norm_word(norm: Norm) -> &'static str {
    NORMS[position(&NORMS, &norm)].1
}

/// A norm's short name in labels; the arm without any is named after batch norm.
pub fn short_name(norm: Norm) -> &'static str {
    match norm {
        Norm::None | Norm::Batch => "BN",
        other => long_name(other),
    }
}

/// A norm's name inside a sentence.
pub fn long_name(norm: Norm) -> &'static str {
    match norm {
        Norm::None => "a norm",
        other => NORMS[position(&NORMS, &other)].2,
    }
}

/// A data set's word in links.
pub fn data_word(kind: DataKind) -> &'static str {
    DATA[position(&DATA, &kind)].1
}

/// A data set's name.
pub fn data_name(kind: DataKind) -> &'static str {
    DATA[position(&DATA, &kind)].2
}

/// A scheme's name.
pub fn init_name(init: Init) -> &'static str {
    INITS[position(&INITS, &init)].2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_all_is_all_of_the_table() {
        let has = |found: usize, table: usize, name: &str| assert_eq!(found, table, "{name}");
        has(NORMS.iter().filter(|(kind, ..)| Norm::ALL.contains(kind)).count(), NORMS.len(), "norms");
        let activations = ACTIVATIONS.iter().filter(|(kind, ..)| Activation::ALL.contains(kind));
        has(activations.count(), ACTIVATIONS.len(), "activations");
        has(INITS.iter().filter(|(kind, ..)| Init::ALL.contains(kind)).count(), INITS.len(), "schemes");
        let rules = OPTIMIZERS.iter().filter(|(kind, ..)| Optimizer::ALL.contains(kind));
        has(rules.count(), OPTIMIZERS.len(), "rules");
        let built_in = DATA.iter().map(|(kind, ..)| *kind).filter(|kind| *kind != DataKind::Own);
        assert_eq!(built_in.collect::<Vec<_>>(), DataKind::BUILT_IN);
    }

    #[test]
    fn words_and_names_are_distinct() {
        let tables = [
            &words(&DATA)[..],
            &words(&ACTIVATIONS),
            &words(&NORMS),
            &words(&OPTIMIZERS),
            &words(&INITS),
            &words(&PLACEMENTS),
            &words(&STATISTICS),
        ];
        for table in tables {
            for (i, (word, name)) in table.iter().enumerate() {
                assert!(table[..i].iter().all(|(w, n)| w != word && n != name), "{word}, {name}");
            }
        }
    }

    #[test]
    fn each_kind_is_called_by_its_own_row() {
        assert_eq!([Norm::None, Norm::Batch, Norm::DyT].map(norm_word), ["none", "bn", "dyt"]);
        assert_eq!([DataKind::ShortSpiral, DataKind::Own].map(data_word), ["short-spiral", "own"]);
        assert_eq!([DataKind::ShortSpiral, DataKind::Digits].map(data_name), ["short spiral", "8×8 digits"]);
        assert_eq!([Norm::None, Norm::Batch, Norm::Group].map(short_name), ["BN", "BN", "GroupNorm"]);
        assert_eq!(
            [Norm::None, Norm::Batch, Norm::Group].map(long_name),
            ["a norm", "batch norm", "GroupNorm"]
        );
        assert_eq!(init_name(Init::LeCun), "LeCun");
    }
}
