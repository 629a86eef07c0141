//! Writes an experiment's words onto the page: its buttons, how far it is, what was measured, the tables.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::place::{Input, Maker, Place};
use crate::app::experiments::{Section, Told};
use crate::app::plan_link;
use crate::lab::claim::{Control, Table};
use crate::web::dom;

/// Seconds between two updates of numbers that are read.
const TEXT_EVERY: f64 = 0.25;

impl Place {
    /// Writes the words, if that is due at `now` seconds; whether it was.
    pub(super) fn write(
        &mut self,
        document: &Document,
        told: impl FnOnce() -> Told,
        section: &Section,
        now: f64,
    ) -> bool {
        let running = section.state_word() == "running";
        let changed = self.written != Some(section.changes());
        if !(changed && !running || now - self.written_at >= TEXT_EVERY) {
            return false;
        }
        (self.written, self.written_at) = (Some(section.changes()), now);
        let told = told();
        dom::mark(&self.root, "data-state", section.state_word());
        dom::mark(&self.root, "data-settings", &plan_link::keys(section.sweep().plan()));
        dom::mark(&self.root, "data-done", &section.sweep().done().to_string());
        for ((input, control), &choice) in
            self.inputs.iter().zip(section.about().controls).zip(&section.sweep().plan().choices)
        {
            input.show(control, choice);
        }
        dom::write(&self.main, told.main);
        dom::show(&self.start_over, told.start_over.is_some());
        dom::write(&self.start_over, told.start_over.unwrap_or_default());
        dom::write(&self.progress, &told.progress);
        dom::write(&self.lead, &told.lead);
        dom::write(&self.rest, &told.rest);
        self.but_row.iter().for_each(|part| dom::show(part, !told.but.is_empty()));
        dom::write(&self.but_row[1], &told.but);
        dom::write(&self.rule, &told.rule);
        if self.numbers.has_attribute("open") {
            // A table that cannot be built leaves its place empty; the figure has the same numbers.
            let _ = write_tables(document, &self.tables, &told.tables);
        }
        if !running && self.spoken_of.is_some_and(|known| known != section.changes()) {
            dom::write(&self.spoken, &format!("{} {} {}", told.progress, told.lead, told.rest));
        }
        self.spoken_of = Some(section.changes());
        true
    }
}

impl Input {
    /// The position it stands at.
    pub(super) fn choice(&self) -> u8 {
        match (self.input.dyn_ref::<HtmlInputElement>(), self.input.dyn_ref::<HtmlSelectElement>()) {
            (Some(input), _) => input.value_as_number() as u8,
            (None, Some(select)) => select.selected_index().max(0) as u8,
            (None, None) => 0,
        }
    }

    fn show(&self, control: &Control, choice: u8) {
        let word = control.choices.get(usize::from(choice)).copied().unwrap_or_default();
        if let Some(input) = self.input.dyn_ref::<HtmlInputElement>() {
            if input.value_as_number() != f64::from(choice) {
                input.set_value_as_number(f64::from(choice));
            }
            dom::mark(input, "aria-valuetext", word);
        }
        if let Some(select) = self.input.dyn_ref::<HtmlSelectElement>()
            && select.selected_index() != i32::from(choice)
        {
            select.set_selected_index(i32::from(choice));
        }
        if let Some(output) = &self.output {
            dom::write(output, word);
        }
    }
}

fn write_tables(document: &Document, place: &HtmlElement, tables: &[Table]) -> Result<(), JsValue> {
    let make = Maker(document);
    place.set_text_content(None);
    for table in tables {
        let around = make.add(place, "div", "wide", "")?;
        // It scrolls sideways where it is narrow, by keyboard too.
        around.set_attribute("tabindex", "0")?;
        let element = make.add(&around, "table", "score", "")?;
        make.add(&element, "caption", "", &table.caption)?;
        let head = make.add(&make.add(&element, "thead", "", "")?.into(), "tr", "", "")?;
        for column in &table.columns {
            make.add(&head, "th", "", column)?.set_attribute("scope", "col")?;
        }
        let body = make.add(&element, "tbody", "", "")?;
        for row in &table.rows {
            let line = make.add(&body, "tr", "", "")?;
            for (k, cell) in row.iter().enumerate() {
                if k == 0 {
                    make.add(&line, "th", "", cell)?.set_attribute("scope", "row")?;
                } else {
                    make.add(&line, "td", "", cell)?;
                }
            }
        }
    }
    Ok(())
}
