//! One running browser.

use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use site_server::Site;
use url::{ParseError, Url};

use crate::driver::Driver;
use crate::{Engine, Options, Page};

/// A browser takes seconds to start, a hanging one is given up after this.
const START: Duration = Duration::from_secs(60);
/// The longest a script in the page may take.
const SCRIPT: Duration = Duration::from_secs(120);

/// A browser and its driver; dropping it ends both.
pub struct Session {
    engine: Engine,
    client: Client,
    _driver: Driver,
}

impl Session {
    /// Starts the browser.
    pub async fn start(options: &Options) -> Result<Self> {
        let driver = Driver::start(options.engine, &options.driver)?;
        let address = format!("http://127.0.0.1:{}", driver.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options.engine.capabilities(&options.browser));
        let connecting = tokio::time::timeout(START, builder.connect(&address));
        let client =
            connecting.await.context("the browser does not start")?.context("starting the browser")?;
        let limits = TimeoutConfiguration::new(Some(SCRIPT), Some(SCRIPT), Some(Duration::ZERO));
        client.update_timeouts(limits).await?;
        Ok(Self { engine: options.engine, client, _driver: driver })
    }

    /// Opens an empty tab that will show `site`.
    pub async fn page(&self, site: Site) -> Result<Page> {
        // WebKit does not draw a tab that is not the first of its window.
        let as_tab = self.engine != Engine::Webkit;
        let window = self.client.new_window(as_tab).await?;
        self.client.switch_to_window(window.handle).await?;
        Page::new(self.engine, self.client.clone(), site)
    }

    /// Closes the tab and goes back to the first one.
    pub async fn close(&self, page: Page) -> Result<()> {
        drop(page);
        self.client.close_window().await?;
        let first = self.client.windows().await?.into_iter().next().context("the browser has no window")?;
        Ok(self.client.switch_to_window(first).await?)
    }

    /// Ends the browser in good order.
    pub async fn end(self) -> Result<()> {
        Ok(self.client.clone().close().await?)
    }
}

/// A command only some drivers know, below the session's address.
#[derive(Debug)]
pub(crate) struct VendorCommand {
    pub(crate) path: &'static str,
    pub(crate) body: Value,
}

impl WebDriverCompatibleCommand for VendorCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
