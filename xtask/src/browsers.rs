//! Finds the browsers and their drivers, and installs them where that is possible.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{Workspace, run};

/// geckodriver is not packaged by Debian; this version drives its Firefox.
const GECKODRIVER: &str = "0.37.1";

/// A browser engine the tests can drive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// Reads `all` or names separated by commas.
    pub(crate) fn read_list(list: &str) -> Result<Vec<Self>> {
        if list == "all" {
            return Ok(Self::ALL.to_vec());
        }
        let known = |name: &str| Self::ALL.into_iter().find(|engine| engine.name() == name);
        let read =
            |name| known(name).with_context(|| format!("`{name}` is none of chromium, firefox, webkit, all"));
        list.split(',').map(read).collect()
    }

    /// The packages of Debian, and of Ubuntu where it names them otherwise. A font, or pages have no text.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium if is_ubuntu() => {
                &["chromium-browser", "chromium-chromedriver", "fonts-liberation"]
            }
            Self::Chromium => &["chromium", "chromium-driver", "fonts-liberation"],
            Self::Firefox if is_ubuntu() => &["firefox", "fonts-liberation"],
            Self::Firefox => &["firefox-esr", "fonts-liberation"],
            Self::Webkit => &["webkit2gtk-driver", "xvfb", "fonts-liberation"],
        }
    }
}

/// An engine that is there.
pub(crate) struct Found {
    pub(crate) engine: Engine,
    pub(crate) driver: PathBuf,
    pub(crate) browser: PathBuf,
}

/// Looks for an engine's programs.
pub(crate) fn find(engine: Engine, workspace: &Workspace) -> Option<Found> {
    let (driver, browser) = match engine {
        Engine::Chromium => (program(&["chromedriver"], &chromedriver_folders())?, program(CHROMIUM, &[])?),
        Engine::Firefox => {
            let tools = tools(workspace).join("bin");
            (program(&["geckodriver"], &[tools])?, program(&["firefox-esr", "firefox"], &[])?)
        }
        Engine::Webkit => {
            program(&["Xvfb"], &[]).and_then(|_| program(&["xvfb-run"], &[]))?;
            (program(&["WebKitWebDriver"], &[])?, mini_browser()?)
        }
    };
    Some(Found { engine, driver, browser })
}

/// Finds an engine's programs, after installing them if need be.
///
/// # Errors
/// Says what to type where this program may not do it.
pub(crate) fn demand(engine: Engine, workspace: &Workspace) -> Result<Found> {
    if let Some(found) = find(engine, workspace) {
        return Ok(found);
    }
    if !may_install() {
        bail!("{} is missing. Get it with: {}", engine.name(), how_to_get(engine));
    }
    println!("{} is missing. Running: {}", engine.name(), how_to_get(engine));
    let mut command = Command::new("sh");
    command.args(["-c", &apt_line(engine)]).env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut command, "apt-get")?;
    if engine == Engine::Firefox && program(&["geckodriver"], &[tools(workspace).join("bin")]).is_none() {
        let mut cargo =
            workspace.cargo(&["install", "geckodriver", "--locked", "--version", GECKODRIVER, "--root"]);
        run(cargo.arg(tools(workspace)), "cargo install geckodriver")?;
    }
    find(engine, workspace)
        .with_context(|| format!("{} is installed, but not all of it is found", engine.name()))
}

/// The line a person types.
pub(crate) fn how_to_get(engine: Engine) -> String {
    let line = if apt().is_none() {
        return match engine {
            Engine::Chromium => {
                "install Chromium or Chrome, and chromedriver of the same version on PATH".to_owned()
            }
            Engine::Firefox => {
                format!("install Firefox; cargo install geckodriver --version {GECKODRIVER} --locked")
            }
            Engine::Webkit => {
                "install WebKitGTK with WebKitWebDriver and MiniBrowser, and Xvfb (Linux only)".to_owned()
            }
        };
    } else if is_root() {
        apt_line(engine)
    } else {
        apt_line(engine).replace("apt-get", "sudo apt-get")
    };
    match engine {
        Engine::Firefox => format!("{line} && cargo install geckodriver --version {GECKODRIVER} --locked"),
        _ => line,
    }
}

fn apt_line(engine: Engine) -> String {
    let packages = engine.packages().join(" ");
    format!("apt-get update && apt-get install -y --no-install-recommends {packages}")
}

/// Tools built for the tests alone stay out of the user's folders.
fn tools(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools")
}

/// Debian and Ubuntu, as root.
fn may_install() -> bool {
    apt().is_some() && is_root()
}

fn apt() -> Option<PathBuf> {
    program(&["apt-get"], &[])
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn is_ubuntu() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"))
}

const CHROMIUM: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Where chromedriver lies when it is not on PATH: named by a variable on hosted machines, and Ubuntu's folder.
fn chromedriver_folders() -> Vec<PathBuf> {
    let named = env::var_os("CHROMEWEBDRIVER").map(PathBuf::from);
    named.into_iter().chain(["/usr/lib/chromium-browser".into()]).collect()
}

/// WebKitGTK's small browser, which no PATH holds. The newest if there are several.
fn mini_browser() -> Option<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let mut folders = inside(Path::new("/usr/lib"));
    folders.extend(["/usr/lib".into(), "/usr/lib64".into(), "/usr/libexec".into()]);
    let found = folders
        .iter()
        .flat_map(|folder| inside(folder))
        .filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("webkit")));
    found.map(|folder| folder.join("MiniBrowser")).filter(|file| file.is_file()).max()
}

/// The first of these programs on PATH or in `more` folders; a name with a folder stands for itself.
pub(crate) fn program(names: &[&str], more: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = more.iter().cloned().chain(env::split_paths(&path)).collect();
    let files = names.iter().flat_map(|name| {
        folders.iter().map(move |folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
    });
    files.into_iter().find(|file| file.is_file())
}
