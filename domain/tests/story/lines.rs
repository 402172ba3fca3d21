//! The pack station counts by the order's lines, not by what happens to lie in the tote.

use domain::code::own::OwnKind;
use domain::custody::lines::{self, Row};
use domain::order::Status;
use domain::verdict::{Reason, Refusal, Verdict};

use super::exceptions::pick;
use super::goods::*;
use super::shop::{Shop, check};

/// Two jars and a tin are ordered; the tablet recorded these picks while it knew nothing better.
fn in_the_tote(shop: &mut Shop, picked: &[(u16, &str, &str)]) {
    shop.arrives(FIRST, &[(JARS, 2), (GUMMIES, 1)]);
    shop.takes(ANA, TABLET, &[FIRST]);
    for (line, tag, from) in picked {
        let mut done = pick(FIRST, tag, from, None);
        done.line = *line;
        shop.did(ANA, TABLET, FIRST, done);
    }
}

fn reads_ticket(shop: &Shop) -> Verdict {
    let ticket = own(OwnKind::Ticket, &shop.order(FIRST).ticket_id());
    shop.verifies(FIRST, &ticket)
}

fn counted(shop: &Shop) -> Vec<(u16, u32, u32)> {
    let count = |row: Row| (row.line, row.due, row.picked);
    let rows = lines::rows(&shop.ledger, shop.order(FIRST));
    rows.into_iter().map(count).collect()
}

const JAR: (u16, &str, &str) = (1, OLD_JARS, "A-01-1");
const TIN: (u16, &str, &str) = (2, GUMS, "A-02-1");

#[test]
fn a_jar_too_many_does_not_stand_for_the_tin_nobody_picked() {
    check(
        |shop| in_the_tote(shop, &[JAR, JAR, JAR]),
        |shop| {
            let unit = shop.verifies(FIRST, &package(OLD_JARS));
            let ticket = reads_ticket(shop);
            let named = |verdict: &Verdict| -> (Reason, String) {
                let Refusal {
                    reason, expected, ..
                } = refused(verdict);
                (*reason, expected.as_ref().unwrap().to_string())
            };
            let first = [unit, ticket].map(|verdict| named(&verdict));
            // Ana undoes one of them, and is sent for the tin.
            let last = shop.order(FIRST).picks[2].event;
            let undo = domain::custody::pick::decide_void(
                &shop.ledger,
                &shop.situation(ANA, TABLET),
                FIRST,
                last,
            );
            shop.does(ANA, TABLET, undo);
            let after = (shop.order(FIRST).status, counted(shop));
            shop.picks_next(FIRST);
            shop.verifies_all(FIRST);
            (first, after)
        },
        |shop, (first, (status, after))| {
            assert_eq!(
                first.map(|(reason, tag)| (reason, tag == OLD_JARS)),
                [const { (Reason::LineTooMany, true) }; 2]
            );
            assert_eq!(status, Status::Picking);
            assert_eq!(after, [(1, 2, 2), (2, 1, 0)]);
            assert_eq!(counted(shop), [(1, 2, 2), (2, 1, 1)]);
            assert_eq!(shop.order(FIRST).status, Status::Verified);
        },
    );
}

#[test]
fn what_is_picked_beyond_the_order_is_named_although_nothing_is_missing() {
    check(
        |shop| in_the_tote(shop, &[JAR, JAR, TIN, TIN]),
        |shop| reads_ticket(shop),
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::LineTooMany);
            let named = refused(&verdict).expected.as_ref();
            assert_eq!(named.unwrap().as_str(), GUMS);
            assert_eq!(counted(shop), [(1, 2, 2), (2, 1, 2)]);
        },
    );
}

#[test]
fn another_product_on_a_line_fills_nothing_of_it() {
    check(
        |shop| in_the_tote(shop, &[JAR, JAR, (2, PENS, "C-01-1")]),
        |shop| (reads_ticket(shop), counted(shop)),
        |_, (verdict, counted)| {
            assert_eq!(reason(&verdict), Reason::LineTooMany);
            assert_eq!(refused(&verdict).expected.as_ref().unwrap().as_str(), PENS);
            assert_eq!(counted, [(1, 2, 2), (2, 1, 0), (2, 0, 1)]);
        },
    );
}

#[test]
fn a_pick_that_comes_in_late_stops_a_bag_whose_ticket_was_read() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2), (GUMMIES, 1)]);
            shop.bring(FIRST, Status::Verified);
        },
        |shop| {
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
            let status = shop.order(FIRST).status;
            (status, reason(&shop.verifies(FIRST, &package(OLD_JARS))))
        },
        |_, found| assert_eq!(found, (Status::Verifying, Reason::LineTooMany)),
    );
}
