//! What can happen to the page, and what the page can be told to do.

use super::keys::Deed;
use super::own::OwnMsg;
use crate::lab::history::Choices;
use crate::lab::wire::{Command, Format, Report};

/// What the page is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Training, or about to once loaded.
    Running,
    /// Standing still because the reader wants it.
    Paused,
    /// Standing still because nothing more is to be seen; can go on.
    Finished,
    /// The trainer is gone; one sentence.
    Stopped(String),
}

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// The worker said something.
    Report(Report),
    /// An animation frame; the seconds since the last.
    Tick(f64),
    /// A control was turned: key and text as in a link.
    Turn(&'static str, String),
    /// The big button.
    TrainOrPause,
    /// Another embed runs, or no longer does: only one is to run at a time.
    Hold(bool),
    /// One step.
    Step,
    /// From step 0 again, same seed.
    Reset,
    /// From step 0 with the next seed.
    NewSeed,
    /// A link is to be shown.
    Load(String),
    /// A preset is to be shown.
    Preset(usize),
    /// The speed slider, 0 to 1.
    Speed(f64),
    /// A key was pressed that means something.
    Key(Deed),
    /// Keys of one character count, or no longer do.
    SingleKeys(bool),
    /// Another layer, unit, scale, gradient or cursor.
    Choose(Choices),
    /// The lab has come on screen or left it.
    Seen(bool),
    /// Somebody shows a unit of the second network, or no longer does.
    Look(bool),
    /// The page is about to be printed.
    Print,
    /// The reader asks for less motion, or no longer does.
    Calm(bool),
    /// The file of digits arrived, or a sentence why not.
    Digits(Result<Vec<u8>, String>),
    /// No worker can be had: the page trains itself.
    InPage,
    /// The worker is gone; one sentence.
    WorkerStopped(String),
    /// Check the gradients of the networks as they are now.
    Check,
    /// Write the run as a file.
    Export(Format),
    /// The notes have been read.
    DismissNotes,
    /// The reader's own data.
    Own(OwnMsg),
}

impl Msg {
    /// Whether a reader has just said with it that this is to run: then it goes before what runs for being seen.
    pub fn is_said_by_reader(&self) -> bool {
        matches!(self, Self::TrainOrPause | Self::Step | Self::Key(Deed::Train | Deed::Step))
    }
}

/// Something to be done by the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send to the worker.
    Post(Command),
    /// Fetch the file of digits and report it.
    FetchDigits,
    /// The address has changed.
    WriteLink,
    /// A unit was looked at: show it.
    Looked,
    /// Something visible has changed.
    Redraw,
    /// Hand the reader a file: its name and its text.
    Save(String, String),
    /// Light becomes dark and the other way round.
    SwitchTheme,
    /// Open the panel with this name, or shut it.
    TogglePanel(&'static str),
    /// Shut the open panel, if there is one.
    ShutPanel,
    /// Go to the experiment with this number; 0 is the lab.
    ShowExperiment(u32),
    /// Go to the experiment that the link leads to.
    Lead,
    /// End the worker, if any, and start another.
    NewWorker,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_says_what_is_to_run_by_train_and_step_alone() {
        let by_itself =
            [Msg::Tick(0.1), Msg::Seen(true), Msg::Hold(false), Msg::InPage, Msg::Report(Report::Ready)];
        assert!(!by_itself.iter().any(Msg::is_said_by_reader));
        // A run that stands still does so with another setting too.
        let settings = [Msg::Turn("lr", "0.1".into()), Msg::Speed(0.5), Msg::Choose(Choices::default())];
        assert!(!settings.iter().any(Msg::is_said_by_reader));
        let other_keys = [Deed::Reset, Deed::Layer(1)].map(Msg::Key);
        assert!(!other_keys.iter().any(Msg::is_said_by_reader));
        let keys = [Deed::Train, Deed::Step].map(Msg::Key);
        assert!([Msg::TrainOrPause, Msg::Step].iter().chain(&keys).all(Msg::is_said_by_reader));
    }
}
