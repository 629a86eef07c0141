//! Two rings (class 1 inside class 0).

use core::f64::consts::PI;

use super::{LabelledPoint, Recipe};
use crate::math::rng::Rng;

/// Radius 0.5 and 1; each coordinate moved by N(0, 0.8 noise), a standard deviation.
pub(super) fn draw(recipe: &Recipe, rng: &mut Rng) -> Vec<LabelledPoint> {
    (0..recipe.count)
        .map(|i| {
            let class = (i % 2) as u8;
            let radius = if class == 1 { 0.5 } else { 1.0 };
            let angle = rng.range(0.0, 2.0 * PI);
            let spread = 0.8 * recipe.noise;
            let x = radius * libm::cos(angle) + spread * rng.normal();
            let y = radius * libm::sin(angle) + spread * rng.normal();
            ([x, y], class)
        })
        .collect()
}
