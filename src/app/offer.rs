//! What the Embed panel offers: the lines to paste, and the address of a preview. What was chosen comes as keys and
//! words of an embed's link.

use super::App;
use super::embed::{Embed, Subject};
use crate::data::DataKind;

/// Whether a link is to hold the settings as they are now.
pub const NOW: &str = "now";
/// For a page that stands at no address of the web, such as a file on this computer.
const SOMEWHERE: &str = "https://example.org/batchnorm-playground/";
/// The site in one file, where it has no address of the web: beside the post.
const BESIDE: &str = "batchnorm-playground.html";

/// The page that offers, at its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home<'a> {
    /// One of the site's pages.
    Site(&'a str),
    /// The site in one file.
    File(&'a str),
}

/// Said instead of a preview where the site's policy forbids frames.
pub const NO_PREVIEW: &str =
    "This site’s policy allows no frame, so there is no preview here; the lines are right all the same.";

/// The lines and what stands beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The script and the element; none where the site is one file, which has no script to load.
    pub element: Option<String>,
    /// The frame.
    pub frame: String,
    /// Address of the embed alone; none where this page has none itself.
    pub preview: Option<String>,
    /// Something to know, or nothing.
    pub note: &'static str,
}

/// Every experiment, by its key and with its number: "4 Learning rate".
pub fn subjects() -> impl Iterator<Item = (&'static str, String)> {
    Subject::all().enumerate().map(|(number, subject)| {
        let heading = subject.heading();
        (subject.key(), if number == 0 { heading.to_owned() } else { format!("{number} {heading}") })
    })
}

impl App {
    /// `chosen` are keys and words, those of an embed's link and `settings`; `plan` the share keys of the chosen
    /// experiment as it is on the page.
    pub fn offer(&self, home: Home<'_>, chosen: &[(String, String)], plan: &str) -> Offer {
        let link = chosen.iter().filter(|(key, word)| key != "settings" && !word.is_empty());
        let link: Vec<String> = link.map(|(key, word)| format!("{key}={word}")).collect();
        let (embed, _) = Embed::read(&link.join("&"));
        let now = chosen.iter().any(|(key, word)| key == "settings" && word == NOW);
        let own = now && embed.subject == Subject::Live && self.experiment.data == DataKind::Own;
        let settings = match embed.subject {
            _ if !now || own => String::new(),
            Subject::Live => self.link(),
            Subject::Claim(_) => plan.to_owned(),
        };
        let base = home.base();
        Offer {
            element: matches!(home, Home::Site(_)).then(|| embed.element(&base, &settings)),
            frame: embed.frame(&base, &settings),
            preview: home.own().map(|base| embed.address(&base, &settings)),
            note: if own {
                "Your own data is in no link: this embed shows the first settings."
            } else if home.is_on_the_web() {
                ""
            } else if let Home::File(_) = home {
                "This page is one file: put it beside the post, or its address into the line."
            } else {
                "This page is a file on this computer: put the address of your copy of the site into the lines."
            },
        }
    }
}

impl Home<'_> {
    /// Without query and hash.
    fn page(&self) -> &str {
        let (Self::Site(address) | Self::File(address)) = self;
        address.split(['#', '?']).next().unwrap_or_default()
    }

    fn is_on_the_web(&self) -> bool {
        self.page().starts_with("http")
    }

    /// Where its embeds are, a folder or a file; none where it has no address itself.
    fn own(&self) -> Option<String> {
        match self {
            Self::Site(_) if self.is_on_the_web() => Some(format!("{}/", self.page().rsplit_once('/')?.0)),
            Self::File(_) if self.page().contains('/') => Some(self.page().to_owned()),
            _ => None,
        }
    }

    /// Where they are in the lines.
    fn base(&self) -> String {
        let made_up = match self {
            Self::Site(_) => SOMEWHERE,
            Self::File(_) => BESIDE,
        };
        self.own().filter(|_| self.is_on_the_web()).unwrap_or_else(|| made_up.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::Claim;

    const HERE: Home<'_> = Home::Site("https://you.github.io/bn/index.html?x#v=1");

    fn offer(link: &str, home: Home<'_>, chosen: &[(&str, &str)], plan: &str) -> Offer {
        let chosen: Vec<_> = chosen.iter().map(|&(key, word)| (key.to_owned(), word.to_owned())).collect();
        App::new(link, true).offer(home, &chosen, plan)
    }

    #[test]
    fn the_lines_hold_what_was_chosen_and_nothing_else() {
        let chosen =
            [("exp", "lr"), ("theme", "dark"), ("bg", "none"), ("controls", "none"), ("run", "auto")];
        let made = offer("lr=0.1", HERE, &chosen, "plan=1,0,3");
        let link = "v=1&exp=lr&theme=dark&bg=none&run=auto&controls=none";
        assert_eq!(made.preview, Some(format!("https://you.github.io/bn/embed.html#{link}")));
        assert!(
            made.frame.starts_with("<iframe src=\"https://you.github.io/bn/embed.html#v=1&amp;exp=lr&amp;")
        );
        let element = made.element.unwrap();
        assert!(element.contains("<batchnorm-playground experiment=\"lr\" theme=\"dark\" bg=\"none\""));
        assert_eq!((made.frame.lines().count(), made.note), (1, ""));
        let first = offer("", HERE, &[("exp", "live"), ("theme", "auto"), ("run", "")], "");
        assert_eq!(first.preview.as_deref(), Some("https://you.github.io/bn/embed.html#v=1"));
    }

    #[test]
    fn settings_as_they_are_now_are_those_of_the_experiment_chosen() {
        let preview = |exp: &str, link: &str| {
            offer(link, HERE, &[("exp", exp), ("settings", NOW)], "plan=1,0,3&seed=9").preview.unwrap()
        };
        assert!(preview("live", "lr=0.1&seed=7").ends_with("#v=1&lr=0.1&seed=7"));
        assert!(preview("lr", "lr=0.1&seed=7").ends_with("#v=1&exp=lr&plan=1,0,3&seed=9"));
    }

    #[test]
    fn own_data_and_a_page_that_is_a_file_are_spoken_of() {
        let mut app = App::new("", true);
        app.experiment.data = DataKind::Own;
        let made = app.offer(HERE, &[("settings".into(), NOW.into())], "");
        assert!(made.note.contains("in no link") && made.preview.unwrap().ends_with("#v=1"));
        let site = offer("", Home::Site("file:///home/you/bn/index.html"), &[], "");
        assert!(site.preview.is_none() && site.note.contains("file") && site.frame.contains(SOMEWHERE));
    }

    #[test]
    fn the_site_in_one_file_offers_itself_in_a_frame() {
        let chosen = [("exp", "lr"), ("theme", "dark")];
        let web = offer("", Home::File("https://you.github.io/bn.html?lab#v=1"), &chosen, "");
        assert!(
            web.frame
                .starts_with("<iframe src=\"https://you.github.io/bn.html#v=1&amp;exp=lr&amp;theme=dark\"")
        );
        assert_eq!((web.element, web.note), (None, ""));
        assert_eq!(web.preview.as_deref(), Some("https://you.github.io/bn.html#v=1&exp=lr&theme=dark"));
        // It shows the lab unless the address names an experiment.
        let disk = offer("", Home::File("file:///home/you/copy.html"), &[("exp", "live")], "");
        assert!(disk.frame.starts_with("<iframe src=\"batchnorm-playground.html#v=1&amp;exp=live\""));
        assert_eq!(disk.preview.as_deref(), Some("file:///home/you/copy.html#v=1&exp=live"));
        assert!(disk.note.contains("beside the post"));
        assert_eq!(offer("", Home::File("about:srcdoc"), &[], "").preview, None);
    }

    #[test]
    fn every_experiment_is_in_the_list() {
        let listed: Vec<_> = subjects().collect();
        assert_eq!(listed.len(), 1 + Claim::ALL.len());
        assert_eq!((listed[0].1.as_str(), listed[4].1.as_str()), ("Live training", "4 Learning rate"));
    }
}
