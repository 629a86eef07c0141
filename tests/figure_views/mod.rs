//! Hand-made views with repeatable, train-like numbers. Nothing here comes from a network.

pub(crate) mod golden;
pub(crate) mod read;

use batchnorm_playground::lab::view::*;

/// A small generator of repeatable noise in [-1, 1].
pub(crate) struct Noise(u64);

impl Noise {
    /// The next number.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f32 / 4_294_967_296.0) * 4.0 - 1.0
    }
}

/// An arm whose loss falls from `start` to `end` with rate `pace`, with jumps of `jitter` in its logarithm.
pub(crate) fn curve(name: &str, seed: u64, now: u32, [start, end, pace, jitter]: [f32; 4]) -> CurveView {
    let mut noise = Noise(seed);
    let mut arm = CurveView { name: name.into(), ..CurveView::default() };
    let (mut smooth, mut drift) = (start.ln(), 0.0_f32);
    for step in 0..now {
        let t = step as f32;
        drift = 0.97 * drift + 0.25 * jitter * noise.next();
        let level = (end + (start - end) * (-t / pace).exp()).ln() + drift;
        let raw = level + jitter * (noise.next() + noise.next());
        smooth += 0.05 * (raw - smooth);
        arm.raw.push(Point { step: t, value: raw.exp() });
        arm.smooth.push(Point { step: t, value: smooth.exp() });
        if step % 20 == 0 {
            arm.test.push(Point { step: t, value: (level + 0.6 * jitter * noise.next()).exp() });
        }
    }
    arm
}

/// Fig. 1 at a step: the arm without slow and steady, the arm with fast and jumpy.
pub(crate) fn loss(now: u32) -> LossView {
    let without = curve("without BN", 3, now, [0.78, 0.42, 400.0, 0.12]);
    let with = curve("with BN", 7, now, [0.8, 0.03, 60.0, 0.7]);
    LossView { arms: [without, with], step: now, last_step: 500, classes: 2, ..LossView::default() }
}

/// Accuracy on ten classes.
pub(crate) fn accuracy() -> LossView {
    let mut view = loss(300);
    for (arm, level) in view.arms.iter_mut().zip([0.22, 0.96]) {
        let mut noise = Noise(11);
        arm.test = (0..=60)
            .map(|i| {
                let t = 5.0 * i as f32;
                let value =
                    (0.1 + (level - 0.1) * (1.0 - (-t / 25.0).exp()) + 0.02 * noise.next()).clamp(0.0, 1.0);
                Point { step: t, value }
            })
            .collect();
    }
    LossView { measure: Measure::Accuracy, classes: 10, ..view }
}

/// Two hundred test examples, most of them right.
pub(crate) fn counts(arm: usize, names: &[&str]) -> CountsView {
    let classes = names.len();
    let cell =
        |i: usize| if i / classes == i % classes { 17 + i as u32 } else { (i as u32 * 7 + arm as u32) % 4 };
    let counts = (0..classes * classes).map(cell).collect();
    CountsView { arm, classes: names.iter().map(|&name| name.to_owned()).collect(), counts }
}

/// A spiral's points and a field that follows it; the arm without has learned a crude version.
pub(crate) fn boundary(arm: usize) -> BoundaryView {
    let mut noise = Noise(21);
    let mut points = Vec::new();
    for i in 0..200 {
        let (t, class) = (((i / 2) as f32 + 0.5) / 100.0, (i % 2) as u8);
        let radius = 0.1 + 1.15 * t;
        let angle = 1.6 * t * std::f32::consts::TAU + std::f32::consts::PI * f32::from(class);
        let at = |v: f32, n: f32| v + 0.06 * n;
        points.push((
            at(radius * libm::sinf(angle), noise.next()),
            at(radius * libm::cosf(angle), noise.next()),
            class,
        ));
    }
    let side = 32;
    let turns = if arm == 0 { 0.8 } else { 1.6 };
    let sharp = if arm == 0 { 2.0 } else { 7.0 };
    let chance = (0..side * side)
        .map(|cell| {
            let at = |k: usize| 2.0 * ((2 * k + 1) as f32 / side as f32 - 1.0);
            let (x, y) = (at(cell % side), at(cell / side));
            let t = (libm::hypotf(x, y) - 0.1) / 1.15;
            let angle = libm::atan2f(x, y) - turns * t * std::f32::consts::TAU;
            1.0 / (1.0 + libm::expf(sharp * libm::cosf(angle)))
        })
        .collect();
    BoundaryView { arm, side, chance, extent: 2.0, points }
}

/// Twenty images of rings, bars and dots; the arm without reads most of them as 4.
pub(crate) fn images(side: usize) -> ImagesView {
    let image = |i: usize| -> Vec<f32> {
        let (class, c) = (i % 10, (side as f32 - 1.0) / 2.0);
        (0..side * side)
            .map(|p| {
                let (x, y) = (((p % side) as f32 - c) / c, ((p / side) as f32 - c) / c);
                let ring = (libm::hypotf(x, y) - 0.2 - 0.06 * class as f32).abs();
                let bar = (x + 0.15 * y * (class as f32 - 5.0)).abs();
                let far = if class % 2 == 0 { ring } else { bar };
                (1.3 - 4.0 * far - 0.3 * (i / 10) as f32 * x).clamp(0.0, 1.0)
            })
            .collect()
    };
    let labels: Vec<u8> = (0..20).map(|i| i % 10).collect();
    let with: Vec<u8> = labels.iter().enumerate().map(|(i, &l)| if i == 7 { 1 } else { l }).collect();
    let without = labels.iter().map(|&l| if [3, 4, 9].contains(&l) { l } else { 4 - 3 * (l % 2) }).collect();
    ImagesView {
        pick: Pick::Sample,
        side,
        images: (0..20).map(image).collect(),
        labels,
        predictions: [without, with],
        accuracy: [Some(0.147), Some(0.958)],
        names: ["without BN".into(), "with BN".into()],
    }
}

/// The first thirteen of them as mistakes; the arm with reads one of three right.
pub(crate) fn mistakes(count: usize) -> ImagesView {
    let mut view = images(8);
    view.pick = Pick::Mistakes;
    view.images.truncate(count);
    view.labels.truncate(count);
    view.predictions[1] = view.labels.iter().map(|&l| if l % 3 == 0 { l } else { (l + 5) % 10 }).collect();
    view.predictions[0] = view.labels.iter().map(|&l| if l % 3 == 0 { 9 - l } else { l }).collect();
    view
}

fn bell(centre: f32, spread: f32, noise: &mut Noise) -> Vec<f32> {
    let raw: Vec<f32> = (0..40)
        .map(|i| {
            let z = ((i as f32 + 0.5) / 5.0 - 4.0 - centre) / spread;
            libm::expf(-0.5 * z * z) * (1.0 + 0.15 * noise.next())
        })
        .collect();
    let sum: f32 = raw.iter().sum();
    raw.iter().map(|v| v / sum).collect()
}

fn layer_arm(layer: usize, arm: usize, now: u32) -> LayerArmView {
    let mut noise = Noise(100 + 10 * layer as u64 + arm as u64);
    let (centre, spread) = if arm == 0 { (-0.2, 0.5 + 0.1 * layer as f32) } else { (0.0, 1.0) };
    let mut view = LayerArmView { histogram: bell(centre, spread, &mut noise), ..LayerArmView::default() };
    let mut drift = 0.0;
    let size = if arm == 0 { 3e-3 } else { 2e-3 * libm::powf(0.85, layer as f32) };
    for step in (0..now).step_by(5) {
        drift = 0.98 * drift + 0.05 * noise.next();
        let wide = if arm == 0 { 0.3 + 0.4 * drift.abs() } else { 1.1 };
        let jitter = 0.08 * noise.next();
        view.percentiles.push((step as f32, [drift - wide + jitter, drift, drift + wide - jitter]));
        let value = size * libm::expf(0.5 * noise.next() + drift);
        view.gradient_history.push(Point { step: step as f32, value });
    }
    view.gradient = view.gradient_history.last().map(|p| p.value);
    view.silent = Some(if arm == 0 { (layer % 5) as u32 } else { 0 });
    if arm == 1 {
        view.gamma = (0..16).map(|_| 1.0 + 0.25 * noise.next()).collect();
        view.beta = (0..16).map(|_| 0.3 * noise.next()).collect();
    }
    view
}

/// Fig. 3 with so many layers of 16 units.
pub(crate) fn layers(count: usize) -> LayersView {
    LayersView {
        layers: (0..count).map(|l| [layer_arm(l, 0, 420), layer_arm(l, 1, 420)]).collect(),
        units: 16,
        selected: 2,
        unit: 3,
        silent_word: Some("Silent"),
        step: 420,
        last_step: 500,
        names: ["without BN".into(), "with BN".into()],
        ..LayersView::default()
    }
}
