//! The codes on our own labels, as a printer puts their dots on paper, read by our own reader.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

use decode::read;
use domain::code::sight::Wanted;
use domain::label::{Bitmap, LabelRules, Mark, Media, compose};

#[path = "../../../domain/tests/label/made.rs"]
#[expect(dead_code, reason = "made for other tests, too")]
mod made;

/// A dot as so many pixels across and down.
const PIXELS: usize = 2;
const INK: u8 = 40;
const PAPER: u8 = 220;

fn seen(drawn: &Bitmap) -> (Vec<u8>, usize, usize) {
    let width = usize::try_from(drawn.width()).unwrap() * PIXELS;
    let height = usize::try_from(drawn.height()).unwrap() * PIXELS;
    let mut luma = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let dot = [x, y].map(|pixel| u32::try_from(pixel / PIXELS).unwrap());
            let is_black = drawn.is_black(dot[0], dot[1]);
            luma.push(if is_black { INK } else { PAPER });
        }
    }
    (luma, width, height)
}

#[test]
fn every_code_on_every_stock_is_read_back() {
    let face = made::face();
    let facts = made::facts(&["Tidewater OG 3.5 g", "Gummies", "Pre-roll"], "Jordan P.");
    let wanted = Wanted::of(Wanted::QR.bits() | Wanted::CODE_128.bits());
    for media in Media::all() {
        let pages = compose(&face, &LabelRules::default(), &facts, media);
        for page in &pages {
            let is_code = |mark: &&Mark| matches!(mark, Mark::Bars { .. } | Mark::Square { .. });
            assert_eq!(page.marks.iter().filter(is_code).count(), 1, "{media}");
            let (luma, width, height) = seen(&page.drawn(&face));
            let found = read(&luma, width, height, wanted);
            let texts: Vec<&str> = found
                .iter()
                .map(|sighting| sighting.text.as_str())
                .collect();
            assert_eq!(texts, [facts.code.as_str()], "{media}");
        }
    }
}
