//! Carries out a sweep on all cores, with a bar on a terminal. What comes out does not depend on how many there are.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use anyhow::Result;
use batchnorm_playground::data::digits;
use batchnorm_playground::lab::claim::Plan;
use batchnorm_playground::lab::claim::job;
use batchnorm_playground::lab::sweep::Sweep;

use crate::misuse::misuse;

/// Every job of a plan, on all cores.
pub(crate) fn carry_out(plan: Plan) -> Result<Sweep> {
    let mut sweep = Sweep::new(plan);
    let jobs = sweep.jobs().to_vec();
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let (sender, receiver) = mpsc::channel();
    let mut bar = Bar::new(&sweep);
    thread::scope(|scope| {
        for _ in 0..cores.min(jobs.len()) {
            let (sender, jobs, next) = (sender.clone(), &jobs, &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    // Nobody listens any more after a failure: then there is nothing left to do.
                    if sender.send((index, job::run(job, Some(digits::PACKED)))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, outcome) in receiver {
            sweep.put(index, outcome.map_err(misuse)?);
            bar.show(&sweep);
        }
        bar.clear();
        Ok(sweep)
    })
}

/// A line on the terminal: a bar, jobs done, time left.
struct Bar {
    start: Instant,
    shown: bool,
}

impl Bar {
    fn new(sweep: &Sweep) -> Self {
        let bar = Self { start: Instant::now(), shown: io::stderr().is_terminal() };
        bar.draw(sweep);
        bar
    }

    fn show(&mut self, sweep: &Sweep) {
        self.draw(sweep);
    }

    fn draw(&self, sweep: &Sweep) {
        if !self.shown {
            return;
        }
        const CELLS: usize = 30;
        let share = sweep.share_done();
        let full = (share * CELLS as f64) as usize;
        let elapsed = self.start.elapsed().as_secs_f64();
        let left = if share > 0.02 {
            format!(", {:.0} s left", elapsed * (1.0 - share) / share)
        } else {
            String::new()
        };
        let key = sweep.plan().claim.about().key;
        let (filled, empty) = ("\u{2588}".repeat(full), "\u{2591}".repeat(CELLS - full));
        eprint!("\r\x1b[K{key:>6} {filled}{empty} run {} of {}{left}", sweep.done(), sweep.total());
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}
