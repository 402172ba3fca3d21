//! One line of a terminal or a log.
//!
//! In: text. Out: one line, in which every character is seen. Must not: let text move the cursor, colour or hide what
//! stands around it, or begin a line of its own.

use core::fmt::{self, Write as _};
use std::io;

/// Text as one line. What a terminal would obey and what nobody would see is spelled out as in JSON, such as `\u001b`: a
/// line of JSON means the same before and after.
#[derive(Clone, Copy, Debug)]
pub struct Line<'t>(pub &'t str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if is_seen(character) {
                f.write_char(character)?;
            } else {
                spell(character, f)?;
            }
        }
        Ok(())
    }
}

fn spell(character: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match character {
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        _ => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            units.iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))
        }
    }
}

/// Whether a character stands where it is written and is seen there. The others are controls (ESC, line ends, the ones
/// above 127), line and paragraph ends of Unicode, and what turns the direction of what follows or has no width.
fn is_seen(character: char) -> bool {
    let is_unseen = character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        );
    !is_unseen
}

/// Writes each message it is given as one [`Line`]. Whoever writes to it writes whole messages.
#[derive(Debug)]
pub struct Lines<W>(pub W);

impl<W: io::Write> io::Write for Lines<W> {
    fn write(&mut self, message: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(message);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        self.0.write_all(format!("{}\n", Line(text)).as_bytes())?;
        Ok(message.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_name_is_just_a_name() {
        for name in ["Ana R.", "^XZ~JR", "=cmd()", "Zoë Ngô 王", "‘Ōlelo", "a\\b"] {
            assert_eq!(Line(name).to_string(), name);
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        let hostile = [
            (
                "\u{1b}[2J\u{1b}]0;title\u{7}",
                r"\u001b[2J\u001b]0;title\u0007",
            ),
            (
                "one\r\nperson 9 may work here",
                r"one\r\nperson 9 may work here",
            ),
            ("\u{9b}31m", r"\u009b31m"),
            ("a\u{202e}b\u{2066}c\u{200b}d", r"a\u202eb\u2066c\u200bd"),
            ("one\u{2028}two\u{85}three", r"one\u2028two\u0085three"),
            ("\u{8}\u{7f}\u{0}", r"\u0008\u007f\u0000"),
        ];
        for (text, shown) in hostile {
            assert_eq!(Line(text).to_string(), shown);
        }
    }

    #[test]
    fn a_line_of_json_means_the_same_before_and_after() {
        let said =
            serde_json::json!({ "name": "\u{1b}[2J\u{9b}\u{202e}\u{e0041}\u{7f}\n\u{2028}" });
        let line = Line(&said.to_string()).to_string();
        assert!(line.is_ascii());
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read, said);
    }

    #[test]
    fn every_message_is_one_line_of_a_log() {
        let mut written = Vec::new();
        let mut lines = Lines(&mut written);
        lines
            .write_all(b"WARN a name: \x1b[31mred\nERROR forged\n")
            .unwrap();
        lines.write_all(b"INFO next\n").unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(
            written,
            "WARN a name: \\u001b[31mred\\nERROR forged\nINFO next\n"
        );
    }
}
