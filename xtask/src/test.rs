//! `cargo xtask test`: every check and every test, in order, to the end, with one sum.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::ahead::Ahead;
use crate::browsers::{self, Engine, Found};
use crate::cargo::{self, Workspace, run};
use crate::tally::Tally;
use crate::{build, site, step, suites, target};

/// The checks, then the suites of tests.
const STEPS: [&str; 7] = ["format", "clippy", "docs", "deny", "native", "wasm", "page"];

/// What to test.
pub(crate) struct Options {
    /// The engines asked for: they are installed or the run fails. Otherwise Chromium, and what else is there.
    engines: Option<Vec<Engine>>,
    /// The steps asked for by name; none means all of them.
    steps: Vec<&'static str>,
    /// Only tests that have one of these in their name.
    filters: Vec<String>,
}

impl Options {
    /// Reads what stands after `test`.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { engines: None, steps: Vec::new(), filters: Vec::new() };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("engines") => options.engines = Some(Engine::read_list(&arguments.value()?.string()?)?),
                Value(word) => {
                    let word = word.string()?;
                    match STEPS.into_iter().find(|step| *step == word) {
                        Some(step) => options.steps.push(step),
                        None => options.filters.push(word),
                    }
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }

    /// Whether a step is asked for. Names of tests alone ask for the suites.
    fn wants(&self, step: &str) -> bool {
        let is_suite = matches!(step, "native" | "wasm" | "page");
        if self.steps.is_empty() { self.filters.is_empty() || is_suite } else { self.steps.contains(&step) }
    }
}

/// Runs everything and prints the sum.
pub(crate) fn test(options: &Options) -> Result<ExitCode> {
    let begin = Instant::now();
    let workspace = Workspace::find()?;
    target::ensure()?;
    components(&workspace)?;
    let mut tally = Tally::default();
    let ahead = ahead(&workspace, options);
    checks(&workspace, options, &mut tally);
    if options.wants("native") {
        native(&workspace, options, &mut tally);
    }
    ahead.end();
    if options.wants("wasm") || options.wants("page") {
        let engines = engines(&workspace, options, &mut tally);
        in_browsers(&workspace, options, &engines, &mut tally);
    }
    if tally.ran() == 0 && tally.not_run.is_empty() {
        bail!("no test has {} in its name", options.filters.join(" or "));
    }
    tally.not_run.iter().for_each(|reason| println!("not run: {reason}"));
    tally.failures.iter().for_each(|name| println!("failed: {name}"));
    println!("{:.0} s", begin.elapsed().as_secs_f64());
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compiles what runs in browsers while everything is checked and tested that does not.
fn ahead(workspace: &Workspace, options: &Options) -> Ahead {
    let mut commands = Vec::new();
    if options.wants("native") && options.wants("page") && options.wants("wasm") {
        let mut tests = [suites::wasm(workspace), suites::end_to_end(workspace)];
        tests.iter_mut().for_each(|command| _ = command.arg("--no-run"));
        commands.extend([build::module(workspace), suites::runner(workspace)]);
        commands.extend(tests);
    }
    Ahead::begin(commands)
}

/// Sees to it that clippy and rustfmt are there.
fn components(workspace: &Workspace) -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let answer = workspace.cargo(&[command, "--version"]).output().context("cargo")?;
        if !answer.status.success() {
            println!("{component} is missing. Running: rustup component add {component}");
            run(Command::new("rustup").args(["component", "add", component]), "rustup component add")?;
        }
    }
    Ok(())
}

/// The newest stable compiler (its minor version) whose lints the code has met.
const LINTED_WITH: u32 = 95;

/// Format, lints and documentation; each for this computer and for the browser, which sees other code.
fn checks(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    let flags: &[&str] = if is_newer_compiler() { &[] } else { &["-Dwarnings"] };
    let package = ["--package", "batchnorm-playground"];
    // The tests of the page are no part of all targets: no plain `cargo test` could run them.
    let mut clippy = workspace.cargo(&["clippy", "--workspace", "--all-targets", "--test", "e2e", "--"]);
    clippy.args(flags);
    let mut clippy_wasm = workspace.wasm_cargo(&["clippy", "--lib", "--test", "wasm"]);
    clippy_wasm.args(package).arg("--").args(flags);
    let mut docs_wasm = workspace.wasm_cargo(&["doc", "--no-deps"]);
    docs_wasm.args(package);
    let mut commands = [
        ("format", workspace.cargo(&["fmt", "--all", "--check"])),
        ("clippy", clippy),
        ("clippy for wasm", clippy_wasm),
        ("docs", docs(workspace.cargo(&["doc", "--workspace", "--no-deps"]), flags)),
        ("docs for wasm", docs(docs_wasm, flags)),
    ];
    for (name, command) in &mut commands {
        // "clippy for wasm" is asked for as clippy.
        if name.split(' ').next().is_some_and(|step| options.wants(step)) {
            tally.add(step::check(name, command));
        }
    }
    deny(workspace, options, tally);
}

/// Licences and sources, where the tool is at hand; advisories too, which it fetches only if asked for by name, and
/// otherwise knows as they were when it last did.
fn deny(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    if !options.wants("deny") {
        return;
    }
    let there = workspace.cargo(&["deny", "--version"]).output().is_ok_and(|answer| answer.status.success());
    if there {
        let what: &[&str] = if options.steps.contains(&"deny") {
            &[]
        } else if advisories_are_there() {
            &["--disable-fetch"]
        } else {
            println!("deny: advisories not looked at, none are at hand (get them with: cargo deny fetch)");
            &["licenses", "bans", "sources"]
        };
        tally.add(step::check("deny", workspace.cargo(&["deny", "check"]).args(what)));
    } else {
        println!("deny: not run, cargo-deny is not at hand");
    }
}

/// Where cargo-deny keeps what it has fetched.
fn advisories_are_there() -> bool {
    let kept = cargo::home().and_then(|home| fs::read_dir(home.join("advisory-dbs")).ok());
    kept.is_some_and(|mut kept| kept.next().is_some())
}

fn docs(mut command: Command, flags: &[&str]) -> Command {
    let own = env::var("RUSTDOCFLAGS").unwrap_or_default();
    command.env("RUSTDOCFLAGS", format!("{own} {}", flags.join(" ")));
    command
}

/// A later compiler has lints that this source could not know: they are shown, and fail nothing.
fn is_newer_compiler() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer =
        Command::new(rustc).arg("--version").output().map(|answer| answer.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&answer);
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(LINTED_WITH);
    if minor > LINTED_WITH {
        println!("The compiler is newer than 1.{LINTED_WITH}: its warnings are shown, and fail nothing.");
    }
    minor > LINTED_WITH
}

fn native(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    let mut command = workspace.cargo(&["test", "--workspace", "--no-fail-fast", "--"]);
    tally.add(step::tests("native tests", command.args(&options.filters), !options.filters.is_empty()));
}

/// The engines to run in. Says which ones are left out and how to get them.
fn engines(workspace: &Workspace, options: &Options, tally: &mut Tally) -> Vec<Found> {
    let demanded = options.engines.as_deref().unwrap_or(&[Engine::Chromium]);
    let mut engines = Vec::new();
    for engine in Engine::ALL {
        if demanded.contains(&engine) {
            match browsers::demand(engine, workspace) {
                Ok(found) => engines.push(found),
                Err(error) => {
                    println!("{error:#}");
                    tally.add(Tally::check(engine.name(), false));
                }
            }
        } else if options.engines.is_some() {
            println!("not run: {} (not asked for)", engine.name());
        } else if let Some(found) = browsers::find(engine, workspace) {
            engines.push(found);
        } else {
            println!("not run: {} (get it with: {})", engine.name(), browsers::how_to_get(engine));
        }
    }
    engines
}

/// The wasm tests and the end-to-end tests, engine by engine.
fn in_browsers(workspace: &Workspace, options: &Options, engines: &[Found], tally: &mut Tally) {
    if engines.is_empty() {
        return;
    }
    let mut runner_built = false;
    if options.wants("wasm") {
        let runner = step::prepare("build the wasm runner", &mut suites::runner(workspace));
        runner_built = runner.failed == 0;
        tally.add(runner);
    }
    let mut folder = None;
    if options.wants("page") {
        tally.add(step::announced("build the site", || {
            folder = Some(site::build(workspace, true)?);
            Ok(Tally::default())
        }));
    }
    if let Some(folder) = &folder {
        let name = "the same bytes again";
        tally.add(step::announced(name, || Ok(Tally::check(name, site::is_made_again(workspace, folder)?))));
    }
    for found in engines {
        if runner_built {
            wasm(workspace, options, found, tally);
        }
        if let Some(folder) = &folder {
            end_to_end(workspace, options, found, folder, tally);
        }
    }
}

/// The wasm tests in one engine.
fn wasm(workspace: &Workspace, options: &Options, found: &Found, tally: &mut Tally) {
    let name = format!("wasm in {}", found.engine.name());
    // The runner takes one filter at a time.
    let filters: Vec<Option<&String>> =
        if options.filters.is_empty() { vec![None] } else { options.filters.iter().map(Some).collect() };
    for filter in filters {
        match suites::wasm_in(workspace, found) {
            Ok(mut command) => tally.add(step::tests(&name, command.args(filter), filter.is_some())),
            Err(error) => tally.add(step::announced(&name, || Err(error))),
        }
    }
}

fn end_to_end(workspace: &Workspace, options: &Options, found: &Found, site: &Path, tally: &mut Tally) {
    let mut command = suites::end_to_end_in(workspace, found, site);
    command.args(&options.filters);
    tally.add(step::tests(
        &format!("page in {}", found.engine.name()),
        &mut command,
        !options.filters.is_empty(),
    ));
}
