//! What `cargo xtask` hands to the programs of this member.

use std::path::PathBuf;

use anyhow::{Context, Result};
use lexopt::prelude::*;

use crate::Engine;

/// Where things are, and what to run.
pub struct Options {
    /// The engine to drive.
    pub engine: Engine,
    /// Its WebDriver program.
    pub driver: PathBuf,
    /// The browser the driver starts.
    pub browser: PathBuf,
    /// The built site.
    pub site: PathBuf,
    /// Where pictures go.
    pub out: PathBuf,
    /// Run only what has one of these in its name; empty means everything.
    pub filters: Vec<String>,
}

impl Options {
    /// Reads the command line.
    pub fn from_env() -> Result<Self> {
        let mut arguments = lexopt::Parser::from_env();
        let (mut engine, mut filters) = (Engine::Chromium, Vec::new());
        let (mut driver, mut browser, mut site, mut out) = (None, None, None, None);
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("engine") => engine = arguments.value()?.parse()?,
                Long("driver") => driver = Some(arguments.value()?.into()),
                Long("browser") => browser = Some(arguments.value()?.into()),
                Long("site") => site = Some(arguments.value()?.into()),
                Long("out") => out = Some(arguments.value()?.into()),
                Value(filter) => filters.push(filter.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        let needs = "started by hand? use `cargo xtask test` or `cargo xtask shots`";
        Ok(Self {
            engine,
            driver: driver.context(needs)?,
            browser: browser.context(needs)?,
            site: site.context(needs)?,
            out: out.context(needs)?,
            filters,
        })
    }

    /// Whether `name` is to be run.
    pub fn wants(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter.as_str()))
    }
}
