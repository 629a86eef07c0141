//! Runs a table of tests in one browser, each in a tab and on an origin of its own.
//!
//! After every test the page must have made no complaint on the console and no request to another host, but for
//! those the test said it would provoke. A test that fails leaves a picture, and the next one a fresh browser.

use std::fs;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use futures_util::FutureExt;
use site_server::Site;

use crate::{Engine, Options, Page, Session};

/// How long the tests of long use go on: a minute, or `SOAK_SECONDS`.
pub fn soak_seconds() -> u64 {
    std::env::var("SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
}

/// No test may take longer; those of long use take what they are told to, and some time around it.
fn limit() -> Duration {
    Duration::from_secs(180 + soak_seconds())
}

/// A row of the table: [`test!`](crate::test) writes it.
pub struct Test {
    /// The module and the function.
    pub name: &'static str,
    /// The engines it is true in.
    pub engines: &'static [Engine],
    /// The function.
    pub run: Run,
}

/// An `async fn(&Page) -> Result<()>`.
pub type Run = for<'page> fn(&'page Page) -> Pin<Box<dyn Future<Output = Result<()>> + 'page>>;

/// `test!(Engine::ALL, module::function)`: one row of the table of tests.
#[macro_export]
macro_rules! test {
    ($engines:expr, $run:path) => {
        $crate::suite::Test {
            name: stringify!($run),
            engines: $engines,
            run: |page| ::std::boxed::Box::pin($run(page)),
        }
    };
}

/// Runs what the command line asks for, and reports as `cargo test` does.
pub fn main(tests: &[Test]) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = Options::from_env().and_then(|options| runtime?.block_on(run(&options, tests)));
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many failed.
async fn run(options: &Options, tests: &[Test]) -> Result<usize> {
    let wanted =
        tests.iter().filter(|test| test.engines.contains(&options.engine) && options.wants(test.name));
    let begin = Instant::now();
    let (mut passed, mut failed) = (0, 0);
    let mut session = None;
    for test in wanted {
        let begin = Instant::now();
        let outcome = one(&mut session, options, test).await;
        let took = begin.elapsed().as_secs_f64();
        let label = format!("{} {}", options.engine.name(), test.name);
        match outcome {
            Ok(()) => {
                passed += 1;
                println!("test {label} ... ok ({took:.1} s)");
            }
            Err(error) => {
                failed += 1;
                // The browser may be in any state.
                session = None;
                println!("test {label} ... FAILED ({took:.1} s)\n{error:#}");
            }
        }
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let took = begin.elapsed().as_secs_f64();
    println!("test result: {verdict}. {passed} passed; {failed} failed; finished in {took:.2}s");
    // What the browser does after the last test is no test's matter.
    if let Some(session) = session
        && let Err(error) = session.end().await
    {
        println!("the browser does not end in good order: {error:#}");
    }
    Ok(failed)
}

async fn one(session: &mut Option<Session>, options: &Options, test: &Test) -> Result<()> {
    let session = match session {
        Some(session) => session,
        none => none.insert(started(options).await?),
    };
    let page = session.page(Site::new(&options.site)).await?;
    let outcome = guarded(&page, test).await;
    if outcome.is_err()
        && let Err(error) = keep_evidence(&page, options, test).await
    {
        println!("no picture: {error:#}");
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
    ended.map_err(|_| anyhow!("panicked (see above)"))??;
    let console = page.complaints().await?;
    ensure!(console.is_empty(), "the console is not empty:\n{}", console.join("\n"));
    let foreign = page.foreign_requests().await?;
    ensure!(foreign.is_empty(), "requests to other hosts:\n{}", foreign.join("\n"));
    Ok(())
}

/// A picture of the page, and what its console says.
async fn keep_evidence(page: &Page, options: &Options, test: &Test) -> Result<()> {
    let look = async { anyhow::Ok((page.screenshot().await?, page.console().await?)) };
    let (picture, console) = tokio::time::timeout(Duration::from_secs(20), look).await??;
    fs::create_dir_all(&options.out)?;
    let file = options.out.join(format!("{}-{}.png", options.engine.name(), test.name.replace("::", "-")));
    fs::write(&file, picture)?;
    println!("picture: {}", file.display());
    console.iter().for_each(|line| println!("console: {line}"));
    Ok(())
}
