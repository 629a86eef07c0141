//! The panels: check the arithmetic, export, share, presets.

use browser::{Page, Result, View, ensure};

use super::eye::{rest, role};

/// The gradient check of the networks on screen runs in the page and says that both ways agree.
pub(crate) async fn the_arithmetic_is_checked_on_the_page(page: &Page) -> Result<()> {
    page.open("#l=3&pause=50", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-panel=check]").await?;
    let done = "!document.querySelector('[data-role=check-verdict]').textContent.startsWith('Checking') && \
                document.querySelector('[data-role=check-rows]').children.length > 0";
    page.wait("the check", done).await?;
    let verdict = role(page, "check-verdict").await?;
    ensure!(verdict.contains("agree at step 50") && !verdict.contains("disagree"), "{verdict}");
    let rows: Vec<String> = page
        .eval("[...document.querySelectorAll('[data-role=check-rows] th')].map(cell => cell.textContent)")
        .await?;
    ensure!(rows == ["W, weights", "b, biases", "γ", "β"], "{rows:?}");
    Ok(())
}

/// A preset writes its settings, and nothing else.
pub(crate) async fn a_preset_writes_its_settings(page: &Page) -> Result<()> {
    page.open("#pause=10", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-panel=presets]").await?;
    page.click("[data-preset=\"9\"]").await?;
    page.wait("the link", "location.hash.includes('d=circle&l=2&a=tanh')").await?;
    page.wait(
        "its name",
        "document.querySelector('[data-role=preset-name]').textContent === 'An honest tie'",
    )
    .await?;
    Ok(())
}

/// The files are made from the run on screen and named after it.
pub(crate) async fn files_are_written_and_named_after_the_run(page: &Page) -> Result<()> {
    page.open("#l=2&pause=30", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-panel=export]").await?;
    // A download cannot be read back from here: what the link is given can.
    page.call::<()>(
        "window.saved = [];
         HTMLAnchorElement.prototype.click = function () {
             fetch(this.href).then(response => response.text()).then(text => window.saved.push([this.download, text]));
         };
         URL.revokeObjectURL = () => {};",
        vec![],
    )
    .await?;
    for (button, ending) in [("export-csv", "csv"), ("export-json", "json"), ("export-pytorch", "py")] {
        page.click(&format!("[data-role={button}]")).await?;
        page.wait(
            &format!("the {ending} file"),
            &format!("window.saved.some(([name]) => name.endsWith('.{ending}'))"),
        )
        .await?;
    }
    let saved: Vec<(String, String)> = page.eval("window.saved").await?;
    for (name, text) in saved {
        ensure!(name.starts_with("bn-lab-seed24-step30."), "{name}");
        let proof = match name.rsplit('.').next() {
            Some("csv") => {
                text.starts_with("step,arm,series,value") || text.contains("step,arm,series,value")
            }
            Some("json") => text.contains("\"arms\"") && text.contains("\"loss\""),
            _ => text.contains("import torch"),
        };
        ensure!(proof, "{name}: {}", text.chars().take(200).collect::<String>());
    }
    Ok(())
}
