//! What the check of the arithmetic says: a verdict, a row per kind of parameter, and how many were checked.

use crate::figure::text;
use crate::lab::check;
use crate::lab::wire::Checked;
use crate::nn::parameters::Kind;

/// Errors above this mean that backpropagation and differences disagree.
const DISAGREE: f64 = 1e-4;

/// One kind of parameter: its name, then the error of each arm.
pub type Row = (&'static str, [String; 2]);

/// The sentence, and whether it is bad news.
pub fn verdict(checked: Option<&Checked>) -> (String, bool) {
    let Some(checked) = checked else { return ("Nothing has been checked yet.".to_owned(), false) };
    let reports = || checked.arms.iter().flatten();
    let measured: u32 = reports().flat_map(|report| &report.kinds).map(|kind| kind.parameters).sum();
    let errors = reports().flat_map(|report| [report.worst(), report.loss_error]);
    // An error that is no number must not pass for a small one.
    let worst =
        errors.fold(0.0_f64, |worst, error| if error > worst || error.is_nan() { error } else { worst });
    let (error, step) = (text::scientific(worst as f32), text::whole(checked.step));
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

/// A row per kind of parameter that there is.
pub fn rows(checked: &Checked) -> Vec<Row> {
    let kinds = [
        (Kind::Weight, "W, weights"),
        (Kind::Bias, "b, biases"),
        (Kind::Gamma, "γ"),
        (Kind::Beta, "β"),
        (Kind::Alpha, "α of DyT"),
    ];
    let errors = |kind| checked.arms.each_ref().map(|arm| error_of(arm.as_ref().ok(), kind));
    let row = |(kind, name)| {
        let errors = errors(kind);
        errors.iter().any(Option::is_some).then(|| {
            (name, errors.map(|error| error.map_or("–".to_owned(), |size| text::scientific(size as f32))))
        })
    };
    kinds.into_iter().filter_map(row).collect()
}

fn error_of(report: Option<&check::Report>, kind: Kind) -> Option<f64> {
    report?.kinds.iter().find(|entry| entry.kind == kind && entry.parameters > 0).map(|entry| entry.error)
}

/// How many parameters, at what price, and what could not be checked.
pub fn counted(checked: &Checked) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::check::{KindError, Report};

    fn checked(error: f64, done: bool) -> Checked {
        let kinds = vec![KindError { kind: Kind::Weight, parameters: 12, error }];
        let report = Report { kinds, parameters: (12, 12), ..Report::default() };
        Checked { step: 420, arms: [Ok(report), Err("It diverged at step 3.".to_owned())], done }
    }

    #[test]
    fn agreement_and_disagreement_are_told_apart_and_no_number_is_not_a_small_one() {
        let told = |error| verdict(Some(&checked(error, true)));
        assert_eq!(
            told(3e-8),
            (
                "Backpropagation and the difference quotient agree at step 420: largest error 3.0 × 10⁻⁸."
                    .into(),
                false
            )
        );
        assert_eq!(told(2e-3), ("They disagree at step 420: largest error 2.0 × 10⁻³.".into(), true));
        assert!(told(f64::NAN).1);
        assert!(verdict(Some(&checked(1.0, false))).0.starts_with("Checking"));
        assert_eq!(verdict(None).0, "Nothing has been checked yet.");
    }

    #[test]
    fn an_arm_that_cannot_be_checked_is_a_dash_and_a_reason() {
        let checked = checked(3e-8, true);
        assert_eq!(rows(&checked), [("W, weights", ["3.0 × 10⁻⁸".to_owned(), "–".to_owned()])]);
        assert!(counted(&checked).ends_with("It diverged at step 3."));
    }
}
