//! How long a reader waits for the default sweep of learning rates, from the press to the last of its runs.

use std::time::Duration;

use batchnorm_playground::lab::speed::Spread;
use browser::{Options, Result, Session, Site, View};
use serde_json::{Value, json};

/// Sweeps that are timed, each on a page of its own.
const SWEEPS: usize = 3;
/// One that takes longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(180);

/// Presses the button; the page itself notes the moment at which the last run is in.
const STOPWATCH: &str = "const section = document.querySelector('#lr');
    const begin = performance.now();
    new MutationObserver(() => {
        if (section.dataset.state === 'done') window.__seconds ??= (performance.now() - begin) / 1000;
    }).observe(section, { attributes: true, attributeFilter: ['data-state'] });
    section.querySelector('[data-role=main]').click();";

/// Seconds per sweep; the lab stands still meanwhile.
pub(crate) async fn report(session: &Session, options: &Options) -> Result<Value> {
    let (mut seconds, mut told) = (Vec::new(), String::new());
    for _ in 0..SWEEPS {
        let page = session.page(Site::new(&options.site)).await?;
        page.open("#pause=1", View::DESKTOP).await?;
        page.wait("the experiment", "document.querySelector('#lr [data-role=main]') !== null").await?;
        let come = "document.querySelector('#lr .figures').scrollIntoView({ block: 'center' })";
        page.call::<()>(come, vec![]).await?;
        page.call::<()>(STOPWATCH, vec![]).await?;
        page.wait_at_most(PATIENCE, "the last run", "window.__seconds !== undefined").await?;
        seconds.push(page.eval::<f64>("window.__seconds").await?);
        told = page.eval("document.querySelector('#lr [data-role=progress]').textContent").await?;
        session.close(page).await?;
    }
    let Spread { median, low, high } = Spread::of(&seconds);
    println!(
        "The default sweep of learning rates ({told}): {median:.1} s ({low:.1} to {high:.1}, {SWEEPS} sweeps).\n"
    );
    Ok(json!({ "default_sweep_s": seconds }))
}
