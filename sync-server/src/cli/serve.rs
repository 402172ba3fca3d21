//! `custody serve`: the server itself.
//!
//! In: a directory and an address. Out: a server, until Ctrl-C or the system ends it. Must not: end before
//! what it has acknowledged is in the file, or enrol devices without a code outside a demo on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use domain::sync::server::snapshot::Limits;
use sync_server::admin::Report;
use sync_server::admin::channel::Channel;
use sync_server::admin::lock::DirLock;
use sync_server::config::DataDir;
use sync_server::http::{self, App};
use sync_server::ingest::{Shop, is_set_up};
use sync_server::telemetry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Serve, no_store, runtime};

/// The invented shop.
mod demo;

/// Time requests under way have to end once the server is told to.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the server.
pub(super) fn run(serve: &Serve) -> anyhow::Result<Report> {
    telemetry::start();
    let dir = serve.data.dir();
    let Some(_lock) = DirLock::take(&dir)? else {
        anyhow::bail!("another process has {} open", dir.path().display());
    };
    if !serve.demo && !is_set_up(&dir) {
        anyhow::bail!("{}", no_store(dir.path()));
    }
    let runtime = runtime()?;
    runtime.block_on(run_here(serve, &dir))?;
    Ok(Report {
        is_done: true,
        lines: Vec::new(),
    })
}

async fn run_here(serve: &Serve, dir: &DataDir) -> anyhow::Result<()> {
    let listener = TcpListener::bind(serve.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", serve.listen))?;
    let address = listener.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let shop = if serve.demo {
        demo::open(dir, serve.seed, &stopping).await?
    } else {
        open(dir).await?
    };
    shop.set_snapshot_limits(Limits {
        rows: serve.snapshot_rows,
        ..Limits::default()
    });
    let channel = Channel::open(dir).await?;
    let commands = tokio::spawn(channel.serve(shop.clone(), stopping.clone()));
    greet(serve, dir, address)?;
    let is_open = serve.demo && address.ip().is_loopback();
    let app = App::new(shop.clone(), is_open, stopping);
    let server = tokio::spawn(http::serve(listener, app));
    asked_to_stop().await?;
    tracing::info!("stopping");
    stop.send_replace(true);
    match tokio::time::timeout(GRACE, server).await {
        Ok(ended) => ended?,
        Err(_) => tracing::warn!("some requests did not end in time"),
    }
    drop(tokio::time::timeout(GRACE, commands).await);
    drop(std::fs::remove_file(dir.admin_file()));
    // What was acknowledged is in the file already; this only tidies up.
    tokio::task::spawn_blocking(move || shop.close()).await?;
    Ok(())
}

/// Opens the shop; that waits for a database, so not in a task.
async fn open(dir: &DataDir) -> anyhow::Result<Shop> {
    let dir = dir.clone();
    Ok(tokio::task::spawn_blocking(move || Shop::open(&dir)).await??)
}

fn greet(serve: &Serve, dir: &DataDir, address: SocketAddr) -> anyhow::Result<()> {
    println!("Custody is at http://{address}/");
    if serve.demo {
        print!("{}", demo::people(dir)?);
        if !address.ip().is_loopback() {
            println!(
                "Other machines can reach this demo, so devices need a code: custody device code --data {}",
                dir.path().display()
            );
        }
    }
    Ok(())
}

async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await
    }
}
