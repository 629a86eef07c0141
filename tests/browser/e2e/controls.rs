//! Every control, found by its name as a reader finds it: what it does to the run, and that a link keeps it.
//!
//! The rows come from the table of knobs, so a new knob is tested the day it is added.

use batchnorm_playground::figure::text;
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::knob::{self, Kind, Knob};
use batchnorm_playground::lab::link;
use browser::{Context, Page, Result, View, ensure};

use super::eye::{WITH, drawn, drawn_for_good, load, native, picture, prints, rest, role, step};
use super::named::{NAMES, views};

/// Steps after which two runs are compared.
const STEPS: u32 = 2;

/// What has to be set first for a knob to matter.
fn ground(key: &str) -> &'static str {
    match key {
        "om" => "l=2&w=4&o=momentum",
        _ => "l=2&w=4",
    }
}

/// Another position than the ground's, and the experiment it makes.
fn turned(knob: &Knob, base: &Experiment) -> (u32, Experiment) {
    let now = knob.position(base);
    let last = knob.last_position().unwrap_or(match knob.kind {
        // The reader's own data cannot be chosen before there is some.
        Kind::Choice(words) if knob.key == "d" => words.len() as u32 - 2,
        Kind::Choice(words) => words.len() as u32 - 1,
        Kind::Number { .. } => 0,
    });
    let other = if now + 2 <= last {
        now + 2
    } else if now < last {
        now + 1
    } else {
        now - 1
    };
    let mut experiment = base.clone();
    // A position of a slider reads as its own text.
    let _ = knob.read(&mut experiment, &knob.text_at(other));
    (other, experiment)
}

/// Moves the control with this name to a position, as its own events tell the page.
async fn turn(page: &Page, knob: &Knob, position: u32) -> Result<()> {
    let script = "
        const [name, position, word] = given;
        const named = element => [...(element.labels ?? [])].some(label => label.textContent.trim() === name);
        for (const fold of document.querySelectorAll('.ctl details')) fold.open = true;
        const control = [...document.querySelectorAll('input, select')].find(named);
        if (!control) {
            const button = [...document.querySelectorAll('[data-role=thumbs] button')]
                .find(button => button.textContent.trim() === word);
            if (!button) throw new Error(`no control is called ${name}`);
            return button.click();
        }
        if (control.getBoundingClientRect().height === 0) throw new Error(`${name} cannot be seen`);
        if (control.tagName === 'SELECT') control.selectedIndex = position;
        else control.value = position;
        for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, { bubbles: true }));";
    let word = match knob.kind {
        Kind::Choice(words) => words.get(position as usize).map_or("", |(_, word)| word),
        Kind::Number { .. } => "",
    };
    page.call::<()>(script, vec![knob.label.into(), position.into(), word.into()]).await
}

/// Position and value of the control with this name, as shown, and as spoken where it is a slider.
async fn shown(page: &Page, knob: &Knob) -> Result<(u32, String, String)> {
    let script = "
        const named = element => [...(element.labels ?? [])].some(label => label.textContent.trim() === given[0]);
        const control = [...document.querySelectorAll('input, select')].find(named);
        if (control.tagName === 'SELECT') return [control.selectedIndex, control.selectedOptions[0].textContent, ''];
        const output = document.querySelector(`output[for=\"${control.id}\"]`).textContent;
        return [Number(control.value), output, control.getAttribute('aria-valuetext')];";
    page.call(script, vec![knob.label.into()]).await
}

/// So many single steps, one after the other.
async fn steps(page: &Page, count: u32) -> Result<()> {
    for wanted in 1..=count {
        page.call::<()>("document.querySelector('[data-role=step]').click()", vec![]).await?;
        let there = format!("document.documentElement.dataset.step === '{wanted}'");
        page.wait("one step", &there).await?;
    }
    rest(page).await
}

/// The link the Share panel shows is, or comes to be, this one.
async fn shares(page: &Page, link: &str) -> Result<()> {
    let shown = "document.querySelector('[data-role=link]').value.split('#')[1]";
    let waited = page.wait("the link to share", &format!("{shown} === '{link}'")).await;
    ensure!(waited.is_ok(), "the link to share is {}, not {link}", page.eval::<String>(shown).await?);
    Ok(())
}

/// Each knob changes the run as the native program's knob does, and survives link to page to link.
pub(crate) async fn each_knob_changes_the_run_and_survives_a_link(page: &Page) -> Result<()> {
    page.open("#pause=0", View::DESKTOP).await?;
    rest(page).await?;
    for knob in knob::all() {
        one_knob(page, knob).await.with_context(|| format!("the knob {} ({})", knob.key, knob.label))?;
    }
    Ok(())
}

async fn one_knob(page: &Page, knob: &Knob) -> Result<()> {
    let ground = ground(knob.key);
    load(page, &format!("{ground}&pause=0")).await?;
    let (base, _) = link::read(ground);
    let (position, wanted) = turned(knob, &base);
    let wanted_link = link::write(&wanted);
    ensure!(wanted != base, "position {position} changes nothing");
    turn(page, knob, position).await?;
    let hash = format!("location.hash === '#{wanted_link}'");
    page.wait(&format!("the address to say {wanted_link}"), &hash).await?;
    rest(page).await?;
    ensure!(step(page).await? == 0, "it did not wait at step 0");
    steps(page, STEPS).await?;
    let (before, after) = (native(ground, STEPS)?, native(&wanted_link, STEPS)?);
    let found = prints(page).await?;
    ensure!(found == after.prints, "the page has {found:?}, the native program {:?}", after.prints);
    if knob.key == "t" {
        // What a network is tested with moves no weight, and its losses.
        ensure!(before.prints == after.prints);
    } else {
        ensure!(before.prints != after.prints, "the run is the same as before");
    }
    for arm in [0, 1] {
        let expected = after.loss[arm].map_or("–".to_owned(), text::loss);
        let told = role(page, &format!("test-loss-{arm}")).await?;
        ensure!(knob.key != "t" || told == expected, "arm {arm}: test loss {told}, native {expected}");
    }
    // From the link alone, the page is the same again.
    shares(page, &wanted_link).await?;
    load(page, "pause=0").await?;
    load(page, &format!("{wanted_link}&pause=0")).await?;
    shares(page, &wanted_link).await?;
    if knob.key != "d" {
        let (at, value, spoken) = shown(page, knob).await?;
        ensure!((at, &value) == (position, &knob.shown(&wanted)), "it stands at {at} and says {value}");
        let aloud = if knob.last_position().is_some() { knob.spoken(&wanted) } else { String::new() };
        ensure!(spoken == aloud, "read aloud it is “{spoken}”, not “{aloud}”");
    }
    Ok(())
}

/// Sets the control of the lab with this name, as its own events tell the page.
async fn set_named(page: &Page, name: &str, value: &str) -> Result<()> {
    let script = format!(
        "{NAMES}
         const control = find('#lab', given[0]);
         control.value = given[1];
         for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, {{ bubbles: true }}));"
    );
    page.call::<()>(&script, vec![name.into(), value.into()]).await
}

/// The columns of the layer table, on a phone.
const TABS: &[&str] = &["input", "over time", "gradient", "silent", "γ, β"];

/// A button or list of the lab, by its name, and what must be true once it was used.
const OTHERS: &[(&str, &str)] = &[
    ("accuracy", "document.querySelector('[data-role=loss-title]').textContent === 'Accuracy'"),
    ("loss", "document.querySelector('[data-role=loss-title]').textContent === 'Loss'"),
    ("linear", "document.querySelector('[data-role=caption-loss]').textContent.includes('smoothed (mean)')"),
    ("log", "document.querySelector('[data-role=caption-loss]').textContent.includes('(geometric mean)')"),
    ("∂L/∂z", "document.querySelector('[data-numbers=layers]').textContent.includes('RMS of ∂L/∂z')"),
    ("∂L/∂W", "document.querySelector('[data-numbers=layers]').textContent.includes('RMS of ∂L/∂W')"),
    ("∂L/∂a", "document.querySelector('[data-numbers=layers]').textContent.includes('RMS of ∂L/∂a')"),
    ("New seed", "document.documentElement.dataset.step === '0' && /seed=25/.test(location.hash)"),
    ("Step", "document.documentElement.dataset.step === '1'"),
    ("Train", "document.documentElement.dataset.state === 'running'"),
    ("Pause", "document.documentElement.dataset.state === 'paused'"),
    ("Reset", "document.documentElement.dataset.step === '0'"),
    ("Dark", "getComputedStyle(document.body).backgroundColor === 'rgb(20, 23, 26)'"),
    ("Light", "getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'"),
    ("Presets", "!document.querySelector('#panel-presets').hidden"),
    (
        "Share",
        "!document.querySelector('#panel-share').hidden && document.querySelector('#panel-presets').hidden",
    ),
    ("Embed", "!document.querySelector('#panel-embed').hidden"),
    ("Export", "!document.querySelector('#panel-export').hidden"),
    ("Check", "!document.querySelector('#panel-check').hidden"),
    ("Keys", "!document.querySelector('#panel-keys').hidden"),
    ("Your own data", "!document.querySelector('#panel-data').hidden"),
    ("Close", "document.querySelectorAll('.panel:not([hidden])').length === 0"),
    ("circle", "/d=circle/.test(location.hash)"),
    ("rings", "/d=rings/.test(location.hash)"),
    ("xor", "/d=xor/.test(location.hash)"),
    ("blobs", "/d=blobs/.test(location.hash)"),
    ("spiral", "!/[#&]d=/.test(location.hash)"),
    ("short spiral", "/d=short-spiral/.test(location.hash)"),
    ("8×8 digits", "!document.querySelector('[data-role=images]').hidden"),
];

/// Every button of the lab does what it says, on a laptop and on a phone, and no button of the lab is left out here.
pub(crate) async fn every_other_button_does_what_it_says(page: &Page) -> Result<()> {
    for &view in views(page) {
        every_other_button(page, view).await.with_context(|| format!("on a {}", view.name))?;
    }
    Ok(())
}

async fn every_other_button(page: &Page, view: View) -> Result<()> {
    page.open("#l=3&pause=40", view).await?;
    rest(page).await?;
    page.call::<()>("for (const fold of document.querySelectorAll('details')) fold.open = true", vec![])
        .await?;
    let visible = "[...document.querySelectorAll('.top button, #lab button')]
        .filter(button => button.getBoundingClientRect().height > 0)
        .map(button => (button.getAttribute('aria-label') ?? button.textContent).trim())";
    let names: Vec<String> = page.eval(visible).await?;
    for name in names {
        let known = OTHERS.iter().any(|(known, _)| *known == name) || name == "Switch between light and dark";
        ensure!(known || TABS.contains(&name.as_str()), "the button “{name}” is not tested");
    }
    if view == View::PHONE {
        drawn_for_good(page).await?;
        for name in TABS.iter().rev() {
            one_tab(page, name).await.with_context(|| format!("the tab {name}"))?;
        }
    }
    for (name, then) in OTHERS {
        let script = "const button = [...document.querySelectorAll('button')]
                .find(button => button.textContent.trim() === given[0] && button.getBoundingClientRect().height > 0);
            if (!button) throw new Error(`no button is called ${given[0]}`);
            button.click();";
        page.call::<()>(script, vec![(*name).into()]).await?;
        page.wait(&format!("what “{name}” does"), then).await?;
    }
    Ok(())
}

/// A column of the layer table, on a phone: its tab shows it.
async fn one_tab(page: &Page, name: &str) -> Result<()> {
    let look = picture("layers");
    let before: String = page.eval(&look).await?;
    let script = format!("{NAMES} window.control = find('#lab', given[0]); control.click();");
    page.call::<()>(&script, vec![name.into()]).await?;
    page.wait("another column", &format!("control.ariaPressed === 'true' && {look} !== {before:?}")).await
}

/// The switch over the test images: with "mistakes" both show the same images, each of which one of them gets wrong;
/// another run shows its own.
pub(crate) async fn test_images_are_a_sample_or_the_mistakes(page: &Page) -> Result<()> {
    for &view in views(page) {
        page.open("#d=digits&l=1&w=16&b=60&pause=30", view).await?;
        rest(page).await?;
        page.call::<()>("document.querySelector('[data-numbers=learned]').open = true", vec![]).await?;
        let press = format!("{NAMES} find('#lab', given[0]).click();");
        let rows = "[...document.querySelectorAll('[data-numbers=learned] tbody tr')].slice(1)
            .map(row => [...row.children].map(cell => cell.textContent))";
        let caption = "document.querySelector('[data-role=caption-learned]').textContent";
        page.call::<()>(&press, vec!["mistakes".into()]).await?;
        page.wait("the mistakes", &format!("{caption}.includes('either network gets wrong')")).await?;
        page.wait("their numbers", &format!("{rows}[0]?.[0].startsWith('test image ')")).await?;
        let told: Vec<[String; 3]> = page.eval(rows).await?;
        ensure!(told.len() == 20, "{} mistakes", told.len());
        for [name, without, with] in &told {
            ensure!(!(name.ends_with(without) && name.ends_with(with)), "{name} is right: {without}, {with}");
        }
        let label: String =
            page.eval("document.querySelector('[data-fig=images]').getAttribute('aria-label')").await?;
        ensure!(label.starts_with("20 test images with a mistake"), "{label}");
        let pressed = "document.querySelector('[data-choose=mistakes]').ariaPressed === 'true'";
        ensure!(page.eval::<bool>(pressed).await?);
        // The choice outlives the run, and a data set that has no images.
        load(page, "pause=5").await?;
        let hidden = "document.querySelector('[data-role=picks]').hidden";
        ensure!(page.eval::<bool>(hidden).await?, "points of a plane have no mistakes to choose");
        load(page, "d=digits&l=1&w=16&b=60&seed=3&pause=30").await?;
        page.wait("other mistakes", &format!("{caption}.includes('either network gets wrong')")).await?;
        page.call::<()>(&press, vec!["a sample".into()]).await?;
        page.wait("the sample", &format!("{caption}.includes('The same 20 test images')")).await?;
        page.wait("its numbers", &format!("{rows}[0]?.[0].startsWith('image 1, a 0')")).await?;
    }
    Ok(())
}

/// The other unit's percentiles are those of a run in which it was watched; speeds, and the seed's button.
pub(crate) async fn unit_and_speed_do_what_they_say(page: &Page) -> Result<()> {
    page.open("#l=3&pause=60&speed=20", View::DESKTOP).await?;
    rest(page).await?;
    let words = role(page, "speed-words").await?;
    let place: String = page.eval("document.querySelector('#speed').value").await?;
    ensure!(words == "20 steps/s" && place == "34", "a link's speed: {words}, the slider at {place}");
    let numbers = "document.querySelector('[data-numbers=detail] tbody').textContent";
    page.call::<()>("document.querySelector('[data-numbers=detail]').open = true", vec![]).await?;
    page.wait("the numbers", numbers).await?;
    let before: String = page.eval(numbers).await?;
    let print = prints(page).await?;
    set_named(page, "unit", "9").await?;
    page.wait(
        "another unit",
        "document.querySelector('[data-role=caption-detail]').textContent.includes('unit 9 ')",
    )
    .await?;
    rest(page).await?;
    page.wait("step 60 again", "document.documentElement.dataset.step === '60'").await?;
    let other: String = page.eval(numbers).await?;
    ensure!(other != before && prints(page).await? == print, "another unit, the same run");
    set_named(page, "Speed", "0").await?;
    page.wait(
        "a slow speed",
        "document.querySelector('[data-role=speed-words]').textContent === '1 steps/s'",
    )
    .await?;
    let made: u32 = page
        .call(
            "const step = () => Number(document.documentElement.dataset.step);
             document.querySelector('[data-role=train]').click();
             const begin = step();
             await new Promise(done => setTimeout(done, 3000));
             return step() - begin;",
            vec![],
        )
        .await?;
    ensure!((1..=4).contains(&made), "{made} steps in three seconds at one a second");
    set_named(page, "Speed", "100").await?;
    page.wait("full speed", "document.querySelector('[data-role=speed-words]').textContent === 'flat out'")
        .await?;
    page.wait("the end", "document.documentElement.dataset.state === 'finished'").await
}

/// A rate changed on the way takes effect there, is in the link, and repeats to the bit.
pub(crate) async fn a_rate_changed_on_the_way_is_marked_and_repeats(page: &Page) -> Result<()> {
    page.open("#l=3&pause=40", View::DESKTOP).await?;
    rest(page).await?;
    let rate = knob::by_key("lr").context("there is no learning rate")?;
    let (position, _) = turned(rate, &link::read("l=3").0);
    turn(page, rate, position).await?;
    let value = rate.text_at(position);
    page.wait("the address", &format!("location.hash === '#v=1&l=3&lrs=40:{value}'")).await?;
    ensure!(step(page).await? == 40, "a live knob started a new run");
    for wanted in 41..=45 {
        page.call::<()>("document.querySelector('[data-role=step]').click()", vec![]).await?;
        page.wait("one step", &format!("document.documentElement.dataset.step === '{wanted}'")).await?;
    }
    rest(page).await?;
    let changed = native(&format!("l=3&lrs=40:{value}"), 45)?;
    ensure!(prints(page).await? == changed.prints && changed.prints != native("l=3", 45)?.prints);
    // The same by the link, written with the codes a mail program puts in.
    load(page, &format!("l=3&lrs=40%3A{value}&pause=45")).await?;
    ensure!(prints(page).await? == changed.prints, "the link gives another run");
    ensure!(role(page, "differences").await?.ends_with("the learning rate was changed once on the way."));
    drawn(page, "loss", WITH, 50).await
}

/// The page writes its link a moment after a change; an address that was changed in that moment is not written over.
pub(crate) async fn an_address_changed_at_the_last_moment_is_loaded(page: &Page) -> Result<()> {
    page.open("#pause=5", View::DESKTOP).await?;
    rest(page).await?;
    // The thread is kept until the writing is overdue: it comes before the browser tells of the new address.
    page.call::<()>(
        "document.querySelector('[data-role=new-seed]').click();
         const begin = performance.now();
         while (performance.now() < begin + 400);
         location.hash = '#l=2&pause=7';",
        vec![],
    )
    .await?;
    page.wait("the new address's run", "document.documentElement.dataset.step === '7'").await?;
    rest(page).await?;
    let link: String = page.eval("location.hash").await?;
    ensure!(link.contains("l=2") && !link.contains("seed="), "{link}");
    Ok(())
}
