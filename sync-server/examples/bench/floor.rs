//! The least anybody could do with queues: check each signature, put the bytes on the disk.
//!
//! In: events and the keys they are signed with. Out: the time it took. Must not: know what an event says.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::event::SignedEvent;
use domain::sync::message::PUSH_EVENTS_MAX;
use ed25519_dalek::{Signature, VerifyingKey};
use rusqlite::Connection;

/// Verifies and inserts in batches of a push, each a transaction that is on the disk before the next.
pub(crate) fn run(
    folder: &Path,
    queues: &[(VerifyingKey, &[SignedEvent])],
) -> anyhow::Result<Duration> {
    let path = folder.join("floor.sqlite");
    drop(std::fs::remove_file(&path));
    let mut file = Connection::open(&path)?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "FULL")?;
    file.execute_batch(
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, bytes BLOB, signature BLOB) STRICT",
    )?;
    let begun = Instant::now();
    let mut seq = 0_i64;
    let batches = queues.iter().flat_map(|(key, queue)| {
        let batches = queue.chunks(PUSH_EVENTS_MAX);
        batches.map(move |batch| (key, batch))
    });
    for (key, batch) in batches {
        let transaction = file.transaction()?;
        {
            let mut insert = transaction.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3)")?;
            for event in batch {
                let signature = Signature::from_slice(&event.signature)?;
                key.verify_strict(&event.hash().0, &signature)?;
                insert.execute((seq, &event.bytes, &event.signature))?;
                seq += 1;
            }
        }
        transaction.commit()?;
    }
    Ok(begun.elapsed())
}
