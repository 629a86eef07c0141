//! The experiments below the lab: builds them, leads the reader to one, shows a run of theirs in the lab, and leads back.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FocusOptions, HtmlElement};

use super::Page;
use crate::app::Msg;
use crate::app::experiments::Start;
use crate::web::dom;
use crate::web::experiments::{Board, Look, Parts};

impl Page {
    pub(super) fn open_board(self: &Rc<Self>) -> Result<(), JsValue> {
        let page = Rc::downgrade(self);
        let show = Box::new(move |link: &str, from: &HtmlElement| {
            if let Some(page) = page.upgrade() {
                page.show_run(link, from);
            }
        });
        let (module, addresses) = (self.module.clone(), self.addresses.clone());
        let start = Start::of_link(&self.last_link.borrow(), self.app.borrow().calm);
        let page = Rc::downgrade(self);
        let look: Look = Box::new(move |looks| {
            if let Some(page) = page.upgrade() {
                page.tell(Msg::Look(looks));
            }
        });
        let parts = Parts {
            module,
            addresses,
            start,
            show,
            look: Some(look),
            alone: None,
            wants: Box::new(|_, _| false),
        };
        *self.board.borrow_mut() = Board::open(&self.root, parts)?;
        if let Some(board) = &*self.board.borrow() {
            board.draw_by(self.easel_at_work().as_ref());
        }
        self.lead();
        Ok(())
    }

    /// Takes the reader to the experiment that the link leads to: to its place, where it is still to be built.
    pub(super) fn lead(&self) {
        let Some(plan) = self.app.borrow().leads_to.clone() else { return };
        match &*self.board.borrow() {
            Some(board) => {
                self.app.borrow_mut().leads_to = None;
                board.lead(plan);
            }
            None => {
                let places = dom::all(&self.root, "[data-experiment]");
                let key = Some(plan.claim.about().key.to_owned());
                let place = places.iter().find(|place| place.get_attribute("data-experiment") == key);
                place.iter().for_each(|place| place.scroll_into_view());
            }
        }
    }

    /// Loads a run of an experiment and takes the reader to it.
    fn show_run(self: &Rc<Self>, link: &str, from: &HtmlElement) {
        let focused = self.window.document().and_then(|document| document.active_element());
        let focused = focused.filter(|element| from.contains(Some(element))).and_then(|e| e.dyn_into().ok());
        *self.came_from.borrow_mut() = Some((from.clone(), focused));
        self.tell(Msg::Load(link.to_owned()));
        if let Some(lab) = dom::role(&self.root, "lab") {
            lab.scroll_into_view();
            // On a phone the bar is there while the lab is seen, which the browser tells of a moment later.
            dom::mark(&lab, "data-seen", "yes");
        }
        if let Some(back) = dom::role(&self.root, "back") {
            dom::show(&back, true);
            // The keyboard goes on from here.
            let _ = back.focus();
        }
    }

    /// Takes the reader back to the experiment the run is from.
    pub(in crate::web) fn go_back(&self) {
        if let Some(back) = dom::role(&self.root, "back") {
            dom::show(&back, false);
        }
        let Some((from, focused)) = self.came_from.borrow_mut().take() else { return };
        if let Some(number) = self.contents.number_of(&from) {
            self.contents.go_to(number);
        }
        if let Some(focused) = focused {
            // A mark that is no longer there leaves the focus with its experiment.
            let how = FocusOptions::new();
            how.set_prevent_scroll(true);
            let _ = focused.focus_with_options(&how);
        }
    }
}
