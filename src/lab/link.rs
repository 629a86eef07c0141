//! The share link: the part after `#`, versioned, holding only what differs from the default.
//!
//! `v=1&lr=0.1&seed=7&lrs=200:0.03,400:0.01`. Keys and ranges are those of [`super::knob`]; `lrs` lists the
//! changes of the learning rate made by hand. Unknown keys and bad values become the default and a note.
//!
//! ```
//! use batchnorm_playground::lab::link;
//!
//! let (experiment, notes) = link::read("#v=1&lr=0.1&n=ln&seed=7");
//! assert_eq!((experiment.learning_rate, experiment.seed, notes.len()), (0.1, 7, 0));
//! assert_eq!(link::write(&experiment), "v=1&lr=0.1&n=ln&seed=7");
//!
//! let (experiment, notes) = link::read("lr=fast&seed=7");
//! assert_eq!(link::write(&experiment), "v=1&seed=7");
//! assert_eq!(notes, ["Learning rate (lr) needs a number, not “fast”."]);
//! ```

use super::experiment::{Experiment, RateChange};
use super::knob;
use crate::data::DataKind;
use crate::data::own::OwnShape;

/// The version this program writes; it reads all up to here.
pub const VERSION: u32 = 1;

/// At most so many changes of the learning rate are kept in a link.
pub const MOST_RATE_CHANGES: usize = 200;

/// Said to a reader who has not the data that a link is about.
const NOT_IN_A_LINK: &str = "This link (d=own) is about somebody’s own data, which is never sent; drop the same file \
                             under “Your own data” to see that run.";

/// Bytes of a link that are read; ours are much shorter.
pub const LONGEST: usize = 16 * 1024;
/// Said of a longer one.
const TOO_LONG: &str = "This link is longer than any of this page’s; its end was not read.";

/// No link starts more than this: layers × units² × the larger of the training points and eight times the batch size.
/// It is three times what the sliders reach together, and less than 400 MB. A reader may go further by hand.
pub const MOST_WORK: u64 = 1 << 32;

/// No link trains further by itself.
pub const MOST_STEPS: u32 = 2000;

/// Said of a link that asks for more.
const TOO_MUCH: &str = "This link asks for more than one may start: layers, units, batch size and points (l, w, b, \
                        dp) together are too many. A page takes the usual ones.";
/// A link with more faults than this is no link; the rest is not told.
pub(crate) const MOST_NOTES: usize = 8;

/// Keys that steer the page or an embed and are not part of an experiment.
pub const PAGE_KEYS: [&str; 9] = ["exp", "theme", "bg", "run", "controls", "id", "pause", "speed", "plan"];

/// How a run starts: by itself, or by a click.
pub const STARTS: [&str; 2] = ["auto", "click"];

/// Slowest and fastest speed, in steps per second.
pub const SPEEDS: (f64, f64) = (1.0, 5000.0);

/// The link of an experiment, without the `#`.
pub fn write(experiment: &Experiment) -> String {
    let default = Experiment::default();
    let mut link = format!("v={VERSION}");
    for knob in knob::all() {
        let text = knob.text(experiment);
        if text != knob.text(&default) {
            link.push_str(&format!("&{}={text}", knob.key));
        }
    }
    if !experiment.rate_changes.is_empty() {
        let changes: Vec<String> =
            experiment.rate_changes.iter().map(|change| format!("{}:{}", change.step, change.rate)).collect();
        link.push_str(&format!("&lrs={}", changes.join(",")));
    }
    link
}

/// Reads a link, with or without its `#`. What cannot be read stays at its default, with a sentence each.
pub fn read(link: &str) -> (Experiment, Vec<String>) {
    read_with(link, |_| None)
}

/// As [`read`], by a reader who may have data of their own, whose shape depends on the data seed: a link has none.
pub fn read_with(link: &str, own: impl FnOnce(u32) -> Option<OwnShape>) -> (Experiment, Vec<String>) {
    let mut experiment = Experiment::default();
    let mut notes = Vec::new();
    if link.len() > LONGEST {
        notes.push(TOO_LONG.to_owned());
    }
    for (key, value) in pairs(link) {
        if let Err(note) = read_pair(&mut experiment, &key, &value) {
            notes.push(note);
        }
    }
    if experiment.data == DataKind::Own {
        experiment.own = own(experiment.data_seed);
        if experiment.own.is_none() {
            experiment.data = Experiment::default().data;
            notes.push(NOT_IN_A_LINK.to_owned());
        }
    }
    if let Err(note) = experiment.check() {
        // The ranges of the knobs hold all else.
        notes.push(format!("Batch size (b): {note}"));
        experiment.batch_size = Experiment::default().batch_size;
    }
    if work(&experiment) > MOST_WORK {
        let Experiment { hidden_layers, width, batch_size, points, .. } = Experiment::default();
        experiment = Experiment { hidden_layers, width, batch_size, points, ..experiment };
        notes.push(TOO_MUCH.to_owned());
    }
    if asked_to_pause_at(link).is_some_and(|step| step > MOST_STEPS.into()) {
        notes.push(format!(
            "This link asks to train further than a page should by itself; it stands still at step {MOST_STEPS}."
        ));
    }
    notes.truncate(MOST_NOTES);
    (experiment, notes)
}

/// The step to which a link trains as fast as possible, and then stands still: `pause=420`.
pub fn pause(link: &str) -> Option<u32> {
    asked_to_pause_at(link).map(|step| step.min(MOST_STEPS.into()) as u32)
}

fn asked_to_pause_at(link: &str) -> Option<u64> {
    page_key(link, "pause")?.parse().ok()
}

/// See [`MOST_WORK`].
pub fn work(experiment: &Experiment) -> u64 {
    let Experiment { hidden_layers, width, batch_size, points, .. } = *experiment;
    let rows = u64::from(points).max(8 * u64::from(batch_size));
    u64::from(hidden_layers) * u64::from(width).pow(2) * rows
}

/// Steps per second: `speed=20`.
pub fn speed(link: &str) -> Option<f64> {
    read_speed(&page_key(link, "speed")?)
}

fn read_speed(value: &str) -> Option<f64> {
    value.parse().ok().filter(|speed| (SPEEDS.0..=SPEEDS.1).contains(speed))
}

/// The value of a page key in a link.
pub fn page_key(link: &str, wanted: &str) -> Option<String> {
    pairs(link).find(|(key, _)| *key == wanted).map(|(_, value)| value)
}

/// Keys and values, in order.
pub(crate) fn pairs(link: &str) -> impl Iterator<Item = (String, String)> {
    let link = link.strip_prefix('#').unwrap_or(link);
    let end = (0..=link.len().min(LONGEST)).rev().find(|&end| link.is_char_boundary(end));
    let link = &link[..end.unwrap_or(0)];
    link.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key), decoded(value))
    })
}

/// Mail programs and chats write some characters of an address as `%3A`. What is no such code stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%').and_then(|digits| {
            let digits = core::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
        });
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn read_pair(experiment: &mut Experiment, key: &str, value: &str) -> Result<(), String> {
    match key {
        "v" => read_version(value),
        "lrs" => {
            experiment.rate_changes = read_rate_changes(value)?;
            Ok(())
        }
        key if PAGE_KEYS.contains(&key) => page_value_note(key, value).map_or(Ok(()), Err),
        key => match knob::by_key(key) {
            Some(knob) => knob.read(experiment, value),
            None => Err(stranger(key)),
        },
    }
}

/// A sentence about a key that nothing has.
pub(crate) fn stranger(key: &str) -> String {
    format!("This page does not know the setting “{}”.", knob::shortened(key))
}

/// A sentence about a value of a page key that cannot be read; of those that an embed alone has, it says so itself.
fn page_value_note(key: &str, value: &str) -> Option<String> {
    let needs = match key {
        "pause" if value.parse::<u64>().is_err() => {
            "The step to pause at (pause) needs a whole number".to_owned()
        }
        "speed" if read_speed(value).is_none() => {
            format!("Speed (speed) must be from {} to {} steps per second", SPEEDS.0, SPEEDS.1)
        }
        "run" if !STARTS.contains(&value) => format!("The start (run) can be {}", STARTS.join(" or ")),
        _ => return None,
    };
    Some(format!("{needs}, not “{}”.", knob::shortened(value)))
}

/// Sentences about what is wrong with a link that is not read as a run's: its version, and how it starts.
pub fn frame_notes(link: &str) -> Vec<String> {
    let start = page_key(link, "run").and_then(|value| page_value_note("run", &value));
    version_note(link).into_iter().chain(start).collect()
}

/// A sentence about a link whose version this program does not read.
fn version_note(link: &str) -> Option<String> {
    read_version(&page_key(link, "v")?).err()
}

fn read_version(text: &str) -> Result<(), String> {
    let shown = knob::shortened(text);
    match text.parse::<u32>() {
        Ok(version) if (1..=VERSION).contains(&version) => Ok(()),
        Ok(version) if version > VERSION => Err(format!(
            "This link is of a newer version ({shown}) than this page, which reads up to {VERSION}: reload the page, or \
             expect another run."
        )),
        _ => Err(format!("This link has version “{shown}”; this page reads up to {VERSION}.")),
    }
}

fn read_rate_changes(text: &str) -> Result<Vec<RateChange>, String> {
    let complaint =
        || format!("The changes of the learning rate (lrs) cannot be read: “{}”.", knob::shortened(text));
    let mut changes: Vec<RateChange> = Vec::new();
    let mut scratch = Experiment::default();
    let rate_knob = knob::by_key("lr");
    for item in text.split(',') {
        let (step, rate) = item.split_once(':').ok_or_else(complaint)?;
        let step = step.parse().map_err(|_| complaint())?;
        rate_knob.ok_or_else(complaint)?.read(&mut scratch, rate)?;
        let in_order = changes.last().is_none_or(|last| last.step < step);
        if !in_order || changes.len() == MOST_RATE_CHANGES {
            return Err(complaint());
        }
        changes.push(RateChange { step, rate: scratch.learning_rate });
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::norm::Norm;

    #[test]
    fn the_default_is_an_empty_link_and_an_empty_link_the_default() {
        assert_eq!(write(&Experiment::default()), "v=1");
        for link in ["", "#", "v=1", "#v=1", "&&"] {
            assert_eq!(read(link), (Experiment::default(), vec![]), "{link}");
        }
    }

    #[test]
    fn a_link_that_asks_for_everything_at_once_gets_the_usual_sizes() {
        let (experiment, notes) = read("l=64&w=256&b=2048&dp=20000&lr=0.5");
        assert_eq!(experiment, Experiment { learning_rate: 0.5, ..Experiment::default() });
        assert!(matches!(&notes[..], [note] if note.starts_with("This link asks for more")), "{notes:?}");
        // All that the sliders reach together is within it.
        assert_eq!(read("l=20&w=128&b=512&dp=3200").1, Vec::<String>::new());
    }

    #[test]
    fn a_link_that_asks_to_train_for_ever_stands_still_where_a_page_would_by_itself() {
        assert_eq!(["pause=420", "pause=-1", "l=3"].map(pause), [Some(420), None, None]);
        for link in ["pause=2001", "pause=4294967295", "pause=18446744073709551615"] {
            let (experiment, notes) = read(link);
            assert_eq!((pause(link), experiment), (Some(MOST_STEPS), Experiment::default()));
            assert!(matches!(&notes[..], [note] if note.ends_with("at step 2000.")), "{notes:?}");
        }
        assert_eq!(read("pause=2000").1, Vec::<String>::new());
    }

    #[test]
    fn every_knob_survives_the_round_trip_at_both_ends_and_every_choice() {
        for knob in knob::all() {
            let values: Vec<f64> = match knob.kind {
                knob::Kind::Choice(words) => (0..words.len()).map(|i| i as f64).collect(),
                knob::Kind::Number { link: (low, high), .. } => vec![low, high],
            };
            for value in values {
                let mut experiment = Experiment::default();
                (knob.set)(&mut experiment, value);
                if experiment.check().is_err() {
                    continue;
                }
                let link = write(&experiment);
                assert_eq!(read(&link), (experiment, vec![]), "{link}");
            }
        }
    }

    #[test]
    fn a_rate_keeps_all_its_bits() {
        let experiment = Experiment { learning_rate: 0.1 + 1e-8 + 0.2, ..Experiment::default() };
        let (read_back, _) = read(&write(&experiment));
        assert_eq!(read_back.learning_rate.to_bits(), experiment.learning_rate.to_bits());
    }

    #[test]
    fn rate_changes_survive_and_must_be_in_order() {
        let changes = vec![RateChange { step: 20, rate: 0.1 }, RateChange { step: 300, rate: 0.03 }];
        let experiment = Experiment { rate_changes: changes, ..Experiment::default() };
        assert_eq!(read(&write(&experiment)), (experiment, vec![]));
        for bad in ["lrs=", "lrs=5", "lrs=9:0.1,9:0.2", "lrs=1:x", "lrs=1:-2", "lrs=-1:0.1"] {
            let (experiment, notes) = read(bad);
            assert_eq!((experiment.rate_changes.len(), notes.len()), (0, 1), "{bad}");
        }
    }

    #[test]
    fn bad_input_leaves_the_default_and_says_which_key() {
        for (link, word) in [
            ("lr=fast", "lr"),
            ("lr=NaN", "lr"),
            ("lr=inf", "lr"),
            ("lr=-1", "lr"),
            ("l=0", "(l)"),
            ("l=2.5", "whole"),
            ("w=100000", "(w)"),
            ("d=mnist", "spiral"),
            ("v=99", "version"),
            ("colour=red", "colour"),
            ("b=1", "Batch size (b): Batch norm cannot"),
            ("d=own", "(d=own)"),
            ("l=64&w=256&dp=20000", "(l, w, b, dp)"),
            ("pause=soon", "(pause)"),
            ("pause=-1", "(pause)"),
            ("run=later", "auto or click"),
            ("speed=0.5", "from 1 to 5000"),
            ("speed=fast", "(speed)"),
        ] {
            let (experiment, notes) = read(link);
            assert_eq!(experiment, Experiment::default(), "{link}");
            assert_eq!(notes.len(), 1, "{link}");
            assert!(notes[0].contains(word), "{link}: {}", notes[0]);
        }
    }

    #[test]
    fn codes_of_an_address_are_read_and_what_is_none_stays() {
        let plain = read("#v=1&lrs=20:0.1,77:0.5&seed=3");
        assert_eq!(read("#v=1&lrs=20%3A0.1%2C77%3a0.5&s%65ed=3"), plain);
        assert_eq!(plain.0.rate_changes.len(), 2);
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%+1%2"), "%zz%+1%2");
        assert_eq!(decoded("%CE%B5"), "ε");
        assert_eq!(decoded("%FF"), "%FF");
        assert_eq!(page_key("#p%61use=4%32", "pause").as_deref(), Some("42"));
    }

    #[test]
    fn own_data_is_not_in_a_link_but_is_found_by_who_has_it() {
        let (experiment, notes) = read("d=own&l=3&ds=5");
        assert_eq!((experiment.data, experiment.hidden_layers, notes.len()), (DataKind::Spiral, 3, 1));
        assert!(notes[0].contains("never sent"));
        let shape = OwnShape {
            form: crate::data::own::Form::Table,
            features: 4,
            classes: 3,
            train: 100,
            test: 50,
            reach: 2.0,
            print: 7,
        };
        let (experiment, notes) = read_with("d=own&ds=5", |seed| (seed == 5).then_some(shape));
        assert_eq!((experiment.data, experiment.own, notes.len()), (DataKind::Own, Some(shape), 0));
        assert_eq!(write(&experiment), "v=1&d=own&ds=5");
    }

    #[test]
    fn one_bad_value_does_not_spoil_the_others() {
        let (experiment, notes) = read("#v=1&lr=0.1&l=huge&n=ln&seed=7&theme=dark");
        assert_eq!((experiment.learning_rate, experiment.norm, experiment.seed), (0.1, Norm::Layer, 7));
        assert_eq!(notes.len(), 1);
    }
}
