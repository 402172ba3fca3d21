//! What one person may buy, and what every bag must be before it leaves.

use std::collections::{BTreeMap, BTreeSet};

use domain::custody::arrive::OrderChanged;
use domain::custody::exception::Rule;
use domain::custody::gate::{self, Item as Asked};
use domain::custody::hand_off::{self, OrderHandedOff};
use domain::custody::limit::{self, CameTo, Judged};
use domain::custody::receive::{PackageListed, StockImported};
use domain::custody::set_up::StoreConfigured;
use domain::custody::{Fact, evolve, take_off};
use domain::event::Body;
use domain::id::{Hash, OrderId};
use domain::identity::Shown;
use domain::ledger::Ledger;
use domain::limits::{
    Authority, Book, Bucket, Combine, Condition, Figures, Letter, Limit, LimitPack, Measure,
    Offline, Outcome, Over, Program, Why, Window,
};
use domain::order::{Buyer, Concern, Status};
use domain::stock::{Content, Item, Place};
use domain::time::Day;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

/// An eighth of an ounce, as shops sell it.
const JAR_MG: u64 = 3_500;
const OLD_PACK: Hash = Hash([1; 32]);
const NEW_PACK: Hash = Hash([2; 32]);

/// So much flower a day, in milligrams, from a day on.
fn cap(max: u64, from: Option<Day>, to: Option<Day>) -> Limit {
    let flower = Bucket {
        id: "flower".to_owned(),
        measure: Measure::NetMg,
        terms: BTreeMap::from([("flower".to_owned(), Measure::NetMg.term())]),
        max,
        unconfirmed: None,
        is_inside: false,
        condition: Condition::default(),
        source: "a law".to_owned(),
    };
    Limit {
        id: "xx.adult".to_owned(),
        program: Program::Adult,
        from,
        to,
        combine: Combine::Independent,
        window: Window::CalendarDay,
        knows_customer: true,
        authority: Authority::Local,
        offline: Offline::Allow,
        letter: Letter::Ignored,
        over: Over::Barred,
        is_advisory: false,
        condition: Condition::default(),
        buckets: vec![flower],
        uncapped: BTreeSet::new(),
    }
}

fn pack(hash: Hash, limits: Vec<Limit>) -> LimitPack {
    let book = Book {
        id: "us-xx".to_owned(),
        state: "CA".to_owned(),
        limits,
        bars: Vec::new(),
        splits: Vec::new(),
        exempt: BTreeSet::new(),
        age_min: BTreeMap::new(),
    };
    let classes = BTreeMap::from([("Flower".to_owned(), "flower".to_owned())]);
    LimitPack::of("us-xx", "1", hash, &Figures { book, classes })
}

pub fn uses(shop: &mut Shop, limits: LimitPack) {
    let mut store = shop.ledger.store().unwrap().clone();
    store.rules.limits = Some(Box::new(limits));
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
}

/// A jar of flower has its weight, a box of gummies has none that anybody wrote down.
fn knows_weights(shop: &mut Shop) {
    let jars = Item {
        content: Some(Content {
            net_mg: Some(JAR_MG),
            ..Content::default()
        }),
        ..item(JARS, "Blue Dream 3.5 g", Some(JARS_GTIN))
    };
    shop.server(StockImported {
        items: vec![jars],
        ..imported(Vec::new())
    });
}

/// Two jars a day, not more.
pub fn two_jars(shop: &mut Shop) {
    knows_weights(shop);
    uses(shop, pack(OLD_PACK, vec![cap(2 * JAR_MG, None, None)]));
}

/// An order of somebody, by a number.
fn orders(shop: &mut Shop, order: OrderId, who: Option<u8>, ordered: &[(domain::id::ItemId, u32)]) {
    let who = who.map(|who| Hash([who; 32]));
    let buyer = Some(Buyer { program: None, who });
    shop.server(domain::custody::arrive::OrderArrived {
        buyer,
        ..arrival(order, domain::order::Channel::Pickup, ordered)
    });
    shop.allocates(order);
}

fn judged(body: &Body) -> Option<Judged> {
    match body {
        Body::OrderHandedOff(done) => done.judged,
        Body::UnitVerified(done) => done.judged,
        Body::TicketRead(done) => done.judged,
        other => panic!("{other:?}"),
    }
}

fn by_hand(shop: &Shop, order: OrderId, by_hand: bool) -> Verdict {
    let situation = shop.situation(FAY, COUNTER);
    let (bag, shown) = (label_of(shop.order(order)), grown_up());
    hand_off::decide(&shop.ledger, &situation, &bag, Some(&shown), by_hand, None)
}

#[test]
fn more_than_one_person_may_buy_stops_at_the_pack_station_with_how_much_it_is_over_and_why() {
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
            assert_eq!(shop.order(FIRST).concerns, [Concern::OverLimit]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| shop.verifies(FIRST, &package(OLD_JARS)),
        |_, verdict| {
            let refusal = refused(&verdict);
            assert_eq!(refusal.reason, Reason::OverLimit);
            let limit = refusal.limit.as_ref().unwrap();
            assert_eq!((limit.used, limit.max), (10_500, Some(7_000)));
            assert_eq!(limit.margin, Some(-3_500));
            assert_eq!((&limit.why, limit.source.as_str()), (&Why::Over, "a law"));
        },
    );
}

#[test]
fn a_unit_that_is_too_much_comes_off_and_the_rest_goes_on() {
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let situation = shop.situation(ANA, TABLET);
            let order = shop.order(FIRST);
            let pick = limit::to_take_off(&shop.ledger, &situation, order).unwrap();
            let verdict = take_off::decide(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            // What is within the limit stays.
            let order = shop.order(FIRST);
            assert_eq!(limit::to_take_off(&shop.ledger, &situation, order), None);
            let kept = order.picks[0].event;
            let again = take_off::decide(&shop.ledger, &situation, FIRST, kept);
            assert_eq!(reason(&again), Reason::NotYet);
            shop.allocates(FIRST);
            shop.verifies_all(FIRST);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!(order.status, Status::Verified);
            assert_eq!((order.lines[0].units, order.units_picked()), (2, 2));
            assert_eq!(order.concerns, []);
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 1);
            assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), (0, 0));
        },
    );
}

#[test]
fn what_is_not_known_goes_on_and_whoever_hands_it_over_answers_for_it() {
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 1), (GUMMIES, 1)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| (by_hand(shop, FIRST, false), by_hand(shop, FIRST, true)),
        |shop, (unanswered, answered)| {
            assert_eq!(reason(&unanswered), Reason::LimitUnclear);
            let done = judged(&accepted(answered)).unwrap();
            assert_eq!((done.came_to, done.by_hand), (CameTo::Unknown, Some(true)));
            let verified = shop.log.iter().filter_map(|fact| match &fact.body {
                Body::UnitVerified(done) => done.judged,
                _ => None,
            });
            let verified: Vec<Judged> = verified.collect();
            assert!(verified.iter().all(|one| one.came_to == CameTo::Unknown));
            assert!(verified.iter().all(|one| one.pack == OLD_PACK) && verified.len() == 2);
        },
    );
}

#[test]
fn two_orders_of_one_person_on_one_day_are_one_purchase_and_those_of_two_people_are_not() {
    check(
        |shop| {
            two_jars(shop);
            for (order, who) in [(FIRST, 7), (SECOND, 7), (THIRD, 8)] {
                orders(shop, order, Some(who), &[(JARS, 2)]);
                shop.bring(order, Status::Staged);
            }
            let verdict = by_hand(shop, FIRST, false);
            shop.does(FAY, COUNTER, verdict);
            assert_eq!(shop.order(FIRST).handed_on, Some(day(TODAY)));
        },
        |shop| (by_hand(shop, SECOND, true), by_hand(shop, THIRD, false)),
        |_, (same, other)| {
            let limit = refused(&same).limit.as_ref().unwrap();
            assert_eq!((limit.used, limit.margin), (14_000, Some(-7_000)));
            let done = judged(&accepted(other)).unwrap();
            assert_eq!((done.came_to, done.by_hand), (CameTo::Within, None));
            assert_eq!((done.pack, done.day), (OLD_PACK, day(TODAY)));
        },
    );
}

#[test]
fn what_was_taken_home_before_is_not_known_of_somebody_nobody_can_tell_from_others() {
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, None, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| by_hand(shop, FIRST, false),
        |_, verdict| assert_eq!(reason(&verdict), Reason::LimitUnclear),
    );
}

#[test]
fn a_bag_that_went_out_under_an_older_pack_is_recorded_and_waits_for_a_manager() {
    check(
        |shop| {
            knows_weights(shop);
            uses(shop, pack(OLD_PACK, vec![cap(28_500, None, None)]));
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let verdict = accepted(by_hand(shop, FIRST, false));
            // The new pack comes while the device at the counter is away.
            uses(shop, pack(NEW_PACK, vec![cap(2 * JAR_MG, None, None)]));
            shop.did(FAY, COUNTER, FIRST, verdict)
        },
        |shop, rules| {
            assert_eq!(rules, [Rule::LimitExceeded]);
            assert_eq!(shop.order(FIRST).status, Status::HandedOver);
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 3);
            assert_eq!(shop.exceptions(FIRST), [Rule::LimitExceeded]);
        },
    );
}

#[test]
fn the_figure_of_the_day_counts_on_which_the_bag_changes_hands() {
    let tomorrow = Day(day(TODAY).0 + 1);
    let limits = vec![
        cap(28_500, None, Some(tomorrow)),
        cap(2 * JAR_MG, Some(tomorrow), None),
    ];
    check(
        |shop| {
            knows_weights(shop);
            uses(shop, pack(OLD_PACK, limits));
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            [day(TODAY), tomorrow].map(|today| {
                let situation = domain::custody::Situation {
                    today,
                    ..shop.situation(FAY, COUNTER)
                };
                let (bag, shown) = (label_of(shop.order(FIRST)), grown_up());
                hand_off::decide(&shop.ledger, &situation, &bag, Some(&shown), false, None)
            })
        },
        |_, [today, tomorrow]| {
            accepted(today);
            assert_eq!(reason(&tomorrow), Reason::OverLimit);
        },
    );
}

#[test]
fn a_device_that_says_another_day_than_its_own_clock_is_not_believed() {
    let far = Day(day(TODAY).0 + 40);
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 2)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let Body::OrderHandedOff(done) = accepted(by_hand(shop, FIRST, false)) else {
                panic!("not handed over")
            };
            let judged = done.judged.map(|judged| Judged { day: far, ..judged });
            shop.did(FAY, COUNTER, FIRST, OrderHandedOff { judged, ..done });
        },
        |shop, ()| assert_eq!(shop.order(FIRST).handed_on, Some(day(TODAY))),
    );
}

#[test]
fn an_order_that_is_changed_to_less_is_no_longer_marked() {
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
        },
        |shop| {
            shop.server(OrderChanged {
                order: FIRST,
                channel: domain::order::Channel::Pickup,
                promise_start: shop.order(FIRST).promise_start,
                promise_end: shop.order(FIRST).promise_end,
                lines: lines(&[(JARS, 2)]),
                buyer: None,
            });
            shop.allocates(FIRST);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, &order.concerns), (Status::Ready, &vec![]));
            assert!(order.buyer.is_some_and(|buyer| buyer.who.is_some()));
        },
    );
}

#[test]
fn a_shop_that_was_given_no_limits_judges_nothing_and_says_nothing() {
    check(
        |shop| {
            orders(shop, FIRST, Some(7), &[(JARS, 9)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| judged(&accepted(by_hand(shop, FIRST, false))),
        |_, judged| assert_eq!(judged, None),
    );
}

#[test]
fn limits_that_this_program_cannot_read_decide_nothing_and_a_person_has_to() {
    check(
        |shop| {
            let mut newer = pack(NEW_PACK, Vec::new());
            newer.figures = vec![0xff];
            uses(shop, newer);
            orders(shop, FIRST, Some(7), &[(JARS, 3)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| (by_hand(shop, FIRST, false), by_hand(shop, FIRST, true)),
        |_, (unanswered, answered)| {
            assert_eq!(reason(&unanswered), Reason::LimitUnclear);
            let done = judged(&accepted(answered)).unwrap();
            assert_eq!((done.pack, done.came_to), (NEW_PACK, CameTo::Unknown));
        },
    );
}

/// What the list says of the first order, by item.
fn listed_as(shop: &Shop, today: Day, shown: Option<&Shown>) -> Vec<(Asked, Outcome)> {
    let situation = shop.situation(FAY, COUNTER);
    let order = shop.order(FIRST);
    let limits = hand_off::limits(&shop.ledger, &situation, order, shown);
    let checks = gate::check(&shop.ledger, order, today, limits.as_ref(), shown);
    checks
        .iter()
        .map(|check| (check.item, check.outcome))
        .collect()
}

#[test]
fn every_bag_passes_one_list_before_it_leaves() {
    use Outcome::{Fail, Pass, Unknown};
    check(
        |shop| {
            two_jars(shop);
            orders(shop, FIRST, Some(7), &[(JARS, 2)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let today = day(TODAY);
            let before = listed_as(shop, today, None);
            let at_the_counter = listed_as(shop, today, Some(&grown_up()));
            shop.server(imported(vec![PackageListed {
                hold: true,
                expires: Some(Day(today.0 - 1)),
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
            let spoilt = listed_as(shop, today, Some(&grown_up()));
            (before, at_the_counter, spoilt)
        },
        |_, (before, at_the_counter, spoilt)| {
            let answers = |id, held, expired| {
                vec![
                    (Asked::NotHeld, held),
                    (Asked::NotExpired, expired),
                    (Asked::Tested, Pass),
                    (Asked::Labelled, Pass),
                    (Asked::WithinLimits, Pass),
                    (Asked::Identity, id),
                    (Asked::Card, Pass),
                ]
            };
            assert_eq!(before, answers(Unknown, Pass, Pass));
            assert_eq!(at_the_counter, answers(Pass, Pass, Pass));
            assert_eq!(spoilt, answers(Pass, Fail, Fail));
        },
    );
}

#[test]
fn a_bag_with_goods_that_are_past_their_last_day_stays() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Staged);
            shop.server(imported(vec![PackageListed {
                expires: Some(Day(day(TODAY).0 - 1)),
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
        },
        |shop| by_hand(shop, FIRST, false),
        |_, verdict| assert_eq!(reason(&verdict), Reason::Expired),
    );
}

#[test]
fn a_unit_on_hold_does_not_pass_the_pack_station() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Picked);
            shop.server(imported(vec![PackageListed {
                hold: true,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
        },
        |shop| shop.verifies(FIRST, &package(OLD_JARS)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::OnHold),
    );
}

/// Takes a shop's facts in as a program did that knew nothing of limits: they still say what happened.
#[test]
fn a_shops_log_with_limits_in_it_says_the_same_without_the_judgements() {
    let mut shop = Shop::open();
    two_jars(&mut shop);
    orders(&mut shop, FIRST, Some(7), &[(JARS, 2)]);
    shop.bring(FIRST, Status::Staged);
    let verdict = by_hand(&shop, FIRST, false);
    shop.does(FAY, COUNTER, verdict);
    let mut ledger = Ledger::default();
    for recorded in &shop.log {
        let body = match recorded.body.clone() {
            Body::OrderHandedOff(done) => OrderHandedOff {
                judged: None,
                ..done
            }
            .into(),
            other => other,
        };
        let fact = Fact {
            envelope: &recorded.envelope,
            body: &body,
            position: recorded.position,
        };
        evolve(&mut ledger, &fact);
    }
    assert_eq!(ledger.orders, shop.ledger.orders);
}
