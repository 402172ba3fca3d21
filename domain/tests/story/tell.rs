//! Short messages about an order.

use std::collections::BTreeSet;

use domain::custody::car::SEALED_BYTES_MAX;
use domain::custody::short::{self, ShortReason};
use domain::custody::tell::{self, MESSAGES_MAX, MessageSent, Word};
use domain::event::Sealed;
use domain::id::{ActorId, EventId, Hash, OrderId};
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn staged(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.bring(FIRST, Status::Staged);
}

fn says(shop: &Shop, actor: ActorId, word: Word) -> Verdict {
    tell::decide(&shop.ledger, &shop.situation(actor, COUNTER), FIRST, word)
}

fn said(shop: &mut Shop, actor: ActorId, word: Word) -> EventId {
    let verdict = says(shop, actor, word);
    shop.does(actor, COUNTER, verdict)
}

fn sees(shop: &Shop, actor: ActorId, message: EventId) -> Verdict {
    tell::decide_seen(&shop.ledger, &shop.situation(actor, TABLET), FIRST, message)
}

fn is_open(shop: &Shop) -> Vec<Word> {
    tell::open(shop.order(FIRST)).map(|one| one.word).collect()
}

#[test]
fn a_customer_who_is_here_waits_until_the_bag_is_handed_over() {
    check(
        staged,
        |shop| {
            let message = said(shop, FAY, Word::CustomerHere);
            let since = tell::waiting_since(shop.order(FIRST));
            let seen = sees(shop, ANA, message);
            shop.does(ANA, TABLET, seen);
            (since, tell::waiting_since(shop.order(FIRST)))
        },
        |shop, (since, later)| {
            assert!(since.is_some());
            assert_eq!(since, later, "to see to it is not to hand over");
            assert_eq!(is_open(shop), []);
            let mut shop = shop.clone();
            shop.bring(FIRST, Status::HandedOver);
            assert_eq!(shop.order(FIRST).messages, None);
        },
    );
}

#[test]
fn who_left_does_not_wait_and_may_come_again() {
    check(
        staged,
        |shop| {
            said(shop, FAY, Word::CustomerHere);
            said(shop, FAY, Word::CustomerLeft);
            let gone = tell::waiting_since(shop.order(FIRST));
            let open = is_open(shop);
            said(shop, FAY, Word::CustomerHere);
            (gone, open)
        },
        |shop, (gone, open)| {
            assert_eq!((gone, open), (None, vec![Word::CustomerLeft]));
            assert!(tell::waiting_since(shop.order(FIRST)).is_some());
        },
    );
}

#[test]
fn the_same_word_is_said_again_only_after_somebody_has_seen_to_it() {
    check(
        |shop| {
            staged(shop);
            said(shop, ANA, Word::ItemShort);
        },
        |shop| {
            let again = reason(&says(shop, BEN, Word::ItemShort));
            // A tablet without a network did not know that it had been said.
            let (order, word) = (FIRST, Word::ItemShort);
            shop.did(BEN, TABLET, FIRST, MessageSent::of(order, word));
            let message = tell::open(shop.order(FIRST)).next().unwrap().event;
            let seen = sees(shop, FAY, message);
            shop.does(FAY, TABLET, seen);
            let twice = reason(&sees(shop, GUS, message));
            accepted(says(shop, BEN, Word::ItemShort));
            [again, twice]
        },
        |shop, reasons| {
            assert_eq!(reasons, [Reason::NotYet; 2]);
            assert_eq!(tell::messages(shop.order(FIRST)).count(), 1);
        },
    );
}

#[test]
fn nobody_speaks_of_an_order_that_is_over_and_an_auditor_never_speaks() {
    check(
        |shop| {
            staged(shop);
            shop.bring(FIRST, Status::HandedOver);
            shop.arrives(SECOND, &[(JARS, 1)]);
        },
        |shop| {
            let by = |actor, order| {
                let situation = shop.situation(actor, COUNTER);
                reason(&tell::decide(&shop.ledger, &situation, order, Word::CallMe))
            };
            [by(FAY, FIRST), by(AUDRA, SECOND), by(FAY, THIRD)]
        },
        |_, reasons| {
            let expected = [Reason::NotYet, Reason::NotYourRole, Reason::Unknown];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn an_order_keeps_no_more_messages_than_it_has_room_for() {
    check(
        staged,
        |shop| {
            for _ in 0..MESSAGES_MAX {
                let message = said(shop, FAY, Word::CallMe);
                let seen = sees(shop, ANA, message);
                shop.does(ANA, TABLET, seen);
            }
            said(shop, FAY, Word::NeedId);
        },
        |shop, ()| {
            assert_eq!(tell::messages(shop.order(FIRST)).count(), MESSAGES_MAX);
            assert_eq!(is_open(shop), [Word::NeedId]);
        },
    );
}

fn sealed(about: u8) -> Sealed {
    Sealed {
        commitment: Hash([about; 32]),
        ciphertext: vec![about; 40],
    }
}

fn in_a_car(shop: &Shop, actor: ActorId, car: Sealed) -> Verdict {
    tell::decide_car(&shop.ledger, &shop.situation(actor, COUNTER), FIRST, car)
}

#[test]
fn where_the_car_stands_is_known_until_its_customer_leaves_or_has_the_bag() {
    check(
        staged,
        |shop| {
            let verdict = in_a_car(shop, FAY, sealed(1));
            shop.does(FAY, COUNTER, verdict);
            let since = tell::waiting_since(shop.order(FIRST));
            let first = shop.order(FIRST).car.clone();
            // It was moved: said again, and nobody waits anew.
            let verdict = in_a_car(shop, FAY, sealed(2));
            shop.does(FAY, COUNTER, verdict);
            (since, first)
        },
        |shop, (since, first)| {
            assert_eq!(first, Some(sealed(1)));
            assert_eq!(shop.order(FIRST).car, Some(sealed(2)));
            assert!(since.is_some());
            assert_eq!(tell::waiting_since(shop.order(FIRST)), since);
            assert_eq!(is_open(shop), [Word::CustomerHere]);
            let mut gone = shop.clone();
            said(&mut gone, FAY, Word::CustomerLeft);
            assert_eq!(gone.order(FIRST).car, None);
            let mut handed = shop.clone();
            handed.bring(FIRST, Status::HandedOver);
            assert_eq!(handed.order(FIRST).car, None);
            let late = in_a_car(&handed, FAY, sealed(3));
            assert_eq!(reason(&late), Reason::NotYet);
        },
    );
}

#[test]
fn a_car_larger_than_any_is_not_kept_but_its_customer_is_here() {
    check(
        staged,
        |shop| {
            let mut car = sealed(1);
            car.ciphertext = vec![1; SEALED_BYTES_MAX + 1];
            let verdict = in_a_car(shop, FAY, car);
            shop.does(FAY, COUNTER, verdict);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).car, None);
            assert!(tell::waiting_since(shop.order(FIRST)).is_some());
        },
    );
}

#[test]
fn whose_customer_was_not_asked_is_known_also_where_nobody_has_kept_count() {
    check(
        |shop| {
            // Nobody has missed anything of the first, the second's customer was asked, the third's was not.
            for (order, lines) in [(FIRST, GUMMIES), (SECOND, VAPES), (THIRD, JARS)] {
                shop.arrives(order, &[(lines, 1)]);
                shop.takes(ANA, TABLET, &[order]);
            }
            for (order, text) in [(SECOND, PENS), (THIRD, OLD_JARS)] {
                let situation = shop.situation(ANA, TABLET);
                let reason = ShortReason::NotThere;
                let verdict = short::decide(&shop.ledger, &situation, order, &tag(text), reason);
                shop.does(ANA, TABLET, verdict);
            }
            shop.did(
                ANA,
                TABLET,
                SECOND,
                MessageSent::of(SECOND, Word::ItemShort),
            );
        },
        |shop| {
            let ledger = &shop.ledger;
            let among = |orders: &[OrderId]| {
                let orders = orders.iter().copied().collect();
                tell::not_asked(ledger, Some(&orders))
            };
            [
                tell::not_asked(ledger, None),
                among(&[FIRST, SECOND, THIRD, OrderId([9; 16])]),
                among(&[FIRST]),
            ]
        },
        |_, found| {
            let third = BTreeSet::from([THIRD]);
            assert_eq!(found, [third.clone(), third, BTreeSet::new()]);
        },
    );
}
