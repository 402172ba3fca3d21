//! The worker that checks an auditor's bundle, or a single signature for a browser that cannot.
//!
//! In: `[file, whether every signature is checked]` from the page. Out: [`Told`], in bytes, at most ten times a second
//! until the report. In: `[key, hash, signature]`, of Ed25519 and each in bytes. Out: a byte, 1 when they belong together.
//! Must not: hold more of the file than a piece, or decide anything: `domain` does.

use domain::audit::verify::{Depth, Told, Verifier};
use domain::facility::KeyKind;
use domain::id::Hash;
use domain::signature::verifies;
use js_sys::{Array, Date, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

/// The wire to the page.
mod scope;

/// Bytes read from the file at a time.
const PIECE_BYTES: f64 = 1024.0 * 1024.0;
/// Bytes checked between two looks at the clock: far less than a tenth of a second's work.
const STEP_BYTES: usize = 16 * 1024;
/// Milliseconds between two words on the progress.
const PROGRESS_MS: f64 = 100.0;

fn main() {
    scope::hear(|ask| {
        let ask: Array = ask.unchecked_into();
        if ask.get(0).is_instance_of::<Uint8Array>() {
            scope::tell(&[u8::from(is_signature(&ask))]);
            return;
        }
        let file: Blob = ask.get(0).unchecked_into();
        let depth = if ask.get(1).is_truthy() {
            Depth::EveryEvent
        } else {
            Depth::Runs
        };
        spawn_local(async move {
            let tell = |told: &Told| scope::tell(&told.to_bytes());
            check(&file, depth, PROGRESS_MS, tell).await;
        });
    });
}

/// Whether key, hash and signature belong together.
fn is_signature(ask: &Array) -> bool {
    let part = |at| {
        ask.get(at)
            .dyn_into()
            .map(|bytes: Uint8Array| bytes.to_vec())
    };
    let (Ok(key), Ok(hash), Ok(signature)) = (part(0), part(1), part(2)) else {
        return false;
    };
    <[u8; 32]>::try_from(hash)
        .is_ok_and(|hash| verifies(KeyKind::Ed25519, &key, &Hash(hash), &signature))
}

/// Tells of the progress no more often than `progress_ms` allows.
async fn check(file: &Blob, depth: Depth, progress_ms: f64, tell: impl Fn(&Told)) {
    let mut verifier = Verifier::new(depth, verifies);
    let mut told_at = Date::now();
    let size = file.size();
    let mut at = 0.0;
    'file: while at < size {
        let end = (at + PIECE_BYTES).min(size);
        let Some(piece) = read(file, at, end).await else {
            tell(&Told::Unreadable);
            return;
        };
        for step in piece.chunks(STEP_BYTES) {
            if !verifier.push(step) {
                break 'file;
            }
            let now = Date::now();
            // A clock that was set back must not silence the rest.
            if !(0.0..progress_ms).contains(&(now - told_at)) {
                told_at = now;
                let (bytes, events) = (verifier.report().bytes, verifier.report().events);
                tell(&Told::Progress { bytes, events });
            }
        }
        at = end;
    }
    tell(&Told::Done(Box::new(verifier.finish())));
}

/// Bytes of the file from one place to another. `None`: it cannot be read, or not to there.
async fn read(file: &Blob, from: f64, to: f64) -> Option<Vec<u8>> {
    let slice = file.slice_with_f64_and_f64(from, to).ok()?;
    let buffer = JsFuture::from(slice.array_buffer()).await.ok()?;
    let bytes = Uint8Array::new(&buffer);
    (f64::from(bytes.length()) == to - from).then(|| bytes.to_vec())
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
