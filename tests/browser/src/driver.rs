//! The driver's process, and the virtual display WebKit needs; both end with the value that holds them.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::Engine;

/// How long a driver may take to listen, and later to end its browser.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running driver.
pub(crate) struct Driver {
    // Fields are dropped in this order: the driver ends its browser while the display still exists.
    _process: Process,
    _display: Option<Process>,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Driver {
    pub(crate) fn start(engine: Engine, program: &Path) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new(program);
        // All three drivers know this spelling.
        command.arg(format!("--port={port}"));
        let mut display = None;
        if engine == Engine::Webkit {
            // Without a display the driver would hang.
            let (process, number) = virtual_display()?;
            command.env("DISPLAY", format!(":{number}"));
            display = Some(process);
        }
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
        let mut process = Process(child);
        wait_for_port(&mut process, port).with_context(|| program.display().to_string())?;
        Ok(Self { _process: process, _display: display, port })
    }
}

fn wait_for_port(process: &mut Process, port: u16) -> Result<()> {
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if let Some(status) = process.0.try_wait()? {
            bail!("the driver ended at once ({status})");
        }
        if begin.elapsed() > PATIENCE {
            bail!("the driver does not listen on port {port}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Starts Xvfb on a display number of its own choice.
fn virtual_display() -> Result<(Process, u32)> {
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1600x1400x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("starting Xvfb")?;
    let output = child.stdout.take().context("Xvfb has no output")?;
    let process = Process(child);
    let mut number = String::new();
    BufReader::new(output).read_line(&mut number)?;
    Ok((process, number.trim().parse().context("Xvfb names no display")?))
}

/// A child process that is asked to end, then made to, when dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            // It has ended, and its number may be another's by now.
            return;
        }
        let id = self.0.id().to_string();
        // A driver that is asked politely ends its browser too.
        let asked = cfg!(unix) && Command::new("kill").arg(&id).status().is_ok_and(|status| status.success());
        let begin = Instant::now();
        while asked && begin.elapsed() < PATIENCE && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        // Fails where it has ended already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
