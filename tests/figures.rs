//! Figures as SVG: golden pictures compared byte for byte, and what they must mean whatever they look like.
//!
//! `BLESS=1 cargo test --test figures` rewrites `tests/golden/*.svg`; look at them before committing.

use std::fs;
use std::path::PathBuf;

use batchnorm_playground::figure::{Figure, Theme};
use batchnorm_playground::lab::view::{ArmState, CurveView, LossView, Measure, Point, Scale};

/// A small generator of repeatable noise in [-1, 1].
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f32 / 4_294_967_296.0) * 4.0 - 1.0
    }
}

/// An arm whose loss falls from `start` to `end` with rate `pace`, with jumps of `jitter` in its logarithm.
fn curve(name: &str, seed: u64, now: u32, [start, end, pace, jitter]: [f32; 4]) -> CurveView {
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

fn loss(now: u32) -> LossView {
    let without = curve("without BN", 3, now, [0.78, 0.42, 400.0, 0.12]);
    let with = curve("with BN", 7, now, [0.8, 0.03, 60.0, 0.7]);
    LossView { arms: [without, with], step: now, last_step: 500, classes: 2, ..LossView::default() }
}

fn accuracy() -> LossView {
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

fn check(name: &str, figure: Figure<'_>, size: (u32, u32), theme: &Theme) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.svg"));
    let drawn = figure.svg(size, theme);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &drawn).unwrap();
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == drawn, "{name} differs from {}: look at both, then bless", path.display());
}

#[test]
fn loss_goldens() {
    let (light, dark) = (Theme::light(), Theme::dark());
    check("loss-540", Figure::Loss(&loss(420)), (540, 276), &light);
    check("loss-540-dark", Figure::Loss(&loss(420)), (540, 276), &dark);
    check("loss-328", Figure::Loss(&loss(420)), (328, 260), &light);
    check("loss-finished", Figure::Loss(&loss(499)), (540, 276), &light);
    check("accuracy-540", Figure::Loss(&accuracy()), (540, 276), &light);
    let mut diverged = loss(300);
    diverged.arms[0].raw.truncate(199);
    diverged.arms[0].smooth.truncate(199);
    diverged.arms[0].test.truncate(10);
    diverged.arms[0].state = ArmState::Diverged(199);
    check("loss-diverged", Figure::Loss(&diverged), (540, 200), &light);
    let mut busy = loss(420);
    busy.cursor = Some(240);
    busy.ghost = Some([loss(499).arms[1].smooth.clone(), loss(499).arms[0].smooth.clone()]);
    busy.scale = Scale::Linear;
    busy.rate_changes = vec![Point { step: 100.0, value: 0.1 }, Point { step: 300.0, value: 0.03 }];
    check("loss-busy", Figure::Loss(&busy), (540, 276), &light);
    let mut stuck = loss(200);
    stuck.classes = 10;
    stuck.arms[0] = curve("without BN", 5, 200, [2.31, 2.3, 100.0, 0.01]);
    stuck.arms[0].state = ArmState::StuckAtGuessing;
    check("loss-stuck", Figure::Loss(&stuck), (540, 200), &light);
    let empty = LossView {
        last_step: 500,
        classes: 2,
        message: Some("Press Train, or the space bar".into()),
        ..LossView::default()
    };
    check("loss-empty", Figure::Loss(&empty), (540, 200), &light);
    check("legend-without", Figure::Legend(0), (38, 12), &light);
    check("legend-with", Figure::Legend(1), (38, 12), &light);
}
