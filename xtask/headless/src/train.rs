//! `train 'SHARE-KEYS' [--steps N] [--json FILE] [--csv FILE]`: one experiment, both arms, as numbers.
//!
//! Without a file a short table is printed. Progress is shown only to a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result};
use batchnorm_playground::export::record::Record;
use batchnorm_playground::export::{csv, json};
use lexopt::prelude::*;

use crate::misuse::misuse;
use crate::share;

/// Layers are looked at every so many steps, for the table of all series.
const SAMPLE_EVERY: u32 = 5;

struct Options {
    keys: String,
    steps: u32,
    json: Option<PathBuf>,
    csv: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: lexopt::Parser) -> Result<()> {
    let options = Options::parse(arguments)?;
    let experiment = share::experiment(&options.keys)?;
    let data = share::dataset(&experiment)?;
    let sample_every = if options.csv.is_some() { SAMPLE_EVERY } else { u32::MAX };
    let progress = Progress::new(options.steps);
    let record = Record::replay(&experiment, data, options.steps, sample_every, |step| progress.show(step));
    progress.clear();
    let record = record.map_err(misuse)?;
    if let Some(path) = &options.json {
        let text = json::write(&record).map_err(anyhow::Error::msg)?;
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &options.csv {
        fs::write(path, csv::write(&record)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if options.json.is_none() && options.csv.is_none() {
        io::stdout().lock().write_all(table(&record).as_bytes())?;
    }
    Ok(())
}

impl Options {
    fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut keys = None;
        let mut options = Self { keys: String::new(), steps: share::STEPS, json: None, csv: None };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("steps") => options.steps = share::steps(&arguments.value()?.string()?)?,
                Long("json") => options.json = Some(arguments.value()?.into()),
                Long("csv") => options.csv = Some(arguments.value()?.into()),
                Value(text) if keys.is_none() => keys = Some(text.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        options.keys = keys.ok_or_else(share::no_keys)?;
        Ok(options)
    }
}

/// A line on the terminal that counts steps.
struct Progress {
    steps: u32,
    shown: bool,
}

impl Progress {
    fn new(steps: u32) -> Self {
        Self { steps, shown: io::stderr().is_terminal() }
    }

    fn show(&self, step: u32) {
        if self.shown && (step.is_multiple_of(20) || step == self.steps) {
            eprint!("\rstep {step} of {}", self.steps);
        }
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}

/// About a dozen evaluations of both arms, side by side.
fn table(record: &Record) -> String {
    let mut text = format!("experiment {}\n\n{:>8}", record.experiment, "step");
    for arm in &record.arms {
        let _ = write!(text, "  {:>32}", format!("{}: loss, test accuracy", arm.name));
    }
    let longest = record.arms.iter().map(|arm| arm.eval.len()).max().unwrap_or(0);
    let every = longest.div_ceil(12).max(1);
    for i in (0..longest).filter(|i| i % every == 0 || i + 1 == longest) {
        let step = record.arms.iter().find_map(|arm| arm.eval.get(i)).map_or(0, |point| point.step);
        let _ = write!(text, "\n{step:>8}");
        for arm in &record.arms {
            let cell = match arm.eval.get(i) {
                Some(point) => {
                    let loss = point.test_loss.map_or("not finite".to_owned(), |loss| format!("{loss:.5}"));
                    format!("{loss}  {:5.1} %", 100.0 * point.test_accuracy)
                }
                None => "-".to_owned(),
            };
            let _ = write!(text, "  {cell:>32}");
        }
    }
    text.push('\n');
    for (arm, fingerprint) in record.arms.iter().zip(&record.fingerprints) {
        let end = match arm.diverged_at {
            Some(step) => format!("diverged at step {step}"),
            None => format!("fingerprint {fingerprint}"),
        };
        let _ = writeln!(text, "{}: {end}", arm.name);
    }
    text
}
