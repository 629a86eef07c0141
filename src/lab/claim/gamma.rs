//! "Batch norm gives every feature mean 0 and variance 1; gamma sets the spread, beta the mean, and the right pair
//! undoes it all": a real unit of the lab's network, and the same run with gamma and beta trained and frozen.

pub mod affine;
pub mod pair;
mod tables;
#[cfg(test)]
mod tests;

use super::cell::{median, range};
use super::job::{Job, Measure};
use super::outcome::{Outcome, Unit};
use super::plate::{Plate, View};
use super::seen::moments;
use super::view::{AffineView, GammaView, ValuesView};
use super::words;
use super::{About, Control, Finding, Grade, Plan, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;
use pair::{Over, Whose};

/// In words.
pub static ABOUT: About = About {
    key: "gamma",
    heading: "\u{3b3} and \u{3b2}",
    claim: "Batch norm gives every feature mean 0 and variance 1. Then \u{3b3} sets the spread and \u{3b2} the mean, \
            and the right pair undoes it all.",
    rule,
    source: "Ioffe & Szegedy 2015, algorithm 1",
    // With the sliders of gamma and beta that makes three. A trained unit is the lab's to show.
    controls: &[Control { label: "weight scale", choices: &["0.01", "0.1", "1"], usual: 2 }],
    seeds: 3,
    is_cheap: true,
    picture: "gamma",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "One unit over the whole training set, for {} pairs of \u{3b3} and \u{3b2}; errors are medians over the seeds. \
         Holds here: y\u{2019}s mean is \u{3b2} and its standard deviation |\u{3b3}|, both to less than {exact}, and the pair \
         that undoes leaves less than {exact} of the spread. Mixed: some of the three. Not here: none.",
        words::spelled(PAIRS.len()),
        exact = words::rate(EXACT)
    )
}

const SCALES: [f32; 3] = [0.01, 0.1, 1.0];
/// Layer and unit looked at, from 0: layer 3, unit 1, as people count.
pub const WHICH: [u32; 2] = [2, 0];
/// Of the runs with gamma and beta trained and frozen.
const STEPS: u32 = 600;
const EVERY: u32 = 10;
/// The four numbers carried along.
const EXAMPLE: [f32; 4] = [-1.5, -0.5, 0.5, 1.5];
/// The pairs that are checked: spread and shift, narrow and back, only shift, nothing.
pub const PAIRS: [[f32; 2]; 4] = [[2.0, 3.0], [0.5, -1.0], [1.0, 0.0], [0.0, 0.0]];
/// Errors below this count as none.
const EXACT: f32 = 0.01;
/// Bins of a histogram.
const BINS: usize = 40;
/// What the figure's axis shows.
const REACH: [f32; 2] = [-4.5, 8.5];
/// Jobs per seed: the unit, trained, frozen.
pub(super) const PER_SEED: usize = 3;

/// Seed by seed: the unit, then the run with gamma and beta trained and frozen.
fn jobs(plan: &Plan) -> Vec<Job> {
    let base = Experiment {
        weight_scale: SCALES[usize::from(plan.choices[0]).min(SCALES.len() - 1)],
        ..Experiment::default()
    };
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        let mut add = |affine, steps, measure| {
            let experiment = Experiment { affine, ..seeded(&base, seed) };
            jobs.push(Job { experiment, arm: Norm::Batch, steps, measure });
        };
        add(true, 0, Measure::Unit { layer: WHICH[0], unit: WHICH[1] });
        add(true, STEPS, Measure::Affine { every: EVERY });
        add(false, STEPS, Measure::Affine { every: EVERY });
    }
    jobs
}

/// A seed's unit, once it is there.
fn unit_of(sweep: &Sweep, seed: usize) -> Option<&Unit> {
    match sweep.outcome(seed * PER_SEED) {
        Some(Outcome::Unit(unit)) => Some(unit),
        _ => None,
    }
}

/// The first seed's unit, once it is there: the one that is shown.
pub fn unit(sweep: &Sweep) -> Option<&Unit> {
    unit_of(sweep, 0)
}

/// Every seed's unit that has come back: those that are judged by.
fn units(sweep: &Sweep) -> Vec<&Unit> {
    (0..sweep.plan().seeds as usize).filter_map(|seed| unit_of(sweep, seed)).collect()
}

/// Median over the units of a number per unit.
fn over(units: &[&Unit], of: impl Fn(&Unit) -> f32) -> f32 {
    median(units.iter().map(|unit| of(unit)).collect()).unwrap_or(f32::NAN)
}

/// Values under a histogram, and their mean and standard deviation.
fn values(values: &[f32]) -> ValuesView {
    let (mean, variance) = moments(values);
    let mut counts = vec![0_u32; BINS];
    let per_unit = BINS as f32 / (REACH[1] - REACH[0]);
    for value in values.iter().filter(|value| !value.is_nan()) {
        let bin = ((value - REACH[0]) * per_unit).clamp(0.0, (BINS - 1) as f32);
        counts[bin as usize] += 1;
    }
    ValuesView { mean: mean as f32, deviation: libm::sqrt(variance) as f32, histogram: counts }
}

/// x-hat, by the moments of x itself.
fn normalised(x: &[f32], eps: f32) -> Vec<f32> {
    let (mean, variance) = moments(x);
    let inverse = 1.0 / libm::sqrt(variance + f64::from(eps));
    x.iter().map(|&x| ((f64::from(x) - mean) * inverse) as f32).collect()
}

fn shifted(normalised: &[f32], [gamma, beta]: [f32; 2]) -> Vec<f32> {
    normalised.iter().map(|x| gamma * x + beta).collect()
}

/// The gamma and beta that undo the norm on these values: the root of variance + eps, and the mean.
pub fn undoing(unit: &Unit) -> [f32; 2] {
    let (mean, variance) = moments(&unit.x);
    [libm::sqrt(variance + f64::from(unit.eps)) as f32, mean as f32]
}

/// RMS of y - x over the standard deviation of x.
pub(super) fn residual(x: &[f32], eps: f32, pair: [f32; 2]) -> f32 {
    let y = shifted(&normalised(x, eps), pair);
    let apart: f64 = x.iter().zip(&y).map(|(x, y)| f64::from(y - x) * f64::from(y - x)).sum();
    let (_, variance) = moments(x);
    libm::sqrt(apart / x.len().max(1) as f64 / variance) as f32
}

/// What the figure shows for these gamma and beta: pure and quick, to be asked for at every move of a slider.
pub fn view(unit: &Unit, gamma: f32, beta: f32) -> GammaView {
    let xhat = normalised(&unit.x, unit.eps);
    let undo = undoing(unit);
    GammaView {
        rows: [values(&unit.x), values(&xhat), values(&shifted(&xhat, [gamma, beta]))],
        reach: REACH,
        example: EXAMPLE,
        example_moments: mean_and_deviation(&EXAMPLE),
        example_after: EXAMPLE.map(|x| gamma * x + beta),
        example_after_moments: mean_and_deviation(&EXAMPLE.map(|x| gamma * x + beta)),
        pair: [gamma, beta],
        undo,
        residual: residual(&unit.x, unit.eps, undo),
        residual_next: residual(&unit.next, unit.eps, undo),
        distance: residual(&unit.x, unit.eps, [gamma, beta]),
    }
}

fn mean_and_deviation(values: &[f32]) -> [f32; 2] {
    let (mean, variance) = moments(values);
    [mean as f32, libm::sqrt(variance) as f32]
}

/// The largest errors over the pairs: of the mean, of the standard deviation.
fn errors(unit: &Unit) -> [f32; 2] {
    let mut worst = [0.0_f32; 2];
    for [gamma, beta] in PAIRS {
        let y = &view(unit, gamma, beta).rows[2];
        worst[0] = worst[0].max((y.mean - beta).abs());
        worst[1] = worst[1].max((y.deviation - gamma.abs()).abs());
    }
    worst
}

/// What the undoing pair leaves of a unit's spread, and is off by on the next mini-batch.
fn residuals(unit: &Unit) -> [f32; 2] {
    let undo = undoing(unit);
    [residual(&unit.x, unit.eps, undo), residual(&unit.next, unit.eps, undo)]
}

/// What is judged, medians over the units: error of the mean, of the standard deviation, what undoing leaves.
fn judged(units: &[&Unit]) -> [f32; 3] {
    [
        over(units, |unit| errors(unit)[0]),
        over(units, |unit| errors(unit)[1]),
        over(units, |unit| residuals(unit)[0]),
    ]
}

fn grade(judged: [f32; 3]) -> Grade {
    match judged.iter().filter(|error| **error < EXACT).count() {
        3 => Grade::Holds,
        0 => Grade::NotHere,
        _ => Grade::Mixed,
    }
}

fn measured(first: &Unit, units: &[&Unit], affine: &AffineView) -> String {
    let [gamma, beta] = PAIRS[0];
    let y = |of: fn(&ValuesView) -> f32| over(units, |unit| of(&view(unit, gamma, beta).rows[2]));
    let undo = undoing(first);
    let learnt = match (affine.trained.accuracy().value(), affine.frozen.accuracy().value()) {
        (Some(trained), Some(frozen)) => {
            let [a, b] = [trained, frozen].map(percent);
            format!(
                " With \u{3b3} and \u{3b2} trained the network ends at {a}, with them frozen at 1 and 0 at {b}."
            )
        }
        _ => String::new(),
    };
    format!(
        "with \u{3b3} = {} and \u{3b2} = {} y has mean {:.3} and standard deviation {:.3}; over {} pairs the mean is off by \
         {} at most, the standard deviation by {}. The pair that undoes it leaves {} of the spread (\u{3b3} = {} and \
         \u{3b2} = {} for the first seed\u{2019}s unit).{learnt}",
        words::rate(gamma),
        words::rate(beta),
        y(|y| y.mean),
        y(|y| y.deviation),
        PAIRS.len(),
        words::number(over(units, |unit| errors(unit)[0])),
        words::number(over(units, |unit| errors(unit)[1])),
        words::number(over(units, |unit| residuals(unit)[0])),
        words::number(undo[0]),
        words::number(undo[1]),
    )
}

fn but(units: &[&Unit], affine: &AffineView) -> String {
    let [gamma, _] = PAIRS[0];
    let mut text = format!(
        "On the next mini-batch the same pair is off by {} of the spread. The example\u{2019}s four numbers have standard deviation \
         {:.3}, not 1, so with \u{3b3} = {} they end up at {:.3}. Undoing the whole network without \u{3b5} under the root \
         leaves {}, with it {}.",
        percent(over(units, |unit| residuals(unit)[1])),
        mean_and_deviation(&EXAMPLE)[1],
        words::rate(gamma),
        mean_and_deviation(&EXAMPLE.map(|x| gamma * x))[1],
        words::number(over(units, |unit| unit.undone[1])),
        words::number(over(units, |unit| unit.undone[2])),
    );
    if let Some((step, layers)) = affine.moves.last() {
        let all = |k: usize| range(&layers.iter().map(|layer| layer[k]).collect::<Vec<_>>());
        text += &format!(
            " Training does not undo it: at step {step} of the first seed\u{2019}s run \u{3b3} lies between {} and {}, \u{3b2} \
             between {} and {}.",
            words::number(all(0)[0]),
            words::number(all(2)[1]),
            words::number(all(3)[0]),
            words::number(all(5)[1]),
        );
    }
    text
}

/// One unit, and the run with gamma and beta trained and frozen.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let unit = unit(sweep);
    let [gamma, beta] = PAIRS[0];
    let count = unit.map_or(0, |unit| unit.x.len());
    let caption = pair::caption(Whose::Own, WHICH, count, Over::Training);
    let view = unit.map(|unit| view(unit, gamma, beta)).unwrap_or_default();
    let unit = Plate::new("gamma", caption, View::Gamma(Box::new(view))).headed("One unit");
    vec![unit, affine::plate(sweep)]
}

fn finding(sweep: &Sweep) -> Finding {
    let (affine, units) = (affine::view(sweep), units(sweep));
    match unit(sweep) {
        None => Finding {
            grade: None,
            measured: words::NOTHING.to_owned(),
            but: String::new(),
            tables: Vec::new(),
        },
        Some(unit) => Finding {
            grade: Some(grade(judged(&units))),
            measured: measured(unit, &units, &affine),
            but: but(&units, &affine),
            tables: vec![tables::unit_table(unit), tables::network_table(&units), affine::table(&affine)],
        },
    }
}
