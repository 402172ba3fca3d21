//! The name on a card against the name on an order.
//!
//! In: two names. Out: how alike they are. Must not: decide; a person at the door looks at both.

use super::Card;

/// Characters of a name that are compared.
const NAME_CHARS_MAX: usize = 200;
/// Words of a name that are compared.
const WORDS_MAX: usize = 12;
/// From so many thousandths on two words may be one with a slip in it.
const SLIP_MIN: u32 = 700;
/// An initial stands for a name, but less surely than the name itself.
const INITIAL: u32 = 900;
/// The beginning of a name that the card cut short.
const BEGINNING: u32 = 950;
/// A cut name still has so many letters.
const BEGINNING_CHARS_MIN: usize = 3;
/// What is left when family name or first name fits nothing.
const ONE_SIDED: u32 = 500;
/// From here on the names are the same, but for how they are written.
const SAME_MIN: u32 = 880;
/// From here on somebody may have mistyped one.
const ALIKE_MIN: u32 = 650;

/// How alike two names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// One name, perhaps in short.
    Same(u32),
    /// Perhaps one name with a slip; look twice.
    Alike(u32),
    /// Two names.
    Different(u32),
}

impl Likeness {
    /// Thousandths: 1000 is letter for letter the same.
    #[must_use]
    pub fn score(self) -> u32 {
        match self {
            Self::Same(score) | Self::Alike(score) | Self::Different(score) => score,
        }
    }

    fn of(score: u32) -> Self {
        match score {
            SAME_MIN.. => Self::Same(score),
            ALIKE_MIN.. => Self::Alike(score),
            _ => Self::Different(score),
        }
    }
}

/// How alike a card's name and another are; the other may stand in any order, have accents the card lacks, or
/// only initials. `None` when there is nothing to compare.
#[must_use]
pub fn compare(card: &Card, name: &str) -> Option<Likeness> {
    let asked = words(name);
    if asked.is_empty() {
        return None;
    }
    let family = words(&card.family);
    let given: Vec<_> = card.given.iter().flat_map(|given| words(given)).collect();
    let by_family = |word: &String| best(word, &family, card.family_truncated);
    let by_given = |word: &String| best(word, &given, card.given_truncated);
    let scores: Vec<(u32, u32)> = asked
        .iter()
        .map(|word| (by_family(word), by_given(word)))
        .collect();
    let total: u32 = scores.iter().map(|(f, g)| *f.max(g)).sum();
    let mean = total / u32::try_from(scores.len()).unwrap_or(u32::MAX);
    // One word for each side: "Morgan" alone is not both the first and the family name.
    let sides = (0..scores.len()).flat_map(|f| (0..scores.len()).map(move |g| (f, g)));
    let both = sides
        .filter(|(f, g)| f != g)
        .any(|(f, g)| scores[f].0 > 0 && scores[g].1 > 0);
    let has_both = both || given.is_empty() && scores.iter().any(|(f, _)| *f > 0);
    Some(Likeness::of(if has_both {
        mean
    } else {
        mean.min(ONE_SIDED)
    }))
}

fn best(word: &str, others: &[String], is_cut: bool) -> u32 {
    let scores = others.iter().map(|other| alike(word, other, is_cut));
    scores.max().unwrap_or(0)
}

fn alike(asked: &str, carded: &str, is_cut: bool) -> u32 {
    let (asked, carded): (Vec<char>, Vec<char>) =
        (asked.chars().collect(), carded.chars().collect());
    if asked == carded {
        return 1000;
    }
    let is_initial = asked.len() == 1 || carded.len() == 1;
    if is_initial {
        return if asked[0] == carded[0] { INITIAL } else { 0 };
    }
    if is_cut && carded.len() >= BEGINNING_CHARS_MIN && asked.starts_with(&carded) {
        return BEGINNING;
    }
    let longest = asked.len().max(carded.len());
    let slips = slips(&asked, &carded);
    let thousandths = (longest - slips) * 1000 / longest;
    let score = u32::try_from(thousandths).unwrap_or(0);
    if score >= SLIP_MIN { score } else { 0 }
}

/// Letters to change, add or leave out, two neighbours swapped counting once.
fn slips(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The words of a name in capitals without accents. What follows a name is nobody's name.
fn words(name: &str) -> Vec<String> {
    let mut folded = String::new();
    for letter in name.chars().take(NAME_CHARS_MAX) {
        fold(letter, &mut folded);
    }
    folded
        .split_whitespace()
        .filter(|word| !matches!(*word, "JR" | "SR" | "II" | "III" | "IV"))
        .take(WORDS_MAX)
        .map(str::to_owned)
        .collect()
}

/// Letters cards have instead of those with accents.
const PLAIN: [(&str, &str); 21] = [
    ("ÀÁÂÃĀĂĄ", "A"),
    ("ÇĆĈĊČ", "C"),
    ("ĎĐÐ", "D"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("ĜĞĠĢ", "G"),
    ("ĤĦ", "H"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("Ĵ", "J"),
    ("Ķ", "K"),
    ("ĹĻĽĿŁ", "L"),
    ("ÑŃŅŇ", "N"),
    ("ÒÓÔÕŌŎŐØ", "O"),
    ("ŔŖŘ", "R"),
    ("ŚŜŞŠȘ", "S"),
    ("ŢŤŦȚ", "T"),
    ("ÙÚÛŨŪŬŮŰŲ", "U"),
    ("Ŵ", "W"),
    ("ÝŶŸ", "Y"),
    ("ŹŻŽ", "Z"),
    ("Æ", "AE"),
    ("Œ", "OE"),
];

fn fold(letter: char, into: &mut String) {
    for capital in letter.to_uppercase() {
        let plain = PLAIN
            .iter()
            .find(|(accented, _)| accented.contains(capital));
        match (capital, plain) {
            (_, Some((_, plain))) => into.push_str(plain),
            // Written with or without the second letter; cards do both, so one is enough to compare.
            ('Ä' | 'Å', None) => into.push('A'),
            ('Ö', None) => into.push('O'),
            ('Ü', None) => into.push('U'),
            ('\'' | '’' | '`' | '.', None) => {}
            (other, None) if other.is_alphabetic() => into.push(other),
            (other, None) if is_accent(other) => {}
            (_, None) => into.push(' '),
        }
    }
}

/// An accent that stands behind its letter as a character of its own.
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}
