//! The lab opens.

use browser::{Page, Result, View, ensure};

/// Everything is there, training begins by itself and nothing complains (the suite looks at the console and the
/// requests afterwards).
pub(crate) async fn without_a_complaint(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    let title: String = page.eval("document.title").await?;
    ensure!(title.contains("BatchNorm"), "the title is {title:?}");
    page.wait("training to begin", "Number(document.documentElement.dataset.step) > 0").await?;
    let requests = page.requests();
    ensure!(requests.iter().any(|path| path.ends_with(".wasm")), "no module was asked for: {requests:?}");
    Ok(())
}

/// The page of measurements answers scripts, and says in a sentence what it does not know.
pub(crate) async fn scripts_can_measure(page: &Page) -> Result<()> {
    page.open("bench.html", View::DESKTOP).await?;
    page.wait("the page's function", "'benchmark' in globalThis").await?;
    let ask = "return await benchmark({ workload: given[0], norm: 'batch', steps: 200 })
        .then(({ ms, steps }) => [ms, steps, ''], error => [0, 0, error.message])";
    let (ms, steps, _): (f64, u32, String) = page.call(ask, vec!["T".into()]).await?;
    ensure!(steps == 200 && ms > 0.0 && ms < 10_000.0, "{steps} steps in {ms} ms");
    let (_, _, said): (f64, u32, String) = page.call(ask, vec!["X".into()]).await?;
    ensure!(said.starts_with("There is no workload \"X\""), "{said}");
    Ok(())
}

/// The site lies deep below its host's root, and nothing of it anywhere else.
pub(crate) async fn under_any_path(page: &Page) -> Result<()> {
    page.serve(|site| site.below("/some/blog/bn/"))?;
    page.open("some/blog/bn/#d=digits&l=2", View::DESKTOP).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 5").await?;
    let step = "Number(document.querySelector('[data-role=at-step]')?.textContent.match(/\\d+/)?.[0])";
    for page_of_one in ["embed.html#v=1", "batchnorm-playground.html#v=1&exp=live"] {
        page.open(&format!("some/blog/bn/{page_of_one}"), View::DESKTOP).await?;
        page.wait(&format!("{page_of_one} to train"), &format!("{step} > 5")).await?;
    }
    let requests = page.requests();
    ensure!(
        requests.iter().all(|path| path.starts_with("/some/blog/bn/") || path.starts_with("/__")),
        "{requests:?}"
    );
    Ok(())
}
