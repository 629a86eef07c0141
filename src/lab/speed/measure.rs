//! Measuring a workload: with and without batch norm in turns, and the processor's peak between them, so that whatever
//! else the computer does falls on all three.
//!
//! A repeat is many short windows of each, and the best window counts: what somebody else takes from a processor, the
//! caches above all, it takes from products more than from the peak, which touches no memory. Then come the median
//! and the spread of the repeats.

use core::hint::black_box;

use serde::{Deserialize, Serialize};

use super::{NORMS, Training, Workload};
use crate::math::peak;

/// Milliseconds of training before anything is measured: browsers compile better code for what has run a while.
pub const WARM_UP: f64 = 600.0;
/// Milliseconds in one window: long beside the coarsest clock, short beside a disturbance.
const WINDOW: f64 = 10.0;
/// Windows of each network in one repeat, and of the peak.
const WINDOWS: usize = 24;

/// What was measured of one workload; one number per repeat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// The workload's letter.
    pub workload: String,
    /// Multiplications and additions of one step.
    pub flop: f64,
    /// Milliseconds per step without a norm and with batch norm, in the best window of a repeat.
    pub ms: [Vec<f64>; 2],
    /// The processor's multiply-add peak in the best window of the same repeat, in multiplications and additions per second.
    pub peak: Vec<f64>,
}

/// Measures `repeats` times; `now` tells milliseconds.
pub fn measure(workload: Workload, repeats: usize, now: &dyn Fn() -> f64) -> Measured {
    let mut trainings = NORMS.map(|(_, norm)| Training::new(workload, norm));
    for training in &mut trainings {
        run(training, WARM_UP, now);
    }
    let mut measured = Measured {
        workload: workload.name().to_owned(),
        flop: workload.flop(),
        ms: Default::default(),
        peak: Vec::new(),
    };
    for _ in 0..repeats {
        let (mut ms, mut most) = ([f64::INFINITY; 2], 0.0_f64);
        for window in 0..WINDOWS {
            for (best, training) in ms.iter_mut().zip(&mut trainings) {
                *best = best.min(run(training, WINDOW, now));
            }
            most = most.max(peak_now(peak::CHAINS[window % peak::CHAINS.len()], now));
        }
        measured.ms.iter_mut().zip(ms).for_each(|(all, ms)| all.push(ms));
        measured.peak.push(most);
    }
    measured
}

/// Trains for at least `ms`; returns how many milliseconds a step took.
fn run(training: &mut Training, ms: f64, now: &dyn Fn() -> f64) -> f64 {
    let (begin, mut steps) = (now(), 0);
    loop {
        (0..8).for_each(|_| _ = black_box(training.step()));
        steps += 8;
        let passed = now() - begin;
        if passed >= ms {
            return passed / f64::from(steps);
        }
    }
}

/// Multiplications and additions per second, with as many chains.
fn peak_now(chains: usize, now: &dyn Fn() -> f64) -> f64 {
    let (begin, mut flop) = (now(), 0.0);
    loop {
        let (sum, done) = peak::multiply_add(chains, 20_000, black_box(0.999), black_box(0.001));
        black_box(sum);
        flop += done;
        let passed = now() - begin;
        if passed >= WINDOW {
            return 1e3 * flop / passed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn one_number_per_repeat_and_all_are_times() {
        // A clock that gains a millisecond whenever it is read: steps cost what the readings cost.
        let clock = Cell::new(0.0);
        let now = || clock.replace(clock.get() + 1.0);
        let measured = measure(Workload::T, 3, &now);
        assert_eq!((measured.ms[0].len(), measured.ms[1].len(), measured.peak.len()), (3, 3, 3));
        assert!(measured.ms.iter().flatten().chain(&measured.peak).all(|value| *value > 0.0));
    }
}
