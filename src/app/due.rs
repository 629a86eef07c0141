//! What is due when: the words, the step count, and the parts of a snapshot, each in a frame of its own, so that every
//! frame stays short. The curves come with every drawing; how often there is one, [`App::draws_every`] says.

use super::App;
use crate::lab::history::Choices;
use crate::lab::view::{GradientOf, Pick};

/// Seconds between two updates of numbers that are read, at most: they come with those of an experiment that looks at
/// the lab's network, so that the browser makes its layout once.
const WORDS_EVERY: f64 = 0.6;

/// A part of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What this network has learned.
    Learned(usize),
    /// The layers, as seen when the part before was drawn, or now if it was not.
    Layers,
    /// The layers' bands, as seen then.
    Bands,
    /// The selected layer, as seen then.
    Detail,
}

/// In the order in which they are drawn.
const PARTS: &[Part] = &[Part::Learned(0), Part::Learned(1), Part::Layers, Part::Bands, Part::Detail];
/// The first of them show examples.
const OF_EXAMPLES: usize = 2;

/// What is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// The step count.
    Count,
    /// The step count and all words.
    Words,
}

/// What is to be done in the frame of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// To be drawn.
    pub parts: &'static [Part],
    /// To be written after that: a canvas that is told its font has the browser work out every style that has changed
    /// before.
    pub write: Option<Write>,
}

/// What is to be done in a frame of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Write this.
    Write(Write),
    /// Draw this.
    Draw(Part),
}

/// What a snapshot's parts show.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shown {
    step: Option<u32>,
    pick: Pick,
    /// Layer, unit, gradient and the step under the pointer: of all parts but those that show examples.
    of_layers: (usize, usize, GradientOf, Option<u32>),
}

impl Shown {
    fn of(app: &App) -> Self {
        // The curves, with their measure and scale, come with every drawing.
        let Choices { measure: _, scale: _, layer, unit, gradient, pick, cursor } = app.choices;
        Self {
            step: app.history.snapshot().map(|snapshot| snapshot.step),
            pick,
            of_layers: (layer, unit, gradient, cursor),
        }
    }

    fn shows_the_examples_of(&self, other: &Self) -> bool {
        (self.step, self.pick) == (other.step, other.pick)
    }

    fn is_chosen_as(&self, other: &Self) -> bool {
        (self.pick, self.of_layers) == (other.pick, other.of_layers)
    }
}

/// What waits, and what was done when, in seconds on the clock of who draws.
#[derive(Clone, Debug)]
pub struct Due {
    words: bool,
    count: bool,
    written_at: f64,
    counted_at: f64,
    /// What the snapshot taken up last shows; none if all is to be drawn anew.
    snapshot: Option<Shown>,
    /// Its parts that are still to be drawn.
    parts: &'static [Part],
}

impl Default for Due {
    fn default() -> Self {
        let never = f64::NEG_INFINITY;
        Self { words: false, count: false, written_at: never, counted_at: never, snapshot: None, parts: &[] }
    }
}

impl Due {
    /// There is a drawing at `now`, of everything `anew` or of what has changed: what is to be done with it. The rest
    /// waits for [`Self::next`].
    pub fn draw(&mut self, app: &App, anew: bool, now: f64) -> Now {
        // Where there is to be less motion nothing comes bit by bit.
        let anew = anew || self.snapshot.is_none() || app.calm;
        let still = !app.is_moving();
        let parts = self.take_up(Shown::of(app), anew, still);
        // What stands still has its words at once: they are few, and read.
        let at_once = anew || still;
        self.words |= at_once || now - self.written_at >= WORDS_EVERY;
        self.count |= at_once || now - self.counted_at >= app.counts_every();
        Now { parts, write: if at_once { self.write(now) } else { None } }
    }

    /// Takes note of a new snapshot. What of it is to be drawn at once.
    fn take_up(&mut self, shown: Shown, anew: bool, still: bool) -> &'static [Part] {
        // A choice, such as the step under the pointer, shows at once, in the figures that it concerns.
        let other_choice = self.snapshot.is_some_and(|last| !last.is_chosen_as(&shown));
        // A snapshot waits for the last one: else its own last part might never be drawn. What stands still may be
        // another network at the same step.
        let is_next = self.parts.is_empty() && self.snapshot != Some(shown);
        if anew || other_choice || still || is_next {
            let same_examples = self.snapshot.is_some_and(|last| last.shows_the_examples_of(&shown));
            let are_drawn = same_examples && self.parts.len() <= PARTS.len() - OF_EXAMPLES;
            let without = if are_drawn && other_choice && !anew { OF_EXAMPLES } else { 0 };
            self.parts = &PARTS[without..];
            self.snapshot = Some(shown);
        }
        if anew || other_choice { core::mem::take(&mut self.parts) } else { &[] }
    }

    /// What is to be done at `now` in a frame of its own, if anything waits for one.
    pub fn next(&mut self, now: f64) -> Option<Next> {
        if let Some(write) = self.write(now) {
            return Some(Next::Write(write));
        }
        let (&part, rest) = self.parts.split_first()?;
        self.parts = rest;
        Some(Next::Draw(part))
    }

    /// What there is to write, which is then taken to be written.
    fn write(&mut self, now: f64) -> Option<Write> {
        let (words, count) = (core::mem::take(&mut self.words), core::mem::take(&mut self.count));
        if words {
            self.written_at = now;
        }
        if words || count {
            self.counted_at = now;
        }
        if words { Some(Write::Words) } else { count.then_some(Write::Count) }
    }

    /// The words are written with the next frame: something else on the page changes with it too.
    pub fn write_soon(&mut self) {
        self.words = true;
    }

    /// Whatever was drawn is drawn again.
    pub fn forget(&mut self) {
        self.snapshot = None;
    }

    /// Whether anything waits for a frame of its own.
    pub fn is_unfinished(&self) -> bool {
        self.words || self.count || !self.parts.is_empty()
    }
}

#[cfg(test)]
mod tests;
