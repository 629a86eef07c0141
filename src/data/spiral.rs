//! Two interleaved spiral arms: of one and three quarter turns, and the easier one of one and a half.

use core::f64::consts::PI;

use super::{LabelledPoint, Recipe};
use crate::math::rng::Rng;

const TURNS: f64 = 1.75;
const INNER: f64 = 0.08;

/// Radius 0.08 to 1 along each arm; each coordinate moved by N(0, noise / 4), a standard deviation.
pub(super) fn draw(recipe: &Recipe, rng: &mut Rng) -> Vec<LabelledPoint> {
    (0..recipe.count)
        .map(|i| {
            let class = (i % 2) as u8;
            let along = rng.uniform();
            let radius = INNER + (1.0 - INNER) * along;
            let angle = 2.0 * PI * TURNS * along + PI * f64::from(class);
            let spread = recipe.noise / 4.0;
            let x = radius * libm::sin(angle) + spread * rng.normal();
            let y = radius * libm::cos(angle) + spread * rng.normal();
            ([x, y], class)
        })
        .collect()
}

const SHORT_TURNS: f64 = 1.5;

/// The short one: radius 0.05 to 1, its square drawn evenly so that the arms are about as dense everywhere; each
/// coordinate moved by N(0, 0.4 noise), a standard deviation.
pub(super) fn draw_short(recipe: &Recipe, rng: &mut Rng) -> Vec<LabelledPoint> {
    (0..recipe.count)
        .map(|i| {
            let class = (i % 2) as u8;
            let radius = 0.05 + 0.95 * libm::sqrt(rng.uniform());
            let angle = 2.0 * PI * SHORT_TURNS * radius + PI * f64::from(class);
            let spread = 0.4 * recipe.noise;
            let x = radius * libm::cos(angle) + spread * rng.normal();
            let y = radius * libm::sin(angle) + spread * rng.normal();
            ([x, y], class)
        })
        .collect()
}
