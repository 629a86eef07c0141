//! `cargo xtask bench`: builds the site, finds the browser, and has both measured.

use std::ffi::OsString;
use std::path::absolute;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use lexopt::prelude::*;

use crate::browsers::{self, Engine};
use crate::cargo::{self, Workspace};
use crate::{site, suites};

/// What to measure.
pub(crate) struct Options {
    /// `None`: natively.
    engine: Option<Engine>,
    passed_on: Vec<OsString>,
}

impl Options {
    /// Reads what stands after `bench`.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let (mut engine, mut native, mut parts, mut passed_on) = (None, false, Vec::new(), Vec::new());
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("engine") => {
                    let name = arguments.value()?.string()?;
                    let [named] = Engine::read_list(&name)?[..] else {
                        bail!("one engine at a time, not `{name}`")
                    };
                    engine = Some(named);
                }
                Long("native") => native = true,
                Long("json") => {
                    let file = absolute(arguments.value()?)?;
                    passed_on.extend(["--json".into(), file.into()]);
                }
                Value(part) => parts.push(part),
                other => return Err(other.unexpected().into()),
            }
        }
        if native {
            ensure!(engine.is_none(), "--native is without a browser: leave out --engine");
            ensure!(parts.iter().all(|part| part == "speed"), "--native measures the speed alone");
            return Ok(Self { engine: None, passed_on });
        }
        passed_on.extend(parts);
        Ok(Self { engine: engine.or(Some(Engine::Chromium)), passed_on })
    }
}

/// Measures in a browser, or the same steps without one.
pub(crate) fn bench(options: &Options) -> Result<ExitCode> {
    let Some(engine) = options.engine else { return cargo::headless("bench", &options.passed_on) };
    let workspace = Workspace::find()?;
    let found = browsers::demand(engine, &workspace)?;
    let site = site::build(&workspace, false)?;
    let mut command = workspace.cargo(&["run", "--quiet", "--package", "bench", "--"]);
    suites::drive(&mut command, &found);
    command.arg("--site").arg(site).args(&options.passed_on);
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
