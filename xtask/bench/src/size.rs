//! Bytes of every file of the site: as it is, and compressed as servers compress.

use std::path::Path;

use browser::Result;
use serde_json::{Value, json};

/// Prints a table of all files and what the first load of the lab takes; returns the same as JSON.
pub(crate) fn report(site: &Path) -> Result<Value> {
    println!("| file | bytes | gzip | brotli |\n| --- | --- | --- | --- |");
    let mut rows = Vec::new();
    let mut first = [0; 3];
    for (name, sizes) in sizes::of(site)? {
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
