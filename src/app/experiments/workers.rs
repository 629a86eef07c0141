//! Which sweep has the workers, what each of them is given, and what is made of its answers.

use super::{Effect, Experiments, State};
use crate::app::pool::Task;
use crate::data::DataKind;
use crate::lab::claim::job::{Job, Measure};
use crate::lab::wire::{Command, Report};

impl Experiments {
    /// The experiment whose jobs are handed out.
    pub(super) fn served(&self) -> Option<usize> {
        let wanting = self.sections.iter().enumerate().filter(|(_, section)| section.wants_workers());
        wanting
            .filter(|_| self.tab_seen && !self.held)
            .max_by_key(|(_, section)| section.stamp)
            .map(|(at, _)| at)
    }

    /// Gives every worker that waits something to do, if there is anything.
    pub(super) fn hand_out(&mut self) -> Vec<Effect> {
        let Some(at) = self.served() else { return Vec::new() };
        if self.pool.is_hopeless() {
            let reason = "The workers that train could not be started, or failed again and again.";
            self.sections[at].set(State::Failed(reason.to_owned()));
            return Vec::new();
        }
        let mut effects: Vec<Effect> = self.pool.fill().into_iter().map(Effect::NewWorker).collect();
        if self.waits_for_digits(at) {
            effects.extend((!core::mem::replace(&mut self.fetching, true)).then_some(Effect::FetchDigits));
            return effects;
        }
        for who in self.pool.idle() {
            effects.extend(self.next_for(who, at).map(|command| Effect::Post(who, command)));
        }
        effects
    }

    /// The next slice of work for one worker: the job it is in the middle of, or the first that nobody has.
    fn next_for(&mut self, who: usize, at: usize) -> Option<Command> {
        let section = &self.sections[at];
        let open = |task: &Task| section.is_open(*task) && !self.pool.is_busy_with(*task);
        if let Some(task) = self.pool.kept(who).filter(open) {
            self.pool.assign(who, task);
            return Some(Command::GoOn { generation: task.generation, index: task.index as u32 });
        }
        let generation = section.generation;
        let tasks = (0..section.sweep().total()).map(|index| Task { generation, index });
        let task = tasks.into_iter().find(open)?;
        let job = Box::new(section.sweep().jobs()[task.index].clone());
        let send = needs_digits(&job) && self.pool.takes_digits(who);
        let file = if send { self.digits.clone() } else { None };
        self.pool.assign(who, task);
        Some(Command::Job { generation, index: task.index as u32, job, file })
    }

    pub(super) fn waits_for_digits(&self, at: usize) -> bool {
        self.digits.is_none() && self.sections[at].open_jobs().any(needs_digits)
    }

    pub(super) fn hear(&mut self, who: usize, report: Report) -> Vec<Effect> {
        match report {
            Report::Ready => {
                self.pool.ready(who);
                self.hand_out()
            }
            Report::Working { generation, index } => {
                self.pool.answered(who, Task { generation, index: index as usize }, false);
                self.hand_out()
            }
            Report::Outcome { generation, index, outcome } => {
                let task = Task { generation, index: index as usize };
                if !self.pool.answered(who, task, true) {
                    return Vec::new();
                }
                let at = self.sections.iter().position(|section| section.generation == generation);
                let Some(at) = at else { return self.hand_out() };
                match outcome {
                    Ok(outcome) => self.sections[at].put(task.index, outcome),
                    Err(reason) => self.sections[at].set(State::Failed(reason)),
                }
                self.hand_out()
            }
            // Said of messages that could not be read: page and worker do not belong together.
            Report::Refused { .. } => self.lost(who),
            _ => Vec::new(),
        }
    }

    pub(super) fn lost(&mut self, who: usize) -> Vec<Effect> {
        self.pool.lost(who);
        self.hand_out()
    }

    pub(super) fn tick(&mut self, seconds: f64) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(at) = self.served()
            && self.pool.is_up()
        {
            self.sections[at].pass(seconds);
        }
        for who in self.pool.pass(seconds) {
            effects.extend(self.lost(who));
        }
        effects
    }

    pub(super) fn take_digits(&mut self, fetched: Result<Vec<u8>, String>) -> Vec<Effect> {
        let asked = core::mem::replace(&mut self.fetching, false);
        match fetched {
            Ok(bytes) => {
                self.digits = Some(bytes);
                self.hand_out()
            }
            Err(reason) if asked => {
                let reason = format!("The digits could not be fetched ({reason}).");
                let waiting: Vec<usize> = (0..self.sections.len())
                    .filter(|&at| self.sections[at].wants_workers() && self.waits_for_digits(at))
                    .collect();
                for at in waiting {
                    self.sections[at].set(State::Failed(reason.clone()));
                }
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }
}

fn needs_digits(job: &Job) -> bool {
    job.experiment.data == DataKind::Digits && !matches!(job.measure, Measure::Growth | Measure::Shift)
}
