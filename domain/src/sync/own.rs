//! A device's own chains as its storage has them, and what is known of their receipts.
//!
//! In: stored chains, answers to pushes. Out: what to send, what to keep, what to show on top of the view.
//! Must not: take an event off the top before the kept view contains it; a write may still fail.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::id::{Epoch, Position};
use crate::mutated;
use crate::sync::device::{Acknowledged, OutboxEntry};
use crate::sync::message::{Cursor, Outcome, PushAnswer};
use crate::sync::replica::Replica;

/// How far a chain is at the server, and what the view may not show yet. Kept on devices: its shape is for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipts {
    /// Sequence number of the last event with a receipt.
    #[n(0)]
    pub through: u64,
    /// Place in the store's log of each event that the view did not cover when its receipt came.
    #[n(1)]
    pub places: Vec<(u64, Position)>,
    /// Events the server keeps aside because it could not read or trust them.
    #[n(2)]
    pub set_aside: u64,
}

/// One chain as the storage has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChain {
    /// Its epoch.
    pub epoch: Epoch,
    /// Number of its last event.
    pub last: u64,
    /// Its receipts; `None` when nothing was acknowledged.
    pub receipts: Option<Receipts>,
}

impl StoredChain {
    /// Number of the first event that is not at the server.
    fn unsent_from(&self) -> u64 {
        self.receipts
            .as_ref()
            .map_or(0, |receipts| receipts.through.saturating_add(1))
    }

    /// Number of the first event that a start needs: not at the server, or not in a view of that cursor.
    #[must_use]
    pub fn needed_from(&self, cursor: Cursor) -> u64 {
        let places = self.receipts.iter().flat_map(|receipts| &receipts.places);
        let not_shown = places.filter(|(_, place)| *place > cursor.position);
        let first = not_shown.map(|(seq, _)| *seq).min();
        first.unwrap_or(u64::MAX).min(self.unsent_from())
    }

    fn place(&self, seq: u64) -> Option<Position> {
        let mut places = self.receipts.iter().flat_map(|receipts| &receipts.places);
        places.find(|(known, _)| *known == seq).map(|found| found.1)
    }
}

/// What a start found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Up to where each chain is at the server.
    pub acknowledged: Vec<Acknowledged>,
    /// Events without a receipt, older chains first.
    pub outbox: Vec<OutboxEntry>,
    /// Events the server keeps aside.
    pub set_aside: u64,
}

/// What is known of the receipts of a device's chains.
#[derive(Clone, Debug, Default)]
pub struct Receiving {
    receipts: BTreeMap<Epoch, Receipts>,
    arrived: Vec<(Epoch, u64, Position)>,
}

impl Receiving {
    /// Takes the stored chains in, each with its events from [`StoredChain::needed_from`] on, and puts those that
    /// a view of that cursor does not contain on top of it.
    pub fn start(
        &mut self,
        replica: &mut Replica,
        cursor: Cursor,
        chains: Vec<(StoredChain, Vec<OutboxEntry>)>,
    ) -> Found {
        let mut found = Found::default();
        for (chain, events) in chains {
            for entry in events {
                let place = chain.place(entry.seq);
                let is_shown = place.is_some_and(|place| place <= cursor.position);
                let is_unsent = entry.seq >= chain.unsent_from();
                let is_missing = is_unsent || (place.is_some() && !is_shown);
                if is_missing && !mutated("own_shows_nothing_at_the_start") {
                    replica.push_own(entry.epoch, entry.seq, &entry.event, place);
                }
                if is_unsent && !mutated("own_sends_nothing_of_before") {
                    found.outbox.push(entry);
                }
            }
            let Some(receipts) = chain.receipts else {
                continue;
            };
            if mutated("own_forgets_the_ends_of_chains") {
                continue;
            }
            let places = receipts.places.iter().map(|(_, place)| *place);
            found.acknowledged.push(Acknowledged {
                epoch: chain.epoch,
                seq: receipts.through,
                position: places.max().unwrap_or(cursor.position),
            });
            found.set_aside = found.set_aside.saturating_add(receipts.set_aside);
            self.receipts.insert(chain.epoch, receipts);
        }
        found
    }

    /// Learns each event's place, so that the view knows when it contains it. Returns how many more the server
    /// keeps aside.
    pub fn answered(&mut self, answer: &PushAnswer) -> u64 {
        let mut aside = 0;
        for chain in &answer.chains {
            // A place behind the end of the log is of another life of it. The server has the event, somewhere up to there.
            let known = self.receipts.get(&chain.epoch);
            let places = known.into_iter().flat_map(|known| &known.places);
            let is_moved = |(seq, place): &&(u64, Position)| {
                *seq < chain.next && *place > answer.head && !mutated("own_trusts_an_old_place")
            };
            let moved = places.filter(is_moved);
            self.arrived
                .extend(moved.map(|(seq, _)| (chain.epoch, *seq, answer.head)));
            for receipt in &chain.receipts {
                self.arrived
                    .push((chain.epoch, receipt.seq, receipt.position));
                if matches!(receipt.outcome, Outcome::Quarantined(_)) {
                    self.receipts.entry(chain.epoch).or_default().set_aside += 1;
                    aside += 1;
                }
            }
        }
        aside
    }

    /// What has to be kept of receipts that came, given how far the kept view goes.
    pub fn to_keep(&mut self, done: &[Acknowledged], shown: Position) -> Vec<(Epoch, Receipts)> {
        let mut all = Vec::new();
        for acknowledged in done {
            let receipts = self.receipts.entry(acknowledged.epoch).or_default();
            receipts.through = receipts.through.max(acknowledged.seq);
            receipts.places.retain(|(_, position)| *position > shown);
            for (epoch, seq, position) in &self.arrived {
                if *epoch != acknowledged.epoch {
                    continue;
                }
                // A restored server gives events it had lost other places.
                match receipts.places.iter_mut().find(|(known, _)| known == seq) {
                    Some(_) if mutated("own_keeps_a_place_of_another_life") => {}
                    Some((_, place)) => *place = *position,
                    None if mutated("own_keeps_no_places") => {}
                    None => receipts.places.push((*seq, *position)),
                }
            }
            all.push((acknowledged.epoch, receipts.clone()));
        }
        all
    }

    /// Tells the replica the places whose receipts are kept now.
    pub fn kept(&mut self, replica: &mut Replica) {
        for (epoch, seq, position) in self.arrived.drain(..) {
            if mutated("own_tells_no_places") {
                continue;
            }
            replica.placed(epoch, seq, position);
        }
    }
}
