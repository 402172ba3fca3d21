//! Somebody looks at what was changed or cancelled upstream while the goods were in hand.

use domain::custody::acknowledge::{self, ChangeAcknowledged};
use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::custody::pick::PickVoided;
use domain::id::OrderId;
use domain::order::{Channel, Concern, Status};
use domain::time::Millis;
use domain::verdict::Reason;

use super::goods::*;
use super::shop::{Shop, check};

fn changed(order: OrderId) -> OrderChanged {
    OrderChanged {
        order,
        channel: Channel::Pickup,
        promise_start: Millis(NOON),
        promise_end: Millis(NOON + 3_600_000),
        lines: lines(&[(JARS, 1)]),
        buyer: None,
    }
}

fn staged_and_changed(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.takes(ANA, TABLET, &[FIRST]);
    shop.bring(FIRST, Status::Staged);
    shop.server(changed(FIRST));
}

#[test]
fn a_changed_order_waits_until_somebody_who_may_has_looked_and_then_goes() {
    check(
        staged_and_changed,
        |shop| {
            let bag = label_of(shop.order(FIRST));
            let held = reason(&shop.hands_over(FAY, &bag));
            let by_fay = acknowledge::decide(&shop.ledger, &shop.situation(FAY, COUNTER), FIRST);
            shop.does(
                ANA,
                TABLET,
                acknowledge::decide(&shop.ledger, &shop.situation(ANA, TABLET), FIRST),
            );
            (held, reason(&by_fay), bag)
        },
        |shop, (held, by_fay, bag)| {
            assert_eq!(
                (held, by_fay),
                (Reason::WaitsForManager, Reason::NotYourRole)
            );
            assert_eq!(shop.order(FIRST).concerns, []);
            accepted(shop.hands_over(FAY, &bag));
            let again = acknowledge::decide(&shop.ledger, &shop.situation(ANA, TABLET), FIRST);
            assert_eq!(reason(&again), Reason::NotYet);
        },
    );
}

#[test]
fn a_change_that_came_after_the_look_is_not_taken_for_seen() {
    check(
        staged_and_changed,
        |shop| {
            let seen = ChangeAcknowledged {
                order: FIRST,
                version: shop.order(FIRST).version,
                concern: Concern::ChangedUpstream,
            };
            shop.server(changed(FIRST));
            shop.record(ANA, TABLET, None, seen);
        },
        |shop, ()| assert_eq!(shop.order(FIRST).concerns, [Concern::ChangedUpstream]),
    );
}

#[test]
fn a_cancelled_order_is_done_with_once_its_goods_are_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let pick = shop.picks_next(FIRST);
            shop.server(OrderCancelled { order: FIRST });
            let decide = |shop: &Shop| {
                acknowledge::decide(&shop.ledger, &shop.situation(ANA, TABLET), FIRST)
            };
            let too_early = reason(&decide(shop));
            shop.record(
                ANA,
                TABLET,
                None,
                PickVoided {
                    order: FIRST,
                    pick,
                    judged: None,
                },
            );
            let verdict = decide(shop);
            shop.does(ANA, TABLET, verdict);
            too_early
        },
        |shop, too_early| {
            assert_eq!(too_early, Reason::NotYet);
            assert_eq!(shop.order(FIRST).concerns, []);
        },
    );
}

#[test]
fn who_may_not_takes_no_mark_off_whatever_is_recorded() {
    check(
        staged_and_changed,
        |shop| {
            let seen = ChangeAcknowledged {
                order: FIRST,
                version: shop.order(FIRST).version,
                concern: Concern::ChangedUpstream,
            };
            shop.record(FAY, COUNTER, None, seen)
        },
        |shop, rules| {
            assert_eq!(rules, [domain::custody::exception::Rule::ActorInvalid]);
            assert_eq!(shop.order(FIRST).concerns, [Concern::ChangedUpstream]);
        },
    );
}
