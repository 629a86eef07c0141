//! Canvases are lost, and so is the worker that draws on them: figures are drawn again, by the page itself if need be.

use browser::{Context, Page, Reply, Result, View, ensure};

use super::eye::{DRAWN_IN_PAGE, LENT, STEP, WITH, curves_are_there, drawn_for_good, pixels, rest, step};

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
    drawn_for_good(page).await?;
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
    let curve = pixels("loss", WITH);
    let before: (u32, u32) = page.eval(&format!("[{curve}, {axes}]")).await?;
    ensure!(before.0 > 20);
    let lose = "const channel = new BroadcastChannel('lose');
        const lost = new Promise(done => { channel.onmessage = ({ data }) => done(data); });
        channel.postMessage(0);
        return await lost;";
    ensure!(page.call::<u32>(lose, vec![]).await? > 10, "nothing was lost");
    // What was lost is on the page for a moment longer.
    page.call::<()>(
        "for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)",
        vec![],
    )
    .await?;
    page.wait("its axes again", &format!("{axes} === {}", before.1)).await?;
    page.wait("the curve again", &format!("{curve} === {}", before.0)).await?;
    ensure!(page.eval::<bool>(LENT).await?, "the page draws by itself");
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
        curves_are_there(page).await.context(end)?;
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
