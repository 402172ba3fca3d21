//! The printed test sheet: four codes that show how a scanner is set up, and what to change.
//!
//! In: what a scanner typed, and how. Out: which code of the sheet it was, and what is wrong with the set-up. Must not:
//! name a maker's programming codes; those stand in its manual.

/// A code of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sample {
    /// As long as a state tag, and of its characters.
    Tag,
    /// Letters of both cases: a keyboard's Caps Lock turns them around.
    Letters,
    /// What web links are written with, and every keyboard layout puts elsewhere.
    Signs,
    /// The separators of GS1 codes and driving licences.
    Controls,
}

impl Sample {
    /// All, in the sheet's order.
    pub const ALL: [Self; 4] = [Self::Tag, Self::Letters, Self::Signs, Self::Controls];

    /// What the code says. The lengths differ and nothing else is needed to tell them apart, however a layout garbles them.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Tag => "1A4FF0000TEST00000000000",
            Self::Letters => "CustodyQwertzAzerty",
            Self::Signs => "https://1A4.com/?a=1&z=y_-+",
            Self::Controls => "ab\u{1d}cd\u{1e}ef\u{4}gh",
        }
    }
}

/// How a reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With the Enter or Tab key.
    Key,
    /// With nothing more coming.
    Silence,
    /// It came as one string.
    Whole,
    /// Somewhere on the way: not all of it came, or more than it.
    Cut,
}

/// How a scanner typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed {
    /// How it ended.
    pub ending: Ending,
    /// From the first key to the last, in milliseconds.
    pub took_ms: u32,
    /// The longest wait between two keys, in milliseconds.
    pub gap_max_ms: u32,
    /// How long a key was held down at most, in milliseconds; `None` when one was still down as the next was pressed.
    pub held_max_ms: Option<u32>,
}

/// What to change on a scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// It ends with nothing: let it send Enter behind each code.
    SendEnter,
    /// It does not say which symbol it read: let it send AIM identifiers.
    SendAim,
    /// Its country layout is not the tablet's.
    Layout,
    /// It turns capitals into small letters and back: Caps Lock, or a setting that makes up for it.
    CapsLock,
    /// Separators are lost or come as other keys: let it send control characters as Ctrl chords.
    Controls,
    /// It waits so long between characters that typing looks the same: no delay between characters.
    Slower,
    /// It puts something before or behind each code.
    Extra,
    /// It lost characters: a shorter cable, a nearer base, or a small delay between characters.
    Lost,
}

/// Which code of the sheet was read, and what is wrong with how it came. Nothing to change: all is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The code.
    pub sample: Sample,
    /// What to change, each once.
    pub advice: Vec<Advice>,
}

/// A gap above this is one of a quick hand too, in milliseconds.
const GAP_MAX_MS: u32 = 50;
/// A symbol's kind in front of the data: `]`, a letter, a digit.
const AIM_LENGTH: usize = 3;
/// Characters that may come too many around a code.
const EXTRA_MAX: usize = 8;
/// Characters that may be missing.
const LOST_MAX: usize = 3;

/// Looks at what a scanner delivered. `None` when it is no code of the sheet.
#[must_use]
pub fn judge(text: &str, typed: Option<Typed>) -> Option<Judged> {
    let (has_aim, data) = without_aim(text);
    let (sample, mut advice) = Sample::ALL
        .into_iter()
        .find_map(|sample| Some((sample, compare(data, sample)?)))?;
    if let Some(typed) = typed {
        if typed.ending == Ending::Silence {
            advice.push(Advice::SendEnter);
        }
        if typed.gap_max_ms > GAP_MAX_MS {
            advice.push(Advice::Slower);
        }
        if !has_aim {
            advice.push(Advice::SendAim);
        }
    }
    advice.sort_unstable();
    advice.dedup();
    Some(Judged { sample, advice })
}

fn without_aim(text: &str) -> (bool, &str) {
    let aim = text.get(..AIM_LENGTH);
    let is_aim = aim.is_some_and(|aim| {
        let mut letters = aim.chars();
        letters.next() == Some(']')
            && letters
                .next()
                .is_some_and(|kind| kind.is_ascii_alphabetic())
            && letters.next().is_some_and(|digit| digit.is_ascii_digit())
    });
    match text.get(AIM_LENGTH..).filter(|_| is_aim) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// What is wrong when a text was meant to be a sample; `None` when it cannot have been.
fn compare(read: &str, sample: Sample) -> Option<Vec<Advice>> {
    let wanted = sample.text();
    if read == wanted {
        return Some(Vec::new());
    }
    if read.contains(wanted) {
        let extra = read.len() - wanted.len();
        return (extra <= EXTRA_MAX).then(|| vec![Advice::Extra]);
    }
    if sample == Sample::Controls {
        return controls(read, wanted);
    }
    let (read_length, length) = (read.chars().count(), wanted.chars().count());
    if read_length == length {
        return garbled(read, wanted);
    }
    let missing = length.checked_sub(read_length)?;
    (missing <= LOST_MAX && is_within(read, wanted)).then(|| vec![Advice::Lost])
}

/// The letters between the separators tell the sample; what stands in the separators' place does not matter.
fn controls(read: &str, wanted: &str) -> Option<Vec<Advice>> {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (is, should) = (letters(read), letters(wanted));
    // A Ctrl chord the browser does not pass on leaves its letter behind: `d` for the end of transmission.
    let is_like = is == should || is_within(&should, &is) && is.len() <= should.len() + 3;
    is_like.then(|| vec![Advice::Controls])
}

/// A text of the right length in which characters come as others.
fn garbled(read: &str, wanted: &str) -> Option<Vec<Advice>> {
    if read.eq_ignore_ascii_case(wanted) {
        return Some(vec![Advice::CapsLock]);
    }
    // A layout moves signs, digits and a few letters; most letters stay. Those of a real tag are none of the sheet's.
    let pairs = read.chars().zip(wanted.chars());
    let letters: Vec<bool> = pairs
        .filter(|(_, should)| should.is_ascii_alphabetic())
        .map(|(is, should)| is.eq_ignore_ascii_case(&should))
        .collect();
    let same = letters.iter().filter(|is_same| **is_same).count();
    (same * 2 > letters.len()).then(|| vec![Advice::Layout])
}

/// Whether a text is another with characters left out.
fn is_within(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars()
        .all(|wanted| rest.by_ref().any(|there| there == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: Typed = Typed {
        ending: Ending::Key,
        took_ms: 30,
        gap_max_ms: 4,
        held_max_ms: Some(1),
    };

    fn advice(text: &str) -> Option<(Sample, Vec<Advice>)> {
        judge(&format!("]C0{text}"), Some(WELL)).map(|judged| (judged.sample, judged.advice))
    }

    #[test]
    fn a_scanner_that_is_well_set_up_needs_no_advice() {
        for sample in Sample::ALL {
            assert_eq!(advice(sample.text()), Some((sample, Vec::new())));
        }
    }

    #[test]
    fn how_it_types_is_looked_at_with_every_sample() {
        let poor = Typed {
            ending: Ending::Silence,
            took_ms: 2_000,
            gap_max_ms: 80,
            held_max_ms: None,
        };
        let judged = judge(Sample::Tag.text(), Some(poor)).unwrap();
        let all = [Advice::SendEnter, Advice::SendAim, Advice::Slower];
        assert_eq!(judged.advice, all);
        // The camera knows the symbol and has no keys.
        assert_eq!(judge(Sample::Tag.text(), None).unwrap().advice, []);
    }

    #[test]
    fn a_german_layout_is_seen_on_links() {
        // An American scanner on a German tablet: `:` `/` `?` `=` `&` `_` `-` `+` and z and y come as others.
        let read = "httpsÖ--1A4.com-_a´1/y´z?ß`";
        assert_eq!(advice(read), Some((Sample::Signs, vec![Advice::Layout])));
        assert_eq!(
            advice("CustodyQwertyAyertz".replace("dyQ", "dzQ").as_str()),
            Some((Sample::Letters, vec![Advice::Layout]))
        );
    }

    #[test]
    fn turned_case_is_caps_lock_and_no_layout() {
        let turned = "cUSTODYqWERTZaZERTY";
        assert_eq!(
            advice(turned),
            Some((Sample::Letters, vec![Advice::CapsLock]))
        );
    }

    #[test]
    fn separators_that_come_as_keys_or_not_at_all_are_a_matter_of_the_control_mode() {
        for read in [
            "abcdefgh",
            "ab]cd6ef\u{4}gh",
            "ab\u{1d}cd6efdgh",
            "AB]CD^EFDGH",
        ] {
            assert_eq!(
                advice(read),
                Some((Sample::Controls, vec![Advice::Controls])),
                "{read:?}"
            );
        }
    }

    #[test]
    fn what_is_put_around_and_what_is_lost_is_named() {
        let tag = Sample::Tag.text();
        let with = format!("*{tag}#");
        assert_eq!(advice(&with), Some((Sample::Tag, vec![Advice::Extra])));
        assert_eq!(
            advice(&tag.replacen("4FF", "4F", 1)),
            Some((Sample::Tag, vec![Advice::Lost]))
        );
    }

    #[test]
    fn other_codes_are_none_of_the_sheet() {
        let others = [
            "",
            "]C0",
            "1A4FF0300000257000000777",
            "012345678905",
            "CUSCUNDO4",
            "https://1a4.com/00000000000000000000000000000000000000000000",
            "чужой код, и очень длинный",
        ];
        for other in others {
            assert_eq!(judge(other, Some(WELL)), None, "{other:?}");
        }
    }
}
