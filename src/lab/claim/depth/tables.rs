//! The numbers of the gradient by layer, and of its growth per layer, as tables. Nothing is judged here.

use crate::lab::claim::view::{DepthArm, DepthView};
use crate::lab::claim::{Table, words};
use crate::lab::probe::deep_network;

pub(super) fn table(view: &DepthView) -> Table {
    let mut table = Table::new(
        "RMS of the gradient with respect to the activations, by layer",
        &["layer", "without BN, untrained", "trained", "with BN, untrained", "trained"],
    );
    let layers = view.arms.iter().map(|arm| arm.start.len()).max().unwrap_or(0);
    for l in 0..layers {
        let mut row = vec![(l + 1).to_string()];
        for arm in &view.arms {
            for profile in [&arm.start, &arm.end] {
                row.push(profile.get(l).map_or("\u{2013}".to_owned(), |&size| words::number(size)));
            }
        }
        table.rows.push(row);
    }
    table
}

pub(super) fn growth_table(view: &DepthView) -> Table {
    let mut table = Table::new(
        "Growth of the squared gradient per layer on its way back",
        &["network", "without BN", "with BN", "theory, with BN and ReLU"],
    );
    let theory = || format!("{:.3}", view.theory);
    let mut row = |name: &str, of: &dyn Fn(&DepthArm) -> Option<f32>, theory: String| {
        let text = |arm: &DepthArm| of(arm).map_or("\u{2013}".to_owned(), |factor| format!("{factor:.3}"));
        table.rows.push(vec![name.to_owned(), text(&view.arms[0]), text(&view.arms[1]), theory]);
    };
    let here = if view.by_theory.is_empty() { "\u{2013}".to_owned() } else { theory() };
    row("this one, untrained", &|arm| arm.per_layer[0], here);
    row(
        &format!("this one, after {} steps", view.trained_steps),
        &|arm| arm.per_layer[1],
        "\u{2013}".to_owned(),
    );
    row(&format!("{}, untrained", deep_network()), &|arm| arm.growth, theory());
    table
}
