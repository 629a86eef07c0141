//! Views of the eight experiments with the numbers of real runs or close to them, so that the goldens look as the
//! page does. A number that is not there (`N`) is a run that diverged.

use batchnorm_playground::lab::claim::cell::{Cell, End};
use batchnorm_playground::lab::claim::view::{
    AffineView, BatchView, DepthArm, DepthView, GammaView, HiddenArm, InputsView, MapView, NoiseCurve,
    NormsView, RatesView, ScaleView, ShiftArm, SmoothArm, SmoothView, ValuesView, WhyView,
};
use batchnorm_playground::lab::probe::Walk;

/// A run that diverged.
const N: f32 = f32::NAN;

/// Cells of three seeds from losses or accuracies; `job` numbers them seed by seed.
fn cells(values: &[[f32; 3]], arm: usize, done: usize, end: impl Fn(f32) -> [f32; 2]) -> Vec<Cell> {
    let cell = |(i, seeds): (usize, &[f32; 3])| {
        let run = |(s, v): (usize, &f32)| {
            let job = (s * values.len() + i) * 2 + arm;
            let [loss, accuracy] = end(*v);
            let known = |v: f32| v.is_finite().then_some(v);
            (job < done).then_some(End { job, loss: known(loss), accuracy: known(accuracy) })
        };
        Cell { ends: seeds.iter().enumerate().filter_map(run).collect(), seeds: 3 }
    };
    values.iter().enumerate().map(cell).collect()
}

const LOSS_WITHOUT: [[f32; 3]; 19] = [
    [0.6852, 0.685, 0.6801],
    [0.6795, 0.6758, 0.6731],
    [0.6716, 0.6675, 0.6657],
    [0.658, 0.6581, 0.6555],
    [0.6421, 0.6433, 0.64],
    [0.6175, 0.6146, 0.6119],
    [0.5768, 0.4691, 0.5581],
    [0.2318, 0.104, 0.3476],
    [0.00827, 0.01486, 0.3339],
    [0.442, 0.03545, 0.2314],
    [0.3787, 0.4303, 0.6289],
    [0.556, 0.592, 0.5168],
    [0.6938, 0.6933, 0.6933],
    [0.6945, N, N],
    [0.7031, N, N],
    [N, 1.258, N],
    [N, 2.492, N],
    [5.21, 4.854, N],
    [N, 9.602, N],
];

const LOSS_WITH: [[f32; 3]; 19] = [
    [0.3573, 0.5574, 0.447],
    [0.2643, 0.4585, 0.3242],
    [0.1578, 0.3588, 0.1853],
    [0.08549, 0.2243, 0.1113],
    [0.04043, 0.1203, 0.0569],
    [0.02489, 0.06196, 0.02264],
    [0.01412, 0.0194, 0.01211],
    [0.007836, 0.01579, 0.008739],
    [0.02899, 0.01036, 0.009171],
    [0.08407, 0.01242, 0.02135],
    [0.02866, 0.06844, 0.009606],
    [0.05399, 0.16, 0.004869],
    [0.04354, 0.08076, 0.04448],
    [0.0339, 0.2578, 0.02514],
    [0.4383, 0.6099, 0.4522],
    [1.22, 1.258, 1.193],
    [2.184, 2.492, 2.51],
    [3.764, 4.854, 3.75],
    [7.199, 9.596, 7.149],
];

/// Fig. 8 after so many of 114 runs: rates in quarters of a decade from 0.001.
pub(crate) fn rates(done: usize) -> RatesView {
    let rates: Vec<f32> = (0..19).map(|k| libm::powf(10.0, -3.0 + k as f32 / 4.0)).collect();
    // An accuracy that fits the loss closely enough: 90 % at about 0.35.
    let both = |loss: f32| [loss, 1.0 - (0.2 * loss / 0.7).min(0.5)];
    let arms = [cells(&LOSS_WITHOUT, 0, done, both), cells(&LOSS_WITH, 1, done, both)];
    summed(rates, arms, 0.693, "learning rate")
}

/// The sums that go with the cells.
pub(crate) fn summed(rates: Vec<f32>, arms: [Vec<Cell>; 2], guessing: f32, axis: &'static str) -> RatesView {
    let trains = arms.each_ref().map(|cells| {
        rates.iter().zip(cells).filter(|(_, cell)| cell.trains()).map(|(r, _)| *r).collect::<Vec<_>>()
    });
    let reached = trains.each_ref().map(|rates| Some([*rates.first()?, *rates.last()?]));
    RatesView {
        factor: reached[0].zip(reached[1]).map(|(without, with)| with[1] / without[1]),
        counts: trains.each_ref().map(Vec::len),
        reached,
        guessing,
        axis,
        rates,
        arms,
    }
}

/// Every rate trains with batch norm, none without: hidden weights only.
pub(crate) fn rates_all_or_none() -> RatesView {
    let rates: Vec<f32> = (0..19).map(|k| libm::powf(10.0, -2.0 + k as f32 / 3.0)).collect();
    let values = |level: f32| -> Vec<[f32; 3]> {
        (0..19).map(|k| [0.9, 1.0, 1.3].map(|f| f * level * (1.0 + 0.1 * k as f32))).collect()
    };
    let both = |loss: f32| [loss, if loss < 1.0 { 0.97 } else { 0.1 }];
    let arms = [cells(&values(2.3), 0, 114, both), cells(&values(0.02), 1, 114, both)];
    summed(rates, arms, 2.303, "learning rate of the hidden weights")
}

/// The arms changed places: the bar without reaches farther.
pub(crate) fn rates_reversed() -> RatesView {
    let view = rates(114);
    let mut arms = view.arms.clone();
    arms.reverse();
    summed(view.rates, arms, 0.693, "learning rate")
}

const BATCH_WITHOUT: [[f32; 3]; 8] = [
    [0.5367, 0.5592, 0.5817],
    [0.6233, 0.6342, 0.5867],
    [0.6742, 0.8675, 0.7717],
    [0.8708, 0.7092, 0.6467],
    [0.9408, 0.9325, 0.9333],
    [0.9433, 1.0, 0.8767],
    [1.0, 1.0, 0.995],
    [1.0, 0.9625, 1.0],
];

const BATCH_WITH: [[f32; 3]; 8] = [
    [0.4667, 0.495, 0.5033],
    [0.5267, 0.4892, 0.555],
    [0.5525, 0.5983, 0.61],
    [0.8492, 0.8625, 0.8292],
    [0.9892, 0.9758, 0.9575],
    [1.0, 0.9867, 0.9817],
    [0.9983, 1.0, 0.9983],
    [1.0, 1.0, 0.9992],
];

/// Fig. 10 after so many of 48 runs; tested with batch statistics the small sizes do a little worse still.
pub(crate) fn batches(done: usize) -> BatchView {
    let both = |accuracy: f32| [1.0 - accuracy, accuracy];
    let scaled = |by: f32| BATCH_WITH.map(|seeds| seeds.map(|a| 0.5 + (a - 0.5) * by));
    let sizes: Vec<u32> = (1..=8).map(|k| 1 << k).collect();
    let without = cells(&BATCH_WITHOUT, 0, done, both);
    let with = [1.0, 0.84, 0.97].map(|by| cells(&scaled(by), 1, done, both));
    let behind = |(a, b): (&Cell, &Cell)| {
        a.accuracy().value().zip(b.accuracy().value()).is_some_and(|(without, with)| without - with > 0.01)
    };
    let worse = without.iter().zip(&with[0]).map(behind).collect();
    BatchView { sizes, without, with, worse, chance: 0.5 }
}

/// Ten classes; the smallest sizes diverged with batch norm, and it is behind at both ends.
pub(crate) fn batches_diverged() -> BatchView {
    let mut view = batches(48);
    for cell in view.with.iter_mut().flat_map(|cells| &mut cells[..2]) {
        cell.ends.iter_mut().take(2).for_each(|end| (end.accuracy, end.loss) = (None, None));
    }
    view.worse = vec![true, true, false, false, false, false, true, true];
    BatchView { chance: 0.1, ..view }
}

const MAP_WITHOUT: [[f32; 9]; 9] = [
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.564, 0.575, 0.54, 0.579, 0.624, 0.589, 0.5, 0.5, 0.5],
    [0.479, 0.597, 0.652, 0.646, 0.834, 0.856, 0.5, 0.5, 0.5],
    [0.559, 0.595, 0.677, 0.744, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, N, N, N],
    [0.5, 0.5, 0.5, 0.5, 0.5, N, N, N, N],
    [0.5, 0.5, 0.5, 0.5, N, N, N, N, N],
];

const MAP_WITH: [[f32; 9]; 9] = [
    [0.94, 0.999, 1.0, 1.0, 1.0, 1.0, 0.79, 0.56, 0.5],
    [0.857, 0.986, 1.0, 1.0, 1.0, 0.995, 0.989, 0.794, 0.5],
    [0.828, 0.94, 0.995, 1.0, 0.998, 0.973, 0.871, 0.734, 0.5],
    [0.758, 0.894, 0.978, 1.0, 0.999, 1.0, 0.909, 0.782, 0.5],
    [0.691, 0.854, 0.96, 1.0, 1.0, 0.999, 1.0, 0.5, 0.5],
    [0.635, 0.845, 0.936, 0.98, 0.999, 0.998, 1.0, 0.621, 0.5],
    [0.708, 0.875, 0.941, 0.966, 0.999, 0.978, 1.0, 0.659, 0.5],
    [0.711, 0.865, 0.948, 0.978, 0.991, 0.991, 0.985, 0.5, 0.5],
    [0.769, 0.914, 0.938, 0.97, 0.995, 0.994, 0.978, 0.5, 0.5],
];

/// Fig. 9 after so many of 162 runs of one seed: scales and rates in quarters and halves of a decade.
pub(crate) fn init_map(done: usize) -> MapView {
    let arm = |values: &[[f32; 9]; 9], arm: usize| -> Vec<Cell> {
        let cell = |(i, v): (usize, &f32)| {
            let known = v.is_finite().then_some(*v);
            let end = End { job: 2 * i + arm, loss: known, accuracy: known };
            Cell { ends: Some(end).filter(|end| end.job < done).into_iter().collect(), seeds: 1 }
        };
        values.iter().flatten().enumerate().map(cell).collect()
    };
    let arms = [arm(&MAP_WITHOUT, 0), arm(&MAP_WITH, 1)];
    MapView {
        rates: (0..9).map(|k| libm::powf(10.0, -3.0 + k as f32 / 2.0)).collect(),
        scales: (0..9).map(|k| libm::powf(10.0, -1.0 + k as f32 / 4.0)).collect(),
        counts: arms.each_ref().map(|cells| cells.iter().filter(|cell| cell.trains()).count()),
        arms,
        chance: 0.5,
    }
}

const NORMS: [(&str, [f32; 7]); 6] = [
    ("none", [0.65, 0.67, 0.999, 0.81, 0.5, N, N]),
    ("BN", [0.998, 1.0, 1.0, 0.99, 0.98, 0.74, 0.5]),
    ("LayerNorm", [0.66, 0.72, 0.68, 0.65, 0.5, 0.5, 0.5]),
    ("RMSNorm", [0.68, 0.75, 0.68, 0.64, 0.5, 0.5, 0.5]),
    ("GroupNorm", [0.65, 0.68, 0.6, 0.57, 0.5, 0.5, 0.5]),
    ("DyT", [0.58, 0.57, 0.6, 0.66, 0.5, 0.5, 0.5]),
];

/// Fig. 12 after so many of 126 runs, over learning rates.
pub(crate) fn norms(done: usize) -> NormsView {
    let both = |accuracy: f32| [1.0 - accuracy, accuracy];
    let row = |(r, (name, medians)): (usize, &(&'static str, [f32; 7]))| {
        // Six arms take turns, so every third job of two arms is this row's.
        let seeds = medians.map(|m| [m - 0.004, m, m + 0.004]);
        (*name, cells(&seeds, 0, done.saturating_sub(r), both))
    };
    let arms: Vec<_> = NORMS.iter().enumerate().map(row).collect();
    NormsView {
        columns: (0..7).map(|k| libm::powf(10.0, -2.0 + k as f32 / 2.0)).collect(),
        axis: "learning rate",
        counts: arms.iter().map(|(_, cells)| cells.iter().filter(|cell| cell.trains()).count()).collect(),
        arms,
        chance: 0.5,
    }
}

/// Fig. 12 over batch sizes, ten classes.
pub(crate) fn norms_by_size() -> NormsView {
    let columns = (1..=7).map(|k| (1 << k) as f32).collect();
    NormsView { columns, axis: "batch size", chance: 0.1, ..norms(126) }
}

fn values(values: &[f32]) -> ValuesView {
    let n = values.len() as f32;
    let mean = values.iter().sum::<f32>() / n;
    let deviation = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / n).sqrt();
    let mut histogram = vec![0; 40];
    values.iter().for_each(|v| histogram[((v + 4.5) / 13.0 * 40.0).clamp(0.0, 39.0) as usize] += 1);
    ValuesView { mean, deviation, histogram }
}

/// Fig. 5: 800 values, many of them a little below 0, with a long tail to the left. `None` undoes.
pub(crate) fn gamma(pair: Option<[f32; 2]>) -> GammaView {
    let value = |i: usize| {
        let u = (i as f32 + 0.5) / 800.0;
        if i.is_multiple_of(3) { 0.25 * u - 0.2 } else { 0.8 - 3.4 * libm::powf(u, 1.2) }
    };
    let x: Vec<f32> = (0..800).map(value).collect();
    let [mean, deviation] = [values(&x).mean, values(&x).deviation];
    let normalised: Vec<f32> = x.iter().map(|v| (v - mean) / deviation).collect();
    let pair = pair.unwrap_or([deviation, mean]);
    let shifted = |v: &f32| pair[0] * v + pair[1];
    let y: Vec<f32> = normalised.iter().map(shifted).collect();
    let apart = x.iter().zip(&y).map(|(x, y)| (y - x) * (y - x)).sum::<f32>() / 800.0;
    let example = [-1.5, -0.5, 0.5, 1.5];
    GammaView {
        rows: [values(&x), values(&normalised), values(&y)],
        reach: [-4.5, 8.5],
        example,
        example_after: example.map(|v| shifted(&v)),
        pair,
        undo: [deviation, mean],
        distance: apart.sqrt() / deviation,
        ..GammaView::default()
    }
}

/// Fig. 7: so many layers whose gradients shrink or grow by a factor per layer on their way back.
pub(crate) fn depth(layers: usize, back: [f32; 2]) -> DepthView {
    let profile = |factor: f32, by: f32| -> Vec<f32> {
        let size = |l: usize| 1e-3 * by * libm::powf(factor, (layers - 1 - l) as f32);
        (0..layers).map(|l| size(l) * (1.0 + 0.1 * libm::sinf(2.3 * l as f32))).collect()
    };
    let arms = back.map(|factor| DepthArm {
        start: profile(factor, 1.0),
        end: if factor < 8.0 { profile(factor.sqrt(), 0.4) } else { Vec::new() },
        seeds: [0.6, 1.0, 1.5].map(|by| profile(factor, by)).to_vec(),
        per_layer: [Some(factor * factor), Some(factor)],
        ..DepthArm::default()
    });
    let last = arms[1].start.last().copied().unwrap_or(0.0);
    let by_theory = (0..layers).map(|l| last * libm::powf(1.467, (layers - 1 - l) as f32 / 2.0)).collect();
    DepthView { arms, theory: 1.467, by_theory, trained_steps: 1500, layers: layers as u32 }
}

/// Repeatable noise in [0, 1].
fn noise(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    }
}

/// Fig. 6: a slow arm with wide probes, a quick one with narrow ones; `by` scales the losses.
pub(crate) fn smooth(by: f32) -> SmoothView {
    let arm = |arm: usize| {
        let (mut random, mut turn) = (noise(7 + arm as u32), noise(3 + arm as u32));
        let walk = |k: u32| {
            let t = k as f32 / 100.0;
            let level = if arm == 0 { 0.7 - 0.3 * t * t } else { 0.02 + 0.75 * libm::expf(-9.0 * t) };
            let spike = libm::powf(random(), if arm == 0 { 6.0 - 4.0 * t } else { 14.0 });
            let loss = by * level * (0.8 + 0.4 * random());
            let high = loss + by * spike * if arm == 0 { 2.2 * t + 0.1 } else { 0.7 };
            let change = (1.2 + 2.5 * (1.0 - arm as f32)) * (0.6 + 0.9 * turn());
            let low = loss * (0.7 + 0.2 * random());
            Walk { step: 5 * k, loss, low, high, change, smoothness: 3.0 * change }
        };
        SmoothArm {
            walks: (0..85).map(walk).collect(),
            width: Some([0.3, 0.08][arm]),
            rising: Some([0.842, 0.45][arm]),
            change: Some([3.5, 1.4][arm]),
            smoothness: Some([10.5, 4.2][arm]),
            inputs: inputs(arm),
            ..SmoothArm::default()
        }
    };
    SmoothView { arms: [arm(0), arm(1)], early: 100, steps: 500, input_steps: 500 }
}

/// Fig. 6a: without, the last of three layers opens and wanders; with, all of them stay.
fn inputs(arm: usize) -> InputsView {
    let mut random = noise(17 + arm as u32);
    let mut at = |layer: usize, step: f32| {
        let open = if arm == 0 { 0.2 + 1.2 * layer as f32 * step / 500.0 } else { 1.2 };
        let middle = if arm == 0 { 0.6 * layer as f32 * libm::sinf(step / 120.0) } else { 0.0 };
        let middle = middle + 0.15 * (random() - 0.5);
        [middle - open, middle, middle + 1.1 * open]
    };
    let steps: Vec<u32> = (1..=50).map(|k| 10 * k).collect();
    let layers = (0..3).map(|layer| steps.iter().map(|step| at(layer, *step as f32)).collect()).collect();
    InputsView { steps, layers, drift: [[0.49, 0.64, 1.02], [0.13, 0.17, 0.2]][arm].to_vec() }
}

/// Fig. 5b: both end level; so many layers, gamma and beta spread a little more in some.
pub(crate) fn affine(layers: usize) -> AffineView {
    let curve = |half: f32| -> Vec<(u32, f32)> {
        (1..=60)
            .map(|k| (10 * k, 0.5 + 0.495 / (1.0 + libm::expf((half - 10.0 * k as f32) / 12.0))))
            .collect()
    };
    let ends = |kind: usize, values: [f32; 3]| Cell {
        ends: values
            .into_iter()
            .enumerate()
            .map(|(s, v)| End { job: 3 * s + kind, loss: Some(1.0 - v), accuracy: Some(v) })
            .collect(),
        seeds: 3,
    };
    let moved = |k: u32, layer: usize| {
        let far = 0.05 * (1.0 + (layer % 4) as f32) * libm::sqrtf(k as f32 / 15.0);
        [1.0 - 0.6 * far, 1.0 + 0.1 * far, 1.0 + 1.6 * far, -1.5 * far, -0.2 * far, 2.0 * far]
    };
    let moves = (0..=12).map(|k| (50 * k, (0..layers).map(|layer| moved(5 * k, layer)).collect())).collect();
    AffineView {
        trained: ends(1, [0.9925, 0.9475, 0.995]),
        frozen: ends(2, [1.0, 0.97, 0.9975]),
        curves: [curve(45.0), curve(38.0)],
        moves,
    }
}

/// Fig. 11: with noise the arm with batch norm learns as fast as without, the other one after a while.
pub(crate) fn why() -> WhyView {
    let sigmoid = |x: f32| 1.0 / (1.0 + libm::expf(-x));
    let curve = |seed: u32, half: f32, pace: f32, top: f32| {
        let mut random = noise(seed);
        let share = |step: f32| 0.1 + (top - 0.1) * sigmoid((step - half) / pace);
        let points: Vec<(u32, f32)> =
            (1..=60).map(|k| (10 * k, share(10.0 * k as f32) + 0.03 * (random() - 0.5))).collect();
        NoiseCurve { end: points.last().map(|p| p.1), points, seeds: 6 }
    };
    let noise_curves = [
        curve(1, 430.0, 70.0, 0.8),
        curve(2, 15.0, 6.0, 0.97),
        curve(3, 330.0, 60.0, 0.85),
        curve(4, 17.0, 7.0, 0.965),
    ];
    WhyView { noise: noise_curves, shift: [shift(0), shift(1)], scale: hidden(), chance: 0.1 }
}

fn shift(arm: usize) -> ShiftArm {
    let mut random = noise(31 + arm as u32);
    let (end, pace) = [(39.0, 300.0), (15.0, 500.0)][arm];
    let seed = |s: u32| -> Vec<(u32, f32)> {
        let by = 0.7 + 0.2 * s as f32;
        let loss = |step: f32| by * (end + (110.0 - end) * libm::expf(-step / pace));
        (0..=100).map(|k| (20 * k, loss(20.0 * k as f32))).collect()
    };
    let mut probe = |_: u32| -> Vec<(u32, f32)> {
        let cosine = |r: f32| if arm == 0 { 1.0 - 0.002 * r } else { 1.0 - 1.6 * r };
        (0..50).map(|k| (40 * k, cosine(random()))).collect()
    };
    ShiftArm {
        losses: (0..5).map(seed).collect(),
        probes: (0..5).map(&mut probe).collect(),
        cosine: Some([0.999, 0.34][arm]),
        end: Some(1.1 * end),
        ..ShiftArm::default()
    }
}

fn hidden() -> ScaleView {
    let rates: Vec<f32> = (0..11).map(|k| libm::powf(10.0, -1.0 + k as f32 / 2.0)).collect();
    let both = |accuracy: f32| [1.0 - accuracy, accuracy];
    let without = rates.iter().map(|r| if *r < 3.0 { [0.96, 0.97, 0.972] } else { [0.089, 0.1, 0.12] });
    let with = rates.iter().map(|r| [0.97, 0.98 - 2e-6 * r, 0.985]);
    let size = |rate: &f32| libm::sqrtf(0.03 + (0.018 * rate) * (0.018 * rate));
    let arm = |seeds: Vec<[f32; 3]>, arm: usize, finite: usize| HiddenArm {
        cells: cells(&seeds, arm, 1000, both),
        second_weights: rates.iter().enumerate().map(|(k, r)| (k < finite).then(|| size(r))).collect(),
    };
    let arms = [arm(without.collect(), 0, 4), arm(with.collect(), 1, 11)];
    ScaleView { rates, arms, ..ScaleView::default() }
}
