//! The kind of bag goods leave in.

use domain::code::gtin::Gtin;
use domain::code::{Channel, Reading, Settings, TrackingSystem, parse};
use domain::custody::scan::Scan;
use domain::custody::second::BenchRules;
use domain::custody::set_up::StoreConfigured;
use domain::custody::wrap::{self, BagStock, Quality};
use domain::id::Hash;
use domain::limits::{BagNeeds, Book, Figures, LimitPack};
use domain::order::Status;
use domain::verdict::{Instead, Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

const POUCH: &str = "012345678905";
const CLEAR: &str = "036000291452";

/// An opaque pouch, which no state but one that asks for more refuses, and a clear one.
fn has_bags(shop: &mut Shop, needs: Option<BagNeeds>) {
    let opaque = BagNeeds {
        opaque: true,
        ..BagNeeds::default()
    };
    let kind = |digits, is| BagStock {
        gtin: Gtin::parse(digits).unwrap(),
        name: digits.to_owned(),
        is,
    };
    let mut store = store();
    let figures = Figures {
        book: Book {
            id: "us-xx".to_owned(),
            state: "CA".to_owned(),
            limits: Vec::new(),
            bars: Vec::new(),
            splits: Vec::new(),
            exempt: Default::default(),
            age_min: Default::default(),
        },
        classes: Default::default(),
    };
    let pack = LimitPack::of("us-xx", "1", Hash([1; 32]), &figures);
    store.rules.limits = Some(Box::new(pack.with_bag(needs)));
    store.bench = Some(Box::new(BenchRules {
        bags: Some(vec![kind(POUCH, opaque), kind(CLEAR, BagNeeds::default())]),
        ..BenchRules::default()
    }));
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
}

fn bars(digits: &str) -> Scan {
    let reading = Reading {
        text: digits.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    };
    Scan {
        code: parse(&reading, &Settings::new(TrackingSystem::Metrc)),
    }
}

fn read_back(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.bring(FIRST, Status::Labelled);
    let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
    shop.does(BEN, COUNTER, verdict);
}

fn opaque() -> BagNeeds {
    BagNeeds {
        opaque: true,
        ..BagNeeds::default()
    }
}

#[test]
fn where_the_state_asks_for_an_opaque_bag_it_closes_only_after_one_was_scanned() {
    check(
        |shop| {
            has_bags(shop, Some(opaque()));
            read_back(shop);
        },
        |shop| {
            let choose = |shop: &Shop, digits| {
                let situation = shop.situation(BEN, COUNTER);
                wrap::decide(&shop.ledger, &situation, FIRST, &bars(digits))
            };
            let before = reason(&shop.seals(FIRST));
            let (clear, strange) = (choose(shop, CLEAR), choose(shop, JARS_GTIN));
            let unfit = |verdict: &Verdict| match refused(verdict).instead.as_deref() {
                Some(Instead::Bag(unfit)) => unfit.clone(),
                other => panic!("{other:?}"),
            };
            // What was scanned, and what would do.
            assert_eq!(unfit(&clear).name.as_deref(), Some(CLEAR));
            assert_eq!(unfit(&strange).name, None);
            for verdict in [&clear, &strange] {
                assert_eq!(unfit(verdict).needs, opaque());
                assert_eq!(unfit(verdict).fitting, [POUCH]);
            }
            let (clear, strange) = (reason(&clear), reason(&strange));
            shop.does(BEN, COUNTER, choose(shop, POUCH));
            shop.does(BEN, COUNTER, shop.seals(FIRST));
            [before, clear, strange]
        },
        |shop, reasons| {
            let expected = [Reason::BagMissing, Reason::BagNotFit, Reason::BagNotFit];
            assert_eq!(reasons, expected);
            let bench = shop.order(FIRST).bench.as_ref().unwrap();
            assert_eq!(bench.bag, Gtin::parse(POUCH));
        },
    );
}

#[test]
fn a_state_that_asks_for_more_than_any_bag_of_the_shop_is_lets_none_close() {
    let all = BagNeeds {
        opaque: true,
        child_resistant: true,
        resealable: true,
    };
    let asked: Vec<Quality> = wrap::qualities(all).collect();
    let expected = [
        Quality::Opaque,
        Quality::ChildResistant,
        Quality::Resealable,
    ];
    assert_eq!(asked, expected);
    check(
        |shop| {
            has_bags(shop, Some(all));
            read_back(shop);
        },
        |shop| {
            let situation = shop.situation(BEN, COUNTER);
            let pouch = wrap::decide(&shop.ledger, &situation, FIRST, &bars(POUCH));
            [reason(&pouch), reason(&shop.seals(FIRST))]
        },
        |_, reasons| assert_eq!(reasons, [Reason::BagNotFit, Reason::BagMissing]),
    );
}

#[test]
fn where_no_bag_is_asked_for_none_is_scanned() {
    check(
        |shop| {
            has_bags(shop, None);
            read_back(shop);
        },
        |shop| shop.does(BEN, COUNTER, shop.seals(FIRST)),
        |shop, _| assert_eq!(shop.order(FIRST).status, Status::Sealed),
    );
}
