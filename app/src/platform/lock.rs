//! The lock that lets one tab write.
//!
//! Held for as long as the page lives. A second tab may take it over; the first is told, and whatever it
//! still wrote stands in another epoch.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request(name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
}

const NAME: &str = "custody-writer";

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// This tab writes.
    Granted,
    /// Another tab does.
    Elsewhere,
}

/// Asks for the lock. `steal` takes it from another tab. `lost` is called when another tab takes it.
pub async fn acquire(steal: bool, lost: impl Fn() + 'static) -> Writer {
    let options = Object::new();
    let how = if steal { "steal" } else { "ifAvailable" };
    let set = Reflect::set(&options, &how.into(), &true.into());
    debug_assert!(set.is_ok());
    let answer = Promise::new(&mut |resolve, _| {
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let have = !lock.is_null();
            let told = resolve.call1(&JsValue::NULL, &have.into());
            debug_assert!(told.is_ok());
            // The lock is held until this promise ends, which is never; without it there is none to hold.
            if have {
                Promise::new(&mut |_, _| {}).into()
            } else {
                JsValue::UNDEFINED
            }
        });
        let held = match request(NAME, &options, &granted.into()) {
            Ok(held) => held,
            // A browser without locks has one tab as far as we can tell; epochs keep two apart.
            Err(_) => return,
        };
        HELD.with_borrow_mut(|kept| *kept = Some(held));
    });
    let held = HELD.with_borrow_mut(Option::take);
    let Some(held) = held else {
        return Writer::Granted;
    };
    // A browser that cannot lock says so by rejecting; then this tab is the only one as far as we can tell.
    let first = Promise::race(&Array::of2(&answer, &held));
    match JsFuture::from(first).await {
        Ok(granted) if granted.is_truthy() => {}
        Ok(_) => return Writer::Elsewhere,
        Err(_) => return Writer::Granted,
    }
    spawn_local(async move {
        if JsFuture::from(held).await.is_err() {
            lost();
        }
    });
    Writer::Granted
}

thread_local! {
    static HELD: RefCell<Option<Promise>> = const { RefCell::new(None) };
}
