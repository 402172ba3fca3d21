//! How long nobody has touched the device.
//!
//! In: touches, keys, readings. Out: seconds. Must not: be fooled by a clock that was set, or by a tablet that slept.

use std::cell::Cell;

use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::Event;

use crate::platform::clock;

/// What people do to a screen.
const TOUCHES: [&str; 3] = ["pointerdown", "keydown", "wheel"];

thread_local! {
    /// The last touch, by the clock that never jumps and by the one on the wall: the first may stand still while the
    /// device sleeps.
    static LAST: Cell<(u64, i64)> = const { Cell::new((0, 0)) };
}

/// Somebody is there.
pub fn touched() {
    LAST.set((clock::monotonic(), clock::wall()));
}

/// Begins to listen.
pub fn watch() {
    touched();
    let Some(window) = web_sys::window() else {
        return;
    };
    let touch = Closure::<dyn Fn(Event)>::new(|_| touched());
    for name in TOUCHES {
        let listening = window.add_event_listener_with_callback_and_bool(
            name,
            touch.as_ref().unchecked_ref(),
            true,
        );
        debug_assert!(listening.is_ok(), "a window listens");
    }
    touch.forget();
}

/// Seconds since the last touch.
#[must_use]
pub fn seconds() -> u64 {
    let (awake, wall) = LAST.get();
    let slept = u64::try_from(clock::wall().saturating_sub(wall)).unwrap_or(0);
    clock::monotonic().saturating_sub(awake).max(slept) / 1_000
}
