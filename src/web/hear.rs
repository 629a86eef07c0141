//! Hears the reader: every button, slider, figure and key, each turned into a message.

mod figures;
mod panels;

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

use super::dom;
use super::listener::Listener;
use super::look;
use super::media;
use super::page::Page;
use crate::app::Msg;
use crate::app::keys::{Deed, Focus, Press};
use crate::lab::history::Choices;
use crate::lab::wire::Format;

impl Page {
    pub(super) fn listen(self: &Rc<Self>) -> Result<(), JsValue> {
        for (name, message) in [
            ("train", Msg::TrainOrPause),
            ("step", Msg::Step),
            ("reset", Msg::Reset),
            ("new-seed", Msg::NewSeed),
            ("notes-shut", Msg::DismissNotes),
            ("check", Msg::Check),
            ("theme", Msg::Key(Deed::Theme)),
            ("export-csv", Msg::Export(Format::Csv)),
            ("export-json", Msg::Export(Format::Json)),
            ("export-pytorch", Msg::Export(Format::PyTorch)),
        ] {
            if let Some(button) = dom::role(&self.root, name) {
                self.on(&button, "click", move |page, _| page.tell(message.clone()))?;
            }
        }
        if let Some(back) = dom::role(&self.root, "back") {
            self.on(&back, "click", |page, _| page.go_back())?;
        }
        for (index, control) in self.controls.iter().enumerate() {
            let kind = if control.input.is_instance_of::<HtmlSelectElement>() { "change" } else { "input" };
            self.on(&control.input, kind, move |page, _| {
                let control = &page.controls[index];
                // A slider may have been moved to where the setting does not follow.
                page.controls_show.replace(None);
                page.tell(Msg::Turn(control.knob.key, control.text()));
            })?;
        }
        self.listen_to_contents()?;
        self.listen_to_pictures()?;
        self.listen_to_choices()?;
        self.listen_to_figures()?;
        self.listen_to_panels()?;
        self.listen_to_offer()?;
        self.listen_to_own()?;
        self.listen_to_window()
    }

    /// Registers a listener that lives as long as the page.
    pub(super) fn on(
        self: &Rc<Self>,
        target: &web_sys::EventTarget,
        kind: &'static str,
        mut hear: impl FnMut(&Rc<Self>, Event) + 'static,
    ) -> Result<(), JsValue> {
        let page = Rc::downgrade(self);
        let listener = Listener::new(target, kind, move |event| {
            if let Some(page) = page.upgrade() {
                hear(&page, event);
            }
        })?;
        self.listeners.borrow_mut().push(listener);
        Ok(())
    }

    /// Does something whenever the answer to a question of [`media`] changes.
    fn on_change(self: &Rc<Self>, query: &str, hear: impl Fn(&Rc<Self>) + 'static) -> Result<(), JsValue> {
        let page = Rc::downgrade(self);
        let listener = media::on_change(&self.window, query, move || {
            if let Some(page) = page.upgrade() {
                hear(&page);
            }
        })?;
        self.listeners.borrow_mut().extend(listener);
        Ok(())
    }

    fn choose(self: &Rc<Self>, change: impl FnOnce(&mut Choices)) {
        let mut choices = self.app.borrow().choices;
        change(&mut choices);
        self.tell(Msg::Choose(choices));
    }

    fn listen_to_choices(self: &Rc<Self>) -> Result<(), JsValue> {
        for button in dom::all(&self.root, "[data-choose]") {
            let what = button.get_attribute("data-choose").unwrap_or_default();
            self.on(&button, "click", move |page, _| page.choose(|choices| *choices = choices.with(&what)))?;
        }
        for button in dom::all(&self.root, "[data-column]") {
            let column = button.get_attribute("data-column").unwrap_or_default();
            self.on(&button, "click", move |page, _| {
                page.renderer.borrow_mut().choose_column(&column);
                page.dirty.set(true);
                page.wake();
            })?;
        }
        for button in dom::all(&self.root, "[data-set]") {
            let word = button.get_attribute("data-set").unwrap_or_default();
            self.on(&button, "click", move |page, _| page.tell(Msg::Turn("d", word.clone())))?;
        }
        if let Some(select) = dom::role(&self.root, "unit") {
            self.on(&select, "change", |page, event| {
                let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
                if let Some(select) = select {
                    page.choose(|choices| choices.unit = select.selected_index().max(0) as usize);
                }
            })?;
        }
        if let Some(speed) = dom::role(&self.root, "speed") {
            self.on(&speed, "input", |page, event| {
                let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                if let Some(input) = input {
                    page.tell(Msg::Speed(input.value_as_number() / 100.0));
                }
            })?;
        }
        Ok(())
    }

    fn listen_to_window(self: &Rc<Self>) -> Result<(), JsValue> {
        let window = self.window.clone();
        self.on(&window, "resize", |page, _| {
            page.renderer.borrow_mut().measure();
            page.dirty.set(true);
            page.wake();
        })?;
        // A browser short of memory takes canvases away and gives them back empty.
        let page = Rc::downgrade(self);
        let restored = Listener::inside(&self.root, "contextrestored", move |_| {
            if let Some(page) = page.upgrade() {
                page.renderer.borrow_mut().measure();
                page.restyle();
            }
        })?;
        self.listeners.borrow_mut().push(restored);
        if !self.embedded {
            self.on(&window, "hashchange", |page, _| {
                let hash = page.address();
                if hash != *page.last_link.borrow() {
                    page.last_link.borrow_mut().clone_from(&hash);
                    page.tell(Msg::Load(hash));
                }
            })?;
        }
        for query in [media::DARK, media::FORCED_COLOURS] {
            self.on_change(query, |page| page.restyle())?;
        }
        for (kind, printing) in [("beforeprint", true), ("afterprint", false)] {
            self.on(&window, kind, move |page, _| {
                page.tell(Msg::Print);
                page.draw_for_print(printing);
                look::print(&page.root, printing);
                page.restyle();
                // The browser takes its picture when this returns: nothing can wait for a frame of its own.
                page.renderer.borrow_mut().forget();
                page.draw_now();
                if let (true, Some(board)) = (printing, &*page.board.borrow()) {
                    board.draw_for_print();
                }
            })?;
        }
        self.on_change(media::CALM, |page| page.tell(Msg::Calm(media::is(&page.window, media::CALM))))?;
        // An embed has the keys only while the focus is in it.
        let keys: &web_sys::EventTarget = if self.embedded { &self.root } else { &window };
        self.on(keys, "keydown", |page, event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                page.key(event);
            }
        })
    }

    fn key(self: &Rc<Self>, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let press = Press {
            key: &event.key(),
            focus: target.as_ref().map_or(Focus::Page, focus_of),
            repeated: event.repeat(),
        };
        let deed = self.app.borrow().key(press);
        let Some(deed) = deed else { return };
        if deed != Deed::Escape {
            event.prevent_default();
        }
        self.tell(Msg::Key(deed));
        if matches!(deed, Deed::Cursor(_) | Deed::Layer(_)) {
            self.renderer.borrow().set("read-out", &self.app.borrow().read_out_after(deed));
        }
    }
}

/// What kind of place has the focus.
fn focus_of(target: &Element) -> Focus {
    let is = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if is("input:not([type=checkbox]), select, textarea, [contenteditable], [role=application]") {
        Focus::Input
    } else if is("button, a, summary, input") {
        Focus::Button
    } else if is("[data-fig]") {
        Focus::Figure
    } else {
        Focus::Page
    }
}
