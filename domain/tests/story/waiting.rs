//! How much waits for a person, beside *Needs you*.

use domain::custody::count::CountObserved;
use domain::custody::exception::Rule;
use domain::custody::raise::ExceptionRaised;
use domain::custody::recount;
use domain::custody::waiting::waiting_for;
use domain::facility::LocationCode;
use domain::id::ActorId;
use domain::order::Status;
use domain::quantity::Quantity;

use super::goods::*;
use super::passed_over::passes_over;
use super::shop::{Shop, check};

fn waits(shop: &Shop, person: ActorId) -> usize {
    waiting_for(&shop.ledger, &shop.ledger.actors[&person])
}

fn counted(shop: &mut Shop, units: u32) -> Vec<Rule> {
    let done = CountObserved {
        tag: tag(OLD_JARS),
        location: LocationCode::new("A-01-1"),
        counted: Quantity::units(units),
    };
    shop.record(BEN, PHONE, None, done)
}

#[test]
fn an_older_package_that_was_passed_over_waits_for_those_who_count_until_a_count_finds_nothing() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            passes_over(shop, FIRST, OLD_JARS);
            assert_eq!(waits(shop, GUS), 0, "nothing younger was taken yet");
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let before = [GUS, ANA, FAY].map(|person| waits(shop, person));
            counted(shop, 3);
            let found = waits(shop, GUS);
            counted(shop, 0);
            (before, found)
        },
        |shop, (before, found)| {
            // Whoever may not count is told of nothing.
            assert_eq!(before, [1, 1, 0]);
            assert_eq!(found, 1);
            // It is off the list; that the count differs waits for whoever settles it.
            assert_eq!(waits(shop, ANA), 0);
            assert_eq!(waits(shop, GUS), 1);
        },
    );
}

#[test]
fn what_is_to_be_settled_and_what_is_to_be_counted_wait_together() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            for opened in recount::due(&shop.ledger, TABLET) {
                shop.server(opened);
            }
            let raised = ExceptionRaised {
                rule: Rule::Overdraw,
                order: Some(FIRST),
                tag: None,
                note: String::new(),
            };
            shop.record(FAY, COUNTER, None, raised);
            [GUS, ANA, FAY].map(|person| waits(shop, person))
        },
        |shop, waits| {
            let to_count = recount::open_tasks(&shop.ledger).count();
            assert!(to_count > 0);
            assert_eq!(waits, [to_count + 1, to_count, 0]);
        },
    );
}
