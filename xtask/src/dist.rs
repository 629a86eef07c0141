//! `cargo xtask dist`: the files to publish.

use anyhow::Result;

use crate::cargo::{Workspace, run};
use crate::site;

/// Writes `dist/`: the site as it is served, for any static host and any path. Prints how large every file is.
pub(crate) fn dist() -> Result<()> {
    let workspace = Workspace::find()?;
    let files = site::files(&workspace, false)?;
    let folder = workspace.root.join("dist");
    site::write(&files, &folder)?;
    let mut sizes = workspace.cargo(&["run", "--quiet", "--package", "sizes", "--"]);
    run(sizes.arg(&folder), "measuring dist")
}
