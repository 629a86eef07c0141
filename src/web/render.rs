//! Draws the state onto the page: what is due in a frame. Which view a figure shows is in `figures`, the words are in
//! [`super::texts`].

mod figures;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::canvas::Slot;
use super::dom;
use super::easel::Easel;
use super::look;
use super::panels::{self, build_help};
use super::roles::Roles;
use super::tables::{build_presets, build_thumbs};
use super::texts::press;
use crate::app::App;
use crate::app::speech::Speech;
use crate::data::DataKind;
use crate::figure::layers::{Column, Columns};
use crate::figure::{Figure, Theme};
use crate::lab::view::{LayersView, Pick};

/// Seconds between two updates of numbers that are read, at most: they come with those of an experiment that looks at
/// the lab's network, so that the browser makes its layout once.
const TEXT_EVERY: f64 = 0.6;
/// Parts in which a snapshot is drawn: what each network has learned, the layers, the selected layer.
const PARTS: u32 = 5;
/// Those that show examples.
const OF_EXAMPLES: u32 = 2;

/// A data set's picture and its points: feature 1, feature 2, class.
pub(super) type Thumb = (Slot, Vec<(f32, f32, u8)>);

/// Everything drawn or written.
pub(super) struct Renderer {
    pub(super) document: Document,
    pub(super) root: Element,
    /// What carries the state for whoever asks from outside: the document of a page, an embed's own root. What is
    /// around an embed is not its to mark.
    pub(super) marked: Option<Element>,
    pub(super) roles: Roles,
    /// Buttons that choose what figures show, and those of the data sets.
    pub(super) choosers: Vec<HtmlElement>,
    pub(super) setters: Vec<HtmlElement>,
    /// The shape on the big button.
    pub(super) icon: Option<Element>,
    pub(super) slots: Vec<(String, Slot)>,
    thumbs: Vec<Thumb>,
    column: Columns,
    /// Whether the page is laid out for a phone, where the layer table shows one column at a time.
    on_a_phone: bool,
    ratio: f64,
    /// The worker that draws the figures, where there is one.
    easel: Option<Rc<Easel>>,
    theme_drawn: Option<Theme>,
    text_at: f64,
    pub(super) speech: Speech,
    counted_at: f64,
    /// The step and the images of the snapshot drawn last, and what else was chosen.
    snapshot_drawn: Option<((u32, Pick), u64)>,
    /// Parts of the snapshot that are still to be drawn.
    parts_due: u32,
    /// What the last three of them show.
    layers_drawn: LayersView,
    /// Whether words, or the step count, wait for a frame of their own.
    words_due: bool,
    count_due: bool,
    pub(super) units_listed: usize,
    /// What the panel of the reader's own data shows.
    pub(super) own_drawn: Option<(u32, DataKind)>,
}

impl Renderer {
    /// Finds the figures' places below `root`, and builds what is made from tables: presets and thumbnails.
    pub(super) fn new(document: &Document, root: &Element, embedded: bool) -> Result<Self, JsValue> {
        build_presets(document, root)?;
        build_help(document, root)?;
        let thumbs = build_thumbs(document, root)?;
        let mut slots = Vec::new();
        for host in dom::all(root, "[data-fig]") {
            let name = host.get_attribute("data-fig").unwrap_or_default();
            if name != "thumb" {
                slots.push((name, Slot::new(document, host)?));
            }
        }
        let on_a_phone = on_a_phone(document);
        let controls = dom::role(root, "controls");
        if let Some(controls) = controls.filter(|_| on_a_phone) {
            controls.remove_attribute("open")?;
        }
        Ok(Self {
            document: document.clone(),
            root: root.clone(),
            marked: if embedded { Some(root.clone()) } else { document.document_element() },
            roles: Roles::of(root),
            choosers: dom::all(root, "[data-choose]"),
            setters: dom::all(root, "[data-set]"),
            icon: root.query_selector("[data-role=train-icon] path")?,
            slots,
            thumbs,
            column: Columns::One(Column::Input),
            on_a_phone,
            ratio: look::ratio(),
            easel: None,
            theme_drawn: None,
            text_at: f64::NEG_INFINITY,
            speech: Speech::default(),
            counted_at: f64::NEG_INFINITY,
            snapshot_drawn: None,
            parts_due: 0,
            layers_drawn: LayersView::default(),
            words_due: false,
            count_due: false,
            units_listed: 0,
            own_drawn: None,
        })
    }

    /// The window has another size or pixel ratio.
    pub(super) fn measure(&mut self) {
        self.ratio = look::ratio();
        self.on_a_phone = on_a_phone(&self.document);
        self.slots.iter_mut().for_each(|(_, slot)| slot.measure());
        self.thumbs.iter_mut().for_each(|(slot, _)| slot.measure());
        self.theme_drawn = None;
        // A page that has grown wide again shows its controls whether or not they were folded away.
        if let Some(controls) = dom::role(&self.root, "controls").filter(|_| !self.on_a_phone) {
            dom::mark(&controls, "open", "");
        }
    }

    /// From now on this worker draws the figures, or the page: all of them anew.
    pub(super) fn draw_by(&mut self, easel: Option<&Rc<Easel>>) {
        self.slots.iter_mut().for_each(|(_, slot)| slot.draw_by(easel));
        self.easel = easel.cloned();
        self.theme_drawn = None;
    }

    /// The worker has drawn what it was sent.
    pub(super) fn settle(&mut self, app: &App) {
        self.slots.iter_mut().for_each(|(_, slot)| slot.settle());
        self.mark_busy(app);
    }

    /// Whether the worker that draws has something to do.
    pub(super) fn is_behind(&self) -> bool {
        self.easel.as_ref().is_some_and(|easel| easel.is_behind())
    }

    /// The numbers change with the next frame: something else on the page does too.
    pub(super) fn write_soon(&mut self) {
        self.words_due = true;
    }

    /// On a phone, the column of the layer table.
    pub(super) fn choose_column(&mut self, column: &str) {
        self.column = Columns::alone(column);
        for button in dom::all(&self.root, "[data-column]") {
            let on = button.get_attribute("data-column").as_deref() == Some(column);
            press(&button, on);
        }
        self.snapshot_drawn = None;
    }

    /// Whatever was drawn is drawn again.
    pub(super) fn forget(&mut self) {
        self.text_at = f64::NEG_INFINITY;
        self.snapshot_drawn = None;
    }

    /// Draws everything that is due at `now` seconds.
    pub(super) fn draw(&mut self, app: &App, now: f64) {
        let dark = look::is_dark(&self.root);
        let theme = look::theme(&self.root);
        let theme_changed = self.theme_drawn.as_ref() != Some(&theme);
        self.theme_drawn = Some(theme);
        // Where there is to be less motion nothing comes bit by bit.
        let anew = theme_changed || self.snapshot_drawn.is_none() || app.calm;
        let still = !app.is_moving();
        self.arrange(app);
        if theme_changed {
            self.measure_slots_if_unknown();
            self.draw_thumbs(&theme);
            self.put("legend-0", &Figure::Legend(0), &theme);
            self.put("legend-1", &Figure::Legend(1), &theme);
            self.write_theme(dark);
        }
        self.draw_own(app, &theme, theme_changed);
        self.draw_loss(app, &theme);
        self.draw_snapshot(app, &theme, anew, still);
        // What stands still has its words at once: they are few, and read.
        let at_once = anew || still;
        self.words_due |= at_once || now - self.text_at >= TEXT_EVERY;
        self.count_due |= at_once || now - self.counted_at >= app.counts_every();
        if at_once {
            self.write_words(app, now);
        }
        self.speak(app, now);
        self.write_bar(app);
        panels::write_export(&self.document, &self.roles, app);
        panels::write_check(&self.document, &self.roles, app);
    }

    /// Writes what is due; whether anything was. Words come after the figures of the same frame: a canvas that is told its
    /// font has the browser work out every style that has changed before.
    fn write_words(&mut self, app: &App, now: f64) -> bool {
        let (words, count) = (core::mem::take(&mut self.words_due), core::mem::take(&mut self.count_due));
        if words {
            self.text_at = now;
            self.write_scores(app);
            self.write_captions(app);
            self.write_numbers(app);
            // Nothing is read that has not been said.
            self.speak(app, now);
        }
        if words || count {
            self.counted_at = now;
            self.write_count(app);
        }
        words || count
    }

    /// Takes note of a new snapshot: each of its parts has a frame of its own, so that every frame stays short. Draws all
    /// of it if everything is to be drawn `anew`.
    fn draw_snapshot(&mut self, app: &App, theme: &Theme, anew: bool, still: bool) {
        let of = (app.history.snapshot().map_or(u32::MAX, |s| s.step), app.choices.pick);
        let key = (of, choices_key(app));
        let drawn = self.snapshot_drawn;
        // A choice, such as the step under the pointer, shows at once, in the figures that it concerns.
        let other_choice = drawn.is_some_and(|(of, choices)| (of.1, choices) != (key.0.1, key.1));
        // A snapshot waits for the last one: else its own last part might never be drawn. What stands still may be another
        // network at the same step.
        if anew || other_choice || still || self.parts_due == 0 && drawn != Some(key) {
            let same_images = drawn.is_some_and(|(of, _)| of == key.0);
            self.parts_due = if same_images && other_choice && !anew { PARTS - OF_EXAMPLES } else { PARTS };
            self.snapshot_drawn = Some(key);
            if self.parts_due < PARTS {
                self.layers_drawn = app.history.layers_view(&app.choices);
            }
        }
        while (anew || other_choice) && self.parts_due > 0 {
            self.draw_part(app, theme);
        }
    }

    /// Writes the words that are due, or draws the next part of the last snapshot, if everything around it is drawn. Whether
    /// there was one.
    pub(super) fn draw_next_part(&mut self, app: &App, now: f64) -> bool {
        let Some(theme) = self.theme_drawn.filter(|_| self.is_unfinished()) else { return false };
        if !self.write_words(app, now) {
            self.draw_part(app, &theme);
        }
        self.mark_busy(app);
        true
    }

    /// Whether anything waits for a frame of its own, or for the worker that draws.
    pub(super) fn is_unfinished(&self) -> bool {
        self.is_behind() || self.words_due || self.count_due || self.parts_due > 0
    }

    fn draw_part(&mut self, app: &App, theme: &Theme) {
        let Some(left) = self.parts_due.checked_sub(1) else { return };
        self.parts_due = left;
        match PARTS - left {
            1 => self.draw_learned(app, theme, 0),
            2 => {
                self.draw_learned(app, theme, 1);
                self.layers_drawn = app.history.layers_view(&app.choices);
            }
            3 => self.draw_layers(theme),
            4 => self.draw_bands(theme),
            _ => self.draw_detail(theme),
        }
    }

    fn measure_slots_if_unknown(&mut self) {
        let slots = self.slots.iter_mut().map(|(_, slot)| slot);
        let all = slots.chain(self.thumbs.iter_mut().map(|(slot, _)| slot));
        all.filter(|slot| slot.size().0 == 0).for_each(Slot::measure);
    }

    // Figures

    fn slot(&mut self, name: &str) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|(known, _)| known == name).map(|(_, slot)| slot)
    }

    pub(super) fn put(&mut self, name: &str, figure: &Figure<'_>, theme: &Theme) {
        let ratio = self.ratio;
        if let Some(slot) = self.slot(name) {
            slot.name(figure);
            slot.draw(figure, theme, ratio);
        }
    }
}

impl Drop for Renderer {
    /// Takes out what was built into the page, so that another page can be built in its place.
    fn drop(&mut self) {
        for name in BUILT {
            dom::clear(&self.root, name);
        }
    }
}

/// The places filled from tables.
const BUILT: [&str; 10] = [
    "presets-helps",
    "presets-not",
    "presets-start",
    "thumbs",
    "keys",
    "knobs",
    "unit",
    "picture",
    "subjects",
    "embed-preview",
];

/// Changes when the selection does.
fn choices_key(app: &App) -> u64 {
    let c = &app.choices;
    let cursor = c.cursor.map_or(0, |step| u64::from(step) + 1);
    cursor << 24 | (c.layer as u64) << 16 | (c.unit as u64) << 4 | c.gradient as u64
}

fn on_a_phone(document: &Document) -> bool {
    document
        .default_view()
        .and_then(|window| window.match_media("(max-width: 720px)").ok().flatten())
        .is_some_and(|list| list.matches())
}
