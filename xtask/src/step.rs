//! One step of the tests: a command whose output is shown only when it matters.

use std::io::{Read, Write};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::tally::{NOT_RUN, Tally};

/// Runs a command that counts as one check.
pub(crate) fn check(name: &str, command: &mut Command) -> Tally {
    announced(name, || {
        let (passed, output) = captured(command)?;
        show(&output, passed);
        Ok(Tally::check(name, passed))
    })
}

/// Runs a command that only prepares tests: it counts if it fails.
pub(crate) fn prepare(name: &str, command: &mut Command) -> Tally {
    announced(name, || {
        let (succeeded, output) = captured(command)?;
        show(&output, succeeded);
        Ok(if succeeded { Tally::default() } else { Tally::check(name, false) })
    })
}

/// Runs a command that reports tests. One that fails without a failed test (it did not compile, or it crashed)
/// counts as one failure; so does one that was to run tests and ran none, unless `may_be_empty`. Names the slowest.
pub(crate) fn tests(name: &str, command: &mut Command, may_be_empty: bool) -> Tally {
    let tally = announced(name, || {
        let (succeeded, output) = captured(command)?;
        let mut tally = Tally::read(&output);
        let none_ran = tally.ran() == 0 && tally.not_run.is_empty();
        let silent = (none_ran && !may_be_empty) || (!succeeded && tally.failed == 0);
        if silent {
            println!("\n{name}: {}", if succeeded { "no test ran" } else { "ended early" });
            tally.add(Tally::check(name, false));
        }
        show(&output, tally.failed == 0);
        Ok(tally)
    });
    tally.slowest().iter().for_each(|(took, test)| println!("{took:>8.1} s  {test}"));
    tally
}

/// Prints the name, does the work, prints the outcome and the time. An error counts as one failure.
pub(crate) fn announced(name: &str, work: impl FnOnce() -> Result<Tally>) -> Tally {
    print!("{name:<24}");
    // Without a terminal there is nobody to see it early.
    let _ = std::io::stdout().flush();
    let begin = Instant::now();
    let tally = work().unwrap_or_else(|error| {
        println!("\n{error:#}");
        Tally::check(name, false)
    });
    let ignored = if tally.ignored > 0 { format!(", {} ignored", tally.ignored) } else { String::new() };
    let not_run =
        if tally.not_run.is_empty() { String::new() } else { format!(", {} not run", tally.not_run.len()) };
    let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
    let (passed, failed, took) = (tally.passed, tally.failed, begin.elapsed().as_secs_f64());
    println!("{verdict:<6} {passed:>4} passed, {failed} failed{ignored}{not_run} ({took:.1} s)");
    tally
}

/// Both output streams in the order they were written.
fn captured(command: &mut Command) -> Result<(bool, String)> {
    let (mut reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer).env("CARGO_TERM_COLOR", "never");
    let program = command.get_program().to_owned();
    let mut child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
    // Our ends of the pipe have to go, or it never ends.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    Ok((child.wait()?.success(), String::from_utf8_lossy(&bytes).into_owned()))
}

/// The words cargo's progress lines begin with.
const PROGRESS: [&str; 12] = [
    "Adding",
    "Blocking",
    "Building",
    "Checking",
    "Compiling",
    "Doc-tests",
    "Documenting",
    "Downloaded",
    "Downloading",
    "Finished",
    "Generated",
    "Running",
];

/// Prints what went wrong, or else the warnings.
fn show(output: &str, passed: bool) {
    let worth_showing = |line: &&str| if passed { line.starts_with("warning") } else { !is_noise(line) };
    let mut lines: Vec<&str> = output.lines().filter(worth_showing).collect();
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    if !lines.is_empty() {
        println!("\n{}", lines.join("\n"));
    }
}

/// Progress, and reports of what went well; what was not run is told at the end.
fn is_noise(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    line.starts_with(NOT_RUN)
        || (line.starts_with(' ') && PROGRESS.contains(&first))
        || (line.starts_with("test ") && line.contains(" ... ok"))
        || line.starts_with("test result: ok")
        || (line.starts_with("running ") && line.ends_with("tests"))
}
