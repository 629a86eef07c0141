//! One experiment's place on the page: builds its elements and draws its figures. Its words are in `write`.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement, Window};

use super::desk::Desk;
use super::spots::Spots;
use crate::app::experiments::{Section, label};
use crate::app::picture::{WIDE, words_of};
use crate::figure::{Figure, Theme};
use crate::lab::claim::plate::{Plate, plates};
use crate::lab::claim::{Claim, Control};
use crate::web::canvas::Slot;
use crate::web::keep::Kind;
use crate::web::thread::Made;
use crate::web::{dom, look};

/// Seconds between two drawings while a sweep runs.
const DRAW_EVERY: f64 = 0.1;

/// One experiment's place.
pub(super) struct Place {
    pub(super) root: HtmlElement,
    /// What is said and chosen; what comes of it.
    sides: [HtmlElement; 2],
    pub(super) inputs: Vec<Input>,
    pub(super) main: HtmlElement,
    pub(super) start_over: HtmlElement,
    pub(super) progress: HtmlElement,
    pub(super) plots: Vec<Plot>,
    /// The tabs, where figures stand abreast and there is no room for that.
    pub(super) tabs: Vec<HtmlElement>,
    pub(super) lead: HtmlElement,
    pub(super) rest: HtmlElement,
    pub(super) but_row: [HtmlElement; 2],
    pub(super) rule: HtmlElement,
    pub(super) numbers: HtmlElement,
    pub(super) tables: HtmlElement,
    pub(super) spoken: HtmlElement,
    /// Of the section on gamma and beta.
    pub(super) desk: Option<Desk>,
    /// As last drawn.
    plates: Vec<Plate>,
    drawn: Option<u32>,
    drawn_at: f64,
    pub(super) written: Option<u32>,
    pub(super) written_at: f64,
    pub(super) spoken_of: Option<u32>,
}

/// A control.
pub(super) struct Input {
    pub(super) input: HtmlElement,
    pub(super) output: Option<HtmlElement>,
}

/// A figure.
pub(super) struct Plot {
    pub(super) slot: Slot,
    pub(super) figure: HtmlElement,
    pub(super) caption: HtmlElement,
    pub(super) spots: Spots,
    /// What hands it to the reader as a file, where there is room for that.
    pub(super) keep: Vec<HtmlElement>,
}

/// Makes elements one below the other.
pub(super) struct Maker<'d>(pub(super) &'d Document);

impl Maker<'_> {
    /// A new element at the end of another.
    pub(super) fn add(
        &self,
        parent: &Element,
        tag: &str,
        class: &str,
        text: &str,
    ) -> Result<HtmlElement, JsValue> {
        let element: HtmlElement = dom::make(self.0, tag, class)?;
        if !text.is_empty() {
            element.set_text_content(Some(text));
        }
        parent.append_child(&element)?;
        Ok(element)
    }

    /// A button at the end of another element.
    pub(super) fn button(&self, parent: &Element, role: &str, text: &str) -> Result<HtmlElement, JsValue> {
        let button = self.add(parent, "button", "", text)?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-role", role)?;
        Ok(button)
    }
}

impl Place {
    /// Makes what is going to be in `root`.
    pub(super) fn build(
        document: &Document,
        root: HtmlElement,
        section: &Section,
        has_lab: bool,
    ) -> Result<Self, JsValue> {
        let make = Maker(document);
        let (claim, about) = (section.sweep().plan().claim, section.about());
        let sides = [dom::make(document, "div", "ctl")?, dom::make(document, "div", "plates")?];
        let [side, plate]: &[HtmlElement; 2] = &sides;
        root.set_attribute("aria-label", about.heading)?;
        let heading = make.add(side, "h2", "", "")?;
        let number = Claim::ALL.iter().position(|&known| known == claim).unwrap_or(0) + 1;
        make.add(&heading, "i", "", &number.to_string())?;
        heading.append_with_str_1(about.heading)?;
        make.add(side, "p", "claim", about.claim)?;
        let desk = match claim {
            Claim::Gamma => Some(Desk::build(&make, side, has_lab)?),
            _ => None,
        };
        let mut inputs = Vec::new();
        for (k, control) in about.controls.iter().enumerate() {
            inputs.push(Input::build(&make, side, control, &format!("{}-{k}", about.key))?);
        }
        let runs = make.add(side, "div", "runs", "")?;
        let main = make.button(&runs, "main", "")?;
        let start_over = make.button(&runs, "start-over", "")?;
        let progress = make.add(&runs, "span", "", "")?;
        progress.set_attribute("data-role", "progress")?;

        let figures = make.add(plate, "div", "figures", "")?;
        let plates = plates(section.sweep());
        let abreast = plates.len() > 1 && plates.iter().all(|plate| plate.abreast);
        let mut tabs = Vec::new();
        let embedded = root.closest("[data-embed]").ok().flatten().is_some();
        if abreast {
            dom::mark(&figures, "class", "figures abreast");
        }
        // An embed shows one figure at a time where they would stand one below the other.
        if abreast || embedded && plates.len() > 1 {
            let row = make.add(&figures, "div", "seg tabs", "")?;
            for (k, plate) in plates.iter().enumerate() {
                let tab = make.button(&row, "tab", plate.heading)?;
                dom::mark(&tab, "aria-pressed", if k == 0 { "true" } else { "false" });
                tabs.push(tab);
            }
        }
        let mut plots = Vec::new();
        for (k, plate) in plates.iter().enumerate() {
            let plot = Plot::build(&make, &figures, plate, embedded)?;
            dom::mark(&plot.figure, "data-on", if k == 0 { "yes" } else { "no" });
            plots.push(plot);
        }
        if let (Some(desk), Some(plot)) = (&desk, plots.first()) {
            desk.settle(&make, plot)?;
        }
        let results = make.add(plate, "dl", "res", "")?;
        make.add(&results, "dt", "", label::MEASURED)?;
        let measured = make.add(&results, "dd", "", "")?;
        let lead = make.add(&measured, "b", "", "")?;
        lead.set_attribute("data-role", "lead")?;
        measured.append_with_str_1(" ")?;
        let rest = make.add(&measured, "span", "", "")?;
        rest.set_attribute("data-role", "rest")?;
        let but_row = [make.add(&results, "dt", "", label::BUT)?, make.add(&results, "dd", "but", "")?];
        but_row[1].set_attribute("data-role", "but")?;
        let more = make.add(plate, "div", "more", "")?;
        let graded = make.add(&more, "details", "", "")?;
        make.add(&graded, "summary", "", label::GRADED)?;
        let rule = make.add(&graded, "p", "note", "")?;
        let numbers = make.add(&more, "details", "", "")?;
        numbers.set_attribute("data-role", "numbers")?;
        make.add(&numbers, "summary", "", label::NUMBERS)?;
        let tables = make.add(&numbers, "div", "", "")?;
        make.add(&more, "p", "note", &format!("{}: {}.", label::SOURCE, about.source))?;
        let spoken = make.add(plate, "p", "sr", "")?;
        spoken.set_attribute("aria-live", "polite")?;
        Ok(Self {
            root,
            sides,
            inputs,
            main,
            start_over,
            progress,
            plots,
            tabs,
            lead,
            rest,
            but_row,
            rule,
            numbers,
            tables,
            spoken,
            desk,
            plates,
            drawn: None,
            drawn_at: f64::NEG_INFINITY,
            written: None,
            written_at: f64::NEG_INFINITY,
            spoken_of: None,
        })
    }

    /// Replaces what is in its element.
    pub(super) fn put_in(&mut self) -> Result<(), JsValue> {
        self.root.set_text_content(None);
        self.sides.iter().try_for_each(|side| self.root.append_child(side).map(|_| ()))
    }

    /// Looks up how wide every figure is.
    pub(super) fn measure(&mut self) {
        self.plots.iter_mut().for_each(|plot| plot.slot.measure());
        self.desk.iter_mut().for_each(Desk::measure);
    }

    /// Gives every figure the height it is going to have.
    pub(super) fn keep_room(&mut self) {
        for (plot, plate) in self.plots.iter_mut().zip(&self.plates) {
            plot.slot.keep_room(&Figure::from(&plate.view));
        }
        if let (Some(desk), Some(plot)) = (&self.desk, self.plots.first()) {
            desk.move_controls(plot.slot.width());
        }
    }

    /// It must be drawn anew, whatever has changed.
    pub(super) fn spoil(&mut self) {
        (self.drawn, self.drawn_at) = (None, f64::NEG_INFINITY);
        (self.written, self.written_at) = (None, f64::NEG_INFINITY);
    }

    /// Whether anything is not yet on the page. What is out of sight can wait.
    pub(super) fn is_due(&self, section: &Section) -> bool {
        let now = Some(section.changes());
        let told = self.written == now && section.state_word() != "running";
        let desk = self.desk.as_ref().is_some_and(Desk::is_due);
        (section.is_on_screen() && desk)
            || (section.is_on_screen() && (self.drawn != now || !told))
            || (self.written.is_none())
    }

    /// Draws the figures, if that is due at `now` seconds; whether it was.
    pub(super) fn draw(&mut self, section: &Section, now: f64, theme: &Theme, ratio: f64) -> bool {
        let changes = section.changes();
        let running = section.state_word() == "running";
        let due = section.is_on_screen()
            && self.drawn != Some(changes)
            && (!running || now - self.drawn_at >= DRAW_EVERY);
        if !due {
            return self.draw_desk(section, theme, ratio);
        }
        (self.drawn, self.drawn_at) = (Some(changes), now);
        self.draw_anyway(section, theme, ratio);
        true
    }

    /// Draws the figures, due or not.
    pub(super) fn draw_anyway(&mut self, section: &Section, theme: &Theme, ratio: f64) {
        let running = section.state_word() == "running";
        self.plates = plates(section.sweep());
        for (plot, plate) in self.plots.iter_mut().zip(&self.plates).skip(usize::from(self.desk.is_some())) {
            plot.draw(plate, theme, ratio, running);
        }
        if let (Some(desk), Some(plot)) = (&mut self.desk, self.plots.first_mut()) {
            desk.take(section.sweep());
            desk.draw(plot, theme, ratio);
        }
    }

    /// Draws the figure that the reader's hand is on, if that is due; whether it was.
    fn draw_desk(&mut self, section: &Section, theme: &Theme, ratio: f64) -> bool {
        match (&mut self.desk, self.plots.first_mut()) {
            (Some(desk), Some(plot)) if desk.is_due() && section.is_on_screen() => {
                desk.draw(plot, theme, ratio);
                true
            }
            _ => false,
        }
    }

    /// An element has another size; whether it is a figure of this place.
    pub(super) fn resized(&mut self, element: &Element) -> bool {
        let Some(plot) = self.plots.iter_mut().find(|plot| **plot.slot.host == **element) else {
            return false;
        };
        if plot.slot.measure_anew() {
            self.drawn = None;
            self.desk.iter_mut().for_each(Desk::measure);
        }
        true
    }

    /// The run whose mark is at a place in a figure.
    pub(super) fn hit(&self, plot: usize, x: f32, y: f32) -> Option<usize> {
        let (slot, plate) = (&self.plots.get(plot)?.slot, self.plates.get(plot)?);
        Figure::from(&plate.view).hit(slot.size(), x, y)
    }

    /// Hands the reader one of its figures, as it is now.
    pub(super) fn save(&self, plot: usize, kind: Kind, window: &Window, section: &Section) -> Option<Made> {
        let plate = self.plates.get(plot)?;
        let theme = look::theme(&self.root);
        let in_hand = self.desk.as_ref().filter(|_| plot == 0).map(Desk::in_hand);
        let Some((view, caption, of_lab)) = in_hand else {
            let words = words_of(section.sweep(), plate);
            return kind.save(window, &Figure::from(&plate.view), WIDE, &theme, &words);
        };
        let plate = Plate { caption, ..plate.clone() };
        let mut words = words_of(section.sweep(), &plate);
        if of_lab {
            words = words.of_the_lab(&window.location().hash().unwrap_or_default());
        }
        kind.save(window, &Figure::Gamma(&view), WIDE, &theme, &words)
    }

    /// Points at the mark of this run, or at none.
    pub(super) fn point(&self, plot: usize, job: Option<usize>) {
        let (Some(plot), Some(plate)) = (self.plots.get(plot), self.plates.get(plot)) else { return };
        let spots = Figure::from(&plate.view).spots(plot.slot.size());
        let spot = job.and_then(|job| spots.into_iter().find(|spot| spot.job == job));
        dom::mark(&plot.slot.host, "data-hit", if spot.is_some() { "yes" } else { "no" });
        plot.spots.ring(spot.as_ref());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.sides.iter().for_each(|side| side.remove());
    }
}

impl Plot {
    fn build(make: &Maker<'_>, parent: &Element, plate: &Plate, fill: bool) -> Result<Self, JsValue> {
        let figure = make.add(parent, "figure", "", "")?;
        if !plate.heading.is_empty() {
            let head = make.add(&figure, "div", "fhead", "")?;
            make.add(&head, "b", "", plate.heading)?;
        }
        let host = make.add(&figure, "div", "fig", "")?;
        host.set_attribute("role", "img")?;
        host.set_attribute("data-plate", plate.name)?;
        if fill {
            host.set_attribute("data-fill", "")?;
        }
        // Named before it is drawn, which is when it is seen.
        host.set_attribute("aria-label", &Figure::from(&plate.view).describe())?;
        let slot = Slot::new(make.0, host.clone())?;
        let spots = Spots::build(make, &figure, &host)?;
        let caption = make.add(&figure, "figcaption", "", "")?;
        let mut keep = Vec::new();
        if !fill {
            let row = make.add(&figure, "p", "keep", "")?;
            for kind in Kind::ALL {
                let button = make.button(&row, kind.label(), kind.label())?;
                button.set_class_name("txt");
                button.set_attribute("aria-label", &plate.keep_words(kind.label()))?;
                keep.push(button);
            }
        }
        Ok(Self { slot, figure, caption, spots, keep })
    }

    fn draw(&mut self, plate: &Plate, theme: &Theme, ratio: f64, running: bool) {
        let figure = Figure::from(&plate.view);
        self.slot.draw(&figure, theme, ratio);
        dom::mark(&self.slot.host, "aria-label", &figure.describe());
        let caption = format!("{} {}", plate.caption, plate.hint);
        dom::write(&self.caption, caption.trim_end());
        if !running {
            self.spots.list(&figure.spots(self.slot.size()));
        }
    }
}

impl Input {
    fn build(make: &Maker<'_>, side: &Element, control: &Control, id: &str) -> Result<Self, JsValue> {
        let longest = control.choices.iter().map(|words| words.chars().count()).max().unwrap_or(0);
        let long = longest > LONG || longest + control.label.chars().count() > LONG_BOTH;
        let row = make.add(side, "div", if long { "f long" } else { "f" }, "")?;
        let label = make.add(&row, "label", "", &capital(control.label))?;
        label.set_attribute("for", id)?;
        if control.is_scale() {
            let output = make.add(&row, "output", "", "")?;
            output.set_attribute("for", id)?;
            let input: HtmlInputElement = dom::make(make.0, "input", "")?;
            input.set_type("range");
            input.set_min("0");
            input.set_max(&(control.choices.len() - 1).to_string());
            input.set_step("1");
            input.set_id(id);
            input.set_attribute("autocomplete", "off")?;
            row.append_child(&input)?;
            return Ok(Self { input: input.into(), output: Some(output) });
        }
        let select: HtmlSelectElement = dom::make(make.0, "select", "")?;
        for words in control.choices {
            make.add(&select, "option", "", words)?;
        }
        select.set_id(id);
        select.set_attribute("autocomplete", "off")?;
        row.append_child(&select)?;
        Ok(Self { input: select.into(), output: None })
    }
}

/// Choices longer than this need a line of their own, and so do those that with their label are longer than that.
const LONG: usize = 16;
const LONG_BOTH: usize = 28;

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| String::from(first.to_ascii_uppercase()) + letters.as_str())
}
