//! `cargo xtask bench`: builds the site, finds the browser, and has both measured.

use std::ffi::OsString;
use std::path::absolute;
use std::process::ExitCode;

use anyhow::{Context, Result};
use lexopt::prelude::*;

use crate::browsers::{self, Engine};
use crate::cargo::{self, Workspace};
use crate::{site, suites};

/// What to measure.
pub(crate) struct Options {
    engine: Engine,
    native: bool,
    passed_on: Vec<OsString>,
}

impl Options {
    /// Reads what stands after `bench`.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { engine: Engine::Chromium, native: false, passed_on: Vec::new() };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("engine") => {
                    let name = arguments.value()?.string()?;
                    options.engine = *Engine::read_list(&name)?.first().context("no engine is named")?;
                }
                Long("native") => options.native = true,
                Long("json") => {
                    let file = absolute(arguments.value()?)?;
                    options.passed_on.extend(["--json".into(), file.into()]);
                }
                Value(part) => options.passed_on.push(part),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Measures in a browser, or the same steps without one.
pub(crate) fn bench(options: &Options) -> Result<ExitCode> {
    if options.native {
        return cargo::headless("bench", &options.passed_on);
    }
    let workspace = Workspace::find()?;
    let found = browsers::demand(options.engine, &workspace)?;
    let site = site::build(&workspace, false)?;
    let mut command = workspace.cargo(&["run", "--quiet", "--package", "bench", "--"]);
    suites::drive(&mut command, &found);
    command.arg("--site").arg(site).args(&options.passed_on);
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
