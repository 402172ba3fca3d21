//! What changed about people, devices, passkeys, secrets and tokens, and when each device was last heard of.
//!
//! In: the log, notes of contacts. Out: the newest changes. Must not: say that a device was heard of that only named
//! itself; a contact is a request with its signature.

use domain::id::DeviceId;
use domain::sync::register::{CHANGES_MAX, Contact, Register};

use crate::ingest::{Shop, Unavailable};
use crate::log::{Failed, array, contact_name};

impl Shop {
    /// The newest changes.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn register(&self) -> Result<Register, Unavailable> {
        let directory = self.directory();
        let devices = directory.devices.values();
        let devices: Vec<DeviceId> = devices
            .filter(|device| !device.is_server)
            .map(|device| device.id)
            .collect();
        self.ask(move |log| {
            let mut facts = log.register(CHANGES_MAX + 1)?;
            let more = facts.len() > CHANGES_MAX;
            facts.truncate(CHANGES_MAX);
            let mut contacts = Vec::new();
            for device in devices {
                let noted = log.meta(&contact_name(device))?;
                let at = noted.map(|bytes| Ok::<_, Failed>(i64::from_be_bytes(array(&bytes)?)));
                contacts.extend(at.transpose()?.map(|at| Contact { device, at }));
            }
            Ok(Register {
                facts,
                more,
                contacts,
            })
        })
        .await
    }
}
