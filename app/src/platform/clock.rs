//! The wall clock and the clock that never jumps.

/// Milliseconds since 1970 by the device's wall clock, right or wrong.
#[must_use]
pub fn wall() -> i64 {
    whole(js_sys::Date::now())
}

/// Milliseconds since the page was opened; never goes back.
#[must_use]
pub fn monotonic() -> u64 {
    let since = js_sys::global();
    let now = js_sys::Reflect::get(&since, &"performance".into())
        .ok()
        .and_then(|performance| {
            let now = js_sys::Reflect::get(&performance, &"now".into()).ok()?;
            let now: js_sys::Function = wasm_bindgen::JsCast::dyn_into(now).ok()?;
            now.call0(&performance).ok()?.as_f64()
        })
        .unwrap_or(0.0);
    u64::try_from(whole(now)).unwrap_or(0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds fit an i64 for 290 million years"
)]
fn whole(milliseconds: f64) -> i64 {
    milliseconds as i64
}
