//! "LayerNorm, RMSNorm, GroupNorm and DyT ignore the batch": six arms from one init, over rates or batch sizes.

use super::cell::Cell;
use super::job::{Job, Measure};
use super::settings::{digits, rings, short_spiral};
use super::view::NormsView;
use super::words;
use super::{About, Control, Finding, Grade, Plan, Table, seeded};
use crate::lab::experiment::{Experiment, short_name};
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "norms",
    heading: "Since 2015",
    claim: "LayerNorm, RMSNorm, GroupNorm and DyT ignore the batch; transformers use the first two. Can they stand \
            in for batch norm here?",
    rule: "A setting trains if the median test accuracy over the seeds is at least 90 % at the end. A norm widens \
           the range if more settings train with it than with none. Holds here: all four of LayerNorm, RMSNorm, \
           GroupNorm and DyT widen it. Mixed: some do. Not here: none does.",
    source: "Ba et al. 2016; Zhang & Sennrich 2019; Wu & He 2018; Zhu et al. 2025",
    controls: &[
        Control {
            label: "network",
            choices: &[
                "digits, 3 × 64 ReLU",
                "short spiral, 4 × 32 ReLU",
                "spiral, 8 × 16 ReLU",
                "rings, 2 × 16 tanh",
            ],
            usual: 0,
        },
        Control { label: "over", choices: &["learning rate", "batch size"], usual: 0 },
    ],
    seeds: 3,
};

/// In the order of the rows.
const ARMS: [Norm; 6] = Norm::ALL;
const BATCH_NORM: usize = 1;
/// 0.01 to 10 in halves of a decade.
const RATES: usize = 7;
const SIZES: [u32; 7] = [2, 4, 8, 16, 32, 64, 128];
/// The rate while batch sizes vary.
const RATE: f32 = 0.1;
const STEPS: u32 = 600;
/// Steps between evaluations; the last three count.
const EVERY: u32 = 50;
const LAST: usize = 3;

fn over_sizes(plan: &Plan) -> bool {
    plan.choices[1] == 1
}

/// The settings tried: rates or batch sizes.
fn columns(plan: &Plan) -> Vec<f32> {
    if over_sizes(plan) {
        SIZES.map(|size| size as f32).to_vec()
    } else {
        (0..RATES).map(|k| libm::pow(10.0, -2.0 + k as f64 / 2.0) as f32).collect()
    }
}

fn setting(plan: &Plan) -> Experiment {
    let network = match plan.choices[0] {
        1 => short_spiral(4, 32),
        2 => Experiment::default(),
        3 => rings(),
        _ => digits(3, 64),
    };
    Experiment { learning_rate: RATE, ..network }
}

/// Seed by seed, column by column, arm by arm.
pub(super) fn jobs(plan: &Plan) -> Vec<Job> {
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        for column in columns(plan) {
            for arm in ARMS {
                let mut experiment = Experiment { norm: arm, ..seeded(&setting(plan), seed) };
                if over_sizes(plan) {
                    experiment.batch_size = column as u32;
                } else {
                    experiment.learning_rate = column;
                }
                jobs.push(Job { experiment, arm, steps: STEPS, measure: Measure::Training { every: EVERY } });
            }
        }
    }
    jobs
}

/// An arm's name in a row.
fn name(norm: Norm) -> &'static str {
    if norm == Norm::None { "none" } else { short_name(norm) }
}

/// What the figure shows.
pub fn view(sweep: &Sweep) -> NormsView {
    let plan = sweep.plan();
    let columns = columns(plan);
    let (n, seeds) = (columns.len(), plan.seeds as usize);
    let arms: Vec<(&'static str, Vec<Cell>)> = ARMS
        .iter()
        .enumerate()
        .map(|(arm, &norm)| {
            let jobs = |c: usize| (0..seeds).map(move |s| (s * n + c) * ARMS.len() + arm);
            (name(norm), (0..n).map(|c| Cell::gather(sweep, jobs(c), LAST)).collect())
        })
        .collect();
    NormsView {
        columns,
        axis: if over_sizes(plan) { "batch size" } else { "learning rate" },
        counts: arms.iter().map(|(_, cells)| cells.iter().filter(|cell| cell.trains()).count()).collect(),
        chance: 1.0 / setting(plan).classes() as f32,
        arms,
    }
}

/// Arms other than none and batch norm that widen the range.
fn widening(view: &NormsView) -> Vec<&'static str> {
    let wider = |arm: &usize| view.counts[*arm] > view.counts[0];
    (BATCH_NORM + 1..ARMS.len()).filter(wider).map(|arm| name(ARMS[arm])).collect()
}

fn grade(view: &NormsView) -> Option<Grade> {
    if view.arms.iter().any(|(_, cells)| cells.iter().all(|cell| cell.ends.is_empty())) {
        return None;
    }
    let others = ARMS.len() - BATCH_NORM - 1;
    Some(match widening(view).len() {
        n if n == others => Grade::Holds,
        0 => Grade::NotHere,
        _ => Grade::Mixed,
    })
}

fn measured(view: &NormsView) -> String {
    let of = view.columns.len();
    let what = if view.axis == "batch size" { "batch sizes" } else { "rates" };
    let others: Vec<String> = (BATCH_NORM + 1..ARMS.len())
        .map(|arm| format!("{} with {}", view.counts[arm], name(ARMS[arm])))
        .collect();
    let widened = match widening(view) {
        names if names.is_empty() && view.counts[BATCH_NORM] > view.counts[0] => {
            "only batch norm widens the range: ".to_owned()
        }
        names if names.is_empty() => "no norm widens the range: ".to_owned(),
        names if names.len() == ARMS.len() - BATCH_NORM - 1 => "all of them widen the range: ".to_owned(),
        names => match names.split_last() {
            Some((last, [])) => format!("of the four only {last} widens the range: "),
            Some((last, first)) => format!("of the four {} and {last} widen the range: ", first.join(", ")),
            None => String::new(),
        },
    };
    format!(
        "{widened}of {of} {what}, {} reach 90 % with BN, {} without a norm, {}.",
        view.counts[BATCH_NORM],
        view.counts[0],
        others.join(", ")
    )
}

/// The highest setting at which each arm trains, and the scores at each arm's best.
fn but(view: &NormsView) -> String {
    let best = |arm: usize| {
        let known = view.arms[arm].1.iter().filter_map(|cell| cell.accuracy().value());
        known.reduce(f32::max)
    };
    let scores: Vec<String> = (0..ARMS.len())
        .filter_map(|arm| {
            let name = if arm == 0 { "no norm" } else { name(ARMS[arm]) };
            Some(format!("{name} {}", percent(best(arm)?)))
        })
        .collect();
    if scores.is_empty() {
        return String::new();
    }
    format!(
        "At its own best {} each ends at: {}. A small plain network is not a transformer.",
        view.axis,
        scores.join(", ")
    )
}

fn table(view: &NormsView) -> Table {
    let mut table = Table::new(format!("Test accuracy at the end, by norm and {}", view.axis), &["norm"]);
    table.columns.extend(view.columns.iter().map(|&column| words::rate(column)));
    table.columns.push("train".to_owned());
    for ((name, cells), count) in view.arms.iter().zip(&view.counts) {
        let mut row = vec![(*name).to_owned()];
        row.extend(cells.iter().map(|cell| match cell.accuracy() {
            super::cell::Median::At(accuracy) => percent(accuracy),
            _ => cell.accuracy_text(),
        }));
        row.push(count.to_string());
        table.rows.push(row);
    }
    table
}

pub(super) fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding { grade: grade(&view), measured: measured(&view), but: but(&view), tables: vec![table(&view)] }
}
