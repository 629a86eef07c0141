//! The state of the page and how it changes: a message in, effects out. Pure: no clock, no document, no worker; what the
//! worker does, by a clock it is handed, stands in [`trainer`].
//!
//! What a message means is decided here and tested natively; `web` only performs the effects.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "whatever a link, a file or a worker says, the page goes on"
    )
)]

pub mod broken;
mod captions;
mod control;
pub mod due;
pub mod embed;
pub mod experiments;
pub mod gamma;
mod images;
pub mod keys;
mod lines;
mod message;
pub mod numbers;
pub mod offer;
pub mod own;
pub mod pace;
pub mod painting;
mod pending;
pub mod picture;
pub mod places;
pub mod plan_link;
pub mod pool;
mod report;
mod rhythm;
mod shown;
pub mod speech;
#[cfg(test)]
mod tests;
pub mod trainer;
mod turn;
pub mod turns;
pub mod verdict;
mod words;

pub use message::{Effect, Msg, Phase};
pub use pending::LONGEST_FRAME;
pub use shown::Shown;
pub use words::{Bar, Standing};

use crate::data::DataKind;
use crate::lab::claim::Plan;
use crate::lab::experiment::Experiment;
use crate::lab::history::{Choices, History};
use crate::lab::link;
use crate::lab::preset::{PRESETS, Preset};
use crate::lab::unit::Looked;
use crate::lab::wire::{Checked, Format};
use control::Hurry;
use own::{OwnData, Sent};
use pace::{Pace, Speed};
use plan_link::Lead;
use shown::ShownOf;

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
    /// Whether keys of one character count.
    pub single_keys: bool,
    /// The reader's own data.
    pub own: OwnData,
    /// The last preset shown, whether or not it was changed since.
    preset: Option<&'static Preset>,
    /// Number of the run; what comes from another is dropped.
    generation: u32,
    /// The worker has not been told of this run.
    start_due: bool,
    /// What `shown` shows.
    shown_of: Option<ShownOf>,
    pace: Pace,
    /// Single steps asked for and not yet made.
    steps_owed: u32,
    /// The worker owes an answer.
    waiting: bool,
    /// Seconds it has owed it, as far as frames were drawn meanwhile.
    silent: f64,
    /// The worker can be talked to.
    worker_ready: bool,
    /// A live knob was turned and the worker has not been told.
    retune: bool,
    /// The learning rate it was turned to.
    new_rate: Option<f32>,
    /// A check is to go on, or (if true) to begin.
    check_wanted: Option<bool>,
    /// A file is to be begun; how far the run has been repeated for it.
    export_fresh: bool,
    export_step: u32,
    /// Seconds since the last snapshot was asked for, and until it came.
    since_snapshot: f64,
    snapshot_took: f64,
    snapshot_coming: bool,
    stop_at: Option<u32>,
    hurry: Option<Hurry>,
    /// Where the trainer stopped, if it did: the link of its run, and the step.
    stopped_at: (String, u32),
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
    /// The experiment that the link leads to, until it is shown.
    pub leads_to: Option<Plan>,
}

impl App {
    /// The page as opened with `link` (the part after `#`).
    pub fn new(link: &str, calm: bool) -> Self {
        let lead = Lead::of(link);
        let (experiment, mut notes) = link::read(&lead.run);
        notes.extend(lead.notes);
        let hurry = Hurry::of_link(link);
        let starts = !calm && link::page_key(link, "run").as_deref() != Some("click");
        Self {
            history: History::new(&experiment, None),
            shown: Shown::of(&experiment, None, None),
            preset: words::matching(&experiment),
            experiment,
            phase: if starts || hurry.is_some() { Phase::Running } else { Phase::Paused },
            choices: Choices { layer: 2, unit: 3, ..Choices::default() },
            speed: Speed::of_link(link).unwrap_or(Speed::Steps(pace::USUAL)),
            notes,
            calm,
            checked: None,
            exporting: None,
            single_keys: true,
            own: OwnData::default(),
            generation: 0,
            start_due: false,
            shown_of: None,
            pace: Pace::default(),
            steps_owed: 0,
            waiting: false,
            silent: 0.0,
            worker_ready: false,
            retune: false,
            new_rate: None,
            check_wanted: None,
            export_fresh: false,
            export_step: 0,
            since_snapshot: f64::INFINITY,
            snapshot_took: 0.0,
            snapshot_coming: false,
            stop_at: Some(control::STOP_AT),
            hurry,
            stopped_at: Default::default(),
            digits: None,
            fetching: false,
            sent: Sent::default(),
            looked: None,
            looks: false,
            since_look: f64::INFINITY,
            seen: true,
            held: false,
            leads_to: lead.plan,
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

    /// Whether something is under way of which the page does not know the outcome yet.
    pub fn is_busy(&self) -> bool {
        self.waiting || self.start_due || self.is_loading()
    }

    /// Whether something is done a little with every animation frame, though nothing trains.
    pub fn is_waiting_for_frames(&self) -> bool {
        self.own.is_reading()
            || self.awaits_worker()
            || (self.start_due && !self.waiting && !self.is_loading())
    }

    /// Whether the worker has still to load.
    fn awaits_worker(&self) -> bool {
        !self.worker_ready && !matches!(self.phase, Phase::Stopped(_))
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
            Msg::Key(deed) => self.act(deed),
            Msg::SingleKeys(on) => {
                self.single_keys = on;
                vec![Effect::Redraw]
            }
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
            // What is printed should be what was seen last.
            Msg::Print if self.phase == Phase::Running => self.train_or_pause(),
            Msg::Print => Vec::new(),
            Msg::Calm(calm) => {
                self.calm = calm;
                Vec::new()
            }
            Msg::Digits(fetched) => self.take_digits(fetched),
            Msg::InPage => {
                // Said once, however many workers are tried.
                self.notes.retain(|note| note != words::IN_PAGE && note != words::IN_PAGE_LARGE);
                self.notes.push(words::in_page(&self.experiment).to_owned());
                vec![Effect::Redraw]
            }
            Msg::WorkerStopped(reason) => self.stop(reason),
            Msg::Check => {
                (self.check_wanted, self.checked) = (Some(true), None);
                self.next_then_redraw()
            }
            Msg::Export(format) => {
                self.exporting = Some(format);
                (self.export_fresh, self.export_step) = (true, 0);
                self.next_then_redraw()
            }
            Msg::DismissNotes => {
                self.notes.clear();
                vec![Effect::Redraw]
            }
        }
    }

    /// "batchnorm-run-spiral-seed24-step300.csv": what is inside, and how it is written.
    pub fn file_name(&self, format: Format) -> String {
        let what = if format == Format::PyTorch { "pytorch" } else { "run" };
        format!("{}.{}", self.file_stem(what), format.ending())
    }
}
