//! The commands that run the playground without a browser; `cargo xtask NAME ...` passes them on to here.
//!
//! A member of its own, so that the build tool needs none of the playground's code and the other way round.
//! Exit codes: 2 for a command that was not understood, 1 for one that failed.

mod bench;
mod claims;
mod export_pytorch;
mod figures;
mod misuse;
mod share;
mod sweep;
mod train;

use std::process::ExitCode;

use anyhow::Result;
use lexopt::prelude::*;

use misuse::{Misuse, misuse};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<Misuse>() || error.is::<lexopt::Error>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
        None => return Err(misuse("name a command: bench, claims, export-pytorch, figures or train")),
    };
    match command.as_str() {
        "bench" => bench::run(arguments),
        "claims" => claims::run(arguments),
        "figures" => figures::run(arguments),
        "train" => train::run(arguments),
        "export-pytorch" => export_pytorch::run(arguments),
        _ => Err(misuse(format!("there is no command `{command}`"))),
    }
}
