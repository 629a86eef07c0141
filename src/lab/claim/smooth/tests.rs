//! The rule at its edges: bands as wide as each other, a little narrower and a little wider.

use super::*;
use crate::lab::claim::seen::{LONGEST, SHORTEST};
use crate::lab::claim::{Claim, Plan, made_up};

/// The three widths of an arm: over the run, early, relative to the loss.
fn arm([width, early, relative]: [f32; 3]) -> SmoothArm {
    SmoothArm {
        width: Some(width),
        early_width: Some(early),
        relative_width: Some(relative),
        ..SmoothArm::default()
    }
}

#[test]
fn every_comparison_asks_for_a_narrower_band_and_as_wide_is_not_narrower() {
    let (same, narrower, wider) = (1.0_f32, 1.0_f32.next_down(), 1.0_f32.next_up());
    let cases = [
        ([narrower, narrower, narrower], Grade::Holds),
        ([same, narrower, narrower], Grade::Mixed),
        ([narrower, same, narrower], Grade::Mixed),
        ([narrower, narrower, same], Grade::Mixed),
        ([narrower, wider, wider], Grade::Mixed),
        ([same, same, same], Grade::NotHere),
        ([wider, wider, wider], Grade::NotHere),
    ];
    for (with, expected) in cases {
        let view = SmoothView { arms: [arm([same; 3]), arm(with)], ..SmoothView::default() };
        assert_eq!(grade(&view), Some(expected), "{with:?}");
    }
    assert_eq!(grade(&SmoothView::default()), None);
}

/// A probe whose band is so wide, at this loss.
fn probe(step: u32, width: f32, loss: f32) -> Walk {
    Walk { step, loss, low: loss, high: loss + width, ..Walk::default() }
}

/// How the claim does if every run has these probes: without, with.
fn found(probes: [Vec<Walk>; 2]) -> Option<Grade> {
    made_up::grade(Claim::Smooth, |place, _| {
        let walks = probes.get(place)?.clone();
        Some(Outcome::Walks(Walks { walks, diverged_at: None }))
    })
}

#[test]
fn the_first_hundred_steps_are_early_and_the_hundredth_is_not() {
    assert!(rule().contains("over the first 100 steps"));
    // Of three probes the second differs: the median of all is 1 without and with, as is that relative to the loss.
    let run = |step, second| vec![probe(0, 1.0, 1.0), probe(step, second, 1.0), probe(500, 1.0, 1.0)];
    assert_eq!(found([run(99, 1.0), run(99, 0.5)]), Some(Grade::Mixed), "early");
    assert_eq!(found([run(100, 1.0), run(100, 0.5)]), Some(Grade::NotHere), "late");
}

#[test]
fn each_comparison_reads_its_own_measure() {
    let run = |width, loss| vec![probe(0, width, loss), probe(500, width, loss)];
    assert_eq!(found([run(1.0, 1.0), run(0.5, 1.0)]), Some(Grade::Holds));
    // Half the band at a quarter of the loss: narrower twice, and relative to the loss wider.
    assert_eq!(found([run(1.0, 1.0), run(0.5, 0.25)]), Some(Grade::Mixed));
    // A wider band at a higher loss: narrower relative to it alone.
    assert_eq!(found([run(1.0, 1.0), run(2.0, 4.0)]), Some(Grade::Mixed));
    assert_eq!(found([run(1.0, 1.0), run(2.0, 1.0)]), Some(Grade::NotHere));
}

#[test]
fn the_caption_tells_how_far_is_walked() {
    assert_eq!((SHORTEST, LONGEST), (0.5, 4.0));
    let said = plates(&Sweep::new(Plan::usual(Claim::Smooth)));
    assert!(said.iter().any(|plate| plate.caption.contains("\u{bd} to 4 times the learning rate")));
}
