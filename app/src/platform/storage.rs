//! Whether the storage may be evicted, and how much there is.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

fn manager() -> Option<StorageManager> {
    let navigator = web_sys::window()?.navigator();
    let storage = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    storage.dyn_into().ok()
}

/// Asks the browser not to evict; `false` when it will not promise, or has no such promise to give.
pub async fn persist() -> bool {
    let Some(manager) = manager() else {
        return false;
    };
    let Ok(asked) = manager.persist() else {
        return false;
    };
    JsFuture::from(asked)
        .await
        .is_ok_and(|promised| promised.is_truthy())
}

/// Whether this browser forgets what a page keeps once nobody has opened it for a week, and has not promised otherwise.
/// Apple's do so to pages in a tab, and not to apps on the home screen; only Apple's say of a page whether it is one.
pub async fn will_be_forgotten() -> bool {
    let navigator = web_sys::window().map(|window| window.navigator());
    let is_app = navigator
        .and_then(|navigator| js_sys::Reflect::get(&navigator, &"standalone".into()).ok())
        .and_then(|is_app| is_app.as_bool());
    is_app == Some(false) && !persist().await
}

async fn estimate() -> Option<StorageEstimate> {
    let asked = manager()?.estimate().ok()?;
    let estimate = JsFuture::from(asked).await.ok()?;
    Some(estimate.unchecked_into())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number of bytes, and far from the limits of a u64"
)]
fn bytes(of: f64) -> u64 {
    of.max(0.0) as u64
}

/// Bytes the app may keep; 0 when the browser does not say.
pub async fn quota() -> u64 {
    let quota = estimate().await.and_then(|estimate| estimate.get_quota());
    bytes(quota.unwrap_or(0.0))
}

/// Bytes the app may still keep; 0 when the browser does not say.
pub async fn room() -> u64 {
    let of = |estimate: StorageEstimate| Some((estimate.get_quota()?, estimate.get_usage()?));
    let (quota, usage) = estimate().await.and_then(of).unwrap_or_default();
    bytes(quota - usage)
}
