//! Two tablets and one last unit, both without a network: impossible to sell it twice under leases, visible
//! without them.

use domain::custody::claim;
use domain::custody::exception::Rule;
use domain::custody::resolve::Decision;
use domain::custody::short::{self, ShortReason};
use domain::id::{ActorId, DeviceId, LeaseId, OrderId};
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::{Reason, Verdict};

use super::exceptions::pick;
use super::goods::*;
use super::settling::settles;
use super::shop::{Shop, check};

/// One pen is left, and two customers want it.
fn one_pen_left(shop: &mut Shop) {
    shop.arrives(THIRD, &[(VAPES, 3)]);
    shop.bring(THIRD, Status::HandedOver);
    for order in [FIRST, SECOND] {
        shop.arrives(order, &[(VAPES, 1)]);
    }
}

#[test]
fn under_leases_the_last_unit_is_in_one_lease_and_the_other_tablet_does_not_take_it() {
    check(
        one_pen_left,
        |shop| {
            shop.takes(ANA, TABLET, &[FIRST]);
            let situation = shop.situation(BEN, PHONE);
            let (lease, _) =
                claim::lease_for(&shop.ledger, &situation, LeaseId([1; 16]), &[SECOND]);
            shop.offline = true;
            let by_ben = shop.picks(BEN, PHONE, SECOND, &package(PENS));
            let by_ana = shop.picks(ANA, TABLET, FIRST, &package(PENS));
            shop.does(ANA, TABLET, by_ana);
            (lease, by_ben)
        },
        |shop, (lease, by_ben)| {
            assert_eq!(lease, None);
            refused(&by_ben);
            assert!(shop.ledger.exceptions.is_empty());
            assert_eq!(shop.at(PENS, &Place::Tote(FIRST)), 1);
        },
    );
}

fn misses(shop: &Shop, actor: ActorId, device: DeviceId, order: OrderId) -> Verdict {
    let situation = shop.situation(actor, device);
    short::decide(
        &shop.ledger,
        &situation,
        order,
        &tag(OLD_JARS),
        ShortReason::NotThere,
    )
}

#[test]
fn under_leases_the_last_spare_is_in_one_lease_too() {
    check(
        |shop| {
            for order in [FIRST, SECOND] {
                shop.arrives(order, &[(JARS, 1)]);
            }
            // Of new jars three are free: two are kept for customers who walk in, one can be a spare.
            shop.arrives(THIRD, &[(JARS, 8)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.takes(BEN, PHONE, &[SECOND]);
        },
        |shop| {
            shop.offline = true;
            // Each tablet goes by what it knew when the network went.
            let [mut on_tablet, mut on_phone] = [shop.clone(), shop.clone()];
            let mut acts = Vec::new();
            let all = [
                (&mut on_tablet, ANA, TABLET, FIRST),
                (&mut on_phone, BEN, PHONE, SECOND),
            ];
            let told = all.map(|(seen, actor, device, order)| {
                let missed = accepted(misses(seen, actor, device, order));
                acts.push((actor, device, order, missed.clone()));
                seen.did(actor, device, order, missed);
                let verdict = seen.picks(actor, device, order, &package(NEW_JARS));
                if let Verdict::Accepted(body) = &verdict {
                    acts.push((actor, device, order, body.clone()));
                }
                verdict
            });
            // The network is back: everything arrives.
            for (actor, device, order, body) in acts {
                assert_eq!(shop.did(actor, device, order, body), []);
            }
            told
        },
        |shop, [on_tablet, on_phone]| {
            accepted(on_tablet);
            assert_eq!(reason(&on_phone), Reason::NotYet);
            assert!(shop.ledger.exceptions.is_empty());
            let package = shop.package(NEW_JARS);
            assert_eq!(package.at(&Place::Disputed), Quantity::ZERO);
        },
    );
}

#[test]
fn without_leases_the_second_of_two_takers_is_seen_and_waits_for_a_manager() {
    check(
        one_pen_left,
        |shop| {
            let by_ana = pick(FIRST, PENS, "C-01-1", None);
            let by_ben = pick(SECOND, PENS, "C-01-1", None);
            let first = shop.record(ANA, TABLET, None, by_ana);
            let second = shop.record(BEN, PHONE, None, by_ben);
            shop.bring(FIRST, Status::Staged);
            shop.bring(SECOND, Status::Staged);
            (first, second)
        },
        |shop, (first, second)| {
            assert_eq!(first, [Rule::UnleasedPick]);
            assert_eq!(second, [Rule::Overdraw, Rule::UnleasedPick]);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
            let verdict = shop.hands_over(FAY, &label_of(shop.order(SECOND)));
            assert_eq!(reason(&verdict), Reason::WaitsForManager);
            assert_eq!(shop.package(PENS).at(&Place::Disputed), -Quantity::ONE);
        },
    );
}

#[test]
fn without_leases_the_bag_that_came_second_is_opened_by_a_manager_and_the_record_is_whole_again() {
    check(
        |shop| {
            one_pen_left(shop);
            for (actor, device, order) in [(ANA, TABLET, FIRST), (BEN, PHONE, SECOND)] {
                shop.record(actor, device, None, pick(order, PENS, "C-01-1", None));
                shop.bring(order, Status::Staged);
            }
        },
        |shop| settles(shop, IVY, Rule::Overdraw, Decision::ReturnToStock),
        |shop, ()| {
            assert_eq!(shop.package(PENS).at(&Place::Disputed), Quantity::ZERO);
            let second = shop.order(SECOND);
            assert_eq!((second.units_picked(), &second.slot), (0, &None));
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}
