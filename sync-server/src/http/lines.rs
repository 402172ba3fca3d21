//! Lines to the server: how many at once, and how long one may say nothing.
//!
//! In: a socket and the surface. Out: answers, until the server is to end. Must not: let those who open lines and do not
//! ask, or ask slowly, keep out those who do.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::rates::{Peer, network};
use super::{App, router};
use crate::tls::Certificates;

/// Room for them.
mod places;
/// Lines over TLS.
mod secure;

use places::{Place, Places, Seat};
use secure::Opened;

/// What a line may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Lines at once; for the next one an idle one gives way. A process has 1 024 files by default, and the log needs some.
    pub lines_max: usize,
    /// How long a line may be open without a whole handshake, where there is one.
    pub handshake_wait_max: Duration,
    /// How long a line may be open without a whole head of a request, at its beginning and between two requests.
    pub head_wait_max: Duration,
    /// How long a request's body may take.
    pub body_wait_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lines_max: 800,
            // Two turns over the worst of networks, and a tablet that wakes up.
            handshake_wait_max: Duration::from_secs(10),
            // Proxies keep a line for a minute; whoever closes it first must not be the server, or a request meets a
            // line that is closing.
            head_wait_max: Duration::from_secs(75),
            // The largest push takes this long over a line of 50 kbit a second; devices give up before.
            body_wait_max: Duration::from_secs(60),
        }
    }
}

/// Pause after the system had no room for a line.
const PAUSE: Duration = Duration::from_millis(200);

/// Answers until `stopping` turns true and every request under way has its answer. What fails concerns one line.
pub async fn serve(listener: TcpListener, app: App) {
    let mut stopping = app.stopping.clone();
    let places = Places::new(app.limits.lines_max);
    let gauge = app.gauge.clone();
    let answering = Arc::new(Answering::new(app));
    let graceful = GracefulShutdown::new();
    // An error means that nobody can stop it any more, which is the same as being stopped.
    let stopped = async move { drop(stopping.wait_for(|stopping| *stopping).await) };
    tokio::pin!(stopped);
    loop {
        let (line, peer) = tokio::select! {
            opened = next_line(&listener) => opened,
            () = &mut stopped => break,
        };
        if !gauge.line(peer) {
            // Nothing was said on it yet, so nothing can be lost; whoever means well comes again.
            drop(line);
            continue;
        }
        let place = tokio::select! {
            place = places.take(network(peer.0)) => place,
            () = &mut stopped => break,
        };
        let (answering, watcher) = (Arc::clone(&answering), graceful.watcher());
        tokio::spawn(async move {
            tokio::select! {
                () = answering.answer(line, peer, &place, watcher) => {}
                () = place.is_wanted() => tracing::debug!("a line gave way to another"),
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// What every line needs.
struct Answering {
    http: http1::Builder,
    surface: Router,
    limits: Limits,
    certificates: Option<Arc<Certificates>>,
    stopping: watch::Receiver<bool>,
}

impl Answering {
    fn new(app: App) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(app.limits.head_wait_max);
        Self {
            http,
            limits: app.limits,
            certificates: app.certificates.clone(),
            stopping: app.stopping.clone(),
            surface: router(app),
        }
    }

    async fn answer(&self, line: TcpStream, peer: Peer, place: &Place, watcher: Watcher) {
        let seat = place.seat();
        let Some(certificates) = &self.certificates else {
            return self.speak(line, peer, seat, watcher).await;
        };
        let mut stopping = self.stopping.clone();
        let opened = tokio::select! {
            opened = secure::open(line, certificates, self.limits.handshake_wait_max) => opened,
            // Whoever has not said anything yet is not waited for.
            _ = stopping.wait_for(|stopping| *stopping) => None,
        };
        match opened {
            Some(Opened::Secure(line)) => self.speak(line, peer, seat, watcher).await,
            Some(Opened::Plain(line)) => {
                secure::turn_away(line, self, certificates, watcher).await;
            }
            None => {}
        }
    }

    async fn speak<L>(&self, line: L, peer: Peer, seat: &Arc<Seat>, watcher: Watcher)
    where
        L: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let surface = TowerToHyperService::new(self.surface.clone());
        let seat = Arc::clone(seat);
        let named = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let asking = seat.asks();
            let answer = surface.call(request);
            async move {
                let answer = answer.await;
                drop(asking);
                answer
            }
        });
        let answers = self.http.serve_connection(TokioIo::new(line), named);
        if let Err(error) = watcher.watch(answers).await {
            tracing::debug!(%error, "a line was closed");
        }
    }
}

/// The next line.
async fn next_line(listener: &TcpListener) -> (TcpStream, Peer) {
    loop {
        match listener.accept().await {
            Ok((line, address)) => return (line, Peer(address.ip())),
            // Gone before it was taken.
            Err(error) if is_of_one_line(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no line can be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_one_line(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
