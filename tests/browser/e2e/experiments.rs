//! The experiments as a reader meets them: sweeps that run in the page end with the verdict of the native program,
//! rest out of sight, outlive a worker, and hand any run to the lab.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use batchnorm_playground::data::digits;
use batchnorm_playground::figure::Figure;
use batchnorm_playground::lab::claim::plate::plates;
use batchnorm_playground::lab::claim::{Claim, Plan, job};
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::sweep::Sweep;
use browser::{Engine, Error, Page, Result, View, ensure};
use serde_json::json;

use super::eye::DRAWN_IN_PAGE;
use super::sweep_time::{is_quick, run_by_the_clock};

/// A sweep shares the computer with whatever else runs on it.
const PATIENCE: Duration = Duration::from_secs(90);

/// A claim that fails: tanh on rings, mini-batches of two. Network and batch size as on the page.
const FAILING: [(usize, u8, &str); 2] = [(0, 2, "rings, 2 × 16 tanh"), (2, 0, "0")];

/// What the native program makes of a plan, on two threads.
fn native(plan: Plan) -> Result<Sweep> {
    let mut sweep = Sweep::new(plan);
    let (jobs, next) = (sweep.jobs().to_vec(), AtomicUsize::new(0));
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..2 {
            let (sender, jobs, next) = (sender.clone(), &jobs, &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    if sender.send((index, job::run(job, Some(digits::PACKED)))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, outcome) in receiver {
            sweep.put(index, outcome.map_err(Error::msg)?);
        }
        Ok(sweep)
    })
}

fn at(role: &str) -> String {
    format!("document.querySelector('#lr [data-role={role}]')")
}

async fn text(page: &Page, role: &str) -> Result<String> {
    page.eval(&format!("{}.textContent", at(role))).await
}

async fn done(page: &Page) -> Result<u32> {
    page.eval("Number(document.querySelector('#lr').dataset.done)").await
}

pub(super) async fn state(page: &Page, wanted: &str) -> Result<()> {
    let condition = format!("document.querySelector('#lr').dataset.state === '{wanted}'");
    page.wait_at_most(PATIENCE, &format!("a sweep that is {wanted}"), &condition).await
}

/// With plain spaces.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ")
}

/// The lab stands still, and the learning rate's figure is in the middle of the window.
pub(super) async fn come_to_the_sweep(page: &Page) -> Result<()> {
    page.wait("the experiment", &format!("{} !== null", at("main"))).await?;
    page.call::<()>("document.querySelector('#lr .figures').scrollIntoView({ block: 'center' })", vec![])
        .await
}

async fn press(page: &Page, role: &str) -> Result<()> {
    page.call::<()>(&format!("{}.click()", at(role)), vec![]).await
}

/// Turns the controls, and is seen to have turned them.
async fn turn(page: &Page, controls: &[(usize, u8, &str)]) -> Result<Plan> {
    let mut plan = Plan::usual(Claim::Lr);
    for &(control, choice, value) in controls {
        page.set(&format!("#lr-{control}"), value).await?;
        plan = plan.with(control, choice);
    }
    Ok(plan)
}

/// The verdict on the page is the native one, and so is every mark.
async fn agrees(page: &Page, sweep: &Sweep) -> Result<()> {
    let report = sweep.report();
    let verdict = format!("{} {}", text(page, "lead").await?, text(page, "rest").await?);
    let expected = report.verdict.text();
    ensure!(
        plain(verdict.trim_end()) == plain(&expected),
        "the page says: {verdict}\nthe native program: {expected}"
    );
    ensure!(plain(&text(page, "but").await?) == plain(&report.verdict.but));
    let plates = plates(sweep);
    let spots = Figure::from(&plates[0].view).spots((900, 336));
    let expected: Vec<(String, String)> =
        spots.iter().map(|spot| (spot.job.to_string(), spot.says.clone())).collect();
    let list =
        "[...document.querySelectorAll('#lr [data-role=spot]')].map(b => [b.dataset.job, b.textContent])";
    let shown: Vec<(String, String)> = page.eval(list).await?;
    ensure!(shown == expected, "the marks are {shown:?}, natively {expected:?}");
    Ok(())
}

/// Nothing is turned: all 114 runs, the native verdict, marks and table; and the page keeps drawing meanwhile.
pub(crate) async fn the_default_sweep_ends_with_the_native_verdict(page: &Page) -> Result<()> {
    let seconds = run_by_the_clock(page).await?;
    // Only now: while the page is timed the cores are its own.
    let begin = Instant::now();
    let sweep = native(Plan::usual(Claim::Lr))?;
    // WebKitGTK without a graphics card paints in software, on the cores that the sweep is using.
    if page.engine() != Engine::Webkit {
        is_quick(seconds, begin.elapsed().as_secs_f64())?;
    }
    ensure!(text(page, "progress").await? == "114 runs, seeds 1 to 3");
    page.wait("the marks", "document.querySelectorAll('#lr [data-role=spot]').length > 100").await?;
    agrees(page, &sweep).await?;
    let open = "document.querySelector('#lr [data-role=numbers]').open = true";
    page.call::<()>(open, vec![]).await?;
    let cells = "[...document.querySelectorAll('#lr tbody tr')].map(row => [...row.children].map(cell => cell.textContent))";
    page.wait("the table", &format!("{cells}.length > 0")).await?;
    let shown: Vec<Vec<String>> = page.eval(cells).await?;
    ensure!(shown == sweep.report().tables[0].rows, "the table is {shown:?}");
    Ok(())
}

/// With other controls the claim fails, and says so.
pub(crate) async fn where_the_claim_fails_it_says_not_here(page: &Page) -> Result<()> {
    page.open("#pause=1", View::DESKTOP).await?;
    come_to_the_sweep(page).await?;
    let plan = turn(page, &FAILING).await?;
    press(page, "main").await?;
    let sweep = native(plan)?;
    state(page, "done").await?;
    let lead = text(page, "lead").await?;
    ensure!(lead.starts_with("Not here: "), "{lead}");
    page.wait("the marks", "document.querySelectorAll('#lr [data-role=spot]').length > 100").await?;
    agrees(page, &sweep).await
}

/// A mark loads its very run, by keyboard and by pointer, and the bar leads back.
pub(crate) async fn a_mark_loads_that_run_in_the_lab(page: &Page) -> Result<()> {
    page.open("#pause=1", View::DESKTOP).await?;
    come_to_the_sweep(page).await?;
    let plan = turn(page, &FAILING).await?;
    press(page, "main").await?;
    state(page, "done").await?;
    page.wait("the marks", "document.querySelectorAll('#lr [data-role=spot]').length > 100").await?;
    let jobs = plan.jobs();
    // By keyboard: the third button of the hidden list, reached by arrows.
    let walk = "const first = document.querySelector('#lr [data-role=spot][tabindex=\"0\"]');
        first.focus();
        for (const _ of [1, 2])
            document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        const job = Number(document.activeElement.dataset.job);
        document.activeElement.click();
        return job;";
    let job: usize = page.call(walk, vec![]).await?;
    loaded(page, &link::write(&jobs[job].shown())).await?;
    page.click("[data-role=back]").await?;
    page.wait("the way back", "document.querySelector('#lr').getBoundingClientRect().top < 10").await?;
    // By pointer: at the place of another run's mark, which the ring shows.
    let point = "const buttons = document.querySelectorAll('#lr [data-role=spot]');
        buttons[given[0]].focus();
        const box = document.querySelector('#lr .ring').getBoundingClientRect();
        const host = document.querySelector('#lr .fig');
        const where = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true };
        document.activeElement.blur();
        host.dispatchEvent(new PointerEvent('pointermove', where));
        const tip = document.querySelector('#lr .tip').textContent;
        host.dispatchEvent(new PointerEvent('click', where));
        return [tip, buttons[given[0]].textContent];";
    let [tip, says]: [String; 2] = page.call(point, vec![json!(100)]).await?;
    // Seeds may lie on top of each other: the one picked is the one the tip tells of.
    let place = |words: &str| words.split(':').next().unwrap_or_default().to_owned();
    ensure!(place(&tip) == place(&says), "the mark at the place of “{says}” says “{tip}”");
    let sweep = native(plan)?;
    let spots = Figure::from(&plates(&sweep)[0].view).spots((900, 336));
    let job = spots.iter().find(|spot| spot.says == tip).map_or(usize::MAX, |spot| spot.job);
    ensure!(job < jobs.len(), "no run says “{tip}”");
    loaded(page, &link::write(&jobs[job].shown())).await
}

/// This run is in the lab, and the lab on screen.
async fn loaded(page: &Page, link: &str) -> Result<()> {
    page.wait(&format!("{link} in the address"), &format!("location.hash === '#{link}'")).await?;
    let seen = "(box => box.bottom > 0 && box.top < innerHeight)(document.querySelector('#lab').getBoundingClientRect())";
    page.wait("the lab on screen", seen).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 0").await
}

/// Counts what the workers of sweeps are asked for: messages to any but the first worker, the lab's.
const ASKED: &str = "<script>
    window.asked = 0;
    window.lab_asked = 0;
    let lab;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...given) {
        lab ??= this;
        // The worker that draws is sent no bytes alone.
        if (!(given[0] instanceof Uint8Array)) return post.apply(this, given);
        if (this === lab) lab_asked += 1; else asked += 1;
        return post.apply(this, given);
    };
    </script>";

/// Pause keeps what is there, Resume goes on, Start over begins anew with the same seeds.
pub(crate) async fn a_sweep_can_be_paused_resumed_and_started_over(page: &Page) -> Result<()> {
    page.serve(|site| site.head(ASKED))?;
    page.open("#pause=1", View::DESKTOP).await?;
    come_to_the_sweep(page).await?;
    press(page, "main").await?;
    page.wait("some runs", "Number(document.querySelector('#lr').dataset.done) > 4").await?;
    ensure!(text(page, "lead").await?.starts_with("So far"));
    ensure!(text(page, "main").await? == "Pause");
    press(page, "main").await?;
    state(page, "paused").await?;
    // What is under way may still come in; then nothing does, and no worker is asked for more.
    let still = "
        const section = document.querySelector('#lr');
        for (let same = 0, last = ''; same < 10; same += 1) {
            await new Promise(requestAnimationFrame);
            if (section.dataset.done !== last) [same, last] = [0, section.dataset.done];
        }
        const asked = window.asked;
        for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
        return [Number(section.dataset.done), section.querySelector('[data-role=progress]').textContent, window.asked - asked];";
    let (paused, said, asked): (u32, String, u32) = page.call(still, vec![]).await?;
    ensure!(paused > 4 && asked == 0, "it goes on: run {paused}, {asked} more asked for");
    ensure!(said == format!("paused at run {paused} of 114"), "{said}");
    // The page presses by itself: for a slow driver the sweep may be over, and so may its new beginning.
    let anew = format!(
        "const section = document.querySelector('#lr'), done = () => Number(section.dataset.done);
        const until = async holds => {{ while (!holds()) await new Promise(done => setTimeout(done, 5)); }};
        {main}.click();
        await until(() => done() > {paused});
        let least = Infinity;
        new MutationObserver(() => {{ least = Math.min(least, done()); }}).observe(section, {{ attributes: true }});
        {start_over}.click();
        await until(() => least < {paused});
        {main}.click();",
        main = at("main"),
        start_over = at("start-over"),
    );
    page.call::<()>(&anew, vec![]).await?;
    state(page, "paused").await
}

/// Out of sight the sweep and the lab rest, each while the other is seen.
pub(crate) async fn what_is_not_seen_rests(page: &Page) -> Result<()> {
    page.serve(|site| site.head(ASKED))?;
    page.open("", View::DESKTOP).await?;
    // Slow enough that neither ends by itself meanwhile.
    page.set("#speed", "30").await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 10").await?;
    come_to_the_sweep(page).await?;
    press(page, "main").await?;
    page.wait("some runs", "Number(document.querySelector('#lr').dataset.done) > 2").await?;
    // Counted by the page itself, which is not kept waiting by anybody between two looks.
    let lab = "const before = window.lab_asked;
        await new Promise(done => setTimeout(done, 500));
        return window.lab_asked - before;";
    let asked: u32 = page.call(lab, vec![]).await?;
    ensure!(asked == 0, "out of sight the lab asks its worker {asked} times");
    let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    page.call::<()>("scrollTo(0, 0)", vec![]).await?;
    page.wait("training", &format!("Number(document.documentElement.dataset.step) > {step}")).await?;
    let sweep = "const before = window.asked;
        await new Promise(done => setTimeout(done, 700));
        return window.asked - before;";
    let asked: u32 = page.call(sweep, vec![]).await?;
    ensure!(asked == 0, "out of sight the sweep asks its workers {asked} times");
    let before = done(page).await?;
    come_to_the_sweep(page).await?;
    page.wait("more runs", &format!("Number(document.querySelector('#lr').dataset.done) > {before}")).await
}

/// Of the workers beside the lab's the first fails aloud over its third command, and the second falls silent over its
/// own, which nothing tells of.
const FAILING_WORKERS: &str = "<script>
    window.kept = [];
    window.ended = [];
    window.Worker = class extends Worker {
        constructor(...given) { super(...given); kept.push(this); this.sent = 0; }
        postMessage(...given) {
            super.postMessage(...given);
            const fate = kept.indexOf(this);
            // The module is the first message.
            this.sent += 1;
            if (this.sent !== 4 || fate < 1 || fate > 2) return;
            this.terminate();
            ended.push(kept.length);
            if (fate === 1) setTimeout(() => this.dispatchEvent(new Event('error')));
        }
    };
    </script>";

/// Workers that fail or fall silent are replaced, their runs repeated, and the verdict is the same.
pub(crate) async fn a_worker_that_dies_is_replaced(page: &Page) -> Result<()> {
    page.serve(|site| site.head(&[DRAWN_IN_PAGE, FAILING_WORKERS].concat()))?;
    page.open("#pause=1", View::DESKTOP).await?;
    come_to_the_sweep(page).await?;
    let plan = turn(page, &FAILING[..1]).await?;
    press(page, "main").await?;
    state(page, "done").await?;
    let [first, deaths, kept]: [usize; 3] = page.eval("[ended[0], ended.length, kept.length]").await?;
    // On a busy computer one that is merely slow may be taken for silent.
    ensure!(deaths == 2 && kept >= first + 2, "{deaths} ended; {kept} workers, {first} of them at first");
    page.wait("the marks", "document.querySelectorAll('#lr [data-role=spot]').length > 100").await?;
    agrees(page, &native(plan)?).await
}

/// On a phone nothing is wider than the screen, and of three figures abreast one is shown.
pub(crate) async fn it_fits_a_phone(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.open("#pause=1", View::PHONE).await?;
    // The experiments are built from the top, one in a frame: what is below has its place once all of them are.
    page.wait("the last experiment", "document.querySelector('#norms [data-role=main]')").await?;
    let widest: f64 = page.eval("document.documentElement.scrollWidth").await?;
    ensure!(widest <= 360.0, "the page is {widest} wide");
    let shown = "[...document.querySelectorAll('#why figure')].filter(f => f.offsetParent !== null).length";
    ensure!(page.eval::<usize>(shown).await? == 1);
    page.click("#why .tabs button:nth-child(3)").await?;
    let third = "[...document.querySelectorAll('#why figure')].map(f => f.offsetParent !== null)";
    ensure!(page.eval::<Vec<bool>>(third).await? == [false, false, true]);
    let drawn = "document.querySelector('#why [data-plate=why-scale] canvas')?.width > 100";
    page.wait("the figure of the third tab", drawn).await
}
