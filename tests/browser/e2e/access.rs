//! Who else reads the page: axe-core's rules in every theme and size, every width without a horizontal scroll, paper,
//! forced colours.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use browser::{Context, Page, Result, View, ensure};
use serde_json::{Value, json};

use super::eye::{WITH, WITHOUT, curves_are_there, drawn, pixels, rest};

/// axe-core as its makers publish it.
fn axe() -> Result<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("axe/axe.min.js");
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}

/// What axe-core finds wrong with the page as it stands, or with what is within a part of it, each as a line.
async fn violations(page: &Page, within: Option<&str>) -> Result<Vec<String>> {
    let script = "
        const found = await axe.run(given[0] ? { include: [given[0]] } : document, { resultTypes: ['violations'] });
        return found.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id} (${rule.impact}): ${node.target.join(' ')}: ${node.failureSummary} ${node.html.slice(0, 160)}`));";
    page.call(script, vec![within.into()]).await
}

/// axe-core at work: a picture without a name and grey on white are found.
pub(crate) async fn axe_finds_what_is_wrong(page: &Page) -> Result<()> {
    page.open("#l=3&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    let spoil = "document.querySelector('main').insertAdjacentHTML('beforeend',
        '<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==\"><p style=\"color:#ccc\">faint</p>')";
    page.call::<()>(&format!("{}\nwindow.axe = axe; {spoil}", axe()?), vec![]).await?;
    let found = violations(page, None).await?.join("\n");
    ensure!(found.contains("image-alt") && found.contains("color-contrast"), "{found}");
    Ok(())
}

async fn ensure_none(page: &Page, what: &str) -> Result<()> {
    ensure_none_within(page, None, what).await
}

async fn ensure_none_within(page: &Page, within: Option<&str>, what: &str) -> Result<()> {
    let found = violations(page, within).await?;
    ensure!(found.is_empty(), "{what}: {} violations:\n{}", found.len(), found.join("\n"));
    Ok(())
}

/// No violation on a desktop, light and dark, folds shut and open, every panel.
pub(crate) async fn axe_finds_nothing(page: &Page) -> Result<()> {
    nothing_in(page, View::DESKTOP).await
}

/// And on a phone.
pub(crate) async fn axe_finds_nothing_on_a_phone(page: &Page) -> Result<()> {
    nothing_in(page, View::PHONE).await
}

/// And on a tablet.
pub(crate) async fn axe_finds_nothing_on_a_tablet(page: &Page) -> Result<()> {
    nothing_in(page, View::TABLET).await
}

/// Shuts the tables of numbers.
const SHUT: &str =
    "for (const fold of document.querySelectorAll('.numbers, [data-role=numbers]')) fold.open = false";

async fn nothing_in(page: &Page, view: View) -> Result<()> {
    let axe = axe()?;
    for view in [view, view.dark()] {
        let name = format!("{} {}", view.name, view.theme());
        page.open("#pause=60", view).await?;
        rest(page).await?;
        page.call::<()>(&format!("{axe}\nwindow.axe = axe;"), vec![]).await?;
        ensure_none(page, &format!("{name}, as it opens")).await?;
        page.call::<()>("for (const fold of document.querySelectorAll('details')) fold.open = true", vec![])
            .await?;
        page.wait("the numbers", "document.querySelectorAll('.numbers td').length > 40").await?;
        ensure_none(page, &format!("{name}, folds open")).await?;
        // The tables have been looked at: with them every panel would take many times as long.
        page.call::<()>(SHUT, vec![]).await?;
        let panels: Vec<String> = page
            .eval("[...document.querySelectorAll('[data-panel]')].map(button => button.dataset.panel)")
            .await?;
        for panel in panels {
            let open = format!("document.querySelector('[data-panel={panel}]').click()");
            page.call::<()>(&open, vec![]).await?;
            page.wait("the panel", &format!("!document.querySelector('#panel-{panel}').hidden")).await?;
            // Colours apart a dark page is the light one: the panel alone has not been looked at.
            let within = view.dark.then(|| format!("#panel-{panel}"));
            ensure_none_within(page, within.as_deref(), &format!("{name}, panel {panel}")).await?;
        }
    }
    Ok(())
}

/// And on a desktop in other states: a network that is stuck, one that overflows, a bad link.
pub(crate) async fn axe_finds_nothing_in_other_states(page: &Page) -> Result<()> {
    let axe = axe()?;
    for link in
        ["d=digits&l=3&w=64&lr=1&b=64&pause=100", "l=6&w=32&s=3&lr=0.3&b=64&pause=200", "lr=fast&pause=1"]
    {
        page.open(&format!("#{link}"), View::DESKTOP).await?;
        rest(page).await?;
        page.call::<()>(&format!("{axe}\nwindow.axe = axe;"), vec![]).await?;
        ensure_none(page, link).await?;
    }
    Ok(())
}

/// From 320 to 2560 pixels nothing sticks out to the right, folds and panels open or shut.
pub(crate) async fn no_width_scrolls_sideways(page: &Page) -> Result<()> {
    none_scrolls(page, "pause=30").await
}

/// Nor with images.
pub(crate) async fn no_width_scrolls_sideways_with_images(page: &Page) -> Result<()> {
    none_scrolls(page, "d=digits&l=3&w=100&a=sigmoid&b=60&pause=10").await
}

async fn none_scrolls(page: &Page, link: &str) -> Result<()> {
    let widths = [320, 360, 390, 480, 600, 720, 721, 768, 820, 1040, 1041, 1280, 1600, 1920, 2560];
    page.open(&format!("#{link}"), View::DESKTOP).await?;
    rest(page).await?;
    for width in widths {
        page.set_view(View { width, ..View::DESKTOP }).await?;
        for open in [false, true] {
            let script = "
                for (const fold of document.querySelectorAll('details')) fold.open = given[0];
                const panels = [...document.querySelectorAll('.panel')];
                let widest = 0;
                for (const shown of given[0] ? panels : [null]) {
                    for (const panel of panels) panel.hidden = panel !== shown;
                    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
                    widest = Math.max(widest, document.documentElement.scrollWidth);
                }
                const right = document.documentElement.clientWidth;
                const out = [...document.querySelectorAll('#playground *')].filter(element =>
                    element.getBoundingClientRect().right > right + 1 && !element.closest('.scroll, .rows, .sr, .toc'));
                return [widest, right, out.slice(0, 5).map(element => element.outerHTML.slice(0, 120))];";
            let (widest, right, out): (u32, u32, Vec<String>) = page.call(script, vec![json!(open)]).await?;
            let folds = if open { "open" } else { "shut" };
            ensure!(widest <= right, "{link} at {width} px, {folds}: {widest} > {right}: {out:?}");
        }
    }
    Ok(())
}

/// The figures fill their places at every pixel ratio, so that nothing is blurred.
pub(crate) async fn figures_are_crisp_at_every_pixel_ratio(page: &Page) -> Result<()> {
    for scale in [1.0, 1.5, 2.0, 3.0] {
        page.open("#l=3&pause=10", View { scale, ..View::DESKTOP }).await?;
        rest(page).await?;
        let misfits = "[...document.querySelectorAll('.fig canvas')].filter(canvas => canvas.style.width && canvas.clientWidth > 0 &&
                    (Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) > 1 ||
                     Math.abs(canvas.height - canvas.clientHeight * devicePixelRatio) > 1))
                    .map(canvas => [canvas.closest('.fig').dataset.fig, canvas.width, canvas.clientWidth])";
        // What a worker has drawn has its size on the page a moment later.
        let fits = page.wait("every canvas to fit", &format!("{misfits}.length === 0")).await;
        ensure!(fits.is_ok(), "at {scale}: {:?}", page.eval::<Vec<Value>>(misfits).await?);
    }
    Ok(())
}

/// On paper: white, paused, without buttons, folds shut; the screen is as before afterwards.
pub(crate) async fn paper_is_white_and_still(page: &Page) -> Result<()> {
    page.open("#l=3", View::DESKTOP.dark()).await?;
    page.wait("some steps", "Number(document.documentElement.dataset.step) > 30").await?;
    page.call::<()>("dispatchEvent(new Event('beforeprint'))", vec![]).await?;
    page.devtools(
        "Emulation.setEmulatedMedia",
        json!({ "media": "print", "features": [
        { "name": "prefers-color-scheme", "value": "dark" }] }),
    )
    .await?;
    page.wait("a pause", "document.documentElement.dataset.state === 'paused'").await?;
    let lines: u32 = page.eval(&pixels("loss", WITHOUT)).await?;
    ensure!(lines > 20, "the lines are not those of white paper");
    let seen: (String, Vec<u32>) = page
        .eval(
            "[getComputedStyle(document.body).backgroundColor,
              ['.bar', '.top nav', '.fold > div'].map(s => document.querySelector(s).getBoundingClientRect().height)]",
        )
        .await?;
    ensure!(seen == ("rgb(255, 255, 255)".to_owned(), vec![0, 0, 0]), "{seen:?}");
    page.set_view(View::DESKTOP.dark()).await?;
    page.call::<()>("dispatchEvent(new Event('afterprint'))", vec![]).await?;
    page.devtools(
        "Emulation.setEmulatedMedia",
        json!({ "media": "", "features": [
        { "name": "prefers-color-scheme", "value": "dark" }] }),
    )
    .await?;
    let dark = [0xf0, 0xa1, 0x5e];
    drawn(page, "loss", dark, 20).await
}

/// Runs an experiment to its end, in sight.
async fn run(page: &Page, id: &str) -> Result<()> {
    let state = format!("document.querySelector('#{id}').dataset.state");
    page.wait("the experiments", "document.querySelector('#norms [data-role=main]')").await?;
    let begin = "const place = document.querySelector(`#${given[0]}`);
        place.querySelector('.figures').scrollIntoView({ block: 'center' });
        if (!['running', 'done'].includes(place.dataset.state)) place.querySelector('[data-role=main]').click();";
    page.call::<()>(begin, vec![id.into()]).await?;
    page.wait_at_most(Duration::from_secs(120), "the end of the experiment", &format!("{state} === 'done'"))
        .await
}

/// How many pixels of an experiment's figure have (nearly) this colour.
async fn inked(page: &Page, id: &str, colour: [u8; 3]) -> Result<u32> {
    // Above the marks lie the ring and the word of the one pointed at.
    let script = "
        const [id, [r, g, b]] = given;
        const canvas = document.querySelector(`#${id} .fig > canvas`);
        if (!canvas?.width) return 0;
        const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24)
                found += 1;
        return found;";
    page.call(script, vec![id.into(), json!(colour)]).await
}

/// An experiment that was run on a dark page is printed in the ink of white paper, out of sight or not, its folds shut.
pub(crate) async fn what_was_run_is_printed_on_white_paper(page: &Page) -> Result<()> {
    let dark = [0x5c, 0xb3, 0xf0];
    // Of this test's own looking.
    page.expect(&["willReadFrequently"]);
    page.open("#l=3&pause=5", View::DESKTOP.dark()).await?;
    rest(page).await?;
    run(page, "depth").await?;
    for (name, at) in [("in sight", "#depth"), ("out of sight", "#lab")] {
        let script = "document.querySelector(given[0]).scrollIntoView();
            document.querySelector('#depth [data-role=numbers]').open = true;
            await new Promise(done => setTimeout(done, 500));";
        page.call::<()>(script, vec![at.into()]).await?;
        ensure!(inked(page, "depth", dark).await? > 20, "{name}: it is not dark to begin with");
        // The browser takes its picture when this returns.
        page.call::<()>("dispatchEvent(new Event('beforeprint'))", vec![]).await?;
        let [white, black] = [inked(page, "depth", WITH).await?, inked(page, "depth", dark).await?];
        ensure!(white > 20 && black == 0, "{name}: {white} pixels as on paper, {black} as on the screen");
        let print =
            json!({ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        page.devtools("Emulation.setEmulatedMedia", print).await?;
        let open: u32 = page
            .eval("[...document.querySelectorAll('.more details, .runs, .toc')].filter(f => f.offsetParent).length")
            .await?;
        ensure!(open == 0, "{name}: {open} folds and buttons are printed");
        page.set_view(View::DESKTOP.dark()).await?;
        page.call::<()>("dispatchEvent(new Event('afterprint'))", vec![]).await?;
        page.call::<()>("document.querySelector('#depth').scrollIntoView()", vec![]).await?;
        for _ in 0..100 {
            if inked(page, "depth", dark).await? > 20 {
                break;
            }
        }
        ensure!(inked(page, "depth", dark).await? > 20, "{name}: the screen is not dark again");
    }
    Ok(())
}

/// Nor where experiments have been run, with their lists of marks, their tables and a run of theirs in the lab.
pub(crate) async fn axe_finds_nothing_in_what_was_run(page: &Page) -> Result<()> {
    for view in [View::DESKTOP, View::TABLET.dark(), View::PHONE] {
        page.open("#pause=5", view).await?;
        rest(page).await?;
        page.call::<()>(&format!("{}\nwindow.axe = axe;", axe()?), vec![]).await?;
        for id in ["gamma", "depth", "batch"] {
            run(page, id).await?;
        }
        page.call::<()>("for (const fold of document.querySelectorAll('details')) fold.open = true", vec![])
            .await?;
        page.wait("the tables", "document.querySelectorAll('#batch td').length > 10").await?;
        ensure_none(page, &format!("{}, experiments run", view.name)).await?;
        page.call::<()>("document.querySelector('#batch [data-role=spot]').click()", vec![]).await?;
        page.wait("the way back", "!document.querySelector('[data-role=back]').hidden").await?;
        ensure_none(page, &format!("{}, one of their runs in the lab", view.name)).await?;
    }
    Ok(())
}

/// Where the system forces its colours, both arms take its ink, and dash and mark tell them apart.
pub(crate) async fn forced_colours_are_the_readers(page: &Page) -> Result<()> {
    page.open("#l=3&pause=60", View::DESKTOP).await?;
    rest(page).await?;
    curves_are_there(page).await?;
    let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    page.devtools("Emulation.setEmulatedMedia", forced).await?;
    let ink: [u8; 3] =
        page.eval("getComputedStyle(document.body).color.match(/\\d+/g).slice(0, 3).map(Number)").await?;
    drawn(page, "loss", ink, 100).await?;
    for colour in [WITHOUT, WITH] {
        page.wait("no colour of an arm's own", &format!("{} === 0", pixels("loss", colour))).await?;
    }
    Ok(())
}
