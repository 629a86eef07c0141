//! `cargo xtask serve`: build, serve, print the address.

use std::io::ErrorKind;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use site_server::{Server, Site};

use crate::cargo::Workspace;
use crate::site;

/// Where to look for a free port before giving up.
const PORTS: u16 = 100;

/// How to serve.
pub(crate) struct Options {
    open: bool,
    port: u16,
}

impl Options {
    /// Reads what stands after `serve`.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { open: false, port: 8080 };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("open") => options.open = true,
                Long("port") => options.port = arguments.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Builds the site and serves it until the process is stopped.
pub(crate) fn serve(options: Options) -> Result<()> {
    let begin = Instant::now();
    let workspace = Workspace::find()?;
    let folder = site::build(&workspace, false)?;
    println!("Ready after {:.1} s.", begin.elapsed().as_secs_f64());
    let server = start(&Site::new(folder), options.port)?;
    println!("The playground is at {} (stop with Ctrl-C)", server.url());
    if options.open {
        open(&server.url())?;
    }
    server.wait();
    Ok(())
}

/// Takes `port` or the next free one.
fn start(site: &Site, port: u16) -> Result<Server> {
    for port in port..=port.saturating_add(PORTS) {
        match site.clone().start(port) {
            Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {}
            result => return result.context("starting the server"),
        }
    }
    bail!("no free port from {port} on: name another one with --port")
}

/// Opens the address in the user's browser.
fn open(url: &str) -> Result<()> {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    // Not waited for: some openers live as long as the browser.
    command.arg(url).spawn().context("opening the browser: open the address by hand")?;
    Ok(())
}
