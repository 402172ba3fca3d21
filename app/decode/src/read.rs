//! Everything in one picture.
//!
//! In: bytes of brightness, and what is wanted. Out: the codes in the picture. Must not: tell of a text that is no
//! code of any scheme Custody knows, however well its symbol was read.

use domain::code::sight::{SIGHTINGS_MAX, Sighting, Wanted};
use domain::code::{Code, Settings, Symbology, TrackingSystem, parse};
use domain::identity::Card;

use crate::frame::{Frame, whole};
use crate::reader::Reader;
use crate::retail;
use crate::square::{self, Kind};
use crate::stacked;

/// The codes in a picture: a byte of brightness per pixel, row by row, 0 is black. None when the sides do not fit the
/// bytes, or are unusable.
#[must_use]
pub fn read(luma: &[u8], width: usize, height: usize, wanted: Wanted) -> Vec<Sighting> {
    let Some(frame) = Frame::new(width, height, luma) else {
        return Vec::new();
    };
    let linear = match wanted.has(Wanted::CODE_128) {
        true => Reader::default().read(&frame),
        false => Vec::new(),
    };
    let known: Vec<_> = linear.iter().map(|symbol| symbol.corners).collect();
    let mut found: Vec<Sighting> = linear
        .into_iter()
        .map(|symbol| Sighting {
            text: symbol.content.text,
            symbology: if symbol.content.is_gs1 {
                Symbology::Gs1Code128
            } else {
                Symbology::Code128
            },
            corners: symbol.corners.map(whole),
        })
        .collect();
    let kinds: Vec<Kind> = [(Wanted::QR, Kind::Qr), (Wanted::DATA_MATRIX, Kind::Matrix)]
        .into_iter()
        .filter_map(|(asked, kind)| wanted.has(asked).then_some(kind))
        .collect();
    found.extend(
        square::read(&frame, &kinds, &known)
            .into_iter()
            .map(|symbol| Sighting {
                text: symbol.text,
                symbology: match (symbol.kind, symbol.is_gs1) {
                    (Kind::Qr, false) => Symbology::Qr,
                    (Kind::Qr, true) => Symbology::Gs1Qr,
                    (Kind::Matrix, false) => Symbology::DataMatrix,
                    (Kind::Matrix, true) => Symbology::Gs1DataMatrix,
                },
                corners: symbol.corners.map(whole),
            }),
    );
    if wanted.has(Wanted::RETAIL) {
        retail::read(&frame, &mut found);
    }
    if wanted.has(Wanted::LICENCE) {
        stacked::read(&frame, &mut found);
    }
    found.retain(is_code);
    found.truncate(SIGHTINGS_MAX);
    found
}

/// Whether this is a code of a scheme that Custody knows. What the shop has of it is not known here.
fn is_code(sighting: &Sighting) -> bool {
    if sighting.symbology == Symbology::Pdf417 {
        return Card::read(&sighting.text).is_ok();
    }
    // Which system the shop reports to decides only what 16 digits are, and those are a code in either.
    let systems = [TrackingSystem::Metrc, TrackingSystem::BioTrack];
    systems.into_iter().any(|system| {
        let code = parse(&sighting.reading(), &Settings::new(system));
        !matches!(code, Code::Nothing { .. })
    })
}
