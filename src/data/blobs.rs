//! Two round clouds around opposite corners.

use super::{LabelledPoint, Recipe};
use crate::math::rng::Rng;

/// N(+-0.45, spread) per coordinate, where the spread is 0.25 at the default noise of 0.1 and grows with it.
pub(super) fn draw(recipe: &Recipe, rng: &mut Rng) -> Vec<LabelledPoint> {
    (0..recipe.count)
        .map(|i| {
            let class = (i % 2) as u8;
            let centre = if class == 1 { 0.45 } else { -0.45 };
            let spread = 0.2 + 0.5 * recipe.noise;
            ([centre + spread * rng.normal(), centre + spread * rng.normal()], class)
        })
        .collect()
}
