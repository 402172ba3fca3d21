//! What is gone is forgotten once everybody knows.
//!
//! In: how far devices have read. Out: fewer words about what is not there any more. Must not: forget what an enrolled
//! device has not been told, or before its time; a reader from before begins its view anew.

use std::collections::BTreeMap;

use crate::facility::Device;
use crate::id::{DeviceId, Position};
use crate::mutated;
use crate::sync::message::Cursor;
use crate::sync::scope::Scope;
use crate::sync::server::Outside;
use crate::sync::server::log::Log;
use crate::sync::server::writer::Writer;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Notes how far a device has read, by its own word. The cursor is of this life of the log.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note_reader(&mut self, device: DeviceId, cursor: Cursor) -> Result<(), L::Failed> {
        let read = cursor.position.min(self.head());
        let is_known = |of: &BTreeMap<DeviceId, Position>| of.get(&device) == Some(&read);
        if !self.ledger().devices.contains_key(&device) || is_known(&self.log().readers()?) {
            return Ok(());
        }
        self.log().put_reader(device, read)
    }

    /// Forgets some of what went at least `age` milliseconds ago and what every active device has been told of, at most
    /// so many. A device that has never said how far it read has been told of nothing. Returns how many.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn sweep(&mut self, age: i64, limit: usize) -> Result<usize, L::Failed> {
        let readers = self.log().readers()?;
        let devices = self.ledger().devices.values();
        // A driver's phone is not told what is gone; it gets its trip whole.
        let is_told = |device: &&Device| {
            device.active && !device.is_server && Scope::of(device) == Scope::Everything
        };
        let active = devices.filter(is_told);
        let read = active.map(|device| readers.get(&device.id).copied().unwrap_or_default());
        let read = match mutated("sweep_waits_for_nobody") {
            true => self.head(),
            false => read.min().unwrap_or(self.head()),
        };
        let mut gone = self.log().gone(read, limit)?;
        let latest = self.now().saturating_sub(age);
        let mut old = 0;
        for (_, position) in &gone {
            let before = Position(position.0.saturating_sub(1));
            let event = self.log().logged_after(before, 1)?.pop();
            let is_old = event.is_some_and(|event| event.recorded.recorded_at <= latest);
            if !is_old && !mutated("sweep_forgets_at_once") {
                break;
            }
            old += 1;
        }
        gone.truncate(old);
        if !gone.is_empty() {
            self.log().forget(&gone)?;
        }
        Ok(gone.len())
    }
}
