//! Takes the pictures of the page that `cargo xtask shots` puts side by side: every row in every view and theme.
//!
//! A picture is taken when the page has paused where its share link says, so that it shows the same step of the
//! same seed each time; where nothing pauses, when it is in the state that is to be shown. Paper and forced colours
//! are two more themes of the lab. The experiments are run once, and shown at every size from then on.

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use browser::{Context, FAILING_WORKER, Options, Page, Reply, Result, Session, Site, View};
use serde_json::json;

#[path = "shots/rows.rs"]
mod rows;

use rows::{OWN, SHOTS};

/// One situation.
struct Shot {
    /// Names the files.
    name: &'static str,
    /// The share link, without `#`. `pause=N`: train to step N as fast as possible, then pause.
    link: &'static str,
    /// Sizes; each is taken light and dark.
    views: &'static [View],
    /// What a reader does first: the body of an async function, run after the pause.
    script: &'static str,
    /// What is the matter.
    matter: Matter,
}

/// How the page comes to be in the state that is shown.
#[derive(Clone, Copy, PartialEq)]
enum Matter {
    /// It pauses, or finishes.
    None,
    /// Its trainer never comes.
    Loading,
    /// It is caught running.
    Running,
    /// Its trainer dies on the way.
    Stopped,
    /// The browser has no WebAssembly.
    NoWebAssembly,
    /// It is printed.
    Paper,
    /// The reader's system forces its own colours.
    ForcedColours,
    /// Every experiment has been run.
    Experiments,
    /// It is an embed alone, and has been run.
    Embed,
    /// Its module has not come yet.
    BeforeModule,
    /// The reader asked for less motion.
    LessMotion,
    /// It can have no worker.
    NoWorker,
    /// An error of the program has ended it.
    Broken,
    /// The browser runs no script.
    NoScript,
    /// The reader brings data; see [`OWN`].
    Own,
}

/// Runs whatever has not run, one after the other: each is scrolled to, as what is out of sight does not run.
const RUN_ALL: &str = "
    for (const place of document.querySelectorAll('[data-experiment]')) {
        place.querySelector('.figures').scrollIntoView({ block: 'center' });
        await new Promise(done => setTimeout(done, 400));
        for (let wait = 0; wait < 1200 && place.dataset.state !== 'done'; wait += 1) {
            if (!['running', 'done'].includes(place.dataset.state)) place.querySelector('[data-role=main]').click();
            await new Promise(done => setTimeout(done, 100));
        }
    }
    scrollTo(0, 0);";
/// How long that may take.
const SWEEPS: Duration = Duration::from_secs(900);

const LOOK_AT_ALL: &str = "
    for (const place of document.querySelectorAll('[data-experiment] .figures')) {
        place.scrollIntoView({ block: 'center' });
        await new Promise(done => setTimeout(done, 250));
    }
    scrollTo(0, 0);
    await new Promise(done => setTimeout(done, 250));";

const EVERY_SIZE: &[View] = &[View::DESKTOP, View::TABLET, View::PHONE];

// The embeds, in the two sizes they are made for.

const IN_A_POST: View = View { name: "700", width: 700, height: 460, ..View::DESKTOP };
const ON_A_PHONE: View = View { name: "360", width: 360, height: 520, ..View::PHONE };

/// One embed, run as soon as it is seen.
const fn embed(name: &'static str, link: &'static str) -> Shot {
    Shot { name, link, views: &[IN_A_POST, ON_A_PHONE], script: "", matter: Matter::Embed }
}

const EMBEDS: &[Shot] = &[
    embed("embed-live", "pause=420"),
    embed("embed-gamma", "exp=gamma&run=auto"),
    embed("embed-smooth", "exp=smooth&run=auto"),
    embed("embed-depth", "exp=depth&run=auto"),
    embed("embed-lr", "exp=lr&run=auto"),
    embed("embed-init", "exp=init&run=auto"),
    embed("embed-batch", "exp=batch&run=auto"),
    embed("embed-why", "exp=why&run=auto"),
    embed("embed-norms", "exp=norms&run=auto"),
];

/// Whether an embed has been run.
const EMBED_RUN: &str = "(place => place ? place.dataset.state === 'done' : document.querySelector('.embed')?.dataset.state === 'paused')\
    (document.querySelector('[data-experiment]'))";

/// The page has come to rest and has drawn that.
const SETTLED: &str = "
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
";

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = Options::from_env().and_then(|options| runtime?.block_on(take_all(&options)));
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(complaints) => {
            eprintln!("error: {complaints} pictures are not what they should be (see above)");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many pages did not come to rest or complained.
async fn take_all(options: &Options) -> Result<usize> {
    fs::create_dir_all(&options.out).with_context(|| options.out.display().to_string())?;
    let session = Session::start(options).await?;
    let mut complaints = 0;
    for shot in SHOTS.iter().chain(EMBEDS) {
        // What took long to run is kept, and shown at every size.
        let mut kept = None;
        for view in shot.views.iter().flat_map(|view| [*view, view.dark()]) {
            let name = format!("{}-{}-{}", shot.name, view.name, view.theme());
            if !options.wants(&name) {
                continue;
            }
            let (page, at_rest) = match kept.take() {
                Some(page) => {
                    let resized = resize(&page, view).await;
                    (page, resized)
                }
                None => {
                    let page = session.page(shot.matter.of(Site::new(&options.site))).await?;
                    let settled = settle(&page, shot, view).await;
                    (page, settled)
                }
            };
            let file = options.out.join(name).with_extension("png");
            fs::write(&file, page.screenshot().await?).with_context(|| file.display().to_string())?;
            println!("{}", file.display());
            // The picture is worth having all the same: it shows what went wrong.
            if let Err(error) = at_rest {
                complaints += 1;
                println!("    {error:#}");
            }
            let awaited = [Matter::Stopped, Matter::NoWebAssembly, Matter::Broken].contains(&shot.matter);
            for line in page.console().await?.iter().filter(|_| !awaited) {
                complaints += 1;
                println!("    console: {line}");
            }
            if shot.matter == Matter::Experiments && view.name == View::PHONE.name {
                show_other_tabs(&page, options, view).await?;
            }
            if [Matter::Experiments, Matter::Embed].contains(&shot.matter) {
                kept = Some(page);
            } else {
                session.close(page).await?;
            }
        }
        if let Some(page) = kept {
            session.close(page).await?;
        }
    }
    session.end().await?;
    Ok(complaints)
}

/// On a phone figures that stand abreast elsewhere are shown one at a time: the second, the third.
async fn show_other_tabs(page: &Page, options: &Options, view: View) -> Result<()> {
    for tab in [2, 3, 1] {
        let press = format!(
            "for (const tab of document.querySelectorAll('[data-experiment] .tabs button:nth-child({tab})')) tab.click();"
        );
        page.call::<()>(&press, vec![]).await?;
        page.call::<()>(LOOK_AT_ALL, vec![]).await?;
        if tab > 1 {
            let file = options.out.join(format!("experiments-tab-{tab}-{}-{}.png", view.name, view.theme()));
            fs::write(&file, page.screenshot().await?).with_context(|| file.display().to_string())?;
            println!("{}", file.display());
        }
    }
    Ok(())
}

impl Matter {
    /// The site with what is the matter.
    fn of(self, site: Site) -> Site {
        let worker = |script: &str| Reply::new("text/javascript", script);
        match self {
            Self::Loading => site.reply("/www/worker.js", worker("onmessage = () => {};")),
            Self::Stopped => site.reply("/www/worker.js", worker(FAILING_WORKER)),
            Self::NoWebAssembly => site.head("<script>delete window.WebAssembly;</script>"),
            Self::NoWorker => site.head("<script>delete window.Worker;</script>"),
            Self::BeforeModule => site
                .head("<script>WebAssembly.compileStreaming = () => new Promise(() => window.waits = true);</script>"),
            Self::Broken => site.head(
                "<script>
                    // In a worker it would end that alone.
                    delete HTMLCanvasElement.prototype.transferControlToOffscreen;
                    const clear = CanvasRenderingContext2D.prototype.clearRect;
                    CanvasRenderingContext2D.prototype.clearRect = function (...given) {
                        if (Number(document.documentElement.dataset.step) > 100) throw new Error('no ink');
                        return clear.apply(this, given);
                    };
                </script>",
            ),
            _ => site,
        }
    }

    /// What the page says of itself when the picture can be taken.
    fn until(self) -> &'static str {
        match self {
            Self::Loading => "data.state === 'loading'",
            Self::Running => "data.state === 'running' && Number(data.step) >= 180",
            Self::Stopped => "data.state === 'stopped'",
            Self::NoWebAssembly => "data.state === 'failed'",
            Self::BeforeModule => "window.waits",
            Self::Broken => "document.querySelector('[data-role=broken]')",
            _ => "['paused', 'finished', 'stopped'].includes(data.state) && data.busy === 'no'",
        }
    }
}

async fn settle(page: &Page, shot: &Shot, view: View) -> Result<()> {
    if shot.matter == Matter::Embed {
        page.open(&format!("embed.html#v=1&{}", shot.link), view).await?;
        page.wait_at_most(SWEEPS, "the embed to be run", EMBED_RUN).await?;
        return page.call::<()>(SETTLED, vec![]).await;
    }
    if shot.matter == Matter::NoScript {
        page.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        return page.open("", view).await;
    }
    let view = if shot.matter == Matter::LessMotion { view.reduced_motion() } else { view };
    page.open(&format!("#{}", shot.link), view).await?;
    let until = format!("(data => {})(document.documentElement.dataset)", shot.matter.until());
    page.wait("the page to come to the state to be shown", &until).await?;
    let scheme = json!({ "name": "prefers-color-scheme", "value": view.theme() });
    match shot.matter {
        Matter::Paper => {
            page.call::<()>("dispatchEvent(new Event('beforeprint'))", vec![]).await?;
            let paper = json!({ "media": "print", "features": [scheme] });
            page.devtools("Emulation.setEmulatedMedia", paper).await?;
        }
        Matter::ForcedColours => {
            let forced = json!({ "name": "forced-colors", "value": "active" });
            page.devtools("Emulation.setEmulatedMedia", json!({ "features": [scheme, forced] })).await?;
        }
        Matter::Experiments => {
            // The driver's own patience is too short for this.
            let run = format!("(async () => {{ {RUN_ALL} window.allRun = true; }})()");
            page.call::<()>(&run, vec![]).await?;
            page.wait_at_most(SWEEPS, "every experiment", "window.allRun").await?;
        }
        _ => {}
    }
    let own = if shot.matter == Matter::Own { OWN } else { "" };
    page.call::<()>(&format!("{own}\n{}\n{SETTLED}", shot.script), vec![]).await
}

/// The same page at another size or in another theme.
async fn resize(page: &Page, view: View) -> Result<()> {
    page.set_view(view).await?;
    // Out of sight nothing is drawn: every experiment is looked at once.
    page.call::<()>(LOOK_AT_ALL, vec![]).await?;
    page.call::<()>(SETTLED, vec![]).await
}
