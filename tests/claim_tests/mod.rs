//! What each claim's experiment says, in settings where it holds and where it fails: one file per key. What single runs
//! and looks at untrained networks say, which are of no one experiment, is in `single_runs` and `probes`.

mod batch;
mod depth;
mod gamma;
mod init;
mod lr;
mod norms;
mod probes;
mod single_runs;
mod smooth;
mod why;
