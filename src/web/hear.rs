//! Hears the reader: every button, slider, figure and key, each turned into a message.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent, PointerEvent};

use super::copy;
use super::dom;
use super::gate;
use super::keep::Kind;
use super::listener::Listener;
use super::look;
use super::offer::field_of;
use super::page::{Page, matches_media};
use crate::app::Msg;
use crate::app::keys::{Deed, Focus, Press};
use crate::lab::history::Choices;
use crate::lab::view::{GradientOf, Measure, Pick, Scale};
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

    fn choose(self: &Rc<Self>, change: impl FnOnce(&mut Choices)) {
        let mut choices = self.app.borrow().choices;
        change(&mut choices);
        self.tell(Msg::Choose(choices));
    }

    fn listen_to_choices(self: &Rc<Self>) -> Result<(), JsValue> {
        for button in dom::all(&self.root, "[data-choose]") {
            let what = button.get_attribute("data-choose").unwrap_or_default();
            self.on(&button, "click", move |page, _| {
                page.choose(|choices| match what.as_str() {
                    "loss" => choices.measure = Measure::Loss,
                    "accuracy" => choices.measure = Measure::Accuracy,
                    "log" => choices.scale = Scale::Log,
                    "linear" => choices.scale = Scale::Linear,
                    "d-a" => choices.gradient = GradientOf::Activations,
                    "d-z" => choices.gradient = GradientOf::PreActivations,
                    "sample" => choices.pick = Pick::Sample,
                    "mistakes" => choices.pick = Pick::Mistakes,
                    _ => choices.gradient = GradientOf::Weights,
                });
            })?;
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

    fn listen_to_pictures(self: &Rc<Self>) -> Result<(), JsValue> {
        let Some(select) =
            dom::role(&self.root, "picture").and_then(|s| s.dyn_into::<HtmlSelectElement>().ok())
        else {
            return Ok(());
        };
        for (name, kind) in [("export-png", Kind::Png), ("export-svg", Kind::Svg)] {
            let (Some(button), select) = (dom::role(&self.root, name), select.clone()) else { continue };
            self.on(&button, "click", move |page, _| page.save_picture(&select.value(), kind))?;
        }
        self.on(&select, "change", |page, _| page.redraw())
    }

    fn listen_to_figures(self: &Rc<Self>) -> Result<(), JsValue> {
        for host in dom::all(&self.root, "[data-fig]") {
            let name = host.get_attribute("data-fig").unwrap_or_default();
            let figure = name.clone();
            for kind in ["pointerdown", "pointermove"] {
                let figure = figure.clone();
                self.on(&host, kind, move |page, event| {
                    if let Some(event) = event.dyn_ref::<PointerEvent>() {
                        page.point(&figure, event.offset_x());
                    }
                })?;
            }
            self.on(&host, "pointerleave", |page, event| {
                // A finger that is lifted leaves the read-out standing, to be read.
                let touch = event.dyn_ref::<PointerEvent>().is_some_and(|e| e.pointer_type() == "touch");
                if !touch {
                    page.choose(|choices| choices.cursor = None);
                }
            })?;
            if name == "layers" {
                self.on(&host, "click", |page, event| {
                    if let Some(event) = event.dyn_ref::<PointerEvent>() {
                        let row = page.renderer.borrow().layer_at(&page.app.borrow(), event.offset_y());
                        if let Some(row) = row {
                            page.choose(|choices| choices.layer = row);
                        }
                    }
                })?;
            }
        }
        Ok(())
    }

    /// The pointer is at a horizontal place of a figure.
    fn point(self: &Rc<Self>, figure: &str, x: i32) {
        let app = self.app.borrow();
        let cursor = self.renderer.borrow().step_at(&app, figure, x);
        let known = app.choices.cursor;
        drop(app);
        if cursor != known {
            self.choose(|choices| choices.cursor = cursor);
        }
    }

    fn listen_to_panels(self: &Rc<Self>) -> Result<(), JsValue> {
        for button in dom::all(&self.root, "[data-panel]") {
            let name = button.get_attribute("data-panel").unwrap_or_default();
            self.on(&button, "click", move |page, _| page.toggle_panel(&name))?;
        }
        for button in dom::all(&self.root, "[data-role=close]") {
            self.on(&button, "click", |page, _| page.shut_panels())?;
        }
        for button in dom::all(&self.root, "[data-preset]") {
            let index =
                button.get_attribute("data-preset").and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
            self.on(&button, "click", move |page, _| page.tell(Msg::Preset(index)))?;
        }
        if let Some(button) = dom::role(&self.root, "copy-link") {
            self.on(&button, "click", |page, _| page.copy("link", "copied"))?;
        }
        if let Some(button) = dom::role(&self.root, "copy-details") {
            self.on(&button, "click", |page, _| page.copy_details())?;
        }
        if let Some(switch) =
            dom::role(&self.root, "single-keys").and_then(|s| s.dyn_into::<HtmlInputElement>().ok())
        {
            let read = switch.clone();
            self.on(&switch, "change", move |page, _| page.tell(Msg::SingleKeys(read.checked())))?;
        }
        for fold in dom::all(&self.root, "[data-numbers]") {
            self.on(&fold, "toggle", |page, _| page.redraw())?;
        }
        Ok(())
    }

    pub(super) fn toggle_panel(self: &Rc<Self>, name: &str) {
        for button in dom::all(&self.root, "[data-panel]") {
            let this = button.get_attribute("data-panel").unwrap_or_default();
            let Some(panel) = dom::role(&self.root, &format!("panel-{this}")) else { continue };
            let open = this == name && panel.hidden();
            dom::show(&panel, open);
            if open && panel.get_bounding_client_rect().top() < 0.0 {
                panel.scroll_into_view();
            }
            dom::mark(&button, "aria-expanded", if open { "true" } else { "false" });
            if open && name == "check" && self.app.borrow().checked.is_none() {
                self.tell(Msg::Check);
            }
        }
        self.offer();
        self.redraw();
    }

    /// What is drawn may have changed without the state's doing.
    pub(super) fn redraw(&self) {
        self.renderer.borrow_mut().forget();
        self.dirty.set(true);
        self.wake();
    }

    /// Shuts the open panel and gives the focus back to the button that opened it.
    pub(super) fn shut_panels(self: &Rc<Self>) {
        let opener = dom::all(&self.root, "[data-panel][aria-expanded=true]").into_iter().next();
        self.toggle_panel("");
        if let Some(opener) = opener {
            let _ = opener.focus();
        }
    }

    /// What happened, for who may mend it: settings, step, reason, browser.
    fn copy_details(self: &Rc<Self>) {
        let browser = self.window.navigator().user_agent().unwrap_or_default();
        let details = format!("{}\n{browser}", self.app.borrow().details());
        let Some(place) = dom::role(&self.root, "details-copied") else { return };
        let page = Rc::downgrade(self);
        copy::copy(&details, &place, move |copied| {
            if let Some(page) = page.upgrade() {
                page.say_selected("details-copied", copied);
            }
        });
    }

    /// Copies what stands in a field; where the browser does not let a page copy, it is left selected.
    pub(super) fn copy(self: &Rc<Self>, field: &str, told: &'static str) {
        let Some(element) = dom::role(&self.root, field) else { return };
        let field = field_of(&element);
        field.select();
        if !self.window.is_secure_context() {
            return self.say_selected(told, false);
        }
        let promise = self.window.navigator().clipboard().write_text(&field.value());
        let page = Rc::downgrade(self);
        gate::after(JsFuture::from(promise), move |copied| {
            if let Some(page) = page.upgrade() {
                page.say_selected(told, copied.is_ok());
            }
        });
    }

    fn say_selected(&self, name: &str, copied: bool) {
        let words = if copied { "Copied" } else { copy::SELECTED };
        self.renderer.borrow().set(name, words);
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
        for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
            if let Ok(Some(list)) = self.window.match_media(query) {
                self.on(&list, "change", |page, _| page.restyle())?;
            }
        }
        for (kind, printing) in [("beforeprint", true), ("afterprint", false)] {
            self.on(&window, kind, move |page, _| {
                page.tell(Msg::Print);
                look::print(&page.root, printing);
                page.restyle();
                // The browser takes its picture when this returns.
                page.draw_now();
                if let (true, Some(board)) = (printing, &*page.board.borrow()) {
                    board.draw_for_print();
                }
            })?;
        }
        if let Ok(Some(list)) = self.window.match_media("(prefers-reduced-motion: reduce)") {
            self.on(&list, "change", |page, _| {
                page.tell(Msg::Calm(matches_media(&page.window, "(prefers-reduced-motion: reduce)")));
            })?;
        }
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
