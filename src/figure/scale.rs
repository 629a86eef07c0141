//! The shared scales of Figs. 3 and 4: chosen from whole steps of everything measured so far, so that both arms,
//! all layers and all moments can be compared and no axis creeps.

use super::axis::Axis;
use super::text;
use crate::lab::view::{GradientOf, LayerArmView, LayersView};

/// The widest a gradient axis may be, as exponents of ten.
const FLOOR: i32 = -12;
const CEILING: i32 = 3;
/// Values per decade and side that may lie outside the axis: 1 in 100.
const OUTSIDE: usize = 100;

fn arms(view: &LayersView) -> impl Iterator<Item = &LayerArmView> {
    view.layers.iter().flatten()
}

/// How many values lie in each decade between the floor and the ceiling; those beyond are in the outer ones.
#[derive(Default)]
struct Decades([usize; (CEILING - FLOOR) as usize]);

impl Decades {
    fn add(&mut self, value: f32) {
        const ENDS: [f32; 14] =
            [1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0];
        if value.is_finite() && value > 0.0 {
            self.0[ENDS.partition_point(|end| *end <= value)] += 1;
        }
    }

    /// The decades that hold all but the few outermost values.
    fn window(&self) -> Option<(i32, i32)> {
        let all: usize = self.0.iter().sum();
        let spare = all / OUTSIDE;
        let mut low = 0;
        let mut high = self.0.len();
        let (mut below, mut above) = (0, 0);
        while low < high && below + self.0[low] <= spare {
            below += self.0[low];
            low += 1;
        }
        while high > low && above + self.0[high - 1] <= spare {
            above += self.0[high - 1];
            high -= 1;
        }
        (all > 0 && low < high).then_some((FLOOR + low as i32, FLOOR + high as i32))
    }
}

/// The decades of a gradient axis: at least two of them, and room for all but 1 in 100 of the values so far.
///
/// It is what the run needed each time it had grown by a quarter, taken together: so the axis jumps seldom, by
/// whole decades, outwards only. A value that falls outside meanwhile stands at the edge.
#[must_use]
pub fn gradient_decades(view: &LayersView) -> (i32, i32) {
    let mut seen = Decades::default();
    let mut hull: Option<(i32, i32)> = None;
    let longest = arms(view).map(|arm| arm.gradient_history.len()).max().unwrap_or(0);
    let mut due = 1;
    for i in 0..longest {
        arms(view).filter_map(|arm| arm.gradient_history.get(i)).for_each(|p| seen.add(p.value));
        if i + 1 == due {
            due = (due + 1).max(due + due / 4);
            hull = wider(hull, seen.window());
        }
    }
    if hull.is_none() {
        arms(view).filter_map(|arm| arm.gradient).for_each(|value| seen.add(value));
        hull = seen.window();
    }
    match hull {
        None => (-4, -2),
        Some((low, high)) if high - low >= 2 => (low, high),
        Some((low, high)) => (high - 2, high.max(low + 1)),
    }
}

fn wider(a: Option<(i32, i32)>, b: Option<(i32, i32)>) -> Option<(i32, i32)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// The decades of [`gradient_decades`] as an axis.
#[must_use]
pub fn gradient_axis(view: &LayersView) -> Axis {
    let (low, high) = gradient_decades(view);
    Axis::decades(low, high)
}

/// Its ticks: every decade, or as many as fit `room` CSS pixels.
#[must_use]
pub fn gradient_ticks(view: &LayersView, room: f32) -> Vec<(f32, String)> {
    let (low, high) = gradient_decades(view);
    let fit = ((room / 34.0) as usize).max(2);
    let every = ((high - low) as usize).div_ceil(fit).max(1);
    let tick = |e: i32| (libm::powf(10.0, e as f32), text::power_of_ten(e));
    (low..=high).step_by(every).map(tick).collect()
}

/// What the gradient is taken with respect to, as the axis says it.
#[must_use]
pub fn gradient_name(of: GradientOf) -> String {
    format!("size of {}, log", of.symbol())
}

/// How far to either side of its centre an axis of learned scales or shifts reaches: 0.6, doubled as needed.
#[must_use]
pub fn reach(values: impl Iterator<Item = f32>, centre: f32) -> f32 {
    let far = values.filter(|v| v.is_finite()).map(|v| (v - centre).abs()).fold(0.0, f32::max);
    let mut reach = 0.6;
    while reach < far && reach < 1e4 {
        reach *= 2.0;
    }
    reach
}

/// The axis of gamma (centre 1) or beta (centre 0).
#[must_use]
pub fn learned_axis(centre: f32, reach: f32) -> Axis {
    Axis::Linear(centre - reach, centre + reach)
}

/// Its three ticks.
#[must_use]
pub fn learned_ticks(centre: f32, reach: f32) -> [(f32, String); 3] {
    let step = reach / 1.2;
    [centre - step, centre, centre + step].map(|v| (v, text::plain(v)))
}

/// gamma and beta reach over all layers of the arm with the norm.
#[must_use]
pub fn learned_reach(view: &LayersView) -> [f32; 2] {
    let with = || view.layers.iter().map(|l| &l[1]);
    [
        reach(with().flat_map(|l| l.gamma.iter().copied()), 1.0),
        reach(with().flat_map(|l| l.beta.iter().copied()), 0.0),
    ]
}

/// The axis of one unit's percentiles, for both arms: −3 to 2, widened by whole units, beyond ten by tens, until it
/// holds all but 1 in 50 of them.
#[must_use]
pub fn percentile_axis(view: &LayersView) -> Axis {
    let selected = || view.layers.get(view.selected).into_iter().flatten().flat_map(|arm| &arm.percentiles);
    let end = |which: usize| {
        let mut ends: Vec<f32> = selected().map(|(_, p)| p[which]).filter(|v| v.is_finite()).collect();
        let (last, spare) = (ends.len().checked_sub(1)?, ends.len() / 50);
        let place = if which == 0 { spare } else { last - spare };
        Some(*ends.select_nth_unstable_by(place, f32::total_cmp).1)
    };
    let whole = |v: f32| if v.abs() > 10.0 { (v / 10.0).abs().ceil() * 10.0 * v.signum() } else { v };
    let low = end(0).map_or(-3.0, |v| whole(v.floor()).clamp(-1e4, -3.0));
    let high = end(2).map_or(2.0, |v| whole(v.ceil()).clamp(2.0, 1e4));
    Axis::Linear(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::view::Point;

    fn view(gradients: &[f32]) -> LayersView {
        let arm = |&g: &f32| LayerArmView { gradient: Some(g), ..LayerArmView::default() };
        let layers = gradients.iter().map(|g| [arm(g), arm(g)]).collect();
        LayersView { layers, ..LayersView::default() }
    }

    fn past(values: impl Iterator<Item = f32>) -> LayersView {
        let mut view = view(&[1e-3]);
        view.layers[0][0].gradient_history =
            values.enumerate().map(|(i, value)| Point { step: i as f32, value }).collect();
        view
    }

    #[test]
    fn the_gradient_window_is_whole_decades() {
        assert_eq!(gradient_decades(&view(&[])), (-4, -2));
        assert_eq!(gradient_decades(&view(&[2e-3, 5e-4])), (-4, -2));
        assert_eq!(gradient_decades(&view(&[2e-3, 5e-6])), (-6, -2));
        assert_eq!(gradient_decades(&view(&[0.5, 0.2])), (-2, 0));
        assert_eq!(gradient_decades(&view(&[1e-30, 1e20])), (-12, 3));
        assert_eq!(gradient_decades(&view(&[f32::NAN, 0.0, f32::INFINITY])), (-4, -2));
    }

    #[test]
    fn the_window_only_widens_and_seldom() {
        let falling = |n: usize| past((0..n).map(|i| libm::powf(10.0, -1.5 - i as f32 / 50.0)));
        let mut last = gradient_decades(&falling(1));
        let mut changes = 0;
        for n in 2..400 {
            let now = gradient_decades(&falling(n));
            assert!(now.0 <= last.0 && now.1 >= last.1, "{last:?} {now:?}");
            changes += usize::from(now != last);
            last = now;
        }
        assert!(last.0 <= -8 && last.1 == -1 && changes <= 8, "{last:?} {changes}");
    }

    #[test]
    fn one_spike_in_many_does_not_widen_it() {
        let spiked = past((0..1000).map(|i| if i == 500 { 1e2 } else { 2e-3 }));
        assert_eq!(gradient_decades(&spiked), gradient_decades(&past((0..1000).map(|_| 2e-3))));
    }

    #[test]
    fn learned_axes_double() {
        assert_eq!(reach([1.5].into_iter(), 1.0), 0.6);
        assert_eq!(reach([1.7, f32::NAN].into_iter(), 1.0), 1.2);
        let labels: Vec<String> = learned_ticks(0.0, 0.6).into_iter().map(|t| t.1).collect();
        assert_eq!(labels, ["−0.5", "0", "0.5"]);
    }

    #[test]
    fn percentiles_widen_by_whole_units() {
        let mut view = view(&[1e-3]);
        assert_eq!(percentile_axis(&view), Axis::Linear(-3.0, 2.0));
        view.layers[0][1].percentiles = vec![(0.0, [-3.2, 0.0, 4.1])];
        assert_eq!(percentile_axis(&view), Axis::Linear(-4.0, 5.0));
        view.layers[0][1].percentiles.push((1.0, [f32::NAN, 0.0, 4.9]));
        assert_eq!(percentile_axis(&view), Axis::Linear(-4.0, 5.0));
        view.layers[0][1].percentiles.extend((2..100).map(|i| (i as f32, [-1.0, 0.0, 1.0])));
        view.layers[0][0].percentiles = vec![(0.0, [-1e9, 0.0, 1e9])];
        // The two outermost at either end do not count: a last gasp does not flatten the rest.
        assert_eq!(percentile_axis(&view), Axis::Linear(-3.0, 5.0));
    }
}
