//! ZPL II, the language of most label printers.
//!
//! In: a page. Out: the bytes a printer is sent. Must not: let anything that came from outside be read as a command. Letters are
//! sent as dots, so no name is in it at all; what is sent as data is escaped byte by byte. Nobody but this encoder writes ZPL, and
//! it writes nothing but what the enumeration below has.
//!
//! Sources: Zebra's ZPL II programming guide, commands `^XA ^CI ^PW ^LL ^LH ^FO ^GF ^BY ^BC ^FH ^FD ^FS ^PQ ^XZ`.

use core::fmt::Write as _;

use super::{Bitmap, Face, Mark, Page};

/// What begins an escape in a field's data; the same byte the printer assumes when none is named.
const ESCAPE: char = '_';
/// Repeats of a digit that have a letter of their own: 1 to 19, and multiples of 20.
const REPEATS: (usize, usize) = (20, 400);

/// What prints a label. All before it prints nothing.
pub const END: &str = "^XZ\n";

/// The commands there are.
enum Command {
    /// A label begins.
    Begin,
    /// Data is UTF-8.
    Utf8,
    /// Dots across.
    Width(u32),
    /// Dots down.
    Length(u32),
    /// Places count from the corner.
    Home,
    /// Where the next field begins.
    At(u32, u32),
    /// A picture: bytes in all, bytes in a row, and its packed digits.
    Picture(usize, usize, String),
    /// Dots in a module.
    Module(u32),
    /// Code 128 of a height, in character set B.
    Bars(u32),
    /// Data has escapes.
    Escapes,
    /// Data.
    Data(String),
    /// The field ends.
    EndOfField,
    /// How many of it.
    Once,
    /// The label ends, and is printed.
    End,
}

impl Command {
    fn write(&self, out: &mut String) {
        // Writing into a string cannot fail.
        let _written = match self {
            Self::Begin => out.write_str("^XA"),
            Self::Utf8 => out.write_str("^CI28"),
            Self::Width(dots) => write!(out, "^PW{dots}"),
            Self::Length(dots) => write!(out, "^LL{dots}"),
            Self::Home => out.write_str("^LH0,0"),
            Self::At(x, y) => write!(out, "^FO{x},{y}"),
            Self::Picture(total, row, digits) => write!(out, "^GFA,{total},{total},{row},{digits}"),
            Self::Module(dots) => write!(out, "^BY{dots}"),
            Self::Bars(height) => write!(out, "^BCN,{height},N,N,N"),
            Self::Escapes => write!(out, "^FH{ESCAPE}"),
            Self::Data(data) => write!(out, "^FD{}", escaped(data)),
            Self::EndOfField => out.write_str("^FS\n"),
            Self::Once => out.write_str("^PQ1,0,1,N"),
            Self::End => out.write_str(END),
        };
    }
}

/// A page as a printer is told it.
#[must_use]
pub fn encode(page: &Page, face: &Face<'_>) -> String {
    let mut picture = Bitmap::new(page.media.width(), page.media.height());
    let mut bars = Vec::new();
    for mark in &page.marks {
        match mark {
            Mark::Bars {
                x,
                y,
                height,
                module,
                data,
            } => bars.extend([
                Command::At(*x, *y),
                Command::Module(*module),
                Command::Bars(*height),
                Command::Escapes,
                // In this set a printer reads `>0` as the sign itself, and `>` with any other as a change of sets.
                Command::Data(data.replace('>', ">0")),
                Command::EndOfField,
            ]),
            Mark::Text { .. } | Mark::Rule { .. } | Mark::Frame { .. } | Mark::Square { .. } => {
                mark.draw(face, &mut picture);
            }
        }
    }
    let mut commands = vec![
        Command::Begin,
        Command::Utf8,
        Command::Width(page.media.width()),
        Command::Length(page.media.height()),
        Command::Home,
        Command::At(0, 0),
        packed(&picture),
        Command::EndOfField,
    ];
    commands.extend(bars);
    commands.extend([Command::Once, Command::End]);
    let mut out = String::new();
    for command in commands {
        command.write(&mut out);
    }
    out
}

/// Data with everything escaped but letters and digits of ASCII.
fn escaped(data: &str) -> String {
    let mut out = String::new();
    for byte in data.bytes() {
        let _written = if byte.is_ascii_alphanumeric() {
            out.write_char(char::from(byte))
        } else {
            write!(out, "{ESCAPE}{byte:02X}")
        };
    }
    out
}

/// A picture, packed as `^GF` allows: repeated digits, the white rest of a row, a row like the one above.
fn packed(picture: &Bitmap) -> Command {
    let mut digits = String::new();
    let mut above: &[u8] = &[];
    let (mut total, mut row) = (0, 0);
    for bytes in picture.rows() {
        total += bytes.len();
        row = bytes.len();
        if bytes == above {
            digits.push(':');
            continue;
        }
        above = bytes;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        // The black rest of a row has a sign too, which programs that draw labels read in two ways: it is not used.
        let rest = hex.trim_end_matches('0');
        let end = if rest.len() < hex.len() { "," } else { "" };
        pack(rest, &mut digits);
        digits.push_str(end);
    }
    Command::Picture(total, row, digits)
}

/// One row's digits, repeats first.
fn pack(hex: &str, out: &mut String) {
    let mut rest = hex;
    while let Some(digit) = rest.chars().next() {
        let left = rest.trim_start_matches(digit);
        let mut count = rest.len() - left.len();
        rest = left;
        while count > 0 {
            let now = count.min(REPEATS.1 + REPEATS.0 - 1);
            count -= now;
            if now > 1 {
                let letters = [(now / REPEATS.0, b'f'), (now % REPEATS.0, b'F')];
                for (times, before) in letters {
                    let times = u8::try_from(times).unwrap_or(0);
                    if times > 0 {
                        out.push(char::from(before + times));
                    }
                }
            }
            out.push(digit);
        }
    }
}
