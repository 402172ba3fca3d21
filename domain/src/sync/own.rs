//! A device's own chains as its storage has them, and what is known of their receipts.
//!
//! In: stored chains, answers to pushes. Out: what to send, what to keep, what to show on top of the view.
//! Must not: take an event off the top before the kept view contains it; a write may still fail.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::id::{Epoch, Position};
use crate::mutated;
use crate::sync::device::{Acknowledged, OutboxEntry};
use crate::sync::message::{ChainAnswer, Cursor, Incarnation, Outcome, PushAnswer};
use crate::sync::replica::{Place, Replica};

/// What stands for the place of an event whose place in this life of the log nobody has told yet.
const UNKNOWN: Position = Position(u64::MAX);

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
    /// The log's life the places are of. Builds of before did not say; their places are taken for the view's life.
    #[n(3)]
    pub life: Option<Incarnation>,
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

    /// Whether the server has all of it, as far as its newest answer told.
    #[must_use]
    pub fn is_at_the_server(&self) -> bool {
        let places = self.receipts.iter().flat_map(|receipts| &receipts.places);
        let is_doubtful = places.into_iter().any(|(_, place)| *place == UNKNOWN);
        self.unsent_from() > self.last && !is_doubtful
    }

    /// Number of the first event that a start needs: not at the server, or not in a view of that cursor.
    #[must_use]
    pub fn needed_from(&self, cursor: Cursor) -> u64 {
        let not_shown = self.places(cursor).filter(|(_, standing)| match standing {
            Standing::Unknown => true,
            Standing::At(place) => !place.is_shown_at(cursor),
        });
        let first = not_shown.map(|(seq, _)| seq).min();
        first.unwrap_or(u64::MAX).min(self.unsent_from())
    }

    /// What the kept places say beside a view of that cursor.
    fn places(&self, cursor: Cursor) -> impl Iterator<Item = (u64, Standing)> {
        let receipts = self.receipts.iter();
        receipts.flat_map(move |receipts| {
            let life = receipts.life.unwrap_or(cursor.incarnation);
            // A view that was thrown away is of no life, and shows nothing.
            let is_begun = cursor.position > Position(0);
            let is_of_another = life != cursor.incarnation
                && is_begun
                && !mutated("own_believes_a_place_of_another_life");
            receipts.places.iter().map(move |(seq, position)| {
                let standing = match is_of_another || *position == UNKNOWN {
                    true => Standing::Unknown,
                    false => Standing::At(Place {
                        life,
                        position: *position,
                    }),
                };
                (*seq, standing)
            })
        })
    }
}

/// What is known of where an event stands that had a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The log has begun another life since: it may be there or not. It is sent again, and its receipt says.
    Unknown,
    /// There.
    At(Place),
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
    arrived: Vec<(Epoch, u64, Place)>,
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
            let places: BTreeMap<u64, Standing> = chain.places(cursor).collect();
            for entry in events {
                let (place, is_doubtful) = match places.get(&entry.seq) {
                    Some(Standing::At(place)) => (Some(*place), false),
                    Some(Standing::Unknown) => (None, true),
                    None => (None, false),
                };
                let is_unsent = entry.seq >= chain.unsent_from() || is_doubtful;
                let is_missing = is_unsent || place.is_some_and(|at| !at.is_shown_at(cursor));
                if is_missing && !mutated("own_shows_nothing_at_the_start") {
                    replica.push_own(entry.epoch, entry.seq, &entry.event, place);
                }
                if is_unsent && !mutated("own_sends_nothing_of_before") {
                    found.outbox.push(entry);
                }
            }
            let Some(mut receipts) = chain.receipts else {
                continue;
            };
            let life = *receipts.life.get_or_insert(cursor.incarnation);
            if mutated("own_forgets_the_ends_of_chains") {
                continue;
            }
            let known = receipts.places.iter().map(|(_, place)| *place);
            let known = known.filter(|place| *place != UNKNOWN);
            found.acknowledged.push(Acknowledged {
                epoch: chain.epoch,
                seq: receipts.through,
                position: known.max().unwrap_or(cursor.position),
                life,
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
            self.moved(chain, answer);
            for receipt in &chain.receipts {
                let place = Place {
                    life: answer.incarnation,
                    position: receipt.position,
                };
                self.arrived.push((chain.epoch, receipt.seq, place));
                if matches!(receipt.outcome, Outcome::Quarantined(_)) {
                    self.receipts.entry(chain.epoch).or_default().set_aside += 1;
                    aside += 1;
                }
            }
        }
        aside
    }

    /// Learns what became of places that are of another life of the log.
    fn moved(&mut self, chain: &ChainAnswer, answer: &PushAnswer) {
        let Some(known) = self.receipts.get_mut(&chain.epoch) else {
            return;
        };
        if known.life.is_some_and(|life| life != answer.incarnation)
            && !mutated("own_trusts_an_old_place")
        {
            known.places.iter_mut().for_each(|(_, at)| *at = UNKNOWN);
            known.life = Some(answer.incarnation);
        }
        // What the server has by now stands somewhere up to the end of its log, whoever brought it.
        let is_there = |(seq, at): &&mut (u64, Position)| *at == UNKNOWN && *seq < chain.next;
        for (seq, at) in known.places.iter_mut().filter(is_there) {
            *at = answer.head;
            let place = Place {
                life: answer.incarnation,
                position: answer.head,
            };
            self.arrived.push((chain.epoch, *seq, place));
        }
    }

    /// What has to be kept of receipts that came, given how far the kept view goes.
    pub fn to_keep(&mut self, done: &[Acknowledged], shown: Cursor) -> Vec<(Epoch, Receipts)> {
        let mut all = Vec::new();
        for acknowledged in done {
            let receipts = self.receipts.entry(acknowledged.epoch).or_default();
            receipts.through = receipts.through.max(acknowledged.seq);
            let life = *receipts.life.get_or_insert(acknowledged.life);
            receipts.places.retain(|(_, position)| {
                let position = *position;
                position == UNKNOWN || !Place { life, position }.is_shown_at(shown)
            });
            for (epoch, seq, place) in &self.arrived {
                if *epoch != acknowledged.epoch {
                    continue;
                }
                // A restored server gives events it had lost other places.
                match receipts.places.iter_mut().find(|(known, _)| known == seq) {
                    Some(_) if mutated("own_keeps_a_place_of_another_life") => {}
                    Some((_, known)) => *known = place.position,
                    None if mutated("own_keeps_no_places") => {}
                    None => receipts.places.push((*seq, place.position)),
                }
            }
            all.push((acknowledged.epoch, receipts.clone()));
        }
        all
    }

    /// Tells the replica the places whose receipts are kept now.
    pub fn kept(&mut self, replica: &mut Replica) {
        for (epoch, seq, place) in self.arrived.drain(..) {
            if mutated("own_tells_no_places") {
                continue;
            }
            replica.placed(epoch, seq, place);
        }
    }
}

#[cfg(test)]
mod tests;
