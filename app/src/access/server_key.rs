//! Whether the server's key, pinned when this device was enrolled, signed something.
//!
//! In: a hash, a signature. Out: a yes or a no. Must not: take a browser that cannot tell for one that says yes, where
//! anything is lost by it.
//!
//! A browser without Ed25519 tells by the worker that checks auditors' bundles: it brings the check along.

use std::cell::Cell;
use std::rc::Rc;

use domain::facility::KeyKind;
use domain::id::Hash;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::access::enrol::Certificate;
use crate::platform::crypto;
use crate::platform::worker::{Heard, Worker};

/// What the worker tells of a signature that is good.
const GOOD: [u8; 1] = [1];

/// Whether the server's key signed a hash, by whatever can tell here; `false` where nothing can.
pub async fn signed(certificate: &Certificate, hash: &Hash, signature: &[u8]) -> bool {
    match checks(certificate, hash, signature).await {
        Some(is_good) => is_good,
        None => in_worker(&certificate.server_key, hash, signature).await,
    }
}

/// Whether the server's key signed a hash; `None` where the browser itself cannot tell.
pub async fn checks(certificate: &Certificate, hash: &Hash, signature: &[u8]) -> Option<bool> {
    let kind = KeyKind::Ed25519;
    let key = crypto::public_from_bytes(kind, &certificate.server_key).await;
    let checked = crypto::verify(kind, &key.ok()?, &hash.0, signature).await;
    Some(checked.unwrap_or(false))
}

async fn in_worker(key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
    let ask = Array::of3(
        &Uint8Array::from(key),
        &Uint8Array::from(hash.0.as_slice()),
        &Uint8Array::from(signature),
    );
    let mut worker = None;
    let told = Promise::new(&mut |resolve, _| {
        let told = Rc::new(Cell::new(Some(resolve)));
        worker = Worker::start("worker-verify", ask.clone().into(), move |heard| {
            let is_good = match heard {
                Heard::Listens => return,
                Heard::Bytes(bytes) => bytes == GOOD,
                Heard::Failed => false,
            };
            if let Some(resolve) = told.take() {
                let resolved = resolve.call1(&JsValue::NULL, &is_good.into());
                debug_assert!(resolved.is_ok(), "a promise can be kept");
            }
        });
    });
    if worker.is_none() {
        return false;
    }
    let is_good = JsFuture::from(told).await;
    drop(worker);
    is_good.is_ok_and(|told| told.is_truthy())
}
