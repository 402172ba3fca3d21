//! Those who mean harm, and devices of another age.

use domain::custody::set_up::ActorAdded;
use domain::custody::sign_in::ActorSignedOut;
use domain::event::{Body, Envelope, KindVersion, SignedEvent, event_hash};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Hash};
use domain::sync::message::{ChainPart, Cursor, Push, PushAnswer};
use domain::sync::server::log::ChainKey;

use crate::faults::Fault;
use crate::keys;
use crate::memory::Content;
use crate::oracle::answers;
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

fn sealed(envelope: &Envelope, key: &[u8]) -> SignedEvent {
    let bytes = envelope.to_bytes();
    let signature = keys::sign(key, &event_hash(&bytes));
    SignedEvent { bytes, signature }
}

/// An event with a bit turned over after it was signed.
pub(crate) fn flipped(mut event: SignedEvent, turned: u64) -> SignedEvent {
    let bits = u64::try_from(event.bytes.len() * 8).unwrap_or(8);
    let bit = usize::try_from(turned % bits).unwrap_or(0);
    event.bytes[bit / 8] ^= 1 << (bit % 8);
    event
}

impl World {
    /// Whether an app of another age did something instead.
    pub(crate) fn of_another_age(&mut self, index: usize) -> bool {
        let actor = self.tablets[index].actor;
        let harmless: Body = ActorSignedOut { actor }.into();
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
                pin_changes: None,
                shift: None,
                unlocks: None,
            };
            let body: Body = ActorAdded::from(actor).into();
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
                self.push(0, None, push, Mishap::None);
            }
        }
        if self.strikes(Fault::OutOfOrder) {
            for push in self.overheard.clone().into_iter().rev() {
                let chains = push.chains.into_iter().rev().collect();
                let push = Push { chains, ..push };
                self.push(1, None, push, Mishap::None);
            }
        }
        if self.strikes(Fault::UnknownDevice) {
            let (id, epoch) = (DeviceId(self.dice.id()), Epoch(self.dice.id()));
            self.forge(Fault::UnknownDevice, |mut envelope, _| {
                envelope.device = id;
                if Hash::of(&[&id.0]).0[0] < 128 {
                    (envelope.epoch, envelope.seq) = (epoch, 0);
                    envelope.prev = Hash::default();
                }
                let event = sealed(&envelope, &keys::public(id.0));
                (envelope, event)
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
            self.fork();
        }
        let turned = self.dice.number();
        if self.strikes(Fault::Edited) {
            self.forge(Fault::Edited, move |envelope, key| {
                let event = flipped(sealed(&envelope, key), turned);
                (envelope, event)
            });
        }
        if self.strikes(Fault::Readdressed) {
            self.readdress();
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
                    gone: None,
                    after: None,
                }),
            }
        }
        for part in parts {
            let part = part.with_what_came_before();
            self.push(1, None, push_of(part), Mishap::None);
        }
    }

    /// Takes events in, and looks at the answer.
    pub(crate) fn push(
        &mut self,
        node: usize,
        carrier: Option<DeviceId>,
        push: Push,
        mishap: Mishap,
    ) -> Option<PushAnswer> {
        let answer = self.server.push(node, carrier, push.clone(), mishap)?;
        let looked = |content: &Content| answers::check(content, &push, &answer);
        let checked = self.server.log.look(looked);
        self.blame(checked);
        let is_back = self.server.is_of_another_life(push.cursor);
        if let Some(device) = carrier.filter(|_| is_back) {
            self.oracle.came_back(device, answer.incarnation);
        }
        Some(answer)
    }

    /// Somebody on the way changes an event of a message; the true one comes after it.
    pub(crate) fn tamper(&mut self, push: &Push) {
        let sent: Vec<&ChainPart> = push
            .chains
            .iter()
            .filter(|part| !part.events.is_empty())
            .collect();
        if sent.is_empty() || !self.strikes(Fault::Tampered) {
            return;
        }
        let mut part = sent[self.dice.index(sent.len())].clone();
        let index = self.dice.index(part.events.len());
        let event = flipped(part.events[index].clone(), self.dice.number());
        self.oracle.forged(event.hash());
        part.events[index] = event;
        self.push(0, None, push_of(part), Mishap::None);
    }

    /// An event of the log, drawn.
    fn some_envelope(&mut self) -> Option<Envelope> {
        let count = self.server.log.look(|content| content.events.len());
        let index = self.dice.index(count);
        self.server.log.look(|content| {
            let entry = content.events.get(index)?;
            Envelope::parse(&entry.event.bytes).ok()
        })
    }

    /// An event as the next of the same chain: harmless, and never said by anybody.
    fn next_of(&mut self, mut envelope: Envelope) -> Envelope {
        let chain = ChainKey {
            device: envelope.device,
            epoch: envelope.epoch,
        };
        let end = self.server.log.look(|content| content.end_of(chain));
        let actor = envelope.actor.actor;
        let body: Body = ActorSignedOut { actor }.into();
        envelope.seq = end.next;
        envelope.prev = end.hash;
        envelope.hlc = u64::MAX / 2;
        envelope.id = EventId(self.dice.id());
        envelope.kind = body.kind_version();
        envelope.body = body.to_bytes();
        envelope
    }

    /// Signs another event under a number that is taken.
    fn fork(&mut self) {
        let Some(mut envelope) = self.some_envelope() else {
            self.take_back(Fault::Forked);
            return;
        };
        envelope.wall += 1;
        let event = sealed(&envelope, &keys::public(envelope.device.0));
        self.send_forged(envelope.device, &envelope, event, None);
    }

    /// Sends something made of an event that is on record, or of one that could be the next of its chain.
    fn forge(
        &mut self,
        fault: Fault,
        make: impl FnOnce(Envelope, &[u8]) -> (Envelope, SignedEvent),
    ) {
        let Some(mut envelope) = self.some_envelope() else {
            self.take_back(fault);
            return;
        };
        let mut before = None;
        if self.dice.per_mille(600) {
            envelope = self.next_of(envelope);
            before = self.event_before(&envelope);
        }
        let key = keys::public(envelope.device.0);
        let (under, event) = make(envelope, &key);
        let is_next = under.seq > 0;
        let is_behind = before.filter(|_| is_next && self.dice.per_mille(500));
        self.send_forged(under.device, &under, event, is_behind);
    }

    fn event_before(&self, envelope: &Envelope) -> Option<SignedEvent> {
        let chain = ChainKey {
            device: envelope.device,
            epoch: envelope.epoch,
        };
        let seq = envelope.seq.checked_sub(1)?;
        self.server.log.look(|content| {
            let (_, entry) = content.placed(chain, seq)?;
            Some(entry.event.as_ref().clone())
        })
    }

    /// Signs, with a key that is good, what says of itself where it does not stand.
    fn readdress(&mut self) {
        let Some(envelope) = self.some_envelope() else {
            self.take_back(Fault::Readdressed);
            return;
        };
        let under = self.next_of(envelope);
        let mut envelope = under.clone();
        match self.dice.below(4) {
            0 => {
                // A thief signs for another device, in a chain that is new.
                let thief = self.tablets[self.dice.index(self.tablets.len())].id;
                envelope.epoch = Epoch(self.dice.id());
                envelope.seq = 0;
                envelope.prev = Hash::default();
                if thief == envelope.device {
                    self.take_back(Fault::Readdressed);
                    return;
                }
                let event = sealed(&envelope, &keys::public(thief.0));
                self.send_forged(thief, &envelope, event, None);
                return;
            }
            1 => envelope.epoch = Epoch(self.dice.id()),
            2 => envelope.seq += 1 + self.dice.below(3),
            _ => envelope.prev = Hash(Hash::of(&[&self.dice.id()]).0),
        }
        let event = sealed(&envelope, &keys::public(envelope.device.0));
        self.send_forged(under.device, &under, event, None);
    }

    fn send_forged(
        &mut self,
        device: DeviceId,
        under: &Envelope,
        event: SignedEvent,
        before: Option<SignedEvent>,
    ) {
        self.oracle.forged(event.hash());
        let from = under.seq - u64::from(before.is_some());
        let events = before.into_iter().chain([event]).collect();
        let part = ChainPart {
            device,
            epoch: under.epoch,
            from,
            events,
            lost: None,
            gone: None,
            after: None,
        };
        self.push(0, None, push_of(part), Mishap::None);
    }
}
