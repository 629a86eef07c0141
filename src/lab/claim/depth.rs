//! "Without normalisation gradients can vanish or explode": the gradient by layer, untrained and after training.

mod tables;
#[cfg(test)]
mod tests;

use super::cell::median;
use super::job::{Job, Measure};
use super::outcome::{Gradients, Outcome};
use super::plate::{Plate, View, choice, medians};
use super::view::{DepthArm, DepthView};
use super::words;
use super::{About, Control, Finding, Grade, Plan, seeded};
use crate::lab::experiment::Experiment;
use crate::lab::probe::deep_network;
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;
use crate::nn::activation::Activation;
use crate::nn::init::Init;
use crate::nn::norm::Norm;

/// In words.
pub static ABOUT: About = About {
    key: "depth",
    heading: "Vanishing and exploding gradients",
    claim: "Without normalisation gradients can vanish or explode on their way back. Batch norm keeps them in range.",
    rule,
    source: "Ioffe & Szegedy 2015, section 3.3; Yang et al. 2019",
    controls: &[
        Control { label: "layers", choices: &["5", "10", "20", "40"], usual: 2 },
        Control { label: "weight scale", choices: &["0.25", "0.5", "1", "2"], usual: 1 },
        Control { label: "activation", choices: &["ReLU, He", "tanh, Xavier", "sigmoid, Xavier"], usual: 0 },
    ],
    seeds: 5,
    is_cheap: true,
    picture: "depth",
    jobs,
    finding,
    plates,
};

fn rule() -> String {
    format!(
        "The gradient with respect to the activations (RMS, median over the seeds), untrained: in range if the first \
         layer\u{2019}s is within {} times of the last layer\u{2019}s. Holds here: in range with batch norm, out of range without. \
         Mixed: out of range both ways, but nearer with batch norm. Not here: in range without batch norm as well, or \
         no nearer with it.",
        words::rate(IN_RANGE)
    )
}

const LAYERS: [u32; 4] = [5, 10, 20, 40];
const SCALES: [f32; 4] = [0.25, 0.5, 1.0, 2.0];
/// Training between the two looks.
const STEPS: u32 = 300;
const RATE: f32 = 0.1;
/// Within this factor of the last layer a gradient is in range.
const IN_RANGE: f32 = 10.0;
/// By less than this factor a gradient is said to keep its size.
const KEEPS: f32 = 1.5;
/// Growth of the squared gradient per layer with batch norm and ReLU, by mean field theory (Yang et al. 2019).
const THEORY: f32 = core::f32::consts::PI / (core::f32::consts::PI - 1.0);
/// Jobs per seed: two arms of the network, two of the deep one.
const PER_SEED: usize = 4;

fn setting(plan: &Plan) -> Experiment {
    let pick = |control: usize, most: usize| usize::from(plan.choices[control]).min(most);
    let (activation, init) =
        [(Activation::Relu, Init::He), (Activation::Tanh, Init::Xavier), (Activation::Sigmoid, Init::Xavier)]
            [pick(2, 2)];
    Experiment {
        hidden_layers: LAYERS[pick(0, 3)],
        weight_scale: SCALES[pick(1, 3)],
        activation,
        init,
        learning_rate: RATE,
        ..Experiment::default()
    }
}

/// Seed by seed: the network without and with, the deep one without and with.
fn jobs(plan: &Plan) -> Vec<Job> {
    let mut jobs = Vec::new();
    for seed in plan.seed_list() {
        let experiment = seeded(&setting(plan), seed);
        for (measure, steps) in [(Measure::Gradients, STEPS), (Measure::Growth, 0)] {
            for arm in [Norm::None, Norm::Batch] {
                jobs.push(Job { experiment: experiment.clone(), arm, steps, measure: measure.clone() });
            }
        }
    }
    jobs
}

/// Medians over the seeds, layer by layer.
fn profile(seen: &[&Gradients], of: impl Fn(&Gradients) -> &Vec<[f32; 3]>) -> Vec<f32> {
    let layers = seen.iter().map(|gradients| of(gradients).len()).max().unwrap_or(0);
    let layer = |l: usize| {
        let values = seen.iter().filter_map(|gradients| of(gradients).get(l)).map(|sizes| sizes[0]);
        median(values.collect()).unwrap_or(0.0)
    };
    (0..layers).map(layer).collect()
}

/// The factor by which the squared gradient grows per layer on its way back, the geometric mean over the layers.
fn per_layer(profile: &[f32]) -> Option<f32> {
    let ratio = f64::from(*profile.first()?) / f64::from(*profile.last()?);
    let layers = profile.len().checked_sub(1).filter(|layers| *layers > 0)?;
    Some(libm::pow(ratio, 2.0 / layers as f64) as f32).filter(|factor| factor.is_finite() && *factor > 0.0)
}

/// The last layer's gradient, grown as theory says on its way back.
fn by_theory(start: &[f32]) -> Vec<f32> {
    let Some(&last) = start.last() else { return Vec::new() };
    let grown = |l: usize| f64::from(last) * libm::pow(f64::from(THEORY), (start.len() - 1 - l) as f64 / 2.0);
    (0..start.len()).map(|l| grown(l) as f32).collect()
}

/// What the figure shows.
pub fn view(sweep: &Sweep) -> DepthView {
    let seeds = sweep.plan().seeds as usize;
    let arms = [0, 1].map(|arm| {
        let seen: Vec<&Gradients> = (0..seeds)
            .filter_map(|s| match sweep.outcome(s * PER_SEED + arm) {
                Some(Outcome::Gradients(gradients)) => Some(gradients),
                _ => None,
            })
            .collect();
        let growth = (0..seeds).filter_map(|s| match sweep.outcome(s * PER_SEED + 2 + arm) {
            Some(Outcome::Growth(growth)) => Some(*growth),
            _ => None,
        });
        let accuracies =
            seen.iter().map(|gradients| gradients.accuracy.unwrap_or(f32::NEG_INFINITY)).collect();
        let start = profile(&seen, |gradients| &gradients.start);
        let end = profile(&seen, |gradients| &gradients.end);
        DepthArm {
            per_layer: [&start, &end].map(|profile| per_layer(profile)),
            end,
            seeds: seen
                .iter()
                .map(|gradients| gradients.start.iter().map(|sizes| sizes[0]).collect())
                .collect(),
            first_over_last: start.first().zip(start.last()).map(|(first, last)| first / last),
            weights_first_over_last: median(
                seen.iter()
                    .filter_map(|gradients| Some(gradients.start.first()?[2] / gradients.start.last()?[2]))
                    .collect(),
            ),
            growth: median(growth.collect()),
            diverged: seen.iter().filter(|gradients| gradients.accuracy.is_none()).count(),
            accuracy: median(accuracies).filter(|accuracy| accuracy.is_finite()),
            start,
        }
    });
    let relu = setting(sweep.plan()).activation == Activation::Relu;
    DepthView {
        by_theory: if relu { by_theory(&arms[1].start) } else { Vec::new() },
        arms,
        theory: THEORY,
        trained_steps: STEPS,
        layers: setting(sweep.plan()).hidden_layers,
    }
}

/// How far out of range, as a factor of at least 1: a gradient of 0 or without end is as far as can be.
fn distance(ratio: f32) -> f32 {
    if ratio.is_nan() || ratio <= 0.0 { f32::INFINITY } else { ratio.max(1.0 / ratio) }
}

fn grade(view: &DepthView) -> Option<Grade> {
    let without = distance(view.arms[0].first_over_last?);
    let with = distance(view.arms[1].first_over_last?);
    Some(match (without <= IN_RANGE, with <= IN_RANGE) {
        (false, true) => Grade::Holds,
        (false, false) if with < without => Grade::Mixed,
        _ => Grade::NotHere,
    })
}

/// "grows 96 times", "shrinks 1.1 million times", "keeps its size within 1.3 times".
fn change(ratio: f32) -> String {
    match ratio {
        r if r.is_nan() || r <= 0.0 => "vanishes altogether".to_owned(),
        r if r.is_infinite() => "grows beyond any number".to_owned(),
        r if r >= KEEPS => format!("grows {}", words::times(r)),
        r if r <= 1.0 / KEEPS => format!("shrinks {}", words::times(1.0 / r)),
        r => format!("keeps its size within {}", words::times(distance(r))),
    }
}

fn measured(view: &DepthView) -> Option<String> {
    let [without, with] = &view.arms;
    let after = match (with.accuracy, without.accuracy) {
        (Some(b), Some(a)) => format!(
            " After {} steps {} of the test set is right with BN, {} without.",
            view.trained_steps,
            percent(b),
            percent(a)
        ),
        (Some(b), None) => format!(
            " After {} steps {} of the test set is right with BN; without it the loss overflowed.",
            view.trained_steps,
            percent(b)
        ),
        _ => String::new(),
    };
    Some(format!(
        "from layer {} back to layer 1 the gradient {} with BN; without it, it {}.{after}",
        view.layers,
        change(with.first_over_last?),
        change(without.first_over_last?),
    ))
}

fn but(view: &DepthView) -> String {
    let mut parts = Vec::new();
    if let (Some(with), Some(without)) = (view.arms[1].growth, view.arms[0].growth) {
        parts.push(format!(
            "A deep plain network with BN makes gradients grow by itself: squared, {with:.2} times per layer in {} \
             ({without:.2} without; theory says \u{3c0}/(\u{3c0} \u{2212} 1) = {:.3}).",
            deep_network(),
            view.theory,
        ));
    }
    if let (Some(a), Some(b)) = (view.arms[0].weights_first_over_last, view.arms[1].weights_first_over_last) {
        parts.push(format!(
            "The gradients of the weights hide this: first over last layer {} with BN, {} without.",
            words::number(b),
            words::number(a),
        ));
    }
    parts.join(" ")
}

/// The figure.
fn plates(sweep: &Sweep) -> Vec<Plate> {
    let view = view(sweep);
    let plan = sweep.plan();
    let dotted = match view.by_theory.is_empty() {
        true => String::new(),
        false => format!(
            " Dotted: with batch norm in theory, the square growing by \u{3c0}/(\u{3c0} \u{2212} 1) = {:.3} per layer.",
            view.theory
        ),
    };
    let caption = format!(
        "{} layers, {} \u{d7} {}. {}, and their range. Thick: before the first step. Thin: after {} steps.{dotted}",
        choice(plan, 0),
        choice(plan, 2),
        choice(plan, 1),
        medians(plan),
        view.trained_steps,
    );
    vec![Plate::new("depth", caption, View::Depth(view))]
}

fn finding(sweep: &Sweep) -> Finding {
    let view = view(sweep);
    Finding {
        grade: grade(&view),
        measured: measured(&view).unwrap_or_else(|| words::NOTHING.to_owned()),
        but: but(&view),
        tables: vec![tables::table(&view), tables::growth_table(&view)],
    }
}
