//! Hints from the server, as they come; and the browser's own signs that it is time to look.
//!
//! In: a stream of events. Out: wake-ups for the protocol's machine. Must not: carry truth; losing a hint
//! costs time only.

use std::cell::RefCell;

use domain::sync::device::Input;
use gloo_timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader};

use crate::device::Device;
use crate::sync::{carry, run};

/// Wait before the stream is opened again, in milliseconds. Safari's dead sockets need a moment to go.
const REOPEN: u32 = 3_000;

thread_local! {
    static STREAM: RefCell<Option<AbortController>> = const { RefCell::new(None) };
    static AGAIN: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Opens the stream, and listens for the page coming to the front, the network coming back, and the network going: what is
/// asked then fails at once, and the strip says so.
pub fn start(device: &'static Device) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let wake = Closure::<dyn Fn()>::new(move || {
        run::step(device, Input::Wake);
        carry::wake(device);
        open(device);
    });
    for name in ["online", "offline", "pageshow", "focus"] {
        let listening =
            window.add_event_listener_with_callback(name, wake.as_ref().unchecked_ref());
        debug_assert!(listening.is_ok());
    }
    wake.forget();
    if let Some(document) = window.document() {
        let shown = Closure::<dyn Fn()>::new(move || {
            let hidden = web_sys::window()
                .and_then(|window| window.document())
                .is_none_or(|document| document.hidden());
            if !hidden {
                run::step(device, Input::Wake);
                carry::wake(device);
                open(device);
            }
        });
        let name = "visibilitychange";
        let listening =
            document.add_event_listener_with_callback(name, shown.as_ref().unchecked_ref());
        debug_assert!(listening.is_ok());
        shown.forget();
    }
    open(device);
}

/// Closes the stream.
pub fn stop() {
    if let Some(stream) = STREAM.take() {
        stream.abort();
    }
    AGAIN.take();
}

/// Opens the stream anew.
pub fn open(device: &'static Device) {
    stop();
    let Ok(until) = AbortController::new() else {
        return;
    };
    STREAM.replace(Some(until.clone()));
    spawn_local(async move {
        let read = listen(device, &until).await;
        if !until.signal().aborted() {
            debug_assert!(read.is_none(), "the stream ends only when it breaks");
            AGAIN.replace(Some(Timeout::new(REOPEN, move || open(device))));
        }
    });
}

async fn listen(device: &'static Device, until: &AbortController) -> Option<()> {
    let caller = device.caller().filter(|caller| caller.signer.is_some())?;
    let response = caller.hints(until).await.ok()?;
    if !response.ok() {
        return None;
    }
    let reader: ReadableStreamDefaultReader = response.body()?.get_reader().unchecked_into();
    loop {
        let part = JsFuture::from(reader.read()).await.ok()?;
        let field = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok();
        if field("done")?.is_truthy() {
            return None;
        }
        let bytes = Uint8Array::new(&field("value")?).to_vec();
        // Which position it names does not matter: the pull asks for everything behind the cursor.
        if bytes.windows(5).any(|part| part == b"data:") {
            run::step(device, Input::Wake);
        }
    }
}
