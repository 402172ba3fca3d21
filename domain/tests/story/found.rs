//! What was reported missing is there after all.

use domain::custody::agree::{self, Asked};
use domain::custody::claim::LeaseReturned;
use domain::custody::found::{self, ShortWithdrawn, reports};
use domain::custody::hold::{Held, HoldReason, StockHeld};
use domain::custody::passed_over::still_there;
use domain::custody::pick::{decide_void, next_target};
use domain::custody::short::{self, ShortReason};
use domain::custody::tell::{self, MessageSent, Word};
use domain::id::{ActorId, DeviceId, EventId, OrderId};
use domain::ledger::Ledger;
use domain::order::{Concern, Status};
use domain::verdict::{Reason, Verdict};

use super::escrow::{LATE_JARS, forty_more};
use super::goods::*;
use super::shop::{Shop, check};

/// Ana cannot find what is left of a package for the first order. Returns the report.
fn misses(shop: &mut Shop, text: &str) -> EventId {
    let situation = shop.situation(ANA, TABLET);
    let reason = ShortReason::NotThere;
    let verdict = short::decide(&shop.ledger, &situation, FIRST, &tag(text), reason);
    shop.does(ANA, TABLET, verdict)
}

fn says_found(shop: &Shop, (actor, device): (ActorId, DeviceId), report: EventId) -> Verdict {
    let situation = shop.situation(actor, device);
    found::decide(&shop.ledger, &situation, FIRST, report)
}

fn finds(shop: &mut Shop, report: EventId) {
    let verdict = says_found(shop, (ANA, TABLET), report);
    shop.does(ANA, TABLET, verdict);
}

fn scans(shop: &Shop, text: &str) -> Verdict {
    shop.picks(ANA, TABLET, FIRST, &package(text))
}

fn target(shop: &Shop) -> Option<(String, u32)> {
    let target = next_target(&shop.ledger, shop.order(FIRST))?;
    Some((target.package.tag.to_string(), target.units))
}

fn open_reports(shop: &Shop) -> Vec<(EventId, u32)> {
    let all = reports(shop.order(FIRST)).into_iter();
    all.map(|one| (one.report, one.units)).collect()
}

/// The ledger with nothing marked as touched.
fn as_it_is(shop: &Shop) -> Ledger {
    let mut ledger = shop.ledger.clone();
    ledger.take_touched();
    ledger
}

fn three_jars(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 3)]);
    shop.takes(ANA, TABLET, &[FIRST]);
}

#[test]
fn a_report_undone_leaves_all_as_it_was() {
    check(
        |shop| {
            three_jars(shop);
            shop.picks_next(FIRST);
        },
        |shop| {
            let before = as_it_is(shop);
            let report = misses(shop, OLD_JARS);
            let changed = as_it_is(shop) != before;
            finds(shop, report);
            (before, changed)
        },
        |shop, (before, changed)| {
            assert!(changed);
            assert!(as_it_is(shop) == before);
        },
    );
}

#[test]
fn what_was_promised_instead_is_given_back_and_the_older_package_is_fetched() {
    check(
        |shop| {
            three_jars(shop);
            let before = shop.allocated(FIRST);
            let report = misses(shop, OLD_JARS);
            shop.allocates(FIRST);
            assert_eq!(target(shop), Some((NEW_JARS.to_owned(), 3)));
            finds(shop, report);
            assert_eq!(shop.allocated(FIRST), before);
        },
        |shop| shop.bring(FIRST, Status::HandedOver),
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 0);
            assert_eq!(shop.at(NEW_JARS, &shelf("B-04-2")), 10);
            assert_eq!(shop.reserved(NEW_JARS), 0);
            assert!(still_there(&shop.ledger).is_empty());
        },
    );
}

#[test]
fn what_was_taken_instead_stays_taken_and_was_passed_over() {
    check(
        |shop| {
            three_jars(shop);
            misses(shop, OLD_JARS);
            shop.allocates(FIRST);
            shop.picks_next(FIRST);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            finds(shop, report);
            report
        },
        |shop, report| {
            assert_eq!(target(shop), Some((OLD_JARS.to_owned(), 2)));
            assert_eq!(shop.order(FIRST).picked_of(1, &tag(NEW_JARS)), 1);
            assert_eq!(shop.reserved(NEW_JARS), 0);
            // One unit of the younger is in the tote, and one of the report stands.
            assert_eq!(open_reports(shop), [(report, 1)]);
            assert_eq!(still_there(&shop.ledger)[0].units, 1);
            let again = says_found(shop, (ANA, TABLET), report);
            assert_eq!(reason(&again), Reason::LineComplete);
            // Once the younger is put back, the rest of it can be undone too.
            let mut shop = shop.clone();
            let pick = shop.order(FIRST).picks[0].event;
            let situation = shop.situation(ANA, TABLET);
            let undo = decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, undo);
            finds(&mut shop, report);
            assert_eq!(shop.allocated(FIRST), [(OLD_JARS.to_owned(), 3)]);
            assert_eq!(open_reports(&shop), []);
            assert_eq!(shop.order(FIRST).concerns, []);
            assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), (3, 0));
        },
    );
}

#[test]
fn to_scan_what_was_reported_missing_is_to_find_it() {
    check(
        |shop| {
            three_jars(shop);
            shop.picks_next(FIRST);
            misses(shop, OLD_JARS);
            shop.allocates(FIRST);
        },
        |shop| {
            let scanned = scans(shop, OLD_JARS);
            let order = shop.order(FIRST).clone();
            let situation = shop.situation(ANA, TABLET);
            let report = found::of_scan(&shop.ledger, &situation, &order, &tag(OLD_JARS)).unwrap();
            finds(shop, report);
            let taken = scans(shop, OLD_JARS);
            shop.does(ANA, TABLET, taken);
            scanned
        },
        |shop, scanned| {
            assert_eq!(reason(&scanned), Reason::FoundAfterAll);
            assert_eq!(refused(&scanned).scanned, Some(tag(OLD_JARS)));
            assert_eq!(shop.order(FIRST).picked_of(1, &tag(OLD_JARS)), 2);
            assert_eq!(target(shop), Some((OLD_JARS.to_owned(), 1)));
        },
    );
}

#[test]
fn what_somebody_else_was_promised_meanwhile_does_not_come_back() {
    check(
        |shop| {
            three_jars(shop);
            misses(shop, OLD_JARS);
            shop.arrives(SECOND, &[(JARS, 2)]);
            assert_eq!(shop.allocated(SECOND), [(OLD_JARS.to_owned(), 2)]);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            finds(shop, report);
            report
        },
        |shop, report| {
            assert_eq!(shop.allocated(FIRST), [(OLD_JARS.to_owned(), 1)]);
            assert_eq!(open_reports(shop), [(report, 2)]);
            assert_eq!(shop.reserved(OLD_JARS), 3);
        },
    );
}

#[test]
fn what_the_customer_does_without_is_settled_whatever_is_found() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            misses(shop, PENS);
            let situation = shop.situation(ANA, TABLET);
            let verdict = agree::decide(&shop.ledger, &situation, FIRST, Asked::ByPhone);
            shop.does(ANA, TABLET, verdict);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            [scans(shop, PENS), says_found(shop, (ANA, TABLET), report)]
                .map(|verdict| reason(&verdict))
        },
        |shop, reasons| {
            assert_eq!(reasons, [Reason::LineComplete; 2]);
            let line = &shop.order(FIRST).lines[0];
            assert_eq!((line.short, line.done_without), (2, Some(2)));
        },
    );
}

#[test]
fn what_stood_in_beside_it_gives_way_and_what_was_settled_stays_settled() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 5)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            misses(shop, NEW_JARS);
            let situation = shop.situation(ANA, TABLET);
            let verdict = agree::decide(&shop.ledger, &situation, FIRST, Asked::ByPhone);
            shop.does(ANA, TABLET, verdict);
            forty_more(shop);
        },
        |shop| {
            let report = misses(shop, OLD_JARS);
            shop.allocates(FIRST);
            finds(shop, report);
        },
        |shop, ()| {
            let line = &shop.order(FIRST).lines[0];
            assert_eq!((line.short, line.done_without), (2, Some(2)));
            assert_eq!(target(shop), Some((OLD_JARS.to_owned(), 3)));
            assert_eq!(shop.reserved(LATE_JARS), 0);
        },
    );
}

#[test]
fn the_question_to_the_customer_is_taken_back_unless_somebody_has_seen_to_it() {
    for is_seen in [false, true] {
        check(
            |shop| {
                shop.arrives(FIRST, &[(VAPES, 1)]);
                shop.takes(ANA, TABLET, &[FIRST]);
                let report = misses(shop, PENS);
                let situation = shop.situation(ANA, TABLET);
                let asks = tell::decide_short(&shop.ledger, &situation, FIRST);
                let message = shop.does(ANA, TABLET, asks);
                if is_seen {
                    let seen = tell::decide_seen(&shop.ledger, &situation, FIRST, message);
                    shop.does(ANA, TABLET, seen);
                }
                finds(shop, report);
            },
            |shop| tell::messages(shop.order(FIRST)).count(),
            |shop, messages| {
                assert_eq!(messages, usize::from(is_seen));
                assert_eq!(shop.order(FIRST).status, Status::Claimed);
                assert_eq!(shop.order(FIRST).concerns, []);
            },
        );
    }
}

#[test]
fn the_question_stays_while_another_line_lacks_units() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 1), (GUMMIES, 6)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            misses(shop, GUMS);
            shop.did(ANA, TABLET, FIRST, MessageSent::of(FIRST, Word::ItemShort));
            let report = misses(shop, PENS);
            finds(shop, report);
        },
        |shop| tell::open(shop.order(FIRST)).count(),
        |shop, open| {
            assert_eq!(open, 1);
            assert_eq!(shop.order(FIRST).concerns, [Concern::Missing]);
            assert_eq!(shop.order(FIRST).lines[1].short, 6);
        },
    );
}

#[test]
fn of_two_reports_about_one_package_each_is_undone_by_itself() {
    check(
        |shop| {
            three_jars(shop);
            let pick = shop.picks_next(FIRST);
            misses(shop, OLD_JARS);
            let situation = shop.situation(ANA, TABLET);
            let undo = decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, undo);
            misses(shop, OLD_JARS);
        },
        |shop| {
            let mut came = Vec::new();
            while let Some((report, units)) = open_reports(shop).first().copied() {
                finds(shop, report);
                came.push((units, shop.allocated(FIRST)[0].1));
            }
            came
        },
        |shop, came| {
            assert_eq!(came, [(1, 1), (2, 3)]);
            assert_eq!(shop.order(FIRST).lines[0].allocations[0].missing, None);
        },
    );
}

#[test]
fn a_spare_that_is_found_is_offered_again() {
    check(
        |shop| {
            forty_more(shop);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.offline = true;
            misses(shop, OLD_JARS);
        },
        |shop| {
            let before = as_it_is(shop);
            let report = misses(shop, NEW_JARS);
            let without = target(shop);
            finds(shop, report);
            (before, without)
        },
        |shop, (before, without)| {
            assert_eq!(without, None);
            assert_eq!(target(shop), Some((NEW_JARS.to_owned(), 1)));
            assert!(as_it_is(shop) == before);
            // Where the server has filled the line from elsewhere, what is found is one too many.
            let mut shop = shop.clone();
            misses(&mut shop, NEW_JARS);
            shop.offline = false;
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::Picked);
            assert_eq!(reason(&scans(&shop, NEW_JARS)), Reason::LineComplete);
        },
    );
}

#[test]
fn nobody_undoes_somebody_elses_report_or_without_the_right_or_twice() {
    check(
        |shop| {
            three_jars(shop);
            misses(shop, OLD_JARS);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            let mut said = [(BEN, PHONE), (FAY, TABLET)]
                .map(|who| reason(&says_found(shop, who, report)))
                .to_vec();
            let unknown = says_found(shop, (ANA, TABLET), EventId([9; 16]));
            said.push(reason(&unknown));
            finds(shop, report);
            said.push(reason(&says_found(shop, (ANA, TABLET), report)));
            said
        },
        |_, said| {
            let expected = [
                Reason::SomebodyElses,
                Reason::NotYourRole,
                Reason::NotYet,
                Reason::NotYet,
            ];
            assert_eq!(said, expected);
        },
    );
}

#[test]
fn a_closed_bag_is_not_opened_by_what_is_found() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            misses(shop, PENS);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let before = as_it_is(shop);
            let report = shop.order(FIRST).lines[0].allocations[0].missed.unwrap();
            let said = says_found(shop, (ANA, TABLET), report.event);
            let rules = shop.did(ANA, TABLET, FIRST, withdrawn(FIRST, report.event));
            (before, reason(&said), rules)
        },
        |shop, (before, said, rules)| {
            assert_eq!((said, rules), (Reason::NotYet, Vec::new()));
            assert!(as_it_is(shop) == before);
        },
    );
}

fn withdrawn(order: OrderId, report: EventId) -> ShortWithdrawn {
    ShortWithdrawn {
        order,
        line: 1,
        tag: tag(PENS),
        report,
    }
}

#[test]
fn what_is_on_hold_by_now_is_not_promised_again() {
    check(
        |shop| {
            three_jars(shop);
            misses(shop, OLD_JARS);
            let held = StockHeld {
                what: Held::Package(tag(OLD_JARS)),
                reason: HoldReason::Recall,
                note: None,
            };
            shop.record(CLEO, COUNTER, None, held);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            let said = says_found(shop, (ANA, TABLET), report);
            // Her tablet had not heard of it.
            let done = ShortWithdrawn {
                tag: tag(OLD_JARS),
                ..withdrawn(FIRST, report)
            };
            shop.did(ANA, TABLET, FIRST, done);
            said
        },
        |shop, said| {
            assert_eq!(reason(&said), Reason::OnHold);
            assert_eq!(shop.reserved(OLD_JARS), 0);
            assert_eq!(open_reports(shop).len(), 1);
        },
    );
}

#[test]
fn what_is_found_once_the_bench_has_begun_is_fetched_and_all_is_checked_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            misses(shop, PENS);
            shop.bring(FIRST, Status::Verified);
        },
        |shop| {
            let (report, _) = open_reports(shop)[0];
            let claim = shop.order(FIRST).claim.clone().unwrap();
            let verdict = says_found(shop, (ANA, claim.device), report);
            shop.does(ANA, claim.device, verdict);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, order.ticket_read), (Status::Picking, false));
            assert_eq!((order.units_due(), order.units_verified()), (2, 0));
            let mut shop = shop.clone();
            shop.bring(FIRST, Status::HandedOver);
            assert_eq!(shop.order(FIRST).units_picked(), 2);
        },
    );
}

#[test]
fn what_was_found_before_its_order_was_leased_anew_is_a_right_of_that_lease() {
    check(
        |shop| {
            three_jars(shop);
            misses(shop, OLD_JARS);
            shop.allocates(FIRST);
            let lease = shop.lease(TABLET, FIRST).unwrap().lease;
            let order = FIRST;
            shop.did(ANA, TABLET, FIRST, LeaseReturned { lease, order });
        },
        |shop| {
            let lease = shop.takes(ANA, TABLET, &[FIRST]);
            let (report, _) = open_reports(shop)[0];
            finds(shop, report);
            lease
        },
        |shop, lease| {
            let rights = shop.ledger.leases[&lease].packages.iter();
            let old = rights.filter(|right| right.tag == tag(OLD_JARS));
            assert_eq!(old.map(|right| right.units).sum::<u32>(), 3);
        },
    );
}
