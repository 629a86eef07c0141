//! One experiment on the page: its sweep, whether it runs, whether it is seen.

use super::Sight;
use crate::app::pool::Task;
use crate::lab::claim::job::{Job, Outcome};
use crate::lab::claim::{About, Claim, Plan};
use crate::lab::link;
use crate::lab::sweep::Sweep;

/// What an experiment is doing. One whose runs are all over is `Running` still; it wants nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Has never been started.
    Waiting,
    /// Wants its jobs done.
    Running,
    /// The reader wants it to stand still.
    Paused,
    /// Cannot go on; one sentence.
    Failed(String),
}

/// What makes experiments start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The cheap ones as soon as they are seen, the others by a click.
    Usual,
    /// All of them as soon as they are seen.
    WhenSeen,
    /// All of them by a click.
    OnClick,
}

impl Start {
    /// As the link has it (`run=auto`, `run=click`); where the reader asked for less motion (`calm`), by a click.
    pub fn of_link(link: &str, calm: bool) -> Self {
        match link::page_key(link, "run").as_deref() {
            Some("click") => Self::OnClick,
            _ if calm => Self::OnClick,
            Some("auto") => Self::WhenSeen,
            _ => Self::Usual,
        }
    }

    pub(crate) fn is_by_itself(self, claim: Claim) -> bool {
        match self {
            Self::Usual => claim.about().is_cheap,
            Self::WhenSeen => true,
            Self::OnClick => false,
        }
    }
}

/// "Seen" is half of the experiment, or half of the window filled with it.
const HALF: f64 = 0.5;

/// One experiment on the page.
pub struct Section {
    sweep: Sweep,
    pub(super) state: State,
    /// Number of the sweep.
    pub(super) generation: u32,
    /// The larger, the later it was started or seen.
    pub(super) stamp: u32,
    by_itself: bool,
    sight: Sight,
    seconds: f64,
    changes: u32,
}

impl Section {
    pub(super) fn new(plan: Plan, generation: u32, by_itself: bool) -> Self {
        Self {
            sweep: Sweep::new(plan),
            state: State::Waiting,
            generation,
            stamp: 0,
            by_itself,
            sight: Sight::default(),
            seconds: 0.0,
            changes: 0,
        }
    }

    /// Its jobs and what has come back from them.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// What it is doing.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// In one word, for whoever asks from outside: waiting, running, paused, done or failed.
    pub fn state_word(&self) -> &'static str {
        match self.state {
            State::Failed(_) => "failed",
            _ if self.sweep.is_complete() => "done",
            State::Waiting => "waiting",
            State::Running => "running",
            State::Paused => "paused",
        }
    }

    /// What it is about.
    pub fn about(&self) -> &'static About {
        self.sweep.plan().claim.about()
    }

    /// Grows with every result and every change of plan or state.
    pub fn changes(&self) -> u32 {
        self.changes
    }

    /// Whether any of it is on screen.
    pub fn is_on_screen(&self) -> bool {
        self.sight.share > 0.0
    }

    /// Seconds of work so far.
    pub(super) fn seconds(&self) -> f64 {
        self.seconds
    }

    pub(super) fn wants_workers(&self) -> bool {
        self.state == State::Running && self.is_on_screen() && !self.sweep.is_complete()
    }

    /// Whether it is to start by itself, now that so much of it is seen.
    pub(super) fn starts_now(&self) -> bool {
        let seen = self.sight.share >= HALF || self.sight.of_window >= HALF;
        self.by_itself && seen && self.state == State::Waiting
    }

    /// Notes how much of it is seen; whether it has just come on screen.
    pub(super) fn look(&mut self, sight: Sight) -> bool {
        let before = self.is_on_screen();
        self.sight = sight;
        self.is_on_screen() && !before
    }

    pub(super) fn set(&mut self, state: State) {
        self.state = state;
        self.changes += 1;
    }

    pub(super) fn restart(&mut self, plan: Plan, generation: u32, state: State) {
        (self.sweep, self.generation, self.seconds) = (Sweep::new(plan), generation, 0.0);
        self.set(state);
    }

    /// Takes in a result.
    pub(super) fn put(&mut self, index: usize, outcome: Outcome) {
        if index < self.sweep.total() {
            self.sweep.put(index, outcome);
            self.changes += 1;
        }
    }

    pub(super) fn pass(&mut self, seconds: f64) {
        self.seconds += seconds.min(1.0);
    }

    pub(super) fn is_open(&self, task: Task) -> bool {
        task.generation == self.generation
            && task.index < self.sweep.total()
            && self.sweep.outcome(task.index).is_none()
    }

    pub(super) fn open_jobs(&self) -> impl Iterator<Item = &Job> {
        self.sweep
            .jobs()
            .iter()
            .enumerate()
            .filter(|(k, _)| self.sweep.outcome(*k).is_none())
            .map(|(_, job)| job)
    }
}
