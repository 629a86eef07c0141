//! Draws the state onto the page. What is due when is decided in [`crate::app::due`]; which view a figure shows is in
//! `figures`, the words are in [`super::texts`].

mod figures;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

use super::canvas::Slot;
use super::dom;
use super::easel::Easel;
use super::look;
use super::media;
use super::panels::{self, build_help};
use super::roles::Roles;
use super::tables::{build_presets, build_thumbs};
use crate::app::App;
use crate::app::due::{Due, Next, Part, Write};
use crate::app::speech::Speech;
use crate::data::DataKind;
use crate::figure::layers::{Column, Columns};
use crate::figure::{Figure, Theme};
use crate::lab::view::LayersView;

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
    pub(super) speech: Speech,
    due: Due,
    /// What a snapshot's parts of the layers show.
    layers_drawn: LayersView,
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
            speech: Speech::default(),
            due: Due::default(),
            layers_drawn: LayersView::default(),
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
        self.due.write_soon();
    }

    /// On a phone, the column of the layer table.
    pub(super) fn choose_column(&mut self, column: &str) {
        self.column = Columns::alone(column);
        for button in dom::all(&self.root, "[data-column]") {
            let on = button.get_attribute("data-column").as_deref() == Some(column);
            dom::press(&button, on);
        }
        self.forget();
    }

    /// Whatever was drawn is drawn again.
    pub(super) fn forget(&mut self) {
        self.due.forget();
    }

    /// Draws everything that is due at `now` seconds.
    pub(super) fn draw(&mut self, app: &App, now: f64) {
        let dark = look::is_dark(&self.root);
        let theme = look::theme(&self.root);
        let theme_changed = self.theme_drawn.as_ref() != Some(&theme);
        self.theme_drawn = Some(theme);
        let due = self.due.draw(app, theme_changed, now);
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
        if due.parts.first() == Some(&Part::Layers) {
            self.look_at_layers(app);
        }
        due.parts.iter().for_each(|part| self.draw_part(*part, app, &theme));
        if let Some(write) = due.write {
            self.write(write, app, now);
        }
        self.speak(app, now);
        self.write_bar(app);
        panels::write_export(&self.document, &self.roles, app);
        panels::write_check(&self.document, &self.roles, app);
    }

    fn write(&mut self, what: Write, app: &App, now: f64) {
        if what == Write::Words {
            self.write_scores(app);
            self.write_captions(app);
            self.write_numbers(app);
            // Nothing is read that has not been said.
            self.speak(app, now);
        }
        self.write_count(app);
    }

    /// Does what waits for a frame of its own, if everything around it is drawn. Whether there was anything.
    pub(super) fn draw_next_part(&mut self, app: &App, now: f64) -> bool {
        let Some(theme) = self.theme_drawn else { return false };
        match self.due.next(now) {
            Some(Next::Write(write)) => self.write(write, app, now),
            Some(Next::Draw(part)) => self.draw_part(part, app, &theme),
            None => return false,
        }
        self.mark_busy(app);
        true
    }

    /// Whether anything waits for a frame of its own, or for the worker that draws.
    pub(super) fn is_unfinished(&self) -> bool {
        self.is_behind() || self.due.is_unfinished()
    }

    fn draw_part(&mut self, part: Part, app: &App, theme: &Theme) {
        match part {
            Part::Learned(arm) => {
                self.draw_learned(app, theme, arm);
                if arm == 1 {
                    // All parts to come show one moment.
                    self.look_at_layers(app);
                }
            }
            Part::Layers => self.draw_layers(theme),
            Part::Bands => self.draw_bands(theme),
            Part::Detail => self.draw_detail(theme),
        }
    }

    fn look_at_layers(&mut self, app: &App) {
        self.layers_drawn = app.history.layers_view(&app.choices);
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

fn on_a_phone(document: &Document) -> bool {
    document.default_view().is_some_and(|window| media::is(&window, media::PHONE))
}
