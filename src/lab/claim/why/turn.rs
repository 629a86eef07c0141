//! (b) How far a layer's gradient turns when the layers below it move, in the deep linear network: both arms, the table.

use super::{SHIFT, places};
use crate::lab::claim::cell::{median, range};
use crate::lab::claim::outcome::{Outcome, Shift};
use crate::lab::claim::view::{ShiftArm, WhyView};
use crate::lab::claim::{Table, words};
use crate::lab::sweep::Sweep;

pub(super) fn arm(sweep: &Sweep, arm: usize) -> ShiftArm {
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

pub(super) fn cosine(value: f32) -> String {
    if value < 0.0 { format!("\u{2212}{:.3}", -value) } else { format!("{value:.3}") }
}

pub(super) fn finite_loss(loss: f32) -> String {
    if loss.is_finite() { words::number(loss) } else { "overflowed".to_owned() }
}

pub(super) fn table(view: &WhyView) -> Table {
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
