//! An embed: which experiment stands alone on somebody's page, and how it looks.
//!
//! Everything is in the link or in the element's attributes: `exp=lr&theme=dark&run=click` and the share keys.
//! What it leaves out: the lines that put it there, which are in `lines`, drawing it, and the page around it.

use super::experiments::Start;
use super::plan_link;
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
const OF_ANY_ELEMENT: [&str; 31] = [
    "accesskey",
    "align",
    "autofocus",
    "class",
    "contenteditable",
    "dir",
    "draggable",
    "exportparts",
    "height",
    "hidden",
    "inert",
    "itemid",
    "itemprop",
    "itemref",
    "itemscope",
    "itemtype",
    "lang",
    "loading",
    "markdown",
    "name",
    "nonce",
    "part",
    "popover",
    "role",
    "slot",
    "spellcheck",
    "style",
    "tabindex",
    "title",
    "translate",
    "width",
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
        if let Subject::Claim(claim) = subject {
            notes.extend(link::frame_notes(link));
            notes.extend(plan_link::read(claim, link).1);
            notes.extend(plan_link::strangers(link));
            notes.truncate(link::MOST_NOTES);
        }
        let run = link::page_key(link, "run").filter(|word| link::STARTS.contains(&word.as_str()));
        let starts = run.map_or(!subject.waits(), |word| word == link::STARTS[0]);
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
        match self.subject {
            Subject::Live => None,
            Subject::Claim(claim) => Some(plan_link::read(claim, link).0),
        }
    }

    /// The link of the lab page that shows the same: the run, or the experiment with its plan.
    pub fn lab_link(&self, link: &str) -> String {
        match self.plan(link) {
            None => link::write(&link::read(link).0),
            Some(plan) => Self::of(self.subject).link(&plan_link::keys(&plan)),
        }
    }
}

/// Height of an embed of this width, both in CSS pixels: always the same, so that no page jumps. As in `www/element.js`.
pub fn height(width: u32) -> u32 {
    if width > 520 { 460 } else { 520 }
}

/// Whether a colour is written in red, green and blue, or one sees through it; others have numbers of other meanings.
pub fn is_plain(color: &str) -> bool {
    color.starts_with("rgb(") || color.starts_with("rgba(") || !color.contains('(')
}

/// How light a colour is as the browser writes it ("rgb(255, 255, 255)"), 0 to 1; `None` if one sees through it, or it
/// is not written in red, green and blue.
pub fn lightness(color: &str) -> Option<f64> {
    let parts = color.split_once('(').filter(|_| is_plain(color))?.1.trim_end_matches(')');
    let mut numbers = parts.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let mut next = || numbers.next()?.ok();
    let (red, green, blue) = (next()?, next()?, next()?);
    let alpha = next().unwrap_or(1.0);
    // Rec. 601 luma: enough to tell a light page from a dark one.
    (alpha > 0.5).then_some((0.299 * red + 0.587 * green + 0.114 * blue) / 255.0)
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
                let settings = if subject == Subject::Live { "lr=0.1&seed=7" } else { "plan=0,0,0&seed=7" };
                let link = embed.link(&format!("v=1&{settings}"));
                assert!(link.starts_with("v=1") && link.ends_with(settings), "{link}");
                assert_eq!(Embed::read(&link), (embed, Vec::new()), "{link}");
            }
        }
        assert_eq!(Embed::default().link("v=1"), "v=1");
    }

    #[test]
    fn what_cannot_be_read_is_said_and_stays_as_offered() {
        let (embed, notes) = Embed::read("exp=speed&theme=pink&run=never&bg=paper");
        assert_eq!(embed, Embed::default());
        // Of the start the live run says it itself.
        assert_eq!((notes.len(), link::read("run=never").1.len()), (2, 1), "{notes:?}");
        let (embed, of_claim) = Embed::read("exp=lr&run=never");
        assert_eq!((embed, of_claim.len()), (Embed::of(Subject::Claim(Claim::Lr)), 1), "{of_claim:?}");
        assert!(notes.iter().any(|note| note.contains("pink") && note.contains("auto or light or dark")));
        let (_, notes) = Embed::read("exp=lr&plan=9&seed=x&lr=0.1&colour=red");
        assert_eq!(notes.len(), 4, "{notes:?}");
    }

    #[test]
    fn the_elements_script_keeps_the_height_free() {
        let script = include_str!("../../www/element.js");
        let (wide, narrow) =
            (format!("div {{ height: {}px", height(521)), format!("div {{ height: {}px", height(520)));
        assert!(script.contains(&wide), "{wide}");
        assert!(script.contains(&format!("@container (max-width: 520px) {{ :host > {narrow}")), "{narrow}");
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
        // Nearly white, all three; their numbers mean something else.
        for other in ["oklch(0.98 0.01 100)", "lab(98 0 0)", "color(srgb 1 1 1)"] {
            assert_eq!((lightness(other), is_plain(other)), (None, false), "{other}");
        }
        assert!(is_plain("transparent") && is_plain("rgba(0, 0, 0, 0)"));
    }

    #[test]
    fn attributes_are_share_keys_but_for_what_any_element_has() {
        let link = of_attributes([
            ("class", "wide"),
            ("align", "center"),
            ("loading", "lazy"),
            ("experiment", "learning-rate"),
            ("theme", "dark"),
            ("data-post", "3"),
            ("lr", "0.1&exp=init"),
        ]);
        assert_eq!(link, "exp=learning-rate&theme=dark&lr=0.1 exp init");
        assert_eq!(Embed::read(&link).0.subject, Subject::Claim(Claim::Lr));
    }
}
