//! Free text in a cell: names, brands, places.
//!
//! In: a trimmed cell. Out: text fit to be shown, or the one reason against it. Must not: shorten it.

use super::finding::{FindingKind, quoted};

/// Free text in one cell, in bytes; the longest cell a spreadsheet can hold is eight times this.
const TEXT_BYTES_MAX: usize = 4_096;

/// The text with line breaks and tabs as one blank.
pub(super) fn read(cell: &str) -> Result<String, (FindingKind, String)> {
    if cell.len() > TEXT_BYTES_MAX {
        let length = cell.len();
        let reason = format!("The text has {length} bytes; {TEXT_BYTES_MAX} are the most allowed.");
        return Err((FindingKind::TextTooLong, reason));
    }
    let is_blank = |c: char| matches!(c, '\r' | '\n' | '\t');
    // Nearly all text is printable ASCII, and 200,000 rows are many.
    let is_plain = |byte| matches!(byte, b' '..=b'~');
    if cell.bytes().all(is_plain) || !cell.contains(char::is_control) {
        return Ok(cell.to_owned());
    }
    if cell.contains(|c: char| c.is_control() && !is_blank(c)) {
        let reason = format!("The text {} holds a control character.", quoted(cell));
        return Err((FindingKind::TextControlCharacter, reason));
    }
    let words: Vec<_> = cell
        .split(is_blank)
        .filter(|part| !part.is_empty())
        .collect();
    Ok(words.join(" "))
}
