//! A person's PIN: what may be one, what a wrong one costs, and how it is made into a key.
//!
//! In: digits, counts. Out: yes or why not, seconds. Must not: compare a PIN with anything; it opens a seal or it
//! does not.

use core::fmt;
use core::ops::RangeInclusive;

use minicbor::{Decode, Encode};

/// Digits of a PIN.
pub const DIGITS: RangeInclusive<usize> = 6..=8;

/// Wrong PINs in a row after which a person is locked. Ten is what NIST lets an activation secret have at most
/// (draft of SP 800-63B-4).
pub const FAILURES_MAX: u32 = 10;
/// Wrong PINs in a row that cost no waiting: everybody's finger slips.
const FREE: u32 = 3;
/// Seconds that the first one costs that does; each further one costs twice as much.
const WAIT_FIRST: u32 = 5;
/// Seconds that one costs at most.
const WAIT_MAX: u32 = 60;

/// Seconds to wait after so many wrong PINs in a row, before the next is looked at.
#[must_use]
pub fn wait_after(failures: u32) -> u32 {
    match failures.checked_sub(FREE + 1) {
        None => 0,
        Some(doublings) => WAIT_FIRST
            .checked_shl(doublings)
            .map_or(WAIT_MAX, |wait| wait.clamp(WAIT_FIRST, WAIT_MAX)),
    }
}

/// What one try costs whoever makes it: Argon2id, version 1.3, in one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cost {
    /// Memory, in KiB.
    #[n(0)]
    pub memory_kib: u32,
    /// Passes over it.
    #[n(1)]
    pub passes: u32,
}

/// What a try on a device costs: OWASP's first choice for Argon2id (Password Storage Cheat Sheet) with a pass more. The
/// secret that only the device has is what protects a short PIN; this makes trying slow for somebody who has that too.
pub const COST: Cost = Cost {
    memory_kib: 47_104,
    passes: 2,
};

/// A secret to be made into a key of 32 bytes.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stretch {
    /// The secret.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub secret: Vec<u8>,
    /// Different for every person and device.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub salt: Vec<u8>,
    /// What it costs.
    #[n(2)]
    pub cost: Cost,
}

impl fmt::Debug for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The secret is in no log.
        write!(f, "Stretch({:?})", self.cost)
    }
}

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinRefused {
    /// Not six to eight digits.
    NotDigits,
    /// Among the first anybody would try.
    Common,
}

impl fmt::Display for PinRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotDigits => "a PIN has six to eight digits",
            Self::Common => "this PIN is among the first anybody would try",
        })
    }
}

impl core::error::Error for PinRefused {}

/// Whether a PIN may be used: six to eight digits, no digit repeated throughout, no run up or down, no
/// pattern of two or three digits, no year twice, none of the well-known ones.
///
/// # Errors
/// When it may not.
pub fn check(pin: &str) -> Result<(), PinRefused> {
    const WELL_KNOWN: [&str; 12] = [
        "123321",
        "112233",
        "123654",
        "159753",
        "147258",
        "258456",
        "102030",
        "420420",
        "135790",
        "246810",
        "147852",
        "123456789",
    ];
    let digits: Vec<u32> = pin
        .chars()
        .map(|letter| letter.to_digit(10))
        .collect::<Option<_>>()
        .ok_or(PinRefused::NotDigits)?;
    if !DIGITS.contains(&digits.len()) {
        return Err(PinRefused::NotDigits);
    }
    let runs = |step: u32| {
        digits
            .windows(2)
            .all(|pair| (pair[0] + step) % 10 == pair[1])
    };
    let repeats = |length: usize| {
        let same = |(index, digit): (usize, &u32)| digits[index % length] == *digit;
        digits.iter().enumerate().all(same)
    };
    let is_common = runs(1)
        || runs(9)
        || (1..=3).any(repeats)
        || (digits.len() == 8 && repeats(4))
        || WELL_KNOWN.iter().any(|known| pin.starts_with(known));
    if is_common {
        return Err(PinRefused::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_anybody_would_try_first_is_not_taken() {
        for pin in [
            "000000", "123456", "654321", "901234", "121212", "123123", "20262026", "112233",
        ] {
            assert_eq!(check(pin), Err(PinRefused::Common), "{pin}");
        }
        for pin in ["12345", "123456789", "12a456", "", "１２３４５６"] {
            assert_eq!(check(pin), Err(PinRefused::NotDigits), "{pin}");
        }
        for pin in ["274913", "80514297"] {
            assert_eq!(check(pin), Ok(()), "{pin}");
        }
    }

    #[test]
    fn three_slips_cost_nothing_and_every_further_one_more() {
        let waits: Vec<u32> = (0..=FAILURES_MAX).map(wait_after).collect();
        assert_eq!(waits, [0, 0, 0, 0, 5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(wait_after(u32::MAX), WAIT_MAX);
    }

    #[test]
    fn a_secret_to_stretch_travels_whole_and_is_never_shown() {
        let stretch = Stretch {
            secret: b"274913".to_vec(),
            salt: vec![7; 16],
            cost: COST,
        };
        let bytes = crate::event::encode(&stretch);
        assert_eq!(minicbor::decode::<Stretch>(&bytes).unwrap(), stretch);
        assert!(!format!("{stretch:?}").contains("50"));
    }
}
