//! Writes the panels that report: the check of the arithmetic, and a file being written.

use web_sys::{Document, Element, HtmlElement};

use super::dom;
use crate::app::App;
use crate::figure::text;
use crate::lab::check;
use crate::lab::wire::Checked;
use crate::nn::parameters::Kind;

/// Errors above this mean that backpropagation and differences disagree.
const DISAGREE: f64 = 1e-4;

/// What is being written, if anything.
pub(super) fn write_export(root: &Element, app: &App) {
    if let Some(place) = dom::role(root, "exporting") {
        let words = app.exporting.map_or(String::new(), |format| {
            format!("Repeating the run from step 0 to write the .{} file.", format.ending())
        });
        dom::write(&place, &words);
    }
}

/// The verdict, a row per kind of parameter, and how many were checked.
pub(super) fn write_check(document: &Document, root: &Element, app: &App) {
    let Some(checked) = &app.checked else { return };
    let worst = checked.arms.iter().flatten().map(check::Report::worst).fold(0.0, f64::max);
    let agree = worst <= DISAGREE;
    let (error, step) = (power(worst), text::whole(checked.step));
    let words = match (checked.done, agree) {
        (false, _) => format!("Checking the networks of step {step}: largest error so far {error}."),
        (true, true) => {
            format!(
                "Backpropagation and the difference quotient agree at step {step}: largest error {error}."
            )
        }
        (true, false) => format!("They disagree at step {step}: largest error {error}."),
    };
    if let Some(verdict) = dom::role(root, "check-verdict") {
        dom::write(&verdict, &words);
        dom::mark(&verdict, "data-state", if agree { "plain" } else { "alert" });
    }
    if let Some(count) = dom::role(root, "check-count") {
        dom::write(&count, &counted(checked));
    }
    if let Some(rows) = dom::role(root, "check-rows") {
        write_rows(document, &rows, checked);
    }
}

fn write_rows(document: &Document, rows: &HtmlElement, checked: &Checked) {
    rows.set_text_content(None);
    for (kind, name) in [
        (Kind::Weight, "W, weights"),
        (Kind::Bias, "b, biases"),
        (Kind::Gamma, "γ"),
        (Kind::Beta, "β"),
        (Kind::Alpha, "α of DyT"),
    ] {
        let errors = checked.arms.each_ref().map(|arm| error_of(arm.as_ref().ok(), kind));
        if errors.iter().all(Option::is_none) {
            continue;
        }
        let cells = core::iter::once(("th", name.to_owned()))
            .chain(errors.map(|error| ("td", error.map_or("–".to_owned(), power))));
        let Ok(row) = dom::make::<HtmlElement>(document, "tr", "") else { continue };
        for (tag, words) in cells {
            if let Ok(cell) = dom::make::<HtmlElement>(document, tag, "") {
                cell.set_text_content(Some(&words));
                // A row that cannot be completed is left short; the next report writes it anew.
                let _ = row.append_child(&cell);
            }
        }
        let _ = rows.append_child(&row);
    }
}

fn error_of(report: Option<&check::Report>, kind: Kind) -> Option<f64> {
    report?.kinds.iter().find(|entry| entry.kind == kind && entry.parameters > 0).map(|entry| entry.error)
}

fn counted(checked: &Checked) -> String {
    let reports: Vec<&check::Report> = checked.arms.iter().flatten().collect();
    let sum = |of: fn(&check::Report) -> u32| text::whole(reports.iter().map(|report| of(report)).sum());
    let mut words =
        format!("{} parameters, {} losses, in your browser.", sum(|r| r.parameters.0), sum(|r| r.losses));
    if reports.iter().any(|report| report.noise > 0) {
        words += &format!(" {} of them have gradients too small to resolve.", sum(|r| r.noise));
    }
    for reason in checked.arms.iter().filter_map(|arm| arm.as_ref().err()) {
        words += &format!(" {reason}");
    }
    words
}

/// 3.0·10⁻⁸.
fn power(value: f64) -> String {
    if value <= 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { "not finite".to_owned() };
    }
    let exponent = value.log10().floor() as i32;
    format!("{:.1}·{}", value / 10f64.powi(exponent), text::power(exponent))
}
