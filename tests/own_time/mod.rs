//! How long work takes by the thread's own clock, where the system keeps one: on a crowded computer a thread waits for its
//! turn, and that is not the work's doing.

use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// No answer may take longer, in a frame of the page.
pub(crate) const SOON: Duration = Duration::from_millis(100);

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The thread's own time so far; by the clock on the wall where the system does not tell.
pub(crate) fn own_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = told.and_then(|told| told.split(' ').next()?.parse().ok());
    own.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

/// What a piece of work gives, which is quick at least once in three times: caches, too, are shared with others.
pub(crate) fn soon<T>(work: impl Fn() -> T) -> T {
    let mut took = Duration::MAX;
    for _ in 0..3 {
        let begin = own_time();
        let outcome = work();
        took = own_time() - begin;
        if took < SOON {
            return outcome;
        }
    }
    panic!("it takes {took:?}");
}
