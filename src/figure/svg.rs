//! A figure as SVG text, for export, static figures and tests: the same calls as on a canvas, byte for byte the
//! same on every computer. Text stays text.

use plotters_svg::SVGBackend;

use super::paper::{Paper, SUB};
use super::theme::SANS;

/// Draws on a sheet of `size` CSS pixels and returns the SVG document.
///
/// # Errors
/// Those of `draw`.
pub fn document<E>(
    size: (u32, u32),
    draw: impl FnOnce(Paper<SVGBackend<'_>>) -> Result<(), E>,
) -> Result<String, E> {
    let unit = SUB.unsigned_abs();
    let mut text = String::new();
    // The backend divides every text size by 1.24.
    draw(
        Paper::new(SVGBackend::with_string(&mut text, (size.0 * unit, size.1 * unit)), size).scale_text(1.24),
    )?;
    Ok(tidy(&text, size))
}

/// The root gets its size in CSS pixels and what every mark shares; text is centred on its capitals; defaults and
/// the line breaks inside text go.
fn tidy(raw: &str, (width, height): (u32, u32)) -> String {
    let font = SANS.replace('"', "&quot;");
    let root = format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\" \
         font-family=\"{font}\" stroke-linejoin=\"round\">",
        i64::from(width) * i64::from(SUB),
        i64::from(height) * i64::from(SUB),
    );
    let mut out = root;
    let mut lines = raw.lines().skip(1).peekable();
    while let Some(line) = lines.next() {
        out.push('\n');
        let line = line
            .replace(" opacity=\"1\"", "")
            .replace(" stroke=\"none\"", "")
            .replace(&format!(" font-family=\"{font}\""), "")
            .replace(" text-anchor=\"start\"", "")
            .replace(" \"", "\"")
            .replace("dy=\"0.5ex\"", "dy=\"0.35em\"");
        out.push_str(&line);
        if line.starts_with("<text") {
            out.push_str(lines.next().unwrap_or_default());
            out.push_str(lines.next().unwrap_or_default());
        }
    }
    out.push('\n');
    out
}
