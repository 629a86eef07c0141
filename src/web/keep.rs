//! Files handed to the reader: text as it is, a figure as SVG text or as PNG at twice its size.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{HtmlAnchorElement, Window};

use super::files::Made;
use super::page::Page;
use super::{dom, look, surface};
use crate::app::picture::Words;
use crate::export::png;
use crate::figure::{Figure, Theme};

/// Hands the reader a file, by way of a link that is clicked and gone. It must be held until the next one is saved:
/// its address must outlive the click.
pub(super) fn save(window: &Window, name: &str, content: &JsValue) -> Option<Made> {
    try_to_save(window, name, content).map_err(|error| web_sys::console::warn_1(&error)).ok()
}

fn try_to_save(window: &Window, name: &str, content: &JsValue) -> Result<Made, JsValue> {
    let document = window.document().ok_or("no document")?;
    let made = Made::of(content)?;
    let link: HtmlAnchorElement = dom::make(&document, "a", "")?;
    link.set_href(&made.address);
    link.set_download(name);
    link.click();
    Ok(made)
}

/// A kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Svg,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Png, Self::Svg];

    pub(super) fn label(self) -> &'static str {
        if self == Self::Png { "PNG" } else { "SVG" }
    }

    /// Hands the reader a figure.
    pub(super) fn save(
        self,
        window: &Window,
        figure: &Figure<'_>,
        width: u32,
        theme: &Theme,
        words: &Words,
    ) -> Option<Made> {
        let (ending, content) = match self {
            Self::Svg => ("svg", figure.picture_svg(width, theme, &words.title, &words.caption).into()),
            Self::Png => {
                let drawn = surface::png(window, figure, width, theme, &words.caption).ok()?;
                let marked = png::with_text(&drawn, "Comment", &words.settings);
                ("png", Uint8Array::from(&marked[..]).into())
            }
        };
        save(window, &format!("{}.{ending}", words.file), &content)
    }
}

impl Page {
    /// Hands the reader the figure of the lab that is chosen in the panel.
    pub(super) fn save_picture(&self, key: &str, kind: Kind) {
        let theme = look::theme(&self.root);
        self.app.borrow().picture(key, &mut |figure, width, words| {
            self.saved.replace(kind.save(&self.window, figure, width, &theme, words));
        });
    }
}
