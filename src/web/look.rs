//! Light or dark, and how fine the screen is.

use plotters::style::RGBColor;
use web_sys::{Document, Element};

use super::{dom, media};
use crate::figure::Theme;

/// Whether what is below `root` is dark: as chosen for it, or else as the reader's system has it.
pub(super) fn is_dark(root: &Element) -> bool {
    let chosen =
        root.closest("[data-theme]").ok().flatten().and_then(|chosen| chosen.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => web_sys::window().is_some_and(|window| media::is(&window, media::DARK)),
    }
}

/// The colours of the figures below `root`: those of paper, those the reader's system forces, or the page's.
pub(super) fn theme(root: &Element) -> Theme {
    if root.closest("[data-printing]").is_ok_and(|printing| printing.is_some()) {
        return Theme::light();
    }
    let forced = root.owner_document().as_ref().and_then(forced_colours);
    forced.unwrap_or_else(|| if is_dark(root) { Theme::dark() } else { Theme::light() })
}

/// Paper is white, whatever the screen is.
pub(super) fn print(root: &Element, printing: bool) {
    // Only a malformed name can fail, and this one is ours.
    let _ = root.toggle_attribute_with_force("data-printing", printing);
}

/// Where the reader's system forces its own colours: its paper and its ink.
fn forced_colours(document: &Document) -> Option<Theme> {
    let window = document.default_view()?;
    if !media::is(&window, media::FORCED_COLOURS) {
        return None;
    }
    let style = window.get_computed_style(&document.body()?.into()).ok().flatten()?;
    let colour = |name: &str| rgb(&style.get_property_value(name).ok()?);
    Some(Theme::two_tone(colour("background-color")?, colour("color")?))
}

/// The colour of "rgb(18, 52, 86)".
fn rgb(text: &str) -> Option<RGBColor> {
    let inside = text.split_once('(')?.1.trim_end_matches(')');
    let mut parts = inside.split([',', ' ', '/']).filter(|part| !part.is_empty());
    let mut part = || parts.next()?.parse::<f32>().ok().map(|value| value as u8);
    Some(RGBColor(part()?, part()?, part()?))
}

/// Light becomes dark and the other way round, for this visit: of whatever `root` has its colours from, or of the whole
/// document where nothing was chosen. An element has them from its own root; the page around it keeps its own.
pub(super) fn switch(root: &Element) {
    let chosen = root.closest("[data-theme]").ok().flatten();
    let marked = chosen.or_else(|| root.owner_document()?.document_element());
    let word = if is_dark(root) { "light" } else { "dark" };
    marked.iter().for_each(|marked| dom::mark(marked, "data-theme", word));
}

/// Device pixels per CSS pixel.
pub(super) fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}
