//! Numbers as they stand in a sentence: only as many digits as count.

use crate::lab::number::{scientific, whole};
use crate::lab::sentence::percent;

/// Two digits that mean something: 0.10, 1.8, 18, 2 400, 1.1 million, 3.2 × 10⁻⁸.
pub fn number(value: f32) -> String {
    let v = f64::from(value);
    let size = v.abs();
    let sign = if v < 0.0 { "\u{2212}" } else { "" };
    match size {
        s if s.is_nan() => "not a number".to_owned(),
        s if s.is_infinite() => format!("{sign}\u{221e}"),
        // What a probe keeps in place of a number that was not finite.
        s if s >= f64::from(f32::MAX) => "overflowed".to_owned(),
        0.0 => "0".to_owned(),
        s if s < 0.000_95 => format!("{sign}{}", scientific(s, 1)),
        s if s < 9.95 => {
            // One digit after the first that counts.
            let digits = (1 - floor_log10(s)).clamp(1, 4) as usize;
            format!("{sign}{s:.digits$}")
        }
        s if s < 999_500.0 => format!("{sign}{}", whole(two_digits(s))),
        s if s < 99.5e6 => format!("{sign}{:.1} million", s / 1e6),
        s => format!("{sign}{}", scientific(s, 1)),
    }
}

/// A learning rate or a scale: as short as it is exact to two digits. 0.1, 0.0018, 31.6 as 32, 10 000.
pub fn rate(value: f32) -> String {
    let text = number(value);
    if text.contains('.') && !text.contains(' ') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// "18 times".
pub fn times(factor: f32) -> String {
    format!("{} times", number(factor))
}

/// "99.1 % [98.2..99.5]", or without the brackets for one value.
pub fn percents(median: f32, low: f32, high: f32) -> String {
    let bare = |share: f32| percent(share).trim_end_matches(" %").to_owned();
    if low == high { percent(median) } else { format!("{} [{}..{}]", percent(median), bare(low), bare(high)) }
}

/// "0.10 [0.08..0.20]", or without the brackets for one value.
pub fn spread(median: f32, low: f32, high: f32) -> String {
    if low == high {
        number(median)
    } else {
        format!("{} [{}..{}]", number(median), number(low), number(high))
    }
}

/// A small number as a word: "three".
pub fn spelled(n: usize) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six"];
    words.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// A difference of two shares: "one point", "2 points".
pub fn points(difference: f32) -> String {
    match rate(100.0 * difference).as_str() {
        "1" => "one point".to_owned(),
        points => format!("{points} points"),
    }
}

/// "without it none", "2".
pub fn or_none(n: usize) -> String {
    if n == 0 { "none".to_owned() } else { n.to_string() }
}

/// Before there is anything to judge by.
pub(super) const NOTHING: &str = "the first runs have not come back yet.";

/// What the numbers of a verdict stand on.
pub fn basis(seeds: u32) -> String {
    if seeds == 1 { "one run".to_owned() } else { format!("medians over {seeds} seeds") }
}

fn floor_log10(size: f64) -> i32 {
    libm::floor(libm::log10(size)) as i32
}

/// Rounded to two digits that count, up to thousands: 2 400, 2 437 stays 2 400.
fn two_digits(size: f64) -> u64 {
    let unit = libm::pow(10.0, f64::from((floor_log10(size) - 1).max(0)));
    (libm::round(size / unit) * unit) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_digits_that_count() {
        let cases = [
            (0.1, "0.10"),
            (1.778, "1.8"),
            (17.78, "18"),
            (0.001, "0.0010"),
            (9.96, "10"),
            (2437.0, "2\u{2009}400"),
            (10_000.0, "10\u{2009}000"),
            (1.1e6, "1.1 million"),
            (1.2e-8, "1.2 × 10⁻⁸"),
            (-0.5, "\u{2212}0.50"),
            (0.0, "0"),
            (f32::MAX, "overflowed"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!([0.1, 0.001, 1.0, 31.6, 10.0].map(rate), ["0.1", "0.001", "1", "32", "10"]);
        assert_eq!(times(17.78), "18 times");
    }

    #[test]
    fn one_seed_is_one_run() {
        assert_eq!(basis(1), "one run");
        assert_eq!(basis(3), "medians over 3 seeds");
        assert_eq!(percents(0.991, 0.982, 0.995), "99.1 % [98.2..99.5]");
        assert_eq!(percents(0.5, 0.5, 0.5), "50.0 %");
    }

    #[test]
    fn thresholds_are_said_as_a_rule_says_them() {
        assert_eq!([0, 3, 7].map(spelled), ["no", "three", "7"]);
        assert_eq!([0.01, 0.02, 0.005].map(points), ["one point", "2 points", "0.5 points"]);
    }
}
