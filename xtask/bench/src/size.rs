//! Bytes of every file of the site: as it is, and compressed as servers compress.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use browser::{Context, Result};
use serde_json::{Value, json};

/// Prints a table of all files and what the first load of the lab takes; returns the same as JSON.
pub(crate) fn report(site: &Path) -> Result<Value> {
    let mut files = Vec::new();
    collect(site, "", &mut files)?;
    println!("| file | bytes | gzip | brotli |\n| --- | --- | --- | --- |");
    let mut rows = Vec::new();
    let mut first = [0; 3];
    for (name, bytes) in &files {
        let sizes = [bytes.len(), gzip(bytes)?, brotli(bytes)?];
        println!("| {name} | {} | {} | {} |", sizes[0], sizes[1], sizes[2]);
        if FIRST_LOAD.contains(&name.as_str()) {
            (0..3).for_each(|i| first[i] += sizes[i]);
        }
        rows.push(json!({ "file": name, "bytes": sizes[0], "gzip": sizes[1], "brotli": sizes[2] }));
    }
    println!("| first load of the lab | {} | {} | {} |\n", first[0], first[1], first[2]);
    let lab = json!({ "bytes": first[0], "gzip": first[1], "brotli": first[2] });
    Ok(json!({ "files": rows, "first_load_of_the_lab": lab }))
}

/// What a browser fetches to show the lab.
const FIRST_LOAD: [&str; 6] = [
    "index.html",
    "pkg/batchnorm_playground.js",
    "pkg/batchnorm_playground_bg.wasm",
    "www/page.js",
    "www/style.css",
    "www/worker.js",
];

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let mut entries = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    encoder.write_all(bytes)?;
    drop(encoder);
    Ok(packed.len())
}
