//! The worker's own end of the wire to its page.
//!
//! In: the page's messages. Out: bytes to the page. Must not: know what the work is.
//!
//! A worker is ended by the page, which is also how it is stopped half way. Its first message is empty and says that
//! it listens: whatever is sent before that is lost.

use js_sys::Uint8Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Calls `work` with what the page asks.
pub(crate) fn hear(work: impl Fn(JsValue) + 'static) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| work(event.data()));
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    send(&JsValue::NULL);
}

/// Tells the page something.
pub(crate) fn tell(bytes: &[u8]) {
    send(&Uint8Array::from(bytes));
}

fn send(message: &JsValue) {
    let sent = scope().post_message(message);
    debug_assert!(sent.is_ok(), "bytes can always be sent");
}
