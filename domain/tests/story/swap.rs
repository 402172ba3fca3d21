//! Another product in place of one that cannot be had.

use domain::custody::agree::{self, Asked};
use domain::custody::receive::StockImported;
use domain::custody::set_up::StoreConfigured;
use domain::custody::short::{self, ShortReason};
use domain::custody::swap::{SwapRule, candidates, decide, to_ask};
use domain::custody::tell::{self, Word};
use domain::id::{ActorId, DeviceId, ItemId, OrderId};
use domain::order::Status;
use domain::stock::Item;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

const OTHER_VAPES: ItemId = ItemId([4; 16]);
const OTHER_PENS: &str = "1A4FF0300000C57000000401";

fn allows(shop: &mut Shop, price_within: u16) {
    let mut store = shop.ledger.store().unwrap().clone();
    store.swaps = Some(SwapRule {
        allowed: true,
        price_within,
    });
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
}

/// Six pens are wanted and four are there; another maker's pen costs the same.
fn two_pens_too_few(shop: &mut Shop) {
    other_pens(shop);
    shop.arrives(FIRST, &[(VAPES, 6), (JARS, 1)]);
}

/// Another maker's pens, and what one costs.
fn other_pens(shop: &mut Shop) {
    let category = shop.ledger.items[&VAPES].category.clone();
    let other = Item {
        category,
        ..item(OTHER_VAPES, "Other vape 1 g", None)
    };
    shop.server(StockImported {
        items: vec![other],
        ..imported(vec![listed(OTHER_PENS, OTHER_VAPES, 5, "C-01-1")])
    });
    shop.arrives(SECOND, &[(OTHER_VAPES, 1)]);
}

fn swaps(
    shop: &Shop,
    actor: ActorId,
    device: DeviceId,
    order: OrderId,
    what: (u16, ItemId),
) -> Verdict {
    let situation = shop.situation(actor, device);
    decide(&shop.ledger, &situation, order, what, Asked::ByPhone)
}

#[test]
fn the_substitute_is_allocated_picked_and_handed_over_like_anything_else() {
    check(
        |shop| {
            two_pens_too_few(shop);
            allows(shop, 0);
            assert_eq!(shop.order(FIRST).status, Status::Short);
        },
        |shop| {
            let verdict = swaps(shop, FAY, COUNTER, FIRST, (1, OTHER_VAPES));
            shop.does(FAY, COUNTER, verdict);
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            let lines = order.lines.iter();
            let lines: Vec<_> = lines
                .map(|line| (line.number, line.units, line.instead_of))
                .collect();
            assert_eq!(lines, [(1, 4, None), (2, 1, None), (3, 2, Some(1))]);
            assert_eq!((order.units_picked(), order.units_due()), (7, 7));
            assert!(shop.ledger.exceptions.is_empty());
        },
    );
}

#[test]
fn nothing_stands_in_unless_the_shop_says_so_in_its_category_and_near_its_price() {
    check(
        two_pens_too_few,
        |shop| {
            let found = |shop: &Shop| {
                let order = shop.order(FIRST);
                let all = candidates(&shop.ledger, order, &order.lines[0], day(TODAY));
                all.iter().map(|one| one.item.id).collect::<Vec<_>>()
            };
            let without = (
                found(shop),
                reason(&swaps(shop, FAY, COUNTER, FIRST, (1, OTHER_VAPES))),
            );
            allows(shop, 0);
            let with = found(shop);
            let jars = reason(&swaps(shop, FAY, COUNTER, FIRST, (1, JARS)));
            let enough = reason(&swaps(shop, FAY, COUNTER, FIRST, (2, OTHER_VAPES)));
            let auditor = reason(&swaps(shop, AUDRA, COUNTER, FIRST, (1, OTHER_VAPES)));
            (without, with, [jars, enough, auditor])
        },
        |_, (without, with, refused)| {
            assert_eq!(without, (Vec::new(), Reason::NoSwap));
            assert_eq!(with, [OTHER_VAPES]);
            assert_eq!(
                refused,
                [Reason::NoSwap, Reason::LineComplete, Reason::NotYourRole]
            );
        },
    );
}

#[test]
fn what_a_picker_could_not_find_is_swapped_too_and_never_twice() {
    check(
        |shop| {
            two_pens_too_few(shop);
            allows(shop, 0);
            shop.arrives(THIRD, &[(OTHER_VAPES, 1)]);
            shop.takes(ANA, TABLET, &[SECOND]);
        },
        |shop| {
            let verdict = swaps(shop, ANA, TABLET, FIRST, (1, OTHER_VAPES));
            let said = accepted(verdict);
            shop.did(ANA, TABLET, FIRST, said.clone());
            // The same word again, from a device that did not know: nothing is left to swap.
            shop.did(FAY, COUNTER, FIRST, said);
            let situation = shop.situation(ANA, TABLET);
            let missing = short::decide(
                &shop.ledger,
                &situation,
                SECOND,
                &tag(OTHER_PENS),
                ShortReason::NotThere,
            );
            shop.does(ANA, TABLET, missing);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).lines.len(), 3);
            let short = shop.order(SECOND).lines[0].clone();
            assert_eq!((short.short, short.units), (1, 1));
        },
    );
}

#[test]
fn a_bag_that_is_closed_changes_for_no_word() {
    check(
        |shop| {
            two_pens_too_few(shop);
            allows(shop, 0);
        },
        |shop| {
            let said = accepted(swaps(shop, FAY, COUNTER, FIRST, (1, OTHER_VAPES)));
            let agreed = agree::decide(
                &shop.ledger,
                &shop.situation(FAY, COUNTER),
                FIRST,
                Asked::ByPhone,
            );
            shop.does(FAY, COUNTER, agreed);
            shop.bring(FIRST, Status::Sealed);
            let late = reason(&swaps(shop, FAY, COUNTER, FIRST, (1, OTHER_VAPES)));
            shop.did(FAY, COUNTER, FIRST, said);
            late
        },
        |shop, late| {
            assert_eq!(late, Reason::NotYet);
            assert_eq!(shop.order(FIRST).lines.len(), 2);
        },
    );
}

fn misses(shop: &mut Shop, missing: &str) {
    let verdict = short::decide(
        &shop.ledger,
        &shop.situation(ANA, TABLET),
        FIRST,
        &tag(missing),
        ShortReason::NotThere,
    );
    shop.does(ANA, TABLET, verdict);
}

fn asked_of(shop: &Shop) -> Vec<u16> {
    let lines = to_ask(&shop.ledger, shop.order(FIRST), day(TODAY));
    lines.map(|line| line.number).collect()
}

fn told(shop: &Shop) -> Vec<Word> {
    tell::open(shop.order(FIRST)).map(|one| one.word).collect()
}

#[test]
fn front_of_house_is_told_when_no_other_package_is_left_and_the_answer_sees_to_it() {
    check(
        |shop| {
            other_pens(shop);
            shop.arrives(FIRST, &[(VAPES, 4), (JARS, 1)]);
            allows(shop, 0);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let before = asked_of(shop);
            let early = tell::decide_short(&shop.ledger, &shop.situation(ANA, TABLET), FIRST);
            misses(shop, PENS);
            let asked = asked_of(shop);
            let says = tell::decide_short(&shop.ledger, &shop.situation(ANA, TABLET), FIRST);
            shop.does(ANA, TABLET, says);
            let open = told(shop);
            let again = tell::decide_short(&shop.ledger, &shop.situation(ANA, TABLET), FIRST);
            let situation = shop.situation(FAY, COUNTER);
            let unasked = tell::decide_answered(&shop.ledger, &situation, FIRST);
            let verdict = swaps(shop, FAY, COUNTER, FIRST, (1, OTHER_VAPES));
            shop.does(FAY, COUNTER, verdict);
            let situation = shop.situation(FAY, COUNTER);
            let answered = tell::decide_answered(&shop.ledger, &situation, FIRST);
            shop.does(FAY, COUNTER, answered);
            (
                (before, asked, open),
                [reason(&early), reason(&again), reason(&unasked)],
            )
        },
        |shop, ((before, asked, open), refused)| {
            assert_eq!((before, asked), (Vec::new(), vec![1]));
            assert_eq!(open, [Word::ItemShort]);
            assert_eq!(refused, [Reason::NotYet; 3]);
            assert_eq!((asked_of(shop), told(shop)), (Vec::new(), Vec::new()));
        },
    );
}

fn does_without(shop: &Shop, actor: ActorId, device: DeviceId) -> Verdict {
    let situation = shop.situation(actor, device);
    agree::decide(&shop.ledger, &situation, FIRST, Asked::ByPhone)
}

#[test]
fn a_customer_who_wants_nothing_instead_of_what_was_missed_is_not_asked_again_and_nothing_is_looked_for()
 {
    check(
        |shop| {
            other_pens(shop);
            shop.arrives(FIRST, &[(VAPES, 4), (JARS, 1)]);
            allows(shop, 0);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let early = reason(&does_without(shop, FAY, COUNTER));
            misses(shop, PENS);
            let says = tell::decide_short(&shop.ledger, &shop.situation(ANA, TABLET), FIRST);
            shop.does(ANA, TABLET, says);
            let verdict = does_without(shop, FAY, COUNTER);
            shop.does(FAY, COUNTER, verdict);
            let situation = shop.situation(FAY, COUNTER);
            let answered = tell::decide_answered(&shop.ledger, &situation, FIRST);
            shop.does(FAY, COUNTER, answered);
            // New pens come in: the customer has said no.
            shop.server(imported(vec![listed(PENS, VAPES, 9, "C-01-1")]));
            shop.allocates(FIRST);
            let again = reason(&does_without(shop, FAY, COUNTER));
            (early, again)
        },
        |shop, (early, again)| {
            assert_eq!(
                (early, again),
                (Reason::SomebodyElses, Reason::SomebodyElses)
            );
            assert_eq!((asked_of(shop), told(shop)), (Vec::new(), Vec::new()));
            let line = &shop.order(FIRST).lines[0];
            assert_eq!((line.short, line.done_without), (4, Some(4)));
            assert_eq!(shop.order(FIRST).units_due(), 1);
            assert_eq!(shop.reserved(PENS), 0);
        },
    );
}

#[test]
fn a_customer_is_not_asked_while_another_package_can_give_what_one_lacked() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            misses(shop, OLD_JARS);
            tell::decide_short(&shop.ledger, &shop.situation(ANA, TABLET), FIRST)
        },
        |shop, verdict| {
            assert_eq!(shop.order(FIRST).lines[0].short, 1);
            assert_eq!(
                (reason(&verdict), asked_of(shop)),
                (Reason::NotYet, Vec::new())
            );
        },
    );
}
