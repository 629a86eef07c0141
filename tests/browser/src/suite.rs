//! Runs a table of tests in one engine, each in a tab and on an origin of its own.
//!
//! A test waits most of its time, for training or for the driver: so as many browsers work through the table as there
//! are cores for, up to three, each with a thread and a driver of its own. Tests that measure time, or the work of a
//! thread, run when all others are done, one by one.
//!
//! None runs twice: one that fails now and then has a fault, or the page has.

mod hand;
mod report;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Result;

use crate::{Engine, Options, Page};
use report::Report;

/// How long the tests of long use go on: a minute, or `SOAK_SECONDS`.
pub fn soak_seconds() -> u64 {
    std::env::var("SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
}

/// No test may take longer; those of long use take what they are told to, and some time around it.
fn limit() -> Duration {
    Duration::from_secs(180 + soak_seconds())
}

/// More browsers than these keep each other waiting: a page that trains fills two cores by itself.
const MOST: usize = 3;

/// A row of the table: [`test!`](crate::test) writes it.
pub struct Test {
    /// The module and the function.
    pub name: &'static str,
    /// The engines it is true in.
    pub engines: &'static [Engine],
    /// It measures, and has the computer to itself.
    pub alone: bool,
    /// The function.
    pub run: Run,
}

/// An `async fn(&Page) -> Result<()>`.
pub type Run = for<'page> fn(&'page Page) -> Pin<Box<dyn Future<Output = Result<()>> + 'page>>;

/// `test!(Engine::ALL, module::function)`: one row of the table of tests. `test!(alone, ...)` is one that measures.
#[macro_export]
macro_rules! test {
    (alone, $engines:expr, $run:path) => {
        $crate::suite::Test { alone: true, ..$crate::test!($engines, $run) }
    };
    ($engines:expr, $run:path) => {
        $crate::suite::Test {
            name: stringify!($run),
            engines: $engines,
            alone: false,
            run: |page| ::std::boxed::Box::pin($run(page)),
        }
    };
}

/// Runs what the command line asks for, and reports as `cargo test` does.
pub fn main(tests: &[Test]) -> ExitCode {
    match Options::from_env() {
        Ok(options) if run(&options, tests) == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many failed.
fn run(options: &Options, tests: &[Test]) -> usize {
    let wanted =
        tests.iter().filter(|test| test.engines.contains(&options.engine) && options.wants(test.name));
    let (alone, together): (Vec<&Test>, Vec<&Test>) = wanted.partition(|test| test.alone);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let report = Report::new();
    work_through(options, together, cores.min(MOST), &report);
    work_through(options, alone, 1, &report);
    report.end()
}

/// So many browsers take one test after the other, until none is left.
fn work_through(options: &Options, tests: Vec<&Test>, browsers: usize, report: &Report) {
    let browsers = browsers.min(tests.len());
    let left = Mutex::new(VecDeque::from(tests));
    std::thread::scope(|scope| {
        for _ in 0..browsers {
            scope.spawn(|| hand::work(options, &left, report));
        }
    });
}
