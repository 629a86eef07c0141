//! What goes wrong: each test causes one fault and looks for the sentence, for what was kept, and for the way on.

use browser::{Page, Reply, Result, View, ensure};

use super::eye::{WITH, pixels, role};

/// Two live elements in a page.
const TWO: &str = "<!doctype html><html><head><link rel=icon href='data:,'><title>two</title>
    </head><body>
    <batchnorm-playground experiment=live></batchnorm-playground>
    <batchnorm-playground experiment=lr></batchnorm-playground>
    <script src='batchnorm-playground.js'></script></body></html>";

/// What an expression gives for the shadow of the n-th element.
fn shadow(n: usize, expression: &str) -> String {
    format!(
        "(() => {{ const root = document.querySelectorAll('batchnorm-playground')[{n}].shadowRoot; return {expression}; }})()"
    )
}

const STEP: &str = "Number(root?.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0])";

/// From now on canvases inside the host of the first element refuse to be cleared: an error in the middle of a drawing.
const REFUSE: &str = "
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...given) {
        if (window.refuses && this.canvas.getRootNode() === window.refuses) throw new Error('no ink');
        return clear.apply(this, given);
    };";

/// A call that does not come to its end: the element says so and starts again, its neighbour never notices.
pub(crate) async fn an_error_of_the_program_ends_one_element_alone(page: &Page) -> Result<()> {
    let html = TWO.replace("</head>", &format!("<script>{REFUSE}</script></head>"));
    page.serve(|site| site.reply("/two.html", Reply::new("text/html; charset=utf-8", html)))?;
    page.expect(&["no ink"]);
    page.open("two.html", View::DESKTOP).await?;
    page.wait("training", &shadow(0, &format!("{STEP} > 10"))).await?;
    let broken = "root.querySelectorAll('[data-role=broken]').length";
    page.eval::<bool>(&shadow(0, "(window.refuses = root, true)")).await?;
    page.wait("a sentence", &shadow(0, &format!("{broken} === 1"))).await?;
    let sentence: String =
        page.eval(&shadow(0, "root.querySelector('[data-role=broken] p').textContent")).await?;
    ensure!(sentence.starts_with("An error in this program"), "{sentence}");
    let kept: u32 = page.eval(&shadow(0, STEP)).await?;
    ensure!(kept > 10, "what was drawn is gone: step {kept}");
    let enabled =
        "[...root.querySelectorAll('button:enabled, input:enabled')].map(button => button.textContent)";
    let left: Vec<String> = page.eval(&shadow(0, enabled)).await?;
    ensure!(left == ["Start again", "Copy details"], "what is left to press: {left:?}");
    page.eval::<bool>("(window.refuses = null, true)").await?;

    ensure!(page.eval::<u32>(&shadow(1, broken)).await? == 0, "the neighbour says it failed");
    page.eval::<bool>(&shadow(1, "(root.host.scrollIntoView({block: 'center'}), true)")).await?;
    page.wait("the neighbour", &shadow(1, "!!root.querySelector('[data-role=main]')")).await?;
    let state = "root.querySelector('[data-experiment]').dataset";
    page.eval::<bool>(&shadow(1, "(root.querySelector('[data-role=main]').click(), true)")).await?;
    page.wait(
        "the neighbour to run",
        &shadow(
            1,
            &format!("{state}.state === 'running' && Number({state}.done) > 2 || {state}.state === 'done'"),
        ),
    )
    .await?;

    page.eval::<bool>(&shadow(
        0,
        "(root.host.scrollIntoView(), root.querySelector('[data-role=broken] button').click(), true)",
    ))
    .await?;
    page.wait("a new start", &shadow(0, &format!("{broken} === 0 && {STEP} >= 0"))).await?;
    // Training it would wait for its neighbour's turn to end; a step does not.
    page.wait("its trainer", &shadow(0, "root.querySelector('[data-role=step]')?.disabled === false"))
        .await?;
    page.eval::<bool>(&shadow(0, "(root.querySelector('[data-role=step]').click(), true)")).await?;
    page.wait("steps", &shadow(0, &format!("{STEP} > 0"))).await
}

/// The same in the lab: settings, curves and address stay, the details can be copied, and its own button goes on.
pub(crate) async fn an_error_in_the_lab_keeps_what_is_drawn_and_starts_again(page: &Page) -> Result<()> {
    page.expect(&["no ink"]);
    page.serve(|site| site.head(&format!("<script>{REFUSE}</script>")))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    page.call::<()>(
        "window.copied = ''; Object.defineProperty(navigator, 'clipboard',
            { value: { writeText: async text => { window.copied = text; } } });
         window.refuses = document;",
        vec![],
    )
    .await?;
    page.wait("a sentence", "document.querySelectorAll('[data-role=broken]').length === 1").await?;
    ensure!(role(page, "broken").await?.contains("Its settings are kept"));
    ensure!(pixels(page, "loss", WITH).await? > 20, "the curves are gone");
    page.call::<()>(
        "window.refuses = null; document.querySelectorAll('[data-role=broken] button')[1].click()",
        vec![],
    )
    .await?;
    let copied: String = page.eval("window.copied").await?;
    ensure!(copied.contains("#l=3") && copied.contains("no ink"), "{copied}");
    // Where the browser refuses, the same stands selected in a box.
    page.call::<()>(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('not here'));
         document.querySelectorAll('[data-role=broken] button')[1].click()",
        vec![],
    )
    .await?;
    let boxed = "(box => box && box.readOnly && box.selectionEnd - box.selectionStart === box.value.length && box.value)(document.querySelector('[data-role=broken] textarea'))";
    page.wait("the details in a box", &format!("{boxed} === window.copied")).await?;
    let told: String =
        page.eval("document.querySelectorAll('[data-role=broken] button')[1].textContent").await?;
    ensure!(told.starts_with("Selected"), "{told}");
    complaints(page, "no ink").await?;
    page.call::<()>("window.old = true", vec![]).await?;
    page.click("[data-role=broken] button").await?;
    let anew = "window.old === undefined && document.querySelector('[data-role=broken]') === null";
    page.wait("a new start", anew).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    ensure!(page.eval::<String>("location.hash").await?.contains("l=3"));
    Ok(())
}

/// A browser may tell of a change while it is being made. It is heard right after.
pub(crate) async fn what_calls_back_in_the_middle_waits(page: &Page) -> Result<()> {
    let nest = "<script>
        window.nested = 0;
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...given) {
            if (window.nesting && window.nested < 6) {
                window.nested += 1;
                for (const kind of ['resize', 'keydown', 'hashchange', 'beforeprint', 'afterprint'])
                    window.dispatchEvent(kind === 'keydown' ? new KeyboardEvent(kind, { key: 'd' }) : new Event(kind));
            }
            return clear.apply(this, given);
        };
    </script>";
    page.serve(|site| site.head(nest))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    page.eval::<bool>("(window.nesting = true, true)").await?;
    page.wait("calls in the middle", "window.nested === 6").await?;
    page.wait("a pause", "document.documentElement.dataset.state === 'paused'").await?;
    let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("Number(document.documentElement.dataset.step) > {step}")).await
}
