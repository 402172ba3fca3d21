//! What was reported missing is there after all: the report was a mistake, or somebody looked again.
//!
//! In: a report, and a picker's word that it does not hold. Out: the package promised to its line again, as far as the line
//! wants it and nobody else was promised it, and what was promised instead and not taken given back, the youngest first.
//! Must not: delete the report, which stays in the log beside this; put anything into a tote or out of it.

use std::cmp::Reverse;

use minicbor::{Decode, Encode};

use crate::custody::claim::held_by;
use crate::custody::pick::filled;
use crate::custody::tell::Word;
use crate::custody::{Situation, allocate, escrow};
use crate::facility::Right;
use crate::id::{EventId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Allocation, Concern, Line, Order, Status};
use crate::stock::{Package, Unsellable};
use crate::verdict::{Reason, Refusal, Verdict};

/// What was reported missing is there after all.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShortWithdrawn {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Its line.
    #[n(1)]
    pub line: u16,
    /// The package.
    #[n(2)]
    pub tag: PackageTag,
    /// The event that reported it.
    #[n(3)]
    pub report: EventId,
}

/// A package that a picker reported missing for an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported<'a> {
    /// The line it was for.
    pub line: &'a Line,
    /// The package, with the last report of it.
    pub of: &'a Allocation,
    /// That report.
    pub report: EventId,
    /// Units of it that are missing still.
    pub units: u32,
}

impl Reported<'_> {
    /// Whether it was looked for as a spare: it is offered again, and promised to nobody.
    fn is_spare(&self) -> bool {
        let missed = self.of.missed;
        missed.is_some_and(|missed| missed.spare == Some(true))
    }
}

/// What was reported missing for an order and may turn out to be there, the last report first. Nothing is given back to a
/// bag that is closed.
#[must_use]
pub fn reports(order: &Order) -> Vec<Reported<'_>> {
    let is_open = order.status < Status::Sealed || order.status == Status::Short;
    let mut all = Vec::new();
    for line in order.lines.iter().filter(|_| is_open) {
        for of in &line.allocations {
            let said = of
                .missed
                .and_then(|missed| Some((missed.event, missed.units?)));
            all.extend(said.map(|(report, units)| Reported {
                line,
                of,
                report,
                units,
            }));
        }
    }
    all.sort_by_key(|one| Reverse(one.report));
    all
}

/// What a withdrawn report changes.
struct Comes {
    /// Units promised to the line again.
    back: u32,
    /// What is given back of others.
    instead: Vec<(PackageTag, u32)>,
}

impl Comes {
    /// Other packages give way where they are younger and not taken yet, so that the oldest is what is fetched.
    fn of(ledger: &Ledger, order: &Order, reported: &Reported<'_>) -> Self {
        let line = reported.line;
        let fit = ledger.packages.get(&reported.of.tag);
        let Some(package) = fit.filter(|package| package.is_fit_for_sale()) else {
            return Self::nothing();
        };
        let free = escrow::free(ledger, package).whole_units();
        let units = reported.units.min(free);
        let settled = line.done_without.unwrap_or(0);
        // More than it wants may be promised to it, when a pick nobody allowed took something for it meanwhile.
        let mut too_many = promised_to(line)
            .saturating_add(units)
            .saturating_sub(line.units.saturating_sub(settled));
        let mut instead = Vec::new();
        for (tag, open) in younger(ledger, order, line, package) {
            let given = open.min(too_many);
            too_many -= given;
            if given > 0 {
                instead.push((tag.clone(), given));
            }
        }
        match units.saturating_sub(too_many) {
            0 => Self::nothing(),
            back => Self { back, instead },
        }
    }

    fn nothing() -> Self {
        let (back, instead) = (0, Vec::new());
        Self { back, instead }
    }
}

fn promised_to(line: &Line) -> u32 {
    let units = line.allocations.iter().map(|one| one.units);
    units.fold(0, u32::saturating_add)
}

/// What is still to be fetched for a line of younger packages, the youngest first.
fn younger<'a>(
    ledger: &'a Ledger,
    order: &'a Order,
    line: &Line,
    than: &Package,
) -> Vec<(&'a PackageTag, u32)> {
    let open = order
        .to_pick()
        .filter(|(of, _, _)| of.number == line.number);
    let known = open.filter_map(|(_, tag, units)| Some((ledger.packages.get(tag)?, tag, units)));
    let mut younger: Vec<_> = known
        .filter(|(package, _, _)| than.oldest_first(package).is_lt())
        .collect();
    younger.sort_by(|(one, _, _), (other, _, _)| other.oldest_first(one));
    let units = younger.into_iter().map(|(_, tag, units)| (tag, units));
    units.collect()
}

/// May this report be undone? By the device that has the order, while its bag is open and its line has room for the unit.
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, report: EventId) -> Verdict {
    match check(ledger, situation, order, report) {
        Ok(done) => Verdict::Accepted(done.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    report: EventId,
) -> Result<ShortWithdrawn, Refusal> {
    let order = situation.require_for(ledger, Right::Fulfil, order)?;
    held_by(ledger, order, situation)?;
    let refuse = |reason| Err(Refusal::because(reason));
    if order.status == Status::Cancelled {
        return refuse(Reason::OrderCancelled);
    }
    let all = reports(order);
    let Some(reported) = all.iter().find(|one| one.report == report) else {
        return refuse(Reason::NotYet);
    };
    let package = ledger.packages.get(&reported.of.tag);
    match package.and_then(|package| package.unsellable(situation.today)) {
        None => {}
        Some(Unsellable::OnHold) => return refuse(Reason::OnHold),
        Some(Unsellable::Expired) => return refuse(Reason::Expired),
        Some(Unsellable::NotTested) => return refuse(Reason::NotTested),
    }
    if !reported.is_spare() && Comes::of(ledger, order, reported).back == 0 {
        return refuse(Reason::LineComplete);
    }
    Ok(ShortWithdrawn {
        order: order.id,
        line: reported.line.number,
        tag: reported.of.tag.clone(),
        report,
    })
}

/// The report that a package in the hand belies: it was reported missing for a line that still wants units.
#[must_use]
pub fn of_scan(
    ledger: &Ledger,
    situation: &Situation,
    order: &Order,
    tag: &PackageTag,
) -> Option<EventId> {
    let is_it = |one: &&Reported<'_>| {
        one.of.tag == *tag && filled(ledger, order, one.line) < one.line.units
    };
    let all = reports(order);
    let report = all.iter().find(is_it)?.report;
    check(ledger, situation, order.id, report).ok()?;
    Some(report)
}

/// Promises the package to its line again. What was taken in its place stays taken, and as many units of the report stand.
pub fn evolve(ledger: &mut Ledger, done: &ShortWithdrawn) {
    let Some(order) = ledger.orders.get(&done.order) else {
        return;
    };
    let is_it = |one: &&Reported<'_>| {
        one.report == done.report && one.line.number == done.line && one.of.tag == done.tag
    };
    let all = reports(order);
    let Some(reported) = all.iter().find(is_it) else {
        return;
    };
    let is_spare = reported.is_spare();
    let comes = match is_spare {
        true => Comes::nothing(),
        false => Comes::of(ledger, order, reported),
    };
    if comes.back == 0 && !is_spare {
        return;
    }
    let units = if is_spare { reported.units } else { comes.back };
    if let Some(lease) = escrow::lease_with(ledger, order).map(|lease| lease.id) {
        escrow::cover(ledger, lease, &done.tag, comes.back);
    }
    allocate::change(ledger, done.order, |order| {
        if let Some(line) = order.lines.iter_mut().find(|line| line.number == done.line) {
            take_back(line, done, units, &comes);
        }
        no_longer_missing(order);
        if comes.back > 0 {
            fetch_again(order);
        }
        allocate::settle(order);
    });
}

/// Of a report, `units` are found; what comes of it is promised, and given back in its place.
fn take_back(line: &mut Line, done: &ShortWithdrawn, units: u32, comes: &Comes) {
    let found = line.allocations.iter_mut().find(|one| one.tag == done.tag);
    if let Some(found) = found {
        found.units = found.units.saturating_add(comes.back);
        withdraw(found, units);
    }
    for (tag, given) in &comes.instead {
        let mut others = line.allocations.iter_mut();
        if let Some(other) = others.find(|one| one.tag == *tag) {
            other.units = other.units.saturating_sub(*given);
        }
    }
    let is_touched =
        |tag: &PackageTag| *tag == done.tag || comes.instead.iter().any(|(other, _)| other == tag);
    line.allocations
        .retain(|one| !is_touched(&one.tag) || one.units > 0 || one.missing.is_some());
    // What the customer does without was settled, whatever is found since.
    let settled = line.done_without.unwrap_or(0);
    line.short = line.short.saturating_sub(comes.back).max(settled);
    line.found();
}

fn withdraw(found: &mut Allocation, units: u32) {
    let left = found.missing.unwrap_or(0).saturating_sub(units);
    found.missing = Some(left).filter(|left| *left > 0);
    let Some(last) = &mut found.missed else {
        return;
    };
    let of_it = last.units.unwrap_or(0).saturating_sub(units);
    last.units = Some(of_it);
    if of_it == 0 {
        found.missed = found.earlier.as_mut().and_then(Vec::pop);
        found.earlier = found.earlier.take().filter(|all| !all.is_empty());
    }
}

/// Where nothing is missing any more nobody has to look at the order for it, or ask its customer.
fn no_longer_missing(order: &mut Order) {
    let mut allocations = order.lines.iter().flat_map(|line| &line.allocations);
    if !allocations.any(|one| one.missing.is_some()) {
        order.concerns.retain(|known| *known != Concern::Missing);
    }
    if order.lines.iter().all(|line| line.lacking() == 0)
        && let Some(messages) = &mut order.messages
    {
        messages.retain(|one| one.word != Word::ItemShort || one.seen_by.is_some());
        order.messages = order.messages.take().filter(|all| !all.is_empty());
    }
}

/// The ticket names other packages now, and what was on the bench goes on in the vault.
fn fetch_again(order: &mut Order) {
    order.ticket_read = false;
    if order.status > Status::Picked && order.status < Status::Sealed {
        order.status = Status::Picking;
        let picks = order.picks.iter_mut();
        picks.for_each(|pick| pick.verified = false);
    }
}
