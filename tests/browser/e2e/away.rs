//! What happens around a page that trains: it is hidden, moved, opened twice, zoomed, wished to move less.

use std::time::Duration;

use browser::{Context, Engine, Page, Reply, Result, View, ensure};

use super::eye::{STEP, rest, step};
use super::trainer::KEEP;

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
