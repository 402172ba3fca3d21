//! The few bytes of the Internet Printing Protocol that a queue of labels needs.
//!
//! In: an operation and its attributes. Out: a request's bytes; an answer's status and attributes. Must not: take half an answer for
//! a whole one.
//!
//! Source: RFC 8010 (encoding) and RFC 8011 (operations, states, status codes).

/// Version 1.1, which every queue speaks.
const VERSION: [u8; 2] = [1, 1];
const REQUEST_ID: [u8; 4] = [0, 0, 0, 1];
const OPERATION_ATTRIBUTES: u8 = 1;
const END_OF_ATTRIBUTES: u8 = 3;
/// Tags up to this one begin a group; those above are of values.
const GROUP_MAX: u8 = 0x0f;

/// Value tags.
pub const INTEGER: u8 = 0x21;
/// A name in no particular language.
pub const NAME: u8 = 0x42;
/// A keyword.
pub const KEYWORD: u8 = 0x44;
/// An address.
pub const URI: u8 = 0x45;
const CHARSET: u8 = 0x47;
const LANGUAGE: u8 = 0x48;
/// A document's format.
pub const FORMAT: u8 = 0x49;

/// What a queue is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Take a document and print it.
    PrintJob,
    /// Say what became of a job.
    JobAttributes,
    /// Say how the printer is.
    PrinterAttributes,
}

impl Operation {
    fn number(self) -> u16 {
        match self {
            Self::PrintJob => 0x0002,
            Self::JobAttributes => 0x0009,
            Self::PrinterAttributes => 0x000b,
        }
    }
}

/// One value of a request: its tag, its attribute's name, its bytes. A second value of an attribute has no name.
pub type Asked<'a> = (u8, &'a str, &'a [u8]);

/// The bytes of a request, its document behind them. What does not fit a length of two bytes is left out: no address, title or keyword of
/// ours is near that.
#[must_use]
pub fn request(operation: Operation, asked: &[Asked<'_>], document: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256 + document.len());
    bytes.extend(VERSION);
    bytes.extend(operation.number().to_be_bytes());
    bytes.extend(REQUEST_ID);
    bytes.push(OPERATION_ATTRIBUTES);
    let first: [Asked<'_>; 2] = [
        (CHARSET, "attributes-charset", b"utf-8"),
        (LANGUAGE, "attributes-natural-language", b"en"),
    ];
    for (tag, name, value) in first.iter().chain(asked) {
        let (Ok(letters), Ok(length)) = (u16::try_from(name.len()), u16::try_from(value.len()))
        else {
            continue;
        };
        bytes.push(*tag);
        bytes.extend(letters.to_be_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend(*value);
    }
    bytes.push(END_OF_ATTRIBUTES);
    bytes.extend(document);
    bytes
}

/// What a queue answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Below 0x0100 it did what it was asked.
    pub status: u16,
    /// Its attributes' names and values, one entry for each value.
    attributes: Vec<(String, Vec<u8>)>,
}

impl Answer {
    /// Reads an answer; `None` when it is not whole, or none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let _version = take(&mut rest, 2)?;
        let status = number(&mut rest)?;
        let _request = take(&mut rest, 4)?;
        let mut attributes = Vec::new();
        let mut name = String::new();
        loop {
            let tag = *take(&mut rest, 1)?.first()?;
            if tag == END_OF_ATTRIBUTES {
                return Some(Self { status, attributes });
            }
            if tag <= GROUP_MAX {
                continue;
            }
            let letters = usize::from(number(&mut rest)?);
            let own = core::str::from_utf8(take(&mut rest, letters)?).ok()?;
            if !own.is_empty() {
                own.clone_into(&mut name);
            }
            let length = usize::from(number(&mut rest)?);
            attributes.push((name.clone(), take(&mut rest, length)?.to_vec()));
        }
    }

    /// The values of an attribute.
    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let own = self.attributes.iter().filter(move |own| own.0 == name);
        own.map(|(_, value)| value.as_slice())
    }

    /// An attribute that is a whole number, or one of a numbered list.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i32> {
        let value = self.values(name).next()?;
        Some(i32::from_be_bytes(value.try_into().ok()?))
    }

    /// An attribute that is yes or no.
    #[must_use]
    pub fn is(&self, name: &str) -> Option<bool> {
        self.values(name).next().map(|value| value != [0])
    }

    /// An attribute's words.
    #[must_use]
    pub fn words(&self, name: &str) -> Vec<&str> {
        let read = |value| core::str::from_utf8(value).ok();
        self.values(name).filter_map(read).collect()
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

fn number(rest: &mut &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(take(rest, 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer has a request's form, with a status where that has its operation.
    fn answer() -> Vec<u8> {
        let asked: [Asked<'_>; 4] = [
            (0x23, "printer-state", &[0, 0, 0, 5]),
            (KEYWORD, "printer-state-reasons", b"media-empty-error"),
            (KEYWORD, "", b"paused"),
            (0x22, "printer-is-accepting-jobs", &[1]),
        ];
        request(Operation::PrintJob, &asked, b"")
    }

    #[test]
    fn an_answers_numbers_words_and_yes_are_read() {
        let answer = Answer::parse(&answer()).unwrap();
        assert_eq!(answer.status, 2);
        assert_eq!(answer.integer("printer-state"), Some(5));
        assert_eq!(
            answer.words("printer-state-reasons"),
            ["media-empty-error", "paused"]
        );
        assert_eq!(answer.is("printer-is-accepting-jobs"), Some(true));
        assert_eq!(answer.integer("job-id"), None);
    }

    #[test]
    fn half_an_answer_is_none() {
        let whole = answer();
        for end in 0..whole.len() {
            assert_eq!(Answer::parse(&whole[..end]), None, "{end}");
        }
    }

    /// RFC 8010, appendix A.1: the beginning of its example of a Print-Job.
    #[test]
    fn a_request_begins_as_the_standards_example_does() {
        let bytes = request(Operation::PrintJob, &[], b"%!PDF");
        let begin =
            b"\x01\x01\x00\x02\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8";
        assert!(bytes.starts_with(begin));
        assert!(bytes.ends_with(b"\x03%!PDF"));
    }
}
