//! Spares: what a lease may take beyond what was promised, and what stays for everybody else.

use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::custody::claim::{LeaseReturned, LeasedPackage};
use domain::custody::escrow::{self, LeaseRefilled};
use domain::custody::exception::Rule;
use domain::custody::receive::PackageListed;
use domain::id::{LeaseId, OrderId};
use domain::order::{Channel, Status};
use domain::quantity::Quantity;
use domain::time::{Day, Millis};

use super::exceptions::pick;
use super::goods::*;
use super::shop::{Shop, check};

pub const LATE_JARS: &str = "1A4FF0300000C57000000103";

/// Forty jars more, younger than all others.
pub fn forty_more(shop: &mut Shop) {
    shop.server(imported(vec![PackageListed {
        received: Day::parse("2026-10-01"),
        ..listed(LATE_JARS, JARS, 40, "C-01-1")
    }]));
}

fn spares(shop: &Shop, lease: LeaseId) -> Vec<(String, u32)> {
    let spares = shop.ledger.leases[&lease].spares.iter();
    spares
        .map(|spare| (spare.tag.to_string(), spare.units))
        .collect()
}

fn free(shop: &Shop, text: &str) -> u32 {
    escrow::free(&shop.ledger, shop.package(text)).whole_units()
}

fn refill(shop: &Shop, lease: LeaseId) -> Option<LeaseRefilled> {
    escrow::refill_for(&shop.ledger, lease, day(TODAY))
}

#[test]
fn a_lease_has_a_spare_from_the_next_oldest_package() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 2), (VAPES, 1)]),
        |shop| shop.takes(ANA, TABLET, &[FIRST]),
        |shop, lease| {
            // Of pens there is no other package.
            assert_eq!(spares(shop, lease), [(NEW_JARS.to_owned(), 1)]);
            assert_eq!(free(shop, NEW_JARS), 9);
        },
    );
}

#[test]
fn of_many_units_a_tenth_is_spare() {
    check(
        |shop| {
            forty_more(shop);
            shop.arrives(FIRST, &[(JARS, 12)]);
        },
        |shop| shop.takes(ANA, TABLET, &[FIRST]),
        |shop, lease| assert_eq!(spares(shop, lease), [(LATE_JARS.to_owned(), 2)]),
    );
}

/// Three orders for one old jar each, on three devices; of new jars `promised` are already somebody's.
fn three_pickers(shop: &mut Shop, promised: u32) -> [LeaseId; 3] {
    for order in [FIRST, SECOND, THIRD] {
        shop.arrives(order, &[(JARS, 1)]);
    }
    shop.arrives(FOURTH, &[(JARS, promised)]);
    [
        (ANA, TABLET, FIRST),
        (BEN, PHONE, SECOND),
        (IVY, COUNTER, THIRD),
    ]
    .map(|(actor, device, order)| shop.takes(actor, device, &[order]))
}

const FOURTH: OrderId = OrderId([0x44; 16]);

#[test]
fn one_package_is_spare_for_several_devices_in_parts() {
    check(
        |_| {},
        |shop| three_pickers(shop, 5),
        |shop, leases| {
            for lease in leases {
                assert_eq!(spares(shop, lease), [(NEW_JARS.to_owned(), 1)]);
            }
            // Five promised, three leased: what is left of ten is for customers who walk in.
            assert_eq!(free(shop, NEW_JARS), 2);
        },
    );
}

#[test]
fn what_is_kept_for_customers_who_walk_in_is_nobodys_spare() {
    check(
        |_| {},
        |shop| three_pickers(shop, 8),
        |shop, [first, second, third]| {
            // Of thirteen jars on the shelves two are kept back.
            assert_eq!(spares(shop, first), []);
            assert_eq!(
                (spares(shop, second), spares(shop, third)),
                (vec![], vec![])
            );
            assert_eq!(free(shop, NEW_JARS), 2);
        },
    );
}

#[test]
fn what_is_leased_as_a_spare_is_promised_to_nobody_else() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.arrives(SECOND, &[(JARS, 10)]),
        |shop, ()| {
            assert_eq!(shop.allocated(SECOND), [(NEW_JARS.to_owned(), 9)]);
            assert_eq!(shop.order(SECOND).status, Status::Short);
        },
    );
}

#[test]
fn who_takes_somebody_elses_spare_without_a_right_has_overdrawn() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.arrives(SECOND, &[(JARS, 9), (JARS, 1)]);
        },
        |shop| {
            let mut done = pick(SECOND, NEW_JARS, "B-04-2", None);
            done.line = 2;
            shop.record(BEN, PHONE, None, done)
        },
        |_, rules| assert_eq!(rules, [Rule::Overdraw, Rule::UnleasedPick]),
    );
}

#[test]
fn spares_come_back_when_the_bag_is_sealed_and_when_the_order_is_given_back() {
    check(
        |shop| {
            for (order, actor, device) in [(FIRST, ANA, TABLET), (SECOND, BEN, PHONE)] {
                shop.arrives(order, &[(JARS, 1)]);
                shop.takes(actor, device, &[order]);
            }
        },
        |shop| {
            let leased = free(shop, NEW_JARS);
            shop.bring(FIRST, Status::Sealed);
            let sealed = free(shop, NEW_JARS);
            let lease = shop.lease(PHONE, SECOND).unwrap().lease;
            let order = SECOND;
            shop.did(BEN, PHONE, SECOND, LeaseReturned { lease, order });
            [leased, sealed, free(shop, NEW_JARS)]
        },
        |_, free| assert_eq!(free, [8, 9, 10]),
    );
}

#[test]
fn a_lease_that_has_used_its_spares_is_refilled_and_one_that_has_not_is_not() {
    check(
        |shop| {
            forty_more(shop);
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let lease = shop.lease(TABLET, FIRST).unwrap().lease;
            let enough = refill(shop, lease);
            // Ana takes a new jar although the old ones are there.
            shop.did(ANA, TABLET, FIRST, pick(FIRST, NEW_JARS, "B-04-2", None));
            let used = spares(shop, lease);
            let more = refill(shop, lease);
            shop.server(more.clone().unwrap());
            let again = refill(shop, lease);
            shop.bring(FIRST, Status::Sealed);
            shop.server(more.clone().unwrap());
            (enough, used, more, again, lease)
        },
        |shop, (enough, used, more, again, lease)| {
            assert_eq!((enough, used, again), (None, vec![], None));
            let one = LeasedPackage::new(tag(NEW_JARS), 1);
            assert_eq!(more.unwrap().spares, [one]);
            // One that came too late is no right.
            assert_eq!(refill(shop, lease), None);
            assert_eq!(free(shop, NEW_JARS), 9);
        },
    );
}

#[test]
fn what_the_server_promises_to_a_leased_order_comes_out_of_its_own_spares_first() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            let missing = domain::custody::short::ShortPicked {
                order: FIRST,
                line: 1,
                tag: tag(OLD_JARS),
                units: 2,
                reason: domain::custody::short::ShortReason::NotThere,
            };
            shop.did(ANA, TABLET, FIRST, missing);
        },
        |shop| shop.allocates(FIRST),
        |shop, ()| {
            let lease = shop.lease(TABLET, FIRST).unwrap().lease;
            assert_eq!(spares(shop, lease), []);
            assert_eq!(shop.reserved(NEW_JARS), 2);
            assert_eq!(free(shop, NEW_JARS), 8);
        },
    );
}

#[test]
fn a_lease_is_refilled_below_thirty_per_cent_of_its_spares_and_not_before() {
    check(
        |shop| {
            shop.server(imported(vec![
                listed(LATE_JARS, JARS, 100, "C-01-1"),
                PackageListed {
                    received: Day::parse("2026-11-01"),
                    ..listed(STRANGE, JARS, 100, "C-01-1")
                },
            ]));
            shop.arrives(FIRST, &[(JARS, 103)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let lease = shop.lease(TABLET, FIRST).unwrap().lease;
            let had = spares(shop, lease);
            let more = (0..9).map(|_| {
                let more = refill(shop, lease);
                shop.did(ANA, TABLET, FIRST, pick(FIRST, NEW_JARS, "B-04-2", None));
                more.map(|more| more.spares[0].units)
            });
            (had, more.collect::<Vec<_>>())
        },
        |_, (had, more)| {
            // A tenth of 103 is eleven: with four left it has enough, with three it has not.
            let expected = [(NEW_JARS.to_owned(), 10), (STRANGE.to_owned(), 1)];
            assert_eq!(had, expected);
            assert_eq!(more[..8], [None; 8]);
            assert_eq!(more[8], Some(8));
        },
    );
}

#[test]
fn an_orders_own_spare_can_be_promised_to_it_when_nothing_else_is_free() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.arrives(SECOND, &[(JARS, 9)]);
            let missing = domain::custody::short::ShortPicked {
                order: FIRST,
                line: 1,
                tag: tag(OLD_JARS),
                units: 3,
                reason: domain::custody::short::ShortReason::NotThere,
            };
            shop.did(ANA, TABLET, FIRST, missing);
        },
        |shop| shop.allocates(FIRST),
        |shop, ()| {
            let expected = [(OLD_JARS.to_owned(), 0), (NEW_JARS.to_owned(), 1)];
            assert_eq!(shop.allocated(FIRST), expected);
        },
    );
}

#[test]
fn an_order_that_left_its_lease_is_promised_none_of_the_spares_it_had_there() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            let lease = shop.takes(ANA, TABLET, &[FIRST, SECOND]);
            let leased: u32 = spares(shop, lease).iter().map(|(_, units)| units).sum();
            shop.arrives(THIRD, &[(JARS, 11 - leased)]);
            // Cancelled, and wanted again after all; the lease goes on with the other order.
            shop.server(OrderCancelled { order: FIRST });
            shop.allocates(THIRD);
        },
        |shop| {
            shop.server(OrderChanged {
                order: FIRST,
                channel: Channel::Pickup,
                promise_start: Millis(0),
                promise_end: Millis(0),
                lines: lines(&[(JARS, 3)]),
                buyer: None,
            });
            shop.allocates(FIRST);
        },
        |shop, ()| {
            // One old jar came free when it was cancelled; the spares are the other order's.
            assert_eq!(shop.allocated(FIRST), [(OLD_JARS.to_owned(), 1)]);
        },
    );
}

#[test]
fn how_much_of_what_is_leased_lies_idle_is_known() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let before = escrow::utilisation(&shop.ledger);
            let picked = shop.picks_next(FIRST);
            let after = escrow::utilisation(&shop.ledger);
            let (order, pick) = (FIRST, picked);
            let undone = domain::custody::pick::PickVoided {
                order,
                pick,
                judged: None,
            };
            shop.did(ANA, TABLET, FIRST, undone);
            (before, after, escrow::utilisation(&shop.ledger))
        },
        |_, (before, after, undone)| {
            assert_eq!((before.granted, before.spent, before.idle()), (4, 0, 4));
            assert_eq!((after.spent, after.idle_permille()), (1, 750));
            assert_eq!(undone, before);
            assert_eq!(escrow::Utilisation::default().idle_permille(), 0);
        },
    );
}

#[test]
fn promises_and_spares_together_are_never_more_than_the_shelf_has() {
    check(
        |_| {},
        |shop| three_pickers(shop, 6),
        |shop, _| {
            let package = shop.package(NEW_JARS);
            let leases = shop.ledger.leases.values();
            let leased = leases.map(|lease| escrow::spare_left(lease, &package.tag));
            let leased = Quantity::units(leased.sum());
            assert!(package.reserved + leased <= package.on_shelves());
        },
    );
}
