//! A manager takes an order away from a device, also from one that is gone.

use domain::custody::break_lease::{LeaseBroken, decide};
use domain::custody::claim::OrderClaimed;
use domain::custody::exception::Rule;
use domain::id::ActorId;
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::exceptions::pick;
use super::goods::*;
use super::settling::does;
use super::shop::{Shop, check};

fn breaks(shop: &Shop, actor: ActorId) -> Verdict {
    decide(&shop.ledger, &shop.situation(actor, COUNTER), FIRST)
}

fn ana_has_it(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.takes(ANA, TABLET, &[FIRST]);
}

#[test]
fn managers_of_the_vault_and_the_shop_take_an_order_away_and_nobody_else() {
    check(
        ana_has_it,
        |_| {},
        |shop, ()| {
            for (person, _) in PEOPLE {
                let verdict = breaks(shop, person);
                match person {
                    IVY | GUS => drop(accepted(verdict)),
                    _ => assert_eq!(reason(&verdict), Reason::NotYourRole),
                }
            }
        },
    );
}

#[test]
fn an_order_taken_away_is_free_under_a_higher_fence() {
    check(
        ana_has_it,
        |shop| {
            let late = shop.lease(TABLET, FIRST);
            let verdict = breaks(shop, IVY);
            does(shop, IVY, verdict);
            let free = (shop.order(FIRST).status, shop.order(FIRST).fence);
            shop.takes(BEN, PHONE, &[FIRST]);
            let rules = shop.record(ANA, TABLET, late, pick(FIRST, OLD_JARS, "A-01-1", None));
            (free, rules)
        },
        |shop, (free, rules)| {
            assert_eq!(free, (Status::Ready, 2));
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().fence, 3);
            assert_eq!(rules, [Rule::LeaseBrokenPick]);
        },
    );
}

#[test]
fn a_claim_made_without_the_server_is_broken_as_well() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.did(ANA, TABLET, FIRST, OrderClaimed { order: FIRST });
        },
        |shop| {
            let verdict = breaks(shop, GUS);
            does(shop, GUS, verdict);
        },
        |shop, ()| assert_eq!(shop.order(FIRST).claim, None),
    );
}

#[test]
fn breaking_twice_or_what_is_no_longer_in_force_breaks_nothing() {
    check(
        ana_has_it,
        |shop| {
            let broken = accepted(breaks(shop, IVY));
            shop.record(IVY, COUNTER, None, broken.clone());
            shop.takes(BEN, PHONE, &[FIRST]);
            shop.record(GUS, TABLET, None, broken);
            let (order, lease) = (FIRST, None);
            shop.record(
                GUS,
                TABLET,
                None,
                LeaseBroken {
                    order,
                    lease,
                    fence: 3,
                },
            );
        },
        |shop, ()| assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, BEN),
    );
}

#[test]
fn a_break_that_comes_again_does_not_hit_the_next_claim() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.did(ANA, TABLET, FIRST, OrderClaimed { order: FIRST });
        },
        |shop| {
            let broken = accepted(breaks(shop, IVY));
            shop.record(IVY, COUNTER, None, broken.clone());
            shop.did(BEN, PHONE, FIRST, OrderClaimed { order: FIRST });
            shop.record(GUS, TABLET, None, broken);
        },
        |shop, ()| assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, BEN),
    );
}

#[test]
fn there_must_be_something_to_break() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let nobody_has_it = breaks(shop, IVY);
            shop.bring(FIRST, Status::HandedOver);
            [nobody_has_it, breaks(shop, IVY)]
        },
        |shop, verdicts| {
            assert_eq!(
                verdicts.map(|verdict| reason(&verdict)),
                [Reason::NotYet; 2]
            );
            let unknown = decide(&shop.ledger, &shop.situation(IVY, COUNTER), THIRD);
            assert_eq!(reason(&unknown), Reason::Unknown);
        },
    );
}
