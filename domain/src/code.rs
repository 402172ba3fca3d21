//! What a scanner's reading means.
//!
//! In: text as a wedge, a camera or a keypad delivered it, and the shop's settings. Out: a `Code`,
//! always. Must not: know the stock, repair a damaged tag, or fail.

use minicbor::{Decode, Encode};

use crate::id::PackageTag;
use gs1::Gs1;
use gtin::{Gtin, Scheme};
use own::OwnCode;

/// What readers put around the data.
mod envelope;
/// GS1's strings of numbered elements.
pub mod gs1;
/// Product numbers under the bars of retail goods.
pub mod gtin;
/// Web links that name a unit or a product.
mod link;
/// Tags that are nearly the same.
pub mod near_miss;
/// The codes Custody prints itself.
pub mod own;
/// METRC's QR code on a single unit.
pub mod retail_id;
/// What a reader of unknown quality says.
pub mod second_look;
/// What a reader of pictures is asked, and what it tells.
pub mod sight;
/// Codes in a camera's view, from one picture to the next.
pub mod view;
/// What a scanner puts around every code.
pub mod around;
/// Keys in a row, and which of them are scans.
pub mod burst;
/// Scanners told from hands.
pub mod rhythm;
/// The printed test sheet.
pub mod sheet;

/// Longest reading that is looked at, in bytes. A driving licence is the longest honest one.
pub const TEXT_LENGTH_MAX: usize = 2048;

/// How tags begin: METRC's own, its documentation's, and one seen in New York. All hold a letter,
/// so no GS1 string, which starts with digits, begins like one.
const TAG_STARTS: [&str; 3] = ["1A4", "ABC", "AAA"];

/// Where a reading came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// A scanner that types like a keyboard.
    #[n(0)]
    Wedge,
    /// The device's camera.
    #[n(1)]
    Camera,
    /// Fingers.
    #[n(2)]
    Keypad,
}

/// The kind of printed symbol, as far as the reader says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[expect(
    missing_docs,
    reason = "each name is the symbol's own and says all there is to say"
)]
pub enum Symbology {
    #[n(0)]
    Code128,
    #[n(1)]
    Gs1Code128,
    #[n(2)]
    Code39,
    #[n(3)]
    UpcA,
    #[n(4)]
    UpcE,
    #[n(5)]
    Ean13,
    #[n(6)]
    Ean8,
    #[n(7)]
    Itf,
    #[n(8)]
    Qr,
    #[n(9)]
    Gs1Qr,
    #[n(10)]
    DataMatrix,
    #[n(11)]
    Gs1DataMatrix,
    #[n(12)]
    Pdf417,
    #[n(13)]
    DataBar,
    #[n(14)]
    Aztec,
    #[n(15)]
    Other,
}

/// What a reader delivered, untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Everything that arrived, with whatever the reader put around it.
    pub text: String,
    /// The symbol, when the reader knows it.
    pub symbology: Option<Symbology>,
    /// The AIM identifier (`]C1`), when it came apart from the text.
    pub aim: Option<String>,
    /// Where it came from.
    pub channel: Channel,
}

/// The state's tracking system a shop reports to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum TrackingSystem {
    /// METRC: tags of 24 hexadecimal characters.
    #[n(0)]
    Metrc,
    /// BioTrack: identifiers of 16 digits.
    #[n(1)]
    BioTrack,
}

impl TrackingSystem {
    /// The system whose tag this is. All tags of a shop are of one.
    #[must_use]
    pub fn of(tag: &PackageTag) -> Self {
        match tag.as_str().len() {
            16 => Self::BioTrack,
            _ => Self::Metrc,
        }
    }
}

/// What must be known about shop and scanner to understand a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Decides what 16 digits are.
    pub system: TrackingSystem,
    /// Hosts of unit QR codes beside METRC's own `1a4.com`.
    pub retail_id_hosts: Vec<String>,
    /// What this scanner sends in front of every reading.
    pub prefix: String,
    /// What this scanner sends behind every reading; Enter, Tab, STX and ETX need not be named.
    pub suffix: String,
}

impl Settings {
    /// A scanner as it leaves its box, in a shop of this system.
    #[must_use]
    pub fn new(system: TrackingSystem) -> Self {
        let (prefix, suffix) = (String::new(), String::new());
        Self {
            system,
            retail_id_hosts: Vec::new(),
            prefix,
            suffix,
        }
    }
}

/// How much a reading proves about goods, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Grade {
    /// Nothing.
    #[n(0)]
    None,
    /// One of Custody's own codes: a place, a person, a command.
    #[n(1)]
    Internal,
    /// Which product, but not which package.
    #[n(2)]
    Product,
    /// Which tagged package.
    #[n(3)]
    Package,
    /// Which single unit of which package.
    #[n(4)]
    Unit,
}

/// Why a reading means nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There was nothing but blanks.
    Empty,
    /// Longer than `TEXT_LENGTH_MAX`.
    TooLong,
    /// It holds control characters, or marks that change how text looks.
    Control,
    /// It begins like a tag, or is a number, of the wrong length.
    Length,
    /// It has a tag's length and start, but a character no tag has.
    NotHex,
    /// A check digit or character does not fit: misread or mistyped.
    CheckDigit,
    /// A GS1 string that breaks GS1's rules: an impossible date, two lots.
    Malformed,
    /// A link of METRC's that does not hold a unit.
    RetailId,
    /// A short link that only the state's service can resolve.
    Opaque,
    /// A driving licence or identity card. It belongs to the age check; keep nothing of it here.
    IdCard,
    /// Something else altogether.
    Unknown,
}

/// What a reading means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// The tag of a package.
    Package(PackageTag),
    /// 24 hexadecimal characters that begin like no known tag. Nothing until stock knows them.
    TagShaped(PackageTag),
    /// One unit of a package, by its METRC Retail ID.
    Unit {
        /// The package it was issued for; after repackaging the unit may live under another tag.
        tag: PackageTag,
        /// Which unit, counted from 0 or 1 as the state's system chose.
        index: u64,
        /// How the link spells it.
        encoding: retail_id::Encoding,
        /// The link's host in lower case.
        host: String,
    },
    /// A product number; two when eight digits fit both schemes, then stock decides.
    Product {
        /// Never empty, at most two.
        candidates: Vec<(Gtin, Scheme)>,
    },
    /// A GS1 string or link.
    Gs1(Gs1),
    /// A code Custody printed.
    Own(OwnCode),
    /// Nothing.
    Nothing {
        /// Why.
        reason: Reason,
    },
}

impl Code {
    /// How much this proves about goods.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match self {
            Self::Unit { .. } => Grade::Unit,
            Self::Package(_) => Grade::Package,
            Self::Product { .. } => Grade::Product,
            // A pallet's number without a product's says nothing about goods.
            Self::Gs1(gs1) if gs1.gtin().is_some() => Grade::Product,
            Self::Own(_) => Grade::Internal,
            Self::Gs1(_) | Self::TagShaped(_) | Self::Nothing { .. } => Grade::None,
        }
    }

    /// The package this names, directly or through one of its units.
    #[must_use]
    pub fn tag(&self) -> Option<&PackageTag> {
        match self {
            Self::Package(tag) | Self::Unit { tag, .. } => Some(tag),
            Self::TagShaped(_)
            | Self::Product { .. }
            | Self::Gs1(_)
            | Self::Own(_)
            | Self::Nothing { .. } => None,
        }
    }

    /// Takes 24 characters of an unknown beginning for a tag when the shop has that very package.
    #[must_use]
    pub fn settled(self, is_stocked: impl FnOnce(&PackageTag) -> bool) -> Self {
        if let Self::TagShaped(tag) = &self
            && is_stocked(tag)
        {
            return Self::Package(tag.clone());
        }
        self
    }
}

/// Understands a reading. Never fails: what means nothing is `Code::Nothing`.
#[must_use]
pub fn parse(reading: &Reading, settings: &Settings) -> Code {
    understand(reading, settings).unwrap_or_else(|reason| Code::Nothing { reason })
}

/// The data inside a reading: without prefix, AIM identifier, suffix and blanks around it.
///
/// For showing what was read and for `near_miss`; not for driving licences.
#[must_use]
pub fn content<'a>(reading: &'a Reading, settings: &Settings) -> &'a str {
    envelope::open(reading, settings).text
}

fn understand(reading: &Reading, settings: &Settings) -> Result<Code, Reason> {
    if reading.text.len() > TEXT_LENGTH_MAX {
        return Err(Reason::TooLong);
    }
    let content = envelope::open(reading, settings);
    if content.text.is_empty() {
        return Err(Reason::Empty);
    }
    if envelope::is_id_card(&content) {
        return Err(Reason::IdCard);
    }
    if content.text.chars().any(envelope::is_hidden) {
        return Err(Reason::Control);
    }
    if let Some(link) = link::split(content.text) {
        return link::understand(&link, settings);
    }
    let text = gs1::with_plain_separators(content.text);
    let is_gs1 = content.is_gs1 || text.starts_with(gs1::SEPARATOR);
    understand_plain(
        text.trim_matches(gs1::SEPARATOR),
        is_gs1,
        content.symbology,
        settings.system,
    )
}

fn understand_plain(
    text: &str,
    is_gs1: bool,
    symbology: Option<Symbology>,
    system: TrackingSystem,
) -> Result<Code, Reason> {
    if let Some(own) = own::parse(text) {
        return own.map(Code::Own);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let tag = PackageTag::parse(text).ok();
    if begins_like_a_tag(text) {
        let damage = if text.len() == 24 {
            Reason::NotHex
        } else {
            Reason::Length
        };
        return tag.map(Code::Package).ok_or(damage);
    }
    if is_gs1 || text.starts_with('(') {
        return gs1::parse(text).map(Code::Gs1);
    }
    // 16 digits are a BioTrack identifier even where they could be `01` and a product number: the
    // symbol did not claim to be GS1, so the shop's system decides.
    let is_biotrack_length = text.len() == 16;
    if system == TrackingSystem::BioTrack
        && is_biotrack_length
        && let Some(tag) = tag
    {
        return Ok(Code::Package(tag));
    }
    if let Some(gs1) = gs1::parse_undeclared(text) {
        return Ok(Code::Gs1(gs1));
    }
    if let Some(tag) = tag
        && !is_biotrack_length
    {
        return Ok(Code::TagShaped(tag));
    }
    match text.len() {
        _ if !is_number => Err(Reason::Unknown),
        8 | 12 | 13 | 14 => gtin::candidates(text, symbology)
            .map(|candidates| Code::Product { candidates })
            .ok_or(Reason::CheckDigit),
        _ => Err(Reason::Length),
    }
}

fn begins_like_a_tag(text: &str) -> bool {
    let start = text.get(..3).unwrap_or_default();
    TAG_STARTS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests;
