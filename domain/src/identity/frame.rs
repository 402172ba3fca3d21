//! Frame, subfiles, elements.
//!
//! In: a card's text as it arrived. Out: its elements by their names. Must not: trust an offset, for issuers get
//! them wrong; elements are found by their own names.
//!
//! ```text
//! @ LF RS CR  ANSI␣ | AAMVA  issuer 6  version 2  [issuer's version 2]  subfiles 2
//! per subfile: type 2, offset 4, length 4
//! subfile: type 2, then per element: name 3, value, LF; CR at the end
//! ```

use super::dates::{self, Order, Written};
use super::issuer::{Country, Issuer};
use super::judge::{LeapBirthday, birthday};
use super::person;
use super::{Card, Document, Oddity, RefusedReason};
use crate::time::Day;

const HEADER: &str = "@\n\u{1e}\r";
const FILE_TYPES: [&str; 3] = ["ANSI ", "AAMVA", "ANSI"];
const ISSUER_DIGITS: usize = 6;
const DESIGNATOR_CHARS: usize = 10;
const VERSION_KNOWN_MAX: u8 = 10;
/// From this version on the issuer's own version stands in the header.
const WITH_ISSUERS_VERSION: u8 = 2;
/// From this version on dates stand in the order of the issuer's country.
const BY_COUNTRY: u8 = 3;
/// Subfiles at most; no card has nearly as many.
const SUBFILES_MAX: usize = 10;

/// A card's elements by name; of two with one name the first counts.
pub(super) struct Elements<'a> {
    pieces: Vec<&'a str>,
}

impl<'a> Elements<'a> {
    /// An element's value; words that say there is none are none.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        let value = self
            .pieces
            .iter()
            .find_map(|piece| piece.strip_prefix(name))?
            .trim();
        let is_none = ["NONE", "UNAVL", "UNAVAIL"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word));
        (!value.is_empty() && !is_none).then_some(value)
    }

    fn has(&self, name: &str) -> bool {
        self.pieces.iter().any(|piece| piece.starts_with(name))
    }
}

/// A text with its header read.
pub(super) struct Frame {
    pub(super) issuer: [u8; 6],
    version: u8,
    /// Types of the subfiles the header names.
    types: Vec<String>,
    /// What follows the header.
    body: String,
    /// Whether a scanner turned the end of a segment into this letter.
    has_letter_for_end: bool,
    oddities: Vec<Oddity>,
}

impl Drop for Frame {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.body);
    }
}

impl Frame {
    pub(super) fn read(text: &str) -> Result<Self, RefusedReason> {
        let mut oddities = Vec::new();
        let is_noise = |c: &char| matches!(c, '\u{80}'..='\u{9f}' | '\u{feff}');
        if text.chars().any(|c| is_noise(&c)) {
            oddities.push(Oddity::NoiseRemoved);
        }
        let clean: String = text.chars().filter(|c| !is_noise(c)).collect();
        let clean = clean.trim_start_matches(' ');
        let (before, at) = header(clean).ok_or_else(|| not_a_card(clean))?;
        if before != HEADER {
            oddities.push(Oddity::HeaderRepaired);
        }
        let mut rest = &clean[at..];
        let issuer = take(&mut rest, ISSUER_DIGITS).ok_or(RefusedReason::NotACard)?;
        let issuer = issuer.as_bytes().try_into();
        let issuer = issuer.map_err(|_| RefusedReason::NotACard)?;
        let version = number(&mut rest)?;
        if version >= WITH_ISSUERS_VERSION {
            number(&mut rest)?;
        }
        if version > VERSION_KNOWN_MAX {
            oddities.push(Oddity::NewerThanKnown);
        }
        let count = usize::from(number(&mut rest)?).clamp(1, SUBFILES_MAX);
        let mut types = Vec::new();
        let mut offset = None;
        while types.len() < count
            && let Some(designator) = rest.get(..DESIGNATOR_CHARS)
            && is_subfile(designator)
        {
            if types.is_empty() {
                offset = designator.get(2..6).and_then(|text| text.parse().ok());
            }
            types.push(designator[..2].to_owned());
            rest = &rest[DESIGNATOR_CHARS..];
        }
        if types.is_empty() {
            return Err(RefusedReason::NotACard);
        }
        let begins = clean.len() - rest.len();
        if before == HEADER && oddities.is_empty() && offset != Some(begins) {
            oddities.push(Oddity::OffsetRepaired);
        }
        Ok(Self {
            issuer,
            version,
            types,
            body: rest.to_owned(),
            has_letter_for_end: before.ends_with('M'),
            oddities,
        })
    }

    /// The card in it.
    pub(super) fn card(mut self, issuer: Option<&'static Issuer>) -> Result<Card, RefusedReason> {
        let mut oddities = std::mem::take(&mut self.oddities);
        let first = &self.types[0];
        let unmarked = self.body.strip_prefix(first.as_str());
        if unmarked.is_none() {
            oddities.push(Oddity::SubfilePrefixMissing);
        }
        let elements = Elements {
            pieces: self.pieces(unmarked.unwrap_or(&self.body)),
        };
        if !elements.has("DBB") && elements.pieces.len() < 3 {
            return Err(RefusedReason::SeparatorsLost);
        }
        let country = elements.value("DCG").and_then(country);
        let country = country.or_else(|| issuer.map(|issuer| issuer.country));
        let expected = self.order(country);
        let mut is_in_other_order = false;
        let mut date = |name: &str| match dates::read(elements.value(name), expected) {
            Written::Nothing => Ok(None),
            Written::Impossible => Err(()),
            Written::In(order, day) => {
                is_in_other_order |= order != expected;
                Ok(Some(day))
            }
        };
        let birth = date("DBB").ok().flatten();
        let birth = birth.ok_or(RefusedReason::BirthDate)?;
        let expiry = date("DBA").map_err(|()| RefusedReason::ExpiryDate)?;
        // These only help; one that cannot be read is no reason to turn a customer away.
        let [under_18_until, under_19_until, under_21_until] =
            ["DDH", "DDI", "DDJ"].map(|name| date(name).ok().flatten());
        if is_in_other_order {
            oddities.push(Oddity::DateOrderRepaired);
        }
        let mut name = person::read(&elements).ok_or(RefusedReason::Name)?;
        let under_age = [
            (18, under_18_until),
            (19, under_19_until),
            (21, under_21_until),
        ];
        let noted = [
            (issuer.is_none(), Oddity::UnknownIssuer),
            (expiry.is_none(), Oddity::NoExpiry),
            (name.is_guessed, Oddity::NameOrderGuessed),
            (disagree(birth, under_age), Oddity::UnderAgeDatesDisagree),
        ];
        oddities.extend(
            noted
                .iter()
                .filter(|(is_so, _)| *is_so)
                .map(|(_, odd)| *odd),
        );
        let is_cut = |name: &str| elements.value(name) == Some("T");
        Ok(Card {
            issuer_number: self.issuer,
            issuer,
            version: self.version,
            document: document(first),
            family: std::mem::take(&mut name.family),
            given: std::mem::take(&mut name.given),
            suffix: name.suffix.take(),
            number: elements.value("DAQ").map(str::to_owned),
            birth,
            expiry,
            country,
            family_truncated: is_cut("DDE"),
            given_truncated: is_cut("DDF") || is_cut("DDG"),
            under_18_until,
            under_19_until,
            under_21_until,
            oddities,
        })
    }

    fn order(&self, country: Option<Country>) -> Order {
        let is_by_country = self.version >= BY_COUNTRY && country == Some(Country::Canada);
        if self.version < WITH_ISSUERS_VERSION || is_by_country {
            Order::YearFirst
        } else {
            Order::MonthFirst
        }
    }

    /// Elements with their names in front, in the order of the card.
    fn pieces<'a>(&self, body: &'a str) -> Vec<&'a str> {
        let mut segments = vec![body];
        // Where the end of a segment was lost, the next one's type and first name tell where it begins.
        for kind in self.types.iter().skip(1) {
            let begins = format!("{kind}{kind}");
            let split = segments.pop().unwrap_or_default();
            match split.find(&begins) {
                Some(at) => segments.extend([&split[..at], &split[at + kind.len()..]]),
                None => segments.push(split),
            }
        }
        let mut pieces: Vec<&str> = Vec::new();
        for segment in segments {
            let end = if self.has_letter_for_end { "M" } else { "" };
            let segment = segment.trim_end_matches(['\r', '\n', '|']);
            let segment = segment.strip_suffix(end).unwrap_or(segment);
            pieces.extend(segment.split(['\r', '\n', '|']));
        }
        pieces.retain(|piece| is_element(piece));
        pieces
    }
}

fn is_element(piece: &str) -> bool {
    let mut bytes = piece.bytes();
    matches!(bytes.next(), Some(b'D' | b'Z'))
        && bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
}

/// Whether ten characters name a subfile: its type, then where it is and how long. Issuers have put letters there.
fn is_subfile(designator: &str) -> bool {
    let Some((kind, place)) = designator.split_at_checked(2) else {
        return false;
    };
    let is_kind = matches!(kind, "DL" | "ID" | "EN")
        || (kind.starts_with('Z') && kind.bytes().all(|byte| byte.is_ascii_uppercase()));
    is_kind && place.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What stands before the file type, and where the issuer's number begins.
fn header(text: &str) -> Option<(&str, usize)> {
    FILE_TYPES.iter().find_map(|kind| {
        text.match_indices(kind).find_map(|(at, _)| {
            let begins = at + kind.len();
            let digits = text.get(begins..begins + ISSUER_DIGITS)?;
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some((&text[..at], begins))
        })
    })
}

fn not_a_card(text: &str) -> RefusedReason {
    let is_stripe = text.starts_with('%') && text.contains('^');
    if is_stripe {
        RefusedReason::MagneticStripe
    } else {
        RefusedReason::NotACard
    }
}

fn take<'a>(rest: &mut &'a str, count: usize) -> Option<&'a str> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn number(rest: &mut &str) -> Result<u8, RefusedReason> {
    let digits = take(rest, 2).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.ok_or(RefusedReason::NotACard)
}

fn country(text: &str) -> Option<Country> {
    match text {
        "USA" | "US" => Some(Country::UnitedStates),
        "CAN" | "CDN" => Some(Country::Canada),
        "MEX" => Some(Country::Mexico),
        _ => None,
    }
}

fn document(kind: &str) -> Document {
    match kind {
        "ID" => Document::IdentityCard,
        "EN" => Document::EnhancedLicence,
        _ => Document::DrivingLicence,
    }
}

/// Whether a date until which somebody counts as under age is not the birthday it should be.
fn disagree(birth: Day, under_age: [(i32, Option<Day>); 3]) -> bool {
    let (year, ..) = birth.civil();
    under_age.iter().any(|(age, until)| {
        until.is_some_and(|until| {
            [LeapBirthday::DayBefore, LeapBirthday::DayAfter]
                .iter()
                .all(|leap| birthday(birth, year + age, *leap) != Some(until))
        })
    })
}
