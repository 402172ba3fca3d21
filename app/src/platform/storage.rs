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

/// Bytes the app may keep; 0 when the browser does not say.
pub async fn quota() -> u64 {
    let Some(Ok(asked)) = manager().map(|manager| manager.estimate()) else {
        return 0;
    };
    let Ok(estimate) = JsFuture::from(asked).await else {
        return 0;
    };
    let quota = estimate
        .unchecked_into::<StorageEstimate>()
        .get_quota()
        .unwrap_or(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a quota is a whole number of bytes, and far from the limits of a u64"
    )]
    let bytes = quota.max(0.0) as u64;
    bytes
}
