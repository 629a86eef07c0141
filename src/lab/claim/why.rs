//! "It works because it keeps the inputs of each layer steady": (a) noise after the norm, (b) how a layer's gradient
//! changes when the layers below move, against how fast each arm learns, (c) what scale invariance does instead.

mod noise;
mod scale;
pub(super) mod shift;
#[cfg(test)]
mod tests;
mod turn;

use std::rc::Rc;

use super::cell::range;
use super::job::{Job, Measure};
use super::outcome::{Outcome, Training};
use super::plate::{LOADS_A_MARK, Plate, View, capital, choice, medians};
use super::settings::{digits, network_of_2015, short_spiral};
use super::view::WhyView;
use super::words;
use super::{About, Control, Finding, Grade, Plan, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::sweep::Sweep;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "why",
    heading: "Why it works",
    claim: "Batch norm works because it keeps the inputs of each layer steady: so said the 2015 paper.",
    rule,
    source: "Santurkar et al. 2018, section 2; Arora et al. 2018",
    controls: &[
        Control {
            label: "noise in",
            choices: &["digits, 3 × 100 sigmoid", "digits, 3 × 100 ReLU", "digits, 8 × 32 ReLU"],
            usual: 0,
        },
        Control {
            label: "rate of the linear network",
            choices: &["0.00001", "0.0001", "0.001", "0.003"],
            usual: 1,
        },
        Control {
            label: "hidden rates on",
            choices: &["digits, 3 × 64 ReLU", "short spiral, 4 × 32 ReLU"],
            usual: 0,
        },
    ],
    seeds: 3,
    is_cheap: false,
    picture: "why-noise",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "Two tests against it, by medians over the seeds. (a) With noise after batch norm the network ends within {} \
         of batch norm without noise. (b) In the deep linear network the arm whose gradient changes more (the lower \
         cosine) ends with the lower loss. Not here: both come out so. Holds here: neither does. Mixed: one of them. \
         (c) is shown and not graded.",
        words::points(noise::HARM)
    )
}

const NOISE_STEPS: u32 = 300;
const NOISE_EVERY: u32 = 20;
const LINEAR_RATES: [f32; 4] = [1e-5, 1e-4, 1e-3, 3e-3];
const LINEAR_STEPS: u32 = 2000;
/// 0.1 to 10 000 in halves of a decade.
const HIDDEN_RATES: usize = 11;
const HIDDEN_STEPS: u32 = 500;
const OUTPUT_RATE: f32 = 0.1;
const ARMS: [Norm; 2] = [Norm::None, Norm::Batch];
/// Jobs per seed: four curves of noise, two linear networks, two scalings, and the hidden rates of two arms.
const NOISE: usize = 0;
const SHIFT: usize = 4;
const SCALED: usize = 6;
const HIDDEN: usize = 8;
const PER_SEED: usize = HIDDEN + 2 * HIDDEN_RATES;

fn noisy(plan: &Plan) -> Experiment {
    match plan.choices[0] {
        1 => digits(3, 100),
        2 => digits(8, 32),
        _ => network_of_2015(),
    }
}

fn hidden(plan: &Plan) -> Experiment {
    let network = match plan.choices[2] {
        1 => short_spiral(4, 32),
        _ => digits(3, 64),
    };
    Experiment { learning_rate: OUTPUT_RATE, ..network }
}

fn hidden_rate(k: usize) -> f32 {
    libm::pow(10.0, -1.0 + k as f64 / 2.0) as f32
}

/// Seed by seed, in the order of the constants above.
fn jobs(plan: &Plan) -> Vec<Job> {
    let mut jobs = Vec::new();
    let linear_rate = LINEAR_RATES[usize::from(plan.choices[1]).min(LINEAR_RATES.len() - 1)];
    for seed in plan.seed_list() {
        let mut add = |experiment: &Experiment, steps, measure: Measure| {
            for arm in ARMS {
                let experiment = seeded(experiment, seed);
                jobs.push(Job { experiment, arm, steps, measure: measure.clone() });
            }
        };
        add(&noisy(plan), NOISE_STEPS, Measure::Training { every: NOISE_EVERY });
        add(&noisy(plan), NOISE_STEPS, Measure::Noisy { every: NOISE_EVERY });
        let linear = Experiment { learning_rate: linear_rate, ..Experiment::default() };
        add(&linear, LINEAR_STEPS, Measure::Shift);
        add(&hidden(plan), 0, Measure::Scaled);
        for k in 0..HIDDEN_RATES {
            let experiment = Experiment { hidden_rate: Some(hidden_rate(k)), ..hidden(plan) };
            add(&experiment, HIDDEN_STEPS, Measure::Training { every: HIDDEN_STEPS });
        }
    }
    jobs
}

/// The place of one job of every seed.
fn places(sweep: &Sweep, part: usize) -> impl Iterator<Item = usize> + use<> {
    (0..sweep.plan().seeds as usize).map(move |s| s * PER_SEED + part)
}

fn trainings(sweep: &Sweep, part: usize) -> Vec<&Training> {
    let outcome = |place| match sweep.outcome(place) {
        Some(Outcome::Training(training)) => Some(training),
        _ => None,
    };
    places(sweep, part).filter_map(outcome).collect()
}

/// What the three figures show.
pub fn view(sweep: &Sweep) -> WhyView {
    WhyView {
        noise: [0, 1, 2, 3].map(|part| noise::curve(sweep, NOISE + part)),
        shift: [0, 1].map(|arm| turn::arm(sweep, arm)),
        scale: scale::view(sweep),
        chance: 1.0 / noisy(sweep.plan()).classes() as f32,
    }
}

/// Whether (a) noise cost nothing, (b) the arm with the lower cosine ended with the lower loss.
fn came_out(view: &WhyView) -> Option<[bool; 2]> {
    let [_, bn, _, bn_noise] = &view.noise;
    if bn.seeds == 0 || bn_noise.seeds == 0 {
        return None;
    }
    let unharmed = match (bn.end, bn_noise.end) {
        (Some(quiet), Some(noisy)) => !noise::harms(quiet, noisy),
        _ => false,
    };
    let [without, with] = &view.shift;
    let (without, with) = ((without.cosine?, without.end?), (with.cosine?, with.end?));
    let contrary =
        if with.0 < without.0 { with.1 < without.1 } else { without.0 < with.0 && without.1 < with.1 };
    Some([unharmed, contrary])
}

fn grade(view: &WhyView) -> Option<Grade> {
    Some(match came_out(view)? {
        [true, true] => Grade::NotHere,
        [false, false] => Grade::Holds,
        _ => Grade::Mixed,
    })
}

fn measured(view: &WhyView) -> Option<String> {
    let [without, with] = &view.shift;
    let [plain, bn, plain_noise, bn_noise] = &view.noise;
    came_out(view)?;
    let steady = match grade(view)? {
        Grade::NotHere => "steady inputs are not needed. ",
        Grade::Holds => "disturbing the inputs does harm. ",
        Grade::Mixed => "",
    };
    let rate = |rate: Option<f32>| rate.map_or("none".to_owned(), words::rate);
    Some(format!(
        "{steady}With noise after it BN ends at {} right, without noise at {}; the plain network at {}, with the same \
         noise at {}. In the deep linear network the cosine is {} with BN and {} without, the loss {} and {}. Hidden \
         weights train up to a rate of {} with BN, {} without.",
        noise::share(bn_noise),
        noise::share(bn),
        noise::share(plain),
        noise::share(plain_noise),
        turn::cosine(with.cosine?),
        turn::cosine(without.cosine?),
        turn::finite_loss(with.end?),
        turn::finite_loss(without.end?),
        rate(scale::largest(view, 1)),
        rate(scale::largest(view, 0)),
    ))
}

fn but(view: &WhyView) -> String {
    let mut parts: Vec<String> = noise::failed(view).into_iter().collect();
    let [_, with] = &view.shift;
    if with.cosines.len() > 1 {
        let [low, high] = range(&with.cosines);
        parts.push(format!(
            "The cosine scatters: {} to {} over the seeds with BN.",
            turn::cosine(low),
            turn::cosine(high)
        ));
    }
    if let [Some(without), Some(with)] = &view.scale.scaled {
        parts.push(format!(
            "Another reason fits: weights times ten change the output by {} with BN, by {} without, and divide their \
             gradient by {}.",
            words::number(with.output_change),
            words::number(without.output_change),
            words::number(1.0 / with.gradient_ratio),
        ));
    }
    parts.extend(scale::own_brake(&view.scale));
    parts.push("Not settled: try the other networks and rates.".to_owned());
    parts.join(" ")
}

/// The three figures.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let view = Rc::new(view(sweep));
    let seeds = medians(plan);
    let noise = format!(
        "{}. Shift and stretch drawn anew at every step after each norm. {seeds}.",
        capital(choice(plan, 0))
    );
    let turn = format!(
        "{} linear layers of {} units, rate {}. Below: cosine of the middle layer\u{2019}s gradient before and \
         after the layers below it took their step. {seeds}, and their range.",
        shift::LAYERS,
        shift::WIDTH,
        choice(plan, 1)
    );
    let hidden = format!(
        "{}. Only the hidden weights get the rate on the axis. Below: the size of the second layer\u{2019}s \
         weights at the end. {seeds}.",
        capital(choice(plan, 2))
    );
    vec![
        Plate::new("why-noise", noise, View::Noise(view.clone())).headed("Noise").abreast(),
        Plate::new("why-shift", turn, View::Turn(view.clone())).headed("Gradient change").abreast(),
        Plate::new("why-scale", hidden, View::HiddenRates(view))
            .headed("Scale")
            .abreast()
            .with_hint(LOADS_A_MARK),
    ]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding {
        grade: grade(&view),
        measured: measured(&view).unwrap_or_else(|| words::NOTHING.to_owned()),
        but: but(&view),
        tables: vec![noise::table(&view), turn::table(&view), scale::table(&view)],
    }
}
