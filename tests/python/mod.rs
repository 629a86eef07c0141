//! A Python of this computer for tests of the exported script: `$PYTHON`, or the one in `target/python`, or `python3`.
//!
//! PyTorch is the reader's tool and none of this project's: it is never installed here. Tests that find none print a
//! line that `cargo xtask test` shows, and counts as not run, though the test itself must end as passed.

#![allow(dead_code, reason = "each test program uses a part")]

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the line of a test that was not run begins; `cargo xtask test` looks for it.
const NOT_RUN: &str = "NOT RUN: ";

/// The Python to use; without one, `otherwise` is said.
pub(crate) fn find(otherwise: &str) -> Option<String> {
    let python = chosen();
    if answers(&python, "pass") {
        return Some(python);
    }
    say(&format!("{otherwise}: no Python ({python})"));
    None
}

/// The same, if it has numpy and torch.
pub(crate) fn find_with_torch(otherwise: &str) -> Option<String> {
    let python = chosen();
    if answers(&python, "import numpy, torch") {
        return Some(python);
    }
    let own = own();
    say(&format!(
        "{otherwise}: {python} has no numpy and torch (get them with: python3 -m venv {} && {} install numpy torch)",
        own.display(),
        own.join("bin/pip").display()
    ));
    None
}

fn chosen() -> String {
    let own = own().join("bin/python3");
    let own = own.exists().then(|| own.display().to_string());
    std::env::var("PYTHON").ok().or(own).unwrap_or_else(|| "python3".to_owned())
}

/// Where a Python for these tests alone may be.
fn own() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).join("python")
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
    // Not eprintln!, which a passing test swallows; in one piece, as tests run side by side.
    let _ = io::stderr().write_all(format!("\n{NOT_RUN}{sentence}\n").as_bytes());
}
