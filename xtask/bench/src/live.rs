//! What a reader waits for and what a browser is kept busy with: start, frames, memory.

use std::time::Duration;

use batchnorm_playground::lab::speed::Spread;
use browser::{Context, Engine, Options, Page, Result, Session, Site, View};
use serde_json::{Value, json};

/// Loads whose start is timed.
const LOADS: usize = 7;
/// How long frames are watched.
const WATCHED: Duration = Duration::from_secs(10);
/// Steps of the long run.
const STEPS: u32 = 100_000;

/// Put first into the page: times every callback of a frame and of a message, and notes long tasks and the first step.
const METER: &str = "<script>
window.__meter = { frames: [], firstStep: null, longest: 0, at: null, busy: 0 };
{
  const meter = window.__meter;
  const timed = (call) => function (...given) {
    const begin = performance.now();
    try { return call.apply(this, given); } finally { meter.busy += performance.now() - begin; }
  };
  const plain = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => plain((now) => {
    if (meter.at !== now) { if (meter.at !== null) meter.frames.push(meter.busy); meter.at = now; meter.busy = 0; }
    timed(call)(now);
  });
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (name, call, how) {
    const heard = name === 'message' && this instanceof Worker && typeof call === 'function' ? timed(call) : call;
    return listen.call(this, name, heard, how);
  };
  try {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) meter.longest = Math.max(meter.longest, entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  } catch { /* This engine does not tell. */ }
  new MutationObserver(() => {
    if (meter.firstStep === null && Number(document.documentElement.dataset.step) > 0) meter.firstStep = performance.now();
  }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-step'] });
}
</script>";

async fn open(session: &Session, options: &Options, path: &str) -> Result<Page> {
    let page = session.page(Site::new(&options.site).head(METER)).await?;
    page.open(path, View::DESKTOP).await?;
    Ok(page)
}

/// Milliseconds from navigation to the first training step on the page, and to the first paint.
pub(crate) async fn start(session: &Session, options: &Options) -> Result<Value> {
    let (mut steps, mut paints) = (Vec::new(), Vec::new());
    for _ in 0..LOADS {
        let page = open(session, options, "").await?;
        page.wait("the first step", "__meter.firstStep !== null").await?;
        steps.push(page.eval::<f64>("__meter.firstStep").await?);
        let paint = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || null";
        paints.extend(page.eval::<Option<f64>>(paint).await?);
        session.close(page).await?;
    }
    println!("From navigation to the first training step: {}.", milliseconds(&steps));
    println!("From navigation to the first paint: {}.\n", milliseconds(&paints));
    Ok(json!({ "first_step_ms": steps, "first_paint_ms": paints }))
}

/// Milliseconds of script per frame on the main thread, everything on screen, both networks training flat out.
pub(crate) async fn frames(session: &Session, options: &Options) -> Result<Value> {
    let mut rows = serde_json::Map::new();
    for (what, link) in [("the default", ""), ("20 layers of 32", "l=20&w=32&a=tanh&i=xavier&lr=0.1&")] {
        let page = session.page(Site::new(&options.site).head(METER)).await?;
        page.open(&format!("#{link}pause=100"), View { height: 2400, ..View::DESKTOP }).await?;
        page.wait("some steps", "document.documentElement.dataset.state === 'paused'").await?;
        // Flat out, and on when the run comes to its usual end: from then on it never pauses.
        page.set("#speed", "100").await?;
        page.click("[data-role=train]").await?;
        page.wait("its end", "document.documentElement.dataset.state === 'finished'").await?;
        page.click("[data-role=train]").await?;
        page.wait("more steps", "document.documentElement.dataset.state === 'running'").await?;
        page.call::<()>("__meter.frames.length = 0; __meter.longest = 0", vec![]).await?;
        let before = main_thread(&page, options).await?;
        tokio::time::sleep(WATCHED).await;
        let after = main_thread(&page, options).await?;
        let busy: Vec<f64> = page.eval("__meter.frames").await?;
        let longest: f64 = page.eval("__meter.longest").await?;
        let (median, late) = (Spread::of(&busy).median, percentile(&busy, 0.95));
        print!(
            "Main thread, {what}, flat out: {median:.1} ms of script per frame at the median, {late:.1} ms at the \
             95th percentile, over {} frames; longest task {longest:.0} ms",
            busy.len()
        );
        let mut row =
            json!({ "median_ms": median, "p95_ms": late, "frames": busy.len(), "longest_task_ms": longest });
        if let (Some(before), Some(after)) = (before, after) {
            let all = 1e3 * (after - before) / busy.len().max(1) as f64;
            print!(
                "; {all:.1} ms of the thread's own time per frame at the mean, all its tasks and the rasterising included"
            );
            row["all_tasks_mean_ms"] = all.into();
        }
        println!(".");
        rows.insert(what.to_owned(), row);
        session.close(page).await?;
    }
    println!();
    Ok(Value::Object(rows))
}

/// Seconds of its own time that the main thread has spent on tasks, where the browser tells: a frame that waits for other
/// programs is late and no dearer.
async fn main_thread(page: &Page, options: &Options) -> Result<Option<f64>> {
    if options.engine != Engine::Chromium {
        return Ok(None);
    }
    page.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" })).await?;
    let answer = page.devtools("Performance.getMetrics", json!({})).await?;
    let metrics = answer["metrics"].as_array().context("no metrics")?;
    let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
    Ok(task.and_then(|metric| metric["value"].as_f64()))
}

/// Memory of the worker's instance over a long run of workload T's network, with the history a page keeps.
pub(crate) async fn memory(session: &Session, options: &Options) -> Result<Value> {
    let page = open(session, options, "bench.html").await?;
    let run = "return await benchmarkMemory({ link: 'l=3&w=16&b=32', steps: given[0] })";
    let told: Vec<f64> = page.call(run, vec![json!(STEPS)]).await?;
    println!("| step | memory, kB | points in Fig. 1 |\n| --- | --- | --- |");
    for row in told.chunks_exact(3) {
        println!("| {} | {} | {} |", row[0], row[1] / 1024.0, row[2]);
    }
    println!();
    Ok(json!(told))
}

fn milliseconds(values: &[f64]) -> String {
    let Spread { median, low, high } = Spread::of(values);
    format!("{median:.0} ms ({low:.0} to {high:.0}, {} loads)", values.len())
}

fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let index = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
