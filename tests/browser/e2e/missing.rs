//! What fails to load or may not be used: files, the module, workers, storage; and the site's own policy.

use browser::{Context, Page, Reply, Result, View, ensure};

use super::eye::{STATE, STEP, curves_are_there, file, pause, rest, role};

const MODULE: &str = "/pkg/batchnorm_playground_bg.wasm";
const WORKER: &str = "/www/worker.js";

/// The recorded run is there with a sentence, a reason and one way on; nothing dead can be pressed.
async fn shows_the_recorded_run(page: &Page, fault: &str) -> Result<()> {
    page.wait(&format!("the recorded run, for {fault}"), &format!("{STATE} === 'failed'")).await?;
    let said: String = page.eval("document.querySelector('[data-role=failed]').innerText").await?;
    ensure!(said.contains("You are looking at a recorded run"), "{fault}: {said}");
    ensure!(!role(page, "failed-why").await?.is_empty(), "{fault}: no reason is given");
    let pressable = "[...document.querySelectorAll('button, select, input')].filter(e => e.getBoundingClientRect().height > 0).length";
    ensure!(page.eval::<u32>(pressable).await? == 0, "{fault}: there is something to press");
    // The document that goes says what the one that comes will say.
    page.call::<()>("window.old = true", vec![]).await?;
    page.click("[data-role=try-again]").await?;
    let anew = format!("window.old === undefined && {STATE} === 'failed'");
    page.wait(&format!("the same again, for {fault}"), &anew).await?;
    ensure!(page.eval::<String>("location.hash").await? == "#l=3", "{fault}: the settings are gone");
    Ok(())
}

/// A sweep is started, and a few of its runs come back.
async fn some_runs_of_a_sweep(page: &Page) -> Result<()> {
    page.wait("the experiments", "document.querySelector('#lr [data-role=main]') !== null").await?;
    page.call::<()>(
        "document.querySelector('#lr').scrollIntoView();
         document.querySelector('#lr [data-role=main]').click();",
        vec![],
    )
    .await?;
    page.wait("some runs", "Number(document.querySelector('#lr').dataset.done) > 2").await
}

/// The module is missing, cut off, or no module, or its glue is missing: the recorded run.
pub(crate) async fn without_its_files_it_shows_the_recorded_run(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    let mut half = file(page, MODULE).await?;
    half.truncate(half.len() / 2);
    let faults = [
        ("a missing module", MODULE, Reply::not_found()),
        ("half a module", MODULE, Reply::new("application/wasm", half)),
        ("what is no module", MODULE, Reply::new("application/wasm", "no module")),
        ("missing glue", "/pkg/batchnorm_playground.js", Reply::not_found()),
    ];
    page.expect(&["batchnorm_playground"]);
    for (fault, path, reply) in faults {
        page.serve(|site| site.reply(path, reply))?;
        page.open("#l=3", View::DESKTOP).await?;
        shows_the_recorded_run(page, fault).await?;
    }
    Ok(())
}

/// Where no worker can be had the page trains by itself, and says so: the same numbers, with everything at hand.
async fn trains_in_the_page(page: &Page, print: &str, fault: &str) -> Result<()> {
    page.expect(&["worker.js"]);
    page.open("#l=3&pause=40", View::DESKTOP).await?;
    rest(page).await?;
    let said = role(page, "notes-text").await?;
    ensure!(said.starts_with("No worker can be started here"), "{fault}: {said}");
    ensure!(role(page, "print-1").await? == print, "{fault}: other numbers");
    curves_are_there(page).await.context(fault.to_owned())?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STEP} > 60")).await?;
    pause(page).await?;
    some_runs_of_a_sweep(page).await?;
    let progress: String =
        page.eval("document.querySelector('#lr [data-role=progress]').textContent").await?;
    ensure!(progress.ends_with("no worker can be started here"), "{fault}: {progress}");
    Ok(())
}

/// The fingerprint of the run that [`trains_in_the_page`] looks at, as a worker trains it.
async fn print_by_a_worker(page: &Page) -> Result<String> {
    page.open("#l=3&pause=40", View::DESKTOP).await?;
    rest(page).await?;
    role(page, "print-1").await
}

/// Without the worker's script the page trains by itself.
pub(crate) async fn without_the_workers_script_the_page_trains(page: &Page) -> Result<()> {
    let print = print_by_a_worker(page).await?;
    page.serve(|site| site.reply(WORKER, Reply::not_found()))?;
    trains_in_the_page(page, &print, "a missing worker").await
}

/// A server that calls the module plain text does no harm.
pub(crate) async fn a_module_by_another_type_runs(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    let module = file(page, MODULE).await?;
    page.serve(|site| site.reply(MODULE, Reply::new("text/plain", module)))?;
    page.open("", View::DESKTOP).await?;
    page.wait("training", &format!("{STEP} > 10")).await
}

/// Without the file of digits the other data sets go on, and the sentence says so.
pub(crate) async fn without_the_digits_the_other_data_are_there(page: &Page) -> Result<()> {
    page.serve(|site| site.reply("/www/digits.bin", Reply::not_found()))?;
    page.expect(&["digits.bin"]);
    page.open("#d=digits&l=3", View::DESKTOP).await?;
    page.wait("a sentence", "!document.querySelector('[data-role=notes]').hidden").await?;
    let said = role(page, "notes-text").await?;
    ensure!(said.starts_with("The digits could not be fetched"), "{said}");
    page.call::<()>("document.querySelector('[data-set=circle]').click()", vec![]).await?;
    page.wait("something to press", "!document.querySelector('[data-role=train]').disabled").await?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STEP} > 10")).await
}

/// A policy that forbids workers: the page trains by itself.
pub(crate) async fn where_workers_are_forbidden_the_page_trains(page: &Page) -> Result<()> {
    let print = print_by_a_worker(page).await?;
    let policy =
        "default-src 'self' 'wasm-unsafe-eval' data:; style-src 'self' 'unsafe-inline'; worker-src 'none'";
    page.serve(|site| site.header("Content-Security-Policy", policy))?;
    trains_in_the_page(page, &print, "forbidden workers").await?;
    // So does an embed in a frame.
    page.open("embed.html#l=3", View::DESKTOP).await?;
    let step = "Number(document.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0])";
    page.wait("the embed to train", &format!("{step} > 10")).await
}

/// A browser that has no workers at all: the same.
pub(crate) async fn where_there_are_no_workers_the_page_trains(page: &Page) -> Result<()> {
    let print = print_by_a_worker(page).await?;
    page.serve(|site| site.head("<script>delete window.Worker;</script>"))?;
    trains_in_the_page(page, &print, "no workers").await
}

/// Nothing is stored, so nothing is lost where nothing may be.
pub(crate) async fn where_storage_is_denied_nothing_is_missed(page: &Page) -> Result<()> {
    let deny = "<script>
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
            Object.defineProperty(window, name, { get() { throw new DOMException(name, 'SecurityError'); } });
        Object.defineProperty(document, 'cookie', { get() { throw new DOMException('cookie', 'SecurityError'); } });
    </script>";
    page.serve(|site| site.head(deny))?;
    page.open("#l=3&pause=20", View::DESKTOP).await?;
    rest(page).await?;
    curves_are_there(page).await
}

/// The strictest policy the site is made for, as a header: it trains, sweeps, exports, changes its theme, reads a table, and
/// every panel opens; the one thing refused is the preview of an embed, which is a frame, and a sentence says so.
pub(crate) async fn it_works_under_the_strictest_policy(page: &Page) -> Result<()> {
    ensure!(include_str!("../../../README.md").contains(POLICY), "README names another policy");
    page.serve(|site| site.header("Content-Security-Policy", POLICY))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", &format!("{STEP} > 10")).await?;
    page.call::<()>(
        "document.querySelector('[data-role=theme]').click();
         document.querySelector('[data-set=digits]').click();",
        vec![],
    )
    .await?;
    page.wait("digits", &format!("/d=digits/.test(location.hash) && {STEP} > 3")).await?;
    some_runs_of_a_sweep(page).await?;
    panels_and_files(page).await?;
    page.open("embed.html#exp=live", View::DESKTOP).await?;
    page.wait("the embed", "document.querySelector('[data-role=train]') !== null").await
    // And whatever the policy refuses is a complaint, which the suite looks for.
}

/// Every panel is opened, every file written, and a table read.
async fn panels_and_files(page: &Page) -> Result<()> {
    page.expect(&["frame-src", "embed.html"]);
    page.call::<()>(
        "scrollTo(0, 0);
         window.saved = [];
         HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };",
        vec![],
    )
    .await?;
    let panels: Vec<String> = page
        .eval("[...document.querySelectorAll('[data-panel]')].map(button => button.dataset.panel)")
        .await?;
    for panel in panels {
        page.call::<()>(&format!("document.querySelector('[data-panel={panel}]').click()"), vec![]).await?;
        page.wait("the panel", &format!("!document.querySelector('#panel-{panel}').hidden")).await?;
        if panel == "embed" {
            let told = "document.querySelector('[data-role=embed-preview]').textContent";
            page.wait("the sentence", &format!("{told}.includes('allows no frame')")).await?;
        }
        if panel == "export" {
            // What there is to choose from is written with the next drawing.
            page.wait("a figure to choose", "document.querySelector('#picture').value !== ''").await?;
            for ending in ["png", "svg", "csv", "json", "pytorch"] {
                // Not by the pointer, which may miss what the panel's words still move.
                let press = format!("document.querySelector('[data-role=export-{ending}]').click()");
                page.call::<()>(&press, vec![]).await?;
                let ending = if ending == "pytorch" { "py" } else { ending };
                let there = format!("window.saved.some(name => name.endsWith('.{ending}'))");
                page.wait(&format!("the {ending} file"), &there).await?;
            }
        }
    }
    page.call::<()>(
        "const transfer = new DataTransfer();
         const rows = Array.from({ length: 40 }, (_, row) => `${row},${row % 7},${'ab'[row % 2]}`);
         transfer.items.add(new File([rows.join('\\n')], 'table.csv'));
         const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer });
         document.querySelector('main').dispatchEvent(event);",
        vec![],
    )
    .await?;
    page.wait("the table", "document.querySelector('[data-role=own-told]').textContent.includes('40 rows')")
        .await
}

/// The policy; README names it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";
