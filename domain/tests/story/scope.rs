//! What a driver's phone sees of the shop.

use std::collections::BTreeSet;

use domain::custody::arrive::OrderCancelled;
use domain::custody::claim::{LeaseGranted, LeaseReturned, OrderClaimed};
use domain::custody::draw_map::MapDrawn;
use domain::custody::hand_off;
use domain::custody::set_up::DeviceEnrolled;
use domain::event::encode;
use domain::facility::{Device, Purpose};
use domain::id::{LeaseId, OrderId, Position};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::order::Status;
use domain::plan::vault::Vault;
use domain::stock::Place;
use domain::sync::message::Row;
use domain::sync::scope::{Scope, ScopeHash, Seen};

use super::exceptions::pick;
use super::goods::*;
use super::shop::{Shop, check};

/// The driver's phone, enrolled for the first or another time.
fn phone(generation: u32) -> Device {
    Device {
        generation,
        purpose: Some(Purpose::DriversPhone),
        ..device(PHONE)
    }
}

fn enrol(shop: &mut Shop, generation: u32) {
    let device = phone(generation);
    shop.server(DeviceEnrolled::from(device));
}

/// The rows of a kind, with a card of every order's customer beside the ledger.
fn rows_of(ledger: &Ledger, kind: EntityKind) -> Vec<Row> {
    let row = |key: EntityKey, bytes| Row {
        key,
        changed: Position(1),
        bytes,
    };
    if kind == EntityKind::Customer {
        let orders = ledger.keys_of(EntityKind::Order).into_iter();
        let card = |key: EntityKey| row(EntityKey { kind, ..key }, Some(b"card".to_vec()));
        return orders.map(card).collect();
    }
    let keys = ledger.keys_of(kind).into_iter();
    keys.map(|key| row(key.clone(), ledger.bytes(&key)))
        .collect()
}

fn seen_by(shop: &Shop, device: &Device) -> Seen {
    let Scope::Trip(trip) = Scope::of(device) else {
        panic!("sees everything");
    };
    let seen = trip.seen(|kind, is_wanted| {
        let mut rows = rows_of(&shop.ledger, kind);
        rows.retain(|row| is_wanted(&row.key));
        Ok::<_, ()>(rows)
    });
    seen.unwrap()
}

/// What the phone shows.
fn view(shop: &Shop) -> Ledger {
    let mut ledger = Ledger::default();
    for row in seen(shop).rows {
        ledger.put(&row.key, &row.bytes.unwrap()).unwrap();
    }
    ledger
}

fn seen(shop: &Shop) -> Seen {
    seen_by(shop, &shop.ledger.devices[&PHONE])
}

fn hash(shop: &Shop) -> ScopeHash {
    seen(shop).hash
}

fn orders(shop: &Shop) -> Vec<OrderId> {
    view(shop).orders.into_keys().collect()
}

/// The orders whose customers the phone has.
fn customers(shop: &Shop) -> BTreeSet<Vec<u8>> {
    let rows = seen(shop).rows.into_iter();
    let cards = rows.filter(|row| row.key.kind == EntityKind::Customer);
    cards.map(|row| row.key.id).collect()
}

/// A lease under which the phone hands an order over.
fn loads(shop: &mut Shop, order: OrderId) {
    let situation = shop.situation(FAY, PHONE);
    let (lease, refused) = hand_off::grant(&shop.ledger, &situation, LeaseId([7; 16]), &[order]);
    assert_eq!(refused, []);
    let lease = lease.unwrap();
    shop.server(LeaseGranted { lease });
}

#[test]
fn a_device_of_the_shop_sees_everything_and_one_for_anything_else_its_trip() {
    assert_eq!(Scope::of(&device(TABLET)), Scope::Everything);
    for purpose in [Purpose::DriversPhone, Purpose::Newer(9)] {
        let other = Device {
            purpose: Some(purpose),
            ..device(PHONE)
        };
        assert!(matches!(Scope::of(&other), Scope::Trip(_)));
    }
}

#[test]
fn a_phone_that_leaves_the_shop_carries_no_map_of_its_vault() {
    check(
        |shop| {
            enrol(shop, 1);
            let mut vault = Vault::default();
            vault.add(0, 0);
            let drawn = |vault, over| MapDrawn {
                vault,
                over,
                settles: None,
            };
            let stale = Some(vault.hash());
            shop.record(GUS, COUNTER, None, drawn(vault.clone(), None));
            vault.add(9_000, 0);
            shop.record(GUS, COUNTER, None, drawn(vault.clone(), None));
            vault.add(0, 9_000);
            shop.record(IVY, COUNTER, None, drawn(vault, stale));
            let store = shop.ledger.store().unwrap();
            assert!(store.vault.is_some());
            assert_eq!(store.drawings.as_ref().unwrap().aside.len(), 1);
        },
        |_| {},
        |shop, ()| {
            let seen = view(shop);
            assert_eq!(seen.store().unwrap().vault, None);
            assert_eq!(seen.store().unwrap().drawings, None);
            assert_eq!(
                seen.store().unwrap().license,
                shop.ledger.store().unwrap().license
            );
        },
    );
}

#[test]
fn a_phone_with_nothing_to_bring_has_what_its_people_need_to_sign_in() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| view(shop),
        |shop, view| {
            assert_eq!(view.stores, shop.ledger.stores);
            assert_eq!(view.actors, shop.ledger.actors);
            let devices: Vec<_> = view.devices.into_keys().collect();
            assert_eq!(devices.len(), 2);
            assert!(devices.contains(&PHONE) && devices.contains(&SERVER));
            assert!(view.orders.is_empty() && view.leases.is_empty());
            assert!(view.packages.is_empty() && view.items.is_empty());
            assert!(view.locations.is_empty() && view.slots.is_empty());
            assert!(customers(shop).is_empty());
        },
    );
}

#[test]
fn an_order_leased_to_the_phone_comes_with_its_customer_package_and_product_and_no_other() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1), (GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[SECOND]);
            shop.picks_next(SECOND);
        },
        |shop| {
            let before = hash(shop);
            shop.takes(ANA, PHONE, &[FIRST]);
            assert_ne!(hash(shop), before);
        },
        |shop, ()| {
            let view = view(shop);
            assert_eq!(orders(shop), [FIRST]);
            assert_eq!(customers(shop), BTreeSet::from([encode(&FIRST)]));
            let packages: Vec<_> = view.packages.keys().map(ToString::to_string).collect();
            assert_eq!(packages, [OLD_JARS]);
            assert_eq!(view.items.keys().collect::<Vec<_>>(), [&JARS]);
            assert_eq!(view.leases.len(), 1);
            // The same package is in another order's tote, which is nobody's business on the road.
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(SECOND)), 1);
            let places = &view.packages[&tag(OLD_JARS)].places;
            assert!(
                places
                    .iter()
                    .all(|(place, _)| matches!(place, Place::Shelf(_)))
            );
        },
    );
}

#[test]
fn what_the_phone_says_of_itself_opens_nothing() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
        },
        |shop| shop.record(ANA, PHONE, None, OrderClaimed { order: FIRST }),
        |shop, _| {
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().device, PHONE);
            assert!(orders(shop).is_empty() && customers(shop).is_empty());
        },
    );
}

#[test]
fn an_order_given_back_leaves_the_phone_with_all_that_came_with_it() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
        },
        |shop| {
            let before = seen(shop);
            let lease = shop.takes(ANA, PHONE, &[FIRST]);
            let order = FIRST;
            shop.record(ANA, PHONE, None, LeaseReturned { lease, order });
            before
        },
        |shop, before| assert_eq!(seen(shop), before),
    );
}

#[test]
fn a_phone_that_is_enrolled_anew_has_nothing_of_the_trip_before() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, PHONE, &[FIRST]);
            assert_eq!(orders(shop), [FIRST]);
        },
        |shop| enrol(shop, 2),
        |shop, ()| assert!(orders(shop).is_empty() && customers(shop).is_empty()),
    );
}

#[test]
fn a_bag_to_be_handed_over_is_on_the_phone_until_it_is() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Staged);
            assert!(orders(shop).is_empty());
        },
        |shop| {
            loads(shop, FIRST);
            assert_eq!(orders(shop), [FIRST]);
            assert!(view(shop).leases[&LeaseId([7; 16])].may_hand_off(FIRST));
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| assert!(orders(shop).is_empty() && view(shop).leases.is_empty()),
    );
}

#[test]
fn a_cancelled_order_stays_while_its_goods_have_to_be_brought_back() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(ANA, PHONE, &[FIRST, SECOND]);
            shop.picks_next(FIRST);
        },
        |shop| {
            for order in [FIRST, SECOND] {
                shop.server(OrderCancelled { order });
            }
        },
        |shop, ()| assert_eq!(orders(shop), [FIRST]),
    );
}

#[test]
fn what_holds_an_order_is_on_the_phone_without_the_name_of_another() {
    check(
        |shop| {
            enrol(shop, 1);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.arrives(THIRD, &[(JARS, 1)]);
            for (device, order) in [(PHONE, FIRST), (TABLET, SECOND), (COUNTER, THIRD)] {
                shop.takes(ANA, device, &[order]);
                shop.did(ANA, device, order, pick(order, OLD_JARS, "A-01-1", Some(1)));
            }
        },
        |shop| (view(shop), shop.ledger.exceptions.clone()),
        |shop, (view, all)| {
            assert_eq!(orders(shop), [FIRST]);
            assert!(all.values().any(|one| one.order == Some(SECOND)));
            assert!(!view.exceptions.is_empty());
            let strange = |order: &OrderId| *order != FIRST;
            for one in view.exceptions.values() {
                assert!(one.order.iter().all(|order| !strange(order)));
                assert!(!one.orders.iter().flatten().any(strange));
            }
            // The phone holds the bag as the shop does.
            let order = &view.orders[&FIRST];
            assert!(domain::custody::exception::holds(&view, order));
        },
    );
}
