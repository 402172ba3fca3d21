//! Vibration, where the device has it. Safari has none; shape, word and sound carry the message there.

use js_sys::Array;
use wasm_bindgen::JsValue;

/// Vibrates: milliseconds on and off in turn.
pub fn vibrate(pattern: &[u32]) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let navigator = window.navigator();
    let has = js_sys::Reflect::has(&navigator, &"vibrate".into()).unwrap_or(false);
    if has {
        let pattern: Array = pattern.iter().map(|part| JsValue::from(*part)).collect();
        let _accepted = navigator.vibrate_with_pattern(&pattern);
    }
}
