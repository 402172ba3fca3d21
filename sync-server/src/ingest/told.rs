//! What devices were told: the snapshot at hand, and how far each has read.
//!
//! In: cursors of readers. Out: notes for the writer, now and then. Must not: have every reader wait for the writer.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::{DeviceId, Position};
use domain::sync::message::Cursor;
use domain::sync::server::snapshot::Limits;

use super::{Shop, lock};
use crate::projection::snapshot::Newest;

/// Changes a device reads before that is noted again. What is gone is told for months; a note that is behind only keeps
/// it longer.
const NOTED_EVERY: u64 = 500;

/// What is known of readers.
#[derive(Debug, Default)]
pub(super) struct Told {
    newest: tokio::sync::Mutex<Option<Newest>>,
    limits: Mutex<Limits>,
    noted: Mutex<BTreeMap<DeviceId, Position>>,
}

impl Shop {
    /// The snapshot that was given out last.
    pub(crate) fn newest_snapshot(&self) -> &tokio::sync::Mutex<Option<Newest>> {
        &self.inner.told.newest
    }

    /// When readers get a snapshot, and how it is cut.
    #[must_use]
    pub fn snapshot_limits(&self) -> Limits {
        *lock(&self.inner.told.limits)
    }

    /// Says when readers get a snapshot, and how it is cut.
    pub fn set_snapshot_limits(&self, limits: Limits) {
        *lock(&self.inner.told.limits) = limits;
    }

    /// Notes how far a device has read, when that is worth a transaction.
    pub(crate) fn heard_from(&self, device: DeviceId, cursor: Cursor) {
        if cursor.incarnation != self.inner.identity.incarnation {
            return;
        }
        let mut noted = lock(&self.inner.told.noted);
        let known = noted.get(&device).map(|known| known.0);
        let is_due = known.is_none_or(|known| cursor.position.0 >= known + NOTED_EVERY);
        if !is_due {
            return;
        }
        noted.insert(device, cursor.position);
        drop(noted);
        let shop = self.clone();
        tokio::spawn(async move {
            let done = shop
                .change(0, move |work| work.writer().note_reader(device, cursor))
                .await;
            if let Err(error) = done {
                tracing::warn!(%error, "how far a device has read could not be noted");
            }
        });
    }
}
