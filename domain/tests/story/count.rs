//! A shelf is counted.

use domain::custody::count::{self, COUNTED_UNITS_MAX, CountObserved};
use domain::custody::exception::Rule;
use domain::facility::LocationCode;
use domain::id::ActorId;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn counts(shop: &Shop, actor: ActorId, text: &str, at: &str, counted: Quantity) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    let location = LocationCode::new(at);
    count::decide(&shop.ledger, &situation, &tag(text), &location, counted)
}

/// A count that differs is entered at once; that another looks at it is a story of its own.
fn enters(shop: &mut Shop, actor: ActorId, verdict: Verdict) {
    let body = accepted(verdict);
    let rules = shop.record(actor, COUNTER, None, body);
    assert_eq!(rules, [Rule::CountDiffers]);
}

#[test]
fn what_is_not_there_is_in_dispute_and_comes_back_when_it_is_found() {
    check(
        |_| {},
        |shop| {
            let few = counts(shop, ANA, PENS, "C-01-1", Quantity::units(1));
            enters(shop, ANA, few);
            let disputed = shop.at(PENS, &Place::Disputed);
            let found = counts(shop, IVY, PENS, "C-01-1", Quantity::units(4));
            enters(shop, IVY, found);
            disputed
        },
        |shop, disputed| {
            assert_eq!(disputed, 3);
            assert_eq!(shop.package(PENS).at(&Place::Disputed), Quantity::ZERO);
            assert_eq!(shop.at(PENS, &shelf("C-01-1")), 4);
        },
    );
}

#[test]
fn more_than_the_record_has_is_there_and_the_sum_stays() {
    check(
        |_| {},
        |shop| {
            let many = counts(shop, ANA, PENS, "C-01-1", Quantity::units(6));
            enters(shop, ANA, many);
        },
        |shop, ()| {
            assert_eq!(shop.at(PENS, &shelf("C-01-1")), 6);
            assert_eq!(shop.package(PENS).at(&Place::Disputed), -Quantity::units(2));
        },
    );
}

#[test]
fn a_count_that_nobody_can_have_made_changes_nothing() {
    check(
        |_| {},
        |shop| {
            let half = counts(shop, ANA, PENS, "C-01-1", Quantity(5_000));
            let negative = counts(shop, ANA, PENS, "C-01-1", -Quantity::ONE);
            let many = Quantity::units(COUNTED_UNITS_MAX) + Quantity::ONE;
            let too_many = counts(shop, ANA, PENS, "C-01-1", many);
            let nowhere = counts(shop, ANA, PENS, "Z-99-9", Quantity::ONE);
            let strange = counts(shop, ANA, STRANGE, "C-01-1", Quantity::ONE);
            let by_fay = counts(shop, FAY, PENS, "C-01-1", Quantity::ONE);
            for counted in [many, -Quantity::ONE] {
                let location = LocationCode::new("C-01-1");
                let tag = tag(PENS);
                let done = CountObserved {
                    tag,
                    location,
                    counted,
                };
                shop.record(ANA, TABLET, None, done);
            }
            [half, negative, too_many, nowhere, strange, by_fay]
        },
        |shop, verdicts| {
            let expected = [
                Reason::Unknown,
                Reason::Unknown,
                Reason::Unknown,
                Reason::WrongLocation,
                Reason::TagNotKnown,
                Reason::NotYourRole,
            ];
            assert_eq!(verdicts.map(|verdict| reason(&verdict)), expected);
            assert_eq!(shop.at(PENS, &shelf("C-01-1")), 4);
        },
    );
}

#[test]
fn who_has_just_emptied_a_place_or_nearly_is_asked_and_who_took_from_a_full_one_is_not() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3), (GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            for _ in 0..4 {
                shop.picks_next(FIRST);
            }
        },
        |shop, ()| {
            let asked = |actor, of, at| {
                let situation = shop.situation(actor, TABLET);
                let shelf = LocationCode::new(at);
                count::worth_asking(&shop.ledger, &situation, &tag(of), &shelf)
            };
            assert!(asked(ANA, OLD_JARS, "A-01-1"), "none left");
            assert!(!asked(ANA, GUMS, "A-02-1"), "five left");
            assert!(
                !asked(FAY, OLD_JARS, "A-01-1"),
                "who may not count is not asked"
            );
            assert!(!asked(ANA, OLD_JARS, "Z-99-9"), "no such shelf");
        },
    );
}
