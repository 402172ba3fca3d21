//! Codes that another library reads.
//!
//! In: a picture and what is wanted. Out: symbols with their texts. Must not: tell of the same symbol twice.

use domain::code::Symbology;
use domain::code::sight::{Sighting, Wanted};
use rxing::common::HybridBinarizer;
use rxing::datamatrix::DataMatrixReader;
use rxing::qrcode::QRCodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult, RXingResultMetadataType,
    RXingResultMetadataValue, Reader,
};

use crate::frame::Frame;

/// Square codes that are looked for in one picture.
const FOUND_MAX: usize = 8;
/// Grey that is neither bar nor paper, to paint over what was read.
const COVER: u8 = 128;
/// How far a QR code goes beyond the middles of its corner marks: seven modules of the 21 that the smallest has.
const REACH_QR: f32 = 1.6;
/// How far the others go beyond the corners that are told of them.
const REACH: f32 = 1.15;

pub(crate) type Bitmap<'a> = BinaryBitmap<HybridBinarizer<Luma8Source<'a>>>;

/// Adds what is wanted and there.
pub(crate) fn read(frame: &Frame<'_>, wanted: Wanted, found: &mut Vec<Sighting>) {
    let kinds: Vec<Wanted> = [Wanted::QR, Wanted::DATA_MATRIX]
        .into_iter()
        .filter(|kind| wanted.has(*kind))
        .collect();
    // A reader gives one code of a picture. What it gave is painted over, and it looks again.
    let mut painted: Option<Vec<u8>> = None;
    let mut next = 0;
    for _ in 0..FOUND_MAX {
        let luma = painted.as_deref().unwrap_or(frame.luma());
        let Some(mut bitmap) = bitmap(luma, frame) else {
            break;
        };
        let seen = kinds
            .iter()
            .enumerate()
            .skip(next)
            .find_map(|(at, kind)| Some((at, look(&mut bitmap, *kind)?)));
        let Some((at, sighting)) = seen else {
            break;
        };
        // The same again: it was painted over in the wrong place, or lies there twice. Once is enough.
        if found.iter().any(|known| known.text == sighting.text) {
            next = at + 1;
            continue;
        }
        next = at;
        let luma = painted.get_or_insert_with(|| frame.luma().to_vec());
        cover(luma, frame.width(), &sighting.corners);
        found.push(sighting);
    }
}

fn bitmap<'a>(luma: &'a [u8], frame: &Frame<'_>) -> Option<Bitmap<'a>> {
    let (width, height) = (
        u32::try_from(frame.width()).ok()?,
        u32::try_from(frame.height()).ok()?,
    );
    let source = Luma8Source::new_with_slice(luma, width, height).ok()?;
    Some(BinaryBitmap::new(HybridBinarizer::new(source)))
}

fn look(bitmap: &mut Bitmap<'_>, kind: Wanted) -> Option<Sighting> {
    // Data Matrix is hardly found without.
    let hints = DecodeHints {
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let result = match kind {
        Wanted::QR => match QrReader.decode_with_hints(bitmap, &hints) {
            Err(_) => return look_again(bitmap, &hints),
            read => read,
        },
        _ => DataMatrixReader.decode_with_hints(bitmap, &hints),
    };
    let result = result.ok()?;
    sighting(&result, stretched(around(&points(&result)), REACH))
}

/// The other reader of QR codes, which takes some that are bent. It tells of the middles of three corner marks: below,
/// in the corner, beside it.
fn look_again(bitmap: &mut Bitmap<'_>, hints: &DecodeHints) -> Option<Sighting> {
    let result = QRCodeReader.decode_with_hints(bitmap, hints).ok()?;
    let marks = points(&result);
    let [below, corner, beside, ..] = marks.as_slice() else {
        return None;
    };
    let fourth = (below.0 + beside.0 - corner.0, below.1 + beside.1 - corner.1);
    let square = around(&[*below, *corner, *beside, fourth]);
    sighting(&result, stretched(square, REACH_QR))
}

fn points(result: &RXingResult) -> Vec<(f32, f32)> {
    let points = result.getPoints().iter();
    points.map(|point| (point.x, point.y)).collect()
}

fn sighting(result: &RXingResult, corners: [(f32, f32); 4]) -> Option<Sighting> {
    let is_gs1 = |sign: &str| {
        let key = RXingResultMetadataType::SYMBOLOGY_IDENTIFIER;
        match result.getRXingResultMetadata().get(&key) {
            Some(RXingResultMetadataValue::SymbologyIdentifier(said)) => said == sign,
            _ => false,
        }
    };
    let symbology = match result.getBarcodeFormat() {
        BarcodeFormat::QR_CODE if is_gs1("]Q3") => Symbology::Gs1Qr,
        BarcodeFormat::QR_CODE => Symbology::Qr,
        BarcodeFormat::DATA_MATRIX if is_gs1("]d2") => Symbology::Gs1DataMatrix,
        BarcodeFormat::DATA_MATRIX => Symbology::DataMatrix,
        _ => return None,
    };
    Some(Sighting {
        text: result.getText().to_owned(),
        symbology,
        corners: corners.map(whole),
    })
}

/// The rectangle around some points.
fn around(points: &[(f32, f32)]) -> [(f32, f32); 4] {
    let edge = |of: fn(&(f32, f32)) -> f32, better: fn(f32, f32) -> f32| {
        points.iter().map(of).reduce(better).unwrap_or_default()
    };
    let (left, right) = (edge(|p| p.0, f32::min), edge(|p| p.0, f32::max));
    let (top, bottom) = (edge(|p| p.1, f32::min), edge(|p| p.1, f32::max));
    [(left, top), (right, top), (right, bottom), (left, bottom)]
}

fn stretched(corners: [(f32, f32); 4], by: f32) -> [(f32, f32); 4] {
    let sum = corners.iter().fold((0.0, 0.0), |sum, corner| {
        (sum.0 + corner.0, sum.1 + corner.1)
    });
    let middle = (sum.0 / 4.0, sum.1 / 4.0);
    corners.map(|(x, y)| {
        (
            middle.0 + (x - middle.0) * by,
            middle.1 + (y - middle.1) * by,
        )
    })
}

/// A corner in whole pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a place in a picture; what lies outside any picture is cut to the largest"
)]
pub(crate) fn whole((x, y): (f32, f32)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

fn cover(luma: &mut [u8], width: usize, corners: &[(i32, i32); 4]) {
    let height = luma.len() / width;
    let span = |of: fn(&(i32, i32)) -> i32, end: usize| {
        let places = corners.iter().map(of);
        let (low, high) = (places.clone().min(), places.max());
        let place = |at: Option<i32>| usize::try_from(at.unwrap_or_default()).unwrap_or_default();
        place(low).min(end)..place(high).saturating_add(1).min(end)
    };
    let across = span(|corner| corner.0, width);
    for row in span(|corner| corner.1, height) {
        luma[row * width..][across.clone()].fill(COVER);
    }
}
