//! Those who mean harm, and devices of another age.

use domain::custody::set_up::ActorAdded;
use domain::event::{Body, Envelope, KindVersion, SignedEvent, event_hash};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, DeviceId};
use domain::sync::message::{ChainPart, Cursor, Push};

use crate::faults::Fault;
use crate::keys;
use crate::server::Mishap;
use crate::tablet;
use crate::world::World;

/// A kind of event nobody has released yet.
const KIND_OF_TOMORROW: u16 = 999;
/// Bytes beyond which no envelope may go.
const TOO_LARGE: usize = domain::event::ENVELOPE_BYTES_MAX + 1;

fn push_of(part: ChainPart) -> Push {
    Push {
        chains: vec![part],
        cursor: Cursor::default(),
        build: "strange".to_owned(),
    }
}

impl World {
    /// Whether an app of another age did something instead.
    pub(crate) fn of_another_age(&mut self, index: usize) -> bool {
        let actor = self.tablets[index].actor;
        let harmless: Body = domain::custody::sign_in::ActorSignedOut { actor }.into();
        if self.strikes(Fault::NewerField) {
            let kept = self.record_as(index, &harmless, |envelope| {
                tablet::with_newer_field(&envelope)
            });
            return kept.is_some();
        }
        if self.strikes(Fault::NewerKind) {
            let kept = self.record_as(index, &harmless, |mut envelope| {
                envelope.kind = KindVersion {
                    kind: KIND_OF_TOMORROW,
                    version: 1,
                };
                envelope.to_bytes()
            });
            return kept.is_some();
        }
        if self.strikes(Fault::MalformedBody) {
            let kept = self.record_as(index, &harmless, |mut envelope| {
                envelope.kind = KindVersion {
                    kind: 50,
                    version: 1,
                };
                envelope.body = vec![0xff, 0x00, 0x9f];
                envelope.to_bytes()
            });
            return kept.is_some();
        }
        if self.strikes(Fault::Oversized) {
            let kept = self.record_as(index, &harmless, |mut envelope| {
                envelope.body = vec![0; TOO_LARGE];
                envelope.to_bytes()
            });
            return kept.is_some();
        }
        if self.strikes(Fault::ServersKind) {
            let actor = Actor {
                id: ActorId(66),
                name: "Mallory".to_owned(),
                role: Role::GeneralManager,
                active: true,
            };
            let body: Body = ActorAdded { actor }.into();
            let kept = self.record_as(index, &body, |envelope| envelope.to_bytes());
            return kept.is_some();
        }
        false
    }

    /// Somebody on the network, or at another device, tries something.
    pub(crate) fn stranger(&mut self) {
        if self.strikes(Fault::Relayed) {
            self.relay();
        }
        if self.strikes(Fault::Replayed) {
            for push in self.overheard.clone() {
                self.server.push(0, push, Mishap::None);
            }
        }
        if self.strikes(Fault::OutOfOrder) {
            for push in self.overheard.clone().into_iter().rev() {
                let chains = push.chains.into_iter().rev().collect();
                let push = Push { chains, ..push };
                self.server.push(1, push, Mishap::None);
            }
        }
        if self.strikes(Fault::UnknownDevice) {
            let id = DeviceId(self.dice.id());
            self.forge(Fault::UnknownDevice, |mut envelope, _| {
                envelope.device = id;
                let bytes = envelope.to_bytes();
                let signature = keys::sign(&keys::public(id.0), &event_hash(&bytes));
                (envelope, SignedEvent { bytes, signature })
            });
        }
        if self.strikes(Fault::OtherStore) {
            self.forge(Fault::OtherStore, |envelope, key| {
                let bytes = tablet::for_other_store(envelope.clone());
                let signature = keys::sign(key, &event_hash(&bytes));
                (envelope, SignedEvent { bytes, signature })
            });
        }
        if self.strikes(Fault::Forked) {
            self.forge(Fault::Forked, |mut envelope, key| {
                envelope.wall += 1;
                let bytes = envelope.to_bytes();
                let signature = keys::sign(key, &event_hash(&bytes));
                (envelope, SignedEvent { bytes, signature })
            });
        }
        let turned = self.dice.number();
        if self.strikes(Fault::Edited) {
            self.forge(Fault::Edited, move |envelope, key| {
                let mut bytes = envelope.to_bytes();
                let signature = keys::sign(key, &event_hash(&bytes));
                let bits = u64::try_from(bytes.len() * 8).unwrap_or(8);
                let bit = usize::try_from(turned % bits).unwrap_or(0);
                bytes[bit / 8] ^= 1 << (bit % 8);
                (envelope, SignedEvent { bytes, signature })
            });
        }
    }

    /// A neighbour carries what a device has not sent.
    fn relay(&mut self) {
        let index = self.dice.index(self.tablets.len());
        let tablet = &self.tablets[index];
        let device = tablet.id;
        let mut parts: Vec<ChainPart> = Vec::new();
        for entry in tablet.disk.unsent() {
            match parts.last_mut().filter(|part| part.epoch == entry.epoch) {
                Some(part) => part.events.push(entry.event),
                None => parts.push(ChainPart {
                    device,
                    epoch: entry.epoch,
                    from: entry.seq,
                    events: vec![entry.event],
                    lost: None,
                }),
            }
        }
        for part in parts {
            self.server.push(1, push_of(part), Mishap::None);
        }
    }

    /// Sends something made of an event that is on record.
    fn forge(
        &mut self,
        fault: Fault,
        make: impl FnOnce(Envelope, &[u8]) -> (Envelope, SignedEvent),
    ) {
        let count = self.server.log.look(|content| content.events.len());
        let index = self.dice.index(count);
        let found = self.server.log.look(|content| {
            let entry = content.events.get(index)?;
            Envelope::parse(&entry.event.bytes).ok()
        });
        let Some(envelope) = found else {
            self.take_back(fault);
            return;
        };
        let key = keys::public(envelope.device.0);
        let (under, event) = make(envelope, &key);
        self.oracle.forged(event.hash());
        let part = ChainPart {
            device: under.device,
            epoch: under.epoch,
            from: under.seq,
            events: vec![event],
            lost: None,
        };
        self.server.push(0, push_of(part), Mishap::None);
    }
}
