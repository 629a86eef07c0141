//! The row of links to the lab and the experiments: takes the reader there, and marks where the reader is.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, MouseEvent};

use super::dom;
use super::page::Page;
use super::sight::Watch;
use crate::app::Msg;
use crate::app::keys::Deed;
use crate::app::places::current;

/// The row, and how much of the window each place takes.
pub(super) struct Contents {
    /// The lab and the experiments, in the order of the row.
    places: Vec<HtmlElement>,
    links: Vec<HtmlElement>,
    shares: RefCell<Vec<f64>>,
    /// The place the reader was last taken to.
    gone_to: Cell<usize>,
}

impl Contents {
    /// Finds the row and the places below `root`.
    pub(super) fn new(root: &Element) -> Rc<Self> {
        let lab = dom::role(root, "lab").into_iter();
        let places: Vec<_> = lab.chain(dom::all(root, "[data-experiment]")).collect();
        let shares = RefCell::new(vec![0.0; places.len()]);
        Rc::new(Self { places, links: dom::all(root, ".toc a"), shares, gone_to: Cell::new(0) })
    }

    /// Keeps the row saying where the reader is, for as long as the watch lives; a page without one needs none.
    pub(super) fn watch(self: &Rc<Self>) -> Result<Option<Watch>, JsValue> {
        if self.links.is_empty() {
            return Ok(None);
        }
        let contents = Rc::clone(self);
        let watch = Watch::new(move |element, sight| {
            if let Some(at) = contents.places.iter().position(|place| **place == element) {
                contents.shares.borrow_mut()[at] = sight.of_window;
            }
            contents.mark();
        })?;
        self.places.iter().for_each(|place| watch.add(place));
        Ok(Some(watch))
    }

    fn mark(&self) {
        let here = current(&self.shares.borrow(), self.gone_to.get());
        for (number, link) in self.links.iter().enumerate() {
            if number == here {
                dom::mark(link, "aria-current", "true");
            } else {
                // Only a malformed name can fail, and this one is ours.
                let _ = link.remove_attribute("aria-current");
            }
        }
    }

    /// Brings a place into view by its number, and lets the keyboard go on from there.
    pub(super) fn go_to(&self, number: usize) {
        let Some(place) = self.places.get(number) else { return };
        place.scroll_into_view();
        // It takes the focus from the page alone; the tab key passes it by.
        dom::mark(place, "tabindex", "-1");
        // Refused only for an element that cannot have the focus; this one can.
        let _ = place.focus();
        self.gone_to.set(number);
        self.mark();
    }

    /// The number of a place.
    pub(super) fn number_of(&self, place: &HtmlElement) -> Option<usize> {
        self.places.iter().position(|known| known == place)
    }
}

impl Page {
    pub(super) fn listen_to_contents(self: &Rc<Self>) -> Result<(), JsValue> {
        for (number, link) in self.contents.links.iter().enumerate() {
            self.on(link, "click", move |page, event| {
                let elsewhere = event
                    .dyn_ref::<MouseEvent>()
                    .is_some_and(|click| click.ctrl_key() || click.meta_key() || click.shift_key());
                // In another tab it is the browser's to follow; here the address holds the run.
                if !elsewhere {
                    event.prevent_default();
                    page.tell(Msg::Key(Deed::Experiment(number as u32)));
                }
            })?;
        }
        Ok(())
    }
}
