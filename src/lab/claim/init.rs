//! "Batch norm forgives poorly chosen initial weights": a map of learning rates and weight scales, both arms.

use super::cell::{Cell, EVERY, LAST, trains_words};
use super::job::{Job, Measure};
use super::plate::{LOADS_A_CELL, Plate, View, capital, choice, medians, updates};
use super::settings::{digits, rings};
use super::view::MapView;
use super::words;
use super::{About, Control, Finding, Grade, Plan, Table, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::sentence::{percent, target};
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "init",
    heading: "Initial weights",
    claim: "Batch norm forgives poorly chosen initial weights.",
    rule,
    source: "Ioffe & Szegedy 2015, section 3.3; Arora et al. 2018",
    controls: &[
        Control {
            label: "network",
            choices: &["spiral, 8 × 16 ReLU", "digits, 3 × 64 ReLU", "rings, 2 × 16 tanh"],
            usual: 0,
        },
        Control { label: "steps", choices: &["200", "400", "800"], usual: 1 },
    ],
    seeds: 3,
    is_cheap: false,
    picture: "init",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "A pair of rate and scale {}. Holds here: more than {} times as many pairs train with batch norm. Mixed: more, \
         but not that many. Not here: as many or fewer.",
        trains_words(),
        words::rate(MORE)
    )
}

/// Times as many pairs have to train with batch norm, and more.
const MORE: f32 = 1.5;
/// Less of the accuracy than this is not told as the cost of a large scale.
const COST: f32 = 0.05;

const STEPS: [u32; 3] = [200, 400, 800];
/// Rates and scales alike.
const SIDE: usize = 9;

/// 0.001 to 10 in halves of a decade.
fn rates() -> [f32; SIDE] {
    core::array::from_fn(|k| libm::pow(10.0, -3.0 + k as f64 / 2.0) as f32)
}

/// 0.1 to 10 in quarters of a decade, rising.
fn scales() -> [f32; SIDE] {
    core::array::from_fn(|k| libm::pow(10.0, -1.0 + k as f64 / 4.0) as f32)
}

fn setting(plan: &Plan) -> Experiment {
    match plan.choices[0] {
        1 => digits(3, 64),
        2 => rings(),
        _ => Experiment::default(),
    }
}

/// Seed by seed, scale by scale, rate by rate, without and with.
fn jobs(plan: &Plan) -> Vec<Job> {
    let steps = STEPS[usize::from(plan.choices[1]).min(2)];
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        for weight_scale in scales() {
            for learning_rate in rates() {
                for arm in [Norm::None, Norm::Batch] {
                    let experiment =
                        Experiment { weight_scale, learning_rate, ..seeded(&setting(plan), seed) };
                    jobs.push(Job { experiment, arm, steps, measure: Measure::Training { every: EVERY } });
                }
            }
        }
    }
    jobs
}

/// What the figure shows.
pub fn view(sweep: &Sweep) -> MapView {
    let seeds = sweep.plan().seeds as usize;
    let arms = [0, 1].map(|arm| {
        let jobs = |cell: usize| (0..seeds).map(move |s| (s * SIDE * SIDE + cell) * 2 + arm);
        (0..SIDE * SIDE).map(|cell| Cell::gather(sweep, jobs(cell), LAST)).collect::<Vec<_>>()
    });
    MapView {
        rates: rates().to_vec(),
        scales: scales().to_vec(),
        counts: arms.each_ref().map(|cells| cells.iter().filter(|cell| cell.trains()).count()),
        chance: 1.0 / setting(sweep.plan()).classes() as f32,
        arms,
    }
}

fn grade(view: &MapView) -> Option<Grade> {
    if view.arms.iter().any(|cells| cells.iter().all(|cell| cell.ends.is_empty())) {
        return None;
    }
    let [without, with] = view.counts;
    Some(if with as f32 > MORE * without as f32 {
        Grade::Holds
    } else if with > without {
        Grade::Mixed
    } else {
        Grade::NotHere
    })
}

fn measured(view: &MapView) -> String {
    let of = view.rates.len() * view.scales.len();
    let [without, with] = view.counts;
    format!(
        "{} of {of} pairs of rate and scale reach {} with BN, {} without.",
        words::or_none(with),
        target(),
        words::or_none(without)
    )
}

/// The best pair of one arm: scale, rate, accuracy.
fn best(view: &MapView, arm: usize) -> Option<(f32, f32, f32)> {
    let known = view.arms[arm].iter().enumerate().filter_map(|(k, cell)| {
        Some((view.scales[k / SIDE], view.rates[k % SIDE], cell.accuracy().value()?))
    });
    known.reduce(|best, next| if next.2 > best.2 { next } else { best })
}

/// What a large scale costs with batch norm: at the rate where smallest and largest scale differ most.
fn cost_of_scale(view: &MapView) -> Option<String> {
    let cells = &view.arms[1];
    let ends = (0..SIDE).filter_map(|r| {
        let (small, large) = (cells[r].accuracy().value()?, cells[(SIDE - 1) * SIDE + r].accuracy().value()?);
        Some((view.rates[r], small, large))
    });
    let (rate, small, large) = ends.reduce(|a, b| if b.1 - b.2 > a.1 - a.2 { b } else { a })?;
    (small - large > COST).then(|| {
        format!(
            "Scale is not free here: at rate {} the network with BN ends at {} from scale {}, at {} from scale {}.",
            words::rate(rate),
            percent(small),
            words::rate(view.scales[0]),
            percent(large),
            words::rate(view.scales[SIDE - 1]),
        )
    })
}

fn but(view: &MapView) -> String {
    let plain = best(view, 0).map(|(scale, rate, accuracy)| {
        format!(
            "At its own best pair, scale {} and rate {}, the plain network ends at {}.",
            words::rate(scale),
            words::rate(rate),
            percent(accuracy)
        )
    });
    [cost_of_scale(view), plain].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn table(view: &MapView, arm: usize) -> Table {
    let name = ["without BN", "with BN"][arm];
    let mut table =
        Table::new(format!("Test accuracy {name}: weight scale down, learning rate across"), &["scale"]);
    table.columns.extend(view.rates.iter().map(|&rate| words::rate(rate)));
    for (s, &scale) in view.scales.iter().enumerate().rev() {
        let mut row = vec![words::rate(scale)];
        row.extend(view.arms[arm][s * SIDE..][..SIDE].iter().map(Cell::accuracy_text));
        table.rows.push(row);
    }
    table
}

/// The figure.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let view = view(sweep);
    let caption = format!(
        "{}, {} steps. Test accuracy from {} % (blank) to 100 % (solid) for {} pairs of weight scale and learning \
         rate. {}. Outline: {} reached.",
        capital(choice(sweep.plan(), 0)),
        updates(sweep),
        words::rate(100.0 * view.chance),
        view.rates.len() * view.scales.len(),
        medians(sweep.plan()),
        target(),
    );
    vec![Plate::new("init", caption, View::InitMap(view)).with_hint(LOADS_A_CELL)]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding {
        grade: grade(&view),
        measured: measured(&view),
        but: but(&view),
        tables: vec![table(&view, 0), table(&view, 1)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::{Claim, TARGET, made_up};

    #[test]
    fn the_claim_holds_if_more_than_one_and_a_half_times_as_many_pairs_train() {
        assert!(rule().contains("more than 1.5 times as many pairs"));
        let cases = [
            ([4, 3], Grade::NotHere),
            ([4, 4], Grade::NotHere),
            ([4, 5], Grade::Mixed),
            ([4, 6], Grade::Mixed),
            ([4, 7], Grade::Holds),
            ([54, 81], Grade::Mixed),
            ([53, 80], Grade::Holds),
            ([0, 0], Grade::NotHere),
            ([0, 1], Grade::Holds),
        ];
        for (counts, expected) in cases {
            // So many of the pairs are at the target, the others as little below it as can be.
            let found = made_up::grade(Claim::Init, |place, _| {
                let trains = place / 2 < counts[place % 2];
                Some(made_up::ended(if trains { TARGET } else { TARGET.next_down() }))
            });
            assert_eq!(found, Some(expected), "{counts:?}");
        }
        assert_eq!(made_up::grade(Claim::Init, |place, _| (place % 2 == 0).then(made_up::diverged)), None);
    }

    #[test]
    fn a_large_scale_is_told_of_once_it_costs_more_than_five_points() {
        let told = |cost: f32| {
            // At the first rate; at the others nothing has come back.
            let mut cells = vec![Cell::default(); SIDE * SIDE];
            (cells[0], cells[(SIDE - 1) * SIDE]) = (made_up::cell(Some(cost)), made_up::cell(Some(0.0)));
            let arms = [Vec::new(), cells];
            let view =
                MapView { arms, rates: rates().to_vec(), scales: scales().to_vec(), ..MapView::default() };
            cost_of_scale(&view).is_some()
        };
        let five_points = 0.05_f32;
        assert!(told(five_points.next_up()) && !told(five_points) && !told(five_points.next_down()));
    }
}
