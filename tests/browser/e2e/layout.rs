//! How the page is laid out: the row of contents, one column at a time where there is no room for more, targets that a
//! finger hits, the way back on a phone.

use std::time::Duration;

use batchnorm_playground::lab::claim::Claim;
use browser::{Page, Result, View, ensure};
use serde_json::{Value, json};

use super::eye::{DRAWN_IN_PAGE, rest};

/// How long a few runs may take on a crowded computer.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is pressed by its name, as a reader finds it.
const PRESS: &str = "
    const control = [...document.querySelectorAll(given[0])].find(control =>
        control.textContent.replace(/\\s+/g, ' ').trim() === given[1] && control.getBoundingClientRect().height > 0);
    if (!control) throw new Error(`nothing that can be seen is called ${given[1]}`);
    control.scrollIntoView({ block: 'center', inline: 'center' });
    control.focus();
    control.click();";

/// The places that the row leads to, in its order.
fn places() -> Vec<&'static str> {
    ["lab"].into_iter().chain(Claim::ALL.map(|claim| claim.about().key)).collect()
}

/// The page is at rest, and its experiments are built.
async fn open(page: &Page, link: &str, view: View) -> Result<()> {
    page.open(link, view).await?;
    rest(page).await?;
    let last = places().pop().unwrap_or_default();
    page.wait("the last experiment", &format!("document.querySelector('#{last} [data-role=main]')")).await
}

/// Every place is reached by its name, with the focus; the run and its address stay as they are.
pub(crate) async fn the_row_of_contents_leads_everywhere(page: &Page) -> Result<()> {
    for view in [View::DESKTOP, View { width: 600, height: 740, ..View::DESKTOP }] {
        open(page, "#l=3&pause=20", view).await?;
        let address: String = page.eval("location.hash").await?;
        let names: Vec<String> = page
            .eval("[...document.querySelectorAll('nav[aria-label=Contents] a')].map(a => a.textContent)")
            .await?;
        let places = places();
        ensure!(names.len() == places.len(), "{names:?}");
        for (name, id) in names.into_iter().zip(places).rev() {
            page.call::<()>(PRESS, vec!["nav[aria-label=Contents] a".into(), name.as_str().into()]).await?;
            let there = format!("document.activeElement.id === '{id}'");
            page.wait(&format!("the focus in {id}"), &there).await?;
            let place = format!("document.querySelector('#{id}').getBoundingClientRect()");
            page.wait(
                &format!("{id} in view"),
                &format!("{place}.top < innerHeight / 2 && {place}.bottom > innerHeight / 2"),
            )
            .await?;
            page.wait(
                &format!("the row to say {name}"),
                &format!(
                    "[...document.querySelectorAll('nav a[aria-current]')].map(a => a.textContent).join() === {}",
                    json!(name)
                ),
            )
            .await?;
        }
        ensure!(page.eval::<String>("location.hash").await? == address, "the address has changed");
        ensure!(page.eval::<u32>("Number(document.documentElement.dataset.step)").await? == 20);
    }
    // An address from elsewhere that names a place.
    page.open("#lr", View::DESKTOP).await?;
    page.wait("the experiment", "document.querySelector('#lr [data-role=main]')").await?;
    ensure!(page.eval::<bool>("document.querySelector('[data-role=notes]').hidden").await?);
    page.wait("it in view", "document.querySelector('#lr').getBoundingClientRect().top < innerHeight").await
}

/// The names of the columns that the layer table shows, from its own words.
const HEADINGS: &str =
    "[...document.querySelectorAll('[data-fig=layers] .back text')].map(t => t.textContent).join('|')";

/// Wherever tabs are shown they act, and wherever none are everything is there: gamma and beta too.
pub(crate) async fn each_tab_of_the_layer_table_shows_its_column(page: &Page) -> Result<()> {
    page.serve(|site| site.head(DRAWN_IN_PAGE))?;
    page.open("#pause=30", View::DESKTOP).await?;
    rest(page).await?;
    for width in [320, 360, 479, 512, 600, 720, 721, 780, 900, 1040, 1041, 1060, 1280] {
        page.set_view(View { width, ..View::DESKTOP }).await?;
        page.call::<()>("for (let k = 0; k < 5; k += 1) await new Promise(requestAnimationFrame)", vec![])
            .await?;
        let tabs: Vec<String> = page
            .eval("[...document.querySelectorAll('[data-column]')].filter(t => t.offsetParent).map(t => t.textContent)")
            .await?;
        let visible: bool = page
            .eval("document.querySelector('[data-fig=learned]').getBoundingClientRect().height > 0")
            .await?;
        if width > 720 {
            ensure!(tabs.is_empty(), "{width}: {tabs:?}");
            let words: String = page.eval(HEADINGS).await?;
            for word in ["Input", "over time", "Gradient", "Silent"] {
                ensure!(words.contains(word), "{width}: {word} is not among {words}");
            }
            ensure!(visible || words.contains('γ') && words.contains('β'), "{width}: no gamma in {words}");
            continue;
        }
        ensure!(tabs == ["input", "over time", "gradient", "silent", "γ, β"], "{width}: {tabs:?}");
        let mut seen: Vec<String> = Vec::new();
        for tab in tabs {
            page.call::<()>(PRESS, vec!["[data-column]".into(), tab.clone().into()]).await?;
            let pressed = "[...document.querySelectorAll('[data-column][aria-pressed=true]')].map(t => t.textContent).join()";
            page.wait("the tab to be pressed", &format!("{pressed} === {}", json!(tab))).await?;
            page.call::<()>(
                "for (let k = 0; k < 3; k += 1) await new Promise(requestAnimationFrame)",
                vec![],
            )
            .await?;
            let words: String = page.eval(HEADINGS).await?;
            ensure!(!seen.contains(&words), "{width}: “{tab}” shows what another tab shows: {words}");
            seen.push(words);
        }
        ensure!(
            seen.last().is_some_and(|words| words.contains('γ') && words.contains('β')),
            "{width}: {seen:?}"
        );
    }
    Ok(())
}

/// Everything that can be pressed, with the size of what takes the press; and what lies over it.
/// Left out: links within a sentence, which are as high as it, and the marks of figures, which have their list.
const TARGETS: &str = "
    const least = given[0];
    const targets = [...document.querySelectorAll(
        'button, select, summary, input, textarea, [role=button], .toc a, label:has(input[type=checkbox])')];
    const small = [];
    for (const target of targets) {
        if (target.closest('.sr') || target.type === 'checkbox' || target.disabled) continue;
        let box = target.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) continue;
        const name = target.getAttribute('aria-label') ?? target.id ?? '';
        const told = `${target.tagName} “${target.textContent.trim().slice(0, 24) || name}” ${target.className}`;
        if (box.width < least - 0.01 || box.height < least - 0.01)
            small.push(`${told}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
        target.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
        box = target.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        for (const by of [2 - box.height / 2, 0, box.height / 2 - 2]) {
            if (y + by < 0 || y + by > innerHeight) continue;
            const hit = document.elementFromPoint(x, y + by);
            if (!(hit && (target.contains(hit) || hit.contains(target) && hit.tagName === 'LABEL')))
                small.push(`${told}: ${by.toFixed(0)} px from its middle lies ${hit?.outerHTML.slice(0, 80)}`);
        }
    }
    return [targets.length, small];";

/// 32 CSS pixels for a pointer, 44 for a finger, both ways; nothing lies over what is to be pressed.
pub(crate) async fn targets_are_as_large_as_a_finger_or_a_pointer_needs(page: &Page) -> Result<()> {
    let touch = View { name: "touch", ..View::TABLET };
    for (view, least) in [(View::DESKTOP, 32), (View::TABLET, 32), (View::PHONE, 44), (touch, 44)] {
        let fingers = json!({ "enabled": view.name == "touch" });
        page.devtools("Emulation.setTouchEmulationEnabled", fingers).await?;
        open(page, "#pause=30", view).await?;
        page.call::<()>("for (const fold of document.querySelectorAll('details')) fold.open = true", vec![])
            .await?;
        let panels: Vec<String> = page
            .eval("['', ...[...document.querySelectorAll('[data-panel]')].map(b => b.dataset.panel)]")
            .await?;
        ensure!(panels.len() > 7, "{panels:?}");
        for panel in panels {
            let shown = "for (const panel of document.querySelectorAll('.panel')) panel.hidden = panel.id !== `panel-${given[0]}`";
            page.call::<()>(shown, vec![panel.clone().into()]).await?;
            let (count, small): (u32, Vec<String>) = page.call(TARGETS, vec![json!(least)]).await?;
            ensure!(count > 90, "only {count} targets");
            ensure!(
                small.is_empty(),
                "{}, panel “{panel}”: {} are not {least} px:\n{}",
                view.name,
                small.len(),
                small.join("\n")
            );
        }
    }
    page.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": false })).await.map(|_| ())
}

/// A link that leads to an experiment takes the reader there as soon as that is built; but not a reader who has done
/// something meanwhile, as scrolled back to the lab.
pub(crate) async fn who_has_begun_is_not_taken_elsewhere(page: &Page) -> Result<()> {
    let begin = "<script>
        new MutationObserver((_, observer) => {
            if (!document.querySelector('#gamma [data-role=main]')) return;
            observer.disconnect();
            window.builtLater = !document.querySelector('#norms [data-role=main]');
            window.dispatchEvent(new WheelEvent('wheel'));
            window.scrollTo({ top: 0, behavior: 'instant' });
        }).observe(document, { childList: true, subtree: true });
    </script>";
    for (acts, script) in [(false, ""), (true, begin)] {
        page.serve(|site| site.head(script))?;
        page.open("#v=1&exp=norms", View::DESKTOP).await?;
        page.wait("the last experiment", "document.querySelector('#norms [data-role=main]')").await?;
        let [later, scrolled]: [Option<bool>; 2] = page.eval("[window.builtLater, scrollY > 0]").await?;
        ensure!(!acts || later == Some(true), "the reader acted when all was built");
        ensure!(scrolled == Some(!acts), "acts: {acts}, scrolled: {scrolled:?}");
    }
    Ok(())
}

/// A run taken from an experiment: the bar with its way back fits the narrowest phone, has the focus, and leads back to the
/// very mark.
pub(crate) async fn the_way_back_fits_a_phone_and_keeps_the_focus(page: &Page) -> Result<()> {
    for width in [360, 320] {
        open(page, "#pause=5", View { width, ..View::PHONE }).await?;
        // It may have begun by itself as soon as it was seen.
        let run = "const place = document.querySelector('#batch');
            place.querySelector('.figures').scrollIntoView({ block: 'center' });
            if ((place.dataset.state === 'running') !== given[0]) place.querySelector('[data-role=main]').click();";
        page.call::<()>(run, vec![json!(true)]).await?;
        page.wait_at_most(PATIENCE, "marks", "document.querySelector('#batch').dataset.done > 2").await?;
        page.call::<()>(run, vec![json!(false)]).await?;
        page.wait("a pause", "document.querySelector('#batch').dataset.state !== 'running'").await?;
        page.wait("the list of marks", "document.querySelector('#batch [data-role=spot]')").await?;
        let pick = "const spot = document.querySelector('#batch [data-role=spot]');
            spot.focus();
            window.picked = spot.dataset.job;
            spot.click();";
        page.call::<()>(pick, vec![]).await?;
        page.wait("the way back", "document.activeElement.dataset.role === 'back'").await?;
        let out: Vec<Value> = page
            .eval(
                "[...document.querySelectorAll('.bar, .bar *')].map(part => [part, part.getBoundingClientRect()])
                    .filter(([, box]) => box.width > 0 && (box.left < 0 || box.right > innerWidth || box.bottom > innerHeight))
                    .map(([part, box]) => [part.textContent, box.left, box.right])",
            )
            .await?;
        ensure!(out.is_empty(), "at {width} px beyond the screen: {out:?}");
        page.call::<()>(PRESS, vec!["button".into(), "Back to the sweep".into()]).await?;
        page.wait("the mark again", "document.activeElement.dataset.job === window.picked").await?;
        page.wait(
            "its experiment",
            "document.querySelector('#batch').getBoundingClientRect().top < innerHeight / 2",
        )
        .await?;
    }
    Ok(())
}

/// On a tablet the bar says how far the run is, in steps and epochs, that it stands still, and how fast it goes.
pub(crate) async fn a_tablets_bar_says_all_there_is_room_for(page: &Page) -> Result<()> {
    for (width, roles) in [
        (721, &["at-step"][..]),
        (820, &["at-step", "at-state", "speed-words"]),
        (900, &["at-step", "at-state", "speed-words", "at-epoch"]),
        (1040, &["at-step", "at-state", "speed-words", "at-epoch"]),
    ] {
        page.open("#l=1&w=2&pause=1020", View { width, ..View::TABLET }).await?;
        rest(page).await?;
        for role in roles {
            let seen = format!(
                "document.querySelector('.bar [data-role={role}]').getBoundingClientRect().width > 8"
            );
            ensure!(page.eval::<bool>(&seen).await?, "at {width} px {role} is not seen");
        }
        let lines: Vec<f64> = page
            .eval("[document.querySelector('.bar').getBoundingClientRect().height, document.querySelector('.bar').scrollWidth - document.querySelector('.bar').clientWidth]")
            .await?;
        ensure!(lines[0] < 70.0 && lines[1] <= 0.0, "at {width} px the bar is {lines:?}");
        let apart = "(() => { const at = document.querySelector('.bar .at').getBoundingClientRect();
            const speed = document.querySelector('.speed').getBoundingClientRect();
            return speed.right <= at.left && document.querySelector('.speed output').getBoundingClientRect().right <= at.left; })()";
        ensure!(page.eval::<bool>(apart).await?, "at {width} px the words run into each other");
    }
    Ok(())
}
