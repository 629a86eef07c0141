//! Pure geometry of ink, in the integer sub-units of [`Paper`](super::paper::Paper): crisp hairlines, clipping,
//! dashes, smoothed lines, and labels that keep their distance. Drawing backends do none of these.

use plotters_backend::BackendCoord;

use super::paper::SUB;

/// CSS pixels to the nearest sub-unit; not a number becomes 0.
#[must_use]
pub fn sub(px: f32) -> i32 {
    (px * SUB as f32).round() as i32
}

/// The centre of the pixel row or column that holds `px`: a 1 px line there is crisp at every whole pixel ratio.
#[must_use]
pub fn hair(px: f32) -> f32 {
    px.floor() + 0.5
}

/// How much of a smoothed line stays at each measurement.
const KEEP: f32 = 0.8;

/// Smoothed on a log scale: a geometric mean of numbers above 0 that forgets, corrected for its start.
pub(super) fn smoothed(points: impl Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
    let (mut sum, mut weight) = (0.0_f32, 0.0_f32);
    let next = |(step, value): (f32, f32)| {
        sum = KEEP * sum + (1.0 - KEEP) * libm::logf(value);
        weight = KEEP * weight + (1.0 - KEEP);
        (step, libm::expf(sum / weight))
    };
    points.map(next).collect()
}

/// An upright rectangle in sub-units, edges included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Left edge.
    pub left: i32,
    /// Top edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Bottom edge.
    pub bottom: i32,
}

/// The parts of a polyline inside a rectangle, in order; a part has at least two points.
#[must_use]
pub fn clip(line: &[BackendCoord], to: Clip) -> Vec<Vec<BackendCoord>> {
    let mut parts: Vec<Vec<BackendCoord>> = Vec::new();
    let mut open = false;
    for pair in line.windows(2) {
        let Some((a, b)) = clip_segment(pair[0], pair[1], to) else {
            open = false;
            continue;
        };
        match parts.last_mut() {
            Some(part) if open && part.last() == Some(&a) => part.push(b),
            _ => parts.push(vec![a, b]),
        }
        open = b == pair[1];
    }
    parts
}

/// Liang and Barsky's clip of one segment.
fn clip_segment(a: BackendCoord, b: BackendCoord, to: Clip) -> Option<(BackendCoord, BackendCoord)> {
    let (ax, ay) = (f64::from(a.0), f64::from(a.1));
    let (dx, dy) = (f64::from(b.0) - ax, f64::from(b.1) - ay);
    let (mut from, mut until) = (0.0_f64, 1.0_f64);
    for (delta, room) in [
        (-dx, ax - f64::from(to.left)),
        (dx, f64::from(to.right) - ax),
        (-dy, ay - f64::from(to.top)),
        (dy, f64::from(to.bottom) - ay),
    ] {
        if delta == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if delta < 0.0 {
            from = from.max(room / delta);
        } else {
            until = until.min(room / delta);
        }
    }
    if from > until {
        return None;
    }
    let at = |t: f64| ((ax + t * dx).round() as i32, (ay + t * dy).round() as i32);
    Some((if from == 0.0 { a } else { at(from) }, if until == 1.0 { b } else { at(until) }))
}

/// Cuts a polyline into dashes of `on` with gaps of `off`, both in sub-units and more than 0. The corners inside
/// a dash are kept. The pattern starts with a dash at the first point.
#[must_use]
pub fn dash(line: &[BackendCoord], on: f64, off: f64) -> Vec<Vec<BackendCoord>> {
    if !(on > 0.0 && off > 0.0) {
        return vec![line.to_vec()];
    }
    let mut dashes = Vec::new();
    let mut drawing = true;
    let mut left = on;
    let mut current: Vec<BackendCoord> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(b.0) - f64::from(a.0), f64::from(b.1) - f64::from(a.1));
        let length = (dx * dx + dy * dy).sqrt();
        let mut walked = 0.0;
        while length - walked > left {
            walked += left;
            let t = walked / length;
            let here = ((f64::from(a.0) + t * dx).round() as i32, (f64::from(a.1) + t * dy).round() as i32);
            current.push(here);
            if drawing {
                dashes.push(std::mem::take(&mut current));
            } else {
                current = vec![here];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= length - walked;
        if drawing && current.last() != Some(&b) {
            current.push(b);
        }
    }
    if drawing && current.len() > 1 {
        dashes.push(current);
    }
    dashes
}

/// Moves label centres apart to at least `gap`, keeping their order and, if they fit, within [`low`, `high`].
#[must_use]
pub fn spread(wanted: &[f32], gap: f32, low: f32, high: f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let mut placed = wanted.to_vec();
    let mut floor = low;
    for &i in &order {
        placed[i] = placed[i].max(floor);
        floor = placed[i] + gap;
    }
    let mut ceiling = high.max(low + gap * (wanted.len().saturating_sub(1)) as f32);
    for &i in order.iter().rev() {
        placed[i] = placed[i].min(ceiling);
        ceiling = placed[i] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Clip = Clip { left: 0, top: 0, right: 100, bottom: 100 };

    #[test]
    fn a_line_that_leaves_and_returns_is_cut_in_two_at_the_edge() {
        let parts = clip(&[(10, 50), (20, 50), (20, 150), (40, 150), (40, 50), (50, 50)], BOX);
        assert_eq!(parts, [vec![(10, 50), (20, 50), (20, 100)], vec![(40, 100), (40, 50), (50, 50)]]);
        assert!(clip(&[(10, 150), (90, 150)], BOX).is_empty());
        assert!(clip(&[(10, 10)], BOX).is_empty());
    }

    #[test]
    fn far_away_points_do_not_bend_the_line() {
        let parts = clip(&[(0, 100), (i32::MAX, i32::MIN + 2)], BOX);
        let end = *parts[0].last().unwrap();
        assert!(parts[0][0] == (0, 100) && (end.0 - 100).abs() <= 1 && end.1.abs() <= 1, "{parts:?}");
    }

    #[test]
    fn dashes_have_their_length_and_keep_corners() {
        let dashes = dash(&[(0, 0), (25, 0), (25, 30)], 20.0, 10.0);
        assert_eq!(dashes, [vec![(0, 0), (20, 0)], vec![(25, 5), (25, 25)]]);
        let bent = dash(&[(0, 0), (5, 0), (5, 5)], 8.0, 4.0);
        assert_eq!(bent, [vec![(0, 0), (5, 0), (5, 3)]]);
    }

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        let placed = spread(&[50.0, 48.0, 200.0], 30.0, 0.0, 190.0);
        assert_eq!(placed, [78.0, 48.0, 190.0]);
        let tight = spread(&[95.0, 96.0, 97.0], 30.0, 0.0, 100.0);
        assert_eq!(tight, [40.0, 70.0, 100.0]);
        assert_eq!(spread(&[], 30.0, 0.0, 1.0), [] as [f32; 0]);
    }

    #[test]
    fn hairlines_sit_on_half_pixels() {
        assert_eq!([hair(3.0), hair(3.4), hair(3.99)], [3.5; 3]);
        assert_eq!(sub(hair(7.2)) % SUB, SUB / 2);
    }
}
