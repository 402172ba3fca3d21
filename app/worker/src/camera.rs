//! The worker that reads codes in a camera's pictures.
//!
//! In: `[picture, what is wanted]` from the page, one at a time. Out: for each, one [`Look`] in bytes. Must not: keep a
//! picture, or outlive a mistake of its own: it breaks, and the page starts another.

use std::cell::RefCell;

use domain::code::sight::{Look, Wanted};
use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

/// Pictures to brightness.
mod light;
/// The wire to the page.
mod scope;

use light::{Coming, Light, side};

/// Data Matrix is looked for in every such picture: it takes the longest and is the rarest.
const DATA_MATRIX_EVERY: u32 = 3;
/// Brightness of the brightest pixel of a picture in which nobody sees anything.
const BLACK_MAX: u8 = 24;

/// What looks at pictures.
#[derive(Default)]
struct Eye {
    light: Light,
    pictures: u32,
    asked: Option<Asked>,
}

/// The picture in front.
struct Asked {
    picture: Picture,
    sides: (u32, u32),
    wanted: Wanted,
    /// Its bytes, if they are on their way.
    coming: Option<Coming>,
}

#[wasm_bindgen]
extern "C" {
    /// A frame or a bitmap.
    type Picture;
    #[wasm_bindgen(method, getter, js_name = displayWidth)]
    fn shown_width(this: &Picture) -> Option<u32>;
    #[wasm_bindgen(method, getter, js_name = displayHeight)]
    fn shown_height(this: &Picture) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn width(this: &Picture) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn height(this: &Picture) -> Option<u32>;
    #[wasm_bindgen(method)]
    fn close(this: &Picture);
}

thread_local! {
    static EYE: RefCell<Eye> = RefCell::default();
    /// What the browser calls when it has copied a frame, and when it could not.
    static COPIED: [Function; 2] = [true, false].map(|is_done| {
        let called = Closure::<dyn Fn(JsValue)>::new(move |layout| {
            EYE.with_borrow_mut(|eye| eye.look(is_done.then_some(layout)));
        });
        called.into_js_value().unchecked_into()
    });
}

fn main() {
    scope::hear(|ask| {
        let ask: Array = ask.unchecked_into();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the page sends a byte"
        )]
        let wanted = Wanted::of(ask.get(1).as_f64().unwrap_or_default() as u8);
        let picture = ask.get(0).unchecked_into();
        EYE.with_borrow_mut(|eye| eye.take(picture, wanted));
    });
}

impl Eye {
    fn take(&mut self, picture: Picture, wanted: Wanted) {
        // Those of what is seen of a frame, or a bitmap's.
        let sides = (
            picture
                .shown_width()
                .or(picture.width())
                .unwrap_or_default(),
            picture
                .shown_height()
                .or(picture.height())
                .unwrap_or_default(),
        );
        let coming = COPIED.with(|[done, failed]| self.light.ask(&picture, sides, (done, failed)));
        let is_coming = coming.is_some();
        self.asked = Some(Asked {
            picture,
            sides,
            wanted,
            coming,
        });
        if !is_coming {
            self.look(None);
        }
    }

    /// Looks at the picture in front, of which the browser copied the bytes, or did not.
    fn look(&mut self, layout: Option<JsValue>) {
        let asked = self.asked.take().expect("BUG: a picture is in front");
        let copied = asked.coming.as_ref().zip(layout);
        let light = &mut self.light;
        if copied
            .and_then(|(coming, layout)| light.copied(coming, &layout))
            .is_none()
        {
            // Without pixels there is nothing this worker is good for: the page hears that it broke.
            let drawn = light.drawn(&asked.picture, asked.sides);
            drawn.expect("BUG: a picture has pixels");
        }
        drop(asked.coming);
        asked.picture.close();
        scope::tell(&self.read(asked.sides, asked.wanted).to_bytes());
    }

    fn read(&mut self, (width, height): (u32, u32), wanted: Wanted) -> Look {
        let skips_data_matrix = !self.pictures.is_multiple_of(DATA_MATRIX_EVERY);
        self.pictures = self.pictures.wrapping_add(1);
        let wanted = if skips_data_matrix {
            wanted.without(Wanted::DATA_MATRIX)
        } else {
            wanted
        };
        let luma = &self.light.luma;
        Look {
            sightings: decode::read(luma, side(width), side(height), wanted),
            is_black: luma.iter().all(|light| *light <= BLACK_MAX),
        }
    }
}
