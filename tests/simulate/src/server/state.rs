//! What is on record, asked by whoever looks at this world from outside.
//!
//! In: the log. Out: answers. Must not: change anything.

use std::collections::BTreeSet;

use domain::facility::Device;
use domain::id::{DeviceId, OrderId, Position};
use domain::ledger::{EntityKind, Ledger};
use domain::sync::scope::Scope;
use domain::sync::server::log::Log as _;

use super::Server;

impl Server {
    /// The orders whose customers devices may see: of those still open.
    #[must_use]
    pub fn customers(&self) -> BTreeSet<OrderId> {
        let shown = self.log.look(|content| content.customers());
        let open = self.log.look_at_state(|ledger| {
            let is_open = |order: &OrderId| {
                let order = ledger.orders.get(order);
                order.is_some_and(|order| !order.status.is_closed())
            };
            shown.into_iter().filter(is_open).collect()
        });
        open.unwrap_or_default()
    }

    /// The newest place.
    #[must_use]
    pub fn head(&self) -> Position {
        self.log.head().unwrap_or_default()
    }

    /// The state, as the log has it.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.log.load_ledger().unwrap_or_default()
    }

    /// A device as the directory has it.
    #[must_use]
    pub fn device(&self, device: DeviceId) -> Option<Device> {
        self.log
            .look(|content| content.row(EntityKind::Device, &device))
    }

    /// What a device may see. Whom a restored server no longer knows it treats as a device of the shop, save for drivers'
    /// phones, which get no answer before.
    #[must_use]
    pub fn scope_of(&self, device: DeviceId) -> Scope {
        let known = self.device(device);
        known.map_or(Scope::Everything, |device| Scope::of(&device))
    }

    /// Whether a device is enrolled here.
    #[must_use]
    pub fn knows(&self, device: DeviceId) -> bool {
        self.log
            .look(|content| content.has(EntityKind::Device, &device))
    }

    /// Whether an order is on record.
    #[must_use]
    pub fn has_order(&self, order: OrderId) -> bool {
        self.log
            .look(|content| content.has(EntityKind::Order, &order))
    }
}
