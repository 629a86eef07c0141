//! Writes the state onto the page in words: the transport, the score table, the sentence, captions, notes.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::dom;
use super::render::Renderer;
use crate::app::{App, Phase};
use crate::data::DataKind;
use crate::export::record::fingerprint;
use crate::figure::text;
use crate::lab::comparison::Schedule;
use crate::lab::experiment::{Experiment, Picture, TestStatistics};
use crate::lab::history::Score;
use crate::lab::look::examples_looked_at;
use crate::lab::preset::{PRESETS, Shows};
use crate::lab::sentence;
use crate::lab::view::{ArmState, GradientOf, Measure, Scale};
use crate::nn::activation::Activation;
use crate::nn::norm::Norm;

impl Renderer {
    fn set(&self, name: &str, words: &str) {
        for element in dom::all(&self.root, &format!("[data-role=\"{name}\"]")) {
            dom::write(&element, words);
        }
    }

    /// Shows what fits the data set, and marks what is chosen.
    pub(super) fn arrange(&mut self, app: &App) {
        let images = app.experiment.picture() == Picture::Images;
        for (name, visible) in [("pair", !images), ("images", images)] {
            if let Some(element) = dom::role(&self.root, name)
                && element.hidden() == visible
            {
                dom::show(&element, visible);
                self.slots.iter_mut().for_each(|(_, slot)| slot.measure());
            }
        }
        let choices = &app.choices;
        for button in dom::all(&self.root, "[data-choose]") {
            let on = match button.get_attribute("data-choose").as_deref() {
                Some("loss") => choices.measure == Measure::Loss,
                Some("accuracy") => choices.measure == Measure::Accuracy,
                Some("log") => choices.scale == Scale::Log,
                Some("linear") => choices.scale == Scale::Linear,
                Some("d-a") => choices.gradient == GradientOf::Activations,
                Some("d-z") => choices.gradient == GradientOf::PreActivations,
                _ => choices.gradient == GradientOf::Weights,
            };
            press(&button, on);
        }
        if let Some(scales) = dom::role(&self.root, "scales") {
            dom::show(&scales, choices.measure == Measure::Loss);
        }
        for button in dom::all(&self.root, "[data-set]") {
            let on = button.get_attribute("data-set").as_deref() == Some(set_word(app.experiment.data));
            press(&button, on);
        }
        self.list_units(app);
    }

    fn list_units(&mut self, app: &App) {
        let units = app.experiment.width as usize;
        let select =
            dom::role(&self.root, "unit").and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
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

    pub(super) fn write_transport(&self, app: &App) {
        let (loading, step) = (app.is_loading(), app.history.step());
        let word = match &app.phase {
            Phase::Running => "Pause",
            Phase::Paused => "Train",
            Phase::Finished => "Go on",
            Phase::Stopped(_) => "Restart",
        };
        let idle = loading && !matches!(app.phase, Phase::Stopped(_));
        for name in ["train", "step", "reset"] {
            if let Some(button) = dom::role(&self.root, name) {
                let off = if name == "train" { idle } else { loading };
                dom::enable(&button, !off);
            }
        }
        self.set("train-word", if idle { "Train" } else { word });
        let bars = "M0 0H3.5V11H0ZM6 0H9.5V11H6Z";
        let icon = if word == "Pause" && !idle { bars } else { "M1 0L10 5.5L1 11Z" };
        if let Ok(Some(path)) = self.root.query_selector("[data-role=train-icon] path") {
            dom::mark(&path, "d", icon);
        }
        let at = format!("step {}", text::whole(step));
        let state = match app.phase {
            Phase::Running if loading => "loading",
            Phase::Running => "running",
            Phase::Paused => "paused",
            Phase::Finished => "finished",
            Phase::Stopped(_) => "stopped",
        };
        let standing = match state {
            "paused" => "paused at",
            "finished" => "finished at",
            _ => "",
        };
        self.set("at-state", standing);
        self.set("at-step", &at);
        let batches = app.experiment.examples().0 as u32 / app.experiment.batch_size.max(1);
        self.set("at-epoch", &format!("epoch {}", text::whole(step / batches.max(1))));
        self.set("speed-words", &app.speed.words());
        if let Some(speed) =
            dom::role(&self.root, "speed").and_then(|s| s.dyn_into::<HtmlInputElement>().ok())
        {
            dom::mark(&speed, "aria-valuetext", &app.speed.words());
        }
        if let Some(html) = self.document.document_element() {
            dom::mark(&html, "data-state", state);
            dom::mark(&html, "data-step", &step.to_string());
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
            let (words, alert) = standing(score);
            if let Some(cell) = dom::role(&self.root, &format!("first-{a}")) {
                dom::write(&cell, &words);
                dom::mark(&cell, "data-state", if alert { "alert" } else { "plain" });
            }
        }
        let told = if app.is_loading() && app.history.step() == 0 {
            sentence::Sentence { point: "Loading the trainer.".to_owned(), aside: String::new() }
        } else {
            sentence::sentence(&app.experiment, &app.history)
        };
        self.set("sentence", &told.point);
        self.set("aside", &told.aside);
        self.write_notes(app);
        self.write_share(app);
    }

    fn write_notes(&self, app: &App) {
        let mut words = app.notes.join(" ");
        if let Phase::Stopped(reason) = &app.phase {
            let at = text::whole(app.history.step());
            words = format!("The trainer stopped at step {at}: {reason}. Settings and curves are kept.");
        }
        self.set("notes-text", &words);
        if let Some(notes) = dom::role(&self.root, "notes") {
            dom::show(&notes, !words.is_empty());
        }
    }

    fn write_share(&self, app: &App) {
        let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
        let page = here.split('#').next().unwrap_or_default();
        if let Some(field) = dom::role(&self.root, "link").and_then(|f| f.dyn_into::<HtmlInputElement>().ok())
        {
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
        let preset = PRESETS
            .iter()
            .find(|preset| preset.shows != Shows::Start && preset.experiment() == seedless(app));
        if let Some(line) = dom::role(&self.root, "preset-line") {
            dom::show(&line, preset.is_some());
        }
        self.set("preset-name", preset.map_or("", |preset| preset.name));
        let e = &app.experiment;
        self.set(
            "summary-lab",
            &format!(
                "{}, {} × {}",
                set_word(e.data).replace("own", "your own data"),
                e.hidden_layers,
                e.width
            ),
        );
    }

    pub(super) fn write_captions(&self, app: &App) {
        let choices = &app.choices;
        let accuracy = choices.measure == Measure::Accuracy;
        self.set("loss-title", if accuracy { "Accuracy" } else { "Loss" });
        let test = app.experiment.examples().1;
        let every = Schedule::of(&app.experiment).evaluate_every;
        let first = if accuracy {
            format!(
                "Fig. 1. Share of the {test} test examples each network gets right, measured every {every} steps."
            )
        } else {
            let how = if choices.scale == Scale::Log { "geometric mean" } else { "mean" };
            let tested = match (app.experiment.norm, app.history.statistics()) {
                (Norm::Batch, TestStatistics::Running) => ", with running statistics",
                (Norm::Batch, TestStatistics::Batch) => ", with statistics of each test batch",
                (Norm::Batch, TestStatistics::Exact) => ", with statistics of the whole training set",
                _ => "",
            };
            format!(
                "Fig. 1. Line: training loss, smoothed ({how}), over the raw mini-batch loss. Marks: test set{tested}."
            )
        };
        self.set("caption-loss", &first);
        let second = match app.experiment.picture() {
            Picture::Plane => {
                let classes = match &app.shown.classes[..] {
                    [hollow, solid] => format!(" Hollow: {hollow}; solid: {solid}."),
                    _ => String::new(),
                };
                format!(
                    "Fig. 2. Tone: the predicted chance of the solid class. Coloured line: where it is even. Points: \
                     some of the test set.{classes}"
                )
            }
            Picture::Images => format!(
                "Fig. 2. The same {} test images for both. Above each: what the network reads; a cross marks a mistake.",
                app.shown.images.len()
            ),
            Picture::Counts => {
                "Fig. 2. Test examples: a row per class, a column per class it is taken for; what is right is framed."
                    .to_owned()
            }
        };
        self.set("caption-learned", &second);
        let unit = choices.unit + 1;
        let (looked_at, train) = (examples_looked_at(&app.experiment), app.experiment.examples().0);
        let whom = if looked_at < train {
            format!("of the first {} training examples", text::whole(looked_at as u32))
        } else {
            "of the training examples".to_owned()
        };
        let silent = match app.experiment.activation {
            Activation::Relu => format!(" A silent unit gives 0 for each {whom}."),
            Activation::Tanh | Activation::Sigmoid => {
                format!(" A saturated unit is beyond 97 % of its range for 95 % {whom}.")
            }
            _ => String::new(),
        };
        self.set(
            "caption-layers",
            &format!(
                "Fig. 3. One row per layer, input on top; both networks share every scale. Over time: 15th, 50th and \
                 85th percentile of unit {unit}.{silent} Select a row to enlarge it below."
            ),
        );
        let layer = choices.layer + 1;
        self.set("detail-title", &format!("Layer {layer} over time"));
        self.set(
            "caption-detail",
            &format!(
                "Fig. 4. What unit {unit} feeds its activation: 15th, 50th and 85th percentile over a mini-batch, as \
                 in the 2015 paper. Then the gradient that reaches layer {layer}."
            ),
        );
    }

    pub(super) fn speak(&self, app: &App) {
        let told = sentence::sentence(&app.experiment, &app.history);
        self.set("spoken", &format!("{} {}", told.point, told.aside));
    }
}

pub(super) fn press(button: &HtmlElement, on: bool) {
    dom::mark(button, "aria-pressed", if on { "true" } else { "false" });
}

/// The experiment with the default seed: a preset is still itself under another seed.
fn seedless(app: &App) -> Experiment {
    let default = Experiment::default();
    Experiment { seed: default.seed, rate_changes: Vec::new(), ..app.experiment.clone() }
}

/// The last cell of a row: when it got there, or what is wrong. The flag asks for the alert colour.
fn standing(score: &Score) -> (String, bool) {
    match score.state {
        ArmState::Diverged(step) => (format!("× diverged, step {}", text::whole(step)), true),
        ArmState::StuckAtGuessing => ("stuck at guessing".to_owned(), false),
        ArmState::Training => match score.first_at_target {
            Some(step) => (format!("step {}", text::whole(step)), false),
            None if 4 * score.silent >= score.units && score.silent > 0 => {
                (format!("{} of {} units silent", score.silent, score.units), false)
            }
            None => ("not yet".to_owned(), false),
        },
    }
}

pub(super) fn set_word(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Circle => "circle",
        DataKind::Xor => "xor",
        DataKind::Blobs => "blobs",
        DataKind::Spiral => "spiral",
        DataKind::Digits => "digits",
        DataKind::Own => "own",
    }
}
