//! Axes: value ranges as plotters coordinates, and their ticks. What two of them span is a [`plot`](super::plot).

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use super::text;

/// A range of values on a linear or a logarithmic scale. It maps any number, finite or not, to a place not farther
/// away than eight times its length, so that nothing overflows; clipping is the curve's business.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    /// From, to.
    Linear(f32, f32),
    /// From, to; both more than 0.
    Log(f32, f32),
}

impl Axis {
    /// 0 to the last step.
    #[must_use]
    pub fn steps(last: u32) -> Self {
        Self::Linear(0.0, last.max(1) as f32)
    }

    /// Whole decades.
    #[must_use]
    pub fn decades(low: i32, high: i32) -> Self {
        Self::Log(libm::powf(10.0, low as f32), libm::powf(10.0, high as f32))
    }

    /// From the first value to the last on a logarithmic scale, with a factor of room at either end; none unless they
    /// rise and have logarithms.
    pub(super) fn around(values: &[f32], room: f32) -> Option<Self> {
        let (first, last) = values.first().copied().zip(values.last().copied())?;
        (first > 0.0 && last > first && last.is_finite()).then(|| Self::Log(first / room, last * room))
    }

    /// Where a value lies: 0 at the start, 1 at the end.
    #[must_use]
    pub fn share(&self, value: f32) -> f64 {
        let value = f64::from(value);
        let t = match *self {
            Self::Linear(a, b) => (value - f64::from(a)) / (f64::from(b) - f64::from(a)),
            Self::Log(a, b) => {
                let (a, b) = (libm::log(f64::from(a)), libm::log(f64::from(b)));
                if value > 0.0 { (libm::log(value) - a) / (b - a) } else { -8.0 }
            }
        };
        if t.is_nan() { 0.0 } else { t.clamp(-8.0, 9.0) }
    }

    /// A value's place between two, kept between them.
    pub(super) fn between(&self, [left, right]: [f32; 2], value: f32) -> f32 {
        left + (right - left) * self.share(value).clamp(0.0, 1.0) as f32
    }

    /// The ends.
    #[must_use]
    pub fn ends(&self) -> (f32, f32) {
        match *self {
            Self::Linear(a, b) | Self::Log(a, b) => (a, b),
        }
    }

    /// Ticks with labels: at most about `most` of them, at round values.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<(f32, String)> {
        match *self {
            Self::Linear(a, b) => linear_ticks(a, b, most),
            Self::Log(a, b) => decade_ticks(a, b, most),
        }
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f32;

    fn map(&self, value: &f32, limit: (i32, i32)) -> i32 {
        let length = f64::from(limit.1) - f64::from(limit.0);
        (f64::from(limit.0) + self.share(*value) * length).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f32> {
        self.ticks(hint.max_num_points()).into_iter().map(|(value, _)| value).collect()
    }

    fn range(&self) -> Range<f32> {
        let (a, b) = self.ends();
        a..b
    }
}

fn linear_ticks(a: f32, b: f32, most: usize) -> Vec<(f32, String)> {
    let span = f64::from(b) - f64::from(a);
    if !(span > 0.0 && span.is_finite()) || most == 0 {
        return Vec::new();
    }
    let rough = span / most as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough) + 1e-9));
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * power).find(|s| *s >= 0.999 * rough);
    let Some(step) = step else { return Vec::new() };
    let (first, last) = (libm::ceil(f64::from(a) / step - 1e-6), libm::floor(f64::from(b) / step + 1e-6));
    (0..=(last - first).clamp(0.0, 100.0) as u32)
        .map(|i| (first + f64::from(i)) * step)
        .map(|v| (v as f32, if v >= 1000.0 { text::whole(v as u32) } else { text::plain(v as f32) }))
        .collect()
}

fn decade_ticks(a: f32, b: f32, most: usize) -> Vec<(f32, String)> {
    if !(a > 0.0 && b > a && b.is_finite()) || most == 0 {
        return Vec::new();
    }
    let first = libm::ceil(libm::log10(f64::from(a)) - 1e-6) as i32;
    let last = libm::floor(libm::log10(f64::from(b)) + 1e-6) as i32;
    let every = ((last - first).max(0) as usize + 1).div_ceil(most).max(1);
    (first..=last).step_by(every).map(|e| (libm::powf(10.0, e as f32), text::decade(e))).collect()
}

/// Shares as ticks: "0", "25 %".
pub(super) fn percents(shares: &[f32]) -> Vec<(f32, String)> {
    let label = |s: &f32| if *s == 0.0 { "0".into() } else { text::whole_percent(*s) };
    shares.iter().map(|s| (*s, label(s))).collect()
}

/// The ticks of an accuracy: the quarters of 100 % from the axis's lower end up.
pub(super) fn quarters(low: f32) -> Vec<(f32, String)> {
    let shares: Vec<f32> = [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().filter(|share| *share >= low).collect();
    percents(&shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(Axis::steps(500), 5), ["0", "100", "200", "300", "400", "500"]);
        assert_eq!(labels(Axis::steps(2000), 5).len(), 5);
        assert_eq!(labels(Axis::Linear(-3.0, 2.0), 5), ["−3", "−2", "−1", "0", "1", "2"]);
        assert_eq!(labels(Axis::Log(0.001, 3.0), 8), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(
            labels(Axis::decades(-12, 3), 8),
            ["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100"]
        );
        assert!(labels(Axis::Linear(1.0, 1.0), 5).is_empty());
        assert!(labels(Axis::Log(0.0, f32::NAN), 5).is_empty());
    }

    #[test]
    fn every_number_has_a_place() {
        for axis in [Axis::Linear(0.0, 1.0), Axis::Log(1e-3, 3.0), Axis::Linear(0.0, 0.0)] {
            for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -1.0, f32::MAX, f32::MIN_POSITIVE]
            {
                assert!(axis.map(&value, (0, 8000)).abs() <= 72_000, "{axis:?} {value}");
            }
        }
        assert_eq!(Axis::Log(0.01, 1.0).map(&0.1, (0, 800)), 400);
        assert_eq!(Axis::Linear(0.0, 500.0).map(&125.0, (0, 800)), 200);
    }

    #[test]
    fn a_row_of_settings_spans_an_axis_if_it_rises() {
        assert_eq!(Axis::around(&[0.5, 1.0, 4.0], 2.0), Some(Axis::Log(0.25, 8.0)));
        for bad in [&[][..], &[1.0], &[0.0, 1.0], &[2.0, 1.0], &[1.0, f32::INFINITY]] {
            assert_eq!(Axis::around(bad, 2.0), None, "{bad:?}");
        }
    }

    #[test]
    fn an_accuracy_is_ticked_in_quarters_and_zero_has_no_unit() {
        let labels: Vec<String> = quarters(0.4).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["50 %", "75 %", "100 %"]);
        assert_eq!(quarters(0.0)[0], (0.0, "0".into()));
    }
}
