//! How a number is written wherever it is read: thin spaces, a real minus, raised powers. How many of its digits are worth
//! reading is decided by whom it stands for.

pub(crate) const MINUS: char = '\u{2212}';
pub(crate) const THIN: char = '\u{2009}';

/// A whole number with a thin space between thousands: "1 437".
#[must_use]
pub fn whole(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(c);
    }
    out
}

/// With `places` decimals and a true minus sign; "0.0", never "−0.0".
#[must_use]
pub fn fixed(value: f32, places: usize) -> String {
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| b == b'0' || b == b'.') => rest.into(),
        Some(rest) => format!("{MINUS}{rest}"),
        None => text,
    }
}

/// A finite number as a factor of so many decimals and a power of ten: "3.2 × 10⁻⁸".
#[must_use]
pub fn scientific(value: f64, places: usize) -> String {
    // The formatter finds the exponent: rounding may raise it.
    let text = format!("{value:.places$e}");
    let (factor, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let factor = factor.replace('-', &MINUS.to_string());
    format!("{factor} × {}", power_of_ten(exponent.parse().unwrap_or(0)))
}

/// A power of ten: "10⁻³".
#[must_use]
pub fn power_of_ten(exponent: i32) -> String {
    const UP: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let mut out = String::from("10");
    if exponent < 0 {
        out.push('⁻');
    }
    for c in exponent.unsigned_abs().to_string().chars() {
        out.push(UP[c.to_digit(10).unwrap_or(0) as usize]);
    }
    out
}
