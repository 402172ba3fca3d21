//! What every bag must be before it leaves, item by item: each is broken alone, and no other answer changes.

use domain::custody::gate::{self, Item};
use domain::custody::hand_off;
use domain::custody::limit::Judgement;
use domain::custody::receive::PackageListed;
use domain::id::Hash;
use domain::identity::Shown;
use domain::limits::{Outcome, Program, Verdict};
use domain::order::{Buyer, Status};
use domain::stock::LabStatus;
use domain::time::Day;
use domain::verdict::Reason;

use super::goods::*;
use super::shop::{Shop, check};

fn limits(outcome: Outcome) -> Judgement {
    Judgement {
        id: "us-xx".to_owned(),
        pack: Hash::default(),
        day: day(TODAY),
        verdict: Some(Verdict {
            outcome,
            findings: Vec::new(),
        }),
        products: Vec::new(),
    }
}

/// The items that do not pass, and why.
fn open(shop: &Shop, within: Outcome, shown: Option<&Shown>) -> Vec<(Item, Outcome, Reason)> {
    let (order, limits) = (shop.order(FIRST), limits(within));
    let checks = gate::check(&shop.ledger, order, day(TODAY), Some(&limits), shown);
    assert_eq!(checks.len(), 7, "every item is answered");
    let open = checks
        .into_iter()
        .filter(|one| one.outcome != Outcome::Pass);
    open.map(|one| (one.item, one.outcome, one.why.unwrap()))
        .collect()
}

/// What is open of a staged bag after its package was listed as something else.
fn after(said: impl Fn(PackageListed) -> PackageListed) -> Vec<(Item, Outcome, Reason)> {
    let mut found = Vec::new();
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            shop.server(imported(vec![said(listed(OLD_JARS, JARS, 3, "A-01-1"))]));
            open(shop, Outcome::Pass, Some(&grown_up()))
        },
        |_, open| found = open,
    );
    found
}

#[test]
fn a_bag_that_is_as_it_must_be_passes_every_item() {
    assert_eq!(after(|listed| listed), []);
}

#[test]
fn held_goods_stop_a_bag() {
    let held = after(|listed| PackageListed {
        hold: true,
        ..listed
    });
    assert_eq!(held, [(Item::NotHeld, Outcome::Fail, Reason::OnHold)]);
}

#[test]
fn goods_past_their_last_day_stop_a_bag_and_on_the_last_day_they_do_not() {
    let until = |days| {
        after(move |listed| PackageListed {
            expires: Some(Day(day(TODAY).0 + days)),
            ..listed
        })
    };
    let expired = (Item::NotExpired, Outcome::Fail, Reason::Expired);
    assert_eq!((until(-1), until(0)), (vec![expired], vec![]));
}

#[test]
fn goods_that_did_not_pass_their_test_stop_a_bag() {
    for lab in [LabStatus::Failed, LabStatus::Pending, LabStatus::Unknown] {
        let untested = after(|listed| PackageListed { lab, ..listed });
        let expected = (Item::Tested, Outcome::Fail, Reason::NotTested);
        assert_eq!(untested, [expected], "{lab:?}");
    }
}

#[test]
fn a_label_nobody_read_back_is_no_label() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Labelled);
        },
        |shop| open(shop, Outcome::Pass, Some(&grown_up())),
        |_, open| assert_eq!(open, [(Item::Labelled, Outcome::Unknown, Reason::NotYet)]),
    );
}

#[test]
fn limits_documents_and_patients_are_answered_one_by_one() {
    let young = Shown::by_eye(day("2010-07-19"), day("2031-07-19"), true);
    let old_card = Shown::by_eye(day("1984-07-19"), day("2020-07-19"), true);
    let other_name = Shown::by_eye(day("1984-07-19"), day("2031-07-19"), false);
    check(
        |shop| {
            let buyer = Some(Buyer {
                program: Some(Program::Medical),
                who: None,
            });
            shop.server(domain::custody::arrive::OrderArrived {
                buyer,
                ..arrival(FIRST, domain::order::Channel::Pickup, &[(JARS, 1)])
            });
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            use Outcome::{Fail, Pass, Unknown};
            let cases = [
                (Fail, Some(grown_up())),
                (Unknown, Some(grown_up())),
                (Pass, Some(young)),
                (Pass, Some(old_card)),
                (Pass, Some(other_name)),
                (Pass, None),
            ];
            cases.map(|(within, shown)| open(shop, within, shown.as_ref()))
        },
        |_, open| {
            use Outcome::{Fail, Unknown};
            // Nobody here can ask a register of patients.
            let card = (Item::Card, Unknown, Reason::NotYet);
            let expected = [
                (Item::WithinLimits, Fail, Reason::OverLimit),
                (Item::WithinLimits, Unknown, Reason::LimitUnclear),
                (Item::Identity, Fail, Reason::UnderAge),
                (Item::Identity, Fail, Reason::IdExpired),
                (Item::Identity, Unknown, Reason::IdUnclear),
                (Item::Identity, Unknown, Reason::NotYet),
            ];
            assert_eq!(open, expected.map(|one| vec![one, card]));
        },
    );
}

#[test]
fn a_patients_bag_goes_only_to_whoever_showed_the_card() {
    check(
        |shop| {
            let buyer = Some(Buyer {
                program: Some(Program::Medical),
                who: None,
            });
            shop.server(domain::custody::arrive::OrderArrived {
                buyer,
                ..arrival(FIRST, domain::order::Channel::Pickup, &[(JARS, 1)])
            });
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let with_card = Shown {
                patient_card: true,
                ..grown_up()
            };
            let open = open(shop, Outcome::Pass, Some(&with_card));
            let situation = shop.situation(FAY, COUNTER);
            let bag = label_of(shop.order(FIRST));
            let gives = |shown: &Shown| {
                hand_off::decide(&shop.ledger, &situation, &bag, Some(shown), false, None)
            };
            let without = reason(&gives(&grown_up()));
            let verdict = gives(&with_card);
            shop.does(FAY, COUNTER, verdict);
            (open, without)
        },
        |shop, (open, without)| {
            assert_eq!((open, without), (Vec::new(), Reason::PatientCardNeeded));
            assert_eq!(shop.order(FIRST).status, Status::HandedOver);
        },
    );
}

/// The package of an order that is all picked, listed as something else, and what is said before it is scanned again, with what
/// is said when it is.
fn picked_then(said: impl Fn(PackageListed) -> PackageListed) -> (Vec<(String, Reason)>, Reason) {
    let mut found = (Vec::new(), Reason::Unknown);
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2), (GUMMIES, 1)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            assert_eq!(gate::unfit(&shop.ledger, shop.order(FIRST), day(TODAY)), []);
            shop.server(imported(vec![said(listed(OLD_JARS, JARS, 3, "A-01-1"))]));
            let unfit = gate::unfit(&shop.ledger, shop.order(FIRST), day(TODAY));
            let unfit = unfit.into_iter().map(|(tag, why)| (tag.to_string(), why));
            (
                unfit.collect(),
                reason(&shop.verifies(FIRST, &package(OLD_JARS))),
            )
        },
        |_, came| found = came,
    );
    found
}

#[test]
fn what_may_not_be_sold_any_more_is_named_once_before_anybody_scans_it_again() {
    let held = picked_then(|listed| PackageListed {
        hold: true,
        ..listed
    });
    let expired = picked_then(|listed| PackageListed {
        expires: Some(Day(day(TODAY).0 - 1)),
        ..listed
    });
    let failed = picked_then(|listed| PackageListed {
        lab: LabStatus::Failed,
        ..listed
    });
    for (found, why) in [
        (held, Reason::OnHold),
        (expired, Reason::Expired),
        (failed, Reason::NotTested),
    ] {
        assert_eq!(found, (vec![(OLD_JARS.to_owned(), why)], why));
    }
}

#[test]
fn a_bag_does_not_close_over_goods_that_came_to_be_held_after_they_were_scanned_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Labelled);
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| {
            shop.server(imported(vec![PackageListed {
                hold: true,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
            shop.seals(FIRST)
        },
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::OnHold);
            assert_eq!(refused(&verdict).scanned, Some(tag(OLD_JARS)));
        },
    );
}
