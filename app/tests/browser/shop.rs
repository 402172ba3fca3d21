//! A shop of one product, two packages and two orders, and the facts that move it.

use domain::code::Grade;
use domain::custody::allocate::{self, plan};
use domain::custody::arrive::{self, OrderArrived, OrderedLine};
use domain::custody::pick::PackagePicked;
use domain::custody::receive::{self, PackageListed, StockImported};
use domain::custody::{Fact, evolve};
use domain::event::{ActorRef, Body, Envelope, SignedEvent, encode};
use domain::facility::{Location, LocationCode};
use domain::id::{
    ActorId, DeviceId, Epoch, EventId, ItemId, OrderId, PackageTag, Position, StoreId,
};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::order::Channel;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{Item, LabStatus};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::{Cursor, Incarnation, Row, VIEW_SCHEMA};
use domain::time::{Day, Millis};

/// The order of the tests, and somebody else's.
pub(crate) const OURS: OrderId = OrderId([1; 16]);
pub(crate) const THEIRS: OrderId = OrderId([2; 16]);

const SHELF: &str = "B-04-2";

pub(crate) fn jars() -> PackageTag {
    PackageTag::parse("1A4FF0300000C57000000101").unwrap()
}

fn listed(tag: PackageTag) -> PackageListed {
    PackageListed {
        tag,
        item: ItemId([3; 16]),
        quantity: Quantity::units(40),
        unit: UnitOfMeasure::Each,
        location: LocationCode::new(SHELF),
        lab: LabStatus::Passed,
        hold: false,
        packaged: None,
        received: Day::parse("2026-06-01"),
        expires: None,
        batch: None,
    }
}

fn arrived(order: OrderId) -> OrderArrived {
    OrderArrived {
        order,
        source: "web".to_owned(),
        external_id: format!("{order}"),
        code: "K7-401".to_owned(),
        channel: Channel::Pickup,
        placed_at: Millis(0),
        promise_start: Millis(0),
        promise_end: Millis(0),
        lines: vec![OrderedLine {
            number: 1,
            item: ItemId([3; 16]),
            units: 5,
            unit_price_cents: 4_200,
        }],
        buyer: None,
    }
}

/// The server's ledger: two packages of jars, two orders of five.
pub(crate) fn stocked() -> Ledger {
    let mut ledger = Ledger::default();
    let stock = StockImported {
        file: "stock.csv".to_owned(),
        items: vec![Item {
            id: ItemId([3; 16]),
            name: "Tidewater OG, 3.5 g".to_owned(),
            category: "Flower (packaged - each)".to_owned(),
            brand: None,
            strain: None,
            sku: None,
            gtin: None,
            content: None,
        }],
        locations: vec![Location {
            code: LocationCode::new(SHELF),
            walk: 1,
        }],
        packages: vec![listed(jars())],
    };
    receive::imported(&mut ledger, &stock);
    for order in [OURS, THEIRS] {
        arrive::arrived(&mut ledger, &arrived(order));
        let plan = plan(
            &ledger,
            &ledger.orders[&order],
            Day::parse("2026-11-24").unwrap(),
        );
        allocate::evolve(&mut ledger, &plan);
    }
    ledger.take_touched();
    ledger
}

pub(crate) fn key<I: minicbor::Encode<()>>(kind: EntityKind, id: &I) -> EntityKey {
    EntityKey {
        kind,
        id: encode(id),
    }
}

/// Every row of the ledger, as the first pull brings them.
pub(crate) fn all_rows(ledger: &Ledger) -> Vec<Row> {
    let keys = EntityKind::ALL
        .iter()
        .flat_map(|kind| ledger.keys_of(*kind));
    keys.map(|key| row(ledger, key)).collect()
}

/// The rows of what changed since the last time.
pub(crate) fn changed_rows(ledger: &mut Ledger) -> Vec<Row> {
    let touched = ledger.take_touched();
    touched.into_iter().map(|key| row(ledger, key)).collect()
}

fn row(ledger: &Ledger, key: EntityKey) -> Row {
    Row {
        bytes: ledger.bytes(&key),
        changed: Position(1),
        key,
    }
}

pub(crate) fn cursor(position: u64) -> Cursor {
    Cursor {
        incarnation: Incarnation([9; 16]),
        position: Position(position),
        schema: VIEW_SCHEMA,
        scope: None,
    }
}

/// A device's pen: writes picks into a chain.
pub(crate) struct Pen {
    pub(crate) epoch: Epoch,
    chain: Chain,
    made: u8,
}

/// A pick as it stands in the chain.
pub(crate) struct Written {
    pub(crate) seq: u64,
    pub(crate) event: SignedEvent,
    pub(crate) envelope: Envelope,
    pub(crate) body: Body,
}

impl Pen {
    pub(crate) fn new(number: u8) -> Self {
        let epoch = Epoch([number; 16]);
        let chain = Chain::new(StoreId::default(), DeviceId([number; 16]), epoch);
        Self {
            epoch,
            chain,
            made: 0,
        }
    }

    /// A unit of the jars went into the order's tote.
    pub(crate) fn pick(&mut self, order: OrderId) -> Written {
        let picked = PackagePicked {
            order,
            line: 1,
            tag: jars(),
            unit: None,
            grade: Grade::Package,
            from: LocationCode::new(SHELF),
        };
        self.made += 1;
        let mut id = self.epoch.0;
        id[0] = self.made;
        let around = Circumstances {
            id: EventId(id),
            wall: 0,
            mono: 0,
            actor: ActorRef {
                actor: ActorId(1),
                session: 0,
            },
            basis: Position(0),
            lease: None,
            pii: None,
        };
        let body = Body::from(picked);
        let envelope = self.chain.append(&body, around);
        let event = SignedEvent {
            bytes: envelope.to_bytes(),
            signature: vec![0; 64],
        };
        Written {
            seq: envelope.seq,
            event,
            envelope,
            body,
        }
    }
}

impl Written {
    /// The server applies it.
    pub(crate) fn apply(&self, ledger: &mut Ledger, position: u64) {
        let fact = Fact {
            envelope: &self.envelope,
            body: &self.body,
            position: Position(position),
        };
        evolve(ledger, &fact);
    }
}
