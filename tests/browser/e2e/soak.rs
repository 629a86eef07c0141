//! Long use: runs, sweeps, themes, sizes, elements that come and go. `SOAK_SECONDS=1800` for longer than a minute.

use std::time::{Duration, Instant};

use browser::{Engine, Page, Reply, Result, View, ensure};
use serde_json::json;

/// Rounds of elements put in and taken out, and how many at a time: two hundred in all.
const ROUNDS: usize = 20;
const AT_ONCE: usize = 10;
/// What may be left over after any time: page memory in bytes, nodes, listeners.
const MORE_HEAP: f64 = 3e6;
const MORE_NODES: f64 = 400.0;
const MORE_LISTENERS: f64 = 30.0;
/// Pages of 64 KiB by which the module's memory may have grown, once it has done everything once.
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

/// Seconds to go on for.
fn seconds() -> Duration {
    let asked = std::env::var("SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(asked.unwrap_or(30))
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
    location.hash = '#' + links[given[0] % links.length];
    await new Promise(done => setTimeout(done, 300));
    role('theme').click();
    role('reset').click();
    role('new-seed').click();
    role('train').click();
    document.querySelector('#depth').scrollIntoView();
    const main = document.querySelector('#depth [data-role=main]');
    if (main) main.click();
    dispatchEvent(new Event('resize'));
    await new Promise(done => setTimeout(done, 300));
    scrollTo(0, 0);
    await new Promise(done => setTimeout(done, 200));";

/// Lets the sweep and the lab come to an end that is the same every time: what they have to show are nodes too.
async fn settle(page: &Page) -> Result<()> {
    page.call::<()>("document.querySelector('#depth').scrollIntoView()", vec![]).await?;
    let main = "document.querySelector('#depth [data-role=main]')";
    if page.eval::<bool>(&format!("{main}.textContent === 'Resume'")).await? {
        page.call::<()>(&format!("{main}.click()"), vec![]).await?;
    }
    page.wait("the end of the sweep", &format!("{main}.textContent === 'Run again'")).await?;
    page.call::<()>("location.hash = '#l=3&pause=20'; scrollTo(0, 0)", vec![]).await?;
    page.wait("the lab at rest", "document.documentElement.dataset.state === 'paused'").await?;
    page.wait("its step", "document.documentElement.dataset.step === '20'").await
}

/// The lab in long use: what the page holds stays what it was.
pub(crate) async fn the_lab_in_long_use_stays_as_small(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.serve(|site| site.head(MEMORIES))?;
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
    let begin = Instant::now();
    while begin.elapsed() < seconds() || round % 6 != 0 {
        page.call::<()>(ROUND, vec![round.into()]).await?;
        round += 1;
    }
    settle(page).await?;
    compare(before, load(page).await?, &format!("after {round} rounds"))?;
    let more = page.eval::<u32>(module).await?.saturating_sub(pages);
    ensure!(more <= MORE_MODULE, "the module's memory has grown by {more} pages");
    Ok(())
}

/// Two hundred elements put in and taken out: what the page holds stays what it was.
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
            element.style.height = '80px';
            document.body.append(element);
            return element;
        });
        const there = () => all.filter(e => e.shadowRoot.querySelector('[data-role=train], [data-role=main]')).length;
        for (let wait = 0; wait < 400 && there() < all.length; wait += 1) await new Promise(done => setTimeout(done, 25));
        const built = there();
        all.forEach(element => element.remove());
        await new Promise(done => setTimeout(done, 50));
        return built;";
    let mut before = None;
    for round in 0..ROUNDS {
        let built: usize = page.call(script, vec![AT_ONCE.into()]).await?;
        ensure!(built == AT_ONCE, "round {round}: {built} of {AT_ONCE} came to life");
        if round == 3 {
            before =
                Some((load(page).await?, page.eval::<u32>("memories[0].buffer.byteLength / 65536").await?));
        }
    }
    let Some((before, pages)) = before else { return Ok(()) };
    compare(before, load(page).await?, "after two hundred elements")?;
    let more = page.eval::<u32>("memories[0].buffer.byteLength / 65536").await? - pages;
    ensure!(more <= MORE_MODULE, "the module's memory has grown by {more} pages");
    Ok(())
}
