//! UPC and EAN.
//!
//! In: a picture in black and white. Out: the product codes in it. Must not: believe one line of pixels.

use domain::code::Symbology;
use domain::code::sight::Sighting;
use rxing::oned::{MultiFormatUPCEANReader, OneDReader as _};
use rxing::{BarcodeFormat, DecodeHints, RXingResult};

use super::{Bitmap, whole};

/// Every so many rows one is looked at.
const STEP: usize = 8;
/// Rows that must say the same, for a code of twelve digits and more, and for one of eight, which accidents look like
/// more often.
const AGREEING: (usize, usize) = (2, 4);
/// Digits from which a code counts as a long one.
const LONG: usize = 12;

struct Line {
    text: String,
    symbology: Symbology,
    row: usize,
    ends: (f32, f32),
}

/// Adds what is there.
pub(super) fn read(bitmap: &Bitmap<'_>, found: &mut Vec<Sighting>) {
    let hints = DecodeHints::default();
    let mut reader = MultiFormatUPCEANReader::new(&hints);
    let mut lines: Vec<Line> = Vec::new();
    for row in (STEP / 2..bitmap.get_height()).step_by(STEP) {
        let (Ok(mut bits), Ok(number)) = (bitmap.get_black_row(row), u32::try_from(row)) else {
            continue;
        };
        let read = reader.decode_row(number, &bits, &hints).or_else(|_| {
            // Upside down.
            bits.to_mut().reverse();
            reader.decode_row(number, &bits, &hints)
        });
        lines.extend(read.ok().and_then(|result| line(&result, row)));
    }
    while let Some(text) = lines.first().map(|line| line.text.clone()) {
        let (same, rest): (Vec<Line>, Vec<Line>) =
            lines.into_iter().partition(|line| line.text == text);
        lines = rest;
        found.extend(agreed(&same));
    }
}

fn line(result: &RXingResult, row: usize) -> Option<Line> {
    let symbology = match result.getBarcodeFormat() {
        BarcodeFormat::UPC_A => Symbology::UpcA,
        BarcodeFormat::UPC_E => Symbology::UpcE,
        BarcodeFormat::EAN_13 => Symbology::Ean13,
        BarcodeFormat::EAN_8 => Symbology::Ean8,
        _ => return None,
    };
    let [from, to, ..] = result.getPoints() else {
        return None;
    };
    Some(Line {
        text: result.getText().to_owned(),
        symbology,
        row,
        ends: (from.x.min(to.x), from.x.max(to.x)),
    })
}

fn agreed(lines: &[Line]) -> Option<Sighting> {
    let (first, last) = (lines.first()?, lines.last()?);
    let needed = if first.text.len() >= LONG {
        AGREEING.0
    } else {
        AGREEING.1
    };
    if lines.len() < needed {
        return None;
    }
    let row = |line: &Line| u16::try_from(line.row).map_or(0.0, f32::from);
    let ((left, right), (top, bottom)) = (first.ends, (row(first), row(last)));
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
    Some(Sighting {
        text: first.text.clone(),
        symbology: first.symbology,
        corners: corners.map(whole),
    })
}
