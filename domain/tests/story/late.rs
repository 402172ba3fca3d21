//! What arrives too late: leases that ended, devices that are closed.

use domain::code::Grade;
use domain::custody::claim::LeaseReturned;
use domain::custody::exception::Rule;
use domain::custody::pick::PackagePicked;
use domain::custody::set_up::DeviceEnrolled;
use domain::custody::sign_in::ActorSignedIn;
use domain::event::LeaseRef;
use domain::facility::{Device, LocationCode};
use domain::id::{DeviceId, LeaseId};
use domain::order::Status;

use super::goods::*;
use super::shop::{Shop, check};

fn leased_to_ana(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.takes(ANA, TABLET, &[FIRST]);
}

fn a_jar() -> PackagePicked {
    PackagePicked {
        order: FIRST,
        line: 1,
        tag: tag(OLD_JARS),
        unit: None,
        grade: Grade::Package,
        from: LocationCode::new("A-01-1"),
    }
}

fn enrolled_anew(shop: &mut Shop, id: DeviceId) {
    let device = Device {
        generation: 2,
        ..device(id)
    };
    shop.server(DeviceEnrolled::from(device));
}

/// Ana picks a jar under the lease she has, after something has happened to it.
#[track_caller]
fn ana_picked_late(meanwhile: impl FnOnce(&mut Shop, LeaseRef), expected: &[Rule]) {
    check(
        leased_to_ana,
        |shop| {
            let lease = shop.lease(TABLET, FIRST).unwrap();
            meanwhile(shop, lease);
            shop.record(ANA, TABLET, Some(lease), a_jar())
        },
        |shop, rules| {
            assert_eq!(rules, expected);
            // None of these holds the bag unless something else is wrong.
            assert!(!shop.blocks_hand_off(FIRST));
            assert_eq!(shop.order(FIRST).status, Status::Picking);
        },
    );
}

#[test]
fn a_pick_under_the_lease_in_force_is_in_order() {
    ana_picked_late(|_, _| {}, &[]);
}

#[test]
fn a_pick_after_the_order_went_to_somebody_else_is_under_a_broken_lease() {
    let meanwhile = |shop: &mut Shop, lease: LeaseRef| {
        let (lease, order) = (lease.lease, FIRST);
        shop.server(LeaseReturned { lease, order });
        shop.takes(BEN, PHONE, &[FIRST]);
    };
    ana_picked_late(meanwhile, &[Rule::LeaseBrokenPick]);
}

#[test]
fn a_pick_after_the_order_was_given_back_is_under_a_broken_lease() {
    let meanwhile = |shop: &mut Shop, lease: LeaseRef| {
        let (lease, order) = (lease.lease, FIRST);
        shop.did(ANA, TABLET, FIRST, LeaseReturned { lease, order });
    };
    ana_picked_late(meanwhile, &[Rule::LeaseBrokenPick]);
}

#[test]
fn a_lease_does_not_survive_a_new_enrolment_of_its_device() {
    let meanwhile = |shop: &mut Shop, _| enrolled_anew(shop, TABLET);
    ana_picked_late(meanwhile, &[Rule::LateFromClosedDevice]);
}

#[test]
fn the_device_that_was_enrolled_anew_can_take_its_order_again() {
    check(
        |shop| {
            leased_to_ana(shop);
            enrolled_anew(shop, TABLET);
        },
        |shop| {
            shop.takes(ANA, TABLET, &[FIRST]);
            let lease = shop.lease(TABLET, FIRST);
            shop.record(ANA, TABLET, lease, a_jar())
        },
        |_, rules| assert_eq!(rules, []),
    );
}

#[test]
fn a_lease_nobody_granted_is_no_lease() {
    check(
        leased_to_ana,
        |shop| {
            let granted = shop.lease(TABLET, FIRST).unwrap();
            let of_another = LeaseRef {
                lease: LeaseId([3; 16]),
                ..granted
            };
            let from_the_future = LeaseRef {
                fence: 9,
                ..granted
            };
            [of_another, from_the_future]
                .map(|lease| shop.record(ANA, TABLET, Some(lease), a_jar()))
        },
        |_, rules| assert_eq!(rules, [(); 2].map(|()| vec![Rule::LeaseBrokenPick])),
    );
}

#[test]
fn a_lease_is_good_on_the_device_it_was_given_to_only() {
    check(
        leased_to_ana,
        |shop| {
            let lease = shop.lease(TABLET, FIRST);
            shop.record(BEN, PHONE, lease, a_jar())
        },
        |_, rules| assert_eq!(rules, [Rule::LeaseBrokenPick]),
    );
}

#[test]
fn what_a_revoked_device_still_had_to_tell_is_kept() {
    let meanwhile = |shop: &mut Shop, _| {
        let device = Device {
            active: false,
            ..device(TABLET)
        };
        shop.server(DeviceEnrolled::from(device));
    };
    ana_picked_late(meanwhile, &[Rule::LateFromClosedDevice]);
}

#[test]
fn a_revoked_device_and_one_nobody_knows_cannot_even_sign_somebody_in_unseen() {
    check(
        |_| {},
        |shop| {
            let (actor, online) = (ANA, false);
            [STOLEN, DeviceId([0x77; 16])]
                .map(|device| shop.record(ANA, device, None, ActorSignedIn { actor, online }))
        },
        |shop, rules| {
            assert_eq!(rules, [(); 2].map(|()| vec![Rule::LateFromClosedDevice]));
            assert!(
                shop.ledger
                    .exceptions
                    .values()
                    .all(|one| one.order.is_none())
            );
        },
    );
}
