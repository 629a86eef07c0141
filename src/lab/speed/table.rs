//! The table of what was measured, in Markdown.

use core::fmt::Write as _;

use super::{Measured, NORMS, Workload};

/// The middle of several measurements, and their extremes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle one; of an even number, the mean of the middle two.
    pub median: f64,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

impl Spread {
    /// Of any number of measurements; of none, not a number.
    pub fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |i: usize| sorted.get(i).copied().unwrap_or(f64::NAN);
        let count = sorted.len();
        let median = (at(count / 2) + at(count.saturating_sub(1) / 2)) / 2.0;
        Self { median, low: at(0), high: at(count.saturating_sub(1)) }
    }
}

impl Measured {
    /// Share of the peak, repeat by repeat, without (0) or with batch norm (1).
    pub fn share_of_peak(&self, norm: usize) -> Spread {
        let shares = self.ms[norm].iter().zip(&self.peak).map(|(ms, peak)| self.flop / (ms / 1e3) / peak);
        Spread::of(&shares.collect::<Vec<_>>())
    }

    /// How much longer a step takes with batch norm, repeat by repeat, as a share of the step without.
    pub fn price(&self) -> Spread {
        let prices = self.ms[0].iter().zip(&self.ms[1]).map(|(without, with)| with / without - 1.0);
        Spread::of(&prices.collect::<Vec<_>>())
    }

    /// The cells of a row: workload, norm, microseconds per step, their spread, steps per second, GFLOP/s, % of peak,
    /// and the price of batch norm.
    pub fn cells(&self, norm: usize) -> [String; 8] {
        let Spread { median, low, high } = Spread::of(&self.ms[norm]);
        let per_second = 1e3 / median;
        [
            self.workload.clone(),
            NORMS[norm].0.to_owned(),
            micro(median),
            format!("{} to {}", micro(low), micro(high)),
            format!("{per_second:.0}"),
            format!("{:.1}", self.flop * per_second / 1e9),
            format!("{:.1} %", 100.0 * self.share_of_peak(norm).median),
            if norm == 0 { String::new() } else { format!("{:+.1} %", 100.0 * self.price().median) },
        ]
    }
}

/// Milliseconds as microseconds, in three digits or so.
fn micro(ms: f64) -> String {
    let micro = 1e3 * ms;
    if micro < 99.5 { format!("{micro:.2}") } else { format!("{micro:.0}") }
}

/// The heads of the columns of [`Measured::cells`].
pub const HEADS: [&str; 8] =
    ["workload", "norm", "µs per step", "spread", "steps/s", "GFLOP/s", "of peak", "price of batch norm"];

/// Everything, with the peak and what the letters mean below.
pub fn table(all: &[Measured]) -> String {
    let mut text = format!("| {} |\n|{}\n", HEADS.join(" | "), " --- |".repeat(HEADS.len()));
    for measured in all {
        for norm in 0..NORMS.len() {
            let _ = writeln!(text, "| {} |", measured.cells(norm).join(" | "));
        }
    }
    let peaks: Vec<f64> = all.iter().flat_map(|measured| &measured.peak).copied().collect();
    let Spread { median, low, high } = Spread::of(&peaks);
    let _ = write!(
        text,
        "\nPeak of multiply and add on four lanes in the same run: {:.1} GFLOP/s ({:.1} to {:.1}). ",
        median / 1e9,
        low / 1e9,
        high / 1e9
    );
    let words = Workload::ALL.map(|workload| format!("{}: {}", workload.name(), workload.words()));
    let _ = writeln!(text, "{}.", words.join("; "));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_prices_are_taken_repeat_by_repeat() {
        let measured = Measured {
            workload: "T".to_owned(),
            flop: 1e6,
            // The third repeat was disturbed throughout: three times slower, peak and all.
            ms: [vec![0.1, 0.1, 0.3], vec![0.11, 0.12, 0.33]],
            peak: vec![2e10, 2e10, 2e10 / 3.0],
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        close(measured.share_of_peak(0).median, 0.5);
        close(measured.share_of_peak(0).low, 0.5);
        close(measured.price().median, 0.1);
        close(measured.price().high, 0.2);
        assert_eq!(measured.cells(1)[2..4], ["120", "110 to 330"]);
        assert_eq!(measured.cells(0)[4..7], ["10000", "10.0", "50.0 %"]);
        assert!(table(&[measured]).contains("| T | batch | 120 | 110 to 330 | 8333 |"));
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        assert_eq!(Spread::of(&[4.0, 1.0, 3.0, 2.0]), Spread { median: 2.5, low: 1.0, high: 4.0 });
        assert!(Spread::of(&[]).median.is_nan());
    }
}
