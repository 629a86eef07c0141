//! Train, pause, step, reset, load: which run is on screen, and whether it moves.

use super::pace::Speed;
use super::plan_link::Lead;
use super::shown::ShownOf;
use super::words::matching;
use super::{App, Effect, Phase, Shown, places};
use crate::lab::experiment::Experiment;
use crate::lab::history::{Choices, History};
use crate::lab::knob;
use crate::lab::link;
use crate::lab::wire::Command;

/// Training stops by itself here; "Go on" lifts it.
pub(super) const STOP_AT: u32 = link::MOST_STEPS;
/// Or when both arms have held this accuracy over the last hundred steps.
const GOOD_ENOUGH: f32 = 0.995;

/// Train to a step as fast as possible, and then be as before.
pub(super) struct Hurry {
    pub(super) to: u32,
    then: Phase,
}

impl Hurry {
    /// `pause=420` in a link.
    pub(super) fn of_link(link: &str) -> Option<Self> {
        Some(Self { to: link::pause(link)?, then: Phase::Paused })
    }
}

impl App {
    /// After a frame: has the run got where it was to stop?
    pub(super) fn stand_still_if_due(&mut self) {
        let step = self.history.step();
        if self.hurry.as_ref().is_some_and(|hurry| step >= hurry.to || self.history.is_over()) {
            self.phase = self.hurry.take().map_or(Phase::Paused, |hurry| hurry.then);
        }
        let over = self.stop_at.is_some_and(|stop| step >= stop || self.history.both_hold(GOOD_ENOUGH, 100));
        if self.phase == Phase::Running && self.hurry.is_none() && (over || self.history.is_over()) {
            self.phase = Phase::Finished;
        }
    }

    pub(super) fn train_or_pause(&mut self) -> Vec<Effect> {
        self.hurry = None;
        match self.phase {
            Phase::Running => self.phase = Phase::Paused,
            Phase::Finished => {
                self.stop_at = None;
                self.phase = Phase::Running;
            }
            Phase::Paused => {
                self.phase = Phase::Running;
                if self.waits_for_file() {
                    return self.fetch_if_wanted().into_iter().chain([Effect::Redraw]).collect();
                }
            }
            Phase::Stopped(_) => return self.restart_trainer(),
        }
        self.pace.forget();
        self.next_then_redraw()
    }

    pub(super) fn step_once(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Stopped(_)) {
            return Vec::new();
        }
        self.hurry = None;
        self.phase = Phase::Paused;
        self.steps_owed += 1;
        self.next_then_redraw()
    }

    /// The same run again from step 0, paused. Curves of a trainer that stopped are kept, as is said there.
    pub(super) fn reset(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Stopped(_)) {
            return Vec::new();
        }
        let mut experiment = self.experiment.clone();
        self.settle_rate(&mut experiment);
        self.experiment = experiment;
        self.phase = Phase::Paused;
        self.restart()
    }

    pub(super) fn new_seed(&mut self) -> Vec<Effect> {
        let mut experiment = self.experiment.clone();
        self.settle_rate(&mut experiment);
        experiment.seed =
            if f64::from(experiment.seed) < knob::LARGEST_SEED { experiment.seed + 1 } else { 0 };
        self.experiment = experiment;
        self.restart()
    }

    pub(super) fn load(&mut self, link: &str) -> Vec<Effect> {
        if places::is_lab(link) {
            return vec![Effect::ShowExperiment(0)];
        }
        let lead = Lead::of(link);
        let (experiment, notes) = link::read_with(&lead.run, |seed| self.own.shape(seed));
        self.notes = [notes, lead.notes].concat();
        self.leads_to = lead.plan;
        // A link to an experiment that says nothing of a run leaves the one on screen alone.
        if self.leads_to.is_some() && experiment == Experiment::default() {
            return vec![Effect::Lead, Effect::Redraw];
        }
        self.experiment = experiment;
        self.new_rate = None;
        self.speed = Speed::of_link(link).unwrap_or(self.speed);
        // Another link is another story; a preset's own settings bring its name back.
        self.preset = None;
        if !matches!(self.phase, Phase::Stopped(_)) {
            self.phase = Phase::Running;
        }
        let mut effects = self.restart();
        self.hurry = Hurry::of_link(link);
        if self.leads_to.is_some() {
            effects.push(Effect::Lead);
        }
        effects
    }

    /// The trainer is gone. What was turned meanwhile is kept for the next one.
    pub(super) fn stop(&mut self, reason: String) -> Vec<Effect> {
        self.keep_rate();
        self.stopped_at = (self.link(), self.history.step());
        self.phase = Phase::Stopped(reason);
        (self.waiting, self.worker_ready, self.silent) = (false, false, 0.0);
        vec![Effect::WriteLink, Effect::Redraw]
    }

    /// A new worker repeats the run to where the last one was lost, and goes on.
    pub(super) fn restart_trainer(&mut self) -> Vec<Effect> {
        self.hurry = Some(Hurry { to: self.history.step(), then: Phase::Running });
        self.phase = Phase::Running;
        vec![Effect::NewWorker, Effect::Redraw]
    }

    /// Another choice of what is shown. Another unit has not been followed so far; as every number can be had
    /// again, the run is repeated with that one watched.
    pub(super) fn choose(&mut self, choices: Choices) -> Vec<Effect> {
        let other_unit = choices.unit != self.choices.unit;
        self.choices = choices;
        if !other_unit || self.history.step() == 0 || matches!(self.phase, Phase::Stopped(_)) {
            return vec![Effect::Redraw];
        }
        let (to, then) = (self.history.step(), self.phase.clone());
        let hurry = self.hurry.take().filter(|hurry| hurry.to > to).unwrap_or(Hurry { to, then });
        let effects = self.begin();
        (self.hurry, self.phase) = (Some(hurry), Phase::Running);
        effects
    }

    /// Both arms from step 0; the run on screen stays as a ghost.
    pub(super) fn restart(&mut self) -> Vec<Effect> {
        self.stop_at = Some(STOP_AT);
        self.hurry = None;
        if self.phase == Phase::Finished {
            self.phase = Phase::Running;
        }
        let mut effects = vec![Effect::WriteLink];
        effects.extend(self.begin());
        effects
    }

    /// Prepares the run of the experiment as it is now. The worker is told with the next frame: a slider that is
    /// dragged starts at most one run per frame, and none while the worker is busy with the last.
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        self.keep_rate();
        self.generation += 1;
        (self.start_due, self.retune, self.steps_owed) = (true, false, 0);
        (self.check_wanted, self.checked, self.exporting) = (None, None, None);
        self.pace.forget();
        (self.since_snapshot, self.snapshot_took, self.snapshot_coming) = (f64::INFINITY, 0.0, false);
        (self.looked, self.since_look) = (None, f64::INFINITY);
        self.history = History::new(&self.experiment, Some(&self.history));
        self.preset = matching(&self.experiment).or(self.preset);
        if self.shown_of != Some(ShownOf::of(&self.experiment)) {
            (self.shown, self.shown_of) = (Shown::default(), None);
        }
        self.choices.layer = self.choices.layer.min(self.experiment.hidden_layers as usize - 1);
        self.choices.unit = self.choices.unit.min(self.experiment.width as usize - 1);
        self.fetch_if_wanted().into_iter().chain([Effect::Redraw]).collect()
    }

    /// Asks for the file this run waits for, once.
    fn fetch_if_wanted(&mut self) -> Option<Effect> {
        let wanted = self.worker_ready && self.waits_for_file();
        (wanted && !core::mem::replace(&mut self.fetching, true)).then_some(Effect::FetchDigits)
    }

    /// An animation frame: tells the worker of a new run, if it owes no answer.
    pub(super) fn start_if_due(&mut self) -> Vec<Effect> {
        if !self.start_due || self.waiting || self.is_loading() {
            return Vec::new();
        }
        self.start_due = false;
        self.show_data();
        let file = self.file_to_send();
        let unit = self.choices.unit as u32;
        let (generation, experiment) = (self.generation, self.experiment.clone());
        let mut effects = vec![Effect::Post(Command::Start { generation, experiment, unit, file })];
        effects.extend(self.ask(0, true));
        effects.push(Effect::Redraw);
        effects
    }

    /// Looks up the examples shown, unless they are those shown already.
    fn show_data(&mut self) {
        let of = ShownOf::of(&self.experiment);
        if self.shown_of != Some(of) {
            self.shown = Shown::of(&self.experiment, self.digits.as_deref(), self.own.examples());
            self.shown_of = Some(of);
        }
    }

    /// The file of digits arrived, or did not. Only a run that waits for it is touched.
    pub(super) fn take_digits(&mut self, fetched: Result<Vec<u8>, String>) -> Vec<Effect> {
        self.fetching = false;
        let wanted = self.waits_for_file();
        match fetched {
            Ok(bytes) => {
                self.digits = Some(bytes);
                if wanted { vec![Effect::Redraw] } else { Vec::new() }
            }
            Err(reason) if wanted => {
                self.phase = Phase::Paused;
                self.notes = vec![reason];
                vec![Effect::Redraw]
            }
            Err(_) => Vec::new(),
        }
    }
}
