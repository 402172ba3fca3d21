//! Keys by their places, as an American keyboard prints them.
//!
//! In: a key's place, and Shift. Out: its character. Must not: know control characters, or keys that print nothing.

/// Digits with Shift, 0 first.
const ABOVE_DIGITS: &str = ")!@#$%^&*(";

/// Places of signs, their character, and that with Shift.
const SIGNS: [(&str, char, char); 12] = [
    ("Space", ' ', ' '),
    ("Minus", '-', '_'),
    ("Equal", '=', '+'),
    ("BracketLeft", '[', '{'),
    ("BracketRight", ']', '}'),
    ("Backslash", '\\', '|'),
    ("Semicolon", ';', ':'),
    ("Quote", '\'', '"'),
    ("Backquote", '`', '~'),
    ("Comma", ',', '<'),
    ("Period", '.', '>'),
    ("Slash", '/', '?'),
];

/// The character at a place, where there is one.
pub(super) fn letter(place: &str, shift: bool) -> Option<char> {
    if let Some(letter) = place.strip_prefix("Key") {
        let letter = only(letter)?;
        return Some(if shift {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        });
    }
    if let Some(digit) = place.strip_prefix("Digit") {
        let digit = only(digit)?;
        let above = ABOVE_DIGITS
            .chars()
            .nth(digit.to_digit(10)?.try_into().ok()?);
        return if shift { above } else { Some(digit) };
    }
    if let Some(digit) = place.strip_prefix("Numpad") {
        return only(digit).filter(char::is_ascii_digit);
    }
    let sign = SIGNS.iter().find(|(known, ..)| *known == place);
    sign.map(|(_, plain, shifted)| if shift { *shifted } else { *plain })
}

/// The one letter or digit of a name.
fn only(name: &str) -> Option<char> {
    let mut letters = name.chars();
    let first = letters.next().filter(char::is_ascii_alphanumeric)?;
    letters.next().is_none().then_some(first)
}
