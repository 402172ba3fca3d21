//! Who works here and on what, and since when: what changed about people, devices, passkeys, secrets and tokens, one by
//! one.
//!
//! In: the log's facts about them. Out: what each changed. Must not: say of a change what the facts do not show; the first
//! of several that are told may have had others before it.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::custody::passkeys::PasskeysChanged;
use crate::custody::secrets::SecretChanged;
use crate::custody::set_up::Doer;
use crate::custody::tokens::TokenChanged;
use crate::custody::wiped::DeviceWiped;
use crate::event::{Body, Envelope};
use crate::facility::{Actor, Device};
use crate::id::{ActorId, DeviceId, Position};
use crate::sync::message::{Outcome, Recorded};

/// Changes told at once.
pub const CHANGES_MAX: usize = 500;

/// Server to device: the newest changes, and when each device was last heard of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Register {
    /// The facts, newest first.
    #[n(0)]
    pub facts: Vec<Recorded>,
    /// There were others before them.
    #[n(1)]
    pub more: bool,
    /// Devices that were heard of.
    #[n(2)]
    pub contacts: Vec<Contact>,
}

/// When a device was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Contact {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// By the server's clock, to the minute.
    #[n(1)]
    pub at: i64,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place in the store's log.
    pub position: Position,
    /// When, by the server's clock.
    pub at: i64,
    /// What changed.
    pub what: Changed,
    /// Whose doing it was, where the fact says so beside what it is about.
    pub by: Option<Doer>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A person works here from then on.
    Came(Actor),
    /// A person works here no longer.
    Left(Actor),
    /// A person works here again.
    CameBack(Actor),
    /// A person has another PIN.
    NewPin(Actor),
    /// A person may try PINs again.
    Unlocked(Actor),
    /// Something else about a person, or something of which the facts before it are not told.
    Person(Actor),
    /// A device was enrolled.
    Enrolled(Device),
    /// A device was revoked.
    Revoked(Device),
    /// A manager's passkeys changed.
    Passkeys(PasskeysChanged),
    /// A secret of an outside system changed.
    Secret(SecretChanged),
    /// A token or a code was made or withdrawn.
    Token(TokenChanged),
    /// A revoked device says that it forgot what it held.
    Wiped(DeviceWiped),
}

impl Register {
    /// The changes, newest first.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let mut people = BTreeMap::new();
        let mut changes = Vec::with_capacity(self.facts.len());
        for fact in self.facts.iter().rev() {
            let Some(body) = body(fact) else {
                continue;
            };
            let by = by(&body);
            let what = self.changed(body, &mut people);
            changes.extend(what.map(|what| Change {
                position: fact.position,
                at: fact.recorded_at,
                what,
                by,
            }));
        }
        changes.reverse();
        changes
    }

    /// When a device was last heard of.
    #[must_use]
    pub fn heard_of(&self, device: DeviceId) -> Option<i64> {
        let contact = self.contacts.iter().find(|known| known.device == device);
        contact.map(|contact| contact.at)
    }

    fn changed(&self, body: Body, people: &mut BTreeMap<ActorId, Actor>) -> Option<Changed> {
        // What the server does not say itself is of no account here, and what is about it of no interest.
        if let Body::ActorAdded(done) = body {
            let before = people.insert(done.actor.id, done.actor.clone());
            return Some(self.about(done.actor, before));
        }
        if let Body::DeviceEnrolled(done) = body {
            let device = Some(done.device).filter(|device| !device.is_server)?;
            return Some(match device.active {
                true => Changed::Enrolled(device),
                false => Changed::Revoked(device),
            });
        }
        if let Body::PasskeysChanged(done) = body {
            return Some(Changed::Passkeys(done));
        }
        if let Body::SecretChanged(done) = body {
            return Some(Changed::Secret(done));
        }
        if let Body::TokenChanged(done) = body {
            return Some(Changed::Token(done));
        }
        if let Body::DeviceWiped(done) = body {
            return Some(Changed::Wiped(done));
        }
        None
    }

    fn about(&self, now: Actor, before: Option<Actor>) -> Changed {
        let Some(before) = before else {
            return match (now.active, self.more) {
                (false, _) => Changed::Left(now),
                (true, false) => Changed::Came(now),
                (true, true) => Changed::Person(now),
            };
        };
        match (before.active, now.active) {
            (true, false) => Changed::Left(now),
            (false, true) => Changed::CameBack(now),
            _ if before.pin_changes != now.pin_changes => Changed::NewPin(now),
            _ if before.unlocks != now.unlocks => Changed::Unlocked(now),
            _ => Changed::Person(now),
        }
    }
}

fn by(body: &Body) -> Option<Doer> {
    if let Body::ActorAdded(done) = body {
        return done.by.as_deref().cloned();
    }
    if let Body::DeviceEnrolled(done) = body {
        return done.by.as_deref().cloned();
    }
    None
}

/// The fact that counts; one that was kept aside does not.
fn body(fact: &Recorded) -> Option<Body> {
    let counts = matches!(
        fact.outcome,
        Outcome::Applied | Outcome::AppliedWithExceptions(_)
    );
    let envelope = Envelope::parse(&fact.event.bytes).ok().filter(|_| counts)?;
    Body::parse(envelope.kind, &envelope.body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::secrets::SecretChange;
    use crate::custody::set_up::{ActorAdded, DeviceEnrolled};
    use crate::custody::tokens::TokenScope;
    use crate::event::{ActorRef, SignedEvent};
    use crate::facility::{KeyKind, Role};
    use crate::id::{Epoch, EventId, StoreId};
    use crate::sync::chain::{Chain, Circumstances};
    use crate::sync::message::QuarantineReason;

    fn register(bodies: &[Body], more: bool) -> Register {
        let mut chain = Chain::new(StoreId([1; 16]), DeviceId([2; 16]), Epoch([3; 16]));
        let mut facts = Vec::new();
        for (number, body) in (1_u64..).zip(bodies) {
            let around = Circumstances {
                id: EventId([4; 16]),
                wall: 0,
                mono: 0,
                actor: ActorRef {
                    actor: ActorId::SERVER,
                    session: 0,
                },
                basis: Position(0),
                lease: None,
                pii: None,
            };
            facts.push(Recorded {
                position: Position(number),
                recorded_at: 1_000,
                event: SignedEvent {
                    bytes: chain.append(body, around).to_bytes(),
                    signature: Vec::new(),
                },
                outcome: Outcome::Applied,
                subject: false,
            });
        }
        facts.reverse();
        let contacts = Vec::new();
        Register {
            facts,
            more,
            contacts,
        }
    }

    fn ana() -> Actor {
        Actor {
            id: ActorId(1),
            name: "Ana R.".to_owned(),
            role: Role::Associate,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        }
    }

    fn added(actor: Actor) -> Body {
        ActorAdded::from(actor).into()
    }

    fn gone() -> Actor {
        Actor {
            active: false,
            ..ana()
        }
    }

    fn new_pin() -> Actor {
        Actor {
            pin_changes: Some(1),
            ..ana()
        }
    }

    fn told(register: &Register) -> Vec<Changed> {
        let changes = register.changes().into_iter();
        changes.map(|change| change.what).collect()
    }

    #[test]
    fn whose_doing_it_was_is_told_beside_it() {
        let free = Actor {
            unlocks: Some(1),
            ..ana()
        };
        let unlocked = ActorAdded {
            by: Some(Box::new(Doer::person(ActorId(9)))),
            ..ActorAdded::from(free.clone())
        };
        let told = register(&[added(ana()), unlocked.into()], false).changes();
        assert_eq!(told[0].what, Changed::Unlocked(free));
        assert_eq!(told[0].by, Some(Doer::person(ActorId(9))));
        assert_eq!(told[1].by, None);
    }

    #[test]
    fn each_change_of_a_person_is_told_for_what_it_was() {
        let facts = [ana(), gone(), ana(), new_pin()].map(added);
        let expected = vec![
            Changed::NewPin(new_pin()),
            Changed::CameBack(ana()),
            Changed::Left(gone()),
            Changed::Came(ana()),
        ];
        assert_eq!(told(&register(&facts, false)), expected);
    }

    #[test]
    fn of_the_first_that_is_told_only_that_is_said_which_the_fact_shows() {
        assert_eq!(
            told(&register(&[added(ana())], true)),
            [Changed::Person(ana())]
        );
        assert_eq!(
            told(&register(&[added(gone())], true)),
            [Changed::Left(gone())]
        );
    }

    #[test]
    fn devices_come_and_go_and_the_server_is_none_of_them() {
        let device = |is_server, active| Device {
            id: DeviceId([7; 16]),
            name: "Tablet 1".to_owned(),
            generation: 1,
            key_kind: KeyKind::Ed25519,
            public_key: Vec::new(),
            active,
            is_server,
            purpose: None,
        };
        let enrolled = |device: Device| Body::from(DeviceEnrolled::from(device));
        let facts = [
            enrolled(device(true, true)),
            enrolled(device(false, true)),
            enrolled(device(false, false)),
        ];
        let expected = vec![
            Changed::Revoked(device(false, false)),
            Changed::Enrolled(device(false, true)),
        ];
        assert_eq!(told(&register(&facts, false)), expected);
    }

    #[test]
    fn what_was_kept_aside_changed_nothing() {
        let mut register = register(&[added(ana()), added(gone())], false);
        register.facts[0].outcome = Outcome::Quarantined(QuarantineReason::NotTheServers);
        assert_eq!(told(&register), [Changed::Came(ana())]);
    }

    #[test]
    fn what_became_of_a_secret_is_told_by_its_name_and_who_did_it() {
        let kept = SecretChanged {
            name: "metrc/ca/user-key".to_owned(),
            change: SecretChange::Kept,
            operator: Some("root".to_owned()),
        };
        let facts = [Body::from(kept.clone())];
        assert_eq!(told(&register(&facts, true)), [Changed::Secret(kept)]);
    }

    #[test]
    fn that_a_token_was_made_is_told_by_its_name_and_who_made_it() {
        let made = TokenChanged {
            operator: Some("root".to_owned()),
            ..TokenChanged::made("web shop", TokenScope::Orders)
        };
        let facts = [Body::from(made.clone())];
        assert_eq!(told(&register(&facts, true)), [Changed::Token(made)]);
    }
}
