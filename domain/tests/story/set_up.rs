//! The shop, its people and its devices.

use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::facility::{Actor, Device, Role, SlotCode};
use domain::id::{ActorId, DeviceId};
use domain::order::{Channel, Status};
use domain::verdict::Reason;

use super::goods::*;
use super::shop::check;

#[test]
fn a_new_shop_has_its_shelves_slots_people_and_devices() {
    check(
        |_| {},
        |_| {},
        |shop, ()| {
            let ledger = &shop.ledger;
            assert_eq!(ledger.store().unwrap().name, "Green Door");
            assert_eq!((ledger.locations.len(), ledger.slots.len()), (4, 5));
            assert_eq!((ledger.actors.len(), ledger.devices.len()), (10, 5));
            assert!(ledger.exceptions.is_empty());
        },
    );
}

#[test]
fn a_slot_that_is_configured_again_keeps_its_bag() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let slots = vec![free("P1", Channel::Curbside)];
            let (store, locations) = (store(), vec![location("D-09-9", 9)]);
            shop.server(StoreConfigured {
                store,
                locations,
                slots,
            })
        },
        |shop, _| {
            let slot = &shop.ledger.slots[&SlotCode::new("P1")];
            assert_eq!((slot.holds, slot.channel), (Some(FIRST), Channel::Curbside));
            assert!(slot.since.is_some());
            assert_eq!(shop.ledger.locations.len(), 5);
        },
    );
}

#[test]
fn a_slot_cannot_be_set_up_with_a_bag_nobody_put_there() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let mut slot = free("P9", Channel::Pickup);
            slot.holds = Some(FIRST);
            shop.server(StoreConfigured {
                store: store(),
                locations: Vec::new(),
                slots: vec![slot],
            })
        },
        |shop, _| assert_eq!(shop.ledger.slots[&SlotCode::new("P9")].holds, None),
    );
}

#[test]
fn somebody_who_becomes_a_manager_may_do_what_managers_do() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let label = label_of(shop.order(FIRST));
            let before = shop.hands_over(ANA, &label);
            let actor = actor(ANA, Role::GeneralManager);
            shop.server(ActorAdded::from(actor));
            (before, shop.hands_over(ANA, &label))
        },
        |_, (before, after)| {
            assert_eq!(reason(&before), Reason::NotYourRole);
            accepted(after);
        },
    );
}

#[test]
fn somebody_who_left_may_do_nothing_any_more() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let left = Actor {
                active: false,
                pin_changes: None,
                shift: None,
                unlocks: None,
                ..actor(ANA, Role::Associate)
            };
            shop.server(ActorAdded::from(left));
            shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS))
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYourRole),
    );
}

#[test]
fn somebody_nobody_knows_may_do_nothing() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| shop.picks(ActorId(77), TABLET, FIRST, &package(OLD_JARS)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYourRole),
    );
}

#[test]
fn a_device_enrolled_again_has_its_new_key_only() {
    check(
        |_| {},
        |shop| {
            let again = Device {
                generation: 2,
                public_key: vec![7; 32],
                ..device(TABLET)
            };
            shop.server(DeviceEnrolled::from(again))
        },
        |shop, _| {
            let device = &shop.ledger.devices[&TABLET];
            assert_eq!((device.generation, &device.public_key), (2, &vec![7; 32]));
            assert_eq!(shop.ledger.devices.len(), 5);
            assert!(!shop.ledger.devices.contains_key(&DeviceId([9; 16])));
        },
    );
}
