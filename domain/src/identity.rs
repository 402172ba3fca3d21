//! What a driving licence or identity card says, from the code on its back.
//!
//! In: the text of a PDF417 code of the AAMVA standard, from a camera or through a keyboard. Out: name, dates,
//! issuer, number; then a verdict. Must not: repair a digit, keep the text, or let any of it be printed by mistake.
//!
//! The frame and the vendors' oddities are those of the AAMVA card design standards of 2000 to 2020 (versions 01
//! to 10). A later version is read like 10 and says so.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::id::Hash;
use crate::time::Day;

/// Frame, subfiles, elements.
mod frame;
/// Dates in whichever order a card has them.
mod dates;
/// Who issues cards.
mod issuer;
/// Names, whole or in pieces.
mod person;
/// Of age? Expired?
mod judge;
/// The name on a card against the name on an order.
mod likeness;
/// What a hand-over asks of a document.
mod shown;

pub use dates::typed;
pub use issuer::{Country, Issuer};
pub use judge::{AgeRule, Expiry, Judged, LeapBirthday};
pub use likeness::{Likeness, compare};
pub use shown::{CheckedBy, Shown};

/// A name on a card, to be shown beside the order's. Its memory is overwritten at the end.
pub type CardName = Zeroizing<String>;

/// Characters of a card's text at most. A PDF417 code holds fewer.
pub const CARD_CHARS_MAX: usize = 4_096;

/// Which kind of card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// It also lets its holder drive.
    DrivingLicence,
    /// It only says who its holder is.
    IdentityCard,
    /// A driving licence good at land borders.
    EnhancedLicence,
}

/// What was odd about a card and is worth a second look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// Characters a keyboard scanner put in between were taken out.
    NoiseRemoved,
    /// The header's separators were lost or changed on the way.
    HeaderRepaired,
    /// The header points elsewhere than where the data is.
    OffsetRepaired,
    /// The data does not begin with its own type.
    SubfilePrefixMissing,
    /// A date stands in the order of the other country.
    DateOrderRepaired,
    /// The name stands in one field without commas.
    NameOrderGuessed,
    /// The issuer is on no list known here.
    UnknownIssuer,
    /// The card follows a later standard than this program knows.
    NewerThanKnown,
    /// The dates until which its holder counts as under age do not fit the birth date.
    UnderAgeDatesDisagree,
    /// It names no day on which it expires.
    NoExpiry,
}

/// Why a text was not read as a card. What was readable of the issuer goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: RefusedReason,
    /// Who issued it, when that much could be read.
    pub issuer: Option<&'static Issuer>,
}

/// Why a text was not read as a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedReason {
    /// It is no driving licence or identity card of this standard.
    NotACard,
    /// It is the text of a card's magnetic stripe.
    MagneticStripe,
    /// It is longer than any card's.
    TooLong,
    /// The separators between its fields were lost on the way; the scanner has to be set up.
    SeparatorsLost,
    /// It has no birth date, or one the calendar does not have.
    BirthDate,
    /// It has an expiry date the calendar does not have.
    ExpiryDate,
    /// It has no name.
    Name,
}

/// A card that was read. It lives as long as the check: no copy of it is printed, kept or sent, and its memory is
/// overwritten at the end.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Who issued it, by the number on it.
    pub issuer_number: [u8; 6],
    /// Who that is.
    pub issuer: Option<&'static Issuer>,
    /// Version of the standard.
    pub version: u8,
    /// Which kind of card.
    pub document: Document,
    /// Family name.
    pub family: String,
    /// First and middle names.
    pub given: Vec<String>,
    /// What follows the name: `JR`, `III`.
    pub suffix: Option<String>,
    /// Number of the document.
    pub number: Option<String>,
    /// Day of birth.
    pub birth: Day,
    /// The last day it is good.
    pub expiry: Option<Day>,
    /// Where it was issued.
    pub country: Option<Country>,
    /// The family name was cut short to fit.
    pub family_truncated: bool,
    /// A given name was cut short to fit.
    pub given_truncated: bool,
    /// Its holder is under 18 until this day, as the card itself says.
    pub under_18_until: Option<Day>,
    /// Under 19.
    pub under_19_until: Option<Day>,
    /// Under 21: the card stands upright.
    pub under_21_until: Option<Day>,
    /// What was odd about it, in no particular order, each once.
    pub oddities: Vec<Oddity>,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("issuer", &self.issuer.map(|issuer| issuer.code))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.family.zeroize();
        self.given.zeroize();
        self.suffix.zeroize();
        self.number.zeroize();
        self.birth = Day(0);
    }
}

impl Card {
    /// Reads a card's text.
    ///
    /// # Errors
    /// When it is none, or lacks what a check needs.
    pub fn read(text: &str) -> Result<Self, Refused> {
        if text.chars().count() > CARD_CHARS_MAX {
            return Err(because(RefusedReason::TooLong));
        }
        let frame = frame::Frame::read(text).map_err(because)?;
        let issuer = Issuer::find(frame.issuer);
        frame
            .card(issuer)
            .map_err(|reason| Refused { reason, issuer })
    }

    /// Reads a card's text and overwrites it, whatever came of it.
    ///
    /// # Errors
    /// When it is none, or lacks what a check needs.
    pub fn take(mut text: String) -> Result<Self, Refused> {
        let read = Self::read(&text);
        text.zeroize();
        read
    }

    /// The whole name, as a person compares it: given names first.
    #[must_use]
    pub fn whole_name(&self) -> CardName {
        let given = self.given.iter().map(String::as_str);
        let names: Vec<&str> = given.chain([self.family.as_str()]).collect();
        CardName::new(names.join(" "))
    }

    /// What may be kept of which card it was: nothing can be read from it without the key, and the same card gives
    /// the same again. `None` when the card has no number.
    #[must_use]
    pub fn commitment(&self, key: &[u8; 32]) -> Option<Hash> {
        let number = self.number.as_ref()?;
        let inner = Hash::of(&[
            b"custody-card-1\n",
            key,
            &self.issuer_number,
            number.as_bytes(),
        ]);
        Some(Hash::of(&[b"custody-card-outer-1\n", key, &inner.0]))
    }
}

fn because(reason: RefusedReason) -> Refused {
    Refused {
        reason,
        issuer: None,
    }
}
