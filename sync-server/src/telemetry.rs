//! What the server says of itself while it runs.
//!
//! In: `CUSTODY_LOG`, such as `debug` or `sync_server=trace`. Out: lines on standard error. Must not: write to
//! standard output; commands answer there. Nor let what others wrote be more than a part of a line.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::sink::line::Lines;

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
        // Colours would be spelled out: nothing tells ours from those in somebody's name.
        .with_ansi(false)
        .with_writer(|| Lines(std::io::stderr()));
    // Starting twice, as tests do, is no mistake.
    drop(
        tracing_subscriber::registry()
            .with(targets)
            .with(lines)
            .try_init(),
    );
}
