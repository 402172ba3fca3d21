//! What a printer says of itself: the answer to `~HS`.
//!
//! In: three lines, each between STX and ETX. Out: what is in the way, and how much is left to print. Must not: take half an answer for
//! a whole one.
//!
//! Source: Zebra's ZPL II programming guide, host status return.

use domain::sync::printing::Trouble;

/// Asks for it. Acts at once, also in the middle of a label.
pub const ASK: &[u8] = b"~HS\r\n";
const STX: u8 = 2;
const ETX: u8 = 3;

/// What a printer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What is in the way.
    pub trouble: Option<Trouble>,
    /// Labels it has and has not printed yet.
    pub pending: u32,
}

/// Reads an answer; `None` while it is not whole, or none.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Status> {
    let mut lines = bytes.split(|byte| *byte == STX).skip(1).map(|line| {
        let end = line.iter().position(|byte| *byte == ETX)?;
        let text = core::str::from_utf8(line.get(..end)?).ok()?;
        Some(text.split(',').map(str::trim).collect::<Vec<_>>())
    });
    let (first, second, third) = (lines.next()??, lines.next()??, lines.next()??);
    if first.len() < 12 || second.len() < 9 || third.len() < 2 {
        return None;
    }
    let flag = |line: &[&str], at: usize| line.get(at).is_some_and(|flag| *flag == "1");
    let count = |line: &[&str], at: usize| line.get(at)?.parse::<u32>().ok();
    let waits = count(&first, 4)?.saturating_add(count(&second, 8)?);
    let trouble = [
        (flag(&second, 2), Trouble::Open),
        (flag(&first, 1), Trouble::Paper),
        (flag(&second, 3), Trouble::Ribbon),
        (flag(&first, 2), Trouble::Paused),
        (
            flag(&first, 9) || flag(&first, 10) || flag(&first, 11),
            Trouble::Sick,
        ),
        (flag(&first, 5), Trouble::Busy),
    ];
    let trouble = trouble.into_iter().find(|(is_so, _)| *is_so);
    Some(Status {
        trouble: trouble.map(|(_, trouble)| trouble),
        pending: waits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(first: &str, second: &str) -> Vec<u8> {
        format!("\u{2}{first}\u{3}\r\n\u{2}{second}\u{3}\r\n\u{2}1234,0\u{3}\r\n").into_bytes()
    }

    const IDLE: &str = "014,0,0,1245,000,0,0,0,000,0,0,0";
    const CLOSED: &str = "001,0,0,0,1,2,6,0,00000000,1,000";

    #[test]
    fn an_idle_printer_has_nothing_in_its_way() {
        let status = parse(&answer(IDLE, CLOSED)).unwrap();
        assert_eq!((status.trouble, status.pending), (None, 0));
    }

    #[test]
    fn paper_ribbon_head_and_pause_are_told_apart() {
        let paper = answer("014,1,0,1245,002,0,0,0,000,0,0,0", CLOSED);
        assert_eq!(parse(&paper).unwrap().trouble, Some(Trouble::Paper));
        assert_eq!(parse(&paper).unwrap().pending, 2);
        let paused = answer(
            "014,0,1,1245,000,0,0,0,000,0,0,0",
            "001,0,0,0,1,2,6,0,00000003,1,000",
        );
        assert_eq!(parse(&paused).unwrap().trouble, Some(Trouble::Paused));
        assert_eq!(parse(&paused).unwrap().pending, 3);
        let open = answer(IDLE, "001,0,1,0,1,2,6,0,00000000,1,000");
        assert_eq!(parse(&open).unwrap().trouble, Some(Trouble::Open));
    }

    #[test]
    fn half_an_answer_is_none() {
        let whole = answer(IDLE, CLOSED);
        for end in 0..whole.len() - 2 {
            assert_eq!(parse(&whole[..end]), None, "{end}");
        }
    }
}
