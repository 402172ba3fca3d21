//! What a driver's phone gets, against what is its own.
//!
//! In: a state, a phone. Out: the part of the state that is the phone's, put together by hand; the first row of an answer
//! that is of another route. Must not: ask the rules of the protocol's scope.

use domain::custody::claim::Lease;
use domain::facility::Device;
use domain::id::{DeviceId, OrderId};
use domain::ledger::{EntityKind, Ledger};
use domain::order::{Order, Status};
use domain::stock::Place;
use domain::sync::server::view::Read;

use crate::server::Reading;
use crate::shop::{self, SERVER};
use crate::world::World;

/// The leases under which a phone has an order that is still to be brought, or brought back.
fn leases<'a>(
    ledger: &'a Ledger,
    phone: &'a Device,
    order: &'a Order,
) -> impl Iterator<Item = &'a Lease> {
    let is_under_way = match order.status {
        Status::HandedOver | Status::Returned => false,
        Status::Cancelled => !order.picks.is_empty(),
        _ => true,
    };
    let own = ledger.leases.values().filter(move |lease| {
        is_under_way && lease.device == phone.id && lease.generation == phone.generation
    });
    own.filter(move |lease| {
        let is_claimed = order
            .claim
            .as_ref()
            .is_some_and(|claim| claim.device == phone.id && claim.lease == Some(lease.id));
        let granted = lease.hand_off.iter().flatten();
        is_claimed || granted.into_iter().any(|granted| *granted == order.id)
    })
}

/// What a phone has of a state.
pub(super) fn expected(ledger: &Ledger, phone: &Device) -> Ledger {
    let mut seen = Ledger::default();
    seen.stores = ledger.stores.clone();
    // How the vault is laid out is no driver's business.
    for store in seen.stores.values_mut() {
        store.vault = None;
        store.drawings = None;
    }
    seen.actors = ledger.actors.clone();
    seen.devices = ledger.devices.clone();
    seen.devices
        .retain(|id, _| *id == SERVER || *id == phone.id);
    for (id, order) in &ledger.orders {
        for lease in leases(ledger, phone, order) {
            seen.orders.insert(*id, order.clone());
            seen.leases.insert(lease.id, lease.clone());
        }
    }
    let is_ours = |order: &OrderId| seen.orders.contains_key(order);
    for order in seen.orders.values() {
        let picked = order.picks.iter().map(|pick| &pick.tag);
        let lines = order.lines.iter();
        let promised = lines.flat_map(|line| line.allocations.iter().map(|promise| &promise.tag));
        for tag in picked.chain(promised) {
            let Some(mut package) = ledger.packages.get(tag).cloned() else {
                continue;
            };
            package.places.retain(|(place, _)| match place {
                Place::Tote(of) | Place::Bag(of) | Place::Slot(_, of) | Place::Vehicle(of) => {
                    is_ours(of)
                }
                _ => true,
            });
            seen.packages.insert(tag.clone(), package);
        }
        for exception in ledger.exceptions.values() {
            if exception.concerns(ledger, order) {
                let mut exception = exception.clone();
                exception.order = exception.order.filter(is_ours);
                if let Some(orders) = &mut exception.orders {
                    orders.retain(is_ours);
                }
                seen.exceptions.insert(exception.number, exception);
            }
        }
    }
    let lines = seen.orders.values().flat_map(|order| &order.lines);
    let ordered = lines.map(|line| line.item);
    let packed = seen.packages.values().map(|package| package.item);
    for item in ordered.chain(packed) {
        if let Some(known) = ledger.items.get(&item) {
            seen.items.insert(item, known.clone());
        }
    }
    seen
}

impl World {
    /// What a device has of a state, when it is a driver's phone.
    pub(super) fn trip_of(&self, device: DeviceId, ledger: &Ledger) -> Option<Ledger> {
        let phone = ledger.devices.get(&device);
        let phone = phone.filter(|phone| shop::is_phone(phone.id))?;
        Some(expected(ledger, phone))
    }

    /// What a driver's phone has at a moment.
    pub(crate) fn trip_at(&self, reading: Reading, phone: &Device) -> Ledger {
        let moment = self.server.moment(reading);
        let trip = moment.look_at_state(|ledger| expected(ledger, phone));
        trip.unwrap_or_default()
    }

    /// Whatever is sent to a driver's phone is of its trip, and nothing in it names another.
    pub(crate) fn brings(&mut self, trip: &Ledger, read: &Read) {
        let Read::Page(page) = read else {
            return self.blame(Err(
                "a driver's phone is to begin with a snapshot".to_owned()
            ));
        };
        let is_own =
            |order: Option<OrderId>| order.is_some_and(|one| trip.orders.contains_key(&one));
        let strange = page.rows.iter().find(|row| match row.key.kind {
            EntityKind::Customer => !is_own(minicbor::decode(&row.key.id).ok()),
            _ => row.bytes.is_none() || trip.bytes(&row.key) != row.bytes,
        });
        if let Some(row) = strange {
            let key = &row.key;
            self.blame(Err(format!("not for a driver's phone: {key:?}")));
        }
    }
}
