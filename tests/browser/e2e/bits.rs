//! The page computes what the native program computes, to the bit, however the steps are cut into messages.

use browser::{Page, Result, View, ensure};

use super::eye::{load, native, pause, prints, rest};

const STEPS: u32 = 200;

/// Every norm, activation, optimiser, init and placement at least once.
const LINKS: [&str; 14] = [
    "",
    "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60",
    "d=circle&l=4&w=17&a=tanh&i=lecun&n=ln&lr=0.1&b=50",
    "d=xor&l=3&w=32&a=gelu&n=rms&o=adam&lr=0.003&b=64",
    "d=blobs&l=2&w=12&a=leaky&n=gn&o=momentum&lr=0.03&b=32",
    "l=5&w=24&a=tanh&n=dyt&o=nesterov&lr=0.02&b=100",
    "l=3&w=32&p=after&lr=0.1&b=64&wd=0.001",
    "l=3&w=16&g=0&lr=0.2&b=16&m=0.01&e=0.001",
    "d=circle&l=2&w=7&a=linear&i=normal&s=0.5&lr=0.05&b=33",
    "l=4&w=32&hlr=100&lr=0.1&b=64",
    "l=6&w=32&s=3&lr=0.3&b=64",
    "d=digits&l=2&w=33&a=gelu&n=bn&o=adam&lr=0.01&b=128&t=exact",
    "l=12&w=20&a=sigmoid&i=xavier&lr=0.5&b=64&seed=99",
    "lrs=20:0.1,77:0.5&t=batch&seed=3",
];

/// Fourteen experiments, at step 200: the page's fingerprints are the native ones.
pub(crate) async fn fourteen_experiments_have_the_native_bits(page: &Page) -> Result<()> {
    page.open(&format!("#pause={STEPS}"), View::DESKTOP).await?;
    for share_link in LINKS {
        load(page, &format!("{share_link}&pause={STEPS}")).await?;
        let expected = native(share_link, STEPS)?.prints;
        // On a slow computer the page may rest once more in the last run before it turns to this one.
        let [without, with] = &expected;
        let there = format!(
            "document.querySelector('[data-role=print-0]').textContent === '{without}' && \
             document.querySelector('[data-role=print-1]').textContent === '{with}'"
        );
        let waited = page.wait("the native fingerprints", &there).await;
        let shown = prints(page).await?;
        ensure!(
            waited.is_ok() && shown == expected,
            "{share_link}: the page has {shown:?}, the native program {expected:?}"
        );
    }
    Ok(())
}

/// The same run at a reader's pace, in many small messages with snapshots between, has the same bits.
pub(crate) async fn the_pace_changes_no_bit(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    page.wait("some steps at the usual pace", "Number(document.documentElement.dataset.step) > 100").await?;
    pause(page).await?;
    let now: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    let end = now + 20;
    for step in now + 1..=end {
        page.call::<()>("document.querySelector('[data-role=step]').click()", vec![]).await?;
        page.wait("one step", &format!("document.documentElement.dataset.step === '{step}'")).await?;
    }
    rest(page).await?;
    let shown = prints(page).await?;
    let expected = native("", end)?.prints;
    ensure!(shown == expected, "step by step: {shown:?}, native: {expected:?}");
    Ok(())
}
