//! What could not be given a place in its chain, kept whole.
//!
//! In: bytes and why. Out: how many there are. Must not: drop a byte.

use domain::event::{SignedEvent, encode};
use domain::id::Hash;
use domain::sync::message::QuarantineReason;

use super::event::ChainKey;
use super::{Failed, Log, number, stored};

impl Log {
    /// Keeps an event aside; the same one again is kept once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_aside(
        &self,
        chain: ChainKey,
        seq: u64,
        event: &SignedEvent,
        hash: Hash,
        reason: QuarantineReason,
        recorded_at: i64,
    ) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO quarantine
                (device, epoch, seq, hash, reason, recorded_at, bytes, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        statement.execute((
            chain.device.0,
            chain.epoch.0,
            stored(seq),
            hash.0,
            encode(&reason),
            recorded_at,
            &event.bytes,
            &event.signature,
        ))?;
        Ok(())
    }

    /// How many are kept aside.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn aside(&self) -> Result<u64, Failed> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM quarantine")?
            .query_row((), |row| row.get(0))?;
        number(count)
    }
}
