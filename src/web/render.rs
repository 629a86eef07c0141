//! Writes the state onto the page: texts where they changed, figures where they are seen.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::canvas::Slot;
use super::dom;
use crate::app::{App, Phase};
use crate::data::{self, DataKind};
use crate::figure::layers::{Column, Columns};
use crate::figure::{Figure, Theme, text};
use crate::lab::experiment::Experiment;
use crate::lab::frame::GRID_REACH;
use crate::lab::history::{Score, last_step};
use crate::lab::preset::{PRESETS, Shows};
use crate::lab::sentence;
use crate::lab::view::{ArmState, GradientOf, LayersView, LossView, Measure, Scale};

/// Seconds between two updates of numbers that are read.
const TEXT_EVERY: f64 = 0.5;
/// Seconds between two updates of what is spoken.
const SPEAK_EVERY: f64 = 10.0;
/// Narrower than this the layer table shows one column.
const PHONE: u32 = 480;

/// A data set's picture and its points: feature 1, feature 2, class.
type Thumb = (Slot, Vec<(f32, f32, u8)>);

/// Everything drawn or written.
pub(super) struct Renderer {
    document: Document,
    root: Element,
    slots: Vec<(String, Slot)>,
    thumbs: Vec<Thumb>,
    column: Columns,
    ratio: f64,
    theme_drawn: Option<bool>,
    text_at: f64,
    spoken_at: f64,
    snapshot_drawn: Option<(u32, u64)>,
    units_listed: usize,
}

impl Renderer {
    /// Finds the figures' places below `root`, and builds what is made from tables: presets and thumbnails.
    pub(super) fn new(document: &Document, root: &Element, app: &App) -> Result<Self, JsValue> {
        build_presets(document, root)?;
        let thumbs = build_thumbs(document, root)?;
        let mut slots = Vec::new();
        for host in dom::all(root, "[data-fig]") {
            let name = host.get_attribute("data-fig").unwrap_or_default();
            if name != "thumb" {
                slots.push((name, Slot::new(document, host)?));
            }
        }
        let controls = dom::role(root, "controls");
        if let Some(controls) = controls.filter(|_| on_a_phone(document)) {
            controls.remove_attribute("open")?;
        }
        let mut renderer = Self {
            document: document.clone(),
            root: root.clone(),
            slots,
            thumbs,
            column: Columns::One(Column::Input),
            ratio: ratio(),
            theme_drawn: None,
            text_at: f64::NEG_INFINITY,
            spoken_at: f64::NEG_INFINITY,
            snapshot_drawn: None,
            units_listed: 0,
        };
        renderer.draw(app, 0.0);
        Ok(renderer)
    }

    /// The window has another size or pixel ratio.
    pub(super) fn measure(&mut self) {
        self.ratio = ratio();
        self.slots.iter_mut().for_each(|(_, slot)| slot.measure());
        self.thumbs.iter_mut().for_each(|(slot, _)| slot.measure());
        self.theme_drawn = None;
    }

    /// On a phone, the column of the layer table.
    pub(super) fn choose_column(&mut self, column: &str) {
        self.column = match column {
            "time" => Columns::One(Column::OverTime),
            "gradient" => Columns::One(Column::Gradient),
            "silent" => Columns::One(Column::Silent),
            "learned" => Columns::Learned,
            _ => Columns::One(Column::Input),
        };
        for button in dom::all(&self.root, "[data-column]") {
            let on = button.get_attribute("data-column").as_deref() == Some(column);
            press(&button, on);
        }
        self.snapshot_drawn = None;
    }

    /// Light becomes dark and the other way round, for this visit.
    pub(super) fn switch_theme(&mut self) {
        let Some(html) = self.document.document_element() else { return };
        dom::mark(&html, "data-theme", if self.is_dark() { "light" } else { "dark" });
    }

    fn is_dark(&self) -> bool {
        let chosen = self.document.document_element().and_then(|html| html.get_attribute("data-theme"));
        match chosen.as_deref() {
            Some("dark") => true,
            Some("light") => false,
            _ => web_sys::window()
                .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten())
                .is_some_and(|list| list.matches()),
        }
    }

    /// Draws everything that is due at `now` seconds.
    pub(super) fn draw(&mut self, app: &App, now: f64) {
        let dark = self.is_dark();
        let theme_changed = self.theme_drawn != Some(dark);
        self.theme_drawn = Some(dark);
        let theme = if dark { Theme::dark() } else { Theme::light() };
        let still = app.phase != Phase::Running;
        self.arrange(app);
        if theme_changed {
            self.measure_slots_if_unknown();
            self.draw_thumbs(&theme);
            self.write_theme(dark);
        }
        if theme_changed || still || now - self.text_at >= TEXT_EVERY {
            self.text_at = now;
            self.write_scores(app);
            self.write_captions(app);
        }
        if still || now - self.spoken_at >= SPEAK_EVERY {
            self.spoken_at = now;
            self.speak(app);
        }
        self.write_transport(app);
        self.draw_loss(app, &theme);
        let key = (app.history.snapshot().map_or(u32::MAX, |s| s.step), choices_key(app));
        if theme_changed || still || self.snapshot_drawn != Some(key) {
            self.snapshot_drawn = Some(key);
            self.draw_detail(app, &theme);
        }
    }

    fn measure_slots_if_unknown(&mut self) {
        self.slots.iter_mut().filter(|(_, slot)| slot.size().0 == 0).for_each(|(_, slot)| slot.measure());
    }

    // Figures

    fn slot(&mut self, name: &str) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|(known, _)| known == name).map(|(_, slot)| slot)
    }

    fn put(&mut self, name: &str, figure: &Figure<'_>, theme: &Theme) {
        let ratio = self.ratio;
        if let Some(slot) = self.slot(name) {
            slot.draw(figure, theme, ratio);
        }
    }

    fn draw_loss(&mut self, app: &App, theme: &Theme) {
        let view = loss_view(app);
        self.put("loss", &Figure::Loss(&view), theme);
    }

    fn draw_detail(&mut self, app: &App, theme: &Theme) {
        let (history, shown) = (&app.history, &app.shown);
        for arm in [0, 1] {
            self.put(&format!("legend-{arm}"), &Figure::Legend(arm), theme);
        }
        if app.experiment.data.is_planar() {
            for arm in [0, 1] {
                let view = history.boundary_view(arm, &shown.points);
                self.put(&format!("boundary-{arm}"), &Figure::Boundary(&view), theme);
            }
        } else {
            let view = history.images_view(shown.side, &shown.images, &shown.labels);
            self.put("images", &Figure::Images(&view), theme);
        }
        let view = history.layers_view(&app.choices);
        let columns = self.columns();
        self.put("layers", &Figure::Layers(&view, columns), theme);
        for arm in [0, 1] {
            self.put(&format!("band-{arm}"), &Figure::Band(&view, arm), theme);
        }
        self.put("gradient", &Figure::Gradient(&view), theme);
    }

    /// The columns the layer table has room for.
    fn columns(&self) -> Columns {
        let width = self.slots.iter().find(|(name, _)| name == "layers").map_or(0, |(_, slot)| slot.width());
        if width < PHONE { self.column } else { Columns::for_width(width) }
    }

    fn draw_thumbs(&mut self, theme: &Theme) {
        for (slot, points) in &mut self.thumbs {
            slot.draw(&Figure::Thumbnail(points, GRID_REACH), theme, self.ratio);
        }
    }

    /// The step under a horizontal place in a figure.
    pub(super) fn step_at(&self, app: &App, name: &str, x: i32) -> Option<u32> {
        let size = self.slots.iter().find(|(known, _)| known == name)?.1.size();
        let x = x as f32;
        if name == "loss" {
            return Figure::Loss(&loss_view(app)).step_at(size, x);
        }
        let view = app.history.layers_view(&app.choices);
        match name {
            "layers" => Figure::Layers(&view, self.columns()).step_at(size, x),
            "band-0" => Figure::Band(&view, 0).step_at(size, x),
            "band-1" => Figure::Band(&view, 1).step_at(size, x),
            "gradient" => Figure::Gradient(&view).step_at(size, x),
            _ => None,
        }
    }

    /// The layer at a height in the layer table.
    pub(super) fn layer_at(&self, app: &App, y: i32) -> Option<usize> {
        let size = self.slots.iter().find(|(known, _)| known == "layers")?.1.size();
        let view: LayersView = app.history.layers_view(&app.choices);
        Figure::Layers(&view, self.columns()).layer_at(size, y as f32)
    }

    // Texts

    fn set(&self, name: &str, words: &str) {
        for element in dom::all(&self.root, &format!("[data-role=\"{name}\"]")) {
            dom::write(&element, words);
        }
    }

    /// Shows what fits the data set, and marks what is chosen.
    fn arrange(&mut self, app: &App) {
        let planar = app.experiment.data.is_planar();
        for (name, visible) in [("pair", planar), ("images", !planar)] {
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

    fn write_theme(&self, dark: bool) {
        self.set("theme", if dark { "Light" } else { "Dark" });
    }

    fn write_transport(&self, app: &App) {
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

    fn write_scores(&mut self, app: &App) {
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
        if let Some(snapshot) = app.history.snapshot() {
            self.set("fingerprint-step", &format!("step {}", text::whole(snapshot.step)));
            for (a, print) in snapshot.fingerprints.iter().enumerate() {
                self.set(&format!("print-{a}"), &fingerprint_words(*print));
            }
        }
        let preset = PRESETS
            .iter()
            .find(|preset| preset.shows != Shows::Start && preset.experiment() == seedless(app));
        if let Some(line) = dom::role(&self.root, "preset-line") {
            dom::show(&line, preset.is_some());
        }
        self.set("preset-name", preset.map_or("", |preset| preset.name));
        let e = &app.experiment;
        self.set("summary-lab", &format!("{}, {} × {}", set_word(e.data), e.hidden_layers, e.width));
    }

    fn write_captions(&self, app: &App) {
        let choices = &app.choices;
        let accuracy = choices.measure == Measure::Accuracy;
        self.set("loss-title", if accuracy { "Accuracy" } else { "Loss" });
        let test = app.experiment.examples().1;
        let every = crate::lab::comparison::Schedule::of(&app.experiment).evaluate_every;
        let first = if accuracy {
            format!(
                "Fig. 1. Share of the {test} test examples each network gets right, measured every {every} steps."
            )
        } else {
            let how = if choices.scale == Scale::Log { "geometric mean" } else { "mean" };
            format!(
                "Fig. 1. Line: training loss, smoothed ({how}), over the raw mini-batch loss. Marks: test set, with \
                 running statistics."
            )
        };
        self.set("caption-loss", &first);
        let second = if app.experiment.data.is_planar() {
            "Fig. 2. Tone: the predicted chance of the solid class. Coloured line: where it is even. Points: test set."
        } else {
            "Fig. 2. The same 20 test digits for both. Above each: what the network reads; a cross marks a mistake."
        };
        self.set("caption-learned", second);
        let unit = choices.unit + 1;
        let silent = match app.experiment.activation {
            crate::nn::activation::Activation::Relu => " A silent unit gives 0 for every training example.",
            crate::nn::activation::Activation::Tanh | crate::nn::activation::Activation::Sigmoid => {
                " A saturated unit is beyond 97 % of its range for 95 % of the training examples."
            }
            _ => "",
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

    fn speak(&self, app: &App) {
        let told = sentence::sentence(&app.experiment, &app.history);
        self.set("spoken", &format!("{} {}", told.point, told.aside));
    }
}

fn loss_view(app: &App) -> LossView {
    let mut view = app.history.loss_view(&app.choices);
    if app.is_loading() && app.history.step() == 0 {
        view.message = Some("Loading the trainer".to_owned());
    } else if app.phase == Phase::Paused && app.history.step() == 0 {
        view.message = Some("Press Train, or the space bar".to_owned());
    }
    debug_assert!(view.last_step >= last_step(view.step));
    view
}

/// Changes when the selection does.
fn choices_key(app: &App) -> u64 {
    let c = &app.choices;
    let cursor = c.cursor.map_or(0, |step| u64::from(step) + 1);
    cursor << 24 | (c.layer as u64) << 16 | (c.unit as u64) << 4 | c.gradient as u64
}

fn press(button: &HtmlElement, on: bool) {
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

/// A hash in four groups.
fn fingerprint_words(hash: u64) -> String {
    let digits = format!("{hash:016x}");
    [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join(" ")
}

fn set_word(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Circle => "circle",
        DataKind::Xor => "xor",
        DataKind::Blobs => "blobs",
        DataKind::Spiral => "spiral",
        DataKind::Digits => "digits",
    }
}

fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

fn on_a_phone(document: &Document) -> bool {
    document
        .default_view()
        .and_then(|window| window.match_media("(max-width: 720px)").ok().flatten())
        .is_some_and(|list| list.matches())
}

fn build_presets(document: &Document, root: &Element) -> Result<(), JsValue> {
    for (index, preset) in PRESETS.iter().enumerate() {
        let place = match preset.shows {
            Shows::Helps => "presets-helps",
            Shows::DoesNot => "presets-not",
            Shows::Start => "presets-start",
        };
        let Some(list) = dom::role(root, place) else { continue };
        let item: HtmlElement = dom::make(document, "li", "")?;
        let button: HtmlElement = dom::make(document, "button", "")?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-preset", &index.to_string())?;
        let name: HtmlElement = dom::make(document, "b", "")?;
        name.set_text_content(Some(preset.name));
        let words: HtmlElement = dom::make(document, "span", "")?;
        words.set_text_content(Some(preset.words));
        button.append_child(&name)?;
        button.append_child(&words)?;
        item.append_child(&button)?;
        list.append_child(&item)?;
    }
    Ok(())
}

/// Buttons for the data sets, the planar ones with a picture of their points.
fn build_thumbs(document: &Document, root: &Element) -> Result<Vec<Thumb>, JsValue> {
    let mut thumbs = Vec::new();
    let Some(place) = dom::role(root, "thumbs") else { return Ok(thumbs) };
    for kind in [DataKind::Circle, DataKind::Xor, DataKind::Blobs, DataKind::Spiral, DataKind::Digits] {
        let button: HtmlElement = dom::make(document, "button", if kind.is_planar() { "" } else { "wide" })?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-set", set_word(kind))?;
        place.append_child(&button)?;
        if kind.is_planar() {
            let host: HtmlElement = dom::make(document, "span", "fig")?;
            host.set_attribute("data-fig", "thumb")?;
            host.style().set_property("display", "block")?;
            button.append_child(&host)?;
            let set = data::planar(kind, 90, 0.05, 1).train;
            let points = (0..set.len()).map(|i| (set.x.get(i, 0), set.x.get(i, 1), set.y[i])).collect();
            thumbs.push((Slot::new(document, host)?, points));
        }
        let word: HtmlElement = dom::make(document, "span", "")?;
        word.set_text_content(Some(if kind.is_planar() { set_word(kind) } else { "8×8 digits" }));
        button.append_child(&word)?;
    }
    Ok(thumbs)
}
