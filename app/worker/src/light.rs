//! How light each pixel of a picture is.
//!
//! In: a picture as the page took it, a frame of the camera's own or a bitmap. Out: a byte per pixel. Must not: have it
//! drawn where the browser hands out its bytes: to draw a picture and to take it back costs more than to read it.

use js_sys::{Array, Function, Object, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::OffscreenCanvas;

#[wasm_bindgen]
extern "C" {
    /// The browser's own; the binding keeps it behind a flag of the compiler.
    type VideoFrame;
    #[wasm_bindgen(constructor, catch)]
    fn new(picture: &JsValue, init: &Options) -> Result<VideoFrame, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn format(this: &VideoFrame) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = colorSpace)]
    fn colours(this: &VideoFrame) -> Colours;
    #[wasm_bindgen(method, catch, js_name = allocationSize)]
    fn size(this: &VideoFrame) -> Result<u32, JsValue>;
    #[wasm_bindgen(method, catch, js_name = copyTo)]
    fn copy_to(this: &VideoFrame, bytes: &Uint8Array) -> Result<Copying, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &VideoFrame);

    type Colours;
    #[wasm_bindgen(method, getter, js_name = fullRange)]
    fn is_wide(this: &Colours) -> Option<bool>;

    /// What is wished of a frame, and of a canvas.
    type Options;
    #[wasm_bindgen(method, setter)]
    fn set_timestamp(this: &Options, at: u32);
    #[wasm_bindgen(method, setter, js_name = willReadFrequently)]
    fn set_is_read_often(this: &Options, yes: bool);
    #[wasm_bindgen(method, setter)]
    fn set_alpha(this: &Options, yes: bool);

    /// Where in the bytes a part of a frame lies.
    type Plane;
    #[wasm_bindgen(method, getter)]
    fn offset(this: &Plane) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn stride(this: &Plane) -> Option<u32>;

    /// A promise of where in the bytes what lies.
    type Copying;
    #[wasm_bindgen(method)]
    fn then(this: &Copying, done: &Function, failed: &Function);

    /// What draws on a canvas. It takes any picture; the binding knows fewer.
    type Pen;
    #[wasm_bindgen(method, catch, js_name = drawImage)]
    fn draw(this: &Pen, picture: &JsValue, x: f64, y: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = getImageData)]
    fn pixels(this: &Pen, x: f64, y: f64, width: f64, height: f64) -> Result<Pixels, JsValue>;
    type Pixels;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Pixels) -> JsValue;
}

/// A frame whose bytes are on their way.
pub(crate) struct Coming {
    frame: VideoFrame,
    kind: Kind,
    sides: (u32, u32),
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.frame.close();
    }
}

/// How a frame's bytes say how light a pixel is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A byte per pixel before all others; `is_narrow` where 16 is black and 235 white.
    Light { is_narrow: bool },
    /// Four bytes per pixel, red first or blue first.
    Colours { is_blue_first: bool },
}

impl Kind {
    fn of(frame: &VideoFrame) -> Option<Self> {
        match frame.format()?.as_bytes() {
            // Eight bits of brightness each, and then colours, however many. `I420P10` and its like have more bits.
            [b'I', b'4', _, _] | [b'I', b'4', _, _, b'A'] | b"NV12" | b"NV12A" => {
                Some(Self::Light {
                    is_narrow: frame.colours().is_wide() == Some(false),
                })
            }
            b"RGBA" | b"RGBX" => Some(Self::Colours {
                is_blue_first: false,
            }),
            b"BGRA" | b"BGRX" => Some(Self::Colours {
                is_blue_first: true,
            }),
            _ => None,
        }
    }

    fn bytes_per_pixel(self) -> u32 {
        match self {
            Self::Light { .. } => 1,
            Self::Colours { .. } => 4,
        }
    }
}

/// Brightness of one picture after the other, in the same room.
#[derive(Default)]
pub(crate) struct Light {
    pub(crate) luma: Vec<u8>,
    pixels: Vec<u8>,
    bytes: Option<Uint8Array>,
    canvas: Option<(OffscreenCanvas, Pen)>,
}

impl Light {
    /// Asks for a picture's bytes. `done` or `failed` is called, and `copied` says what came. `None`: this browser does
    /// not hand them out.
    pub(crate) fn ask(
        &mut self,
        picture: &JsValue,
        sides: (u32, u32),
        (done, failed): (&Function, &Function),
    ) -> Option<Coming> {
        let init: Options = Object::new().unchecked_into();
        // A bitmap has no time, and a frame of one must.
        init.set_timestamp(0);
        let frame = VideoFrame::new(picture, &init).ok()?;
        let kind = Kind::of(&frame);
        // Closed when it is dropped, whatever comes of it.
        let coming = Coming {
            kind: kind.unwrap_or(Kind::Light { is_narrow: false }),
            frame,
            sides,
        };
        kind?;
        let size = coming.frame.size().ok()?;
        let bytes = self
            .bytes
            .take_if(|bytes| bytes.length() == size)
            .unwrap_or_else(|| Uint8Array::new_with_length(size));
        let copying = coming.frame.copy_to(&bytes).ok()?;
        self.bytes = Some(bytes);
        copying.then(done, failed);
        Some(coming)
    }

    /// Takes what was asked for. `None`: it does not lie as it should.
    pub(crate) fn copied(&mut self, coming: &Coming, layout: &JsValue) -> Option<()> {
        let (width, height) = coming.sides;
        let first: Plane = Array::from(layout).get(0).unchecked_into();
        let stride = width.checked_mul(coming.kind.bytes_per_pixel());
        let lies_so = first.offset() == Some(0) && first.stride() == stride;
        let bytes = self.bytes.as_ref().filter(|_| lies_so)?;
        let pixels = width.checked_mul(height)?;
        match coming.kind {
            Kind::Light { is_narrow } => {
                (bytes.length() >= pixels).then_some(())?;
                self.luma.resize(side(pixels), 0);
                bytes.subarray(0, pixels).copy_to(&mut self.luma);
                if is_narrow {
                    decode::frame::widen(&mut self.luma);
                }
            }
            Kind::Colours { is_blue_first } => {
                (bytes.length() / 4 == pixels).then_some(())?;
                self.pixels.resize(4 * side(pixels), 0);
                bytes.copy_to(&mut self.pixels);
                decode::frame::brightness(&self.pixels, is_blue_first, &mut self.luma);
            }
        }
        Some(())
    }

    /// Draws a picture and takes its pixels back.
    pub(crate) fn drawn(&mut self, picture: &JsValue, sides: (u32, u32)) -> Result<(), JsValue> {
        let (width, height) = sides;
        let pen = self.pen(width, height)?;
        pen.draw(picture, 0.0, 0.0)?;
        let pixels = pen.pixels(0.0, 0.0, f64::from(width), f64::from(height))?;
        let bytes = Uint8Array::new(&pixels.data());
        self.pixels.resize(side(bytes.length()), 0);
        bytes.copy_to(&mut self.pixels);
        decode::frame::brightness(&self.pixels, false, &mut self.luma);
        Ok(())
    }

    fn pen(&mut self, width: u32, height: u32) -> Result<&Pen, JsValue> {
        let is_new = |(canvas, _): &mut (OffscreenCanvas, Pen)| {
            (canvas.width(), canvas.height()) != (width, height)
        };
        self.canvas.take_if(is_new);
        if self.canvas.is_none() {
            let canvas = OffscreenCanvas::new(width, height)?;
            // Every picture is read back: it had better never leave for the graphics card.
            let options: Options = Object::new().unchecked_into();
            options.set_is_read_often(true);
            options.set_alpha(false);
            let pen = canvas.get_context_with_context_options("2d", &options)?;
            let pen = pen.ok_or(JsValue::NULL)?.unchecked_into();
            self.canvas = Some((canvas, pen));
        }
        let (_, pen) = self.canvas.as_ref().ok_or(JsValue::NULL)?;
        Ok(pen)
    }
}

pub(crate) fn side(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or_default()
}
