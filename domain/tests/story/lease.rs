//! The right to work orders without a network.

use domain::custody::arrive::OrderCancelled;
use domain::custody::claim::{self, LeaseReturned, LeasedOrder, LeasedPackage};
use domain::id::{DeviceId, LeaseId};
use domain::order::Status;
use domain::verdict::Reason;

use super::goods::*;
use super::shop::{Shop, check};

fn leased(text: &str, units: u32) -> LeasedPackage {
    LeasedPackage::new(tag(text), units)
}

fn give_back(shop: &Shop) -> LeaseReturned {
    let order = FIRST;
    let claim = shop.order(order).claim.as_ref().unwrap();
    let lease = claim.lease.unwrap();
    LeaseReturned { lease, order }
}

#[test]
fn a_lease_names_the_orders_and_what_has_still_to_be_fetched_for_them() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 5)]);
            shop.arrives(SECOND, &[(GUMMIES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| shop.takes(ANA, TABLET, &[FIRST, SECOND]),
        |shop, id| {
            let lease = &shop.ledger.leases[&id];
            assert_eq!(
                (lease.actor, lease.device, lease.generation),
                (ANA, TABLET, 1)
            );
            let order = |order, fence| LeasedOrder { order, fence };
            assert_eq!(lease.orders, [order(FIRST, 2), order(SECOND, 1)]);
            let expected = [leased(OLD_JARS, 2), leased(NEW_JARS, 2), leased(GUMS, 2)];
            assert_eq!(lease.packages, expected);
        },
    );
}

#[test]
fn every_grant_raises_the_fence() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let fences = (0..3).map(|_| {
                shop.takes(ANA, TABLET, &[FIRST]);
                let order = shop.order(FIRST);
                (order.fence, order.claim.as_ref().unwrap().fence)
            });
            fences.collect::<Vec<_>>()
        },
        |_, fences| assert_eq!(fences, [(1, 1), (2, 2), (3, 3)]),
    );
}

#[test]
fn of_several_orders_those_that_can_be_had_are_granted() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(BEN, PHONE, &[SECOND]);
        },
        |shop| {
            let situation = shop.situation(ANA, TABLET);
            let wanted = [FIRST, SECOND, THIRD];
            claim::lease_for(&shop.ledger, &situation, LeaseId([1; 16]), &wanted)
        },
        |_, (lease, refused)| {
            assert_eq!(lease.unwrap().orders.len(), 1);
            let refused: Vec<_> = refused
                .iter()
                .map(|(order, refusal)| (*order, refusal.reason, refusal.holder))
                .collect();
            let expected = [
                (SECOND, Reason::SomebodyElses, Some(BEN)),
                (THIRD, Reason::Unknown, None),
            ];
            assert_eq!(refused, expected);
        },
    );
}

#[test]
fn when_nothing_can_be_had_there_is_no_lease() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            let order = FIRST;
            shop.server(OrderCancelled { order });
        },
        |shop| {
            let situation = shop.situation(ANA, TABLET);
            claim::lease_for(&shop.ledger, &situation, LeaseId([1; 16]), &[FIRST])
        },
        |_, (lease, refused)| {
            assert_eq!(lease, None);
            assert_eq!(refused[0].1.reason, Reason::OrderCancelled);
        },
    );
}

#[test]
fn an_order_given_back_is_free_and_what_was_picked_stays_in_the_tote() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            let rules = shop.did(ANA, TABLET, FIRST, give_back(shop));
            shop.takes(BEN, PHONE, &[FIRST]);
            rules
        },
        |shop, rules| {
            assert_eq!(rules, []);
            let order = shop.order(FIRST);
            assert_eq!((order.units_picked(), order.status), (1, Status::Picking));
            let rest = shop.ledger.leases.values().map(|lease| lease.orders.len());
            assert_eq!(rest.collect::<Vec<_>>(), [0, 1]);
            assert_eq!(order.claim.as_ref().unwrap().actor, BEN);
        },
    );
}

#[test]
fn nobody_gives_back_somebody_elses_order() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            shop.did(BEN, PHONE, FIRST, give_back(shop));
            shop.did(BEN, DeviceId([0x77; 16]), FIRST, give_back(shop));
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, ANA);
            assert_eq!(shop.ledger.leases.values().next().unwrap().orders.len(), 1);
        },
    );
}

#[test]
fn the_server_can_end_a_lease() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.server(give_back(shop)),
        |shop, _| {
            assert_eq!(shop.order(FIRST).claim, None);
            assert_eq!(shop.order(FIRST).status, Status::Ready);
        },
    );
}
