//! (a) What noise after the norm costs: the curves, where they do otherwise than the paper says, the table.

use super::{NOISE_EVERY, NOISE_STEPS, trainings};
use crate::lab::claim::Table;
use crate::lab::claim::cell::median;
use crate::lab::claim::outcome::Training;
use crate::lab::claim::view::{NOISE_ARMS, NoiseCurve, WhyView};
use crate::lab::sentence::percent;
use crate::lab::sweep::Sweep;

/// Noise costs nothing if it costs no more than this.
pub(super) const HARM: f32 = 0.02;

/// Whether the noise cost something: for the verdict and for the sentences alike.
pub(super) fn harms(quiet: f32, noisy: f32) -> bool {
    quiet - noisy > HARM
}

pub(super) fn curve(sweep: &Sweep, part: usize) -> NoiseCurve {
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

pub(super) fn share(curve: &NoiseCurve) -> String {
    curve.end.map_or("diverged".to_owned(), percent)
}

/// Where the noise did otherwise than the paper says: it cost batch norm something, or did not stop the plain network.
pub(super) fn failed(view: &WhyView) -> Option<String> {
    let [plain, bn, plain_noise, bn_noise] = view.noise.each_ref().map(|curve| curve.end);
    let harm = match (bn, bn_noise) {
        (Some(quiet), Some(noisy)) if harms(quiet, noisy) => {
            Some(format!("The noise cost BN {:.1} points.", 100.0 * (quiet - noisy)))
        }
        (Some(_), None) if view.noise[3].seeds > 0 => Some("With the noise BN diverged.".to_owned()),
        _ => None,
    };
    let stopped = match (plain, plain_noise) {
        (Some(quiet), Some(noisy)) if !harms(quiet, noisy) => Some(format!(
            "The noise did not stop the plain network: {} with it, {} without.",
            percent(noisy),
            percent(quiet)
        )),
        _ => None,
    };
    let said: Vec<String> = [harm, stopped].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

pub(super) fn table(view: &WhyView) -> Table {
    let mut table = Table::new(
        "(a) Test accuracy over the steps",
        &["step", NOISE_ARMS[0], NOISE_ARMS[1], NOISE_ARMS[2], NOISE_ARMS[3]],
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
