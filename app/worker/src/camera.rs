//! The worker that reads codes in a camera's pictures.
//!
//! In: `[picture, what is wanted]` from the page, one at a time. Out: for each, one [`Look`] in bytes. Must not: keep a
//! picture, or outlive a mistake of its own: it breaks, and the page starts another.

use std::cell::RefCell;

use domain::code::sight::{Look, Wanted};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// The wire to the page.
mod scope;

/// Data Matrix is looked for in every such picture: it takes the longest and is the rarest.
const DATA_MATRIX_EVERY: u32 = 3;
/// Brightness of the brightest pixel of a picture in which nobody sees anything.
const BLACK_MAX: u8 = 24;

/// Where pictures become pixels. Kept from one to the next; only their size may change.
#[derive(Default)]
struct Eye {
    canvas: Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)>,
    luma: Vec<u8>,
    pictures: u32,
}

thread_local! {
    static EYE: RefCell<Eye> = RefCell::default();
}

fn main() {
    scope::hear(|ask| {
        let ask: Array = ask.unchecked_into();
        let picture: ImageBitmap = ask.get(0).unchecked_into();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the page sends a byte"
        )]
        let wanted = Wanted::of(ask.get(1).as_f64().unwrap_or_default() as u8);
        let look = EYE.with_borrow_mut(|eye| eye.look(&picture, wanted));
        picture.close();
        // Without pixels there is nothing this worker is good for: the page hears that it broke.
        scope::tell(&look.expect("BUG: a picture has pixels").to_bytes());
    });
}

impl Eye {
    fn look(&mut self, picture: &ImageBitmap, wanted: Wanted) -> Result<Look, JsValue> {
        let (width, height) = (picture.width(), picture.height());
        let context = self.context(width, height)?;
        context.draw_image_with_image_bitmap(picture, 0.0, 0.0)?;
        let pixels = context
            .get_image_data(0.0, 0.0, f64::from(width), f64::from(height))?
            .data();
        decode::frame::brightness(&pixels, &mut self.luma);
        let skips_data_matrix = !self.pictures.is_multiple_of(DATA_MATRIX_EVERY);
        self.pictures = self.pictures.wrapping_add(1);
        let wanted = if skips_data_matrix {
            wanted.without(Wanted::DATA_MATRIX)
        } else {
            wanted
        };
        Ok(Look {
            sightings: decode::read(&self.luma, side(width), side(height), wanted),
            is_black: self.luma.iter().all(|light| *light <= BLACK_MAX),
        })
    }

    fn context(
        &mut self,
        width: u32,
        height: u32,
    ) -> Result<OffscreenCanvasRenderingContext2d, JsValue> {
        if let Some((canvas, context)) = &self.canvas
            && (canvas.width(), canvas.height()) == (width, height)
        {
            return Ok(context.clone());
        }
        let canvas = OffscreenCanvas::new(width, height)?;
        // Every picture is read back: it had better never leave for the graphics card.
        let options = Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE)?;
        Reflect::set(&options, &"alpha".into(), &JsValue::FALSE)?;
        let context: OffscreenCanvasRenderingContext2d = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or(JsValue::NULL)?
            .unchecked_into();
        self.canvas = Some((canvas, context.clone()));
        Ok(context)
    }
}

fn side(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or_default()
}
