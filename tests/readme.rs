//! What the README and the pages tell in words and numbers is what the program has: keys, ranges, claims, commands.

use std::path::Path;

use batchnorm_playground::app::embed::{Embed, Subject, Tone, height};
use batchnorm_playground::app::pace::{Speed, USUAL};
use batchnorm_playground::data::digits;
use batchnorm_playground::lab::claim::Claim;
use batchnorm_playground::lab::knob::{self, Kind};
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::speed::{HEADS, REPEATS, Workload};

const README: &str = include_str!("../README.md");
const PAGE: &str = include_str!("../index.html");
/// Numbers as a sentence has them.
const NUMBERS: [&str; 12] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];

/// The README as one line, as a browser shows it.
fn flowing() -> String {
    README.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of the table whose heads start so, without the heads.
fn table(heads: &str) -> Vec<Vec<&'static str>> {
    let start = README.find(&format!("| {heads}")).unwrap_or_else(|| panic!("no table {heads}"));
    let rows = README[start..].lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_knob_has_a_row_with_its_words_or_its_range() {
    let rows = table("key | what | values |\n| --- | --- | --- |\n| `v`");
    for knob in knob::all() {
        let row = rows.iter().find(|row| quoted(row[0]).contains(&knob.key));
        let row = row.unwrap_or_else(|| panic!("no row for {}", knob.key));
        match knob.kind {
            // The reader's own data is in no link.
            Kind::Choice(words) => words.iter().filter(|(word, _)| *word != "own").for_each(|(word, _)| {
                assert!(quoted(row[2]).contains(word), "the row of `{}` lacks `{word}`", knob.key);
            }),
            Kind::Number { link: (low, high), .. } => {
                let told = row[2].contains(&format!("{low} to {high}")) || row[2].contains("number");
                assert!(told, "{}: {low} to {high}", knob.key);
            }
        }
    }
}

#[test]
fn every_key_and_word_in_the_table_is_known() {
    for row in table("key | what | values |\n| --- | --- | --- |\n| `v`") {
        let choices =
            quoted(row[0]).into_iter().filter_map(knob::by_key).filter_map(|knob| match knob.kind {
                Kind::Choice(words) => Some(words.iter().map(|(word, _)| *word)),
                Kind::Number { .. } => None,
            });
        let choices: Vec<&str> = choices.flatten().collect();
        for key in quoted(row[0]) {
            assert!(["v", "lrs"].contains(&key) || knob::by_key(key).is_some(), "{key}");
        }
        let words =
            quoted(row[2]).into_iter().filter(|word| word.parse::<f32>().is_err() && !word.contains(':'));
        words.for_each(|word| assert!(choices.contains(&word), "{word} is no choice of {}", row[0]));
    }
}

#[test]
fn the_links_shown_are_read() {
    let shown =
        ["lr=0.1&n=ln&seed=7", "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60", "l=3&w=32&lr=0.1"];
    for shown in shown {
        assert!(README.contains(shown), "{shown}");
        let (experiment, notes) = link::read(shown);
        assert_eq!(notes, Vec::<String>::new(), "{shown}");
        assert!(experiment.dataset(Some(digits::PACKED)).is_ok(), "{shown}");
    }
    assert!(README.contains("`#v=1&lr=0.1&n=ln&seed=7`"));
}

#[test]
fn every_key_of_an_embed_is_told_with_its_words() {
    let rows = table("key | what | values |\n| --- | --- | --- |\n| `experiment`");
    let subjects: Vec<&str> = Subject::all().map(Subject::key).collect();
    assert_eq!(quoted(rows[0][2]), subjects);
    assert_eq!(quoted(rows[1][2]), Tone::ALL.map(Tone::word));
    for row in &rows {
        let key = quoted(row[0])[0];
        let key = if key == "experiment" { "exp" } else { key };
        assert!(link::PAGE_KEYS.contains(&key), "{key}");
        for word in quoted(row[2]) {
            let (_, notes) = Embed::read(&format!("exp=lr&{key}={word}"));
            assert_eq!(notes, Vec::<String>::new(), "{key}={word}");
        }
    }
    for line in README.lines().filter(|line| line.starts_with("<iframe src=\"/bn/embed.html")) {
        let (_, key) = line.split_once("exp=").unwrap();
        let subject = Subject::named(key.split(['"', '&']).next().unwrap()).unwrap();
        assert_eq!(line, Embed::of(subject).frame("/bn/", ""));
    }
    let heights = format!("{} CSS pixels high, {} where", height(521), height(520));
    assert!(flowing().contains(&heights), "{heights}");
}

#[test]
fn every_experiment_has_a_row_that_names_only_controls_it_has() {
    let rows = table("key | experiment | where the claim holds");
    let found: Vec<[&str; 2]> = rows.iter().map(|row| [row[0].trim_matches('`'), row[1]]).collect();
    assert_eq!(found, Claim::ALL.map(|claim| [claim.about().key, claim.about().heading]));
    for (claim, row) in Claim::ALL.into_iter().zip(&rows) {
        for setting in row[2..].iter().flat_map(|cell| quoted(cell)) {
            let (label, choice) = setting.split_once(": ").unwrap_or_else(|| panic!("{setting}"));
            let controls = claim.about().controls.iter();
            let known = |choices: &[&str]| choices.contains(&choice);
            let there =
                controls.filter(|control| control.label == label).any(|control| known(control.choices));
            assert!(there, "{}: there is no {setting}", row[0]);
        }
    }
    for cell in rows.iter().flat_map(|row| &row[2..]) {
        let told =
            cell.starts_with('`') || cell.starts_with("usual") || cell.starts_with("no setting is tested");
        assert!(told, "{cell}: a setting, `usual`, or that none is tested");
    }
    let (claims, embeds) = (NUMBERS[Claim::ALL.len()], NUMBERS[Claim::ALL.len() + 1]);
    let counts = ["## {} experiments", "{} claims are tested"].map(|words| words.replace("{}", claims));
    for words in counts.into_iter().chain([format!("a small blog with all {embeds}")]) {
        assert!(README.to_lowercase().contains(&words), "{words}");
    }
}

#[test]
fn every_claim_is_named_where_claims_are_tested() {
    for claim in Claim::ALL {
        let file = format!("tests/claim_tests/{}.rs", claim.about().key);
        let tests = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(tests.contains(&format!("Claim::{claim:?},")), "{file} does not test {claim:?}");
    }
}

#[test]
fn the_table_of_speeds_is_what_is_measured() {
    let heads = README.lines().find(|line| line.starts_with("| workload")).unwrap();
    let mut printed = HEADS.iter();
    for head in heads.trim_matches('|').split('|').map(str::trim) {
        assert!(printed.any(|known| *known == head), "{head}");
    }
    let rows = table("workload");
    assert_eq!(rows.len(), 2 * Workload::ALL.len());
    for (workload, rows) in Workload::ALL.into_iter().zip(rows.chunks(2)) {
        assert!(rows.iter().all(|row| row[0] == workload.name()), "{}", workload.name());
        let words = format!("{}: {}", workload.name(), workload.words());
        assert!(flowing().contains(&words), "{words}");
    }
    let repeats = format!("of {} repeats", NUMBERS[REPEATS]);
    assert!(flowing().contains(&repeats) && include_str!("../bench.html").contains(&repeats), "{repeats}");
}

#[test]
fn every_command_is_told_and_every_command_told_exists() {
    let help = include_str!("../xtask/src/main.rs");
    let help = &help[help.find("const HELP").unwrap()..help.find("fn main").unwrap()];
    let commands =
        ["serve", "test", "shots", "bench", "dist", "train", "claims", "figures", "export-pytorch"];
    for command in commands {
        assert!(help.contains(command) && README.contains(&format!("cargo xtask {command}")), "{command}");
    }
    for told in README.split("cargo xtask ").skip(1) {
        let told = told.split(|letter: char| letter != '-' && !letter.is_ascii_alphabetic()).next().unwrap();
        assert!(commands.contains(&told), "{told}");
    }
}

#[test]
fn what_is_needed_is_told_alike_everywhere() {
    let rows = README.split_once("| | Chrome | Firefox | Safari |").unwrap().1;
    let rows = rows.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut most = [0.0_f64; 3];
    for row in rows {
        let numbers =
            row.trim_matches('|').split('|').skip(1).map(|cell| cell.trim().parse::<f64>().unwrap());
        most.iter_mut().zip(numbers).for_each(|(most, number)| *most = most.max(number));
    }
    let [chrome, firefox, safari] = most;
    let versions =
        &*format!("Chrome or Edge from version {chrome}, Firefox from {firefox}, Safari from {safari}");
    let start = include_str!("../www/page.js");
    assert!(flowing().contains(versions) && PAGE.contains(versions) && start.contains(versions));
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(README.contains(&format!("Rust ({rust} or newer")), "{rust}");
    let newest = format!("## {}\n", env!("CARGO_PKG_VERSION"));
    assert!(include_str!("../CHANGELOG.md").contains(&newest), "{newest}");
}

#[test]
fn every_file_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src/", "tests/", "www/", "docs/", "engine/", "xtask/", ".github/"];
    let texts = [README, include_str!("../CONTRIBUTING.md")];
    for name in texts.into_iter().flat_map(|text| text.lines().flat_map(quoted)) {
        let is_ours = folders.iter().any(|folder| name.starts_with(folder)) || name.ends_with(".md");
        assert!(!is_ours || root.join(name).exists(), "{name}");
    }
}

#[test]
fn the_recorded_run_and_the_opening_speed_are_those_of_the_page() {
    let drawn = include_str!("../xtask/headless/src/figures.rs");
    let (_, steps) = drawn.split_once("const LIVE_STEPS: u32 = ").unwrap();
    let (steps, _) = steps.split_once(';').unwrap();
    assert!(PAGE.contains(&format!("recorded at step {steps}.")), "{steps}");
    let usual = Speed::Steps(USUAL);
    let position = (100.0 * usual.position()).round();
    assert!(
        PAGE.contains(&format!("value=\"{position}\" autocomplete=\"off\" data-role=\"speed\"")),
        "{position}"
    );
    assert!(
        PAGE.contains(&format!("data-role=\"speed-words\">{}</output>", usual.words())),
        "{}",
        usual.words()
    );
}

#[test]
fn as_many_experiments_are_compared_bit_by_bit_as_is_told() {
    let compared = include_str!("browser/e2e/bits.rs");
    assert!(compared.contains("const LINKS: [&str; 14]") && compared.contains("const STEPS: u32 = 200;"));
    assert!(flowing().contains("at step 200 of fourteen experiments"));
}
