//! `claims [--only lr,init] [--seeds N] [--first-seed K] [--json FILE] [--controls 0,1]`: every experiment's table and
//! verdict. `--controls` turns the controls of the claims named, by the positions of their choices, from 0.
//!
//! Jobs run on all cores; the tables do not depend on how many there are. Progress is shown only to a terminal.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use batchnorm_playground::lab::claim::job::{Job, Outcome};
use batchnorm_playground::lab::claim::{Claim, Plan, Report, Table};
use batchnorm_playground::lab::knob::LARGEST_SEED;
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::sweep::Sweep;
use lexopt::prelude::*;
use serde::Serialize;

use crate::misuse::misuse;
use crate::sweep;

struct Options {
    only: Vec<Claim>,
    seeds: Option<u32>,
    first_seed: Option<u32>,
    json: Option<PathBuf>,
    controls: Vec<u8>,
}

/// One claim in the file for scripts.
#[derive(Serialize)]
struct Entry {
    key: &'static str,
    plan: Plan,
    seconds: f64,
    report: Report,
    runs: Vec<Ran>,
}

/// One job and what it gave.
#[derive(Serialize)]
struct Ran {
    experiment: String,
    job: Job,
    outcome: Option<Outcome>,
}

/// Runs the command.
pub(crate) fn run(arguments: lexopt::Parser) -> Result<()> {
    let options = Options::parse(arguments)?;
    let mut entries = Vec::new();
    for &claim in &options.only {
        let usual = Plan::usual(claim);
        let plan = Plan {
            seeds: options.seeds.unwrap_or(usual.seeds),
            first_seed: options.first_seed.unwrap_or(usual.first_seed),
            ..turned(usual, &options.controls)?
        };
        let start = Instant::now();
        let sweep = sweep::carry_out(plan)?;
        let seconds = start.elapsed().as_secs_f64();
        let report = sweep.report();
        io::stdout().lock().write_all(text(claim, &sweep, &report, seconds).as_bytes())?;
        if options.json.is_some() {
            entries.push(entry(claim, &sweep, report, seconds));
        }
    }
    if let Some(path) = &options.json {
        let text = serde_json::to_string(&entries).context("writing JSON")? + "\n";
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

impl Options {
    fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self {
            only: Claim::ALL.to_vec(),
            seeds: None,
            first_seed: None,
            json: None,
            controls: Vec::new(),
        };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("only") => options.only = claims(&arguments.value()?.string()?)?,
                Long("seeds") => {
                    let text = arguments.value()?.string()?;
                    let seeds = text.parse().ok().filter(|seeds| (1..=1000).contains(seeds));
                    let refused =
                        || misuse(format!("--seeds must be a whole number from 1 to 1000, not `{text}`"));
                    options.seeds = Some(seeds.ok_or_else(refused)?);
                }
                Long("first-seed") => {
                    let text = arguments.value()?.string()?;
                    let seed = text.parse().ok().filter(|&seed| f64::from(seed) <= LARGEST_SEED);
                    let refused = || {
                        misuse(format!(
                            "--first-seed must be a whole number from 0 to {LARGEST_SEED}, not `{text}`"
                        ))
                    };
                    options.first_seed = Some(seed.ok_or_else(refused)?);
                }
                Long("controls") => {
                    let text = arguments.value()?.string()?;
                    let positions: Result<Vec<u8>, _> = text.split(',').map(str::parse).collect();
                    let refused =
                        |_| misuse(format!("--controls must be whole numbers such as 0,1, not `{text}`"));
                    options.controls = positions.map_err(refused)?;
                }
                Long("json") => options.json = Some(arguments.value()?.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// `plan` with its controls at these positions.
fn turned(mut plan: Plan, positions: &[u8]) -> Result<Plan> {
    for (control, &position) in positions.iter().enumerate() {
        let before = plan.choices;
        plan = plan.with(control, position);
        if plan.choices == before && before.get(control) != Some(&position) {
            let key = plan.claim.about().key;
            return Err(misuse(format!("`{key}` has no choice {position} of control {control}")));
        }
    }
    Ok(plan)
}

/// The claims of a list of keys.
fn claims(keys: &str) -> Result<Vec<Claim>> {
    let known = || Claim::ALL.map(|claim| claim.about().key).join(", ");
    let claim = |key: &str| {
        Claim::of_key(key.trim())
            .ok_or_else(|| misuse(format!("there is no claim `{key}`; there are {}", known())))
    };
    keys.split(',').map(claim).collect()
}

fn text(claim: Claim, sweep: &Sweep, report: &Report, seconds: f64) -> String {
    let about = claim.about();
    let verdict = &report.verdict;
    let mut text = format!("== {} ({})\n{}\n{}\n", about.heading, about.key, report.claim, report.setting);
    for table in &report.tables {
        text += &format!("\n{}\n{}", table.caption, aligned(table));
    }
    text += &format!("\n{}\n", verdict.text());
    if !verdict.but.is_empty() {
        text += &format!("But: {}\n", verdict.but);
    }
    text += &format!("Rule: {}\n", verdict.rule);
    let first = sweep.plan().first_seed;
    text + &format!("({}, first seed {first}; {} runs in {seconds:.1} s)\n\n", verdict.basis, sweep.total())
}

/// Columns as wide as their widest cell, counted in characters.
fn aligned(table: &Table) -> String {
    let lines: Vec<&Vec<String>> = [&table.columns].into_iter().chain(&table.rows).collect();
    let width =
        |c: usize| lines.iter().filter_map(|l| l.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        text += &format!("  {}\n", cells.join("  ").trim_end());
    }
    text
}

fn entry(claim: Claim, sweep: &Sweep, report: Report, seconds: f64) -> Entry {
    let ran = |(index, job): (usize, &Job)| Ran {
        experiment: link::write(&job.experiment),
        job: job.clone(),
        outcome: sweep.outcome(index).cloned(),
    };
    let runs = sweep.jobs().iter().enumerate().map(ran).collect();
    Entry { key: claim.about().key, plan: sweep.plan().clone(), seconds, report, runs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_named_by_their_keys() {
        assert_eq!(claims("lr").unwrap(), [Claim::Lr]);
        let refused = claims("lr,speed").unwrap_err().to_string();
        assert!(refused.contains("`speed`") && refused.contains("lr"), "{refused}");
    }

    #[test]
    fn columns_line_up() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let table = Table {
            caption: String::new(),
            columns: row(["a", "long head"]),
            rows: vec![row(["10⁻⁸ x", "1"])],
        };
        assert_eq!(aligned(&table), "  a       long head\n  10⁻⁸ x  1\n");
    }
}
