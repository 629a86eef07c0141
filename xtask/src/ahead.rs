//! What later steps need, compiled while earlier ones leave a core idle: a release is linked, and most files of tests
//! run, on one core alone.
//!
//! The steps themselves then find it compiled. What does not compile here is theirs to tell: nothing is shown.

use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};

/// Commands that run one after the other, beside everything else.
pub(crate) struct Ahead(JoinHandle<()>);

impl Ahead {
    /// Begins.
    pub(crate) fn begin(commands: Vec<Command>) -> Self {
        Self(thread::spawn(move || commands.into_iter().for_each(silently)))
    }

    /// Waits for the last one: two at a time would only wait for each other's locks.
    pub(crate) fn end(self) {
        // If it panicked, the steps do its work.
        let _ = self.0.join();
    }
}

fn silently(mut command: Command) {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // What fails fails again in its step, where it is told.
    let _ = quiet.status();
}
