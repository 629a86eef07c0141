//! The keyboard: keys where no input has the focus, arrows in a figure, the list, and a way to turn them off.

use browser::{Page, Result, View, ensure};

use super::eye::{drawn_for_good, load, picture, rest, role, step};

/// A key pressed on an element, as a keyboard does it; whether the page took it.
async fn press(page: &Page, selector: &str, key: &str) -> Result<bool> {
    let script = "
        const target = document.querySelector(given[0]);
        const event = new KeyboardEvent('keydown', { key: given[1], bubbles: true, cancelable: true });
        return !target.dispatchEvent(event);";
    page.call(script, vec![selector.into(), key.into()]).await
}

/// Space, s, r, l, d, ? and Esc do what the list of keys says.
pub(crate) async fn keys_do_what_their_list_says(page: &Page) -> Result<()> {
    page.open("#l=3&pause=20", View::DESKTOP).await?;
    rest(page).await?;
    press(page, "body", "s").await?;
    page.wait("one step", "document.documentElement.dataset.step === '21'").await?;
    press(page, "body", " ").await?;
    page.wait("training", "document.documentElement.dataset.state === 'running'").await?;
    press(page, "body", " ").await?;
    rest(page).await?;
    press(page, "body", "r").await?;
    page.wait("a reset", "document.documentElement.dataset.step === '0'").await?;
    press(page, "body", "l").await?;
    page.wait("a linear scale", "document.querySelector('[data-choose=linear]').ariaPressed === 'true'")
        .await?;
    press(page, "body", "d").await?;
    page.wait("a dark page", "document.documentElement.dataset.theme === 'dark'").await?;
    press(page, "body", "?").await?;
    page.wait("the list", "!document.querySelector('#panel-keys').hidden").await?;
    let rows: u32 = page.eval("document.querySelectorAll('[data-role=keys] dt').length").await?;
    let knobs: u32 = page.eval("document.querySelectorAll('[data-role=knobs] dt').length").await?;
    ensure!(rows == 10 && knobs > 20, "{rows} keys, {knobs} controls");
    press(page, "body", "Escape").await?;
    page.wait("no list", "document.querySelector('#panel-keys').hidden").await?;
    let focused: String = page.eval("document.activeElement.dataset.panel ?? ''").await?;
    ensure!(focused == "keys", "the focus went to {focused:?}");
    Ok(())
}

/// Each of 1 to 8 brings its experiment into the upper part of the window.
pub(crate) async fn numbers_lead_to_the_experiments(page: &Page) -> Result<()> {
    page.open("#l=2&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    page.wait("the experiments", "document.querySelector('#norms [data-role=main]')").await?;
    // Not in order: the next one would be in sight anyway. The first begins to run when it is seen, and what it tells at its
    // end moves what is below in an engine that does not hold the page.
    for number in [3, 8, 6, 2, 7, 5, 4, 1] {
        ensure!(press(page, "body", &number.to_string()).await?, "the page did not take {number}");
        // What follows the last one may be too short to let it come to the top.
        let there = format!(
            "(() => {{
                const place = document.querySelectorAll('[data-experiment]')[{number} - 1];
                const top = place.getBoundingClientRect().top;
                const far = {number} === 8 ? innerHeight / 2 : 80;
                return place.querySelector('h2 i').textContent === '{number}' && top > -80 && top < far;
            }})()"
        );
        page.wait(&format!("experiment {number}"), &there).await?;
    }
    Ok(())
}

/// A field keeps its keys, a button its space bar, the page its arrows; one switch turns single keys off.
pub(crate) async fn keys_leave_inputs_buttons_and_scrolling_alone(page: &Page) -> Result<()> {
    page.open("#l=3&pause=20", View::DESKTOP).await?;
    rest(page).await?;
    for key in [" ", "s", "r", "l", "d", "?", "ArrowLeft"] {
        ensure!(!press(page, "#knob-lr", key).await?, "a slider lost {key:?}");
        ensure!(!press(page, "#knob-a", key).await?, "a list lost {key:?}");
    }
    ensure!(!press(page, "[data-role=step]", " ").await?, "a button lost its space bar");
    for key in ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] {
        ensure!(!press(page, "body", key).await?, "the page lost {key}");
    }
    ensure!(step(page).await? == 20);
    press(page, "body", "?").await?;
    page.click("[data-role=single-keys]").await?;
    ensure!(!press(page, "body", "s").await?, "a key that was turned off");
    page.click("[data-role=single-keys]").await?;
    ensure!(press(page, "body", "s").await?, "a key that was turned on again");
    Ok(())
}

/// In a figure, arrows move the layer and the read-out, which all figures share and which is spoken; Esc ends it.
pub(crate) async fn arrows_read_out_a_figure(page: &Page) -> Result<()> {
    page.open("#l=5&pause=100", View::DESKTOP).await?;
    rest(page).await?;
    drawn_for_good(page).await?;
    let figure = "[data-fig=loss]";
    let mut before = Vec::new();
    for name in ["loss", "layers", "band-0", "band-1", "gradient"] {
        before.push((name, page.eval::<String>(&picture(name)).await?));
    }
    ensure!(press(page, figure, "ArrowLeft").await?);
    page.wait(
        "a read-out",
        "document.querySelector('[data-role=read-out]').textContent.startsWith('Step 95:')",
    )
    .await?;
    for (name, old) in &before {
        page.wait(&format!("the read-out in {name}"), &format!("{} !== {old:?}", picture(name))).await?;
    }
    press(page, figure, "ArrowRight").await?;
    let told = role(page, "read-out").await?;
    ensure!(told.starts_with("Step 100: without BN ") && told.contains(", with BN "), "{told}");
    press(page, figure, "Escape").await?;
    for (name, old) in &before {
        page.wait(&format!("no read-out in {name}"), &format!("{} === {old:?}", picture(name))).await?;
    }
    press(page, "[data-fig=layers]", "ArrowDown").await?;
    page.wait(
        "the layer below",
        "document.querySelector('[data-role=detail-title]').textContent.startsWith('Layer 4')",
    )
    .await?;
    let told = role(page, "read-out").await?;
    ensure!(told.starts_with("Layer 4: RMS of ∂L/∂a without BN ") && told.contains(", with BN "), "{told}");
    press(page, "[data-fig=layers]", "ArrowUp").await?;
    page.wait(
        "the layer above",
        "document.querySelector('[data-role=detail-title]').textContent.startsWith('Layer 3')",
    )
    .await
}

/// A pointer, or a finger that stays lifted, reads out all figures at the same step; a click chooses a layer.
pub(crate) async fn pointers_and_fingers_read_out_all_figures(page: &Page) -> Result<()> {
    page.open("#l=5&pause=100", View::DESKTOP).await?;
    rest(page).await?;
    drawn_for_good(page).await?;
    let point = "
        const [kind, pointer, name, x, y] = given;
        const figure = document.querySelector(`[data-fig=${name}]`);
        const place = figure.getBoundingClientRect();
        const how = { bubbles: true, pointerType: pointer, clientX: place.left + x * place.width, clientY: place.top + y * place.height };
        figure.dispatchEvent(new PointerEvent(kind, how));";
    let at = |kind: &str, pointer: &str, name: &str, x: f64, y: f64| {
        vec![kind.into(), pointer.into(), name.into(), x.into(), y.into()]
    };
    // Fig. 4's own sheet tells whether a read-out stands there.
    let dark = &picture("gradient");
    let plain: String = page.eval(dark).await?;
    page.call::<()>(point, at("pointermove", "mouse", "loss", 0.2, 0.5)).await?;
    page.wait("the read-out in another figure", &format!("{dark} !== {plain:?}")).await?;
    page.call::<()>(point, at("pointerleave", "mouse", "loss", 0.2, 0.5)).await?;
    page.wait("no read-out", &format!("{dark} === {plain:?}")).await?;
    page.call::<()>(point, at("pointerdown", "touch", "loss", 0.2, 0.5)).await?;
    page.call::<()>(point, at("pointerleave", "touch", "loss", 0.2, 0.5)).await?;
    page.wait("the read-out to stay", &format!("{dark} !== {plain:?}")).await?;
    page.call::<()>(point, at("click", "mouse", "layers", 0.5, 0.87)).await?;
    page.wait(
        "the last layer",
        "document.querySelector('[data-role=detail-title]').textContent.startsWith('Layer 5')",
    )
    .await
}

/// A preset is named; a control turned afterwards makes it "changed"; its own settings bring the name back.
pub(crate) async fn a_preset_is_named_and_then_changed(page: &Page) -> Result<()> {
    page.open("#pause=5", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-panel=presets]").await?;
    page.call::<()>(
        "[...document.querySelectorAll('[data-preset]')].find(b => b.textContent.startsWith('Exploding')).click()",
        vec![],
    )
    .await?;
    let named =
        |words: &str| format!("document.querySelector('[data-role=preset-name]').textContent === '{words}'");
    page.wait("the name", &named("Exploding")).await?;
    page.set("#knob-w", "2").await?;
    page.wait("a change", &named("Exploding, changed")).await?;
    load(page, "l=2&pause=1").await?;
    ensure!(page.eval::<bool>("document.querySelector('[data-role=preset-line]').hidden").await?);
    Ok(())
}
