//! The site in one file: from disk, in a sandboxed frame, as a frame's own text, and under the policy it names. It trains
//! in workers everywhere, and asks for nothing.

use std::time::Duration;

use browser::{Context, Engine, Page, Reply, Result, View, ensure};
use fantoccini::Locator;

/// The file is unpacked first, on a computer that may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
const FILE: &str = "batchnorm-playground.html";
/// The lab, a sweep, and a run that needs the digits.
const LINKS: [&str; 3] = ["", "v=1&exp=lr&run=click", "v=1&exp=live&d=digits&l=2"];

/// What the link names is there, alone, and trains in a worker.
async fn works(page: &Page, link: &str, place: &str) -> Result<()> {
    let done = match link {
        "" => "!document.querySelector('.embed') && Number(document.documentElement.dataset.step) > 5",
        link if link.contains("exp=lr") => {
            page.wait(&format!("the sweep, {place}"), "document.querySelector('.embed [data-role=main]')")
                .await?;
            page.eval::<()>("document.querySelector('[data-role=main]').click()").await?;
            "Number(document.querySelector('.embed #lr, .embed [data-experiment=lr]').dataset.done) > 2"
        }
        _ => {
            "Number(document.querySelector('.embed [data-role=at-step]')?.textContent.match(/\\d+/)?.[0]) > 5"
        }
    };
    page.wait_at_most(PATIENCE, &format!("“{link}” to train, {place}"), done).await?;
    let said: String = page.eval("document.body.innerText").await?;
    ensure!(!said.to_lowercase().contains("no worker can be started"), "“{link}” has no worker, {place}");
    let labs: u32 = page.eval("document.querySelectorAll('#panel-share').length").await?;
    ensure!(labs == u32::from(link.is_empty()), "“{link}” shows {labs} labs, {place}");
    let console = page.console().await?;
    ensure!(console.is_empty(), "“{link}” complains, {place}:\n{}", console.join("\n"));
    Ok(())
}

fn hash(link: &str) -> String {
    if link.is_empty() { String::new() } else { format!("#{link}") }
}

pub(crate) async fn a_double_click_is_enough(page: &Page) -> Result<()> {
    for link in LINKS {
        page.open_from_disk(FILE, &hash(link), View::DESKTOP).await?;
        works(page, link, "from disk").await?;
    }
    ensure!(page.requests().is_empty(), "a file asked a server for {:?}", page.requests());
    Ok(())
}

/// Opens a page that holds one frame, looks into that, and sees that nothing but the two was asked for.
async fn works_in_a_frame(page: &Page, frame: &str, link: &str, place: &str) -> Result<()> {
    let body = format!(
        "<!doctype html><html><head><title>post</title><link rel=icon href='data:,'></head>{frame}</html>"
    );
    page.serve(|site| site.reply("/post.html", Reply::new("text/html; charset=utf-8", body)))?;
    page.open("post.html", View::DESKTOP).await?;
    page.find("iframe").await?;
    page.client().find(Locator::Css("iframe")).await?.enter_frame().await?;
    page.wait(&format!("a page, {place}"), "document.querySelector('#playground')").await?;
    works(page, link, place).await?;
    page.client().enter_parent_frame().await?;
    let mut asked = page.requests();
    // The tests' own listener.
    asked.retain(|path| !path.starts_with("/__"));
    ensure!(asked == ["/post.html", "/batchnorm-playground.html"], "asked for, {place}: {asked:?}");
    Ok(())
}

pub(crate) async fn a_sandboxed_frame_is_enough(page: &Page) -> Result<()> {
    for link in LINKS {
        let frame = format!(
            "<iframe sandbox='allow-scripts' src='{FILE}{}' width=900 height=600></iframe>",
            hash(link).replace('&', "&amp;")
        );
        works_in_a_frame(page, &frame, link, "in a sandbox").await?;
    }
    Ok(())
}

/// Such a frame has no address: its experiment stands before the text.
pub(crate) async fn the_text_of_a_frame_is_enough(page: &Page) -> Result<()> {
    for sandbox in ["", "frame.sandbox = 'allow-scripts';"] {
        for link in LINKS {
            let link_of_text = link.replace('&', "&amp;");
            let meta = if link.is_empty() {
                String::new()
            } else {
                format!("<meta name=\"batchnorm-playground\" content=\"{link_of_text}\">")
            };
            let script = format!(
                "<body><script>fetch('{FILE}').then(reply => reply.text()).then(text => {{
                     const frame = document.createElement('iframe');
                     {sandbox}
                     frame.width = 900; frame.height = 600; frame.srcdoc = '{meta}' + text;
                     document.body.append(frame);
                 }})</script></body>"
            );
            works_in_a_frame(page, &script, link, &format!("as a srcdoc {sandbox}")).await?;
        }
    }
    Ok(())
}

/// The policy that stands in the file, as a header.
pub(crate) async fn its_policy_is_enough(page: &Page) -> Result<()> {
    let text = std::fs::read_to_string(page.folder().join(FILE))?;
    let policy =
        text.lines().find(|line| line.starts_with("default-src")).context("no policy in the file")?;
    ensure!(!policy.contains("http") && !policy.contains('*'), "{policy}");
    // The tests' own listener is a file, where there is one.
    let policy = match page.engine() {
        Engine::Chromium => policy.to_owned(),
        _ => policy.replace("script-src", "script-src 'self'"),
    };
    page.serve(|site| site.header("Content-Security-Policy", &policy))?;
    for link in LINKS {
        page.open(&format!("{FILE}{}", hash(link)), View::DESKTOP).await?;
        works(page, link, "under its policy").await?;
    }
    Ok(())
}

/// The way from one experiment to the lab, and the lines and preview that the lab gives of itself.
pub(crate) async fn embed_and_lab_lead_to_each_other(page: &Page) -> Result<()> {
    page.open(&format!("{FILE}#v=1&exp=depth&run=click"), View::DESKTOP).await?;
    page.click(".to-lab").await?;
    page.wait("the lab", "document.querySelector('#panel-share') && document.documentElement.dataset.state")
        .await?;
    // A click while the page is on its way there might not meet what it is meant for.
    page.wait("the experiment", "document.querySelector('#depth [data-role=main]') && scrollY > 0").await?;
    page.click("[data-panel=embed]").await?;
    page.set("[data-offer=exp]", "live").await?;
    let preview = "document.querySelector('[data-role=embed-preview] iframe')?.contentDocument";
    page.wait("a preview", &format!("{preview}?.querySelector('[data-embed=live] canvas')")).await?;
    let line: String = page.eval("document.querySelector('[data-role=embed-frame]').value").await?;
    let address = page.url(FILE);
    ensure!(line.starts_with(&format!("<iframe src=\"{address}#v=1&amp;exp=live\"")), "{line}");
    let shown = "document.querySelector('[data-role=embed-as-element]').getBoundingClientRect().height";
    ensure!(page.eval::<f64>(shown).await? == 0.0, "an element is offered, and there is no script for it");
    Ok(())
}

/// The site's own frame in a sandbox, where its files may be fetched: a worker is had there too.
pub(crate) async fn a_sandboxed_frame_of_the_site_has_its_worker(page: &Page) -> Result<()> {
    let body = "<!doctype html><html><head><title>post</title><link rel=icon href='data:,'></head>
        <iframe sandbox='allow-scripts' src='embed.html#v=1&amp;exp=live' width=900 height=600></iframe></html>";
    page.serve(|site| {
        let site = site.header("Access-Control-Allow-Origin", "*");
        site.reply("/post.html", Reply::new("text/html; charset=utf-8", body))
    })?;
    page.open("post.html", View::DESKTOP).await?;
    page.find("iframe").await?.enter_frame().await?;
    page.wait_at_most(
        PATIENCE,
        "it to train",
        "Number(document.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0]) > 5",
    )
    .await?;
    let said: String = page.eval("document.querySelector('[data-role=notes-text]').textContent").await?;
    ensure!(said.is_empty(), "{said}");
    ensure!(page.requests().contains(&"/www/worker.js".to_owned()), "{:?}", page.requests());
    Ok(page.client().clone().enter_parent_frame().await?)
}
