//! What devices and server say to each other, as deterministic CBOR.
//!
//! Field numbers never change their meaning; a field this program does not know is skipped.

use minicbor::{Decode, Encode};

use crate::custody::sign_in::ChainEnd;
use crate::event::{Body, Envelope, SignedEvent};
use crate::id::{DeviceId, Epoch, Hash, OrderId, Position, StoreId};
use crate::ledger::EntityKey;
use crate::sync::page::{PageName, PageSum, Sum};
use crate::sync::scope::ScopeHash;
use crate::verdict::Reason;

/// Events in one push at most.
pub const PUSH_EVENTS_MAX: usize = 500;
/// Bytes of events in one push at most.
pub const PUSH_BYTES_MAX: usize = 262_144;
/// Rows in one page of a pull at most.
pub const PULL_ROWS_MAX: usize = 2_000;
/// Pages one pull may ask for whole.
pub const PULL_PAGES_MAX: usize = 64;
/// Shape of the rows this program reads. The server keeps serving older shapes. Within one shape, rows may get more
/// fields, and more words where [`crate::custody::exception::Rule`] and its like have a word for those; any other word
/// is a new shape.
pub const VIEW_SCHEMA: u16 = 1;

/// Which life of the server's log a position belongs to; a restored backup begins a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Incarnation(#[cbor(with = "minicbor::bytes")] pub [u8; 16]);

/// How far a reader has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// The log's life.
    #[n(0)]
    pub incarnation: Incarnation,
    /// Every change up to here has been read.
    #[n(1)]
    pub position: Position,
    /// Shape of the rows.
    #[n(2)]
    pub schema: u16,
    /// Which part of the state the rows are, for a reader that does not have all of it.
    #[n(3)]
    pub scope: Option<ScopeHash>,
}

/// Device to server: what it wants to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullAsk {
    /// How far it has read.
    pub cursor: Cursor,
    /// Pages it wants whole beside what changed, at most [`PULL_PAGES_MAX`].
    pub whole: Vec<PageName>,
    /// It can begin with a snapshot, should the view be large.
    pub snapshots: bool,
    /// In the midst of a view that begins anew: the moment of its first page.
    pub began: Option<Position>,
}

/// What a device asks that wants nothing but what is new.
impl From<Cursor> for PullAsk {
    fn from(cursor: Cursor) -> Self {
        Self {
            cursor,
            whole: Vec::new(),
            snapshots: true,
            began: None,
        }
    }
}

/// Some consecutive events of one chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChainPart {
    /// The device that signed them; another may carry them.
    #[n(0)]
    pub device: DeviceId,
    /// The chain.
    #[n(1)]
    pub epoch: Epoch,
    /// Sequence number of the first.
    #[n(2)]
    pub from: u64,
    /// The events.
    #[n(3)]
    pub events: Vec<SignedEvent>,
    /// What the server lacks of the chain before this one is no longer on the device.
    #[n(4)]
    pub lost: Option<bool>,
    /// The server's next number, when it and those after it up to `from` are no longer on the device. Only the device
    /// that signs the chain may say so.
    #[n(8)]
    pub gone: Option<u64>,
    /// The end of the chain before, with the first event: a server that is too old to read in it which that was.
    #[n(9)]
    pub after: Option<ChainEnd>,
}

impl ChainPart {
    /// The part as its carrier may bring it: that something is gone is nobody's to say but its own device's.
    #[must_use]
    pub fn carried_by(self, carrier: Option<DeviceId>) -> Self {
        let is_own = carrier == Some(self.device);
        let gone = self.gone.filter(|_| is_own);
        Self { gone, ..self }
    }

    /// The part, with the end of the chain before when its first event opens a chain.
    #[must_use]
    pub fn with_what_came_before(self) -> Self {
        let first = self.events.first().filter(|_| self.from == 0);
        let after = first.and_then(|event| {
            let envelope = Envelope::parse(&event.bytes).ok()?;
            match Body::parse(envelope.kind, &envelope.body) {
                Ok(Body::EpochOpened(opened)) => opened.before,
                _ => None,
            }
        });
        Self { after, ..self }
    }
}

/// A chain that is not complete at the server although the device went on after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lack {
    /// The chain.
    #[n(0)]
    pub epoch: Epoch,
    /// The first number the server does not have.
    #[n(1)]
    pub from: u64,
}

/// Device to server: facts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Push {
    /// Parts of chains, older chains first.
    #[n(0)]
    pub chains: Vec<ChainPart>,
    /// How far the device has read.
    #[n(1)]
    pub cursor: Cursor,
    /// Build of the app.
    #[n(2)]
    pub build: String,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Recorded and applied.
    #[n(0)]
    Applied,
    /// Recorded and applied; these exceptions wait for a manager.
    #[n(1)]
    AppliedWithExceptions(#[n(0)] Vec<u64>),
    /// Kept whole, but not applied: it could not be read or trusted.
    #[n(2)]
    Quarantined(#[n(0)] QuarantineReason),
}

/// Why an event was kept aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum QuarantineReason {
    /// Not an envelope, or a body that is not of its kind.
    #[n(0)]
    Unreadable,
    /// Of a kind or version newer than the server.
    #[n(1)]
    UnknownKind,
    /// The signature is not the device's.
    #[n(2)]
    BadSignature,
    /// It does not follow the event before it.
    #[n(3)]
    BrokenChain,
    /// Another event stands at its place already.
    #[n(4)]
    Fork,
    /// Signed for another shop, device or chain than it came under.
    #[n(5)]
    WrongAddress,
    /// The device is not enrolled here.
    #[n(6)]
    UnknownDevice,
    /// Not the device's to say: of a kind that only the server records, for a device that could would make itself a manager;
    /// or the word of somebody who was never there.
    #[n(7)]
    NotTheServers,
}

/// What became of the event with a sequence number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Sequence number in the chain.
    #[n(0)]
    pub seq: u64,
    /// Its place in the store's log.
    #[n(1)]
    pub position: Position,
    /// What became of it. The same event pushed again gets the same answer again.
    #[n(2)]
    pub outcome: Outcome,
    /// Hash of the event, so that the receipt proves what was received.
    #[n(3)]
    pub hash: Hash,
}

/// The answer for one chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChainAnswer {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// The chain.
    #[n(1)]
    pub epoch: Epoch,
    /// The sequence number the server expects next.
    #[n(2)]
    pub next: u64,
    /// Hash of the last event the server has; zeros when it has none.
    #[n(3)]
    pub head: Hash,
    /// One per event that was in the push and is now recorded.
    #[n(4)]
    pub receipts: Vec<Receipt>,
    /// Nothing was taken: this has to come first, or be declared lost.
    #[n(5)]
    pub lacks: Option<Lack>,
}

/// Server to device: what became of the facts. Signed as [`Signed`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushAnswer {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The log's life.
    #[n(1)]
    pub incarnation: Incarnation,
    /// One per chain in the push.
    #[n(2)]
    pub chains: Vec<ChainAnswer>,
    /// The store's newest position.
    #[n(3)]
    pub head: Position,
    /// The server's clock, milliseconds since 1970.
    #[n(4)]
    pub server_wall: i64,
}

/// One entity's latest version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Row {
    /// Which entity.
    #[n(0)]
    pub key: EntityKey,
    /// Position of the change that made it so.
    #[n(1)]
    pub changed: Position,
    /// Its bytes; `None` when it is gone.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bytes: Option<Vec<u8>>,
}

/// What a reader says beside its cursor: how much of the log it has witnessed, and its signature on that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Events under the newest head it has seen; 0 when it has seen none.
    pub size: u64,
    /// Its signature of that head's `Checkpoint::witness_claim`, until it knows that the server has it.
    pub signature: Option<Vec<u8>>,
}

/// Server to device: state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullAnswer {
    /// The cursor this answers. A device whose cursor is another one drops the answer.
    #[n(0)]
    pub from: Cursor,
    /// The cursor once the rows are kept.
    #[n(1)]
    pub next: Cursor,
    /// There is more behind `next`.
    #[n(2)]
    pub more: bool,
    /// The device's view is of another life or too old: forget it and begin with these rows.
    #[n(3)]
    pub reset: bool,
    /// Rows, oldest change first; those of whole pages behind them.
    #[n(4)]
    pub rows: Vec<Row>,
    /// The server's clock, milliseconds since 1970.
    #[n(5)]
    pub server_wall: i64,
    /// The log's newest signed head, as its sheet; for readers that said what they have seen, at the end of a pull.
    #[n(6)]
    pub head: Option<String>,
    /// What shows that this head goes on from the one the reader has seen; none when the log cannot show it.
    #[n(7)]
    pub proof: Option<Vec<Hash>>,
    /// Where there is no more: the sum of the view the reader should have now, without customers.
    #[n(8)]
    pub sum: Option<Sum>,
    /// Pages that came whole, as asked for, behind what changed: a row of theirs that is not here is gone. None while
    /// there is more.
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub whole: Vec<PageName>,
    /// In the midst of a view that begins anew: the moment of its first page, to be said with the next pull.
    #[n(10)]
    pub began: Option<Position>,
}

/// Server to device: the sum of every page of the view, without customers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SumsAnswer {
    /// The moment they are of.
    #[n(0)]
    pub at: Cursor,
    /// Pages that have rows.
    #[n(1)]
    pub pages: Vec<PageSum>,
}

/// Bytes and the server's signature over their hash.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signed {
    /// The message.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// Ed25519 signature of [`Signed::hash`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

impl Signed {
    /// What the server signs.
    #[must_use]
    pub fn hash(&self) -> Hash {
        receipt_hash(&self.bytes)
    }
}

/// The hash of a signed answer's bytes.
#[must_use]
pub fn receipt_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[b"custody-receipt-1\n", bytes])
}

/// Device to server: orders a person wants to work on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClaimAsk {
    /// The person.
    #[n(0)]
    pub actor: crate::id::ActorId,
    /// The orders.
    #[n(1)]
    pub orders: Vec<OrderId>,
    /// The driver's phone they are for. It cannot ask for itself: whoever loads it does.
    #[n(2)]
    pub device: Option<DeviceId>,
}

/// An order that could not be claimed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClaimRefused {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Why.
    #[n(1)]
    pub reason: Reason,
    /// Who has it.
    #[n(2)]
    pub holder: Option<crate::id::ActorId>,
}

/// Server to device: what was granted. The lease itself comes with the next pull.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClaimAnswer {
    /// Orders under the new lease.
    #[n(0)]
    pub granted: Vec<OrderId>,
    /// The rest.
    #[n(1)]
    pub refused: Vec<ClaimRefused>,
    /// Pull up to here to have the lease.
    #[n(2)]
    pub position: Position,
}

/// One event of a chain of custody as an auditor gets it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Recorded {
    /// Place in the store's log.
    #[n(0)]
    pub position: Position,
    /// When the server recorded it, by its clock.
    #[n(1)]
    pub recorded_at: i64,
    /// The event.
    #[n(2)]
    pub event: SignedEvent,
    /// What became of it.
    #[n(3)]
    pub outcome: Outcome,
    /// About the order asked for; the others are links of the chains in between.
    #[n(4)]
    pub subject: bool,
}

/// Everything recorded about an order, with the links that prove nothing was left out between.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderChain {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Events, by position.
    #[n(1)]
    pub events: Vec<Recorded>,
}
