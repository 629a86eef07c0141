//! A control was turned: what it costs, and when it takes effect.

use super::{App, Effect};
use crate::data::DataKind;
use crate::lab::experiment::{Experiment, RateChange};
use crate::lab::knob::{self, Cost};
use crate::lab::link;
use crate::lab::wire::Command;

impl App {
    /// The control with this key now stands at `text`.
    pub(super) fn turn(&mut self, key: &str, text: &str) -> Vec<Effect> {
        let Some(knob) = knob::by_key(key) else { return Vec::new() };
        let mut turned = self.experiment.clone();
        let read = knob.read(&mut turned, text);
        // The reader's own examples are dealt by the data seed.
        let own = self.own.shape(turned.data_seed);
        turned.own = own.filter(|_| turned.data == DataKind::Own);
        if let Err(note) = read.and_then(|()| turned.check()) {
            self.notes = vec![note];
            return vec![Effect::Redraw];
        }
        self.notes.clear();
        match knob.cost {
            Cost::Live => self.turn_live(key, turned),
            Cost::Restart if turned == self.experiment => Vec::new(),
            // Momentum under plain SGD, say: the setting is kept for later, and so is the run.
            Cost::Restart if turned.makes_the_run_of(&self.experiment) => self.turn_live(key, turned),
            Cost::Restart => {
                self.settle_rate(&mut turned);
                self.experiment = turned;
                self.restart()
            }
        }
    }

    /// A live change takes effect at the next step of both arms; if steps are under way, once they have been
    /// reported, so that the step noted is the step it happened at.
    fn turn_live(&mut self, key: &str, turned: Experiment) -> Vec<Effect> {
        if key == "lr" {
            self.new_rate = Some(turned.learning_rate);
        } else {
            self.experiment = Experiment {
                learning_rate: self.experiment.learning_rate,
                rate_changes: core::mem::take(&mut self.experiment.rate_changes),
                ..turned
            };
        }
        if self.tells_nobody() {
            self.keep_rate();
        } else {
            self.retune = true;
        }
        let mut effects = self.next_then_redraw();
        effects.push(Effect::WriteLink);
        effects
    }

    /// Whether no worker has this run: it will be started with whatever is set by then.
    fn tells_nobody(&self) -> bool {
        self.start_due || !self.worker_ready
    }

    /// A rate that was turned and not yet noted counts from the step on screen.
    pub(super) fn keep_rate(&mut self) {
        if let Some(rate) = self.new_rate.take() {
            self.note_rate(rate);
        }
        self.history.retuned(&self.experiment);
    }

    /// Tells the worker of the live knobs, between two steps.
    pub(super) fn apply_live(&mut self) -> Vec<Effect> {
        self.retune = false;
        self.keep_rate();
        let experiment = self.experiment.clone();
        vec![Effect::Post(Command::Retune { generation: self.generation, experiment }), Effect::WriteLink]
    }

    fn note_rate(&mut self, rate: f32) {
        let step = self.history.step();
        let changes = &mut self.experiment.rate_changes;
        changes.retain(|change| change.step < step);
        if step == 0 {
            self.experiment.learning_rate = rate;
        } else if rate == self.experiment.rate_at(step) {
            // Back where it was before anything was trained with it.
        } else if self.experiment.rate_changes.len() < link::MOST_RATE_CHANGES {
            self.experiment.rate_changes.push(RateChange { step, rate });
        } else {
            self.notes =
                vec!["The learning rate was changed too often for a link to repeat it; press Reset.".into()];
        }
    }

    /// A new run has one learning rate: the one in force.
    pub(super) fn settle_rate(&self, experiment: &mut Experiment) {
        experiment.learning_rate = self.rate_now();
        experiment.rate_changes.clear();
    }
}
