//! Measuring a workload: with and without batch norm in turns, and the processor's peak beside them, so that whatever
//! else the computer does falls on all three.

use core::hint::black_box;

use serde::{Deserialize, Serialize};

use super::{NORMS, Training, Workload};
use crate::math::peak;

/// Milliseconds of training before anything is measured: browsers compile better code for what has run a while.
const WARM_UP: f64 = 600.0;
/// Milliseconds in one stretch: long beside the coarsest clock, short beside a disturbance.
const STRETCH: f64 = 20.0;
/// Stretches of each network in one repeat.
const STRETCHES: usize = 6;
/// Milliseconds for each number of chains, in one repeat.
const PEAK: f64 = 12.0;

/// What was measured of one workload; one number per repeat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// The workload's letter.
    pub workload: String,
    /// Multiplications and additions of one step.
    pub flop: f64,
    /// Milliseconds per step without a norm and with batch norm: the median of a repeat's stretches.
    pub ms: [Vec<f64>; 2],
    /// The processor's multiply-add peak during the same repeat, in multiplications and additions per second.
    pub peak: Vec<f64>,
}

/// Measures `repeats` times; `now` tells milliseconds.
pub fn measure(workload: Workload, repeats: usize, now: &dyn Fn() -> f64) -> Measured {
    let mut trainings = NORMS.map(|(_, norm)| Training::new(workload, norm));
    let steps = trainings.each_mut().map(|training| {
        let (steps, passed) = run(training, WARM_UP, now);
        (STRETCH * f64::from(steps) / passed).ceil().max(1.0) as u32
    });
    let mut measured = Measured {
        workload: workload.name().to_owned(),
        flop: workload.flop(),
        ms: Default::default(),
        peak: Vec::new(),
    };
    for _ in 0..repeats {
        let mut stretches = [Vec::new(), Vec::new()];
        for _ in 0..STRETCHES {
            for (a, training) in trainings.iter_mut().enumerate() {
                let begin = now();
                (0..steps[a]).for_each(|_| _ = black_box(training.step()));
                stretches[a].push((now() - begin) / f64::from(steps[a]));
            }
        }
        for (times, stretches) in measured.ms.iter_mut().zip(stretches) {
            times.push(super::Spread::of(&stretches).median);
        }
        measured.peak.push(peak_now(now));
    }
    measured
}

/// Trains for at least `ms`; returns how many steps that were and how long they took.
fn run(training: &mut Training, ms: f64, now: &dyn Fn() -> f64) -> (u32, f64) {
    let (begin, mut steps) = (now(), 0);
    loop {
        (0..8).for_each(|_| _ = black_box(training.step()));
        steps += 8;
        let passed = now() - begin;
        if passed >= ms {
            return (steps, passed);
        }
    }
}

/// Multiplications and additions per second at most, by the number of chains that suits this processor best.
fn peak_now(now: &dyn Fn() -> f64) -> f64 {
    let one = |chains: usize| {
        let (begin, mut flop) = (now(), 0.0);
        loop {
            let (sum, done) = peak::multiply_add(chains, 20_000, black_box(0.999), black_box(0.001));
            black_box(sum);
            flop += done;
            let passed = now() - begin;
            if passed >= PEAK {
                return 1e3 * flop / passed;
            }
        }
    };
    peak::CHAINS.into_iter().map(one).fold(0.0, f64::max)
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
