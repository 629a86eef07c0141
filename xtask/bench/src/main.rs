//! `cargo xtask bench`: how fast the built site is in a real browser, and how large.
//!
//! Every part prints a Markdown table or a sentence, and adds its numbers to the JSON file if one is asked for. `cargo
//! xtask` finds the browser and builds the site.

mod live;
mod size;
mod sweep;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use batchnorm_playground::lab::speed::{Measured, table};
use browser::{Context, Engine, Options, Page, Result, Session, Site, View, ensure};
use lexopt::prelude::*;
use serde_json::{Map, Value};

/// The parts, in the order they are measured; names after the options choose some.
const PARTS: [&str; 6] = ["size", "speed", "start", "frames", "sweep", "memory"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = options().and_then(|(options, json)| runtime?.block_on(run(&options, json)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<(Options, Option<PathBuf>)> {
    let mut arguments = lexopt::Parser::from_env();
    let (mut engine, mut filters, mut json) = (Engine::Chromium, Vec::new(), None);
    let (mut driver, mut browser, mut site) = (None, None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("engine") => engine = arguments.value()?.parse()?,
            Long("driver") => driver = Some(arguments.value()?.into()),
            Long("browser") => browser = Some(arguments.value()?.into()),
            Long("site") => site = Some(arguments.value()?.into()),
            Long("json") => json = Some(arguments.value()?.into()),
            Value(part) => filters.push(part.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    for part in &filters {
        ensure!(
            PARTS.contains(&part.as_str()),
            "there is no part `{part}`: name some of {}",
            PARTS.join(", ")
        );
    }
    let needs = "started by hand? use `cargo xtask bench`";
    let options = Options {
        engine,
        driver: driver.context(needs)?,
        browser: browser.context(needs)?,
        site: site.context(needs)?,
        out: PathBuf::new(),
        filters,
    };
    Ok((options, json))
}

async fn run(options: &Options, json: Option<PathBuf>) -> Result<()> {
    let mut report = Map::new();
    report.insert("engine".to_owned(), options.engine.name().into());
    for part in PARTS.into_iter().filter(|part| options.wants(part)) {
        if part == "size" {
            report.insert(part.to_owned(), size::report(&options.site)?);
            continue;
        }
        // A fresh browser for each: none inherits what another has left in memory.
        let session = Session::start(options).await?;
        let measured = match part {
            "speed" => speed(&session.page(Site::new(&options.site)).await?).await,
            "start" => live::start(&session, options).await,
            "frames" => live::frames(&session, options).await,
            "sweep" => sweep::report(&session, options).await,
            _ => live::memory(&session, options).await,
        };
        session.end().await?;
        report.insert(part.to_owned(), measured.with_context(|| part.to_owned())?);
    }
    if let Some(file) = json {
        let text = serde_json::to_string_pretty(&Value::Object(report))?;
        fs::write(&file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// Training steps, by the page that anyone can measure with.
async fn speed(page: &Page) -> Result<Value> {
    page.open("bench.html", View::DESKTOP).await?;
    let all: Vec<Measured> = page.call("return await benchmarkAll()", vec![]).await?;
    println!("{}", table(&all));
    Ok(serde_json::to_value(&all)?)
}
