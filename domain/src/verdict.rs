//! The answer to a command before the act: go on, or stop and why.
//!
//! In: nothing. Out: values with the facts a screen needs to explain itself. Must not: hold words for
//! people; the interface has them in every language.

use minicbor::{Decode, Encode};

use crate::custody::wrap::Unfit;
use crate::event::Body;
use crate::facility::{LocationCode, SlotCode};
use crate::id::{ActorId, OrderId, PackageTag};
use crate::limits::Finding;

/// What a decision came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Allowed; this is the fact to record.
    Accepted(Body),
    /// Not allowed, before anything happened.
    Refused(Refusal),
}

/// Why a command was refused. The number is part of recorded events and never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    /// Another package of the right product.
    #[n(0)]
    WrongBatch,
    /// Another product.
    #[n(1)]
    WrongProduct,
    /// This very unit was scanned before.
    #[n(2)]
    AlreadyScanned,
    /// The package is on hold or recalled.
    #[n(3)]
    OnHold,
    /// The package is past its last day.
    #[n(4)]
    Expired,
    /// Nothing on this order comes from this package.
    #[n(5)]
    NotOnThisOrder,
    /// The line has all its units.
    #[n(6)]
    LineComplete,
    /// No package with this tag is in stock.
    #[n(7)]
    TagNotKnown,
    /// A maker's code proves the product, never the batch.
    #[n(8)]
    ProductCodeOnly,
    /// Not a code this step can use.
    #[n(9)]
    NotACode,
    /// The ticket is of an earlier version of the order.
    #[n(10)]
    OldTicket,
    /// The ticket or label of another order.
    #[n(11)]
    OtherOrder,
    /// The label does not say what is in the bag.
    #[n(12)]
    WrongLabel,
    /// The slot is for another channel, or unknown.
    #[n(13)]
    WrongSlot,
    /// Another bag is in the slot.
    #[n(14)]
    SlotFull,
    /// A step before this one is missing.
    #[n(15)]
    NotYet,
    /// Somebody else has the order.
    #[n(16)]
    SomebodyElses,
    /// The person's role does not include this.
    #[n(17)]
    NotYourRole,
    /// The order was cancelled.
    #[n(18)]
    OrderCancelled,
    /// Something on the order waits for a manager.
    #[n(19)]
    WaitsForManager,
    /// This step needs the server's latest word.
    #[n(20)]
    NeedsServer,
    /// The package has no passed laboratory test.
    #[n(21)]
    NotTested,
    /// Another shelf than the one to go to.
    #[n(22)]
    WrongLocation,
    /// Nothing of this kind is known.
    #[n(23)]
    Unknown,
    /// The customer is too young on this day.
    #[n(24)]
    UnderAge,
    /// The customer's identity document is past its last day.
    #[n(25)]
    IdExpired,
    /// Nobody has made sure that the identity document is the customer's and still good.
    #[n(26)]
    IdUnclear,
    /// The act it is about is this person's own: somebody else settles it.
    #[n(27)]
    OwnAct,
    /// The device has been without the server for too long to decide this.
    #[n(28)]
    PermitOver,
    /// More than one person may buy.
    #[n(29)]
    OverLimit,
    /// Nobody has made sure that it is within what one person may buy.
    #[n(30)]
    LimitUnclear,
    /// A code that is understood, and of no use at this step.
    #[n(31)]
    ForAnotherStep,
    /// This package was reported missing for the order, and is here.
    #[n(32)]
    FoundAfterAll,
    /// The tote is not the one these units go into.
    #[n(40)]
    WrongTote,
    /// The tote carries another order.
    #[n(41)]
    ToteTaken,
    /// What was picked last has to be put into its tote, and the tote scanned.
    #[n(42)]
    ToteFirst,
    /// The order needs a tote before anything is picked for it on this walk.
    #[n(43)]
    NoToteYet,
    /// The certificate has no figure to compare with.
    #[n(44)]
    NoCertificate,
    /// By the shop's rule this product stands in for nothing here.
    #[n(45)]
    NoSwap,
    /// A step of the shop's procedure is still to be done.
    #[n(46)]
    StepsOpen,
    /// Another person has to look at it first.
    #[n(60)]
    SecondPersonNeeded,
    /// Goods may not leave in a bag of this kind, or nobody knows of which kind it is.
    #[n(61)]
    BagNotFit,
    /// Nobody has scanned the bag yet.
    #[n(62)]
    BagMissing,
    /// A line of the order has fewer units in the tote than are due.
    #[n(63)]
    LineMissing,
    /// A line of the order has more units in the tote than were ordered, or nobody ordered what lies there.
    #[n(64)]
    LineTooMany,
    /// The customer has not signed for the bag, and the state wants it.
    #[n(65)]
    SignatureNeeded,
    /// What the customer drew cannot be sealed here, so that it is not kept.
    #[n(50)]
    SignatureNotKept,
    /// Nobody has looked at the patient's card yet.
    #[n(51)]
    PatientCardNeeded,
}

/// A refusal and the facts behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The tag that was scanned, when there was one.
    pub scanned: Option<PackageTag>,
    /// The tag to take instead.
    pub expected: Option<PackageTag>,
    /// Where that is.
    pub location: Option<LocationCode>,
    /// The slot to use; boxed, as what follows, for a refusal is handed on by value.
    pub slot: Option<Box<SlotCode>>,
    /// Who has the order.
    pub holder: Option<ActorId>,
    /// The order that waits.
    pub order: Option<Box<OrderId>>,
    /// The limit it is over, and by how much.
    pub limit: Option<Box<Finding>>,
    /// The number of the tote to use.
    pub tote: Option<u8>,
    /// What was scanned in place of the right paper or bag.
    pub instead: Option<Box<Instead>>,
}

/// Paper or a bag that is not the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The ticket or label of an order.
    PaperOf(OrderId),
    /// A bag, and why it does not do.
    Bag(Unfit),
}

impl Refusal {
    /// A refusal with nothing more to say.
    #[must_use]
    pub fn because(reason: Reason) -> Self {
        Self {
            reason,
            scanned: None,
            expected: None,
            location: None,
            slot: None,
            holder: None,
            order: None,
            limit: None,
            tote: None,
            instead: None,
        }
    }

    /// The same, with the shelf that the way out of it leads to.
    #[must_use]
    pub fn at(self, shelf: Option<&LocationCode>) -> Self {
        Self {
            location: shelf.cloned(),
            ..self
        }
    }
}

impl From<Reason> for Verdict {
    fn from(reason: Reason) -> Self {
        Self::Refused(Refusal::because(reason))
    }
}
