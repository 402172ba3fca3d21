//! Handing over without a network: only what was granted, and only where nothing waits.

use domain::custody::alarm::AlarmRaised;
use domain::custody::break_lease;
use domain::custody::claim::LeaseGranted;
use domain::custody::exception::Rule;
use domain::custody::hand_off;
use domain::custody::set_up::DeviceEnrolled;
use domain::facility::Device;
use domain::id::{LeaseId, OrderId};
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::exceptions::two_orders;
use super::goods::*;
use super::settling::does;
use super::shop::{Shop, check};

const GRANT: LeaseId = LeaseId([7; 16]);

fn staged(shop: &mut Shop) {
    two_orders(shop);
    for order in [FIRST, SECOND] {
        shop.bring(order, Status::Staged);
    }
}

/// The counter gets the first bag for the hours without a network.
fn granted(shop: &mut Shop) {
    staged(shop);
    let situation = shop.situation(FAY, COUNTER);
    let (lease, refused) = hand_off::grant(&shop.ledger, &situation, GRANT, &[FIRST]);
    assert_eq!(refused, []);
    shop.server(LeaseGranted {
        lease: lease.unwrap(),
    });
}

fn offline(shop: &mut Shop, order: OrderId) -> Verdict {
    shop.offline = true;
    shop.hands_over(FAY, &label_of(shop.order(order)))
}

#[test]
fn without_the_servers_latest_word_only_a_granted_bag_goes() {
    check(
        granted,
        |shop| [offline(shop, FIRST), offline(shop, SECOND)],
        |_, [first, second]| {
            accepted(first);
            assert_eq!(reason(&second), Reason::NeedsServer);
        },
    );
}

#[test]
fn a_grant_takes_no_order_and_no_goods_from_anybody() {
    check(
        granted,
        |_| {},
        |shop, ()| {
            let lease = &shop.ledger.leases[&GRANT];
            assert!(!lease.is_in_force() && lease.packages.is_empty());
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, ANA);
            let (orders, _) = domain::custody::exception::subjects(
                &LeaseGranted {
                    lease: lease.clone(),
                }
                .into(),
            );
            assert_eq!(orders, [FIRST]);
        },
    );
}

#[test]
fn a_bag_that_waits_for_a_manager_is_not_granted_and_does_not_go_when_it_was() {
    check(
        granted,
        |shop| {
            let mut alarm = AlarmRaised::about(Rule::ChainGap, TABLET);
            alarm.orders = vec![FIRST, SECOND];
            shop.server(alarm);
            let situation = shop.situation(FAY, COUNTER);
            let (lease, refused) =
                hand_off::grant(&shop.ledger, &situation, LeaseId([8; 16]), &[SECOND, THIRD]);
            assert_eq!(lease, None);
            let refused = refused.into_iter().map(|(_, refusal)| refusal.reason);
            (refused.collect::<Vec<_>>(), offline(shop, FIRST))
        },
        |_, (refused, verdict)| {
            assert_eq!(refused, [Reason::WaitsForManager, Reason::Unknown]);
            assert_eq!(reason(&verdict), Reason::WaitsForManager);
        },
    );
}

#[test]
fn who_may_not_hand_over_gets_no_grant() {
    check(
        staged,
        |shop| {
            let situation = shop.situation(ANA, TABLET);
            hand_off::grant(&shop.ledger, &situation, GRANT, &[FIRST])
        },
        |_, (lease, refused)| {
            assert_eq!(lease, None);
            assert_eq!(refused[0].1.reason, Reason::NotYourRole);
        },
    );
}

#[test]
fn a_grant_is_over_when_a_manager_breaks_it_or_its_device_is_enrolled_anew() {
    check(
        granted,
        |shop| {
            let mut anew = shop.clone();
            let device = Device {
                generation: 2,
                ..device(COUNTER)
            };
            anew.server(DeviceEnrolled::from(device));
            let verdict = break_lease::decide(&shop.ledger, &shop.situation(IVY, PHONE), FIRST);
            does(shop, IVY, verdict);
            [offline(shop, FIRST), offline(&mut anew, FIRST)]
        },
        |_, verdicts| assert_eq!(verdicts.map(|one| reason(&one)), [Reason::NeedsServer; 2]),
    );
}
