//! The shared scales of Figs. 3 and 4: chosen from whole steps of everything measured so far, so that both arms,
//! all layers and all moments can be compared and no axis creeps.

use super::axis::Axis;
use super::text;
use crate::lab::view::{GradientOf, LayerArmView, LayersView};

/// Lower and upper ends a gradient axis may have, as exponents of ten.
const LOW: [i32; 5] = [-2, -4, -6, -8, -12];
const HIGH: [i32; 4] = [-2, 0, 1, 3];

fn arms(view: &LayersView) -> impl Iterator<Item = &LayerArmView> {
    view.layers.iter().flatten()
}

/// The decades of a gradient axis: 10⁻⁴ to 10⁻² unless something measured lies outside.
#[must_use]
pub fn gradient_decades(view: &LayersView) -> (i32, i32) {
    let measured = arms(view)
        .flat_map(|arm| arm.gradient.into_iter().chain(arm.gradient_history.iter().map(|p| p.value)));
    let (mut low, mut high) = (f32::INFINITY, 0.0_f32);
    for value in measured.filter(|v| v.is_finite() && *v > 0.0) {
        low = low.min(value);
        high = high.max(value);
    }
    if high == 0.0 {
        return (-4, -2);
    }
    let (low, high) = (libm::log10f(low), libm::log10f(high));
    let below = LOW.iter().copied().find(|&e| e as f32 <= low).unwrap_or(-12);
    let above = HIGH.iter().copied().find(|&e| e as f32 >= high).unwrap_or(3);
    (below.min(above - 2), above)
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
    let tick = |e: i32| (libm::powf(10.0, e as f32), text::power(e));
    (low..=high).step_by(every).map(tick).collect()
}

/// What the gradient is taken with respect to, as the axis says it.
#[must_use]
pub fn gradient_name(of: GradientOf) -> &'static str {
    match of {
        GradientOf::Activations => "size of ∂L/∂a, log",
        GradientOf::PreActivations => "size of ∂L/∂z, log",
        GradientOf::Weights => "size of ∂L/∂W, log",
    }
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

/// The axis of gamma (centre 1) or beta (centre 0), and its three ticks.
#[must_use]
pub fn learned_axis(centre: f32, reach: f32) -> (Axis, Vec<(f32, String)>) {
    let step = reach / 1.2;
    let ticks = [centre - step, centre, centre + step].map(|v| (v, text::plain(v)));
    (Axis::Linear(centre - reach, centre + reach), ticks.to_vec())
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

/// The axis of one unit's percentiles, for both arms: −3 to 2, widened by whole units.
#[must_use]
pub fn percentile_axis(view: &LayersView) -> Axis {
    let (mut low, mut high) = (-3.0_f32, 2.0_f32);
    let selected = view.layers.get(view.selected).into_iter().flatten();
    for (_, [a, _, b]) in selected.flat_map(|arm| &arm.percentiles) {
        if a.is_finite() && b.is_finite() {
            low = low.min(a.floor());
            high = high.max(b.ceil());
        }
    }
    // Beyond ten an even number keeps the ticks whole.
    let whole = |v: f32| if v.abs() > 10.0 { (v / 10.0).abs().ceil() * 10.0 * v.signum() } else { v };
    Axis::Linear(whole(low).max(-1e4), whole(high).min(1e4))
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

    #[test]
    fn the_gradient_window_moves_by_whole_steps() {
        assert_eq!(gradient_decades(&view(&[])), (-4, -2));
        assert_eq!(gradient_decades(&view(&[2e-3, 5e-4])), (-4, -2));
        assert_eq!(gradient_decades(&view(&[2e-3, 5e-5])), (-6, -2));
        assert_eq!(gradient_decades(&view(&[0.5, 0.2])), (-2, 0));
        assert_eq!(gradient_decades(&view(&[1e-30, 1e20])), (-12, 3));
        assert_eq!(gradient_decades(&view(&[f32::NAN, 0.0, f32::INFINITY])), (-4, -2));
    }

    #[test]
    fn the_past_counts_too_so_the_window_never_jumps_back() {
        let mut view = view(&[1e-3]);
        view.layers[0][0].gradient_history = vec![Point { step: 0.0, value: 0.3 }];
        assert_eq!(gradient_decades(&view), (-4, 0));
    }

    #[test]
    fn learned_axes_double() {
        assert_eq!(reach([1.5].into_iter(), 1.0), 0.6);
        assert_eq!(reach([1.7, f32::NAN].into_iter(), 1.0), 1.2);
        let labels: Vec<String> = learned_axis(0.0, 0.6).1.into_iter().map(|t| t.1).collect();
        assert_eq!(labels, ["−0.5", "0", "0.5"]);
    }

    #[test]
    fn percentiles_widen_by_whole_units() {
        let mut view = view(&[1e-3]);
        assert_eq!(percentile_axis(&view), Axis::Linear(-3.0, 2.0));
        view.layers[0][1].percentiles = vec![(0.0, [-3.2, 0.0, 4.1])];
        assert_eq!(percentile_axis(&view), Axis::Linear(-4.0, 5.0));
        view.layers[0][1].percentiles.push((1.0, [f32::NAN, 0.0, 99.0]));
        assert_eq!(percentile_axis(&view), Axis::Linear(-4.0, 5.0));
    }
}
