//! Who is who in the shop, for those who only need to know that.
//!
//! In: the ledger after a commit. Out: devices, people, the shop. Must not: be older than the last answer.

use std::collections::BTreeMap;

use domain::facility::{Actor, Device, Right, Store};
use domain::id::{ActorId, DeviceId};
use domain::ledger::Ledger;

/// Devices, people and the shop itself.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The shop.
    pub store: Option<Store>,
    /// Devices, also revoked ones.
    pub devices: BTreeMap<DeviceId, Device>,
    /// People, also former ones.
    pub actors: BTreeMap<ActorId, Actor>,
}

impl Directory {
    pub(super) fn of(ledger: &Ledger) -> Self {
        Self {
            store: ledger.store().cloned(),
            devices: ledger.devices.clone(),
            actors: ledger.actors.clone(),
        }
    }

    /// Whether a person works here now and may do something.
    #[must_use]
    pub fn may(&self, actor: ActorId, right: Right) -> bool {
        self.actors
            .get(&actor)
            .is_some_and(|actor| actor.active && actor.role.may(right))
    }

    /// The shop's time zone; UTC before it is set up.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        self.store
            .as_ref()
            .map_or("UTC", |store| store.time_zone.as_str())
    }
}
