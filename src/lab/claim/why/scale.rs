//! (c) What scale invariance does instead: the hidden weights' own rate, their size at the end, weights times ten, the
//! table.

use super::{HIDDEN, HIDDEN_RATES, SCALED, hidden_rate, places, trainings};
use crate::lab::claim::cell::{Cell, Median, median};
use crate::lab::claim::outcome::Outcome;
use crate::lab::claim::view::{HiddenArm, ScaleView, WhyView};
use crate::lab::claim::{Table, words};
use crate::lab::probe::Scaled;
use crate::lab::sweep::Sweep;

pub(super) fn view(sweep: &Sweep) -> ScaleView {
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

/// The largest hidden rate that trains, per arm.
pub(super) fn largest(view: &WhyView, arm: usize) -> Option<f32> {
    let cells = view.scale.rates.iter().zip(&view.scale.arms[arm].cells);
    cells.filter(|(_, cell)| cell.trains()).map(|(rate, _)| *rate).next_back()
}

/// How the weights' own growth takes back what is added to their rate: from the smallest hidden rate to the largest.
pub(super) fn own_brake(scale: &ScaleView) -> Option<String> {
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
        "Large weights slow themselves: with a hidden rate {} as high the second layer\u{2019}s end {} as large with BN, so \
         the effective rate, rate over squared size, {change}.",
        words::times(faster),
        words::times(grown),
    ))
}

pub(super) fn table(view: &WhyView) -> Table {
    let mut table = Table::new(
        "(c) Test accuracy by the rate of the hidden weights; size of the second layer\u{2019}s weights at the end",
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
