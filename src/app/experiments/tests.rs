//! Sweeps on a pool of make-believe workers that answer in any order, die, and are lied to.

use super::*;
use crate::data::digits::PACKED;
use crate::lab::claim::job::{self, Outcome};
use crate::lab::sweep::Sweep;
use crate::math::rng::{Purpose, Rng};

const SEEN: Sight = Sight { share: 1.0, of_window: 0.5 };
const AWAY: Sight = Sight { share: 0.0, of_window: 0.0 };

/// What a worker was sent and has not answered.
#[derive(Clone)]
struct Sent {
    who: usize,
    generation: u32,
    index: u32,
}

/// The shell: keeps what was posted, and answers when told to.
struct Shell {
    page: Experiments,
    sent: Vec<Sent>,
    started: Vec<usize>,
    shown: Vec<String>,
    fetches: usize,
    files: usize,
}

impl Shell {
    fn new(claims: &[Claim], cores: usize) -> Self {
        let page = Experiments::new(claims, cores, Start::Usual);
        Self { page, sent: Vec::new(), started: Vec::new(), shown: Vec::new(), fetches: 0, files: 0 }
    }

    fn tell(&mut self, message: Msg) {
        for effect in self.page.update(message) {
            match effect {
                Effect::NewWorker(who) => {
                    self.sent.retain(|sent| sent.who != who);
                    self.started.push(who);
                }
                Effect::EndWorker(who) => {
                    self.sent.retain(|sent| sent.who != who);
                    self.started.retain(|started| *started != who);
                }
                Effect::Post(who, Command::Job { generation, index, file, .. }) => {
                    self.files += usize::from(file.is_some());
                    self.sent.push(Sent { who, generation, index });
                }
                Effect::Post(who, Command::GoOn { generation, index }) => {
                    self.sent.push(Sent { who, generation, index });
                }
                Effect::Post(..) => panic!("no business of a sweep"),
                Effect::FetchDigits => self.fetches += 1,
                Effect::Show(_, link) => self.shown.push(link),
            }
        }
    }

    /// All workers that were started have loaded.
    fn load(&mut self) {
        for who in core::mem::take(&mut self.started) {
            self.tell(Msg::Report(who, Report::Ready));
        }
    }

    /// The `k`th outstanding piece of work is over.
    fn finish(&mut self, k: usize, outcome: impl Fn(u32) -> Outcome) {
        let Sent { who, generation, index } = self.sent.remove(k);
        let outcome = Ok(outcome(index));
        self.tell(Msg::Report(who, Report::Outcome { generation, index, outcome }));
    }

    /// The `k`th outstanding piece of work goes on.
    fn slice(&mut self, k: usize) {
        let Sent { who, generation, index } = self.sent.remove(k);
        self.tell(Msg::Report(who, Report::Working { generation, index }));
    }

    fn done(&self, at: usize) -> usize {
        self.page.sections()[at].sweep().done()
    }
}

/// Started, seen, loaded.
fn running(claims: &[Claim], cores: usize) -> Shell {
    let mut shell = Shell::new(claims, cores);
    shell.tell(Msg::Main(0));
    shell.tell(Msg::Seen(0, SEEN));
    shell.load();
    shell
}

/// Stands in for an outcome where only the bookkeeping counts.
fn blank(_: u32) -> Outcome {
    Outcome::Growth(1.0)
}

/// A small plan whose real outcomes differ from job to job.
fn small() -> Plan {
    Plan { seeds: 1, ..Plan::usual(Claim::Depth).with(0, 0) }
}

fn on_its_own() -> Sweep {
    let mut sweep = Sweep::new(small());
    for index in 0..sweep.total() {
        let outcome = job::run(&sweep.jobs()[index], Some(PACKED)).unwrap();
        sweep.put(index, outcome);
    }
    sweep
}

#[test]
fn where_no_worker_can_be_had_the_page_has_one_trainer_which_does_it_all() {
    let mut shell = Shell::new(&[Claim::Depth], 9);
    shell.page.sections[0].restart(small(), 77, State::Running);
    shell.tell(Msg::Seen(0, SEEN));
    assert_eq!(shell.started.len(), 8);
    // Every worker that cannot be had says so.
    (0..8).for_each(|_| shell.tell(Msg::InPage));
    shell.load();
    while !shell.sent.is_empty() {
        assert!(shell.sent.iter().all(|sent| sent.who == 0) && shell.sent.len() == 1);
        shell.finish(0, blank);
    }
    assert!(shell.page.sections()[0].sweep().is_complete());
}

#[test]
fn neither_workers_nor_order_nor_a_death_change_a_bit() {
    let expected = on_its_own();
    let total = expected.total();
    for (cores, seed) in [(2, 1), (3, 2), (5, 3), (9, 4)] {
        let mut rng = Rng::stream(seed, Purpose::Probe, 0);
        let mut shell = Shell::new(&[Claim::Depth], cores);
        shell.page.sections[0].restart(small(), 77, State::Running);
        shell.tell(Msg::Seen(0, SEEN));
        shell.load();
        let mut turns = 0;
        while shell.done(0) < total {
            turns += 1;
            assert!(turns < 1000, "it never ends");
            let k = rng.below(shell.sent.len() as u32) as usize;
            match turns {
                2 => {
                    let who = shell.sent[k].who;
                    shell.tell(Msg::Lost(who));
                    shell.load();
                }
                _ if turns % 3 == 0 => shell.slice(k),
                _ => shell.finish(k, |index| expected.outcome(index as usize).unwrap().clone()),
            }
        }
        let sweep = shell.page.sections()[0].sweep();
        for index in 0..total {
            assert_eq!(sweep.outcome(index), expected.outcome(index), "{cores} cores, job {index}");
        }
        assert_eq!(sweep.report(), expected.report());
        assert!(shell.sent.is_empty(), "nothing is handed out twice");
    }
}

#[test]
fn one_core_is_left_for_the_page() {
    for (cores, workers) in [(0, 1), (1, 1), (2, 1), (4, 3), (500, MOST_WORKERS)] {
        assert_eq!(running(&[Claim::Lr], cores).sent.len(), workers, "{cores} cores");
    }
}

#[test]
fn the_cheap_start_when_half_seen_and_the_others_wait_for_a_click() {
    let mut shell = Shell::new(&[Claim::Depth, Claim::Lr], 2);
    shell.tell(Msg::Seen(0, Sight { share: 0.3, of_window: 0.2 }));
    assert!(shell.started.is_empty(), "a glimpse is not enough");
    shell.tell(Msg::Seen(1, SEEN));
    assert!(shell.started.is_empty(), "this one wants a click");
    shell.tell(Msg::Seen(0, Sight { share: 0.3, of_window: 0.6 }));
    assert_eq!(shell.started, [0], "a figure larger than the window counts as seen");
    for (link, calm, starts) in
        [("", true, false), ("run=click", false, false), ("run=auto", false, true), ("run=auto", true, false)]
    {
        let mut page = Experiments::new(&[Claim::Lr], 2, Start::of_link(link, calm));
        page.update(Msg::Seen(0, SEEN));
        assert_eq!(page.sections()[0].state() == &State::Running, starts, "{link}, calm: {calm}");
    }
}

#[test]
fn out_of_sight_nothing_is_handed_out_and_it_goes_on_when_seen() {
    let mut shell = running(&[Claim::Lr], 2);
    let (away, back): (Vec<Msg>, Vec<Msg>) = [
        (Msg::Seen(0, AWAY), Msg::Seen(0, SEEN)),
        (Msg::TabSeen(false), Msg::TabSeen(true)),
        (Msg::Main(0), Msg::Main(0)),
    ]
    .into_iter()
    .unzip();
    for (away, back) in away.into_iter().zip(back) {
        let at = shell.sent[0].index;
        shell.tell(away);
        shell.slice(0);
        assert!(shell.sent.is_empty() && !shell.page.needs_ticks());
        shell.tell(back);
        assert_eq!((shell.sent.len(), shell.sent[0].index), (1, at), "the same job goes on");
    }
    shell.tell(Msg::Main(0));
    assert_eq!(shell.page.sections()[0].state(), &State::Paused);
    shell.finish(0, blank);
    assert_eq!((shell.done(0), shell.sent.len()), (1, 0), "what was under way is kept");
}

#[test]
fn results_of_an_abandoned_sweep_are_dropped() {
    let mut shell = running(&[Claim::Lr], 2);
    shell.finish(0, blank);
    assert_eq!(shell.done(0), 1);
    shell.tell(Msg::Choose(0, 2, 0));
    assert_eq!((shell.done(0), shell.sent.len()), (0, 1), "the worker is still at the old job");
    shell.finish(0, blank);
    assert_eq!(shell.done(0), 0);
    assert_eq!((shell.sent[0].index, shell.sent[0].generation), (0, shell.page.generation));
    let choices = shell.page.sections()[0].sweep().plan().choices;
    assert_eq!(choices, [0, 0, 0]);
    shell.tell(Msg::Choose(0, 2, 99));
    assert_eq!(shell.page.sections()[0].sweep().plan().choices, choices, "no such choice");
}

#[test]
fn start_over_keeps_the_seeds_and_run_again_takes_fresh_ones() {
    let mut shell = running(&[Claim::Lr], 2);
    shell.finish(0, blank);
    shell.tell(Msg::StartOver(0));
    assert_eq!((shell.done(0), shell.page.sections()[0].sweep().plan().first_seed), (0, 1));
    let training = || Outcome::Training(Default::default());
    while shell.done(0) < 114 {
        shell.finish(0, |_| training());
    }
    assert_eq!(shell.page.told(0).main, "Run again");
    assert_eq!(shell.page.told(0).progress, "114 runs, seeds 1 to 3");
    shell.tell(Msg::Main(0));
    assert_eq!((shell.done(0), shell.page.sections()[0].sweep().plan().first_seed), (0, 4));
    assert_eq!(shell.sent.len(), 1);
}

#[test]
fn the_one_last_started_or_seen_comes_first() {
    let mut shell = running(&[Claim::Lr, Claim::Init], 2);
    let generation = |shell: &Shell, at: usize| shell.page.sections()[at].generation;
    shell.tell(Msg::Seen(1, SEEN));
    shell.tell(Msg::Main(1));
    shell.slice(0);
    assert_eq!(shell.sent[0].generation, generation(&shell, 1), "the other one, in the middle of a job");
    assert!(shell.page.told(0).progress.contains("waits for its turn"));
    shell.tell(Msg::Seen(1, AWAY));
    shell.finish(0, blank);
    assert_eq!((shell.done(1), shell.sent[0].generation), (1, generation(&shell, 0)));
    shell.tell(Msg::Seen(1, SEEN));
    shell.finish(0, blank);
    assert_eq!(shell.sent[0].generation, generation(&shell, 1), "it was seen last");
}

#[test]
fn a_silent_worker_is_replaced_and_its_job_repeated() {
    let mut shell = running(&[Claim::Lr], 2);
    let lost = shell.sent[0].clone();
    for _ in 0..120 {
        shell.tell(Msg::Tick(0.1));
    }
    assert_eq!(shell.started, [lost.who]);
    assert!(shell.sent.is_empty());
    shell.load();
    assert_eq!(shell.sent[0].index, lost.index);
}

#[test]
fn seven_workers_that_die_together_are_replaced_and_the_sweep_goes_on() {
    let mut shell = running(&[Claim::Lr], 8);
    assert_eq!(shell.sent.len(), 7);
    for mishap in 1..=3 {
        (0..7).for_each(|who| shell.tell(Msg::Lost(who)));
        shell.load();
        let mut under_way: Vec<u32> = shell.sent.iter().map(|sent| sent.index).collect();
        under_way.sort_unstable();
        assert_eq!(under_way, [0, 1, 2, 3, 4, 5, 6], "mishap {mishap}: the same jobs again");
    }
    shell.finish(0, blank);
    assert_eq!((shell.done(0), shell.page.sections()[0].state()), (1, &State::Running));
}

#[test]
fn workers_that_always_die_are_given_up_in_words_and_can_be_tried_again() {
    let mut shell = running(&[Claim::Lr], 2);
    for _ in 0..20 {
        shell.tell(Msg::Lost(0));
        shell.load();
    }
    assert_eq!(shell.page.sections()[0].state_word(), "failed");
    assert!(shell.page.told(0).progress.contains("could not be started"));
    assert_eq!(shell.page.told(0).main, "Try again");
    shell.tell(Msg::Main(0));
    shell.load();
    assert_eq!(shell.sent.len(), 1);
}

#[test]
fn the_digits_are_fetched_once_and_sent_once_per_worker() {
    let mut shell = Shell::new(&[Claim::Lr], 3);
    shell.tell(Msg::Seen(0, SEEN));
    shell.tell(Msg::Choose(0, 0, 1));
    shell.tell(Msg::Main(0));
    shell.load();
    assert_eq!((shell.fetches, shell.sent.len()), (1, 0));
    assert_eq!(shell.page.told(0).progress, "loading the digits");
    shell.tell(Msg::Digits(Ok(PACKED.to_vec())));
    for _ in 0..6 {
        shell.finish(0, blank);
    }
    assert_eq!((shell.fetches, shell.files), (1, 2));
    shell.tell(Msg::Lost(0));
    shell.load();
    assert_eq!(shell.files, 3, "a new worker has them not");
}

#[test]
fn without_the_digits_it_says_so() {
    let mut shell = Shell::new(&[Claim::Lr], 2);
    shell.tell(Msg::Seen(0, SEEN));
    shell.tell(Msg::Choose(0, 0, 1));
    shell.tell(Msg::Main(0));
    shell.tell(Msg::Digits(Err("status 404".to_owned())));
    assert_eq!(shell.page.told(0).progress, "The digits could not be fetched (status 404).");
    shell.tell(Msg::Main(0));
    assert_eq!(shell.fetches, 2);
}

#[test]
fn a_mark_shows_its_very_run() {
    let mut shell = running(&[Claim::Lr], 2);
    shell.tell(Msg::Pick(0, 4));
    let job = shell.page.sections()[0].sweep().jobs()[4].clone();
    let (experiment, notes) = link::read(&shell.shown[0]);
    assert_eq!((experiment, notes), (job.experiment, vec![]));
    shell.tell(Msg::Pick(0, 4000));
    assert_eq!(shell.shown.len(), 1);
}

#[test]
fn every_run_of_every_claim_can_be_linked_to() {
    for claim in Claim::ALL {
        for job in Plan::usual(claim).jobs() {
            let (experiment, notes) = link::read(&link::write(&job.shown()));
            assert_eq!((experiment, notes), (job.shown(), vec![]), "{claim:?}");
        }
    }
}

#[test]
fn the_page_says_every_claim_without_a_script() {
    let page = include_str!("../../../index.html");
    for (k, claim) in Claim::ALL.into_iter().enumerate() {
        let about = claim.about();
        let opening = format!("data-experiment=\"{}\"", about.key);
        let heading = format!("<h2><i>{}</i>{}</h2>", k + 1, about.heading);
        for words in [opening, heading, format!("<p class=\"claim\">{}</p>", about.claim)] {
            assert!(page.contains(&words), "{words}");
        }
    }
}

#[test]
fn a_reader_says_what_is_to_run_by_the_buttons_and_the_controls_alone() {
    assert!([Msg::Main(0), Msg::StartOver(0), Msg::Choose(0, 1, 2)].iter().all(Msg::is_said_by_reader));
    let by_itself = [Msg::Tick(0.1), Msg::Seen(0, SEEN), Msg::TabSeen(true), Msg::Lost(0), Msg::Hold(false)];
    assert!(!by_itself.iter().any(Msg::is_said_by_reader));
    let looks = [Msg::Pick(0, 3), Msg::Plan(Plan::usual(Claim::Lr))];
    assert!(!looks.iter().any(Msg::is_said_by_reader));
}
