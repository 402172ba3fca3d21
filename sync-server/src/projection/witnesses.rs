//! Which device has seen how much of the log: the newest head each has co-signed.
//!
//! In: the devices, the sheets that are kept. Out: a size for each device. Must not: count a sheet of a life that is
//! over; it says nothing about this log.

use domain::facility::Device;
use domain::sync::server::head::witnessed;

use crate::ingest::{Shop, Unavailable};

/// A device, and up to where it vouches for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessedBy {
    /// The device.
    pub device: Device,
    /// Events under the newest head it has co-signed; `None` when it has co-signed none.
    pub size: Option<u64>,
}

impl Shop {
    /// The devices in use, and up to where each vouches for the log.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn witnesses(&self) -> Result<Vec<WitnessedBy>, Unavailable> {
        let origin = self.identity().origin();
        let directory = self.directory();
        let devices = directory.devices.values();
        let in_use = devices.filter(|device| device.active && !device.is_server);
        let in_use: Vec<Device> = in_use.cloned().collect();
        self.ask(move |log| {
            let seen = |device: Device| {
                let note = witnessed(log, origin, device.id)?;
                let size = note.map(|note| note.checkpoint().size);
                Ok(WitnessedBy { device, size })
            };
            in_use.into_iter().map(seen).collect()
        })
        .await
    }
}
