//! What holds after any events in any order, sensible or not, from whomever and whatever device.
//!
//! A day is a list of throws; each throw is read against the ledger as it stands, so that random days contain
//! orders that go all the way, acts that are refused, records of a device gone mad, and a server that is.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
#[expect(dead_code, reason = "the stories use more of the shop")]
mod laws {
    //! The parts of a random day.

    /// Who works there, and what stands on the shelves.
    #[path = "../story/goods.rs"]
    pub mod goods;
    /// The shop the stories are about.
    #[path = "../story/shop.rs"]
    pub mod shop;
    /// What is true of every ledger.
    #[path = "../story/whole.rs"]
    pub mod whole;
    /// What a throw stands for.
    pub mod day;
    /// Records no device in its right mind would make.
    pub mod mad;
    /// The exceptions there must be, told a second time.
    pub mod oracle;
    /// What is done and undone at once.
    mod undo;
}

use domain::custody::exception::Rule;
use domain::custody::resolve::Decision;
use domain::event::{Body, Kind};
use domain::ledger::{EntityKind, Ledger};
use domain::order::{Line, Order, Status};
use domain::quantity::Quantity;
use domain::stock::{Package, Place};
use laws::day::{Act, Throw, act, open_shop};
use laws::goods::{ANA, BEN, FIRST, GUMMIES, PENS, PHONE, TABLET, tag};
use laws::mad;
use laws::shop::{Recorded, Shop};
use laws::whole::assert_whole;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

fn day() -> impl Strategy<Value = Vec<Throw>> {
    prop::collection::vec(any::<Throw>(), 0..120)
}

/// Whether a unit of another package fills what a picker could not find.
fn has_a_substitute(order: &&Order) -> bool {
    let searched = |line: &&Line| line.allocations.iter().any(|one| one.missing.is_some());
    order.lines.iter().filter(searched).any(|line| {
        let others = line.allocations.iter().filter(|one| one.missing.is_none());
        others
            .map(|one| order.picked_of(line.number, &one.tag))
            .sum::<u32>()
            > 0
    })
}

fn exceptions_of(ledger: &Ledger, package: &Package, rule: Rule) -> usize {
    let is_so = |tag: &Option<_>| tag.as_ref() == Some(&package.tag);
    let exceptions = ledger.exceptions.values();
    exceptions
        .filter(|exception| exception.rule == rule && is_so(&exception.tag))
        .count()
}

/// Whether somebody counted a package: the shelf is what was counted then, whatever was promised from it.
fn was_counted(log: &[Recorded], ledger: &Ledger, package: &Package) -> bool {
    log.iter().any(|recorded| match &recorded.body {
        Body::CountObserved(done) => done.tag == package.tag,
        Body::ExceptionResolved(done) => {
            let settled = ledger.exceptions.get(&done.exception);
            let tag = settled.and_then(|settled| settled.tag.as_ref());
            done.counted.is_some() && tag == Some(&package.tag)
        }
        _ => false,
    })
}

/// Promises and leased spares can be kept from the shelves, unless a manager has been told of an overdraw of that
/// package or somebody counted it; and nothing is in dispute without one.
fn assert_promises_can_be_kept(shop: &Shop) {
    let ledger = &shop.ledger;
    for package in ledger.packages.values() {
        if was_counted(&shop.log, ledger, package) {
            continue;
        }
        let overdraws = exceptions_of(ledger, package, Rule::Overdraw);
        let disputed = (-package.at(&Place::Disputed)).whole_units();
        assert!(usize::try_from(disputed).unwrap() <= overdraws);
        let leases = ledger.leases.values().filter(|one| one.is_in_force());
        let spares = leases.flat_map(|lease| &lease.spares);
        let of_package = spares.filter(|spare| spare.tag == package.tag);
        let leased: Quantity = of_package.map(|spare| Quantity::units(spare.units)).sum();
        let on_shelves = package.on_shelves().max(Quantity::ZERO);
        let is_covered = package.reserved + leased <= on_shelves;
        assert!(is_covered || overdraws > 0, "{package:?} {leased}");
    }
}

/// An act that was allowed breaks no rule. A pick needs a lease for that, and a package nobody has overdrawn.
fn assert_allowed_acts_break_no_rule(before: &Ledger, log: &[Recorded], act: &Act, rules: &[Rule]) {
    let Act::Allowed {
        device,
        tag,
        covered,
    } = act
    else {
        return;
    };
    let is_active = before.devices.get(device).is_some_and(|known| known.active);
    let package = tag.as_ref().and_then(|tag| before.packages.get(tag));
    let is_sound = package.is_none_or(|package| {
        let is_overdrawn = exceptions_of(before, package, Rule::Overdraw) > 0;
        !is_overdrawn && !was_counted(log, before, package)
    });
    if is_active && *covered && is_sound {
        // A shelf may always have been counted so.
        let broken: Vec<&Rule> = rules
            .iter()
            .filter(|rule| **rule != Rule::CountDiffers)
            .collect();
        assert!(broken.is_empty(), "{act:?}: {broken:?}");
    }
}

/// Rows say all there is to say: a view filled from them is the ledger.
fn assert_rows_carry_everything(ledger: &Ledger) {
    let mut view = Ledger::default();
    for kind in EntityKind::ALL {
        for key in ledger.keys_of(*kind) {
            let bytes = ledger.bytes(&key).unwrap();
            view.put(&key, &bytes).unwrap();
            assert_eq!(view.bytes(&key).unwrap(), bytes);
        }
    }
    let mut now = ledger.clone();
    now.take_touched();
    assert!(view == now);
    for kind in EntityKind::ALL {
        for key in ledger.keys_of(*kind) {
            view.remove(&key);
        }
    }
    assert!(view == Ledger::default());
}

/// Devices that saw the rows before a fact and get the touched ones after it have seen everything.
fn assert_touched_rows_are_enough(before: &Ledger, after: &mut Ledger) {
    let mut view = before.clone();
    view.take_touched();
    for key in after.take_touched() {
        match after.bytes(&key) {
            Some(bytes) => view.put(&key, &bytes).unwrap(),
            None => view.remove(&key),
        }
    }
    assert!(view == *after, "a change nobody hears of");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_devices_record_the_ledger_is_whole_and_managers_hear_of_every_breach(
        day in day(),
    ) {
        let mut shop = open_shop();
        for throw in day {
            let before = shop.ledger.clone();
            let recorded = shop.log.len();
            let (act, rules) = act(&mut shop, throw);
            assert_whole(&shop.ledger);
            assert_promises_can_be_kept(&shop);
            let log = &shop.log[..recorded];
            assert_allowed_acts_break_no_rule(&before, log, &act, &rules);
            if let Some(last) = shop.log.get(recorded) {
                let expected = laws::oracle::breaches(&before, last);
                prop_assert_eq!(&rules, &expected, "{:?}", last.body);
            }
            assert_touched_rows_are_enough(&before, &mut shop.ledger);
        }
        shop.assert_whole();
        assert_rows_carry_everything(&shop.ledger);
    }

    #[test]
    fn whatever_a_server_gone_mad_records_nothing_is_made_or_lost_and_nothing_breaks(
        day in prop::collection::vec((any::<Throw>(), any::<bool>()), 0..80),
    ) {
        let mut shop = open_shop();
        for (throw, by_server) in day {
            if by_server {
                mad::server(&mut shop, throw);
            } else {
                act(&mut shop, throw);
            }
            assert_whole(&shop.ledger);
        }
        shop.assert_whole();
        assert_rows_carry_everything(&shop.ledger);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Facts less winners are the exceptions: no more, no fewer.
    #[test]
    fn of_all_who_take_from_one_shelf_those_who_came_too_late_and_no_others_are_exceptions(
        takers in prop::collection::vec((any::<bool>(), prop::option::of(0_u64..6)), 0..12),
    ) {
        let mut shop = Shop::open();
        shop.arrives(FIRST, &[(GUMMIES, 1)]);
        for (is_ana, unit) in &takers {
            let (actor, device) = if *is_ana { (ANA, TABLET) } else { (BEN, PHONE) };
            let mut done = mad::a_pick(FIRST, PENS, "C-01-1");
            done.unit = *unit;
            shop.record(actor, device, None, done);
        }
        let package = &shop.ledger.packages[&tag(PENS)];
        let told = |rule| exceptions_of(&shop.ledger, package, rule);
        prop_assert_eq!(told(Rule::Overdraw), takers.len().saturating_sub(4));
        let units: Vec<u64> = takers.iter().filter_map(|(_, unit)| *unit).collect();
        let winners: std::collections::BTreeSet<u64> = units.iter().copied().collect();
        prop_assert_eq!(told(Rule::DoublePick), units.len() - winners.len());
        prop_assert_eq!(told(Rule::UnleasedPick), takers.len());
        let disputed = (-package.at(&Place::Disputed)).whole_units();
        prop_assert_eq!(usize::try_from(disputed).unwrap(), takers.len().saturating_sub(4));
    }
}

#[test]
fn random_days_are_full_of_life() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut refused, mut allowed, mut mad, mut gone, mut staged) = (0, 0, 0, 0, 0);
    let mut rules = std::collections::BTreeMap::<Rule, usize>::new();
    let mut kinds = std::collections::BTreeMap::<Kind, usize>::new();
    let mut settled = std::collections::BTreeMap::<Decision, usize>::new();
    let mut stood_in = 0;
    for _ in 0..200 {
        let day = day().new_tree(&mut runner).unwrap().current();
        let mut shop = open_shop();
        for throw in day {
            let (act, broken) = act(&mut shop, throw);
            for rule in broken {
                *rules.entry(rule).or_default() += 1;
            }
            match act {
                Act::Allowed { .. } => allowed += 1,
                Act::Refused => refused += 1,
                Act::Mad => mad += 1,
                Act::Server | Act::Nothing => {}
            }
        }
        for recorded in &shop.log {
            *kinds.entry(recorded.body.kind()).or_default() += 1;
        }
        let exceptions = shop.ledger.exceptions.values();
        for resolution in exceptions.filter_map(|one| one.resolution) {
            *settled.entry(resolution.decision).or_default() += 1;
        }
        stood_in += shop.ledger.orders.values().filter(has_a_substitute).count();
        let orders = shop.ledger.orders.values();
        gone += orders
            .filter(|order| order.status == Status::HandedOver)
            .count();
        let slots = shop.ledger.slots.values();
        staged += slots.filter(|slot| slot.holds.is_some()).count();
    }
    assert!(
        allowed > 1_000 && refused > 200 && mad > 1_000,
        "{allowed} {refused} {mad}"
    );
    assert!(gone > 50 && staged > 30, "{gone} {staged}");
    // Every rule there is was broken often enough.
    assert_eq!(rules.len(), 12, "{rules:?}");
    assert!(rules.values().all(|times| *times > 5), "{rules:?}");
    // Leases are refilled and broken, shelves counted, breaches settled in every way people can.
    for kind in [
        Kind::LeaseRefilled,
        Kind::LeaseBroken,
        Kind::RecountOpened,
        Kind::CountObserved,
        Kind::AlarmRaised,
    ] {
        assert!(
            kinds.get(&kind).is_some_and(|times| *times > 5),
            "{kinds:?}"
        );
    }
    assert_eq!(settled.len(), 6, "{settled:?}");
    assert!(stood_in > 5, "{stood_in}");
}

/// A day found by chance: its last allocation promised spares of a lease to an order that the lease no longer had.
#[test]
fn an_order_that_was_cancelled_and_came_again_has_no_part_in_its_old_lease() {
    let mut shop = open_shop();
    for [what, who, how, many, which] in [
        [174, 11, 0, 0, 0],
        [4, 228, 0, 0, 0],
        [38, 2, 0, 0, 0],
        [17, 253, 21, 0, 0],
        [0, 0, 0, 0, 0],
        [17, 52, 54, 65, 117],
        [26, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [89, 45, 0, 0, 0],
        [204, 0, 66, 0, 0],
    ] {
        act(&mut shop, [what, who, how, many, which, 0, 0, 0]);
        assert_promises_can_be_kept(&shop);
    }
}
