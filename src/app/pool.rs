//! The workers of the sweeps: who is there, who has which job, who has been silent for too long. What to hand out is
//! decided in [`super::experiments`].

use super::LONGEST_FRAME;

/// A job under way: the number of its sweep and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Number of the sweep.
    pub generation: u32,
    /// Place of the job.
    pub index: usize,
}

/// A worker answers at least every slice of time; one that says nothing for so many seconds is taken for dead.
const SILENT: f64 = 10.0;
/// The same while it loads.
const SILENT_LOADING: f64 = 30.0;
/// So many deaths per worker with no result in between, and it is no use to go on. One mishap may take all of them at
/// once, and none of them has then been tried twice.
const MOST_DEATHS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Not started, or dead.
    Absent,
    Loading,
    /// Waits, perhaps in the middle of a job.
    Idle(Option<Task>),
    /// Owes an answer.
    Busy(Task),
}

#[derive(Clone, Debug)]
struct Worker {
    state: State,
    silent: f64,
    has_digits: bool,
}

/// The workers, by their number from 0.
#[derive(Clone, Debug)]
pub struct Pool {
    workers: Vec<Worker>,
    deaths: usize,
}

impl Pool {
    /// So many workers, at least one, none of them started.
    pub fn new(workers: usize) -> Self {
        let absent = Worker { state: State::Absent, silent: 0.0, has_digits: false };
        Self { workers: vec![absent; workers.max(1)], deaths: 0 }
    }

    /// From now on there is one alone; returns those that must be ended.
    pub fn shrink(&mut self) -> Vec<usize> {
        let ended = 1..self.workers.len();
        self.workers.truncate(1);
        ended.collect()
    }

    /// Workers that must be started now.
    pub fn fill(&mut self) -> Vec<usize> {
        let mut started = Vec::new();
        for (who, worker) in self.workers.iter_mut().enumerate() {
            if worker.state == State::Absent {
                *worker = Worker { state: State::Loading, silent: 0.0, has_digits: false };
                started.push(who);
            }
        }
        started
    }

    /// A worker has loaded.
    pub fn ready(&mut self, who: usize) {
        if let Some(worker) = self.workers.get_mut(who)
            && worker.state == State::Loading
        {
            (worker.state, worker.silent) = (State::Idle(None), 0.0);
        }
    }

    /// Those that wait: first those in the middle of a job.
    pub fn idle(&self) -> Vec<usize> {
        let waits = |kept: bool| {
            let states = self.workers.iter().enumerate();
            states
                .filter(
                    move |(_, worker)| matches!(worker.state, State::Idle(task) if task.is_some() == kept),
                )
                .map(|(who, _)| who)
        };
        waits(true).chain(waits(false)).collect()
    }

    /// The job an idle worker is in the middle of.
    pub fn kept(&self, who: usize) -> Option<Task> {
        match self.workers.get(who)?.state {
            State::Idle(task) => task,
            _ => None,
        }
    }

    /// Whether any worker is at work on it.
    pub fn is_busy_with(&self, task: Task) -> bool {
        self.workers.iter().any(|worker| worker.state == State::Busy(task))
    }

    /// Whether any worker owes an answer.
    pub fn is_busy(&self) -> bool {
        self.workers.iter().any(|worker| matches!(worker.state, State::Busy(_)))
    }

    /// Whether any worker has loaded.
    pub fn is_up(&self) -> bool {
        self.workers.iter().any(|worker| matches!(worker.state, State::Idle(_) | State::Busy(_)))
    }

    /// A worker is sent on.
    pub fn assign(&mut self, who: usize, task: Task) {
        if let Some(worker) = self.workers.get_mut(who) {
            (worker.state, worker.silent) = (State::Busy(task), 0.0);
        }
    }

    /// Whether the digits must go with a job; from now on the worker has them.
    pub fn takes_digits(&mut self, who: usize) -> bool {
        self.workers.get_mut(who).is_some_and(|worker| !core::mem::replace(&mut worker.has_digits, true))
    }

    /// A worker answered about a job: it is over, or (if not) can be gone on with. False if it was not at that.
    pub fn answered(&mut self, who: usize, task: Task, over: bool) -> bool {
        match self.workers.get_mut(who) {
            Some(worker) if worker.state == State::Busy(task) => {
                (worker.state, worker.silent) = (State::Idle((!over).then_some(task)), 0.0);
                if over {
                    self.deaths = 0;
                }
                true
            }
            _ => false,
        }
    }

    /// A worker is gone; its job is open again.
    pub fn lost(&mut self, who: usize) {
        if let Some(worker) = self.workers.get_mut(who)
            && worker.state != State::Absent
        {
            worker.state = State::Absent;
            self.deaths += 1;
        }
    }

    /// Whether workers die again and again without a result.
    pub fn is_hopeless(&self) -> bool {
        self.deaths >= MOST_DEATHS * self.workers.len()
    }

    /// The reader wants another try.
    pub fn forgive(&mut self) {
        self.deaths = 0;
    }

    /// `seconds` have passed; returns those that have been silent for too long.
    pub fn pass(&mut self, seconds: f64) -> Vec<usize> {
        let mut dead = Vec::new();
        for (who, worker) in self.workers.iter_mut().enumerate() {
            let limit = match worker.state {
                State::Loading => SILENT_LOADING,
                State::Busy(_) => SILENT,
                State::Absent | State::Idle(_) => continue,
            };
            worker.silent += seconds.min(LONGEST_FRAME);
            if worker.silent > limit {
                dead.push(who);
            }
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: Task = Task { generation: 1, index: 7 };

    #[test]
    fn a_worker_loads_works_and_waits() {
        let mut pool = Pool::new(0);
        assert_eq!(pool.fill(), [0], "at least one");
        assert_eq!((pool.fill(), pool.idle()), (vec![], vec![]));
        pool.ready(0);
        pool.assign(0, TASK);
        assert!(pool.is_busy_with(TASK) && pool.idle().is_empty());
        assert!(!pool.answered(0, Task { index: 8, ..TASK }, true), "that is not what it was at");
        assert!(pool.answered(0, TASK, false));
        assert_eq!((pool.idle(), pool.kept(0)), (vec![0], Some(TASK)));
        pool.assign(0, TASK);
        assert!(pool.answered(0, TASK, true));
        assert_eq!(pool.kept(0), None);
    }

    #[test]
    fn the_silent_are_found_but_not_while_the_page_slept() {
        let mut pool = Pool::new(1);
        pool.fill();
        pool.ready(0);
        assert_eq!(pool.pass(100.0), [] as [usize; 0], "idle workers owe nothing");
        pool.assign(0, TASK);
        assert_eq!(pool.pass(3600.0), [] as [usize; 0]);
        let dead = (0..60).map(|_| pool.pass(0.2)).find(|dead| !dead.is_empty());
        assert_eq!(dead, Some(vec![0]));
    }

    #[test]
    fn a_new_worker_has_no_digits() {
        let mut pool = Pool::new(1);
        pool.fill();
        assert_eq!([pool.takes_digits(0), pool.takes_digits(0)], [true, false]);
        pool.lost(0);
        pool.fill();
        assert!(pool.takes_digits(0));
    }

    #[test]
    fn shrunk_it_has_one_and_hears_no_other() {
        let mut pool = Pool::new(3);
        pool.fill();
        pool.ready(2);
        assert_eq!((pool.shrink(), pool.shrink()), (vec![1, 2], vec![]));
        pool.ready(1);
        pool.ready(2);
        assert_eq!((pool.idle(), pool.fill()), (vec![], vec![]));
        pool.ready(0);
        assert_eq!(pool.idle(), [0]);
    }

    #[test]
    fn it_gives_up_after_some_deaths_in_a_row() {
        let mut pool = Pool::new(1);
        for _ in 0..MOST_DEATHS {
            assert!(!pool.is_hopeless());
            pool.fill();
            pool.lost(0);
        }
        assert!(pool.is_hopeless());
        pool.forgive();
        assert!(!pool.is_hopeless());
    }

    #[test]
    fn a_mishap_that_takes_all_workers_at_once_counts_once_for_each() {
        let mut pool = Pool::new(7);
        for _ in 0..MOST_DEATHS {
            assert!(!pool.is_hopeless());
            assert_eq!(pool.fill().len(), 7);
            (0..7).for_each(|who| pool.lost(who));
        }
        assert!(pool.is_hopeless());
    }
}
