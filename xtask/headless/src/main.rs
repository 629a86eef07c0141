//! The commands that run the playground without a browser; `cargo xtask NAME ...` passes them on to here.
//!
//! A member of its own, so that the build tool needs none of the playground's code and the other way round.

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
        None => bail!("name a command"),
    };
    bail!("there is no command `{command}` yet")
}
