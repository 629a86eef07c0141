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
    page.wait("the link", "location.hash.includes('d=rings&l=2&a=tanh')").await?;
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
    page.wait("the list of figures", "document.querySelector('[data-role=picture]').value === 'loss'")
        .await?;
    page.wait(
        "the name of the file",
        "document.querySelector('[data-role=file-png]').textContent === 'batchnorm-loss-spiral-seed24-step30.png'",
    )
    .await?;
    for (button, ending) in [
        ("export-png", "png"),
        ("export-svg", "svg"),
        ("export-csv", "csv"),
        ("export-json", "json"),
        ("export-pytorch", "py"),
    ] {
        page.click(&format!("[data-role={button}]")).await?;
        page.wait(
            &format!("the {ending} file"),
            &format!("window.saved.some(([name]) => name.endsWith('.{ending}'))"),
        )
        .await?;
    }
    let saved: Vec<(String, String)> = page.eval("window.saved").await?;
    for (name, text) in saved {
        let (what, proof) = match name.rsplit('.').next() {
            Some("png") => ("loss", text.contains("tEXtComment")),
            Some("svg") => ("loss", text.contains("<desc>") && text.contains(">step</text>")),
            Some("csv") => ("run", text.contains("\nstep,arm,series,value\n")),
            Some("json") => ("run", text.contains("\"arms\"") && text.contains("\"loss\"")),
            _ => ("pytorch", text.contains("import torch")),
        };
        ensure!(name.starts_with(&format!("batchnorm-{what}-spiral-seed24-step30.")), "{name}");
        ensure!(text.contains("BatchNorm Playground 0."), "{name} does not say by what it was written");
        if what != "pytorch" {
            let settings = if name.ends_with("svg") {
                "v=1&amp;l=2; seed 24; step 30"
            } else {
                "v=1&l=2; seed 24; step 30"
            };
            ensure!(text.contains(settings), "{name} does not say how it was made");
        }
        ensure!(proof, "{name}: {}", text.chars().take(200).collect::<String>());
    }
    Ok(())
}

/// The lines to paste follow what is chosen, the preview is a living embed and ends with the panel, and nothing of it adds
/// to the browser's history.
pub(crate) async fn the_embed_panel_gives_lines_and_a_preview(page: &Page) -> Result<()> {
    page.open("#l=2&pause=30", View::DESKTOP).await?;
    rest(page).await?;
    let before: u32 = page.eval("history.length").await?;
    let frames: u32 = page.eval("document.querySelectorAll('iframe').length").await?;
    ensure!(frames == 0, "a frame is there before the panel is open");
    page.click("[data-panel=embed]").await?;
    let line = |what: &str| format!("document.querySelector('[data-role=embed-{what}]').value");
    let preview = "document.querySelector('[data-role=embed-preview] iframe')?.contentDocument";
    page.wait("the live one", &format!("{preview}?.querySelector('[data-embed=live] canvas')")).await?;
    page.set("[data-offer=settings]", "now").await?;
    page.wait("the settings", &format!("{}.includes('#v=1&amp;l=2\"')", line("frame"))).await?;
    page.set("[data-offer=exp]", "depth").await?;
    page.set("[data-offer=theme]", "dark").await?;
    page.wait(
        "a dark experiment",
        &format!("{preview}?.documentElement?.dataset.theme === 'dark' && {preview}.querySelector('[data-embed=depth] canvas')"),
    )
    .await?;
    let lines: (String, String) = page.eval(&format!("[{}, {}]", line("element"), line("frame"))).await?;
    let root = page.url("");
    ensure!(
        lines.1.starts_with(&format!(
            "<iframe src=\"{root}embed.html#v=1&amp;exp=depth&amp;theme=dark\" title=\""
        )),
        "{}",
        lines.1
    );
    ensure!(
        lines.0.contains("<batchnorm-playground experiment=\"depth\" theme=\"dark\" style="),
        "{}",
        lines.0
    );

    // A browser that lets no page copy: the line is left selected.
    page.call::<()>("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))", vec![]).await?;
    page.click("[data-role=copy-frame]").await?;
    page.wait(
        "the words",
        "document.querySelector('[data-role=embed-copied]').textContent.startsWith('Selected')",
    )
    .await?;
    let selected: bool = page
        .eval("(() => { const f = document.querySelector('[data-role=embed-frame]'); return f.selectionStart === 0 && f.selectionEnd === f.value.length; })()")
        .await?;
    ensure!(selected, "the line is not selected");
    page.click("#panel-embed [data-role=close]").await?;
    page.wait("the preview to end", "!document.querySelector('iframe')").await?;
    let after: u32 = page.eval("history.length").await?;
    ensure!(after == before, "the panel added to the history: {before}, {after}");
    Ok(())
}
