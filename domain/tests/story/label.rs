//! The exit label: printed, stuck on, read back.

use domain::code::own::{OwnCode, OwnKind};
use domain::custody::arrive::OrderCancelled;
use domain::custody::exception::Rule;
use domain::custody::label::{
    LabelPrinted, Printing, ReprintReason, content_hash, decide_print, label_code, require_living,
};
use domain::custody::pick::decide_void;
use domain::custody::receive::{LabResult, LabResultsRecorded};
use domain::custody::resolve::Decision;
use domain::custody::scan::Scan;
use domain::custody::seal::BagSealed;
use domain::event::Body;
use domain::id::Hash;
use domain::label::Language;
use domain::order::Status;
use domain::stock::{Potency, PotencyUnit};
use domain::verdict::{Instead, Reason};

use super::exceptions::{pick, two_orders};
use super::goods::*;
use super::settling::settles;
use super::shop::{Shop, check};

fn verified(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.bring(FIRST, Status::Verified);
}

fn labelled(shop: &mut Shop) {
    verified(shop);
    shop.bring(FIRST, Status::Labelled);
}

fn prints_again(shop: &mut Shop, why: ReprintReason) {
    let situation = shop.situation(BEN, COUNTER);
    let printing = Printing {
        reason: Some(why),
        ..Printing::default()
    };
    let verdict = decide_print(&shop.ledger, &situation, FIRST, printing);
    shop.does(BEN, COUNTER, verdict);
}

#[test]
fn a_verified_order_gets_a_label_with_a_code_of_its_own() {
    check(
        verified,
        |shop| shop.does(BEN, COUNTER, shop.prints(FIRST)),
        |shop, _| {
            let order = shop.order(FIRST);
            let label = order.label.as_ref().unwrap();
            assert_eq!((label.copies, label.read_back), (1, false));
            let code = label_code(&shop.ledger, order, 1, Language::English);
            assert_eq!(label.code, code);
            assert!(label.code.starts_with("CUSXK7417"), "{}", label.code);
            assert_eq!(order.status, Status::Labelled);
        },
    );
}

#[test]
fn the_code_changes_when_the_goods_change() {
    check(
        labelled,
        |shop| {
            let code =
                |shop: &Shop| label_code(&shop.ledger, shop.order(FIRST), 1, Language::English);
            let first = code(shop);
            let pick = shop.order(FIRST).picks[0].event;
            let situation = shop.situation(ANA, TABLET);
            let verdict = decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            let second = code(shop);
            shop.bring(FIRST, Status::Verified);
            let third = code(shop);
            (first, second, third)
        },
        |_, (first, second, third)| {
            assert_ne!(first, second);
            // The same goods have the same label again.
            assert_eq!(first, third);
        },
    );
}

#[test]
fn the_code_changes_when_a_potency_comes_in() {
    let thc = Some(Potency {
        thousandths: 24_100,
        unit: PotencyUnit::Percent,
    });
    check(
        labelled,
        |shop| {
            let first = label_of(shop.order(FIRST));
            let result = LabResult {
                tag: tag(OLD_JARS),
                thc,
                cbd: None,
                tested: None,
                expires: None,
            };
            let (file, results) = ("lab.csv".to_owned(), vec![result]);
            shop.server(LabResultsRecorded { file, results });
            shop.reads_back(FIRST, &first)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::WrongLabel),
    );
}

#[test]
fn the_right_label_is_read_back() {
    check(
        labelled,
        |shop| {
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop, ()| assert!(shop.order(FIRST).label.as_ref().unwrap().read_back),
    );
}

#[test]
fn a_label_of_other_goods_of_another_order_or_no_label_is_refused() {
    check(
        |shop| {
            labelled(shop);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Labelled);
        },
        |shop| {
            let stale = own(
                OwnKind::Label,
                &format!("{}AAAAAA", shop.order(FIRST).code_id()),
            );
            [
                shop.reads_back(FIRST, &stale),
                shop.reads_back(FIRST, &label_of(shop.order(SECOND))),
                shop.reads_back(FIRST, &package(OLD_JARS)),
                shop.reads_back(FIRST, &own(OwnKind::Ticket, "K7411AAAAAA")),
                shop.reads_back(THIRD, &stale),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::WrongLabel,
                Reason::OtherOrder,
                Reason::ForAnotherStep,
                Reason::ForAnotherStep,
                Reason::Unknown,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn a_label_printed_again_has_to_be_read_back_again() {
    check(
        |shop| {
            labelled(shop);
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| {
            prints_again(shop, ReprintReason::Damaged);
            shop.seals(FIRST)
        },
        |shop, seal| {
            let label = shop.order(FIRST).label.as_ref().unwrap();
            assert_eq!((label.copies, label.read_back), (2, false));
            assert_eq!(reason(&seal), Reason::NotYet);
        },
    );
}

#[test]
fn a_label_that_was_printed_again_kills_the_one_before_it() {
    check(
        labelled,
        |shop| {
            let first = label_of(shop.order(FIRST));
            prints_again(shop, ReprintReason::Damaged);
            let second = label_of(shop.order(FIRST));
            [&first, &second].map(|scan| shop.reads_back(FIRST, scan))
        },
        |_, [first, second]| {
            assert_eq!(reason(&first), Reason::WrongLabel);
            accepted(second);
        },
    );
}

#[test]
fn who_prints_again_without_a_reason_is_recorded_with_one() {
    check(
        labelled,
        |shop| accepted(shop.prints(FIRST)),
        |_, again| {
            let Body::LabelPrinted(again) = again else {
                panic!("another act");
            };
            let known = (again.copy, again.reason);
            assert_eq!(known, (2, Some(ReprintReason::Changed)));
        },
    );
}

#[test]
fn a_label_of_an_app_from_before_codes_knew_the_print_is_still_read_back() {
    check(
        verified,
        |shop| {
            let order = shop.order(FIRST);
            let id = format!("{}AAAAAA", order.code_id());
            let old = LabelPrinted {
                order: FIRST,
                code: OwnCode::make(OwnKind::Label, &id).unwrap(),
                content: content_hash(&shop.ledger, order),
                copy: 1,
                reason: None,
                rules: None,
                language: None,
                media: None,
                printer: None,
                sold: None,
            };
            shop.did(BEN, COUNTER, FIRST, old);
            shop.reads_back(FIRST, &label_of(shop.order(FIRST)))
        },
        |_, verdict| {
            accepted(verdict);
        },
    );
}

#[test]
fn goods_that_change_after_the_label_was_read_back_keep_the_bag_open() {
    check(
        |shop| {
            labelled(shop);
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| {
            let result = LabResult {
                tag: tag(OLD_JARS),
                thc: Some(Potency {
                    thousandths: 9_000,
                    unit: PotencyUnit::Percent,
                }),
                cbd: None,
                tested: None,
                expires: None,
            };
            let (file, results) = ("lab.csv".to_owned(), vec![result]);
            shop.server(LabResultsRecorded { file, results });
            shop.seals(FIRST)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::WrongLabel),
    );
}

#[test]
fn rules_that_change_after_the_label_was_read_back_keep_the_bag_open() {
    check(
        |shop| {
            super::limit::two_jars(shop);
            labelled(shop);
            let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| {
            accepted(shop.seals(FIRST));
            let store = shop.ledger.store().unwrap();
            let mut pack = *store.rules.limits.clone().unwrap();
            pack.hash = Hash([9; 32]);
            super::limit::uses(shop, pack);
            shop.seals(FIRST)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::WrongLabel),
    );
}

#[test]
fn a_label_is_printed_only_once_goods_and_ticket_agree() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Picked);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            let order = SECOND;
            shop.server(OrderCancelled { order });
        },
        |shop| {
            let situation = shop.situation(FAY, COUNTER);
            [
                shop.prints(FIRST),
                shop.prints(SECOND),
                shop.prints(THIRD),
                decide_print(&shop.ledger, &situation, FIRST, Printing::default()),
                shop.reads_back(FIRST, &own(OwnKind::Label, "K7411AAAAAA")),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::NotYet,
                Reason::OrderCancelled,
                Reason::Unknown,
                Reason::NotYourRole,
                Reason::NotYet,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn paper_printed_after_the_bag_was_closed_does_not_hide_the_bag() {
    check(
        |shop| {
            verified(shop);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let bag = label_of(shop.order(FIRST));
            let late = LabelPrinted {
                order: FIRST,
                code: "CUSXK7411AAAAAAB".to_owned(),
                content: Hash::default(),
                copy: u32::MAX,
                reason: None,
                rules: None,
                language: None,
                media: None,
                printer: None,
                sold: None,
            };
            shop.did(ANA, TABLET, FIRST, late);
            shop.hands_over(FAY, &bag)
        },
        |_, verdict| {
            accepted(verdict);
        },
    );
}

#[test]
fn however_often_a_label_is_said_to_have_been_printed_it_can_be_printed_again() {
    check(
        labelled,
        |shop| {
            let Body::LabelPrinted(mut done) = accepted(shop.prints(FIRST)) else {
                panic!("another act");
            };
            done.copy = u32::MAX;
            shop.did(BEN, COUNTER, FIRST, done);
            prints_again(shop, ReprintReason::NothingCameOut);
        },
        |shop, ()| {
            let label = shop.order(FIRST).label.as_ref().unwrap();
            assert_eq!(label.copies, u32::MAX);
        },
    );
}

/// A print that another tablet made without knowing of this one's, as it arrives.
fn printed_elsewhere(shop: &Shop, copy: u32, language: Language) -> LabelPrinted {
    let order = shop.order(FIRST);
    LabelPrinted {
        order: FIRST,
        code: label_code(&shop.ledger, order, copy, language),
        content: content_hash(&shop.ledger, order),
        copy,
        reason: (copy > 1).then_some(ReprintReason::Damaged),
        rules: None,
        language: Some(language),
        media: None,
        printer: None,
        sold: None,
    }
}

#[test]
fn a_killed_label_does_not_come_back_when_another_tablet_sends_an_earlier_print_late() {
    check(
        labelled,
        |shop| {
            let first = label_of(shop.order(FIRST));
            let late = printed_elsewhere(shop, 1, Language::English);
            prints_again(shop, ReprintReason::Damaged);
            let second = label_of(shop.order(FIRST));
            shop.did(ANA, TABLET, FIRST, late);
            [&first, &second].map(|scan| shop.reads_back(FIRST, scan))
        },
        |_, [first, second]| {
            assert_eq!(reason(&first), Reason::WrongLabel);
            accepted(second);
        },
    );
}

/// Ben reads his label back and closes the bag without a network; meanwhile Ana, without one too, prints another. Hers comes
/// first. Out: the label on the bag, and hers.
fn closed_under_the_earlier_print(shop: &mut Shop) -> [Scan; 2] {
    let on_the_bag = label_of(shop.order(FIRST));
    let Body::LabelReadBack(read) = accepted(shop.reads_back(FIRST, &on_the_bag)) else {
        panic!("another act");
    };
    let bag = read.code.clone();
    let other = printed_elsewhere(shop, 2, Language::English);
    shop.did(ANA, TABLET, FIRST, other);
    let hers = label_of(shop.order(FIRST));
    shop.did(BEN, COUNTER, FIRST, read);
    shop.did(BEN, COUNTER, FIRST, BagSealed { order: FIRST, bag });
    [on_the_bag, hers]
}

#[test]
fn a_bag_is_known_by_the_label_it_was_closed_under_whatever_another_tablet_printed_meanwhile() {
    check(
        labelled,
        |shop| {
            let [on_the_bag, hers] = closed_under_the_earlier_print(shop);
            let living = [&on_the_bag, &hers].map(|scan| require_living(&shop.ledger, scan));
            assert_eq!(living[0], Ok(()));
            assert_eq!(living[1].as_ref().unwrap_err().reason, Reason::WrongLabel);
            [
                shop.hands_over(FAY, &hers),
                shop.hands_over(FAY, &on_the_bag),
            ]
        },
        |_, [hers, on_the_bag]| {
            assert_eq!(reason(&hers), Reason::WrongLabel);
            assert_eq!(
                refused(&hers).instead.as_deref(),
                Some(&Instead::PaperOf(FIRST))
            );
            accepted(on_the_bag);
        },
    );
}

#[test]
fn a_bag_that_is_said_to_be_closed_under_another_orders_label_keeps_its_own() {
    check(
        |shop| {
            labelled(shop);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Sealed);
        },
        |shop| {
            let own = label_of(shop.order(FIRST));
            let bag = shop.order(SECOND).label.clone().unwrap().code;
            for bag in [bag, String::new(), "CUSXK7417".to_owned()] {
                let mut other = shop.clone();
                other.did(BEN, COUNTER, FIRST, BagSealed { order: FIRST, bag });
                assert_eq!(label_of(other.order(FIRST)), own);
            }
        },
        |_, ()| {},
    );
}

#[test]
fn the_label_of_a_bag_that_was_opened_again_is_dead_and_the_next_print_says_that_it_is_one() {
    check(
        |shop| {
            two_orders(shop);
            // Somebody who has left picked it: a manager has the bag opened.
            shop.did(OTTO, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let opened = label_of(shop.order(FIRST));
            settles(shop, GUS, Rule::ActorInvalid, Decision::ReturnToStock);
            shop.bring(FIRST, Status::Verified);
            let print = accepted(shop.prints(FIRST));
            shop.bring(FIRST, Status::Labelled);
            (print, shop.reads_back(FIRST, &opened))
        },
        |_, (print, opened)| {
            let Body::LabelPrinted(print) = print else {
                panic!("another act");
            };
            assert_eq!(
                (print.copy, print.reason),
                (2, Some(ReprintReason::Changed))
            );
            assert_eq!(reason(&opened), Reason::WrongLabel);
        },
    );
}
