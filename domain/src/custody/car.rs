//! The car a customer waits in, and the parking space it stands on: what whoever carries the bag out looks for.
//!
//! In: what somebody at the counter typed. Out: bounded text, to be sealed under the key of the order's customer. Must not: stand
//! in clear in a fact, or be cut off.

use minicbor::{Decode, Encode};

use crate::custody::sign_for::SALT_BYTES;
use crate::event::{Sealed, decode, encode};
use crate::id::Hash;

/// Letters that say which car it is, at most.
pub const CAR_CHARS_MAX: usize = 60;
/// Letters that say where it stands, at most.
pub const SPACE_CHARS_MAX: usize = 12;
/// A sealed car is no larger, in bytes: all letters, chance, and what sealing adds.
pub const SEALED_BYTES_MAX: usize = 512;

/// Which car, and where.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Car {
    /// Chance: two cars that are alike have commitments that are not.
    #[cbor(n(0), with = "minicbor::bytes")]
    salt: Vec<u8>,
    /// Colour, make, whatever tells it from others; may be empty.
    #[n(1)]
    car: String,
    /// The parking space; may be empty.
    #[n(2)]
    space: String,
}

/// Text without control characters, its blanks made plain; `None` when it is too long.
fn tidy(text: &str, chars_max: usize) -> Option<String> {
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let text = words.join(" ");
    (text.chars().count() <= chars_max).then_some(text)
}

impl Car {
    /// Takes what was typed; `None` when nothing was, or more than there is room for.
    #[must_use]
    pub fn take(salt: [u8; SALT_BYTES], car: &str, space: &str) -> Option<Self> {
        let (car, space) = (tidy(car, CAR_CHARS_MAX)?, tidy(space, SPACE_CHARS_MAX)?);
        let is_nothing = car.is_empty() && space.is_empty();
        (!is_nothing).then(|| Self {
            salt: salt.to_vec(),
            car,
            space,
        })
    }

    /// Reads what was sealed; `None` when it is no car.
    #[must_use]
    pub fn parse(plain: &[u8]) -> Option<Self> {
        let Self { salt, car, space } = decode(plain).ok()?;
        Self::take(salt.try_into().ok()?, &car, &space)
    }

    /// Which car.
    #[must_use]
    pub fn car(&self) -> &str {
        &self.car
    }

    /// Where it stands.
    #[must_use]
    pub fn space(&self) -> &str {
        &self.space
    }

    /// What is sealed.
    #[must_use]
    pub fn plain(&self) -> Vec<u8> {
        encode(self)
    }

    /// What stays when nobody can open it any more.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        Hash::of(&[b"custody-car-1\n", &self.plain()])
    }
}

/// Whether what a fact has can be a sealed car at all.
#[must_use]
pub(crate) fn is_small(sealed: &Sealed) -> bool {
    sealed.ciphertext.len() <= SEALED_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_is_taken_whole_or_not_at_all_and_comes_back_as_it_was() {
        let salt = [7; SALT_BYTES];
        let car = Car::take(salt, "  silver\tHonda ", "14\n").unwrap();
        assert_eq!((car.car(), car.space()), ("silver Honda", "14"));
        assert_eq!(Car::parse(&car.plain()), Some(car.clone()));
        let full = "車".repeat(CAR_CHARS_MAX);
        let space = "階".repeat(SPACE_CHARS_MAX);
        let largest = Car::take(salt, &full, &space).unwrap();
        // Nonce and tag are what sealing adds.
        assert!(largest.plain().len() + 12 + 16 <= SEALED_BYTES_MAX);
        assert_eq!(Car::take(salt, &format!("{full}x"), ""), None);
        assert_eq!(Car::take(salt, "", &format!("{space}x")), None);
        assert_eq!(Car::take(salt, " \n", ""), None);
        let other = Car::take([8; SALT_BYTES], "silver Honda", "14").unwrap();
        assert_ne!(car.commitment(), other.commitment());
        assert_eq!(Car::parse(b"noise"), None);
    }
}
