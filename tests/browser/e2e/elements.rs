//! What an element asks of the page it stands in: nothing before it is near, no more room than it was given, one that
//! trains at a time; and what it leaves there: nothing.

use browser::{Page, Reply, Result, View, ensure};

/// A post with these elements, and something before the end of its head. The script comes last.
fn post(head: &str, body: &str) -> Reply {
    let page = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>post</title><link rel=icon href='data:,'>{head}
         </head><body>{body}<script src='batchnorm-playground.js' async></script></body></html>"
    );
    Reply::new("text/html; charset=utf-8", page)
}

async fn open(page: &Page, head: &str, body: &str, view: View) -> Result<()> {
    page.serve(|site| site.reply("/post.html", post(head, body)))?;
    page.open("post.html", view).await
}

/// What an expression gives for the n-th element `it` and its `root`.
fn element(n: usize, expression: &str) -> String {
    format!(
        "(() => {{ const it = document.querySelectorAll('batchnorm-playground')[{n}], root = it.shadowRoot?.querySelector('.embed'); return {expression}; }})()"
    )
}

const STEP: &str = "Number(root?.dataset.step)";

/// What was asked for, the tests' own listener apart.
fn asked(page: &Page) -> Vec<String> {
    page.requests().into_iter().filter(|path| !path.starts_with("/__")).collect()
}

/// Nothing but its script, and no room but its own, however far away it is; then all of it, in the same room.
pub(crate) async fn an_element_loads_nothing_before_it_is_near(page: &Page) -> Result<()> {
    let shifts = "<script>window.shifts = 0;
        if (PerformanceObserver.supportedEntryTypes.includes('layout-shift'))
            new PerformanceObserver(list => { for (const { sources, value } of list.getEntries())
                // Of the page; words inside an embed may move.
                if (sources.some(({ node }) => node && document.contains(node))) shifts += value; })
                .observe({ type: 'layout-shift', buffered: true });</script>";
    let body = "<main style='width:640px'><div style='height:5000px'></div>
        <batchnorm-playground l=2></batchnorm-playground><p id=below>below</p></main>";
    open(page, shifts, body, View::DESKTOP).await?;
    page.wait("the element's script", "customElements.get('batchnorm-playground')").await?;
    page.call::<()>("await new Promise(done => setTimeout(done, 500))", vec![]).await?;
    let before = asked(page);
    ensure!(before == ["/post.html", "/batchnorm-playground.js"], "asked for too soon: {before:?}");
    let place = "[it.getBoundingClientRect().height, document.querySelector('#below').offsetTop]";
    let kept: [f64; 2] = page.eval(&element(0, place)).await?;
    ensure!(kept[0] == 460.0, "the room kept is {kept:?}");
    page.eval::<bool>(&element(0, "(it.scrollIntoView({ block: 'center' }), true)")).await?;
    page.wait("training", &element(0, &format!("{STEP} > 10"))).await?;
    let taken: [f64; 2] = page.eval(&element(0, place)).await?;
    ensure!(taken == kept, "the page has jumped: {kept:?}, {taken:?}");
    let shifts: f64 = page.eval("shifts").await?;
    ensure!(shifts == 0.0, "the layout has shifted by {shifts}");
    let after = asked(page);
    ensure!(after.iter().any(|path| path.ends_with(".wasm")), "{after:?}");
    Ok(())
}

/// A picture stands there until the element comes, in the room of the embed: nothing moves when it does.
pub(crate) async fn the_lines_to_paste_keep_the_room(page: &Page) -> Result<()> {
    let line = batchnorm_playground::app::embed::Embed::default().element("", "");
    let line = line.lines().last().unwrap_or_default();
    // Before its script is there.
    let body = format!(
        "<main style='width:100%;max-width:640px'>{line}<p id=below>below</p></main>
         <script>window.room = document.querySelector('#below').offsetTop;</script>"
    );
    page.serve(|site| site.reply("/post.html", post("", &body)))?;
    for view in [View::DESKTOP, View { width: page.narrow(), height: 740, ..View::DESKTOP }] {
        page.open("post.html", view).await?;
        page.wait("training", &element(0, &format!("{STEP} > 0"))).await?;
        let moved: f64 = page.eval("document.querySelector('#below').offsetTop - room").await?;
        ensure!(moved == 0.0, "at {}: the page has jumped by {moved}", view.width);
    }
    Ok(())
}

/// As high as its own width asks, whatever the window's.
pub(crate) async fn an_element_is_as_high_as_its_own_width_asks(page: &Page) -> Result<()> {
    let body = "<div style='width:400px'><batchnorm-playground run=click></batchnorm-playground></div>
        <div style='width:700px'><batchnorm-playground run=click></batchnorm-playground></div>";
    open(page, "", body, View::DESKTOP).await?;
    for (n, height) in [(0, 520.0), (1, 460.0)] {
        page.wait("the embed", &element(n, "root?.querySelector('[data-role=train]')")).await?;
        let high: [f64; 2] = page
            .eval(&element(n, "[it.getBoundingClientRect().height, root.getBoundingClientRect().height]"))
            .await?;
        ensure!(high == [height, height], "the element and its inside are {high:?} high, not {height}");
        let over: [i32; 2] = page
            .eval(&element(n, "[root.scrollHeight - root.clientHeight, root.scrollWidth - root.clientWidth]"))
            .await?;
        ensure!(over[0] <= 1 && over[1] <= 0, "what is cut off of the one {height} high: {over:?}");
    }
    Ok(())
}

/// Of three that would train one does, whichever are seen; what is out of sight rests; and one module serves all.
pub(crate) async fn three_elements_train_in_turns(page: &Page) -> Result<()> {
    let body =
        "<batchnorm-playground l=2></batchnorm-playground><batchnorm-playground l=3></batchnorm-playground>
        <div style='height:3000px'></div><batchnorm-playground l=4></batchnorm-playground>";
    open(page, "", body, View { height: 1000, ..View::DESKTOP }).await?;
    let count = "const steps = () => [...document.querySelectorAll('batchnorm-playground')]
            .map(it => Number(it.shadowRoot.querySelector('.embed')?.dataset.step ?? 0));
        const before = steps();
        await new Promise(done => setTimeout(done, 700));
        return steps().map((step, n) => step - before[n]);";
    page.wait("the first to train", &element(0, &format!("{STEP} > 10"))).await?;
    page.wait("the second to be there", &element(1, "root?.querySelector('[data-role=train]')")).await?;
    // Both are seen now. The words between them need a moment.
    page.call::<()>("await new Promise(done => setTimeout(done, 500))", vec![]).await?;
    let moved: Vec<i32> = page.call(count, vec![]).await?;
    ensure!(moved.iter().filter(|&&steps| steps > 0).count() <= 1, "more than one trains: {moved:?}");
    page.eval::<bool>(&element(2, "(it.scrollIntoView({ block: 'center' }), true)")).await?;
    page.wait("the third to train", &element(2, &format!("{STEP} > 10"))).await?;
    let moved: Vec<i32> = page.call(count, vec![]).await?;
    ensure!(moved[..2] == [0, 0], "what is out of sight goes on: {moved:?}");
    let modules = asked(page).iter().filter(|path| path.ends_with(".wasm")).count();
    ensure!(modules == 1, "{modules} modules were asked for");
    Ok(())
}

/// Neither marks nor themes of an element are the page's; and once all rest, nothing draws.
pub(crate) async fn what_is_around_an_element_is_left_alone(page: &Page) -> Result<()> {
    let count = "<script>window.drawn = 0;
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...given) { drawn += 1; return clear.apply(this, given); };
        </script>";
    let body =
        "<batchnorm-playground l=2></batchnorm-playground><batchnorm-playground l=3></batchnorm-playground>";
    open(page, count, body, View { height: 1000, ..View::DESKTOP }).await?;
    // On a slow computer a run may be over before it can be paused, and a press would let it go on.
    let pause = "(root.dataset.state === 'running' && root.querySelector('[data-role=train]').click(), true)";
    let rests = "['paused', 'finished'].includes(root.dataset.state) && root.dataset.busy === 'no'";
    page.wait("the first to train", &element(0, &format!("{STEP} > 10"))).await?;
    page.eval::<bool>(&element(0, pause)).await?;
    page.wait("its turn to end", &element(0, rests)).await?;
    page.wait("the second to train", &element(1, &format!("{STEP} > 10"))).await?;
    page.eval::<bool>(&element(1, pause)).await?;
    page.wait("both to rest", &element(1, rests)).await?;
    let drawn: u32 = page
        .call(
            "await new Promise(done => setTimeout(done, 500));
             window.drawn = 0;
             // A change that changes nothing: no theme of ours follows from it.
             document.documentElement.dataset.reader = 'here';
             await new Promise(done => setTimeout(done, 1000));
             return window.drawn;",
            vec![],
        )
        .await?;
    ensure!(drawn == 0, "at rest {drawn} canvases were drawn");
    let tone: String = page.eval(&element(0, "root.dataset.theme")).await?;
    page.eval::<bool>(&element(
        0,
        "(root.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true })), true)",
    ))
    .await?;
    page.wait("the other theme", &element(0, &format!("root.dataset.theme !== '{tone}'"))).await?;
    ensure!(
        page.eval::<String>(&element(1, "root.dataset.theme")).await? == tone,
        "its neighbour has followed"
    );
    let marks: Vec<String> = page
        .eval("[document.documentElement, document.body].flatMap(e => e.getAttributeNames()).filter(name => !['lang', 'data-reader'].includes(name))")
        .await?;
    ensure!(marks.is_empty(), "marks on the page around: {marks:?}");
    Ok(())
}

/// Every attribute can change, several at once, and what concerns no setting starts nothing anew.
pub(crate) async fn attributes_change_the_element(page: &Page) -> Result<()> {
    open(page, "", "<batchnorm-playground run=click></batchnorm-playground>", View::DESKTOP).await?;
    let there = "root?.querySelector('[data-role=train]:enabled')";
    page.wait("the embed", &element(0, there)).await?;
    let built = "window.built = 0;
        const it = document.querySelector('batchnorm-playground');
        new MutationObserver(list => { for (const { addedNodes } of list) for (const node of addedNodes)
            if (node.matches?.('.live')) window.built += 1; })
            .observe(it.shadowRoot, { subtree: true, childList: true });";
    page.call::<()>(built, vec![]).await?;
    let turn = "const it = document.querySelector('batchnorm-playground');
        it.className = 'wide'; it.style.margin = '0';
        await new Promise(done => setTimeout(done, 300));
        const idle = window.built;
        it.setAttribute('n', 'ln'); it.setAttribute('lr', '0.1'); it.setAttribute('seed', '7');
        await new Promise(done => setTimeout(done, 300));
        return [idle, window.built];";
    let built: [u32; 2] = page.call(turn, vec![]).await?;
    ensure!(built == [0, 1], "built anew after a class, after three settings: {built:?}");
    page.wait(
        "the other norm",
        &element(0, "root.querySelector('[data-role=name-1]')?.textContent.includes('LayerNorm')"),
    )
    .await?;
    let lab = "root.querySelector('.to-lab')";
    page.eval::<bool>(&element(
        0,
        &format!("({lab}.addEventListener('click', event => event.preventDefault()), {lab}.click(), true)"),
    ))
    .await?;
    let link: String = page.eval(&element(0, &format!("new URL({lab}.href).hash"))).await?;
    ensure!(link.contains("lr=0.1") && link.contains("seed=7"), "{link}");
    Ok(())
}

/// Without the module its picture and its link stay; once the module is there, so is the embed.
pub(crate) async fn an_element_without_its_module_keeps_its_picture_and_tries_again(
    page: &Page,
) -> Result<()> {
    let gone = "<script>const plain = window.fetch; window.gone = true;
        window.fetch = (...given) => window.gone ? Promise.reject(new TypeError('gone')) : plain(...given);</script>";
    let line = batchnorm_playground::app::embed::Embed::default().element("", "");
    let body = format!(
        "{}<batchnorm-playground experiment='learning-rate'></batchnorm-playground>",
        line.lines().last().unwrap_or_default()
    );
    open(page, gone, &body, View::DESKTOP).await?;
    page.wait("the failure", &element(0, "it.dataset.failed === 'gone'")).await?;
    page.wait("the picture", &element(0, "it.querySelector('img').naturalWidth > 0 && it.querySelector('img').getBoundingClientRect().height > 200")).await?;
    page.wait("the other failure", &element(1, "it.dataset.failed === 'gone'")).await?;
    let link: String = page
        .eval(&element(1, "(link => link.getBoundingClientRect().height > 0 ? link.href : '')(it.shadowRoot.querySelector('slot a'))"))
        .await?;
    ensure!(link.ends_with("/index.html#v=1&exp=learning-rate"), "{link}");
    page.eval::<bool>(&element(0, "(window.gone = false, it.replaceWith(it.cloneNode(true)), true)")).await?;
    page.wait("training", &element(0, &format!("!('failed' in it.dataset) && {STEP} > 5"))).await
}

/// A ground in any kind of colour is light or dark as it is seen.
pub(crate) async fn an_element_tells_light_from_dark_in_any_colour(page: &Page) -> Result<()> {
    open(page, "", "<batchnorm-playground run=click></batchnorm-playground>", View::DESKTOP).await?;
    page.wait("the embed", &element(0, "root?.dataset.theme === 'light'")).await?;
    for (color, tone) in [
        ("color(srgb 0.1 0.1 0.1)", "dark"),
        ("oklch(0.98 0.01 100)", "light"),
        ("#123", "dark"),
        ("lab(98 0 0)", "light"),
    ] {
        page.call::<()>("document.body.style.background = given[0]", vec![color.into()]).await?;
        page.wait(&format!("{tone} on {color}"), &element(0, &format!("root.dataset.theme === '{tone}'")))
            .await?;
    }
    // A theme that fades is what it becomes.
    page.call::<()>(
        "document.body.style.transition = 'background-color .3s'; document.body.offsetTop;
         document.body.style.background = '#111';",
        vec![],
    )
    .await?;
    page.wait("the dark", &element(0, "root.dataset.theme === 'dark'")).await
}

/// Turning a control adds nothing to the history, in an element or in a frame.
pub(crate) async fn controls_add_nothing_to_the_history(page: &Page) -> Result<()> {
    let body = "<batchnorm-playground experiment=depth run=click></batchnorm-playground>
        <iframe src='embed.html#v=1&exp=depth&run=click' width=700 height=460></iframe>";
    open(page, "", body, View { height: 1000, ..View::DESKTOP }).await?;
    page.wait("the element", &element(0, "root?.querySelector('.f select, .f input')")).await?;
    page.wait("the frame", "frames[0].document.querySelector('.embed .f select, .embed .f input')").await?;
    let entries: (u32, String) = page.eval("[history.length, location.href]").await?;
    let turned: u32 = page
        .call(
            "const shadow = document.querySelector('batchnorm-playground').shadowRoot;
             let turned = 0;
             for (const root of [shadow, frames[0].document])
                 for (const control of root.querySelectorAll('.f select, .f input')) {
                     control.value = control.value === '0' ? '1' : '0';
                     for (const name of ['input', 'change']) control.dispatchEvent(new Event(name, { bubbles: true }));
                     turned += 1;
                 }
             await new Promise(done => setTimeout(done, 600));
             return turned;",
            vec![],
        )
        .await?;
    ensure!(turned >= 2, "only {turned} controls");
    let after: (u32, String) = page.eval("[history.length, location.href]").await?;
    ensure!(after == entries, "{entries:?} became {after:?}");
    Ok(())
}
