//! The built-in digits as a reader would drop them: a pair of IDX files of 28 x 28 images.

use batchnorm_playground::data::digits;

/// Pixels per side.
pub(crate) const SIDE: usize = 28;

/// An images file and its labels file, `count` images: each digit in turn, enlarged and, from the second time round,
/// moved by a pixel or two.
pub(crate) fn pair(count: usize) -> (Vec<u8>, Vec<u8>) {
    let set = digits::dataset(digits::PACKED, 1).expect("the built-in digits");
    let all: Vec<(&[f32], u8)> = [&set.train, &set.test]
        .into_iter()
        .flat_map(|split| (0..split.len()).map(|r| (split.x.row(r), split.y[r])))
        .collect();
    let size = |value: usize| (value as u32).to_be_bytes();
    let mut images = [&[0, 0, 8, 3][..], &size(count), &size(SIDE), &size(SIDE)].concat();
    let mut classes = [&[0, 0, 8, 1][..], &size(count)].concat();
    for i in 0..count {
        let (digit, round) = (i % digits::IMAGES, i / digits::IMAGES);
        let (small, label) = all[digit];
        let shift = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (2, 1)][round % 6];
        enlarge(small, shift, &mut images);
        classes.push(label);
    }
    (images, classes)
}

/// Three times the size, linear between pixels, with a margin of two.
fn enlarge(small: &[f32], (right, down): (i32, i32), into: &mut Vec<u8>) {
    let at = |x: i32, y: i32| {
        let inside = (0..8).contains(&x) && (0..8).contains(&y);
        if inside { small[(y * 8 + x) as usize] } else { 0.0 }
    };
    for row in 0..SIDE as i32 {
        for column in 0..SIDE as i32 {
            let (x, y) = ((column - right - 2) as f32 / 3.0 - 0.33, (row - down - 2) as f32 / 3.0 - 0.33);
            let (left, top) = (x.floor() as i32, y.floor() as i32);
            let (a, b) = (x - x.floor(), y - y.floor());
            let above = at(left, top) * (1.0 - a) + at(left + 1, top) * a;
            let below = at(left, top + 1) * (1.0 - a) + at(left + 1, top + 1) * a;
            into.push((255.0 * (above * (1.0 - b) + below * b)) as u8);
        }
    }
}
