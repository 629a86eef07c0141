//! What the page says of its state: the bar above the figures, the rows of the score table, notes, presets, sharing.

use super::{App, Phase};
use crate::data::sampler::steps_per_epoch;
use crate::figure::text;
use crate::lab::experiment::Experiment;
use crate::lab::history::{Score, silent_word};
use crate::lab::preset::{PRESETS, Preset, Shows};
use crate::lab::sentence::{self, Sentence};
use crate::lab::view::ArmState;
use crate::lab::{knob, link};

/// The bar above the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The page's state in one word: loading, running, paused, finished, stopped.
    pub state: &'static str,
    /// On the big button.
    pub main: &'static str,
    /// Whether the big button brings a run to rest.
    pub pauses: bool,
    /// Whether the big button, Step and Reset can be pressed.
    pub main_on: bool,
    /// See [`Bar::main_on`].
    pub others_on: bool,
    /// "paused at", "finished at", or nothing.
    pub standing: &'static str,
    /// "step 180".
    pub step: String,
    /// "epoch 30".
    pub epoch: String,
}

/// The last cell of a row of the score table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When the arm got there, or what is wrong.
    pub words: String,
    /// Whether it is broken.
    pub alert: bool,
}

/// What is said where no worker can be had.
pub(super) const IN_PAGE: &str = "No worker can be started here, so this page trains by itself, between its drawings: the same numbers, more slowly.";
/// The same of a network whose single steps may be felt: nothing is drawn in the middle of a step.
pub(super) const IN_PAGE_LARGE: &str = "No worker can be started here, so this page trains by itself, between its drawings: the same numbers, more slowly. \
     With a network of this size it may answer late; fewer layers or units help.";

/// What is said of this experiment where no worker can be had.
pub(super) fn in_page(experiment: &Experiment) -> &'static str {
    let large = link::work(experiment) > link::MOST_WORK / 8;
    if large { IN_PAGE_LARGE } else { IN_PAGE }
}

impl App {
    /// The bar as it is now.
    pub fn bar(&self) -> Bar {
        let stopped = matches!(self.phase, Phase::Stopped(_));
        let idle = self.is_loading() && !stopped;
        let (state, main, standing) = match self.phase {
            Phase::Running if idle => ("loading", "Train", ""),
            Phase::Running => ("running", "Pause", ""),
            Phase::Paused => ("paused", "Train", "paused at"),
            Phase::Finished => ("finished", "Go on", "finished at"),
            // A knob turned since has made another run, which has not begun.
            Phase::Stopped(_) if self.history.step() != self.stopped_at.1 => ("stopped", "Restart", ""),
            Phase::Stopped(_) => ("stopped", "Restart", "stopped at"),
        };
        let step = self.history.step();
        let epoch = u64::from(step)
            / steps_per_epoch(self.experiment.examples().0, self.experiment.batch_size as usize).max(1);
        Bar {
            state,
            main,
            pauses: main == "Pause",
            main_on: !idle,
            others_on: !idle && !stopped,
            standing,
            step: format!("step {}", text::whole(step)),
            epoch: format!("epoch {}", text::whole(epoch as u32)),
        }
    }

    /// The last cell of each row of the score table.
    pub fn standings(&self) -> [Standing; 2] {
        self.history.scores().map(|score| standing(&score, silent_word(self.experiment.activation)))
    }

    /// The sentence under the score table.
    pub fn sentence(&self) -> Sentence {
        if self.is_loading() && self.history.step() == 0 && !matches!(self.phase, Phase::Stopped(_)) {
            return Sentence { point: "Loading the trainer.".to_owned(), aside: String::new() };
        }
        let Sentence { point, aside } = sentence::sentence(&self.experiment, &self.history);
        // A number and its sign stay on one line.
        Sentence { point: point.replace(" %", "\u{a0}%"), aside: aside.replace(" %", "\u{a0}%") }
    }

    /// What is said in an empty Fig. 1.
    pub fn empty_words(&self) -> Option<&'static str> {
        if self.history.step() > 0 {
            None
        } else if self.is_loading() {
            Some("Loading the trainer")
        } else if self.phase == Phase::Paused {
            Some("Press Train, or the space bar")
        } else {
            None
        }
    }

    /// What is wrong or was not understood; empty if nothing.
    pub fn notes_words(&self) -> String {
        if matches!(self.phase, Phase::Stopped(_)) {
            let at = text::whole(self.stopped_at.1);
            return format!(
                "The trainer stopped at step {at}. Settings and curves are kept. If it happens again, try fewer layers."
            );
        }
        self.notes.join(" ")
    }

    /// What a reader can send to whoever may mend a trainer that stopped.
    pub fn details(&self) -> String {
        match &self.phase {
            Phase::Stopped(reason) => {
                let (link, step) = &self.stopped_at;
                format!("#{link}\nstep {step}\n{reason}")
            }
            _ => format!("#{}\nstep {}\nit runs", self.link(), self.history.step()),
        }
    }

    /// The preset on screen, or what became of it: "High rate", "High rate, changed"; empty if there is none.
    pub fn preset_words(&self) -> String {
        match (matching(&self.experiment), self.preset) {
            (Some(preset), _) => preset.name.to_owned(),
            (None, Some(preset)) => format!("{}, changed", preset.name),
            (None, None) => String::new(),
        }
    }

    /// What a link of this run holds, in words.
    pub fn differences(&self) -> String {
        let default = Experiment::default();
        let told: Vec<String> = knob::all()
            .filter(|knob| knob.text(&self.experiment) != knob.text(&default))
            .map(|knob| format!("{} {}", knob.label.to_lowercase(), knob.shown(&self.experiment)))
            .collect();
        let mut words = match told.len() {
            0 => "Nothing differs from the default".to_owned(),
            1 => format!("One value differs from the default: {}", told[0]),
            count => format!("{count} values differ from the default: {}", told.join(", ")),
        };
        match self.experiment.rate_changes.len() {
            0 => {}
            1 => words += "; and the learning rate was changed once on the way",
            times => words += &format!("; and the learning rate was changed {times} times on the way"),
        }
        words + "."
    }

    /// "spiral, 8 × 16": the folded controls of a phone.
    pub fn summary(&self) -> String {
        let e = &self.experiment;
        let data = knob::data_name(e.data);
        format!("{data}, {} × {}", e.hidden_layers, e.width)
    }

    /// What is being written, if anything.
    pub fn export_words(&self) -> String {
        let Some(format) = self.exporting else { return String::new() };
        let ending = format.ending();
        format!(
            "Repeating the run to write the .{ending} file: step {} of {}.",
            text::whole(self.export_step),
            text::whole(self.history.step())
        )
    }
}

/// The preset with these settings; under another seed, or with the rate changed on the way, it is still itself. The
/// opening run has no name.
pub(super) fn matching(experiment: &Experiment) -> Option<&'static Preset> {
    let default = Experiment::default();
    let plain = Experiment { seed: default.seed, rate_changes: Vec::new(), ..experiment.clone() };
    PRESETS.iter().find(|preset| preset.shows != Shows::Start && preset.experiment() == plain)
}

fn standing(score: &Score, silent_word: Option<&str>) -> Standing {
    let (words, alert) = match (score.state, score.first_at_target, silent_word) {
        (ArmState::Diverged(step), ..) => (format!("× diverged, step {}", text::whole(step)), true),
        (ArmState::StuckAtGuessing, ..) => ("stuck at guessing".to_owned(), false),
        (ArmState::Training, Some(step), _) => (format!("step {}", text::whole(step)), false),
        (ArmState::Training, None, Some(word)) if score.has_many_silent() => {
            (format!("{} of {} units {word}", score.silent, score.units), false)
        }
        _ => ("not yet".to_owned(), false),
    };
    Standing { words, alert }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(state: ArmState, first_at_target: Option<u32>, silent: u32) -> Score {
        let name = "without BN".to_owned();
        let (train_loss, test_loss, accuracy) = (Some(2.3), Some(2.31), Some(0.075));
        Score { name, train_loss, test_loss, accuracy, first_at_target, state, silent, units: 192 }
    }

    fn words(score: &Score, silent_word: &str) -> (String, bool) {
        let Standing { words, alert } = standing(score, Some(silent_word));
        (words, alert)
    }

    #[test]
    fn a_row_can_say_five_things() {
        let plain = |state, first, silent| words(&score(state, first, silent), "silent");
        assert_eq!(plain(ArmState::Training, None, 47), ("not yet".into(), false));
        assert_eq!(plain(ArmState::Training, Some(20), 150), ("step 20".into(), false));
        assert_eq!(plain(ArmState::Training, None, 48), ("48 of 192 units silent".into(), false));
        assert_eq!(plain(ArmState::StuckAtGuessing, None, 150), ("stuck at guessing".into(), false));
        assert_eq!(plain(ArmState::Diverged(1199), None, 0), ("× diverged, step 1\u{2009}199".into(), true));
        let tanh = words(&score(ArmState::Training, None, 100), "saturated");
        assert_eq!(tanh.0, "100 of 192 units saturated");
        assert_eq!(standing(&score(ArmState::Training, None, 192), None).words, "not yet");
    }

    #[test]
    fn a_preset_keeps_its_name_under_another_seed_and_is_changed_by_a_setting() {
        let preset = PRESETS.iter().find(|preset| preset.shows == Shows::Helps).unwrap();
        let mut experiment = preset.experiment();
        experiment.seed += 5;
        assert_eq!(matching(&experiment).unwrap().name, preset.name);
        experiment.width += 1;
        assert!(matching(&experiment).is_none());
        assert!(matching(&Experiment::default()).is_none());
    }
}
