//! A customer's order, from arrival to the customer's hand.
//!
//! In: facts from events. Out: what is left to do, in words and numbers. Must not: know the customer.

use minicbor::{Decode, Encode};

use crate::code::Grade;
use crate::custody::second::Bench;
use crate::custody::short::Missed;
use crate::custody::sop::Signed;
use crate::custody::tell::Message;
use crate::custody::tote::Tote;
use crate::event::{Sealed, words_that_grow};
use crate::facility::{LocationCode, SlotCode};
use crate::id::{ActorId, DeviceId, EventId, Hash, ItemId, LeaseId, OrderId, PackageTag};
use crate::label::Language;
use crate::limits::Program;
use crate::time::{Day, Millis};

/// How the order reaches its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// The customer comes to the counter.
    #[n(0)]
    Pickup,
    /// The customer waits in a car.
    #[n(1)]
    Curbside,
    /// A driver brings it.
    #[n(2)]
    Delivery,
    /// Ordered in the shop.
    #[n(3)]
    InStore,
}

/// Where an order stands. The words on screen are fixed in the interface's message table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Status {
    /// Arrived; packages not yet allocated.
    #[n(0)]
    New,
    /// Every line has its packages.
    #[n(1)]
    Ready,
    /// Somebody took it.
    #[n(2)]
    Claimed,
    /// At least one unit is in the tote.
    #[n(3)]
    Picking,
    /// Every unit is in the tote.
    #[n(4)]
    Picked,
    /// At least one unit or the ticket was checked again.
    #[n(5)]
    Verifying,
    /// Order, ticket and goods agree.
    #[n(6)]
    Verified,
    /// An exit label was printed.
    #[n(7)]
    Labelled,
    /// The bag is closed.
    #[n(8)]
    Sealed,
    /// The bag is in a staging slot.
    #[n(9)]
    Staged,
    /// With a driver.
    #[n(10)]
    Out,
    /// Given to its customer.
    #[n(11)]
    HandedOver,
    /// Back in the vault.
    #[n(12)]
    Returned,
    /// Nobody can fill a line from sellable stock.
    #[n(13)]
    Short,
    /// Needs a person's decision.
    #[n(14)]
    Problem,
    /// Cancelled by the customer or the point of sale.
    #[n(15)]
    Cancelled,
}

impl Status {
    /// Whether work on it is over.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::HandedOver | Self::Returned | Self::Cancelled)
    }
}

/// Units of one exact package promised to a line.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Allocation {
    /// The package.
    #[n(0)]
    pub tag: PackageTag,
    /// Units of it.
    #[n(1)]
    pub units: u32,
    /// Units of it a picker could not find; a package that was searched in vain is not offered to the line again.
    #[n(2)]
    pub missing: Option<u32>,
    /// Who said so last, and why; `None`: nobody did, or it was said before this was kept.
    #[n(3)]
    pub missed: Option<Missed>,
    /// Who said so before, the oldest first.
    #[n(4)]
    pub earlier: Option<Vec<Missed>>,
}

impl Allocation {
    /// Units of a package that nobody has looked for yet.
    #[must_use]
    pub fn of(tag: PackageTag, units: u32) -> Self {
        Self {
            tag,
            units,
            missing: None,
            missed: None,
            earlier: None,
        }
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Line {
    /// Number on the order, from 1.
    #[n(0)]
    pub number: u16,
    /// The product.
    #[n(1)]
    pub item: ItemId,
    /// Units ordered.
    #[n(2)]
    pub units: u32,
    /// Price of one unit in cents.
    #[n(3)]
    pub unit_price_cents: i64,
    /// Which packages it is filled from.
    #[n(4)]
    pub allocations: Vec<Allocation>,
    /// Units a picker reported missing.
    #[n(5)]
    pub short: u32,
    /// The line it stands in for, because the customer said so; `None`: it was ordered.
    #[n(6)]
    pub instead_of: Option<u16>,
    /// Of the units reported missing, those that the customer does without; `None`: nobody has asked. Nothing is looked for
    /// in their place.
    #[n(7)]
    pub done_without: Option<u32>,
}

impl Line {
    /// Units that nobody has found a package for, and that the customer still wants.
    #[must_use]
    pub fn lacking(&self) -> u32 {
        self.unallocated()
            .saturating_sub(self.done_without.unwrap_or(0))
    }

    /// Of what a picker reported missing, what the customer still wants.
    #[must_use]
    pub fn missed(&self) -> u32 {
        self.short.saturating_sub(self.done_without.unwrap_or(0))
    }

    /// What is promised now is not missing any more.
    pub(crate) fn found(&mut self) {
        self.short = self.short.min(self.unallocated());
        let without = self.done_without.map(|units| units.min(self.short));
        self.done_without = without.filter(|units| *units > 0);
    }

    /// Units no package is allocated to.
    #[must_use]
    pub fn unallocated(&self) -> u32 {
        let units = self.allocations.iter().map(|allocation| allocation.units);
        self.units
            .saturating_sub(units.fold(0, u32::saturating_add))
    }

    /// Whether a picker looked for a package in vain.
    #[must_use]
    pub fn was_searched_for(&self, tag: &PackageTag) -> bool {
        let in_vain =
            |allocation: &Allocation| allocation.tag == *tag && allocation.missing.is_some();
        self.allocations.iter().any(in_vain)
    }
}

/// One unit in the tote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pick {
    /// The event that recorded it, by which it can be undone.
    #[n(0)]
    pub event: EventId,
    /// The line it fills.
    #[n(1)]
    pub line: u16,
    /// The package it came from.
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
    /// Scanned again at the pack station.
    #[n(6)]
    pub verified: bool,
}

/// Who works on an order, and by what right.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Claim {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The lease, when the server granted one.
    #[n(2)]
    pub lease: Option<LeaseId>,
    /// Rises with every grant on this order; a later one makes earlier ones void.
    #[n(3)]
    pub fence: u64,
}

/// The exit label as it was last printed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrintedLabel {
    /// The code on it.
    #[n(0)]
    pub code: String,
    /// Hash of everything on it.
    #[n(1)]
    pub content: Hash,
    /// How often it was printed.
    #[n(2)]
    pub copies: u32,
    /// Scanned back from the bag.
    #[n(3)]
    pub read_back: bool,
    /// The language of its captions; `None` from an app whose labels had English ones, and whose codes knew goods alone.
    #[n(4)]
    pub language: Option<Language>,
}

/// Something on an order that a person must look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// The order was changed upstream after picking began.
    ChangedUpstream,
    /// Cancelled upstream although goods had left the shelf.
    CancelledAfterPick,
    /// A picker could not find enough.
    Missing,
    /// What was ordered is more than one person may buy.
    OverLimit,
    /// Something this program does not know yet. Holds the order.
    Newer(u32),
}

words_that_grow! {
    Concern:
    ChangedUpstream = 0
    CancelledAfterPick = 1
    Missing = 2
    OverLimit = 3
}

/// An order and all that was done for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    /// Custody's identifier.
    #[n(0)]
    pub id: OrderId,
    /// The system it came from.
    #[n(1)]
    pub source: String,
    /// That system's identifier.
    #[n(2)]
    pub external_id: String,
    /// The short code people say, such as `K7-482`.
    #[n(3)]
    pub code: String,
    /// How it reaches its customer.
    #[n(4)]
    pub channel: Channel,
    /// When the customer placed it.
    #[n(5)]
    pub placed_at: Millis,
    /// Start of the promised window.
    #[n(6)]
    pub promise_start: Millis,
    /// End of the promised window: when it is due.
    #[n(7)]
    pub promise_end: Millis,
    /// Starts at 1 and rises with every change upstream.
    #[n(8)]
    pub version: u32,
    /// Where it stands.
    #[n(9)]
    pub status: Status,
    /// What was ordered.
    #[n(10)]
    pub lines: Vec<Line>,
    /// Who works on it.
    #[n(11)]
    pub claim: Option<Claim>,
    /// What is in the tote or the bag.
    #[n(12)]
    pub picks: Vec<Pick>,
    /// The ticket was scanned, and agreed.
    #[n(13)]
    pub ticket_read: bool,
    /// Its exit label.
    #[n(14)]
    pub label: Option<PrintedLabel>,
    /// The slot its bag is in.
    #[n(15)]
    pub slot: Option<SlotCode>,
    /// What a person must look at.
    #[n(16)]
    pub concerns: Vec<Concern>,
    /// Fence of the latest claim.
    #[n(17)]
    pub fence: u64,
    /// For whom, as far as purchase limits ask.
    #[n(18)]
    pub buyer: Option<Buyer>,
    /// The day it was handed over, in the shop's zone, where the shop has purchase limits.
    #[n(19)]
    pub handed_on: Option<Day>,
    /// The tote its units lie in, on a walk of several orders; `None`: nobody bound one.
    #[n(20)]
    pub tote: Option<Tote>,
    /// Steps of procedures that were signed off for it; `None`: none was.
    #[n(21)]
    pub signed: Option<Vec<Signed>>,
    /// What happened to it on the bench, where the shop's rules ask for it.
    #[n(40)]
    pub bench: Option<Box<Bench>>,
    /// What people said about it to each other, the oldest first; `None`: nothing.
    #[n(41)]
    pub messages: Option<Vec<Message>>,
    /// The car its customer waits in, sealed under the key of the customer; `None`: nobody has said, or they have left.
    #[n(44)]
    pub car: Option<Sealed>,
}

/// Who buys, as far as purchase limits ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Buyer {
    /// By which right, when the order says so.
    #[n(0)]
    pub program: Option<Program>,
    /// Stands for one person in this shop, under a key that only its server has: nobody reads a name from it. `None` where
    /// the state limits single sales only, or too little is known to tell people apart.
    #[n(1)]
    pub who: Option<Hash>,
}

impl Order {
    /// Units to bring: ordered, less what a picker reported missing.
    #[must_use]
    pub fn units_due(&self) -> u32 {
        self.lines
            .iter()
            .map(|line| line.units.saturating_sub(line.short))
            .fold(0, u32::saturating_add)
    }

    /// Units in the tote or bag.
    #[must_use]
    pub fn units_picked(&self) -> u32 {
        count(self.picks.len())
    }

    /// Units scanned again at the pack station.
    #[must_use]
    pub fn units_verified(&self) -> u32 {
        count(self.picks.iter().filter(|pick| pick.verified).count())
    }

    /// Units of one line from one package in the tote.
    #[must_use]
    pub fn picked_of(&self, line: u16, tag: &PackageTag) -> u32 {
        let same = |pick: &&Pick| pick.line == line && pick.tag == *tag;
        count(self.picks.iter().filter(same).count())
    }

    /// Units of one line in the tote, from whichever package.
    #[must_use]
    pub fn picked_of_line(&self, line: u16) -> u32 {
        count(self.picks.iter().filter(|pick| pick.line == line).count())
    }

    /// The order's line with a number.
    #[must_use]
    pub fn line(&self, number: u16) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// Each allocation with units still on the shelf: line, tag, units to take. Nothing is fetched for an order
    /// that is over.
    pub fn to_pick(&self) -> impl Iterator<Item = (&Line, &PackageTag, u32)> {
        let lines = if self.status.is_closed() {
            &[]
        } else {
            self.lines.as_slice()
        };
        lines.iter().flat_map(move |line| {
            line.allocations.iter().filter_map(move |allocation| {
                let picked = self.picked_of(line.number, &allocation.tag);
                let left = allocation.units.saturating_sub(picked);
                (left > 0).then_some((line, &allocation.tag, left))
            })
        })
    }

    /// Total price in cents.
    #[must_use]
    pub fn total_cents(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| i64::from(line.units).saturating_mul(line.unit_price_cents))
            .fold(0, i64::saturating_add)
    }

    /// What the order's pick ticket says: changes whenever the lines or the version change.
    #[must_use]
    pub fn ticket_hash(&self) -> Hash {
        let mut content = format!("{}\n{}\n", self.id, self.version);
        for line in &self.lines {
            content.push_str(&format!("{} {} {}\n", line.number, line.item, line.units));
            for allocation in &line.allocations {
                content.push_str(&format!("  {} {}\n", allocation.tag, allocation.units));
            }
        }
        Hash::of(&[b"custody-ticket-1\n", content.as_bytes()])
    }

    /// The code's letters and digits, as its printed codes carry them.
    #[must_use]
    pub fn code_id(&self) -> String {
        self.code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    }

    /// What the ticket's printed code carries: the order's code and six characters of its content's hash.
    #[must_use]
    pub fn ticket_id(&self) -> String {
        format!("{}{}", self.code_id(), short_hash(&self.ticket_hash()))
    }
}

/// Six characters of 0-9A-Z out of a hash: enough to tell one version of a paper from another.
#[must_use]
pub fn short_hash(hash: &Hash) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    hash.0
        .iter()
        .take(6)
        .map(|byte| char::from(DIGITS[usize::from(*byte) % 36]))
        .collect()
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
