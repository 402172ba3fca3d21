//! Signed requests.
//!
//! In: messages. Out: the server's answers, read and, where they are signed, checked. Must not: retry;
//! the protocol's machine decides that.

use domain::facility::KeyKind;
use domain::id::{Hash, OrderId, Position, StoreId};
use domain::permit::{PermitAnswer, PermitAsk};
use domain::sync::enrol::{
    DenialCode, Denied, DevicesAnswer, DevicesAsk, EnrolAnswer, EnrolAsk, Hello, SignInAnswer,
    SignInAsk, request_hash,
};
use domain::sync::message::{
    ClaimAnswer, ClaimAsk, Cursor, OrderChain, PullAnswer, PullAsk, Push, PushAnswer, Seen, Signed,
    SumsAnswer,
};
use domain::sync::page::PageName;
use domain::sync::printing::PrintersAnswer;
use domain::sync::proof::{PasskeysAnswer, PasskeysAsk};
use domain::sync::register::Register;
use domain::sync::scope::ScopeHash;
use domain::sync::snapshot::{Chunk, Gone, Manifest};
use domain::sync::wipe::{WipeOrder, wipe_hash};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use minicbor::{Decode, Encode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

use crate::access::device_key::Signer;
use crate::access::enrol::Certificate;
use crate::access::server_key;
use crate::platform::{clock, random, unpack};

/// Longest wait for an answer, in milliseconds.
const WAIT_MAX: u32 = 20_000;

/// The status of an answer that names a snapshot instead of rows.
const GONE: u16 = 410;
/// The status of an answer to what is not there.
const NOT_FOUND: u16 = 404;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpFailed {
    /// The server could not be reached, or took too long.
    Unreachable,
    /// Something answered that is not our server: a captive portal, a proxy.
    NotOurs,
    /// The server said no. That the device is revoked is no more than said here.
    Denied(Denied),
    /// The device was revoked, and this is the server's own order to it, in answer to what was just asked.
    Revoked(WipeOrder),
    /// The request could not be signed.
    Unsigned,
}

impl HttpFailed {
    /// Whether trying again later may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable | Self::NotOurs => true,
            Self::Denied(denied) => denied.code == DenialCode::Unavailable,
            Self::Revoked(_) | Self::Unsigned => false,
        }
    }
}

/// What came of a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// A page.
    Page(Box<PullAnswer>),
    /// There is a snapshot to begin with.
    Gone(Gone),
}

/// Who signs requests.
#[derive(Clone)]
pub struct Caller {
    /// This device's certificate.
    pub certificate: Certificate,
    /// Its key; `None` while nobody has opened it.
    pub signer: Option<Signer>,
}

impl Caller {
    fn store(&self) -> StoreId {
        self.certificate.store
    }

    async fn headers(
        &self,
        method: &str,
        target: &str,
        body: &[u8],
    ) -> Result<(Headers, Hash), HttpFailed> {
        let headers = Headers::new().map_err(|_| HttpFailed::Unsigned)?;
        let set =
            |name: &str, value: &str| headers.set(name, value).map_err(|_| HttpFailed::Unsigned);
        set("Custody-Device", &self.certificate.device.id.to_string())?;
        let Some(signer) = &self.signer else {
            set("Custody-Boot", &hex(&self.certificate.boot_token))?;
            return Ok((headers, Hash::default()));
        };
        let time = clock::wall().to_string();
        let nonce = hex(&random::bytes::<16>());
        let hash = request_hash(method, target, &time, &nonce, body);
        let signature = signer
            .sign(&hash.0)
            .await
            .map_err(|_| HttpFailed::Unsigned)?;
        set("Custody-Time", &time)?;
        set("Custody-Nonce", &nonce)?;
        set("Custody-Signature", &hex(&signature))?;
        Ok((headers, hash))
    }

    /// A request's answer, when it is a good one. An order to wipe is believed only when it answers this request of
    /// this device and the pinned key signed it.
    async fn good(
        &self,
        request: &Hash,
        (status, bytes): (u16, Vec<u8>),
    ) -> Result<Vec<u8>, HttpFailed> {
        let cause = match good(status, bytes) {
            Err(HttpFailed::Denied(cause)) => cause,
            other => return other,
        };
        if let Some(Signed { bytes, signature }) = &cause.wipe
            && cause.code == DenialCode::RevokedDevice
            && let Some(order) = WipeOrder::read(bytes, self.certificate.holder(), *request)
            && server_key::signed(&self.certificate, &wipe_hash(bytes), signature).await
        {
            return Err(HttpFailed::Revoked(order));
        }
        Err(HttpFailed::Denied(cause))
    }

    async fn post<A: Encode<()>, B: for<'b> Decode<'b, ()>>(
        &self,
        path: &str,
        ask: &A,
    ) -> Result<B, HttpFailed> {
        let target = format!("/v1/stores/{}/{path}", self.store());
        let body = domain::event::encode(ask);
        let (headers, request) = self.headers("POST", &target, &body).await?;
        let answer = answered("POST", &target, Some(&body), headers).await?;
        read(&self.good(&request, answer).await?)
    }

    async fn ask<B: for<'b> Decode<'b, ()>>(&self, path: &str) -> Result<B, HttpFailed> {
        let target = format!("/v1/stores/{}/{path}", self.store());
        let (headers, request) = self.headers("GET", &target, &[]).await?;
        let answer = answered("GET", &target, None, headers).await?;
        read(&self.good(&request, answer).await?)
    }

    /// Sends facts. The answer is believed only when the server's key signed it.
    ///
    /// # Errors
    /// When there is no answer, or one that is not the server's.
    pub async fn push(&self, push: &Push) -> Result<PushAnswer, HttpFailed> {
        let signed: Signed = self.post("push", push).await?;
        if !self.is_servers(&signed.hash(), &signed.signature).await {
            return Err(HttpFailed::NotOurs);
        }
        read(&signed.bytes)
    }

    /// Whether the server's key signed this, as far as this browser can tell.
    pub(crate) async fn is_servers(&self, hash: &Hash, signature: &[u8]) -> bool {
        // A browser without Ed25519 cannot check a receipt; the connection has to be enough.
        let is_blind = self.certificate.device.key_kind != KeyKind::Ed25519;
        self.checks(hash, signature).await.unwrap_or(is_blind)
    }

    /// Whether the server's key signed this; `None` where the browser cannot tell.
    pub async fn checks(&self, hash: &Hash, signature: &[u8]) -> Option<bool> {
        server_key::checks(&self.certificate, hash, signature).await
    }

    /// Asks for state behind a cursor, and for the log's newest head where something is said of what was seen.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn pull(&self, wanted: &PullAsk, seen: Option<&Seen>) -> Result<Pulled, HttpFailed> {
        let Cursor {
            incarnation,
            position,
            schema,
            scope,
        } = wanted.cursor;
        let (incarnation, position) = (hex(&incarnation.0), position.0);
        let name = |page: &PageName| format!("{}.{}", page.kind.number(), page.number);
        let whole: Vec<String> = wanted.whole.iter().map(name).collect();
        let whole = match whole.is_empty() {
            true => String::new(),
            false => format!("&whole={}", whole.join(",")),
        };
        let scope = scope.map_or_else(String::new, |ScopeHash(hash)| {
            format!("&scope={}", hex(&hash))
        });
        let snapshots = wanted.snapshots;
        let began = match wanted.began {
            Some(Position(began)) => format!("&began={began}"),
            None => String::new(),
        };
        let seen = seen.map_or_else(String::new, in_query);
        let target = format!(
            "/v1/stores/{}/pull?incarnation={incarnation}&position={position}&schema={schema}\
             {scope}&snapshots={snapshots}&sealed=true{began}{whole}{seen}",
            self.store()
        );
        let (headers, request) = self.headers("GET", &target, &[]).await?;
        let (status, bytes) = answered("GET", &target, None, headers).await?;
        match status {
            GONE => read(&bytes).map(Pulled::Gone),
            _ => read(&self.good(&request, (status, bytes)).await?)
                .map(|page| Pulled::Page(Box::new(page))),
        }
    }

    /// Asks which snapshot there is. It is believed only when the server's key signed it.
    ///
    /// # Errors
    /// When there is no answer, or one that is not the server's.
    pub async fn snapshot(&self) -> Result<Manifest, HttpFailed> {
        let signed: Signed = self.ask("snapshot").await?;
        let hash = Manifest::signed_hash(&signed.bytes);
        if !self.is_servers(&hash, &signed.signature).await {
            return Err(HttpFailed::NotOurs);
        }
        let manifest: Manifest = read(&signed.bytes)?;
        match manifest.is_sound(self.store()) {
            true => Ok(manifest),
            false => Err(HttpFailed::NotOurs),
        }
    }

    /// Fetches a chunk of a snapshot; `None` when the server does not have it.
    ///
    /// # Errors
    /// When there is no answer, or one that is no chunk.
    pub async fn chunk(&self, chunk: &Chunk) -> Result<Option<Vec<u8>>, HttpFailed> {
        let target = format!("/v1/stores/{}/chunks/{}", self.store(), chunk.hash);
        let (headers, _) = self.headers("GET", &target, &[]).await?;
        let (response, timeout) = asked("GET", &target, None, headers).await?;
        if response.status() == NOT_FOUND {
            return Ok(None);
        }
        let body = response.body().filter(|_| response.ok());
        let body = body.ok_or(HttpFailed::NotOurs)?;
        let bytes_max = usize::try_from(chunk.bytes).unwrap_or(0);
        let bytes = unpack::unpacked(&body, bytes_max).await;
        drop(timeout);
        bytes.map(Some).ok_or(HttpFailed::Unreachable)
    }

    /// Asks for the sum of each page of the view.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn sums(&self) -> Result<SumsAnswer, HttpFailed> {
        self.ask("sums").await
    }

    /// Asks for a lease.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn claim(&self, ask: &ClaimAsk) -> Result<ClaimAnswer, HttpFailed> {
        self.post("claim", ask).await
    }

    /// Lets the server open a person's seal.
    ///
    /// # Errors
    /// When it does not open, or there is no answer.
    pub async fn sign_in(&self, ask: &SignInAsk) -> Result<SignInAnswer, HttpFailed> {
        self.post("sign-in", ask).await
    }

    /// Asks how long the people on this device may go on without the server.
    ///
    /// # Errors
    /// When there is no answer, or no.
    pub async fn permit(&self, ask: &PermitAsk) -> Result<PermitAnswer, HttpFailed> {
        self.post("permit", ask).await
    }

    /// Says, by this device's own signature, that it forgot what it held of the shop.
    ///
    /// # Errors
    /// When there is no answer, or no.
    pub async fn wiped(&self, told: &Signed) -> Result<bool, HttpFailed> {
        self.post("wiped", told).await
    }

    /// Does what a manager wants done about devices.
    ///
    /// # Errors
    /// When there is no answer, or no.
    pub async fn devices(&self, ask: &DevicesAsk) -> Result<DevicesAnswer, HttpFailed> {
        self.post("devices", ask).await
    }

    /// Does something about a person's passkeys.
    ///
    /// # Errors
    /// When there is no answer, or no.
    pub async fn passkeys(&self, ask: &PasskeysAsk) -> Result<PasskeysAnswer, HttpFailed> {
        self.post("passkeys", ask).await
    }

    /// Everything recorded about an order.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn chain(&self, order: OrderId, actor: u32) -> Result<OrderChain, HttpFailed> {
        self.ask(&format!("orders/{order}/chain?actor={actor}"))
            .await
    }

    /// What changed about people, devices and passkeys.
    ///
    /// # Errors
    /// When there is no answer, or no.
    pub async fn register(&self, actor: u32) -> Result<Register, HttpFailed> {
        self.ask(&format!("register?actor={actor}")).await
    }

    /// The shop's label printers, and what became of what they were given lately.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn printers(&self) -> Result<PrintersAnswer, HttpFailed> {
        self.ask("printers").await
    }

    /// Opens the stream of hints.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn hints(&self, until: &AbortController) -> Result<Response, HttpFailed> {
        let target = format!("/v1/stores/{}/hints", self.store());
        let (headers, _) = self.headers("GET", &target, &[]).await?;
        let init = RequestInit::new();
        init.set_method("GET");
        init.set_headers(&headers);
        init.set_signal(Some(&until.signal()));
        fetch(&target, &init).await
    }
}

fn in_query(seen: &Seen) -> String {
    let signed = seen.signature.as_ref();
    let signed = signed.map_or_else(String::new, |bytes| format!("&signed={}", hex(bytes)));
    format!("&seen={}{signed}", seen.size)
}

/// Who answers at this address.
///
/// # Errors
/// When nobody does.
pub async fn hello() -> Result<Hello, HttpFailed> {
    let headers = Headers::new().map_err(|_| HttpFailed::Unsigned)?;
    read(&send("GET", "/v1/hello", None, headers).await?)
}

/// Asks to be taken in.
///
/// # Errors
/// When the server says no.
pub async fn enrol(ask: &EnrolAsk) -> Result<EnrolAnswer, HttpFailed> {
    let headers = Headers::new().map_err(|_| HttpFailed::Unsigned)?;
    read(
        &send(
            "POST",
            "/v1/enrol",
            Some(&domain::event::encode(ask)),
            headers,
        )
        .await?,
    )
}

fn read<B: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<B, HttpFailed> {
    minicbor::decode(bytes).map_err(|_| HttpFailed::NotOurs)
}

/// Hexadecimal text.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn fetch(target: &str, init: &RequestInit) -> Result<Response, HttpFailed> {
    let window = web_sys::window().ok_or(HttpFailed::Unreachable)?;
    let answered = JsFuture::from(window.fetch_with_str_and_init(target, init)).await;
    answered
        .map(JsCast::unchecked_into)
        .map_err(|_| HttpFailed::Unreachable)
}

async fn send(
    method: &str,
    target: &str,
    body: Option<&[u8]>,
    headers: Headers,
) -> Result<Vec<u8>, HttpFailed> {
    let (status, bytes) = answered(method, target, body, headers).await?;
    good(status, bytes)
}

fn good(status: u16, bytes: Vec<u8>) -> Result<Vec<u8>, HttpFailed> {
    if (200..300).contains(&status) {
        return Ok(bytes);
    }
    Err(minicbor::decode::<Denied>(&bytes).map_or(HttpFailed::NotOurs, HttpFailed::Denied))
}

/// The status of the answer, and all of it.
async fn answered(
    method: &str,
    target: &str,
    body: Option<&[u8]>,
    headers: Headers,
) -> Result<(u16, Vec<u8>), HttpFailed> {
    let (response, timeout) = asked(method, target, body, headers).await?;
    let body: JsValue = match response.array_buffer() {
        Ok(body) => JsFuture::from(body)
            .await
            .map_err(|_| HttpFailed::Unreachable)?,
        Err(_) => return Err(HttpFailed::Unreachable),
    };
    drop(timeout);
    Ok((response.status(), Uint8Array::new(&body).to_vec()))
}

/// An answer that has begun, and what ends it when the rest takes too long.
async fn asked(
    method: &str,
    target: &str,
    body: Option<&[u8]>,
    headers: Headers,
) -> Result<(Response, Timeout), HttpFailed> {
    let until = AbortController::new().map_err(|_| HttpFailed::Unreachable)?;
    let stop = until.clone();
    let timeout = Timeout::new(WAIT_MAX, move || stop.abort());
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        headers
            .set("Content-Type", "application/cbor")
            .map_err(|_| HttpFailed::Unsigned)?;
        init.set_body(&Uint8Array::from(body));
    }
    init.set_headers(&headers);
    init.set_signal(Some(&until.signal()));
    Ok((fetch(target, &init).await?, timeout))
}
