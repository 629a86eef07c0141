//! What is told of the tests, line by line in the order in which they end.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts what passed and what failed, for all browsers of a run.
pub(super) struct Report {
    begin: Instant,
    counts: Mutex<(usize, usize)>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { begin: Instant::now(), counts: Mutex::default() }
    }

    /// Tells how a test ended; of one that failed `why`, in as many lines as it takes.
    pub(super) fn add(&self, label: &str, took: Duration, outcome: Result<(), String>) {
        let took = took.as_secs_f64();
        // Held while it is told, so that what belongs together stands together.
        let mut counts = self.counts();
        match outcome {
            Ok(()) => {
                counts.0 += 1;
                println!("test {label} ... ok ({took:.1} s)");
            }
            Err(why) => {
                counts.1 += 1;
                println!("test {label} ... FAILED ({took:.1} s)\n{why}");
            }
        }
    }

    /// Tells the sum, and returns how many failed.
    pub(super) fn end(self) -> usize {
        let (passed, failed) = *self.counts();
        let verdict = if failed == 0 { "ok" } else { "FAILED" };
        let took = self.begin.elapsed().as_secs_f64();
        println!("test result: {verdict}. {passed} passed; {failed} failed; finished in {took:.2}s");
        failed
    }

    fn counts(&self) -> MutexGuard<'_, (usize, usize)> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
