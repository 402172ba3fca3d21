//! A line that begins with a handshake, or with somebody who has not heard of TLS.
//!
//! In: a new line. Out: a line that both ends can trust, or a word where to come instead. Must not: wait for either for
//! ever, or take anything in over a line that others can read.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Answering;
use crate::http::authority;
use crate::http::guard::dressed;
use crate::tls::Certificates;

/// With this byte every handshake begins, and no request.
const HANDSHAKE: u8 = 0x16;

/// What a new line turned out to be.
pub(super) enum Opened {
    /// A line that others cannot read.
    Secure(Box<TlsStream<TcpStream>>),
    /// One that they can.
    Plain(TcpStream),
}

/// Opens a line; `None` when nothing came of it in time.
pub(super) async fn open(
    line: TcpStream,
    certificates: &Certificates,
    wait_max: Duration,
) -> Option<Opened> {
    let opening = async {
        let mut first = [0];
        if line.peek(&mut first).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if first[0] != HANDSHAKE {
            return Ok(Opened::Plain(line));
        }
        let secure = TlsAcceptor::from(certificates.config())
            .accept(line)
            .await?;
        Ok::<_, std::io::Error>(Opened::Secure(Box::new(secure)))
    };
    match tokio::time::timeout(wait_max, opening).await {
        Ok(Ok(opened)) => Some(opened),
        // A tablet that does not trust the authority yet ends up here, and tells its user itself.
        Ok(Err(error)) => {
            tracing::debug!(%error, "no handshake");
            None
        }
        Err(_) => None,
    }
}

/// Answers the one request of a line that others can read.
pub(super) async fn turn_away(
    line: TcpStream,
    answering: &Answering,
    certificates: &Arc<Certificates>,
    watcher: Watcher,
) {
    let mut http = answering.http.clone();
    http.keep_alive(false)
        .header_read_timeout(answering.limits.handshake_wait_max);
    let service = service_fn(|request: Request<Incoming>| {
        let answer = dressed(elsewhere(&request, certificates));
        async move { Ok::<_, Infallible>(answer) }
    });
    let answers = http.serve_connection(TokioIo::new(line), service);
    if let Err(error) = watcher.watch(answers).await {
        tracing::debug!(%error, "a line was closed");
    }
}

/// Where to come instead. The authority's certificate is no secret, and a tablet that does not trust it yet has no
/// other way to it; its user compares the fingerprint.
fn elsewhere(request: &Request<Incoming>, certificates: &Certificates) -> Response<Body> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_read && request.uri().path() == authority::PATH {
        return authority::answer(certificates);
    }
    let location = place(request).filter(|_| is_read);
    let Some(location) = location else {
        let words = "This server speaks https only. Nothing was done.\n";
        return (StatusCode::BAD_REQUEST, words).into_response();
    };
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// The same address over TLS.
fn place(request: &Request<Incoming>) -> Option<HeaderValue> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let host: Authority = host.parse().ok()?;
    if host.as_str().contains('@') {
        return None;
    }
    let path = request.uri().path_and_query()?;
    HeaderValue::try_from(format!("https://{host}{path}")).ok()
}
