//! `cargo xtask test`: every check and every test, in order, to the end, with one sum.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::browsers::{self, Engine, Found};
use crate::cargo::{WASM, Workspace, run};
use crate::tally::Tally;
use crate::{site, step, target};

/// What to test.
pub(crate) struct Options {
    /// The engines asked for: they are installed or the run fails. Otherwise Chromium, and what else is there.
    engines: Option<Vec<Engine>>,
    /// Only what has one of these in its name.
    filters: Vec<String>,
}

impl Options {
    /// Reads what stands after `test`.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { engines: None, filters: Vec::new() };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("engines") => options.engines = Some(Engine::read_list(&arguments.value()?.string()?)?),
                Value(filter) => options.filters.push(filter.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }

    fn wants(&self, check: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| check.contains(filter.as_str()))
    }
}

/// Runs everything and prints the sum.
pub(crate) fn test(options: &Options) -> Result<ExitCode> {
    let begin = Instant::now();
    let workspace = Workspace::find()?;
    target::ensure()?;
    components(&workspace)?;
    let mut tally = Tally::default();
    checks(&workspace, options, &mut tally);
    native(&workspace, options, &mut tally);
    let engines = engines(&workspace, options, &mut tally);
    in_browsers(&workspace, options, &engines, &mut tally);
    if tally.ran() == 0 {
        bail!("nothing has {} in its name", options.filters.join(" or "));
    }
    tally.failures.iter().for_each(|name| println!("failed: {name}"));
    println!("{:.0} s", begin.elapsed().as_secs_f64());
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// Format, lints and documentation; each for this computer and for the browser, which sees other code.
fn checks(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    let package = ["--package", "batchnorm-playground"];
    let mut clippy_wasm = workspace.wasm_cargo(&["clippy", "--lib", "--test", "wasm"]);
    clippy_wasm.args(package).args(["--", "-Dwarnings"]);
    let mut docs_wasm = workspace.wasm_cargo(&["doc", "--no-deps"]);
    docs_wasm.args(package);
    let mut commands = [
        ("format", workspace.cargo(&["fmt", "--all", "--check"])),
        ("clippy", workspace.cargo(&["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"])),
        ("clippy for wasm", clippy_wasm),
        ("docs", strict_docs(workspace.cargo(&["doc", "--workspace", "--no-deps"]))),
        ("docs for wasm", strict_docs(docs_wasm)),
    ];
    for (name, command) in &mut commands {
        if options.wants(name) {
            tally.add(step::check(name, command));
        }
    }
}

fn strict_docs(mut command: Command) -> Command {
    let flags = env::var("RUSTDOCFLAGS").unwrap_or_default();
    command.env("RUSTDOCFLAGS", format!("{flags} -Dwarnings"));
    command
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
    let runner =
        step::prepare("build the wasm runner", &mut workspace.cargo(&["build", "--package", "wasm-runner"]));
    let runner_built = runner.failed == 0;
    tally.add(runner);
    let mut folder = None;
    tally.add(step::announced("build the site", || {
        folder = Some(site::build(workspace, true)?);
        Ok(Tally::default())
    }));
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
        match wasm_command(workspace, found) {
            Ok(mut command) => tally.add(step::tests(&name, command.args(filter), filter.is_some())),
            Err(error) => tally.add(step::announced(&name, || Err(error))),
        }
    }
}

/// Cargo builds the tests and hands them to our runner; variables tell that which driver to start.
fn wasm_command(workspace: &Workspace, found: &Found) -> Result<Command> {
    // The runner knows no WebKitWebDriver, but speaks to it as to Safari's: that takes no wishes, and starts the
    // system's MiniBrowser by itself.
    let (variable, wish, flags) = match found.engine {
        Engine::Chromium => {
            ("CHROMEDRIVER", "goog:chromeOptions", ["--no-sandbox", "--disable-gpu"].as_slice())
        }
        Engine::Firefox => ("GECKODRIVER", "moz:firefoxOptions", [].as_slice()),
        Engine::Webkit => ("SAFARIDRIVER", "unused", [].as_slice()),
    };
    let wishes = serde_json::json!({ wish: { "binary": found.browser, "args": flags } });
    let file = workspace.target.join(format!("webdriver-{}.json", found.engine.name()));
    fs::write(&file, wishes.to_string()).with_context(|| file.display().to_string())?;
    let program =
        workspace.target.join("debug").join("wasm-runner").with_extension(env::consts::EXE_EXTENSION);
    let mut runner: Vec<PathBuf> = vec![program];
    if found.engine == Engine::Webkit {
        runner.splice(0..0, ["xvfb-run".into(), "-a".into()]);
    }
    let runner = serde_json::json!(runner);
    let mut command = workspace.wasm_cargo(&["test", "--package", "batchnorm-playground", "--test", "wasm"]);
    command.arg("--config").arg(format!("target.{WASM}.runner={runner}")).arg("--");
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER"] {
        command.env_remove(other);
    }
    command.env(variable, &found.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    Ok(command)
}

fn end_to_end(workspace: &Workspace, options: &Options, found: &Found, site: &Path, tally: &mut Tally) {
    let mut command = workspace.cargo(&["test", "--package", "browser", "--test", "e2e", "--"]);
    drive(&mut command, found).arg("--site").arg(site).arg("--out").arg(workspace.target.join("e2e"));
    command.args(&options.filters);
    tally.add(step::tests(
        &format!("page in {}", found.engine.name()),
        &mut command,
        !options.filters.is_empty(),
    ));
}

/// Tells a program of the browser member which browser to use.
pub(crate) fn drive<'command>(command: &'command mut Command, found: &Found) -> &'command mut Command {
    command.args(["--engine", found.engine.name()]);
    command.arg("--driver").arg(&found.driver).arg("--browser").arg(&found.browser)
}
