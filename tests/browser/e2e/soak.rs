//! Long use: runs, sweeps, themes, sizes, elements that come and go. `SOAK_SECONDS=1800` for longer than a minute.

use std::time::{Duration, Instant};

use browser::suite::soak_seconds;
use browser::{Context, Engine, Page, Reply, Result, View, ensure};
use serde_json::json;

use super::budget::{CROWDED, spent};
use super::crowd::Watch;

/// Milliseconds of main-thread work per frame, at the mean, whatever is going on.
const WORK: f64 = 16.0;
/// Rounds of elements put in and taken out, and how many at a time: two hundred in all.
const ROUNDS: usize = 20;
const AT_ONCE: usize = 10;
/// What may be left over after any time: page memory in bytes, nodes, listeners.
const MORE_HEAP: f64 = 3e6;
const MORE_NODES: f64 = 400.0;
const MORE_LISTENERS: f64 = 30.0;
/// Pages of 64 KiB by which the memory of the page's module, and that of all workers together, may have grown, once they
/// have done everything once.
const MORE_MODULE: u32 = 64;

/// Keeps the memories of the page's modules.
const MEMORIES: &str = "<script>
    window.memories = [];
    const plain = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...given) => {
        const made = await plain.apply(WebAssembly, given);
        memories.push((made.instance ?? made).exports.memory);
        return made;
    };
</script>";

/// Counts the workers that live, and the frames.
const COUNTED: &str = "<script>
    window.alive = 0;
    window.frames_drawn = 0;
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(...given) { super(...given); alive += 1; }
        terminate() { if (!this.over) alive -= 1; this.over = true; super.terminate(); }
    };
    const count = () => { frames_drawn += 1; requestAnimationFrame(count); };
    requestAnimationFrame(count);
</script>";

/// The worker, which besides tells the size of its module's memory to whoever asks.
const TELLING_WORKER: &str = concat!(
    "const plain = WebAssembly.instantiate;
    let memory;
    WebAssembly.instantiate = async (...given) => {
        const made = await plain.apply(WebAssembly, given);
        memory = (made.instance ?? made).exports.memory;
        return made;
    };
    const sizes = new BroadcastChannel('sizes');
    sizes.onmessage = ({ data }) => { if (data === 'how much?' && memory) sizes.postMessage(memory.buffer.byteLength); };
    ",
    include_str!("../../../www/worker.js")
);

/// How many workers live, and the pages of memory their modules have together.
async fn workers(page: &Page) -> Result<(u32, u32)> {
    let ask = "
        const sizes = new BroadcastChannel('sizes');
        const told = [];
        sizes.onmessage = ({ data }) => { if (typeof data === 'number') told.push(data / 65536); };
        sizes.postMessage('how much?');
        for (let wait = 0; wait < 2400 && told.length < alive; wait += 1) await new Promise(done => setTimeout(done, 25));
        sizes.close();
        if (told.length !== alive) throw new Error(`${told.length} of ${alive} workers answer`);
        return [alive, told.reduce((sum, pages) => sum + pages, 0)];";
    page.call(ask, vec![]).await
}

/// Milliseconds of work on the main thread, and frames, so far.
async fn work(page: &Page) -> Result<[f64; 2]> {
    Ok([1000.0 * spent(page).await?, page.eval("frames_drawn").await?])
}

/// Seconds to go on for.
fn seconds() -> Duration {
    Duration::from_secs(soak_seconds())
}

/// Heap in bytes, nodes and listeners, after the rubbish is collected.
async fn load(page: &Page) -> Result<[f64; 3]> {
    page.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    page.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let heap = page.devtools("Runtime.getHeapUsage", json!({})).await?;
    let counters = page.devtools("Memory.getDOMCounters", json!({})).await?;
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or(f64::NAN);
    Ok([number(&heap["usedSize"]), number(&counters["nodes"]), number(&counters["jsEventListeners"])])
}

fn compare(before: [f64; 3], after: [f64; 3], what: &str) -> Result<()> {
    let more: Vec<f64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    println!("{what}: bytes, nodes, listeners more: {more:?}");
    ensure!(
        more[0] < MORE_HEAP && more[1] < MORE_NODES && more[2] < MORE_LISTENERS,
        "{what}: from {before:?} to {after:?}"
    );
    Ok(())
}

/// One round of what a reader may do.
const ROUND: &str = "
    const links = ['l=3', 'd=digits&l=2&w=32', 'n=ln&a=tanh', 'd=circle&l=4&lr=1', 'l=20&w=64', ''];
    const role = name => document.querySelector(`[data-role=${name}]`);
    const frames = async count => { for (; count > 0; count -= 1) await new Promise(requestAnimationFrame); };
    location.hash = '#' + links[given[0] % links.length];
    await frames(18);
    role('theme').click();
    role('reset').click();
    role('new-seed').click();
    role('train').click();
    document.querySelector('#depth').scrollIntoView();
    const main = document.querySelector('#depth [data-role=main]');
    if (main) main.click();
    dispatchEvent(new Event('resize'));
    await frames(18);
    scrollTo(0, 0);
    await frames(12);";

/// Lets the sweep and the lab come to an end that is the same every time: what they have to show are nodes too.
async fn settle(page: &Page) -> Result<()> {
    let main = "document.querySelector('#depth [data-role=main]')";
    // Words are written on screen alone, and in a frame.
    let resume = format!(
        "document.querySelector('#depth').scrollIntoView();
         for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
         if ({main}.textContent === 'Resume') {main}.click();"
    );
    page.call::<()>(&resume, vec![]).await?;
    page.wait("the end of the sweep", &format!("{main}.textContent === 'Run again'")).await?;
    page.call::<()>("location.hash = '#l=3&pause=20'; scrollTo(0, 0)", vec![]).await?;
    page.wait("the lab at rest", "document.documentElement.dataset.state === 'paused'").await?;
    page.wait("its step", "document.documentElement.dataset.step === '20'").await
}

/// The lab in long use: what the page holds stays what it was.
pub(crate) async fn the_lab_in_long_use_stays_as_small(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    let worker = Reply::new("text/javascript", TELLING_WORKER);
    page.serve(|site| site.head(MEMORIES).head(COUNTED).reply("/www/worker.js", worker))?;
    page.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" })).await?;
    page.open("", View::DESKTOP).await?;
    page.wait("the experiments", "document.querySelector('#norms [data-role=main]') !== null").await?;
    let module = "memories.reduce((sum, memory) => sum + memory.buffer.byteLength / 65536, 0)";
    let mut round = 0;
    while round < 12 {
        page.call::<()>(ROUND, vec![round.into()]).await?;
        round += 1;
    }
    settle(page).await?;
    let (before, pages): ([f64; 3], u32) = (load(page).await?, page.eval(module).await?);
    let (many, of_workers) = workers(page).await?;
    ensure!(many >= 2, "{many} workers: the lab's and the sweep's are not there");
    let (watch, begin, work_before) = (Watch::begin(), Instant::now(), work(page).await?);
    while begin.elapsed() < seconds() || round % 6 != 0 {
        page.call::<()>(ROUND, vec![round.into()]).await?;
        round += 1;
    }
    let (work_after, crowded) = (work(page).await?, watch.is_crowded());
    settle(page).await?;
    compare(before, load(page).await?, &format!("after {round} rounds"))?;
    let more = page.eval::<u32>(module).await?.saturating_sub(pages);
    ensure!(more <= MORE_MODULE, "the module's memory has grown by {more} pages");
    let (still, of_workers_now) = workers(page).await?;
    let more = of_workers_now.saturating_sub(of_workers);
    ensure!(still == many && more <= MORE_MODULE, "{many} workers, then {still}, with {more} pages more");
    within_budget(work_before, work_after, crowded)
}

/// The work of a frame in the mean of the whole time: a round begins runs and sweeps and changes the theme, all of which
/// is drawn anew.
fn within_budget(before: [f64; 2], after: [f64; 2], crowded: bool) -> Result<()> {
    let [work, frames] = [after[0] - before[0], after[1] - before[1]];
    let mean = work / frames;
    println!("{frames} frames, main-thread work per frame {mean:.1} ms in the mean");
    let times = if crowded { CROWDED } else { 1.0 };
    ensure!(mean < times * WORK, "{mean:.1} ms of work per frame in the mean");
    Ok(())
}

/// Two hundred elements put in and taken out, or as many as there is time for: what the page holds stays what it was.
pub(crate) async fn two_hundred_elements_leave_nothing(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    let html = format!(
        "<!doctype html><html><head><link rel=icon href='data:,'><title>many</title>{MEMORIES}</head>
         <body><script src='batchnorm-playground.js'></script></body></html>"
    );
    page.serve(|site| site.reply("/many.html", Reply::new("text/html; charset=utf-8", html)))?;
    page.open("many.html", View::DESKTOP).await?;
    let script = "
        const kinds = ['live', 'lr', 'gamma', 'depth'];
        const all = Array.from({ length: given[0] }, (_, k) => {
            const element = document.createElement('batchnorm-playground');
            element.setAttribute('experiment', kinds[k % kinds.length]);
            // All of them near the window.
            Object.assign(element.style, { height: '80px', minHeight: '0' });
            document.body.append(element);
            return element;
        });
        const there = () => all.filter(e => e.shadowRoot.querySelector('[data-role=train], [data-role=main]')).length;
        for (let wait = 0; wait < 2400 && there() < all.length; wait += 1) await new Promise(done => setTimeout(done, 25));
        const built = there();
        all.forEach(element => element.remove());
        await new Promise(done => setTimeout(done, 50));
        return built;";
    let mut before = None;
    let (begin, mut round) = (Instant::now(), 0);
    // Half an hour's run goes on with more of them for as long.
    while round < ROUNDS || (std::env::var_os("SOAK_SECONDS").is_some() && begin.elapsed() < seconds()) {
        let built: usize = page.call(script, vec![AT_ONCE.into()]).await?;
        ensure!(built == AT_ONCE, "round {round}: {built} of {AT_ONCE} came to life");
        if round == 3 {
            before =
                Some((load(page).await?, page.eval::<u32>("memories[0].buffer.byteLength / 65536").await?));
        }
        round += 1;
    }
    let (before, pages) = before.context("there were not four rounds")?;
    compare(before, load(page).await?, &format!("after {} elements", round * AT_ONCE))?;
    let more = page.eval::<u32>("memories[0].buffer.byteLength / 65536").await? - pages;
    ensure!(more <= MORE_MODULE, "the module's memory has grown by {more} pages");
    Ok(())
}
