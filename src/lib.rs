//! Train a small network with and without batch norm, side by side: in a browser, or as here, without one.
//!
//! # Example
//! A paired comparison, trained and drawn:
//! ```
//! use batchnorm_playground::figure::{Figure, Theme};
//! use batchnorm_playground::lab::comparison::Comparison;
//! use batchnorm_playground::lab::history::{Choices, History};
//! use batchnorm_playground::lab::link;
//!
//! let (experiment, notes) = link::read("d=circle&l=3&w=16&lr=0.1");
//! assert!(notes.is_empty(), "{notes:?}");
//! let mut pair = Comparison::new(experiment.clone(), experiment.dataset(None)?, 0)?;
//! (0..100).for_each(|_| pair.advance());
//! let mut history = History::new(&experiment, None);
//! history.push(pair.frame(true));
//! let view = history.loss_view(&Choices::default());
//! let svg = Figure::Loss(&view).svg((560, 276), &Theme::light());
//! assert!(svg.starts_with("<svg"));
//! # Ok::<(), String>(())
//! ```
//!
//! # Five ideas
//! 1. [`Experiment`](lab::experiment::Experiment): a plain value holding every knob, the only source of truth. Same
//!    experiment, same numbers, to the bit.
//! 2. [`Comparison`](lab::comparison::Comparison): two arms stepped in lock-step from the same initial weights on the
//!    same mini-batches. A [`Sweep`](lab::sweep::Sweep) is many runs, each a [`Job`](lab::claim::job::Job) of its own.
//! 3. [`Frame`](lab::frame::Frame): what a few steps tell the viewer: losses, statistics of every layer. It knows no
//!    plot; a [`History`](lab::history::History) keeps what frames told, bounded in size.
//! 4. [`Figure`](figure::Figure): a function from a view (plain numbers) to ink, on any drawing backend.
//! 5. [`Claim`](lab::claim::Claim): a sentence of the post or of what was found since, the jobs that test it, and a rule
//!    for the verdict that was fixed before any run.
//!
//! # Map
//! Each part may name those in the last column, and no other; `tests/architecture.rs` keeps it so.
//!
//! | part | holds | may name |
//! | --- | --- | --- |
//! | [`math`] | matrices, four lanes, products, our own `exp` and `tanh`, random streams | |
//! | [`nn`] | a network: forward beside backward, norms, optimisers | `math` |
//! | [`data`] | data sets, the reader's files, mini-batches by seed and step | `math` |
//! | [`lab`] | the experiment: knobs, links, arms, histories, claims, checks | `nn`, `data`, `math` |
//! | [`figure`] | one picture per file, from a view of `lab` to ink | `lab` |
//! | [`export`] | a run as CSV, JSON or a PyTorch script | `lab`, `data`, `nn`, `math` |
//! | [`app`] | what the page decides: messages in, effects out; what its trainer does | all above |
//! | `web` | the browser: performs effects, hears the reader, runs the worker (wasm alone) | all above |
//!
//! `math` and `nn` are the crate `batchnorm-engine`, compiled for speed; everything else is compiled for size.
//!
//! # From a slider to pixels
//! A slider's event becomes an [`app::Msg`]. [`App::update`](app::App::update) lets the knob's row in
//! [`KNOBS`](lab::knob::KNOBS) read, check and set the value, and answers with [`app::Effect`]s: the worker is told to
//! start (under a new generation, so that what the old run still says is dropped) or, if the knob is live, to go on with
//! it. The worker ([`app::trainer`]) steps the comparison: the batch of (seed, step), then arm by arm forward, loss,
//! backward, what is measured, update. A frame travels back as bytes ([`lab::wire`]), the history takes it in, and with
//! the next frame of the screen every figure in sight is drawn from a view of the history. The page hands its
//! [`DisplayList`](figure::DisplayList) to a second worker, which draws it on a canvas it was lent, and stays free for
//! the reader; an embed, and a page whose browser lends none, draws by itself.
//!
//! # From the post's sentence to its test
//! A [`Claim`](lab::claim::Claim) has a key, such as `lr`. It names the experiment everywhere: `exp=lr` in a link, `#lr`
//! on the page, `cargo xtask claims --only lr`, `src/lab/claim/lr.rs` with the sentence, the jobs, the rule
//! and its figures, `www/figures/lr-light.svg`; `tests/claim_tests/lr.rs` tests it in settings where it holds and in
//! settings where it does not.
//!
//! Where the post says it, by its headings:
//!
//! - "What does this technique do?", "Example", "Why do we need these learnable params?": `gamma`.
//! - "Smoother Training": `smooth`.
//! - "Vanishing and Exploding Gradients": `depth`.
//! - "Learning Rates and Weight Initialization": `lr`, `init`.
//! - The title of the paper it opens with, and a more consistent mean and variance: `why`.
//! - What was learned since 2015: `norms`, and `batch`, which the post does not speak of.
//!
//! # What is deliberately absent
//! - A clock, a thread, a file or a global random source outside `web`: how many steps to make is told, so a replay is
//!   exact ([`app::trainer`] is handed a clock, by which it ends a slice). Sums have a fixed order; there is no relaxed
//!   SIMD and no `exp` or `sin` of the standard library in what is trained: every computer gets the same bits.
//! - Any number type but `f32` in a network. Precision is the business of the f64 twin in `tests/twin` and of
//!   [`lab::check`].
//! - `unsafe`, but for one place, `engine/src/math/lanes.rs` and what is below it.
//! - State or decisions in JavaScript, but for what comes before the module is there: when to load it, and what a page
//!   shows if it never comes. Anything stored or sent.
//! - Figures that see a network, and looks that change one: probes and evaluations move nothing, running statistics
//!   included.
//! - Convolutions, dropout, skip connections, and schedules of the learning rate but for what a reader turned by hand.
//! - Words for the reader in `nn`, `math` and `data`, but for complaints about what they are given. What follows from
//!   the experiment alone is worded in `lab` (knobs, claims, [`lab::sentence`], notes about links), what a picture says in
//!   `figure`, everything else in `app`, but for the labels of what `web` itself builds.

/// Version of this crate, as exports and pictures carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use batchnorm_engine::{math, nn};

pub mod data;

pub mod lab;

pub mod figure;

pub mod export;

pub mod app;

#[cfg(target_arch = "wasm32")]
pub mod web;
