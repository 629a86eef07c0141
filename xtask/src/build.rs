//! Builds the module and its glue: the crate for wasm32 in release, then the bindings, as bytes in memory.

use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::cargo::{WASM, Workspace, run};
use crate::target;

/// The name the glue and the module go by.
pub(crate) const NAME: &str = "batchnorm_playground";

/// What the browser runs.
pub(crate) struct Bundle {
    /// The glue: a classic script that defines the global `wasm_bindgen`, for the page and the workers alike.
    pub(crate) glue: String,
    /// The module.
    pub(crate) wasm: Vec<u8>,
}

/// Compiles the module.
pub(crate) fn module(workspace: &Workspace) -> Command {
    workspace.wasm_cargo(&["build", "--release", "--lib", "--package", "batchnorm-playground"])
}

/// Compiles and binds. Quietly: shows no progress, only complaints.
pub(crate) fn bundle(workspace: &Workspace, quietly: bool) -> Result<Bundle> {
    target::ensure()?;
    let mut cargo = module(workspace);
    if quietly {
        cargo.arg("--quiet");
    }
    run(&mut cargo, "building for the browser")?;
    let compiled = workspace.target.join(WASM).join("release").join(NAME).with_extension("wasm");
    let mut output = Bindgen::new()
        .input_path(&compiled)
        .out_name(NAME)
        .no_modules(true)?
        .typescript(false)
        // Unlike the command-line tool, the library leaves out the default path unless told not to; with it
        // `wasm_bindgen()` finds the module beside the glue.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("writing the glue of {}", compiled.display()))?;
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Bundle { glue: output.js().to_owned(), wasm })
}
