//! What the worker has to say, and what is made of it.

use super::own::Sent;
use super::{App, Effect, Msg, Phase};
use crate::lab::wire::Report;

impl App {
    /// A report of the worker. What it says of an earlier run is dropped.
    pub(super) fn hear(&mut self, report: Report) -> Vec<Effect> {
        let generation = match &report {
            Report::Ready => {
                (self.worker_ready, self.sent) = (true, Sent::default());
                return self.begin();
            }
            Report::Refused { generation, .. }
            | Report::Frame { generation, .. }
            | Report::Checked { generation, .. }
            | Report::Looked { generation, .. }
            | Report::Exporting { generation, .. }
            | Report::Exported { generation, .. } => *generation,
            // Of sweeps, which the lab's own worker is never given.
            Report::Working { .. } | Report::Outcome { .. } => return Vec::new(),
        };
        // Whichever run it was about: the worker owes nothing now.
        (self.waiting, self.silent) = (false, 0.0);
        if generation != self.generation {
            return Vec::new();
        }
        let mut effects = Vec::new();
        match report {
            Report::Ready | Report::Working { .. } | Report::Outcome { .. } => {}
            Report::Refused { reason, .. } => {
                self.phase = Phase::Paused;
                self.notes = vec![reason];
                return vec![Effect::Redraw];
            }
            Report::Frame { frame, .. } => {
                if !frame.is_sound(self.experiment.hidden_layers as usize, self.experiment.width as usize) {
                    return self.update(Msg::WorkerStopped("a report contradicts itself".to_owned()));
                }
                self.take_frame(*frame);
            }
            Report::Checked { checked, .. } => {
                self.check_wanted = self.check_wanted.or((!checked.done).then_some(false));
                self.checked = Some(checked);
            }
            Report::Looked { looked, .. } => {
                self.looked = Some(looked);
                effects.push(Effect::Looked);
            }
            Report::Exporting { step, .. } => self.export_step = step,
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
}
