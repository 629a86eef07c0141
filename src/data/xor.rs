//! A square in four quadrants; the class is the sign of the product of the coordinates.

use super::{LabelledPoint, Recipe};
use crate::math::rng::Rng;

/// Half the width of the empty cross along the axes.
const GAP: f64 = 0.06;

/// Uniform on [-1, 1]^2, pushed off the axes, then moved by N(0, 0.2 noise), a standard deviation.
pub(super) fn draw(recipe: &Recipe, rng: &mut Rng) -> Vec<LabelledPoint> {
    (0..recipe.count)
        .map(|_| {
            let mut coordinate = || {
                let uniform = rng.range(-1.0, 1.0);
                uniform + if uniform < 0.0 { -GAP } else { GAP }
            };
            let (x, y) = (coordinate(), coordinate());
            let class = u8::from(x * y > 0.0);
            let spread = 0.2 * recipe.noise;
            ([x + spread * rng.normal(), y + spread * rng.normal()], class)
        })
        .collect()
}
