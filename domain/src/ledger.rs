//! The state of one shop: everything the events so far amount to.
//!
//! In: facts, through the tasks' `evolve`, and rows pulled from the server. Out: lookups, and which
//! entities a fact touched. Must not: decide anything.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::custody::claim::Lease;
use crate::custody::exception::Exception;
use crate::event::{Unreadable, encode};
use crate::facility::{Actor, Device, Location, LocationCode, Slot, SlotCode, Store};
use crate::id::{ActorId, DeviceId, ItemId, LeaseId, OrderId, PackageTag};
use crate::order::Order;
use crate::stock::{Item, Package};

/// What kind of entity a row of the view is. The number is part of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum EntityKind {
    /// The shop.
    #[n(1)]
    Store,
    /// A person.
    #[n(2)]
    Actor,
    /// A device.
    #[n(3)]
    Device,
    /// A product.
    #[n(4)]
    Item,
    /// A shelf.
    #[n(5)]
    Location,
    /// A staging slot.
    #[n(6)]
    Slot,
    /// A package.
    #[n(7)]
    Package,
    /// An order.
    #[n(8)]
    Order,
    /// A lease.
    #[n(9)]
    Lease,
    /// Something that waits for a manager.
    #[n(10)]
    Exception,
    /// What the exit label says of an order's customer. Kept beside the ledger, never in it.
    #[n(11)]
    Customer,
}

impl EntityKind {
    /// Its number on the wire.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Store => 1,
            Self::Actor => 2,
            Self::Device => 3,
            Self::Item => 4,
            Self::Location => 5,
            Self::Slot => 6,
            Self::Package => 7,
            Self::Order => 8,
            Self::Lease => 9,
            Self::Exception => 10,
            Self::Customer => 11,
        }
    }

    /// The kind with a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.number() == number)
    }

    /// All kinds, in the order in which a view must be filled: what is referred to comes first.
    pub const ALL: &'static [Self] = &[
        Self::Store,
        Self::Actor,
        Self::Device,
        Self::Item,
        Self::Location,
        Self::Slot,
        Self::Package,
        Self::Order,
        Self::Lease,
        Self::Exception,
        Self::Customer,
    ];
}

/// Names one entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct EntityKey {
    /// Its kind.
    #[n(0)]
    pub kind: EntityKind,
    /// Its identifier's CBOR.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub id: Vec<u8>,
}

macro_rules! entities {
    ($($(#[$doc:meta])* $field:ident, $changing:ident: $kind:ident($id:ty) => $entity:ty;)*) => {
        /// The state of one shop.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Ledger {
            $($(#[$doc])* pub $field: BTreeMap<$id, $entity>,)*
            touched: BTreeSet<EntityKey>,
        }

        impl Ledger {
            $(
                /// The entity, to be changed; it counts as touched.
                pub fn $changing(&mut self, id: &$id) -> Option<&mut $entity> {
                    let entity = self.$field.get_mut(id)?;
                    self.touched.insert(EntityKey { kind: EntityKind::$kind, id: encode(id) });
                    Some(entity)
                }
            )*

            /// Takes a row of the view in, replacing what was there.
            ///
            /// # Errors
            /// When key or bytes are not of the kind they say.
            pub fn put(&mut self, key: &EntityKey, bytes: &[u8]) -> Result<(), Unreadable> {
                match key.kind {
                    $(EntityKind::$kind => {
                        let id = minicbor::decode(&key.id).map_err(|_| Unreadable::Malformed)?;
                        let entity = minicbor::decode(bytes).map_err(|_| Unreadable::Malformed)?;
                        self.$field.insert(id, entity);
                    })*
                    EntityKind::Customer => {}
                }
                Ok(())
            }

            /// Forgets an entity.
            pub fn remove(&mut self, key: &EntityKey) {
                match key.kind {
                    $(EntityKind::$kind => {
                        if let Ok(id) = minicbor::decode::<$id>(&key.id) {
                            self.$field.remove(&id);
                        }
                    })*
                    EntityKind::Customer => {}
                }
            }

            /// An entity's bytes as a row of the view; `None` when there is no such entity.
            #[must_use]
            pub fn bytes(&self, key: &EntityKey) -> Option<Vec<u8>> {
                match key.kind {
                    $(EntityKind::$kind => {
                        let id = minicbor::decode::<$id>(&key.id).ok()?;
                        self.$field.get(&id).map(encode)
                    })*
                    EntityKind::Customer => None,
                }
            }

            /// All keys of one kind.
            #[must_use]
            pub fn keys_of(&self, kind: EntityKind) -> Vec<EntityKey> {
                match kind {
                    $(EntityKind::$kind => {
                        let key = |id| EntityKey { kind, id: encode(id) };
                        self.$field.keys().map(key).collect()
                    })*
                    EntityKind::Customer => Vec::new(),
                }
            }
        }

        $(impl Insert<$entity> for Ledger {
            type Id = $id;
            fn insert(&mut self, id: $id, entity: $entity) {
                self.touched.insert(EntityKey { kind: EntityKind::$kind, id: encode(&id) });
                self.$field.insert(id, entity);
            }
        })*
    };
}

/// Adds or replaces an entity; it counts as touched.
pub trait Insert<Entity> {
    /// What names such an entity.
    type Id;
    /// Adds or replaces.
    fn insert(&mut self, id: Self::Id, entity: Entity);
}

entities! {
    /// The shop; one row with number 0.
    stores, store_mut: Store(u8) => Store;
    /// People.
    actors, actor_mut: Actor(ActorId) => Actor;
    /// Devices.
    devices, device_mut: Device(DeviceId) => Device;
    /// Products.
    items, item_mut: Item(ItemId) => Item;
    /// Shelves.
    locations, location_mut: Location(LocationCode) => Location;
    /// Staging slots.
    slots, slot_mut: Slot(SlotCode) => Slot;
    /// Packages.
    packages, package_mut: Package(PackageTag) => Package;
    /// Orders.
    orders, order_mut: Order(OrderId) => Order;
    /// Leases.
    leases, lease_mut: Lease(LeaseId) => Lease;
    /// What waits for a manager, and what was resolved.
    exceptions, exception_mut: Exception(u64) => Exception;
}

/// Letters and digits of an order's code.
const CODE_ID_LENGTH: usize = 5;

impl Ledger {
    /// The shop.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.stores.get(&0)
    }

    /// Which entities changed since the last call, oldest name first.
    pub fn take_touched(&mut self) -> BTreeSet<EntityKey> {
        std::mem::take(&mut self.touched)
    }

    /// Whether every unit of every package is at exactly one place.
    #[must_use]
    pub fn is_conserved(&self) -> bool {
        self.packages.values().all(Package::is_conserved)
    }

    /// The product of a package.
    #[must_use]
    pub fn item_of(&self, tag: &PackageTag) -> Option<&Item> {
        self.items.get(&self.packages.get(tag)?.item)
    }

    /// Place of a shelf in the walk; unknown shelves come last.
    #[must_use]
    pub fn walk_of(&self, location: Option<&LocationCode>) -> u32 {
        location
            .and_then(|code| self.locations.get(code))
            .map_or(u32::MAX, |location| location.walk)
    }

    /// The order that a ticket or a label is of, be it the newest one or of before.
    #[must_use]
    pub fn order_of_paper(&self, id: &str) -> Option<&Order> {
        self.order_by_code_id(id.get(..CODE_ID_LENGTH)?)
    }

    /// The order whose ticket, label or bag code begins with this order code.
    #[must_use]
    pub fn order_by_code_id(&self, code_id: &str) -> Option<&Order> {
        let mut found = self
            .orders
            .values()
            .filter(|order| order.code_id() == code_id);
        let first = found.next()?;
        // Codes are used again after some thousand orders: the one still open is meant.
        Some(found.fold(first, |best, order| {
            let better = (!order.status.is_closed(), order.placed_at);
            if better > (!best.status.is_closed(), best.placed_at) {
                order
            } else {
                best
            }
        }))
    }
}
