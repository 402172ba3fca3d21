//! Signed requests, and what may answer them: the server, a portal, nobody.

use app::access::device_key::{self, Signer};
use app::access::enrol::Certificate;
use app::platform::crypto;
use app::sync::http::{Caller, HttpFailed, Pulled, enrol, hello};
use domain::event::encode;
use domain::facility::{Device, KeyKind};
use domain::id::{ActorId, DeviceId, Hash, OrderId, Position, StoreId};
use domain::permit::Holder;
use domain::sync::enrol::{DenialCode, Denied, EnrolAsk, SignInAsk, request_hash};
use domain::sync::message::{ClaimAsk, Cursor, Incarnation, Push, PushAnswer, Signed, VIEW_SCHEMA};
use domain::sync::wipe::{WipeOrder, wipe_hash};
use domain::time::Millis;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::own_events::fresh;

#[wasm_bindgen(inline_js = r#"
const real = globalThis.fetch;
let asked;

function ask(target, init) {
  const headers = Object.fromEntries(init.headers.entries());
  asked = { target, method: init.method, headers, body: init.body ?? new Uint8Array() };
}

export function answerWith(status, view) {
  // A view into memory that is used again for something else before the answer is read.
  const bytes = view.slice();
  globalThis.fetch = async (target, init) => {
    globalThis.fetch = real;
    ask(target, init);
    return new Response(bytes, { status });
  };
}

export function answerNothing() {
  globalThis.fetch = async () => {
    globalThis.fetch = real;
    throw new TypeError("Failed to fetch");
  };
}

export function answerBy(status, make) {
  globalThis.fetch = async (target, init) => {
    globalThis.fetch = real;
    ask(target, init);
    return new Response(await make(), { status });
  };
}

export function askedTarget() { return `${asked.method} ${asked.target}`; }
export function askedHeader(name) { return asked.headers[name] ?? ""; }
export function askedBody() { return asked.body; }
"#)]
extern "C" {
    #[wasm_bindgen(js_name = answerWith)]
    fn answer_with(status: u16, bytes: &[u8]);
    #[wasm_bindgen(js_name = answerNothing)]
    fn answer_nothing();
    #[wasm_bindgen(js_name = answerBy)]
    fn answer_by(status: u16, make: &Closure<dyn Fn() -> Promise>);
    #[wasm_bindgen(js_name = askedTarget)]
    fn asked_target() -> String;
    #[wasm_bindgen(js_name = askedHeader)]
    fn asked_header(name: &str) -> String;
    #[wasm_bindgen(js_name = askedBody)]
    fn asked_body() -> Uint8Array;
}

const PORTAL: &[u8] = b"<!doctype html><title>Welcome to the guest network</title>";

/// A pair of keys for whoever plays the server.
async fn server_key() -> (Signer, Vec<u8>) {
    let key = device_key::make(&fresh().await).await.unwrap();
    (key.signer, key.public)
}

async fn caller(server_key: Vec<u8>) -> (Caller, Vec<u8>) {
    let key = device_key::make(&fresh().await).await.unwrap();
    let certificate = Certificate {
        store: StoreId([5; 16]),
        device: Device {
            id: DeviceId([6; 16]),
            name: "Tablet 3".to_owned(),
            generation: 1,
            key_kind: KeyKind::Ed25519,
            public_key: key.public.clone(),
            active: true,
            is_server: false,
            purpose: None,
        },
        server_key,
        boot_token: Vec::new(),
        store_name: "Harbor Street".to_owned(),
    };
    (
        Caller {
            certificate,
            signer: Some(key.signer),
        },
        key.public,
    )
}

fn push() -> Push {
    let cursor = Cursor {
        schema: VIEW_SCHEMA,
        ..Cursor::default()
    };
    Push {
        chains: Vec::new(),
        cursor,
        build: "test".to_owned(),
    }
}

fn receipts() -> PushAnswer {
    PushAnswer {
        store: StoreId([5; 16]),
        incarnation: Incarnation([9; 16]),
        chains: Vec::new(),
        head: Position(7),
        server_wall: 1,
    }
}

async fn signed_by(signer: &Signer, answer: &PushAnswer) -> Vec<u8> {
    let mut signed = Signed {
        bytes: encode(answer),
        signature: Vec::new(),
    };
    signed.signature = signer.sign(&signed.hash().0).await.unwrap();
    encode(&signed)
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

#[wasm_bindgen_test]
async fn a_request_proves_the_device_and_every_byte_of_what_it_says() {
    let (server, public) = server_key().await;
    let (caller, own_public) = caller(public).await;
    answer_with(200, &signed_by(&server, &receipts()).await);
    caller.push(&push()).await.unwrap();
    let target = format!("/v1/stores/{}/push", StoreId([5; 16]));
    assert_eq!(asked_target(), format!("POST {target}"));
    assert_eq!(
        asked_header("custody-device"),
        DeviceId([6; 16]).to_string()
    );
    let body = asked_body().to_vec();
    assert_eq!(body, encode(&push()));
    let (time, nonce) = (asked_header("custody-time"), asked_header("custody-nonce"));
    let Hash(hash) = request_hash("POST", &target, &time, &nonce, &body);
    let signature = unhex(&asked_header("custody-signature"));
    let key = crypto::public_from_bytes(KeyKind::Ed25519, &own_public)
        .await
        .unwrap();
    assert_eq!(
        crypto::verify(KeyKind::Ed25519, &key, &hash, &signature).await,
        Ok(true)
    );
}

#[wasm_bindgen_test]
async fn receipts_are_believed_only_when_the_pinned_key_signed_them() {
    let (server, public) = server_key().await;
    let (stranger, _) = server_key().await;
    let (caller, _) = caller(public).await;
    answer_with(200, &signed_by(&server, &receipts()).await);
    assert_eq!(caller.push(&push()).await, Ok(receipts()));
    answer_with(200, &signed_by(&stranger, &receipts()).await);
    assert_eq!(caller.push(&push()).await, Err(HttpFailed::NotOurs));
    let mut changed = signed_by(&server, &receipts()).await;
    changed[10] ^= 1;
    answer_with(200, &changed);
    assert_eq!(caller.push(&push()).await, Err(HttpFailed::NotOurs));
}

#[wasm_bindgen_test]
async fn a_captive_portal_is_not_taken_for_the_server() {
    let (_, public) = server_key().await;
    let (caller, _) = caller(public).await;
    answer_with(200, PORTAL);
    assert_eq!(caller.push(&push()).await, Err(HttpFailed::NotOurs));
    answer_with(511, PORTAL);
    assert_eq!(
        caller.pull(&Cursor::default().into(), None).await,
        Err(HttpFailed::NotOurs)
    );
    answer_with(200, PORTAL);
    assert_eq!(hello().await, Err(HttpFailed::NotOurs));
    assert!(HttpFailed::NotOurs.is_transient());
}

#[wasm_bindgen_test]
async fn no_request_of_any_kind_takes_a_captive_portals_page_for_an_answer() {
    let (_, public) = server_key().await;
    let (caller, own_public) = caller(public).await;
    let portal = || answer_with(200, PORTAL);
    let actor = ActorId(1);
    portal();
    let ask = ClaimAsk {
        actor,
        orders: vec![OrderId([1; 16])],
        device: None,
    };
    assert_eq!(caller.claim(&ask).await, Err(HttpFailed::NotOurs));
    portal();
    let pulled = caller.pull(&Cursor::default().into(), None).await;
    assert_eq!(pulled, Err(HttpFailed::NotOurs));
    portal();
    let pin = "274913".to_owned();
    let new_pin = None;
    let ask = SignInAsk {
        actor,
        pin,
        new_pin,
    };
    let opened = caller.sign_in(&ask).await;
    assert_eq!(opened, Err(HttpFailed::NotOurs));
    portal();
    let chain = caller.chain(OrderId([1; 16]), actor.0).await;
    assert_eq!(chain, Err(HttpFailed::NotOurs));
    portal();
    let ask = EnrolAsk {
        code: String::new(),
        name: "Tablet 3".to_owned(),
        key_kind: KeyKind::Ed25519,
        public_key: own_public,
        proof: vec![0; 64],
    };
    assert_eq!(enrol(&ask).await, Err(HttpFailed::NotOurs));
}

#[wasm_bindgen_test]
async fn no_network_is_worth_another_try() {
    answer_nothing();
    let failed = hello().await;
    assert_eq!(failed, Err(HttpFailed::Unreachable));
    assert!(failed.is_err_and(|cause| cause.is_transient()));
}

#[wasm_bindgen_test]
async fn a_no_from_the_server_says_why() {
    let (_, public) = server_key().await;
    let (caller, _) = caller(public).await;
    // A word that nobody signed is no order to wipe anything.
    let denied = Denied::from(DenialCode::RevokedDevice);
    answer_with(403, &encode(&denied));
    let answered = caller.pull(&Cursor::default().into(), None).await;
    assert_eq!(answered, Err(HttpFailed::Denied(denied)));
    assert!(!answered.is_err_and(|cause| cause.is_transient()));
}

/// Asks, and is answered with an order to wipe: who signs it, for whom it is, and whether it answers what was asked.
async fn ordered(
    caller: &Caller,
    signer: &Signer,
    holder: Holder,
    answers: bool,
) -> Result<Pulled, HttpFailed> {
    let signer = signer.clone();
    let make = Closure::<dyn Fn() -> Promise>::new(move || {
        let signer = signer.clone();
        future_to_promise(async move {
            let (time, nonce) = (asked_header("custody-time"), asked_header("custody-nonce"));
            let asked = asked_target();
            let (method, target) = asked.split_once(' ').unwrap();
            let time = if answers { time } else { "1".to_owned() };
            let request = request_hash(method, target, &time, &nonce, &[]);
            let bytes = WipeOrder::to(holder, request, Millis(1)).to_bytes();
            let signature = signer.sign(&wipe_hash(&bytes).0).await.unwrap();
            let denied = Denied {
                wipe: Some(Signed { bytes, signature }),
                ..DenialCode::RevokedDevice.into()
            };
            Ok(Uint8Array::from(encode(&denied).as_slice()).into())
        })
    });
    answer_by(403, &make);
    caller.pull(&Cursor::default().into(), None).await
}

#[wasm_bindgen_test]
async fn an_order_to_wipe_is_believed_only_as_the_servers_answer_to_what_was_just_asked() {
    let (server, public) = server_key().await;
    let (stranger, _) = server_key().await;
    let (caller, _) = caller(public).await;
    let here = caller.certificate.holder();
    let other = Holder {
        device: DeviceId([7; 16]),
        ..here
    };
    let before = Holder {
        generation: 0,
        ..here
    };
    for (signer, holder, answers) in [
        (&stranger, here, true),
        (&server, other, true),
        (&server, before, true),
        (&server, here, false),
    ] {
        let failed = ordered(&caller, signer, holder, answers).await.unwrap_err();
        assert!(matches!(failed, HttpFailed::Denied(_)), "{failed:?}");
    }
    let failed = ordered(&caller, &server, here, true).await.unwrap_err();
    assert!(matches!(failed, HttpFailed::Revoked(_)), "{failed:?}");
    assert!(!failed.is_transient());
}

#[wasm_bindgen_test]
async fn a_device_whose_key_is_still_closed_shows_its_boot_token_instead() {
    let (_, public) = server_key().await;
    let (mut caller, _) = caller(public).await;
    caller.signer = None;
    caller.certificate.boot_token = vec![0xab, 0xcd];
    answer_nothing();
    assert_eq!(caller.push(&push()).await, Err(HttpFailed::Unreachable));
    answer_with(200, PORTAL);
    assert_eq!(caller.push(&push()).await, Err(HttpFailed::NotOurs));
    assert_eq!(asked_header("custody-boot"), "abcd");
    assert_eq!(asked_header("custody-signature"), "");
}
