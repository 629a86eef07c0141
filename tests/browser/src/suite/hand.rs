//! One browser that works through the tests.
//!
//! After every test the page must have made no complaint on the console and no request to another host, but for
//! those the test said it would provoke. A test that fails leaves a picture, and the next one a fresh browser.

use std::any::Any;
use std::collections::VecDeque;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use futures_util::FutureExt;
use site_server::Site;
use tokio::runtime::{Builder, Runtime};

use super::report::Report;
use super::{Test, limit};
use crate::{Options, Page, Session};

/// How long a browser may take to end.
const END: Duration = Duration::from_secs(20);

/// Takes one test after the other, until none is left.
pub(super) fn work(options: &Options, left: &Mutex<VecDeque<&Test>>, report: &Report) {
    // Of this thread alone: a test that computes keeps no other browser waiting.
    let runtime = Builder::new_current_thread().enable_all().build();
    let mut session = None;
    while let Some(test) = next(left) {
        let begin = Instant::now();
        let outcome = match &runtime {
            Ok(runtime) => one(runtime, &mut session, options, test),
            Err(error) => Err(error.to_string()),
        };
        let label = format!("{} {}", options.engine.name(), test.name);
        report.add(&label, begin.elapsed(), outcome);
    }
    // What the browser does after the last test is no test's matter.
    if let (Some(session), Ok(runtime)) = (session, &runtime)
        && let Err(error) = runtime.block_on(session.end())
    {
        println!("the browser does not end in good order: {error:#}");
    }
}

fn next<'table>(left: &Mutex<VecDeque<&'table Test>>) -> Option<&'table Test> {
    left.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// Runs a test in the browser that is there, or in a new one; says why it failed, and what was to be seen.
fn one(
    runtime: &Runtime,
    session: &mut Option<Session>,
    options: &Options,
    test: &Test,
) -> Result<(), String> {
    let mut evidence = String::new();
    let outcome = runtime.block_on(in_a_tab(session, options, test, &mut evidence));
    outcome.map_err(|error| {
        // The browser may be in any state. A driver that is made to end leaves it behind, and what it shows at work.
        if let Some(session) = session.take() {
            let end = async { tokio::time::timeout(END, session.end()).await };
            if !matches!(runtime.block_on(end), Ok(Ok(()))) {
                evidence.push_str("\nthe browser does not end in good order");
            }
        }
        format!("{error:#}{evidence}")
    })
}

async fn in_a_tab(
    session: &mut Option<Session>,
    options: &Options,
    test: &Test,
    evidence: &mut String,
) -> Result<()> {
    let session = match session {
        Some(session) => session,
        none => none.insert(started(options).await?),
    };
    let page = session.page(Site::new(&options.site)).await?;
    let outcome = guarded(&page, test).await;
    if outcome.is_err() {
        let kept = keep_evidence(&page, options, test).await;
        *evidence = kept.unwrap_or_else(|error| format!("\nno picture: {error:#}"));
    }
    outcome?;
    session.close(page).await
}

/// A browser, at the second attempt if need be: on a crowded computer a start may take too long, or another program
/// the port that was free.
async fn started(options: &Options) -> Result<Session> {
    match Session::start(options).await {
        Ok(session) => Ok(session),
        Err(error) => {
            println!("starting {} once more: {error:#}", options.engine.name());
            Session::start(options).await
        }
    }
}

/// Runs the function, turns a panic (an `assert!`) or a hang into an error, and asks for complaints.
async fn guarded(page: &Page, test: &Test) -> Result<()> {
    let running = AssertUnwindSafe((test.run)(page)).catch_unwind();
    let ended = tokio::time::timeout(limit(), running)
        .await
        .with_context(|| format!("still running after {:?}", limit()))?;
    ended.map_err(|panic| anyhow!("panicked: {}", words(&*panic)))??;
    let console = page.complaints().await?;
    ensure!(console.is_empty(), "the console is not empty:\n{}", console.join("\n"));
    let foreign = page.foreign_requests().await?;
    ensure!(foreign.is_empty(), "requests to other hosts:\n{}", foreign.join("\n"));
    Ok(())
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

/// Takes a picture of the page; says where it is, and what the console says.
async fn keep_evidence(page: &Page, options: &Options, test: &Test) -> Result<String> {
    let look = async { anyhow::Ok((page.screenshot().await?, page.console().await?)) };
    let (picture, console) = tokio::time::timeout(Duration::from_secs(20), look).await??;
    fs::create_dir_all(&options.out)?;
    let file = options.out.join(format!("{}-{}.png", options.engine.name(), test.name.replace("::", "-")));
    fs::write(&file, picture)?;
    let told = console.iter().fold(String::new(), |told, line| told + "\nconsole: " + line);
    Ok(format!("\npicture: {}{told}", file.display()))
}
