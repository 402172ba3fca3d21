//! What is done and undone at once: promises, shelves, leases and limits are as they were, on whatever day.

use std::collections::{BTreeMap, BTreeSet};

use domain::custody::found;
use domain::custody::limit;
use domain::custody::pick::{self, decide_void};
use domain::custody::set_up::StoreConfigured;
use domain::custody::short::{self, ShortReason};
use domain::id::{EventId, Hash, LeaseId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::limits::{
    Authority, Book, Bucket, Combine, Condition, Customer, Figures, Letter, Limit, LimitPack,
    Measure, Offline, Over, Program, Window,
};
use domain::order::{Order, Pick, Status};
use domain::quantity::Quantity;
use domain::stock::Package;
use domain::verdict::Verdict;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::day::{ORDERS, Throw, act, open_shop};
use super::goods::*;
use super::shop::Shop;
use super::whole::assert_whole;

/// How often each was tried.
#[derive(Debug, Default)]
struct Tried {
    picks: usize,
    spares: usize,
    reports: usize,
    replaced: usize,
    found: usize,
}

/// Three units of whatever is counted as flower a day.
fn three_a_day() -> LimitPack {
    let flower = Bucket {
        id: "flower".to_owned(),
        measure: Measure::Units,
        terms: BTreeMap::from([("flower".to_owned(), Measure::Units.term())]),
        max: 3,
        unconfirmed: None,
        is_inside: false,
        condition: Condition::default(),
        source: "a law".to_owned(),
    };
    let limit = Limit {
        id: "xx.adult".to_owned(),
        program: Program::Adult,
        from: None,
        to: None,
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
    };
    let book = Book {
        id: "us-xx".to_owned(),
        state: "CA".to_owned(),
        limits: vec![limit],
        bars: Vec::new(),
        splits: Vec::new(),
        exempt: BTreeSet::new(),
        age_min: BTreeMap::new(),
    };
    let classes = BTreeMap::from([("Flower".to_owned(), "flower".to_owned())]);
    LimitPack::of("us-xx", "1", Hash([1; 32]), &Figures { book, classes })
}

fn shop_after(day: Vec<Throw>) -> Shop {
    let mut shop = open_shop();
    let mut store = store();
    store.rules.limits = Some(Box::new(three_a_day()));
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
    for throw in day {
        act(&mut shop, throw);
    }
    shop
}

/// Everything but how far the order has come on its bench: what is undone is checked again.
fn but_for_the_bench(shop: &Shop) -> Ledger {
    let mut ledger = shop.ledger.clone();
    for order in ledger.orders.values_mut() {
        order.status = Status::New;
        order.ticket_read = false;
        order
            .picks
            .iter_mut()
            .for_each(|pick| pick.verified = false);
    }
    // Where the last unit of a package stood is noted for whoever looks for it.
    for package in ledger.packages.values_mut() {
        package.stood = None;
    }
    ledger.take_touched();
    ledger
}

/// Whether two shops are the same but for the bench; says which rows are not.
#[track_caller]
fn assert_same(one: &Shop, other: &Shop) {
    let (one, other) = (but_for_the_bench(one), but_for_the_bench(other));
    if one == other {
        return;
    }
    for (id, order) in &one.orders {
        assert_eq!(Some(order), other.orders.get(id));
    }
    for (tag, package) in &one.packages {
        assert_eq!(Some(package), other.packages.get(tag));
    }
    for (id, lease) in &one.leases {
        assert_eq!(Some(lease), other.leases.get(id));
    }
    panic!("another row differs");
}

/// Where a package is, and the units of it that somebody has a right to: by a promise, or as a spare.
type Stands = (Package, Quantity);

/// Rights of each lease that nobody has used.
type Rights = BTreeMap<(LeaseId, PackageTag), u32>;

/// What a spare that was taken and put back may turn into is a promise, and nothing else.
fn but_for_spares(shop: &Shop) -> (Vec<Stands>, Rights, Vec<Vec<EventId>>) {
    let ledger = &shop.ledger;
    let leases = || ledger.leases.values().filter(|lease| lease.is_in_force());
    let stands = |package: &Package| {
        let spares = leases().flat_map(|lease| &lease.spares);
        let own = spares.filter(|spare| spare.tag == package.tag);
        let leased: Quantity = own.map(|spare| Quantity::units(spare.units)).sum();
        let free_of_promises = Package {
            reserved: Quantity::ZERO,
            stood: None,
            ..package.clone()
        };
        (free_of_promises, package.reserved + leased)
    };
    let mut rights = Rights::new();
    for lease in leases() {
        for right in lease.packages.iter().chain(&lease.spares) {
            let open = right.units - right.spent.unwrap_or(0);
            *rights.entry((lease.id, right.tag.clone())).or_default() += open;
        }
    }
    rights.retain(|_, units| *units > 0);
    let picks = |order: &Order| order.picks.iter().map(|pick| pick.event).collect();
    (
        ledger.packages.values().map(stands).collect(),
        rights,
        ledger.orders.values().map(picks).collect(),
    )
}

/// What limits say of each order's tote and of what was ordered.
fn limits(shop: &Shop) -> Vec<String> {
    let situation = shop.situation(ANA, TABLET);
    let of = |order: &Order| {
        let picked = limit::picked(&shop.ledger, &situation, order, Customer::default());
        let ordered = limit::ordered(&shop.ledger, order, situation.today);
        format!("{picked:?} {ordered:?}")
    };
    shop.ledger.orders.values().map(of).collect()
}

/// Does what whoever has the order is allowed to do. Returns the event.
fn does(
    shop: &mut Shop,
    order: OrderId,
    decide: impl Fn(&Shop, &Order) -> Verdict,
) -> Option<EventId> {
    let standing = shop.ledger.orders.get(&order)?;
    let claim = standing.claim.clone()?;
    let Verdict::Accepted(body) = decide(shop, standing) else {
        return None;
    };
    let event = shop.next_event();
    let rules = shop.did(claim.actor, claim.device, order, body);
    assert_whole(&shop.ledger);
    // What broke a rule is for a manager, and stays so when it is undone.
    rules.is_empty().then_some(event)
}

fn situation(shop: &Shop, order: &Order) -> domain::custody::Situation {
    let claim = order.claim.as_ref().unwrap();
    shop.situation(claim.actor, claim.device)
}

fn picks(shop: &mut Shop, order: OrderId, tag: &PackageTag) -> Option<EventId> {
    does(shop, order, |shop, order| {
        let scan = package(tag.as_str());
        pick::decide(&shop.ledger, &situation(shop, order), order.id, &scan)
    })
}

fn puts_back(shop: &mut Shop, order: OrderId, pick: EventId) -> Option<EventId> {
    does(shop, order, |shop, order| {
        decide_void(&shop.ledger, &situation(shop, order), order.id, pick)
    })
}

fn reports(shop: &mut Shop, order: OrderId, tag: &PackageTag) -> Option<EventId> {
    does(shop, order, |shop, order| {
        let reason = ShortReason::NotThere;
        short::decide(&shop.ledger, &situation(shop, order), order.id, tag, reason)
    })
}

fn finds(shop: &mut Shop, order: OrderId, report: EventId) -> Option<EventId> {
    does(shop, order, |shop, order| {
        found::decide(&shop.ledger, &situation(shop, order), order.id, report)
    })
}

/// Whether a package can be promised at all, by the record: nobody has more of it than there is, and it may be sold.
fn is_sound(shop: &Shop, tag: &PackageTag) -> bool {
    let package = &shop.ledger.packages[tag];
    let spares = shop.ledger.leases.values().filter(|one| one.is_in_force());
    let spares = spares.flat_map(|lease| &lease.spares);
    let spares = spares.filter(|spare| spare.tag == *tag);
    let leased: Quantity = spares.map(|spare| Quantity::units(spare.units)).sum();
    package.unsellable(day(TODAY)).is_none() && package.reserved + leased <= package.on_shelves()
}

/// Whether the lease of an order, if it has one, gives a right to all it was promised of a package, and to one unit at least.
/// What others took beyond their own is a breach of theirs.
fn has_a_right(shop: &Shop, order: OrderId, tag: &PackageTag) -> bool {
    let order = &shop.ledger.orders[&order];
    let lease = order
        .claim
        .as_ref()
        .and_then(|claim| shop.ledger.leases.get(&claim.lease?));
    let promised = order.to_pick().filter(|(_, one, _)| *one == tag);
    let promised: u32 = promised.map(|(_, _, units)| units).sum();
    lease.is_none_or(|lease| {
        let rights = lease.packages.iter().chain(&lease.spares);
        let of_tag = rights.filter(|right| right.tag == *tag);
        let open: u32 = of_tag
            .map(|right| right.units - right.spent.unwrap_or(0))
            .sum();
        open >= promised.max(1)
    })
}

/// A bag that is closed is not opened by an undo; and what lies in a tote beyond what was promised, by a breach, makes way for
/// what is put back.
fn is_in_hand(order: &Order) -> bool {
    let promised = |pick: &Pick| {
        let line = order.line(pick.line);
        let all = line.map_or(&[][..], |line| &line.allocations);
        let of_tag = all.iter().find(|one| one.tag == pick.tag);
        of_tag.map_or(0, |one| one.units)
    };
    let is_open = order.status < Status::Sealed || order.status == Status::Short;
    let mut picks = order.picks.iter();
    is_open && picks.all(|pick| order.picked_of(pick.line, &pick.tag) <= promised(pick))
}

fn tries_all(shop: &Shop, tried: &mut Tried) {
    for order in ORDERS {
        let known = shop.ledger.orders.get(&order);
        let Some(standing) = known.filter(|order| is_in_hand(order)) else {
            continue;
        };
        let targets: Vec<(PackageTag, bool)> = pick::targets(&shop.ledger, standing)
            .map(|target| {
                let mut promised = standing.to_pick();
                let of = (target.line.number, &target.package.tag);
                let is_promised = promised.any(|(line, tag, _)| (line.number, tag) == of);
                (target.package.tag.clone(), is_promised)
            })
            .collect();
        for (tag, is_promised) in targets {
            a_pick(shop.clone(), order, &tag, is_promised, tried);
            a_report(shop.clone(), order, &tag, tried);
            a_find(shop.clone(), order, &tag, tried);
            one_that_was_replaced(shop.clone(), order, &tag, tried);
            what_stands_in(shop.clone(), order, &tag, tried);
        }
    }
}

fn a_pick(mut shop: Shop, order: OrderId, tag: &PackageTag, is_promised: bool, tried: &mut Tried) {
    let before = shop.clone();
    if !has_a_right(&shop, order, tag) {
        return;
    }
    let Some(pick) = picks(&mut shop, order, tag) else {
        return;
    };
    assert!(puts_back(&mut shop, order, pick).is_some());
    assert_eq!(but_for_spares(&shop), but_for_spares(&before));
    if is_promised {
        assert_same(&shop, &before);
        assert_eq!(limits(&shop), limits(&before));
        tried.picks += 1;
    } else {
        tried.spares += 1;
    }
}

fn a_report(mut shop: Shop, order: OrderId, tag: &PackageTag, tried: &mut Tried) {
    let before = shop.clone();
    let is_sound = is_sound(&shop, tag) && has_a_right(&shop, order, tag);
    let Some(report) = reports(&mut shop, order, tag) else {
        return;
    };
    assert!(but_for_the_bench(&shop) != but_for_the_bench(&before));
    let found = finds(&mut shop, order, report);
    assert!(found.is_some() || !is_sound);
    if is_sound {
        assert_same(&shop, &before);
        assert_eq!(limits(&shop), limits(&before));
        tried.reports += 1;
    }
}

/// What was reported, found and taken is put back: it is promised as before the report.
fn a_find(mut shop: Shop, order: OrderId, tag: &PackageTag, tried: &mut Tried) {
    let before = shop.clone();
    let report = reports(&mut shop, order, tag)
        .filter(|_| is_sound(&before, tag) && has_a_right(&before, order, tag));
    if report.is_none_or(|report| finds(&mut shop, order, report).is_none()) {
        return;
    }
    let Some(pick) = picks(&mut shop, order, tag) else {
        return;
    };
    assert!(puts_back(&mut shop, order, pick).is_some());
    assert_eq!(but_for_spares(&shop), but_for_spares(&before));
    tried.found += 1;
}

/// Without the server a spare stands in for what is missing.
fn what_stands_in(mut shop: Shop, order: OrderId, tag: &PackageTag, tried: &mut Tried) {
    if reports(&mut shop, order, tag).is_none() {
        return;
    }
    let standing = &shop.ledger.orders[&order];
    let is_promised = |tag: &PackageTag| standing.to_pick().any(|(_, one, _)| one == tag);
    let targets = pick::targets(&shop.ledger, standing);
    let spares = targets.map(|target| target.package.tag.clone());
    let spares: Vec<PackageTag> = spares.filter(|tag| !is_promised(tag)).collect();
    for spare in spares {
        a_pick(shop.clone(), order, &spare, false, tried);
        a_report(shop.clone(), order, &spare, tried);
    }
}

/// Units that an order is promised of each package.
fn promises(shop: &Shop, order: OrderId) -> BTreeMap<PackageTag, u32> {
    let mut promises = BTreeMap::new();
    for line in &shop.ledger.orders[&order].lines {
        for one in &line.allocations {
            *promises.entry(one.tag.clone()).or_default() += one.units;
        }
    }
    promises
}

/// The server has promised others meanwhile: what is younger gives way, and the line has as much as before.
fn one_that_was_replaced(mut shop: Shop, order: OrderId, tag: &PackageTag, tried: &mut Tried) {
    let before = promises(&shop, order);
    let is_sound = is_sound(&shop, tag) && has_a_right(&shop, order, tag);
    let Some(report) = reports(&mut shop, order, tag).filter(|_| is_sound) else {
        return;
    };
    let missed = promises(&shop, order);
    shop.allocates(order);
    let mut instead = promises(&shop, order);
    instead.retain(|other, units| missed.get(other) != Some(units));
    let packages = &shop.ledger.packages;
    let is_younger = |other: &PackageTag| packages[tag].oldest_first(&packages[other]).is_lt();
    // What is older than what was missing is what should be fetched, and stays promised.
    if missed == before || instead.is_empty() || !instead.keys().all(is_younger) {
        return;
    }
    assert!(finds(&mut shop, order, report).is_some());
    let after = promises(&shop, order);
    assert_eq!(after.get(tag), before.get(tag));
    assert!(after.values().sum::<u32>() >= before.values().sum::<u32>());
    tried.replaced += 1;
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whoever_undoes_what_was_just_done_leaves_promises_shelves_leases_and_limits_as_they_were(
        day in prop::collection::vec(any::<Throw>(), 0..90),
    ) {
        let shop = shop_after(day);
        tries_all(&shop, &mut Tried::default());
    }
}

#[test]
fn on_random_days_there_is_much_to_undo() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut tried = Tried::default();
    for _ in 0..120 {
        let days = prop::collection::vec(any::<Throw>(), 0..90);
        let day = days.new_tree(&mut runner).unwrap().current();
        tries_all(&shop_after(day), &mut tried);
    }
    let all = [
        tried.picks,
        tried.spares,
        tried.reports,
        tried.replaced,
        tried.found,
    ];
    assert!(all.iter().all(|times| *times > 5), "{tried:?}");
}
