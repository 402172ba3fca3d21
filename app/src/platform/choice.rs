//! What people chose on this device: language, theme, hand, sound. Lost with the browser's data, and missed
//! by nobody.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A choice made before.
#[must_use]
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(&format!("custody-{name}")).ok()?
}

/// Keeps a choice.
pub fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _kept = storage.set_item(&format!("custody-{name}"), value);
    }
}
