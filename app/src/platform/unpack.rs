//! What came packed, unfolded by the browser.
//!
//! In: a stream of gzip. Out: bytes. Must not: unfold more than was promised; a few packed bytes may hold any number.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

#[wasm_bindgen]
extern "C" {
    /// The browser's own; the binding keeps it behind features of its own.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    /// A stream that can be led through another.
    #[wasm_bindgen(extends = Object)]
    type Source;
    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(
        this: &Source,
        through: &DecompressionStream,
    ) -> Result<ReadableStream, JsValue>;
}

/// Unfolds a stream of gzip. `None` when it is none, breaks off, or holds more bytes than that.
pub async fn unpacked(stream: &ReadableStream, bytes_max: usize) -> Option<Vec<u8>> {
    let through = DecompressionStream::new("gzip").ok()?;
    let source: &Source = stream.unchecked_ref();
    let plain = source.pipe_through(&through).ok()?;
    let reader: ReadableStreamDefaultReader = plain.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await.ok()?;
        let field = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok();
        if field("done")?.is_truthy() {
            return Some(bytes);
        }
        let part = Uint8Array::new(&field("value")?);
        let length = usize::try_from(part.length()).ok()?;
        if bytes.len() + length > bytes_max {
            // Nobody waits for the rest, and the stream ends with its reader.
            drop(reader.cancel());
            return None;
        }
        bytes.extend(part.to_vec());
    }
}
