//! Files to the person.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Milliseconds after which a saved file's bytes leave the memory; Safari reads them only after its own question.
const KEPT_FOR: u32 = 60_000;

/// Lets the browser save bytes under a name: a download, or on an iPad the sheet to share or keep it.
pub fn save(name: &str, bytes: &[u8]) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    gloo_timers::callback::Timeout::new(KEPT_FOR, move || {
        let _gone = Url::revoke_object_url(&address);
    })
    .forget();
    Some(())
}
