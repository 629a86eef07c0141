//! Adds up what passed and what failed over everything that ran.

/// Counts, and the names of what failed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    pub(crate) failures: Vec<String>,
    /// What was left out for want of a tool, each with the reason.
    pub(crate) not_run: Vec<String>,
    /// Seconds that tests took, where the report tells; of others those of their file.
    pub(crate) times: Vec<(f64, String)>,
}

/// How the line of a test begins that found no tool to run with. The harness knows only passed and failed, and counts
/// it as passed.
pub(crate) const NOT_RUN: &str = "NOT RUN: ";

/// Seconds that a test may take without being named.
const SLOW: f64 = 10.0;
/// So many slow ones are named.
const MOST_TOLD: usize = 6;

impl Tally {
    /// Reads the report of `cargo test`, or of anything that writes like it: one line per test, one per binary.
    pub(crate) fn read(report: &str) -> Self {
        let mut tally = Self::default();
        let (mut file, mut timed) = (None, false);
        for line in report.lines() {
            if let Some(path) = file_of(line) {
                (file, timed) = (Some(path), false);
            }
            if let Some(counts) = line.strip_prefix("test result: ") {
                if let Some(file) = file.take().filter(|_| !timed) {
                    tally
                        .times
                        .extend(seconds(counts, "finished in ", "s").map(|took| (took, file.to_owned())));
                }
                tally.passed += count(counts, "passed");
                tally.failed += count(counts, "failed");
                tally.ignored += count(counts, "ignored");
            } else if let Some(reason) = line.strip_prefix(NOT_RUN) {
                tally.not_run.push(reason.to_owned());
            } else if let Some((name, rest)) =
                line.strip_prefix("test ").and_then(|test| test.split_once(" ... "))
            {
                if matches!(word(rest), "FAILED" | "FAIL") {
                    tally.failures.push(name.to_owned());
                }
                if let Some(took) = seconds(rest, "(", " s)") {
                    timed = true;
                    tally.times.push((took, name.to_owned()));
                }
            }
        }
        tally.passed = tally.passed.saturating_sub(tally.not_run.len());
        tally
    }

    /// One check that is no test.
    pub(crate) fn check(name: &str, passed: bool) -> Self {
        let failures = if passed { Vec::new() } else { vec![name.to_owned()] };
        Self { passed: passed.into(), failed: (!passed).into(), failures, ..Self::default() }
    }

    /// Adds another one's counts.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.failures.extend(other.failures);
        self.not_run.extend(other.not_run);
        self.times.extend(other.times);
    }

    /// The slowest that took long enough to be worth a look, the slowest first.
    pub(crate) fn slowest(&self) -> Vec<&(f64, String)> {
        let mut slow: Vec<_> = self.times.iter().filter(|(took, _)| *took >= SLOW).collect();
        slow.sort_by(|a, b| b.0.total_cmp(&a.0));
        slow.truncate(MOST_TOLD);
        slow
    }

    /// How many ran.
    pub(crate) fn ran(&self) -> usize {
        self.passed + self.failed
    }
}

/// The number before `word` in `ok. 12 passed; 0 failed; ...`.
fn count(counts: &str, wanted: &str) -> usize {
    let part = counts.split([';', '.']).find(|part| part.trim_end().ends_with(wanted));
    part.and_then(|part| part.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The file, or the package, of the tests that cargo is about to run.
fn file_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let path = line.strip_prefix("Running ").and_then(|rest| rest.split_once(" (")).map(|(path, _)| path);
    path.or_else(|| line.starts_with("Doc-tests ").then_some(line))
}

/// The number between these words, in seconds.
fn seconds(text: &str, before: &str, after: &str) -> Option<f64> {
    let (_, number) = text.split_once(before)?;
    number.trim_end().strip_suffix(after)?.parse().ok()
}

fn word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_several_binaries_add_up() {
        let report = "\
     Running tests/a.rs (target/debug/deps/a-0123)
running 2 tests
test a::b ... ok
test a::c ... FAILED
test result: FAILED. 1 passed; 1 failed; 2 ignored; 0 measured; 5 filtered out; finished in 20.10s
     Running e2e/main.rs (target/debug/deps/e2e-0123)
test chromium loads::x ... FAILED (0.4 s)
test chromium loads::y ... ok (30.4 s)
test result: FAILED. 12 passed; 1 failed; finished in 2.00s
";
        let failures = vec!["a::c".to_owned(), "chromium loads::x".to_owned()];
        let time = |took, name: &str| (took, name.to_owned());
        let times =
            vec![time(20.1, "tests/a.rs"), time(0.4, "chromium loads::x"), time(30.4, "chromium loads::y")];
        let expected = Tally { passed: 13, failed: 2, ignored: 2, failures, times, ..Tally::default() };
        let found = Tally::read(report);
        assert_eq!(found, expected);
        assert_eq!(found.slowest(), [&expected.times[2], &expected.times[0]]);
    }

    #[test]
    fn a_test_that_found_no_tool_has_not_passed() {
        let report = "\
running 3 tests
NOT RUN: the scripts were only read: python3 has no torch
test a::b ... ok
test a::c ... ok
test a::d ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
";
        let not_run = vec!["the scripts were only read: python3 has no torch".to_owned()];
        assert_eq!(Tally::read(report), Tally { passed: 2, not_run, ..Tally::default() });
    }
}
