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

const SHOTS: &[Shot] = &[
    Shot { name: "lab", link: "pause=420", views: EVERY_SIZE, script: "", matter: Matter::None },
    Shot {
        name: "digits",
        link: "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60&pause=300",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "diverged",
        link: "l=6&w=32&s=3&lr=0.3&b=64&pause=200",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "stuck",
        link: "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=200",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "panel-presets",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=presets]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "panel-share",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=share]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "panel-export",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=export]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "panel-check",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=check]').click() ; await new Promise(done => setTimeout(done, 3000))",
        matter: Matter::None,
    },
    Shot {
        name: "panel-keys",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=keys]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "panel-data",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=data]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "accuracy",
        link: "pause=420",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-choose=accuracy]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "linear",
        link: "pause=420",
        views: &[View::DESKTOP],
        script: "document.querySelector('[data-choose=linear]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "read-out",
        link: "lrs=200:0.1&pause=420",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-fig=loss]').dispatchEvent(\n            new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))",
        matter: Matter::None,
    },
    Shot {
        name: "weights-gradient",
        link: "pause=420",
        views: &[View::DESKTOP],
        script: "document.querySelector('[data-choose=d-w]').click()",
        matter: Matter::None,
    },
    Shot {
        name: "open",
        link: "pause=420",
        views: EVERY_SIZE,
        script: "for (const fold of document.querySelectorAll('#lab details')) fold.open = true",
        matter: Matter::None,
    },
    Shot {
        name: "saturated",
        link: "a=tanh&s=8&d=digits&lr=0.01&pause=20",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "deep",
        link: "l=20&w=32&lr=0.05&pause=100",
        views: &[View::DESKTOP, View::PHONE],
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "finished",
        link: "l=4&w=8&n=none&lr=0.001&pause=2000",
        views: &[View::DESKTOP],
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "note",
        link: "lr=fast&pause=20",
        views: &[View::DESKTOP, View::PHONE],
        script: "",
        matter: Matter::None,
    },
    Shot {
        name: "high-rate",
        link: "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=50",
        views: &[View::DESKTOP, View::PHONE],
        script: "",
        matter: Matter::None,
    },
    Shot { name: "loading", link: "", views: EVERY_SIZE, script: "", matter: Matter::Loading },
    Shot { name: "running", link: "", views: EVERY_SIZE, script: "", matter: Matter::Running },
    Shot {
        name: "dead-units",
        link: "lr=1.5&l=8&pause=150",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::None,
    },
    Shot { name: "stopped", link: "l=3", views: EVERY_SIZE, script: "", matter: Matter::Stopped },
    Shot { name: "no-webassembly", link: "", views: EVERY_SIZE, script: "", matter: Matter::NoWebAssembly },
    Shot { name: "paper", link: "pause=420", views: EVERY_SIZE, script: "", matter: Matter::Paper },
    Shot {
        name: "forced-colours",
        link: "pause=420",
        views: EVERY_SIZE,
        script: "",
        matter: Matter::ForcedColours,
    },
    Shot { name: "experiments", link: "pause=1", views: EVERY_SIZE, script: "", matter: Matter::Experiments },
];

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
            let awaited = [Matter::Stopped, Matter::NoWebAssembly].contains(&shot.matter);
            for line in page.console().await?.iter().filter(|_| !awaited) {
                complaints += 1;
                println!("    console: {line}");
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

impl Matter {
    /// The site with what is the matter.
    fn of(self, site: Site) -> Site {
        let worker = |script: &str| Reply::new("text/javascript", script);
        match self {
            Self::Loading => site.reply("/www/worker.js", worker("onmessage = () => {};")),
            Self::Stopped => site.reply("/www/worker.js", worker(FAILING_WORKER)),
            Self::NoWebAssembly => site.head("<script>delete window.WebAssembly;</script>"),
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
            _ => "['paused', 'finished', 'stopped'].includes(data.state)",
        }
    }
}

async fn settle(page: &Page, shot: &Shot, view: View) -> Result<()> {
    if shot.matter == Matter::Embed {
        page.open(&format!("embed.html#v=1&{}", shot.link), view).await?;
        page.wait_at_most(SWEEPS, "the embed to be run", EMBED_RUN).await?;
        return page.call::<()>(SETTLED, vec![]).await;
    }
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
    page.call::<()>(&format!("{}\n{SETTLED}", shot.script), vec![]).await
}

/// The same page at another size or in another theme.
async fn resize(page: &Page, view: View) -> Result<()> {
    page.set_view(view).await?;
    // Out of sight nothing is drawn: every experiment is looked at once.
    page.call::<()>(LOOK_AT_ALL, vec![]).await?;
    page.call::<()>(SETTLED, vec![]).await
}
