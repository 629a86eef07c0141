//! "It works because it keeps the inputs of each layer steady": (a) noise after the norm, (b) how a layer's gradient
//! changes when the layers below move, against how fast each arm learns, (c) what scale invariance does instead.

use std::rc::Rc;

use super::cell::{Cell, Median, median, range};
use super::job::{Job, Measure};
use super::outcome::{Outcome, Shift, Training};
use super::plate::{LOADS_A_MARK, Plate, View, capital, choice, medians};
use super::settings::{digits, short_spiral};
use super::view::{HiddenArm, NoiseCurve, ScaleView, ShiftArm, WhyView};
use super::words;
use super::{About, Control, Finding, Grade, Plan, Table, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::probe::Scaled;
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "why",
    heading: "Why it works",
    claim: "Batch norm works because it keeps the inputs of each layer steady: so said the 2015 paper.",
    rule: "Two tests against it, by medians over the seeds. (a) With noise after batch norm the network ends within 2 \
           points of batch norm without noise. (b) In the deep linear network the arm whose gradient changes more (the \
           lower cosine) ends with the lower loss. Not here: both come out so. Holds here: neither does. Mixed: one \
           of them. (c) is shown and not graded.",
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

const NOISE_STEPS: u32 = 300;
const NOISE_EVERY: u32 = 20;
/// Noise costs nothing if it costs no more than this.
const POINTS: f32 = 0.02;
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
        _ => Experiment {
            activation: Activation::Sigmoid,
            init: Init::Xavier,
            learning_rate: 0.5,
            batch_size: 60,
            ..digits(3, 100)
        },
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

fn curve(sweep: &Sweep, part: usize) -> NoiseCurve {
    let runs = trainings(sweep, part);
    let at = |k: usize| {
        let step = (k as u32 + 1) * NOISE_EVERY;
        let of = |run: &&Training| run.evaluations.iter().find(|(s, _)| *s == step).map(|(_, e)| e.accuracy);
        // A run that diverged counts as worse than any other.
        let accuracies = runs.iter().map(|run| of(run).unwrap_or(f32::NEG_INFINITY)).collect();
        median(accuracies).filter(|accuracy| accuracy.is_finite()).map(|accuracy| (step, accuracy))
    };
    let points: Vec<(u32, f32)> = (0..(NOISE_STEPS / NOISE_EVERY) as usize).filter_map(at).collect();
    NoiseCurve {
        end: points.last().filter(|(step, _)| *step == NOISE_STEPS).map(|(_, a)| *a),
        points,
        seeds: runs.len(),
    }
}

fn shift(sweep: &Sweep, arm: usize) -> ShiftArm {
    let outcome = |place| match sweep.outcome(place) {
        Some(Outcome::Shift(shift)) => Some(shift),
        _ => None,
    };
    let runs: Vec<&Shift> = places(sweep, SHIFT + arm).filter_map(outcome).collect();
    let cosines = runs.iter().filter_map(|run| median(run.probes.iter().map(|probe| probe.1).collect()));
    let ends: Vec<f32> = runs
        .iter()
        .map(|run| match run.diverged_at {
            Some(_) => f32::INFINITY,
            None => run.losses.last().map_or(f32::INFINITY, |(_, loss)| *loss),
        })
        .collect();
    ShiftArm {
        losses: runs.iter().map(|run| run.losses.clone()).collect(),
        probes: runs.iter().map(|run| run.probes.iter().map(|probe| (probe.0, probe.1)).collect()).collect(),
        cosine: median(cosines.clone().collect()),
        cosines: cosines.collect(),
        change: median(
            runs.iter().filter_map(|run| median(run.probes.iter().map(|probe| probe.2).collect())).collect(),
        ),
        end: median(ends.clone()),
        ends,
    }
}

fn scale(sweep: &Sweep) -> ScaleView {
    let arms = [0, 1].map(|arm| {
        let cells = (0..HIDDEN_RATES).map(|k| Cell::gather(sweep, places(sweep, HIDDEN + 2 * k + arm), 1));
        let weights = |k: usize| {
            let runs = trainings(sweep, HIDDEN + 2 * k + arm);
            let sizes = runs.iter().map(|run| run.second_weights);
            // A size without end is larger than any number.
            median(sizes.map(|size| size.unwrap_or(f32::INFINITY)).collect()).filter(|size| size.is_finite())
        };
        HiddenArm { cells: cells.collect(), second_weights: (0..HIDDEN_RATES).map(weights).collect() }
    });
    ScaleView {
        rates: (0..HIDDEN_RATES).map(hidden_rate).collect(),
        arms,
        scaled: [0, 1].map(|arm| scaled(sweep, arm)),
    }
}

/// Field by field the median over the seeds.
fn scaled(sweep: &Sweep, arm: usize) -> Option<Scaled> {
    let outcome = |place| match sweep.outcome(place) {
        Some(Outcome::Scaled(scaled)) => Some(*scaled),
        _ => None,
    };
    let seen: Vec<Scaled> = places(sweep, SCALED + arm).filter_map(outcome).collect();
    let over = |of: fn(&Scaled) -> f32| median(seen.iter().map(of).collect());
    Some(Scaled {
        output_change: over(|seen| seen.output_change)?,
        losses: [over(|seen| seen.losses[0])?, over(|seen| seen.losses[1])?],
        gradient_ratio: over(|seen| seen.gradient_ratio)?,
        cosine: over(|seen| seen.cosine)?,
    })
}

/// What the three figures show.
pub fn view(sweep: &Sweep) -> WhyView {
    WhyView {
        noise: [0, 1, 2, 3].map(|part| curve(sweep, NOISE + part)),
        shift: [0, 1].map(|arm| shift(sweep, arm)),
        scale: scale(sweep),
        chance: 1.0 / noisy(sweep.plan()).classes() as f32,
    }
}

/// Whether (a) noise cost nothing, (b) the arm with the lower cosine ended with the lower loss.
fn tests(view: &WhyView) -> Option<[bool; 2]> {
    let [_, bn, _, bn_noise] = &view.noise;
    if bn.seeds == 0 || bn_noise.seeds == 0 {
        return None;
    }
    let unharmed = match (bn.end, bn_noise.end) {
        (Some(quiet), Some(noisy)) => noisy >= quiet - POINTS,
        _ => false,
    };
    let [without, with] = &view.shift;
    let (without, with) = ((without.cosine?, without.end?), (with.cosine?, with.end?));
    let contrary =
        if with.0 < without.0 { with.1 < without.1 } else { without.0 < with.0 && without.1 < with.1 };
    Some([unharmed, contrary])
}

fn grade(view: &WhyView) -> Option<Grade> {
    Some(match tests(view)? {
        [true, true] => Grade::NotHere,
        [false, false] => Grade::Holds,
        _ => Grade::Mixed,
    })
}

fn share(curve: &NoiseCurve) -> String {
    curve.end.map_or("diverged".to_owned(), percent)
}

fn finite_loss(loss: f32) -> String {
    if loss.is_finite() { words::number(loss) } else { "overflowed".to_owned() }
}

/// The largest hidden rate that trains, per arm.
fn largest(view: &WhyView, arm: usize) -> Option<f32> {
    let cells = view.scale.rates.iter().zip(&view.scale.arms[arm].cells);
    cells.filter(|(_, cell)| cell.trains()).map(|(rate, _)| *rate).next_back()
}

fn measured(view: &WhyView) -> Option<String> {
    let [without, with] = &view.shift;
    let [plain, bn, plain_noise, bn_noise] = &view.noise;
    tests(view)?;
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
        share(bn_noise),
        share(bn),
        share(plain),
        share(plain_noise),
        cosine(with.cosine?),
        cosine(without.cosine?),
        finite_loss(with.end?),
        finite_loss(without.end?),
        rate(largest(view, 1)),
        rate(largest(view, 0)),
    ))
}

fn cosine(value: f32) -> String {
    if value < 0.0 { format!("\u{2212}{:.3}", -value) } else { format!("{value:.3}") }
}

/// Where the noise did otherwise than the paper says: it cost batch norm something, or did not stop the plain network.
fn noise_failed(view: &WhyView) -> Option<String> {
    let [plain, bn, plain_noise, bn_noise] = view.noise.each_ref().map(|curve| curve.end);
    let harm = match (bn, bn_noise) {
        (Some(quiet), Some(noisy)) if quiet - noisy > POINTS => {
            Some(format!("The noise cost BN {:.1} points.", 100.0 * (quiet - noisy)))
        }
        (Some(_), None) if view.noise[3].seeds > 0 => Some("With the noise BN diverged.".to_owned()),
        _ => None,
    };
    let stopped = match (plain, plain_noise) {
        (Some(quiet), Some(noisy)) if noisy >= quiet - POINTS => Some(format!(
            "The noise did not stop the plain network: {} with it, {} without.",
            percent(noisy),
            percent(quiet)
        )),
        _ => None,
    };
    let said: Vec<String> = [harm, stopped].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// How the weights' own growth takes back what is added to their rate: from the smallest hidden rate to the largest.
fn own_brake(scale: &ScaleView) -> Option<String> {
    let sizes = &scale.arms[1].second_weights;
    let grown = (*sizes.last()?)? / (*sizes.first()?)?;
    let faster = scale.rates.last()? / scale.rates.first()?;
    let effective = faster / (grown * grown);
    let change = if effective < 1.0 {
        format!("falls {}", words::times(1.0 / effective))
    } else {
        format!("rises {}", words::times(effective))
    };
    Some(format!(
        "Large weights slow themselves: with a hidden rate {} as high the second layer's end {} as large with BN, so \
         the effective rate, rate over squared size, {change}.",
        words::times(faster),
        words::times(grown),
    ))
}

fn but(view: &WhyView) -> String {
    let mut parts: Vec<String> = noise_failed(view).into_iter().collect();
    let [_, with] = &view.shift;
    if with.cosines.len() > 1 {
        let [low, high] = range(&with.cosines);
        parts.push(format!(
            "The cosine scatters: {} to {} over the seeds with BN.",
            cosine(low),
            cosine(high)
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
    parts.extend(own_brake(&view.scale));
    parts.push("Not settled: try the other networks and rates.".to_owned());
    parts.join(" ")
}

fn noise_table(view: &WhyView) -> Table {
    let mut table = Table::new(
        "(a) Test accuracy over the steps",
        &["step", "without BN", "with BN", "without BN, noise", "with BN, noise"],
    );
    for k in 1..=NOISE_STEPS / NOISE_EVERY {
        let step = k * NOISE_EVERY;
        let mut row = vec![step.to_string()];
        row.extend(view.noise.iter().map(|curve| {
            let point = curve.points.iter().find(|(s, _)| *s == step);
            point.map_or("\u{2013}".to_owned(), |(_, accuracy)| percent(*accuracy))
        }));
        table.rows.push(row);
    }
    table
}

fn shift_table(view: &WhyView) -> Table {
    let mut table = Table::new("(b) The deep linear network", &["measure", "without BN", "with BN"]);
    let mut row = |name: &str, of: &dyn Fn(&ShiftArm) -> String| {
        table.rows.push(vec![name.to_owned(), of(&view.shift[0]), of(&view.shift[1])]);
    };
    let to_run = || "to run".to_owned();
    row("loss at the end", &|arm| {
        let [low, high] = range(&arm.ends);
        arm.end.map_or_else(to_run, |end| words::spread(end, low, high))
    });
    row("cosine of the gradient with itself", &|arm| {
        let [low, high] = range(&arm.cosines);
        let text = |median| format!("{} [{}..{}]", cosine(median), cosine(low), cosine(high));
        arm.cosine.map_or_else(to_run, text)
    });
    row("change of the gradient / its norm", &|arm| arm.change.map_or_else(to_run, words::number));
    table
}

fn scale_table(view: &WhyView) -> Table {
    let mut table = Table::new(
        "(c) Test accuracy by the rate of the hidden weights; size of the second layer's weights at the end",
        &["rate", "without BN", "weights", "with BN", "weights"],
    );
    for (k, &rate) in view.scale.rates.iter().enumerate() {
        let mut row = vec![words::rate(rate)];
        for arm in &view.scale.arms {
            let size = match (arm.second_weights[k], arm.cells[k].accuracy()) {
                (Some(size), _) => words::number(size),
                (None, Median::ToRun) => "\u{2013}".to_owned(),
                (None, _) => "overflows".to_owned(),
            };
            row.extend([arm.cells[k].accuracy_text(), size]);
        }
        table.rows.push(row);
    }
    table
}

/// The three figures.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let view = Rc::new(view(sweep));
    let seeds = medians(plan);
    let noise = format!(
        "Fig. 11a. {}. Shift and stretch drawn anew at every step after each norm. {seeds}.",
        capital(choice(plan, 0))
    );
    let turn = format!(
        "Fig. 11b. 25 linear layers of 10 units, rate {}. Below: cosine of the middle layer\u{2019}s gradient before and \
         after the layers below it took their step. {seeds}, and their range.",
        choice(plan, 1)
    );
    let hidden = format!(
        "Fig. 11c. {}. Only the hidden weights get the rate on the axis. Below: the size of the second layer\u{2019}s \
         weights at the end. {seeds}.",
        capital(choice(plan, 2))
    );
    vec![
        Plate::new("why-noise", noise, View::Noise(view.clone())).headed("a. Noise").abreast(),
        Plate::new("why-shift", turn, View::Turn(view.clone())).headed("b. Gradient change").abreast(),
        Plate::new("why-scale", hidden, View::HiddenRates(view))
            .headed("c. Scale")
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
        tables: vec![noise_table(&view), shift_table(&view), scale_table(&view)],
    }
}
