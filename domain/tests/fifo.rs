//! The oldest sellable package first, whatever happens: arrivals, orders, walks, picks, shorts, holds, counts, returns.
//!
//! The real ledger runs through a day of throws; a naive model, which looks through all packages, orders and leases anew
//! every time and uses none of the ledger's own sums, judges each promise.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
#[expect(dead_code, reason = "the stories use more of the shop")]
mod fifo {
    //! The parts of such a day.

    /// Who works there, and what stands on the shelves.
    #[path = "../story/goods.rs"]
    pub mod goods;
    /// The shop the stories are about.
    #[path = "../story/shop.rs"]
    pub mod shop;
    /// What is true of every ledger.
    #[path = "../story/whole.rs"]
    pub mod whole;
    /// What is free and what is older, told a second time.
    pub mod model;
    /// What a throw stands for.
    pub mod day;
}

use std::collections::BTreeMap;

use domain::custody::claim::LeaseGranted;
use domain::custody::{allocate, claim};
use domain::id::LeaseId;
use domain::quantity::Quantity;
use domain::time::Day;
use fifo::day::{Did, Schedule};
use fifo::goods::{
    ANA, BEN, FIRST, GUMMIES, JARS, NEW_JARS, OLD_JARS, PHONE, SECOND, TABLET, imported, listed,
    tag,
};
use fifo::shop::Shop;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

fn throws() -> impl Strategy<Value = Vec<[u8; 6]>> {
    prop::collection::vec(any::<[u8; 6]>(), 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_schedule_ever_promises_a_younger_package_while_an_older_sellable_one_is_free(
        throws in throws(),
    ) {
        let mut schedule = Schedule::open();
        for throw in throws {
            // Every promise and every spare on the way is judged inside.
            schedule.act(throw);
            fifo::whole::assert_whole(&schedule.shop.ledger);
        }
        schedule.shop.assert_whole();
    }
}

#[test]
fn random_schedules_are_full_of_life() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut did: BTreeMap<Did, usize> = BTreeMap::new();
    for _ in 0..100 {
        let mut schedule = Schedule::open();
        for throw in throws().new_tree(&mut runner).unwrap().current() {
            *did.entry(schedule.act(throw)).or_default() += 1;
        }
        for (what, times) in schedule.seen {
            *did.entry(what).or_default() += times;
        }
    }
    for what in Did::ALL {
        assert!(
            did.get(&what).is_some_and(|times| *times > 40),
            "{what:?} of {did:?}"
        );
    }
}

#[test]
fn a_package_that_is_listed_twice_in_a_file_is_there_once() {
    let mut shop = Shop::open();
    let once = listed("1A4FF0300000C57000000701", GUMMIES, 5, "A-01-1");
    shop.server(imported(vec![once.clone(), once]));
    let package = shop.package("1A4FF0300000C57000000701");
    assert_eq!(package.on_shelves(), Quantity::units(5));
    assert_eq!(package.received_total, Quantity::units(5));
    shop.assert_whole();
}

#[test]
fn a_batch_that_is_released_twice_goes_to_the_first_and_is_the_same_to_him() {
    let mut shop = Shop::open();
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.arrives(SECOND, &[(JARS, 1), (GUMMIES, 1)]);
    let batch = [FIRST, SECOND];
    let free = domain::plan::errand::Backlog::waiting(&shop.ledger, &Default::default());
    assert_eq!(free.errands.len(), 2);
    shop.takes(ANA, TABLET, &batch);
    let before = (shop.reserved(OLD_JARS), shop.reserved(NEW_JARS));
    // Nobody is sent again for what somebody is fetching.
    let free = domain::plan::errand::Backlog::waiting(&shop.ledger, &Default::default());
    assert_eq!((free.errands.len(), free.nothing.len()), (0, 0));
    let asks = |shop: &Shop, actor, device| {
        let situation = shop.situation(actor, device);
        claim::lease_for(&shop.ledger, &situation, LeaseId([7; 16]), &batch)
    };
    let (lease, refused) = asks(&shop, BEN, PHONE);
    assert_eq!((lease, refused.len()), (None, 2));
    let (lease, refused) = asks(&shop, ANA, TABLET);
    assert_eq!(refused, []);
    shop.server(LeaseGranted {
        lease: lease.unwrap(),
    });
    assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), before);
    shop.assert_whole();
}

#[test]
fn what_came_first_goes_first_and_what_expires_first_goes_before_it() {
    let mut shop = Shop::open();
    let mut perishable = listed("1A4FF0300000C57000000702", JARS, 1, "C-01-1");
    perishable.received = Day::parse("2026-11-20");
    perishable.expires = Day::parse("2026-12-01");
    shop.server(imported(vec![perishable]));
    shop.arrives(FIRST, &[(JARS, 5)]);
    let expected = [
        ("1A4FF0300000C57000000702", 1),
        (OLD_JARS, 3),
        (NEW_JARS, 1),
    ];
    let expected = expected.map(|(tag, units)| (tag.to_owned(), units));
    assert_eq!(shop.allocated(FIRST), expected);
    // The day after its last day it is as if it were not there.
    shop.arrives(SECOND, &[(JARS, 1)]);
    let order = shop.order(SECOND).clone();
    let late = Day::parse("2026-12-02").unwrap();
    let mut again = order;
    again.lines[0].allocations.clear();
    let planned = allocate::plan(&shop.ledger, &again, late);
    assert_eq!(planned.lines[0].packages[0].tag, tag(NEW_JARS));
}
