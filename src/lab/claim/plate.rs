//! The figures of each claim: what they show of a sweep and the words that stand beside them, for the page and for
//! pictures on paper alike. How they are drawn is no business of this file.

use std::rc::Rc;

use super::pair::{self, Over, Whose};
use super::view::{
    AffineView, BatchView, DepthView, GammaView, MapView, NormsView, RatesView, SmoothView, WhyView,
};
use super::{Claim, Plan, affine, batch, depth, gamma, init, lr, norms, smooth, why, words};
use crate::lab::sweep::Sweep;

/// One figure of a claim.
#[derive(Clone, Debug)]
pub struct Plate {
    /// Its name in a file's name and on a tab's key: "lr", "why-noise".
    pub name: &'static str,
    /// What stands above it, where a claim has several: "a. Noise". Empty where it has one.
    pub heading: &'static str,
    /// What stands below it: the setting, the seeds, what the marks are.
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
    match sweep.plan().claim {
        Claim::Gamma => vec![gamma_plate(sweep), affine_plate(sweep)],
        Claim::Smooth => smooth_plates(sweep),
        Claim::Depth => vec![depth_plate(sweep)],
        Claim::Lr => vec![lr_plate(sweep)],
        Claim::Init => vec![init_plate(sweep)],
        Claim::Batch => vec![batch_plate(sweep)],
        Claim::Why => why_plates(sweep),
        Claim::Norms => vec![norms_plate(sweep)],
    }
}

const LOADS_A_MARK: &str = "Select a mark to load that run in the lab.";
const LOADS_A_CELL: &str = "Select a cell to load that run in the lab.";

impl Plate {
    fn new(name: &'static str, caption: String, view: View) -> Self {
        Self { name, heading: "", caption, hint: "", abreast: false, view }
    }

    /// "6b", of a caption that begins with "Fig. 6b.".
    pub fn number(&self) -> &str {
        self.caption.get(5..).and_then(|rest| rest.split('.').next()).unwrap_or_default()
    }

    /// What a button does that saves it: "Save Fig. 8 as PNG".
    pub fn keep_words(&self, kind: &str) -> String {
        format!("Save Fig. {} as {kind}", self.number())
    }

    fn headed(self, heading: &'static str) -> Self {
        Self { heading, ..self }
    }

    fn abreast(self) -> Self {
        Self { abreast: true, ..self }
    }

    fn with_hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// A control's choice in words.
fn choice(plan: &Plan, control: usize) -> &'static str {
    let chosen = usize::from(plan.choices[control]);
    plan.claim.about().controls.get(control).and_then(|control| control.choices.get(chosen)).unwrap_or(&"")
}

/// "One run" or "Median of 3 seeds".
fn medians(plan: &Plan) -> String {
    if plan.seeds == 1 { "One run".to_owned() } else { format!("Median of {} seeds", plan.seeds) }
}

/// Updates of the plan's first job.
fn steps(sweep: &Sweep) -> u32 {
    sweep.jobs().first().map_or(0, |job| job.steps)
}

fn gamma_plate(sweep: &Sweep) -> Plate {
    let unit = gamma::unit(sweep);
    let [gamma, beta] = gamma::PAIRS[0];
    let count = unit.map_or(0, |unit| unit.x.len());
    let caption = pair::caption(Whose::Own, gamma::WHICH, count, Over::Training);
    let view = unit.map(|unit| gamma::view(unit, gamma, beta)).unwrap_or_default();
    Plate::new("gamma", caption, View::Gamma(Box::new(view))).headed("a. One unit")
}

fn affine_plate(sweep: &Sweep) -> Plate {
    let caption = format!(
        "Fig. 5b. The lab\u{2019}s network, with \u{3b3} and \u{3b2} trained (filled) and frozen at 1 and 0 (hollow): test \
         accuracy, {}, and each seed\u{2019}s at the end. Beside it the smallest, median and largest \u{3b3} and \u{3b2} of \
         every layer over the steps, first seed.",
        medians(sweep.plan()).to_ascii_lowercase(),
    );
    Plate::new("gamma-learned", caption, View::Affine(affine::view(sweep))).headed("b. Trained and frozen")
}

fn smooth_plates(sweep: &Sweep) -> Vec<Plate> {
    let view = Rc::new(smooth::view(sweep));
    let network = choice(sweep.plan(), 0);
    let inputs = "Fig. 6a. Digits, 3 \u{d7} 100 sigmoid, the network of 2015, first seed: what unit 1 of each layer feeds its \
                  activation, median and 15th to 85th percentile over the test set. Drift: how far a median wanders from \
                  step 50 on, over the width of its band; median over the layer\u{2019}s units.";
    let losses = format!(
        "Fig. 6b. {}, first seed. Line: mini-batch loss. Band: the losses met when stepping \u{bd} to 4 times the \
         learning rate along the current gradient. A narrow band means that the gradient can be trusted.",
        capital(network)
    );
    let probes = format!(
        "Fig. 6c. The same walks, {network}, first seed: range of the losses met, largest change of the gradient over its \
         norm, and that change per distance moved (effective \u{3b2}-smoothness). Numbers: medians over the probes, {}.",
        medians(sweep.plan()).to_ascii_lowercase(),
    );
    vec![
        Plate::new("smooth-inputs", inputs.to_owned(), View::Inputs(view.clone())).headed("a. Layer inputs"),
        Plate::new("smooth", losses, View::Smoother(view.clone())).headed("b. Along the gradient"),
        Plate::new("smooth-probes", probes, View::Probes(view)).headed("c. How far to trust it"),
    ]
}

fn depth_plate(sweep: &Sweep) -> Plate {
    let view = depth::view(sweep);
    let plan = sweep.plan();
    let dotted = match view.by_theory.is_empty() {
        true => String::new(),
        false => format!(
            " Dotted: with batch norm in theory, the square growing by \u{3c0}/(\u{3c0} \u{2212} 1) = {:.3} per layer.",
            view.theory
        ),
    };
    let caption = format!(
        "Fig. 7. {} layers, {} \u{d7} {}. {}, and their range. Thick: before the first step. Thin: after {} steps.{dotted}",
        choice(plan, 0),
        choice(plan, 2),
        choice(plan, 1),
        medians(plan),
        view.trained_steps,
    );
    Plate::new("depth", caption, View::Depth(view))
}

fn lr_plate(sweep: &Sweep) -> Plate {
    let plan = sweep.plan();
    let mark = if plan.seeds == 1 {
        "Each mark is one run".to_owned()
    } else {
        format!("Each large mark is the median of {} seeds (small marks)", plan.seeds)
    };
    let caption = format!(
        "Fig. 8. {}, {} steps, the rate of {}. {mark}. Bars on top: from the lowest \
         to the highest rate whose median test accuracy is at least 90 %.",
        capital(choice(plan, 0)),
        steps(sweep),
        choice(plan, 1),
    );
    Plate::new("lr", caption, View::Rates(lr::view(sweep))).with_hint(LOADS_A_MARK)
}

fn init_plate(sweep: &Sweep) -> Plate {
    let view = init::view(sweep);
    let caption = format!(
        "Fig. 9. {}, {} steps. Test accuracy from {} % (blank) to 100 % (solid) for {} pairs of weight scale and learning \
         rate. {}. Outline: 90 % reached.",
        capital(choice(sweep.plan(), 0)),
        steps(sweep),
        words::rate(100.0 * view.chance),
        view.rates.len() * view.scales.len(),
        medians(sweep.plan()),
    );
    Plate::new("init", caption, View::InitMap(view)).with_hint(LOADS_A_CELL)
}

fn batch_plate(sweep: &Sweep) -> Plate {
    let plan = sweep.plan();
    let share = match plan.choices[1] {
        0 => format!("Every size gets {} steps, so small batches also see fewer examples", steps(sweep)),
        _ => "Every size sees as many examples, so small batches get more steps".to_owned(),
    };
    let caption = format!(
        "Fig. 10. {}. {share}. {} (small marks: each seed), tested with running statistics; thin lines: with those of \
         the batch, and exact ones.",
        capital(choice(plan, 0)),
        medians(plan),
    );
    Plate::new("batch", caption, View::Batches(batch::view(sweep))).with_hint(LOADS_A_MARK)
}

fn why_plates(sweep: &Sweep) -> Vec<Plate> {
    let plan = sweep.plan();
    let view = Rc::new(why::view(sweep));
    let seeds = medians(plan);
    let noise = format!(
        "Fig. 11a. {}. Shift and stretch drawn anew at every step after each norm. {seeds}.",
        capital(choice(plan, 0))
    );
    let turn = format!(
        "Fig. 11b. 25 linear layers of 10 units, rate {}. Below: cosine of the middle layer\u{2019}s gradient before and \
         after the layers below it took their step. {seeds}, and their range.",
        choice(plan, 1)
    );
    let hidden = format!(
        "Fig. 11c. {}. Only the hidden weights get the rate on the axis. Below: the size of the second layer\u{2019}s \
         weights at the end. {seeds}.",
        capital(choice(plan, 2))
    );
    vec![
        Plate::new("why-noise", noise, View::Noise(view.clone())).headed("a. Noise").abreast(),
        Plate::new("why-shift", turn, View::Turn(view.clone())).headed("b. Gradient change").abreast(),
        Plate::new("why-scale", hidden, View::HiddenRates(view))
            .headed("c. Scale")
            .abreast()
            .with_hint(LOADS_A_MARK),
    ]
}

fn norms_plate(sweep: &Sweep) -> Plate {
    let plan = sweep.plan();
    let caption = format!(
        "Fig. 12. {}, {} steps. One row per arm, all from the same initial weights. Number and tone: test accuracy in \
         percent. {}.",
        capital(choice(plan, 0)),
        steps(sweep),
        medians(plan),
    );
    Plate::new("norms", caption, View::Norms(norms::view(sweep))).with_hint(LOADS_A_CELL)
}

/// With a capital letter in front.
fn capital(text: &str) -> String {
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
            assert!(!plates.is_empty());
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
