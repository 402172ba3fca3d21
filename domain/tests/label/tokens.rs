//! Another reading of the printer's language, from the programming guide and not from the encoder.
//!
//! A caret or a tilde begins a command wherever it stands, in a field's data too, until a command says that others do.

/// A command: its first sign, its name, what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) name: String,
    pub(crate) rest: Vec<u8>,
}

/// Takes a printer's input apart.
///
/// # Panics
/// On bytes before a command, and on a command that is none.
pub(crate) fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let (mut caret, mut tilde) = (b'^', b'~');
    let mut at = 0;
    while at < bytes.len() {
        let first = bytes[at];
        if first != caret && first != tilde {
            let token = found.last_mut().expect("nothing stands before a command");
            token.rest.push(first);
            at += 1;
            continue;
        }
        let sign = if first == caret { '^' } else { '~' };
        let name = &bytes[at + 1..];
        // ^A takes the font's name as its second letter.
        let length = if name.first() == Some(&b'A') { 1 } else { 2 };
        let name: Vec<u8> = name
            .iter()
            .take(length)
            .map(u8::to_ascii_uppercase)
            .collect();
        at += 1 + name.len();
        match name.as_slice() {
            b"CC" => caret = bytes[at],
            b"CT" => tilde = bytes[at],
            _ => {}
        }
        let name = format!("{sign}{}", String::from_utf8_lossy(&name));
        found.push(Token {
            name,
            rest: Vec::new(),
        });
    }
    found
}

/// A field's data as the printer takes it after `^FH_`.
pub(crate) fn data(rest: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut bytes = rest.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'_' {
            plain.push(*byte);
            continue;
        }
        let pair: Vec<u8> = bytes.by_ref().take(2).copied().collect();
        let pair = std::str::from_utf8(&pair).unwrap();
        plain.push(u8::from_str_radix(pair, 16).unwrap());
    }
    plain
}

/// Rows of a picture's bytes out of `A,total,total,row,digits`.
pub(crate) fn picture(rest: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(rest).unwrap();
    let mut parts = text.splitn(5, ',');
    assert_eq!(parts.next(), Some("A"));
    let total: usize = parts.next().unwrap().parse().unwrap();
    assert_eq!(parts.next().unwrap().parse(), Ok(total));
    let row: usize = parts.next().unwrap().parse().unwrap();
    let mut rows: Vec<String> = vec![String::new()];
    let mut times = 0;
    for sign in parts.next().unwrap().trim_end().chars() {
        let full = rows.last().is_some_and(|hex| hex.len() == row * 2);
        if full {
            rows.push(String::new());
        }
        let above = rows.len().checked_sub(2).map(|at| rows[at].clone());
        let hex = rows.last_mut().unwrap();
        match sign {
            'G'..='Y' => times += sign as usize - 'F' as usize,
            'g'..='z' => times += (sign as usize - 'f' as usize) * 20,
            ',' => hex.push_str(&"0".repeat(row * 2 - hex.len())),
            '!' => hex.push_str(&"F".repeat(row * 2 - hex.len())),
            ':' => *hex = above.unwrap(),
            digit => {
                hex.push_str(&digit.to_string().repeat(times.max(1)));
                times = 0;
            }
        }
    }
    let bytes = |hex: &String| {
        let pairs = hex.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        pairs.map(byte).collect::<Vec<u8>>()
    };
    let rows: Vec<Vec<u8>> = rows.iter().map(bytes).collect();
    assert_eq!(rows.iter().map(Vec::len).sum::<usize>(), total);
    rows
}
