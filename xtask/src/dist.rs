//! `cargo xtask dist`: the files to publish.

use std::fs;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::cargo::{Workspace, run};
use crate::site::{self, Files};

/// Reads what stands after `dist`: whether everything is to be built twice.
pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<bool> {
    let mut twice = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("twice") => twice = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(twice)
}

/// Writes `dist/`: the site as it is served, for any static host and any path, and all of it in one file. Prints how
/// large every file is. Twice: only if a second build, from nothing and in another folder, gives the same bytes.
pub(crate) fn dist(twice: bool) -> Result<()> {
    let workspace = Workspace::find()?;
    let files = site::files(&workspace, false)?;
    if twice {
        build_again(&workspace, &files)?;
    }
    let folder = workspace.root.join("dist");
    site::write(&files, &folder)?;
    let mut sizes = workspace.cargo(&["run", "--quiet", "--package", "sizes", "--"]);
    run(sizes.arg(&folder), "measuring dist")
}

fn build_again(workspace: &Workspace, files: &Files) -> Result<()> {
    let other = workspace.with_target(workspace.target.join("again"));
    if other.target.is_dir() {
        fs::remove_dir_all(&other.target).with_context(|| other.target.display().to_string())?;
    }
    let again = site::files(&other, false)?;
    if let Some(path) = site::difference(files, &again) {
        bail!("two builds differ in {path}; the second one is in {}", other.target.display());
    }
    println!("A second build gave the same {} files, byte by byte.", files.len());
    Ok(())
}
