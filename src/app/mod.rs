//! The state of the page and how it changes: a message in, effects out. Pure: no clock, no document, no worker.
//!
//! What a message means is decided here and tested natively; `web` only performs the effects.

mod control;
pub mod embed;
pub mod experiments;
pub mod gamma;
mod message;
pub mod own;
pub mod pace;
pub mod painting;
mod pending;
pub mod pool;
mod shown;
#[cfg(test)]
mod tests;
mod turn;
pub mod turns;

pub use message::{Effect, Msg, Phase};
pub use shown::Shown;

use crate::data::DataKind;
use crate::lab::experiment::Experiment;
use crate::lab::history::{Choices, History};
use crate::lab::link;
use crate::lab::preset::PRESETS;
use crate::lab::unit::Looked;
use crate::lab::wire::{Checked, Format, Report};
use control::Hurry;
use own::{OwnData, Sent};
use pace::{Pace, Speed};

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
    /// The reader's own data.
    pub own: OwnData,
    /// Number of the run; what comes from another is dropped.
    generation: u32,
    pace: Pace,
    /// Single steps asked for and not yet made.
    steps_owed: u32,
    /// The worker owes an answer.
    waiting: bool,
    /// The worker can be talked to.
    worker_ready: bool,
    /// A live knob was turned and the worker has not been told.
    retune: bool,
    /// The learning rate it was turned to.
    new_rate: Option<f32>,
    /// A check is to go on, or (if true) to begin.
    check_wanted: Option<bool>,
    /// Seconds since the last snapshot was asked for, and until it came.
    since_snapshot: f64,
    snapshot_took: f64,
    snapshot_coming: bool,
    stop_at: Option<u32>,
    hurry: Option<Hurry>,
    /// The file of digits, once fetched, and whether it is on its way.
    digits: Option<Vec<u8>>,
    fetching: bool,
    sent: Sent,
    /// The unit that was looked at last, for whoever shows one.
    pub looked: Option<Looked>,
    /// Whether somebody shows one.
    looks: bool,
    since_look: f64,
    /// Whether any of the lab is on screen; out of sight nothing is trained.
    seen: bool,
    /// Another embed runs.
    held: bool,
}

impl App {
    /// The page as opened with `link` (the part after `#`).
    pub fn new(link: &str, calm: bool) -> Self {
        let (experiment, notes) = link::read(link);
        let hurry = Hurry::of_link(link);
        let starts = !calm && link::page_key(link, "run") != Some("click");
        Self {
            history: History::new(&experiment, None),
            shown: Shown::of(&experiment, None, None),
            experiment,
            phase: if starts || hurry.is_some() { Phase::Running } else { Phase::Paused },
            choices: Choices { layer: 2, unit: 3, ..Choices::default() },
            speed: Speed::Steps(pace::USUAL),
            notes,
            calm,
            checked: None,
            exporting: None,
            own: OwnData::default(),
            generation: 0,
            pace: Pace::default(),
            steps_owed: 0,
            waiting: false,
            worker_ready: false,
            retune: false,
            new_rate: None,
            check_wanted: None,
            since_snapshot: f64::INFINITY,
            snapshot_took: 0.0,
            snapshot_coming: false,
            stop_at: Some(control::STOP_AT),
            hurry,
            digits: None,
            fetching: false,
            sent: Sent::default(),
            looked: None,
            looks: false,
            since_look: f64::INFINITY,
            seen: true,
            held: false,
        }
    }

    /// Whether the run moves: it is to train, and somebody sees it.
    pub fn is_moving(&self) -> bool {
        self.wants_to_move() && !self.held
    }

    /// Whether another embed goes first.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Whether it is to train as far as the reader is concerned: running, and seen.
    pub fn wants_to_move(&self) -> bool {
        self.phase == Phase::Running && self.seen
    }

    /// The link of what is on screen.
    pub fn link(&self) -> String {
        link::write(&self.experiment)
    }

    /// Whether the worker cannot train yet.
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
            Msg::Tick(seconds) => {
                let mut effects = self.read_on();
                effects.extend(self.tick(seconds));
                effects
            }
            Msg::Own(message) => self.update_own(message),
            Msg::Turn(key, text) => self.turn(key, &text),
            Msg::TrainOrPause => self.train_or_pause(),
            Msg::Hold(held) => {
                self.held = held;
                self.pace.forget();
                vec![Effect::Redraw]
            }
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
            Msg::Seen(seen) => {
                self.seen = seen;
                self.pace.forget();
                vec![Effect::Redraw]
            }
            Msg::Look(looks) => {
                self.looks = looks;
                self.next_then_redraw()
            }
            Msg::Calm(calm) => {
                self.calm = calm;
                Vec::new()
            }
            Msg::Digits(fetched) => self.take_digits(fetched),
            Msg::WorkerStopped(reason) => {
                self.phase = Phase::Stopped(reason);
                (self.waiting, self.worker_ready) = (false, false);
                vec![Effect::Redraw]
            }
            Msg::RestartTrainer => self.restart_trainer(),
            Msg::Check => {
                (self.check_wanted, self.checked) = (Some(true), None);
                self.next_then_redraw()
            }
            Msg::Export(format) => {
                self.exporting = Some(format);
                self.next_then_redraw()
            }
            Msg::DismissNotes => {
                self.notes.clear();
                vec![Effect::Redraw]
            }
        }
    }

    /// A report of the worker. Those of an earlier run are dropped.
    fn hear(&mut self, report: Report) -> Vec<Effect> {
        let generation = match &report {
            Report::Ready => {
                (self.worker_ready, self.sent) = (true, Sent::default());
                return self.start();
            }
            Report::Refused { generation, .. }
            | Report::Frame { generation, .. }
            | Report::Checked { generation, .. }
            | Report::Looked { generation, .. }
            | Report::Exported { generation, .. } => *generation,
            // Of sweeps, which the lab's own worker is never given.
            Report::Working { .. } | Report::Outcome { .. } => return Vec::new(),
        };
        if generation != self.generation {
            return Vec::new();
        }
        self.waiting = false;
        let mut effects = Vec::new();
        match report {
            Report::Ready | Report::Working { .. } | Report::Outcome { .. } => {}
            Report::Refused { reason, .. } => {
                self.phase = Phase::Paused;
                self.notes = vec![reason];
                return vec![Effect::Redraw];
            }
            Report::Frame { frame, .. } => self.take_frame(*frame),
            Report::Checked { checked, .. } => {
                self.check_wanted = self.check_wanted.or((!checked.done).then_some(false));
                self.checked = Some(checked);
            }
            Report::Looked { looked, .. } => {
                self.looked = Some(looked);
                effects.push(Effect::Looked);
            }
            Report::Exported { format, text, .. } => {
                self.exporting = None;
                match text {
                    Ok(text) => effects.push(Effect::Save(self.file_name(format), text)),
                    Err(reason) => self.notes = vec![reason],
                }
            }
        }
        effects.extend(self.next_then_redraw());
        effects
    }

    /// Says what is inside.
    fn file_name(&self, format: Format) -> String {
        let (seed, step) = (self.experiment.seed, self.history.step());
        format!("bn-lab-seed{seed}-step{step}.{}", format.ending())
    }
}
