//! From the shelf into the tote, one unit at a time.
//!
//! In: an order and a scan. Out: the pick, or the exact reason to put it back. Must not: take a maker's
//! code for a batch, or a unit twice.

use minicbor::{Decode, Encode};

use crate::code::Grade;
use crate::code::gtin::Gtin;
use crate::code::own::OwnKind;
use crate::custody::claim::held_by;
use crate::custody::exception::promised;
use crate::custody::limit::Judged;
use crate::custody::scan::{Evidence, Scan};
use crate::custody::{Fact, Situation, allocate, escrow, found, gate, hold, take_off, tote};
use crate::facility::{LocationCode, Right};
use crate::id::{EventId, ItemId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Allocation, Line, Order, Pick, Status};
use crate::plan::way::Way;
use crate::quantity::Quantity;
use crate::stock::{Package, Place, Unsellable};
use crate::verdict::{Reason, Refusal, Verdict};

/// A unit went from its shelf into the tote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackagePicked {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Its line.
    #[n(1)]
    pub line: u16,
    /// The package.
    #[n(2)]
    pub tag: PackageTag,
    /// The unit's own number, when its own code was read.
    #[n(3)]
    pub unit: Option<u64>,
    /// What the reading proves.
    #[n(4)]
    pub grade: Grade,
    /// The shelf it left.
    #[n(5)]
    pub from: LocationCode,
}

/// A pick was undone: the unit is back on its shelf.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PickVoided {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The event that recorded the pick.
    #[n(1)]
    pub pick: EventId,
    /// By what limit it had to come off, for the customer may not buy as much: its line goes on without it. `None`: the line
    /// wants its unit again.
    #[n(2)]
    pub judged: Option<Judged>,
}

/// The task in which a scan was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ScanTask {
    /// Picking.
    #[n(0)]
    Pick,
    /// Checking at the pack station.
    #[n(1)]
    Verify,
    /// Reading the label back.
    #[n(2)]
    Label,
    /// Staging.
    #[n(3)]
    Stage,
    /// Hand-off.
    #[n(4)]
    HandOff,
}

/// A scan was refused: nothing moved, but it happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ScanRefused {
    /// In which task.
    #[n(0)]
    pub task: ScanTask,
    /// On which order, when one was open.
    #[n(1)]
    pub order: Option<OrderId>,
    /// Why.
    #[n(2)]
    pub reason: Reason,
    /// What the reading would have proved.
    #[n(3)]
    pub grade: Grade,
    /// What was read, when it was a code of a known scheme.
    #[n(4)]
    pub scanned: String,
    /// The package to take instead.
    #[n(5)]
    pub expected: Option<PackageTag>,
}

/// What to fetch next: the open allocation whose shelf comes first on the order's way through the vault.
#[must_use]
pub fn next_target<'a>(ledger: &'a Ledger, order: &'a Order) -> Option<Target<'a>> {
    let way = Way::of(ledger, order);
    let place = |target: &Target<'_>| way.place_of(ledger, target.package.stands_at());
    targets(ledger, order).min_by_key(|target| (place(target), target.line.number))
}

/// Everything there is to fetch for an order, in the order of its lines.
pub fn targets<'a>(ledger: &'a Ledger, order: &'a Order) -> impl Iterator<Item = Target<'a>> {
    wanted(ledger, order).filter_map(|(line, tag, units)| {
        let package = ledger.packages.get(tag)?;
        Some(Target {
            line,
            package,
            units,
        })
    })
}

/// What an order still needs: its open allocations, save those of lines that are full from elsewhere, and for
/// what could not be found the next oldest package of its lease.
fn wanted<'a>(
    ledger: &'a Ledger,
    order: &'a Order,
) -> impl Iterator<Item = (&'a Line, &'a PackageTag, u32)> {
    order
        .to_pick()
        .chain(escrow::substitutes(ledger, order))
        .filter(|(line, _, _)| filled(ledger, order, line) < line.units)
}

/// Units in the tote that fill a line: those of its product.
pub(crate) fn filled(ledger: &Ledger, order: &Order, line: &Line) -> u32 {
    let fills = |pick: &&Pick| {
        let package = ledger.packages.get(&pick.tag);
        pick.line == line.number && package.is_some_and(|package| package.item == line.item)
    };
    u32::try_from(order.picks.iter().filter(fills).count()).unwrap_or(u32::MAX)
}

/// One thing to fetch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target<'a> {
    /// The line it fills.
    pub line: &'a Line,
    /// The exact package.
    pub package: &'a Package,
    /// Units still to take from it.
    pub units: u32,
}

/// Does this scan put a unit into the tote?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    if let Evidence::Own(OwnKind::Tote, _) = scan.evidence() {
        return tote::decide(ledger, situation, order, scan);
    }
    match check(ledger, situation, order, scan) {
        Ok(picked) => Verdict::Accepted(picked.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    scan: &Scan,
) -> Result<PackagePicked, Refusal> {
    let order = situation.require_for(ledger, Right::Fulfil, order)?;
    held_by(ledger, order, situation)?;
    match order.status {
        Status::Cancelled => return Err(Refusal::because(Reason::OrderCancelled)),
        Status::Claimed | Status::Picking | Status::Picked => {}
        // Nothing of it could be found: what its lease has to spare may still fill it.
        Status::Short if escrow::substitutes(ledger, order).next().is_some() => {}
        Status::New
        | Status::Ready
        | Status::Verifying
        | Status::Verified
        | Status::Labelled
        | Status::Sealed
        | Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Short
        | Status::Problem => return Err(Refusal::because(Reason::NotYet)),
    }
    let target = || next_target(ledger, order);
    match scan.evidence() {
        Evidence::Package { tag, unit } => {
            let (line, package) = package_for(ledger, situation, order, &tag, unit)?;
            tote::require_read(ledger, order, Some(&tag))?;
            let from = package
                .stands_at()
                .cloned()
                .unwrap_or_else(|| LocationCode::new("?"));
            Ok(PackagePicked {
                order: order.id,
                line,
                tag,
                unit,
                grade: scan.grade(),
                from,
            })
        }
        Evidence::Product(gtins) => Err(product_only(ledger, order, target(), &gtins)),
        Evidence::Own(OwnKind::Location, id) => Err(wrong_location(target(), &id)),
        Evidence::Own(..) | Evidence::Nothing => {
            Err(expecting(target(), Refusal::because(scan.unfit())))
        }
    }
}

/// The line a package fills, or why it may not.
fn package_for<'a>(
    ledger: &'a Ledger,
    situation: &Situation,
    order: &Order,
    tag: &PackageTag,
    unit: Option<u64>,
) -> Result<(u16, &'a Package), Refusal> {
    let refuse = |reason| Refusal {
        scanned: Some(tag.clone()),
        ..Refusal::because(reason)
    };
    let expected = || expecting(next_target(ledger, order), refuse(Reason::TagNotKnown));
    let package = ledger.packages.get(tag).ok_or_else(expected)?;
    if unit.is_some_and(|unit| package.has_taken(unit)) {
        return Err(refuse(Reason::AlreadyScanned));
    }
    let open = wanted(ledger, order).find(|(_, allocated, _)| *allocated == tag);
    let Some((line, _, _)) = open else {
        if found::of_scan(ledger, situation, order, tag).is_some() {
            return Err(refuse(Reason::FoundAfterAll).at(package.stands_at()));
        }
        let refusal = not_wanted(ledger, order, package, refuse);
        return Err(gate::unfit_first(package, situation.today, refusal));
    };
    match package.unsellable(situation.today) {
        None => Ok((line.number, package)),
        Some(Unsellable::OnHold) if mutated("pick_takes_what_is_on_hold") => {
            Ok((line.number, package))
        }
        Some(flaw) => Err(refuse(gate::reason_of(flaw))),
    }
}

/// Why a stocked package fills nothing on this order.
fn not_wanted(
    ledger: &Ledger,
    order: &Order,
    package: &Package,
    refuse: impl Fn(Reason) -> Refusal,
) -> Refusal {
    let same_product = wanted(ledger, order)
        .filter(|(line, _, _)| line.item == package.item)
        .find_map(|(_, tag, _)| ledger.packages.get(tag));
    if let Some(right) = same_product {
        return Refusal {
            expected: Some(right.tag.clone()),
            location: right.stands_at().cloned(),
            ..refuse(Reason::WrongBatch)
        };
    }
    if order.lines.iter().any(|line| line.item == package.item) {
        return refuse(Reason::LineComplete).at(package.stands_at());
    }
    expecting(next_target(ledger, order), refuse(Reason::NotOnThisOrder))
}

fn product_only(
    ledger: &Ledger,
    order: &Order,
    target: Option<Target<'_>>,
    gtins: &[Gtin],
) -> Refusal {
    let on_order = order.lines.iter().any(|line| {
        let gtin = ledger
            .items
            .get(&line.item)
            .and_then(|item| item.gtin.as_ref());
        gtin.is_some_and(|gtin| gtins.contains(gtin))
    });
    let known = |gtin: &Gtin| {
        ledger
            .items
            .values()
            .any(|item| item.gtin.as_ref() == Some(gtin))
    };
    // A maker's code nobody has entered yet says nothing against the product either.
    let reason = if on_order || !gtins.iter().any(known) {
        Reason::ProductCodeOnly
    } else {
        Reason::WrongProduct
    };
    expecting(target, Refusal::because(reason))
}

/// Whether this is the code of the shelf where an order's next package stands.
#[must_use]
pub fn is_next_shelf(ledger: &Ledger, order: OrderId, id: &str) -> bool {
    let order = ledger.orders.get(&order);
    stands_there(order.and_then(|order| next_target(ledger, order)), id)
}

fn stands_there(target: Option<Target<'_>>, id: &str) -> bool {
    let here = target.and_then(|target| target.package.stands_at());
    here.is_some_and(|shelf| shelf.scan_id() == id)
}

fn wrong_location(target: Option<Target<'_>>, id: &str) -> Refusal {
    let reason = if stands_there(target, id) {
        // The right shelf: nothing moved, and there is nothing to put back.
        Reason::NotYet
    } else if target.is_none() {
        Reason::ForAnotherStep
    } else {
        Reason::WrongLocation
    };
    expecting(target, Refusal::because(reason))
}

fn expecting(target: Option<Target<'_>>, refusal: Refusal) -> Refusal {
    match target {
        Some(target) => Refusal {
            expected: Some(target.package.tag.clone()),
            ..refusal.at(target.package.stands_at())
        },
        None => refusal,
    }
}

/// May this pick be undone? Until the bag is sealed, by the device that has the order; also when the order
/// was cancelled meanwhile, for then its units have to go back.
#[must_use]
pub fn decide_void(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    pick: EventId,
) -> Verdict {
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    if let Err(refusal) = held_by(ledger, order, situation) {
        return Verdict::Refused(refusal);
    }
    let is_open = order.status < Status::Sealed || order.status == Status::Cancelled;
    if !is_open || pick_in_tote(ledger, order.id, pick).is_none() {
        return Reason::NotYet.into();
    }
    Verdict::Accepted(
        PickVoided {
            order: order.id,
            pick,
            judged: None,
        }
        .into(),
    )
}

/// Moves the unit from its shelf into the tote. What was ready to be packed has to be checked again.
pub fn picked(ledger: &mut Ledger, fact: &Fact<'_>, done: &PackagePicked) {
    let order = ledger.orders.get(&done.order);
    let is_promised = order.is_some_and(|order| promised(order, done));
    if let Some(lease) = escrow::lease_of(ledger, order, fact).map(|lease| lease.id) {
        escrow::spend(ledger, lease, &done.tag, is_promised);
    }
    let item = ledger.packages.get(&done.tag).map(|package| package.item);
    if let Some(package) = ledger.package_mut(&done.tag) {
        let tote = Place::Tote(done.order);
        package.transfer(&Place::Shelf(done.from.clone()), &tote, Quantity::ONE);
        if let Some(unit) = done.unit.filter(|_| !mutated("pick_forgets_the_number")) {
            package.take_unit(unit);
        }
    }
    allocate::change(ledger, done.order, |order| {
        if !is_promised {
            stand_in(order, done, item);
        }
        order.picks.push(Pick {
            event: fact.envelope.id,
            line: done.line,
            tag: done.tag.clone(),
            unit: done.unit,
            grade: done.grade,
            from: done.from.clone(),
            verified: false,
        });
        tote::picked(order, fact);
        if matches!(order.status, Status::Verified | Status::Labelled) {
            order.status = Status::Verifying;
        }
        allocate::settle(order);
    });
}

/// A unit of another package fills what was reported missing: the line is short of one less, and the ticket,
/// which names the packages, has to be read again.
fn stand_in(order: &mut Order, done: &PackagePicked, item: Option<ItemId>) {
    if order.status >= Status::Sealed && order.status != Status::Short {
        return;
    }
    let line = order.lines.iter_mut().find(|line| line.number == done.line);
    let is_missing = |line: &&mut Line| line.short > 0 && line.unallocated() > 0;
    let Some(line) = line
        .filter(is_missing)
        .filter(|line| item == Some(line.item))
    else {
        return;
    };
    allocate::promise(line, Allocation::of(done.tag.clone(), 1));
    line.found();
    order.ticket_read = false;
}

/// Moves the unit back. What was checked at the pack station has to be checked again. A unit that has left
/// the tote is not put back by this; a sealed bag never changes silently.
pub fn voided(ledger: &mut Ledger, done: &PickVoided) {
    let Some(pick) = pick_in_tote(ledger, done.order, done.pick).cloned() else {
        return;
    };
    let claim = ledger
        .orders
        .get(&done.order)
        .and_then(|order| order.claim.as_ref());
    if let Some(lease) = claim.and_then(|claim| claim.lease) {
        escrow::unspend(ledger, lease, &pick.tag);
    }
    allocate::change(ledger, done.order, |order| {
        if let Some(index) = order.picks.iter().position(|known| *known == pick) {
            order.picks.remove(index);
        }
        tote::put_back(order, pick.event);
        if order.status < Status::Sealed {
            if done.judged.is_some() {
                take_off::go_without(order, &pick);
            }
            order.status = Status::Picking;
            order.ticket_read = false;
            order
                .picks
                .iter_mut()
                .for_each(|pick| pick.verified = false);
        }
        allocate::settle(order);
    });
    let is_shelf = ledger.locations.contains_key(&pick.from);
    if let Some(package) = ledger.package_mut(&pick.tag) {
        // An early release did not know where a unit was taken from that no count had found.
        let stands_at = package.stands_at().filter(|_| !is_shelf).cloned();
        let shelf = stands_at.unwrap_or(pick.from);
        if mutated("void_leaves_the_unit_in_the_tote") {
            return;
        }
        package.transfer(
            &Place::Tote(done.order),
            &Place::Shelf(shelf),
            Quantity::ONE,
        );
        if let Some(unit) = pick.unit {
            package.put_back_unit(unit);
        }
        // Its line wants the unit again, and not one that may not be sold.
        if package.state_hold.is_some() {
            hold::withdraw(ledger, &pick.tag);
        }
    }
}

/// The pick of an order, while its unit is still in the tote.
fn pick_in_tote(ledger: &Ledger, order: OrderId, event: EventId) -> Option<&Pick> {
    let order = ledger.orders.get(&order)?;
    let pick = order.picks.iter().find(|pick| pick.event == event)?;
    let tote = Place::Tote(order.id);
    let is_there = |package: &Package| package.at(&tote) >= Quantity::ONE;
    let package = ledger.packages.get(&pick.tag);
    package.is_none_or(is_there).then_some(pick)
}
