//! "Batch norm lets you train with a higher learning rate": a sweep over rates, seeds and both arms.
//!
//! A rate trains if the median test accuracy over seeds, the mean of the last three evaluations, is at the target.

#[cfg(test)]
mod tests;

use super::cell::{Cell, EVERY, LAST, trains_words};
use super::job::{Job, Measure};
use super::plate::{LOADS_A_MARK, Plate, View, capital, choice, updates};
use super::settings::{digits, rings};
use super::view::RatesView;
use super::words;
use super::{About, Control, Finding, Grade, Plan, TARGET, Table, is_behind, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::sentence::{percent, target};
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "lr",
    heading: "Learning rate",
    claim: "Batch norm lets you train with a higher learning rate, and makes the choice matter less.",
    rule,
    source: "Ioffe & Szegedy 2015, section 4.2; Bjorck et al. 2018",
    controls: &[
        Control {
            label: "network",
            choices: &["spiral, 8 × 16 ReLU", "digits, 3 × 64 ReLU", "rings, 2 × 16 tanh"],
            usual: 0,
        },
        Control { label: "the rate of", choices: &["all weights", "hidden weights only"], usual: 0 },
        Control { label: "batch size", choices: &["2", "16", "64", "128"], usual: 3 },
    ],
    seeds: 3,
    is_cheap: false,
    picture: "lr",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "A rate {}. Holds here: the largest rate that trains is more than twice as high with batch norm, and more \
         rates train. Mixed: one of the two. Not here: neither.",
        trains_words()
    )
}

/// The factor over which a rate is higher: "twice" in the rule.
const HIGHER: f32 = 2.0;

/// Rates of the sweep.
const RATES: usize = 19;
/// Updates of each run.
const STEPS: u32 = 600;
/// What output layer, gamma and beta keep while the hidden weights' rate varies.
const OUTPUT_RATE: f32 = 0.1;
const BATCH_SIZES: [u32; 4] = [2, 16, 64, 128];

fn hidden_only(plan: &Plan) -> bool {
    plan.choices[1] == 1
}

/// 0.001 to 31.6 in quarters of a decade; 0.01 to 10 000 in thirds for the hidden weights alone.
fn rates(plan: &Plan) -> Vec<f32> {
    let rate = |k: usize| match hidden_only(plan) {
        false => libm::pow(10.0, -3.0 + k as f64 / 4.0) as f32,
        true => libm::pow(10.0, -2.0 + k as f64 / 3.0) as f32,
    };
    (0..RATES).map(rate).collect()
}

fn setting(plan: &Plan) -> Experiment {
    let network = match plan.choices[0] {
        1 => digits(3, 64),
        2 => rings(),
        _ => Experiment::default(),
    };
    let batch_size = BATCH_SIZES[usize::from(plan.choices[2]).min(BATCH_SIZES.len() - 1)];
    Experiment { batch_size, ..network }
}

/// Seed by seed, rate by rate, without and with.
fn jobs(plan: &Plan) -> Vec<Job> {
    let base = setting(plan);
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        for rate in rates(plan) {
            for arm in [Norm::None, Norm::Batch] {
                let mut experiment = seeded(&base, seed);
                if hidden_only(plan) {
                    (experiment.learning_rate, experiment.hidden_rate) = (OUTPUT_RATE, Some(rate));
                } else {
                    experiment.learning_rate = rate;
                }
                jobs.push(Job { experiment, arm, steps: STEPS, measure: Measure::Training { every: EVERY } });
            }
        }
    }
    jobs
}

/// What the figure shows.
pub fn view(sweep: &Sweep) -> RatesView {
    let plan = sweep.plan();
    let rates = rates(plan);
    let seeds = plan.seeds as usize;
    let arms = [0, 1].map(|arm| {
        let cell = |r: usize| Cell::gather(sweep, (0..seeds).map(|s| (s * RATES + r) * 2 + arm), LAST);
        (0..RATES).map(cell).collect::<Vec<_>>()
    });
    let training = arms.each_ref().map(|cells| {
        let trains = rates.iter().zip(cells).filter(|(_, cell)| cell.trains());
        trains.map(|(&rate, _)| rate).collect::<Vec<f32>>()
    });
    let reached = training.each_ref().map(|rates| Some([*rates.first()?, *rates.last()?]));
    RatesView {
        factor: reached[0].zip(reached[1]).map(|(without, with)| with[1] / without[1]),
        counts: training.each_ref().map(Vec::len),
        reached,
        guessing: (setting(plan).classes() as f32).ln(),
        axis: if hidden_only(plan) { "learning rate of the hidden weights" } else { "learning rate" },
        rates,
        arms,
    }
}

/// The rule.
fn grade(view: &RatesView) -> Option<Grade> {
    if view.arms.iter().any(|cells| cells.iter().all(|cell| cell.ends.is_empty())) {
        return None;
    }
    let higher = match view.reached {
        [Some(without), Some(with)] => with[1] / without[1] > HIGHER,
        [without, with] => without.is_none() && with.is_some(),
    };
    let more = view.counts[1] > view.counts[0];
    Some(match (higher, more) {
        (true, true) => Grade::Holds,
        (false, false) => Grade::NotHere,
        _ => Grade::Mixed,
    })
}

fn measured(view: &RatesView) -> String {
    let of = view.rates.len();
    match view.reached {
        [None, None] => format!("none of {of} rates trains to {}, with BN or without.", target()),
        [None, Some(with)] => format!(
            "the largest rate that still trains is {} with BN; without it none does. Of {of} rates {} work with BN.",
            words::rate(with[1]),
            view.counts[1],
        ),
        [Some(without), None] => format!(
            "no rate trains with BN; without it the largest that does is {}. Of {of} rates {} work without BN.",
            words::rate(without[1]),
            view.counts[0],
        ),
        [Some(without), Some(with)] => {
            let factor = with[1] / without[1];
            let compared = match factor {
                f if f > 1.01 => format!(", {} higher", words::times(f)),
                f if f < 0.99 => format!(", {} lower", words::times(1.0 / f)),
                _ => String::new(),
            };
            format!(
                "the largest rate that still trains is {} with BN and {} without{compared}. Of {of} rates {} work \
                 with BN, {} without.",
                words::rate(with[1]),
                words::rate(without[1]),
                view.counts[1],
                view.counts[0],
            )
        }
    }
}

/// Each arm's own best rate, by median accuracy; the lower rate of equals.
fn best(view: &RatesView, arm: usize) -> Option<(f32, f32)> {
    let known = view
        .rates
        .iter()
        .zip(&view.arms[arm])
        .filter_map(|(&rate, cell)| Some((rate, cell.accuracy().value()?)));
    known.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn but(view: &RatesView) -> String {
    let (Some(without), Some(with)) = (best(view, 0), best(view, 1)) else { return String::new() };
    let enough = without.1 >= TARGET && !is_behind(without.1, with.1);
    let first = format!(
        "{} its own best rate, {}, the plain network ends at {}, with BN at its best, {}, at {}.",
        if enough { "Higher is not needed: at" } else { "At" },
        words::rate(without.0),
        percent(without.1),
        words::rate(with.0),
        percent(with.1),
    );
    let highest = view.rates.last().copied().unwrap_or(0.0);
    match view.reached[1] {
        Some(with) if with[1] < highest => {
            format!(
                "{first} Not any rate will do: above {} the network with BN fails too.",
                words::rate(with[1])
            )
        }
        _ => first,
    }
}

fn table(view: &RatesView) -> Table {
    let mut table = Table::new(
        format!("Test accuracy and loss at the end, by {}", view.axis),
        &["rate", "without BN", "loss", "with BN", "loss"],
    );
    for (r, &rate) in view.rates.iter().enumerate() {
        let mut row = vec![words::rate(rate)];
        for cells in &view.arms {
            let loss = cells[r].loss().value().map_or("\u{2013}".to_owned(), words::number);
            row.extend([cells[r].accuracy_text(), loss]);
        }
        table.rows.push(row);
    }
    table
}

/// The figure.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let mark = if plan.seeds == 1 {
        "Each mark is one run".to_owned()
    } else {
        format!("Each large mark is the median of {} seeds (small marks)", plan.seeds)
    };
    let caption = format!(
        "{}, {} steps, the rate of {}. {mark}. Bars on top: from the lowest \
         to the highest rate whose median test accuracy is at least {}.",
        capital(choice(plan, 0)),
        updates(sweep),
        choice(plan, 1),
        target(),
    );
    vec![Plate::new("lr", caption, View::Rates(view(sweep))).with_hint(LOADS_A_MARK)]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding { grade: grade(&view), measured: measured(&view), but: but(&view), tables: vec![table(&view)] }
}
