//! To the customer: the one step that cannot be taken back.

use domain::code::own::OwnKind;
use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::custody::hand_off::{self, IdCheck, IdSeen, OrderHandedOff};
use domain::custody::receive::PackageListed;
use domain::custody::short::{self, ShortReason};
use domain::custody::sign_in::ActorSignedOut;
use domain::event::Body;
use domain::id::ActorId;
use domain::identity::{Card, CheckedBy, Likeness, Shown};
use domain::order::{Channel, Status};
use domain::stock::Place;
use domain::time::{Day, Millis};
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn staged(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.bring(FIRST, Status::Staged);
}

fn fay_scans_the_bag(shop: &mut Shop) -> Verdict {
    shop.hands_over(FAY, &label_of(shop.order(FIRST)))
}

#[test]
fn a_staged_bag_goes_to_its_customer_and_its_slot_is_free() {
    check(
        staged,
        |shop| {
            let verdict = fay_scans_the_bag(shop);
            let Verdict::Accepted(Body::OrderHandedOff(done)) = &verdict else {
                panic!("{verdict:?}")
            };
            let id = done.id;
            shop.does(FAY, COUNTER, verdict);
            id
        },
        |shop, id| {
            let (seen, age_min) = (true, 21);
            let check = Some(IdCheck {
                by: CheckedBy::Eye,
                likeness: None,
                name_seen: true,
                under_21_format: false,
                card: None,
                patient_card: None,
            });
            let expected = IdSeen {
                seen,
                age_min,
                check,
            };
            assert_eq!(id, expected);
            let order = shop.order(FIRST);
            assert_eq!((order.status, &order.slot), (Status::HandedOver, &None));
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2);
            assert!(shop.ledger.slots.values().all(|slot| slot.holds.is_none()));
        },
    );
}

#[test]
fn a_sealed_bag_that_was_never_staged_may_go_too() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let verdict = fay_scans_the_bag(shop);
            shop.does(FAY, COUNTER, verdict);
        },
        |shop, ()| assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2),
    );
}

#[test]
fn without_the_server_nothing_is_handed_over() {
    check(
        |shop| {
            staged(shop);
            shop.offline = true;
        },
        fay_scans_the_bag,
        |_, verdict| assert_eq!(reason(&verdict), Reason::NeedsServer),
    );
}

#[test]
fn nobody_gets_a_bag_without_having_shown_an_identity_document() {
    check(
        staged,
        |shop| {
            let situation = shop.situation(FAY, COUNTER);
            let bag = label_of(shop.order(FIRST));
            hand_off::decide(&shop.ledger, &situation, &bag, None, false, None)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYet),
    );
}

/// What comes of showing this.
fn shows(shop: &Shop, shown: &Shown) -> Verdict {
    let situation = shop.situation(FAY, COUNTER);
    let bag = label_of(shop.order(FIRST));
    hand_off::decide(&shop.ledger, &situation, &bag, Some(shown), false, None)
}

#[test]
fn the_day_of_the_twenty_first_birthday_is_the_first_on_which_the_law_lets_go_and_not_the_day_before()
 {
    let (year, month, date) = day(TODAY).civil();
    let birthday = Day::from_civil(year - 21, month, date).unwrap();
    check(
        staged,
        |shop| {
            [birthday, Day(birthday.0 + 1)].map(|birth| {
                let shown = Shown {
                    birth,
                    ..grown_up()
                };
                shows(shop, &shown)
            })
        },
        |_, [old_enough, too_young]| {
            accepted(old_enough);
            assert_eq!(reason(&too_young), Reason::UnderAge);
        },
    );
}

#[test]
fn a_document_is_good_through_its_last_day_and_one_without_a_last_day_is_not_good_for_ever() {
    check(
        staged,
        |shop| {
            let today = day(TODAY);
            let yesterday = Day(today.0 - 1);
            [Some(today), Some(yesterday), None].map(|expiry| {
                let shown = Shown {
                    expiry,
                    ..grown_up()
                };
                shows(shop, &shown)
            })
        },
        |_, [last_day, past, unknown]| {
            accepted(last_day);
            assert_eq!(reason(&past), Reason::IdExpired);
            assert_eq!(reason(&unknown), Reason::IdUnclear);
        },
    );
}

#[test]
fn a_name_that_no_program_found_the_same_is_compared_by_a_person() {
    let read = |likeness, name_fits| Shown {
        by: CheckedBy::Code,
        likeness,
        name_fits,
        ..grown_up()
    };
    check(
        staged,
        |shop| {
            let likenesses = [
                Some(Likeness::Same(950)),
                Some(Likeness::Alike(800)),
                Some(Likeness::Different(300)),
                None,
            ];
            likenesses.map(|likeness| {
                [false, true].map(|name_fits| shows(shop, &read(likeness, name_fits)))
            })
        },
        |_, [same, alike, different, unknown]| {
            for verdict in same {
                accepted(verdict);
            }
            for [alone, seen] in [alike, different, unknown] {
                assert_eq!(reason(&alone), Reason::IdUnclear);
                accepted(seen);
            }
        },
    );
}

#[test]
fn nothing_but_the_verdict_and_a_commitment_is_kept_of_a_card() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/aamva");
    let text = std::fs::read_to_string(format!("{folder}/17-v10-va-leap-day.txt")).unwrap();
    let card = Card::take(text).unwrap();
    let shown = Shown::of_card(&card, Some(&card.whole_name()), Some(&[7; 32]));
    check(
        staged,
        |shop| accepted(shows(shop, &shown)).to_bytes(),
        |_, bytes| {
            let has = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            assert!(!has(&card.family) && !has(card.number.as_ref().unwrap()));
            assert!(!has(&card.birth.to_string()));
            let commitment = card.commitment(&[7; 32]).unwrap();
            assert!(bytes.windows(32).any(|part| part == commitment.0));
        },
    );
}

#[test]
fn only_the_front_of_house_and_the_general_manager_hand_over() {
    check(
        staged,
        |shop| {
            let bag = label_of(shop.order(FIRST));
            let may = |(actor, _): &&(ActorId, _)| {
                matches!(shop.hands_over(*actor, &bag), Verdict::Accepted(_))
            };
            PEOPLE
                .iter()
                .filter(may)
                .map(|(actor, _)| *actor)
                .collect::<Vec<_>>()
        },
        |_, allowed| assert_eq!(allowed, [FAY, GUS]),
    );
}

#[test]
fn a_bag_with_a_recalled_package_stays_here() {
    check(
        staged,
        |shop| {
            let recalled = PackageListed {
                hold: true,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            };
            shop.server(imported(vec![recalled]));
            fay_scans_the_bag(shop)
        },
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::OnHold);
            assert_eq!(refused(&verdict).scanned, Some(tag(OLD_JARS)));
        },
    );
}

#[test]
fn a_bag_with_an_exception_on_it_waits_for_a_manager() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS));
            // Otto no longer works here, but he had a tablet that did not know.
            shop.did(OTTO, TABLET, FIRST, accepted(verdict));
            shop.bring(FIRST, Status::Staged);
        },
        fay_scans_the_bag,
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::WaitsForManager);
            let named = refused(&verdict).order.as_deref();
            assert_eq!(named, Some(&FIRST), "the refusal names the order");
        },
    );
}

#[test]
fn an_exception_a_manager_has_dealt_with_does_not_hold_the_bag() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS));
            shop.did(OTTO, TABLET, FIRST, accepted(verdict));
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let mut shop = shop.clone();
            let number = *shop.ledger.exceptions.keys().next().unwrap();
            shop.ledger.exception_mut(&number).unwrap().resolved = true;
            fay_scans_the_bag(&mut shop)
        },
        |_, verdict| {
            accepted(verdict);
        },
    );
}

/// Three bags with one jar each: one without a number, and two that claim the same number.
fn a_disputed_jar(shop: &mut Shop) {
    for (order, scan) in [
        (FIRST, package(OLD_JARS)),
        (SECOND, unit(OLD_JARS, 2)),
        (THIRD, unit(OLD_JARS, 3)),
    ] {
        shop.arrives(order, &[(JARS, 1)]);
        shop.takes(ANA, TABLET, &[order]);
        let verdict = shop.picks(ANA, TABLET, order, &scan);
        let Body::PackagePicked(mut done) = accepted(verdict) else {
            panic!("another act");
        };
        done.unit = done.unit.map(|index| index.min(2));
        shop.did(ANA, TABLET, order, done);
        shop.bring(order, Status::Staged);
    }
    // Something else a manager will have to look at.
    let actor = ANA;
    shop.record(ANA, STOLEN, None, ActorSignedOut { actor });
}

#[test]
fn a_jar_in_dispute_holds_the_bags_it_may_be_in_and_no_other() {
    check(
        a_disputed_jar,
        |shop| {
            [FIRST, SECOND, THIRD].map(|order| {
                let bag = label_of(shop.order(order));
                match shop.hands_over(FAY, &bag) {
                    Verdict::Accepted(_) => None,
                    Verdict::Refused(refusal) => Some(refusal.reason),
                }
            })
        },
        |_, answers| {
            let waits = Some(Reason::WaitsForManager);
            assert_eq!(answers, [None, waits, waits]);
        },
    );
}

#[test]
fn once_a_manager_has_settled_whose_jar_it_is_both_bags_may_go() {
    check(
        a_disputed_jar,
        |shop| {
            let mut shop = shop.clone();
            let number = *shop.ledger.exceptions.keys().next().unwrap();
            shop.ledger.exception_mut(&number).unwrap().resolved = true;
            [SECOND, THIRD].map(|order| shop.hands_over(FAY, &label_of(shop.order(order))))
        },
        |_, verdicts| {
            for verdict in verdicts {
                accepted(verdict);
            }
        },
    );
}

#[test]
fn one_jar_in_dispute_among_others_holds_the_bag() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(GUMMIES, 1), (JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            for scan in [package(GUMS), unit(OLD_JARS, 1), unit(OLD_JARS, 2)] {
                let verdict = shop.picks(ANA, TABLET, FIRST, &scan);
                shop.does(ANA, TABLET, verdict);
            }
            shop.bring(FIRST, Status::Staged);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(BEN, PHONE, &[SECOND]);
            let verdict = shop.picks(BEN, PHONE, SECOND, &unit(OLD_JARS, 3));
            let Body::PackagePicked(mut done) = accepted(verdict) else {
                panic!("another act");
            };
            done.unit = Some(2);
            shop.did(BEN, PHONE, SECOND, done);
        },
        fay_scans_the_bag,
        |_, verdict| assert_eq!(reason(&verdict), Reason::WaitsForManager),
    );
}

#[test]
fn an_order_changed_after_its_bag_was_sealed_waits_for_a_person() {
    check(
        staged,
        |shop| {
            shop.server(OrderChanged {
                order: FIRST,
                channel: Channel::Pickup,
                promise_start: Millis(0),
                promise_end: Millis(0),
                lines: lines(&[(JARS, 1)]),
                buyer: None,
            });
            fay_scans_the_bag(shop)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::WaitsForManager),
    );
}

#[test]
fn a_bag_that_lacks_what_nobody_could_find_may_go() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 4)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            let situation = shop.situation(ANA, TABLET);
            let (tag, reason) = (tag(PENS), ShortReason::NotThere);
            let verdict = short::decide(&shop.ledger, &situation, FIRST, &tag, reason);
            shop.does(ANA, TABLET, verdict);
            shop.bring(FIRST, Status::Staged);
        },
        fay_scans_the_bag,
        |_, verdict| {
            accepted(verdict);
        },
    );
}

#[test]
fn a_cancelled_order_an_unfinished_one_and_a_bag_that_is_gone_are_not_handed_over() {
    check(
        |shop| {
            for order in [FIRST, SECOND, THIRD] {
                shop.arrives(order, &[(JARS, 1)]);
            }
            shop.bring(FIRST, Status::Staged);
            let order = FIRST;
            shop.server(OrderCancelled { order });
            shop.bring(SECOND, Status::Labelled);
            shop.bring(THIRD, Status::HandedOver);
        },
        |shop| {
            [FIRST, SECOND, THIRD]
                .map(|order| reason(&shop.hands_over(FAY, &label_of(shop.order(order)))))
        },
        |_, reasons| {
            let expected = [
                Reason::OrderCancelled,
                Reason::NotYet,
                Reason::AlreadyScanned,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn a_code_that_is_no_bags_hands_nothing_over() {
    check(
        staged,
        |shop| {
            let stranger = own(OwnKind::Label, "Z9999AAAAAA");
            [stranger, package(OLD_JARS), nonsense()]
                .map(|scan| reason(&shop.hands_over(FAY, &scan)))
        },
        |_, reasons| {
            let expected = [Reason::Unknown, Reason::ForAnotherStep, Reason::NotACode];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn what_was_promised_to_an_order_that_left_incomplete_is_free_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            let done = OrderHandedOff {
                order: FIRST,
                bag: String::new(),
                id: IdSeen {
                    seen: true,
                    age_min: 21,
                    check: None,
                },
                judged: None,
                signed: None,
            };
            shop.did(FAY, COUNTER, FIRST, done);
        },
        |shop, ()| {
            assert_eq!(shop.reserved(OLD_JARS), 0);
            // It was in no bag: it is still in the tote.
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(FIRST)), 1);
        },
    );
}
