//! Why gamma and beta are learned at all: the same run with both trained and with both frozen at 1 and 0, over seeds,
//! and where training takes them, layer by layer. Nothing is graded: what comes out is said.

use super::PER_SEED;
use crate::lab::claim::Table;
use crate::lab::claim::cell::{Cell, EVERY, End, LAST, median};
use crate::lab::claim::outcome::{Affine, Outcome};
use crate::lab::claim::plate::{Plate, View, medians};
use crate::lab::claim::view::{AffineCurve, AffineView};
use crate::lab::claim::words;
use crate::lab::sweep::Sweep;

/// Place of a seed's jobs after its unit: trained, frozen.
const PARTS: [usize; 2] = [1, 2];

/// The runs of one kind that have come back, with the places of their jobs.
fn runs(sweep: &Sweep, part: usize) -> Vec<(usize, &Affine)> {
    let outcome = |s: usize| match sweep.outcome(s * PER_SEED + part) {
        Some(Outcome::Affine(affine)) => Some((s * PER_SEED + part, affine)),
        _ => None,
    };
    (0..sweep.plan().seeds as usize).filter_map(outcome).collect()
}

/// Median test accuracy over the seeds, step by step; a run that diverged counts as worse than any other.
fn curve(runs: &[(usize, &Affine)]) -> AffineCurve {
    let longest = runs.iter().map(|(_, run)| &run.training.evaluations).max_by_key(|seen| seen.len());
    let at = |(k, (step, _)): (usize, &(u32, _))| {
        let accuracy = |run: &Affine| run.training.evaluations.get(k).map(|(_, e)| e.accuracy);
        let values = runs.iter().map(|(_, run)| accuracy(run).unwrap_or(f32::NEG_INFINITY)).collect();
        median(values).filter(|middle| middle.is_finite()).map(|middle| (*step, middle))
    };
    longest.into_iter().flatten().enumerate().map_while(at).collect()
}

/// What the figure shows of the runs that have come back.
pub fn view(sweep: &Sweep) -> AffineView {
    let [trained, frozen] = PARTS.map(|part| runs(sweep, part));
    let cell = |runs: &[(usize, &Affine)]| {
        let end = |(job, run): &(usize, &Affine)| {
            let mut training = run.training.clone();
            training.evaluations.retain(|(step, _)| step.is_multiple_of(EVERY));
            let ending = training.ending(LAST);
            End { job: *job, loss: ending.map(|end| end.loss), accuracy: ending.map(|end| end.accuracy) }
        };
        Cell { ends: runs.iter().map(end).collect(), seeds: sweep.plan().seeds as usize }
    };
    AffineView {
        trained: cell(&trained),
        frozen: cell(&frozen),
        curves: [curve(&trained), curve(&frozen)],
        moves: trained.iter().find(|(job, _)| *job == PARTS[0]).map_or(Vec::new(), |(_, run)| {
            run.moves.iter().filter(|(step, _)| step.is_multiple_of(EVERY)).cloned().collect()
        }),
    }
}

/// Where training took them.
pub(super) fn table(affine: &AffineView) -> Table {
    let mut table = Table::new(
        format!("Trained: {}. Frozen: {}.", affine.trained.accuracy_text(), affine.frozen.accuracy_text()),
        &["layer", "\u{3b3} at the end, first seed", "\u{3b2} at the end, first seed"],
    );
    if let Some((_, layers)) = affine.moves.last() {
        for (l, &[g0, g, g1, b0, b, b1]) in layers.iter().enumerate() {
            let (gamma, beta) = (words::spread(g, g0, g1), words::spread(b, b0, b1));
            table.rows.push(vec![(l + 1).to_string(), gamma, beta]);
        }
    }
    table
}

/// The figure.
pub(super) fn plate(sweep: &Sweep) -> Plate {
    let caption = format!(
        "The lab\u{2019}s network, with \u{3b3} and \u{3b2} trained (filled) and frozen at 1 and 0 (hollow): test \
         accuracy, {}, and each seed\u{2019}s at the end. Beside it the smallest, median and largest \u{3b3} and \u{3b2} of \
         every layer over the steps, first seed.",
        medians(sweep.plan()).to_ascii_lowercase(),
    );
    Plate::new("gamma-learned", caption, View::Affine(view(sweep))).headed("Trained and frozen")
}
