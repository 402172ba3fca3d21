//! This device's own acts as a file for a carrier.
//!
//! In: what waits to be sent, or all the storage has. Out: a lifeboat. Must not: change or forget anything; the
//! device goes on sending its acts itself.

use domain::sync::device::OutboxEntry;
use domain::sync::device::store::Store as _;
use domain::sync::lifeboat::{Lifeboat, acted_at};
use leptos::prelude::Get as _;

use crate::device::Device;
use crate::platform::clock;
use crate::store::idb::StoreFailed;

/// Minutes after which an act that nobody else sees is late. The next picker plans with stock that is gone; in half an
/// hour an order can be promised from it.
pub const UNSENT_LATE_MIN: u64 = 30;
/// Minutes after which it is an alarm: half a shift's work stands on one tablet alone.
pub const UNSENT_ALARM_MIN: u64 = 240;

impl Device {
    /// Whole minutes since the oldest act that is not sent, by the clock it was written with; none when all is sent.
    #[must_use]
    pub fn unsent_minutes(&self) -> Option<u64> {
        let _counted = self.report.get().unsent;
        let machine = self.machine.borrow();
        let walls = machine.waiting().map(|entry| acted_at(&entry.event));
        let oldest = walls.flatten().min()?;
        Some(u64::try_from(clock::wall().saturating_sub(oldest) / 60_000).unwrap_or(0))
    }

    /// What is not sent as a lifeboat. It comes from the memory, so that it can be had also when the storage fails.
    #[must_use]
    pub fn lifeboat(&self) -> Option<Lifeboat> {
        let acts: Vec<OutboxEntry> = self.machine.borrow().waiting().cloned().collect();
        self.boat_of(acts)
    }

    /// All acts this device still has as a lifeboat: the last weeks', sent or not.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn whole_lifeboat(&self) -> Result<Option<Lifeboat>, StoreFailed> {
        let mut acts = Vec::new();
        for chain in self.core.chains().await? {
            acts.extend(self.core.events(chain.epoch, 0).await?);
        }
        Ok(self.boat_of(acts))
    }

    fn boat_of(&self, acts: Vec<OutboxEntry>) -> Option<Lifeboat> {
        let own = self.certificate().filter(|_| !acts.is_empty())?;
        let boat = Lifeboat::of(own.store, own.device.id, clock::wall(), acts);
        Some(boat.named(&own.device.name))
    }
}
