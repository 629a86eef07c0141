//! Light or dark, and how fine the screen is.

use web_sys::{Document, Element};

use super::dom;
use crate::figure::Theme;

/// Whether what is below `root` is dark: as chosen for it, or else as the reader's system has it.
pub(super) fn is_dark(root: &Element) -> bool {
    let chosen =
        root.closest("[data-theme]").ok().flatten().and_then(|chosen| chosen.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => web_sys::window()
            .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten())
            .is_some_and(|list| list.matches()),
    }
}

/// The colours of the figures below `root`.
pub(super) fn theme(root: &Element) -> Theme {
    if is_dark(root) { Theme::dark() } else { Theme::light() }
}

/// Light becomes dark and the other way round, for this visit.
pub(super) fn switch(document: &Document) {
    let Some(html) = document.document_element() else { return };
    dom::mark(&html, "data-theme", if is_dark(&html) { "light" } else { "dark" });
}

/// Device pixels per CSS pixel.
pub(super) fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}
