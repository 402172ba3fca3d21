//! What is held before a scanner and wants to be something else.

use super::*;

/// Texts that are no code, each with what is said of it.
fn hostile() -> Vec<(String, Reason)> {
    let texts = [
        // Control characters, and marks that change how text looks.
        ("\0\0\0\0\0\0\0\0", Reason::Control),
        ("1A4FF0300000C5\u{1b}[2J7000000101", Reason::Control),
        ("1A4FF030\u{7}0000C57000000101", Reason::Control),
        ("1A4FF0300000C57\u{202e}000000101", Reason::Control),
        ("1A4FF0300000\u{200b}C57000000101", Reason::Control),
        // A printer's commands, a script, a query, a formula, a path.
        ("^XA^FO50,50^FDfree^FS^XZ", Reason::Unknown),
        ("~JA", Reason::Unknown),
        ("<script>alert(1)</script>", Reason::Unknown),
        ("'; DROP TABLE packages; --", Reason::Unknown),
        ("=HYPERLINK(\"http://example.invalid\")", Reason::Unknown),
        ("../../server.key", Reason::Unknown),
        ("javascript:alert(1)", Reason::Unknown),
        // Other alphabets, among them letters that look like a tag's.
        ("метка упаковки", Reason::Unknown),
        ("标签标签标签标签", Reason::Unknown),
        ("مريم النجار", Reason::Unknown),
        ("🏷️🏷️🏷️", Reason::Unknown),
    ];
    let mut all: Vec<(String, Reason)> = texts
        .into_iter()
        .map(|(text, reason)| (text.to_owned(), reason))
        .collect();
    all.extend(["A", "1A4FF030", "^FD"].map(|part| {
        let long = part.repeat(4_000_usize.div_ceil(part.len()));
        (long, Reason::TooLong)
    }));
    all
}

#[test]
fn what_wants_to_be_something_else_is_no_code_and_it_is_said_why() {
    for (text, reason) in hostile() {
        assert_eq!(read(&text), nothing(reason), "{text:?}");
    }
}

#[test]
fn a_tag_with_a_command_or_another_alphabet_in_it_is_no_tag() {
    let cyrillic = TAG.replace('A', "\u{410}").replace('C', "\u{421}");
    let wide = TAG.replace('1', "\u{ff11}");
    let around = [
        format!("^FD{TAG}^FS"),
        format!("<b>{TAG}</b>"),
        format!("{TAG};reboot"),
        format!("{TAG}{TAG}"),
        format!("{TAG}\u{1d}{TAG}"),
        cyrillic,
        wide,
    ];
    for text in around {
        let code = read(&text);
        assert!(matches!(code, Code::Nothing { .. }), "{text:?}: {code:?}");
        // Nothing that the shop has is taken for it either.
        assert_eq!(code.settled(|_| true), read(&text));
    }
}
