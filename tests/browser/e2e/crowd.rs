//! Whether something else used the computer while a test measured: what is measured then is not of the page alone.
//!
//! The load average does not say so: it remembers the tests of a minute ago, and knows nothing of other machines on the
//! same cores. Asked instead: what the processors did meanwhile that was not this program's or its browser's doing, what
//! time the host took away, and, where the page is at rest, whether a known piece of arithmetic takes longer than it can.

use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// So much of all cores' time may go to others: bounds have room for it.
const SHARE: f64 = 0.1;
/// Times the least that the known arithmetic may take: a core that is slow to wake, or is shared with a sibling that is
/// busy, stays below.
const SLOWED: f64 = 1.5;
/// Pieces of it to wake the core, and pieces that count.
const PIECES: [usize; 2] = [15, 25];

/// From the moment it is made to the moment it is asked.
pub(crate) struct Watch {
    before: Option<Spent>,
    at_rest: bool,
    was_slow: bool,
}

impl Watch {
    /// While the page is busy.
    pub(crate) fn begin() -> Self {
        Self { before: Spent::now(), at_rest: false, was_slow: false }
    }

    /// Where the page is at rest now and will be when this is asked.
    pub(crate) fn begin_at_rest() -> Self {
        let was_slow = is_slowed();
        Self { before: Spent::now(), at_rest: true, was_slow }
    }

    /// Others have had a share in the computer that is felt. Nobody tells on systems that keep no such accounts.
    pub(crate) fn is_crowded(&self) -> bool {
        let share = self.before.zip(Spent::now()).map_or(0.0, |(before, now)| now.of_others(before));
        let slow = self.was_slow || (self.at_rest && is_slowed());
        if share > SHARE || slow {
            let also = if slow { "; known arithmetic is slow" } else { "" };
            println!("the computer is crowded: {:.0} % of its time went to others{also}", 100.0 * share);
        }
        share > SHARE || slow
    }
}

/// Processor time since the computer started, in ticks.
#[derive(Clone, Copy)]
struct Spent {
    /// All there was.
    total: u64,
    /// Taken away by the host, or used by anybody.
    gone: u64,
    /// This program's, its drivers' and its browsers'.
    own: u64,
}

impl Spent {
    fn now() -> Option<Self> {
        let text = fs::read_to_string("/proc/stat").ok()?;
        let line = text.lines().next()?.strip_prefix("cpu ")?;
        // User, nice, system, idle, waiting for disks, two kinds of interrupts, stolen; guests are counted among users.
        let ticks: Vec<u64> = line.split_whitespace().take(8).filter_map(|word| word.parse().ok()).collect();
        let total = ticks.iter().sum();
        let idle: u64 = ticks.get(3..5)?.iter().sum();
        Some(Self { total, gone: total - idle, own: own()? })
    }

    /// Which part of the time since `before` others had.
    fn of_others(self, before: Self) -> f64 {
        let since = |now: u64, then: u64| now.saturating_sub(then) as f64;
        let total = since(self.total, before.total).max(1.0);
        (since(self.gone, before.gone) - since(self.own, before.own)).max(0.0) / total
    }
}

/// What this process and all that descend from it have used, the ended ones included.
fn own() -> Option<u64> {
    let mut processes = HashMap::new();
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        // Others than processes are there too, and processes that end meanwhile.
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(text) = fs::read_to_string(entry.path().join("stat")) else { continue };
        processes.extend(process(&text).map(|process| (id, process)));
    }
    let own = std::process::id();
    let is_ours = |mut id: u32| {
        // No tree is deeper; one that changes while it is read could be walked in circles.
        for _ in 0..64 {
            if id == own {
                return true;
            }
            let Some(&(parent, _)) = processes.get(&id) else { return false };
            id = parent;
        }
        false
    };
    Some(processes.iter().filter(|(id, _)| is_ours(**id)).map(|(_, (_, ticks))| ticks).sum())
}

/// The parent of a process, and the ticks that it and its ended children have used.
fn process(stat: &str) -> Option<(u32, u64)> {
    // The name, in brackets, may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let words: Vec<&str> = rest.split(' ').collect();
    let ticks = words.get(11..15)?.iter().filter_map(|word| word.parse::<u64>().ok()).sum();
    Some((words.get(1)?.parse().ok()?, ticks))
}

/// The known arithmetic takes much longer now than the least it ever took.
fn is_slowed() -> bool {
    static LEAST: AtomicU64 = AtomicU64::new(u64::MAX);
    let mut pieces: Vec<u64> = (0..PIECES.iter().sum()).map(|_| piece()).collect();
    let mut counted = pieces.split_off(PIECES[0]);
    counted.sort_unstable();
    let (first, median) = (counted[0], counted[PIECES[1] / 2]);
    let least = LEAST.fetch_min(first, Ordering::Relaxed).min(first);
    median as f64 > SLOWED * least as f64
}

/// The same piece of arithmetic every time, of some milliseconds; how long it takes by the clock on the wall, in
/// nanoseconds.
fn piece() -> u64 {
    let begin = Instant::now();
    let mut x = black_box(1.0_f64);
    for _ in 0..500_000 {
        x = x * 1.000_000_1 + 0.1;
    }
    black_box(x);
    begin.elapsed().as_nanos() as u64
}
