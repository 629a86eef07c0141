//! The end-to-end tests: the built site in a real browser.
//!
//! One situation per file; a test is an `async fn(&Page) -> Result<()>` with a row in the table below.

use std::process::ExitCode;

use browser::suite::Test;
use browser::{Engine, test};

mod harness;
mod loads;

const TESTS: &[Test] = &[
    test!(Engine::ALL, harness::complaints_are_noticed),
    test!(Engine::ALL, harness::pages_are_driven),
    test!(&[Engine::Chromium], harness::preferences_are_emulated),
    test!(Engine::ALL, loads::without_a_complaint),
];

fn main() -> ExitCode {
    browser::suite::main(TESTS)
}
