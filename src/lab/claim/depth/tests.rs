//! The rule at its edges: gradients as far apart as it allows, and a little farther.

use super::*;
use crate::lab::claim::{Claim, made_up};

/// How the claim does where the first layer's gradient is so many times the last one's: without, with.
fn found(ratios: [f32; 2]) -> Option<Grade> {
    made_up::grade(Claim::Depth, |place, _| {
        let gradients = |ratio| Gradients { start: vec![[ratio; 3], [1.0; 3]], ..Gradients::default() };
        Some(match place {
            0 | 1 => Outcome::Gradients(gradients(ratios[place])),
            _ => Outcome::Growth(1.0),
        })
    })
}

const FAR: f32 = 1000.0;

#[test]
fn a_gradient_is_in_range_within_ten_times_either_way() {
    assert!(rule().contains("within 10 times of the last layer\u{2019}s"));
    let (most, least) = (10.0_f32, 0.1_f32);
    for ratio in [1.0, most, most.next_down(), least, least.next_up()] {
        assert_eq!(found([FAR, ratio]), Some(Grade::Holds), "{ratio} with batch norm");
        assert_eq!(found([ratio, 1.0]), Some(Grade::NotHere), "{ratio} without");
    }
    for ratio in [most.next_up(), least.next_down()] {
        assert_eq!(found([FAR, ratio]), Some(Grade::Mixed), "{ratio} with batch norm");
        assert_eq!(found([ratio, 1.0]), Some(Grade::Holds), "{ratio} without");
    }
}

#[test]
fn out_of_range_both_ways_it_is_mixed_only_if_batch_norm_is_nearer() {
    let cases = [
        (FAR, FAR.next_down(), Grade::Mixed),
        (FAR, FAR, Grade::NotHere),
        (FAR, FAR.next_up(), Grade::NotHere),
        // Vanishing by as much as the other grows.
        (1.0 / 1024.0, 1024.0, Grade::NotHere),
        (1.0 / 1024.0, 1023.0, Grade::Mixed),
        // Nothing is farther than a gradient of 0 or without end.
        (0.0, f32::MAX, Grade::Mixed),
        (0.0, f32::INFINITY, Grade::NotHere),
        (f32::NAN, FAR, Grade::Mixed),
        (FAR, f32::NAN, Grade::NotHere),
    ];
    for (without, with, expected) in cases {
        assert_eq!(found([without, with]), Some(expected), "{without} {with}");
    }
}

#[test]
fn there_is_no_verdict_before_both_networks_have_been_looked_at() {
    let plain = |place, _: &Job| {
        (place == 0).then(|| Outcome::Gradients(Gradients { start: vec![[1.0; 3]], ..Gradients::default() }))
    };
    assert_eq!(made_up::grade(Claim::Depth, plain), None);
}

#[test]
fn a_gradient_keeps_its_size_within_one_and_a_half_times() {
    let most = 1.5_f32;
    assert_eq!(change(most), "grows 1.5 times");
    assert_eq!(change(most.next_down()), "keeps its size within 1.5 times");
    assert_eq!(change(1.0 / most), "shrinks 1.5 times");
    assert_eq!(change((1.0 / most).next_up()), "keeps its size within 1.5 times");
}
