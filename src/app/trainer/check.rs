//! The check of both networks' gradients, a slice at a time. What is checked, and how, stands in [`crate::lab::check`].

use super::slice::Slice;
use crate::lab::check::Check;
use crate::lab::comparison::Comparison;
use crate::lab::wire::Checked;

/// Losses between two looks at the clock.
const LOSSES: u32 = 8;

/// A check of both arms under way, and the step it belongs to.
pub(super) struct Checking {
    step: u32,
    arms: [Result<Check, String>; 2],
}

impl Checking {
    /// Both arms as they are now, on the mini-batch to come.
    pub(super) fn of(comparison: &mut Comparison) -> Self {
        let batch = comparison.next_batch().clone();
        let (step, seed) = (comparison.step_count(), u64::from(comparison.experiment().seed));
        let arms = comparison.arms().each_ref().map(|arm| match arm.diverged_at() {
            None => Check::new(arm.network(), &batch, seed, step),
            Some(at) => Err(format!("It diverged at step {at}.")),
        });
        Self { step, arms }
    }

    /// What has come out by the end of the slice.
    pub(super) fn go_on(&mut self, slice: Slice<'_>) -> Checked {
        let mut done = false;
        while !done && !slice.is_over() {
            done = true;
            for check in self.arms.iter_mut().flatten() {
                done &= check.advance(LOSSES);
            }
        }
        let arms = self
            .arms
            .each_ref()
            .map(|arm| arm.as_ref().map(|check| check.report().clone()).map_err(Clone::clone));
        Checked { step: self.step, arms, done }
    }
}
