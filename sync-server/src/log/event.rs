//! The facts in the order they were recorded, and where each chain stands.
//!
//! In: events with a place. Out: receipts, chains, links. Must not: change or remove a row, ever.

use domain::event::SignedEvent;
use domain::id::{DeviceId, Epoch, EventId, Hash, OrderId, PackageTag, Position};
use domain::sync::message::{Outcome, Receipt, Recorded};
use rusqlite::{OptionalExtension as _, Row};

use super::{Failed, Log, number, stored};

/// Kinds of subject. The numbers stand in the file.
const SUBJECT_ORDER: i64 = 1;
const SUBJECT_PACKAGE: i64 = 2;

/// Names one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainKey {
    /// The device that signs.
    pub device: DeviceId,
    /// One start of its writer.
    pub epoch: Epoch,
}

/// Where a chain stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// The number expected next.
    pub next: u64,
    /// Hash of the last event; zeros when there is none.
    pub hash: Hash,
}

/// An event to be given a place.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Its place.
    pub position: Position,
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
    /// Identifier, kind and version, when it is an envelope.
    pub label: Option<(EventId, u16, u16)>,
    /// The server's clock.
    pub recorded_at: i64,
    /// What was signed, and the signature.
    pub event: &'a SignedEvent,
    /// Hash of what was signed.
    pub hash: Hash,
    /// What became of it.
    pub outcome: &'a Outcome,
}

impl Log {
    /// The newest place.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn head(&self) -> Result<Position, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT coalesce(max(position), 0) FROM event")?;
        let newest: i64 = statement.query_row((), |row| row.get(0))?;
        Ok(Position(number(newest)?))
    }

    /// Where a chain stands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT next, head FROM chain WHERE device = ?1 AND epoch = ?2")?;
        let found: Option<(i64, [u8; 32])> = statement
            .query_row((chain.device.0, chain.epoch.0), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match found {
            None => Ok(ChainHead::default()),
            Some((next, head)) => Ok(ChainHead {
                next: number(next)?,
                hash: Hash(head),
            }),
        }
    }

    /// The chain of a device that was written to last, with its last number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_chain(&self, device: DeviceId) -> Result<Option<(Epoch, u64, Hash)>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT epoch, next - 1, head FROM chain WHERE device = ?1 AND next > 0
             ORDER BY (SELECT position FROM event
                       WHERE event.device = chain.device AND event.epoch = chain.epoch
                         AND event.seq = chain.next - 1) DESC
             LIMIT 1",
        )?;
        let found: Option<([u8; 16], i64, [u8; 32])> = statement
            .query_row([device.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(epoch, seq, head)| Ok((Epoch(epoch), number(seq)?, Hash(head))))
            .transpose()
    }

    /// Gives an event its place and moves its chain on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn append(&self, new: &NewEvent<'_>) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO event (position, device, epoch, seq, event_id, kind, version,
                                recorded_at, bytes, signature, hash, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute((
            stored(new.position.0),
            new.chain.device.0,
            new.chain.epoch.0,
            stored(new.seq),
            new.label.map(|(id, _, _)| id.0),
            new.label.map(|(_, kind, _)| kind),
            new.label.map(|(_, _, version)| version),
            new.recorded_at,
            &new.event.bytes,
            &new.event.signature,
            new.hash.0,
            domain::event::encode(new.outcome),
        ))?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO chain (device, epoch, next, head) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, epoch) DO UPDATE SET next = excluded.next, head = excluded.head",
        )?;
        statement.execute((
            new.chain.device.0,
            new.chain.epoch.0,
            stored(new.seq + 1),
            new.hash.0,
        ))?;
        Ok(())
    }

    /// The receipt of the event at a place in a chain, with the hash of what stands there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, outcome, hash FROM event
             WHERE device = ?1 AND epoch = ?2 AND seq = ?3",
        )?;
        let found: Option<(i64, Vec<u8>, [u8; 32])> = statement
            .query_row((chain.device.0, chain.epoch.0, stored(seq)), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(position, outcome, hash)| {
                Ok(Receipt {
                    seq,
                    position: Position(number(position)?),
                    outcome: outcome_of(&outcome)?,
                    hash: Hash(hash),
                })
            })
            .transpose()
    }

    /// Notes which orders and packages an event is about.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO subject (kind, id, position) VALUES (?1, ?2, ?3)",
        )?;
        for order in orders {
            statement.execute((SUBJECT_ORDER, order.0, stored(position.0)))?;
        }
        for tag in tags {
            let tag = tag.as_str().as_bytes();
            statement.execute((SUBJECT_PACKAGE, tag, stored(position.0)))?;
        }
        Ok(())
    }

    /// Where the events about an order stand, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn events_about(&self, order: OrderId, limit: usize) -> Result<Vec<Place>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT event.position, device, epoch, seq FROM subject
             JOIN event ON event.position = subject.position
             WHERE subject.kind = ?1 AND subject.id = ?2
             ORDER BY event.position LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((SUBJECT_ORDER, order.0, limit))?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            places.push(Place {
                position: Position(number(row.get(0)?)?),
                chain: ChainKey {
                    device: DeviceId(row.get(1)?),
                    epoch: Epoch(row.get(2)?),
                },
                seq: number(row.get(3)?)?,
            });
        }
        Ok(places)
    }

    /// A stretch of a chain, both ends included, at most so many events.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stretch(
        &self,
        chain: ChainKey,
        first: u64,
        last: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE device = ?1 AND epoch = ?2 AND seq BETWEEN ?3 AND ?4
             ORDER BY seq LIMIT ?5",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((
            chain.device.0,
            chain.epoch.0,
            stored(first),
            stored(last),
            limit,
        ))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(recorded(row)?);
        }
        Ok(events)
    }

    /// The event at a place.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn at(&self, position: Position) -> Result<Option<Recorded>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE position = ?1",
        )?;
        let mut rows = statement.query([stored(position.0)])?;
        rows.next()?.map(recorded).transpose()
    }
}

/// Where an event stands, in the log and in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In the log.
    pub position: Position,
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
}

fn recorded(row: &Row<'_>) -> Result<Recorded, Failed> {
    Ok(Recorded {
        position: Position(number(row.get(0)?)?),
        recorded_at: row.get(1)?,
        event: SignedEvent {
            bytes: row.get(2)?,
            signature: row.get(3)?,
        },
        outcome: outcome_of(&row.get::<_, Vec<u8>>(4)?)?,
        subject: false,
    })
}

fn outcome_of(bytes: &[u8]) -> Result<Outcome, Failed> {
    minicbor::decode(bytes).map_err(|_| Failed::Damaged("an outcome"))
}
