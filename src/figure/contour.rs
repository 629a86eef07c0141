//! The line where a field on a square grid crosses one half: marching squares, joined into long polylines.

/// Field values at cell centres with a border of the same values half a cell out, so that lines reach the edge.
struct Nodes<'f> {
    field: &'f [f32],
    side: usize,
}

impl Nodes<'_> {
    /// Nodes per side.
    fn count(&self) -> usize {
        self.side + 2
    }

    /// What the field exceeds one half by.
    fn value(&self, i: usize, j: usize) -> f32 {
        let inner = |k: usize| k.clamp(1, self.side) - 1;
        let v = self.field[inner(j) * self.side + inner(i)] - 0.5;
        if v.is_finite() { v } else { 0.0 }
    }

    /// Where a node lies: 0 and 1 are the edges of the square.
    fn place(&self, i: usize) -> f32 {
        ((i as f32 - 0.5) / self.side as f32).clamp(0.0, 1.0)
    }
}

const NONE: u32 = u32::MAX;

/// Polylines along which `field` (`side * side` values, row by row from the bottom left) is one half, as shares of
/// the square's sides, from the bottom left. Closed lines end where they begin. Empty if the field is too short.
#[must_use]
pub fn half(field: &[f32], side: usize) -> Vec<Vec<(f32, f32)>> {
    if side == 0 || field.len() < side.saturating_mul(side) {
        return Vec::new();
    }
    let nodes = Nodes { field, side };
    let n = nodes.count();
    let mut next = vec![[NONE; 2]; 2 * n * n];
    for j in 0..n - 1 {
        for i in 0..n - 1 {
            for [a, b] in segments(&nodes, i, j).into_iter().flatten() {
                join(&mut next, a, b);
                join(&mut next, b, a);
            }
        }
    }
    let mut lines = Vec::new();
    for start in open_then_closed(&next) {
        let line = trace(&mut next, start);
        if line.len() > 1 {
            lines.push(line.into_iter().map(|edge| crossing(&nodes, edge)).collect());
        }
    }
    lines
}

/// An edge's number: twice its lower left node's, plus 1 if it goes up.
fn edge(n: usize, i: usize, j: usize, up: bool) -> u32 {
    (2 * (j * n + i) + usize::from(up)) as u32
}

/// The crossed edges of one cell, in pairs to be joined.
fn segments(nodes: &Nodes<'_>, i: usize, j: usize) -> [Option<[u32; 2]>; 2] {
    let n = nodes.count();
    let corner = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| nodes.value(i, j));
    let inside = corner.map(|v| v >= 0.0);
    let [south, east] = [edge(n, i, j, false), edge(n, i + 1, j, true)];
    let [north, west] = [edge(n, i, j + 1, false), edge(n, i, j, true)];
    let crossed = [
        (inside[0] != inside[1], south),
        (inside[1] != inside[2], east),
        (inside[2] != inside[3], north),
        (inside[3] != inside[0], west),
    ];
    let mut hit = crossed.iter().filter(|c| c.0).map(|c| c.1);
    match (hit.next(), hit.next(), hit.next()) {
        (Some(a), Some(b), None) => [Some([a, b]), None],
        (Some(_), Some(_), Some(_)) => {
            // A saddle: the mean decides which corners belong together.
            let joined = (corner.iter().sum::<f32>() >= 0.0) == inside[0];
            if joined {
                [Some([south, east]), Some([north, west])]
            } else {
                [Some([south, west]), Some([north, east])]
            }
        }
        _ => [None, None],
    }
}

fn join(next: &mut [[u32; 2]], from: u32, to: u32) {
    let slots = &mut next[from as usize];
    let free = usize::from(slots[0] != NONE);
    slots[free] = to;
}

fn open_then_closed(next: &[[u32; 2]]) -> Vec<u32> {
    let used = |open: bool| {
        let right = move |s: &[u32; 2]| s[0] != NONE && (s[1] == NONE) == open;
        next.iter().enumerate().filter(move |(_, s)| right(s)).map(|(i, _)| i as u32)
    };
    used(true).chain(used(false)).collect()
}

/// Follows the joints from an edge, taking them out on the way.
fn trace(next: &mut [[u32; 2]], start: u32) -> Vec<u32> {
    let mut line = vec![start];
    let mut here = start;
    loop {
        let slots = &mut next[here as usize];
        let to = if slots[0] == NONE { slots[1] } else { slots[0] };
        if to == NONE {
            return line;
        }
        forget(slots, to);
        forget(&mut next[to as usize], here);
        line.push(to);
        here = to;
    }
}

fn forget(slots: &mut [u32; 2], edge: u32) {
    if let Some(slot) = slots.iter_mut().find(|s| **s == edge) {
        *slot = NONE;
    }
}

/// Where the field is zero on an edge, linear between its ends.
fn crossing(nodes: &Nodes<'_>, edge: u32) -> (f32, f32) {
    let n = nodes.count();
    let (node, up) = (edge as usize / 2, edge % 2 == 1);
    let (i, j) = (node % n, node / n);
    let (i2, j2) = if up { (i, j + 1) } else { (i + 1, j) };
    let (a, b) = (nodes.value(i, j), nodes.value(i2, j2));
    let t = if a == b { 0.5 } else { (a / (a - b)).clamp(0.0, 1.0) };
    let between = |p: f32, q: f32| p + t * (q - p);
    (between(nodes.place(i), nodes.place(i2)), between(nodes.place(j), nodes.place(j2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize, f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
        let at = |k: usize| (k as f32 + 0.5) / side as f32;
        (0..side * side).map(|c| f(at(c % side), at(c / side))).collect()
    }

    #[test]
    fn a_slope_gives_one_straight_line_from_edge_to_edge() {
        let lines = half(&grid(16, |x, _| x), 16);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| (p.0 - 0.5).abs() < 1e-6));
        let ends = [lines[0][0].1, lines[0].last().unwrap().1];
        assert_eq!((ends[0].min(ends[1]), ends[0].max(ends[1])), (0.0, 1.0));
    }

    #[test]
    fn a_hill_gives_one_closed_circle() {
        let lines = half(&grid(64, |x, y| 1.0 - 2.0 * libm::hypotf(x - 0.5, y - 0.4)), 64);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        let off = |p: &(f32, f32)| (libm::hypotf(p.0 - 0.5, p.1 - 0.4) - 0.25).abs();
        assert!(lines[0].iter().all(|p| off(p) < 2e-3));
    }

    #[test]
    fn flat_broken_or_missing_fields_give_nothing() {
        assert!(half(&[0.2; 16], 4).is_empty());
        assert!(half(&[f32::NAN; 16], 4).is_empty());
        assert!(half(&[0.2; 3], 4).is_empty());
        assert!(half(&[], 0).is_empty());
    }

    #[test]
    fn a_chessboard_of_saddles_keeps_its_four_regions_apart_or_joined_but_never_crossed() {
        let lines = half(&[1.0, 0.0, 0.0, 1.0], 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.len() >= 3));
    }
}
