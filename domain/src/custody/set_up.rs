//! The shop is set up: its licence, shelves, slots, people and devices.
//!
//! In: configuration facts signed by the server. Out: the directory every decision reads.
//! Must not: carry a secret.

use minicbor::{Decode, Encode};

use crate::custody::second;
use crate::custody::stage::standing_in;
use crate::facility::{Actor, Device, Location, Slot, Store};
use crate::id::ActorId;
use crate::ledger::{Insert as _, Ledger};

/// The shop's facts, its shelves and its staging slots, as they are from now on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StoreConfigured {
    /// The shop.
    #[n(0)]
    pub store: Store,
    /// Shelves added or changed.
    #[n(1)]
    pub locations: Vec<Location>,
    /// Staging slots added or changed.
    #[n(2)]
    pub slots: Vec<Slot>,
}

/// Who had something changed at the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Doer {
    /// The account on the server's machine whose command it was, as that machine names it. `None`: it names none, the
    /// program did it by itself, or a person did it on a device.
    #[n(0)]
    pub operator: Option<String>,
    /// Who did it on a device, by a PIN that opened.
    #[n(1)]
    pub actor: Option<ActorId>,
}

impl Doer {
    /// Whoever gives commands on the server's machine.
    #[must_use]
    pub fn at_the_server(operator: Option<String>) -> Self {
        Self {
            operator,
            actor: None,
        }
    }

    /// A person on a device.
    #[must_use]
    pub fn person(actor: ActorId) -> Self {
        Self {
            operator: None,
            actor: Some(actor),
        }
    }
}

/// A person was added or changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ActorAdded {
    /// The person.
    #[n(0)]
    pub actor: Actor,
    /// Who did it. `None`: it was not written down, as before there was a place for it. Boxed, for it is rare among many
    /// facts that are small.
    #[n(1)]
    pub by: Option<Box<Doer>>,
}

impl From<Actor> for ActorAdded {
    /// A change of which nobody says whose it is.
    fn from(actor: Actor) -> Self {
        Self { actor, by: None }
    }
}

/// A device was enrolled, enrolled again, or revoked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceEnrolled {
    /// The device and its public key.
    #[n(0)]
    pub device: Device,
    /// Who revoked it. `None`: nobody did, or it was not written down, as before there was a place for it.
    #[n(1)]
    pub by: Option<Box<Doer>>,
}

impl From<Device> for DeviceEnrolled {
    /// A change of which nobody says whose it is.
    fn from(device: Device) -> Self {
        Self { device, by: None }
    }
}

/// Takes the shop's facts in; a slot keeps the bag that is in it, and the vault its drawing, whatever the fact says.
pub fn configured(ledger: &mut Ledger, done: &StoreConfigured) {
    let mut store = done.store.clone();
    let drawn = ledger.store().and_then(|store| store.vault.clone());
    store.vault = drawn.or(store.vault);
    let checklist = ledger.store().and_then(|store| store.checklist.clone());
    store.checklist = store.checklist.or(checklist);
    let swaps = ledger.store().and_then(|store| store.swaps);
    store.swaps = store.swaps.or(swaps);
    store.drawings = ledger.store().and_then(|store| store.drawings.clone());
    store.procedures = ledger.store().and_then(|store| store.procedures.clone());
    store.holds = ledger.store().and_then(|store| store.holds.clone());
    store.bench = second::configured(ledger.store(), store.bench);
    ledger.insert(0, store);
    for location in &done.locations {
        ledger.insert(location.code.clone(), location.clone());
    }
    for slot in &done.slots {
        let mut slot = slot.clone();
        let before = ledger.slots.get(&slot.code);
        slot.since = before.and_then(|before| before.since);
        slot.holds = match before {
            Some(before) => before.holds,
            None => standing_in(ledger, &slot.code).next(),
        };
        ledger.insert(slot.code.clone(), slot);
    }
}

/// Takes a person in; the shift begun last stays, whatever the fact says.
pub fn actor_added(ledger: &mut Ledger, done: &ActorAdded) {
    let mut actor = done.actor.clone();
    let known = ledger.actors.get(&actor.id);
    actor.shift = known.and_then(|known| known.shift.clone());
    ledger.insert(actor.id, actor);
}

/// Takes a device in.
pub fn device_enrolled(ledger: &mut Ledger, done: &DeviceEnrolled) {
    ledger.insert(done.device.id, done.device.clone());
}
