//! Adds up what passed and what failed over everything that ran.

/// Counts, and the names of what failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    pub(crate) failures: Vec<String>,
    /// What was left out for want of a tool, each with the reason.
    pub(crate) not_run: Vec<String>,
}

/// How the line of a test begins that found no tool to run with. The harness knows only passed and failed, and counts
/// it as passed.
pub(crate) const NOT_RUN: &str = "NOT RUN: ";

impl Tally {
    /// Reads the report of `cargo test`, or of anything that writes like it: one line per test, one per binary.
    pub(crate) fn read(report: &str) -> Self {
        let mut tally = Self::default();
        for line in report.lines() {
            if let Some(counts) = line.strip_prefix("test result: ") {
                tally.passed += count(counts, "passed");
                tally.failed += count(counts, "failed");
                tally.ignored += count(counts, "ignored");
            } else if let Some(reason) = line.strip_prefix(NOT_RUN) {
                tally.not_run.push(reason.to_owned());
            } else if let Some(test) = line.strip_prefix("test ")
                && let Some((name, "FAILED" | "FAIL")) =
                    test.split_once(" ... ").map(|(name, rest)| (name, word(rest)))
            {
                tally.failures.push(name.to_owned());
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

fn word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_several_binaries_add_up() {
        let report = "\
running 2 tests
test a::b ... ok
test a::c ... FAILED
test result: FAILED. 1 passed; 1 failed; 2 ignored; 0 measured; 5 filtered out; finished in 0.10s
test chromium loads::x ... FAILED (0.4 s)
test result: FAILED. 12 passed; 1 failed; finished in 2.00s
";
        let failures = vec!["a::c".to_owned(), "chromium loads::x".to_owned()];
        let expected = Tally { passed: 13, failed: 2, ignored: 2, failures, ..Tally::default() };
        assert_eq!(Tally::read(report), expected);
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
