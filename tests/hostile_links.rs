//! Text and bytes from strangers: links, attributes, words between embeds, messages. Whatever they are, the answer
//! comes soon, is within the stated limits, and is said in a few short sentences.
//!
//! `PROPTEST_CASES=1000000 cargo test --test hostile_links` tries more than the usual 10,000 of each kind.

use std::sync::LazyLock;

use batchnorm_playground::app::embed::{self, Embed, Tone};
use batchnorm_playground::app::experiments::{self, Experiments, Start};
use batchnorm_playground::app::numbers::Numbers;
use batchnorm_playground::app::own::OwnMsg;
use batchnorm_playground::app::pace::Speed;
use batchnorm_playground::app::turns::{Say, Turns};
use batchnorm_playground::app::{App, Effect, Msg, Phase};
use batchnorm_playground::data::{csv, digits};
use batchnorm_playground::figure::Figure;
use batchnorm_playground::figure::theme::Theme;
use batchnorm_playground::lab::claim::Claim;
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::frame::Frame;
use batchnorm_playground::lab::view::CountsView;
use batchnorm_playground::lab::wire::{self, Command, Report};
use batchnorm_playground::lab::{knob, link};
use proptest::prelude::*;

mod own_time;

use own_time::soon;

/// No link makes a page longer than this by what is said about it.
const MOST_WORDS: usize = 3000;

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
    if let Some(plan) = what.plan(text) {
        let told = soon(|| Experiments::alone(plan.clone(), 2, Start::of_link(text, false)).told(0));
        assert!(format!("{told:?}").chars().count() <= MOST_WORDS, "{told:?}");
    }
    assert!(soon(|| loaded(text)).notes_words().chars().count() <= MOST_WORDS);
    let opened = soon(|| App::new(text, false));
    assert!(opened.notes_words().chars().count() <= MOST_WORDS);
    assert!(steps_by_itself(opened) <= link::MOST_STEPS, "{text}");
}

/// The page as it is when the address is changed to this link.
fn loaded(text: &str) -> App {
    let mut app = App::new("", false);
    app.update(Msg::Load(text.to_owned()));
    app
}

/// How many steps the page asks for by itself, all at once as at the highest speed, before it stands still.
fn steps_by_itself(mut app: App) -> u32 {
    app.speed = Speed::Flat;
    app.update(Msg::Report(Report::Ready));
    let (mut made, mut effects) = (0, app.update(Msg::Tick(0.02)));
    for _ in 0..8 {
        let Some((generation, steps)) = effects.iter().find_map(|effect| match effect {
            Effect::Post(Command::Advance { generation, steps, .. }) => Some((*generation, *steps)),
            _ => None,
        }) else {
            break;
        };
        made += steps;
        let frame = Box::new(Frame { step: made, first_step: made, ..Frame::default() });
        effects = app.update(Msg::Report(Report::Frame { generation, frame }));
        effects.extend(app.update(Msg::Tick(0.02)));
    }
    assert!(app.phase != Phase::Running || app.is_loading(), "after {made} steps it trains on");
    made
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

/// The runs whose reports are damaged: a plane, images, and a table of three classes.
const RUNS: [&str; 3] = ["l=2&w=4&b=8&dp=40&n=gn", "d=digits&l=3&w=4&b=60", "d=own&l=2&w=3&b=4"];

/// The table that is the third run's.
static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let row = |i: usize| format!("{i},{},{},{}\n", i * i, i % 7, ["a", "b", "c"][i % 3]);
    (0..30).map(row).collect::<String>().into_bytes()
});

/// A report with everything in it: losses, evaluations, layers, and a snapshot.
static REPORTS: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    RUNS.map(|run| {
        let own = csv::parse(&TABLE).unwrap();
        let (experiment, notes) = link::read_with(run, |seed| Some(own.shape(u64::from(seed))));
        assert!(notes.is_empty(), "{notes:?}");
        let data = match experiment.own {
            Some(_) => own.dataset(u64::from(experiment.data_seed)),
            None => experiment.dataset(Some(digits::PACKED)).unwrap(),
        };
        let mut comparison = Comparison::new(experiment, data, 1).unwrap();
        (0..25).for_each(|_| comparison.advance());
        let (_, generation) = waiting(run);
        wire::encode(&Report::Frame { generation, frame: Box::new(comparison.frame(true)) })
    })
});

/// A page at the beginning of that run, waiting for a report, and the number of the run.
fn waiting(run: &str) -> (App, u32) {
    let mut app = App::new(run.trim_start_matches("d=own&"), false);
    if run.starts_with("d=digits") {
        app.update(Msg::Digits(Ok(digits::PACKED.to_vec())));
    }
    if run.starts_with("d=own") {
        app.update(Msg::Own(OwnMsg::Files(vec![("table.csv".to_owned(), TABLE.clone())])));
    }
    app.update(Msg::Report(Report::Ready));
    let effects = app.update(Msg::Tick(0.02));
    let start = effects.iter().find_map(|effect| match effect {
        Effect::Post(Command::Start { generation, .. }) => Some(*generation),
        _ => None,
    });
    (app, start.expect("it tells its worker of the run"))
}

/// Hears a report, says everything that can be said of it and draws one of its figures.
fn hear_and_draw(mut app: App, report: Report, which: prop::sample::Index) {
    app.update(Msg::Report(report));
    let (key, _) = app.pictures().swap_remove(which.index(app.pictures().len()));
    app.picture(key, &mut |figure, width, _| {
        let svg = soon(|| figure.svg((width, 240), &Theme::light()));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{key}");
    });
    soon(|| Numbers::ALL.map(|(_, which)| app.numbers(which)));
    soon(|| (app.bar(), app.standings(), app.sentence(), app.read_out(), app.notes_words()));
}

fn read_as_messages(bytes: &[u8]) {
    let command = soon(|| wire::decode::<Command>(bytes));
    let report = soon(|| wire::decode::<Report>(bytes));
    if let Ok(report) = &report {
        App::new("", false).update(Msg::Report(report.clone()));
        Experiments::new(&Claim::ALL, 2, Start::WhenSeen).update(experiments::Msg::Report(0, report.clone()));
    }
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
            let held = soon(|| {
                let mut turns = Turns::new(0.5);
                turns.want(true, false, 1.0);
                if let Some(said) = Say::read(text) {
                    turns.hear(said, 2.0);
                    // Nobody keeps another waiting by one word for ever.
                    turns.pulse(2.0 + 10.0);
                }
                Tone::of_word(text);
                turns.is_held()
            });
            prop_assert!(!held, "{text}");
        }
        let light = soon(|| embed::lightness(&format!("rgb({words}")));
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
        (which, draw) in any::<(prop::sample::Index, prop::sample::Index)>(),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let which = which.index(RUNS.len());
        let mut bytes = REPORTS[which].clone();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_as_messages(&bytes);
        if let Ok(report) = wire::decode(&bytes) {
            hear_and_draw(waiting(RUNS[which]).0, report, draw);
        }
    }

    #[test]
    fn names_of_classes(names in prop::collection::vec(prop_oneof!["\\PC{0,40}", "[<>&\"'/a-z= ]{0,60}"], 2..10)) {
        let counts = vec![1; names.len() * names.len()];
        let view = CountsView { arm: 1, classes: names, counts };
        let svg = soon(|| Figure::Counts(&view).svg((600, 600), &Theme::light()));
        // Whatever is called what, there is nothing in it but what a figure is drawn with.
        for tag in svg.split('<').skip(1) {
            let name: String = tag.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '/').collect();
            let name = name.trim_matches('/');
            prop_assert!(["svg", "rect", "text", "polyline", "polygon", "line", "circle", "path", "title", "desc"].contains(&name), "<{tag}");
            prop_assert!(!tag.split('>').next().unwrap_or_default().contains(" on"), "<{tag}");
        }
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
