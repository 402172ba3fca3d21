//! What a device may see of the shop.
//!
//! In: a device as the directory has it, rows of one moment. Out: the rows it sees, as it sees them, and a hash that
//! tells one such choice of rows from another. Must not: let through what is of another route, or name another order in
//! what goes.
//!
//! A driver's phone leaves the shop, and may be lost on the way. It has the orders that were leased to it and are not
//! over, what belongs to them, and what its people need to sign in.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::custody::claim::Lease;
use crate::custody::exception::Exception;
use crate::event::encode;
use crate::facility::{Device, Purpose, Store};
use crate::id::{DeviceId, Hash, ItemId, OrderId, PackageTag};
use crate::ledger::{EntityKey, EntityKind, Ledger};
use crate::mutated;
use crate::order::{Order, Status};
use crate::stock::{Package, Place};
use crate::sync::message::Row;
use crate::sync::page::Sums;

/// Rises when the rules below change, so that a phone gets anew what they choose.
const RULES: u8 = 1;

/// The kinds in the order in which a trip is put together: what a choice depends on comes before it.
const KINDS: [EntityKind; 11] = [
    EntityKind::Store,
    EntityKind::Actor,
    EntityKind::Device,
    EntityKind::Lease,
    EntityKind::Order,
    EntityKind::Package,
    EntityKind::Item,
    EntityKind::Exception,
    EntityKind::Customer,
    EntityKind::Location,
    EntityKind::Slot,
];

/// Tells which rows a reader has, without naming them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ScopeHash(#[cbor(with = "minicbor::bytes")] pub [u8; 16]);

/// How much of the state a device has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it: a device of the shop.
    Everything,
    /// Its trip.
    Trip(Trip),
}

impl Scope {
    /// The scope of a device.
    #[must_use]
    pub fn of(device: &Device) -> Self {
        match device.purpose {
            None => Self::Everything,
            Some(purpose @ (Purpose::DriversPhone | Purpose::Newer(_))) => Self::Trip(Trip {
                device: device.id,
                generation: device.generation,
                purpose,
            }),
        }
    }
}

/// What was leased to one enrolment of a driver's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    device: DeviceId,
    generation: u32,
    purpose: Purpose,
}

/// What a phone sees at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The rows, by key, as the phone sees them.
    pub rows: Vec<Row>,
    /// Which rows these are.
    pub hash: ScopeHash,
}

impl Seen {
    /// Sums over the rows.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for row in &self.rows {
            sums.change(&row.key, None, row.bytes.as_deref());
        }
        sums
    }
}

/// Which keys of a kind can be of a trip.
enum Named {
    /// Any; the row itself says whether it is.
    Any,
    /// These identifiers.
    These(BTreeSet<Vec<u8>>),
    /// None.
    None,
}

impl Named {
    fn these<Id: Encode<()>>(ids: impl IntoIterator<Item = Id>) -> Self {
        Self::These(ids.into_iter().map(|id| encode(&id)).collect())
    }

    fn has(&self, key: &EntityKey) -> bool {
        match self {
            Self::Any => true,
            Self::These(ids) => ids.contains(&key.id),
            Self::None => false,
        }
    }
}

impl Trip {
    /// What the phone sees. `rows_of` gives the rows of a kind whose key is wanted, all of one moment.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn seen<E>(
        &self,
        rows_of: impl Fn(EntityKind, &dyn Fn(&EntityKey) -> bool) -> Result<Vec<Row>, E>,
    ) -> Result<Seen, E> {
        let mut ledger = Ledger::default();
        let mut rows = Vec::new();
        for kind in KINDS {
            let named = named(&ledger, kind);
            if matches!(named, Named::None) {
                continue;
            }
            for row in rows_of(kind, &|key| named.has(key))? {
                let Some(bytes) = self.sees(&ledger, &row) else {
                    continue;
                };
                // A row that was read a moment ago can be read again.
                let _read = ledger.put(&row.key, &bytes);
                rows.push(Row {
                    bytes: Some(bytes),
                    ..row
                });
            }
        }
        // Leases choose the orders; those that chose none have nothing to say any more.
        let needed = leases_of(&ledger);
        rows.retain(|row| row.key.kind != EntityKind::Lease || needed.contains(&row.key.id));
        rows.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        let hash = self.hash(&rows);
        Ok(Seen { rows, hash })
    }

    /// A row as the phone sees it, given what it sees of the kinds before; `None` when it does not. What cannot be read
    /// is not shown: nobody can say whose it is.
    fn sees(&self, ledger: &Ledger, row: &Row) -> Option<Vec<u8>> {
        let bytes = row.bytes.as_deref()?;
        let is_seen = match row.key.kind {
            EntityKind::Store => return store(bytes),
            EntityKind::Actor | EntityKind::Item | EntityKind::Customer => true,
            EntityKind::Location | EntityKind::Slot => false,
            EntityKind::Device => {
                let device: Device = read(bytes)?;
                device.is_server || device.id == self.device
            }
            EntityKind::Lease => {
                let lease: Lease = read(bytes)?;
                let is_today = lease.generation == self.generation;
                lease.device == self.device && (is_today || mutated("scope_outlives_its_enrolment"))
            }
            EntityKind::Order => self.has(ledger, &read(bytes)?),
            EntityKind::Package => return package(ledger, bytes),
            EntityKind::Exception => return exception(ledger, bytes),
        };
        is_seen.then(|| bytes.to_vec())
    }

    /// Whether an order is of the trip: leased to the phone by the server, to be worked or to be handed over, and not over.
    /// A claim without a lease is the phone's own word, and opens nothing. A cancelled order stays while its goods are
    /// still to be brought back.
    fn has(&self, ledger: &Ledger, order: &Order) -> bool {
        let is_claimed = order.claim.as_ref().is_some_and(|claim| {
            let lease = claim.lease.and_then(|lease| ledger.leases.get(&lease));
            claim.device == self.device && lease.is_some()
        });
        let mut leases = ledger.leases.values();
        let is_leased = is_claimed || leases.any(|lease| lease.may_hand_off(order.id));
        let is_on_the_way = !order.picks.is_empty() && order.status == Status::Cancelled;
        let is_over = order.status.is_closed() && !is_on_the_way;
        (is_leased || mutated("scope_shows_every_order")) && !is_over
    }

    fn hash(&self, rows: &[Row]) -> ScopeHash {
        let keys: Vec<&EntityKey> = rows.iter().map(|row| &row.key).collect();
        let purpose = self.purpose.number().to_be_bytes();
        let parts: [&[u8]; 5] = [
            b"custody-scope-1\n",
            &[RULES],
            &purpose,
            &self.device.0,
            &encode(&keys),
        ];
        let mut first = [0; 16];
        first.copy_from_slice(&Hash::of(&parts).0[..16]);
        ScopeHash(first)
    }
}

/// Which keys of a kind can be of a trip, given what is seen of the kinds before.
fn named(ledger: &Ledger, kind: EntityKind) -> Named {
    match kind {
        EntityKind::Store
        | EntityKind::Actor
        | EntityKind::Device
        | EntityKind::Lease
        | EntityKind::Exception => Named::Any,
        // Most phones have nothing to bring most of the time, and the orders of years need not be looked at.
        EntityKind::Order if ledger.leases.is_empty() => Named::None,
        EntityKind::Order => Named::Any,
        EntityKind::Package => Named::these(tags_of(ledger)),
        EntityKind::Item => Named::these(items_of(ledger)),
        EntityKind::Customer => Named::these(ledger.orders.keys()),
        // The shelves and slots of a shop are not a driver's business, and a slot names whose bag is in it.
        EntityKind::Location | EntityKind::Slot => Named::None,
    }
}

fn read<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    minicbor::decode(bytes).ok()
}

/// The packages promised to the orders, or in their bags.
fn tags_of(ledger: &Ledger) -> impl Iterator<Item = &PackageTag> {
    ledger.orders.values().flat_map(|order| {
        let promised = order.lines.iter().flat_map(|line| &line.allocations);
        let promised = promised.map(|allocation| &allocation.tag);
        promised.chain(order.picks.iter().map(|pick| &pick.tag))
    })
}

/// The products ordered, or in the bags.
fn items_of(ledger: &Ledger) -> impl Iterator<Item = ItemId> {
    let ordered = ledger.orders.values().flat_map(|order| &order.lines);
    let packed = ledger.packages.values().map(|package| package.item);
    ordered.map(|line| line.item).chain(packed)
}

/// The identifiers of leases that orders stand under.
fn leases_of(ledger: &Ledger) -> BTreeSet<Vec<u8>> {
    let claims = ledger
        .orders
        .values()
        .filter_map(|order| order.claim.as_ref());
    let claimed: BTreeSet<_> = claims.filter_map(|claim| claim.lease).collect();
    let leases = ledger.leases.values().filter(|lease| {
        let mut orders = ledger.orders.keys();
        claimed.contains(&lease.id) || orders.any(|order| lease.may_hand_off(*order))
    });
    leases.map(|lease| encode(&lease.id)).collect()
}

/// Whether an order may be named: it is of the trip.
fn may_name(ledger: &Ledger, order: &OrderId) -> bool {
    ledger.orders.contains_key(order) || mutated("scope_names_other_orders")
}

/// The order whose bag or tote a place is.
fn order_at(place: &Place) -> Option<&OrderId> {
    match place {
        Place::Tote(order) | Place::Bag(order) | Place::Slot(_, order) | Place::Vehicle(order) => {
            Some(order)
        }
        Place::Shelf(_)
        | Place::Customer
        | Place::Quarantine
        | Place::Destroyed
        | Place::Disputed => None,
    }
}

/// The shop without any drawing of its vault, which a phone that leaves the shop must not carry.
fn store(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut store: Store = read(bytes)?;
    let is_whole = store.vault.take().is_none() & store.drawings.take().is_none();
    Some(if is_whole {
        bytes.to_vec()
    } else {
        encode(&store)
    })
}

/// A package without its units in bags of other orders. What has nothing to be left out goes as it came: another build
/// may have written more into it than this one can read.
fn package(ledger: &Ledger, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut package: Package = read(bytes)?;
    let before = package.places.len();
    package
        .places
        .retain(|(place, _)| order_at(place).is_none_or(|order| may_name(ledger, order)));
    let is_whole = package.places.len() == before;
    Some(if is_whole {
        bytes.to_vec()
    } else {
        encode(&package)
    })
}

/// An exception that holds an order of the trip, without the names of others.
fn exception(ledger: &Ledger, bytes: &[u8]) -> Option<Vec<u8>> {
    let before: Exception = read(bytes)?;
    let mut orders = ledger.orders.values();
    if !orders.any(|order| before.concerns(ledger, order)) {
        return None;
    }
    let mut exception = before.clone();
    exception.order = before.order.filter(|order| may_name(ledger, order));
    if let Some(orders) = &mut exception.orders {
        orders.retain(|order| may_name(ledger, order));
    }
    let is_whole = exception == before;
    Some(if is_whole {
        bytes.to_vec()
    } else {
        encode(&exception)
    })
}
