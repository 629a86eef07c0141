//! `bench [--json FILE]`: the steps that `cargo xtask bench` measures in a browser, as native code.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use batchnorm_playground::lab::speed::{REPEATS, Workload, measure, table};
use lexopt::prelude::*;

/// Runs the command.
pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let mut json: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("json") => json = Some(arguments.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let begin = Instant::now();
    let now = || 1e3 * begin.elapsed().as_secs_f64();
    let all = Workload::ALL.map(|workload| measure(workload, REPEATS, &now));
    print!("{}", table(&all));
    if let Some(file) = json {
        let text = serde_json::to_string_pretty(&all)?;
        fs::write(&file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
