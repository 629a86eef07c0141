//! An embed: which experiment stands alone on somebody's page, how it looks, and the lines that put it there.
//!
//! Everything is in the link or in the element's attributes: `exp=lr&theme=dark&run=click` and the share keys.
//! What it leaves out: drawing it, and the page around it.

use super::experiments::Start;
use crate::lab::claim::{Claim, Plan};
use crate::lab::knob::shortened;
use crate::lab::link;

/// What an embed shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The lab's run: loss and boundary.
    Live,
    /// An experiment.
    Claim(Claim),
}

impl Subject {
    /// Every one, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Live].into_iter().chain(Claim::ALL.map(Self::Claim))
    }

    /// Its key in a link: "lr".
    pub fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Claim(claim) => claim.about().key,
        }
    }

    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Live => "Live training",
            Self::Claim(claim) => claim.about().heading,
        }
    }

    /// The sentence above its figure.
    pub fn claim(self) -> &'static str {
        match self {
            Self::Live => "One network, trained twice. Only one has batch norm.",
            Self::Claim(claim) => claim.about().claim,
        }
    }

    /// By its key, or by its heading with dashes: "lr" and "learning-rate".
    pub fn named(name: &str) -> Option<Self> {
        let dashed = |heading: &str| heading.to_lowercase().replace(' ', "-");
        Self::all().find(|subject| subject.key() == name || dashed(subject.heading()) == name)
    }

    /// Whether it takes the reader's click to start: sweeps of many runs do, so that no page is made to work hard.
    fn waits(self) -> bool {
        matches!(self, Self::Claim(claim) if !Start::Usual.is_by_itself(claim))
    }
}

/// Light, dark, or as the page around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As the page around it.
    #[default]
    Auto,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Tone {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its word in a link.
    pub fn word(self) -> &'static str {
        ["auto", "light", "dark"][self as usize]
    }

    /// By its word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.word() == word)
    }
}

/// One experiment on somebody's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// What it shows.
    pub subject: Subject,
    /// Its colours.
    pub tone: Tone,
    /// Whether the page around it shines through.
    pub transparent: bool,
    /// Whether it starts by itself once half of it is seen.
    pub starts: bool,
    /// Whether it has controls.
    pub controls: bool,
    /// Echoed in messages to the page around it.
    pub id: String,
}

/// Longest id that is echoed.
const LONGEST_ID: usize = 64;

/// Attributes that every element may have and that are nobody's setting.
const OF_ANY_ELEMENT: [&str; 12] = [
    "class",
    "dir",
    "hidden",
    "inert",
    "lang",
    "part",
    "role",
    "slot",
    "style",
    "tabindex",
    "title",
    "translate",
];

impl Default for Embed {
    fn default() -> Self {
        Self::of(Subject::Live)
    }
}

impl Embed {
    /// As it is first offered.
    pub fn of(subject: Subject) -> Self {
        let starts = !subject.waits();
        Self { subject, tone: Tone::Auto, transparent: false, starts, controls: true, id: String::new() }
    }

    /// Reads a link. What cannot be read stays as first offered, with a sentence each.
    pub fn read(link: &str) -> (Self, Vec<String>) {
        let mut notes = Vec::new();
        let mut one_of = |key: &str, words: &[&str]| -> Option<usize> {
            let value = link::page_key(link, key)?;
            let place = words.iter().position(|word| *word == value);
            if place.is_none() {
                let value = shortened(&value);
                notes.push(format!("“{key}” must be {}, not “{value}”.", words.join(" or ")));
            }
            place
        };
        let tone = one_of("theme", &Tone::ALL.map(Tone::word)).map_or(Tone::Auto, |place| Tone::ALL[place]);
        let transparent = one_of("bg", &["paper", "none"]) == Some(1);
        let run = one_of("run", &["auto", "click"]);
        let controls = one_of("controls", &["few", "none"]) != Some(1);
        let subject = match link::page_key(link, "exp") {
            None => Subject::Live,
            Some(name) => Subject::named(&name).unwrap_or_else(|| {
                let name = shortened(&name);
                notes.push(format!("There is no experiment “{name}”; this is the live one."));
                Subject::Live
            }),
        };
        // The lab's run reads the whole link and says so itself.
        if subject != Subject::Live {
            notes.extend(link::version_note(link));
        }
        let starts = run.map_or(!subject.waits(), |place| place == 0);
        let id = link::page_key(link, "id").unwrap_or_default().chars().take(LONGEST_ID).collect();
        (Self { subject, tone, transparent, starts, controls, id }, notes)
    }

    /// The keys of an embed with these share keys (`settings`: a whole link), only what is not as first offered.
    pub fn link(&self, settings: &str) -> String {
        let offered = Self::of(self.subject);
        let mut keys = vec![format!("v={}", link::VERSION)];
        let mut add = |differs: bool, key: &str, value: &str| {
            if differs {
                keys.push(format!("{key}={value}"));
            }
        };
        add(self.subject != Subject::Live, "exp", self.subject.key());
        add(self.tone != offered.tone, "theme", self.tone.word());
        add(self.transparent, "bg", "none");
        add(self.starts != offered.starts, "run", if self.starts { "auto" } else { "click" });
        add(!self.controls, "controls", "none");
        let own = settings.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("v="));
        keys.extend(own.map(str::to_owned));
        keys.join("&")
    }

    /// The plan of the claim it shows, with the controls and first seed of a link: `plan=1,0,2&seed=7`.
    pub fn plan(&self, link: &str) -> Option<Plan> {
        let Subject::Claim(claim) = self.subject else { return None };
        let mut plan = Plan::usual(claim);
        for (control, position) in link::page_key(link, "plan").unwrap_or_default().split(',').enumerate() {
            if let Ok(position) = position.parse() {
                plan = plan.with(control, position);
            }
        }
        if let Some(seed) = link::page_key(link, "seed").and_then(|seed| seed.parse().ok()) {
            plan.first_seed = seed;
        }
        Some(plan)
    }

    /// The link of the lab page that shows the same: its place on the page, or the run.
    pub fn lab_link(&self, link: &str) -> String {
        match self.subject {
            Subject::Live => link::write(&link::read(link).0),
            Subject::Claim(claim) => claim.about().key.to_owned(),
        }
    }

    /// The element's two lines, for a site whose files are at `base` (ending in a slash): the script, once a page,
    /// and the element with the picture that stands there without script. Each on a line of its own and quoted:
    /// what kramdown leaves alone.
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
             <batchnorm-playground{attributes}>{}</batchnorm-playground>",
            self.still(&base)
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
        format!(
            "<iframe src=\"{}\" title=\"{}, with and without batch norm\" width=\"100%\" height=\"{}\" \
             loading=\"lazy\" style=\"border:0\"></iframe>",
            quoted(&self.address(base, settings)),
            self.subject.heading(),
            height(700)
        )
    }

    /// The committed picture as a link to the lab.
    fn still(&self, base: &str) -> String {
        let (key, heading) = (picture(self.subject), self.subject.heading());
        let file = |tone: &str| format!("{base}www/figures/{key}-{tone}.svg");
        let shown = file(if self.tone == Tone::Dark { "dark" } else { "light" });
        let image = format!(
            "<img src=\"{shown}\" alt=\"{heading}, with and without batch norm\" width=\"668\" loading=\"lazy\">"
        );
        let image = match self.tone {
            Tone::Auto => format!(
                "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"{}\">{image}</picture>",
                file("dark")
            ),
            _ => image,
        };
        format!("<a href=\"{base}index.html#{}\">{image}</a>", self.subject.key())
    }
}

/// Height of an embed of this width, both in CSS pixels: always the same, so that no page jumps. As in `www/style.css`.
pub fn height(width: u32) -> u32 {
    if width > 520 { 460 } else { 520 }
}

/// How light a colour is as the browser writes it ("rgb(255, 255, 255)"), 0 to 1; `None` if one sees through it.
pub fn lightness(color: &str) -> Option<f64> {
    let parts = color.split_once('(')?.1.trim_end_matches(')');
    let mut numbers = parts.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let mut next = || numbers.next()?.ok();
    let (red, green, blue) = (next()?, next()?, next()?);
    let alpha = next().unwrap_or(1.0);
    // Rec. 601 luma: enough to tell a light page from a dark one.
    (alpha > 0.5).then_some((0.299 * red + 0.587 * green + 0.114 * blue) / 255.0)
}

/// The subject's first picture in `www/figures`.
fn picture(subject: Subject) -> &'static str {
    match subject {
        Subject::Claim(Claim::Why) => "why-noise",
        other => other.key(),
    }
}

/// The link an element's attributes stand for; what any element may carry is left out.
pub fn of_attributes<'a>(attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let is_setting = |name: &str| {
        !OF_ANY_ELEMENT.contains(&name)
            && !["data-", "aria-", "on", "x-"].iter().any(|start| name.starts_with(start))
    };
    let pairs = attributes.into_iter().filter(|(name, _)| is_setting(name));
    let pairs = pairs.map(|(name, value)| {
        let key = if name == "experiment" { "exp" } else { name };
        // What would end the value ends up as an unreadable one, with a note.
        format!("{key}={}", value.replace(['&', '='], " "))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn quoted(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_is_known_by_its_key_and_by_its_name() {
        for subject in Subject::all() {
            assert_eq!(Subject::named(subject.key()), Some(subject));
        }
        assert_eq!(Subject::named("learning-rate"), Some(Subject::Claim(Claim::Lr)));
        assert_eq!(Subject::named("speed"), None);
    }

    #[test]
    fn an_embed_survives_its_own_link() {
        for subject in Subject::all() {
            for starts in [false, true] {
                let (tone, controls) = (Tone::Dark, !starts);
                let embed = Embed { tone, transparent: starts, starts, controls, ..Embed::of(subject) };
                let link = embed.link("v=1&lr=0.1&seed=7");
                assert!(link.starts_with("v=1") && link.ends_with("lr=0.1&seed=7"), "{link}");
                assert_eq!(Embed::read(&link), (embed, Vec::new()), "{link}");
            }
        }
        assert_eq!(Embed::default().link("v=1"), "v=1");
    }

    #[test]
    fn what_cannot_be_read_is_said_and_stays_as_offered() {
        let (embed, notes) = Embed::read("exp=speed&theme=pink&run=never&bg=paper");
        assert_eq!(embed, Embed::default());
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert!(notes.iter().any(|note| note.contains("pink") && note.contains("auto or light or dark")));
    }

    #[test]
    fn a_plan_takes_its_controls_and_seed_from_the_link() {
        let embed = Embed::of(Subject::Claim(Claim::Lr));
        let plan = embed.plan("exp=lr&plan=2,0,1&seed=7").unwrap();
        assert_eq!((plan.choices, plan.first_seed), ([2, 0, 1], 7));
        let usual = Plan::usual(Claim::Lr);
        assert_eq!(embed.plan("plan=99,x,"), Some(usual));
        assert_eq!(Embed::default().plan(""), None);
    }

    #[test]
    fn a_ground_is_light_or_dark_or_seen_through() {
        assert_eq!(lightness("rgb(255, 255, 255)"), Some(1.0));
        assert!(lightness("rgb(27, 27, 31)").unwrap() < 0.2);
        assert_eq!(lightness("rgba(0, 0, 0, 0)"), None);
        assert_eq!(lightness("transparent"), None);
    }

    #[test]
    fn attributes_are_share_keys_but_for_what_any_element_has() {
        let link = of_attributes([
            ("class", "wide"),
            ("experiment", "learning-rate"),
            ("theme", "dark"),
            ("data-post", "3"),
            ("lr", "0.1&exp=init"),
        ]);
        assert_eq!(link, "exp=learning-rate&theme=dark&lr=0.1 exp init");
        assert_eq!(Embed::read(&link).0.subject, Subject::Claim(Claim::Lr));
    }

    #[test]
    fn the_lines_to_paste_are_whole_and_quoted() {
        let embed = Embed { tone: Tone::Dark, ..Embed::of(Subject::Claim(Claim::Lr)) };
        let base = "https://example.org/bn/";
        let (element, frame) = (embed.element(base, "v=1&seed=7"), embed.frame(base, "v=1&seed=7"));
        for line in element.lines().chain(frame.lines()) {
            assert!(line.matches('"').count().is_multiple_of(2), "{line}");
        }
        assert_eq!((element.lines().count(), frame.lines().count()), (3, 1));
        assert!(frame.contains("embed.html#v=1&amp;exp=lr&amp;theme=dark&amp;seed=7\""), "{frame}");
        assert!(frame.contains("title=\"Learning rate,") && frame.contains("height=\"460\""));
        assert!(element.contains("experiment=\"lr\" theme=\"dark\" seed=\"7\">"), "{element}");
        assert!(element.contains("www/figures/lr-dark.svg") && element.ends_with("</batchnorm-playground>"));
    }
}
