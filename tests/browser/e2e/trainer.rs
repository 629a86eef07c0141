//! The trainer ends, falls silent, has no memory left, or says what it should not: the page tells of it and goes on.

use browser::{Context, Page, Reply, Result, View, ensure};

use super::eye::{STATE, STEP, curves_are_there, file, rest, role, step};

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
    curves_are_there(page).await?;
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
    ensure!(step(page).await? == 20);
    curves_are_there(page).await?;
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
