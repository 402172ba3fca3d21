//! The app's parts in a real browser: its storage, its keys, the keyboard, the calendar.
//!
//! All tests share one page and one origin, one after the other; each begins with empty databases.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

mod faults;
mod shop;

mod own_events;
mod carried;
mod idb;
mod view;
mod replica;
mod device_key;
mod sealing;
mod pin;
mod wedge;
mod locale;
mod lock;
mod requests;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
