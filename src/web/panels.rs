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
    let (words, alert) =
        app.checked.as_ref().map_or(("Nothing has been checked yet.".to_owned(), false), verdict);
    if let Some(place) = dom::role(root, "check-verdict") {
        if place.text_content().as_deref() == Some(&words) {
            return;
        }
        dom::write(&place, &words);
        dom::mark(&place, "data-state", if alert { "alert" } else { "plain" });
    }
    if let Some(count) = dom::role(root, "check-count") {
        dom::write(&count, &app.checked.as_ref().map_or(String::new(), counted));
    }
    if let Some(rows) = dom::role(root, "check-rows") {
        rows.set_text_content(None);
        if let Some(checked) = &app.checked {
            write_rows(document, &rows, checked);
        }
    }
}

/// The sentence, and whether it is bad news.
fn verdict(checked: &Checked) -> (String, bool) {
    let reports = || checked.arms.iter().flatten();
    let measured: u32 = reports().flat_map(|report| &report.kinds).map(|kind| kind.parameters).sum();
    let errors = reports().flat_map(|report| [report.worst(), report.loss_error]);
    // An error that is no number must not pass for a small one.
    let worst =
        errors.fold(0.0_f64, |worst, error| if error > worst || error.is_nan() { error } else { worst });
    let (error, step) = (power(worst), text::whole(checked.step));
    let parameters: u32 = reports().map(|report| report.parameters.0).sum();
    if !checked.done {
        let words =
            format!("Checking the networks of step {step}: {} parameters so far.", text::whole(parameters));
        return (words, false);
    }
    if measured == 0 {
        return (
            format!("Nothing could be checked at step {step}: there is no gradient large enough."),
            false,
        );
    }
    if worst <= DISAGREE {
        let words = format!(
            "Backpropagation and the difference quotient agree at step {step}: largest error {error}."
        );
        return (words, false);
    }
    (format!("They disagree at step {step}: largest error {error}."), true)
}

fn write_rows(document: &Document, rows: &HtmlElement, checked: &Checked) {
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
