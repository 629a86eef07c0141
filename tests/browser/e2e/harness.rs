//! The harness itself: a test that says "no complaint" means little if complaints go unnoticed.

use browser::{Engine, Page, Reply, Result, View, ensure};
use serde_json::json;

fn html(body: &str) -> Reply {
    let head = "<!doctype html><html><head><link rel=icon href='data:,'><title>test</title></head>";
    Reply::new("text/html; charset=utf-8", format!("{head}<body>{body}</body></html>"))
}

/// Errors, warnings, rejections, missing files and other hosts all come to light.
pub(crate) async fn complaints_are_noticed(page: &Page) -> Result<()> {
    let body = "<img src='http://elsewhere.invalid/pixel.png'><script src='missing.js'></script>
        <script>
            console.log('fine'); console.warn('first'); console.error('second');
            setTimeout(() => { throw new Error('third'); });
            Promise.reject(new Error('fourth'));
        </script>";
    page.serve(|site| site.reply("/", html(body)))?;
    page.open("", View::DESKTOP).await?;
    let mut seen = String::new();
    for word in ["first", "second", "third", "fourth", "missing.js"] {
        // Reports of errors may come a little after the load.
        for _ in 0..100 {
            seen += &page.console().await?.join("\n");
            if seen.contains(word) {
                break;
            }
            page.call::<()>("await new Promise(done => setTimeout(done, 20))", vec![]).await?;
        }
        ensure!(seen.contains(word), "{word} is not among the complaints: {seen}");
    }
    ensure!(!seen.contains("fine"), "a plain message counts as a complaint: {seen}");
    let foreign = page.foreign_requests().await?;
    ensure!(foreign == ["http://elsewhere.invalid/pixel.png"], "requests to other hosts: {foreign:?}");
    ensure!(page.requests().contains(&"/missing.js".to_owned()), "{:?}", page.requests());
    page.console().await?;
    // Nothing of it may be held against the page that follows.
    page.serve(|site| site.reply("/", html("clean")))?;
    page.open("", View::DESKTOP).await
}

/// Clicks, keys, values, sizes and asynchronous calls arrive.
pub(crate) async fn pages_are_driven(page: &Page) -> Result<()> {
    let body = "<button onclick='this.textContent = \"pressed\"'>press</button><input id=text>
        <input id=slider type=range max=10 oninput='this.title = \"at \" + this.value'>";
    page.serve(|site| site.reply("/", html(body)))?;
    page.open("#a=1", View { width: 700, height: 500, ..View::DESKTOP }).await?;
    let size: [u32; 2] = page.eval("[innerWidth, innerHeight]").await?;
    ensure!(size == [700, 500], "the size is {size:?}");
    page.click("button").await?;
    ensure!(page.text("button").await? == "pressed");
    page.type_keys("#text", "abc").await?;
    ensure!(page.eval::<String>("document.querySelector('#text').value").await? == "abc");
    page.set("#slider", "7").await?;
    ensure!(page.eval::<String>("document.querySelector('#slider').title").await? == "at 7");
    let sum: u32 =
        page.call("return given[0] + await Promise.resolve(given[1])", vec![json!(2), json!(3)]).await?;
    ensure!(sum == 5);
    let refused = page.call::<()>("throw new Error('no such thing')", vec![]).await;
    ensure!(refused.is_err_and(|error| error.to_string().contains("no such thing")));
    let visible: String = page.eval("document.visibilityState").await?;
    ensure!(visible == "visible", "a {visible} page draws no frames");
    Ok(())
}

/// Theme, motion and pixel ratio, also under an open page; and the picture is of the whole page.
pub(crate) async fn preferences_are_emulated(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.serve(|site| site.reply("/", html("<div style='height: 3000px'></div>")))?;
    page.open("", View::PHONE.dark().reduced_motion()).await?;
    let query = "[matchMedia('(prefers-color-scheme: dark)').matches,
        matchMedia('(prefers-reduced-motion: reduce)').matches, devicePixelRatio === 2, innerWidth === 360]";
    ensure!(page.eval::<[bool; 4]>(query).await? == [true; 4]);
    let picture = page.screenshot().await?;
    // Width and height stand at fixed places of a PNG.
    let number =
        |at: usize| u32::from_be_bytes([picture[at], picture[at + 1], picture[at + 2], picture[at + 3]]);
    ensure!(number(16) == 720 && number(20) > 6000, "the picture is {} x {}", number(16), number(20));
    page.set_view(View::DESKTOP).await?;
    ensure!(page.eval::<[bool; 4]>(query).await? == [false; 4]);
    Ok(())
}
