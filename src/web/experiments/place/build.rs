//! Builds the elements of an experiment's place.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::{Input, Place, Plot};
use crate::app::experiments::{Section, label};
use crate::figure::Figure;
use crate::lab::claim::plate::{Plate, capital, plates};
use crate::lab::claim::{Claim, Control};
use crate::web::canvas::Slot;
use crate::web::dom;
use crate::web::experiments::desk::Desk;
use crate::web::experiments::spots::Spots;
use crate::web::keep::Kind;

/// Makes elements one below the other.
pub(in crate::web::experiments) struct Maker<'d>(pub(in crate::web::experiments) &'d Document);

impl Maker<'_> {
    /// A new element at the end of another.
    pub(in crate::web::experiments) fn add(
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
    pub(in crate::web::experiments) fn button(
        &self,
        parent: &Element,
        role: &str,
        text: &str,
    ) -> Result<HtmlElement, JsValue> {
        let button = self.add(parent, "button", "", text)?;
        button.set_attribute("type", "button")?;
        button.set_attribute("data-role", role)?;
        Ok(button)
    }
}

impl Place {
    /// Makes what is going to be in `root`.
    pub(in crate::web::experiments) fn build(
        document: &Document,
        root: HtmlElement,
        section: &Section,
        has_lab: bool,
    ) -> Result<Self, JsValue> {
        let make = Maker(document);
        let claim = section.sweep().plan().claim;
        let sides = [dom::make(document, "div", "ctl")?, dom::make(document, "div", "plates")?];
        let [side, plate]: &[HtmlElement; 2] = &sides;
        root.set_attribute("aria-label", section.about().heading)?;
        write_head(&make, side, section)?;
        let desk = match claim {
            Claim::Gamma => Some(Desk::build(&make, side, has_lab)?),
            _ => None,
        };
        let controls = section.about().controls.iter().enumerate();
        let inputs = controls
            .map(|(k, control)| Input::build(&make, side, control, &format!("{}-{k}", section.about().key)))
            .collect::<Result<_, _>>()?;
        let [main, start_over, progress] = runs(&make, side)?;
        let plates = plates(section.sweep());
        let embedded = root.closest("[data-embed]").ok().flatten().is_some();
        let (plots, tabs) = figures(&make, plate, &plates, embedded)?;
        if let (Some(desk), Some(plot)) = (&desk, plots.first()) {
            desk.settle(&make, plot)?;
        }
        let [lead, rest, but, but_text] = results(&make, plate)?;
        let [rule, numbers, tables] = more(&make, plate, section.about().source)?;
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
            but_row: [but, but_text],
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
}

/// The number, the heading and the claim.
fn write_head(make: &Maker<'_>, side: &Element, section: &Section) -> Result<(), JsValue> {
    let heading = make.add(side, "h2", "", "")?;
    let number = Claim::ALL.iter().position(|&known| known == section.sweep().plan().claim).unwrap_or(0) + 1;
    make.add(&heading, "i", "", &number.to_string())?;
    heading.append_with_str_1(section.about().heading)?;
    make.add(side, "p", "claim", section.about().claim)?;
    Ok(())
}

/// The buttons, and what is said beside them: main, start over, progress.
fn runs(make: &Maker<'_>, side: &Element) -> Result<[HtmlElement; 3], JsValue> {
    let runs = make.add(side, "div", "runs", "")?;
    let main = make.button(&runs, "main", "")?;
    let start_over = make.button(&runs, "start-over", "")?;
    let progress = make.add(&runs, "span", "", "")?;
    progress.set_attribute("data-role", "progress")?;
    Ok([main, start_over, progress])
}

/// The figures, and the tabs where one is shown at a time.
fn figures(
    make: &Maker<'_>,
    parent: &Element,
    plates: &[Plate],
    embedded: bool,
) -> Result<(Vec<Plot>, Vec<HtmlElement>), JsValue> {
    let figures = make.add(parent, "div", "figures", "")?;
    let abreast = plates.len() > 1 && plates.iter().all(|plate| plate.abreast);
    let mut tabs = Vec::new();
    if abreast {
        dom::mark(&figures, "class", "figures abreast");
    }
    // An embed shows one figure at a time where they would stand one below the other.
    if abreast || embedded && plates.len() > 1 {
        let row = make.add(&figures, "div", "seg tabs", "")?;
        for (k, plate) in plates.iter().enumerate() {
            let tab = make.button(&row, "tab", &plate.heading)?;
            dom::mark(&tab, "aria-pressed", if k == 0 { "true" } else { "false" });
            tabs.push(tab);
        }
    }
    let mut plots = Vec::new();
    for (k, plate) in plates.iter().enumerate() {
        let plot = Plot::build(make, &figures, plate, embedded)?;
        dom::mark(&plot.figure, "data-on", if k == 0 { "yes" } else { "no" });
        plots.push(plot);
    }
    Ok((plots, tabs))
}

/// What was measured, and what is to be said against it: lead, rest, the word "But" and its text.
fn results(make: &Maker<'_>, parent: &Element) -> Result<[HtmlElement; 4], JsValue> {
    let results = make.add(parent, "dl", "res", "")?;
    make.add(&results, "dt", "", label::MEASURED)?;
    let measured = make.add(&results, "dd", "", "")?;
    let lead = make.add(&measured, "b", "", "")?;
    lead.set_attribute("data-role", "lead")?;
    measured.append_with_str_1(" ")?;
    let rest = make.add(&measured, "span", "", "")?;
    rest.set_attribute("data-role", "rest")?;
    let but = make.add(&results, "dt", "", label::BUT)?;
    let but_text = make.add(&results, "dd", "but", "")?;
    but_text.set_attribute("data-role", "but")?;
    Ok([lead, rest, but, but_text])
}

/// The folds, and the source: the rule, the fold of numbers, the tables in it.
fn more(make: &Maker<'_>, parent: &Element, source: &str) -> Result<[HtmlElement; 3], JsValue> {
    let more = make.add(parent, "div", "more", "")?;
    let graded = make.add(&more, "details", "", "")?;
    make.add(&graded, "summary", "", label::GRADED)?;
    let rule = make.add(&graded, "p", "note", "")?;
    let numbers = make.add(&more, "details", "", "")?;
    numbers.set_attribute("data-role", "numbers")?;
    make.add(&numbers, "summary", "", label::NUMBERS)?;
    let tables = make.add(&numbers, "div", "", "")?;
    make.add(&more, "p", "note", &format!("{}: {}.", label::SOURCE, source))?;
    Ok([rule, numbers, tables])
}

impl Plot {
    fn build(make: &Maker<'_>, parent: &Element, plate: &Plate, fill: bool) -> Result<Self, JsValue> {
        let figure = make.add(parent, "figure", "", "")?;
        if !plate.heading.is_empty() {
            let head = make.add(&figure, "div", "fhead", "")?;
            make.add(&head, "b", "", &plate.heading)?;
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
        // With its lines from the start: what is below would move when the figure is first drawn.
        let caption = make.add(&figure, "figcaption", "", &super::caption(plate))?;
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
