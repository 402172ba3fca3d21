//! A count that differs from the record is entered, and somebody else looks at it.

use domain::custody::count::{self, CountObserved, Difference};
use domain::custody::exception::Rule;
use domain::custody::raise::ExceptionRaised;
use domain::custody::resolve::{Decision, Settlement};
use domain::facility::LocationCode;
use domain::id::ActorId;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::Reason;

use super::exceptions::two_orders;
use super::goods::*;
use super::own_act::leave;
use super::settling::{MANAGERS, does, is_open, open, settlement, settles, wants, wants_so};
use super::shop::{Shop, check};

const SHELF: &str = "C-01-1";

/// Somebody counts the pens, of which the record has four, and enters it.
fn counts(shop: &mut Shop, actor: ActorId, units: u32) -> Vec<Rule> {
    let situation = shop.situation(actor, COUNTER);
    let counted = Quantity::units(units);
    let shelf = LocationCode::new(SHELF);
    let verdict = count::decide(&shop.ledger, &situation, &tag(PENS), &shelf, counted);
    let body = accepted(verdict);
    shop.record(actor, COUNTER, None, body)
}

fn counted_again(units: Option<u32>) -> Settlement {
    Settlement {
        counted: units.map(Quantity::units),
        ..settlement(Decision::Recounted)
    }
}

#[test]
fn a_count_that_agrees_asks_nobody_else() {
    check(
        |_| {},
        |shop| counts(shop, ANA, 4),
        |shop, rules| {
            assert_eq!(rules, []);
            assert!(!is_open(shop, Rule::CountDiffers));
        },
    );
}

#[test]
fn a_count_that_differs_is_entered_and_waits_for_a_second_person() {
    for (units, disputed) in [(1, 9), (6, 4)] {
        check(
            |_| {},
            |shop| counts(shop, ANA, units),
            |shop, rules| {
                assert_eq!(rules, [Rule::CountDiffers]);
                assert_eq!(shop.at(PENS, &shelf(SHELF)), units);
                let there = shop.package(PENS).at(&Place::Disputed);
                assert_eq!(
                    there + Quantity::units(6),
                    Quantity::units(disputed),
                    "in dispute, and six"
                );
                let one = &shop.ledger.exceptions[&open(shop, Rule::CountDiffers)];
                assert_eq!(one.author, Some(ANA));
                assert_eq!(one.tag, Some(tag(PENS)));
                assert!(!one.blocks_hand_off(), "no bag waits for it");
                let count = Difference {
                    shelf: LocationCode::new(SHELF),
                    recorded: Quantity::units(4),
                    counted: Quantity::units(units),
                };
                assert_eq!(one.count, Some(count));
            },
        );
    }
}

#[test]
fn the_manager_who_counted_does_not_settle_it_and_every_other_one_may() {
    check(
        |_| {},
        |shop| drop(counts(shop, IVY, 1)),
        |shop, ()| {
            let own = wants(shop, IVY, Rule::CountDiffers, Decision::Accept);
            assert_eq!(reason(&own), Reason::OwnAct);
            let packer = wants(shop, ANA, Rule::CountDiffers, Decision::Accept);
            assert_eq!(reason(&packer), Reason::NotYourRole);
            for manager in MANAGERS.into_iter().filter(|one| *one != IVY) {
                accepted(wants(shop, manager, Rule::CountDiffers, Decision::Accept));
            }
        },
    );
}

#[test]
fn the_second_one_counts_the_same_shelf_again_and_that_is_final() {
    check(
        |_| {},
        |shop| {
            counts(shop, ANA, 1);
            let blind = wants_so(shop, GUS, Rule::CountDiffers, &counted_again(None));
            let elsewhere = Settlement {
                shelf: Some(LocationCode::new("A-01-1")),
                ..counted_again(Some(3))
            };
            let verdict = wants_so(shop, GUS, Rule::CountDiffers, &elsewhere);
            // Two people have looked: nobody else is asked.
            does(shop, GUS, verdict);
            blind
        },
        |shop, blind| {
            assert_eq!(reason(&blind), Reason::NotYet, "he has to count");
            assert!(!is_open(shop, Rule::CountDiffers));
            assert_eq!(shop.at(PENS, &shelf(SHELF)), 3);
            assert_eq!(shop.at(PENS, &shelf("A-01-1")), 0);
            assert_eq!(shop.at(PENS, &Place::Disputed), 1);
        },
    );
}

#[test]
fn a_count_with_which_a_manager_settles_something_else_waits_for_another_too() {
    check(
        |shop| {
            two_orders(shop);
            let said = ExceptionRaised {
                rule: Rule::Overdraw,
                order: None,
                tag: Some(tag(PENS)),
                note: "looks too few".to_owned(),
            };
            shop.record(GUS, COUNTER, None, said);
        },
        |shop| {
            let count = Settlement {
                shelf: Some(LocationCode::new(SHELF)),
                counted: Some(Quantity::units(1)),
                ..settlement(Decision::KeepThis)
            };
            let body = accepted(wants_so(shop, GUS, Rule::Overdraw, &count));
            let rules = shop.record(GUS, COUNTER, None, body);
            let own = wants(shop, GUS, Rule::CountDiffers, Decision::Accept);
            settles(shop, CLEO, Rule::CountDiffers, Decision::Accept);
            (rules, own)
        },
        |shop, (rules, own)| {
            assert_eq!(rules, [Rule::CountDiffers]);
            assert_eq!(reason(&own), Reason::OwnAct);
            assert_eq!(shop.at(PENS, &shelf(SHELF)), 1);
        },
    );
}

#[test]
fn where_one_person_runs_the_shop_the_count_is_settled_and_marked() {
    check(
        |shop| leave(shop, &[CLEO, GUS]),
        |shop| {
            counts(shop, IVY, 1);
            let number = open(shop, Rule::CountDiffers);
            let verdict = wants_so(shop, IVY, Rule::CountDiffers, &counted_again(Some(2)));
            does(shop, IVY, verdict);
            number
        },
        |shop, number| {
            let resolution = shop.ledger.exceptions[&number].resolution.unwrap();
            assert_eq!(resolution.alone, Some(true));
            assert_eq!(shop.at(PENS, &shelf(SHELF)), 2);
        },
    );
}

#[test]
fn a_figure_nobody_can_have_counted_is_no_count() {
    check(
        |_| {},
        |shop| {
            let nonsense = CountObserved {
                tag: tag(PENS),
                location: LocationCode::new(SHELF),
                counted: -Quantity::ONE,
            };
            shop.record(ANA, COUNTER, None, nonsense)
        },
        |_, rules| assert_eq!(rules, []),
    );
}
