//! The suites that run in a browser: the wasm tests and the end-to-end tests, each in one engine.
//!
//! What they are compiled from is compiled with the features that `cargo test --workspace` has given it: with those of
//! its own package alone, half of it would be compiled once more.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::browsers::{Engine, Found};
use crate::cargo::{WASM, Workspace};

/// Compiles the program that runs wasm tests.
pub(crate) fn runner(workspace: &Workspace) -> Command {
    workspace.cargo(&["build", "--workspace", "--bin", "wasm-runner"])
}

/// The wasm tests; they have to be told what runs them.
pub(crate) fn wasm(workspace: &Workspace) -> Command {
    workspace.wasm_cargo(&["test", "--package", "batchnorm-playground", "--test", "wasm"])
}

/// The end-to-end tests; they have to be told what to drive.
pub(crate) fn end_to_end(workspace: &Workspace) -> Command {
    workspace.cargo(&["test", "--workspace", "--test", "e2e"])
}

/// Cargo builds the tests and hands them to our runner; variables tell that which driver to start.
pub(crate) fn wasm_in(workspace: &Workspace, found: &Found) -> Result<Command> {
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
    let mut command = wasm(workspace);
    command.arg("--config").arg(format!("target.{WASM}.runner={runner}")).arg("--");
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER"] {
        command.env_remove(other);
    }
    command.env(variable, &found.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    Ok(command)
}

/// Hands the end-to-end tests a built site and a browser.
pub(crate) fn end_to_end_in(workspace: &Workspace, found: &Found, site: &Path) -> Command {
    let mut command = end_to_end(workspace);
    drive(command.arg("--"), found).arg("--site").arg(site).arg("--out").arg(workspace.target.join("e2e"));
    command
}

/// Tells a program of the browser member which browser to use.
pub(crate) fn drive<'command>(command: &'command mut Command, found: &Found) -> &'command mut Command {
    command.args(["--engine", found.engine.name()]);
    command.arg("--driver").arg(&found.driver).arg("--browser").arg(&found.browser)
}
