//! What a reader of pictures is asked, and what it tells.
//!
//! In: symbols in a picture, as text. Out: bytes between a page and its worker, and the same again. Must not: be kept;
//! both ends are of one build, so the form may change with any.

use minicbor::{Decode, Encode};

use super::{Channel, Reading, Symbology};
use crate::event::{decode, encode};

/// Symbols of one picture that are told at most.
pub const SIGHTINGS_MAX: usize = 16;

/// How far from each edge of the picture the frame stands that people aim by. The screen draws it there.
const FRAME_PERCENT: i64 = 12;

/// Which kinds of symbols are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted(u8);

impl Wanted {
    /// Code 128: tags, and the codes Custody prints.
    pub const CODE_128: Self = Self(1);
    /// QR: units.
    pub const QR: Self = Self(2);
    /// Data Matrix: units and small goods.
    pub const DATA_MATRIX: Self = Self(4);
    /// UPC and EAN: products.
    pub const RETAIL: Self = Self(8);
    /// PDF417: driving licences. Only where a licence is asked for; nobody's is read in passing.
    pub const LICENCE: Self = Self(16);
    /// Whatever may stand on goods, papers and shelves.
    pub const GOODS: Self = Self(15);

    /// From a number that may be anything.
    #[must_use]
    pub fn of(bits: u8) -> Self {
        Self(bits & (Self::GOODS.0 | Self::LICENCE.0))
    }

    /// As a number.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether all of these are among what is wanted.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Without these.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// A symbol in a picture.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sighting {
    /// What it says.
    #[n(0)]
    pub text: String,
    /// What kind it is.
    #[n(1)]
    pub symbology: Symbology,
    /// Its corners, across and down, in pixels of the picture.
    #[n(2)]
    pub corners: [(i32, i32); 4],
}

impl Sighting {
    /// The reading it is for whoever does not care where it came from.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            text: self.text.clone(),
            symbology: Some(self.symbology),
            aim: None,
            channel: Channel::Camera,
        }
    }

    /// Whether all of it lies in the frame that people aim by, in a picture of these sides.
    #[must_use]
    pub fn is_aimed(&self, width: u32, height: u32) -> bool {
        let is_inside = |at: i32, side: u32| {
            let at = i64::from(at) * 100;
            let side = i64::from(side);
            (side * FRAME_PERCENT..=side * (100 - FRAME_PERCENT)).contains(&at)
        };
        let mut corners = self.corners.iter();
        corners.all(|(across, down)| is_inside(*across, width) && is_inside(*down, height))
    }
}

/// What is told of one picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Look {
    /// The symbols in it.
    #[n(0)]
    pub sightings: Vec<Sighting>,
    /// There was hardly any light in it: a covered lens, or a camera that delivers nothing.
    #[n(1)]
    pub is_black: bool,
}

impl Look {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// From bytes; `None` when they are of something else.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        decode(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_the_same_after_it_went_through_bytes() {
        let sighting = Sighting {
            text: "1A4FF0300000C57000000101".to_owned(),
            symbology: Symbology::Code128,
            corners: [(0, 0), (240, -3), (240, 60), (0, 60)],
        };
        let look = Look {
            sightings: vec![sighting],
            is_black: true,
        };
        assert_eq!(Look::parse(&look.to_bytes()), Some(look));
        assert_eq!(Look::parse(b"something else"), None);
    }

    #[test]
    fn only_what_lies_wholly_in_the_frame_is_aimed_at() {
        let at = |left: i32, top: i32| Sighting {
            text: String::new(),
            symbology: Symbology::Code128,
            corners: [(0, 0), (240, 0), (240, 60), (0, 60)].map(|(x, y)| (x + left, y + top)),
        };
        let is_aimed = |left, top| at(left, top).is_aimed(1_280, 720);
        assert!(is_aimed(500, 300));
        assert!(is_aimed(154, 87));
        assert!(!is_aimed(153, 300), "over the left edge");
        assert!(!is_aimed(900, 300), "over the right edge");
        assert!(!is_aimed(500, 80) && !is_aimed(500, 600));
    }

    #[test]
    fn a_licence_is_not_among_goods() {
        assert!(!Wanted::GOODS.has(Wanted::LICENCE));
        assert!(Wanted::of(u8::MAX).has(Wanted::LICENCE));
        assert!(!Wanted::GOODS.without(Wanted::QR).has(Wanted::QR));
        assert_eq!(Wanted::of(Wanted::GOODS.bits()), Wanted::GOODS);
    }
}
