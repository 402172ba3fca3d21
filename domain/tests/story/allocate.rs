//! Exact packages for every line, oldest sellable first.

use domain::custody::allocate::{LineAllocation, LinesAllocated, judged_anew};
use domain::custody::arrive::OrderCancelled;
use domain::custody::receive::{PackageListed, StockImported};
use domain::order::{Allocation, Concern, Status};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::LabStatus;

use super::goods::*;
use super::limit::two_jars;
use super::shop::{Shop, check};

const THIRD_JARS: &str = "1A4FF0300000C57000000103";

fn from(tag: &str, units: u32) -> (String, u32) {
    (tag.to_owned(), units)
}

#[test]
fn the_jars_that_came_first_are_picked_first() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| {
            assert_eq!(shop.allocated(FIRST), [from(OLD_JARS, 2)]);
            assert_eq!(shop.order(FIRST).status, Status::Ready);
            assert_eq!(shop.reserved(OLD_JARS), 2);
        },
    );
}

#[test]
fn what_expires_soon_goes_before_what_came_first() {
    check(
        |shop| {
            shop.server(imported(vec![PackageListed {
                received: Some(day("2026-11-01")),
                expires: Some(day("2026-12-31")),
                ..listed(THIRD_JARS, JARS, 5, "C-01-1")
            }]));
        },
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| assert_eq!(shop.allocated(FIRST), [from(THIRD_JARS, 2)]),
    );
}

#[test]
fn a_line_larger_than_one_package_is_filled_from_two() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[(JARS, 5)]),
        |shop, ()| {
            let expected = [from(OLD_JARS, 3), from(NEW_JARS, 2)];
            assert_eq!(shop.allocated(FIRST), expected);
        },
    );
}

#[test]
fn what_is_promised_to_one_order_is_not_promised_to_the_next() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop| shop.arrives(SECOND, &[(JARS, 2)]),
        |shop, ()| {
            let expected = [from(OLD_JARS, 1), from(NEW_JARS, 1)];
            assert_eq!(shop.allocated(SECOND), expected);
        },
    );
}

#[test]
fn two_lines_of_one_order_do_not_get_the_same_jar() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[(JARS, 2), (JARS, 2)]),
        |shop, ()| {
            let second = &shop.order(FIRST).lines[1].allocations;
            let second: Vec<_> = second
                .iter()
                .map(|allocation| from(allocation.tag.as_str(), allocation.units))
                .collect();
            assert_eq!(shop.allocated(FIRST), [from(OLD_JARS, 2)]);
            assert_eq!(second, [from(OLD_JARS, 1), from(NEW_JARS, 1)]);
        },
    );
}

/// Lists the old jars again with one thing wrong with them.
fn old_jars_are_skipped_when(wrong: impl FnOnce(&mut PackageListed)) {
    check(
        |shop| {
            let mut old = listed(OLD_JARS, JARS, 3, "A-01-1");
            wrong(&mut old);
            shop.server(imported(vec![old]));
        },
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| assert_eq!(shop.allocated(FIRST), [from(NEW_JARS, 2)]),
    );
}

#[test]
fn a_package_on_hold_is_skipped() {
    old_jars_are_skipped_when(|old| old.hold = true);
}

#[test]
fn a_package_without_a_passed_test_is_skipped() {
    for lab in [LabStatus::Pending, LabStatus::Failed, LabStatus::Unknown] {
        old_jars_are_skipped_when(|old| old.lab = lab);
    }
}

#[test]
fn a_package_past_its_last_day_is_skipped_and_on_its_last_day_it_is_not() {
    old_jars_are_skipped_when(|old| old.expires = Some(day("2026-11-24")));
    check(
        |shop| {
            shop.server(imported(vec![PackageListed {
                expires: Some(day(TODAY)),
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
        },
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| assert_eq!(shop.allocated(FIRST), [from(OLD_JARS, 2)]),
    );
}

#[test]
fn what_is_weighed_is_not_promised_by_the_piece() {
    check(
        |shop| {
            shop.server(imported(vec![PackageListed {
                unit: UnitOfMeasure::Gram,
                received: Some(day("2026-01-01")),
                ..listed(THIRD_JARS, JARS, 500, "C-01-1")
            }]));
        },
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| assert_eq!(shop.allocated(FIRST), [from(OLD_JARS, 2)]),
    );
}

#[test]
fn half_a_unit_is_promised_to_nobody() {
    check(
        |shop| {
            shop.server(imported(vec![PackageListed {
                quantity: Quantity::parse("1.5").unwrap(),
                received: Some(day("2026-01-01")),
                ..listed(THIRD_JARS, JARS, 0, "C-01-1")
            }]));
        },
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop, ()| {
            let expected = [from(THIRD_JARS, 1), from(OLD_JARS, 1)];
            assert_eq!(shop.allocated(FIRST), expected);
        },
    );
}

#[test]
fn an_order_nobody_can_fill_is_short_before_anybody_walks() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[(JARS, 14)]),
        |shop, ()| {
            let expected = [from(OLD_JARS, 3), from(NEW_JARS, 10)];
            assert_eq!(shop.allocated(FIRST), expected);
            assert_eq!(shop.order(FIRST).status, Status::Short);
            assert_eq!(shop.order(FIRST).lines[0].unallocated(), 1);
        },
    );
}

#[test]
fn a_short_order_becomes_ready_when_the_goods_come_in() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 14)]),
        |shop| {
            shop.server(imported(vec![listed(THIRD_JARS, JARS, 5, "C-01-1")]));
            shop.allocates(FIRST);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).status, Status::Ready);
            assert_eq!(shop.reserved(THIRD_JARS), 1);
        },
    );
}

#[test]
fn an_order_is_short_when_one_of_its_lines_is() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[(JARS, 1), (VAPES, 5)]),
        |shop, ()| assert_eq!(shop.order(FIRST).status, Status::Short),
    );
}

#[test]
fn what_becomes_free_in_a_package_the_line_has_already_is_taken_too() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.arrives(SECOND, &[(VAPES, 4)]);
        },
        |shop| {
            let order = FIRST;
            shop.server(OrderCancelled { order });
            shop.allocates(SECOND);
        },
        |shop, ()| {
            assert_eq!(shop.allocated(SECOND), [from(PENS, 4)]);
            assert_eq!(shop.order(SECOND).status, Status::Ready);
        },
    );
}

#[test]
fn an_order_of_nothing_is_short() {
    check(
        |_| {},
        |shop| shop.arrives(FIRST, &[]),
        |shop, ()| assert_eq!(shop.order(FIRST).status, Status::Short),
    );
}

#[test]
fn a_promise_to_no_order_to_no_line_or_of_no_package_binds_nothing() {
    let given = |line, text: &str| LineAllocation {
        line,
        packages: vec![Allocation::of(tag(text), 2)],
    };
    check(
        |shop| {
            shop.arrives(FIRST, &[(GUMMIES, 1)]);
        },
        |shop| {
            let (order, lines) = (SECOND, vec![given(1, OLD_JARS)]);
            shop.server(LinesAllocated {
                order,
                lines,
                judged: None,
            });
            let (order, lines) = (FIRST, vec![given(9, OLD_JARS), given(1, STRANGE)]);
            shop.server(LinesAllocated {
                order,
                lines,
                judged: None,
            });
        },
        |shop, ()| {
            assert_eq!(shop.reserved(OLD_JARS), 0);
            assert_eq!(shop.order(FIRST).lines[0].allocations.len(), 1);
        },
    );
}

#[test]
fn an_order_that_waits_is_judged_anew_when_a_weight_becomes_known_and_one_in_hand_at_its_bag() {
    for (status, news) in [
        (Status::Ready, true),
        (Status::Claimed, true),
        (Status::Picking, false),
    ] {
        let mut shop = Shop::open();
        two_jars(&mut shop);
        shop.server(StockImported {
            items: vec![item(JARS, "Blue Dream 3.5 g", Some(JARS_GTIN))],
            ..imported(Vec::new())
        });
        shop.arrives(FIRST, &[(JARS, 3)]);
        shop.bring(FIRST, status);
        let anew = |shop: &Shop| judged_anew(&shop.ledger, shop.order(FIRST), day(TODAY));
        assert_eq!(anew(&shop), None, "{status:?}: its weight is not known");
        two_jars(&mut shop);
        let found = anew(&shop);
        assert_eq!(found.is_some(), news, "{status:?}");
        let Some(found) = found else { continue };
        let before = shop.order(FIRST).clone();
        shop.server(found);
        let after = shop.order(FIRST);
        assert_eq!(after.concerns, [Concern::OverLimit]);
        assert_eq!((after.status, &after.lines), (status, &before.lines));
        assert_eq!(anew(&shop), None, "{status:?}: it is said once");
    }
}
