//! The experiments on a page: which sweep runs, on which workers, how far it is. Messages in, effects out. Pure.
//!
//! One sweep is served at a time: the one last started or seen, and only while it is on screen in a tab that is
//! seen. Results carry the number of their sweep, so that those of an abandoned one are dropped, and the place of
//! their job, so that neither the number of workers nor the order of their answers changes anything.

mod section;
#[cfg(test)]
mod tests;
mod told;
mod workers;

pub use section::{Section, Start, State};
pub use told::{Told, label};

use super::pool::Pool;
use crate::lab::claim::{Claim, Plan};
use crate::lab::link;
use crate::lab::wire::{Command, Report};

/// How much of an experiment is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sight {
    /// Share of its area, 0 to 1.
    pub share: f64,
    /// Share of the window's height that it takes up, 0 to 1.
    pub of_window: f64,
}

/// Something happened. Experiments are named by their place on the page, workers by their number, both from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// An animation frame; the seconds since the last.
    Tick(f64),
    /// More or less of an experiment is on screen.
    Seen(usize, Sight),
    /// The tab is shown or hidden.
    TabSeen(bool),
    /// A worker said something.
    Report(usize, Report),
    /// A worker is gone.
    Lost(usize),
    /// No worker can be had: the page trains itself.
    InPage,
    /// The first button: Run, Pause, Resume or Run again.
    Main(usize),
    /// From the first run again, with the same seeds.
    StartOver(usize),
    /// A control was set: which, and the position of its choice.
    Choose(usize, usize, u8),
    /// A link asks for this plan.
    Plan(Plan),
    /// The mark of a run was picked: its place in the sweep.
    Pick(usize, usize),
    /// The file of digits arrived, or a sentence why not.
    Digits(Result<Vec<u8>, String>),
    /// Another embed runs, or no longer does: only one is to run at a time.
    Hold(bool),
}

impl Msg {
    /// Whether a reader has just said with it what is to run: then it goes before what runs for being seen.
    pub fn is_said_by_reader(&self) -> bool {
        matches!(self, Self::Main(_) | Self::StartOver(_) | Self::Choose(..))
    }
}

/// Something to be done by the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// End this worker, if there is one, and start another.
    NewWorker(usize),
    /// End this worker: there is none by this number any more.
    EndWorker(usize),
    /// Send to a worker.
    Post(usize, Command),
    /// Fetch the file of digits and report it.
    FetchDigits,
    /// Show a run of this experiment, by its link, in the lab.
    Show(usize, String),
}

/// All experiments on a page.
pub struct Experiments {
    sections: Vec<Section>,
    pool: Pool,
    tab_seen: bool,
    held: bool,
    /// No worker can be had.
    in_page: bool,
    digits: Option<Vec<u8>>,
    fetching: bool,
    generation: u32,
    stamp: u32,
}

impl Experiments {
    /// These experiments, for a computer with so many cores: one is left for the page.
    pub fn new(claims: &[Claim], cores: usize, start: Start) -> Self {
        let section = |(k, &claim): (usize, &Claim)| {
            Section::new(Plan::usual(claim), k as u32 + 1, start.is_by_itself(claim))
        };
        Self {
            sections: claims.iter().enumerate().map(section).collect(),
            pool: Pool::new(cores.saturating_sub(1).clamp(1, MOST_WORKERS)),
            tab_seen: true,
            held: false,
            in_page: false,
            digits: None,
            fetching: false,
            generation: claims.len() as u32,
            stamp: 0,
        }
    }

    /// One plan alone.
    pub fn alone(plan: Plan, cores: usize, start: Start) -> Self {
        let mut experiments = Self::new(&[plan.claim], cores, start);
        experiments.sections = {
            let by_itself = start.is_by_itself(plan.claim);
            vec![Section::new(plan, 1, by_itself)]
        };
        experiments
    }

    /// Whether another embed goes first.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Whether any sweep is to run as far as the reader is concerned: started, not over, and seen.
    pub fn wants_to_run(&self) -> bool {
        self.tab_seen && self.sections.iter().any(Section::wants_workers)
    }

    /// In the order of the page.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Where on the page a claim is.
    pub fn place_of(&self, claim: Claim) -> Option<usize> {
        self.sections.iter().position(|section| section.sweep().plan().claim == claim)
    }

    /// Whether time has to be told: something is under way.
    pub fn needs_ticks(&self) -> bool {
        self.served().is_some() || self.pool.is_busy()
    }

    /// What stands in words beside an experiment.
    pub fn told(&self, at: usize) -> Told {
        let section = &self.sections[at];
        let standing = match self.served() {
            Some(served) if served == at && self.waits_for_digits(at) => told::Standing::LoadingDigits,
            Some(served) if served == at && !self.pool.is_up() => told::Standing::LoadingWorkers,
            Some(served) if served == at && self.in_page => told::Standing::ServedInPage,
            Some(served) if served == at => told::Standing::Served,
            Some(_) => told::Standing::InLine,
            None if self.held => told::Standing::InLine,
            None => told::Standing::OutOfSight,
        };
        Told::of(section, standing)
    }

    /// Takes in what happened and says what is to be done about it.
    pub fn update(&mut self, message: Msg) -> Vec<Effect> {
        match message {
            Msg::Tick(seconds) => self.tick(seconds),
            Msg::Seen(at, sight) => self.seen(at, sight),
            Msg::TabSeen(seen) => {
                self.tab_seen = seen;
                self.hand_out()
            }
            Msg::Report(who, report) => self.hear(who, report),
            Msg::Lost(who) => self.lost(who),
            // Several trainers would only keep the page from its drawings.
            Msg::InPage => {
                self.in_page = true;
                self.pool.shrink().into_iter().map(Effect::EndWorker).chain(self.hand_out()).collect()
            }
            Msg::Main(at) => self.main(at),
            Msg::StartOver(at) => match self.sections.get(at) {
                Some(section) => self.restart(at, section.sweep().plan().clone(), State::Running),
                None => Vec::new(),
            },
            Msg::Choose(at, control, choice) => self.choose(at, control, choice),
            Msg::Plan(plan) => match self.place_of(plan.claim) {
                Some(at) => self.change(at, plan),
                None => Vec::new(),
            },
            Msg::Pick(at, index) => {
                let job = self.sections.get(at).and_then(|section| section.sweep().jobs().get(index));
                job.map(|job| Effect::Show(at, link::write(&job.shown()))).into_iter().collect()
            }
            Msg::Digits(fetched) => self.take_digits(fetched),
            Msg::Hold(held) => {
                self.held = held;
                self.hand_out()
            }
        }
    }

    fn main(&mut self, at: usize) -> Vec<Effect> {
        let Some(section) = self.sections.get_mut(at) else { return Vec::new() };
        self.pool.forgive();
        if section.sweep().is_complete() {
            let plan = section.sweep().plan().clone().again();
            return self.restart(at, plan, State::Running);
        }
        match section.state {
            State::Running => {
                section.set(State::Paused);
                Vec::new()
            }
            State::Waiting | State::Paused | State::Failed(_) => {
                section.set(State::Running);
                self.promote(at);
                self.hand_out()
            }
        }
    }

    fn choose(&mut self, at: usize, control: usize, choice: u8) -> Vec<Effect> {
        let Some(section) = self.sections.get(at) else { return Vec::new() };
        let plan = section.sweep().plan().clone().with(control, choice);
        self.change(at, plan)
    }

    /// Another plan in its place, if it is another one.
    fn change(&mut self, at: usize, plan: Plan) -> Vec<Effect> {
        let section = &self.sections[at];
        if plan == *section.sweep().plan() {
            return Vec::new();
        }
        let state = if section.state == State::Waiting { State::Waiting } else { State::Running };
        self.restart(at, plan, state)
    }

    /// Another sweep in its place; what comes back of the old one is dropped.
    fn restart(&mut self, at: usize, plan: Plan, state: State) -> Vec<Effect> {
        self.pool.forgive();
        self.generation += 1;
        self.sections[at].restart(plan, self.generation, state);
        self.promote(at);
        self.hand_out()
    }

    fn seen(&mut self, at: usize, sight: Sight) -> Vec<Effect> {
        let Some(section) = self.sections.get_mut(at) else { return Vec::new() };
        let came = section.look(sight);
        if section.starts_now() {
            section.set(State::Running);
        }
        if came {
            self.promote(at);
        }
        self.hand_out()
    }

    /// From now on this one comes first.
    fn promote(&mut self, at: usize) {
        self.stamp += 1;
        self.sections[at].stamp = self.stamp;
    }
}

/// More would only cost memory.
const MOST_WORKERS: usize = 16;
