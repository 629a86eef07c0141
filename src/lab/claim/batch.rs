//! "Batch norm leans on the batch": accuracy over the batch size, tested with running, batch and exact statistics.

use super::cell::{Cell, End};
use super::job::{Job, Measure, Outcome};
use super::plate::{LOADS_A_MARK, Plate, View, capital, choice, medians, updates};
use super::settings::{rings, short_spiral};
use super::view::BatchView;
use super::words;
use super::{About, Control, Finding, Grade, POINT, Plan, Table, is_behind, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "batch",
    heading: "Small batches",
    claim: "Batch norm leans on the batch: the smaller it is, the noisier its mean and variance.",
    rule,
    source: "Wu & He 2018; Masters & Luschi 2018; Wu & Johnson 2021",
    controls: &[
        Control {
            label: "network",
            choices: &["short spiral, 3 × 32 ReLU", "spiral, 8 × 16 ReLU", "rings, 2 × 16 tanh"],
            usual: 0,
        },
        Control { label: "each size gets", choices: &["as many steps", "as many examples"], usual: 0 },
        Control { label: "sizes from", choices: &["2", "16"], usual: 0 },
    ],
    seeds: 3,
    is_cheap: true,
    picture: "batch",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "Median test accuracy at the end, tested with running statistics. Holds here: with batch norm it is more than \
         {} below the plain network\u{2019}s at the two smallest batch sizes. Mixed: at one of them. Not here: at neither.",
        words::points(POINT)
    )
}

const SIZES: [u32; 8] = [2, 4, 8, 16, 32, 64, 128, 256];
const RATE: f32 = 0.1;
const STEPS: u32 = 1000;
/// With as many examples for every size, at half the rate: 30 epochs.
const EPOCHS: u32 = 30;

/// The sizes tried: all, or those that are not small.
fn sizes(plan: &Plan) -> &'static [u32] {
    if plan.choices[2] == 1 { &SIZES[3..] } else { &SIZES }
}

fn equal_examples(plan: &Plan) -> bool {
    plan.choices[1] == 1
}

fn setting(plan: &Plan) -> Experiment {
    let learning_rate = if equal_examples(plan) { 0.5 * RATE } else { RATE };
    let network = match plan.choices[0] {
        1 => Experiment::default(),
        2 => rings(),
        _ => short_spiral(3, 32),
    };
    Experiment { learning_rate, ..network }
}

fn steps(plan: &Plan, size: u32) -> u32 {
    let examples = setting(plan).examples().0 as u32;
    if equal_examples(plan) { EPOCHS * (examples / size) } else { STEPS }
}

/// Seed by seed, size by size, without and with.
fn jobs(plan: &Plan) -> Vec<Job> {
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        for &batch_size in sizes(plan) {
            for arm in [Norm::None, Norm::Batch] {
                let experiment = Experiment { batch_size, ..seeded(&setting(plan), seed) };
                let steps = steps(plan, batch_size);
                jobs.push(Job { experiment, arm, steps, measure: Measure::Training { every: steps } });
            }
        }
    }
    jobs
}

/// One size of one arm, tested with one kind of statistics (running, batch, exact).
fn cell(sweep: &Sweep, size: usize, arm: usize, statistics: usize) -> Cell {
    let (seeds, sizes) = (sweep.plan().seeds as usize, sizes(sweep.plan()).len());
    let mut cell = Cell { seeds, ..Cell::default() };
    for job in (0..seeds).map(|s| (s * sizes + size) * 2 + arm) {
        if let Some(Outcome::Training(training)) = sweep.outcome(job) {
            let end = training.at_end.map(|ends| ends[statistics]);
            let loss = end.and_then(|end| end.loss);
            cell.ends.push(End { job, loss, accuracy: end.map(|end| end.accuracy) });
        }
    }
    cell
}

/// Whether anything has come back of both networks at a size.
fn is_known(view: &BatchView, size: usize) -> bool {
    !view.without[size].ends.is_empty() && !view.with[0][size].ends.is_empty()
}

/// Whether batch norm is behind at a size.
fn is_worse(without: &Cell, with: &Cell) -> bool {
    match (without.accuracy().value(), with.accuracy().value()) {
        (Some(plain), Some(normed)) => is_behind(normed, plain),
        // A network that diverged is worse than one that did not.
        (Some(_), None) => !with.ends.is_empty(),
        (None, _) => false,
    }
}

/// What the figure shows.
pub fn view(sweep: &Sweep) -> BatchView {
    let sizes = sizes(sweep.plan());
    let row = |arm, statistics| (0..sizes.len()).map(|size| cell(sweep, size, arm, statistics)).collect();
    let without: Vec<Cell> = row(0, 0);
    let with: [Vec<Cell>; 3] = [0, 1, 2].map(|statistics| row(1, statistics));
    BatchView {
        sizes: sizes.to_vec(),
        worse: without.iter().zip(&with[0]).map(|(without, with)| is_worse(without, with)).collect(),
        chance: 1.0 / setting(sweep.plan()).classes() as f32,
        without,
        with,
    }
}

fn grade(view: &BatchView) -> Option<Grade> {
    let known = |size: usize| is_known(view, size);
    if !known(0) || !known(1) {
        return None;
    }
    Some(match (view.worse[0], view.worse[1]) {
        (true, true) => Grade::Holds,
        (false, false) => Grade::NotHere,
        _ => Grade::Mixed,
    })
}

fn accuracy(cell: &Cell) -> String {
    cell.accuracy().value().map_or("diverged".to_owned(), percent)
}

fn measured(view: &BatchView) -> String {
    let run_in = view.worse.iter().take_while(|&&worse| worse).count();
    let pair = |size: usize| {
        let (with, without) = (accuracy(&view.with[0][size]), accuracy(&view.without[size]));
        format!("{with} with BN against {without} without at batch size {}", view.sizes[size])
    };
    match run_in {
        0 if view.worse.get(1) == Some(&true) => {
            format!("with batches of {} BN is not behind, {}; it is, {}.", view.sizes[0], pair(0), pair(1))
        }
        0 => format!("{}.", pair(0)),
        1 => format!("with batches of {} BN is behind, {}; {}.", view.sizes[0], pair(0), pair(1)),
        n => format!(
            "with batches of {} or fewer BN is behind: {}, {}.",
            view.sizes[n - 1],
            pair(0),
            pair(n - 1)
        ),
    }
}

/// What other statistics change at the smallest size, and where batch norm is level or ahead.
fn but(view: &BatchView) -> String {
    let mut parts = Vec::new();
    let [running, batch, exact] = view.with.each_ref().map(|cells| cells[0].accuracy().value());
    if let (Some(running), Some(batch), Some(exact)) = (running, batch, exact) {
        parts.push(format!(
            "Tested with the statistics of the test batch instead, BN has {} at batch size {}, with exact ones {} \
             (running: {}).",
            percent(batch),
            view.sizes[0],
            percent(exact),
            percent(running),
        ));
    }
    let level = view.worse.iter().rposition(|&worse| worse).map_or(0, |last| last + 1);
    let known = |size: usize| is_known(view, size);
    if level < view.sizes.len() && (level..view.sizes.len()).all(known) {
        parts.push(format!(
            "From {} up BN is level or ahead: {} with, {} without at {}.",
            view.sizes[level],
            accuracy(&view.with[0][level]),
            accuracy(&view.without[level]),
            view.sizes[level],
        ));
    }
    parts.join(" ")
}

fn table(view: &BatchView) -> Table {
    let mut table = Table::new(
        "Test accuracy at the end, by batch size; with BN tested three ways",
        &["batch", "without BN", "with BN, running", "batch statistics", "exact statistics"],
    );
    for (size, &batch) in view.sizes.iter().enumerate() {
        let mut row = vec![batch.to_string(), view.without[size].accuracy_text()];
        row.extend(view.with.iter().map(|cells| cells[size].accuracy_text()));
        table.rows.push(row);
    }
    table
}

/// The figure.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let share = match plan.choices[1] {
        0 => format!("Every size gets {} steps, so small batches also see fewer examples", updates(sweep)),
        _ => "Every size sees as many examples, so small batches get more steps".to_owned(),
    };
    let caption = format!(
        "{}. {share}. {} (small marks: each seed), tested with running statistics; thin lines: with those of \
         the batch, and exact ones.",
        capital(choice(plan, 0)),
        medians(plan),
    );
    vec![Plate::new("batch", caption, View::Batches(view(sweep))).with_hint(LOADS_A_MARK)]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    let grade = grade(&view);
    let (measured, but) = match grade {
        Some(_) => (measured(&view), but(&view)),
        None => ("the smallest batches have not come back yet.".to_owned(), String::new()),
    };
    Finding { grade, measured, but, tables: vec![table(&view)] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::{Claim, made_up};

    #[test]
    fn batch_norm_is_behind_once_it_is_more_than_a_point_below() {
        assert!(rule().contains("more than one point below"));
        let worse = |plain, normed| is_worse(&made_up::cell(plain), &made_up::cell(normed));
        let point = 0.01_f32;
        assert!(!worse(Some(point.next_down()), Some(0.0)));
        assert!(!worse(Some(point), Some(0.0)));
        assert!(worse(Some(point.next_up()), Some(0.0)));
        assert!(!worse(Some(0.0), Some(1.0)));
    }

    #[test]
    fn a_run_that_diverged_is_behind_one_that_did_not_and_one_to_come_is_not() {
        let (fine, diverged) = (made_up::cell(Some(0.5)), made_up::cell(None));
        assert!(is_worse(&fine, &diverged));
        assert!(!is_worse(&diverged, &fine) && !is_worse(&diverged, &diverged));
        assert!(!is_worse(&fine, &Cell::default()) && !is_worse(&Cell::default(), &fine));
    }

    /// How the claim does where batch norm is behind at these of the three smallest sizes, and nowhere else; with how
    /// many of the sizes run.
    fn found(behind: [bool; 3], run: usize) -> Option<Grade> {
        made_up::grade(Claim::Batch, |place, job| {
            let (size, with) = (place / 2, job.arm == Norm::Batch);
            let is_behind = with && behind.get(size) == Some(&true);
            (size < run).then(|| made_up::ended(if is_behind { 0.5 } else { 0.9 }))
        })
    }

    #[test]
    fn the_two_smallest_sizes_make_the_verdict_and_no_other_has_a_say() {
        for third in [false, true] {
            assert_eq!(found([true, true, third], SIZES.len()), Some(Grade::Holds));
            assert_eq!(found([true, false, third], SIZES.len()), Some(Grade::Mixed));
            assert_eq!(found([false, true, third], SIZES.len()), Some(Grade::Mixed));
            assert_eq!(found([false, false, third], SIZES.len()), Some(Grade::NotHere));
        }
        assert_eq!(found([true; 3], 2), Some(Grade::Holds));
        assert_eq!(found([true; 3], 1), None);
    }

    #[test]
    fn running_statistics_are_those_that_are_judged() {
        let judged = |statistics: usize| {
            made_up::grade(Claim::Batch, |_, job| {
                let Outcome::Training(mut training) = made_up::ended(0.9) else { return None };
                if let (Norm::Batch, Some(ends)) = (job.arm, &mut training.at_end) {
                    ends[statistics].accuracy = 0.5;
                }
                Some(Outcome::Training(training))
            })
        };
        assert_eq!([0, 1, 2].map(judged), [Grade::Holds, Grade::NotHere, Grade::NotHere].map(Some));
    }
}
