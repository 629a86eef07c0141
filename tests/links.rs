//! Links that were shared once open what they were shared for: every key of every version, with its meaning written
//! down in `tests/links`. What it leaves out: that the same settings give the same run, which `tests/replay.rs` holds.

use std::collections::BTreeMap;

use batchnorm_playground::app::embed::Embed;
use batchnorm_playground::lab::{knob, link};
use serde_json::Value;

/// Every version's file.
const VERSIONS: [(u32, &str); 1] = [(1, include_str!("links/v1.txt"))];

/// A value by its name.
type Meaning = BTreeMap<String, Value>;

/// The links of a file, each with the values it names.
fn blocks(file: &str) -> Vec<(&str, Meaning)> {
    let mut blocks: Vec<(&str, Meaning)> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        match (line.strip_prefix("  ").map(|pair| pair.split_once(" = ").unwrap()), blocks.last_mut()) {
            (Some((name, value)), Some((_, meaning))) => {
                meaning.insert(name.to_owned(), serde_json::from_str(value).unwrap());
            }
            _ => blocks.push((line, Meaning::new())),
        }
    }
    blocks
}

/// What this program takes a link for.
fn read(shared: &str) -> Meaning {
    let (experiment, notes) = link::read(shared);
    assert_eq!(notes, Vec::<String>::new(), "{shared}");
    // By way of text: a number there has the digits of the 32 bits it is stored in.
    let text = serde_json::to_string(&experiment).unwrap();
    let mut meaning: Meaning = serde_json::from_str(&text).unwrap();
    let (embed, notes) = Embed::read(shared);
    assert_eq!(notes, Vec::<String>::new(), "{shared}");
    let plan = embed.plan(shared).map(|plan| (plan.choices, plan.first_seed));
    let of_embed: [(&str, Value); 7] = [
        ("bg", if embed.transparent { "none" } else { "paper" }.into()),
        ("controls", if embed.controls { "few" } else { "none" }.into()),
        ("exp", embed.subject.key().into()),
        ("id", embed.id.as_str().into()),
        ("plan", serde_json::to_value(plan).unwrap()),
        ("run", if embed.starts { "auto" } else { "click" }.into()),
        ("theme", embed.tone.word().into()),
    ];
    meaning.extend(of_embed.map(|(key, value)| (format!("embed.{key}"), value)));
    meaning
}

#[test]
fn links_that_were_shared_keep_their_meaning() {
    for (version, file) in VERSIONS {
        let blocks = blocks(file);
        let unsaid = &blocks[0].1;
        assert_eq!(blocks[0].0, format!("v={version}"));
        for (shared, said) in &blocks {
            let mut expected = unsaid.clone();
            expected.extend(said.clone());
            let found = read(shared);
            let differ: Vec<_> =
                found.iter().filter(|(name, value)| expected.get(*name) != Some(value)).collect();
            assert!(differ.is_empty(), "{shared}: {differ:#?}");
            assert_eq!(found.len(), expected.len(), "{shared}: {:?}", expected.keys());
        }
    }
}

#[test]
fn every_key_and_every_word_of_a_choice_stands_in_a_committed_link() {
    let links: String =
        VERSIONS.iter().flat_map(|(_, file)| blocks(file)).map(|(link, _)| format!("&{link}&")).collect();
    let stands = |pair: &str| {
        assert!(
            links.contains(pair),
            "no committed link has {pair}: add one at the end of tests/links/v1.txt"
        );
    };
    for knob in knob::all() {
        stands(&format!("&{}=", knob.key));
        let knob::Kind::Choice(words) = knob.kind else { continue };
        // One's own data is in no link.
        for (word, _) in words.iter().filter(|(word, _)| *word != "own") {
            let (mut one, default) = Default::default();
            knob.read(&mut one, word).unwrap();
            if one != default {
                stands(&format!("&{}={word}&", knob.key));
            }
        }
    }
    stands("&lrs=");
    for key in link::PAGE_KEYS {
        stands(&format!("&{key}="));
    }
}

#[test]
fn a_link_of_a_newer_version_is_read_as_far_as_it_goes_and_the_page_says_so() {
    let newer = format!("v={}&lr=0.1&hue=3", link::VERSION + 1);
    let (experiment, notes) = link::read(&newer);
    assert_eq!(experiment.learning_rate, 0.1);
    assert!(notes[0].contains("newer version") && notes.len() == 2, "{notes:?}");
    let (_, notes) = Embed::read(&format!("v={}&exp=lr", link::VERSION + 1));
    assert!(notes.len() == 1 && notes[0].contains("newer version"), "{notes:?}");
}
