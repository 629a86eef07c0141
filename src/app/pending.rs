//! What the worker is asked for, one thing at a time: it owes at most one answer, and what waits is served in order.

use super::pace::Speed;
use super::{App, Effect, Msg, Phase};
use crate::lab::frame::Frame;
use crate::lab::wire::Command;

/// The worker answers every slice of time; even the largest network's step takes less than so many seconds, and a
/// worker that says nothing for longer, then or while it loads, is taken for dead.
const SILENT: f64 = 30.0;
/// A page that was asleep has not waited: a frame counts for at most so many seconds.
pub const LONGEST_FRAME: f64 = 0.25;
/// Seconds between two looks at a unit while training.
const LOOK_EVERY: f64 = 0.5;
/// A snapshot of a large network takes long: at least so many times as long is trained in between.
const SNAPSHOT_SHARE: f64 = 4.0;

impl App {
    /// Asks for whatever waits, if the worker is free: a live change first, so that it takes effect between two
    /// steps; then single steps, a check, a file, a snapshot of a run that stands still, and a look at a unit.
    fn next(&mut self) -> Vec<Effect> {
        if self.is_busy() || matches!(self.phase, Phase::Stopped(_)) {
            return Vec::new();
        }
        let generation = self.generation;
        let mut effects = Vec::new();
        if self.retune {
            effects.extend(self.apply_live());
            effects.extend(self.ask(0, false));
        } else if self.steps_owed > 0 {
            let steps = core::mem::take(&mut self.steps_owed);
            effects.extend(self.ask(steps, true));
        } else if let Some(fresh) = self.check_wanted.take() {
            self.waiting = true;
            effects.push(Effect::Post(Command::Check { generation, fresh }));
        } else if let Some(format) = self.exporting {
            self.waiting = true;
            let fresh = core::mem::take(&mut self.export_fresh);
            effects.push(Effect::Post(Command::Export { generation, format, fresh }));
        } else if self.phase != Phase::Running && self.snapshot_is_old() {
            effects.extend(self.ask(0, true));
        } else if self.look_is_due() {
            (self.waiting, self.since_look) = (true, 0.0);
            effects.push(Effect::Post(Command::Look { generation, which: self.watched() }));
        }
        effects
    }

    /// The unit that is watched: its layer and its number.
    fn watched(&self) -> [u32; 2] {
        [self.choices.layer as u32, self.choices.unit as u32]
    }

    /// Whether somebody shows a unit of the network and has not seen this one as it is now.
    fn look_is_due(&self) -> bool {
        let now = (self.history.step(), self.watched());
        let known = self.looked.as_ref().is_some_and(|seen| (seen.step, [seen.layer, seen.unit]) == now);
        self.looks && !known && (!self.is_moving() || self.since_look >= LOOK_EVERY)
    }

    pub(super) fn next_then_redraw(&mut self) -> Vec<Effect> {
        let mut effects = self.next();
        effects.push(Effect::Redraw);
        effects
    }

    /// An animation frame: `seconds` have passed since the last one.
    pub(super) fn tick(&mut self, seconds: f64) -> Vec<Effect> {
        self.since_snapshot += seconds;
        self.since_look += seconds;
        if self.is_moving() && !self.is_loading() {
            self.pace.pass(seconds, self.speed);
        }
        if self.waiting || self.awaits_worker() {
            self.silent += seconds.clamp(0.0, LONGEST_FRAME);
            if self.silent > SILENT {
                let reason = if self.waiting {
                    "the worker says nothing any more"
                } else {
                    "the worker does not load"
                };
                return self.update(Msg::WorkerStopped(reason.to_owned()));
            }
        }
        let mut effects = self.start_if_due();
        effects.extend(self.next());
        if self.is_busy() || !self.is_moving() {
            return effects;
        }
        let steps = self.steps_due();
        let snapshot = self.since_snapshot >= self.looks_every().max(SNAPSHOT_SHARE * self.snapshot_took);
        if steps > 0 || snapshot {
            effects.extend(self.ask(steps, snapshot));
        }
        effects
    }

    fn steps_due(&mut self) -> u32 {
        let step = self.history.step();
        if let Some(hurry) = &self.hurry {
            return hurry.to.saturating_sub(step);
        }
        let left = self.stop_at.map_or(u32::MAX, |stop| stop.saturating_sub(step));
        match self.speed {
            Speed::Flat => left,
            speed => self.pace.take(speed).min(left),
        }
    }

    /// Asks the worker for steps.
    pub(super) fn ask(&mut self, steps: u32, snapshot: bool) -> Option<Effect> {
        if self.is_busy() {
            return None;
        }
        self.waiting = true;
        if snapshot {
            (self.since_snapshot, self.snapshot_coming) = (0.0, true);
        }
        Some(Effect::Post(Command::Advance { generation: self.generation, steps, snapshot }))
    }

    fn snapshot_is_old(&self) -> bool {
        self.history.snapshot().is_none_or(|snapshot| snapshot.step != self.history.step())
    }

    pub(super) fn take_frame(&mut self, frame: Frame) {
        self.history.push(frame);
        if core::mem::take(&mut self.snapshot_coming) {
            self.snapshot_took = self.since_snapshot;
        }
        self.stand_still_if_due();
    }
}
