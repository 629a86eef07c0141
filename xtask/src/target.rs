//! Sees to it that the compiler can build for the browser.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::WASM;

/// Adds the standard library of [`WASM`] if the active toolchain lacks it.
///
/// A toolchain file with `targets` would do the same, but not where rustup's automatic installing is off.
pub(crate) fn ensure() -> Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer =
        Command::new(rustc).args(["--print", "sysroot"]).output().context("rustc --print sysroot")?;
    let sysroot = String::from_utf8(answer.stdout).context("rustc --print sysroot")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    println!("The target {WASM} is missing. Running: rustup target add {WASM}");
    match Command::new("rustup").args(["target", "add", WASM]).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("rustup target add {WASM} failed ({status})"),
        Err(error) => bail!(
            "rustup cannot be started ({error}): install the standard library of {WASM} as this compiler's \
             source describes, for example with your system's package manager"
        ),
    }
}
