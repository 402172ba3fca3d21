//! People and their PINs.
//!
//! In: a name, a role, a PIN. Out: a person who can sign in. Must not: compare a PIN with anything; it opens
//! the person's sealed secret or it does not.

use domain::custody::set_up::ActorAdded;
use domain::facility::{Actor, Device, Role};
use domain::id::ActorId;
use domain::pin;
use domain::sync::enrol::{DenialCode, Denied, SignInAnswer, SignInAsk};

use super::passkeys::{SessionToken, session};
use super::tokens::{Doer, told};
use super::{ServerFact, Shop, Unavailable, Work};
use crate::keys::sealing::{open, pin_key, seal};
use crate::keys::{random, unlock_secret};
use crate::log::{Failed, Person};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 60;
const SALT_BYTES: usize = 16;

/// A PIN that may be used.
#[must_use]
pub fn random_pin() -> String {
    loop {
        let random = u32::from_be_bytes(random::bytes());
        let made = format!("{:06}", random % 1_000_000);
        if pin::check(&made).is_ok() {
            return made;
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
        by: Doer,
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
                pin_changes: None,
                shift: None,
                unlocks: None,
            };
            let added = ActorAdded {
                by: said(by),
                ..ActorAdded::from(actor)
            };
            add(work, added, &person)?;
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
        self.change(1, move |work| add(work, actor.into(), &person))
            .await
    }

    /// Gives a person another PIN. What devices keep under the one before opens nothing once they have heard of it.
    /// Returns whether there is such a person.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn change_pin(
        &self,
        actor: ActorId,
        pin: String,
        by: Doer,
    ) -> Result<bool, Unavailable> {
        let person = self.seal_pin(pin).await?;
        self.change(1, move |work| {
            let Some(known) = known(work, actor) else {
                return Ok(false);
            };
            let changed = ActorAdded {
                by: said(by),
                ..ActorAdded::from(Actor {
                    pin_changes: once_more(known.pin_changes),
                    ..known
                })
            };
            add(work, changed, &person)?;
            Ok(true)
        })
        .await
    }

    /// Lets a person work here, or no longer. Returns whether there is such a person.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn set_active(
        &self,
        actor: ActorId,
        active: bool,
        by: Doer,
    ) -> Result<bool, Unavailable> {
        self.change(1, move |work| {
            let Some(known) = known(work, actor) else {
                return Ok(false);
            };
            if known.active != active {
                let changed = ActorAdded {
                    by: said(by),
                    ..ActorAdded::from(Actor { active, ..known })
                };
                session::end_all(work, actor)?;
                work.record(ServerFact::plain(changed))?;
            }
            Ok(true)
        })
        .await
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

    /// Lets a person try PINs again, here and on every device that hears of it. Returns whether there is such a person.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn unlock_person(&self, actor: ActorId, by: Doer) -> Result<bool, Unavailable> {
        self.change(1, move |work| {
            let has_pin = work.log().person(actor)?.is_some();
            let Some(known) = known(work, actor).filter(|_| has_pin) else {
                return Ok(false);
            };
            work.log().set_failures(actor, 0)?;
            let unlocked = ActorAdded {
                by: said(by),
                ..ActorAdded::from(Actor {
                    unlocks: once_more(known.unlocks),
                    ..known
                })
            };
            work.record(ServerFact::plain(unlocked))?;
            Ok(true)
        })
        .await
    }

    /// Tries a PIN. What it opens is the root of the devices' unlock secrets; the count of wrong ones stays as it is.
    pub(super) async fn pin_opens(
        &self,
        actor: ActorId,
        pin: String,
    ) -> Result<Result<Vec<u8>, Denied>, Unavailable> {
        let tried = self.change(1, move |work| begin_try(work, actor)).await?;
        let person = match tried {
            Ok(person) => person,
            Err(denied) => return Ok(Err(denied)),
        };
        let keys = self.keys().clone();
        let failures = person.failures;
        let opened = tokio::task::spawn_blocking(move || {
            let key = pin_key(&pin, &person.salt, &keys.pin_pepper());
            open(&key, &person.sealed)
        })
        .await
        .map_err(|_| Unavailable::Closed)?;
        Ok(opened.ok_or(Denied {
            code: DenialCode::WrongPin,
            tries_left: Some(pin::FAILURES_MAX.saturating_sub(failures)),
            wipe: None,
        }))
    }

    /// A person wants to act on a device for the first time, or wants another PIN. Whoever is asked for a passkey has
    /// just proven something by it on this device, in this session.
    ///
    /// # Errors
    /// When nothing could be tried.
    pub async fn sign_in(
        &self,
        device: Device,
        ask: SignInAsk,
        session: Option<SessionToken>,
    ) -> Result<Result<SignInAnswer, Denied>, Unavailable> {
        let actor = ask.actor;
        let root = match self.pin_opens(actor, ask.pin).await? {
            Ok(root) => root,
            Err(denied) => return Ok(Err(denied)),
        };
        let device_id = device.id;
        let is_there = self
            .change(1, move |work| {
                work.log().set_failures(actor, 0)?;
                Ok(!session::is_asked(work, actor)?
                    || session::is_fresh(work, device_id, actor, session.as_ref())?)
            })
            .await?;
        if !is_there {
            return Ok(Err(DenialCode::PasskeyNeeded.into()));
        }
        if let Some(new_pin) = ask.new_pin {
            self.change_pin(actor, new_pin, Doer::person(actor)).await?;
        }
        let there = device.clone();
        self.change(1, move |work| work.writer().note_proven(&there, actor))
            .await?;
        let known = self.directory().actors.get(&actor).cloned();
        Ok(Ok(SignInAnswer {
            unlock: unlock_secret(&root, device.id, device.generation),
            pin_changes: known.and_then(|actor| actor.pin_changes),
        }))
    }
}

/// Counts the try before it is made, so that many at once are not more tries than one after the other.
fn begin_try(work: &mut Work, actor: ActorId) -> Result<Result<Person, Denied>, Failed> {
    let works_here = |actor: &Actor| actor.active;
    if !work.ledger().actors.get(&actor).is_some_and(works_here) {
        return Ok(Err(DenialCode::UnknownActor.into()));
    }
    let Some(mut person) = work.log().person(actor)? else {
        return Ok(Err(DenialCode::UnknownActor.into()));
    };
    if person.failures >= pin::FAILURES_MAX {
        return Ok(Err(Denied {
            code: DenialCode::Locked,
            tries_left: Some(0),
            wipe: None,
        }));
    }
    person.failures += 1;
    work.log().set_failures(actor, person.failures)?;
    Ok(Ok(person))
}

/// A person of the shop; the server itself is none.
fn known(work: &mut Work, actor: ActorId) -> Option<Actor> {
    let is_person = |known: &&Actor| known.id != ActorId::SERVER;
    work.ledger().actors.get(&actor).filter(is_person).cloned()
}

fn add(work: &mut Work, added: ActorAdded, person: &Person) -> Result<(), Failed> {
    work.log().put_person(added.actor.id, person)?;
    work.record(ServerFact::plain(added))?;
    Ok(())
}

/// Whose doing a change is, for the log.
fn said(by: Doer) -> Option<Box<Doer>> {
    Some(Box::new(told(by)))
}

fn once_more(times: Option<u32>) -> Option<u32> {
    Some(times.unwrap_or(0).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_that_is_made_may_be_used() {
        assert_eq!(pin::check(&random_pin()), Ok(()));
    }
}
