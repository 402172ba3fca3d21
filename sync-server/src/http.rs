//! What the server answers over HTTP: the whole surface is the table below.
//!
//! In: requests. Out: answers; CBOR for devices, JSON for other programs, files for browsers. Must not:
//! decide anything that `ingest` or the domain decides.
//!
//! Devices prove each request with four headers: `Custody-Device` (32 hexadecimal digits), `Custody-Time`
//! (milliseconds, any), `Custody-Nonce` (32 hexadecimal digits, a new one each time) and `Custody-Signature`
//! (128 hexadecimal digits), which signs `domain::sync::enrol::request_hash` of method, path with query,
//! time, nonce and body. A clock that is wrong is nobody's fault: time is never a reason to refuse.
//!
//! The browser of a manager who has just used a passkey brings a session in the cookie `__Host-custody`. It says no more
//! than that, and nothing at all beside another device's signature.
//!
//! Other programs bring `Authorization: Bearer TOKEN`. Whatever goes wrong for a device is a status and a CBOR
//! `Denied`; for other programs a status and JSON. Whoever asks too often gets 429 and `Retry-After`; what a browser
//! asks for a page of another site gets 403. `GET /api/v1/openapi.json` describes it all.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tokio::sync::{Semaphore, watch};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use crate::ingest::Shop;
use crate::tls::Certificates;

/// Lines to the server.
mod lines;
/// What stands before every route and goes with every answer.
mod guard;
/// How often one may ask.
mod rates;
/// How every refusal looks.
mod denial;
/// Who asks, and is it really them?
mod caller;
/// Requests seen before.
mod nonces;
/// Who the server is; devices become the shop's.
mod enrol;
/// People become known on a device.
mod sign_in;
/// A manager's devices.
mod devices;
/// Managers' passkeys.
mod passkeys;
/// How long a device may go on by itself.
mod permit;
/// Facts in, state out, orders to devices.
mod sync;
/// Word that there is something new.
mod hints;
/// An order's chain of custody.
mod chain;
/// What changed about people and devices.
mod register;
/// The shop's label printers.
mod printers;
/// Orders from other programs.
mod orders;
/// All of the above, described for other programs.
mod description;
/// The shop's own authority.
mod authority;
/// The app, as files.
mod web;
/// One line per request.
mod trace;

pub use lines::{Limits, serve};
pub use rates::{Rate, Rates};

/// PIN tries worked on at once: each takes 19 MiB and a core.
const PIN_TRIES_MAX: usize = 2;
/// Effort of compressing an answer that is made once; beyond this it costs more time than it saves.
const COMPRESSION_EFFORT: i32 = 4;

/// What every handler may use.
#[derive(Clone)]
pub struct App {
    shop: Shop,
    open_enrolment: bool,
    nonces: Arc<Mutex<nonces::Nonces>>,
    pin_tries: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
    limits: Limits,
    gauge: rates::Gauge,
    certificates: Option<Arc<Certificates>>,
}

impl App {
    /// An app on an open shop. `open_enrolment`: devices need no code. `stopping` turns true when the server
    /// is to end, so that streams end too.
    #[must_use]
    pub fn new(shop: Shop, open_enrolment: bool, stopping: watch::Receiver<bool>) -> Self {
        Self {
            shop,
            open_enrolment,
            nonces: Arc::default(),
            pin_tries: Arc::new(Semaphore::new(PIN_TRIES_MAX)),
            stopping,
            limits: Limits::default(),
            gauge: rates::Gauge::new(Rates::default()),
            certificates: None,
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same over TLS and nothing else.
    #[must_use]
    pub fn over(self, certificates: Arc<Certificates>) -> Self {
        Self {
            certificates: Some(certificates),
            ..self
        }
    }

    /// The same with other rates.
    #[must_use]
    pub fn at(self, rates: Rates) -> Self {
        Self {
            gauge: rates::Gauge::new(rates),
            ..self
        }
    }
}

/// Every route there is.
pub fn router(app: App) -> Router {
    let compression =
        CompressionLayer::new().quality(CompressionLevel::Precise(COMPRESSION_EFFORT));
    let unpacked = DefaultPredicate::new().and(NotForContentType::const_new("application/gzip"));
    Router::new()
        .route("/healthz", get(health))
        // In the open too: see `lines::secure`.
        .route("/authority.crt", get(authority::certificate))
        .route("/v1/hello", get(enrol::hello))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/stores/{store}/sign-in", post(sign_in::sign_in))
        .route("/v1/stores/{store}/devices", post(devices::devices))
        .route("/v1/stores/{store}/wiped", post(devices::wiped))
        .route("/v1/stores/{store}/passkeys", post(passkeys::passkeys))
        .route("/v1/stores/{store}/permit", post(permit::permit))
        .route("/v1/stores/{store}/push", post(sync::push))
        .route("/v1/stores/{store}/pull", get(sync::pull))
        .route("/v1/stores/{store}/sums", get(sync::sums))
        .route("/v1/stores/{store}/snapshot", get(sync::snapshot))
        .route("/v1/stores/{store}/chunks/{hash}", get(sync::chunk))
        .route("/v1/stores/{store}/claim", post(sync::claim))
        .route("/v1/stores/{store}/hints", get(hints::hints))
        .route("/v1/stores/{store}/orders/{order}/chain", get(chain::chain))
        .route("/v1/stores/{store}/register", get(register::register))
        .route("/v1/stores/{store}/printers", get(printers::printers))
        .route("/api/v1/orders", post(orders::accept))
        .route("/api/v1/orders/{source}/{id}", get(orders::standing))
        .route("/api/v1/openapi.json", get(description::openapi))
        .fallback(web::file)
        // Streams of events and files that are compressed already are left alone by it.
        .layer(compression.compress_when(unpacked))
        .layer(from_fn(guard::requests))
        .layer(from_fn(trace::request))
        // Before anything is written down of a request: a flood of them is to cost next to nothing.
        .layer(from_fn_with_state(app.clone(), rates::door))
        .layer(from_fn_with_state(app.clone(), guard::answers))
        .with_state(app)
}

async fn health(State(app): State<App>) -> (StatusCode, &'static str) {
    let read = app.shop.ask(|log| log.head()).await.map(drop);
    let written = app.shop.read(|_| ()).await;
    match read.and(written) {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the shop's log cannot be read or written");
            let words = "the log cannot be read or written\n";
            (StatusCode::SERVICE_UNAVAILABLE, words)
        }
    }
}
