//! The codes Custody prints itself: `CUS`, a letter for the kind, an identifier, a check character.
//!
//! In: text. Out: kind and identifier. Must not: say whether the thing exists. Letters and digits
//! only, so they survive every keyboard layout; `U` and `S` keep them from looking like a tag.

use super::Reason;

const START: &str = "CUS";

/// Shortest and longest identifier.
const ID_LENGTH: core::ops::RangeInclusive<usize> = 3..=24;

/// What one of our codes is stuck to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnKind {
    /// A shelf, drawer or cage.
    Location,
    /// A tote that carries orders while they are picked.
    Tote,
    /// A sealed bag.
    Bag,
    /// An order's pick ticket.
    Ticket,
    /// A printed label.
    Label,
    /// A place for bags that wait.
    Slot,
    /// A person's badge; alone it signs nobody in.
    Badge,
    /// A tablet or scanner.
    Device,
    /// Something to do: undo, short, next, done, print.
    Command,
}

/// Every kind with its letter.
const KINDS: [(OwnKind, char); 9] = [
    (OwnKind::Location, 'L'),
    (OwnKind::Tote, 'T'),
    (OwnKind::Bag, 'B'),
    (OwnKind::Ticket, 'K'),
    (OwnKind::Label, 'X'),
    (OwnKind::Slot, 'S'),
    (OwnKind::Badge, 'P'),
    (OwnKind::Device, 'D'),
    (OwnKind::Command, 'C'),
];

/// One of our codes, its check character verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnCode {
    /// What it is stuck to.
    pub kind: OwnKind,
    /// Which one, in upper case.
    pub id: String,
}

impl OwnCode {
    /// The text to print for this thing; none when the identifier is not 3 to 24 letters and
    /// digits.
    #[must_use]
    pub fn make(kind: OwnKind, id: &str) -> Option<String> {
        let (_, letter) = KINDS.iter().find(|(known, _)| *known == kind)?;
        let mut text = format!("{START}{letter}{}", id.to_ascii_uppercase());
        text.push(check_character(&text).filter(|_| ID_LENGTH.contains(&id.len()))?);
        Some(text)
    }
}

/// None when the text does not begin like one of ours.
pub(super) fn parse(text: &str) -> Option<Result<OwnCode, Reason>> {
    let start = text.get(..START.len())?;
    start
        .eq_ignore_ascii_case(START)
        .then(|| read(&text.to_ascii_uppercase()))
}

fn read(text: &str) -> Result<OwnCode, Reason> {
    let mut characters = text.chars();
    let check = characters.next_back();
    if check.is_none() || check_character(characters.as_str()) != check {
        return Err(Reason::CheckDigit);
    }
    let mut rest = characters
        .as_str()
        .get(START.len()..)
        .ok_or(Reason::Length)?
        .chars();
    let letter = rest.next();
    let id = rest.as_str().to_owned();
    let (kind, _) = KINDS
        .iter()
        .find(|(_, known)| Some(*known) == letter)
        .ok_or(Reason::Unknown)?;
    if !ID_LENGTH.contains(&id.len()) {
        return Err(Reason::Length);
    }
    Ok(OwnCode { kind: *kind, id })
}

/// ISO 7064 MOD 37,36: sees every wrong character and nearly every swap of neighbours.
fn check_character(text: &str) -> Option<char> {
    let mut product = 36;
    for character in text.chars() {
        let sum = (product + character.to_digit(36)?) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    char::from_digit((37 - product) % 36, 36).map(|check| check.to_ascii_uppercase())
}
