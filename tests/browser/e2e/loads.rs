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
