//! What the page says before its module is there is what the module says of the run that it opens with.

use batchnorm_playground::app::App;
use batchnorm_playground::app::numbers::Numbers;
use batchnorm_playground::lab::knob::{Group, summary};
use batchnorm_playground::lab::sentence::target;

const PAGE: &str = include_str!("../index.html");

/// The text of the element with this role, as the file has it.
fn written(role: &str) -> &'static str {
    let (_, rest) = PAGE
        .split_once(&format!("data-role=\"{role}\""))
        .unwrap_or_else(|| panic!("index.html has no {role}"));
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once('<').unwrap().0
}

#[test]
fn captions_and_summaries_are_there_before_the_module() {
    let app = App::new("", false);
    let of = |group| summary(group, &app.experiment);
    let rows = [
        ("summary-lab", app.summary()),
        ("summary-norm", of(Group::Norm)),
        ("summary-optimiser", of(Group::Optimiser)),
        ("summary-weights", of(Group::Weights)),
        ("summary-examples", of(Group::Examples)),
        ("summary-seed", of(Group::Seed)),
        ("sentence", app.sentence().point),
        ("at-step", app.bar().step),
        ("speed-words", app.speed.words()),
    ];
    let rows: Vec<_> = app.captions().into_iter().chain(rows).collect();
    let wrong: Vec<_> = rows.iter().filter(|(role, words)| written(role) != words).collect();
    assert!(wrong.is_empty(), "the page has other words: {wrong:#?}");
}

#[test]
fn the_score_table_names_the_target() {
    let head = format!(">first {}</th>", target().replace(' ', "&#8239;"));
    assert!(PAGE.contains(&head), "{head}");
}

#[test]
fn a_phone_is_as_wide_to_the_program_as_to_the_style_sheet() {
    let (_, query) = include_str!("../src/web/media.rs").split_once("PHONE: &str = \"").unwrap();
    let query = query.split_once('"').unwrap().0;
    assert!(include_str!("../www/style.css").contains(&format!("@media {}{{", query.replace(": ", ":"))));
    assert!(PAGE.contains(&format!("<source media=\"{query}\"")), "{query}");
}

#[test]
fn every_table_of_numbers_has_its_place() {
    for (name, _) in Numbers::ALL {
        assert!(PAGE.contains(&format!("data-numbers=\"{name}\"")), "no place for the numbers of {name}");
    }
}

#[test]
fn the_axes_before_the_module_say_what_is_being_done() {
    let app = App::new("", false);
    assert!(PAGE.contains(&format!(">{}</text>", app.empty_words().unwrap())));
}
