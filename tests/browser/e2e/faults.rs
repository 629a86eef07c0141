//! What goes wrong: each test causes one fault and looks for the sentence, for what was kept, and for the way on.

use browser::{Page, Reply, Result, View, ensure};

use super::eye::{DRAWN_IN_PAGE, curves_are_there, role, shadow};
use super::trainer::KEEP;

/// Two live elements in a page.
const TWO: &str = "<!doctype html><html><head><link rel=icon href='data:,'><title>two</title>
    </head><body>
    <batchnorm-playground experiment=live></batchnorm-playground>
    <batchnorm-playground experiment=lr></batchnorm-playground>
    <script src='batchnorm-playground.js'></script></body></html>";

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
    page.serve(|site| site.head(&format!("{DRAWN_IN_PAGE}<script>{REFUSE}</script>")))?;
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
    curves_are_there(page).await?;
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
    // The bar above stays in sight, perhaps over the button: it is pressed all the same.
    page.call::<()>("window.old = true; document.querySelector('[data-role=broken] button').click()", vec![])
        .await?;
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
    page.serve(|site| site.head(&[DRAWN_IN_PAGE, nest].concat()))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    page.eval::<bool>("(window.nesting = true, true)").await?;
    page.wait("calls in the middle", "window.nested === 6").await?;
    page.wait("a pause", "document.documentElement.dataset.state === 'paused'").await?;
    let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("Number(document.documentElement.dataset.step) > {step}")).await
}

/// Bytes that say they are four thousand million: to make room for them is more than the program can do, and it panics.
/// A script of the page makes them: Firefox would not let the page see what a driver's script has done to an array.
const LIE: &str = "
    const script = document.createElement('script');
    script.textContent = `{
        const data = new Uint8Array(8);
        Object.defineProperty(data, 'length', { value: 2 ** 32 - 1 });
        kept[0].dispatchEvent(new MessageEvent('message', { data }));
    }`;
    document.head.append(script);";

/// Where the clipboard is, the test's own.
const CLIPBOARD: &str = "window.copied = '';
    Object.defineProperty(navigator, 'clipboard',
        { configurable: true, value: { writeText: async text => { window.copied = text; } } });";

/// A panic is told with its words and its place, the worker of what has ended ends too, and the page starts again.
pub(crate) async fn a_panic_is_told_with_its_place(page: &Page) -> Result<()> {
    page.expect(&["capacity overflow", "unreachable", "RuntimeError"]);
    page.serve(|site| site.head(KEEP))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    page.call::<()>(&format!("{CLIPBOARD}{LIE}"), vec![]).await?;
    page.wait("a sentence", "document.querySelectorAll('[data-role=broken]').length === 1").await?;
    ensure!(role(page, "broken").await?.contains("Its settings are kept"));
    curves_are_there(page).await?;
    ensure!(
        page.eval::<usize>("kept.filter(worker => worker.alive).length").await? == 0,
        "a worker lives on"
    );
    page.call::<()>("document.querySelectorAll('[data-role=broken] button')[1].click()", vec![]).await?;
    page.wait("the details", "window.copied").await?;
    let copied: String = page.eval("window.copied").await?;
    for word in ["#l=3", "capacity overflow", ".rs:"] {
        ensure!(copied.contains(word), "{word} is not in: {copied}");
    }
    page.call::<()>("window.old = true", vec![]).await?;
    page.click("[data-role=broken] button").await?;
    let anew = "window.old === undefined && Number(document.documentElement.dataset.step) > 20";
    page.wait("training anew", anew).await
}

/// The same in an element: its neighbour goes on, and started again it stands as the reader had turned it.
pub(crate) async fn a_panic_in_an_element_keeps_what_was_turned(page: &Page) -> Result<()> {
    page.expect(&["capacity overflow", "unreachable", "RuntimeError"]);
    let html =
        TWO.replace("</head>", &format!("{KEEP}</head>")).replace("experiment=live", "experiment=depth");
    page.serve(|site| site.reply("/two.html", Reply::new("text/html; charset=utf-8", html)))?;
    page.open("two.html", View::DESKTOP).await?;
    page.wait("its workers", "window.kept.length > 0").await?;
    let control = "root.querySelector('[data-experiment] select, [data-experiment] input[type=range]')";
    let turn = format!(
        "(() => {{ const control = {control};
            if (control.tagName === 'SELECT') control.selectedIndex = 1;
            else control.value = Number(control.value) + 1;
            for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, {{ bubbles: true }}));
            return true; }})()"
    );
    page.wait("its controls", &shadow(0, &format!("!!{control}"))).await?;
    page.eval::<bool>(&shadow(0, &turn)).await?;
    let settings = "root.querySelector('[data-experiment]')?.dataset.settings";
    page.wait("what was turned", &shadow(0, &format!("{settings}?.startsWith('plan=')"))).await?;
    let turned: String = page.eval(&shadow(0, settings)).await?;
    page.call::<()>(LIE, vec![]).await?;
    page.wait("a sentence", &shadow(0, "!!root.querySelector('[data-role=broken]')")).await?;
    let neighbour = shadow(1, "root?.querySelectorAll('[data-role=broken]').length ?? 0");
    ensure!(page.eval::<u32>(&neighbour).await? == 0, "the neighbour says it failed");
    page.eval::<bool>(&shadow(0, "(root.querySelector('[data-role=broken] button').click(), true)")).await?;
    let again = format!("!root.querySelector('[data-role=broken]') && {settings} === '{turned}'");
    page.wait("the same again", &shadow(0, &again)).await
}

/// What fails while the page is being built: a recorded run, the reason, the details to copy, and Try again.
pub(crate) async fn an_error_while_the_page_is_built_has_its_details(page: &Page) -> Result<()> {
    page.expect(&["no ink"]);
    let refuse = "<script>
        const plain = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent');
        // The first words written: those of the controls.
        let refuses = !sessionStorage.mended;
        Object.defineProperty(Node.prototype, 'textContent', {
            ...plain,
            set(text) {
                if (refuses) {
                    refuses = false;
                    throw new Error('no ink');
                }
                plain.set.call(this, text);
            },
        });
        </script>";
    page.serve(|site| site.head(refuse))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("the recorded run", "document.documentElement.dataset.state === 'failed'").await?;
    let button = "[data-role=failed] [data-role=broken] button";
    page.wait("the details", &format!("document.querySelector('{button}')")).await?;
    page.call::<()>(CLIPBOARD, vec![]).await?;
    page.call::<()>(&format!("document.querySelector('{button}').click()"), vec![]).await?;
    page.wait("the copy", "window.copied").await?;
    let copied: String = page.eval("window.copied").await?;
    ensure!(copied.contains("#l=3") && copied.contains("no ink"), "{copied}");
    page.call::<()>("sessionStorage.mended = 'yes'; window.old = true", vec![]).await?;
    page.click("[data-role=try-again]").await?;
    let anew = "window.old === undefined && Number(document.documentElement.dataset.step) > 20";
    page.wait("training", anew).await?;
    ensure!(page.eval::<String>("location.hash").await?.contains("l=3"), "the settings are gone");
    Ok(())
}
