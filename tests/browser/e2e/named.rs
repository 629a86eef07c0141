//! The panels, the folds and the notes, each control found by its accessible name as a reader finds it, on a laptop and
//! on a phone; and no control of an open panel is left out.

use batchnorm_playground::lab::link;
use batchnorm_playground::lab::preset::PRESETS;
use browser::{Context, Engine, Page, Result, View, ensure};

use super::eye::rest;

/// In a script: the controls below a selector that can be seen, and what a screen reader calls them.
pub(crate) const NAMES: &str = "
    const seen = scope => [...document.querySelectorAll(scope)]
        .flatMap(place => [...place.querySelectorAll('button, select, textarea, input:not([hidden])')])
        .filter(control => control.getBoundingClientRect().height > 0);
    const named = control => (control.getAttribute('aria-label')
        ?? document.getElementById(control.getAttribute('aria-labelledby'))?.textContent
        ?? control.labels?.[0]?.textContent
        ?? control.textContent).trim();
    const find = (scope, name) => {
        const found = seen(scope).find(control => named(control) === name);
        if (!found) throw new Error(`no control below ${scope} is called ${name}`);
        return found;
    };";

/// What the panels hand to the browser is kept to be looked at: what is copied, saved, or chosen.
const KEPT: &str = "
    window.copied = ''; window.saved = []; window.asked = 0;
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { window.copied = text; } } });
    const follow = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
        if (this.download) window.saved.push(this.download); else follow.call(this);
    };
    document.querySelector('[data-role=file]').addEventListener('click', event => {
        event.preventDefault(); window.asked += 1;
    });
    window.brush = (x, y) => {
        const plane = document.querySelector('[data-fig=paint]');
        const place = plane.getBoundingClientRect();
        const at = { bubbles: true, clientX: place.left + x * place.width, clientY: place.top + y * place.height };
        for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'pointerleave'])
            plane.dispatchEvent(new PointerEvent(kind, at));
    };";

/// How a control is used.
enum Use {
    /// It is pressed.
    Press,
    /// It is set to this.
    Set(&'static str),
    /// It is only read.
    Read,
}

/// A control of a panel.
struct Row {
    name: String,
    /// Done first, so that there is something to see.
    before: &'static str,
    how: Use,
    /// What must be true then.
    then: String,
}

fn row(name: &str, how: Use, then: &str) -> Row {
    Row { name: name.to_owned(), before: "", how, then: then.to_owned() }
}

fn press(name: &str, then: &str) -> Row {
    row(name, Use::Press, then)
}

fn after(before: &'static str, row: Row) -> Row {
    Row { before, ..row }
}

/// The panels, by the names of their buttons, and what is in each, in an order in which every effect can be seen.
fn panels() -> Vec<(&'static str, &'static str, Vec<Row>)> {
    let presets = PRESETS.iter().map(|preset| {
        let here = format!("location.hash === '#{}'", link::write(&preset.experiment()));
        let named =
            format!("document.querySelector('[data-role=preset-name]').textContent === '{}'", preset.name);
        // The opening run has no name.
        let then = if preset.link.is_empty() { here } else { here + " && " + &named };
        press(&format!("{}{}", preset.name, preset.words), &then)
    });
    let presets: Vec<Row> = presets.collect();
    let frame =
        |what: &str| format!("document.querySelector('[data-role=embed-frame]').value.includes('{what}')");
    let saved = |ending: &str| format!("window.saved.some(name => name.endsWith('.{ending}'))");
    let counts =
        |words: &str| format!("document.querySelector('[data-role=paint-counts]').textContent {words}");
    let pressed = |tool: &str| format!("document.querySelector('[data-tool={tool}]').ariaPressed === 'true'");
    vec![
        (
            "Share",
            "share",
            vec![
                row("Link to this run", Use::Read, "control.value.endsWith('#v=1&l=2')"),
                press(
                    "Copy link",
                    "window.copied === document.querySelector('[data-role=link]').value && \
                     document.querySelector('[data-role=copied]').textContent === 'Copied'",
                ),
            ],
        ),
        (
            "Embed",
            "embed",
            vec![
                row("Settings", Use::Set("now"), &frame("#v=1&amp;l=2")),
                row("Experiment", Use::Set("depth"), &frame("exp=depth")),
                row("Theme", Use::Set("dark"), &frame("theme=dark")),
                row("Background", Use::Set("none"), &frame("bg=none")),
                row("Controls", Use::Set("none"), &frame("controls=none")),
                row("Starts", Use::Set("click"), &frame("run=click")),
                row("As an element", Use::Read, "control.value.includes('<batchnorm-playground ')"),
                row("As a frame, without script", Use::Read, "control.value.startsWith('<iframe ')"),
                press(
                    "Copy element",
                    "window.copied === document.querySelector('[data-role=embed-element]').value",
                ),
                press(
                    "Copy frame",
                    "window.copied === document.querySelector('[data-role=embed-frame]').value",
                ),
            ],
        ),
        (
            "Export",
            "export",
            vec![
                row(
                    "Figure",
                    Use::Set("layers"),
                    "document.querySelector('[data-role=file-png]').textContent.startsWith('batchnorm-layers-')",
                ),
                press("PNG", &saved("png")),
                press("SVG", &saved("svg")),
                press("CSV", &saved("csv")),
                press("JSON", &saved("json")),
                press("PyTorch", &saved("py")),
            ],
        ),
        (
            "Check",
            "check",
            vec![after(
                "document.querySelector('[data-role=step]').click()",
                press(
                    "Check again",
                    "document.querySelector('[data-role=check-verdict]').textContent.includes('agree at step 21')",
                ),
            )],
        ),
        (
            "Keys",
            "keys",
            vec![
                press(
                    "Keys of one character",
                    "!control.checked && document.body.dispatchEvent(\
                    new KeyboardEvent('keydown', { key: 'l', bubbles: true, cancelable: true }))",
                ),
                press(
                    "Keys of one character",
                    "control.checked && !document.body.dispatchEvent(\
                    new KeyboardEvent('keydown', { key: 'l', bubbles: true, cancelable: true }))",
                ),
            ],
        ),
        (
            "Your own data",
            "data",
            vec![
                press("Choose a file", "window.asked === 1"),
                row(
                    "Size",
                    Use::Set("9"),
                    "document.querySelector('[data-role=paint-size-words]').textContent === '9'",
                ),
                press("○ hollow", &pressed("hollow")),
                press("● solid", &pressed("solid")),
                after("window.brush(0.25, 0.5)", press("○ hollow", &counts("!== '0 hollow, 0 solid'"))),
                after(
                    "window.before = document.querySelector('[data-role=paint-counts]').textContent; \
                     window.brush(0.75, 0.5)",
                    press("Undo", &counts("=== window.before")),
                ),
                after("window.brush(0.75, 0.5)", press("eraser", &pressed("eraser"))),
                after("window.brush(0.25, 0.5)", press("● solid", &counts(".endsWith(', 0 solid')"))),
                press("Clear", &counts("=== '0 hollow, 0 solid'")),
                after(
                    "for (const x of [0.1, 0.25, 0.4]) window.brush(x, 0.5); \
                     document.querySelector('[data-tool=hollow]').click(); \
                     for (const x of [0.6, 0.75, 0.9]) window.brush(x, 0.5)",
                    press(
                        "Train on these",
                        // On a phone the panel has pushed the lab out of sight, where nothing is trained.
                        "location.hash.includes('d=own') && document.documentElement.dataset.state === 'running' && \
                         document.querySelector('[data-role=own-told]').textContent.startsWith('Training on painted points')",
                    ),
                ),
            ],
        ),
        ("Presets", "presets", presets),
    ]
}

/// A laptop and, where it can be had, a phone.
pub(crate) fn views(page: &Page) -> &'static [View] {
    if page.engine() == Engine::Chromium { &[View::DESKTOP, View::PHONE] } else { &[View::DESKTOP] }
}

/// Every control of every panel does what it says, on a laptop and on a phone, and none is left out here.
pub(crate) async fn every_control_of_the_panels_does_what_it_says(page: &Page) -> Result<()> {
    for &view in views(page) {
        page.open("#l=2&pause=20", view).await?;
        rest(page).await?;
        page.call::<()>(KEPT, vec![]).await?;
        if view == View::PHONE {
            open_by_name(page, "Network and data").await?;
        }
        for (button, panel, rows) in panels() {
            one_panel(page, button, panel, &rows)
                .await
                .with_context(|| format!("the panel {button} on a {}", view.name))?;
        }
    }
    Ok(())
}

async fn one_panel(page: &Page, button: &str, panel: &str, rows: &[Row]) -> Result<()> {
    let scope = format!("#panel-{panel}");
    let open = format!("{NAMES} find('.top, #lab', given[0]).click();");
    page.call::<()>(&open, vec![button.into()]).await?;
    page.wait("the panel", &format!("!document.querySelector('{scope}').hidden")).await?;
    let names: Vec<String> =
        page.call(&format!("{NAMES} return seen(given[0]).map(named);"), vec![scope.clone().into()]).await?;
    for name in &names {
        let known = name == "Close" || rows.iter().any(|row| row.name == *name);
        ensure!(known, "the control “{name}” is not tested");
    }
    ensure!(names.iter().any(|name| name == "Close"), "{names:?}");
    for row in rows {
        one_control(page, &scope, row).await.with_context(|| format!("the control {}", row.name))?;
    }
    page.call::<()>(&format!("{NAMES} find(given[0], 'Close').click();"), vec![scope.clone().into()]).await?;
    page.wait("no panel", &format!("document.querySelector('{scope}').hidden")).await?;
    let focused: String = page.eval("document.activeElement.textContent.trim()").await?;
    ensure!(focused == button, "the focus went to {focused:?}");
    Ok(())
}

async fn one_control(page: &Page, scope: &str, row: &Row) -> Result<()> {
    if !row.before.is_empty() {
        page.call::<()>(row.before, vec![]).await?;
        rest(page).await?;
    }
    if let Use::Set(value) = row.how {
        // What there is to choose from is written with the next drawing.
        let offered = format!(
            "(() => {{ {NAMES} const list = find('{scope}', '{}').options; \
             return !list || [...list].some(one => one.value === '{value}'); }})()",
            row.name
        );
        page.wait("what is to be chosen", &offered).await?;
    }
    let (action, value) = match row.how {
        Use::Press => ("control.click();", ""),
        Use::Set(value) => (
            "control.value = value;
             if (control.value !== value) throw new Error(`${name} cannot be ${value}`);
             for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, { bubbles: true }));",
            value,
        ),
        Use::Read => ("", ""),
    };
    let script = format!(
        "{NAMES}
         const [scope, name, value] = given;
         window.control = find(scope, name);
         if (control.disabled) throw new Error(`${{name}} cannot be used`);
         {action}"
    );
    page.call::<()>(&script, vec![scope.into(), row.name.as_str().into(), value.into()]).await?;
    page.wait("what it does", &row.then).await
}

/// Opens a fold of the lab by its name.
async fn open_by_name(page: &Page, name: &str) -> Result<()> {
    let script = "
        const fold = [...document.querySelectorAll('#lab details')].find(fold =>
            fold.firstElementChild.textContent.trim().startsWith(given[0]) && fold.getBoundingClientRect().height > 0);
        if (!fold) throw new Error(`no fold is called ${given[0]}`);
        if (!fold.open) fold.firstElementChild.click();
        return fold.open;";
    // A fold opens with the event, its state with the next frame.
    page.call::<bool>(script, vec![name.into()]).await?;
    let open = format!(
        "[...document.querySelectorAll('#lab details[open]')].some(fold => \
         fold.firstElementChild.textContent.trim().startsWith('{name}'))"
    );
    page.wait(&format!("{name} to open"), &open).await
}

/// Every fold of the lab opens by its name and shows what it holds; on a phone all controls are in one.
pub(crate) async fn every_fold_opens_by_its_name(page: &Page) -> Result<()> {
    for &view in views(page) {
        page.open("#l=2&pause=20", view).await?;
        rest(page).await?;
        let inside = "document.querySelector('#knob-lr').checkVisibility()";
        if view == View::PHONE {
            ensure!(!page.eval::<bool>(inside).await?, "the controls are not folded away");
            open_by_name(page, "Network and data").await?;
            page.wait("the controls", inside).await?;
        }
        for (name, control) in [
            ("Batch norm", "#knob-e"),
            ("Optimiser", "#knob-o"),
            ("Initial weights", "#knob-i"),
            ("Data", "#knob-ds"),
            ("Seed", "[data-role=new-seed]"),
        ] {
            let shown = format!("document.querySelector('{control}').checkVisibility()");
            ensure!(!page.eval::<bool>(&shown).await?, "{name} is not shut");
            open_by_name(page, name).await?;
            page.wait(&format!("what {name} holds"), &shown).await?;
        }
        let folds: u32 = page.eval("document.querySelectorAll('.fold').length").await?;
        ensure!(folds == 5, "{folds} folds");
        for table in ["loss", "learned", "layers", "detail"] {
            let numbers = format!("document.querySelector('[data-numbers={table}]')");
            page.call::<()>(&format!("{numbers}.firstElementChild.click()"), vec![]).await?;
            page.wait("the numbers", &format!("{numbers}.querySelectorAll('tbody tr').length > 1")).await?;
        }
    }
    Ok(())
}

/// A note is shut by its own button.
pub(crate) async fn a_note_is_shut_by_its_name(page: &Page) -> Result<()> {
    page.open("#l=1000&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    let hidden = "document.querySelector('[data-role=notes]').hidden";
    ensure!(!page.eval::<bool>(hidden).await?, "there is no note");
    page.call::<()>(&format!("{NAMES} find('.notes', 'Close').click();"), vec![]).await?;
    page.wait("no note", hidden).await
}
