//! Two lists of numbers side by side, for people.

/// The largest absolute value; 0 of an empty list.
pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

/// The largest difference of two lists; infinite where either holds something that is not a number.
pub fn largest_difference(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "as many numbers on both sides");
    let worse = |most: f64, (a, b): (&f64, &f64)| {
        let difference = (a - b).abs();
        if difference.is_nan() { f64::INFINITY } else { difference.max(most) }
    };
    found.iter().zip(expected).fold(0.0, worse)
}

/// Fails with the first elements and the worst one side by side when a difference exceeds `allowed`.
/// Returns the largest difference.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], allowed: f64) -> f64 {
    let difference = largest_difference(found, expected);
    assert!(
        difference <= allowed,
        "{what}: off by {difference:.3e}, allowed {allowed:.3e}{}",
        table(found, expected)
    );
    difference
}

/// The first eight elements and, marked, the worst.
fn table(found: &[f64], expected: &[f64]) -> String {
    let off = |i: &usize| (found[*i] - expected[*i]).abs();
    let worst = (0..found.len()).max_by(|a, b| off(a).total_cmp(&off(b)));
    let line = |i: usize| {
        let mark = if Some(i) == worst { "  <- worst" } else { "" };
        format!("\n[{i:4}] found {:+.9e} expected {:+.9e}{mark}", found[i], expected[i])
    };
    let first = found.len().min(8);
    (0..first).chain(worst.filter(|worst| *worst >= first)).map(line).collect()
}
