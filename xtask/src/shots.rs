//! `cargo xtask shots`: pictures of the page in every size and theme, to look at.

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::browsers::{self, Engine};
use crate::cargo::Workspace;
use crate::{site, suites};

/// Reads what stands after `shots`: names, or parts of names, of the pictures wanted.
pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Vec<String>> {
    let mut names = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(names)
}

/// Builds the site and has the pictures taken in Chromium, which alone can play every screen.
pub(crate) fn shots(names: &[String]) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let chromium = browsers::demand(Engine::Chromium, &workspace)?;
    let site = site::build(&workspace, false)?;
    let mut command = workspace.cargo(&["run", "--quiet", "--package", "browser", "--bin", "shots", "--"]);
    suites::drive(&mut command, &chromium);
    command.arg("--site").arg(site).arg("--out").arg(workspace.target.join("shots")).args(names);
    match command.status()?.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(_) => Ok(ExitCode::FAILURE),
        None => bail!("the pictures were interrupted"),
    }
}
