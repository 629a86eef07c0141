//! What is told of the tests, line by line in the order in which they end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts what passed and what failed, for all browsers of a run.
pub(super) struct Report {
    begin: Instant,
    counts: Mutex<(usize, usize)>,
    /// What was waited for in vain beside another browser, by the label of the test.
    put_off: Mutex<HashMap<String, String>>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { begin: Instant::now(), counts: Mutex::default(), put_off: Mutex::default() }
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
                if let Some(why) = self.put_off().get(label) {
                    println!("PASSED ONLY ALONE: {label}: {why}");
                }
            }
            Err(why) => {
                counts.1 += 1;
                println!("test {label} ... FAILED ({took:.1} s)\n{why}");
            }
        }
    }

    /// Tells of a test that is to run once more, with the computer to itself.
    pub(super) fn put_off_for(&self, label: &str, took: Duration, why: &str) {
        println!("test {label} ... once more alone ({:.1} s)\n{why}", took.as_secs_f64());
        self.put_off().insert(label.to_owned(), why.lines().next().unwrap_or_default().to_owned());
    }

    fn put_off(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.put_off.lock().unwrap_or_else(PoisonError::into_inner)
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
