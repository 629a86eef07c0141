//! What the page costs the main thread while both networks train flat out on the default run.

use browser::{Page, Result, View, ensure};

/// Milliseconds of the page's own work in one frame, 95th percentile.
const BUDGET: f64 = 8.0;
/// Windows of eight seconds tried: other programs may share the computer, and the least disturbed one counts.
const WINDOWS: u32 = 5;

/// Counts what the page does between two frames: its animation frame, and every message of the worker.
const METER: &str = "<script>
    window.meter = { work: 0, frames: [], long: [] };
    const timed = call => function (...given) {
        const begin = performance.now();
        try { return call.apply(this, given); } finally { meter.work += performance.now() - begin; }
    };
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = call => ask(timed(call));
    const listen = Worker.prototype.addEventListener;
    Worker.prototype.addEventListener = function (kind, call, how) { return listen.call(this, kind, timed(call), how); };
    const count = () => { meter.frames.push(meter.work); meter.work = 0; ask(count); };
    ask(count);
    new PerformanceObserver(list => meter.long.push(...list.getEntries().map(entry => entry.duration)))
        .observe({ type: 'longtask', buffered: false });
</script>";

/// Work per frame stays within its budget, and no task after the load is long, with every figure in sight.
pub(crate) async fn flat_out_the_page_stays_within_its_frame(page: &Page) -> Result<()> {
    page.serve(|site| site.head(METER))?;
    page.open("", View { height: 1700, ..View::DESKTOP }).await?;
    page.wait("some steps", "Number(document.documentElement.dataset.step) > 60").await?;
    page.set("#speed", "100").await?;
    // The end of the run would be the end of the work: it is made to start anew instead.
    let script = "
        meter.frames = []; meter.long = [];
        const end = performance.now() + 8000;
        let runs = 0;
        while (performance.now() < end) {
            if (document.documentElement.dataset.state === 'finished') {
                document.querySelector('[data-role=new-seed]').click();
                runs += 1;
            }
            await new Promise(done => setTimeout(done, 50));
        }
        const frames = meter.frames.sort((a, b) => a - b);
        const at = share => frames[Math.floor(share * (frames.length - 1))];
        return [frames.length, runs, at(0.5), at(0.95), at(1), meter.long.length, Math.max(0, ...meter.long)];";
    let mut best = f64::INFINITY;
    let mut long = u32::MAX;
    for _ in 0..WINDOWS {
        let (frames, runs, median, p95, most, tasks, longest): (u32, u32, f64, f64, f64, u32, f64) =
            page.call(script, vec![]).await?;
        println!(
            "{frames} frames, {runs} new runs: work per frame median {median:.1} ms, 95th percentile {p95:.1} ms, most \
             {most:.1} ms; {tasks} long tasks, longest {longest:.0} ms"
        );
        ensure!(frames > 100, "only {frames} frames in eight seconds");
        (best, long) = (best.min(p95), long.min(tasks));
        if best < BUDGET && long == 0 {
            return Ok(());
        }
    }
    ensure!(best < BUDGET, "the 95th percentile of the work per frame is {best:.1} ms");
    ensure!(long == 0, "{long} long tasks in the best window");
    Ok(())
}
