//! Before the module is there: axes and words at once, nothing that can be pressed in vain, and nothing moves when it comes.

use browser::{Engine, Page, Result, View, ensure};

use super::eye::role;

/// The module is compiled when the test says so.
const HANGING: &str = "<script>
    const compile = WebAssembly.compileStreaming;
    WebAssembly.compileStreaming = source => new Promise(done => {
        window.release = () => done(compile.call(WebAssembly, source));
    });
    window.shifts = [];
    if (window.PerformanceObserver?.supportedEntryTypes?.includes('layout-shift'))
        new PerformanceObserver(list => {
            for (const shift of list.getEntries())
                shifts.push([shift.value, shift.sources.map(source => {
                    const node = source.node?.outerHTML ?? source.node?.textContent ?? '';
                    return `${node.slice(0, 90)} from ${source.previousRect.x},${source.previousRect.y} to ${source.currentRect.x},${source.currentRect.y}`;
                })]);
        }).observe({ type: 'layout-shift', buffered: true });
</script>";

/// The words of Fig. 1 and where the middle of each is.
const WORDS: &str = "[...document.querySelectorAll('[data-fig=loss] text')].map(text => {
        const [box, fig] = [text.getBoundingClientRect(), text.closest('.fig').getBoundingClientRect()];
        return [text.textContent, box.left + box.width / 2 - fig.left, box.top + box.height / 2 - fig.top];
    }).filter(([words, x]) => words !== 'Loading the trainer' && x > 0)";

async fn hang(page: &Page, view: View) -> Result<()> {
    page.open("", view).await?;
    page.wait("the module to be asked for", "window.release").await
}

/// The axes that stand there first are those that the module draws; words are there, and buttons that would do nothing are off.
pub(crate) async fn axes_and_words_are_there_before_the_module(page: &Page) -> Result<()> {
    page.serve(|site| {
        let idle = browser::Reply::new("text/javascript", "onmessage = () => {};");
        site.head(HANGING).reply("/www/worker.js", idle)
    })?;
    let views: &[View] = match page.engine() {
        Engine::Chromium => &[View::DESKTOP, View::TABLET, View::PHONE],
        _ => &[View::DESKTOP],
    };
    for &view in views {
        hang(page, view).await?;
        let mut early: Vec<(String, f64, f64)> = page.eval(WORDS).await?;
        ensure!(role(page, "sentence").await? == "Loading the trainer.");
        ensure!(role(page, "caption-loss").await?.starts_with("Fig. 1. Line: training loss"));
        let off: Vec<bool> = page
            .eval("['train', 'step', 'reset'].map(name => document.querySelector(`[data-role=${name}]`).disabled)")
            .await?;
        ensure!(off == [true; 3], "{off:?}");
        page.call::<()>("window.release()", vec![]).await?;
        page.wait("the page", "document.documentElement.dataset.state === 'loading'").await?;
        let mut late: Vec<(String, f64, f64)> = page.eval(WORDS).await?;
        ensure!(late.len() > 10, "{late:?}");
        for words in [&mut early, &mut late] {
            words.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let names = |words: &[(String, f64, f64)]| words.iter().map(|w| w.0.clone()).collect::<Vec<_>>();
        ensure!(names(&early) == names(&late), "{}: {early:?}, then {late:?}", view.name);
        for (a, b) in early.iter().zip(&late) {
            let near = (a.1 - b.1).abs() < 2.0 && (a.2 - b.2).abs() < 2.0;
            ensure!(near, "{}: {a:?} becomes {b:?}", view.name);
        }
    }
    Ok(())
}

/// The browser's own measure of what jumps: nothing does, from the first paint until the run is under way.
pub(crate) async fn nothing_moves_when_the_module_comes(page: &Page) -> Result<()> {
    page.serve(|site| site.head(HANGING))?;
    for view in [View::DESKTOP, View::DESKTOP.dark(), View::TABLET, View::PHONE] {
        hang(page, view).await?;
        page.call::<()>("await new Promise(done => setTimeout(done, 300)); window.release()", vec![]).await?;
        page.wait("training", "Number(document.documentElement.dataset.step) > 60").await?;
        page.wait("the experiments", "document.querySelector('#norms [data-role=main]')").await?;
        let shifts: Vec<(f64, Vec<String>)> = page.eval("shifts").await?;
        let sum: f64 = shifts.iter().map(|(value, _)| value).sum();
        println!("{} {}: layout shift {sum:.5}", view.name, view.theme());
        ensure!(sum < 0.001, "{} {}: {sum} in {shifts:#?}", view.name, view.theme());
    }
    Ok(())
}
