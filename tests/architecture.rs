//! The arrows of the crate, kept true by reading its source: who may import whom, where unsafe may stand, and that
//! every file says what it is.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every file of the crate and of its engine, by its path below `src/`.
fn source() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = |folder: &Path| -> Vec<(String, String)> {
        let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        files(folder).iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
    };
    [below(&root.join("src")), below(&root.join("engine/src"))].concat()
}

/// Lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// What each part must not name, besides a browser.
const FORBIDDEN: [(&str, &[&str]); 7] = [
    ("math/", &["nn", "data", "lab", "figure", "export", "app", "web"]),
    ("nn/", &["data", "lab", "figure", "export", "app", "web"]),
    ("data/", &["nn", "lab", "figure", "export", "app", "web"]),
    ("lab/", &["figure", "export", "app", "web"]),
    ("figure/", &["nn", "data", "export", "app", "web"]),
    ("export/", &["figure", "app", "web"]),
    ("app/", &["web"]),
];

#[test]
fn the_arrows_hold() {
    for (file, text) in source() {
        for (part, forbidden) in FORBIDDEN.iter().filter(|(part, _)| file.starts_with(part)) {
            for line in code(&text) {
                for other in *forbidden {
                    assert!(
                        !line.contains(&format!("crate::{other}::")),
                        "{part} names {other}: {file}: {line}"
                    );
                }
            }
        }
    }
}

#[test]
fn only_the_web_module_names_a_browser_a_clock_or_a_global_random_source() {
    let banned =
        ["wasm_bindgen", "web_sys", "js_sys", "plotters_canvas", "Instant", "SystemTime", "thread_rng"];
    for (file, text) in source().iter().filter(|(file, _)| !file.starts_with("web/") && file != "lib.rs") {
        for line in code(text) {
            for name in banned {
                assert!(!line.contains(name), "{file}: {line}");
            }
        }
    }
}

#[test]
fn unsafe_stands_in_one_file_alone() {
    for (file, text) in source() {
        let found = code(&text).any(|line| line.contains("unsafe ") || line.contains("allow(unsafe_code"));
        assert!(!found || file == "math/lanes.rs", "{file}");
    }
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    for (file, text) in source() {
        assert!(text.starts_with("//! "), "{file}");
    }
}

#[test]
fn no_transcendental_of_the_standard_library_reaches_a_number_that_is_trained() {
    // They differ between platforms in the last bit; libm and our own polynomials do not.
    let banned = [".exp()", ".ln()", ".tanh()", ".sin()", ".cos()", ".powf(", ".mul_add("];
    for (file, text) in
        source().iter().filter(|(file, _)| ["math/", "nn/", "data/"].iter().any(|p| file.starts_with(p)))
    {
        let product = text.split("#[cfg(test)]").next().unwrap_or(text);
        for line in code(product).filter(|_| !file.ends_with("tests.rs")) {
            for name in banned {
                assert!(!line.contains(name), "{file}: {line}");
            }
        }
    }
}
