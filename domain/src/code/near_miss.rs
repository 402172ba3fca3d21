//! Tags that are nearly the same, for "Look closely".
//!
//! In: what was read or typed, and the tags in stock. Out: which differ by a slip, and where. Must
//! not: correct anything; a person looks and scans again.

use crate::id::PackageTag;

/// Most slips that still make two tags look alike.
pub const SLIPS_MAX: usize = 2;
/// Most look-alikes worth showing.
pub const LOOK_ALIKES_MAX: usize = 3;

/// What people write and type for digits that tags have; tags have no letters but A to F.
const TAKEN_FOR: [(char, char); 7] = [
    ('O', '0'),
    ('Q', '0'),
    ('I', '1'),
    ('L', '1'),
    ('Z', '2'),
    ('S', '5'),
    ('G', '6'),
];

/// A letter that no tag has, where a tag is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistaken {
    /// Its place, from 0.
    pub place: usize,
    /// What was typed.
    pub read: char,
    /// The digit it is taken for.
    pub looks_like: char,
}

/// The letters of a text that begins like a METRC tag and that are easily taken for a digit. Only a hint: the tag on
/// the package says what is right.
#[must_use]
pub fn mistaken(typed: &str) -> Vec<Mistaken> {
    let begins = |start: &&str| {
        typed
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    if !["1A4", "IA4", "LA4"].iter().any(begins) {
        return Vec::new();
    }
    let taken_for = |(place, read): (usize, char)| {
        let known = TAKEN_FOR
            .iter()
            .find(|(letter, _)| letter.eq_ignore_ascii_case(&read));
        known.map(|(_, looks_like)| Mistaken {
            place,
            read,
            looks_like: *looks_like,
        })
    };
    typed.chars().enumerate().filter_map(taken_for).collect()
}

/// Where two texts part: a wrong character, a swap of neighbours, a lost or an added character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// How many such slips, at most `SLIPS_MAX`.
    pub slips: usize,
    /// Places of the characters to mark in what was read, from 0.
    pub in_read: Vec<usize>,
    /// Places of the characters to mark in the stocked tag, from 0.
    pub in_stocked: Vec<usize>,
}

/// The places where two texts of one length differ; none when the lengths differ.
#[must_use]
pub fn differing_places(left: &str, right: &str) -> Option<Vec<usize>> {
    if left.chars().count() != right.chars().count() {
        return None;
    }
    let pairs = left.chars().zip(right.chars()).enumerate();
    Some(
        pairs
            .filter(|(_, (a, b))| a != b)
            .map(|(place, _)| place)
            .collect(),
    )
}

/// The places to mark in two tags that are shown together: of the slips between them, or wherever they differ.
#[must_use]
pub fn marks(read: &str, stocked: &str) -> (Vec<usize>, Vec<usize>) {
    match near_miss(read, stocked) {
        Some(miss) => (miss.in_read, miss.in_stocked),
        None => {
            let places = differing_places(read, stocked).unwrap_or_default();
            (places.clone(), places)
        }
    }
}

/// How a reading slipped from a stocked tag, whatever its case; none when it is that tag, when no
/// slip explains it, or when it holds letters of another alphabet.
#[must_use]
pub fn near_miss(read: &str, stocked: &str) -> Option<NearMiss> {
    if !read.is_ascii() || read.eq_ignore_ascii_case(stocked) {
        return None;
    }
    let (read, stocked) = (read.as_bytes(), stocked.as_bytes());
    (1..=SLIPS_MAX).find_map(|slips| {
        let mut miss = NearMiss {
            slips,
            in_read: Vec::new(),
            in_stocked: Vec::new(),
        };
        miss.follow((read, 0), (stocked, 0), slips).then_some(miss)
    })
}

/// The stocked tags a reading may have been meant as, the most alike first.
#[must_use]
pub fn look_alikes<'a>(
    read: &str,
    stocked: impl IntoIterator<Item = &'a PackageTag>,
) -> Vec<(&'a PackageTag, NearMiss)> {
    let alike = |tag: &'a PackageTag| near_miss(read, tag.as_str()).map(|miss| (tag, miss));
    let mut found: Vec<_> = stocked.into_iter().filter_map(alike).collect();
    found.sort_by_key(|(tag, miss)| (miss.slips, *tag));
    found.truncate(LOOK_ALIKES_MAX);
    found
}

/// The rest of a text and how much lies before it.
type Rest<'a> = (&'a [u8], usize);

impl NearMiss {
    /// Whether `left` slips lead from one rest to the other; marks are kept only when they do.
    fn follow(&mut self, read: Rest<'_>, stocked: Rest<'_>, left: usize) -> bool {
        let pairs = read.0.iter().zip(stocked.0);
        let same = pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
        let (read, stocked) = (skip(read, same), skip(stocked, same));
        let ends = (read.0.len(), stocked.0.len());
        if ends == (0, 0) {
            return true;
        }
        if ends.0.abs_diff(ends.1) > left {
            return false;
        }
        let Some(left) = left.checked_sub(1) else {
            return false;
        };
        let is_swap = matches!(
            (read.0, stocked.0),
            ([a, b, ..], [c, d, ..]) if a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c)
        );
        // Swapped, wrong, lost, added: so many characters are marked on either side.
        let slips = [(2, 2), (1, 1), (0, 1), (1, 0)];
        slips
            .into_iter()
            .skip(usize::from(!is_swap))
            .any(|(in_read, in_stocked)| {
                if in_read > ends.0 || in_stocked > ends.1 {
                    return false;
                }
                let marks = (self.in_read.len(), self.in_stocked.len());
                self.in_read.extend(read.1..read.1 + in_read);
                self.in_stocked.extend(stocked.1..stocked.1 + in_stocked);
                let is_found = self.follow(skip(read, in_read), skip(stocked, in_stocked), left);
                if !is_found {
                    self.in_read.truncate(marks.0);
                    self.in_stocked.truncate(marks.1);
                }
                is_found
            })
    }
}

fn skip((text, before): Rest<'_>, count: usize) -> Rest<'_> {
    (&text[count..], before + count)
}
