//! What readers put around the data: prefix, AIM identifier, suffix, blanks.
//!
//! In: a reading and the scanner's settings. Out: the data, and whether the symbol calls itself
//! GS1. Must not: change the data.

use super::{Reading, Settings, Symbology};

/// Blanks, line ends, and the STX and ETX some scanners frame every reading with.
const EDGES: [char; 6] = [' ', '\t', '\r', '\n', '\u{2}', '\u{3}'];

/// How many bytes from the start a card's header is looked for; damaged ones begin with noise.
const CARD_HEADER_MAX: usize = 64;

/// The data of a reading and what is known about its symbol.
pub(super) struct Content<'a> {
    pub(super) text: &'a str,
    pub(super) symbology: Option<Symbology>,
    pub(super) is_gs1: bool,
}

/// Takes the data out of a reading.
pub(super) fn open<'a>(reading: &'a Reading, settings: &Settings) -> Content<'a> {
    // Only the visible part of prefix and suffix is compared: the capture may have taken the final
    // Enter as the end of the reading already.
    let text = reading.text.trim_matches(EDGES);
    let text = text
        .strip_prefix(settings.prefix.trim_matches(EDGES))
        .unwrap_or(text);
    let text = text
        .strip_suffix(settings.suffix.trim_matches(EDGES))
        .unwrap_or(text);
    let mut text = text.trim_matches(EDGES);
    let mut aim = reading.aim.as_deref();
    if let Some((sent, data)) = split_aim(text) {
        // A QR code whose text merely begins like an identifier was announced by another one.
        if aim.is_none_or(|known| known.eq_ignore_ascii_case(sent)) {
            (aim, text) = (Some(sent), data.trim_matches(EDGES));
        }
    }
    let by_aim = aim.map(of_aim);
    let is_gs1 = [by_aim, reading.symbology]
        .into_iter()
        .flatten()
        .any(declares_gs1);
    Content {
        text,
        symbology: reading.symbology.or(by_aim),
        is_gs1,
    }
}

fn split_aim(text: &str) -> Option<(&str, &str)> {
    match text.as_bytes() {
        [b']', letter, digit, ..] if letter.is_ascii_alphabetic() && digit.is_ascii_digit() => {
            text.split_at_checked(3)
        }
        _ => None,
    }
}

/// Caps Lock turns the letters of an identifier too. Only for E and e would that be another symbol.
fn of_aim(aim: &str) -> Symbology {
    match aim.as_bytes() {
        [_, b'C' | b'c', b'1'] => Symbology::Gs1Code128,
        [_, b'C' | b'c', _] => Symbology::Code128,
        [_, b'A' | b'a', _] => Symbology::Code39,
        [_, b'E', b'4'] => Symbology::Ean8,
        [_, b'E', _] => Symbology::Ean13,
        [_, b'I' | b'i', _] => Symbology::Itf,
        [_, b'D' | b'd', b'2' | b'5'] => Symbology::Gs1DataMatrix,
        [_, b'D' | b'd', _] => Symbology::DataMatrix,
        [_, b'Q' | b'q', b'3' | b'4'] => Symbology::Gs1Qr,
        [_, b'Q' | b'q', _] => Symbology::Qr,
        [_, b'L' | b'l', _] => Symbology::Pdf417,
        [_, b'e', _] => Symbology::DataBar,
        [_, b'Z' | b'z', _] => Symbology::Aztec,
        _ => Symbology::Other,
    }
}

fn declares_gs1(symbology: Symbology) -> bool {
    use Symbology::{DataBar, Gs1Code128, Gs1DataMatrix, Gs1Qr};
    matches!(symbology, Gs1Code128 | Gs1DataMatrix | Gs1Qr | DataBar)
}

/// Whether this is a driving licence or identity card, whole or damaged on its way.
pub(super) fn is_id_card(content: &Content<'_>) -> bool {
    let bytes = content.text.as_bytes();
    let has_issuer = |rest: &[u8]| {
        let digits = rest.strip_prefix(b" ").unwrap_or(rest);
        digits
            .get(..6)
            .is_some_and(|issuer| issuer.iter().all(u8::is_ascii_digit))
    };
    let header = |start: usize| {
        [b"ANSI".as_slice(), b"AAMVA"].iter().any(|mark| {
            let end = start + mark.len();
            bytes
                .get(start..end)
                .is_some_and(|word| word.eq_ignore_ascii_case(mark))
                && has_issuer(&bytes[end..])
        })
    };
    let is_card_symbol = content.symbology == Some(Symbology::Pdf417);
    (is_card_symbol && content.text.starts_with('@')) || (0..CARD_HEADER_MAX).any(header)
}

/// Characters that do not show, or change how others show. GS is GS1's separator and may stay.
pub(super) fn is_hidden(character: char) -> bool {
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    is_format || (character.is_control() && character != super::gs1::SEPARATOR)
}
