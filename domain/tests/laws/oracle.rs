//! The exceptions there must be, told a second time: row by row from the protocol's table, by another hand.

use domain::custody::exception::Rule;
use domain::custody::resolve::ExceptionResolved;
use domain::custody::sop::Task;
use domain::custody::{Fact, evolve};
use domain::event::{Body, Envelope};
use domain::facility::{Actor, LocationCode, Role};
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::quantity::Quantity;
use domain::stock::Place;

use super::shop::Recorded;

/// The rules a fact breaks, in the order of the table.
pub fn breaches(ledger: &Ledger, fact: &Recorded) -> Vec<Rule> {
    let Recorded { envelope, body, .. } = fact;
    let device = ledger.devices.get(&envelope.device);
    if device.is_some_and(|device| device.is_server) {
        return Vec::new();
    }
    let table = [
        (
            Rule::DoublePick,
            has_a_taken_unit(ledger, body) || says(body, Rule::DoublePick),
        ),
        (
            Rule::Overdraw,
            takes_what_is_not_there(ledger, envelope, body) || says(body, Rule::Overdraw),
        ),
        (
            Rule::LineFilledTwice,
            fills_no_line(ledger, body) || says(body, Rule::LineFilledTwice),
        ),
        (
            Rule::CancelledOrderPick,
            is_cancelled(ledger, body) || says(body, Rule::CancelledOrderPick),
        ),
        (
            Rule::HeldOrRecalled,
            is_held(ledger, body) || says(body, Rule::HeldOrRecalled),
        ),
        (
            Rule::LeaseBrokenPick,
            has_a_broken_lease(ledger, envelope, body),
        ),
        (
            Rule::UnleasedPick,
            matches!(body, Body::PackagePicked(_)) && envelope.lease.is_none(),
        ),
        (Rule::LimitExceeded, says(body, Rule::LimitExceeded)),
        (
            Rule::ActorInvalid,
            !may(ledger, envelope, body) || says(body, Rule::ActorInvalid),
        ),
        (
            Rule::UnknownReference,
            names_what_nobody_knows(ledger, body),
        ),
        (
            Rule::LateFromClosedDevice,
            !device.is_some_and(|device| device.active) || is_old(ledger, envelope, body),
        ),
        (Rule::CountDiffers, counts_another_number(ledger, fact)),
    ];
    table
        .into_iter()
        .filter_map(|(rule, is_broken)| is_broken.then_some(rule))
        .collect()
}

/// Somebody enters a count that the record has not; the second look at such a count is the end of it.
fn counts_another_number(ledger: &Ledger, fact: &Recorded) -> bool {
    let at = |ledger: &Ledger, tag: &PackageTag, shelf: &LocationCode| {
        let package = ledger.packages.get(tag)?;
        let mut places = package.places.iter();
        let here = places.find(|(place, _)| *place == Place::Shelf(shelf.clone()));
        Some(here.map_or(Quantity::ZERO, |(_, there)| *there))
    };
    let (there, counted) = match &fact.body {
        Body::CountObserved(done) => (at(ledger, &done.tag, &done.location), done.counted),
        Body::ExceptionResolved(done) => {
            // What the record had is what it would have without the count.
            let (Some(counted), Some(one)) = (done.counted, ledger.exceptions.get(&done.exception))
            else {
                return false;
            };
            let order = one.order.and_then(|order| ledger.orders.get(&order));
            let event = one.pick.unwrap_or(one.event);
            let mut picks = order.into_iter().flat_map(|order| &order.picks);
            let from = picks
                .find(|pick| pick.event == event)
                .map(|pick| &pick.from);
            let from = from.or(one.orphan.as_ref().map(|orphan| &orphan.from));
            let (Some(shelf), Some(tag)) = (done.shelf.as_ref().or(from), &one.tag) else {
                return false;
            };
            let mut without = ledger.clone();
            let body = Body::from(ExceptionResolved {
                counted: None,
                ..done.clone()
            });
            let blind = Fact {
                envelope: &fact.envelope,
                body: &body,
                position: fact.position,
            };
            evolve(&mut without, &blind);
            let is_settled = !one.resolved && without.exceptions[&one.number].resolved;
            let is_first_look = is_settled && one.rule != Rule::CountDiffers;
            let there = at(&without, tag, shelf).filter(|_| is_first_look);
            (there, counted)
        }
        _ => return false,
    };
    let can_be = counted >= Quantity::ZERO && counted <= Quantity::units(1_000_000);
    there.is_some_and(|there| there != counted) && can_be
}

/// A person reports it.
fn says(body: &Body, rule: Rule) -> bool {
    matches!(body, Body::ExceptionRaised(done) if done.rule == rule)
}

/// It comes from an enrolment of the device before the one it has now.
fn is_old(ledger: &Ledger, envelope: &Envelope, body: &Body) -> bool {
    let device = ledger.devices.get(&envelope.device);
    let now = device.map_or(0, |device| device.generation);
    let then = match (body, envelope.lease) {
        (Body::EpochOpened(opened), _) => Some(opened.generation),
        (Body::PackagePicked(_), Some(named)) => {
            let lease = ledger.leases.get(&named.lease);
            lease
                .filter(|lease| lease.device == envelope.device)
                .map(|lease| lease.generation)
        }
        _ => None,
    };
    then.is_some_and(|then| then < now)
}

fn order_of(body: &Body) -> Option<OrderId> {
    match body {
        Body::PackagePicked(done) => Some(done.order),
        Body::PickVoided(done) => Some(done.order),
        Body::ShortPicked(done) => Some(done.order),
        Body::ShortWithdrawn(done) => Some(done.order),
        Body::ShortAgreed(done) => Some(done.order),
        Body::ToteRead(done) => Some(done.order),
        Body::StepSigned(done) => Some(done.order),
        Body::TaskSigned(done) => done.order,
        Body::Substituted(done) => Some(done.order),
        Body::TicketRead(done) => Some(done.order),
        Body::UnitVerified(done) => Some(done.order),
        Body::LabelPrinted(done) => Some(done.order),
        Body::LabelReadBack(done) => Some(done.order),
        Body::SecondChecked(done) => Some(done.order),
        Body::BagReturned(done) => Some(done.order),
        Body::MessageSent(done) => Some(done.order),
        Body::MessageSeen(done) => Some(done.order),
        Body::BagChosen(done) => Some(done.order),
        Body::BagSealed(done) => Some(done.order),
        Body::BagStaged(done) => Some(done.order),
        Body::OrderHandedOff(done) => Some(done.order),
        Body::OrderClaimed(done) => Some(done.order),
        Body::LeaseReturned(done) => Some(done.order),
        Body::LeaseBroken(done) => Some(done.order),
        Body::ExceptionRaised(done) => done.order,
        Body::ExceptionResolved(done) => done.order,
        Body::ScanRefused(done) => done.order,
        _ => None,
    }
}

fn tag_of(body: &Body) -> Option<&PackageTag> {
    match body {
        Body::PackagePicked(done) => Some(&done.tag),
        Body::ShortPicked(done) => Some(&done.tag),
        Body::ShortWithdrawn(done) => Some(&done.tag),
        Body::UnitVerified(done) => Some(&done.tag),
        Body::CountObserved(done) => Some(&done.tag),
        Body::StockHeld(done) => done.what.tag(),
        Body::StockReleased(done) => done.what.tag(),
        Body::ExceptionRaised(done) => done.tag.as_ref(),
        Body::ExceptionResolved(done) => done.tag.as_ref(),
        _ => None,
    }
}

fn has_a_taken_unit(ledger: &Ledger, body: &Body) -> bool {
    let unit = match body {
        Body::PackagePicked(done) => done.unit,
        Body::UnitVerified(done) => {
            let order = ledger.orders.get(&done.order);
            let picks = order.map_or(&[][..], |order| &order.picks);
            let pick = picks.iter().find(|pick| {
                let fits = pick.unit.is_none() || done.unit.is_none() || pick.unit == done.unit;
                pick.event == done.pick && pick.tag == done.tag && fits
            });
            pick.filter(|pick| pick.unit.is_none()).and(done.unit)
        }
        _ => None,
    };
    let package = tag_of(body).and_then(|tag| ledger.packages.get(tag));
    match (package, unit) {
        (Some(package), Some(unit)) => package.units_taken.contains(&unit),
        _ => false,
    }
}

fn takes_what_is_not_there(ledger: &Ledger, envelope: &Envelope, body: &Body) -> bool {
    let Body::PackagePicked(done) = body else {
        return false;
    };
    let Some(package) = ledger.packages.get(&done.tag) else {
        return false;
    };
    let shelf = Place::Shelf(done.from.clone());
    let here = package.places.iter().find(|(place, _)| *place == shelf);
    let is_there = here.is_some_and(|(_, quantity)| *quantity >= Quantity::ONE);
    let order = ledger.orders.get(&done.order);
    let promised_here = order.map_or(0, |order| promised(order, done.line, &done.tag));
    let mut free = package.on_shelves() - package.reserved;
    let mut own = 0;
    let is_covered = envelope.lease.is_some() && !has_a_broken_lease(ledger, envelope, body);
    for lease in ledger
        .leases
        .values()
        .filter(|lease| !lease.orders.is_empty())
    {
        for spare in lease.spares.iter().filter(|spare| spare.tag == done.tag) {
            free -= Quantity::units(spare.units);
            let is_own = envelope.lease.is_some_and(|named| named.lease == lease.id);
            own += if is_own && is_covered && order.is_some() {
                spare.units
            } else {
                0
            };
        }
    }
    !is_there || (promised_here == 0 && own == 0 && free < Quantity::ONE)
}

/// Units of a package an order's line has still to get.
fn promised(order: &Order, line: u16, tag: &PackageTag) -> u32 {
    if matches!(
        order.status,
        Status::Cancelled | Status::HandedOver | Status::Returned
    ) {
        return 0;
    }
    let lines = order.lines.iter().filter(|known| known.number == line);
    lines
        .flat_map(|line| &line.allocations)
        .filter(|allocation| allocation.tag == *tag)
        .map(|allocation| allocation.units.saturating_sub(order.picked_of(line, tag)))
        .sum()
}

fn fills_no_line(ledger: &Ledger, body: &Body) -> bool {
    let Body::PackagePicked(done) = body else {
        return false;
    };
    let Some(order) = ledger.orders.get(&done.order) else {
        return false;
    };
    let bag_is_closed = matches!(
        order.status,
        Status::Sealed | Status::Staged | Status::Out | Status::HandedOver | Status::Returned
    );
    let Some(line) = order.lines.iter().find(|line| line.number == done.line) else {
        return true;
    };
    let package = ledger.packages.get(&done.tag);
    let other_product = package.is_some_and(|package| package.item != line.item);
    let of_this_line = order.picks.iter().filter(|pick| pick.line == done.line);
    let filling = of_this_line.filter(|pick| {
        let package = ledger.packages.get(&pick.tag);
        package.map(|package| package.item) == Some(line.item)
    });
    let has_all = filling.count() >= usize::try_from(line.units).unwrap();
    bag_is_closed || other_product || has_all
}

fn is_cancelled(ledger: &Ledger, body: &Body) -> bool {
    let Body::PackagePicked(done) = body else {
        return false;
    };
    let order = ledger.orders.get(&done.order);
    order.is_some_and(|order| order.status == Status::Cancelled)
}

fn is_held(ledger: &Ledger, body: &Body) -> bool {
    let Body::PackagePicked(done) = body else {
        return false;
    };
    let package = ledger.packages.get(&done.tag);
    package.is_some_and(|package| package.hold)
}

fn has_a_broken_lease(ledger: &Ledger, envelope: &Envelope, body: &Body) -> bool {
    let (Body::PackagePicked(done), Some(named)) = (body, envelope.lease) else {
        return false;
    };
    let Some(order) = ledger.orders.get(&done.order) else {
        return false;
    };
    let claim = order.claim.as_ref();
    let is_the_orders = claim.is_some_and(|claim| claim.lease == Some(named.lease));
    let is_latest =
        claim.is_some_and(|claim| claim.fence == named.fence) && named.fence == order.fence;
    let lease = ledger.leases.get(&named.lease);
    let is_the_devices = lease.is_some_and(|lease| lease.device == envelope.device);
    !(is_the_orders && is_latest && is_the_devices)
}

fn may(ledger: &Ledger, envelope: &Envelope, body: &Body) -> bool {
    let roles: &[Role] = match body {
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::LeaseReturned(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::ScanRefused(_) => return true,
        Body::CountObserved(_) => &[
            Role::Associate,
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
        Body::LeaseBroken(_) | Body::MapDrawn(_) => &[Role::InventoryManager, Role::GeneralManager],
        Body::ExceptionRaised(_) | Body::ShiftStarted(_) => &EVERYBODY,
        Body::StockHeld(_) => &[
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
        Body::StockReleased(_) | Body::ProcedureKept(_) => &[Role::ComplianceOfficer],
        Body::ExceptionResolved(done) => {
            settles(ledger.exceptions.get(&done.exception).map(|one| one.rule))
        }
        Body::TaskSigned(done) => match done.task {
            Task::Begin => &EVERYBODY,
            Task::HandOver => &[Role::FrontOfHouse, Role::GeneralManager],
            Task::Receive | Task::Count => &[
                Role::Associate,
                Role::InventoryManager,
                Role::ComplianceOfficer,
                Role::GeneralManager,
            ],
            _ => &[
                Role::Associate,
                Role::InventoryManager,
                Role::GeneralManager,
            ],
        },
        Body::OrderHandedOff(_) => &[Role::FrontOfHouse, Role::GeneralManager],
        Body::ShortAgreed(_)
        | Body::Substituted(_)
        | Body::MessageSent(_)
        | Body::MessageSeen(_) => &[
            Role::Associate,
            Role::FrontOfHouse,
            Role::DeliveryCoordinator,
            Role::InventoryManager,
            Role::GeneralManager,
        ],
        _ => &[
            Role::Associate,
            Role::InventoryManager,
            Role::GeneralManager,
        ],
    };
    let may = |actor: &Actor| actor.active && roles.contains(&actor.role);
    let mut others = ledger.actors.values();
    let others_may = others.any(|actor| actor.id != envelope.actor.actor && may(actor));
    let actor = ledger.actors.get(&envelope.actor.actor);
    actor.is_some_and(may) && !(others_may && is_about_own_act(ledger, envelope, body))
}

/// It settles what its own author did. Nobody concerned is who only said so.
fn is_about_own_act(ledger: &Ledger, envelope: &Envelope, body: &Body) -> bool {
    let Body::ExceptionResolved(done) = body else {
        return false;
    };
    let Some(one) = ledger.exceptions.get(&done.exception) else {
        return false;
    };
    let is_it = one.order == done.order && one.tag == done.tag;
    is_it && one.author == Some(envelope.actor.actor)
}

const EVERYBODY: [Role; 7] = [
    Role::Associate,
    Role::FrontOfHouse,
    Role::Driver,
    Role::DeliveryCoordinator,
    Role::InventoryManager,
    Role::ComplianceOfficer,
    Role::GeneralManager,
];

/// The last column of the protocol's table.
fn settles(rule: Option<Rule>) -> &'static [Role] {
    use Role::{Associate, ComplianceOfficer, GeneralManager, InventoryManager};
    match rule.map_or(0, |rule| domain::event::encode(&rule)[0]) {
        4 => &[Associate, InventoryManager, GeneralManager],
        5 => &[ComplianceOfficer],
        8 | 12..=15 => &[ComplianceOfficer, GeneralManager],
        7 | 17 | 18 => &[],
        _ => &[InventoryManager, ComplianceOfficer, GeneralManager],
    }
}

fn names_what_nobody_knows(ledger: &Ledger, body: &Body) -> bool {
    if let Body::ExceptionResolved(done) = body {
        return !ledger.exceptions.contains_key(&done.exception);
    }
    let unknown_order = order_of(body).is_some_and(|order| !ledger.orders.contains_key(&order));
    let unknown_tag = tag_of(body).is_some_and(|tag| !ledger.packages.contains_key(tag));
    unknown_order || unknown_tag
}
