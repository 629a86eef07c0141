//! What happens around a page that trains: it is hidden, moved, opened twice, zoomed; messages come late; canvases go.

use std::time::Duration;

use browser::{Context, Engine, Page, Reply, Result, View, ensure};

use super::eye::{DRAWN_IN_PAGE, WITH, pixels, rest, role, step};

const STATE: &str = "document.documentElement.dataset.state";
const STEP: &str = "Number(document.documentElement.dataset.step)";

/// Keeps every worker of the page.
pub(crate) const KEEP: &str = "<script>
    window.kept = [];
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(...given) { super(...given); kept.push(this); this.alive = true; }
        terminate() { this.alive = false; super.terminate(); }
    };
    </script>";

/// A worker that is gone without a word, in the middle of a step, is missed; Restart repeats the run and goes on.
pub(crate) async fn a_trainer_that_falls_silent_is_missed(page: &Page) -> Result<()> {
    page.serve(|site| site.head(KEEP).head(HURRIES))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", &format!("{STEP} > 10")).await?;
    page.call::<()>(
        "Object.getPrototypeOf(Worker).prototype.terminate.call(kept[0]); window.hurries = true;",
        vec![],
    )
    .await?;
    page.wait("the sentence", &format!("{STATE} === 'stopped'")).await?;
    page.call::<()>("window.hurries = false", vec![]).await?;
    let at = step(page).await?;
    ensure!(page.eval::<String>("location.hash").await?.contains("l=3"), "the settings are gone");
    let notes = role(page, "notes-text").await?;
    ensure!(notes.contains("Settings and curves are kept"), "{notes}");
    ensure!(pixels(page, "loss", WITH).await? > 20, "the curves are gone");
    page.click("[data-role=train]").await?;
    page.wait("the run again, and on", &format!("{STEP} > {at}")).await
}

/// Once `hurries` is set frames are a quarter of a second apart, so that nobody has to wait.
const HURRIES: &str = "<script>
    {
        const ask = window.requestAnimationFrame.bind(window);
        let later = 0;
        window.hurries = false;
        window.requestAnimationFrame = call => ask(now => {
            if (hurries) later += 250;
            call(now + later);
        });
    }
    </script>";

/// A script that has the page's first worker load another file, beside its own; those after it are as ever.
pub(crate) fn first_worker_from(file: &str) -> String {
    format!(
        "<script>
        const First = window.Worker;
        window.Worker = class extends First {{
            constructor(script) {{ super(new URL('{file}', script)); window.Worker = First; }}
        }};
        </script>"
    )
}

/// A worker that never loads is missed as well, and Restart tries another one.
pub(crate) async fn a_worker_that_never_loads_is_missed(page: &Page) -> Result<()> {
    let mute = first_worker_from("mute.js");
    let nothing = Reply::new("text/javascript", "onmessage = () => {};");
    page.serve(|site| site.head(&mute).head(HURRIES).reply("/www/mute.js", nothing))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("the page", &format!("{STATE} === 'loading'")).await?;
    page.call::<()>("window.hurries = true", vec![]).await?;
    page.wait("the sentence", &format!("{STATE} === 'stopped'")).await?;
    page.call::<()>("window.hurries = false", vec![]).await?;
    ensure!(role(page, "notes-text").await?.contains("The trainer stopped"));
    ensure!(page.eval::<String>("location.hash").await?.contains("l=3"), "the settings are gone");
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STEP} > 10")).await
}

/// Pages of 64 KiB that a module may have beyond those it begins with: enough for the page and for a usual run.
const FEW: u32 = 320;

/// A worker that is given no more memory stops with a sentence; settings are kept, and a smaller run goes on.
pub(crate) async fn memory_that_runs_out_stops_the_trainer(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    let module = bounded(&file(page, "/pkg/batchnorm_playground_bg.wasm").await?, FEW)?;
    let module = Reply::new("application/wasm", module);
    // The worker's last words.
    page.expect(&["unreachable", "RuntimeError", "memory"]);
    page.serve(|site| site.reply("/pkg/batchnorm_playground_bg.wasm", module))?;
    let large = "l=64&w=256&b=128&dp=1000";
    page.open(&format!("#{large}&pause=3"), View::DESKTOP).await?;
    page.wait("the sentence", &format!("{STATE} === 'stopped'")).await?;
    let notes = role(page, "notes-text").await?;
    ensure!(notes.contains("Settings and curves are kept") && notes.contains("fewer layers"), "{notes}");
    ensure!(page.eval::<String>("location.hash").await?.contains("l=64"), "the settings are gone");
    page.call::<()>("location.hash = '#l=3'", vec![]).await?;
    page.wait("the smaller run", "document.querySelector('#knob-l').value === '2'").await?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STEP} > 10")).await
}

/// A file of the site as it is served.
pub(crate) async fn file(page: &Page, path: &str) -> Result<Vec<u8>> {
    let script = "const bytes = new Uint8Array(await (await fetch(given[0])).arrayBuffer());
        let text = '';
        for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
        return btoa(text);";
    browser::base64(&page.call::<String>(script, vec![path.into()]).await?)
}

/// A module whose memory may grow by so many pages and no more: its fifth section, which says how many it begins with, says
/// how many there can be as well.
fn bounded(module: &[u8], more: u32) -> Result<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8).context("no module")?;
    let mut out = head.to_vec();
    while let Some((&id, body)) = rest.split_first() {
        let (size, body) = number(body)?;
        let (section, next) = body.split_at_checked(size as usize).context("a section is cut off")?;
        let mut section = section.to_vec();
        if id == 5 {
            // One memory, without an end so far.
            ensure!(section.starts_with(&[1, 0]), "another kind of memory: {section:?}");
            let (first, _) = number(&section[2..])?;
            section = [vec![1, 1], written(first), written(first + more)].concat();
        }
        out.push(id);
        out.extend(written(section.len() as u32));
        out.extend(section);
        rest = next;
    }
    Ok(out)
}

/// A number as modules write it, seven bits a byte, and what follows.
fn number(bytes: &[u8]) -> Result<(u32, &[u8])> {
    let last = bytes.iter().take(5).position(|byte| byte & 0x80 == 0).context("a number has no end")?;
    let value = bytes[..=last].iter().rev().fold(0, |value, byte| value << 7 | u32::from(byte & 0x7f));
    Ok((value, &bytes[last + 1..]))
}

fn written(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// What a worker says of an earlier run changes nothing.
pub(crate) async fn a_message_of_an_old_run_is_dropped(page: &Page) -> Result<()> {
    page.serve(|site| site.head(KEEP))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("the worker", "window.kept.length > 0").await?;
    page.call::<()>(
        "window.old = [];
         kept[0].addEventListener('message', event => { if (old.length < 20) old.push(event.data.slice()); });",
        vec![],
    )
    .await?;
    page.wait("messages", "old.length === 20").await?;
    page.call::<()>("document.querySelector('[data-role=reset]').click()", vec![]).await?;
    rest(page).await?;
    let before = (step(page).await?, role(page, "print-1").await?);
    page.call::<()>(
        "for (const data of old) kept[0].dispatchEvent(new MessageEvent('message', { data }));
         for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);",
        vec![],
    )
    .await?;
    let after = (step(page).await?, role(page, "print-1").await?);
    ensure!(before == after && before.0 == 0, "from {before:?} to {after:?}");
    Ok(())
}

/// What is no report, or a damaged one, stops the trainer with a sentence, and Restart goes on.
pub(crate) async fn a_message_that_is_no_report_is_refused(page: &Page) -> Result<()> {
    page.serve(|site| site.head(KEEP))?;
    page.open("#l=3&pause=20", View::DESKTOP).await?;
    rest(page).await?;
    page.call::<()>(
        "for (const data of [null, 7, 'text', {}, { length: 4e9 }, new Uint8Array(0), new Uint8Array(900).fill(255),
                             new ArrayBuffer(8), [1, 2, 3], 2 ** 31])
             kept[0].dispatchEvent(new MessageEvent('message', { data }));",
        vec![],
    )
    .await?;
    page.wait("the sentence", &format!("{STATE} === 'stopped'")).await?;
    ensure!(step(page).await? == 20 && pixels(page, "loss", WITH).await? > 20, "the curves are gone");
    page.click("[data-role=train]").await?;
    page.wait("the run again, and on", &format!("{STEP} > 20")).await
}

/// What no page should start by itself is not started, and the sentence says so.
pub(crate) async fn absurd_sizes_in_a_link_are_refused(page: &Page) -> Result<()> {
    for link in ["l=64&w=256&b=2048&dp=20000&pause=5", "l=9e99&w=-1&b=4000000000&dp=1e12&pause=5"] {
        page.open(&format!("#{link}"), View::DESKTOP).await?;
        rest(page).await?;
        ensure!(step(page).await? == 5, "{link}");
        let notes = role(page, "notes-text").await?;
        ensure!(notes.len() > 40, "{link}: {notes}");
        let layers: String = page
            .eval("document.querySelector('#knob-l ~ output, .f:has(#knob-l) output').textContent")
            .await?;
        ensure!(layers == "8", "{link}: {layers} layers");
    }
    Ok(())
}

/// A second tab of the same page trains by itself; the first, hidden meanwhile, stands still and then goes on.
pub(crate) async fn hidden_behind_a_second_tab_it_rests(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.open("#l=3&pause=1", View::DESKTOP).await?;
    rest(page).await?;
    page.set("#speed", "30").await?;
    // The page notes itself where it was when it was hidden.
    page.call::<()>(
        "document.addEventListener('visibilitychange', () => {
             if (document.hidden) window.hidden_at = Number(document.documentElement.dataset.step);
         });",
        vec![],
    )
    .await?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STEP} > 5")).await?;
    let client = page.client();
    let first = client.window().await?;
    let second = client.new_window(true).await?.handle;
    client.switch_to_window(second.clone()).await?;
    client.goto(&page.url("#l=4")).await?;
    page.wait("training in the second tab", &format!("{STEP} > 60")).await?;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    // Still hidden: what was under way came in, and nothing more.
    client.switch_to_window(first.clone()).await?;
    let (noted, at): (Option<u32>, u32) = page.eval(&format!("[window.hidden_at ?? null, {STEP}]")).await?;
    let noted = noted.context("it was never hidden")?;
    ensure!(at <= noted + 8, "hidden at step {noted} it has trained on to step {at}");
    client.switch_to_window(second).await?;
    client.close_window().await?;
    client.switch_to_window(first).await?;
    ensure!(page.eval::<String>("location.hash").await?.contains("l=3"), "the other tab's settings are here");
    page.wait("training in the first", &format!("{STEP} > {}", at + 5)).await
}

/// An element that trains is taken out, put in, and moved: each time one page lives in it, and what is gone has ended.
pub(crate) async fn an_element_is_taken_out_and_moved(page: &Page) -> Result<()> {
    let html = format!(
        "<!doctype html><html><head><link rel=icon href='data:,'><title>one</title>{KEEP}</head><body>
         <p id=here><batchnorm-playground experiment=live></batchnorm-playground></p><p id=there></p>
         <script src='batchnorm-playground.js'></script></body></html>"
    );
    page.serve(|site| site.reply("/one.html", Reply::new("text/html; charset=utf-8", html)))?;
    page.open("one.html", View::DESKTOP).await?;
    let step = "Number(document.querySelector('batchnorm-playground')?.shadowRoot
        ?.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0])";
    let alive = "kept.filter(worker => worker.alive).length";
    page.wait("training", &format!("{step} > 10")).await?;
    page.call::<()>("window.it = document.querySelector('batchnorm-playground'); it.remove()", vec![])
        .await?;
    ensure!(page.eval::<u32>(alive).await? == 0, "its worker lives on");
    page.call::<()>("document.querySelector('#there').append(it)", vec![]).await?;
    page.wait("training anew", &format!("{step} > 10")).await?;
    // Out and in within one task, twice.
    page.call::<()>(
        "document.querySelector('#here').append(it); document.querySelector('#there').append(it);",
        vec![],
    )
    .await?;
    page.wait("training there", &format!("{step} > 10")).await?;
    ensure!(page.eval::<u32>(alive).await? == 1, "{} workers live", page.eval::<u32>(alive).await?);
    let live: u32 = page.eval("it.shadowRoot.querySelectorAll('.live').length").await?;
    ensure!(live == 1, "{live} live ones in one element");
    Ok(())
}

/// Canvases a browser has taken away and given back are drawn again.
pub(crate) async fn canvases_given_back_empty_are_drawn_again(page: &Page) -> Result<()> {
    page.serve(|site| site.head(DRAWN_IN_PAGE))?;
    page.open("#l=3&pause=40", View::DESKTOP).await?;
    rest(page).await?;
    let sheets = "[...document.querySelectorAll('#lab .fig:not([data-fig=paint]) canvas')].filter(c => c.width > 0 && c.clientWidth > 0)
        .map(c => c.toDataURL().length)";
    let before: Vec<u32> = page.eval(sheets).await?;
    ensure!(before.len() > 5, "{before:?}");
    page.call::<()>(
        "for (const canvas of document.querySelectorAll('#lab canvas')) {
             canvas.getContext('2d').reset?.();
             canvas.width = canvas.width;
         }
         document.querySelector('#lab canvas').dispatchEvent(new Event('contextrestored'));",
        vec![],
    )
    .await?;
    page.wait("the figures", &format!("JSON.stringify({sheets}) === '{}'", serde_json::to_string(&before)?))
        .await
}

/// The worker, which besides has what it was lent taken away and given back empty by whoever asks.
const LOSING_WORKER: &str = concat!(
    "const lent = [];
    addEventListener('message', ({ data }) => {
        if (Array.isArray(data)) lent.push(...data.filter(message => message.length === 2).map(message => message[1]));
    });
    const channel = new BroadcastChannel('lose');
    channel.onmessage = () => {
        for (const canvas of lent) canvas.width = canvas.width;
        for (const canvas of lent) canvas.dispatchEvent(new Event('contextrestored'));
        if (lent.length > 0) channel.postMessage(lent.length);
    };
    ",
    include_str!("../../../www/worker.js")
);

/// So are those that a worker draws on.
pub(crate) async fn canvases_lent_and_lost_are_drawn_again(page: &Page) -> Result<()> {
    page.serve(|site| site.reply("/www/worker.js", Reply::new("text/javascript", LOSING_WORKER)))?;
    page.open("#l=3&pause=40", View::DESKTOP).await?;
    rest(page).await?;
    page.call::<()>("document.querySelector('#gamma .fig').scrollIntoView({ block: 'center' })", vec![])
        .await?;
    let axes = "(canvas => {
        const copy = document.createElement('canvas').getContext('2d');
        [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
        copy.drawImage(canvas, 0, 0);
        return copy.getImageData(0, 0, canvas.width, canvas.height).data.filter(value => value > 0).length;
    })(document.querySelector('#gamma .fig .back canvas'))";
    page.wait(
        "the axes of an experiment",
        &format!("document.querySelector('#gamma .fig .back canvas') && {axes} > 1000"),
    )
    .await?;
    let before = (pixels(page, "loss", WITH).await?, page.eval::<u32>(axes).await?);
    let lose = "const channel = new BroadcastChannel('lose');
        const lost = new Promise(done => { channel.onmessage = ({ data }) => done(data); });
        channel.postMessage(0);
        return await lost;";
    ensure!(page.call::<u32>(lose, vec![]).await? > 10, "nothing was lost");
    page.wait("its axes again", &format!("{axes} === {}", before.1)).await?;
    let after = pixels(page, "loss", WITH).await?;
    ensure!(before.0 > 20 && after == before.0, "{} pixels of the curve were there, {after} are", before.0);
    let lent = "(() => { try { document.querySelector('[data-fig=loss] > canvas').getContext('2d'); } catch { return true; } })()";
    ensure!(page.eval::<Option<bool>>(lent).await?.is_some(), "the page draws by itself");
    Ok(())
}

/// Keeps the worker that draws: the one that is sent lists.
const PAINTER: &str = "<script>
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...given) {
        if (Array.isArray(given[0])) window.painter = this;
        return post.apply(this, given);
    };
    </script>";

/// Without the worker that draws the page draws by itself, whether that has failed or says nothing any more.
pub(crate) async fn figures_are_drawn_without_their_worker(page: &Page) -> Result<()> {
    page.serve(|site| site.head(PAINTER))?;
    for end in ["painter.dispatchEvent(new Event('error'))", "0"] {
        page.open("#l=3", View::DESKTOP).await?;
        page.set("#speed", "30").await?;
        page.wait("training", &format!("{STEP} > 10")).await?;
        page.wait("the worker that draws", "window.painter").await?;
        page.call::<()>(&format!("painter.terminate(); {end};"), vec![]).await?;
        // A canvas that was lent has no context here.
        let own = "(() => { try { return !!document.querySelector('[data-fig=loss] > canvas')?.getContext('2d'); } catch { return false; } })()";
        page.wait("canvases of the page's own", own).await?;
        let at = step(page).await?;
        page.wait("more steps", &format!("{STEP} > {at} + 5")).await?;
        ensure!(pixels(page, "loss", WITH).await? > 20, "{end}: no curve");
    }
    // It falls silent while the lab stands still and an experiment is at work.
    page.open("#l=3&pause=20", View::DESKTOP).await?;
    rest(page).await?;
    page.call::<()>("document.querySelector('#gamma .fig').scrollIntoView({ block: 'center' })", vec![])
        .await?;
    page.wait(
        "the worker that draws",
        "window.painter && document.querySelector('#gamma .fig .back canvas')",
    )
    .await?;
    page.call::<()>("painter.terminate()", vec![]).await?;
    page.set("#gamma-scale", "2").await?;
    let own = "(() => { try { return !!document.querySelector('#gamma .fig > canvas').getContext('2d'); } catch { return false; } })()";
    page.wait("its canvas of the page's own", own).await
}

/// How often the step was written in some seconds, how many they were, and how many frames there were in them.
async fn drawn(page: &Page) -> Result<(f64, f64, f64)> {
    let watch = "let [changes, frames] = [0, 0];
        const watcher = new MutationObserver(() => { changes += 1; });
        watcher.observe(document.documentElement, { attributeFilter: ['data-step'] });
        const begin = performance.now();
        while (performance.now() < begin + 4000) {
            await new Promise(requestAnimationFrame);
            frames += 1;
        }
        watcher.disconnect();
        return [changes, (performance.now() - begin) / 1000, frames];";
    page.call(watch, vec![]).await
}

/// Where the driver cannot wish for less motion, the window can be made to.
const WISH: &str = "<script>
    {
        const plain = window.matchMedia.bind(window);
        const list = new EventTarget();
        list.matches = false;
        window.matchMedia = query => query.includes('reduced-motion') ? list : plain(query);
        window.wish = less => {
            list.matches = less;
            list.dispatchEvent(new Event('change'));
        };
    }
    </script>";

async fn wish(page: &Page, less: bool) -> Result<()> {
    if page.engine() != Engine::Chromium {
        return page.call::<()>("window.wish(given[0])", vec![less.into()]).await;
    }
    page.set_view(if less { View::DESKTOP.reduced_motion() } else { View::DESKTOP }).await
}

/// The reader's wish for less motion is heard at once, and its end.
pub(crate) async fn a_wish_for_less_motion_is_heard_on_the_way(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        page.serve(|site| site.head(WISH))?;
    }
    page.open("#l=3", View::DESKTOP).await?;
    // Slow, so that it does not come to its end meanwhile; still a step every other frame or so.
    page.set("#speed", "45").await?;
    page.wait("training", &format!("{STEP} > 10")).await?;
    wish(page, true).await?;
    let (calm, seconds, _) = drawn(page).await?;
    // Once a second, and once more at either end.
    ensure!(calm >= 1.0 && calm <= seconds + 2.0, "drawn {calm} times in {seconds:.1} seconds");
    wish(page, false).await?;
    let (lively, seconds, frames) = drawn(page).await?;
    ensure!(lively > seconds + 2.0 && lively >= frames / 8.0, "drawn {lively} times in {frames} frames");
    Ok(())
}

/// Zoomed under the reader's hand from half to four times the size: figures are drawn for the new pixels, nothing is
/// wider than the window, and training goes on.
pub(crate) async fn zoomed_from_half_to_four_times_it_fits(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.open("#l=3", View::DESKTOP).await?;
    // Slow, so that it does not come to its end meanwhile.
    page.set("#speed", "30").await?;
    for zoom in [0.5, 2.0, 4.0, 1.0] {
        let part = |length: f64| (length / zoom).round() as u32;
        let view = View { width: part(1280.0), height: part(900.0), scale: zoom, ..View::DESKTOP };
        page.set_view(view).await?;
        // At four times its size the head of the page fills the window, and a lab out of sight rests.
        page.call::<()>("document.querySelector('#lab').scrollIntoView()", vec![]).await?;
        let before = step(page).await?;
        page.wait(&format!("training at {zoom}"), &format!("{STEP} > {}", before + 3)).await?;
        let crisp = "(canvas => Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1)
            (document.querySelector('[data-fig=loss] canvas'))";
        page.wait(&format!("a figure for {zoom}"), crisp).await?;
        let over: i32 = page.eval("document.documentElement.scrollWidth - innerWidth").await?;
        ensure!(over <= 0, "at {zoom} it is {over} pixels too wide");
    }
    Ok(())
}
