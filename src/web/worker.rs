//! The trainer's side, in a worker or in the page: commands in, time-boxed steps, reports out.

use wasm_bindgen::prelude::*;

use crate::data::DataKind;
use crate::export::{csv, json, pytorch, record::Replay};
use crate::lab::check::Check;
use crate::lab::claim::job::{Job, JobRun, Outcome};
use crate::lab::comparison::{Comparison, Schedule};
use crate::lab::wire::{self, Checked, Command, Format, Report};

/// Milliseconds of work per message: Pause, Step, Reset and a hidden tab take effect within them.
#[derive(Clone, Copy)]
struct Slices {
    /// Of the lab's run, its check and its export.
    run: f64,
    /// Of a sweep's job.
    job: f64,
}

/// In a worker, which nobody waits for.
const WORKER: Slices = Slices { run: 12.0, job: 150.0 };
/// In the page, which has frames to draw in between.
const PAGE: Slices = Slices { run: 6.0, job: 6.0 };

#[wasm_bindgen]
extern "C" {
    /// The clock of a page or a worker.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// Trains whatever the page asks for.
#[wasm_bindgen]
pub struct Trainer {
    slices: Slices,
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

/// A check of both arms under way, and the step it belongs to.
struct Checking {
    step: u32,
    arms: [Result<Check, String>; 2],
}

#[wasm_bindgen]
impl Trainer {
    /// A trainer with nothing to do.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        super::panic::tell_of_panics();
        Self::of(WORKER)
    }

    /// What to say first.
    pub fn ready(&self) -> Vec<u8> {
        wire::encode(&Report::Ready)
    }

    /// Takes a message and returns the answer, if it calls for one.
    pub fn handle(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        match wire::decode(message) {
            Ok(command) => self.obey(command).map(|report| wire::encode(&report)),
            Err(reason) => Some(wire::encode(&Report::Refused { generation: 0, reason })),
        }
    }
}

impl Trainer {
    /// A trainer for a page that trains by itself.
    pub(super) fn in_page() -> Self {
        Self::of(PAGE)
    }

    fn of(slices: Slices) -> Self {
        Self { slices, run: None, check: None, export: None, job: None, digits: None, own: None }
    }

    /// Does what it is told and returns the answer, if there is one.
    pub(super) fn obey(&mut self, command: Command) -> Option<Report> {
        let end = now() + self.slices.run;
        match command {
            Command::Start { generation, experiment, unit, file } => {
                self.run = None;
                (self.check, self.export) = (None, None);
                let kept = if experiment.data == DataKind::Digits { &mut self.digits } else { &mut self.own };
                if file.is_some() {
                    *kept = file;
                }
                let data = experiment.dataset(kept.as_deref());
                match data.and_then(|data| Comparison::new(experiment, data, unit as usize)) {
                    Ok(comparison) => {
                        self.run = Some((generation, comparison));
                        None
                    }
                    Err(reason) => Some(Report::Refused { generation, reason }),
                }
            }
            Command::Advance { generation, steps, snapshot } => {
                let comparison = self.comparison(generation)?;
                train(comparison, steps, end);
                Some(Report::Frame { generation, frame: Box::new(comparison.frame(snapshot)) })
            }
            Command::Retune { generation, experiment } => {
                let comparison = self.comparison(generation)?;
                comparison.retune(experiment);
                comparison.evaluate();
                None
            }
            Command::Check { generation, fresh } => {
                if fresh || self.check.is_none() {
                    self.check = Some(Checking::of(self.comparison(generation)?));
                }
                self.comparison(generation)?;
                let checked = self.check.as_mut()?.go_on(end);
                Some(Report::Checked { generation, checked })
            }
            Command::Export { generation, format, fresh } => {
                self.comparison(generation)?;
                if fresh || self.export.is_none() {
                    match Exporting::of(self.comparison(generation)?, format) {
                        Ok(export) => self.export = Some(export),
                        Err(reason) => {
                            return Some(Report::Exported { generation, format, text: Err(reason) });
                        }
                    }
                }
                let export = self.export.as_mut()?;
                if !export.go_on(end) {
                    return Some(Report::Exporting { generation, step: export.step() });
                }
                let text = self.export.take()?.text(format);
                Some(Report::Exported { generation, format, text })
            }
            Command::Look { generation, which } => {
                let looked = self.comparison(generation)?.look_at(which);
                Some(Report::Looked { generation, looked })
            }
            Command::Job { generation, index, job, file } => {
                if file.is_some() {
                    self.digits = file;
                }
                Some(self.begin(generation, index, &job))
            }
            Command::GoOn { generation, index } => {
                let (at, k, _) = self.job.as_ref()?;
                ((*at, *k) == (generation, index)).then(|| self.work())?
            }
        }
    }

    /// Takes up a sweep's job in place of any other.
    fn begin(&mut self, generation: u32, index: u32, job: &Job) -> Report {
        self.job = None;
        match JobRun::new(job, self.digits.as_deref()) {
            Ok(run) => {
                self.job = Some((generation, index, run));
                self.work().unwrap_or(Report::Working { generation, index })
            }
            Err(reason) => Report::Outcome { generation, index, outcome: Err(reason) },
        }
    }

    /// One slice of the job under way.
    fn work(&mut self) -> Option<Report> {
        let (generation, index, run) = self.job.as_mut()?;
        let (generation, index) = (*generation, *index);
        match slice(run, now() + self.slices.job) {
            Some(outcome) => {
                self.job = None;
                Some(Report::Outcome { generation, index, outcome: Ok(outcome) })
            }
            None => Some(Report::Working { generation, index }),
        }
    }

    /// The run with this number, if it is the one at hand.
    fn comparison(&mut self, generation: u32) -> Option<&mut Comparison> {
        self.run.as_mut().filter(|(running, _)| *running == generation).map(|(_, comparison)| comparison)
    }
}

impl Checking {
    /// Both arms as they are now, on the mini-batch to come.
    fn of(comparison: &mut Comparison) -> Self {
        let batch = comparison.next_batch().clone();
        let (step, seed) = (comparison.step_count(), u64::from(comparison.experiment().seed));
        let arms = comparison.arms().each_ref().map(|arm| match arm.diverged_at() {
            None => Check::new(arm.network(), &batch, seed, step),
            Some(at) => Err(format!("It diverged at step {at}.")),
        });
        Self { step, arms }
    }

    /// Until then.
    fn go_on(&mut self, end: f64) -> Checked {
        let mut done = false;
        while !done && now() < end {
            done = true;
            for check in self.arms.iter_mut().flatten() {
                done &= check.advance(CHECK_LOSSES);
            }
        }
        let arms = self
            .arms
            .each_ref()
            .map(|arm| arm.as_ref().map(|check| check.report().clone()).map_err(Clone::clone));
        Checked { step: self.step, arms, done }
    }
}

/// Losses between two looks at the clock.
const CHECK_LOSSES: u32 = 8;

/// Steps of a job between two looks at the clock.
const JOB_STEPS: u32 = 8;

fn slice(run: &mut JobRun, end: f64) -> Option<Outcome> {
    loop {
        let outcome = run.advance(JOB_STEPS);
        if outcome.is_some() || now() > end {
            return outcome;
        }
    }
}

/// The run being repeated from its start to where it was, to be written down.
enum Exporting {
    Record(Replay),
    Script(pytorch::Export),
}

impl Exporting {
    fn of(comparison: &Comparison, format: Format) -> Result<Self, String> {
        let (experiment, data) = (comparison.experiment(), comparison.data().clone());
        let steps = comparison.step_count();
        if format == Format::PyTorch {
            let steps = steps.max(1);
            let checks = pytorch::default_checks(experiment, steps);
            return pytorch::Export::new(experiment, data, steps, &checks).map(Self::Script);
        }
        let sample_every = Schedule::of(experiment).sample_every;
        Replay::new(experiment, data, steps, sample_every).map(Self::Record)
    }

    /// Until then. Whether that was all.
    fn go_on(&mut self, end: f64) -> bool {
        loop {
            let done = match self {
                Self::Record(replay) => replay.advance(1),
                Self::Script(script) => script.advance(1),
            };
            if done || now() > end {
                return done;
            }
        }
    }

    fn step(&self) -> u32 {
        match self {
            Self::Record(replay) => replay.step(),
            Self::Script(script) => script.step(),
        }
    }

    fn text(self, format: Format) -> Result<String, String> {
        match self {
            Self::Script(script) => Ok(script.text()),
            Self::Record(replay) if format == Format::Csv => Ok(csv::write(&replay.finish())),
            Self::Record(replay) => json::write(&replay.finish()),
        }
    }
}

/// At most `steps` steps, and none begun after `end`. How many are made changes no number.
fn train(comparison: &mut Comparison, steps: u32, end: f64) {
    for _ in 0..steps {
        if comparison.is_over() {
            break;
        }
        comparison.advance();
        if now() > end {
            break;
        }
    }
}
