//! What people do: the next step of an order, or something foolish.
//!
//! In: the ledger a person sees. Out: the fact, as the domain's own rules allow it, or a wish to take an order.
//! Must not: do what the screen refuses; the foolish acts are facts that need no screen.

use domain::code::Code;
use domain::code::own::{OwnCode, OwnKind};
use domain::code::{Grade, retail_id::Encoding};
use domain::custody::agree::Asked;
use domain::custody::exception::{Exception, Rule};
use domain::custody::pick::PackagePicked;
use domain::custody::resolve::{Decision, ResolveReason, Settlement};
use domain::custody::scan::Scan;
use domain::custody::short::ShortReason;
use domain::custody::{
    Situation, acknowledge, agree, break_lease, claim, count, found, hand_off, label, limit, pick,
    raise, resolve, seal, short, stage, take_off, verify,
};
use domain::event::Body;
use domain::facility::{LocationCode, Role};
use domain::id::{OrderId, PackageTag};
use domain::identity::Shown;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::time::Day;
use domain::verdict::{Reason, Refusal, Verdict};

use crate::dice::Dice;

/// How the vault is drawn.
mod draw;

/// Customers of these worlds were all born on one day, far from any birthday that matters, and carry a document that is
/// good however far a clock is off.
const BORN: Day = Day(-10_000);
const GOOD_UNTIL: Day = Day(i32::MAX);

/// What a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Put a fact on record.
    Record(Box<Body>),
    /// Have an order.
    Claim(OrderId),
    /// Nothing.
    Nothing,
}

fn scan_of(code: Code) -> Scan {
    Scan { code }
}

fn package(tag: &PackageTag, unit: Option<u64>) -> Scan {
    scan_of(match unit {
        None => Code::Package(tag.clone()),
        Some(index) => Code::Unit {
            tag: tag.clone(),
            index,
            encoding: Encoding::Base36,
            host: "1a4.com".to_owned(),
        },
    })
}

fn own(kind: OwnKind, id: String) -> Scan {
    scan_of(Code::Own(OwnCode { kind, id }))
}

fn wish(verdict: Verdict) -> Wish {
    match verdict {
        Verdict::Accepted(body) => Wish::Record(Box::new(body)),
        Verdict::Refused(_) => Wish::Nothing,
    }
}

/// What the person on a device does next.
pub fn next(ledger: &Ledger, situation: &Situation, dice: &mut Dice) -> Wish {
    let role = ledger.actors.get(&situation.actor).map(|actor| actor.role);
    if role == Some(Role::FrontOfHouse) {
        return at_the_counter(ledger, situation);
    }
    if role == Some(Role::GeneralManager) && dice.per_mille(700) {
        return at_the_desk(ledger, situation, dice);
    }
    let is_ours = |order: &&Order| {
        let claim = order.claim.as_ref();
        claim.is_some_and(|claim| claim.device == situation.device)
    };
    let ours: Vec<&Order> = ledger.orders.values().filter(is_ours).collect();
    if ours.is_empty() || dice.per_mille(150) {
        return take_one(ledger, situation, dice);
    }
    let order = ours[dice.index(ours.len())];
    match step(ledger, situation, order, dice) {
        Wish::Nothing => take_one(ledger, situation, dice),
        wish => wish,
    }
}

fn take_one(ledger: &Ledger, situation: &Situation, dice: &mut Dice) -> Wish {
    let can = |order: &&Order| {
        order.claim.is_none()
            && matches!(
                claim::decide(ledger, situation, order.id),
                Verdict::Accepted(_)
            )
    };
    let free: Vec<&Order> = ledger.orders.values().filter(can).collect();
    match free.get(dice.index(free.len())) {
        Some(order) if situation.connected => Wish::Claim(order.id),
        // Without the server an order can be taken all the same; it is recorded without a lease.
        Some(order) if dice.per_mille(200) => wish(claim::decide(ledger, situation, order.id)),
        Some(_) | None => Wish::Nothing,
    }
}

fn step(ledger: &Ledger, situation: &Situation, order: &Order, dice: &mut Dice) -> Wish {
    if acknowledge::due(order).is_some() {
        return wish(acknowledge::decide(ledger, situation, order.id));
    }
    if let Some(found) = finds(ledger, situation, order, dice) {
        return found;
    }
    match order.status {
        Status::Claimed | Status::Picking => pick_or_short(ledger, situation, order, dice),
        Status::Picked | Status::Verifying => check(ledger, situation, order),
        Status::Verified => {
            let printing = label::Printing::default();
            wish(label::decide_print(ledger, situation, order.id, printing))
        }
        Status::Labelled => {
            let Some(printed) = &order.label else {
                return Wish::Nothing;
            };
            // Goods or rules changed since: the label is printed again.
            if !label::is_true(ledger, order, printed) {
                let printing = label::Printing::default();
                return wish(label::decide_print(ledger, situation, order.id, printing));
            }
            if printed.read_back {
                return wish(seal::decide(ledger, situation, order.id));
            }
            let scan = own(OwnKind::Label, bare(&printed.code));
            wish(label::decide_read_back(ledger, situation, order.id, &scan))
        }
        Status::Sealed => {
            let Some(slot) = stage::free_slot(ledger, order.channel) else {
                return Wish::Nothing;
            };
            let scan = own(OwnKind::Slot, slot.code.scan_id());
            wish(stage::decide(ledger, situation, order.id, &scan))
        }
        Status::New
        | Status::Ready
        | Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Short
        | Status::Problem
        | Status::Cancelled => Wish::Nothing,
    }
}

/// A code of our own without its frame.
fn bare(code: &str) -> String {
    code.get(4..code.len().saturating_sub(1))
        .unwrap_or_default()
        .to_owned()
}

fn pick_or_short(ledger: &Ledger, situation: &Situation, order: &Order, dice: &mut Dice) -> Wish {
    if let Some(last) = order.picks.last().filter(|_| dice.per_mille(80)) {
        let undo = pick::decide_void(ledger, situation, order.id, last.event);
        return wish(undo);
    }
    let Some(target) = pick::next_target(ledger, order) else {
        return Wish::Nothing;
    };
    let tag = target.package.tag.clone();
    if dice.per_mille(60) {
        let reason = ShortReason::NotThere;
        return wish(short::decide(ledger, situation, order.id, &tag, reason));
    }
    // Half of all units have a code of their own.
    let unit = dice.per_mille(500).then(|| 1 + dice.below(9));
    let scan = package(&tag, unit);
    wish(pick::decide(ledger, situation, order.id, &scan))
}

/// What was reported missing turns up now and then: somebody looked again.
fn finds(ledger: &Ledger, situation: &Situation, order: &Order, dice: &mut Dice) -> Option<Wish> {
    let all = found::reports(order);
    let last = all.first().filter(|_| dice.per_mille(200))?;
    let undo = found::decide(ledger, situation, order.id, last.report);
    matches!(undo, Verdict::Accepted(_)).then(|| wish(undo))
}

fn check(ledger: &Ledger, situation: &Situation, order: &Order) -> Wish {
    let scan = if order.ticket_read {
        let Some(unchecked) = order.picks.iter().find(|pick| !pick.verified) else {
            return Wish::Nothing;
        };
        package(&unchecked.tag, unchecked.unit)
    } else {
        own(OwnKind::Ticket, order.ticket_id())
    };
    let checked = verify::decide(ledger, situation, order.id, &scan);
    // What is too much for one person comes off.
    let is_over = |refusal: &Refusal| refusal.reason == Reason::OverLimit;
    match &checked {
        Verdict::Refused(refusal) if is_over(refusal) => {
            match limit::to_take_off(ledger, situation, order) {
                Some(pick) => wish(take_off::decide(ledger, situation, order.id, pick)),
                None => Wish::Nothing,
            }
        }
        Verdict::Refused(refusal) if refusal.reason == Reason::LineTooMany => {
            let is_it = |pick: &&domain::order::Pick| refusal.expected.as_ref() == Some(&pick.tag);
            let Some(extra) = order.picks.iter().rev().find(is_it) else {
                return Wish::Nothing;
            };
            wish(pick::decide_void(ledger, situation, order.id, extra.event))
        }
        Verdict::Refused(refusal) if refusal.reason == Reason::LineMissing => {
            let Some(target) = pick::next_target(ledger, order) else {
                return Wish::Nothing;
            };
            let scan = package(&target.package.tag, None);
            wish(pick::decide(ledger, situation, order.id, &scan))
        }
        Verdict::Refused(_) | Verdict::Accepted(_) => wish(checked),
    }
}

fn at_the_counter(ledger: &Ledger, situation: &Situation) -> Wish {
    let is_staged = |order: &&Order| order.status == Status::Staged;
    let mut staged = ledger.orders.values().filter(is_staged);
    // A bag that its customer may not have today does not keep others from theirs.
    let may = staged.find_map(|order| {
        let verdict = handed_over(ledger, situation, order)?;
        let is_over =
            matches!(&verdict, Verdict::Refused(refusal) if refusal.reason == Reason::OverLimit);
        (!is_over).then_some(verdict)
    });
    may.map_or_else(|| asks_a_customer(ledger, situation), wish)
}

fn handed_over(ledger: &Ledger, situation: &Situation, order: &Order) -> Option<Verdict> {
    let printed = order.label.as_ref()?;
    let scan = own(OwnKind::Label, bare(&printed.code));
    let shown = Shown::by_eye(BORN, GOOD_UNTIL, true);
    Some(hand_off::decide(
        ledger,
        situation,
        &scan,
        Some(&shown),
        true,
        None,
    ))
}

/// Nobody waits at the counter: the customer of a short order is called, and does without what cannot be had.
fn asks_a_customer(ledger: &Ledger, situation: &Situation) -> Wish {
    let is_short = |order: &&Order| order.status == Status::Short;
    let mut agreed = ledger.orders.values().filter(is_short).map(|order| {
        let asked = Asked::ByPhone;
        agree::decide(ledger, situation, order.id, asked)
    });
    let agreed = agreed.find(|verdict| matches!(verdict, Verdict::Accepted(_)));
    agreed.map_or(Wish::Nothing, wish)
}

/// What a manager does: settles, counts, takes orders away, reports.
fn at_the_desk(ledger: &Ledger, situation: &Situation, dice: &mut Dice) -> Wish {
    let open: Vec<&Exception> = ledger
        .exceptions
        .values()
        .filter(|exception| !exception.resolved)
        .collect();
    match dice.below(11) {
        10 => draw::kept(ledger, situation, dice),
        0 => {
            let Some(order) = some_order(ledger, dice) else {
                return Wish::Nothing;
            };
            wish(break_lease::decide(ledger, situation, order))
        }
        1 | 2 => {
            let packages: Vec<_> = ledger.packages.values().collect();
            let Some(package) = packages.get(dice.index(packages.len())) else {
                return Wish::Nothing;
            };
            let Some(shelf) = package.shelf().cloned() else {
                return Wish::Nothing;
            };
            let there = package.at(&Place::Shelf(shelf.clone()));
            // Mostly the count is right.
            let missing = u32::from(dice.per_mille(300));
            let counted = (there - Quantity::units(missing)).max(Quantity::ZERO);
            wish(count::decide(
                ledger,
                situation,
                &package.tag,
                &shelf,
                counted,
            ))
        }
        3 => {
            let order = some_order(ledger, dice);
            let note = "seen in the vault";
            wish(raise::decide(
                ledger,
                situation,
                Rule::LimitExceeded,
                (order, None),
                note,
            ))
        }
        _ => {
            let Some(exception) = open.get(dice.index(open.len())) else {
                return Wish::Nothing;
            };
            let ways = resolve::decisions(exception.rule);
            let decision = ways.get(dice.index(ways.len())).copied();
            let settlement = Settlement {
                decision: decision.unwrap_or(Decision::Accept),
                reason: ResolveReason::Other,
                note: "looked into".to_owned(),
                shelf: None,
                counted: dice.per_mille(500).then_some(Quantity::units(2)),
            };
            let number = exception.number;
            wish(resolve::decide(ledger, situation, number, &settlement))
        }
    }
}

/// Takes a unit for an order, whoever has it and wherever it is promised.
pub fn foolish(ledger: &Ledger, dice: &mut Dice) -> Option<Body> {
    let open: Vec<&Order> = ledger
        .orders
        .values()
        .filter(|order| !order.status.is_closed() && !order.lines.is_empty())
        .collect();
    let order = open.get(dice.index(open.len()))?;
    let line = &order.lines[dice.index(order.lines.len())];
    let of_item: Vec<_> = ledger
        .packages
        .values()
        .filter(|package| package.item == line.item)
        .collect();
    let package = of_item.get(dice.index(of_item.len()))?;
    let from = package.shelf().cloned();
    Some(
        PackagePicked {
            order: order.id,
            line: line.number,
            tag: package.tag.clone(),
            unit: dice.per_mille(500).then(|| 1 + dice.below(9)),
            grade: Grade::Package,
            from: from.unwrap_or_else(|| LocationCode::new("A-01-1")),
        }
        .into(),
    )
}

/// A decision over what somebody else has or has to decide: a lease given back, an order taken away, an
/// exception settled, a mark taken off.
pub fn overreach(ledger: &Ledger, dice: &mut Dice) -> Option<Body> {
    let mut marked = ledger.orders.values();
    if let Some(order) = marked.find(|order| acknowledge::due(order).is_some())
        && dice.per_mille(700)
    {
        // Half of all look at what the order was before it changed.
        let was = u32::from(dice.per_mille(500));
        let done = acknowledge::ChangeAcknowledged {
            order: order.id,
            version: order.version.saturating_sub(was),
            concern: acknowledge::due(order)?,
        };
        return Some(done.into());
    }
    match dice.below(4) {
        3 => Some(draw::overreach(ledger, dice)),
        0 => {
            let leases: Vec<_> = ledger
                .leases
                .values()
                .filter(|one| one.is_in_force())
                .collect();
            let lease = leases.get(dice.index(leases.len()))?;
            let order = lease.orders.get(dice.index(lease.orders.len()))?.order;
            let lease = lease.id;
            Some(claim::LeaseReturned { lease, order }.into())
        }
        1 => {
            let claims: Vec<_> = ledger
                .orders
                .values()
                .filter_map(|order| Some((order.id, order.claim.as_ref()?)))
                .collect();
            let (order, claim) = claims.get(dice.index(claims.len()))?;
            let (order, lease, fence) = (*order, claim.lease, claim.fence);
            Some(
                break_lease::LeaseBroken {
                    order,
                    lease,
                    fence,
                }
                .into(),
            )
        }
        _ => {
            let all: Vec<&Exception> = ledger.exceptions.values().collect();
            let exception = all.get(dice.index(all.len()))?;
            let ways = resolve::decisions(exception.rule);
            Some(
                resolve::ExceptionResolved {
                    exception: exception.number,
                    order: exception.order,
                    tag: exception.tag.clone(),
                    decision: *ways.get(dice.index(ways.len()))?,
                    reason: ResolveReason::Other,
                    note: None,
                    shelf: None,
                    counted: None,
                }
                .into(),
            )
        }
    }
}

/// The same pick as one that is on record, by somebody else.
pub fn again(ledger: &Ledger, dice: &mut Dice) -> Option<Body> {
    let picked: Vec<_> = ledger
        .orders
        .values()
        .flat_map(|order| order.picks.iter().map(move |pick| (order.id, pick)))
        .filter(|(_, pick)| pick.unit.is_some())
        .collect();
    let (order, pick) = picked.get(dice.index(picked.len()))?;
    Some(
        PackagePicked {
            order: *order,
            line: pick.line,
            tag: pick.tag.clone(),
            unit: pick.unit,
            grade: Grade::Unit,
            from: LocationCode::new("A-01-1"),
        }
        .into(),
    )
}

/// An order whose goods have left the shelf, or any open one.
pub fn some_begun_order(ledger: &Ledger, dice: &mut Dice) -> Option<OrderId> {
    let is_begun = |order: &&Order| !order.status.is_closed() && !order.picks.is_empty();
    let begun: Vec<&Order> = ledger.orders.values().filter(is_begun).collect();
    let order = begun.get(dice.index(begun.len()));
    order.map_or_else(|| some_order(ledger, dice), |order| Some(order.id))
}

/// Somebody's order that is being worked on, or any open one.
pub fn some_order(ledger: &Ledger, dice: &mut Dice) -> Option<OrderId> {
    let is_open = |order: &&Order| !order.status.is_closed();
    let open: Vec<&Order> = ledger.orders.values().filter(is_open).collect();
    open.get(dice.index(open.len())).map(|order| order.id)
}
