//! A run as a file, a slice at a time: it is repeated from its start to where it was. What the file says stands in
//! [`crate::export`].

use super::slice::Slice;
use crate::export::{csv, json, pytorch, record::Replay};
use crate::lab::comparison::{Comparison, Schedule};
use crate::lab::wire::Format;

/// The run being repeated, to be written down.
pub(super) enum Exporting {
    Record(Replay),
    Script(pytorch::Export),
}

impl Exporting {
    pub(super) fn of(comparison: &Comparison, format: Format) -> Result<Self, String> {
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

    /// Until the slice is over. Whether that was all.
    pub(super) fn go_on(&mut self, slice: Slice<'_>) -> bool {
        loop {
            let done = match self {
                Self::Record(replay) => replay.advance(1),
                Self::Script(script) => script.advance(1),
            };
            if done || slice.is_over() {
                return done;
            }
        }
    }

    /// Updates repeated so far.
    pub(super) fn step(&self) -> u32 {
        match self {
            Self::Record(replay) => replay.step(),
            Self::Script(script) => script.step(),
        }
    }

    pub(super) fn text(self, format: Format) -> Result<String, String> {
        match self {
            Self::Script(script) => Ok(script.text()),
            Self::Record(replay) if format == Format::Csv => Ok(csv::write(&replay.finish())),
            Self::Record(replay) => json::write(&replay.finish()),
        }
    }
}
