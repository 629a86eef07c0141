//! The trainer, in a worker or in the page: commands in, time-boxed work, reports out. Pure: what the time is, it is
//! told. How long a slice takes decides when it answers and never what.

mod check;
mod export;
mod slice;
#[cfg(test)]
mod tests;

pub use slice::Clock;

use crate::data::DataKind;
use crate::lab::claim::job::{Job, JobRun};
use crate::lab::comparison::Comparison;
use crate::lab::experiment::Experiment;
use crate::lab::wire::{self, Command, Format, Report};
use check::Checking;
use export::Exporting;
use slice::{Slice, Slices};

/// Steps of a job between two looks at the clock.
const JOB_STEPS: u32 = 8;

/// Trains whatever the page asks for.
pub struct Trainer {
    slices: Slices,
    /// The lab's run, by its number, with its check and its export.
    run: Option<(u32, Comparison)>,
    check: Option<Checking>,
    export: Option<Exporting>,
    /// A sweep's job under way: number of the sweep, place in it.
    job: Option<(u32, u32, JobRun)>,
    /// The last file of digits.
    digits: Option<Vec<u8>>,
    /// The reader's last own examples.
    own: Option<Vec<u8>>,
}

impl Trainer {
    /// With nothing to do, in a worker of its own.
    pub fn in_worker() -> Self {
        Self::of(slice::WORKER)
    }

    /// With nothing to do, in a page that trains by itself.
    pub fn in_page() -> Self {
        Self::of(slice::PAGE)
    }

    fn of(slices: Slices) -> Self {
        Self { slices, run: None, check: None, export: None, job: None, digits: None, own: None }
    }

    /// Takes a message and returns the answer, if it calls for one.
    pub fn handle(&mut self, message: &[u8], clock: Clock<'_>) -> Option<Vec<u8>> {
        let report = match wire::decode(message) {
            Ok(command) => self.obey(command, clock)?,
            Err(reason) => Report::Refused { generation: 0, reason },
        };
        Some(wire::encode(&report))
    }

    /// Does what it is told and returns the answer, if there is one. What concerns another run than the one at hand is
    /// late, and dropped.
    pub fn obey(&mut self, command: Command, clock: Clock<'_>) -> Option<Report> {
        let slice = Slice::of(self.slices.run, clock);
        match command {
            Command::Start { generation, experiment, unit, file } => {
                let refused = self.start(generation, experiment, unit, file).err();
                refused.map(|reason| Report::Refused { generation, reason })
            }
            Command::Advance { generation, steps, snapshot } => {
                let comparison = at_hand(&mut self.run, generation)?;
                train(comparison, steps, slice);
                Some(Report::Frame { generation, frame: Box::new(comparison.frame(snapshot)) })
            }
            Command::Retune { generation, experiment } => {
                let comparison = at_hand(&mut self.run, generation)?;
                comparison.retune(experiment);
                comparison.evaluate();
                None
            }
            Command::Check { generation, fresh } => self.check(generation, fresh, slice),
            Command::Export { generation, format, fresh } => self.export(generation, format, fresh, slice),
            Command::Look { generation, which } => {
                let looked = at_hand(&mut self.run, generation)?.look_at(which);
                Some(Report::Looked { generation, looked })
            }
            Command::Job { generation, index, job, file } => {
                if file.is_some() {
                    self.digits = file;
                }
                self.begin(generation, index, &job, clock)
            }
            Command::GoOn { generation, index } => {
                self.job.as_ref().filter(|(sweep, place, _)| (*sweep, *place) == (generation, index))?;
                self.work(clock)
            }
        }
    }

    // The lab's run

    /// Takes up a run in place of any other. Refused, it leaves none.
    fn start(
        &mut self,
        generation: u32,
        experiment: Experiment,
        unit: u32,
        file: Option<Vec<u8>>,
    ) -> Result<(), String> {
        (self.run, self.check, self.export) = (None, None, None);
        let kept = if experiment.data == DataKind::Digits { &mut self.digits } else { &mut self.own };
        if file.is_some() {
            *kept = file;
        }
        let data = experiment.dataset(kept.as_deref())?;
        self.run = Some((generation, Comparison::new(experiment, data, unit as usize)?));
        Ok(())
    }

    fn check(&mut self, generation: u32, fresh: bool, slice: Slice<'_>) -> Option<Report> {
        let comparison = at_hand(&mut self.run, generation)?;
        let begun = self.check.take().filter(|_| !fresh);
        let checking = begun.unwrap_or_else(|| Checking::of(comparison));
        let checked = self.check.insert(checking).go_on(slice);
        Some(Report::Checked { generation, checked })
    }

    fn export(&mut self, generation: u32, format: Format, fresh: bool, slice: Slice<'_>) -> Option<Report> {
        let comparison = at_hand(&mut self.run, generation)?;
        let begun = self.export.take().filter(|_| !fresh);
        let mut export = match begun.map_or_else(|| Exporting::of(comparison, format), Ok) {
            Ok(export) => export,
            Err(reason) => return Some(Report::Exported { generation, format, text: Err(reason) }),
        };
        if export.go_on(slice) {
            return Some(Report::Exported { generation, format, text: export.text(format) });
        }
        let step = self.export.insert(export).step();
        Some(Report::Exporting { generation, step })
    }

    // A sweep's job

    /// Takes up a job in place of any other, and works on it.
    fn begin(&mut self, generation: u32, index: u32, job: &Job, clock: Clock<'_>) -> Option<Report> {
        self.job = None;
        match JobRun::new(job, self.digits.as_deref()) {
            Ok(run) => {
                self.job = Some((generation, index, run));
                self.work(clock)
            }
            Err(reason) => Some(Report::Outcome { generation, index, outcome: Err(reason) }),
        }
    }

    /// One slice of the job under way.
    fn work(&mut self, clock: Clock<'_>) -> Option<Report> {
        let slice = Slice::of(self.slices.job, clock);
        let (generation, index, run) = self.job.as_mut()?;
        let (generation, index) = (*generation, *index);
        loop {
            if let Some(outcome) = run.advance(JOB_STEPS) {
                self.job = None;
                return Some(Report::Outcome { generation, index, outcome: Ok(outcome) });
            }
            if slice.is_over() {
                return Some(Report::Working { generation, index });
            }
        }
    }
}

/// The run with this number, if it is the one at hand.
fn at_hand(run: &mut Option<(u32, Comparison)>, generation: u32) -> Option<&mut Comparison> {
    run.as_mut().filter(|(running, _)| *running == generation).map(|(_, comparison)| comparison)
}

/// At most `steps` steps, and none begun after the slice.
fn train(comparison: &mut Comparison, steps: u32, slice: Slice<'_>) {
    for _ in 0..steps {
        if comparison.is_over() {
            break;
        }
        comparison.advance();
        if slice.is_over() {
            break;
        }
    }
}
