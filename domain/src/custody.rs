//! What people do with orders and packages, one file per task.
//!
//! In: the ledger, a command or a fact. Out: a verdict before the act, exceptions after it, and the
//! ledger moved on. Must not: fail once the act has happened.

use crate::event::{Body, Envelope};
use crate::facility::{Actor, Right};
use crate::id::{ActorId, DeviceId, OrderId, Position};
use crate::ledger::Ledger;
use crate::order::Order;
use crate::time::Day;
use crate::verdict::{Reason, Refusal};

/// The shop, its people and its devices.
pub mod set_up;
/// A manager's passkeys change.
pub mod passkeys;
/// A secret of an outside system changes.
pub mod secrets;
/// A token or a code is made or withdrawn.
pub mod tokens;
/// A revoked device says that it forgot what it held.
pub mod wiped;
/// A writer starts; a person begins and ends to act.
pub mod sign_in;
/// A person begins a shift.
pub mod shift;
/// The vault is drawn.
pub mod draw_map;
/// Packages and laboratory results come in.
pub mod receive;
/// Orders arrive, change and are cancelled.
pub mod arrive;
/// What was changed upstream was looked at.
pub mod acknowledge;
/// Exact packages for every line, oldest first.
pub mod allocate;
/// The right to work an order.
pub mod claim;
/// Rights to units that nobody else can use up.
pub mod escrow;
/// A manager takes an order away from a device.
pub mod break_lease;
/// What a lost device may have taken is counted.
pub mod recount;
/// What a reading stands for in a task.
pub mod scan;
/// From the shelf into the tote.
pub mod pick;
/// Which tote they go into.
pub mod tote;
/// Fewer units than promised.
pub mod short;
/// What was reported missing is there after all.
pub mod found;
/// A younger package was taken while an older one stands there.
pub mod passed_over;
/// Less than was ordered, because the customer said so.
pub mod agree;
/// Another product, because the customer said so.
pub mod swap;
/// Goods, order and ticket must agree.
pub mod verify;
/// What lies in the tote against what was ordered.
pub mod lines;
/// The exit label.
pub mod label;
/// Steps of a procedure, signed off as the work goes.
pub mod sop;
/// The kind of bag.
pub mod wrap;
/// A second person looks at the bag.
pub mod second;
/// The customer signs for it.
pub mod sign_for;
/// The car its customer waits in.
pub mod car;
/// The bag is closed.
pub mod seal;
/// Into the staging slot.
pub mod stage;
/// Short messages about an order.
pub mod tell;
/// Out of the slot, and back to the vault.
pub mod return_to_vault;
/// What one person may buy.
pub mod limit;
/// A unit that is too much comes off.
pub mod take_off;
/// What every bag must be before it leaves.
pub mod gate;
/// To the customer.
pub mod hand_off;
/// A shelf is counted.
pub mod count;
/// Goods are held or recalled.
pub mod hold;
/// A label's potency against its certificate.
pub mod compare;
/// A device's clock and storage.
pub mod health;
/// Recorded acts that broke a rule.
pub mod exception;
/// How much waits for a person.
pub mod waiting;
/// What a person reports.
pub mod raise;
/// What the server finds wrong with a chain.
pub mod alarm;
/// What nobody knew when it was picked.
mod unknown;
/// What was too new when it came.
pub mod take_in;
/// A unit leaves its order by a manager's word.
mod take_out;
/// A breach is settled.
pub mod resolve;

/// What a decision must know besides the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Who acts.
    pub actor: ActorId,
    /// On which device.
    pub device: DeviceId,
    /// The day in the shop's zone.
    pub today: Day,
    /// The server answered a moment ago, and the view is its latest word.
    pub connected: bool,
    /// What the server last said of the person still covers decisions over what others did.
    pub may_decide: bool,
}

impl Situation {
    /// Refuses a person whose role does not include a right.
    ///
    /// # Errors
    /// When the person is unknown, no longer active, or of another role.
    pub fn require(&self, ledger: &Ledger, right: Right) -> Result<(), Refusal> {
        let allowed = |actor: &Actor| actor.active && actor.role.may(right);
        if ledger.actors.get(&self.actor).is_some_and(allowed) {
            Ok(())
        } else {
            Err(Refusal::because(Reason::NotYourRole))
        }
    }

    /// The order somebody acts for. Refuses as [`Situation::require`] does.
    ///
    /// # Errors
    /// As [`Situation::require`], or when nobody knows the order.
    pub(crate) fn require_for<'a>(
        &self,
        ledger: &'a Ledger,
        right: Right,
        order: OrderId,
    ) -> Result<&'a Order, Refusal> {
        self.require(ledger, right)?;
        let order = ledger.orders.get(&order);
        order.ok_or(Refusal::because(Reason::Unknown))
    }

    /// Refuses whoever has no right to a decision over what others did, or has had no word of the server for too long.
    ///
    /// # Errors
    /// As [`Situation::require`], or when the permit is over.
    pub fn require_decision(&self, ledger: &Ledger, right: Right) -> Result<(), Refusal> {
        self.require(ledger, right)?;
        if self.may_decide {
            Ok(())
        } else {
            Err(Refusal::because(Reason::PermitOver))
        }
    }
}

/// Whether a fact that is an act of authority counts: its device is enrolled, and the person may do this. What
/// people do with goods is applied whoever they are, for it has happened; who decides is another matter.
fn has_authority(ledger: &Ledger, fact: &Fact<'_>, right: Right) -> bool {
    let Some(device) = ledger.devices.get(&fact.envelope.device) else {
        return false;
    };
    let actor = ledger.actors.get(&fact.envelope.actor.actor);
    let may = actor.is_some_and(|actor| actor.active && actor.role.may(right));
    device.active && (may || device.is_server)
}

/// Whether devices record such facts. The others are the server's own: a device that could record them could
/// make itself a manager.
#[must_use]
pub fn is_for_devices(body: &Body) -> bool {
    match body {
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ShiftStarted(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::MapDrawn(_)
        | Body::CountObserved(_)
        | Body::StockHeld(_)
        | Body::StockReleased(_)
        | Body::LeaseReturned(_)
        | Body::OrderClaimed(_)
        | Body::LeaseBroken(_)
        | Body::ChangeAcknowledged(_)
        | Body::PackagePicked(_)
        | Body::PickVoided(_)
        | Body::ScanRefused(_)
        | Body::ShortPicked(_)
        | Body::ShortWithdrawn(_)
        | Body::ShortAgreed(_)
        | Body::ToteRead(_)
        | Body::LabelCompared(_)
        | Body::ProcedureKept(_)
        | Body::StepSigned(_)
        | Body::TaskSigned(_)
        | Body::Substituted(_)
        | Body::TicketRead(_)
        | Body::UnitVerified(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::SecondChecked(_)
        | Body::BagReturned(_)
        | Body::MessageSent(_)
        | Body::MessageSeen(_)
        | Body::BagChosen(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_)
        | Body::OrderHandedOff(_)
        | Body::ExceptionRaised(_)
        | Body::ExceptionResolved(_) => true,
        Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::RecountOpened(_)
        | Body::OrderArrived(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::LinesAllocated(_)
        | Body::LeaseGranted(_)
        | Body::LeaseRefilled(_)
        | Body::AlarmRaised(_)
        | Body::EventTakenIn(_) => false,
    }
}

/// A fact with what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// The envelope.
    pub envelope: &'a Envelope,
    /// The typed body.
    pub body: &'a Body,
    /// Its place in the store's log; 0 while the server has not recorded it.
    pub position: Position,
}

/// Moves the ledger on by one fact. Never fails: what cannot be applied changes nothing.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>) {
    match fact.body {
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::ScanRefused(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::ExceptionRaised(_) => {}
        Body::ShiftStarted(done) => shift::evolve(ledger, fact, done),
        Body::StoreConfigured(done) => set_up::configured(ledger, done),
        Body::ActorAdded(done) => set_up::actor_added(ledger, done),
        Body::DeviceEnrolled(done) => set_up::device_enrolled(ledger, done),
        Body::MapDrawn(done) => draw_map::evolve(ledger, fact, done),
        Body::StockImported(done) => receive::imported(ledger, done),
        Body::LabResultsRecorded(done) => receive::lab_recorded(ledger, done),
        Body::CountObserved(done) => count::evolve(ledger, done),
        Body::RecountOpened(done) => recount::evolve(ledger, done),
        Body::StockHeld(done) => hold::held(ledger, fact, done),
        Body::StockReleased(done) => hold::released(ledger, fact, done),
        Body::OrderArrived(done) => arrive::arrived(ledger, done),
        Body::OrderChanged(done) => arrive::changed(ledger, done),
        Body::OrderCancelled(done) => arrive::cancelled(ledger, done),
        Body::ChangeAcknowledged(done) => acknowledge::evolve(ledger, fact, done),
        Body::LinesAllocated(done) => allocate::evolve(ledger, done),
        Body::LeaseGranted(done) => claim::granted(ledger, done),
        Body::LeaseReturned(done) => claim::returned(ledger, fact, done),
        Body::OrderClaimed(done) => claim::claimed(ledger, fact, done),
        Body::LeaseBroken(done) => break_lease::evolve(ledger, fact, done),
        Body::LeaseRefilled(done) => escrow::refilled(ledger, done),
        Body::PackagePicked(done) => pick::picked(ledger, fact, done),
        Body::PickVoided(done) => pick::voided(ledger, done),
        Body::ShortPicked(done) => short::evolve(ledger, fact, done),
        Body::ShortWithdrawn(done) => found::evolve(ledger, done),
        Body::ShortAgreed(done) => agree::evolve(ledger, done),
        Body::ToteRead(done) => tote::evolve(ledger, done),
        Body::ProcedureKept(done) => sop::kept(ledger, fact, done),
        Body::StepSigned(done) => sop::signed(ledger, fact, done),
        Body::TaskSigned(done) => sop::task_signed(ledger, fact, done),
        Body::Substituted(done) => swap::evolve(ledger, done),
        Body::LabelCompared(done) => compare::evolve(ledger, fact, done),
        Body::TicketRead(done) => verify::ticket_read(ledger, fact, done),
        Body::UnitVerified(done) => verify::unit_verified(ledger, fact, done),
        Body::LabelPrinted(done) => label::printed(ledger, done),
        Body::LabelReadBack(done) => label::read_back(ledger, done),
        Body::BagChosen(done) => wrap::evolve(ledger, done),
        Body::SecondChecked(done) => second::evolve(ledger, fact, done),
        Body::BagSealed(done) => seal::evolve(ledger, fact, done),
        Body::BagStaged(done) => stage::evolve(ledger, fact, done),
        Body::MessageSent(done) => tell::sent(ledger, fact, done),
        Body::MessageSeen(done) => tell::seen(ledger, fact, done),
        Body::BagReturned(done) => return_to_vault::evolve(ledger, fact, done),
        Body::OrderHandedOff(done) => hand_off::evolve(ledger, fact, done),
        Body::ExceptionResolved(done) => resolve::evolve(ledger, fact, done),
        Body::AlarmRaised(done) => alarm::evolve(ledger, fact, done),
        Body::EventTakenIn(done) => take_in::evolve(ledger, fact, done),
    }
}

/// Records a fact at its place in the log: finds what rules it broke, moves the ledger on, and opens an
/// exception for each breach. Returns the exceptions' numbers.
pub fn admit(ledger: &mut Ledger, fact: &Fact<'_>) -> Vec<u64> {
    let found = exception::find(ledger, fact);
    evolve(ledger, fact);
    exception::open(ledger, fact, found)
}
