//! The lines that put an embed on somebody's page: the element's, with a picture that stands there without script, and
//! the frame's. Each on a line of its own and quoted, which is what kramdown leaves alone.

use super::embed::{Embed, Subject, Tone, height};

/// Windows narrower than this leave a post's column no room for a wide embed.
const NARROW: u32 = 560;

impl Embed {
    /// The element's two lines, for a site whose files are at `base` (ending in a slash): the script, once a page,
    /// and the element. `settings` are share keys.
    pub fn element(&self, base: &str, settings: &str) -> String {
        let attributes: String = self
            .link(settings)
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(key, _)| *key != "v")
            .map(|(key, value)| {
                format!(" {}=\"{}\"", if key == "exp" { "experiment" } else { key }, quoted(value))
            })
            .collect();
        let base = quoted(base);
        format!(
            "<script src=\"{base}batchnorm-playground.js\" async></script>\n\n\
             <batchnorm-playground{attributes} style=\"display:block;min-height:{}\">{}</batchnorm-playground>",
            height_by_window(),
            self.still(&base, settings)
        )
    }

    /// Its address, for a site whose files are at `base` (ending in a slash), or that is the one file `base`.
    pub fn address(&self, base: &str, settings: &str) -> String {
        let link = self.link(settings);
        match self.subject {
            _ if base.ends_with('/') => format!("{base}embed.html#{link}"),
            // The file shows the lab if no experiment is named.
            Subject::Live => format!("{base}#{link}&exp={}", self.subject.key()),
            Subject::Claim(_) => format!("{base}#{link}"),
        }
    }

    /// The frame's line; `base` as for the address.
    pub fn frame(&self, base: &str, settings: &str) -> String {
        // One sees through a frame only where it is of the same colour scheme as the page around it.
        let scheme = if self.transparent { ";color-scheme:normal" } else { "" };
        format!(
            "<iframe src=\"{}\" title=\"{}, with and without batch norm\" width=\"100%\" height=\"{}\" \
             loading=\"lazy\" allow=\"clipboard-write\" style=\"border:0;height:{}{scheme}\"></iframe>",
            quoted(&self.address(base, settings)),
            self.subject.heading(),
            height(NARROW),
            height_by_window()
        )
    }

    /// The committed pictures, for wide and narrow windows, as a link to the lab.
    fn still(&self, base: &str, settings: &str) -> String {
        let (key, heading) = (picture(self.subject), self.subject.heading());
        let file = |tone: &str| format!("{base}www/figures/{key}-{tone}.svg");
        let source =
            |media: &str, tone: &str| format!("<source media=\"{media}\" srcset=\"{}\">", file(tone));
        let narrow = format!("(max-width: {NARROW}px)");
        let dark = "(prefers-color-scheme: dark)";
        let (sources, tone) = match self.tone {
            Tone::Light => (source(&narrow, "narrow-light"), "light"),
            Tone::Dark => (source(&narrow, "narrow-dark"), "dark"),
            Tone::Auto => {
                let both = source(&format!("{narrow} and {dark}"), "narrow-dark");
                (both + &source(&narrow, "narrow-light") + &source(dark, "dark"), "light")
            }
        };
        format!(
            "<a href=\"{base}index.html#{}\"><picture>{sources}<img src=\"{}\" alt=\"{heading}, with and without \
             batch norm\" width=\"668\" loading=\"lazy\" style=\"max-width:100%;height:auto\"></picture></a>",
            quoted(&self.lab_link(settings)),
            file(tone)
        )
    }
}

/// The height for a page without script, as CSS: of a window's width, which tells a phone from the rest.
fn height_by_window() -> String {
    format!("clamp({}px,({NARROW}px - 100vw)*999,{}px)", height(NARROW), height(0))
}

/// The subject's first picture in `www/figures`.
fn picture(subject: Subject) -> &'static str {
    match subject {
        Subject::Claim(claim) => claim.about().picture,
        Subject::Live => subject.key(),
    }
}

fn quoted(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::Claim;

    #[test]
    fn the_lines_to_paste_are_whole_and_quoted() {
        let embed = Embed { tone: Tone::Dark, ..Embed::of(Subject::Claim(Claim::Lr)) };
        let base = "https://example.org/bn/";
        let (element, frame) =
            (embed.element(base, "plan=1,0,0&seed=7"), embed.frame(base, "plan=1,0,0&seed=7"));
        for line in element.lines().chain(frame.lines()) {
            assert!(line.matches('"').count().is_multiple_of(2), "{line}");
            assert!(!line.contains("{{") && !line.contains("{%") && !line.contains('|'), "{line}");
        }
        assert_eq!((element.lines().count(), frame.lines().count()), (3, 1));
        assert!(
            frame.contains("embed.html#v=1&amp;exp=lr&amp;theme=dark&amp;plan=1,0,0&amp;seed=7\""),
            "{frame}"
        );
        assert!(frame.contains("title=\"Learning rate,") && frame.contains("height=\"460\""));
        assert!(
            element.contains("experiment=\"lr\" theme=\"dark\" plan=\"1,0,0\" seed=\"7\" style="),
            "{element}"
        );
        assert!(element.contains("index.html#v=1&amp;exp=lr&amp;plan=1,0,0&amp;seed=7\""), "{element}");
        assert!(element.contains("www/figures/lr-dark.svg") && element.ends_with("</batchnorm-playground>"));
    }

    #[test]
    fn the_room_is_kept_without_script() {
        let room = "height:clamp(460px,(560px - 100vw)*999,520px)";
        for subject in Subject::all() {
            let embed = Embed::of(subject);
            assert!(embed.element("/", "").contains(&format!("display:block;min-{room}\"")));
            assert!(embed.frame("/", "").contains(&format!("border:0;{room}\"")));
        }
        let through = Embed { transparent: true, ..Embed::default() };
        assert!(through.frame("/", "").contains("color-scheme:normal\""));
    }

    #[test]
    fn every_picture_named_is_there_and_fits() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        for subject in Subject::all() {
            for tone in Tone::ALL {
                let element = Embed { tone, ..Embed::of(subject) }.element("", "");
                let named = element.split('"').filter(|part| part.ends_with(".svg"));
                let mut count = 0;
                for file in named {
                    let drawing = std::fs::read_to_string(format!("{root}{file}"))
                        .unwrap_or_else(|error| panic!("{file} (`cargo xtask figures`): {error}"));
                    let (_, rest) = drawing.split_once(" height=\"").unwrap();
                    let high: u32 = rest.split_once('"').unwrap().0.parse().unwrap();
                    assert!(
                        high <= height(if file.contains("narrow") { 0 } else { NARROW }),
                        "{file}: {high}"
                    );
                    count += 1;
                }
                assert_eq!(count, if tone == Tone::Auto { 4 } else { 2 });
            }
        }
    }

    #[test]
    fn the_frames_page_has_a_picture_for_every_subject() {
        let page = include_str!("../../embed.html");
        for subject in Subject::all() {
            let own = format!(
                "data-still=\"{}\" src=\"www/figures/{}-light.svg\"",
                subject.key(),
                picture(subject)
            );
            assert!(page.contains(&own), "{own}");
            for kind in ["dark", "narrow-light", "narrow-dark"] {
                assert!(
                    page.contains(&format!("srcset=\"www/figures/{}-{kind}.svg\"", picture(subject))),
                    "{own}"
                );
            }
        }
        assert_eq!(page.matches("data-still").count(), Subject::all().count());
    }
}
