//! "A step along the gradient changes the loss more predictably, so training is steadier": (a) how far the layers'
//! inputs wander on the 2015 paper's network, (b) the band of losses met on a walk along the gradient, (c) what these
//! walks say of the gradient itself.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::cell::{median, range};
use super::job::{Job, Measure};
use super::outcome::{Inputs, Outcome, Walks};
use super::plate::{Plate, View, capital, choice, medians};
use super::seen::DRIFT_FROM;
use super::settings::{digits, network_of_2015, rings, short_spiral};
use super::view::{InputsView, SmoothArm, SmoothView};
use super::words;
use super::{About, Control, Finding, Grade, Plan, Table, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::probe::Walk;
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "smooth",
    heading: "Smoother training",
    claim: "With batch norm the inputs of each layer wander less, and a step along the gradient changes the loss more \
            predictably, so training is steadier.",
    rule,
    source: "Santurkar et al. 2018, section 3; Ioffe & Szegedy 2015, Fig. 1",
    controls: &[Control {
        label: "network",
        choices: &[
            "digits, 3 × 100 ReLU, rate 0.1",
            "short spiral, 4 × 32 ReLU, rate 0.1",
            "spiral, 8 × 16 ReLU, rate 0.3",
            "digits, 3 × 100 sigmoid, rate 0.5",
            "rings, 2 × 16 tanh, rate 0.3",
        ],
        usual: 2,
    }],
    seeds: 3,
    is_cheap: true,
    picture: "smooth",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "Three comparisons of the band of losses met along the gradient, each by the median over the seeds: narrower \
         with batch norm over the whole run; over the first {EARLY} steps; and relative to the loss. Holds here: all \
         three. Mixed: some. Not here: none. A run that diverges counts with its probes until then. The drift of the \
         inputs is shown and not graded."
    )
}

const STEPS: u32 = 600;
const EVERY: u32 = 10;
/// Steps that count as early.
const EARLY: u32 = 100;
/// Of the 2015 network.
const INPUT_STEPS: u32 = 1000;
/// Jobs per seed: two arms of walks, two of inputs.
const PER_SEED: usize = 4;

fn setting(plan: &Plan) -> Experiment {
    match plan.choices[0] {
        0 => digits(3, 100),
        1 => short_spiral(4, 32),
        3 => network_of_2015(),
        4 => rings(),
        _ => Experiment::default(),
    }
}

/// Seed by seed: walks without and with, inputs without and with.
fn jobs(plan: &Plan) -> Vec<Job> {
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        let parts = [
            (setting(plan), Measure::Walks { every: EVERY }, STEPS),
            (network_of_2015(), Measure::Inputs { every: EVERY }, INPUT_STEPS),
        ];
        for (experiment, measure, steps) in parts {
            for arm in [Norm::None, Norm::Batch] {
                let experiment = seeded(&experiment, seed);
                jobs.push(Job { experiment, arm, steps, measure: measure.clone() });
            }
        }
    }
    jobs
}

fn walks(sweep: &Sweep, arm: usize) -> Vec<&Walks> {
    let seeds = sweep.plan().seeds as usize;
    let walks = (0..seeds).filter_map(|s| match sweep.outcome(s * PER_SEED + arm) {
        Some(Outcome::Walks(walks)) if !walks.walks.is_empty() => Some(walks),
        _ => None,
    });
    walks.collect()
}

fn inputs(sweep: &Sweep, arm: usize) -> Vec<&Inputs> {
    let seeds = sweep.plan().seeds as usize;
    let inputs = (0..seeds).filter_map(|s| match sweep.outcome(s * PER_SEED + 2 + arm) {
        Some(Outcome::Inputs(inputs)) if !inputs.drift.is_empty() => Some(inputs),
        _ => None,
    });
    inputs.collect()
}

/// Median over seeds of a number per run.
fn over<T>(runs: &[&T], of: impl Fn(&T) -> Option<f32>) -> Option<f32> {
    median(runs.iter().filter_map(|run| of(run)).collect())
}

/// Median over a run's probes.
fn probes(walks: &Walks, wanted: impl Fn(&Walk) -> bool, of: impl Fn(&Walk) -> f32) -> Option<f32> {
    median(walks.walks.iter().filter(|walk| wanted(walk)).map(of).collect())
}

fn arm(sweep: &Sweep, arm: usize) -> SmoothArm {
    let (walks, inputs) = (walks(sweep, arm), inputs(sweep, arm));
    let relative = |walk: &Walk| walk.width() / walk.loss.max(f32::MIN_POSITIVE);
    let last = |inputs: &Inputs| inputs.drift.last().copied();
    SmoothArm {
        walks: walks.first().map_or(Vec::new(), |run| run.walks.clone()),
        width: over(&walks, |run| probes(run, |_| true, Walk::width)),
        early_width: over(&walks, |run| probes(run, |walk| walk.step < EARLY, Walk::width)),
        relative_width: over(&walks, |run| probes(run, |_| true, relative)),
        worst_width: over(&walks, |run| {
            Some(range(&run.walks.iter().map(Walk::width).collect::<Vec<_>>())[1])
        }),
        worst_rise: over(&walks, |run| Some(range(&run.walks.iter().map(Walk::rise).collect::<Vec<_>>())[1])),
        rising: over(&walks, |run| {
            let rising = run.walks.iter().filter(|walk| walk.rise() > 0.0).count();
            Some(rising as f32 / run.walks.len() as f32)
        }),
        change: over(&walks, |run| probes(run, |_| true, |walk| walk.change)),
        smoothness: over(&walks, |run| probes(run, |_| true, |walk| walk.smoothness)),
        drift: over(&inputs, last),
        drifts: inputs.iter().filter_map(|run| last(run)).collect(),
        inputs: inputs.first().map_or(InputsView::default(), |run| InputsView {
            steps: run.steps.clone(),
            layers: run.layers.clone(),
            drift: run.drift.clone(),
        }),
        diverged: walks.iter().filter(|run| run.diverged_at.is_some()).count(),
        accuracy: over(&inputs, |run| run.accuracy),
    }
}

/// What the figures show.
pub fn view(sweep: &Sweep) -> SmoothView {
    SmoothView {
        arms: [0, 1].map(|which| arm(sweep, which)),
        early: EARLY,
        steps: STEPS,
        input_steps: INPUT_STEPS,
    }
}

/// The three comparisons, without and with: overall, early, relative to the loss.
fn comparisons(view: &SmoothView) -> Option<[[f32; 2]; 3]> {
    let of = |value: fn(&SmoothArm) -> Option<f32>| Some([value(&view.arms[0])?, value(&view.arms[1])?]);
    Some([of(|arm| arm.width)?, of(|arm| arm.early_width)?, of(|arm| arm.relative_width)?])
}

fn grade(view: &SmoothView) -> Option<Grade> {
    let smaller = comparisons(view)?.iter().filter(|[without, with]| with < without).count();
    Some(match smaller {
        3 => Grade::Holds,
        0 => Grade::NotHere,
        _ => Grade::Mixed,
    })
}

/// "3.0 times narrower", "9.0 times wider"; of a band that overflowed there is no telling how many times.
fn width([without, with]: [f32; 2]) -> String {
    let how = if without > with { "narrower" } else { "wider" };
    let (wide, narrow) = (without.max(with), without.min(with));
    if wide < f32::MAX { format!("{} {how}", words::times(wide / narrow)) } else { how.to_owned() }
}

fn measured(view: &SmoothView) -> Option<String> {
    let [overall, early, relative] = comparisons(view)?;
    let [without, with] = &view.arms;
    let drift = match (with.drift, without.drift) {
        (Some(b), Some(a)) => format!(
            " On the network of 2015 the last layer\u{2019}s inputs drift by {} of their width with BN, by {} without.",
            words::number(b),
            words::number(a)
        ),
        _ => String::new(),
    };
    Some(format!(
        "over the run the band is {} with BN ({} with, {} without; worst rise {} and {}), over the first {} steps {}, \
         relative to the loss {}.{drift}",
        width(overall),
        words::number(overall[1]),
        words::number(overall[0]),
        words::number(with.worst_rise?),
        words::number(without.worst_rise?),
        view.early,
        width(early),
        width(relative),
    ))
}

fn but(view: &SmoothView) -> Option<String> {
    let [without, with] = &view.arms;
    let diverged = |arm: &SmoothArm, name: &str| match arm.diverged {
        0 => String::new(),
        n => format!(" {n} of the runs {name} BN diverged, and with them their walks end."),
    };
    let ended = diverged(with, "with") + &diverged(without, "without");
    Some(format!(
        "A lower loss makes a narrower band by itself: relative to the loss it is {} with BN and {} without. The loss \
         rises on {} of the walks with BN, on {} without; the largest slope change (effective smoothness) is {} and {}.{ended}",
        words::number(with.relative_width?),
        words::number(without.relative_width?),
        percent(with.rising?),
        percent(without.rising?),
        words::number(with.smoothness?),
        words::number(without.smoothness?),
    ))
}

fn table(view: &SmoothView) -> Table {
    let mut table = Table::new(
        "Along the gradient, medians over walks and seeds; drift of the last layer\u{2019}s inputs on the network of 2015",
        &["measure", "without BN", "with BN"],
    );
    let mut row = |name: &str, of: fn(&SmoothArm) -> Option<f32>| {
        let text = |arm: &SmoothArm| of(arm).map_or("to run".to_owned(), words::number);
        table.rows.push(vec![name.to_owned(), text(&view.arms[0]), text(&view.arms[1])]);
    };
    row("band of losses", |arm| arm.width);
    row(&format!("band, first {EARLY} steps"), |arm| arm.early_width);
    row("band / loss", |arm| arm.relative_width);
    row("worst band", |arm| arm.worst_width);
    row("worst rise", |arm| arm.worst_rise);
    row("share of walks that rise", |arm| arm.rising);
    row("gradient change / its norm", |arm| arm.change);
    row("effective smoothness", |arm| arm.smoothness);
    row("drift of the last layer\u{2019}s inputs", |arm| arm.drift);
    row("accuracy of the network of 2015", |arm| arm.accuracy);
    table
}

/// The three figures.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let view = Rc::new(view(sweep));
    let network = choice(sweep.plan(), 0);
    let inputs = format!(
        "Digits, 3 \u{d7} 100 sigmoid, the network of 2015, first seed: what unit 1 of each layer feeds its \
         activation, median and 15th to 85th percentile over the test set. Drift: how far a median wanders from \
         step {DRIFT_FROM} on, over the width of its band; median over the layer\u{2019}s units."
    );
    let losses = format!(
        "{}, first seed. Line: mini-batch loss. Band: the losses met when stepping \u{bd} to 4 times the \
         learning rate along the current gradient. A narrow band means that the gradient can be trusted.",
        capital(network)
    );
    let probes = format!(
        "The same walks, {network}, first seed: range of the losses met, largest change of the gradient over its \
         norm, and that change per distance moved (effective \u{3b2}-smoothness). Numbers: medians over the walks, {}.",
        medians(sweep.plan()).to_ascii_lowercase(),
    );
    vec![
        Plate::new("smooth-inputs", inputs, View::Inputs(view.clone())).headed("Layer inputs"),
        Plate::new("smooth", losses, View::Smoother(view.clone())).headed("Along the gradient"),
        Plate::new("smooth-probes", probes, View::Probes(view)).headed("How far to trust it"),
    ]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding {
        grade: grade(&view),
        measured: measured(&view).unwrap_or_else(|| words::NOTHING.to_owned()),
        but: but(&view).unwrap_or_default(),
        tables: vec![table(&view)],
    }
}
