//! What was acknowledged, written down outside the server: on the disk before it counts.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use domain::id::{DeviceId, Epoch, Hash, Position};
use domain::sync::message::{Outcome, PushAnswer};
use rusqlite::{Connection, OpenFlags};

/// An event the server has said it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acked {
    pub(crate) device: DeviceId,
    pub(crate) epoch: Epoch,
    pub(crate) seq: u64,
    pub(crate) position: Position,
    pub(crate) hash: Hash,
}

/// The receipts of an answer; none of them may say that the event was kept aside.
pub(crate) fn receipts(answer: &PushAnswer) -> Vec<Acked> {
    let mut acked = Vec::new();
    for chain in &answer.chains {
        for receipt in &chain.receipts {
            assert!(
                !matches!(receipt.outcome, Outcome::Quarantined(_)),
                "{receipt:?}"
            );
            acked.push(Acked {
                device: chain.device,
                epoch: chain.epoch,
                seq: receipt.seq,
                position: receipt.position,
                hash: receipt.hash,
            });
        }
    }
    acked
}

pub(crate) struct Journal {
    file: File,
    pub(crate) entries: Vec<Acked>,
}

impl Journal {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            file: File::create(path).unwrap(),
            entries: Vec::new(),
        }
    }

    /// Counts only what has lasted.
    pub(crate) fn write(&mut self, acked: &[Acked]) {
        for one in acked {
            writeln!(self.file, "{one:?}").unwrap();
        }
        self.file.sync_data().unwrap();
        self.entries.extend_from_slice(acked);
    }

    /// Looks each of them up in the shop's file, without any code of the server's. Gives back how many events the
    /// log has; no place in it may be empty.
    pub(crate) fn check(&self, database: &Path) -> i64 {
        let log = open(database);
        let sound: String = log
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
        let mut find = log
            .prepare("SELECT device, epoch, seq, hash FROM event WHERE position = ?1")
            .unwrap();
        for acked in &self.entries {
            let found: ([u8; 16], [u8; 16], i64, [u8; 32]) = find
                .query_row([file_number(acked.position.0)], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .unwrap_or_else(|error| panic!("{acked:?}: {error}"));
            let seq = file_number(acked.seq);
            let expected = (acked.device.0, acked.epoch.0, seq, acked.hash.0);
            assert_eq!(found, expected, "{acked:?}");
        }
        let (count, newest): (i64, i64) = log
            .query_row("SELECT count(*), max(position) FROM event", (), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(count, newest, "a place is empty");
        count
    }
}

/// A number as the file keeps it.
fn file_number(number: u64) -> i64 {
    i64::try_from(number).unwrap()
}

/// The shop's file, beside whoever has it open.
pub(crate) fn open(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// How often the log has this event.
pub(crate) fn times(log: &Connection, hash: Hash) -> i64 {
    log.query_row(
        "SELECT count(*) FROM event WHERE hash = ?1",
        [hash.0],
        |row| row.get(0),
    )
    .unwrap()
}
