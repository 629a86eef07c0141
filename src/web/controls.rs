//! Builds the inputs from the table of knobs, and keeps them in step with the experiment.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::dom;
use super::panels::help_id;
use crate::lab::experiment::Experiment;
use crate::lab::knob::{self, Group, Kind, Knob};

/// One knob's row on the page.
pub(super) struct Control {
    /// The knob.
    pub(super) knob: &'static Knob,
    /// Its input or select.
    pub(super) input: HtmlElement,
    output: Option<HtmlElement>,
    row: HtmlElement,
}

impl Control {
    fn build(document: &Document, place: &Element, knob: &'static Knob) -> Result<Self, JsValue> {
        let row: HtmlElement = dom::make(document, "div", "f")?;
        let id = format!("knob-{}", knob.key);
        let label: HtmlElement = dom::make(document, "label", "")?;
        label.set_attribute("for", &id)?;
        label.set_text_content(Some(knob.label));
        row.append_child(&label)?;
        let (input, output) = match knob.kind {
            Kind::Choice(words) => (select(document, words)?, None),
            Kind::Number { .. } => {
                let output: HtmlElement = dom::make(document, "output", "")?;
                output.set_attribute("for", &id)?;
                row.append_child(&output)?;
                (slider(document, knob)?, Some(output))
            }
        };
        input.set_id(&id);
        input.set_attribute("aria-describedby", &help_id(knob.key))?;
        row.set_title(knob.help);
        row.append_child(&input)?;
        place.append_child(&row)?;
        Ok(Self { knob, input, output, row })
    }

    /// The text, as a link has it, that the input stands at.
    pub(super) fn text(&self) -> String {
        let position =
            match (self.input.dyn_ref::<HtmlInputElement>(), self.input.dyn_ref::<HtmlSelectElement>()) {
                (Some(input), _) => input.value_as_number() as u32,
                (None, Some(select)) => select.selected_index().max(0) as u32,
                (None, None) => 0,
            };
        self.knob.text_at(position)
    }

    /// Shows the experiment's value.
    pub(super) fn show(&self, experiment: &Experiment) {
        let position = self.knob.position(experiment);
        let shown = self.knob.shown(experiment);
        if let Some(input) = self.input.dyn_ref::<HtmlInputElement>() {
            if input.value_as_number() != f64::from(position) {
                input.set_value_as_number(f64::from(position));
            }
            dom::mark(input, "aria-valuetext", &self.knob.spoken(experiment));
        }
        if let Some(select) = self.input.dyn_ref::<HtmlSelectElement>()
            && select.selected_index() != position as i32
        {
            select.set_selected_index(position as i32);
        }
        if let Some(output) = &self.output {
            dom::write(output, &shown);
        }
        let changed = self.knob.text(experiment) != self.knob.text(&Experiment::default());
        dom::mark(&self.row, "data-changed", if changed { "yes" } else { "no" });
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.row.remove();
    }
}

fn slider(document: &Document, knob: &Knob) -> Result<HtmlElement, JsValue> {
    let input: HtmlInputElement = dom::make(document, "input", "")?;
    input.set_type("range");
    input.set_min("0");
    input.set_max(&knob.last_position().unwrap_or(0).to_string());
    input.set_step("1");
    Ok(input.into())
}

fn select(document: &Document, words: &[(&str, &str)]) -> Result<HtmlElement, JsValue> {
    let select: HtmlSelectElement = dom::make(document, "select", "")?;
    for (_, word) in words {
        let option: HtmlElement = dom::make(document, "option", "")?;
        option.set_text_content(Some(word));
        select.append_child(&option)?;
    }
    Ok(select.into())
}

/// The name of a group's place in the page.
fn place_of(group: Group) -> &'static str {
    match group {
        Group::Data => "data",
        Group::Both => "both",
        Group::Second => "second",
        Group::Norm => "norm",
        Group::Optimiser => "optimiser",
        Group::Weights => "weights",
        Group::Examples => "examples",
        Group::Seed => "seed",
    }
}

/// The groups that fold away.
pub(super) const FOLDS: [Group; 5] =
    [Group::Norm, Group::Optimiser, Group::Weights, Group::Examples, Group::Seed];

/// Builds every control into its place below `root`; a page without the place goes without the control.
pub(super) fn build(document: &Document, root: &Element) -> Result<Vec<Control>, JsValue> {
    let mut controls = Vec::new();
    for knob in knob::all().filter(|knob| knob.group != Group::Data) {
        let place = root.query_selector(&format!("[data-controls=\"{}\"]", place_of(knob.group)))?;
        if let Some(place) = place {
            controls.push(Control::build(document, &place, knob)?);
        }
    }
    Ok(controls)
}

/// Writes what each folded group says of itself.
pub(super) fn summarise(root: &Element, experiment: &Experiment) {
    for group in FOLDS {
        let summary = dom::role(root, &format!("summary-{}", place_of(group)));
        if let Some(summary) = summary {
            dom::write(&summary, &knob::summary(group, experiment));
        }
    }
}
