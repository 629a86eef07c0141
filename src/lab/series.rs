//! Series of bounded length: a million steps cost no more to keep or to draw than a thousand.
//!
//! When a series is full, neighbours are merged and each entry stands for twice as many steps. Minimum and
//! maximum survive the merge, so no spike is lost.

use super::view::Point;

/// Entries kept before neighbours are merged: more than a figure has pixel columns.
const CAPACITY: usize = 1024;

/// Weight of the past, per step, in the smoothed line.
const SMOOTHING: f64 = 0.95;

/// The smallest value a logarithm is taken of.
const FLOOR: f64 = 1e-12;

/// A run of steps: the extremes met, in the order they came.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: Point,
    second: Point,
    smooth_log: f32,
    smooth_linear: f32,
}

impl Stretch {
    fn low(&self) -> Point {
        if self.first.value <= self.second.value { self.first } else { self.second }
    }

    fn high(&self) -> Point {
        if self.first.value > self.second.value { self.first } else { self.second }
    }

    /// Both stretches as one; the smoothed value is that at its end.
    fn joined(self, later: Self) -> Self {
        let low = if later.low().value < self.low().value { later.low() } else { self.low() };
        let high = if later.high().value > self.high().value { later.high() } else { self.high() };
        let (first, second) = if low.step <= high.step { (low, high) } else { (high, low) };
        Self { first, second, ..later }
    }
}

/// An exponential average without the bias of its start (Kingma and Ba 2015, section 3, name the correction).
#[derive(Clone, Copy, Debug, Default)]
struct Average {
    sum: f64,
    weight: f64,
}

impl Average {
    fn push(&mut self, value: f64) -> f64 {
        self.sum = SMOOTHING * self.sum + (1.0 - SMOOTHING) * value;
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING);
        self.sum / self.weight
    }
}

/// One value per step, thinned as it grows, with its smoothed line in either scale.
#[derive(Clone, Debug, Default)]
pub struct StepSeries {
    stretches: Vec<Stretch>,
    /// The stretch being filled and how many steps it has.
    open: Option<(Stretch, u32)>,
    /// Steps per stretch; 0 until the first value.
    stride: u32,
    in_log: Average,
    in_linear: Average,
}

impl StepSeries {
    /// Adds the value of the next step.
    pub fn push(&mut self, step: u32, value: f32) {
        let point = Point { step: step as f32, value };
        let smooth_log = libm::exp(self.in_log.push(libm::log(f64::from(value).max(FLOOR)))) as f32;
        let smooth_linear = self.in_linear.push(f64::from(value)) as f32;
        let new = Stretch { first: point, second: point, smooth_log, smooth_linear };
        let (stretch, steps) = match self.open.take() {
            Some((open, steps)) => (open.joined(new), steps + 1),
            None => (new, 1),
        };
        if steps < self.stride.max(1) {
            self.open = Some((stretch, steps));
            return;
        }
        self.stretches.push(stretch);
        if self.stretches.len() >= CAPACITY {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.stride = self.stride.max(1) * 2;
        self.stretches = self.stretches.chunks(2).map(|pair| pair[0].joined(pair[pair.len() - 1])).collect();
    }

    fn all(&self) -> impl Iterator<Item = &Stretch> {
        self.stretches.iter().chain(self.open.iter().map(|(stretch, _)| stretch))
    }

    /// The values as they were, or the extremes of each stretch once thinned.
    pub fn raw(&self) -> Vec<Point> {
        let mut points = Vec::with_capacity(2 * self.stretches.len() + 2);
        for stretch in self.all() {
            points.push(stretch.first);
            if stretch.second.step > stretch.first.step {
                points.push(stretch.second);
            }
        }
        points
    }

    /// The smoothed line: the geometric mean if `in_log`, else the arithmetic one.
    pub fn smooth(&self, in_log: bool) -> Vec<Point> {
        let value = |stretch: &Stretch| if in_log { stretch.smooth_log } else { stretch.smooth_linear };
        self.all().map(|s| Point { step: s.second.step.max(s.first.step), value: value(s) }).collect()
    }

    /// The last smoothed value.
    pub fn last_smooth(&self, in_log: bool) -> Option<f32> {
        self.all().last().map(|s| if in_log { s.smooth_log } else { s.smooth_linear })
    }
}

/// Measurements made now and then; when full, every second one is dropped and the new ones come as rarely.
#[derive(Clone, Debug)]
pub struct Samples<T> {
    items: Vec<(u32, T)>,
    /// Only every so many offered samples are kept.
    keep_every: u32,
    offered: u32,
}

impl<T> Default for Samples<T> {
    fn default() -> Self {
        Self { items: Vec::new(), keep_every: 1, offered: 0 }
    }
}

impl<T> Samples<T> {
    /// At most so many are kept.
    const CAPACITY: usize = 512;

    /// Offers the measurement made at `step`.
    pub fn push(&mut self, step: u32, item: T) {
        let wanted = self.offered.is_multiple_of(self.keep_every);
        self.offered += 1;
        if !wanted {
            return;
        }
        self.items.push((step, item));
        if self.items.len() >= Self::CAPACITY {
            self.keep_every *= 2;
            let mut index = 0;
            self.items.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }

    /// What was kept, in order.
    pub fn items(&self) -> &[(u32, T)] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_steps_stay_small_and_keep_the_spike() {
        let mut series = StepSeries::default();
        for step in 0..1_000_000 {
            series.push(step, if step == 123_457 { 9.0 } else { 0.5 });
        }
        let raw = series.raw();
        assert!(raw.len() <= 2 * CAPACITY + 2, "{}", raw.len());
        assert!(raw.contains(&Point { step: 123_457.0, value: 9.0 }));
        assert!(raw.windows(2).all(|pair| pair[0].step < pair[1].step));
        assert_eq!(raw.last().map(|p| p.value), Some(0.5));
    }

    #[test]
    fn a_short_series_is_kept_as_it_was() {
        let mut series = StepSeries::default();
        for step in 0..300 {
            series.push(step, step as f32);
        }
        assert_eq!(series.raw().len(), 300);
        assert_eq!(series.raw()[299], Point { step: 299.0, value: 299.0 });
    }

    #[test]
    fn smoothing_follows_the_scale_shown() {
        let mut series = StepSeries::default();
        for step in 0..400 {
            series.push(step, if step % 2 == 0 { 1.0 } else { 0.01 });
        }
        let geometric = series.last_smooth(true).unwrap();
        let arithmetic = series.last_smooth(false).unwrap();
        assert!((geometric - 0.1).abs() < 0.015, "{geometric}");
        assert!((arithmetic - 0.505).abs() < 0.02, "{arithmetic}");
    }

    #[test]
    fn the_first_smoothed_value_is_the_first_value() {
        let mut series = StepSeries::default();
        series.push(0, 0.7);
        assert!((series.last_smooth(true).unwrap() - 0.7).abs() < 1e-6);
        assert!((series.last_smooth(false).unwrap() - 0.7).abs() < 1e-6);
    }

    #[test]
    fn samples_thin_out_evenly() {
        let mut samples = Samples::default();
        for k in 0..100_000_u32 {
            samples.push(k * 5, k);
        }
        assert!(samples.items().len() < 512);
        let gaps: Vec<u32> = samples.items().windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        assert!(gaps.iter().all(|&gap| gap == gaps[0]), "{gaps:?}");
        assert_eq!(samples.items()[0], (0, 0));
    }
}
