//! One tab: open an address at a size, look, click, wait, take a picture.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail, ensure};
use base64::Engine as _;
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use site_server::{Reply, Server, Site};

use crate::session::VendorCommand;
use crate::{Engine, View};

/// How long [`Page::wait`] waits. Builds and other tests may share the computer, and slow it down tenfold; nobody waits
/// that long but for what never comes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at the page.
const PAUSE: Duration = Duration::from_millis(20);

/// A tab of a running browser, and the server behind it.
pub struct Page {
    engine: Engine,
    client: Client,
    site: Site,
    server: RefCell<Server>,
    /// Servers of before, as long as the page may still be one of theirs.
    former: RefCell<Vec<Server>>,
    saved: RefCell<Option<Saved>>,
    /// Words of complaints that the test causes.
    expected: RefCell<Vec<&'static str>>,
}

impl Page {
    pub(crate) fn new(engine: Engine, client: Client, mut site: Site) -> Result<Self> {
        if engine != Engine::Chromium {
            let script = Reply::new("text/javascript", LISTENER);
            site =
                site.reply(LISTENER_PATH, script).head(&format!("<script src=\"{LISTENER_PATH}\"></script>"));
        }
        let server = RefCell::new(site.clone().start(0)?);
        Ok(Self {
            engine,
            client,
            site,
            server,
            former: RefCell::default(),
            saved: RefCell::default(),
            expected: RefCell::default(),
        })
    }

    /// The engine, for what only some can do.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The width in CSS pixels of a phone's window, as near as this engine comes: only Chromium's is as narrow as it is
    /// told.
    pub fn narrow(&self) -> u32 {
        if self.engine == Engine::Chromium { 360 } else { 500 }
    }

    /// Everything WebDriver can do.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// From the next [`open`](Self::open) on, serves the site with a difference: a header more, a file gone.
    /// The new server has a new origin.
    pub fn serve(&self, change: impl FnOnce(Site) -> Site) -> Result<()> {
        let former = self.server.replace(change(self.site.clone()).start(0)?);
        self.former.borrow_mut().push(former);
        Ok(())
    }

    /// A second server with another origin, which serves the site with a difference for as long as it is kept.
    pub fn elsewhere(&self, change: impl FnOnce(Site) -> Site) -> Result<Server> {
        Ok(change(self.site.clone()).start(0)?)
    }

    /// The address of `path` on this page's server; `path` may have a hash.
    pub fn url(&self, path: &str) -> String {
        self.server.borrow().url() + path
    }

    /// What the server was asked for, in order.
    pub fn requests(&self) -> Vec<String> {
        self.server.borrow().requests()
    }

    /// Shows `path` (`""` is the lab, `"#a=tanh"` the lab with a share link) to a reader with this view, and
    /// returns when the document and what it names have loaded.
    pub async fn open(&self, path: &str, view: View) -> Result<()> {
        self.set_view(view).await?;
        // An address that differs in its hash alone would not load anew.
        self.client.goto("about:blank").await?;
        self.former.borrow_mut().clear();
        Ok(self.client.goto(&self.url(path)).await?)
    }

    /// The site's folder.
    pub fn folder(&self) -> &Path {
        self.site.root()
    }

    /// Shows a file of the site as a reader does who has saved it and opens it by a double click, with this hash.
    pub async fn open_from_disk(&self, name: &str, hash: &str, view: View) -> Result<()> {
        let listener = (self.engine != Engine::Chromium).then_some(LISTENER);
        let saved = Saved::new(&self.folder().join(name), listener)?;
        self.set_view(view).await?;
        self.client.goto("about:blank").await?;
        self.client.goto(&format!("file://{}{hash}", saved.file.display())).await?;
        self.saved.replace(Some(saved));
        Ok(())
    }

    /// Changes size and preferences under the open page.
    ///
    /// # Errors
    /// Only Chromium can set a theme, a motion preference or a pixel ratio.
    pub async fn set_view(&self, view: View) -> Result<()> {
        if self.engine == Engine::Chromium {
            let View { width, height, scale, .. } = view;
            let size =
                json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
            self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
            let motion = if view.reduced_motion { "reduce" } else { "no-preference" };
            let features = json!([
                { "name": "prefers-color-scheme", "value": view.theme() },
                { "name": "prefers-reduced-motion", "value": motion },
            ]);
            self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
            return Ok(());
        }
        ensure!(
            !view.dark && !view.reduced_motion && view.scale == 1.0,
            "only Chromium can emulate {view:?}"
        );
        let begin = Instant::now();
        loop {
            // A window changes its size when it likes; its frame is not known beforehand.
            let [inner_width, inner_height, width, height]: [i64; 4] =
                self.eval("[innerWidth, innerHeight, outerWidth, outerHeight]").await?;
            let missing = [i64::from(view.width) - inner_width, i64::from(view.height) - inner_height];
            if missing == [0, 0] {
                return Ok(());
            }
            ensure!(begin.elapsed() < PATIENCE, "the window stays at {inner_width} x {inner_height}");
            let size = [width + missing[0], height + missing[1]]
                .map(|size| u32::try_from(size).unwrap_or(view.width));
            self.client.set_window_size(size[0], size[1]).await?;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The value of a JavaScript expression.
    pub async fn eval<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let value = self.client.execute(&format!("return ({expression});"), Vec::new()).await;
        read(value.with_context(|| expression.to_owned())?, expression)
    }

    /// What an async function with this body returns; it reads its arguments from the array `given`.
    pub async fn call<T: DeserializeOwned>(&self, body: &str, given: Vec<Value>) -> Result<T> {
        // Errors travel as values: some drivers drop the text of a rejected promise.
        let script = format!(
            "const [given, done] = arguments;
             (async () => {{ {body} }})().then(
                 value => done({{ value: value ?? null }}),
                 error => done({{ error: String(error) }}));"
        );
        let mut answer = self.client.execute_async(&script, vec![Value::Array(given)]).await?;
        if let Some(error) = answer["error"].as_str() {
            bail!("{error} in {body}");
        }
        read(answer["value"].take(), body)
    }

    /// Waits until a JavaScript expression is true; `what` says in words what is awaited.
    pub async fn wait(&self, what: &str, condition: &str) -> Result<()> {
        self.wait_at_most(PATIENCE, what, condition).await
    }

    /// As [`wait`](Self::wait), with a limit of one's own. A condition that cannot be asked, as while a document is
    /// replaced by the next, is not true yet; the last such error is told if it never can.
    pub async fn wait_at_most(&self, limit: Duration, what: &str, condition: &str) -> Result<()> {
        let begin = Instant::now();
        loop {
            let error = match self.eval::<bool>(&format!("!!({condition})")).await {
                Ok(true) => return Ok(()),
                Ok(false) => None,
                Err(error) => Some(error),
            };
            if begin.elapsed() > limit {
                let vain = format!("waited {limit:?} in vain: {what}");
                return Err(
                    error.map_or_else(|| Error::msg(vain.clone()), |error| error.context(vain.clone()))
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// From now on complaints on the console that contain one of these words are what the test causes: the suite does not
    /// count them, whenever they come.
    pub fn expect(&self, words: &[&'static str]) {
        self.expected.borrow_mut().extend(words);
    }

    /// What is on the console since the last call and is not [expected](Self::expect).
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let mut lines = self.console().await?;
        lines.retain(|line| !self.expected.borrow().iter().any(|words| line.contains(words)));
        Ok(lines)
    }

    /// The first element that matches a CSS selector, present or awaited.
    pub async fn find(&self, selector: &str) -> Result<Element> {
        let quoted = Value::from(selector);
        self.wait(&format!("an element {selector}"), &format!("document.querySelector({quoted})")).await?;
        Ok(self.client.find(Locator::Css(selector)).await?)
    }

    /// Clicks as a reader does: the element has to be visible and on top.
    pub async fn click(&self, selector: &str) -> Result<()> {
        self.find(selector).await?.click().await.with_context(|| format!("clicking {selector}"))
    }

    /// The text of an element, as shown.
    pub async fn text(&self, selector: &str) -> Result<String> {
        Ok(self.find(selector).await?.text().await?)
    }

    /// Types into an element; [`fantoccini::key::Key`] has the other keys.
    pub async fn type_keys(&self, selector: &str, keys: &str) -> Result<()> {
        self.find(selector).await?.send_keys(keys).await.with_context(|| format!("typing into {selector}"))
    }

    /// Sets the value of a form control and tells the page so, as dragging a slider or picking a choice does.
    pub async fn set(&self, selector: &str, value: &str) -> Result<()> {
        self.find(selector).await?;
        let body = "const control = document.querySelector(given[0]);
                    if (control.type === 'checkbox') control.checked = given[1] === 'true';
                    else control.value = given[1];
                    for (const name of ['input', 'change'])
                        control.dispatchEvent(new Event(name, { bubbles: true }));";
        self.call::<Value>(body, vec![selector.into(), value.into()]).await?;
        Ok(())
    }

    /// Warnings and errors on the console since the last call. Workers' messages come too in Chromium.
    pub async fn console(&self) -> Result<Vec<String>> {
        if self.engine != Engine::Chromium {
            return self.eval("(window.__complaints || []).splice(0)").await;
        }
        let entries = self.log("browser").await?;
        let bad =
            entries.iter().filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")));
        Ok(bad.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect())
    }

    /// The addresses on other hosts asked for since the last call (Chromium) or by the document now shown (the others, which
    /// do not tell of workers' requests).
    pub async fn foreign_requests(&self) -> Result<Vec<String>> {
        let mut urls: Vec<String> = if self.engine == Engine::Chromium {
            let entries = self.log("performance").await?;
            entries.iter().filter_map(requested_url).collect()
        } else {
            // WebKit does not list requests that failed.
            let all = "performance.getEntriesByType('resource').map(entry => entry.name)";
            self.eval(&format!("{all}.concat(window.__failed || [])")).await?
        };
        urls.retain(|url| is_foreign(url));
        urls.sort();
        urls.dedup();
        Ok(urls)
    }

    /// The whole page, beyond what fits the window, as PNG. The others than Chromium give the window.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        if self.engine != Engine::Chromium {
            return Ok(self.client.screenshot().await?);
        }
        let metrics = self.devtools("Page.getLayoutMetrics", json!({})).await?;
        let size = &metrics["cssContentSize"];
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let how = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let answer = self.devtools("Page.captureScreenshot", how).await?;
        let data = answer["data"].as_str().context("the picture has no data")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(data)?)
    }

    /// A command of Chromium's developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        ensure!(self.engine == Engine::Chromium, "{command} needs Chromium");
        let body = json!({ "cmd": command, "params": parameters });
        let answer = self.client.issue_cmd(VendorCommand { path: "goog/cdp/execute", body }).await;
        answer.with_context(|| command.to_owned())
    }

    /// Chromium's log of this kind since the last call.
    async fn log(&self, kind: &str) -> Result<Vec<Value>> {
        let body = json!({ "type": kind });
        let answer = self.client.issue_cmd(VendorCommand { path: "se/log", body }).await?;
        Ok(serde_json::from_value(answer)?)
    }
}

/// A copy of a file in a folder of its own, which goes with this.
struct Saved {
    file: PathBuf,
}

impl Saved {
    /// With a script first in its head.
    fn new(original: &Path, script: Option<&str>) -> Result<Self> {
        let mut page = fs::read(original).with_context(|| original.display().to_string())?;
        if let Some(script) = script {
            site_server::insert_into_head(&mut page, &format!("<script>{script}</script>"));
        }
        // Another browser's test may have saved the same file.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let one = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("playground-{}-{one}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let file = folder.join(original.file_name().context("a file without a name")?);
        fs::write(&file, page)?;
        Ok(Self { file })
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        // Leftovers of tests are swept out with the rest of that folder.
        let _ = self.file.parent().map(fs::remove_dir_all);
    }
}

fn read<T: DeserializeOwned>(value: Value, from: &str) -> Result<T> {
    let shown = value.to_string();
    serde_json::from_value(value).with_context(|| format!("{shown} from {from}"))
}

/// The address in an entry of Chromium's performance log, if it tells of a request.
fn requested_url(entry: &Value) -> Option<String> {
    let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let event = &event["message"];
    (event["method"] == "Network.requestWillBeSent").then_some(())?;
    event["params"]["request"]["url"].as_str().map(str::to_owned)
}

/// Whether an address leaves this computer (`data:` and `blob:` do not).
fn is_foreign(url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    matches!(url.scheme(), "http" | "https" | "ws" | "wss") && url.host_str() != Some("127.0.0.1")
}

const LISTENER_PATH: &str = "/__complaints.js";

/// Keeps complaints where the driver cannot be asked for the console.
const LISTENER: &str = "
window.__complaints = [];
window.__failed = [];
for (const level of ['warn', 'error']) {
    const plain = console[level];
    console[level] = (...words) => { __complaints.push(`${level}: ${words.join(' ')}`); plain(...words); };
}
addEventListener('error', event => {
    const url = event.target.src || event.target.href;
    if (url) __failed.push(url);
    __complaints.push(event.message || `cannot load ${url}`);
}, true);
addEventListener('unhandledrejection', event => __complaints.push(`rejected: ${event.reason}`));
addEventListener('securitypolicyviolation', event => __complaints.push(`refused: ${event.blockedURI}`));
";
