//! The states of the page: loading, stuck, silent units, finished, a trainer that stopped, a browser that cannot.

use browser::{FAILING_WORKER, Page, Reply, Result, View, ensure};

use super::eye::{STATE, WITHOUT, curves_are_there, drawn, pause, rest, role, share, step};
use super::trainer::first_worker_from;

/// While the trainer loads: axes, controls and words are there, and nothing can be pressed that would do nothing.
pub(crate) async fn while_loading_everything_but_the_lines_is_there(page: &Page) -> Result<()> {
    page.serve(|site| site.reply("/www/worker.js", Reply::new("text/javascript", "onmessage = () => {};")))?;
    page.open("", View::DESKTOP).await?;
    page.wait("the page", &format!("{STATE} === 'loading'")).await?;
    ensure!(role(page, "sentence").await? == "Loading the trainer.");
    let off: Vec<bool> = page
        .eval(
            "['train', 'step', 'reset'].map(name => document.querySelector(`[data-role=${name}]`).disabled)",
        )
        .await?;
    ensure!(off == [true; 3], "{off:?}");
    ensure!(page.eval::<u32>("document.querySelectorAll('#lab input[type=range]').length").await? > 10);
    let [labels, lines]: [u32; 2] = page
        .eval("['text', 'polyline'].map(mark => document.querySelectorAll(`[data-fig=loss] .back ${mark}`).length)")
        .await?;
    ensure!(labels > 8 && lines > 8, "the axes have {labels} labels and {lines} lines");
    Ok(())
}

/// An arm that only guesses is said to, in its row and in the sentence, with its silent units; nothing is alarming.
pub(crate) async fn an_arm_stuck_at_guessing_is_told_with_its_silent_units(page: &Page) -> Result<()> {
    page.open("#d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=200", View::DESKTOP).await?;
    rest(page).await?;
    ensure!(role(page, "first-0").await? == "stuck at guessing", "{}", role(page, "first-0").await?);
    let aside = role(page, "aside").await?;
    ensure!(aside.contains("stuck at guessing") && aside.contains("of its 192 units are silent"), "{aside}");
    let alert: String = page.eval("document.querySelector('[data-role=first-0]').dataset.state").await?;
    ensure!(alert == "plain", "nothing broke");
    Ok(())
}

/// Once a quarter of the units says nothing, the row counts them by the right word.
pub(crate) async fn silent_units_are_counted_by_the_right_word(page: &Page) -> Result<()> {
    for (link, word, other) in [
        ("a=tanh&s=8&d=digits&lr=0.01&pause=20", "saturated", "silent"),
        ("lr=1.5&l=8&pause=20", "silent", "saturated"),
    ] {
        page.open(&format!("#{link}"), View::DESKTOP).await?;
        rest(page).await?;
        let row = role(page, "first-0").await?;
        ensure!(row.ends_with(&format!("of 128 units {word}")), "{link}: {row}");
        let count = row.split(' ').next().unwrap_or_default();
        let aside = role(page, "aside").await?;
        let expected = format!("In the plain network {count} of 128 units are {word}");
        ensure!(aside.starts_with(&expected), "{link}: {aside}");
        let caption = role(page, "caption-layers").await?;
        ensure!(caption.contains(&format!("A {word} unit")) && !caption.contains(other), "{caption}");
        let tab: String = page.eval("document.querySelector('[data-column=silent]').textContent").await?;
        ensure!(tab == word, "{tab}");
    }
    page.open("#a=gelu&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    ensure!(!role(page, "caption-layers").await?.contains("unit is"), "a GELU unit is neither");
    ensure!(page.eval::<bool>("document.querySelector('[data-column=silent]').hidden").await?);
    Ok(())
}

/// Training ends by itself at 2000 steps, and goes on when told.
pub(crate) async fn it_finishes_at_two_thousand_steps_and_goes_on(page: &Page) -> Result<()> {
    page.open("#l=4&w=8&n=none&lr=0.001", View::DESKTOP).await?;
    page.wait("some steps", "Number(document.documentElement.dataset.step) > 10").await?;
    page.set("#speed", "100").await?;
    page.wait("the end", &format!("{STATE} === 'finished'")).await?;
    rest(page).await?;
    ensure!(step(page).await? == 2000, "{}", step(page).await?);
    ensure!(role(page, "at-state").await? == "finished at" && role(page, "train-word").await? == "Go on");
    page.click("[data-role=train]").await?;
    page.wait("more", "Number(document.documentElement.dataset.step) > 2100").await
}

/// Training ends by itself once both networks have been right for a hundred steps, well before two thousand.
pub(crate) async fn it_finishes_when_both_are_right(page: &Page) -> Result<()> {
    page.open("#d=blobs&l=1&w=8&dn=0.05", View::DESKTOP).await?;
    page.set("#speed", "100").await?;
    page.wait("the end", &format!("{STATE} === 'finished'")).await?;
    rest(page).await?;
    let at = step(page).await?;
    ensure!((100..2000).contains(&at), "{at}");
    for arm in [0, 1] {
        let accuracy = role(page, &format!("accuracy-{arm}")).await?;
        ensure!(share(&accuracy)? >= 99.5, "{accuracy}");
    }
    ensure!(role(page, "at-state").await? == "finished at" && role(page, "train-word").await? == "Go on");
    page.click("[data-role=train]").await?;
    page.wait("more", &format!("Number(document.documentElement.dataset.step) > {at} + 20")).await
}

/// After a restart the last run stays as a thin line in the raw colour until the new one has twenty steps.
pub(crate) async fn the_run_before_stays_as_a_thin_line_until_the_new_one_can_be_seen(
    page: &Page,
) -> Result<()> {
    page.open("#l=3&pause=300", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-role=reset]").await?;
    page.wait("the start", "document.documentElement.dataset.step === '0'").await?;
    rest(page).await?;
    let mut seen = Vec::new();
    for wanted in 1..=20 {
        page.call::<()>("document.querySelector('[data-role=step]').click()", vec![]).await?;
        page.wait("one step", &format!("document.documentElement.dataset.step === '{wanted}'")).await?;
        if [1, 19, 20].contains(&wanted) {
            rest(page).await?;
            seen.push(page.call::<u32>(GHOST, vec![]).await?);
        }
    }
    ensure!(seen[0] > 50 && seen[1] == seen[0] && seen[2] == 0, "{seen:?} pixels at the steps 1, 19 and 20");
    Ok(())
}

/// Pixels in the raw colour of the network with batch norm, right of where the new run is: the second quarter of
/// Fig. 1's width. Rows full of it are the hairline to a label.
const GHOST: &str = "
    const [r, g, b] = [0xb9, 0xd3, 0xe4];
    const canvas = document.querySelector('[data-fig=loss] > canvas');
    const [from, to] = [0.25, 0.5].map(part => Math.round(part * canvas.width));
    const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
    copy.drawImage(canvas, 0, 0);
    const data = copy.getImageData(from, 0, to - from, canvas.height).data;
    let found = 0;
    for (let y = 0; y < canvas.height; y += 1) {
        let row = 0;
        for (let x = 0; x < to - from; x += 1) {
            const at = 4 * (y * (to - from) + x);
            const far = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
            if (data[at + 3] > 60 && far < 24) row += 1;
        }
        if (2 * row < to - from) found += row;
    }
    return found;";

/// What is read to who cannot see: at most once in ten seconds while training, at once on a pause, and when a network
/// diverges as soon as its row says so.
pub(crate) async fn the_sentence_is_spoken_at_rest_and_when_a_network_diverges(page: &Page) -> Result<()> {
    const WATCH: &str = "
        window.spoken = []; window.rowSaid = null;
        const place = document.querySelector('[data-role=spoken]'), row = document.querySelector('[data-role=first-0]');
        const change = { childList: true, characterData: true, subtree: true };
        new MutationObserver(() => window.spoken.push([performance.now(), place.textContent])).observe(place, change);
        new MutationObserver(() => {
            if (row.textContent.includes('diverged')) window.rowSaid ??= place.textContent;
        }).observe(row, change);";
    page.open("#l=4&run=click", View::DESKTOP).await?;
    rest(page).await?;
    page.call::<()>(WATCH, vec![]).await?;
    page.click("[data-role=train]").await?;
    page.wait("a while", "Number(document.documentElement.dataset.step) > 100").await?;
    page.call::<()>("await new Promise(done => setTimeout(done, 1000))", vec![]).await?;
    let spoken: Vec<(f64, String)> = page.eval("window.spoken").await?;
    let soon = spoken.windows(2).any(|pair| pair[1].0 - pair[0].0 < 9500.0);
    ensure!(!soon, "spoken too often: {spoken:?}");
    pause(page).await?;
    let now = role(page, "sentence").await? + " " + &role(page, "aside").await?;
    ensure!(role(page, "spoken").await? == now, "not spoken at rest: {}", role(page, "spoken").await?);
    page.open("#l=6&w=32&s=3&lr=0.3&b=64&run=click", View::DESKTOP).await?;
    rest(page).await?;
    page.call::<()>(WATCH, vec![]).await?;
    page.click("[data-role=train]").await?;
    page.wait("a divergence", "window.rowSaid !== null").await?;
    let said: String = page.eval("window.rowSaid").await?;
    ensure!(said.contains("overflowed at step"), "the row told of it before it was spoken: {said:?}");
    ensure!(page.eval::<bool>(&format!("{STATE} === 'running'")).await?, "it does not run");
    Ok(())
}

/// With the trainer gone, a rate that is turned is kept for the run that is repeated, and the key of Reset wipes nothing;
/// another knob makes another run, and the note still says where it stopped.
pub(crate) async fn what_is_turned_or_pressed_after_a_stop_is_not_lost(page: &Page) -> Result<()> {
    page.serve(|site| site.reply("/www/worker.js", Reply::new("text/javascript", FAILING_WORKER)))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("the end of the trainer", &format!("{STATE} === 'stopped'")).await?;
    let at = step(page).await?;
    let reset = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', bubbles: true, cancelable: true }))";
    page.call::<()>(reset, vec![]).await?;
    let position: String = page
        .call(
            "const slider = document.querySelector('#knob-lr');
             slider.value = Number(slider.value) - 3;
             slider.dispatchEvent(new Event('input', { bubbles: true }));
             return slider.value;",
            vec![],
        )
        .await?;
    page.wait("the address", &format!("location.hash.startsWith('#v=1&l=3&lrs={at}:')")).await?;
    ensure!(step(page).await? == at);
    curves_are_there(page).await?;
    let hash: String = page.eval("location.hash").await?;
    page.click("[data-role=train]").await?;
    page.wait("the run again, and on", &format!("Number(document.documentElement.dataset.step) > {at}"))
        .await?;
    ensure!(page.eval::<String>("location.hash").await? == hash, "the rate was lost");
    ensure!(
        page.eval::<String>("document.querySelector('#knob-lr').value").await? == position,
        "the slider went back"
    );
    page.wait("another end", &format!("{STATE} === 'stopped'")).await?;
    let at = step(page).await?;
    page.set("#knob-w", "2").await?;
    page.wait("another run", "document.documentElement.dataset.step === '0'").await?;
    let notes = role(page, "notes-text").await?;
    ensure!(notes.starts_with(&format!("The trainer stopped at step {at}.")), "{notes}");
    ensure!(role(page, "at-state").await?.is_empty(), "{}", role(page, "at-state").await?);
    for line in page.console().await? {
        ensure!(line.contains("out of memory"), "{line}");
    }
    Ok(())
}

/// A trainer that dies leaves settings and curves; Restart repeats the run to where it was and goes on.
pub(crate) async fn a_trainer_that_stops_keeps_everything_and_restarts(page: &Page) -> Result<()> {
    // The first worker alone fails: slow ones might otherwise not get back to where it was.
    let once = first_worker_from("failing.js");
    let failing = Reply::new("text/javascript", FAILING_WORKER);
    page.expect(&["out of memory"]);
    page.serve(|site| site.head(&once).reply("/www/failing.js", failing))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("the end of the trainer", &format!("{STATE} === 'stopped'")).await?;
    let at = step(page).await?;
    ensure!(at > 0);
    let notes = role(page, "notes-text").await?;
    ensure!(
        notes.starts_with(&format!("The trainer stopped at step {at}. Settings and curves are kept.")),
        "{notes}"
    );
    ensure!(role(page, "train-word").await? == "Restart");
    drawn(page, "loss", WITHOUT, 20).await?;
    curves_are_there(page).await?;
    let buttons: Vec<bool> = page
        .eval("['step', 'reset', 'copy-details'].map(name => document.querySelector(`[data-role=${name}]`).hidden)")
        .await?;
    ensure!(buttons == [true, true, false], "{buttons:?}");
    page.call::<()>(
        "window.copied = ''; Object.defineProperty(navigator, 'clipboard',
            { value: { writeText: async text => { window.copied = text; } } })",
        vec![],
    )
    .await?;
    page.click("[data-role=copy-details]").await?;
    page.wait("the details", &format!("window.copied.startsWith('#v=1&l=3\\nstep {at}\\n')")).await?;
    page.wait(
        "a word about it",
        "document.querySelector('[data-role=details-copied]').textContent === 'Copied'",
    )
    .await?;
    page.click("[data-role=train]").await?;
    page.wait("the run again, and on", &format!("Number(document.documentElement.dataset.step) > {at}"))
        .await?;
    Ok(())
}

/// Without WebAssembly a recorded run is shown and said to be one; nothing dead can be pressed.
pub(crate) async fn a_browser_that_cannot_shows_a_recorded_run(page: &Page) -> Result<()> {
    // A browser may grumble that it fetched the module for nothing.
    page.expect(&["preload"]);
    page.serve(|site| site.head("<script>delete window.WebAssembly;</script>"))?;
    page.open("", View::DESKTOP).await?;
    page.wait("the recorded run", &format!("{STATE} === 'failed'")).await?;
    let said: String = page.eval("document.querySelector('[data-role=failed]').innerText").await?;
    ensure!(
        said.contains("This browser cannot run the trainer. You are looking at a recorded run"),
        "{said}"
    );
    let picture = "(image => image.complete && image.naturalWidth > 300)(document.querySelector('[data-role=failed] img'))";
    page.wait("its picture", picture).await?;
    let pressable = "[...document.querySelectorAll('button, select, input')].filter(e => e.getBoundingClientRect().height > 0).length";
    ensure!(page.eval::<u32>(pressable).await? == 0, "there is something to press");
    page.click("[data-role=failed] summary").await?;
    let needed: String = page.eval("document.querySelector('[data-role=failed]').innerText").await?;
    ensure!(needed.contains("WebAssembly"), "{needed}");
    Ok(())
}

/// With less motion wanted: at rest until asked, and then drawn once a second.
pub(crate) async fn with_less_motion_it_draws_once_a_second(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP.reduced_motion()).await?;
    page.wait("a pause", &format!("{STATE} === 'paused'")).await?;
    ensure!(step(page).await? == 0);
    page.click("[data-role=train]").await?;
    page.wait("training", &format!("{STATE} === 'running'")).await?;
    let changes: u32 = page
        .call(
            "let changes = 0;
             const watcher = new MutationObserver(() => { changes += 1; });
             watcher.observe(document.documentElement, { attributeFilter: ['data-step'] });
             await new Promise(done => setTimeout(done, 3000));
             return changes;",
            vec![],
        )
        .await?;
    ensure!((1..=4).contains(&changes), "drawn {changes} times in three seconds");
    Ok(())
}
