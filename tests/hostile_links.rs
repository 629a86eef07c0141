//! Text and bytes from strangers: links, attributes, words between embeds, messages. Whatever they are, the answer
//! comes soon, is within the stated limits, and is said in a few short sentences.
//!
//! `PROPTEST_CASES=1000000 cargo test --test hostile_links` tries more than the usual 10,000 of each kind.

use std::time::{Duration, Instant};

use batchnorm_playground::app::embed::{self, Embed, Tone};
use batchnorm_playground::app::turns::{Say, Turns};
use batchnorm_playground::app::{App, Msg};
use batchnorm_playground::lab::frame::Frame;
use batchnorm_playground::lab::wire::{self, Command, Report};
use batchnorm_playground::lab::{knob, link};
use proptest::prelude::*;

/// No answer may take longer, in a frame of the page.
const SOON: Duration = Duration::from_millis(100);
/// No link makes a page longer than this by what is said about it.
const MOST_WORDS: usize = 3000;

/// What a piece of work gives, which is quick at least once in three times: the computer may be busy with something
/// else.
fn soon<T>(work: impl Fn() -> T) -> T {
    for _ in 0..2 {
        let begin = Instant::now();
        let outcome = work();
        if begin.elapsed() < SOON {
            return outcome;
        }
    }
    let begin = Instant::now();
    let outcome = work();
    assert!(begin.elapsed() < SOON, "it takes {:?}", begin.elapsed());
    outcome
}

/// Opens it as the lab and as an embed would.
fn open(text: &str) {
    let (experiment, notes) = soon(|| link::read(text));
    assert!(link::work(&experiment) <= link::MOST_WORK && experiment.check().is_ok());
    assert!((1..=64).contains(&experiment.hidden_layers) && (1..=256).contains(&experiment.width));
    assert!(experiment.learning_rate.is_finite() && experiment.rate_changes.len() <= link::MOST_RATE_CHANGES);
    assert!(notes.join(" ").chars().count() <= MOST_WORDS, "{} sentences", notes.len());
    // What was understood can be said again, and means the same.
    assert_eq!(link::read(&link::write(&experiment)), (experiment, Vec::new()));
    let (what, notes) = soon(|| Embed::read(text));
    assert!(notes.join(" ").chars().count() <= MOST_WORDS);
    soon(|| what.plan(text));
    let mut app = soon(|| App::new(text, false));
    app.update(Msg::Load(text.to_owned()));
    assert!(app.notes_words().chars().count() <= MOST_WORDS);
}

fn key() -> impl Strategy<Value = String> {
    let known: Vec<&'static str> = knob::all().map(|knob| knob.key).chain(link::PAGE_KEYS).collect();
    prop_oneof![
        8 => prop::sample::select(known).prop_map(str::to_owned),
        1 => Just("lrs".to_owned()),
        1 => Just("v".to_owned()),
        1 => "\\PC{0,12}",
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        (0_u32..3000).prop_map(|value| value.to_string()),
        "[0-9:,.e+-]{0,40}",
        "[a-z-]{0,10}",
        "\\PC{0,200}",
        "(%[0-9A-Fa-f+]{0,2}){0,20}",
        Just("9".repeat(5000)),
    ]
}

fn report() -> Report {
    let frame = Frame { step: 2, losses: [vec![0.5, 0.25], vec![1.0]], ..Frame::default() };
    Report::Frame { generation: 3, frame: Box::new(frame) }
}

fn read_as_messages(bytes: &[u8]) {
    let command = soon(|| wire::decode::<Command>(bytes));
    let report = soon(|| wire::decode::<Report>(bytes));
    for refusal in [command.err(), report.err()].into_iter().flatten() {
        assert!(refusal.ends_with('.') && refusal.len() < 300, "{refusal}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_links(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[#&=%0-9a-z:,.-]{0,400}") {
        open(&String::from_utf8_lossy(&bytes));
        open(&text);
    }

    #[test]
    fn wild_values_for_known_keys(pairs in prop::collection::vec((key(), value()), 0..12)) {
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        open(&pairs.join("&"));
    }

    #[test]
    fn random_attributes(pairs in prop::collection::vec((key(), value()), 0..12)) {
        let given = || pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        open(&soon(|| embed::of_attributes(given())));
    }

    #[test]
    fn random_words_around_an_embed(
        words in "\\PC{0,60}",
        said in "(runs|rests)?( [0-9.einfNa+-]{0,12}){0,3}",
        width in any::<u32>(),
    ) {
        for text in [&words, &said] {
            let mut turns = Turns::default();
            turns.want(true, false, 1.0);
            if let Some(said) = Say::read(text) {
                turns.hear(said, 2.0);
                // Nobody keeps another waiting by one word for ever.
                turns.pulse(2.0 + 10.0);
                prop_assert!(!turns.is_held(), "{text}");
            }
            Tone::of_word(text);
        }
        let light = embed::lightness(&format!("rgb({words}"));
        prop_assert!(light.is_none_or(|light| (0.0..=1.0).contains(&light)), "{light:?}");
        prop_assert!((1..=4000).contains(&embed::height(width)), "{}", embed::height(width));
    }

    #[test]
    fn random_bytes_as_messages(mut bytes in prop::collection::vec(any::<u8>(), 0..400), ours in any::<bool>()) {
        if let (true, Some(first)) = (ours, bytes.first_mut()) {
            *first = wire::encode(&Report::Ready)[0];
        }
        read_as_messages(&bytes);
    }

    #[test]
    fn damaged_messages(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = wire::encode(&report());
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_as_messages(&bytes);
    }
}

#[test]
fn a_link_of_a_million_letters_is_answered_soon() {
    for text in [
        "a".repeat(1 << 20),
        "&a=1".repeat(1 << 18),
        "%25".repeat(1 << 18),
        "lr=".to_owned() + &"9".repeat(1 << 20),
    ] {
        open(&text);
    }
}
