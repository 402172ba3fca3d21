//! The server's end of the protocol, as small as it can be: chains, positions, receipts, pages.
//!
//! It may be set back to an earlier day, as a shop's server that is restored from a backup.

use std::collections::BTreeMap;

use domain::event::{Envelope, encode};
use domain::id::{DeviceId, Epoch, Hash, Position, StoreId};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::{
    ChainAnswer, ChainPart, Cursor, Incarnation, Outcome, PullAnswer, Push, PushAnswer, Receipt,
    Row, VIEW_SCHEMA,
};

/// Rows in a page: few, so that most pulls take several.
const ROWS_MAX: usize = 5;

pub type ChainName = (DeviceId, Epoch);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub chain: ChainName,
    pub seq: u64,
    pub hash: Hash,
}

#[derive(Clone, Debug, Default)]
pub struct Server {
    life: u8,
    /// The log; the first entry has position 1.
    pub log: Vec<Entry>,
    chains: BTreeMap<ChainName, Vec<(Hash, Position)>>,
    /// Events that came although the server had them.
    pub sent_again: usize,
    /// Events lost when it was set back.
    pub lost: usize,
}

impl Server {
    pub fn incarnation(&self) -> Incarnation {
        Incarnation([self.life + 1; 16])
    }

    pub fn head(&self) -> Position {
        Position(u64::try_from(self.log.len()).unwrap())
    }

    /// Loses all but the first entries. A restored backup begins a new life of the log.
    pub fn set_back(&mut self, entries: usize) {
        self.lost += self.log.len() - entries;
        self.log.truncate(entries);
        self.life += 1;
        let head = self.head();
        for chain in self.chains.values_mut() {
            chain.retain(|(_, position)| *position <= head);
        }
    }

    pub fn push(&mut self, push: &Push) -> PushAnswer {
        let chains = push.chains.iter().map(|part| self.take(part)).collect();
        PushAnswer {
            store: StoreId::default(),
            incarnation: self.incarnation(),
            chains,
            head: self.head(),
            server_wall: 0,
        }
    }

    fn take(&mut self, part: &ChainPart) -> ChainAnswer {
        let name = (part.device, part.epoch);
        let mut receipts = Vec::new();
        for (seq, event) in (part.from..).zip(&part.events) {
            let known = self.chains.entry(name).or_default();
            let hash = event.hash();
            let next = u64::try_from(known.len()).unwrap();
            if seq > next {
                break;
            }
            if let Some((there, position)) = known.get(usize::try_from(seq).unwrap()) {
                assert_eq!(*there, hash, "two events for one place");
                receipts.push(receipt(seq, *position, hash));
                self.sent_again += 1;
                continue;
            }
            let envelope = Envelope::parse(&event.bytes).unwrap();
            assert_eq!(
                (envelope.device, envelope.epoch, envelope.seq),
                (name.0, name.1, seq)
            );
            let last = known.last().map_or(Hash::default(), |(hash, _)| *hash);
            assert_eq!(envelope.prev, last, "a link is broken");
            let position = self.head().next();
            self.chains.entry(name).or_default().push((hash, position));
            self.log.push(Entry {
                chain: name,
                seq,
                hash,
            });
            receipts.push(receipt(seq, position, hash));
        }
        let known = self.chains.entry(name).or_default();
        ChainAnswer {
            device: part.device,
            epoch: part.epoch,
            next: u64::try_from(known.len()).unwrap(),
            head: known.last().map_or(Hash::default(), |(hash, _)| *hash),
            receipts,
        }
    }

    pub fn pull(&self, from: Cursor) -> PullAnswer {
        let knows = from.incarnation == self.incarnation()
            && from.position <= self.head()
            && from.schema == VIEW_SCHEMA;
        let after = if knows { from.position.0 } else { 0 };
        let rest = &self.log[usize::try_from(after).unwrap()..];
        let more = rest.len() > ROWS_MAX;
        let rows: Vec<Row> = (after + 1..)
            .zip(rest.iter().take(ROWS_MAX))
            .map(|(position, entry)| row(entry, Position(position)))
            .collect();
        let reached = rows.last().map_or(Position(after), |row| row.changed);
        PullAnswer {
            from,
            next: Cursor {
                incarnation: self.incarnation(),
                position: reached,
                schema: VIEW_SCHEMA,
            },
            more,
            reset: !knows,
            rows,
            server_wall: 0,
        }
    }

    /// The view every device should come to: one row per event.
    pub fn view(&self) -> BTreeMap<EntityKey, Position> {
        (1..)
            .zip(&self.log)
            .map(|(position, entry)| (row(entry, Position(position)).key, Position(position)))
            .collect()
    }
}

fn receipt(seq: u64, position: Position, hash: Hash) -> Receipt {
    Receipt {
        seq,
        position,
        outcome: Outcome::Applied,
        hash,
    }
}

fn row(entry: &Entry, changed: Position) -> Row {
    let (device, epoch) = entry.chain;
    Row {
        key: EntityKey {
            kind: EntityKind::Exception,
            id: encode(&(device, epoch, entry.seq)),
        },
        changed,
        bytes: Some(entry.hash.0.to_vec()),
    }
}
