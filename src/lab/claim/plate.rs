//! What a claim's figure is: what it shows of a sweep and the words that stand beside it, for the page and for pictures
//! on paper alike. Which figures a claim has, and their captions, stand in the claim's file; how they are drawn, in
//! `figure`.

use std::rc::Rc;

use super::view::{
    AffineView, BatchView, DepthView, GammaView, MapView, NormsView, RatesView, SmoothView, WhyView,
};
use super::{Claim, Plan};
use crate::lab::sweep::Sweep;

/// One figure of a claim.
#[derive(Clone, Debug)]
pub struct Plate {
    /// Its name in a file's name and on a tab's key: "lr", "why-noise".
    pub name: &'static str,
    /// "6b": its claim's number, and a letter where that has several.
    pub number: String,
    /// What stands above it, where a claim has several: "a. Noise". Empty where it has one.
    pub heading: String,
    /// What stands below it: its number, the setting, the seeds, what the marks are.
    pub caption: String,
    /// What a reader can do with it, where a mark stands for a run; empty elsewhere.
    pub hint: &'static str,
    /// Whether it stands beside its neighbours where there is room, and behind a tab where there is not.
    pub abreast: bool,
    /// What it shows.
    pub view: View,
}

/// What a figure shows.
#[derive(Clone, Debug)]
pub enum View {
    /// Fig. 5a: one unit.
    Gamma(Box<GammaView>),
    /// Fig. 5b: trained and frozen.
    Affine(AffineView),
    /// Fig. 6a: the layers' inputs.
    Inputs(Rc<SmoothView>),
    /// Fig. 6b: losses along the gradient.
    Smoother(Rc<SmoothView>),
    /// Fig. 6c: gradients along the gradient.
    Probes(Rc<SmoothView>),
    /// Fig. 7.
    Depth(DepthView),
    /// Fig. 8.
    Rates(RatesView),
    /// Fig. 9.
    InitMap(MapView),
    /// Fig. 10.
    Batches(BatchView),
    /// Fig. 11a.
    Noise(Rc<WhyView>),
    /// Fig. 11b.
    Turn(Rc<WhyView>),
    /// Fig. 11c.
    HiddenRates(Rc<WhyView>),
    /// Fig. 12.
    Norms(NormsView),
}

/// The figures of a sweep, in the order of the page. As many and of the same kind from the first run to the last.
pub fn plates(sweep: &Sweep) -> Vec<Plate> {
    let claim = sweep.plan().claim;
    let plates = (claim.about().plates)(sweep);
    if plates.len() == 1 {
        return plates.into_iter().map(|plate| plate.numbered(claim, None)).collect();
    }
    (FIRST_LETTER..).zip(plates).map(|(letter, plate)| plate.numbered(claim, Some(letter))).collect()
}

/// Where a claim has several figures, that of the first.
const FIRST_LETTER: char = 'a';

/// "6b": the number of a claim's figure.
fn number(claim: Claim, letter: Option<char>) -> String {
    format!("{}{}", claim.figure(), letter.map_or(String::new(), String::from))
}

/// What stands below the first figure of a claim with several, if it says something of its own: "Fig. 5a. One real...".
pub fn caption_of_first(claim: Claim, says: &str) -> String {
    caption(&number(claim, Some(FIRST_LETTER)), says)
}

fn caption(number: &str, says: &str) -> String {
    format!("Fig. {number}. {says}")
}

pub(super) const LOADS_A_MARK: &str = "Select a mark to load that run in the lab.";
pub(super) const LOADS_A_CELL: &str = "Select a cell to load that run in the lab.";

impl Plate {
    /// Still without a number: that is given where a claim's figures come together.
    pub(super) fn new(name: &'static str, caption: String, view: View) -> Self {
        let (number, heading) = (String::new(), String::new());
        Self { name, number, heading, caption, hint: "", abreast: false, view }
    }

    /// With its number before the caption, and its letter before the heading.
    fn numbered(self, claim: Claim, letter: Option<char>) -> Self {
        let number = number(claim, letter);
        let heading = letter.map_or(String::new(), |letter| format!("{letter}. {}", self.heading));
        Self { caption: caption(&number, &self.caption), heading, number, ..self }
    }

    /// What a button does that saves it: "Save Fig. 8 as PNG".
    pub fn keep_words(&self, kind: &str) -> String {
        format!("Save Fig. {} as {kind}", self.number)
    }

    pub(super) fn headed(self, heading: &str) -> Self {
        Self { heading: heading.to_owned(), ..self }
    }

    pub(super) fn abreast(self) -> Self {
        Self { abreast: true, ..self }
    }

    pub(super) fn with_hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// A control's choice in words.
pub(super) fn choice(plan: &Plan, control: usize) -> &'static str {
    let chosen = usize::from(plan.choices[control]);
    plan.claim.about().controls.get(control).and_then(|control| control.choices.get(chosen)).unwrap_or(&"")
}

/// "One run" or "Median of 3 seeds".
pub(super) fn medians(plan: &Plan) -> String {
    if plan.seeds == 1 { "One run".to_owned() } else { format!("Median of {} seeds", plan.seeds) }
}

/// Updates of the plan's first job.
pub(super) fn updates(sweep: &Sweep) -> u32 {
    sweep.jobs().first().map_or(0, |job| job.steps)
}

/// With its first letter as it begins a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| String::from(first.to_ascii_uppercase()) + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_has_its_figures_before_the_first_run() {
        for claim in Claim::ALL {
            let plates = plates(&Sweep::new(Plan::usual(claim)));
            let picture = claim.about().picture;
            assert!(plates.iter().any(|plate| plate.name == picture), "{picture}");
            for plate in &plates {
                assert!(plate.name.starts_with(claim.about().key), "{}", plate.name);
                assert!(
                    plate.caption.starts_with("Fig. ") && plate.caption.ends_with('.'),
                    "{}",
                    plate.caption
                );
                assert_eq!(plate.heading.is_empty(), plates.len() == 1, "{}", plate.name);
            }
        }
    }

    #[test]
    fn figures_are_numbered_as_they_stand_on_the_page_and_lettered_where_a_claim_has_several() {
        let plates: Vec<Plate> =
            Claim::ALL.into_iter().flat_map(|claim| plates(&Sweep::new(Plan::usual(claim)))).collect();
        let numbers: Vec<&str> = plates.iter().map(|plate| plate.number.as_str()).collect();
        let expected = ["5a", "5b", "6a", "6b", "6c", "7", "8", "9", "10", "11a", "11b", "11c", "12"];
        assert_eq!(numbers, expected);
        for plate in &plates {
            assert!(plate.caption.starts_with(&format!("Fig. {}. ", plate.number)), "{}", plate.caption);
            let letter = plate.number.trim_start_matches(|c: char| c.is_ascii_digit());
            assert_eq!(plate.heading.split_once(". ").map_or("", |(letter, _)| letter), letter);
        }
        assert!(plates[0].caption == caption_of_first(Claim::Gamma, &plates[0].caption[9..]));
    }

    #[test]
    fn captions_follow_the_controls() {
        let caption = |plan: Plan| plates(&Sweep::new(plan)).remove(0).caption;
        let usual = Plan::usual(Claim::Init);
        assert!(
            caption(usual.clone()).contains("Spiral, 8 \u{d7} 16 ReLU, 400 steps")
                && caption(usual.clone()).contains("from 50 %")
        );
        assert!(caption(usual.with(0, 1).with(1, 2)).contains("Digits, 3 \u{d7} 64 ReLU, 800 steps"));
        let many = Plan { seeds: 7, ..Plan::usual(Claim::Lr) };
        assert!(caption(many).contains("median of 7 seeds"));
    }
}
