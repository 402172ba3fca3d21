//! The files of the label's typeface, fetched when the first label is shown: those who only pick never load them.
//!
//! In: two files of the app's own. Out: the typeface. Must not: ask anybody but the app's own server; without a network the
//! service worker has them.

use std::cell::Cell;

use domain::label::Face;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

const TEXT: &str = "/fonts/label-text.ttf";
const STRONG: &str = "/fonts/label-strong.ttf";

thread_local! {
    static FACE: Cell<Option<&'static Face<'static>>> = const { Cell::new(None) };
}

/// The typeface, once it is here.
#[must_use]
pub fn face() -> Option<&'static Face<'static>> {
    FACE.get()
}

/// Fetches it; at once when it is here. `None` when it could not be had.
pub async fn load() -> Option<&'static Face<'static>> {
    if let Some(face) = face() {
        return Some(face);
    }
    // Kept until the page is closed: there is one of it.
    let (text, strong) = (file(TEXT).await?.leak(), file(STRONG).await?.leak());
    let face = Box::leak(Box::new(Face::parse(text, strong).ok()?));
    FACE.set(Some(face));
    Some(face)
}

async fn file(path: &str) -> Option<Vec<u8>> {
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str(path)).await;
    let answer: Response = answer.ok()?.unchecked_into();
    if !answer.ok() {
        return None;
    }
    let bytes = JsFuture::from(answer.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}
