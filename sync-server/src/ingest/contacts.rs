//! When devices were last heard of.
//!
//! In: each request that a device has proven to be its own. Out: a note, to the minute. Must not: have a request wait for
//! it, or write for each.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::DeviceId;

use super::{Shop, lock};
use crate::clock;
use crate::log::contact_name;

/// Milliseconds between two notes about a device.
const NOTED_EVERY: i64 = 60_000;

/// When each device was last noted.
#[derive(Debug, Default)]
pub(super) struct Contacts(Mutex<BTreeMap<DeviceId, i64>>);

impl Shop {
    /// A device was heard of.
    pub(crate) fn heard_of(&self, device: DeviceId) {
        let now = clock::now_ms();
        let mut noted = lock(&self.inner.contacts.0);
        let known = noted.get(&device).copied();
        // A clock that was set back is noted too.
        if known.is_some_and(|known| (known..known + NOTED_EVERY).contains(&now)) {
            return;
        }
        noted.insert(device, now);
        drop(noted);
        let shop = self.clone();
        tokio::spawn(async move {
            let note = move |work: &mut super::Work| {
                work.log()
                    .set_meta(&contact_name(device), &now.to_be_bytes())
            };
            if let Err(error) = shop.change(0, note).await {
                tracing::warn!(%error, "that a device was heard of could not be noted");
            }
        });
    }
}
