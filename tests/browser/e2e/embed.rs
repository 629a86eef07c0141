//! Experiments on somebody's page: elements and frames in a blog post whose theme restyles everything.

use batchnorm_playground::app::embed::Subject;
use browser::{Context, Page, Reply, Result, Site, View, ensure};

use super::eye::shadow;

const POST: &str = include_str!("../../jekyll/prebuilt/eight-things-to-try.html");
const THEME: &str = include_str!("../../jekyll/assets/theme.css");
const MATH: &str = include_str!("../../jekyll/assets/math.js");

/// The key of everything that can be embedded.
fn subjects() -> impl Iterator<Item = &'static str> {
    Subject::all().map(Subject::key)
}

fn html(page: String) -> Reply {
    Reply::new("text/html; charset=utf-8", page)
}

/// The post in its blog, and the playground's files under /bn/ as the post says.
fn blog(site: Site, post: &str) -> Site {
    let page = post.replace("/assets/", "/blog/");
    site.below("/bn/")
        .reply("/post.html", html(page))
        .reply("/blog/theme.css", Reply::new("text/css", THEME))
        .reply("/blog/math.js", Reply::new("text/javascript", MATH))
}

pub(crate) async fn elements_live_in_a_post_and_one_runs_at_a_time(page: &Page) -> Result<()> {
    // Lazy frames load modules of their own once they come near.
    let post: Vec<&str> = POST.lines().filter(|line| !line.starts_with("<iframe")).collect();
    page.serve(|site| blog(site, &post.join("\n")))?;
    let before: u32 = page.eval("history.length").await?;
    page.open("post.html", View::DESKTOP).await?;
    page.wait("the live one to train", &shadow(0, "!!root && Number(root.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0]) > 20")).await?;
    let size: (f64, f64) = page.eval("(() => { const box = document.querySelector('batchnorm-playground').getBoundingClientRect(); return [box.width, box.height]; })()").await?;
    ensure!(size.1 == 460.0, "the element is {size:?}");
    let theirs: String =
        page.eval(&shadow(0, "getComputedStyle(root.querySelector('button')).backgroundColor")).await?;
    ensure!(theirs != "rgb(204, 51, 51)", "the theme reaches a button: {theirs}");
    let math: String = page.eval("document.documentElement.dataset.math").await?;
    ensure!(math != "0", "the post's formulas were not found");
    let requests = page.requests();
    let modules = requests.iter().filter(|path| path.ends_with(".wasm")).count();
    ensure!(modules == 1, "{modules} modules were asked for: {requests:?}");
    ensure!(
        !requests.iter().any(|path| path.contains("digits")),
        "the digits are fetched before they are used"
    );

    // The second one waits for the first, and a click takes its turn.
    page.wait("the second one to be there", &shadow(1, "!!root.querySelector('[data-role=main]')")).await?;
    page.eval::<bool>(&shadow(1, "(root.host.scrollIntoView({block: 'center'}), true)")).await?;
    page.wait(
        "the second one to run or be done",
        &shadow(1, "['running', 'done'].includes(root.querySelector('[data-experiment]').dataset.state)"),
    )
    .await?;
    page.wait_at_most(
        std::time::Duration::from_secs(60),
        "the second one's verdict",
        &shadow(1, "root.querySelector('[data-experiment]').dataset.state === 'done'"),
    )
    .await?;
    let lead: String = page.eval(&shadow(1, "root.querySelector('[data-role=lead]').textContent")).await?;
    ensure!(lead.starts_with("Holds"), "{lead}");

    // Taken away and put back, it starts anew and nothing is left of the old one.
    page.eval::<bool>("(() => { const e = document.querySelector('batchnorm-playground'); const p = e.parentNode; const next = e.nextSibling; e.remove(); p.insertBefore(e, next); e.scrollIntoView(); return true; })()").await?;
    page.wait(
        "it to train again",
        &shadow(0, "Number(root.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0]) > 20"),
    )
    .await?;
    let count: u32 = page.eval(&shadow(0, "root.querySelectorAll('.live').length")).await?;
    ensure!(count == 1, "{count} live ones in one element");
    let after: u32 = page.eval("history.length").await?;
    ensure!(after <= before + 1, "entries were added to the history: {before}, {after}");
    Ok(())
}

pub(crate) async fn an_element_dresses_like_the_page_around_it(page: &Page) -> Result<()> {
    page.serve(|site| blog(site, POST))?;
    page.open("post.html", View::DESKTOP).await?;
    let tone = shadow(0, "root.querySelector('[data-embed]')?.dataset.theme");
    page.wait("an embed", &format!("{tone} === 'light'")).await?;
    page.eval::<bool>("(document.documentElement.classList.add('dark'), true)").await?;
    page.wait("the dark", &format!("{tone} === 'dark'")).await
}

pub(crate) async fn every_subject_stands_in_a_frame_and_tells_its_height(page: &Page) -> Result<()> {
    let all = subjects().count();
    let frames: String = subjects()
        .map(|key| format!("<iframe id={key} src='embed.html#v=1&exp={key}&id={key}&run=click' width=700 height=460></iframe>"))
        .collect();
    let script = "<script>window.heights = {}; addEventListener('message', ({data}) => { if (data.type === 'bnp:height') heights[data.id] = data.height; });</script>";
    let body = format!("<!doctype html><title>frames</title><link rel=icon href='data:,'>{script}{frames}");
    page.serve(|site| site.reply("/frames.html", html(body)))?;
    page.open("frames.html", View::DESKTOP).await?;
    page.wait_at_most(
        std::time::Duration::from_secs(60),
        "every height",
        &format!("Object.keys(heights).length === {all}"),
    )
    .await?;
    let heights: Vec<u32> = page.eval("Object.values(heights)").await?;
    ensure!(heights.iter().all(|&height| height == 460), "{heights:?}");
    // Narrow, they are higher, and nothing of them is cut off either.
    page.call::<()>(
        "heights = {}; for (const frame of document.querySelectorAll('iframe')) { frame.width = 360; frame.height = 520; }",
        vec![],
    )
    .await?;
    let others = format!("Object.values(heights).filter(height => height === 520).length === {all}");
    page.wait("every other height", &others).await?;
    for key in subjects() {
        let over: [i32; 2] = page
            .eval(&format!("(() => {{ const r = document.getElementById('{key}').contentDocument.querySelector('.embed'); return [r.scrollHeight - r.clientHeight, r.scrollWidth - r.clientWidth]; }})()"))
            .await?;
        ensure!(over[0] <= 1 && over[1] <= 0, "{key}, 360 wide: {over:?} is cut off");
        stands_apart(page, key).await?;
    }
    page.call::<()>(
        "for (const frame of document.querySelectorAll('iframe')) { frame.width = 700; frame.height = 460; }
         await new Promise(done => setTimeout(done, 300));",
        vec![],
    )
    .await?;
    for key in subjects() {
        let told: (bool, bool, i32) = page
            .eval(&format!("(() => {{ const d = document.getElementById('{key}').contentDocument; const r = d.querySelector('.embed'); return [!!d.querySelector('.back, canvas'), !!d.querySelector('.claim')?.textContent, r.scrollHeight - r.clientHeight]; }})()"))
            .await?;
        ensure!(told.0 && told.1 && told.2 <= 1, "{key}: {told:?}");
        stands_apart(page, key).await?;
    }
    Ok(())
}

/// No part of a frame's embed lies on another, and no button of it is cut off at the side.
async fn stands_apart(page: &Page, key: &str) -> Result<()> {
    let overlaps = format!(
        "(() => {{
            const parts = [...document.getElementById('{key}').contentDocument
                .querySelectorAll('.claim, .score, .fig:not(.sample), .ctl > .f, .desk, .now, .res, .runs')];
            const seen = parts.map(part => [part.dataset.fig ?? part.className, part.getBoundingClientRect()])
                .filter(([, at]) => at.width > 0 && at.height > 0);
            return seen.flatMap(([one, a], k) => seen.slice(k + 1)
                .filter(([, b]) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
                    && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1)
                .map(([other]) => `${{one}} on ${{other}}`));
        }})()"
    );
    page.wait("its parts to stand apart", &format!("{overlaps}.length === 0"))
        .await
        .with_context(|| format!("an embed of {key}"))?;
    let cut = format!(
        "(() => {{
            const embed = document.getElementById('{key}').contentDocument.querySelector('.embed');
            return [...embed.querySelectorAll('.chips button, .runs button')]
                .filter(button => button.getBoundingClientRect().right > embed.getBoundingClientRect().right - 16)
                .map(button => button.textContent);
        }})()"
    );
    let cut: Vec<String> = page.eval(&cut).await?;
    ensure!(cut.is_empty(), "an embed of {key} cuts off {cut:?}");
    Ok(())
}

pub(crate) async fn a_frame_takes_its_theme_from_its_parent_alone(page: &Page) -> Result<()> {
    let body = "<!doctype html><title>frame</title><link rel=icon href='data:,'><iframe src='embed.html#v=1&exp=lr' width=360 height=520></iframe>";
    page.serve(|site| site.reply("/frame.html", html(body.to_owned())))?;
    page.open("frame.html", View::DESKTOP).await?;
    let theme = "frames[0].document.documentElement.dataset.theme";
    page.wait("the frame", &format!("{theme} === 'light'")).await?;
    page.eval::<bool>(
        "(frames[0].eval(\"window.postMessage({type: 'bnp:theme', theme: 'dark'}, '*')\"), true)",
    )
    .await?;
    page.eval::<bool>("(frames[0].postMessage({type: 'bnp:theme', theme: 'pink'}, '*'), true)").await?;
    let still: String = page.eval(theme).await?;
    ensure!(still == "light", "a stranger's message was obeyed");
    page.eval::<bool>("(frames[0].postMessage({type: 'bnp:theme', theme: 'dark'}, '*'), true)").await?;
    page.wait("the dark", &format!("{theme} === 'dark'")).await
}

/// The element's script, and everything it loads, from another site than the page.
pub(crate) async fn an_element_lives_on_a_page_of_another_site(page: &Page) -> Result<()> {
    let theirs = page.elsewhere(|site| site.header("Access-Control-Allow-Origin", "*"))?;
    let body = format!(
        "<!doctype html><title>post</title><link rel=icon href='data:,'><script src=\"{}batchnorm-playground.js\" async></script><batchnorm-playground d=digits l=2></batchnorm-playground><batchnorm-playground experiment=depth></batchnorm-playground>",
        theirs.url()
    );
    page.serve(|site| site.reply("/post.html", html(body)))?;
    page.open("post.html", View::DESKTOP).await?;
    let step = "Number(root.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0]) > 20";
    page.wait("the live one to train", &shadow(0, step)).await?;
    page.eval::<bool>(&shadow(1, "(root.host.scrollIntoView({block: 'center'}), true)")).await?;
    page.wait("the sweep to run", &shadow(1, "root.querySelector('[data-experiment]')?.dataset.done > 0"))
        .await?;
    let ours = page.requests();
    // The tests' own listener apart.
    let foreign = ours.iter().all(|path| path == "/post.html" || path.starts_with("/__"));
    ensure!(foreign, "asked of the page's own site: {ours:?}");
    ensure!(theirs.requests().iter().any(|path| path.ends_with("digits.bin")), "{:?}", theirs.requests());
    Ok(())
}

/// On a phone a frame is as high as it has to be by its line alone; in a narrow column, by what it says. Nobody else is
/// listened to.
pub(crate) async fn frames_get_the_height_they_need(page: &Page) -> Result<()> {
    let frames = |page: &Page, script: bool| {
        let post: Vec<&str> = POST
            .lines()
            .filter(|line| !line.starts_with("<batchnorm") && (script || !line.starts_with("<script")))
            .collect();
        page.serve(|site| blog(site, &post.join("\n")))
    };
    let heights = "[...new Set([...document.querySelectorAll('iframe')].map(frame => frame.getBoundingClientRect().height))]";
    frames(page, false)?;
    for (width, height) in [(1280, 460.0), (page.narrow(), 520.0)] {
        page.open("post.html", View { width, ..View::DESKTOP }).await?;
        let seen: Vec<f64> = page.eval(heights).await?;
        ensure!(seen == [height], "without script, in a window of {width}: {seen:?}");
    }
    frames(page, true)?;
    page.open("post.html", View::DESKTOP).await?;
    page.wait("the element's script", "customElements.get('batchnorm-playground')").await?;
    page.call::<()>("document.querySelector('article').style.maxWidth = '420px'; document.querySelector('iframe').scrollIntoView()", vec![])
        .await?;
    let first = "document.querySelector('iframe').getBoundingClientRect().height";
    page.wait("the first frame's word", &format!("{first} === 520")).await?;
    // From the page itself, from a frame that is not of this site, and out of all measure.
    let strangers =
        "const says = height => `parent.postMessage({ type: 'bnp:height', id: '', height: ${height} }, '*')`;
        const frame = document.createElement('iframe');
        frame.id = 'stranger'; frame.height = 100;
        frame.srcdoc = `<script>${says(700)}</` + 'script>';
        document.body.append(frame);
        postMessage({ type: 'bnp:height', id: '', height: 700 }, '*');
        await new Promise(done => frame.onload = done);
        const [ours] = document.querySelectorAll('iframe'), heights = [];
        new MutationObserver(() => heights.push(ours.style.height)).observe(ours, { attributes: true });
        ours.contentWindow.eval(says(5000));
        await new Promise(done => setTimeout(done, 500));
        return [heights[0], frame.style.height, ours.style.height];";
    let seen: [String; 3] = page.call(strangers, vec![]).await?;
    // What is out of all measure is cut to it, and then the frame is heard again.
    ensure!(
        seen == ["800px", "", "520px"],
        "heights of a frame, a stranger's, and the frame again: {seen:?}"
    );
    Ok(())
}

/// One sees through a frame without a ground: neither its body nor its document paints one.
pub(crate) async fn a_frame_without_a_ground_is_seen_through(page: &Page) -> Result<()> {
    let body = "<!doctype html><title>frame</title><link rel=icon href='data:,'><iframe src='embed.html#v=1&exp=lr&bg=none&theme=dark&run=click' width=700 height=460></iframe>";
    page.serve(|site| site.reply("/frame.html", html(body.to_owned())))?;
    page.open("frame.html", View::DESKTOP).await?;
    page.wait("the frame", "frames[0].document.querySelector('.embed[data-bg=none] .claim')").await?;
    let grounds: Vec<String> = page
        .eval("['html', 'body', '.embed'].map(name => frames[0].getComputedStyle(frames[0].document.querySelector(name)).backgroundColor)")
        .await?;
    ensure!(grounds.iter().all(|ground| ground == "rgba(0, 0, 0, 0)"), "{grounds:?}");
    let scheme: String =
        page.eval("frames[0].getComputedStyle(frames[0].document.documentElement).colorScheme").await?;
    ensure!(
        scheme == "normal",
        "the frame's own colour scheme is {scheme}, which makes it opaque in another"
    );
    Ok(())
}

/// Where a frame is made low, the But line goes first, then the controls; the bar stays.
pub(crate) async fn a_low_frame_leaves_out_what_matters_least(page: &Page) -> Result<()> {
    let body = "<!doctype html><title>frame</title><link rel=icon href='data:,'><iframe src='embed.html#v=1&exp=depth&run=click' width=700 height=460></iframe>";
    page.serve(|site| site.reply("/frame.html", html(body.to_owned())))?;
    page.open("frame.html", View::DESKTOP).await?;
    let there = "frames[0].document.querySelector('[data-role=but]') && frames[0].innerWidth === 700 && frames[0].document.querySelector('.embed').clientWidth";
    page.wait("the embed, all of the frame's width", &format!("{there} === 700")).await?;
    // As once it has been run, which takes long.
    page.call::<()>("const but = frames[0].document.querySelector('[data-role=but]'); but.hidden = false; but.textContent = 'But it depends.'", vec![])
        .await?;
    for (height, expected) in
        [(460, [true, true, true]), (340, [false, true, true]), (300, [false, false, true])]
    {
        let shown: [bool; 3] = page
            .call(
                "const frame = document.querySelector('iframe');
                 frame.height = given[0];
                 await new Promise(done => setTimeout(done, 300));
                 return ['[data-role=but]', '.f', '.runs'].map(name => {
                     const box = frames[0].document.querySelector('.embed ' + name).getBoundingClientRect();
                     return box.height > 0 && box.bottom <= given[0];
                 });",
                vec![height.into()],
            )
            .await?;
        ensure!(shown == expected, "{height} high: But, controls and bar are {shown:?}");
    }
    Ok(())
}

/// The reader of a frame that cannot start gets the picture of its experiment, the reason, and a link.
pub(crate) async fn a_frame_without_its_module_shows_a_picture(page: &Page) -> Result<()> {
    let body = "<!doctype html><title>frame</title><link rel=icon href='data:,'><iframe src='embed.html#v=1&exp=why&seed=3' width=700 height=460></iframe>";
    page.serve(|site| {
        let site = site.reply("/frame.html", html(body.to_owned()));
        site.reply("/pkg/batchnorm_playground_bg.wasm", Reply::not_found())
    })?;
    page.open("frame.html", View::DESKTOP).await?;
    let shown = "[...frames[0].document.querySelectorAll('img')].filter(image => image.getBoundingClientRect().height > 200 && image.getBoundingClientRect().top < 300)";
    page.wait("the picture", &format!("{shown}.length === 1 && {shown}[0].naturalWidth > 0")).await?;
    let picture: String = page.eval(&format!("{shown}[0].currentSrc")).await?;
    ensure!(picture.ends_with("/www/figures/why-noise-light.svg"), "{picture}");
    let link: String = page
        .eval("(link => link.getBoundingClientRect().height > 0 ? link.href : '')(frames[0].document.querySelector('[data-role=to-lab]'))")
        .await?;
    ensure!(link.ends_with("/index.html#v=1&exp=why&seed=3"), "{link}");
    let said: String = page.eval("frames[0].document.body.innerText").await?;
    ensure!(said.contains("could not be started") && !said.contains("Loading"), "{said}");
    page.call::<()>("await new Promise(done => setTimeout(done, 100))", vec![]).await?;
    page.console().await.map(|_| ())
}

/// From an embed to the lab: the very experiment, with its plan, in view, and nothing to complain of.
pub(crate) async fn a_link_to_an_experiment_shows_it_in_the_lab(page: &Page) -> Result<()> {
    let in_view = |key: &str| {
        format!(
            "(box => box.top < innerHeight / 2 && box.bottom > 100)(document.querySelector('#{key}').getBoundingClientRect())"
        )
    };
    let settings = |key: &str| format!("document.querySelector('#{key}').dataset.settings");
    for (link, key, expected) in [
        ("#v=1&exp=lr&plan=1,0,0&seed=7", "lr", "plan=1,0,0&seed=7"),
        ("#v=1&exp=small-batches", "batch", ""),
        ("#norms", "norms", ""),
    ] {
        page.open(link, View::DESKTOP).await?;
        page.wait(&format!("the experiment of {link}"), &format!("{} === '{expected}'", settings(key)))
            .await?;
        page.wait(&format!("{key} in view"), &in_view(key)).await?;
        let notes: bool = page.eval("document.querySelector('[data-role=notes]').hidden").await?;
        ensure!(
            notes,
            "{link}: {}",
            page.eval::<String>("document.querySelector('[data-role=notes-text]').textContent").await?
        );
    }
    // The address of the open page, changed: the run on screen stays.
    page.eval::<bool>("(location.hash = '#v=1&exp=depth&seed=4', true)").await?;
    page.wait("its plan", &format!("{} === 'seed=4'", settings("depth"))).await?;
    page.wait("depth in view", &in_view("depth")).await
}
