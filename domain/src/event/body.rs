//! The kinds of event: one number, one version and one body each.
//!
//! In: body bytes and the kind that stands beside them. Out: a typed fact, or why it cannot be read.
//! Must not: change a released number or version; a new meaning is a new version.

use crate::audit::checkpoint::Rewritten;
use crate::custody::acknowledge::ChangeAcknowledged;
use crate::custody::agree::ShortAgreed;
use crate::custody::alarm::AlarmRaised;
use crate::custody::allocate::LinesAllocated;
use crate::custody::arrive::{OrderArrived, OrderCancelled, OrderChanged};
use crate::custody::break_lease::LeaseBroken;
use crate::custody::claim::{LeaseGranted, LeaseReturned, OrderClaimed};
use crate::custody::compare::LabelCompared;
use crate::custody::count::CountObserved;
use crate::custody::draw_map::MapDrawn;
use crate::custody::escrow::LeaseRefilled;
use crate::custody::found::ShortWithdrawn;
use crate::custody::hand_off::OrderHandedOff;
use crate::custody::health::{ClockObserved, StorageAlarm};
use crate::custody::hold::{StockHeld, StockReleased};
use crate::custody::label::{LabelPrinted, LabelReadBack};
use crate::custody::passkeys::PasskeysChanged;
use crate::custody::pick::{PackagePicked, PickVoided, ScanRefused};
use crate::custody::raise::ExceptionRaised;
use crate::custody::receive::{LabResultsRecorded, StockImported};
use crate::custody::recount::RecountOpened;
use crate::custody::resolve::ExceptionResolved;
use crate::custody::return_to_vault::BagReturned;
use crate::custody::seal::BagSealed;
use crate::custody::second::SecondChecked;
use crate::custody::secrets::SecretChanged;
use crate::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use crate::custody::shift::ShiftStarted;
use crate::custody::short::ShortPicked;
use crate::custody::sign_in::{ActorSignedIn, ActorSignedOut, EpochOpened};
use crate::custody::sop::{ProcedureKept, StepSigned, TaskSigned};
use crate::custody::stage::BagStaged;
use crate::custody::swap::Substituted;
use crate::custody::take_in::EventTakenIn;
use crate::custody::tell::{MessageSeen, MessageSent};
use crate::custody::tokens::TokenChanged;
use crate::custody::tote::ToteRead;
use crate::custody::verify::{TicketRead, UnitVerified};
use crate::custody::wiped::DeviceWiped;
use crate::custody::wrap::BagChosen;
use crate::event::{KindVersion, decode, encode};

/// Why bytes are no event. Such bytes are kept whole in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than any event may be.
    TooLarge,
    /// Not the CBOR expected.
    Malformed,
    /// A kind or version newer than this program.
    UnknownKind,
}

/// How a fact lies in a body: as it is, or boxed where it is large, for most facts are small.
macro_rules! held {
    ($kind:ident) => {
        $kind
    };
    ($kind:ident $held:ty) => {
        $held
    };
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $(as $held:ty)? = $number:literal;)*) => {
        /// Name of a kind of event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        /// A typed fact.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Body {
            $($(#[$doc])* $kind(held!($kind $($held)?)),)*
        }

        impl Kind {
            /// All kinds, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// Its number in events.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Self::$kind => $number,)* }
            }

            /// The kind with a number.
            #[must_use]
            pub fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$kind),)* _ => None }
            }
        }

        impl Body {
            /// The kind of the fact.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind,)* }
            }

            /// The fact's bytes, as they go into the envelope.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                match self { $(Self::$kind(fact) => encode(fact),)* }
            }

            /// Reads a fact.
            ///
            /// # Errors
            /// When the kind or its version is not known, or the bytes are not of that kind.
            pub fn parse(kind: KindVersion, bytes: &[u8]) -> Result<Self, Unreadable> {
                let named = Kind::from_number(kind.kind).ok_or(Unreadable::UnknownKind)?;
                if kind.version != 1 {
                    return Err(Unreadable::UnknownKind);
                }
                match named {
                    $(Kind::$kind => decode(bytes).map(Self::$kind),)*
                }
            }
        }

        $(impl From<$kind> for Body {
            fn from(fact: $kind) -> Self {
                Self::$kind(fact.into())
            }
        })*
    };
}

kinds! {
    /// A writer started on a device.
    EpochOpened = 1;
    /// A person began to act on a device.
    ActorSignedIn = 2;
    /// That person stopped.
    ActorSignedOut = 3;
    /// A person began a shift.
    ShiftStarted = 4;
    /// A device compared its clock with the server's.
    ClockObserved = 5;
    /// A device's storage is in trouble.
    StorageAlarm = 6;
    /// A device found that the log's history was changed.
    Rewritten = 7;
    /// The shop, its shelves and its slots were set up.
    StoreConfigured as Box<StoreConfigured> = 10;
    /// A person was added or changed.
    ActorAdded = 11;
    /// A device was enrolled or changed.
    DeviceEnrolled = 12;
    /// The vault was drawn.
    MapDrawn = 13;
    /// A manager's passkeys changed.
    PasskeysChanged = 14;
    /// A secret of an outside system was kept, replaced or forgotten.
    SecretChanged = 15;
    /// A token or a code by which somebody proves itself to the shop was made or withdrawn.
    TokenChanged = 16;
    /// A revoked device has forgotten what it held of the shop.
    DeviceWiped = 17;
    /// Packages, their products and shelves came in from a file of the state system.
    StockImported = 20;
    /// Potencies and dates came in from a laboratory file.
    LabResultsRecorded = 21;
    /// A shelf was counted.
    CountObserved = 22;
    /// What a device may have taken unseen has to be counted.
    RecountOpened = 23;
    /// Goods were held or recalled.
    StockHeld = 24;
    /// Held goods were let go.
    StockReleased = 25;
    /// A procedure was changed.
    ProcedureKept = 26;
    /// A step of a procedure was done for an order.
    StepSigned = 27;
    /// A step of a procedure was done, of a task that is neither picking nor packing.
    TaskSigned = 28;
    /// An order came in.
    OrderArrived = 30;
    /// An order was changed upstream.
    OrderChanged = 31;
    /// An order was cancelled upstream.
    OrderCancelled = 32;
    /// Exact packages were promised to an order's lines.
    LinesAllocated = 33;
    /// Somebody looked at what was changed or cancelled upstream.
    ChangeAcknowledged = 34;
    /// The server gave a device the right to work some orders.
    LeaseGranted = 40;
    /// That right was given back.
    LeaseReturned = 41;
    /// A person took an order.
    OrderClaimed = 42;
    /// A manager took an order away from a device.
    LeaseBroken = 43;
    /// The server gave a lease more to take from.
    LeaseRefilled = 44;
    /// A unit went from its shelf into the tote.
    PackagePicked = 50;
    /// A pick was undone.
    PickVoided = 51;
    /// A scan was refused.
    ScanRefused = 52;
    /// Fewer units were found than promised.
    ShortPicked = 53;
    /// The customer takes the order without what cannot be had.
    ShortAgreed = 54;
    /// An order's tote was read on a walk.
    ToteRead = 55;
    /// A label was compared with its batch's certificate.
    LabelCompared = 56;
    /// The customer takes another product for what cannot be had.
    Substituted = 57;
    /// What was reported missing is there after all.
    ShortWithdrawn = 58;
    /// The order's ticket was read at the pack station.
    TicketRead = 60;
    /// A unit was scanned again at the pack station.
    UnitVerified = 61;
    /// An exit label was printed.
    LabelPrinted = 70;
    /// The label on the bag was read back.
    LabelReadBack = 71;
    /// The bag was closed.
    BagSealed = 72;
    /// A second person looked at the bag.
    SecondChecked = 73;
    /// A bag nobody came for went back to the vault.
    BagReturned = 74;
    /// Somebody said a word about an order.
    MessageSent = 75;
    /// Somebody sees to what was said.
    MessageSeen = 76;
    /// A bag of a kind was scanned for an order.
    BagChosen = 77;
    /// The bag was put into a slot.
    BagStaged = 80;
    /// The bag was given to its customer.
    OrderHandedOff = 90;
    /// Somebody reported what is not as it should be.
    ExceptionRaised = 110;
    /// Somebody with the right to it settled an exception.
    ExceptionResolved = 111;
    /// The server found a reason not to trust a chain, a clock or itself.
    AlarmRaised = 112;
    /// An event takes effect now that could not when it came.
    EventTakenIn = 115;
}

impl Body {
    /// Kind and version as the envelope carries them.
    #[must_use]
    pub fn kind_version(&self) -> KindVersion {
        KindVersion {
            kind: self.kind().number(),
            version: 1,
        }
    }
}
