//! Runs a compiled wasm test in a real browser; cargo calls it for `cargo xtask test`.
//!
//! It is the runner of wasm-bindgen's command-line tools as a library, so that there is no tool to install whose
//! version could differ. A member of its own because it is slow to compile.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
