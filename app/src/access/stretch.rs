//! A PIN made into a key, away from the screen.
//!
//! In: a secret, a salt, what it may cost. Out: 32 bytes. Must not: freeze the page; the work is a worker's, which ends
//! with its work and takes its memory along.

use std::cell::Cell;

use domain::event::encode;
use domain::pin::Stretch;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen_futures::JsFuture;

use crate::access::device_key::KeyFailed;
use crate::platform::crypto::CryptoFailed;
use crate::platform::worker::{Heard, Worker};

const KEY_BYTES: usize = 32;

/// Makes the key.
///
/// # Errors
/// When this browser starts no worker, or has no memory for the work.
pub async fn in_worker(ask: Stretch) -> Result<Vec<u8>, KeyFailed> {
    let ask = Uint8Array::from(encode(&ask).as_slice());
    let mut worker = None;
    let told = Promise::new(&mut |resolve, _| {
        let told = Cell::new(Some(resolve));
        let told = std::rc::Rc::new(told);
        worker = Worker::start("worker-pin", ask.clone().into(), move |heard| {
            let answer = match heard {
                Heard::Listens => return,
                Heard::Bytes(bytes) => Uint8Array::from(bytes.as_slice()),
                Heard::Failed => Uint8Array::new_with_length(0),
            };
            if let Some(resolve) = told.take() {
                let resolved = resolve.call1(&wasm_bindgen::JsValue::NULL, &answer);
                debug_assert!(resolved.is_ok(), "a promise can be kept");
            }
        });
    });
    let failed = |why: &str| KeyFailed::Crypto(CryptoFailed(why.to_owned()));
    if worker.is_none() {
        return Err(failed("no worker can be started"));
    }
    let key = JsFuture::from(told)
        .await
        .map(|key| Uint8Array::new(&key).to_vec());
    drop(worker);
    key.ok()
        .filter(|key| key.len() == KEY_BYTES)
        .ok_or_else(|| failed("the worker made no key"))
}
