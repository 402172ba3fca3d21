//! Pictures as the camera delivers them.
//!
//! In: the element that shows them. Out: a frame with its bytes as they came, or what can be drawn. Must not: believe that
//! a frame lies as it is shown: some cameras deliver theirs turned.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};
use web_sys::{HtmlVideoElement, ImageBitmap};

#[wasm_bindgen]
extern "C" {
    /// The browser's own; the binding keeps it behind a flag of the compiler.
    type VideoFrame;
    #[wasm_bindgen(constructor, catch)]
    fn new(of: &JsValue, init: &JsValue) -> Result<VideoFrame, JsValue>;
    #[wasm_bindgen(method, getter, js_name = displayWidth)]
    fn width(this: &VideoFrame) -> u32;
    #[wasm_bindgen(method, getter, js_name = displayHeight)]
    fn height(this: &VideoFrame) -> u32;
    #[wasm_bindgen(method, getter, js_name = visibleRect)]
    fn seen(this: &VideoFrame) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn format(this: &VideoFrame) -> Option<String>;
    /// Newer browsers say so; older ones deliver what is turned in other sides.
    #[wasm_bindgen(method, getter)]
    fn rotation(this: &VideoFrame) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn close(this: &VideoFrame);
}

/// How a picture is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As the camera delivers it: nothing is drawn, nothing is copied. Where that cannot be, as a bitmap.
    Frame,
    /// As what can be drawn. Every browser can, and any reader takes it.
    Bitmap,
}

/// A picture. Its memory is given back when it is closed or moved away.
#[derive(Debug)]
pub struct Picture {
    inner: JsValue,
    /// Pixels across and down.
    pub sides: (u32, u32),
    /// How it was taken.
    pub way: Way,
}

impl Picture {
    pub(super) fn of_bitmap(bitmap: &ImageBitmap) -> Self {
        Self {
            inner: bitmap.into(),
            sides: (bitmap.width(), bitmap.height()),
            way: Way::Bitmap,
        }
    }

    /// What a worker or the browser's reader takes.
    #[must_use]
    pub fn as_js(&self) -> &JsValue {
        &self.inner
    }

    /// Gives its memory back.
    pub fn close(&self) {
        let close = Reflect::get(&self.inner, &"close".into());
        let closed = close.and_then(|close| close.unchecked_into::<Function>().call0(&self.inner));
        debug_assert!(closed.is_ok(), "every picture can be closed");
    }
}

/// The frame that an element shows, and of it the part from so far across and down, so wide and so high. `None` where the
/// browser has no frames, or it does not lie as it is shown.
pub(super) fn of(
    video: &HtmlVideoElement,
    sides: (u32, u32),
    (x, y, width, height): (i32, i32, i32, i32),
) -> Option<Picture> {
    let whole = VideoFrame::new(video, &Object::new()).ok()?;
    let lies_as_shown = (whole.width(), whole.height()) == sides
        && whole.rotation().is_none_or(|turn| turn == 0.0)
        // Without one, its bytes lie where nobody can copy them from.
        && whole.format().is_some();
    let part = Object::new();
    let of_part = [("x", x), ("y", y), ("width", width), ("height", height)];
    for (name, pixels) in of_part {
        Reflect::set(&part, &name.into(), &pixels.into()).ok()?;
    }
    let init = Object::new();
    Reflect::set(&init, &"visibleRect".into(), &part).ok()?;
    let frame = match lies_as_shown {
        true => VideoFrame::new(&whole, &init).ok(),
        false => None,
    };
    whole.close();
    let frame = frame?;
    let wanted = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let seen = frame.seen();
    let is = |name: &str, pixels: i32| {
        let side = Reflect::get(&seen, &name.into()).ok();
        side.and_then(|side| side.as_f64()) == Some(f64::from(pixels))
    };
    let is_the_part = of_part.iter().all(|(name, pixels)| is(name, *pixels));
    if is_the_part && (frame.width(), frame.height()) == wanted {
        return Some(Picture {
            inner: frame.into(),
            sides: wanted,
            way: Way::Frame,
        });
    }
    frame.close();
    None
}
