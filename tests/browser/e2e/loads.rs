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
