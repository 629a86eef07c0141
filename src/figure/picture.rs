//! A figure to keep: the same drawing with a caption below it, which says what was run, so that the picture can be
//! had again. What it leaves out: which words those are.

use plotters_backend::DrawingBackend;

use super::paper::Paper;
use super::pen::{Drawn, Pen, Word};
use super::sheet::Sheet;
use super::theme::{TICK, Theme};
use super::{Figure, svg, text};

/// Between two lines of a caption, in CSS pixels.
const LINE: u32 = 15;
/// Between figure and caption.
const GAP: u32 = 12;

impl Figure<'_> {
    /// Width and height of the picture of that width, in CSS pixels.
    #[must_use]
    pub fn picture_size(&self, width: u32, caption: &str) -> (u32, u32) {
        let lines = wrap(caption, width as f32).len() as u32;
        let below = if lines > 0 { GAP + LINE * lines } else { 0 };
        (width, self.natural_height(width) + below)
    }

    /// Draws figure and caption on a sheet of [`picture_size`](Self::picture_size).
    ///
    /// # Errors
    /// Those of the backend.
    pub fn picture<B: DrawingBackend>(&self, paper: Paper<B>, theme: &Theme, caption: &str) -> Drawn<B> {
        paper.by_sheet(|paper| self.picture_on(paper, theme, caption))
    }

    fn picture_on<'s>(&self, paper: Paper<Sheet<'s>>, theme: &Theme, caption: &str) -> Drawn<Sheet<'s>> {
        let mut pen = Pen::new(paper, theme);
        pen.block([0.0, 0.0, pen.width, pen.height], theme.paper)?;
        let height = self.natural_height(pen.width as u32) as f32;
        pen.height = height;
        self.back(&pen)?;
        self.front(&pen)?;
        for (k, line) in wrap(caption, pen.width).into_iter().enumerate() {
            let y = height + GAP as f32 + LINE as f32 * (k as f32 + 0.5);
            pen.word(&Word::tick(line, (0.0, y), theme.muted))?;
        }
        pen.present()
    }

    /// The picture as an SVG document with a title and, for those who do not see it, what it shows.
    #[must_use]
    pub fn picture_svg(&self, width: u32, theme: &Theme, title: &str, caption: &str) -> String {
        let size = self.picture_size(width, caption);
        let drawn = svg::document(size, |paper| self.picture(paper, theme, caption)).unwrap_or_default();
        let described = format!("{}\n{caption}", self.describe());
        let (head, marks) = drawn.split_once('>').unwrap_or_default();
        format!(
            "{head} role=\"img\"><title>{}</title><desc>{}</desc>{marks}",
            escape(title),
            escape(&described)
        )
    }
}

/// Lines no wider than `room` CSS pixels, broken between words.
fn wrap(caption: &str, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // At plain spaces alone: a number stays with its unit.
    for word in caption.split(' ').filter(|word| !word.is_empty()) {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(line)) if text::width(&longer, TICK, false) <= room => *line = longer,
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn escape(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::view::LossView;

    #[test]
    fn a_caption_is_broken_where_it_is_too_wide_and_loses_nothing() {
        let caption = "one two three four five six seven eight nine ten";
        let lines = wrap(caption, 90.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| text::width(line, TICK, false) <= 90.0));
        assert_eq!(lines.join(" "), caption);
    }

    #[test]
    fn a_number_stays_with_its_unit_however_narrow_the_room() {
        for room in 0..200 {
            let lines = wrap("ends at 96.9\u{202f}% right", room as f32);
            assert!(lines.iter().any(|line| line.contains("96.9\u{202f}%")), "{room}: {lines:?}");
        }
    }

    #[test]
    fn a_picture_says_what_it_is_and_grows_with_its_caption() {
        let view = LossView { last_step: 500, classes: 2, ..LossView::default() };
        let figure = Figure::Loss(&view);
        let bare = figure.picture_size(300, "");
        let caption =
            "Settings: v=1 & a caption that is certainly longer than one line of three hundred pixels.";
        assert!(figure.picture_size(300, caption).1 > bare.1 + 20);
        let drawn = figure.picture_svg(300, &Theme::light(), "Loss <1>", caption);
        assert!(drawn.starts_with("<svg ") && drawn.contains("<title>Loss &lt;1&gt;</title>"));
        assert!(drawn.contains("v=1 &amp; a") && drawn.matches("longer").count() == 2);
    }
}
