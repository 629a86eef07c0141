//! The rule at its edges: errors as large as it allows, a little smaller and a little larger.

use super::*;
use crate::lab::claim::{Claim, made_up};

#[test]
fn an_error_counts_as_none_below_a_hundredth() {
    assert!(
        rule().contains("both to less than 0.01") && rule().contains("leaves less than 0.01 of the spread")
    );
    let hundredth = 0.01_f32;
    let (small, large) = (hundredth.next_down(), hundredth.next_up());
    let cases = [
        ([small, small, small], Grade::Holds),
        ([hundredth, small, small], Grade::Mixed),
        ([small, hundredth, small], Grade::Mixed),
        ([small, small, hundredth], Grade::Mixed),
        ([small, large, large], Grade::Mixed),
        ([hundredth, hundredth, hundredth], Grade::NotHere),
        ([large, large, large], Grade::NotHere),
        ([f32::NAN, small, small], Grade::Mixed),
        ([f32::NAN; 3], Grade::NotHere),
    ];
    for (errors, expected) in cases {
        assert_eq!(grade(errors), expected, "{errors:?}");
    }
}

#[test]
fn the_rule_says_how_many_pairs_are_checked() {
    assert!(PAIRS.len() == 4 && rule().contains("for four pairs"));
}

#[test]
fn an_epsilon_too_large_beside_the_variance_takes_the_spread_away_and_nothing_else() {
    // Mean 0, variance 1. With gamma = 2 the standard deviation is off by 2 (1 - 1 / root of (1 + eps)), which is 0.01
    // where eps is 0.010076.
    let found = |eps| {
        let x: Vec<f32> = (0..200).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let unit = Unit { next: x.clone(), x, eps, ..Unit::default() };
        made_up::grade(Claim::Gamma, |place, _| (place == 0).then(|| Outcome::Unit(unit.clone())))
    };
    assert_eq!(found(1e-5), Some(Grade::Holds));
    assert_eq!(found(0.010_07), Some(Grade::Holds));
    assert_eq!(found(0.010_08), Some(Grade::Mixed));
    assert_eq!(made_up::grade(Claim::Gamma, |_, _| None), None);
}
