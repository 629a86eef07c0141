//! Verdicts of whole experiments, and single numbers beside those measured elsewhere.

mod probes;
mod single_runs;
mod verdicts;
mod why;
