//! Writes the state onto the page in words: the transport, the score table, the sentence, captions, notes.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::dom;
use super::render::Renderer;
use crate::app::numbers::{Numbers, Table};
use crate::app::{App, Phase};
use crate::export::record::fingerprint;
use crate::figure::text;
use crate::lab::experiment::Picture;
use crate::lab::history::silent_word;
use crate::lab::knob::data_word;
use crate::lab::view::{ArmState, Measure};

impl Renderer {
    pub(super) fn set(&self, name: &str, words: &str) {
        self.roles.write(name, words);
    }

    /// Shows what fits the data set, and marks what is chosen.
    pub(super) fn arrange(&mut self, app: &App) {
        let images = app.experiment.picture() == Picture::Images;
        for (name, visible) in [("pair", !images), ("images", images)] {
            if let Some(element) = self.roles.get(name)
                && element.hidden() == visible
            {
                dom::show(element, visible);
                self.slots.iter_mut().for_each(|(_, slot)| slot.measure());
            }
        }
        let choices = &app.choices;
        for button in &self.choosers {
            let name = button.get_attribute("data-choose").unwrap_or_default();
            dom::press(button, choices.with(&name) == *choices);
        }
        if let Some(scales) = self.roles.get("scales") {
            dom::show(scales, choices.measure == Measure::Loss);
        }
        if let Some(picks) = self.roles.get("picks") {
            dom::show(picks, images);
        }
        for button in &self.setters {
            let on = button.get_attribute("data-set").as_deref() == Some(data_word(app.experiment.data));
            dom::press(button, on);
        }
        self.list_units(app);
    }

    fn list_units(&mut self, app: &App) {
        let units = app.experiment.width as usize;
        let select = self.roles.get("unit").and_then(|select| select.dyn_ref::<HtmlSelectElement>());
        let Some(select) = select else { return };
        if self.units_listed != units {
            self.units_listed = units;
            select.set_text_content(None);
            for unit in 1..=units {
                if let Ok(option) = dom::make::<HtmlElement>(&self.document, "option", "") {
                    option.set_text_content(Some(&unit.to_string()));
                    let _ = select.append_child(&option);
                }
            }
        }
        if select.selected_index() != app.choices.unit as i32 {
            select.set_selected_index(app.choices.unit as i32);
        }
    }

    pub(super) fn write_theme(&self, dark: bool) {
        self.set("theme", if dark { "Light" } else { "Dark" });
    }

    /// The step count.
    pub(super) fn write_count(&self, app: &App) {
        let bar = app.bar();
        self.set("at-state", bar.standing);
        self.set("at-step", &bar.step);
        self.set("at-epoch", &bar.epoch);
    }

    /// The bar, but for the step count.
    pub(super) fn write_bar(&self, app: &App) {
        let bar = app.bar();
        for (name, on) in [("train", bar.main_on), ("step", bar.others_on), ("reset", bar.others_on)] {
            if let Some(button) = self.roles.get(name) {
                dom::enable(button, on);
            }
        }
        let stopped = bar.state == "stopped";
        for (name, visible) in [("step", !stopped), ("reset", !stopped), ("copy-details", stopped)] {
            if let Some(button) = self.roles.get(name) {
                dom::show(button, visible);
            }
        }
        self.set("train-word", bar.main);
        let icon = if bar.pauses { "M0 0H3.5V11H0ZM6 0H9.5V11H6Z" } else { "M1 0L10 5.5L1 11Z" };
        if let Some(path) = &self.icon {
            dom::mark(path, "d", icon);
        }
        self.set("speed-words", &app.speed.words());
        if let Some(speed) = self.roles.get("speed").and_then(|s| s.dyn_ref::<HtmlInputElement>()) {
            dom::mark(speed, "aria-valuetext", &app.speed.spoken());
            if let Some(place) = app.speed.moves_slider(speed.value_as_number() / 100.0) {
                speed.set_value_as_number(100.0 * place);
            }
        }
        if let Some(marked) = &self.marked {
            dom::mark(marked, "data-state", bar.state);
            dom::mark(marked, "data-step", &app.history.step().to_string());
        }
        self.mark_busy(app);
    }

    /// Whether anything is still to come without the reader's doing, for whoever asks from outside.
    pub(super) fn mark_busy(&self, app: &App) {
        if let Some(marked) = &self.marked {
            dom::mark(marked, "data-busy", if app.is_busy() || self.is_unfinished() { "yes" } else { "no" });
        }
    }

    pub(super) fn write_scores(&mut self, app: &App) {
        let scores = app.history.scores();
        for (a, score) in scores.iter().enumerate() {
            let number = |value: Option<f32>| value.map_or("–".to_owned(), text::loss);
            let gone = matches!(score.state, ArmState::Diverged(_));
            let keep = |value: Option<f32>| if gone { None } else { value };
            self.set(&format!("name-{a}"), &score.name);
            self.set(&format!("train-loss-{a}"), &number(keep(score.train_loss)));
            self.set(&format!("test-loss-{a}"), &number(keep(score.test_loss)));
            let accuracy = keep(score.accuracy).map_or("–".to_owned(), text::percent);
            self.set(&format!("accuracy-{a}"), &accuracy);
            self.set(&format!("cap-{a}"), &accuracy);
        }
        for (a, standing) in app.standings().iter().enumerate() {
            if let Some(cell) = self.roles.get(&format!("first-{a}")) {
                dom::write(cell, &standing.words);
                dom::mark(cell, "data-state", if standing.alert { "alert" } else { "plain" });
            }
        }
        let told = app.sentence();
        self.set("sentence", &told.point);
        self.set("aside", &told.aside);
        self.write_notes(app);
        self.write_share(app);
    }

    fn write_notes(&self, app: &App) {
        let words = app.notes_words();
        self.set("notes-text", &words);
        if let Some(notes) = self.roles.get("notes") {
            dom::show(notes, !words.is_empty());
        }
        if let Some(shut) = self.roles.get("notes-shut") {
            dom::show(shut, !matches!(app.phase, Phase::Stopped(_)));
        }
    }

    fn write_share(&self, app: &App) {
        let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
        let page = here.split('#').next().unwrap_or_default();
        if let Some(field) = self.roles.get("link").and_then(|f| f.dyn_ref::<HtmlInputElement>()) {
            let link = format!("{page}#{}", app.link());
            if field.value() != link {
                field.set_value(&link);
                self.set("copied", "");
            }
        }
        let snapshot = app.history.snapshot();
        let step = snapshot.map_or(String::new(), |snapshot| format!("step {}", text::whole(snapshot.step)));
        self.set("fingerprint-step", &step);
        for a in [0, 1] {
            let print = snapshot.map_or(String::new(), |snapshot| fingerprint(snapshot.fingerprints[a]));
            self.set(&format!("print-{a}"), &print);
        }
        let preset = app.preset_words();
        if let Some(line) = self.roles.get("preset-line") {
            dom::show(line, !preset.is_empty());
        }
        self.set("preset-name", &preset);
        self.set("differences", &app.differences());
        self.set("summary-lab", &app.summary());
    }

    pub(super) fn write_captions(&self, app: &App) {
        app.captions().iter().for_each(|(role, words)| self.set(role, words));
        let silent = silent_word(app.experiment.activation);
        if let Some(tab) = self.roles.get("silent-tab") {
            dom::show(tab, silent.is_some());
            self.set("silent-tab", silent.unwrap_or_default());
        }
    }

    /// The tables below the figures, where they are open.
    pub(super) fn write_numbers(&self, app: &App) {
        for (name, which) in Numbers::ALL {
            let fold = self.root.query_selector(&format!("[data-numbers={name}][open]")).ok().flatten();
            if let Some(fold) = fold {
                // A table that cannot be made is left as it was; the next draws it anew.
                let _ = self.write_table(&fold, &app.numbers(which));
            }
        }
    }

    fn write_table(&self, fold: &Element, numbers: &Table) -> Result<(), JsValue> {
        let (Some(head), Some(body)) = (fold.query_selector("thead")?, fold.query_selector("tbody")?) else {
            return Ok(());
        };
        let row: HtmlElement = dom::make(&self.document, "tr", "")?;
        for name in &numbers.head {
            let tag = if name.is_empty() { "td" } else { "th" };
            let cell: HtmlElement = dom::make(&self.document, tag, "")?;
            if tag == "th" {
                cell.set_attribute("scope", "col")?;
            }
            cell.set_text_content(Some(name));
            row.append_child(&cell)?;
        }
        head.set_text_content(None);
        head.append_child(&row)?;
        body.set_text_content(None);
        numbers.rows.iter().try_for_each(|cells| dom::table_row(&self.document, &body, cells))
    }

    /// Says aloud how it stands, if that is due.
    pub(super) fn speak(&mut self, app: &App, now: f64) {
        if !self.speech.is_due(app, now) {
            return;
        }
        let told = app.sentence();
        self.set("spoken", &format!("{} {}", told.point, told.aside));
    }
}
