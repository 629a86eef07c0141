//! gamma and beta by hand: sliders, buttons and the figure itself, and the numbers that follow.

use browser::{Page, Result, View, ensure};

/// One of the sentences beside the figure.
async fn said(page: &Page, role: &str) -> Result<String> {
    page.eval(&format!("document.querySelector('#gamma [data-role={role}]').textContent")).await
}

/// Waits until a sentence has these words.
async fn says(page: &Page, role: &str, words: &str) -> Result<()> {
    let script =
        format!("document.querySelector('#gamma [data-role={role}]').textContent.includes('{words}')");
    page.wait(words, &script).await
}

/// Moves a slider as a hand does.
async fn slide(page: &Page, id: &str, value: &str) -> Result<()> {
    let script = format!(
        "const slider = document.getElementById('{id}'); slider.value = '{value}';
         slider.dispatchEvent(new Event('input')); slider.dispatchEvent(new Event('change')); return 0;"
    );
    page.call::<u32>(&script, vec![]).await.map(drop)
}

/// Presses the button with these words.
async fn press(page: &Page, words: &str) -> Result<()> {
    let script = format!(
        "const all = [...document.querySelectorAll('#gamma .ctl button')];
         all.find((button) => button.textContent.startsWith('{words}')).click(); return 0;"
    );
    page.call::<u32>(&script, vec![]).await.map(drop)
}

/// The lab at rest at a step, and the section below it with its unit.
async fn open(page: &Page) -> Result<()> {
    page.open("#pause=60", View::DESKTOP).await?;
    page.wait("a pause", "document.documentElement.dataset.state === 'paused'").await?;
    page.call::<u32>("document.getElementById('gamma').scrollIntoView(); return 0;", vec![]).await?;
    page.wait(
        "the lab's unit",
        "document.querySelector('#gamma figcaption').textContent.includes('at step 60: layer 3, unit 4')",
    )
    .await
}

/// Sliders and buttons set the pair; mean and standard deviation are what they say; undoing holds for one batch only.
pub(crate) async fn sliders_and_buttons_say_what_y_becomes(page: &Page) -> Result<()> {
    open(page).await?;
    says(page, "pair-lead", "y has mean 3.00 and standard deviation 2.00.").await?;
    says(page, "pair-rest", "[0, 2, 4, 6]").await?;
    says(page, "pair-but", "standard deviation 1.118, not 1").await?;
    slide(page, "gamma-scale", "0.5").await?;
    slide(page, "gamma-shift", "-1").await?;
    says(page, "pair-lead", "y has mean \u{2212}1.00 and standard deviation 0.50.").await?;
    says(page, "pair-rest", "[\u{2212}1.75, \u{2212}1.25, \u{2212}0.75, \u{2212}0.25]").await?;
    press(page, "\u{3b3} = 0").await?;
    says(page, "pair-lead", "y has mean \u{2212}1.00 and standard deviation 0.00.").await?;
    press(page, "\u{3b2} > 0").await?;
    press(page, "\u{3b3} > 1").await?;
    says(page, "pair-lead", "y has mean 3.00 and standard deviation 2.00.").await?;
    press(page, "Undo").await?;
    says(page, "pair-rest", "y is x again").await?;
    let label: String =
        page.eval("document.querySelector('#gamma [data-plate=gamma]').getAttribute('aria-label')").await?;
    let moments =
        |name: &str| label.split("; ").find(|row| row.contains(name)).map(|row| row.split("has").last());
    ensure!(moments("x has") == moments("y has") && label.contains("x has"), "{label}");
    press(page, "next mini-batch").await?;
    says(page, "pair-rest", "here y is off by").await?;
    press(page, "its own").await?;
    page.wait(
        "its own unit",
        "document.querySelector('#gamma figcaption').textContent.includes('untrained: layer 3, unit 1')",
    )
    .await
}

/// The diamond is beta, an end of the bar gamma.
pub(crate) async fn the_figure_is_dragged(page: &Page) -> Result<()> {
    open(page).await?;
    says(page, "pair-lead", "mean 3.00").await?;
    // Values to places: the axis spans -4.5 to 8.5 between the plot's edges, found by dragging beta to known values.
    let drag = |from: f64, to: f64| {
        format!(
            "const host = document.querySelector('#gamma [data-plate=gamma]');
             const box = host.getBoundingClientRect();
             const [left, right] = [132, box.width - 96];
             const at = (value) => box.left + left + ((value + 4.5) / 13) * (right - left);
             const y = box.top + 14 + ((box.height - 24 - 14) / 3) * 2 + 12;
             const send = (kind, value) => host.dispatchEvent(new PointerEvent(kind,
                 {{ clientX: at(value), clientY: y, bubbles: true, cancelable: true, pointerId: 1, isPrimary: true }}));
             send('pointerdown', {from}); send('pointermove', ({from} + {to}) / 2); send('pointermove', {to});
             send('pointerup', {to}); send('pointermove', 0); return 0;"
        )
    };
    let near = |id: &str, value: f64| {
        format!("Math.abs(Number(document.getElementById('gamma-{id}').value) - {value}) < 0.05")
    };
    page.call::<u32>(&drag(3.0, 1.0), vec![]).await?;
    page.wait("beta at 1", &near("shift", 1.0)).await?;
    page.call::<u32>(&drag(3.0, 1.5), vec![]).await?;
    page.wait("gamma at 0.5", &near("scale", 0.5)).await?;
    let [gamma, beta] =
        ["scale", "shift"].map(|id| format!("document.querySelector('[for=gamma-{id}]+output').value"));
    let (gamma, beta): (String, String) = (page.eval(&gamma).await?, page.eval(&beta).await?);
    let lead = said(page, "pair-lead").await?;
    ensure!(lead == format!("y has mean {beta} and standard deviation {gamma}."), "{lead}: {gamma}, {beta}");
    Ok(())
}
