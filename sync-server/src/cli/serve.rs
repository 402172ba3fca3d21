//! `custody serve`: the server itself.
//!
//! In: a directory and an address. Out: a server, until Ctrl-C or the system ends it. Must not: end before
//! what it has acknowledged is in the file, or enrol devices without a code outside a demo on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use domain::sync::server::snapshot::Limits;
use sync_server::admin::Report;
use sync_server::admin::channel::Channel;
use sync_server::admin::lock::DirLock;
use sync_server::config::DataDir;
use sync_server::http::{self, App};
use sync_server::ingest::{Shop, is_set_up};
use sync_server::printing::{self, line::Patience};
use sync_server::telemetry;
use sync_server::tls::{Certificates, Files, Source};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Serve, no_store, runtime};

/// The invented shop.
mod demo;

/// Time requests under way have to end once the server is told to.
const GRACE: Duration = Duration::from_secs(10);

/// Whether others can read along.
#[derive(Debug, Args)]
pub(super) struct Secure {
    /// Speak http, also where the network can read along: for a server behind a TLS proxy
    #[arg(long, conflicts_with = "tls_certificate")]
    plain: bool,
    /// A certificate from elsewhere instead of the one of `custody tls create`, with those between it and its
    /// authority, as PEM; read again when it changes
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Its key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

impl Secure {
    /// The certificate to use, if any.
    fn certificates(&self, dir: &DataDir) -> anyhow::Result<Option<Arc<Certificates>>> {
        let own = Files::of(dir);
        let source = match (&self.tls_certificate, &self.tls_key) {
            _ if self.plain => return Ok(None),
            (Some(certificate), Some(key)) => Source::Brought {
                certificate: certificate.clone(),
                key: key.clone(),
            },
            _ if own.server().exists() => Source::Own(own),
            _ => return Ok(None),
        };
        let certificates = Certificates::open(source).context(
            "the server was not started, because its certificate cannot be used; `custody tls show` and \
             `custody doctor` say more",
        )?;
        Ok(Some(Arc::new(certificates)))
    }

    /// Refuses to let a network read along unless somebody said so.
    fn check(&self, is_secure: bool, address: SocketAddr) -> anyhow::Result<()> {
        if is_secure || self.plain || address.ip().is_loopback() {
            return Ok(());
        }
        anyhow::bail!(
            "the server was not started: other machines reach {address}, and without TLS everybody on the \
             network can read along, and browsers keep no keys. Make a certificate with `custody tls create`, or \
             bring one with --tls-certificate and --tls-key; behind a TLS proxy say --plain"
        );
    }
}

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
    let certificates = serve.secure.certificates(dir)?;
    serve.secure.check(certificates.is_some(), serve.listen)?;
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
    let printing = printing::run::run(shop.clone(), Patience::default(), stopping.clone());
    tokio::spawn(printing);
    greet(serve, dir, address, certificates.as_deref())?;
    let is_open = serve.demo && address.ip().is_loopback();
    let mut app = App::new(shop.clone(), is_open, stopping.clone());
    if let Some(certificates) = certificates {
        app = app.over(Arc::clone(&certificates));
        tokio::spawn(certificates.keep_good(stopping));
    }
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

fn greet(
    serve: &Serve,
    dir: &DataDir,
    address: SocketAddr,
    certificates: Option<&Certificates>,
) -> anyhow::Result<()> {
    match certificates {
        None => println!("Custody is at http://{address}/"),
        Some(certificates) => {
            let name = certificates.name().map(|name| name.in_url());
            let name = name.unwrap_or_else(|| address.ip().to_string());
            println!("Custody is at https://{name}:{}/", address.port());
        }
    }
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
