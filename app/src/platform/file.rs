//! Files to the person and from the person.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

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

/// The file somebody chose in a field; none when it is larger than `bytes_max` or cannot be read. The field is empty
/// afterwards, so that the same file can be chosen again.
pub async fn chosen(field: &HtmlInputElement, bytes_max: usize) -> Option<Vec<u8>> {
    let file = field.files()?.get(0)?;
    let limit = u32::try_from(bytes_max).unwrap_or(u32::MAX);
    let is_small = file.size() <= f64::from(limit);
    let read = match is_small {
        true => JsFuture::from(file.array_buffer()).await.ok(),
        false => None,
    };
    field.set_value("");
    Some(Uint8Array::new(&read?).to_vec())
}
