//! Who may take an order, and who has it.

use domain::custody::arrive::OrderCancelled;
use domain::custody::claim::{self, OrderClaimed};
use domain::custody::set_up::DeviceEnrolled;
use domain::facility::Device;
use domain::id::{ActorId, DeviceId, OrderId};
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn claims(shop: &Shop, actor: ActorId, device: DeviceId, order: OrderId) -> Verdict {
    claim::decide(&shop.ledger, &shop.situation(actor, device), order)
}

#[test]
fn an_order_that_is_ready_can_be_taken() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let verdict = claims(shop, ANA, TABLET, FIRST);
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| {
            let claim = shop.order(FIRST).claim.as_ref().unwrap();
            assert_eq!(
                (claim.actor, claim.device, claim.lease),
                (ANA, TABLET, None)
            );
            assert_eq!(shop.order(FIRST).status, Status::Claimed);
        },
    );
}

#[test]
fn somebody_elses_order_cannot_be_taken_and_the_screen_says_whose_it_is() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| claims(shop, BEN, PHONE, FIRST),
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::SomebodyElses);
            assert_eq!(refused(&verdict).holder, Some(ANA));
        },
    );
}

#[test]
fn taking_again_what_one_has_is_allowed() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| claims(shop, ANA, TABLET, FIRST),
        |_, verdict| {
            accepted(verdict);
        },
    );
}

#[test]
fn only_those_who_fulfil_orders_take_them() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            PEOPLE
                .iter()
                .filter(|(actor, _)| {
                    let verdict = claims(shop, *actor, TABLET, FIRST);
                    matches!(verdict, Verdict::Accepted(_))
                })
                .map(|(actor, _)| *actor)
                .collect::<Vec<_>>()
        },
        |_, allowed| assert_eq!(allowed, [ANA, BEN, IVY, GUS]),
    );
}

#[test]
fn what_is_short_cancelled_packed_or_unknown_cannot_be_taken() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 99)]);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Verified);
        },
        |shop| {
            let short = claims(shop, ANA, TABLET, FIRST);
            let packed = claims(shop, ANA, TABLET, SECOND);
            let order = FIRST;
            shop.server(OrderCancelled { order });
            let cancelled = claims(shop, ANA, TABLET, FIRST);
            let unknown = claims(shop, ANA, TABLET, THIRD);
            [short, packed, cancelled, unknown].map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::NotYet,
                Reason::NotYet,
                Reason::OrderCancelled,
                Reason::Unknown,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn a_claim_without_a_lease_takes_no_order_away_from_somebody() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.did(BEN, PHONE, FIRST, OrderClaimed { order: FIRST }),
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, ANA);
        },
    );
}

#[test]
fn a_claim_without_a_lease_keeps_others_away_too() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.did(ANA, TABLET, FIRST, OrderClaimed { order: FIRST });
        },
        |shop| claims(shop, BEN, PHONE, FIRST),
        |_, verdict| assert_eq!(reason(&verdict), Reason::SomebodyElses),
    );
}

#[test]
fn an_order_of_a_device_that_was_enrolled_anew_is_free_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let again = Device {
                generation: 2,
                ..device(TABLET)
            };
            shop.server(DeviceEnrolled::from(again));
            shop.takes(BEN, PHONE, &[FIRST]);
        },
        |shop, ()| {
            let claim = shop.order(FIRST).claim.as_ref().unwrap();
            assert_eq!((claim.actor, claim.device, claim.fence), (BEN, PHONE, 2));
        },
    );
}

#[test]
fn an_order_of_a_device_that_was_revoked_is_free_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let gone = Device {
                active: false,
                ..device(TABLET)
            };
            shop.server(DeviceEnrolled::from(gone));
            claims(shop, BEN, PHONE, FIRST)
        },
        |_, verdict| {
            accepted(verdict);
        },
    );
}
