//! What the Embed panel offers: the lines to paste, and the address of a preview. What was chosen comes as keys and
//! words of an embed's link.

use super::App;
use super::embed::{Embed, Subject};
use crate::data::DataKind;
use crate::lab::claim::Plan;

/// Whether a link is to hold the settings as they are now.
pub const NOW: &str = "now";
/// For a page that stands at no address of the web, such as a file on this computer.
const SOMEWHERE: &str = "https://example.org/batchnorm-playground/";

/// The lines and what stands beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The script and the element.
    pub element: String,
    /// The frame.
    pub frame: String,
    /// Address of the embed alone; none where this page is no site that has one.
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

/// The share keys of a plan, those that differ from the usual: "plan=1,0,2&seed=7".
pub fn plan_settings(plan: &Plan) -> String {
    let usual = Plan::usual(plan.claim);
    let mut keys = Vec::new();
    if plan.choices != usual.choices {
        keys.push(format!("plan={}", plan.choices.map(|choice| choice.to_string()).join(",")));
    }
    if plan.first_seed != usual.first_seed {
        keys.push(format!("seed={}", plan.first_seed));
    }
    keys.join("&")
}

impl App {
    /// For a page at `address`. `chosen` are keys and words, those of an embed's link and `settings`; `plan` the share
    /// keys of the chosen experiment as it is on the page.
    pub fn offer(&self, address: &str, chosen: &[(String, String)], plan: &str) -> Offer {
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
        let page = address.split(['#', '?']).next().unwrap_or_default();
        let here = page.starts_with("http").then(|| page.rsplit_once('/')).flatten();
        let base = here.map_or_else(|| SOMEWHERE.to_owned(), |(folder, _)| format!("{folder}/"));
        Offer {
            element: embed.element(&base, &settings),
            frame: embed.frame(&base, &settings),
            preview: here.map(|_| format!("{base}embed.html#{}", embed.link(&settings))),
            note: if own {
                "Your own data is in no link: this embed shows the first settings."
            } else if here.is_none() {
                "This page is a file on this computer: put the address of your copy of the site into the lines."
            } else {
                ""
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::Claim;

    const HERE: &str = "https://you.github.io/bn/index.html?x#v=1";

    fn offer(link: &str, address: &str, chosen: &[(&str, &str)], plan: &str) -> Offer {
        let chosen: Vec<_> = chosen.iter().map(|&(key, word)| (key.to_owned(), word.to_owned())).collect();
        App::new(link, true).offer(address, &chosen, plan)
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
        assert!(made.element.contains("<batchnorm-playground experiment=\"lr\" theme=\"dark\" bg=\"none\""));
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
        let file = offer("", "file:///home/you/batchnorm-playground.html", &[], "");
        assert!(file.preview.is_none() && file.note.contains("file") && file.frame.contains(SOMEWHERE));
    }

    #[test]
    fn a_plan_survives_its_keys() {
        for claim in Claim::ALL {
            let usual = Plan::usual(claim);
            assert_eq!(plan_settings(&usual), "");
            let turned = Plan { first_seed: 12, ..usual.with(0, 1) };
            let embed = Embed::of(Subject::Claim(claim));
            assert_eq!(embed.plan(&plan_settings(&turned)), Some(turned));
        }
    }

    #[test]
    fn every_experiment_is_in_the_list() {
        let listed: Vec<_> = subjects().collect();
        assert_eq!(listed.len(), 9);
        assert_eq!((listed[0].1.as_str(), listed[4].1.as_str()), ("Live training", "4 Learning rate"));
    }
}
