//! The project's own commands: `cargo xtask serve`, `test`, `shots`, `dist` and the headless ones.
//!
//! Nothing needs installing beforehand but rustup's cargo: what a command lacks it fetches, saying so, or it
//! prints the line to type. The parts that are slow to compile are members of their own, so that `serve`
//! waits for none of them.

mod build;
mod cargo;
mod serve;
mod site;
mod target;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

/// Commands that need the playground itself, and no browser.
const HEADLESS: [&str; 4] = ["train", "claims", "figures", "export-pytorch"];

const HELP: &str = "\
cargo xtask COMMAND

  serve [--open] [--port N]   build the playground and serve it on this computer, port 8080 or the next free one
  train | claims | figures | export-pytorch ...
                              the same experiments without a browser
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Short('h') | Long("help")) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "serve" => serve::serve(serve::Options::parse(arguments)?)?,
        "help" => print!("{HELP}"),
        command if HEADLESS.contains(&command) => return cargo::headless(command, arguments),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}
