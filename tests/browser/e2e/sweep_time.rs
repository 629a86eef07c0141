//! How long the default sweep takes in the page, and what it leaves of the main thread meanwhile.

use browser::{Engine, Error, Page, Result, View, ensure};

use super::budget;
use super::crowd::Watch;
use super::experiments::{come_to_the_sweep, state};
use super::eye::rest;

/// Seconds that the default sweep may take at most, from the press to the last of its 114 runs, on two cores.
const AT_MOST: f64 = 10.0;
/// On slower cores, so many times what the native program takes for it on two threads: twice, as the page keeps one of
/// two cores for itself, and half as much again for being WebAssembly in a browser.
const TIMES_NATIVE: f64 = 3.0;
/// Milliseconds of main-thread work per frame meanwhile, at the mean.
const WORK: f64 = 8.0;
/// Sweeps that are run by the clock where others crowd the computer.
const ATTEMPTS: u32 = 3;

/// Presses the button, and notes every frame and the moment at which the last run is in.
const STOPWATCH: &str = "const section = document.querySelector('#lr');
    window.clock = { frames: [], seconds: null };
    const begin = performance.now();
    const watch = now => {
        if (clock.seconds !== null) return;
        clock.frames.push(now);
        requestAnimationFrame(watch);
    };
    new MutationObserver((_, observer) => {
        if (section.dataset.state !== 'done') return;
        clock.seconds = (performance.now() - begin) / 1000;
        observer.disconnect();
    }).observe(section, { attributes: true, attributeFilter: ['data-state'] });
    requestAnimationFrame(watch);
    section.querySelector('[data-role=main]').click();";

/// Runs the default sweep to its end: how long it takes, how often the page draws meanwhile, and in Chromium, which
/// tells, what a frame costs the main thread. Where others crowd the computer once more, and at last for the record.
/// Returns the seconds it took.
pub(super) async fn run_by_the_clock(page: &Page) -> Result<f64> {
    let counts = page.engine() == Engine::Chromium;
    if counts {
        budget::count(page).await?;
    }
    let mut seconds = f64::INFINITY;
    for _ in 0..ATTEMPTS {
        page.open("#pause=1", View::DESKTOP).await?;
        come_to_the_sweep(page).await?;
        rest(page).await?;
        let watch = Watch::begin_at_rest();
        let (took, within) = one_by_the_clock(page, counts).await?;
        seconds = took.min(seconds);
        if within.is_ok() || !watch.is_crowded() {
            return within.map(|()| seconds);
        }
    }
    println!("not judged: others leave the computer too little time");
    Ok(seconds)
}

/// Whether it was quick enough, where the native program took `native` seconds on two threads.
pub(super) fn is_quick(seconds: f64, native: f64) -> Result<()> {
    println!("natively the default sweep took {native:.1} s on two threads");
    let bound = AT_MOST.max(TIMES_NATIVE * native);
    ensure!(seconds < bound, "the default sweep took {seconds:.1} s, more than {bound:.1} s");
    Ok(())
}

/// Presses the button and waits for the last run; how long it took, and whether the page drew as often as it should.
async fn one_by_the_clock(page: &Page, counts: bool) -> Result<(f64, Result<()>)> {
    let before = if counts { budget::spent(page).await? } else { 0.0 };
    page.call::<()>(STOPWATCH, vec![]).await?;
    state(page, "done").await?;
    let after = if counts { budget::spent(page).await? } else { 0.0 };
    let seconds: f64 = page.eval("clock.seconds").await?;
    let gaps = "clock.frames.slice(1).map((now, k) => now - clock.frames[k]).sort((a, b) => a - b)";
    let gaps: Vec<f64> = page.eval(gaps).await?;
    let gap = gaps.get(gaps.len() / 2).copied().unwrap_or(f64::INFINITY);
    let work = 1000.0 * (after - before) / gaps.len().max(1) as f64;
    println!(
        "the default sweep took {seconds:.1} s from the press to its last run; half of its {} frames took more than {gap:.0} \
         ms; main-thread work per frame {work:.1} ms at the mean, being asked whether it is done included",
        gaps.len(),
    );
    // WebKitGTK without a graphics card paints in software, on the cores that the sweep is using.
    let late = gap >= 34.0 && page.engine() != Engine::Webkit;
    let bounds = [
        (late, format!("half of the frames took more than {gap:.0} ms")),
        (counts && work >= WORK, format!("{work:.1} ms of main-thread work per frame")),
    ];
    let beyond = bounds.into_iter().find_map(|(is_beyond, words)| is_beyond.then_some(words));
    Ok((seconds, beyond.map_or(Ok(()), |words| Err(Error::msg(words)))))
}
