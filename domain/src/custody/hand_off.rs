//! To the customer: the one step that cannot be taken back.
//!
//! In: a staged bag, an identity document that was looked at. Out: the order is closed. Must not: keep more of the
//! document than the verdict and a commitment, or go ahead on an old view while something waits for a manager.

use minicbor::{Decode, Encode};

use crate::code::own::{OwnCode, OwnKind};
use crate::custody::claim::Lease;
use crate::custody::exception::holds;
use crate::custody::limit::{Judged, Judgement};
use crate::custody::scan::{Evidence, Scan};
use crate::custody::seal::{is_in_bag, move_all};
use crate::custody::sign_for::SignedFor;
use crate::custody::sop::Task;
use crate::custody::{Fact, Situation, allocate, escrow, gate, label, limit, sign_for, sop, stage};
use crate::facility::Right;
use crate::id::{DeviceId, Hash, LeaseId, OrderId};
use crate::identity::{AgeRule, CheckedBy, Expiry, LeapBirthday, Likeness, Shown};
use crate::ledger::Ledger;
use crate::limits::{Customer, Outcome};
use crate::mutated;
use crate::order::{Concern, Order, Status};
use crate::stock::Place;
use crate::time::Day;
use crate::verdict::{Reason, Refusal, Verdict};

/// How the customer's age was made sure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IdSeen {
    /// The person at the counter looked at the document and the face.
    #[n(0)]
    pub seen: bool,
    /// Full years the customer must have lived, by the rules in force.
    #[n(1)]
    pub age_min: u32,
    /// How it was checked. Programs before the check was a step of its own did not say.
    #[n(2)]
    pub check: Option<IdCheck>,
}

/// How an identity document was checked: the customer was of age by it, and it was in date, or nothing was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IdCheck {
    /// Who read it.
    #[n(0)]
    pub by: CheckedBy,
    /// How alike its name and the order's are, in thousandths, where a program compared them.
    #[n(1)]
    pub likeness: Option<u32>,
    /// The person at the counter compared the names too.
    #[n(2)]
    pub name_seen: bool,
    /// It was of the upright form that those under 21 get.
    #[n(3)]
    pub under_21_format: bool,
    /// Which card it was, under a key that the device keeps for this.
    #[n(4)]
    pub card: Option<Hash>,
    /// The person at the counter saw a patient's card; `None`: it was no patient's order, or nobody was asked yet.
    #[n(5)]
    pub patient_card: Option<bool>,
}

/// The bag was given to its customer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderHandedOff {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The bag that was scanned.
    #[n(1)]
    pub bag: String,
    /// The identity check.
    #[n(2)]
    pub id: IdSeen,
    /// What purchase limits say of what was handed over; `None` where the shop has none.
    #[n(3)]
    pub judged: Option<Judged>,
    /// The customer's signature; `None` where the state wants none, and from an app of before that was asked.
    #[n(4)]
    pub signed: Option<SignedFor>,
}

/// The order whose sealed bag a code names, and whether it may go to its customer.
///
/// # Errors
/// When the code is no bag's, or the bag may not go.
pub fn bag<'a>(
    ledger: &'a Ledger,
    situation: &Situation,
    scan: &Scan,
) -> Result<&'a Order, Refusal> {
    situation.require(ledger, Right::HandOver)?;
    let Evidence::Own(OwnKind::Label, id) = scan.evidence() else {
        return Err(Refusal::because(scan.unfit()));
    };
    let code = OwnCode::make(OwnKind::Label, &id).unwrap_or_default();
    let has_label = |order: &&Order| order.label.as_ref().is_some_and(|label| label.code == code);
    let order = ledger
        .orders
        .values()
        .filter(has_label)
        .max_by_key(|order| (!order.status.is_closed(), order.placed_at))
        .ok_or_else(|| label::dead(ledger, &id))?;
    releasable(ledger, situation, order)?;
    Ok(order)
}

fn releasable(ledger: &Ledger, situation: &Situation, order: &Order) -> Result<(), Refusal> {
    match order.status {
        Status::Staged | Status::Sealed => {}
        Status::Cancelled => return Err(Refusal::because(Reason::OrderCancelled)),
        Status::HandedOver => return Err(Refusal::because(Reason::AlreadyScanned)),
        Status::New
        | Status::Ready
        | Status::Claimed
        | Status::Picking
        | Status::Picked
        | Status::Verifying
        | Status::Verified
        | Status::Labelled
        | Status::Out
        | Status::Returned
        | Status::Short
        | Status::Problem => return Err(Refusal::because(Reason::NotYet)),
    }
    let may = situation.connected || has_grant(ledger, order.id, situation.device);
    if !may && !mutated("hand_off_without_the_server") {
        return Err(Refusal::because(Reason::NeedsServer));
    }
    if !mutated("hand_off_of_what_is_on_hold") {
        gate::require_fit(ledger, order, situation.today)?;
    }
    // What was ordered is not what is in the bag: that is judged by itself, and again now.
    let is_clear = |concern: &Concern| matches!(concern, Concern::Missing | Concern::OverLimit);
    let unclear = !order.concerns.iter().all(is_clear);
    if (unclear || holds(ledger, order)) && !mutated("hand_off_while_something_waits") {
        return Err(Refusal {
            order: Some(Box::new(order.id)),
            ..Refusal::because(Reason::WaitsForManager)
        });
    }
    Ok(())
}

/// Whether a device was given an order to hand over without asking again, in the enrolment it has now.
fn has_grant(ledger: &Ledger, order: OrderId, device: DeviceId) -> bool {
    let Some(known) = ledger.devices.get(&device).filter(|known| known.active) else {
        return false;
    };
    ledger.leases.values().any(|lease| {
        lease.device == device && lease.generation == known.generation && lease.may_hand_off(order)
    })
}

/// The right to hand over some orders without a network, as a lease that gives nothing else: for those that
/// may go to their customer now. The server alone makes it, with its own latest word.
#[must_use]
pub fn grant(
    ledger: &Ledger,
    situation: &Situation,
    id: LeaseId,
    orders: &[OrderId],
) -> (Option<Lease>, Vec<(OrderId, Refusal)>) {
    let mut granted = Vec::new();
    let mut refused = Vec::new();
    let allowed = situation.require(ledger, Right::HandOver);
    for id in orders {
        let order = ledger.orders.get(id);
        let order = order.ok_or(Refusal::because(Reason::Unknown));
        let may = allowed
            .clone()
            .and_then(|()| order.and_then(|order| releasable(ledger, situation, order)));
        match may {
            Ok(()) => granted.push(*id),
            Err(refusal) => refused.push((*id, refusal)),
        }
    }
    let device = ledger.devices.get(&situation.device);
    let lease = (!granted.is_empty()).then(|| Lease {
        id,
        device: situation.device,
        generation: device.map_or(0, |device| device.generation),
        actor: situation.actor,
        orders: Vec::new(),
        packages: Vec::new(),
        spares: Vec::new(),
        recount: None,
        hand_off: Some(granted),
        broken: None,
    });
    (lease, refused)
}

/// What the law of the shop asks of a customer's age.
#[must_use]
pub fn age_rule(ledger: &Ledger) -> Option<AgeRule> {
    Some(AgeRule {
        age_min: ledger.store()?.rules.age_min,
        leap: LeapBirthday::default(),
    })
}

/// What stands against a document, the gravest first.
#[must_use]
pub fn objection(shown: &Shown, on: Day, rule: AgeRule) -> Option<Reason> {
    let judged = shown.judge(on, rule);
    match judged.expiry {
        _ if !judged.is_of_age => Some(Reason::UnderAge),
        Expiry::Expired => Some(Reason::IdExpired),
        Expiry::Unknown => Some(Reason::IdUnclear),
        Expiry::Good => (!shown.is_name_clear()).then_some(Reason::IdUnclear),
    }
}

/// What purchase limits say of a bag for whoever showed this document.
#[must_use]
pub fn limits(
    ledger: &Ledger,
    situation: &Situation,
    order: &Order,
    shown: Option<&Shown>,
) -> Option<Judgement> {
    let age = shown
        .zip(age_rule(ledger))
        .and_then(|(shown, rule)| shown.judge(situation.today, rule).age);
    let customer = Customer {
        age,
        id_state: shown.and_then(|shown| shown.state).map(str::to_owned),
        ..Customer::default()
    };
    limit::picked(ledger, situation, order, customer)
}

/// Refuses a bag that is over a limit, and one of which nobody knows and nobody has worked it out by hand.
fn within(found: Option<Judgement>, by_hand: bool) -> Result<Option<Judged>, Refusal> {
    let Some(found) = found else {
        return Ok(None);
    };
    if !mutated("hand_off_over_a_limit") {
        found.require_within()?;
    }
    if found.outcome() == Outcome::Unknown && !by_hand {
        return Err(Refusal::because(Reason::LimitUnclear));
    }
    Ok(Some(found.told(by_hand)))
}

/// May the bag be handed over to whoever showed this document? Nobody gets one who showed none. `by_hand`: the person at
/// the counter has worked out that it is within the limits, where that is not known here. `signed`: the customer has signed for it.
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    scan: &Scan,
    shown: Option<&Shown>,
    by_hand: bool,
    signed: Option<SignedFor>,
) -> Verdict {
    let order = match bag(ledger, situation, scan) {
        Ok(order) => order,
        Err(refusal) => return Verdict::Refused(refusal),
    };
    let Some((shown, rule)) = shown.zip(age_rule(ledger)) else {
        return Reason::NotYet.into();
    };
    if let Some(reason) = objection(shown, situation.today, rule) {
        return reason.into();
    }
    // No register of patients can be asked from here; whoever stands there can look at a card.
    let is_patients = limit::is_patients(ledger, order);
    if is_patients && !shown.patient_card {
        return Reason::PatientCardNeeded.into();
    }
    if let Err(refusal) = sop::require_done(ledger, order, Task::HandOver) {
        return Verdict::Refused(refusal);
    }
    let judged = match within(limits(ledger, situation, order, Some(shown)), by_hand) {
        Ok(judged) => judged,
        Err(refusal) => return Verdict::Refused(refusal),
    };
    if let Err(refusal) = sign_for::require(ledger, order, signed.as_ref()) {
        return Verdict::Refused(refusal);
    }
    let bag = order
        .label
        .as_ref()
        .map(|label| label.code.clone())
        .unwrap_or_default();
    let id = IdSeen {
        seen: true,
        age_min: rule.age_min,
        check: Some(IdCheck {
            by: shown.by,
            likeness: shown.likeness.map(Likeness::score),
            name_seen: shown.name_fits,
            under_21_format: shown.is_under_21_format,
            card: shown.card,
            patient_card: is_patients.then_some(true),
        }),
    };
    Verdict::Accepted(
        OrderHandedOff {
            order: order.id,
            bag,
            id,
            judged,
            signed,
        }
        .into(),
    )
}

/// Moves every unit to the customer and empties the slot.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &OrderHandedOff) {
    escrow::release(ledger, done.order);
    // Only limits ask for it; a log from before there were any says what it said.
    let store = ledger.store();
    let is_limited = store.is_some_and(|store| store.rules.limits.is_some());
    let on = limit::day_of(fact, done.judged.as_ref());
    let mut slot = None;
    allocate::change(ledger, done.order, |order| {
        order.status = Status::HandedOver;
        order.handed_on = is_limited.then_some(on);
        order.messages = None;
        order.car = None;
        slot = order.slot.take();
    });
    if let Some(slot) = slot {
        stage::empty(ledger, &slot, done.order);
    }
    if mutated("hand_off_leaves_units_behind") {
        return;
    }
    let in_bag = |place: &Place| is_in_bag(place, done.order);
    move_all(ledger, done.order, in_bag, &Place::Customer);
}
