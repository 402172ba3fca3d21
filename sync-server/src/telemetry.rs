//! What the server says of itself while it runs.
//!
//! In: `CUSTODY_LOG`, such as `debug` or `sync_server=trace`. Out: lines on standard error. Must not: write to
//! standard output; commands answer there.

use std::io::IsTerminal as _;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Begins to write lines.
pub fn start() {
    let wanted = std::env::var("CUSTODY_LOG").unwrap_or_default();
    let targets: Targets = wanted
        .parse()
        .unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    let targets = if wanted.is_empty() {
        Targets::new().with_default(LevelFilter::INFO)
    } else {
        targets
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Starting twice, as tests do, is no mistake.
    drop(
        tracing_subscriber::registry()
            .with(targets)
            .with(lines)
            .try_init(),
    );
}
