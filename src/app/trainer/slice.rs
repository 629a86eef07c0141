//! Slices of time: how long the trainer works on a message before it answers and hears the next.

/// Tells the time, in milliseconds from any moment.
pub type Clock<'a> = &'a dyn Fn() -> f64;

/// Milliseconds of work per message: Pause, Step, Reset and a hidden tab take effect within them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slices {
    /// Of the lab's run, its check and its export.
    pub(super) run: f64,
    /// Of a sweep's job.
    pub(super) job: f64,
}

/// In a worker, which nobody waits for.
pub(super) const WORKER: Slices = Slices { run: 12.0, job: 150.0 };
/// In the page, which has frames to draw in between.
pub(super) const PAGE: Slices = Slices { run: 6.0, job: 6.0 };

/// A slice under way.
#[derive(Clone, Copy)]
pub(super) struct Slice<'a> {
    clock: Clock<'a>,
    end: f64,
}

impl<'a> Slice<'a> {
    /// So many milliseconds from now on.
    pub(super) fn of(milliseconds: f64, clock: Clock<'a>) -> Self {
        Self { clock, end: clock() + milliseconds }
    }

    pub(super) fn is_over(&self) -> bool {
        (self.clock)() > self.end
    }
}
