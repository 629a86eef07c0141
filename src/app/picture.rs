//! Figures to keep: which there are, how wide each is drawn, the name of its file and the words that go into it.
//!
//! A picture is as wide on every screen, so that the same run gives the same file. What it leaves out: the drawing.

use super::App;
use super::captions::Numbered;
use crate::export::record;
use crate::figure::{Columns, Figure};
use crate::lab::claim::Plan;
use crate::lab::claim::plate::Plate;
use crate::lab::experiment::Picture;
use crate::lab::history::Choices;
use crate::lab::knob::data_word;
use crate::lab::link;
use crate::lab::sweep::Sweep;

/// Width of a whole figure, in CSS pixels: a column of a post.
pub const WIDE: u32 = 700;
/// Width of the table of layers with all its columns.
const FULL: u32 = 920;
/// Width of one that stands beside another.
const HALF: u32 = 460;

/// What goes into a picture's file besides the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The file's name without its ending.
    pub file: String,
    /// What the figure is.
    pub title: String,
    /// What stands below it: its caption and the settings.
    pub caption: String,
    /// Program, version, settings and seed.
    pub settings: String,
}

impl Words {
    /// The same, where an experiment shows the lab's network: `link` is the lab's, as it stands in the address.
    pub fn of_the_lab(self, link: &str) -> Self {
        let link = link.trim_start_matches('#');
        let link = if link.is_empty() { "v=1" } else { link };
        Self {
            file: self.file + "-lab",
            caption: format!("{} (The lab: {link}.)", self.caption),
            settings: format!("{}; the lab: {link}", self.settings),
            ..self
        }
    }
}

/// A figure in a list to choose from: its key and its words.
pub type Choice = (&'static str, String);

/// What a figure, its width and its words are handed to.
pub type Take<'t> = &'t mut dyn FnMut(&Figure<'_>, u32, &Words);

/// One of the lab's figures; the number is the network's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shot {
    Loss,
    Learned(usize),
    Layers,
    Unit(usize),
    Gradient,
}

impl Shot {
    /// The figure of the page that it is, or is a part of.
    fn figure(self) -> Numbered {
        match self {
            Self::Loss => Numbered::Loss,
            Self::Learned(_) => Numbered::Learned,
            Self::Layers => Numbered::Layers,
            Self::Unit(_) | Self::Gradient => Numbered::Detail,
        }
    }
}

/// The lab's figures, by their keys.
const SHOTS: [(&str, Shot); 7] = [
    ("loss", Shot::Loss),
    ("learned-without", Shot::Learned(0)),
    ("learned-with", Shot::Learned(1)),
    ("layers", Shot::Layers),
    ("unit-without", Shot::Unit(0)),
    ("unit-with", Shot::Unit(1)),
    ("gradient", Shot::Gradient),
];

impl App {
    /// The lab's figures that can be kept.
    pub fn pictures(&self) -> Vec<Choice> {
        // Test images are one figure for both networks.
        let one = self.experiment.picture() == Picture::Images;
        SHOTS
            .into_iter()
            .filter(|(_, shot)| !(one && *shot == Shot::Learned(1)))
            .map(|(key, shot)| (key, self.picture_label(shot)))
            .collect()
    }

    fn picture_label(&self, shot: Shot) -> String {
        let names = self.experiment.arms().map(|arm| arm.name);
        let what = match shot {
            Shot::Loss => self.loss_title().to_owned(),
            Shot::Learned(_) if self.experiment.picture() == Picture::Images => "Test images".to_owned(),
            Shot::Learned(arm) => format!("Learned, {}", names[arm]),
            Shot::Layers => "Layer by layer".to_owned(),
            Shot::Unit(arm) => format!("Unit, {}", names[arm]),
            Shot::Gradient => "Gradient".to_owned(),
        };
        format!("{} {what}", shot.figure().name())
    }

    /// Hands over one of the lab's figures as it is now; whether there is one with this key.
    pub fn picture(&self, key: &str, take: Take<'_>) -> bool {
        let Some((_, shot)) = SHOTS.into_iter().find(|(known, _)| *known == key) else { return false };
        let words = self.picture_words(key, shot);
        let (history, shown) = (&self.history, &self.shown);
        let choices = Choices { cursor: None, ..self.choices };
        match (shot, self.experiment.picture()) {
            (Shot::Loss, _) => take(&Figure::Loss(&history.loss_view(&choices)), WIDE, &words),
            (Shot::Learned(_), Picture::Images) => take(&Figure::Images(&self.images_view()), HALF, &words),
            (Shot::Learned(arm), Picture::Plane) => {
                take(&Figure::Boundary(&history.boundary_view(arm, &shown.points)), HALF, &words);
            }
            (Shot::Learned(arm), Picture::Counts) => {
                take(&Figure::Counts(&history.counts_view(arm, &shown.classes)), HALF, &words);
            }
            (Shot::Layers, _) => {
                take(&Figure::Layers(&history.layers_view(&choices), Columns::All), FULL, &words);
            }
            (Shot::Unit(arm), _) => {
                take(&Figure::Band(&history.layers_view(&choices), arm), HALF, &words);
            }
            (Shot::Gradient, _) => take(&Figure::Gradient(&history.layers_view(&choices)), HALF, &words),
        }
        true
    }

    fn picture_words(&self, key: &str, shot: Shot) -> Words {
        let settings = record::signed(&self.experiment, self.history.step());
        let title = self.picture_label(shot);
        // Paper has no rows to select.
        let told = self.caption(shot.figure());
        let told = told.split(" Select ").next().unwrap_or_default();
        let caption = format!("{title}. {told} ({settings}.)");
        Words { file: self.file_stem(key), title, caption, settings }
    }

    /// Says what is inside: "batchnorm-loss-spiral-seed24-step300".
    pub fn file_stem(&self, what: &str) -> String {
        let (data, seed, step) = (data_word(self.experiment.data), self.experiment.seed, self.history.step());
        format!("batchnorm-{what}-{data}-seed{seed}-step{step}")
    }
}

/// The words of a figure of an experiment, with its verdict.
pub fn words_of(sweep: &Sweep, plate: &Plate) -> Words {
    let (plan, verdict) = (sweep.plan(), sweep.report().verdict);
    let about = plan.claim.about();
    let seeds = plan.seed_words();
    let file_seeds = seeds.replace(' ', "");
    let (done, total) = (sweep.done(), sweep.total());
    let [so_far, file_so_far] = if done == total {
        [String::new(), String::new()]
    } else {
        [format!("; {done} of {total} runs"), format!("-{done}of{total}runs")]
    };
    // As first opened there is room for more on a phone: the controls and their usual choices are known.
    let usual = plan.choices == Plan::usual(plan.claim).choices;
    let named = if usual { "usual settings".to_owned() } else { plan.setting() };
    let setting = format!("({}; {named}; {seeds}{so_far}.)", about.key);
    let said = if done == 0 { String::new() } else { format!(" {} But: {}", verdict.text(), verdict.but) };
    let choices = plan.choices.iter().take(about.controls.len()).map(u8::to_string).collect::<Vec<_>>();
    Words {
        file: format!("batchnorm-{}-{file_seeds}{file_so_far}", plate.name),
        title: about.claim.to_owned(),
        caption: format!("{}{said} {} {setting}", plate.caption, record::program()),
        settings: format!(
            "{}; v={}&exp={}&plan={}&seed={}; {seeds}{so_far}",
            record::program(),
            link::VERSION,
            about.key,
            choices.join(","),
            plan.first_seed
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Theme;
    use crate::lab::claim::Claim;
    use crate::lab::claim::plate::plates;
    use crate::lab::comparison::Comparison;

    fn trained(link: &str) -> App {
        let mut app = App::new(link, false);
        let experiment = app.experiment.clone();
        let mut comparison =
            Comparison::new(experiment.clone(), experiment.dataset(None).unwrap(), 0).unwrap();
        (0..20).for_each(|_| comparison.advance());
        app.history.push(comparison.frame(true));
        app
    }

    fn taken(app: &App, key: &str) -> (String, Words, u32) {
        let mut taken = None;
        let found = app.picture(key, &mut |figure, width, words| {
            let svg = figure.picture_svg(width, &Theme::light(), &words.title, &words.caption);
            taken = Some((svg, words.clone(), width));
        });
        assert!(found, "{key}");
        taken.unwrap()
    }

    #[test]
    fn every_picture_of_the_lab_says_what_was_run_and_is_another_one() {
        let app = trained("v=1&d=circle&l=2&n=ln&seed=7");
        let (mut drawn, mut labels) = (Vec::new(), Vec::new());
        for (key, label) in app.pictures() {
            let (svg, words, _) = taken(&app, key);
            assert_eq!(words.file, format!("batchnorm-{key}-circle-seed7-step20"));
            assert_eq!(words.title, label);
            assert!(words.caption.starts_with(&format!("{label}. ")), "{}", words.caption);
            assert!(words.caption.matches("Fig.").count() == 1, "{}", words.caption);
            assert!(!words.caption.contains("Select"), "{}", words.caption);
            for part in ["v=1&amp;d=circle&amp;l=2&amp;n=ln&amp;seed=7", "seed 7", "step 20", crate::VERSION]
            {
                assert!(svg.matches(part).count() >= 2, "{key}: {part} is in the description and to be read");
            }
            assert!(svg.contains(&label) && !drawn.contains(&svg), "{key}");
            assert!(!labels.contains(&label), "{key} has the label of another: {label}");
            drawn.push(svg);
            labels.push(label);
        }
        assert_eq!(drawn.len(), SHOTS.len());
        assert!(!app.picture("secret", &mut |_, _, _| {}));
    }

    #[test]
    fn the_arms_are_not_swapped() {
        let app = trained("v=1&d=circle&l=2&n=ln");
        let theme = Theme::light();
        for (arm, key, name) in
            [(0, "learned-without", "without LayerNorm"), (1, "learned-with", "with LayerNorm")]
        {
            let (svg, words, width) = taken(&app, key);
            let view = app.history.boundary_view(arm, &app.shown.points);
            assert_eq!(svg, Figure::Boundary(&view).picture_svg(width, &theme, &words.title, &words.caption));
            assert!(words.title.ends_with(name), "{}", words.title);
        }
    }

    #[test]
    fn every_figure_of_every_experiment_has_a_name_of_its_own() {
        let mut files = Vec::new();
        for claim in Claim::ALL {
            let sweep = Sweep::new(Plan::usual(claim));
            let about = claim.about();
            for plate in &plates(&sweep) {
                let (key, words) = (plate.name, words_of(&sweep, plate));
                assert!(plate.caption.starts_with(&format!("Fig. {}. ", plate.number)), "{}", plate.caption);
                let unfinished = format!("-0of{}runs", sweep.total());
                assert!(words.file.starts_with(&format!("batchnorm-{key}-seed")), "{}", words.file);
                assert!(words.file.ends_with(&unfinished) && !files.contains(&words.file), "{}", words.file);
                assert!(words.settings.contains(&format!("exp={}&plan=", about.key)), "{}", words.settings);
                let of_lab = words.clone().of_the_lab("#v=1&l=4");
                assert!(of_lab.caption.ends_with("(The lab: v=1&l=4.)") && of_lab.file != words.file);
                assert!(words.clone().of_the_lab("").settings.ends_with("the lab: v=1"));
                files.push(words.file);
            }
        }
    }
}
