//! "LayerNorm, RMSNorm, GroupNorm and DyT ignore the batch": six arms from one init, over rates or batch sizes.

use super::cell::{Cell, EVERY, LAST, trains_words};
use super::job::{Job, Measure};
use super::plate::{LOADS_A_CELL, Plate, View, capital, choice, medians, updates};
use super::settings::{digits, rings, short_spiral};
use super::view::{NormsView, SIZE_AXIS};
use super::{About, Control, Finding, Grade, Plan, Table, seeded};
use crate::lab::experiment::{Experiment, short_name};
use crate::lab::sentence::{percent, target};
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "norms",
    heading: "Since 2015",
    claim: "LayerNorm, RMSNorm, GroupNorm and DyT ignore the batch; transformers use the first two. Can they stand \
            in for batch norm here?",
    rule,
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
    is_cheap: false,
    picture: "norms",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "A setting {}. Over learning rates a norm stands in if it widens the range: more rates train with it than with \
         none. Over batch sizes it stands in if at least as many sizes train with it as with batch norm. Holds here: \
         all four of LayerNorm, RMSNorm, GroupNorm and DyT stand in. Mixed: some do. Not here: none does.",
        trains_words()
    )
}

/// In the order of the rows.
const ARMS: [Norm; 6] = [Norm::None, Norm::Batch, Norm::Layer, Norm::Rms, Norm::Group, Norm::DyT];
const BATCH_NORM: usize = 1;
/// 0.01 to 10 in halves of a decade.
const RATES: usize = 7;
const SIZES: [u32; 7] = [2, 4, 8, 16, 32, 64, 128];
/// The rate while batch sizes vary.
const RATE: f32 = 0.1;
const STEPS: u32 = 600;

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
fn jobs(plan: &Plan) -> Vec<Job> {
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
        axis: if over_sizes(plan) { SIZE_AXIS } else { "learning rate" },
        counts: arms.iter().map(|(_, cells)| cells.iter().filter(|cell| cell.trains()).count()).collect(),
        chance: 1.0 / setting(plan).classes() as f32,
        arms,
    }
}

/// Arms other than none and batch norm that stand in for it. Where a plain network trains at every batch size nothing
/// can widen the range: there batch norm itself is the measure.
fn standing_in(view: &NormsView) -> Vec<&'static str> {
    let stands_in = |arm: &usize| match is_over_sizes(view) {
        true => view.counts[*arm] > 0 && view.counts[*arm] >= view.counts[BATCH_NORM],
        false => view.counts[*arm] > view.counts[0],
    };
    (BATCH_NORM + 1..ARMS.len()).filter(stands_in).map(|arm| name(ARMS[arm])).collect()
}

fn is_over_sizes(view: &NormsView) -> bool {
    view.axis == SIZE_AXIS
}

fn grade(view: &NormsView) -> Option<Grade> {
    if view.arms.iter().any(|(_, cells)| cells.iter().all(|cell| cell.ends.is_empty())) {
        return None;
    }
    let others = ARMS.len() - BATCH_NORM - 1;
    Some(match standing_in(view).len() {
        n if n == others => Grade::Holds,
        0 => Grade::NotHere,
        _ => Grade::Mixed,
    })
}

/// "of the four LayerNorm and DyT ".
fn who(names: &[&'static str]) -> String {
    match names.split_last() {
        None => "none of the four ".to_owned(),
        Some(_) if names.len() == ARMS.len() - BATCH_NORM - 1 => "all four ".to_owned(),
        Some((last, [])) => format!("of the four only {last} "),
        Some((last, first)) => format!("of the four {} and {last} ", first.join(", ")),
    }
}

fn measured(view: &NormsView) -> String {
    let names = standing_in(view);
    let one = names.len() < 2;
    let found = match is_over_sizes(view) {
        true if one => format!("{}trains at as many batch sizes as batch norm: ", who(&names)),
        true => format!("{}train at as many batch sizes as batch norm, or more: ", who(&names)),
        false if names.is_empty() && view.counts[BATCH_NORM] > view.counts[0] => {
            "only batch norm widens the range: ".to_owned()
        }
        false if names.is_empty() => "no norm widens the range: ".to_owned(),
        false if one => format!("{}widens the range: ", who(&names)),
        false => format!("{}widen the range: ", who(&names)),
    };
    let others: Vec<String> = (BATCH_NORM + 1..ARMS.len())
        .map(|arm| format!("{} with {}", view.counts[arm], name(ARMS[arm])))
        .collect();
    format!(
        "{found}of {} {}, {} reach {} with BN, {} without a norm, {}.",
        view.columns.len(),
        if is_over_sizes(view) { "batch sizes" } else { "rates" },
        view.counts[BATCH_NORM],
        target(),
        view.counts[0],
        others.join(", ")
    )
}

/// The score of each arm at its own best setting.
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
    table.columns.extend(view.columns.iter().map(|&column| view.column_words(column)));
    table.columns.push("train".to_owned());
    for ((name, cells), count) in view.arms.iter().zip(&view.counts) {
        let mut row = vec![(*name).to_owned()];
        row.extend(cells.iter().map(Cell::accuracy_text));
        row.push(count.to_string());
        table.rows.push(row);
    }
    table
}

/// The figure.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let caption = format!(
        "{}, {} steps. One row per arm, all from the same initial weights. Number and tone: test accuracy in \
         percent. {}.",
        capital(choice(plan, 0)),
        updates(sweep),
        medians(plan),
    );
    vec![Plate::new("norms", caption, View::Norms(view(sweep))).with_hint(LOADS_A_CELL)]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding { grade: grade(&view), measured: measured(&view), but: but(&view), tables: vec![table(&view)] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::made_up;

    /// As many settings of seven train as `counts` say, arm by arm in the order of the rows.
    fn view(axis: &'static str, counts: [usize; 6]) -> NormsView {
        let arm = |(norm, count): (Norm, usize)| {
            (name(norm), (0..7).map(|k| made_up::cell(Some(if k < count { 0.95 } else { 0.5 }))).collect())
        };
        NormsView {
            columns: vec![1.0; 7],
            axis,
            arms: ARMS.into_iter().zip(counts).map(arm).collect(),
            counts: counts.to_vec(),
            chance: 0.5,
        }
    }

    #[test]
    fn over_rates_a_norm_is_measured_by_none_and_over_sizes_by_batch_norm() {
        let rates = "learning rate";
        let cases = [
            (rates, [2, 5, 3, 3, 4, 3], Grade::Holds, "all four widen the range: of 7 rates"),
            (rates, [2, 5, 2, 3, 2, 2], Grade::Mixed, "of the four only RMSNorm widens the range"),
            (rates, [2, 5, 2, 2, 1, 2], Grade::NotHere, "only batch norm widens the range"),
            (rates, [2, 2, 2, 2, 2, 2], Grade::NotHere, "no norm widens the range"),
            // The plain network trains at every size: nothing can widen that.
            (
                SIZE_AXIS,
                [7, 5, 6, 7, 5, 5],
                Grade::Holds,
                "all four train at as many batch sizes as batch norm, or more",
            ),
            (
                SIZE_AXIS,
                [7, 5, 6, 7, 4, 3],
                Grade::Mixed,
                "of the four LayerNorm and RMSNorm train at as many",
            ),
            (SIZE_AXIS, [7, 5, 4, 4, 4, 3], Grade::NotHere, "none of the four trains at as many batch sizes"),
            (SIZE_AXIS, [0, 0, 0, 0, 0, 0], Grade::NotHere, "none of the four trains"),
        ];
        for (axis, counts, expected, words) in cases {
            let view = view(axis, counts);
            assert_eq!(grade(&view), Some(expected), "{axis} {counts:?}");
            assert!(measured(&view).starts_with(words), "{}", measured(&view));
        }
    }
}
