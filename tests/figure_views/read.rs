//! Reads back what a figure drew: its lines and texts.

use batchnorm_playground::figure::text;
use plotters::style::RGBColor;

/// A colour as the SVG writes it.
pub(crate) fn hex(c: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", c.0, c.1, c.2)
}

/// A polyline, in sub-units.
pub(crate) struct Line {
    pub(crate) stroke: String,
    pub(crate) width: u32,
    pub(crate) points: Vec<(i32, i32)>,
}

/// A text and its left, top, right, bottom in CSS pixels by the fixed rule.
pub(crate) struct Said {
    pub(crate) says: String,
    pub(crate) bounds: [f32; 4],
}

fn attribute<'s>(line: &'s str, name: &str) -> Option<&'s str> {
    let from = line.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(&line[from..from + line[from..].find('"')?])
}

/// All polylines, in the order drawn.
pub(crate) fn lines(svg: &str) -> Vec<Line> {
    let line = |line: &str| {
        let points = attribute(line, "points")?.split(' ').map(|p| {
            let (x, y) = p.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        });
        let width = attribute(line, "stroke-width")?.parse().unwrap();
        Some(Line { stroke: attribute(line, "stroke")?.into(), width, points: points.collect() })
    };
    svg.lines().filter(|l| l.starts_with("<polyline")).filter_map(line).collect()
}

/// All texts, in the order drawn.
pub(crate) fn texts(svg: &str) -> Vec<Said> {
    let text = |line: &str| {
        let says = &line[line.find('>')? + 1..line.find("</text>")?];
        let number = |name: &str| attribute(line, name)?.parse::<f32>().ok().map(|v| v / 8.0);
        let (x, y, size) = (number("x")?, number("y")?, number("font-size")?);
        let width = text::width(says, size, attribute(line, "font-weight").is_some());
        let left = match attribute(line, "text-anchor") {
            Some("end") => x - width,
            Some("middle") => x - width / 2.0,
            _ => x,
        };
        Some(Said { says: says.into(), bounds: [left, y - 0.5 * size, left + width, y + 0.5 * size] })
    };
    svg.lines().filter(|l| l.starts_with("<text")).filter_map(text).collect()
}
