//! The browser's own reader of codes, where it has one.
//!
//! In: pictures. Out: what it sees in them. Must not: be trusted because it is there. Some find nothing, so it is tried
//! on a picture of ours first.

use domain::code::Symbology;
use domain::code::sight::{SIGHTINGS_MAX, Sighting};
use domain::label::code128;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{Clamped, JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ImageData;

/// What it is tried on.
const PROOF: &str = "CUSTODY";
/// Pixels of one module of that, its quiet zone in modules, and its height.
const MODULE: usize = 3;
const QUIET: usize = 12;
const HEIGHT: usize = 120;

/// Its words for symbols. Without the first two it is of no use here. No licences: nobody's is read in passing.
const FORMATS: [(&str, Symbology); 7] = [
    ("code_128", Symbology::Code128),
    ("qr_code", Symbology::Qr),
    ("data_matrix", Symbology::DataMatrix),
    ("upc_a", Symbology::UpcA),
    ("upc_e", Symbology::UpcE),
    ("ean_13", Symbology::Ean13),
    ("ean_8", Symbology::Ean8),
];
const NEEDED: usize = 2;

/// A reader that has read a picture of ours.
pub struct Detector {
    inner: JsValue,
    detect: Function,
}

impl core::fmt::Debug for Detector {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Detector(..)")
    }
}

impl Detector {
    /// The browser's reader. `None`: there is none, or none that reads.
    pub async fn open() -> Option<Self> {
        let kind = Reflect::get(&js_sys::global(), &"BarcodeDetector".into()).ok()?;
        let kind: Function = kind.dyn_into().ok()?;
        let asks: Function = of(&kind, "getSupportedFormats")?.dyn_into().ok()?;
        let known = Array::from(&settled(asks.call0(&kind).ok()?).await?);
        let has = |name: &str| known.includes(&name.into(), 0);
        if !FORMATS.iter().take(NEEDED).all(|(name, _)| has(name)) {
            return None;
        }
        let formats = FORMATS.iter().filter(|(name, _)| has(name));
        let formats: Array = formats.map(|(name, _)| JsValue::from_str(name)).collect();
        let options = Object::new();
        Reflect::set(&options, &"formats".into(), &formats).ok()?;
        let inner = Reflect::construct(&kind, &Array::of1(&options)).ok()?;
        let detect = of(&inner, "detect")?.dyn_into().ok()?;
        let detector = Self { inner, detect };
        let seen = detector.look(&proof().await?).await?;
        matches!(seen.as_slice(), [one] if one.text == PROOF).then_some(detector)
    }

    /// What it sees. `None`: it failed.
    pub async fn look(&self, picture: &JsValue) -> Option<Vec<Sighting>> {
        let asked = self.detect.call1(&self.inner, picture).ok()?;
        let seen = Array::from(&settled(asked).await?);
        let seen = seen.iter().filter_map(|one| sighting(&one));
        Some(seen.take(SIGHTINGS_MAX).collect())
    }
}

async fn settled(asked: JsValue) -> Option<JsValue> {
    JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()
}

fn of(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn sighting(seen: &JsValue) -> Option<Sighting> {
    let format = of(seen, "format")?.as_string()?;
    let (_, symbology) = FORMATS.iter().find(|(name, _)| *name == format)?;
    let points = Array::from(&of(seen, "cornerPoints")?);
    let at = |place: u32| {
        let point = points.get(place);
        Some((whole(&of(&point, "x")?)?, whole(&of(&point, "y")?)?))
    };
    Some(Sighting {
        text: of(seen, "rawValue")?.as_string()?,
        symbology: *symbology,
        corners: [at(0)?, at(1)?, at(2)?, at(3)?],
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place in a picture; what lies outside any picture is cut to the largest"
)]
fn whole(number: &JsValue) -> Option<i32> {
    Some(number.as_f64()?.round() as i32)
}

/// A clean picture of a code.
async fn proof() -> Option<JsValue> {
    let widths = code128::widths(PROOF)?;
    let mut row = vec![255_u8; QUIET * MODULE];
    for (place, width) in widths.iter().enumerate() {
        let light = if place % 2 == 0 { 0 } else { 255 };
        row.resize(row.len() + usize::from(*width) * MODULE, light);
    }
    row.resize(row.len() + QUIET * MODULE, 255);
    let blank = vec![255_u8; row.len()];
    let rows = (0..HEIGHT).map(|y| match (MODULE * 4..HEIGHT - MODULE * 4).contains(&y) {
        true => &row,
        false => &blank,
    });
    let pixels: Vec<u8> = rows
        .flatten()
        .flat_map(|light| [*light, *light, *light, 255])
        .collect();
    let width = u32::try_from(row.len()).ok()?;
    let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), width).ok()?;
    let made = web_sys::window()?
        .create_image_bitmap_with_image_data(&image)
        .ok()?;
    settled(made.into()).await
}
