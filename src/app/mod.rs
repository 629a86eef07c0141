//! The state of the page and how it changes: a message in, effects out. Pure: no clock, no document, no worker.
//!
//! What a message means is decided here and tested natively; `web` only performs the effects.

mod message;
pub mod pace;
mod shown;
#[cfg(test)]
mod tests;

pub use message::{Effect, Msg, Phase};
pub use shown::Shown;

use crate::data::DataKind;
use crate::lab::experiment::{Experiment, RateChange};
use crate::lab::history::{Choices, History};
use crate::lab::knob::{self, Cost};
use crate::lab::link;
use crate::lab::preset::PRESETS;
use crate::lab::wire::{Checked, Command, Format, Report};
use pace::{Pace, Speed};

/// Training stops by itself here; "Go on" lifts it.
const STOP_AT: u32 = 2000;
/// Or when both arms have held this accuracy over the last hundred steps.
const GOOD_ENOUGH: f32 = 0.995;
/// Seconds between two snapshots while training.
const SNAPSHOT_EVERY: f64 = 1.0 / 6.0;
/// The same where the reader asked for less motion.
const SNAPSHOT_EVERY_CALM: f64 = 1.0;

/// Everything the page knows.
pub struct App {
    /// The one source of truth for every control.
    pub experiment: Experiment,
    /// What the page is doing.
    pub phase: Phase,
    /// The run on screen.
    pub history: History,
    /// What the figures show.
    pub choices: Choices,
    /// Steps per second.
    pub speed: Speed,
    /// Sentences about a link or a setting that could not be used.
    pub notes: Vec<String>,
    /// The data set's points or images, for the second figure.
    pub shown: Shown,
    /// Whether the reader asked for less motion.
    pub calm: bool,
    /// What the check of the arithmetic has found, if there was one in this run.
    pub checked: Option<Checked>,
    /// The file being written.
    pub exporting: Option<Format>,
    generation: u32,
    pace: Pace,
    /// An `Advance` is under way.
    waiting: bool,
    /// The worker can be talked to.
    worker_ready: bool,
    /// A live knob was turned while an `Advance` was under way.
    retune: bool,
    /// A check is to go on, or (if true) to begin.
    check_wanted: Option<bool>,
    /// The learning rate it was turned to.
    new_rate: Option<f32>,
    since_snapshot: f64,
    stop_at: Option<u32>,
    /// Hurry to this step, then pause.
    hurry_to: Option<u32>,
    /// The file of digits, once fetched.
    digits: Option<Vec<u8>>,
}

impl App {
    /// The page as opened with `link` (the part after `#`).
    pub fn new(link: &str, calm: bool) -> Self {
        let (experiment, notes) = link::read(link);
        let hurry_to = link::page_key(link, "pause").and_then(|text| text.parse().ok());
        let starts = !calm && link::page_key(link, "run") != Some("click");
        Self {
            history: History::new(&experiment, None),
            shown: Shown::of(&experiment, None),
            experiment,
            phase: if starts || hurry_to.is_some() { Phase::Running } else { Phase::Paused },
            choices: Choices { layer: 2, unit: 3, ..Choices::default() },
            speed: Speed::Steps(pace::USUAL),
            notes,
            calm,
            checked: None,
            exporting: None,
            check_wanted: None,
            generation: 0,
            pace: Pace::default(),
            waiting: false,
            worker_ready: false,
            retune: false,
            new_rate: None,
            since_snapshot: f64::INFINITY,
            stop_at: Some(STOP_AT),
            hurry_to,
            digits: None,
        }
    }

    /// The link of what is on screen.
    pub fn link(&self) -> String {
        link::write(&self.experiment)
    }

    /// Whether the worker has not answered yet.
    pub fn is_loading(&self) -> bool {
        !self.worker_ready || self.waits_for_file()
    }

    /// The learning rate in force, or about to be.
    pub fn rate_now(&self) -> f32 {
        self.new_rate.unwrap_or_else(|| self.experiment.rate_at(self.history.step()))
    }

    fn waits_for_file(&self) -> bool {
        self.experiment.data == DataKind::Digits && self.digits.is_none()
    }

    /// Takes in what happened and says what is to be done about it.
    pub fn update(&mut self, message: Msg) -> Vec<Effect> {
        match message {
            Msg::Report(report) => self.hear(report),
            Msg::Tick(seconds) => self.tick(seconds),
            Msg::Turn(key, text) => self.turn(key, &text),
            Msg::TrainOrPause => self.train_or_pause(),
            Msg::Step => self.step_once(),
            Msg::Reset => self.reset(),
            Msg::NewSeed => self.new_seed(),
            Msg::Load(link) => self.load(&link),
            Msg::Preset(index) => match PRESETS.get(index) {
                Some(preset) => self.load(preset.link),
                None => Vec::new(),
            },
            Msg::Speed(position) => {
                self.speed = Speed::at(position);
                vec![Effect::Redraw]
            }
            Msg::Choose(choices) => self.choose(choices),
            Msg::Digits(Ok(bytes)) => {
                self.digits = Some(bytes);
                self.start()
            }
            Msg::Digits(Err(reason)) | Msg::WorkerStopped(reason) => {
                self.phase = Phase::Stopped(reason);
                self.waiting = false;
                self.worker_ready = false;
                vec![Effect::Redraw]
            }
            Msg::RestartTrainer => {
                self.phase = Phase::Running;
                vec![Effect::NewWorker, Effect::Redraw]
            }
            Msg::Check => {
                self.check_wanted = Some(true);
                self.checked = None;
                self.go_on_checking()
            }
            Msg::Export(format) => {
                self.exporting = Some(format);
                self.go_on_exporting()
            }
            Msg::DismissNotes => {
                self.notes.clear();
                vec![Effect::Redraw]
            }
        }
    }

    /// A report of the worker. Those of an earlier run are dropped.
    fn hear(&mut self, report: Report) -> Vec<Effect> {
        match report {
            Report::Ready => {
                self.worker_ready = true;
                self.start()
            }
            Report::Refused { generation, reason } if generation == self.generation => {
                self.waiting = false;
                self.phase = Phase::Paused;
                self.notes = vec![reason];
                vec![Effect::Redraw]
            }
            Report::Frame { generation, frame } if generation == self.generation => {
                self.waiting = false;
                self.history.push(*frame);
                self.after_frame()
            }
            Report::Checked { generation, checked } if generation == self.generation => {
                self.waiting = false;
                self.check_wanted = (!checked.done).then_some(false);
                self.checked = Some(checked);
                let mut effects = self.go_on_checking();
                effects.push(Effect::Redraw);
                effects
            }
            Report::Exported { generation, format, text } if generation == self.generation => {
                self.waiting = false;
                self.exporting = None;
                match text {
                    Ok(text) => vec![Effect::Save(self.file_name(format), text), Effect::Redraw],
                    Err(reason) => {
                        self.notes = vec![reason];
                        vec![Effect::Redraw]
                    }
                }
            }
            // Late reports of an earlier run.
            Report::Refused { .. }
            | Report::Frame { .. }
            | Report::Checked { .. }
            | Report::Exported { .. } => Vec::new(),
        }
    }

    /// Says what is inside.
    fn file_name(&self, format: Format) -> String {
        let (seed, step) = (self.experiment.seed, self.history.step());
        format!("bn-lab-seed{seed}-step{step}.{}", format.ending())
    }

    fn go_on_checking(&mut self) -> Vec<Effect> {
        let Some(fresh) = self.check_wanted.filter(|_| !self.waiting && !self.is_loading()) else {
            return Vec::new();
        };
        self.check_wanted = None;
        self.waiting = true;
        vec![Effect::Post(Command::Check { generation: self.generation, fresh }), Effect::Redraw]
    }

    fn go_on_exporting(&mut self) -> Vec<Effect> {
        let Some(format) = self.exporting.filter(|_| !self.waiting && !self.is_loading()) else {
            return Vec::new();
        };
        self.waiting = true;
        vec![Effect::Post(Command::Export { generation: self.generation, format }), Effect::Redraw]
    }

    fn after_frame(&mut self) -> Vec<Effect> {
        let step = self.history.step();
        let mut effects = self.go_on_checking();
        effects.extend(self.go_on_exporting());
        if self.retune {
            effects.extend(self.apply_live());
            effects.push(Effect::WriteLink);
        }
        if self.hurry_to.is_some_and(|target| step >= target || self.history.is_over()) {
            self.hurry_to = None;
            self.phase = Phase::Paused;
        }
        let over = self.stop_at.is_some_and(|stop| step >= stop || self.history.both_hold(GOOD_ENOUGH, 100));
        if self.phase == Phase::Running && self.hurry_to.is_none() && (over || self.history.is_over()) {
            self.phase = Phase::Finished;
        }
        if self.phase != Phase::Running && self.snapshot_is_old() {
            effects.extend(self.ask(0, true));
        }
        effects.push(Effect::Redraw);
        effects
    }

    fn snapshot_is_old(&self) -> bool {
        self.history.snapshot().is_none_or(|snapshot| snapshot.step != self.history.step())
    }

    /// An animation frame: `seconds` have passed since the last one.
    fn tick(&mut self, seconds: f64) -> Vec<Effect> {
        self.since_snapshot += seconds;
        if self.phase != Phase::Running || self.is_loading() {
            return Vec::new();
        }
        self.pace.pass(seconds, self.speed);
        if self.waiting {
            return Vec::new();
        }
        let steps = match self.hurry_to {
            Some(target) => target.saturating_sub(self.history.step()),
            None => {
                let left = self.stop_at.map_or(u32::MAX, |stop| stop.saturating_sub(self.history.step()));
                self.pace.take(self.speed).min(left)
            }
        };
        let every = if self.calm { SNAPSHOT_EVERY_CALM } else { SNAPSHOT_EVERY };
        let snapshot = self.since_snapshot >= every;
        if steps == 0 && !snapshot { Vec::new() } else { self.ask(steps, snapshot) }
    }

    /// Asks the worker for steps, unless it is busy.
    fn ask(&mut self, steps: u32, snapshot: bool) -> Vec<Effect> {
        if self.waiting || self.is_loading() {
            return Vec::new();
        }
        self.waiting = true;
        if snapshot {
            self.since_snapshot = 0.0;
        }
        vec![Effect::Post(Command::Advance { generation: self.generation, steps, snapshot })]
    }

    /// A control was turned to `text`.
    fn turn(&mut self, key: &str, text: &str) -> Vec<Effect> {
        let Some(knob) = knob::by_key(key) else { return Vec::new() };
        let mut turned = self.experiment.clone();
        if let Err(note) = knob.read(&mut turned, text).and_then(|()| turned.check()) {
            self.notes = vec![note];
            return vec![Effect::Redraw];
        }
        self.notes.clear();
        match knob.cost {
            Cost::Live => self.turn_live(turned),
            Cost::Restart if turned == self.experiment => Vec::new(),
            Cost::Restart => {
                self.settle_rate(&mut turned);
                self.experiment = turned;
                self.restart()
            }
        }
    }

    /// A live change takes effect at the next step of both arms; if steps are under way, once they have been
    /// reported, so that the step noted is the step it happened at.
    fn turn_live(&mut self, turned: Experiment) -> Vec<Effect> {
        if turned.learning_rate != self.experiment.learning_rate || !self.experiment.rate_changes.is_empty() {
            self.new_rate = Some(turned.learning_rate);
        }
        self.experiment.test_statistics = turned.test_statistics;
        self.retune = true;
        let mut effects = if self.waiting { Vec::new() } else { self.apply_live() };
        effects.extend([Effect::WriteLink, Effect::Redraw]);
        effects
    }

    /// Sends the live knobs as they are now, between two steps.
    fn apply_live(&mut self) -> Vec<Effect> {
        self.retune = false;
        if let Some(rate) = self.new_rate.take() {
            self.note_rate(rate);
        }
        self.history.retuned(&self.experiment);
        if self.is_loading() {
            return Vec::new();
        }
        let experiment = self.experiment.clone();
        let mut effects = vec![Effect::Post(Command::Retune { generation: self.generation, experiment })];
        effects.extend(self.ask(0, false));
        effects
    }

    fn note_rate(&mut self, rate: f32) {
        let step = self.history.step();
        let changes = &mut self.experiment.rate_changes;
        changes.retain(|change| change.step < step);
        if step == 0 {
            self.experiment.learning_rate = rate;
        } else if changes.len() < link::MOST_RATE_CHANGES {
            changes.push(RateChange { step, rate });
        } else {
            self.notes =
                vec!["The learning rate was changed too often for a link to repeat it; press Reset.".into()];
        }
    }

    /// A new run has one learning rate: the one in force.
    fn settle_rate(&self, experiment: &mut Experiment) {
        experiment.learning_rate = self.rate_now();
        experiment.rate_changes.clear();
    }

    fn train_or_pause(&mut self) -> Vec<Effect> {
        self.hurry_to = None;
        match self.phase {
            Phase::Running => self.phase = Phase::Paused,
            Phase::Finished => {
                self.stop_at = None;
                self.phase = Phase::Running;
            }
            Phase::Paused => self.phase = Phase::Running,
            Phase::Stopped(_) => return self.update(Msg::RestartTrainer),
        }
        self.pace.forget();
        let mut effects = if self.phase == Phase::Paused && self.snapshot_is_old() {
            self.ask(0, true)
        } else {
            Vec::new()
        };
        effects.push(Effect::Redraw);
        effects
    }

    fn step_once(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Stopped(_)) {
            return Vec::new();
        }
        self.hurry_to = None;
        self.phase = Phase::Paused;
        let mut effects = self.ask(1, true);
        effects.push(Effect::Redraw);
        effects
    }

    /// The same run again from step 0, paused.
    fn reset(&mut self) -> Vec<Effect> {
        let mut experiment = self.experiment.clone();
        self.settle_rate(&mut experiment);
        self.experiment = experiment;
        if !matches!(self.phase, Phase::Stopped(_)) {
            self.phase = Phase::Paused;
        }
        self.restart()
    }

    fn new_seed(&mut self) -> Vec<Effect> {
        let mut experiment = self.experiment.clone();
        self.settle_rate(&mut experiment);
        experiment.seed =
            if f64::from(experiment.seed) < knob::LARGEST_SEED { experiment.seed + 1 } else { 0 };
        self.experiment = experiment;
        self.restart()
    }

    fn load(&mut self, link: &str) -> Vec<Effect> {
        let (experiment, notes) = link::read(link);
        self.notes = notes;
        self.experiment = experiment;
        self.hurry_to = link::page_key(link, "pause").and_then(|text| text.parse().ok());
        if !matches!(self.phase, Phase::Stopped(_)) {
            self.phase = Phase::Running;
        }
        self.restart()
    }

    fn choose(&mut self, choices: Choices) -> Vec<Effect> {
        let unit_changed = choices.unit != self.choices.unit;
        self.choices = choices;
        if unit_changed && self.history.step() > 0 {
            // Every number can be had again: the run is replayed with the other unit watched.
            self.hurry_to = Some(self.history.step());
            if self.phase == Phase::Finished {
                self.phase = Phase::Paused;
            }
            let was_running = self.phase == Phase::Running;
            let effects = self.start();
            self.phase = Phase::Running;
            if was_running {
                self.hurry_to = None;
            }
            return effects;
        }
        vec![Effect::Redraw]
    }

    /// Both arms from step 0; the run on screen stays as a ghost.
    fn restart(&mut self) -> Vec<Effect> {
        self.stop_at = Some(STOP_AT);
        if self.phase == Phase::Finished {
            self.phase = Phase::Running;
        }
        let mut effects = vec![Effect::WriteLink];
        effects.extend(self.start());
        effects
    }

    fn start(&mut self) -> Vec<Effect> {
        self.generation += 1;
        self.waiting = false;
        self.retune = false;
        self.new_rate = None;
        self.check_wanted = None;
        self.checked = None;
        self.exporting = None;
        self.pace.forget();
        self.since_snapshot = f64::INFINITY;
        self.history = History::new(&self.experiment, Some(&self.history));
        self.shown = Shown::of(&self.experiment, self.digits.as_deref());
        self.choices.layer = self.choices.layer.min(self.experiment.hidden_layers as usize - 1);
        self.choices.unit = self.choices.unit.min(self.experiment.width as usize - 1);
        if !self.worker_ready {
            return vec![Effect::Redraw];
        }
        if self.waits_for_file() {
            return vec![Effect::FetchDigits, Effect::Redraw];
        }
        let file = (self.experiment.data == DataKind::Digits).then(|| self.digits.clone()).flatten();
        let unit = self.choices.unit as u32;
        let (generation, experiment) = (self.generation, self.experiment.clone());
        let mut effects = vec![Effect::Post(Command::Start { generation, experiment, unit, file })];
        effects.extend(self.ask(0, true));
        effects.push(Effect::Redraw);
        effects
    }
}
