//! A sweep: a plan's independent jobs and what has come back from them, keyed by the job's place in the list.
//!
//! Whoever runs the jobs (workers of a page, threads, one after the other) may do so in any order and in any
//! number at a time: tables, views and verdicts read this list alone, so they come out equal to the bit.

use super::claim::job::{Job, Outcome};
use super::claim::{Plan, Report};

/// A plan being carried out.
///
/// ```
/// use batchnorm_playground::lab::claim::{Claim, Plan, job};
/// use batchnorm_playground::lab::sweep::Sweep;
///
/// // One seed, and only the first of its jobs: trained here, without the digits, which this one does not need.
/// let mut sweep = Sweep::new(Plan { seeds: 1, ..Plan::usual(Claim::Lr) });
/// let outcome = job::run(&sweep.jobs()[0], None)?;
/// sweep.put(0, outcome);
/// assert!(sweep.done() == 1 && !sweep.is_complete());
/// assert!(sweep.report().verdict.text().starts_with("So far: "));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sweep {
    plan: Plan,
    jobs: Vec<Job>,
    outcomes: Vec<Option<Outcome>>,
    done: usize,
}

impl Sweep {
    /// Nothing run yet.
    pub fn new(plan: Plan) -> Self {
        let jobs = plan.jobs();
        let outcomes = vec![None; jobs.len()];
        Self { plan, jobs, outcomes, done: 0 }
    }

    /// What is being carried out.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Every job, in the order in which they are best started: a whole picture of one seed first.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Takes in what job `index` gave. A second outcome of one job changes nothing: it is the same.
    ///
    /// # Panics
    /// If there is no such job.
    pub fn put(&mut self, index: usize, outcome: Outcome) {
        let place = &mut self.outcomes[index];
        if place.is_none() {
            *place = Some(outcome);
            self.done += 1;
        }
    }

    /// What job `index` gave, if it is over.
    pub fn outcome(&self, index: usize) -> Option<&Outcome> {
        self.outcomes.get(index).and_then(Option::as_ref)
    }

    /// Jobs that are over.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Jobs in all.
    pub fn total(&self) -> usize {
        self.jobs.len()
    }

    /// Whether every job is over.
    pub fn is_complete(&self) -> bool {
        self.done == self.jobs.len()
    }

    /// Share of the work that is done, 0 to 1: jobs weighted by their arithmetic, for the time left.
    pub fn share_done(&self) -> f64 {
        let work = |wanted: fn(&Option<Outcome>) -> bool| -> f64 {
            let members = self.jobs.iter().zip(&self.outcomes).filter(|(_, outcome)| wanted(outcome));
            members.map(|(job, _)| job.work()).sum()
        };
        let all = work(|_| true);
        if all > 0.0 { work(Option::is_some) / all } else { 1.0 }
    }

    /// Tables and verdict of what is there.
    pub fn report(&self) -> Report {
        self.plan.report(self)
    }
}
