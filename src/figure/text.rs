//! How numbers are written in figures, and how wide text is by a fixed rule.
//!
//! The rule replaces measuring: it needs no browser, so canvas, SVG and tests agree. It errs on the wide side.

use crate::lab::number::{self, THIN};
pub use crate::lab::number::{fixed, power_of_ten};
use crate::lab::sentence;

/// A whole number with a thin space between thousands: "1 437".
#[must_use]
pub fn whole(n: u32) -> String {
    number::whole(n.into())
}

/// A decade on an axis: plain from 0.001 to 1 000, else a power.
#[must_use]
pub fn decade(exponent: i32) -> String {
    match exponent {
        -3 => "0.001".into(),
        -2 => "0.01".into(),
        -1 => "0.1".into(),
        0..=3 => whole(10_u32.pow(exponent.unsigned_abs())),
        _ => power_of_ten(exponent),
    }
}

/// With `places` decimals, or that it is not finite.
pub(super) fn fixed_or_not(value: f32, places: usize) -> String {
    if value.is_finite() { fixed(value, places) } else { "not finite".into() }
}

/// As short as it can be written without loss in an axis label: "0.5", "2", "−1".
#[must_use]
pub fn plain(value: f32) -> String {
    let text = fixed(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// A loss to the hundredth, from ten on to the tenth, or to two figures where it is small: "0.41", "0.040", "12.5", "3.1 × 10⁻⁵"; never "NaN".
#[must_use]
pub fn loss(value: f32) -> String {
    if !value.is_finite() {
        return "not finite".into();
    }
    let size = value.abs();
    if size >= 1e5 || (size > 0.0 && size < 0.0005) {
        return scientific(value);
    }
    match size {
        s if s >= 99.95 => fixed(value, 0),
        s if s >= 9.995 => fixed(value, 1),
        s if s >= 0.0995 => fixed(value, 2),
        _ => fixed(value, 3),
    }
}

/// A size that spans many decades: "3.1 × 10⁻³"; never "NaN".
#[must_use]
pub fn scientific(value: f32) -> String {
    if !value.is_finite() {
        return "not finite".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    number::scientific(f64::from(value), 1)
}

/// A setting such as a learning rate, as short as it can be said: "0.3", "0.03", "10".
#[must_use]
pub fn short(value: f32) -> String {
    let text = loss(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// A share in [0, 1] with one decimal, "98.8 %"; "100 %" is only said of all.
#[must_use]
pub fn percent(share: f32) -> String {
    if share.is_finite() { sentence::percent(share) } else { "–".into() }
}

/// A share in [0, 1] on an axis: "75 %".
#[must_use]
pub fn whole_percent(share: f32) -> String {
    format!("{} %", plain(100.0 * share))
}

/// What guessing costs: "guessing, 0.69".
pub(super) fn guessing_loss(loss: f32) -> String {
    format!("guessing, {}", fixed(loss, 2))
}

/// How much guessing gets right: "guessing, 33.3 %".
pub(super) fn guessing_share(share: f32) -> String {
    format!("guessing, {} %", plain((1000.0 * share).round() / 10.0))
}

/// Width in the unit of `size`, by the letter widths of the widest of the usual system faces.
#[must_use]
pub fn width(text: &str, size: f32, bold: bool) -> f32 {
    let em: f32 = text.chars().map(letter).sum();
    em * size * if bold { 1.07 } else { 1.0 }
}

fn letter(c: char) -> f32 {
    match c {
        // A hat stands on the letter before it.
        '\u{302}' => 0.0,
        'i' | 'j' | 'l' | '\'' | '|' | '·' => 0.24,
        '.' | ',' | ':' | ';' | ' ' | '!' | 'I' => 0.29,
        THIN => 0.2,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.35,
        '⁻' | '⁰'..='⁹' | '¹' | '²' | '³' => 0.36,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.52,
        'm' | 'M' => 0.88,
        'w' => 0.76,
        '%' | 'W' | '@' => 0.93,
        'A'..='Z' => 0.71,
        _ => 0.575,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_print() {
        assert_eq!(whole(1_234_567), "1\u{2009}234\u{2009}567");
        assert_eq!(whole(999), "999");
        assert_eq!(power_of_ten(-12), "10⁻¹²");
        assert_eq!([decade(-3), decade(-4), decade(0), decade(4)], ["0.001", "10⁻⁴", "1", "10⁴"]);
        assert_eq!([fixed(-0.04, 1), fixed(-1.26, 1)], ["0.0", "−1.3"]);
        assert_eq!([plain(0.5), plain(-2.0), plain(100.0), plain(0.0)], ["0.5", "−2", "100", "0"]);
        assert_eq!(percent(0.9875), "98.8 %");
        assert_eq!(percent(f32::NAN), "–");
    }

    #[test]
    fn losses_keep_three_figures_and_never_say_nan() {
        let told = [0.0, 0.0402, 0.406, 12.34, 250.0, 0.000_031, 9.7e-5, 2.5e30, f32::NAN].map(loss);
        let want =
            ["0.000", "0.040", "0.41", "12.3", "250", "3.1 × 10⁻⁵", "9.7 × 10⁻⁵", "2.5 × 10³⁰", "not finite"];
        assert_eq!(told, want);
        assert_eq!(loss(f32::INFINITY), "not finite");
        assert_eq!(
            [scientific(0.00996), scientific(-4.0), scientific(0.0)],
            ["1.0 × 10⁻²", "−4.0 × 10⁰", "0"]
        );
        assert_eq!([short(0.3), short(10.0), short(1.0), short(0.05)], ["0.3", "10", "1", "0.05"]);
    }

    #[test]
    fn width_grows_with_text_size_and_weight() {
        assert!(width("without BN", 12.0, true) > width("without BN", 12.0, false));
        assert!(width("without BN", 12.0, true) > width("with BN", 12.0, true));
        assert!((width("1", 24.0, false) - 2.0 * width("1", 12.0, false)).abs() < 1e-4);
    }
}
