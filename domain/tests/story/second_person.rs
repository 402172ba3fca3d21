//! A second person looks at a bag before it closes.

use domain::code::own::OwnKind;
use domain::custody::exception::Rule;
use domain::custody::seal::BagSealed;
use domain::custody::second::{self, BenchRules, Cause, SecondPerson};
use domain::custody::set_up::{ActorAdded, StoreConfigured};
use domain::custody::verify;
use domain::facility::Role;
use domain::id::{ActorId, OrderId};
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::limit::two_jars;
use super::passed_over::passes_over;
use super::shop::{Shop, check};

/// The shop asks for a second person by these figures.
fn asks(shop: &mut Shop, second: SecondPerson) {
    let mut store = store();
    store.bench = Some(Box::new(BenchRules {
        second: Some(second),
        ..BenchRules::default()
    }));
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
}

fn dear() -> SecondPerson {
    SecondPerson {
        value_cents: Some(1),
        ..SecondPerson::default()
    }
}

/// Ben checked the goods at the bench and stuck the label on.
fn packed_by_ben(shop: &mut Shop, order: OrderId) {
    shop.arrives(order, &[(JARS, 1)]);
    shop.bring(order, Status::Labelled);
    let verdict = shop.reads_back(order, &label_of(shop.order(order)));
    shop.does(BEN, COUNTER, verdict);
}

/// Ben's tablet closes the bag, whatever the shop's rules ask; what the server says to it.
fn closes_alone(shop: &mut Shop) -> Vec<Rule> {
    let bag = shop.order(FIRST).label.as_ref().unwrap().code.clone();
    let order = FIRST;
    shop.did(BEN, COUNTER, FIRST, BagSealed { order, bag })
}

fn looks(shop: &Shop, actor: ActorId, order: OrderId) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    let scan = label_of(shop.order(order));
    second::decide(&shop.ledger, &situation, order, &scan)
}

fn causes(shop: &Shop, order: OrderId) -> Vec<Cause> {
    second::causes(
        &shop.ledger,
        &shop.situation(BEN, COUNTER),
        shop.order(order),
    )
}

#[test]
fn a_shop_that_asks_for_nobody_closes_its_bags_and_keeps_nothing_of_it() {
    check(
        |shop| packed_by_ben(shop, FIRST),
        |shop| shop.does(BEN, COUNTER, shop.seals(FIRST)),
        |shop, _| {
            assert_eq!(shop.order(FIRST).status, Status::Sealed);
            assert_eq!(shop.order(FIRST).bench, None);
            assert_eq!(reason(&looks(shop, ANA, FIRST)), Reason::NotYet);
        },
    );
}

#[test]
fn a_dear_order_closes_only_after_somebody_else_has_scanned_its_label() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
        },
        |shop| {
            let alone = reason(&shop.seals(FIRST));
            let by_ben = reason(&looks(shop, BEN, FIRST));
            let by_ana = looks(shop, ANA, FIRST);
            shop.does(ANA, COUNTER, by_ana);
            // Either of them closes it.
            shop.does(ANA, COUNTER, shop.seals(FIRST));
            [alone, by_ben]
        },
        |shop, reasons| {
            assert_eq!(reasons, [Reason::SecondPersonNeeded; 2]);
            assert_eq!(shop.order(FIRST).status, Status::Sealed);
        },
    );
}

#[test]
fn the_second_person_scans_the_label_of_this_very_bag() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
            packed_by_ben(shop, SECOND);
        },
        |shop| {
            let situation = shop.situation(ANA, COUNTER);
            let other = label_of(shop.order(SECOND));
            [other, package(OLD_JARS)]
                .map(|scan| reason(&second::decide(&shop.ledger, &situation, FIRST, &scan)))
        },
        |_, reasons| assert_eq!(reasons, [Reason::OtherOrder, Reason::ForAnotherStep]),
    );
}

#[test]
fn another_print_of_the_label_has_to_be_looked_at_again() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
            let looked = looks(shop, ANA, FIRST);
            shop.does(ANA, COUNTER, looked);
        },
        |shop| {
            shop.does(BEN, COUNTER, shop.prints(FIRST));
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
            shop.seals(FIRST)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::SecondPersonNeeded),
    );
}

#[test]
fn a_look_at_one_print_says_nothing_of_a_bag_that_was_closed_under_another() {
    let closes = |is_seen: bool| {
        let mut came = Vec::new();
        check(
            |shop| {
                asks(shop, dear());
                packed_by_ben(shop, FIRST);
            },
            |shop| {
                let bag = shop.order(FIRST).label.clone().unwrap().code;
                let look = looks(shop, ANA, FIRST);
                if is_seen {
                    shop.does(ANA, COUNTER, look);
                }
                // Without a network Ana prints another and looks at that; Ben closes the bag under the first.
                shop.does(ANA, TABLET, shop.prints(FIRST));
                let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
                shop.does(ANA, TABLET, verdict);
                if !is_seen {
                    let look = looks(shop, ANA, FIRST);
                    shop.does(ANA, COUNTER, look);
                }
                shop.did(BEN, COUNTER, FIRST, BagSealed { order: FIRST, bag })
            },
            |_, rules| came = rules,
        );
        came
    };
    assert_eq!(closes(true), []);
    assert_eq!(closes(false), [Rule::ActorInvalid]);
}

#[test]
fn who_is_new_is_looked_after_until_so_many_bags_are_closed() {
    let new = SecondPerson {
        new_starter_bags: Some(1),
        ..SecondPerson::default()
    };
    check(
        |shop| {
            asks(shop, new);
            packed_by_ben(shop, FIRST);
        },
        |shop| {
            let first = causes(shop, FIRST);
            let looked = looks(shop, ANA, FIRST);
            shop.does(ANA, COUNTER, looked);
            shop.does(BEN, COUNTER, shop.seals(FIRST));
            packed_by_ben(shop, SECOND);
            let second = causes(shop, SECOND);
            // What is set up anew does not make anybody new again.
            asks(shop, new);
            (first, second, causes(shop, SECOND))
        },
        |shop, (first, second, later)| {
            assert_eq!(first, [Cause::NewStarter]);
            assert_eq!((second, later), (Vec::new(), Vec::new()));
            shop.seals(SECOND);
        },
    );
}

#[test]
fn a_bag_counts_for_whoever_packed_it_and_one_new_hand_among_several_is_enough() {
    let new = SecondPerson {
        new_starter_bags: Some(1),
        ..SecondPerson::default()
    };
    check(
        |shop| {
            asks(shop, new);
            packed_by_ben(shop, FIRST);
            let looked = looks(shop, ANA, FIRST);
            shop.does(ANA, COUNTER, looked);
            // Ana only closes it.
            shop.does(ANA, COUNTER, shop.seals(FIRST));
            for order in [SECOND, THIRD] {
                shop.arrives(order, &[(JARS, 1)]);
                shop.bring(order, Status::Picked);
            }
        },
        |shop| {
            shop.verifies_all(SECOND);
            let by_ben = causes(shop, SECOND);
            let units = shop.verifies(THIRD, &package(OLD_JARS));
            shop.does(BEN, COUNTER, units);
            let situation = shop.situation(ANA, COUNTER);
            let scan = own(OwnKind::Ticket, &shop.order(THIRD).ticket_id());
            let ticket = verify::decide(&shop.ledger, &situation, THIRD, &scan);
            shop.does(ANA, COUNTER, ticket);
            (by_ben, causes(shop, THIRD))
        },
        |_, found| assert_eq!(found, (vec![], vec![Cause::NewStarter])),
    );
}

#[test]
fn a_rule_that_is_made_later_knows_who_is_new() {
    let new = SecondPerson {
        new_starter_bags: Some(2),
        ..SecondPerson::default()
    };
    check(
        |shop| {
            for order in [FIRST, SECOND] {
                packed_by_ben(shop, order);
                shop.does(BEN, COUNTER, shop.seals(order));
            }
            packed_by_ben(shop, THIRD);
        },
        |shop| {
            asks(shop, new);
            [BEN, ANA].map(|packer| {
                let situation = shop.situation(packer, COUNTER);
                second::causes(&shop.ledger, &situation, shop.order(THIRD))
            })
        },
        |_, of| assert_eq!(of, [vec![], vec![Cause::NewStarter]]),
    );
}

#[test]
fn a_lot_draws_so_many_of_a_thousand_orders_and_the_same_ones_everywhere() {
    let all = SecondPerson {
        sample_permille: Some(1_000),
        ..SecondPerson::default()
    };
    let none = SecondPerson {
        sample_permille: Some(0),
        ..SecondPerson::default()
    };
    for (asked, expected) in [(all, vec![Cause::Sample]), (none, Vec::new())] {
        check(
            |shop| {
                asks(shop, asked);
                packed_by_ben(shop, FIRST);
            },
            |shop| causes(shop, FIRST),
            |_, causes| assert_eq!(causes, expected),
        );
    }
}

#[test]
fn an_order_that_was_changed_before_anything_was_picked_is_looked_at() {
    use domain::custody::arrive::OrderChanged;
    use domain::order::Channel;
    use domain::time::Millis;

    let edited = SecondPerson {
        edited: Some(true),
        ..SecondPerson::default()
    };
    check(
        |shop| {
            asks(shop, edited);
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.server(OrderChanged {
                order: FIRST,
                channel: Channel::Pickup,
                promise_start: Millis(0),
                promise_end: Millis(0),
                lines: lines(&[(JARS, 1)]),
                buyer: None,
            });
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::Labelled);
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| (causes(shop, FIRST), closes_alone(shop)),
        |shop, (causes, rules)| {
            assert_eq!(causes, [Cause::Edited]);
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert!(shop.blocks_hand_off(FIRST));
        },
    );
}

#[test]
fn a_bag_for_which_an_older_package_was_passed_over_is_looked_at() {
    let younger = SecondPerson {
        passed_over: Some(true),
        ..SecondPerson::default()
    };
    for (asked, expected) in [
        (younger, (vec![Cause::PassedOver], vec![Rule::ActorInvalid])),
        (SecondPerson::default(), (Vec::new(), Vec::new())),
    ] {
        check(
            |shop| {
                asks(shop, asked);
                packed_by_ben(shop, SECOND);
                shop.arrives(FIRST, &[(JARS, 1)]);
                passes_over(shop, FIRST, OLD_JARS);
                shop.bring(FIRST, Status::Labelled);
                let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
                shop.does(BEN, COUNTER, verdict);
            },
            |shop| {
                // Who has the oldest in the bag is asked for nobody.
                assert_eq!(causes(shop, SECOND), Vec::new());
                (causes(shop, FIRST), closes_alone(shop))
            },
            |shop, found| {
                assert_eq!(shop.blocks_hand_off(FIRST), !found.1.is_empty());
                assert_eq!(found, expected);
            },
        );
    }
}

#[test]
fn where_nobody_else_works_the_bag_is_looked_at_alone_and_marked() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
            for (id, role) in PEOPLE.into_iter().filter(|(id, _)| *id != BEN) {
                let mut actor = actor(id, role);
                actor.active &= matches!(role, Role::FrontOfHouse | Role::Auditor);
                shop.server(ActorAdded::from(actor));
            }
        },
        |shop| {
            let looked = looks(shop, BEN, FIRST);
            shop.does(BEN, COUNTER, looked);
            shop.does(BEN, COUNTER, shop.seals(FIRST));
        },
        |shop, ()| {
            let bench = shop.order(FIRST).bench.as_ref().unwrap();
            assert_eq!(bench.second.as_ref().unwrap().alone, Some(true));
        },
    );
}

#[test]
fn a_bag_that_was_closed_alone_all_the_same_waits_for_a_manager() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
        },
        closes_alone,
        |shop, rules| {
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert_eq!(shop.order(FIRST).status, Status::Sealed);
            assert!(shop.blocks_hand_off(FIRST));
        },
    );
}

#[test]
fn a_look_that_the_packer_claims_to_be_a_second_ones_is_none() {
    check(
        |shop| {
            asks(shop, dear());
            packed_by_ben(shop, FIRST);
        },
        |shop| {
            let code = shop.order(FIRST).label.as_ref().unwrap().code.clone();
            let done = second::SecondChecked {
                order: FIRST,
                code,
                causes: vec![Cause::HighValue],
                alone: Some(true),
            };
            shop.did(BEN, COUNTER, FIRST, done);
            shop.seals(FIRST)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::SecondPersonNeeded),
    );
}

#[test]
fn a_bag_near_a_limit_that_was_closed_alone_waits_for_a_manager() {
    for (percent, expected) in [(50, vec![Rule::ActorInvalid]), (51, Vec::new())] {
        check(
            |shop| {
                let second = SecondPerson {
                    near_limit_percent: Some(percent),
                    ..SecondPerson::default()
                };
                asks(shop, second);
                two_jars(shop);
                shop.arrives(FIRST, &[(JARS, 1)]);
                shop.bring(FIRST, Status::Labelled);
                let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
                shop.does(BEN, COUNTER, verdict);
            },
            closes_alone,
            |_, rules| assert_eq!(rules, expected),
        );
    }
}
