//! Packages and laboratory results come in.

use domain::custody::receive::{LabResult, LabResultsRecorded, PackageListed, StockImported};
use domain::facility::LocationCode;
use domain::ledger::Ledger;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::{LabStatus, Potency, PotencyUnit};

use super::goods::*;
use super::shop::{Shop, check};

fn percent(thousandths: i64) -> Option<Potency> {
    let unit = PotencyUnit::Percent;
    Some(Potency { thousandths, unit })
}

fn result(text: &str) -> LabResult {
    LabResult {
        tag: tag(text),
        thc: None,
        cbd: None,
        tested: None,
        expires: None,
    }
}

fn lab(shop: &mut Shop, results: Vec<LabResult>) {
    let file = "lab.csv".to_owned();
    shop.server(LabResultsRecorded { file, results });
}

#[test]
fn a_new_package_stands_on_its_shelf_with_all_it_holds() {
    check(
        |_| {},
        |shop| shop.server(imported(vec![listed(STRANGE, JARS, 48, "B-04-2")])),
        |shop, _| {
            assert_eq!(shop.at(STRANGE, &shelf("B-04-2")), 48);
            assert_eq!(shop.package(STRANGE).received_total, Quantity::units(48));
            assert_eq!(shop.package(STRANGE).shelf().unwrap().as_str(), "B-04-2");
        },
    );
}

#[test]
fn a_package_listed_again_keeps_its_place_and_its_quantity() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| shop.server(imported(vec![listed(OLD_JARS, JARS, 50, "C-01-1")])),
        |shop, _| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 2);
            assert_eq!(shop.at(OLD_JARS, &shelf("C-01-1")), 0);
            let package = shop.package(OLD_JARS);
            assert_eq!(package.received_total, Quantity::units(3));
            // The state's figure stands beside ours, and the difference can be shown.
            assert_eq!(package.state_quantity, Quantity::units(50));
        },
    );
}

#[test]
fn a_package_listed_again_has_the_states_latest_word_about_hold_and_testing() {
    check(
        |_| {},
        |shop| {
            shop.server(imported(vec![PackageListed {
                hold: true,
                lab: LabStatus::Failed,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]))
        },
        |shop, _| {
            let package = shop.package(OLD_JARS);
            assert_eq!((package.hold, package.lab), (true, LabStatus::Failed));
        },
    );
}

#[test]
fn of_two_last_days_the_earlier_one_counts() {
    check(
        |_| {},
        |shop| {
            for last in ["2027-03-01", "2027-01-31", "2027-02-15"] {
                shop.server(imported(vec![PackageListed {
                    expires: Some(day(last)),
                    ..listed(OLD_JARS, JARS, 3, "A-01-1")
                }]));
            }
            let expires = Some(day("2027-01-15"));
            let result = LabResult {
                expires,
                ..result(OLD_JARS)
            };
            lab(shop, vec![result]);
        },
        |shop, ()| assert_eq!(shop.package(OLD_JARS).expires, Some(day("2027-01-15"))),
    );
}

#[test]
fn a_laboratory_file_adds_potencies_and_leaves_out_nothing_that_was_known() {
    check(
        |shop| {
            let thc = percent(24_100);
            lab(
                shop,
                vec![LabResult {
                    thc,
                    ..result(OLD_JARS)
                }],
            );
        },
        |shop| {
            let cbd = percent(300);
            let known = LabResult {
                cbd,
                ..result(OLD_JARS)
            };
            lab(shop, vec![known, result(STRANGE)]);
        },
        |shop, ()| {
            let package = shop.package(OLD_JARS);
            assert_eq!((package.thc, package.cbd), (percent(24_100), percent(300)));
            // A result for a package nobody has makes no package.
            assert!(!shop.ledger.packages.contains_key(&tag(STRANGE)));
        },
    );
}

#[test]
fn a_shelf_that_is_not_on_the_plan_comes_last_in_the_walk() {
    check(
        |_| {},
        |shop| {
            shop.server(StockImported {
                locations: vec![location("A-00-0", 0)],
                ..imported(vec![listed(STRANGE, VAPES, 9, "Z-99-9")])
            })
        },
        |shop, _| {
            let walk = |ledger: &Ledger, code: &str| ledger.walk_of(Some(&LocationCode::new(code)));
            assert_eq!(walk(&shop.ledger, "A-00-0"), 0);
            assert_eq!(walk(&shop.ledger, "Z-99-9"), u32::MAX);
            assert_eq!(shop.ledger.item_of(&tag(STRANGE)).unwrap().id, VAPES);
        },
    );
}

#[test]
fn the_day_of_a_test_stays_known_when_a_later_file_does_not_say_it() {
    check(
        |shop| {
            let tested = Some(day("2026-05-06"));
            let first = LabResult {
                tested,
                ..result(OLD_JARS)
            };
            lab(shop, vec![first]);
        },
        |shop| lab(shop, vec![result(OLD_JARS)]),
        |shop, ()| assert_eq!(shop.package(OLD_JARS).tested, Some(day("2026-05-06"))),
    );
}
