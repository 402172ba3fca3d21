//! What carriers were given, against what the server has.
//!
//! In: what was promised when a file was taken, what carriers were told. Out: the first act that is nowhere.

use domain::custody::sign_in::EpochOpened;
use domain::event::{Body, Envelope, SignedEvent};
use domain::id::{DeviceId, Hash};
use domain::sync::device::OutboxEntry;
use domain::sync::message::{Incarnation, PushAnswer};
use domain::sync::server::log::ChainKey;

use super::{FullName, Oracle};
use crate::carrying::placed_in;
use crate::memory::Content;
use crate::tablet::Tablet;
use crate::world::World;

impl Oracle {
    /// A carrier's screen said that it has these acts.
    pub fn promised(&mut self, carrier: usize, device: DeviceId, acts: &[OutboxEntry]) {
        for act in acts {
            let name = (device, act.epoch, act.seq);
            self.promised.insert((carrier, name), act.event.hash());
        }
    }

    /// A carrier believed this answer.
    pub fn carrier_told(&mut self, answer: &PushAnswer) {
        for chain in &answer.chains {
            for receipt in &chain.receipts {
                let name = (chain.device, chain.epoch, receipt.seq);
                self.carrier_receipts.insert(name, answer.incarnation);
            }
        }
        self.acknowledged(&placed_in(answer));
    }
}

fn key(name: &FullName) -> ChainKey {
    ChainKey {
        device: name.0,
        epoch: name.1,
    }
}

/// The chain an act opens follows one that is not complete at the server.
fn lacks_what_came_before(content: &Content, name: &FullName, event: &SignedEvent) -> bool {
    let envelope = Envelope::parse(&event.bytes).ok();
    let body = envelope.and_then(|read| Body::parse(read.kind, &read.body).ok());
    let Some(Body::EpochOpened(EpochOpened {
        before: Some(before),
        ..
    })) = body
    else {
        return false;
    };
    let chain = ChainKey {
        device: name.0,
        epoch: before.epoch,
    };
    content.end_of(chain).next <= before.seq
}

/// What a carrier still has is what the server cannot take yet.
fn check_left(content: &Content, tablet: &Tablet) -> Result<(), String> {
    for (name, event) in &tablet.carried {
        let next = content.end_of(key(name)).next;
        let is_behind_a_gap = name.2 > next;
        let waits = name.2 == next && lacks_what_came_before(content, name, event);
        if !is_behind_a_gap && !waits && name.0 != tablet.id {
            return Err(format!("a carrier did not deliver {name:?}"));
        }
    }
    Ok(())
}

impl World {
    /// Whether an act a carrier brought is at the server.
    pub(crate) fn is_at_the_server(&self, name: FullName, hash: Hash) -> bool {
        let life = self.server.incarnation();
        let look = |content: &Content| self.is_there(content, life, &name, hash);
        self.server.log.look(look)
    }

    fn is_there(&self, content: &Content, life: Incarnation, name: &FullName, hash: Hash) -> bool {
        let placed = content.placed(key(name), name.2);
        let is_placed = placed.is_some_and(|(_, entry)| entry.hash == hash);
        let is_aside = content.aside.contains_key(&(key(name), name.2, hash));
        // A server set back to an earlier day has lost what a carrier brought, as it has what anybody brought.
        let told = self.oracle.carrier_receipts.get(name);
        is_placed || is_aside || told.is_some_and(|told| *told != life)
    }

    /// Every act a carrier took is at the server, or still with the carrier because it cannot be taken yet.
    pub(super) fn check_carried(&self, content: &Content, life: Incarnation) -> Result<(), String> {
        let here = self.tablets.iter().filter(|tablet| !tablet.is_gone);
        for tablet in here {
            check_left(content, tablet)?;
        }
        for ((carrier, name), hash) in &self.oracle.promised {
            let tablet = &self.tablets[*carrier];
            let is_excused = tablet.is_gone || tablet.carried.contains_key(name);
            if !is_excused && !self.is_there(content, life, name, *hash) {
                return Err(format!("a carrier lost {name:?}"));
            }
        }
        Ok(())
    }
}
