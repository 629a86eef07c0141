//! Calls of cargo: the workspace's folders, and the flags of everything built for the browser.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

/// The only target the browser runs.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Where things are.
pub(crate) struct Workspace {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's build folder, wherever the user keeps it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?.to_owned();
        let mut metadata = Command::new(program());
        metadata.current_dir(&root).args(["metadata", "--no-deps", "--format-version=1", "--quiet"]);
        let answer = metadata.output().context("cargo metadata")?;
        if !answer.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&answer.stderr));
        }
        let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).context("cargo metadata")?;
        let target = answer["target_directory"].as_str().context("cargo metadata names no target folder")?;
        Ok(Self { target: target.into(), root })
    }

    /// The same, built in another folder.
    pub(crate) fn with_target(&self, target: PathBuf) -> Self {
        Self { root: self.root.clone(), target }
    }

    /// A cargo command in the repository.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// A cargo command for the browser's target. The flags reach nothing that runs on this computer (build
    /// scripts, macros) and come on top of the user's own.
    pub(crate) fn wasm_cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.cargo(arguments);
        command.args(["--target", WASM]).arg("--target-dir").arg(&self.target);
        match user_flags() {
            // Cargo reads flags from one source only, and the environment comes first.
            Some(mut flags) => {
                flags.extend(self.wasm_flags());
                command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
            }
            None => {
                let flags = serde_json::Value::from(self.wasm_flags());
                command.arg("--config").arg(format!("target.{WASM}.rustflags={flags}"));
            }
        }
        command
    }

    /// Four lanes per instruction; and no folder of this computer in the bytes, so that the same source
    /// gives the same file everywhere. Later prefixes win, hence the order: outer folders first.
    fn wasm_flags(&self) -> Vec<String> {
        let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
        let folders =
            [(home(), "/cargo"), (Some(self.root.clone()), "/src"), (Some(self.target.clone()), "/target")];
        for (folder, name) in folders {
            if let Some(folder) = folder {
                flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
            }
        }
        flags
    }
}

/// The cargo that started us.
fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The user's compiler flags from the environment, if any.
fn user_flags() -> Option<Vec<String>> {
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        return Some(flags.split('\u{1f}').filter(|flag| !flag.is_empty()).map(str::to_owned).collect());
    }
    env::var("RUSTFLAGS").ok().map(|flags| flags.split_whitespace().map(str::to_owned).collect())
}

/// Where cargo keeps what it has fetched and installed.
pub(crate) fn home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Runs `command` with its output on the terminal.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| what.to_owned())?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}

/// Passes a command on to the member that knows the playground: `cargo xtask train ...`.
pub(crate) fn headless(command: &str, arguments: &[OsString]) -> Result<ExitCode> {
    let mut cargo = Workspace::find()?.cargo(&["run", "--quiet", "--release", "--package", "headless", "--"]);
    // Paths among the arguments are meant from where the user stands.
    cargo.current_dir(env::current_dir()?).arg(command).args(arguments);
    let status = cargo.status().context("cargo run")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The arguments not read yet, as they were given.
pub(crate) fn rest(mut arguments: lexopt::Parser) -> Result<Vec<OsString>> {
    Ok(arguments.raw_args()?.collect())
}
