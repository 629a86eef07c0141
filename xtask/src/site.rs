//! The site: the pages, `www/` and `pkg/` as one folder that any static server can serve under any path.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::build::{self, Bundle, NAME};
use crate::cargo::Workspace;
use crate::single;

/// The site's files by their path below its root, with `/` on every system.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Builds the site into its folder below cargo's and returns that.
pub(crate) fn build(workspace: &Workspace, quietly: bool) -> Result<PathBuf> {
    let folder = workspace.target.join("site");
    write(&files(workspace, quietly)?, &folder)?;
    Ok(folder)
}

/// Whether the site can be made again to the byte: what was compiled is bound and put together anew.
pub(crate) fn is_made_again(workspace: &Workspace, folder: &Path) -> Result<bool> {
    let mut made = Files::new();
    collect(folder, "", &mut made)?;
    let difference = difference(&made, &files(workspace, true)?);
    if let Some(path) = &difference {
        println!("\n{path} is another one each time");
    }
    Ok(difference.is_none())
}

/// The first file that one has and the other has not, or has otherwise.
pub(crate) fn difference(one: &Files, other: &Files) -> Option<String> {
    let mut paths = one.keys().chain(other.keys());
    paths.find(|path| one.get(*path) != other.get(*path)).cloned()
}

/// Builds the module and collects the files.
pub(crate) fn files(workspace: &Workspace, quietly: bool) -> Result<Files> {
    assemble(&workspace.root, build::bundle(workspace, quietly)?)
}

/// The site of a bundle and the files of a working copy at `root`: depends on nothing else.
fn assemble(root: &Path, bundle: Bundle) -> Result<Files> {
    let mut files = Files::new();
    files.insert(format!("pkg/{NAME}.js"), (bundle.glue + PUBLISHED).into_bytes());
    files.insert(format!("pkg/{NAME}_bg.wasm"), bundle.wasm);
    for page in ["index.html", "embed.html", "bench.html"] {
        let file = root.join(page);
        if file.is_file() {
            files.insert(page.to_owned(), read(&file)?);
        }
    }
    let www = root.join("www");
    if www.is_dir() {
        collect(&www, "www", &mut files)?;
    }
    files.insert("batchnorm-playground.js".to_owned(), element(&files)?);
    files.insert(single::NAME.to_owned(), single::page(&files)?);
    Ok(files)
}

/// A file that is text.
pub(crate) fn text<'files>(files: &'files Files, path: &str) -> Result<&'files str> {
    let bytes = files.get(path).with_context(|| format!("{path} is missing"))?;
    std::str::from_utf8(bytes).with_context(|| path.to_owned())
}

/// Ends the glue: gives it to an element, which imports it so that nothing of it stands among the names of the page.
const PUBLISHED: &str = "\nglobalThis[Symbol.for(\"batchnorm-playground\")] = wasm_bindgen;\n";

/// The custom element, in a script that may be named by a page more than once.
fn element(files: &Files) -> Result<Vec<u8>> {
    let element = text(files, "www/element.js")?;
    Ok(format!("if (!customElements.get(\"batchnorm-playground\")) {{\n{element}}}\n").into_bytes())
}

/// Makes `folder` hold exactly `files`; those already there with the same bytes are left alone.
pub(crate) fn write(files: &Files, folder: &Path) -> Result<()> {
    let mut present = Files::new();
    if folder.is_dir() {
        collect(folder, "", &mut present)?;
    }
    for (path, bytes) in files {
        if present.get(path) != Some(bytes) {
            let file = folder.join(path);
            let parent = file.parent().context("a file without a folder")?;
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
            fs::write(&file, bytes).with_context(|| file.display().to_string())?;
        }
    }
    for path in present.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(folder.join(path)).with_context(|| path.clone())?;
    }
    Ok(())
}

/// Reads every file below `folder`; hidden ones (an editor's leftovers) are not part of a site.
fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file name that is not Unicode")?;
        if name.starts_with('.') {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.insert(path, read(&entry.path())?);
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_working_copies_give_the_same_bytes() {
        let bundle = || Bundle { glue: "let wasm_bindgen;".to_owned(), wasm: b"\0asm".to_vec() };
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let first = assemble(here, bundle()).unwrap();
        let there = std::env::temp_dir().join(format!("site-copy-{}", std::process::id()));
        // The sources lie in the site as they are.
        write(&first, &there).unwrap();
        let second = assemble(&there, bundle()).unwrap();
        fs::remove_dir_all(&there).unwrap();
        assert_eq!(difference(&first, &second), None);
        assert!(first.len() > 20 && first.contains_key("embed.html") && first.contains_key(single::NAME));
        // A page pays for this whether or not its reader gets as far as the element.
        let element = &first["batchnorm-playground.js"];
        assert!(
            element.len() < 8 * 1024 && !first[&format!("pkg/{NAME}.js")].is_empty(),
            "{}",
            element.len()
        );
    }

    #[test]
    fn a_file_of_other_bytes_or_of_one_side_alone_is_a_difference() {
        let file = |path: &str, bytes: &[u8]| (path.to_owned(), bytes.to_vec());
        let one = Files::from([file("a", b"1"), file("b", b"2")]);
        assert_eq!(difference(&one, &one.clone()), None);
        assert_eq!(difference(&one, &Files::from([file("a", b"1"), file("b", b"3")])).as_deref(), Some("b"));
        assert_eq!(difference(&Files::new(), &one).as_deref(), Some("a"));
    }

    #[test]
    fn the_folder_ends_up_with_exactly_the_files() {
        let folder = std::env::temp_dir().join(format!("site-test-{}", std::process::id()));
        let old = Files::from([("a/old.js".into(), b"1".to_vec()), ("same.css".into(), b"2".to_vec())]);
        let new = Files::from([("a/b/new.js".into(), b"3".to_vec()), ("same.css".into(), b"2".to_vec())]);
        write(&old, &folder).unwrap();
        write(&new, &folder).unwrap();
        let mut found = Files::new();
        collect(&folder, "", &mut found).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, new);
    }
}
