//! The three engines: what each is asked for when a session starts.
//!
//! Where their programs are is the caller's business: `cargo xtask` finds or installs them.

use std::path::Path;
use std::str::FromStr;

use serde_json::{Map, Value, json};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium through chromedriver: everything, by way of its developer-tools commands.
    Chromium,
    /// Firefox through geckodriver: no theme, motion or pixel ratio.
    Firefox,
    /// WebKitGTK's small browser through WebKitWebDriver, on a virtual display: as Firefox.
    Webkit,
}

impl Engine {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Chromium, Self::Firefox, Self::Webkit];

    /// The name in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// What a new session asks of the driver; `browser` is the program it starts.
    pub(crate) fn capabilities(self, browser: &Path) -> Map<String, Value> {
        let asked = match self {
            Self::Chromium => json!({
                "goog:chromeOptions": { "binary": browser, "args": CHROMIUM_FLAGS },
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            }),
            Self::Firefox => json!({ "moz:firefoxOptions": { "binary": browser, "args": ["-headless"] } }),
            Self::Webkit => {
                json!({ "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] } })
            }
        };
        match asked {
            Value::Object(asked) => asked,
            _ => Map::new(),
        }
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|engine| engine.name() == name);
        found.copied().ok_or_else(|| format!("`{name}` is none of chromium, firefox, webkit"))
    }
}

/// No window, no sandbox (tests may run as root), no traffic of the browser's own, and no other host: a
/// request that leaves this computer fails at once and shows up as an error.
const CHROMIUM_FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--no-default-browser-check",
    "--no-first-run",
    "--hide-scrollbars",
    "--mute-audio",
    "--force-color-profile=srgb",
    "--lang=en-US",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
