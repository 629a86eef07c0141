//! The pairs on one unit, and all units of the network, as tables. Nothing is judged here.

use super::{PAIRS, over, undoing, view};
use crate::lab::claim::cell::range;
use crate::lab::claim::outcome::Unit;
use crate::lab::claim::{Table, words};

pub(super) fn unit_table(unit: &Unit) -> Table {
    let mut table = Table::new(
        format!("The first seed\u{2019}s unit over {} examples", unit.x.len()),
        &["\u{3b3}", "\u{3b2}", "mean of y", "standard deviation", "distance from x / its spread"],
    );
    let undo = undoing(unit);
    for [gamma, beta] in PAIRS.into_iter().chain([undo]) {
        let shown = view(unit, gamma, beta);
        table.rows.push(vec![
            words::number(gamma),
            words::number(beta),
            words::number(shown.rows[2].mean),
            words::number(shown.rows[2].deviation),
            words::number(shown.distance),
        ]);
    }
    table
}

pub(super) fn network_table(units: &[&Unit]) -> Table {
    let mut table = Table::new("All units of the network, over the seeds", &["measure", "value"]);
    let mut row = |name: &str, of: fn(&Unit) -> f32| {
        let [low, high] = range(&units.iter().map(|unit| of(unit)).collect::<Vec<_>>());
        table.rows.push(vec![name.to_owned(), words::spread(over(units, of), low, high)]);
    };
    row("largest |mean of x\u{302}|", |unit| unit.worst[0]);
    row("largest distance of a variance of x\u{302} from 1", |unit| 1.0 - unit.worst[1]);
    row("output against the plain network\u{2019}s, before undoing", |unit| unit.undone[0]);
    row("undone with the root of the variance", |unit| unit.undone[1]);
    row("undone with the root of variance + \u{3b5}", |unit| unit.undone[2]);
    table
}
