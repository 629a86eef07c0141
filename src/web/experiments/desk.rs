//! The hand at the section on gamma and beta: sliders, buttons, the figure that is dragged and the sentences beside it.
//! What any of them means is decided in [`crate::app::gamma`].

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, PointerEvent};

use super::Board;
use super::place::{Maker, Plot};
use crate::app::gamma::{GammaBoard, LABELS, Msg, STEP, Source, Touch};
use crate::figure::{Figure, Theme};
use crate::lab::claim::gamma;
use crate::lab::claim::gamma::pair::{Over, SPECIAL, UNDO};
use crate::lab::claim::view::GammaView;
use crate::lab::number::fixed;
use crate::lab::sweep::Sweep;
use crate::lab::unit::Looked;
use crate::web::dom;

/// The section's elements and its state.
pub(super) struct Desk {
    state: GammaBoard,
    sliders: [HtmlInputElement; 2],
    outputs: [HtmlElement; 2],
    buttons: Vec<HtmlElement>,
    over: [HtmlElement; 2],
    /// Where there is a lab.
    source: Vec<HtmlElement>,
    lead: HtmlElement,
    rest: HtmlElement,
    but: HtmlElement,
    spoken: HtmlElement,
    /// Its controls, and where they stand: beside the figure, or where there is one column below it, so that finger and
    /// figure fit on one screen.
    controls: HtmlElement,
    beside: HtmlElement,
    below: HtmlElement,
    /// Width of the column beside the figure: that of the page where there is one column.
    column: u32,
    /// Something is not yet on the page.
    due: bool,
}

impl Desk {
    /// Its controls at the end of `side`.
    pub(super) fn build(make: &Maker<'_>, side: &Element, has_lab: bool) -> Result<Self, JsValue> {
        let beside = make.add(side, "div", "beside", "")?;
        let controls = make.add(&beside, "div", "desk", "")?;
        let side = &controls;
        let (gamma, gamma_output) = slider(make, side, LABELS[0], "gamma-scale")?;
        let (beta, beta_output) = slider(make, side, LABELS[1], "gamma-shift")?;
        let chips = make.add(side, "div", "chips", "")?;
        let labels = SPECIAL.iter().map(|special| special.label).chain([UNDO]);
        let mut buttons = Vec::new();
        for label in labels {
            buttons.push(make.button(&chips, "special", label)?);
        }
        let row = make.add(side, "div", "seg pick", "")?;
        let over = [pick(make, &row, Over::ALL[0].label())?, pick(make, &row, Over::ALL[1].label())?];
        let mut source = Vec::new();
        if has_lab {
            let row = make.add(side, "div", "seg pick", "")?;
            for known in Source::ALL {
                source.push(pick(make, &row, known.label())?);
            }
        }
        let loose = |tag: &str, role: &str| -> Result<HtmlElement, JsValue> {
            let element: HtmlElement = dom::make(make.0, tag, "")?;
            element.set_attribute("data-role", role)?;
            Ok(element)
        };
        let spoken = make.add(side, "p", "sr", "")?;
        spoken.set_attribute("aria-live", "polite")?;
        Ok(Self {
            state: GammaBoard::new(has_lab),
            sliders: [gamma, beta],
            outputs: [gamma_output, beta_output],
            buttons,
            over,
            source,
            lead: loose("b", "pair-lead")?,
            rest: loose("span", "pair-rest")?,
            but: loose("p", "pair-but")?,
            spoken,
            below: dom::make(make.0, "div", "")?,
            beside,
            controls,
            column: 0,
            due: true,
        })
    }

    /// Its sentences below its figure, and a place for its controls.
    pub(super) fn settle(&self, make: &Maker<'_>, plot: &Plot) -> Result<(), JsValue> {
        let figure = &plot.figure;
        plot.slot.host.after_with_node_1(&self.below)?;
        let said = make.add(figure, "p", "said", "")?;
        said.append_child(&self.lead)?;
        said.append_with_str_1(" ")?;
        said.append_child(&self.rest)?;
        self.but.set_class_name("said but");
        figure.append_child(&self.but)?;
        Ok(())
    }

    /// It must be drawn anew.
    pub(super) fn spoil(&mut self) {
        self.due = true;
    }

    /// Whether something is not yet on the page.
    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    /// Takes the experiment's own unit from what has been run.
    pub(super) fn take(&mut self, sweep: &Sweep) {
        self.due |= self.state.update(Msg::Own(gamma::unit(sweep).cloned()));
    }

    /// What its figure shows, its caption, and whether that is the lab's network.
    pub(super) fn in_hand(&self) -> (GammaView, String, bool) {
        (self.state.view(), self.state.caption(), self.state.source() == Source::Lab)
    }

    /// Draws its figure and writes its words.
    pub(super) fn draw(&mut self, plot: &mut Plot, theme: &Theme, ratio: f64) {
        self.due = false;
        self.move_controls(plot.slot.width());
        let view = self.state.view();
        let figure = Figure::Gamma(&view);
        plot.slot.draw(&figure, theme, ratio);
        dom::mark(&plot.slot.host, "aria-label", &figure.describe());
        dom::write(&plot.caption, &self.state.caption());
        let (told, pair, ranges) = (self.state.told(), self.state.pair(), self.state.ranges());
        for k in 0..2 {
            let (slider, value) = (&self.sliders[k], fixed(pair[k], 2));
            dom::mark(slider, "min", &ranges[k][0].to_string());
            dom::mark(slider, "max", &ranges[k][1].to_string());
            if (slider.value_as_number() - f64::from(pair[k])).abs() > f64::from(STEP) / 2.0 {
                slider.set_value_as_number(f64::from(pair[k]));
            }
            dom::mark(slider, "aria-valuetext", &value);
            dom::write(&self.outputs[k], &value);
        }
        for (button, known) in self.over.iter().zip(Over::ALL) {
            dom::press(button, known == self.state.over());
        }
        for (button, known) in self.source.iter().zip(Source::ALL) {
            dom::press(button, known == self.state.source());
        }
        dom::write(&self.lead, &told.lead);
        dom::write(&self.rest, &told.rest);
        dom::write(&self.but, &told.but);
    }

    /// Looks up how wide its column is. Asks the browser for a layout.
    pub(super) fn measure(&mut self) {
        self.column = self.beside.client_width().max(0) as u32;
    }

    /// Puts the controls where they belong, beside or below a figure of this width.
    pub(super) fn move_controls(&self, width: u32) {
        let home = if self.column >= width { &self.below } else { &self.beside };
        if self.controls.parent_element().as_deref() != Some(&***home) {
            // An element of ours always takes another of ours.
            let _ = home.append_child(&self.controls);
        }
    }

    /// Says aloud what has come of it.
    fn speak(&self) {
        let told = self.state.told();
        dom::write(&self.spoken, &format!("{} {}", told.lead, told.rest));
    }
}

fn slider(
    make: &Maker<'_>,
    side: &Element,
    label: &str,
    id: &str,
) -> Result<(HtmlInputElement, HtmlElement), JsValue> {
    let row = make.add(side, "div", "f", "")?;
    make.add(&row, "label", "", label)?.set_attribute("for", id)?;
    let output = make.add(&row, "output", "", "")?;
    output.set_attribute("for", id)?;
    let input: HtmlInputElement = dom::make(make.0, "input", "")?;
    input.set_type("range");
    input.set_step(&STEP.to_string());
    input.set_id(id);
    input.set_attribute("autocomplete", "off")?;
    row.append_child(&input)?;
    Ok((input, output))
}

fn pick(make: &Maker<'_>, row: &Element, label: &str) -> Result<HtmlElement, JsValue> {
    make.button(row, "pick", label)
}

impl Board {
    /// What is at hand in the section on gamma and beta.
    fn tell_desk(self: &Rc<Self>, at: usize, message: Msg) {
        if let Some(desk) = &mut self.places.borrow_mut()[at].desk {
            desk.due |= desk.state.update(message);
        }
        self.wake();
    }

    /// The lab's network was looked at.
    pub(in crate::web) fn take_looked(self: &Rc<Self>, looked: &Looked) {
        let at = self.places.borrow().iter().position(|place| place.desk.is_some());
        if let Some(at) = at {
            self.tell_desk(at, Msg::Lab(looked.clone()));
        }
    }

    /// Asks the lab for looks while the section is on screen.
    pub(super) fn desk_is_seen(&self, at: usize, seen: bool) {
        let is_desk = self.places.borrow()[at].desk.is_some();
        if let Some(look) = self.parts.look.as_ref().filter(|_| is_desk) {
            look(seen);
        }
    }

    pub(super) fn listen_to_desk(self: &Rc<Self>, at: usize) -> Result<(), JsValue> {
        let places = self.places.borrow();
        let Some(desk) = &places[at].desk else { return Ok(()) };
        for (slider, message) in desk.sliders.iter().zip([Msg::Gamma as fn(f32) -> Msg, Msg::Beta]) {
            let input = slider.clone();
            self.on(slider, "input", move |board, _| {
                board.tell_desk(at, message(input.value_as_number() as f32));
            })?;
            self.on(slider, "change", move |board, _| board.speak(at))?;
        }
        let pressed = |button: &HtmlElement, message: Msg| {
            self.on(button, "click", move |board, _| {
                board.tell_desk(at, message.clone());
                board.speak(at);
            })
        };
        for (k, button) in desk.buttons.iter().enumerate() {
            pressed(button, Msg::Button(k))?;
        }
        for (button, known) in desk.over.iter().zip(Over::ALL) {
            pressed(button, Msg::Over(known))?;
        }
        for (button, known) in desk.source.iter().zip(Source::ALL) {
            pressed(button, Msg::Source(known))?;
        }
        self.listen_to_dragging(at, &places[at].plots[0].slot.host)
    }

    fn listen_to_dragging(self: &Rc<Self>, at: usize, host: &HtmlElement) -> Result<(), JsValue> {
        let place = host.clone();
        self.on(host, "pointerdown", move |board, event| {
            let Some(touch) = board.touch(at, &event) else { return };
            board.tell_desk(at, Msg::Press(touch));
            if let (true, Some(pointer)) = (board.holds(at), event.dyn_ref::<PointerEvent>()) {
                event.prevent_default();
                // Without capture the drag ends at the figure's edge, no worse.
                let _ = place.set_pointer_capture(pointer.pointer_id());
            }
        })?;
        let place = host.clone();
        self.on(host, "pointermove", move |board, event| {
            let Some(touch) = board.touch(at, &event) else { return };
            let near = match &board.places.borrow()[at].desk {
                Some(desk) => desk.state.is_held() || desk.state.handle_at(touch).is_some(),
                None => false,
            };
            dom::mark(&place, "data-hold", if near { "yes" } else { "no" });
            board.tell_desk(at, Msg::Move(touch));
        })?;
        for kind in ["pointerup", "pointercancel"] {
            self.on(host, kind, move |board, _| {
                if board.holds(at) {
                    board.tell_desk(at, Msg::Release);
                    board.speak(at);
                }
            })?;
        }
        Ok(())
    }

    fn holds(&self, at: usize) -> bool {
        self.places.borrow()[at].desk.as_ref().is_some_and(|desk| desk.state.is_held())
    }

    fn speak(&self, at: usize) {
        if let Some(desk) = &self.places.borrow()[at].desk {
            desk.speak();
        }
    }

    /// Where in the figure a pointer is.
    fn touch(&self, at: usize, event: &Event) -> Option<Touch> {
        let places = self.places.borrow();
        let slot = &places[at].plots.first()?.slot;
        let (x, y) = dom::place_of(event, &slot.host)?;
        Some(Touch { size: slot.size(), x, y })
    }
}
