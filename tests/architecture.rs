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

/// Each part of the map in `src/lib.rs`, with the parts that it may name.
fn map() -> Vec<(String, Vec<String>)> {
    let mut map: Vec<(String, Vec<String>)> = Vec::new();
    let lines = include_str!("../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
    for line in lines.filter(|line| line.contains('`')) {
        let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        let words = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let [part, _, may] = cells[..] else { panic!("{line}") };
        let above = || map.iter().map(|(part, _)| part.clone()).collect();
        let may = if may == "all above" { above() } else { words(may) };
        map.push((words(part).remove(0), may));
    }
    map
}

/// Whether a line names a part, and not something whose name only starts alike.
fn names(line: &str, part: &str) -> bool {
    let path = format!("crate::{part}");
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    line.match_indices(&path).any(|(at, _)| ends(&line[at + path.len()..]))
}

#[test]
fn the_arrows_are_those_of_the_map() {
    let map = map();
    for (file, text) in source().iter().filter(|(file, _)| file != "lib.rs") {
        let part = file.split('/').next().unwrap();
        let (_, may) =
            map.iter().find(|(known, _)| known == part).unwrap_or_else(|| panic!("{file}: no part"));
        for line in code(text) {
            // Named one by one, so that this test can read them.
            assert!(!line.contains("crate::{") && !line.contains("crate::*"), "{file}: {line}");
            for (other, _) in map.iter().filter(|(other, _)| other != part && !may.contains(other)) {
                assert!(!names(line, other), "{part} names {other}: {file}: {line}");
            }
        }
    }
}

#[test]
fn a_name_is_found_however_it_is_imported() {
    for line in ["use crate::nn;", "use crate::nn::Mode;", "x: crate::nn::Mode"] {
        assert!(names(line, "nn"), "{line}");
    }
    assert!(!names("use crate::application::App;", "app") && !names("use crate::nn_words;", "nn"));
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
fn unsafe_stands_with_the_lanes_alone() {
    for (file, text) in source() {
        let found = code(&text).any(|line| line.contains("unsafe ") || line.contains("allow(unsafe_code"));
        assert!(!found || file == "math/lanes.rs" || file.starts_with("math/lanes/"), "{file}");
    }
}

#[test]
fn what_the_reader_can_reach_denies_panics() {
    let denied = ["deny(", "clippy::unwrap_used", "clippy::expect_used", "clippy::panic"];
    for part in ["web/mod.rs", "app/mod.rs"] {
        let (_, text) = source().into_iter().find(|(file, _)| file == part).unwrap();
        assert!(denied.iter().all(|word| text.contains(word)), "{part}");
    }
    for (file, text) in
        source().iter().filter(|(file, _)| file.starts_with("web/") || file.starts_with("app/"))
    {
        let allowed = code(text)
            .any(|line| line.contains("allow(clippy::unwrap") || line.contains("allow(clippy::expect"));
        assert!(!allowed, "{file}");
    }
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    for (file, text) in source() {
        assert!(text.starts_with("//! "), "{file}");
    }
}

#[test]
fn the_words_of_figures_and_verdicts_have_one_apostrophe() {
    for (file, text) in source() {
        let said = ["app/", "figure/", "lab/"].iter().any(|part| file.starts_with(part));
        for line in code(&text).filter(|_| said && !file.ends_with("tests.rs")) {
            let straight =
                line.match_indices("'s ").any(|(at, _)| line[..at].ends_with(char::is_alphanumeric));
            assert!(!straight, "{file}: {line}");
        }
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
