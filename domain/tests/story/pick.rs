//! From the shelf into the tote, one unit at a time.

use domain::code::gtin::{Gtin, Scheme};
use domain::code::own::OwnKind;
use domain::code::{Code, Grade};
use domain::custody::arrive::OrderCancelled;
use domain::custody::pick::next_target;
use domain::custody::receive::PackageListed;
use domain::custody::scan::Scan;
use domain::event::Body;
use domain::facility::LocationCode;
use domain::order::Status;
use domain::stock::{LabStatus, Place};
use domain::verdict::{Reason, Refusal, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

/// Ana has an order for two jars and one box of gummies, and scans something.
#[track_caller]
fn ana_scans(scan: &Scan, then: impl FnOnce(&Shop, Verdict)) {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2), (GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.picks(ANA, TABLET, FIRST, scan),
        then,
    );
}

/// Ana scans something and is refused: these are the facts the screen gets.
#[track_caller]
fn ana_is_refused(scan: &Scan, expected: Refusal) {
    ana_scans(scan, |_, verdict| assert_eq!(*refused(&verdict), expected));
}

fn instead(text: &str, location: &str, refusal: Refusal) -> Refusal {
    Refusal {
        expected: Some(tag(text)),
        location: Some(LocationCode::new(location)),
        ..refusal
    }
}

fn because(reason: Reason, scanned: &str) -> Refusal {
    Refusal {
        scanned: Some(tag(scanned)),
        ..Refusal::because(reason)
    }
}

#[test]
fn the_right_package_puts_a_unit_into_the_tote() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.picks_next(FIRST),
        |shop, event| {
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(FIRST)), 1);
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 2);
            assert_eq!(shop.reserved(OLD_JARS), 1);
            let order = shop.order(FIRST);
            let pick = &order.picks[0];
            assert_eq!(
                (pick.event, pick.line, pick.grade),
                (event, 1, Grade::Package)
            );
            assert_eq!((order.status, order.units_picked()), (Status::Picking, 1));
        },
    );
}

#[test]
fn a_units_own_code_is_kept_with_the_pick() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let verdict = shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7));
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| {
            let pick = &shop.order(FIRST).picks[0];
            assert_eq!((pick.unit, pick.grade), (Some(7), Grade::Unit));
            assert!(shop.package(OLD_JARS).has_taken(7));
        },
    );
}

#[test]
fn the_walk_goes_from_shelf_to_shelf_and_not_from_line_to_line() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 1), (JARS, 1), (GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let mut walk = Vec::new();
            while let Some(target) = next_target(&shop.ledger, shop.order(FIRST)) {
                walk.push(target.package.shelf().unwrap().to_string());
                shop.picks_next(FIRST);
            }
            walk
        },
        |shop, walk| {
            assert_eq!(walk, ["A-01-1", "A-02-1", "C-01-1"]);
            assert_eq!(shop.order(FIRST).status, Status::Picked);
        },
    );
}

#[test]
fn another_batch_of_the_right_product_is_refused_and_the_right_one_named_with_its_shelf() {
    let refusal = because(Reason::WrongBatch, NEW_JARS);
    ana_is_refused(&package(NEW_JARS), instead(OLD_JARS, "A-01-1", refusal));
}

#[test]
fn a_package_of_another_product_is_refused_and_the_next_one_named() {
    let refusal = because(Reason::NotOnThisOrder, PENS);
    ana_is_refused(&package(PENS), instead(OLD_JARS, "A-01-1", refusal));
}

#[test]
fn a_tag_nobody_knows_is_refused() {
    let refusal = because(Reason::TagNotKnown, STRANGE);
    ana_is_refused(&package(STRANGE), instead(OLD_JARS, "A-01-1", refusal));
}

#[test]
fn the_makers_bar_code_proves_no_batch() {
    let refusal = Refusal::because(Reason::ProductCodeOnly);
    ana_is_refused(&product(JARS_GTIN), instead(OLD_JARS, "A-01-1", refusal));
    // A bar code nobody has entered yet says nothing against the product either.
    let refusal = Refusal::because(Reason::ProductCodeOnly);
    ana_is_refused(
        &product("00099999900019"),
        instead(OLD_JARS, "A-01-1", refusal),
    );
}

#[test]
fn the_bar_code_of_another_product_says_so() {
    check(
        |shop| {
            // Of the vapes nobody has entered a bar code.
            shop.arrives(FIRST, &[(JARS, 1), (VAPES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let mut either = product(GUMS_GTIN);
            if let Code::Product { candidates } = &mut either.code {
                let stranger = Gtin::parse("00099999900019").unwrap();
                candidates.push((stranger, Scheme::UpcE));
            }
            [product(GUMS_GTIN), either].map(|scan| reason(&shop.picks(ANA, TABLET, FIRST, &scan)))
        },
        |_, reasons| assert_eq!(reasons, [Reason::WrongProduct; 2]),
    );
}

#[test]
fn when_everything_is_in_the_tote_no_shelf_is_the_right_one() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let scan = own(OwnKind::Location, &LocationCode::new("A-01-1").scan_id());
            shop.picks(ANA, TABLET, FIRST, &scan)
        },
        |_, verdict| {
            let expected = Refusal::because(Reason::ForAnotherStep);
            assert_eq!(*refused(&verdict), expected);
        },
    );
}

#[test]
fn a_shelfs_code_says_whether_it_is_the_right_shelf() {
    let right = own(OwnKind::Location, &LocationCode::new("A-01-1").scan_id());
    let refusal = Refusal::because(Reason::NotYet);
    ana_is_refused(&right, instead(OLD_JARS, "A-01-1", refusal));
    let wrong = own(OwnKind::Location, &LocationCode::new("B-04-2").scan_id());
    let refusal = Refusal::because(Reason::WrongLocation);
    ana_is_refused(&wrong, instead(OLD_JARS, "A-01-1", refusal));
}

#[test]
fn what_is_no_code_or_another_kind_of_code_is_refused() {
    for (scan, reason) in [
        (nonsense(), Reason::NotACode),
        (own(OwnKind::Badge, "123"), Reason::ForAnotherStep),
        (own(OwnKind::Label, "K7411A"), Reason::ForAnotherStep),
    ] {
        let refusal = Refusal::because(reason);
        ana_is_refused(&scan, instead(OLD_JARS, "A-01-1", refusal));
    }
}

#[test]
fn the_same_unit_is_not_picked_twice() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let verdict = shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7));
            shop.does(ANA, TABLET, verdict);
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7)),
        |_, verdict| {
            let expected = because(Reason::AlreadyScanned, OLD_JARS);
            assert_eq!(*refused(&verdict), expected);
        },
    );
}

#[test]
fn a_line_that_has_all_its_units_takes_no_more() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1), (GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS)),
        |shop, verdict| {
            let refusal = refused(&verdict);
            let back = shop.package(OLD_JARS).stands_at().cloned();
            assert!(back.is_some(), "it has to be put back somewhere");
            assert_eq!(
                (refusal.reason, &refusal.location),
                (Reason::LineComplete, &back)
            );
        },
    );
}

/// The old jars become unsellable after they were promised.
#[track_caller]
fn old_jars_are_refused_when(wrong: impl FnOnce(&mut PackageListed), expected: Reason) {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let mut old = listed(OLD_JARS, JARS, 3, "A-01-1");
            wrong(&mut old);
            shop.server(imported(vec![old]));
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS)),
        |_, verdict| assert_eq!(*refused(&verdict), because(expected, OLD_JARS)),
    );
}

#[test]
fn a_package_that_may_not_be_sold_any_more_is_not_picked() {
    old_jars_are_refused_when(|old| old.hold = true, Reason::OnHold);
    old_jars_are_refused_when(|old| old.lab = LabStatus::Failed, Reason::NotTested);
    let yesterday = Some(day("2026-11-24"));
    old_jars_are_refused_when(|old| old.expires = yesterday, Reason::Expired);
}

#[test]
fn somebody_elses_order_is_not_picked() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.picks(BEN, PHONE, FIRST, &package(OLD_JARS)),
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::SomebodyElses);
            assert_eq!(refused(&verdict).holder, Some(ANA));
        },
    );
}

#[test]
fn a_colleague_may_go_on_with_the_same_tablet() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            let verdict = shop.picks(BEN, TABLET, FIRST, &package(OLD_JARS));
            shop.does(BEN, TABLET, verdict);
        },
        |shop, ()| assert_eq!(shop.order(FIRST).status, Status::Picked),
    );
}

#[test]
fn who_does_not_fulfil_orders_does_not_pick() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            [FAY, DAN, DEE, CLEO, AUDRA, OTTO]
                .map(|actor| reason(&shop.picks(actor, TABLET, FIRST, &package(OLD_JARS))))
        },
        |_, reasons| assert_eq!(reasons, [Reason::NotYourRole; 6]),
    );
}

#[test]
fn a_cancelled_order_is_not_picked() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            let order = FIRST;
            shop.server(OrderCancelled { order });
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::OrderCancelled),
    );
}

#[test]
fn an_order_nobody_took_is_packed_or_is_unknown_is_not_picked() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Sealed);
        },
        |shop| {
            [FIRST, SECOND, THIRD]
                .map(|order| reason(&shop.picks(ANA, TABLET, order, &package(OLD_JARS))))
        },
        |_, reasons| {
            assert_eq!(reasons, [Reason::NotYet, Reason::NotYet, Reason::Unknown]);
        },
    );
}

#[test]
fn when_two_lines_want_the_same_product_the_first_one_is_filled_first() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1), (JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            [1, 2].map(
                |_| match shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS)) {
                    Verdict::Accepted(Body::PackagePicked(done)) => {
                        let line = done.line;
                        shop.did(ANA, TABLET, FIRST, done);
                        line
                    }
                    other => panic!("{other:?}"),
                },
            )
        },
        |_, lines| assert_eq!(lines, [1, 2]),
    );
}
