//! Orders arrive, change and are cancelled.

use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::id::{ItemId, OrderId};
use domain::order::{Channel, Concern, Status};
use domain::stock::Place;
use domain::time::Millis;

use super::goods::*;
use super::shop::{Shop, check};

fn change(order: OrderId, ordered: &[(ItemId, u32)]) -> OrderChanged {
    OrderChanged {
        order,
        channel: Channel::Curbside,
        promise_start: Millis(NOON + 7_200_000),
        promise_end: Millis(NOON + 9_000_000),
        lines: lines(ordered),
        buyer: None,
    }
}

fn cancel(shop: &mut Shop, order: OrderId) {
    shop.server(OrderCancelled { order });
}

#[test]
fn an_order_that_arrives_twice_is_there_once() {
    check(
        |shop| {
            shop.server(arrival(FIRST, Channel::Pickup, &[(JARS, 2)]))
                .clear()
        },
        |shop| {
            shop.server(arrival(FIRST, Channel::Delivery, &[(GUMMIES, 5)]));
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((shop.ledger.orders.len(), order.version), (1, 1));
            assert_eq!((order.channel, order.units_due()), (Channel::Pickup, 2));
            assert_eq!(order.status, Status::New);
        },
    );
}

#[test]
fn a_change_before_anybody_picked_replaces_the_lines_and_gives_the_jars_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            assert_eq!(shop.reserved(OLD_JARS), 3);
        },
        |shop| {
            shop.server(change(FIRST, &[(GUMMIES, 2), (JARS, 1)]));
            let before = (shop.reserved(OLD_JARS), shop.order(FIRST).status);
            shop.allocates(FIRST);
            before
        },
        |shop, before| {
            assert_eq!(before, (0, Status::New));
            let order = shop.order(FIRST);
            assert_eq!((order.version, order.channel), (2, Channel::Curbside));
            assert_eq!((order.units_due(), order.total_cents()), (3, 7_500));
            // The associate who had taken it still has it.
            assert_eq!(order.status, Status::Claimed);
            assert_eq!((shop.reserved(GUMS), shop.reserved(OLD_JARS)), (2, 1));
            assert_eq!(order.concerns, []);
        },
    );
}

#[test]
fn a_change_after_the_first_pick_changes_no_line_and_waits_for_a_person() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            shop.server(change(FIRST, &[(GUMMIES, 2)]));
            shop.server(change(FIRST, &[(GUMMIES, 1)]));
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.version, order.channel), (3, Channel::Pickup));
            assert_eq!((order.lines[0].item, order.units_due()), (JARS, 2));
            assert_eq!(order.concerns, [Concern::ChangedUpstream]);
            assert_eq!(order.promise_start, Millis(NOON + 7_200_000));
            assert_eq!(shop.reserved(OLD_JARS), 1);
        },
    );
}

#[test]
fn a_cancelled_order_gives_back_what_was_promised_to_it() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 5)]);
            assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), (3, 2));
        },
        |shop| cancel(shop, FIRST),
        |shop, ()| {
            assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), (0, 0));
            let order = shop.order(FIRST);
            assert_eq!((order.status, order.concerns.len()), (Status::Cancelled, 0));
            assert_eq!(order.to_pick().count(), 0);
        },
    );
}

#[test]
fn what_was_picked_before_a_cancellation_stays_in_its_tote_until_it_is_put_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| cancel(shop, FIRST),
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!(order.status, Status::Cancelled);
            assert_eq!(order.concerns, [Concern::CancelledAfterPick]);
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(FIRST)), 1);
            assert_eq!(shop.reserved(OLD_JARS), 0);
        },
    );
}

#[test]
fn an_order_that_was_cancelled_can_come_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            cancel(shop, FIRST);
        },
        |shop| {
            shop.server(change(FIRST, &[(JARS, 2)]));
            shop.allocates(FIRST);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).status, Status::Ready);
            assert_eq!(shop.reserved(OLD_JARS), 2);
        },
    );
}

#[test]
fn what_the_customer_has_cannot_be_cancelled_or_changed_any_more() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop| {
            cancel(shop, FIRST);
            shop.server(change(FIRST, &[(GUMMIES, 4)]));
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!(order.status, Status::HandedOver);
            assert_eq!((order.lines[0].item, order.units_due()), (JARS, 1));
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 1);
        },
    );
}

#[test]
fn a_change_or_cancellation_of_an_order_nobody_knows_changes_nothing() {
    check(
        |_| {},
        |shop| {
            cancel(shop, FIRST);
            shop.server(change(FIRST, &[(JARS, 1)]));
        },
        |shop, ()| assert!(shop.ledger.orders.is_empty()),
    );
}

#[test]
fn of_two_orders_with_the_same_code_the_open_one_is_meant() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            cancel(shop, FIRST);
            let code = shop.order(FIRST).code.clone();
            let mut second = arrival(SECOND, Channel::Pickup, &[(JARS, 1)]);
            second.code = code;
            // It was placed earlier, but it is the one still open.
            second.placed_at = Millis(0);
            shop.server(second);
        },
        |shop| {
            let code = shop.order(FIRST).code_id();
            shop.ledger.order_by_code_id(&code).map(|order| order.id)
        },
        |shop, found| {
            assert_eq!(found, Some(SECOND));
            assert!(shop.ledger.order_by_code_id("Z9999").is_none());
        },
    );
}
