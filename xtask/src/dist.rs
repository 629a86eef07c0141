//! `cargo xtask dist`: the files to publish.

use anyhow::Result;

use crate::cargo::Workspace;
use crate::site;

/// Writes `dist/`: the site as it is served, for any static host and any path.
pub(crate) fn dist() -> Result<()> {
    let workspace = Workspace::find()?;
    let files = site::files(&workspace, false)?;
    site::write(&files, &workspace.root.join("dist"))?;
    for (path, bytes) in &files {
        println!("{:>10} dist/{path}", bytes.len());
    }
    Ok(())
}
