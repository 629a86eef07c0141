//! Takes the pictures of the page that `cargo xtask shots` puts side by side: every row in every view and theme.
//!
//! A picture is taken when the page has paused where its share link says, so that it shows the same step of the
//! same seed each time.

use std::fs;
use std::process::ExitCode;

use browser::{Context, Options, Page, Result, Session, Site, View};

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
}

const EVERY_SIZE: &[View] = &[View::DESKTOP, View::TABLET, View::PHONE];

const SHOTS: &[Shot] = &[
    Shot { name: "lab", link: "pause=420", views: EVERY_SIZE, script: "" },
    Shot {
        name: "digits",
        link: "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60&pause=300",
        views: EVERY_SIZE,
        script: "",
    },
    Shot { name: "diverged", link: "l=6&w=32&s=3&lr=0.3&b=64&pause=200", views: EVERY_SIZE, script: "" },
    Shot {
        name: "stuck",
        link: "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=200",
        views: EVERY_SIZE,
        script: "",
    },
    Shot {
        name: "panel-presets",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=presets]').click()",
    },
    Shot {
        name: "panel-share",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=share]').click()",
    },
    Shot {
        name: "panel-export",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=export]').click()",
    },
    Shot {
        name: "panel-check",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=check]').click() ; await new Promise(done => setTimeout(done, 3000))",
    },
    Shot {
        name: "panel-keys",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=keys]').click()",
    },
    Shot {
        name: "panel-data",
        link: "pause=200",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-panel=data]').click()",
    },
    Shot {
        name: "accuracy",
        link: "pause=420",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-choose=accuracy]').click()",
    },
    Shot {
        name: "linear",
        link: "pause=420",
        views: &[View::DESKTOP],
        script: "document.querySelector('[data-choose=linear]').click()",
    },
    Shot {
        name: "read-out",
        link: "lrs=200:0.1&pause=420",
        views: &[View::DESKTOP, View::PHONE],
        script: "document.querySelector('[data-fig=loss]').dispatchEvent(\n            new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))",
    },
    Shot {
        name: "weights-gradient",
        link: "pause=420",
        views: &[View::DESKTOP],
        script: "document.querySelector('[data-choose=d-w]').click()",
    },
    Shot {
        name: "open",
        link: "pause=420",
        views: EVERY_SIZE,
        script: "for (const fold of document.querySelectorAll('#lab details')) fold.open = true",
    },
    Shot { name: "saturated", link: "a=tanh&s=8&d=digits&lr=0.01&pause=20", views: EVERY_SIZE, script: "" },
    Shot {
        name: "deep",
        link: "l=20&w=32&lr=0.05&pause=100",
        views: &[View::DESKTOP, View::PHONE],
        script: "",
    },
    Shot {
        name: "finished",
        link: "l=4&w=8&n=none&lr=0.001&pause=2000",
        views: &[View::DESKTOP],
        script: "",
    },
    Shot { name: "note", link: "lr=fast&pause=20", views: &[View::DESKTOP, View::PHONE], script: "" },
    Shot {
        name: "high-rate",
        link: "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=50",
        views: &[View::DESKTOP, View::PHONE],
        script: "",
    },
];

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
    for shot in SHOTS {
        for view in shot.views.iter().flat_map(|view| [*view, view.dark()]) {
            let name = format!("{}-{}-{}", shot.name, view.name, view.theme());
            if !options.wants(&name) {
                continue;
            }
            let page = session.page(Site::new(&options.site)).await?;
            let at_rest = settle(&page, shot, view).await;
            let file = options.out.join(name).with_extension("png");
            fs::write(&file, page.screenshot().await?).with_context(|| file.display().to_string())?;
            println!("{}", file.display());
            // The picture is worth having all the same: it shows what went wrong.
            if let Err(error) = at_rest {
                complaints += 1;
                println!("    {error:#}");
            }
            for line in page.console().await? {
                complaints += 1;
                println!("    console: {line}");
            }
            session.close(page).await?;
        }
    }
    session.end().await?;
    Ok(complaints)
}

async fn settle(page: &Page, shot: &Shot, view: View) -> Result<()> {
    page.open(&format!("#{}", shot.link), view).await?;
    let states = "['paused', 'finished', 'stopped'].includes(document.documentElement.dataset.state)";
    page.wait("the page to pause", states).await?;
    page.call::<()>(&format!("{}\n{SETTLED}", shot.script), vec![]).await
}
