//! A plan in a link: the controls and the first seed of an experiment, for its embed and for its place in the lab.
//!
//! `plan=2,0,1&seed=7`, each only where it is not the usual one. In a link about an experiment (`exp=lr`) the seed is the
//! plan's. What it leaves out: the settings of the lab's run, which are [`crate::lab::link`]'s.

use super::embed::Subject;
use super::places::is_lab;
use crate::lab::claim::{Claim, Plan};
use crate::lab::knob::{self, shortened};
use crate::lab::link;

/// Where in the lab a link leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// The link of the run.
    pub run: String,
    /// The experiment that is to be shown, with its plan.
    pub plan: Option<Plan>,
    /// What could not be read of that.
    pub notes: Vec<String>,
}

impl Lead {
    /// Of a link: `v=1&exp=lr&plan=2,0,1`, or as anchors of pages are, `lr`.
    pub fn of(link: &str) -> Self {
        let bare = link.strip_prefix('#').unwrap_or(link);
        let lab = is_lab(bare).then_some(Subject::Live);
        let (named, run) = match (link::page_key(link, "exp"), Subject::named(bare).or(lab)) {
            (_, Some(subject)) => (Some(subject), String::new()),
            (exp, None) => (exp.and_then(|name| Subject::named(&name)), bare.to_owned()),
        };
        let Some(Subject::Claim(claim)) = named else { return Self { run, plan: None, notes: Vec::new() } };
        let (plan, notes) = read(claim, link);
        let of_run: Vec<&str> = run.split('&').filter(|pair| !pair.starts_with("seed=")).collect();
        Self { run: of_run.join("&"), plan: Some(plan), notes }
    }
}

/// The plan of a claim with what a link says of it. What cannot be read stays as first shown, with a sentence each.
pub fn read(claim: Claim, link: &str) -> (Plan, Vec<String>) {
    let (mut plan, mut notes) = (Plan::usual(claim), Vec::new());
    if let Some(positions) = link::page_key(link, "plan") {
        let mut understood = true;
        for (control, position) in positions.split(',').enumerate() {
            match position.parse().ok().filter(|&position| has(&plan, control, position)) {
                Some(position) => plan = plan.with(control, position),
                None => understood = false,
            }
        }
        if !understood {
            let positions = shortened(&positions);
            notes.push(format!(
                "“plan” must be the positions of this experiment’s controls, not “{positions}”."
            ));
        }
    }
    if let Some(seed) = link::page_key(link, "seed") {
        match seed.parse::<u32>().ok().filter(|&seed| f64::from(seed) <= knob::LARGEST_SEED) {
            Some(seed) => plan.first_seed = seed,
            None => notes.push(format!(
                "“seed” must be a whole number from 0 to {}, not “{}”.",
                knob::LARGEST_SEED,
                shortened(&seed)
            )),
        }
    }
    (plan, notes)
}

/// Whether a control can stand there; those beyond a claim's stand at 0.
fn has(plan: &Plan, control: usize, position: u8) -> bool {
    let choices = plan.claim.about().controls.get(control).map_or(1, |control| control.choices.len());
    control < plan.choices.len() && usize::from(position) < choices
}

/// A sentence for every key of a link that means nothing to an experiment's embed.
pub fn strangers(link: &str) -> Vec<String> {
    let unread =
        |key: &String| !matches!(key.as_str(), "v" | "seed") && !link::PAGE_KEYS.contains(&key.as_str());
    let said = |key: String| match knob::by_key(&key) {
        _ if key == "lrs" => "“lrs” is a setting of the live experiment.".to_owned(),
        Some(knob) => format!("“{}” is a setting of the live experiment.", knob.key),
        None => link::stranger(&key),
    };
    link::pairs(link).map(|(key, _)| key).filter(unread).map(said).take(link::MOST_NOTES).collect()
}

/// The share keys of a plan, those that differ from the usual: "plan=1,0,2&seed=7".
pub fn keys(plan: &Plan) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::embed::Embed;
    use crate::app::experiments::{self, Experiments, Start};
    use crate::app::{App, Effect, Msg};
    use crate::lab::experiment::Experiment;

    #[test]
    fn the_runs_of_a_plan_with_the_largest_seed_can_be_loaded() {
        let seed = knob::LARGEST_SEED as u32;
        for claim in Claim::ALL {
            let (plan, notes) = read(claim, &format!("seed={seed}"));
            assert!(notes.is_empty() && plan.first_seed == seed, "{notes:?}");
            let plan = Plan { seeds: 2, ..plan };
            assert_eq!(plan.seed_words(), format!("seeds {seed} to 0"));
            for job in plan.jobs() {
                let (experiment, notes) = link::read(&link::write(&job.shown()));
                assert!(notes.is_empty() && experiment.seed == job.shown().seed, "{notes:?}");
            }
            let (plan, notes) = read(claim, &format!("seed={}", seed + 1));
            assert!(notes.len() == 1 && plan == Plan::usual(claim), "{notes:?}");
        }
    }

    #[test]
    fn a_plan_survives_its_keys() {
        for claim in Claim::ALL {
            let usual = Plan::usual(claim);
            assert_eq!(keys(&usual), "");
            let turned = Plan { first_seed: 12, ..usual.with(0, 1) };
            assert_eq!(read(claim, &keys(&turned)), (turned, Vec::new()));
        }
    }

    #[test]
    fn the_lab_shows_what_the_embed_of_every_experiment_shows_and_has_nothing_to_complain_of() {
        for claim in Claim::ALL {
            let embed = Embed::of(Subject::Claim(claim));
            let turned = Plan { first_seed: 7, ..Plan::usual(claim).with(0, 1) };
            let lead = Lead::of(&embed.lab_link(&keys(&turned)));
            assert_eq!((lead.plan, lead.notes), (Some(turned), Vec::new()));
            assert_eq!(link::read(&lead.run), (Experiment::default(), Vec::new()), "{}", lead.run);
        }
        let live = Lead::of(&Embed::default().lab_link("lr=0.1&seed=7"));
        assert_eq!((live.run.as_str(), live.plan), ("v=1&lr=0.1&seed=7", None));
    }

    #[test]
    fn a_bare_name_is_an_anchor() {
        for subject in Subject::all() {
            let lead = Lead::of(&format!("#{}", subject.key()));
            assert_eq!((lead.run.as_str(), lead.notes.len()), ("", 0), "{}", subject.key());
            assert_eq!(
                lead.plan.map(|plan| Subject::Claim(plan.claim)),
                Some(subject).filter(|s| *s != Subject::Live)
            );
        }
        assert_eq!(Lead::of("#lr=0.1").run, "lr=0.1");
    }

    #[test]
    fn a_link_to_an_experiment_leaves_the_run_on_screen_alone() {
        let mut app = App::new("#l=3", true);
        assert_eq!(app.leads_to, None);
        let effects = app.update(Msg::Load("#v=1&exp=depth&seed=4".to_owned()));
        let plan = Plan { first_seed: 4, ..Plan::usual(Claim::Depth) };
        assert!(effects.contains(&Effect::Lead) && app.notes.is_empty(), "{effects:?}, {:?}", app.notes);
        assert_eq!((app.leads_to.as_ref(), app.experiment.hidden_layers), (Some(&plan), 3));
        // One that says something of a run is that run, too.
        let effects = app.update(Msg::Load("#exp=depth&l=2".to_owned()));
        assert!(effects.contains(&Effect::Lead) && app.experiment.hidden_layers == 2);
        assert_eq!(App::new("#exp=depth&seed=4", true).leads_to, Some(plan));
    }

    #[test]
    fn a_plan_takes_its_place_on_the_page_and_starts_nothing() {
        let mut page = Experiments::new(&Claim::ALL, 2, Start::Usual);
        let turned = Plan { first_seed: 4, ..Plan::usual(Claim::Lr).with(0, 1) };
        page.update(experiments::Msg::Plan(turned.clone()));
        let section = &page.sections()[page.place_of(Claim::Lr).unwrap()];
        assert_eq!((section.sweep().plan(), section.state_word()), (&turned, "waiting"));
    }

    #[test]
    fn what_cannot_be_read_of_a_plan_is_said() {
        let usual = Plan::usual(Claim::Lr);
        for (link, word) in
            [("plan=99", "“99”"), ("plan=0,x", "controls"), ("plan=0,0,0,0", "plan"), ("seed=-1", "seed")]
        {
            let (plan, notes) = read(Claim::Lr, link);
            assert_eq!((plan.first_seed, notes.len()), (usual.first_seed, 1), "{link}");
            assert!(notes[0].contains(word), "{link}: {}", notes[0]);
        }
    }

    #[test]
    fn keys_that_mean_nothing_to_an_experiment_are_named() {
        assert_eq!(strangers("v=1&exp=lr&theme=dark&plan=0&seed=3&run=auto&id=x"), Vec::<String>::new());
        let said = strangers("exp=lr&lr=0.1&colour=red&lrs=3:1");
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("live") && said[1].contains("colour"), "{said:?}");
    }
}
