//! People and their PINs.
//!
//! In: a name, a role, a PIN. Out: a person who can sign in. Must not: compare a PIN with anything; it opens
//! the person's sealed secret or it does not.

use domain::custody::set_up::ActorAdded;
use domain::facility::{Actor, Device, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied, SignInAnswer, SignInAsk};

use super::{ServerFact, Shop, Unavailable, Work};
use crate::keys::sealing::{open, pin_key, seal};
use crate::keys::{random, unlock_secret};
use crate::log::{Failed, Person};

/// Wrong PINs in a row after which only a command at the server unlocks the person.
pub const FAILURES_MAX: u32 = 10;
/// Digits of a PIN.
pub const PIN_DIGITS: core::ops::RangeInclusive<usize> = 6..=8;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 60;
const SALT_BYTES: usize = 16;

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinRefused {
    /// Not six to eight digits.
    NotDigits,
    /// Among the first anybody would try.
    Common,
}

impl core::fmt::Display for PinRefused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
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
pub fn check_pin(pin: &str) -> Result<(), PinRefused> {
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
    let digits: Vec<i16> = pin
        .chars()
        .map(|letter| {
            letter
                .to_digit(10)
                .and_then(|digit| i16::try_from(digit).ok())
        })
        .collect::<Option<_>>()
        .ok_or(PinRefused::NotDigits)?;
    if !PIN_DIGITS.contains(&digits.len()) {
        return Err(PinRefused::NotDigits);
    }
    let runs = |step: i16| {
        let next = |pair: &[i16]| (pair[0] + step).rem_euclid(10) == pair[1];
        digits.windows(2).all(next)
    };
    let repeats = |length: usize| {
        let same = |(index, digit): (usize, &i16)| digits[index % length] == *digit;
        digits.iter().enumerate().all(same)
    };
    let is_common = runs(1)
        || runs(-1)
        || (1..=3).any(repeats)
        || (digits.len() == 8 && repeats(4))
        || WELL_KNOWN.iter().any(|known| pin.starts_with(known));
    if is_common {
        return Err(PinRefused::Common);
    }
    Ok(())
}

/// A PIN that may be used.
#[must_use]
pub fn random_pin() -> String {
    loop {
        let random = u32::from_be_bytes(random::bytes());
        let pin = format!("{:06}", random % 1_000_000);
        if check_pin(&pin).is_ok() {
            return pin;
        }
    }
}

impl Shop {
    /// Adds a person with a PIN that was checked. Returns the person's number.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn add_person(
        &self,
        name: String,
        role: Role,
        pin: String,
    ) -> Result<ActorId, Unavailable> {
        let person = self.seal_pin(pin).await?;
        self.change(1, move |work| {
            let last = work.ledger().actors.keys().next_back().copied();
            let id = ActorId(last.unwrap_or(ActorId::SERVER).0 + 1);
            let visible = name.chars().filter(|character| !character.is_control());
            let name: String = visible.take(NAME_CHARS_MAX).collect();
            let actor = Actor {
                id,
                name: name.trim().to_owned(),
                role,
                active: true,
            };
            add(work, actor, &person)?;
            Ok(id)
        })
        .await
    }

    /// Adds a person who has a number already, or gives that person another PIN.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn put_person(&self, actor: Actor, pin: String) -> Result<(), Unavailable> {
        let person = self.seal_pin(pin).await?;
        self.change(1, move |work| add(work, actor, &person)).await
    }

    async fn seal_pin(&self, pin: String) -> Result<Person, Unavailable> {
        let keys = self.keys().clone();
        tokio::task::spawn_blocking(move || {
            let salt = random::bytes::<SALT_BYTES>();
            let key = pin_key(&pin, &salt, &keys.pin_pepper());
            Person {
                salt: salt.to_vec(),
                sealed: seal(&key, &keys.unlock_root()),
                failures: 0,
            }
        })
        .await
        .map_err(|_| Unavailable::Closed)
    }

    /// Lets a person try PINs again. Returns whether there is such a person.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn unlock_person(&self, actor: ActorId) -> Result<bool, Unavailable> {
        self.change(1, move |work| {
            work.log().set_failures(actor, 0)?;
            Ok(work.log().person(actor)?.is_some())
        })
        .await
    }

    /// A person wants to act on a device for the first time.
    ///
    /// # Errors
    /// When nothing could be tried.
    pub async fn sign_in(
        &self,
        device: Device,
        ask: SignInAsk,
    ) -> Result<Result<SignInAnswer, Denied>, Unavailable> {
        let actor = ask.actor;
        let tried = self.change(1, move |work| begin_try(work, actor)).await?;
        let person = match tried {
            Ok(person) => person,
            Err(denied) => return Ok(Err(denied)),
        };
        let keys = self.keys().clone();
        let failures = person.failures;
        let opened = tokio::task::spawn_blocking(move || {
            let key = pin_key(&ask.pin, &person.salt, &keys.pin_pepper());
            open(&key, &person.sealed)
        })
        .await
        .map_err(|_| Unavailable::Closed)?;
        let Some(root) = opened else {
            return Ok(Err(Denied {
                code: DenialCode::WrongPin,
                tries_left: Some(FAILURES_MAX.saturating_sub(failures)),
            }));
        };
        self.change(1, move |work| work.log().set_failures(actor, 0))
            .await?;
        Ok(Ok(SignInAnswer {
            unlock: unlock_secret(&root, device.id, device.generation),
        }))
    }
}

/// Counts the try before it is made, so that many at once are not more tries than one after the other.
fn begin_try(work: &mut Work, actor: ActorId) -> Result<Result<Person, Denied>, Failed> {
    let works_here = |actor: &Actor| actor.active;
    let denied = |code| Denied {
        code,
        tries_left: None,
    };
    if !work.ledger().actors.get(&actor).is_some_and(works_here) {
        return Ok(Err(denied(DenialCode::UnknownActor)));
    }
    let Some(mut person) = work.log().person(actor)? else {
        return Ok(Err(denied(DenialCode::UnknownActor)));
    };
    if person.failures >= FAILURES_MAX {
        return Ok(Err(Denied {
            code: DenialCode::Locked,
            tries_left: Some(0),
        }));
    }
    person.failures += 1;
    work.log().set_failures(actor, person.failures)?;
    Ok(Ok(person))
}

fn add(work: &mut Work, actor: Actor, person: &Person) -> Result<(), Failed> {
    work.log().put_person(actor.id, person)?;
    work.record(ServerFact::plain(ActorAdded { actor }))?;
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
            assert_eq!(check_pin(pin), Err(PinRefused::Common), "{pin}");
        }
        for pin in ["12345", "123456789", "12a456", ""] {
            assert_eq!(check_pin(pin), Err(PinRefused::NotDigits), "{pin}");
        }
        for pin in ["274913", "80514297"] {
            assert_eq!(check_pin(pin), Ok(()), "{pin}");
        }
        assert_eq!(check_pin(&random_pin()), Ok(()));
    }
}
