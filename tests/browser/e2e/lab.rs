//! The lab as a reader meets it: it opens training, tells its story, and does what its buttons say.

use batchnorm_playground::figure::text;
use batchnorm_playground::lab::sentence;
use browser::{Context, Engine, Page, Result, View, ensure};

use super::eye::{WITH, WITHOUT, drawn, native, pause, rest, role, share, step};

/// Nobody touches anything: training starts, and within seconds the default run has something to say.
pub(crate) async fn it_trains_by_itself_and_tells_its_story(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    page.wait("step 300", "Number(document.documentElement.dataset.step) >= 300").await?;
    pause(page).await?;
    let sentence = role(page, "sentence").await?;
    ensure!(
        sentence.contains("With batch norm the test set was first 90\u{a0}% right at step"),
        "{sentence}"
    );
    for colour in [WITHOUT, WITH] {
        drawn(page, "loss", colour, 200).await?;
        drawn(page, "layers", colour, 100).await?;
    }
    let text: String = page.eval("document.body.innerText").await?;
    ensure!(!text.contains("NaN") && !text.contains("undefined"), "{text}");
    Ok(())
}

/// The real digits are fetched when chosen, not before, and both arms train on them.
pub(crate) async fn digits_are_fetched_when_chosen_and_train(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    page.wait("the first steps", "Number(document.documentElement.dataset.step) > 10").await?;
    ensure!(!page.requests().iter().any(|path| path.ends_with("digits.bin")), "fetched before it was wanted");
    page.click("[data-set=digits]").await?;
    page.wait("a new run", "document.querySelector('[data-role=images]').hidden === false").await?;
    page.wait("training on digits", "Number(document.documentElement.dataset.step) > 100").await?;
    ensure!(page.requests().iter().any(|path| path.ends_with("digits.bin")), "{:?}", page.requests());
    pause(page).await?;
    for arm in [0, 1] {
        let accuracy = share(&role(page, &format!("accuracy-{arm}")).await?)?;
        ensure!((5.0..=100.0).contains(&accuracy), "arm {arm}: {accuracy}");
    }
    Ok(())
}

/// The 2015 figure on the page, at step 100: the numbers shown are those of the native program for the same seed.
pub(crate) async fn the_2015_figure_shows_the_native_numbers(page: &Page) -> Result<()> {
    let link = "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60&seed=3";
    page.open(&format!("#{link}&pause=100"), View::DESKTOP).await?;
    rest(page).await?;
    let native = native(link, 100)?;
    for arm in 0..2 {
        let loss = native.loss[arm].context("no loss")?;
        let accuracy = native.accuracy[arm].context("no accuracy")?;
        for (what, expected) in [("test-loss", text::loss(loss)), ("accuracy", sentence::percent(accuracy))] {
            let shown = role(page, &format!("{what}-{arm}")).await?;
            ensure!(
                shown == expected,
                "{what} {arm}: the page shows {shown}, the native program has {expected}"
            );
        }
    }
    ensure!(
        share(&role(page, "accuracy-1").await?)? > 90.0 && share(&role(page, "accuracy-0").await?)? < 20.0
    );
    Ok(())
}

/// Pause stands still, Step makes one step, Reset starts over with the same seed.
pub(crate) async fn pause_step_and_reset_do_what_they_say(page: &Page) -> Result<()> {
    page.open("#pause=40", View::DESKTOP).await?;
    rest(page).await?;
    ensure!(step(page).await? == 40);
    page.wait(
        "the fingerprint",
        "document.querySelector('[data-role=fingerprint-step]').textContent == 'step 40'",
    )
    .await?;
    let print = role(page, "print-1").await?;
    page.click("[data-role=step]").await?;
    page.wait("one step", "document.documentElement.dataset.step === '41'").await?;
    page.click("[data-role=reset]").await?;
    page.wait("step 0", "document.documentElement.dataset.step === '0'").await?;
    page.call::<()>("document.querySelector('[data-role=fingerprint-step]').textContent = ''; location.hash = '#v=1&pause=40'", vec![]).await?;
    page.wait(
        "step 40 again",
        "document.querySelector('[data-role=fingerprint-step]').textContent == 'step 40'",
    )
    .await?;
    ensure!(role(page, "print-1").await? == print, "the same run has other bits the second time");
    Ok(())
}

/// A divergence is a result with a step; the other arm goes on; NaN is never shown.
pub(crate) async fn a_divergence_is_told_and_the_other_arm_goes_on(page: &Page) -> Result<()> {
    page.open("#l=6&w=32&s=3&lr=0.3&b=64&pause=200", View::DESKTOP).await?;
    rest(page).await?;
    let first = role(page, "first-0").await?;
    ensure!(first.contains("diverged, step"), "{first}");
    ensure!(role(page, "sentence").await?.contains("overflowed at step"));
    ensure!(share(&role(page, "accuracy-1").await?)? > 50.0);
    let text: String = page.eval("document.body.innerText").await?;
    ensure!(!text.contains("NaN"), "{text}");
    Ok(())
}

/// What a link gets wrong is said in words, becomes the default, and spoils nothing else.
pub(crate) async fn a_bad_link_is_explained_and_runs_all_the_same(page: &Page) -> Result<()> {
    page.open("#lr=fast&l=4&colour=red&pause=20&run=later&speed=0", View::DESKTOP).await?;
    rest(page).await?;
    let notes = role(page, "notes-text").await?;
    for word in ["Learning rate (lr) needs a number", "colour", "auto or click", "(speed)"] {
        ensure!(notes.contains(word), "{notes}");
    }
    ensure!(
        page.eval::<String>("document.querySelector('#knob-l').value").await? == "3",
        "4 layers are position 3"
    );
    Ok(())
}

/// A control changes the run and the address, and adds nothing to the browser's history.
pub(crate) async fn a_control_changes_run_and_address(page: &Page) -> Result<()> {
    page.open("#pause=30", View::DESKTOP).await?;
    rest(page).await?;
    let entries: u32 = page.eval("history.length").await?;
    page.set("#knob-l", "1").await?;
    page.wait("the link", "location.hash === '#v=1&l=2'").await?;
    page.wait("a new run", "document.documentElement.dataset.step === '0'").await?;
    ensure!(page.eval::<u32>("history.length").await? == entries, "the history grew");
    Ok(())
}

/// With less motion wanted, the page opens at rest and says how to start.
pub(crate) async fn with_less_motion_it_waits_for_the_reader(page: &Page) -> Result<()> {
    ensure!(page.engine() == Engine::Chromium);
    page.open("", View::DESKTOP.reduced_motion()).await?;
    page.wait("a pause", "document.documentElement.dataset.state === 'paused'").await?;
    ensure!(step(page).await? == 0);
    Ok(())
}
