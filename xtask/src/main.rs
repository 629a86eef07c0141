//! The project's own commands: `cargo xtask serve`, `test`, `shots`, `bench`, `dist` and the headless ones.
//!
//! Nothing needs installing beforehand but rustup's cargo: what a command lacks it fetches, saying so, or it
//! prints the line to type. The parts that are slow to compile are members of their own, so that `serve`
//! waits for none of them.

mod ahead;
mod bench;
mod browsers;
mod build;
mod cargo;
mod dist;
mod serve;
mod shots;
mod single;
mod site;
mod step;
mod suites;
mod tally;
mod target;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

/// Commands that need the playground itself, and no browser.
const HEADLESS: [&str; 4] = ["train", "claims", "figures", "export-pytorch"];

const HELP: &str = "\
cargo xtask COMMAND

  serve [--open] [--port N]   build the playground and serve it on this computer, port 8080 or the next free one
  test [--engines LIST] [STEP...] [NAME...]
                              every check and test, or the steps named (format, clippy, docs, deny, native,
                              wasm, page), or the tests with NAME in their name; LIST is `all` or some of
                              chromium, firefox, webkit, which are then installed or demanded (without it:
                              Chromium, and the others where they are installed)
  shots [NAME...]             pictures of the page in every size and theme, in target/shots
  bench [--engine NAME] [--json FILE] [PART...]
                              how fast training is in a browser, and how large the site (parts: size, speed, start,
                              frames, sweep, memory)
  bench --native [--json FILE] [speed]
                              the same steps without a browser
  dist [--twice]              the files to publish, in dist; --twice: only if a second build gives the same bytes
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
        "test" => return test::test(&test::Options::parse(arguments)?),
        "shots" => return shots::shots(&shots::parse(arguments)?),
        "dist" => dist::dist(dist::parse(arguments)?)?,
        "bench" => return bench::bench(&bench::Options::parse(arguments)?),
        "help" => print!("{HELP}"),
        command if HEADLESS.contains(&command) => return cargo::headless(command, &cargo::rest(arguments)?),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}
