//! Experiments on somebody's page: elements and frames in a blog post whose theme restyles everything.

use browser::{Page, Reply, Result, Site, View, ensure};

const POST: &str = include_str!("../../jekyll/prebuilt/eight-things-to-try.html");
const THEME: &str = include_str!("../../jekyll/assets/theme.css");
const MATH: &str = include_str!("../../jekyll/assets/math.js");
const SUBJECTS: [&str; 9] = ["live", "gamma", "smooth", "depth", "lr", "init", "batch", "why", "norms"];

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

/// What an expression gives for the shadow of the n-th element.
fn shadow(n: usize, expression: &str) -> String {
    format!(
        "(() => {{ const root = document.querySelectorAll('batchnorm-playground')[{n}].shadowRoot; return {expression}; }})()"
    )
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
    let frames: String = SUBJECTS
        .iter()
        .map(|key| format!("<iframe id={key} src='embed.html#v=1&exp={key}&id={key}&run=click' width=700 height=460></iframe>"))
        .collect();
    let script = "<script>window.heights = {}; addEventListener('message', ({data}) => { if (data.type === 'bnp:height') heights[data.id] = data.height; });</script>";
    let body = format!("<!doctype html><title>frames</title><link rel=icon href='data:,'>{script}{frames}");
    page.serve(|site| site.reply("/frames.html", html(body)))?;
    page.open("frames.html", View::DESKTOP).await?;
    page.wait_at_most(
        std::time::Duration::from_secs(60),
        "nine heights",
        "Object.keys(heights).length === 9",
    )
    .await?;
    let heights: Vec<u32> = page.eval("Object.values(heights)").await?;
    ensure!(heights.iter().all(|&height| height == 460), "{heights:?}");
    for key in SUBJECTS {
        let told: (bool, bool, i32) = page
            .eval(&format!("(() => {{ const d = document.getElementById('{key}').contentDocument; const r = d.querySelector('.embed'); return [!!d.querySelector('.back, canvas'), !!d.querySelector('.claim')?.textContent, r.scrollHeight - r.clientHeight]; }})()"))
            .await?;
        ensure!(told.0 && told.1 && told.2 <= 1, "{key}: {told:?}");
    }
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
