//! Work away from the screen: a worker of the app's own, with a module of its own.
//!
//! In: the worker's name, what it is asked. Out: the bytes it tells. Must not: be fetched before it is needed.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use web_sys::{Event, MessageEvent};

/// What comes from a worker.
pub enum Heard {
    /// It has started and can be asked.
    Listens,
    /// What it tells.
    Bytes(Vec<u8>),
    /// It could not start, or broke. Nothing more comes.
    Failed,
}

/// A worker at work. It ends when this is dropped, wherever it is by then.
pub struct Worker {
    worker: web_sys::Worker,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _failed: Closure<dyn Fn(Event)>,
}

impl core::fmt::Debug for Worker {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Worker(..)")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Where the build put a worker's script: its name has the contents in it, and the page knows it.
fn address(name: &str) -> Option<String> {
    let page = web_sys::window()?.document()?;
    let named = page.query_selector(&format!("meta[name={name}]")).ok()??;
    named.get_attribute("content")
}

impl Worker {
    /// Starts a worker and asks it one thing. `None`: this browser or this build has none.
    pub fn start(name: &str, ask: JsValue, hear: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        Self::begin(name, Some(ask), hear)
    }

    /// Starts a worker that is asked again and again, once it listens. `None`: this browser or this build has none.
    pub fn open(name: &str, hear: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        Self::begin(name, None, hear)
    }

    /// Asks it something. What is `moved` is no longer here afterwards, and was not copied.
    pub fn ask(&self, ask: &JsValue, moved: &Array) {
        let sent = self.worker.post_message_with_transfer(ask, moved);
        debug_assert!(sent.is_ok(), "what can be moved can be sent");
    }

    fn begin(
        name: &str,
        ask: Option<JsValue>,
        hear: impl Fn(Heard) + Clone + 'static,
    ) -> Option<Self> {
        let worker = web_sys::Worker::new(&address(name)?).ok()?;
        let failed = {
            let hear = hear.clone();
            Closure::<dyn Fn(Event)>::new(move |_| hear(Heard::Failed))
        };
        let asked = worker.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            match (event.data().dyn_into::<Uint8Array>(), &ask) {
                (Ok(bytes), _) => hear(Heard::Bytes(bytes.to_vec())),
                // The first message is empty: it listens now.
                (Err(_), Some(ask)) => {
                    let sent = asked.post_message(ask);
                    debug_assert!(sent.is_ok(), "a file can always be sent");
                }
                (Err(_), None) => hear(Heard::Listens),
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _heard: heard,
            _failed: failed,
        })
    }
}
