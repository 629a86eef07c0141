//! A Python of this computer for tests of the exported script: `$PYTHON`, or `python3` on the path.
//!
//! Tests that find none say so on the terminal, past the capture of their output.

#![allow(dead_code, reason = "each test program uses a part")]

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The Python to use; without one, `otherwise` is said.
pub(crate) fn find(otherwise: &str) -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if answers(&python, "pass") {
        return Some(python);
    }
    say(&format!("no Python ({python}): {otherwise}"));
    None
}

/// The same, if it has numpy and torch.
pub(crate) fn find_with_torch(otherwise: &str) -> Option<String> {
    let python = find(otherwise)?;
    if answers(&python, "import numpy, torch") {
        return Some(python);
    }
    say(&format!("{python} has no torch (set PYTHON to one that has): {otherwise}"));
    None
}

/// The output of a Python that must succeed.
pub(crate) fn run(python: &str, arguments: &[&OsStr]) -> String {
    let output = Command::new(python).args(arguments).output().expect("it has just answered");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

/// A file of this test run.
pub(crate) fn write(name: &str, text: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(name);
    std::fs::write(&path, text).expect("cargo made the folder");
    path
}

fn answers(python: &str, code: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", code]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn say(sentence: &str) {
    // Not eprintln!, which a passing test swallows.
    let _ = writeln!(io::stderr(), "\nNOT RUN: {sentence}");
}
