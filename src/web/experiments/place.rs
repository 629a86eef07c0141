//! One experiment's place on the page: draws its figures. Its elements are built in `build`, its words are in `write`.

mod build;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement, Window};

use super::desk::Desk;
use super::spots::Spots;
use crate::app::experiments::Section;
use crate::app::picture::{WIDE, words_of};
use crate::figure::{Figure, Theme};
use crate::lab::claim::plate::{Plate, plates};
use crate::web::canvas::Slot;
use crate::web::easel::Easel;
use crate::web::files::Made;
use crate::web::keep::Kind;
use crate::web::{dom, look};
pub(super) use build::Maker;

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

impl Place {
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

    /// From now on this worker draws its figures, or the page: all of them anew.
    pub(super) fn draw_by(&mut self, easel: Option<&Rc<Easel>>) {
        self.plots.iter_mut().for_each(|plot| plot.slot.draw_by(easel));
        self.desk.iter_mut().for_each(Desk::spoil);
        self.spoil();
    }

    /// The worker has drawn what it was sent.
    pub(super) fn settle(&mut self) {
        self.plots.iter_mut().for_each(|plot| plot.slot.settle());
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
    fn draw(&mut self, plate: &Plate, theme: &Theme, ratio: f64, running: bool) {
        let figure = Figure::from(&plate.view);
        self.slot.draw(&figure, theme, ratio);
        dom::mark(&self.slot.host, "aria-label", &figure.describe());
        dom::write(&self.caption, &caption(plate));
        if !running {
            self.spots.list(&figure.spots(self.slot.size()));
        }
    }
}

/// What stands below a figure on the page.
fn caption(plate: &Plate) -> String {
    format!("{} {}", plate.caption, plate.hint).trim_end().to_owned()
}
