//! Goods are held or recalled, and let go again.

use domain::custody::exception::Rule;
use domain::custody::hold::{self, Held, HoldReason, StockHeld, StockReleased, holds, taken};
use domain::custody::receive::PackageListed;
use domain::custody::set_up::StoreConfigured;
use domain::custody::{allocate, pick};
use domain::id::{ActorId, EventId};
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Package;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

const NOTE: &str = "mould on two jars";

fn of(tag_of: &str) -> Held {
    Held::Package(tag(tag_of))
}

fn wants(shop: &Shop, actor: ActorId, what: Held) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    hold::decide(&shop.ledger, &situation, what, HoldReason::Quality, NOTE)
}

/// The server holds it, and looks for other packages as it does in the shop.
fn holds_it(shop: &mut Shop, what: Held) -> EventId {
    let event = shop.next_event();
    let verdict = wants(shop, IVY, what);
    assert_eq!(shop.record(IVY, COUNTER, None, accepted(verdict)), []);
    for order in [FIRST, SECOND] {
        if let Some(order) = shop.ledger.orders.get(&order) {
            let done = allocate::plan(&shop.ledger, order, day(TODAY));
            shop.server(done);
        }
    }
    event
}

fn lets_go(shop: &mut Shop, event: EventId) {
    let situation = shop.situation(CLEO, COUNTER);
    let verdict = hold::decide_release(&shop.ledger, &situation, event, "looked at");
    assert_eq!(shop.record(CLEO, COUNTER, None, accepted(verdict)), []);
}

fn standing(shop: &Shop, of: &str) -> Package {
    shop.ledger.packages[&tag(of)].clone()
}

fn promised_to(shop: &Shop) -> Vec<String> {
    let targets = pick::targets(&shop.ledger, shop.order(FIRST));
    targets
        .map(|target| target.package.tag.to_string())
        .collect()
}

#[test]
fn a_held_package_is_promised_to_nobody_any_more_and_the_next_oldest_takes_its_place() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            assert_eq!(promised_to(shop), [OLD_JARS]);
        },
        |shop| {
            holds_it(shop, of(OLD_JARS));
            shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS))
        },
        |shop, verdict| {
            // What is wrong with it comes before that another is meant, and which one is said too.
            let refusal = refused(&verdict);
            assert_eq!(refusal.reason, Reason::OnHold);
            assert_eq!(refusal.expected, Some(tag(NEW_JARS)));
            assert_eq!(
                refusal.location.as_ref(),
                standing(shop, NEW_JARS).stands_at()
            );
            assert_eq!(promised_to(shop), [NEW_JARS]);
            assert_eq!(standing(shop, OLD_JARS).reserved, Quantity::ZERO);
            assert_eq!(shop.order(FIRST).status, Status::Claimed);
        },
    );
}

#[test]
fn a_unit_in_the_tote_is_listed_with_its_order_does_not_leave_and_goes_back_without_being_asked_for_again()
 {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            holds_it(shop, of(OLD_JARS));
            let has = taken(&shop.ledger, &of(OLD_JARS));
            assert_eq!((has.len(), has[0].order, has[0].units), (1, FIRST, 1));
            assert!(!has[0].is_gone);
            let order = shop.order(FIRST);
            let fit = domain::custody::gate::require_fit(&shop.ledger, order, day(TODAY));
            assert_eq!(fit.unwrap_err().reason, Reason::OnHold);
            let event = order.picks[0].event;
            let situation = shop.situation(ANA, TABLET);
            let void = pick::decide_void(&shop.ledger, &situation, FIRST, event);
            let lease = shop.lease(TABLET, FIRST);
            shop.record(ANA, TABLET, lease, accepted(void));
            shop.allocates(FIRST);
        },
        |shop, ()| {
            assert!(taken(&shop.ledger, &of(OLD_JARS)).is_empty());
            assert!(promised_to(shop).iter().all(|tag| tag == NEW_JARS));
            assert_eq!(shop.allocated(FIRST), [(NEW_JARS.to_owned(), 2)]);
        },
    );
}

#[test]
fn a_pick_made_out_of_contact_after_the_hold_is_recorded_and_waits_for_the_compliance_officer() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS));
            let lease = shop.lease(TABLET, FIRST);
            holds_it(shop, Held::Product(JARS));
            shop.record(ANA, TABLET, lease, accepted(verdict))
        },
        |shop, rules| {
            assert!(rules.contains(&Rule::HeldOrRecalled), "{rules:?}");
            assert_eq!(taken(&shop.ledger, &Held::Product(JARS)).len(), 1);
        },
    );
}

#[test]
fn of_a_product_nothing_is_left_to_sell_and_once_it_is_let_go_all_of_it_is() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let event = holds_it(shop, Held::Product(JARS));
            assert_eq!(shop.order(FIRST).status, Status::Short);
            for of in [OLD_JARS, NEW_JARS] {
                assert!(standing(shop, of).hold);
            }
            assert!(!standing(shop, GUMS).hold);
            lets_go(shop, event);
        },
        |shop, ()| {
            assert!(holds(&shop.ledger).is_empty());
            let store = shop.ledger.store().unwrap();
            assert_eq!(store.holds, None, "the row is what it was before");
            for of in [OLD_JARS, NEW_JARS] {
                let package = standing(shop, of);
                assert_eq!((package.hold, package.state_hold), (false, None));
            }
            let again = allocate::plan(&shop.ledger, shop.order(FIRST), day(TODAY));
            assert_eq!(again.lines[0].packages.len(), 1);
        },
    );
}

#[test]
fn what_two_holds_lie_on_or_the_state_holds_too_stays_held_when_one_goes() {
    check(
        |_| {},
        |shop| {
            let package = holds_it(shop, of(OLD_JARS));
            let product = holds_it(shop, Held::Product(JARS));
            lets_go(shop, product);
            assert!(standing(shop, OLD_JARS).hold && !standing(shop, NEW_JARS).hold);
            // The state calls it back as well, and says so in its next file.
            let listed = PackageListed {
                hold: true,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            };
            shop.server(imported(vec![listed]));
            lets_go(shop, package);
        },
        |shop, ()| {
            let package = standing(shop, OLD_JARS);
            assert_eq!((package.hold, package.state_hold), (true, None));
        },
    );
}

#[test]
fn a_held_product_stays_held_when_the_state_lists_it_anew_and_when_the_shop_is_set_up_anew() {
    check(
        |shop| {
            holds_it(shop, Held::Product(JARS));
        },
        |shop| {
            shop.server(imported(vec![
                listed(OLD_JARS, JARS, 3, "A-01-1"),
                listed(STRANGE, JARS, 2, "A-01-1"),
            ]));
            shop.server(StoreConfigured {
                store: store(),
                locations: Vec::new(),
                slots: Vec::new(),
            });
        },
        |shop, ()| {
            assert_eq!(holds(&shop.ledger).len(), 1);
            assert!(standing(shop, OLD_JARS).hold && standing(shop, STRANGE).hold);
        },
    );
}

#[test]
fn managers_and_the_compliance_officer_hold_and_only_the_officer_lets_go() {
    for actor in [IVY, CLEO, GUS] {
        let shop = Shop::open();
        assert!(matches!(
            wants(&shop, actor, of(OLD_JARS)),
            Verdict::Accepted(_)
        ));
    }
    for actor in [ANA, FAY, DAN, DEE, AUDRA, OTTO] {
        check(
            |_| {},
            |shop| {
                let refused = wants(shop, actor, of(OLD_JARS));
                let (what, reason, note) = (of(OLD_JARS), HoldReason::Recall, None);
                shop.record(actor, COUNTER, None, StockHeld { what, reason, note });
                refused
            },
            |shop, refused| {
                assert_eq!(reason(&refused), Reason::NotYourRole);
                assert!(!standing(shop, OLD_JARS).hold && holds(&shop.ledger).is_empty());
            },
        );
    }
    for actor in [ANA, IVY, GUS] {
        check(
            |_| {},
            |shop| {
                let hold = holds_it(shop, of(OLD_JARS));
                let situation = shop.situation(actor, COUNTER);
                let refused = hold::decide_release(&shop.ledger, &situation, hold, "");
                let what = of(OLD_JARS);
                let released = StockReleased {
                    hold,
                    what,
                    note: None,
                };
                shop.record(actor, COUNTER, None, released);
                refused
            },
            |shop, refused| {
                assert_eq!(reason(&refused), Reason::NotYourRole);
                assert!(standing(shop, OLD_JARS).hold);
            },
        );
    }
}

#[test]
fn what_nobody_knows_is_not_held_nothing_is_held_twice_and_other_reasons_need_words() {
    check(
        |_| {},
        |shop| {
            let unknown = wants(shop, IVY, of(STRANGE));
            let batch = wants(shop, IVY, Held::Batch("NO-SUCH".to_owned()));
            holds_it(shop, of(OLD_JARS));
            let twice = wants(shop, IVY, of(OLD_JARS));
            let situation = shop.situation(IVY, COUNTER);
            let what = of(NEW_JARS);
            let bare = hold::decide(&shop.ledger, &situation, what, HoldReason::Other, " ");
            let gone = {
                let situation = shop.situation(CLEO, COUNTER);
                hold::decide_release(&shop.ledger, &situation, EventId([3; 16]), "")
            };
            [unknown, batch, twice, bare, gone]
        },
        |_, verdicts| {
            let reasons = verdicts.each_ref().map(reason);
            let unknown = Reason::Unknown;
            assert_eq!(
                reasons,
                [unknown, unknown, Reason::OnHold, unknown, unknown]
            );
        },
    );
}
