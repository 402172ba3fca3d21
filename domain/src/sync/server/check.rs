//! Are these events what they claim to be?
//!
//! In: a part of a chain and the devices that are known. Out: each event with what is wrong with it, if anything.
//! Must not: need the log; this runs beside the writer.
//!
//! Each event carries the hash of the one before it, so a good signature vouches for all linked events in
//! front of it: usually one check is enough for the whole part.

use std::collections::BTreeMap;

use crate::custody::sign_in::ChainEnd;
use crate::event::{Envelope, SignedEvent};
use crate::facility::{Device, KeyKind};
use crate::id::{DeviceId, Hash, StoreId};
use crate::mutated;
use crate::sync::message::{ChainPart, QuarantineReason};
use crate::sync::server::log::ChainKey;

/// Whether a signature over a hash is by a key.
pub type Verifies = fn(KeyKind, &[u8], &Hash, &[u8]) -> bool;

/// An event that was looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As it came.
    pub event: SignedEvent,
    /// Hash of what was signed.
    pub hash: Hash,
    /// The envelope, if the bytes are one, of whichever version.
    pub envelope: Option<Envelope>,
    /// Why it cannot be applied although it may have a place.
    pub unreadable: Option<QuarantineReason>,
    /// Why it cannot have a place.
    pub untrusted: Option<QuarantineReason>,
}

/// A part of a chain that was looked at.
#[derive(Clone, Debug)]
pub struct CheckedPart {
    /// The chain it came under.
    pub chain: ChainKey,
    /// Number of the first.
    pub from: u64,
    /// The events.
    pub events: Vec<Checked>,
    /// What the server lacks of the chain before is no longer on the device.
    pub lost: bool,
    /// The first number that is missing before `from`, and no longer on the device.
    pub gone: Option<u64>,
    /// The end of the chain before, as the device says.
    pub after: Option<ChainEnd>,
}

impl CheckedPart {
    /// The events with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &Checked)> {
        // Nobody honest comes near the largest number.
        let numbers = (0..).map(|offset: u64| self.from.saturating_add(offset));
        numbers.zip(&self.events)
    }

    /// How many events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether it only asks how far the server has the chain.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

/// Looks at a part of a chain.
#[must_use]
pub fn check(
    devices: &BTreeMap<DeviceId, Device>,
    store: StoreId,
    part: ChainPart,
    verifies: Verifies,
) -> CheckedPart {
    let chain = ChainKey {
        device: part.device,
        epoch: part.epoch,
    };
    let mut events: Vec<Checked> = (0..)
        .zip(part.events)
        .map(|(offset, event)| look(chain, store, part.from.saturating_add(offset), event))
        .collect();
    match devices.get(&part.device) {
        Some(device) => vouch(device, &mut events, verifies),
        None if mutated("check_takes_unknown_devices") => {}
        None => events
            .iter_mut()
            .for_each(|event| event.untrusted = Some(QuarantineReason::UnknownDevice)),
    }
    CheckedPart {
        chain,
        from: part.from,
        events,
        lost: part.lost == Some(true),
        gone: part.gone,
        after: part.after,
    }
}

fn look(chain: ChainKey, store: StoreId, seq: u64, event: SignedEvent) -> Checked {
    let hash = event.hash();
    let (envelope, unreadable) = match Envelope::parse(&event.bytes) {
        Err(_) => (None, Some(QuarantineReason::Unreadable)),
        Ok(envelope) => (Some(envelope), None),
    };
    let misplaced = envelope.as_ref().is_some_and(|envelope| {
        (envelope.store != store && !mutated("check_takes_another_shops_events"))
            || (envelope.device != chain.device && !mutated("check_takes_another_devices_events"))
            || (envelope.epoch != chain.epoch && !mutated("check_takes_another_chains_events"))
            || (envelope.seq != seq && !mutated("check_takes_another_number"))
    });
    Checked {
        event,
        hash,
        envelope,
        unreadable,
        untrusted: misplaced.then_some(QuarantineReason::WrongAddress),
    }
}

/// Marks every event that no signature vouches for.
fn vouch(device: &Device, events: &mut [Checked], verifies: Verifies) {
    let mut end = events.len();
    while end > 0 {
        let start = run_start(&events[..end]);
        vouch_run(device, &mut events[start..end], verifies);
        end = start;
    }
}

/// Where the run of linked events that ends with the last one begins.
fn run_start(events: &[Checked]) -> usize {
    let mut start = events.len() - 1;
    while start > 0 {
        let linked = events[start]
            .envelope
            .as_ref()
            .is_some_and(|envelope| envelope.prev == events[start - 1].hash);
        if !linked && !mutated("check_vouches_for_what_is_not_linked") {
            break;
        }
        start -= 1;
    }
    start
}

/// The last good signature vouches for everything before it in the run; what is behind it has none.
fn vouch_run(device: &Device, run: &mut [Checked], verifies: Verifies) {
    let is_run = run.len() > 1;
    for event in run.iter_mut().rev() {
        let good = verifies(
            device.key_kind,
            &device.public_key,
            &event.hash,
            &event.event.signature,
        );
        if good || mutated("check_believes_any_signature") {
            return;
        }
        if is_run && mutated("check_vouches_for_what_follows") {
            continue;
        }
        event.untrusted = Some(QuarantineReason::BadSignature);
    }
}
