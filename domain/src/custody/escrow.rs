//! Rights to units that nobody else can use up: what keeps picks apart without a network.
//!
//! In: orders to be leased, picks under leases. Out: spares, refills, and what is left free for others. Must
//! not: give the same unit to two, or give away what walk-in customers live on.
//!
//! A promise to an order's line is a right to whole units of one package; a spare is a share of another
//! package of the same product. Promises and spares together never exceed what is on the shelves.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::custody::claim::{Lease, LeasedPackage, covers};
use crate::custody::{Fact, allocate};
use crate::id::{ItemId, LeaseId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Line, Order};
use crate::quantity::Quantity;
use crate::stock::Package;
use crate::time::Day;

/// Units to fetch per spare unit: a tenth more, and at least one.
const UNITS_PER_SPARE: u32 = 10;
/// Units on the shelves per unit that is never leased as a spare, and at least one.
const UNITS_PER_RESERVE: u32 = 10;
/// Spares left, in per cent of those wanted, below which a lease is refilled.
const REFILL_BELOW_PERCENT: u64 = 30;

/// The server gave a lease more to take from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeaseRefilled {
    /// The lease.
    #[n(0)]
    pub lease: LeaseId,
    /// Spares in addition to those it has.
    #[n(1)]
    pub spares: Vec<LeasedPackage>,
}

/// How much of what was leased is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utilisation {
    /// Units that devices have or had a right to, under leases in force.
    pub granted: u64,
    /// Of these, units that were taken.
    pub spent: u64,
}

impl Utilisation {
    /// Rights nobody has used yet: the price of working without a network.
    #[must_use]
    pub fn idle(self) -> u64 {
        self.granted.saturating_sub(self.spent)
    }

    /// Idle rights in thousandths of all.
    #[must_use]
    pub fn idle_permille(self) -> u64 {
        let idle = self.idle().saturating_mul(1_000);
        idle.checked_div(self.granted).unwrap_or(0)
    }
}

/// Rights used and idle over all leases in force.
#[must_use]
pub fn utilisation(ledger: &Ledger) -> Utilisation {
    let leases = ledger.leases.values().filter(|lease| lease.is_in_force());
    leases.fold(Utilisation::default(), |sum, lease| {
        let all = lease.packages.iter().chain(&lease.spares);
        all.fold(sum, |sum, right| Utilisation {
            granted: sum.granted.saturating_add(u64::from(right.units)),
            spent: sum.spent.saturating_add(u64::from(right.spent())),
        })
    })
}

/// Units of a package that leases in force hold as spares, but for one lease.
fn spares_held(ledger: &Ledger, but: Option<LeaseId>) -> BTreeMap<PackageTag, Quantity> {
    let mut held: BTreeMap<PackageTag, Quantity> = BTreeMap::new();
    let leases = ledger.leases.values().filter(|lease| lease.is_in_force());
    for lease in leases.filter(|lease| Some(lease.id) != but) {
        for spare in &lease.spares {
            *held.entry(spare.tag.clone()).or_default() += Quantity::units(spare.units);
        }
    }
    held
}

/// On shelves, promised to nobody and leased to nobody as a spare.
#[must_use]
pub fn free(ledger: &Ledger, package: &Package) -> Quantity {
    let leases = ledger.leases.values().filter(|lease| lease.is_in_force());
    let held = leases.map(|lease| Quantity::units(spare_left(lease, &package.tag)));
    package.available() - held.sum()
}

/// What an order can be promised of each package: all that is free, and its own lease's spares.
pub(crate) struct Offer {
    held: BTreeMap<PackageTag, Quantity>,
}

impl Offer {
    /// What others leave to an order.
    pub(crate) fn to(ledger: &Ledger, order: &Order) -> Self {
        let own = lease_with(ledger, order).map(|lease| lease.id);
        Self {
            held: spares_held(ledger, own),
        }
    }

    /// Units of a package.
    pub(crate) fn of(&self, package: &Package) -> Quantity {
        if mutated("allocate_promises_a_unit_twice") {
            return package.on_shelves();
        }
        let held = self.held.get(&package.tag).copied().unwrap_or_default();
        package.available() - held
    }
}

/// Units a lease in force may still take of a package besides what its orders were promised.
#[must_use]
pub fn spare_left(lease: &Lease, tag: &PackageTag) -> u32 {
    if !lease.is_in_force() {
        return 0;
    }
    let spares = lease.spares.iter().filter(|spare| spare.tag == *tag);
    spares.map(|spare| spare.units).fold(0, u32::saturating_add)
}

/// The lease an order is under: its claim's, while that still has it. One that was cancelled and came again is out of it.
pub(crate) fn lease_with<'a>(ledger: &'a Ledger, order: &Order) -> Option<&'a Lease> {
    let lease = ledger.leases.get(&order.claim.as_ref()?.lease?)?;
    let is_leased = lease.orders.iter().any(|leased| leased.order == order.id);
    is_leased.then_some(lease)
}

/// The lease an act was covered by.
pub(crate) fn lease_of<'a>(
    ledger: &'a Ledger,
    order: Option<&Order>,
    fact: &Fact<'_>,
) -> Option<&'a Lease> {
    let named = fact.envelope.lease?;
    let order = order?;
    let is_covered = covers(ledger, order, named, fact.envelope.device);
    ledger.leases.get(&named.lease).filter(|_| is_covered)
}

/// Packages of an order's lease that may stand in for what could not be found: of each line that is short, the
/// oldest spare of its product.
pub(crate) fn substitutes<'a>(
    ledger: &'a Ledger,
    order: &'a Order,
) -> impl Iterator<Item = (&'a Line, &'a PackageTag, u32)> {
    let lease = lease_with(ledger, order);
    let lines = if order.status.is_closed() {
        &[]
    } else {
        order.lines.as_slice()
    };
    lines.iter().filter_map(move |line| {
        let missing = line.missed().min(line.lacking());
        let spare = oldest_spare(ledger, lease?, line).filter(|_| missing > 0)?;
        Some((line, &spare.tag, spare.units.min(missing)))
    })
}

fn oldest_spare<'a>(
    ledger: &'a Ledger,
    lease: &'a Lease,
    line: &Line,
) -> Option<&'a LeasedPackage> {
    let spares = lease.spares.iter().filter(|_| lease.is_in_force());
    let known = spares.filter_map(|spare| Some((spare, ledger.packages.get(&spare.tag)?)));
    known
        .filter(|(spare, package)| {
            let is_fit = package.item == line.item && package.is_fit_for_sale();
            is_fit && spare.units > 0 && !line.was_searched_for(&spare.tag)
        })
        .min_by(|(_, one), (_, other)| one.oldest_first(other))
        .map(|(spare, _)| spare)
}

/// Spares for some orders: of each product a tenth of what is still to fetch, oldest first, from packages its
/// lines neither wait for nor had searched in vain.
pub(crate) fn spares_for(
    ledger: &Ledger,
    orders: &[&Order],
    has: &[LeasedPackage],
    today: Day,
) -> Vec<LeasedPackage> {
    let mut held = spares_held(ledger, None);
    if mutated("escrow_leases_a_unit_twice") {
        held.clear();
    }
    let free = |package: &Package| {
        let held = held.get(&package.tag).copied().unwrap_or_default();
        (package.available() - held).whole_units()
    };
    let mut spares = Vec::new();
    for (item, need) in needs(orders) {
        let is_of_item = |spare: &&LeasedPackage| {
            let package = ledger.packages.get(&spare.tag);
            package.is_some_and(|package| package.item == item)
        };
        let has = sum(has.iter().filter(is_of_item).map(|spare| spare.units));
        let sellable = allocate::sellable_of(ledger, item, today);
        let stands = sum(sellable.iter().map(|one| one.on_shelves().whole_units()));
        let reserve = stands.div_ceil(UNITS_PER_RESERVE).max(1);
        let all_free = sum(sellable.iter().map(|one| free(one)));
        let mut wanted = need
            .spares
            .saturating_sub(has)
            .min(all_free.saturating_sub(reserve * u32::from(!mutated("escrow_keeps_no_reserve"))));
        let others = sellable.iter().filter(|one| !need.from.contains(&one.tag));
        for package in others {
            let units = free(package).min(wanted);
            if units > 0 {
                spares.push(LeasedPackage::new(package.tag.clone(), units));
                wanted -= units;
            }
        }
    }
    spares
}

/// What the lines of one product need.
#[derive(Default)]
struct Need<'a> {
    spares: u32,
    /// Packages they wait for, or had searched in vain.
    from: BTreeSet<&'a PackageTag>,
}

fn needs<'a>(orders: &[&'a Order]) -> BTreeMap<ItemId, Need<'a>> {
    let mut needs: BTreeMap<ItemId, Need<'a>> = BTreeMap::new();
    for order in orders {
        for line in &order.lines {
            let of_line = || {
                let open = order.to_pick();
                open.filter(|(of, _, _)| of.number == line.number)
            };
            let open = sum(of_line().map(|(_, _, units)| units)).saturating_add(line.short);
            if open > 0 {
                let need = needs.entry(line.item).or_default();
                let is_much = mutated("escrow_gives_too_many_spares");
                let per_spare = if is_much { 1 } else { UNITS_PER_SPARE };
                need.spares = need.spares.saturating_add(open.div_ceil(per_spare));
                need.from.extend(of_line().map(|(_, tag, _)| tag));
                let vain = line.allocations.iter();
                let vain = vain.filter(|allocation| allocation.missing.is_some());
                need.from.extend(vain.map(|allocation| &allocation.tag));
            }
        }
    }
    needs
}

fn sum(units: impl Iterator<Item = u32>) -> u32 {
    units.fold(0, u32::saturating_add)
}

/// What the server adds to a lease that has used up most of its spares; `None` when it has enough, or when
/// there is nothing to add.
#[must_use]
pub fn refill_for(ledger: &Ledger, lease: LeaseId, today: Day) -> Option<LeaseRefilled> {
    let lease = ledger.leases.get(&lease)?;
    let leased = lease.orders.iter();
    let orders: Vec<&Order> = leased
        .filter_map(|leased| ledger.orders.get(&leased.order))
        .filter(|order| !order.status.is_closed())
        .collect();
    let needed = needs(&orders);
    let wanted: u64 = needed.values().map(|need| u64::from(need.spares)).sum();
    let has: u64 = lease
        .spares
        .iter()
        .map(|spare| u64::from(spare.units))
        .sum();
    if has.saturating_mul(100) >= wanted.saturating_mul(REFILL_BELOW_PERCENT) {
        return None;
    }
    let spares = spares_for(ledger, &orders, &lease.spares, today);
    let id = lease.id;
    (!spares.is_empty()).then_some(LeaseRefilled { lease: id, spares })
}

/// Takes a refill in. A lease that is over gets nothing.
pub fn refilled(ledger: &mut Ledger, done: &LeaseRefilled) {
    let is_in_force = |lease: &Lease| lease.is_in_force();
    if !ledger.leases.get(&done.lease).is_some_and(is_in_force) {
        return;
    }
    if let Some(lease) = ledger.lease_mut(&done.lease) {
        for spare in &done.spares {
            add(&mut lease.spares, &spare.tag, spare.units);
        }
    }
}

/// A unit was taken under a lease: it uses up what was promised, or a spare.
pub(crate) fn spend(ledger: &mut Ledger, lease: LeaseId, tag: &PackageTag, is_promised: bool) {
    if !is_promised {
        let spare = |lease: &Lease| spare_left(lease, tag) > 0;
        if !ledger.leases.get(&lease).is_some_and(spare) {
            return;
        }
        turn(ledger, lease, tag, 1);
    }
    if let Some(lease) = ledger.lease_mut(&lease)
        && let Some(right) = lease.packages.iter_mut().find(|right| right.tag == *tag)
        && !mutated("escrow_spends_nothing")
    {
        right.spent = Some(right.spent().saturating_add(1).min(right.units));
    }
}

/// A unit taken under a lease is back on its shelf, to be taken again.
pub(crate) fn unspend(ledger: &mut Ledger, lease: LeaseId, tag: &PackageTag) {
    let was_spent = |lease: &Lease| {
        let mut rights = lease.packages.iter();
        rights.any(|right| right.tag == *tag && right.spent() > 0)
    };
    if ledger.leases.get(&lease).is_some_and(was_spent)
        && let Some(lease) = ledger.lease_mut(&lease)
        && let Some(right) = lease.packages.iter_mut().find(|right| right.tag == *tag)
    {
        right.spent = Some(right.spent() - 1).filter(|spent| *spent > 0);
    }
}

/// Units promised to a leased order become a right of its lease; spares of it are used up first.
pub(crate) fn turn(ledger: &mut Ledger, lease: LeaseId, tag: &PackageTag, units: u32) {
    let Some(lease) = ledger.lease_mut(&lease) else {
        return;
    };
    let mut left = units;
    for spare in lease.spares.iter_mut().filter(|spare| spare.tag == *tag) {
        let used = spare.units.min(left);
        spare.units -= used * u32::from(!mutated("escrow_never_uses_up_a_spare"));
        left -= used;
    }
    lease.spares.retain(|spare| spare.units > 0);
    add(&mut lease.packages, tag, units);
}

/// Units promised to a leased order again are a right of its lease, where an earlier promise has not left it one.
pub(crate) fn cover(ledger: &mut Ledger, lease: LeaseId, tag: &PackageTag, units: u32) {
    let has = ledger.leases.get(&lease).map_or(0, |lease| {
        let rights = lease.packages.iter().filter(|right| right.tag == *tag);
        sum(rights.map(|right| right.units.saturating_sub(right.spent())))
    });
    let lacks = units.saturating_sub(has);
    if lacks > 0
        && let Some(lease) = ledger.lease_mut(&lease)
    {
        add(&mut lease.packages, tag, lacks);
    }
}

/// A right to units of a package; one lease has one of each.
pub(crate) fn add(rights: &mut Vec<LeasedPackage>, tag: &PackageTag, units: u32) {
    match rights.iter_mut().find(|right| right.tag == *tag) {
        Some(right) => right.units = right.units.saturating_add(units),
        None => rights.push(LeasedPackage::new(tag.clone(), units)),
    }
}

/// An order needs nothing more from the vault: its lease gives back what was spare.
pub(crate) fn release(ledger: &mut Ledger, order: OrderId) {
    let claim = ledger
        .orders
        .get(&order)
        .and_then(|order| order.claim.as_ref());
    let Some(lease) = claim.and_then(|claim| claim.lease) else {
        return;
    };
    let has_it = |lease: &Lease| lease.orders.iter().any(|leased| leased.order == order);
    if ledger.leases.get(&lease).is_some_and(has_it)
        && let Some(lease) = ledger.lease_mut(&lease)
    {
        lease.orders.retain(|leased| leased.order != order);
    }
}
