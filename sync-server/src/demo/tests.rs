//! The invented shop is the size, the mix and the trouble it is said to be.

/// What is on the shelves.
mod goods;
/// What is ordered.
mod day;
/// What is printed to be scanned.
mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use domain::code::own::{OwnCode, OwnKind};
use domain::custody::allocate;
use domain::custody::arrive::{self, OrderArrived, OrderedLine};
use domain::custody::set_up;
use domain::id::{Hash, ItemId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::{Channel, Status};
use domain::quantity::Quantity;
use domain::stock::{PotencyUnit, Unsellable};

use super::*;
use crate::import::orders::{Comparison, OrderContent, OrderKey, Request, compare};

/// 2026-11-24, 2:06 pm in the shop.
const NOW: i64 = 1_795_557_960_000;
const MINUTE: i64 = 60_000;
const SEEDS: [u64; 6] = [0, 1, 7, 42, 482, u64::MAX];

fn shop() -> Shop {
    generate(42, NOW)
}

fn open(shop: &Shop) -> Ledger {
    let mut ledger = shelved(&shop.configured, &shop.stock, &shop.labs);
    for person in &shop.people {
        set_up::actor_added(&mut ledger, &person.added);
    }
    ledger
}

fn content(order: &OrderInput) -> &OrderContent {
    match &order.request {
        Request::Fill(content) => content,
        Request::Cancel => panic!("{:?} is withdrawn", order.key),
    }
}

fn items_by_sku(shop: &Shop) -> BTreeMap<&str, ItemId> {
    let sku = |product: &'_ Product| product.item.id;
    shop.products
        .iter()
        .map(|product| (product.item.sku.as_deref().unwrap(), sku(product)))
        .collect()
}

fn order_id(key: &OrderKey) -> OrderId {
    let Hash(hash) = Hash::of(&[key.source.as_bytes(), b"\n", key.id.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    OrderId(id)
}

/// The ledger after every order has arrived and was given its packages.
fn after_the_orders(shop: &Shop) -> Ledger {
    let mut ledger = open(shop);
    let items = items_by_sku(shop);
    for order in &shop.orders {
        let content = content(order);
        let lines = (1..).zip(&content.lines).map(|(number, line)| OrderedLine {
            number,
            item: items[line.sku.as_str()],
            units: line.quantity,
            unit_price_cents: line.unit_price_cents,
        });
        let id = order_id(&order.key);
        let arrived = OrderArrived {
            order: id,
            source: order.key.source.clone(),
            external_id: order.key.id.clone(),
            code: order.key.id.clone(),
            channel: content.channel,
            placed_at: content.placed_at.at,
            promise_start: content.promise.start.at,
            promise_end: content.promise.end.at,
            lines: lines.collect(),
            buyer: None,
        };
        arrive::arrived(&mut ledger, &arrived);
        let plan = allocate::plan(&ledger, &ledger.orders[&id], shop.today);
        allocate::evolve(&mut ledger, &plan);
    }
    ledger
}

#[test]
fn the_shop_has_the_size_it_is_said_to_have() {
    let shop = shop();
    let ledger = open(&shop);
    assert_eq!(ledger.locations.len(), LOCATIONS);
    assert_eq!(ledger.items.len(), PRODUCTS);
    assert_eq!(ledger.packages.len(), PACKAGES);
    assert_eq!(shop.orders.len(), ORDERS);
    assert_eq!(ledger.actors.len(), 8);
    let slots = |channel| {
        ledger
            .slots
            .values()
            .filter(|slot| slot.channel == channel)
            .count()
    };
    assert_eq!(
        (
            slots(Channel::Pickup),
            slots(Channel::Curbside),
            slots(Channel::Delivery)
        ),
        (12, 6, 6)
    );
    assert_eq!(shop.today.to_string(), "2026-11-24");
}

#[test]
fn the_same_seed_gives_the_same_shop_and_another_seed_another_one() {
    assert_eq!(shop(), shop());
    let (one, other) = (shop(), generate(43, NOW));
    assert_ne!(one.configured.store.id, other.configured.store.id);
    assert_ne!(one.people, other.people);
    assert_ne!(one.products, other.products);
    assert_ne!(one.stock, other.stock);
    assert_ne!(one.orders, other.orders);
}

#[test]
fn nobody_has_a_pin_that_somebody_would_try_first() {
    for seed in 0..200 {
        let people = people::people(seed);
        let pins: BTreeSet<&str> = people.iter().map(|person| person.pin.as_str()).collect();
        assert_eq!(pins.len(), people.len());
        for pin in pins {
            assert_eq!(pin.bytes().filter(u8::is_ascii_digit).count(), 6);
            assert!(!people::is_easy(pin), "{pin}");
        }
    }
    for easy in ["123456", "654321", "111111", "121212", "198412", "900123"] {
        assert!(people::is_easy(easy), "{easy}");
    }
}
