//! How long things take, and what one person takes along.
//!
//! In: lengths and counts. Out: milliseconds. Must not: know who the person is.

/// How fast people walk and work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Millimetres walked in a second; nobody walks less than one.
    pub millimetres_per_second: u32,
    /// Milliseconds to find a shelf's package, once one stands before it.
    pub shelf: u32,
    /// Milliseconds to take and scan a unit.
    pub unit: u32,
    /// Milliseconds to begin an order: its tote, its ticket.
    pub order: u32,
    /// Milliseconds to check, label and seal an order.
    pub pack: u32,
}

impl Pace {
    /// A walk of 1 m/s with a cart, and what then comes to 60 to 80 lines an hour for one order at a time; 50 s to pack
    /// and label. Reasoned, not measured: a shop's own figures replace it.
    pub const TYPICAL: Self = Self {
        millimetres_per_second: 1_000,
        shelf: 14_000,
        unit: 5_000,
        order: 10_000,
        pack: 50_000,
    };

    /// Milliseconds to walk so many millimetres.
    #[must_use]
    pub fn walking(&self, millimetres: u64) -> i64 {
        let speed = u64::from(self.millimetres_per_second.max(1));
        let milliseconds = millimetres.saturating_mul(1_000).div_ceil(speed);
        i64::try_from(milliseconds).unwrap_or(i64::MAX)
    }

    /// Milliseconds to take so many units from so many shelves.
    #[must_use]
    pub fn taking(&self, shelves: usize, units: u32) -> i64 {
        let shelves = i64::try_from(shelves).unwrap_or(i64::MAX);
        let found = shelves.saturating_mul(i64::from(self.shelf));
        found.saturating_add(i64::from(units).saturating_mul(i64::from(self.unit)))
    }
}

/// Most orders of one walk: as many totes as a person tells apart.
pub const ORDERS_MAX: u32 = 8;

/// What one person takes along on a walk. Every order has totes of its own; two customers' goods never share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cart {
    /// Most orders; never more than [`ORDERS_MAX`], and at least one.
    pub orders: u32,
    /// Totes it carries.
    pub totes: u32,
    /// Units that go into a tote.
    pub units_per_tote: u32,
}

impl Cart {
    /// Six orders in eight totes of thirty units.
    pub const TYPICAL: Self = Self {
        orders: 6,
        totes: 8,
        units_per_tote: 30,
    };

    /// One order at a time.
    pub const SINGLE: Self = Self {
        orders: 1,
        ..Self::TYPICAL
    };

    /// Most orders it can take.
    #[must_use]
    pub fn orders_max(&self) -> usize {
        let orders = self.orders.clamp(1, ORDERS_MAX);
        usize::try_from(orders).unwrap_or(1)
    }

    /// Totes that an order of so many units fills; at least one.
    #[must_use]
    pub fn totes_for(&self, units: u32) -> u32 {
        units.div_ceil(self.units_per_tote.max(1)).max(1)
    }
}

/// Who picks, with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// People who walk at the same time; at least one is assumed.
    pub people: u32,
    /// What each takes along.
    pub cart: Cart,
    /// How fast they are.
    pub pace: Pace,
}
