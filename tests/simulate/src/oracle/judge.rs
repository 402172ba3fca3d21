//! What a fact may do, judged by hand on the state before it and after it.
//!
//! In: the state before a fact. Out: what is wrong already, and what must hold afterwards. Must not: ask the rule
//! it judges; a lookup in the ledger is all it takes from the domain.

use domain::custody::acknowledge::ChangeAcknowledged;
use domain::custody::break_lease::LeaseBroken;
use domain::custody::claim::LeaseReturned;
use domain::custody::draw_map::MapDrawn;
use domain::custody::exception::{Exception, Rule};
use domain::custody::pick::{PackagePicked, PickVoided};
use domain::custody::resolve::ExceptionResolved;
use domain::custody::{Fact, allocate};
use domain::event::Body;
use domain::facility::Role;
use domain::id::{ActorId, DeviceId, OrderId};
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::time::Day;

use super::rights;
use crate::shop::SERVER;

/// Counts, and who looks at them.
mod counts;
/// What is held.
mod holds;
/// What one person may buy.
mod limits;

/// What is asked of the state after a fact.
pub(super) type After = Box<dyn FnOnce(&Ledger) -> Result<(), String>>;

pub(super) fn wrong(what: &str) -> Result<(), String> {
    Err(what.to_owned())
}

/// Judges a fact.
pub(super) fn judge(before: &Ledger, fact: &Fact<'_>) -> Result<After, String> {
    limits::knowingly(fact.body)?;
    Ok(match fact.body {
        Body::LeaseGranted(done) => rights::granted(before, &done.lease)?,
        Body::LeaseRefilled(done) => rights::refilled(before, done),
        Body::LinesAllocated(done) => rights::allocated(before, done)?,
        Body::LeaseReturned(done) => given_back(before, fact, done),
        Body::LeaseBroken(done) => broken(before, fact, *done),
        Body::MapDrawn(done) => drawn(before, fact, done),
        Body::ChangeAcknowledged(done) => acknowledged(before, fact, *done),
        Body::PackagePicked(done) => rights::spent(before, fact, done),
        Body::PickVoided(done) => voided(before, done),
        Body::ShortWithdrawn(done) => rights::found(before, done),
        Body::BagSealed(done) => sealed(before, done.order),
        Body::OrderHandedOff(done) => {
            let within = limits::handed_over(before, fact, done);
            let moved = handed_over(done.order);
            Box::new(move |after| within(after).and_then(|()| moved(after)))
        }
        Body::StockImported(done) => holds::listed(before, done),
        Body::StockHeld(done) => holds::held(done),
        Body::StockReleased(done) => holds::released(before, done),
        Body::CountObserved(_) => counts::look(before, fact),
        Body::ExceptionResolved(done) => {
            let settled = resolved(before, fact, done);
            let counted = counts::look(before, fact);
            Box::new(move |after| settled(after).and_then(|()| counted(after)))
        }
        _ => Box::new(|_| Ok(())),
    })
}

/// Who acts, when he acts here and on a device that is enrolled.
fn role_of(ledger: &Ledger, actor: ActorId, device: DeviceId) -> Option<Role> {
    let is_enrolled = ledger.devices.get(&device).is_some_and(|one| one.active);
    let actor = ledger.actors.get(&actor).filter(|actor| actor.active)?;
    is_enrolled.then_some(actor.role)
}

fn given_back(before: &Ledger, fact: &Fact<'_>, done: &LeaseReturned) -> After {
    let by = fact.envelope.device;
    let id = done.lease;
    let lease = before.leases.get(&id);
    let others = lease.filter(|lease| lease.device != by && by != SERVER);
    let Some(orders) = others.map(|lease| lease.orders.clone()) else {
        return Box::new(|_| Ok(()));
    };
    Box::new(move |after| {
        let kept = after.leases.get(&id).map(|lease| &lease.orders);
        match kept == Some(&orders) {
            true => Ok(()),
            false => wrong("a device gave back what another has"),
        }
    })
}

fn broken(before: &Ledger, fact: &Fact<'_>, done: LeaseBroken) -> After {
    let role = role_of(before, fact.envelope.actor.actor, fact.envelope.device);
    let order = before.orders.get(&done.order);
    let Some(claim) = order.and_then(|order| order.claim.clone()) else {
        return Box::new(|_| Ok(()));
    };
    let is_it = claim.fence == done.fence && claim.lease == done.lease;
    let may = role == Some(Role::GeneralManager);
    Box::new(move |after| {
        let Some(order) = after.orders.get(&done.order) else {
            return Ok(());
        };
        match order.claim.is_none() {
            true if !may => wrong("an order was taken away without the right to it"),
            true if order.fence <= done.fence => wrong("a broken lease left its fence"),
            false if may && is_it => wrong("a lease was broken in vain"),
            true | false => Ok(()),
        }
    })
}

fn drawn(before: &Ledger, fact: &Fact<'_>, done: &MapDrawn) -> After {
    let role = role_of(before, fact.envelope.actor.actor, fact.envelope.device);
    let may = matches!(role, Some(Role::InventoryManager | Role::GeneralManager));
    let map = |ledger: &Ledger| {
        let store = ledger.store();
        store.and_then(|store| store.vault.as_deref().cloned())
    };
    let was = map(before);
    let before = was.clone().unwrap_or_default();
    let given = done.vault.clone();
    // Another map than the one it was drawn over is in force.
    let is_late = done.over.is_some_and(|over| over != before.hash());
    Box::new(move |after| {
        let now = map(after);
        let store = after.store();
        let beside = store.and_then(|store| store.drawings.as_deref());
        let mut beside = beside.into_iter().flat_map(|known| &known.aside);
        match (may, is_late) {
            (false, _) if now != was => wrong("the vault was drawn without the right to it"),
            (true, true) if now != was => wrong("a map was replaced by one drawn over another"),
            (true, true) if given != before && !beside.any(|one| one.vault == given) => {
                wrong("a drawing of the vault was lost")
            }
            _ => Ok(()),
        }
    })
}

fn acknowledged(before: &Ledger, fact: &Fact<'_>, done: ChangeAcknowledged) -> After {
    let role = role_of(before, fact.envelope.actor.actor, fact.envelope.device);
    let may = matches!(role, Some(Role::Associate | Role::GeneralManager));
    let order = before.orders.get(&done.order);
    let Some(was) = order.map(|order| (order.version, order.concerns.clone())) else {
        return Box::new(|_| Ok(()));
    };
    Box::new(move |after| {
        let now = after.orders.get(&done.order).map(|order| &order.concerns);
        let is_seen = was.0 == done.version && may;
        match is_seen || now == Some(&was.1) {
            true => Ok(()),
            false => wrong("a mark was taken off without a look, or without the right to it"),
        }
    })
}

fn voided(before: &Ledger, done: &PickVoided) -> After {
    let order = before.orders.get(&done.order);
    let pick = order.and_then(|order| order.picks.iter().find(|pick| pick.event == done.pick));
    let tote = Place::Tote(done.order);
    let package = pick.and_then(|pick| before.packages.get(&pick.tag));
    let Some(package) = package.filter(|package| package.at(&tote) >= Quantity::ONE) else {
        return Box::new(|_| Ok(()));
    };
    let (tag, there) = (package.tag.clone(), package.at(&tote));
    Box::new(move |after| {
        let left = after.packages.get(&tag).map(|package| package.at(&tote));
        match left == Some(there - Quantity::ONE) {
            true => Ok(()),
            false => wrong("a pick was undone and its unit stayed in the tote"),
        }
    })
}

fn is_leased(ledger: &Ledger, order: OrderId) -> bool {
    let mut orders = ledger.leases.values().flat_map(|lease| &lease.orders);
    orders.any(|leased| leased.order == order)
}

fn sealed(before: &Ledger, id: OrderId) -> After {
    let order = before.orders.get(&id);
    if order.is_none_or(|order| order.status >= Status::Sealed) {
        return Box::new(|_| Ok(()));
    }
    Box::new(move |after| match is_leased(after, id) {
        true => wrong("a sealed order is still under a lease"),
        false => Ok(()),
    })
}

fn handed_over(id: OrderId) -> After {
    let is_of_bag = move |place: &Place| match place {
        Place::Bag(of) | Place::Slot(_, of) => *of == id,
        _ => false,
    };
    Box::new(move |after| {
        let places = after.packages.values().flat_map(|package| &package.places);
        let is_known = after.orders.contains_key(&id);
        match is_known && places.into_iter().any(|(place, _)| is_of_bag(place)) {
            true => wrong("an order was handed over and its units are still here"),
            false => Ok(()),
        }
    })
}

/// Whether somebody may settle a breach of a rule.
fn may_settle(rule: Rule, role: Option<Role>) -> bool {
    match rule {
        Rule::CancelledOrderPick => {
            matches!(role, Some(Role::Associate | Role::GeneralManager))
        }
        Rule::HeldOrRecalled | Rule::SchemaUnknown | Rule::UnleasedPick | Rule::ClockSuspect => {
            false
        }
        _ => role == Some(Role::GeneralManager),
    }
}

/// Whether an exception is about what this person did. That a limit is exceeded is only ever said, here, and whoever says
/// so has done nothing; nor has he where the order he names is not known.
fn is_own_act(ledger: &Ledger, exception: &Exception, person: ActorId) -> bool {
    let mut beside = ledger.exceptions.values();
    let is_said =
        |one: &Exception| one.position == exception.position && one.rule == Rule::LimitExceeded;
    exception.actor == person && !beside.any(is_said)
}

/// Whether somebody else works here who may settle it.
fn has_another(ledger: &Ledger, rule: Rule, person: ActorId) -> bool {
    let mut others = ledger.actors.values();
    others.any(|one| one.id != person && one.active && may_settle(rule, Some(one.role)))
}

fn resolved(before: &Ledger, fact: &Fact<'_>, done: &ExceptionResolved) -> After {
    let Some(exception) = before.exceptions.get(&done.exception) else {
        return Box::new(|_| Ok(()));
    };
    let person = fact.envelope.actor.actor;
    let role = role_of(before, person, fact.envelope.device);
    let is_others =
        is_own_act(before, exception, person) && has_another(before, exception.rule, person);
    let may = may_settle(exception.rule, role) && !exception.resolved && !is_others;
    let (number, was) = (exception.number, exception.resolution);
    Box::new(move |after| {
        let now = after.exceptions.get(&number).and_then(|one| one.resolution);
        match may || now == was {
            true => Ok(()),
            false => wrong(
                "an exception was settled again, by its own author, or without the right to it",
            ),
        }
    })
}

/// The rules a pick breaks that a look at the state tells, and for each whether it must or must not be found.
pub(super) fn breaches(
    before: &Ledger,
    fact: &Fact<'_>,
    done: &PackagePicked,
) -> Vec<(Rule, bool)> {
    let mut rules = Vec::new();
    let package = before.packages.get(&done.tag);
    if let Some(package) = package {
        let is_taken = |unit: u64| package.units_taken.contains(&unit);
        rules.push((Rule::DoublePick, done.unit.is_some_and(is_taken)));
        if package.at(&Place::Shelf(done.from.clone())) < Quantity::ONE {
            rules.push((Rule::Overdraw, true));
        }
    }
    let Some(order) = before.orders.get(&done.order) else {
        return rules;
    };
    if let Some(lease) = fact.envelope.lease {
        let is_covered = rights::is_covered(before, order, lease, fact.envelope.device);
        rules.push((Rule::LeaseBrokenPick, !is_covered));
    }
    if is_too_much(before, order, done) {
        rules.push((Rule::LineFilledTwice, true));
    }
    rules
}

fn is_too_much(before: &Ledger, order: &Order, done: &PackagePicked) -> bool {
    let is_packed = matches!(
        order.status,
        Status::Sealed | Status::Staged | Status::Out | Status::HandedOver | Status::Returned
    );
    let item_of = |tag| before.packages.get(tag).map(|package| package.item);
    let Some(line) = order.lines.iter().find(|line| line.number == done.line) else {
        return true;
    };
    let of_line = order
        .picks
        .iter()
        .filter(|pick| pick.line == line.number && item_of(&pick.tag) == Some(line.item));
    let is_other = item_of(&done.tag).is_some_and(|item| item != line.item);
    is_packed || is_other || of_line.count() >= usize::try_from(line.units).unwrap_or(0)
}

/// Whether the server owes an order other packages, now that units are missing.
pub(super) fn owes(after: &Ledger, order: OrderId) -> bool {
    let Some(order) = after
        .orders
        .get(&order)
        .filter(|order| !order.status.is_closed())
    else {
        return false;
    };
    let plan = allocate::plan(after, order, Day(0));
    plan.lines.iter().any(|line| !line.packages.is_empty())
}
